/* What the wrapper adds on Windows: UTF-16, beside the system's own header, which may come before or after. */

#if defined(WINDOWS_FIRST)
#include <windows.h>
#endif

#include "check.hpp"

#if !defined(WINDOWS_FIRST)
#include <windows.h>
#endif

/* The same three names in the two encodings; the last one has a character beyond 16 bits. */
static const char *const narrow[] = {"Žofie Nováková-Müller", "שרה בן־דוד", "山田 𠮷"};
static const wchar_t *const wide[] = {L"Žofie Nováková-Müller", L"שרה בן־דוד", L"山田 𠮷"};

int main() {
    itero::Config config;
    for (int i = 0; i < 3; i++) {
        SAME(itero::to_utf8(wide[i]), narrow[i]);
        CHECK(itero::to_wide(narrow[i]) == wide[i]);
        SAME(std::string(itero::Text(wide[i]).c_str()), narrow[i]);
        SAME(std::string(itero::Text(std::wstring(wide[i])).c_str()), narrow[i]);
        config.set_state_folder(std::wstring(L"C:\\Praxis\\") + wide[i]);
    }
    CHECK(itero::to_wide("").empty() && itero::to_utf8(L"").empty());
    CHECK(itero::Text(static_cast<const wchar_t *>(nullptr)).c_str() == nullptr);
    SAME(std::string(itero::Text(L"").c_str()), "");

    const wchar_t half[] = {0xd842, L'x', 0};
    SAME(itero::to_utf8(half), "\xef\xbf\xbdx");
    FAILS(config.set_proxy(half), ITERO_E_TEXT);
    FAILS(config.set_proxy(std::wstring(half, 1)), ITERO_E_TEXT);
    FAILS(config.set_proxy(std::wstring(L"http://a\0b", 10)), ITERO_E_TEXT);
    config.set_proxy(L"none");

    wchar_t folder[MAX_PATH];
    CHECK(GetTempPathW(MAX_PATH, folder) > 0);
    config.set_ca_file(std::wstring(folder) + L"ca.pem");
    std::printf("wide ok\n");
    return 0;
}
