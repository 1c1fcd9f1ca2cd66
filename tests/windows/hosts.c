/*
 * Programs that load the DLL the way hosts do, each with a habit that has broken other libraries. Ends with 0 and a line
 * when all went well.
 *
 *     hosts cycles DLL                 100 times: load, call, shut down, unload, and really gone
 *     hosts network-cycles DLL READY   100 times: load, use the network, shut down, unload; then 20 without shutdown
 *     hosts forgetful DLL READY        uses the network, unloads and ends the program, without shutdown
 *     hosts two DLL OTHER-DLL READY    two copies of the DLL side by side
 *     hosts threads DLL READY          32 threads at once
 *     hosts floating DLL READY         floating-point exceptions unmasked, before the calls and in a callback
 *     hosts version DLL                prints what Explorer shows of the file
 *     hosts speed DLL                  prints how long loading and the first call take
 *
 * READY is the sandbox's ready file.
 */

#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "floating.h"

/* The header's declarations are used for their types alone. */
#define ITERO_API
#include "itero.h"

#define FUNCTIONS(use)         \
    use(itero_version)           \
    use(itero_shutdown)          \
    use(itero_log_set)           \
    use(itero_last_error_status) \
    use(itero_last_error_message) \
    use(itero_config_new)        \
    use(itero_config_set_client_id) \
    use(itero_config_set_client_secret) \
    use(itero_config_set_login_page) \
    use(itero_config_set_oauth_base) \
    use(itero_config_set_base_url) \
    use(itero_config_free)       \
    use(itero_client_new)        \
    use(itero_client_discover)   \
    use(itero_client_region)     \
    use(itero_client_free)

struct library {
    HMODULE module;
#define MEMBER(name) __typeof__(name) *name;
    FUNCTIONS(MEMBER)
#undef MEMBER
};

static void fail(const char *what, long number)
{
    fflush(stdout);
    fprintf(stderr, "%s: %ld, system error %lu\n", what, number, GetLastError());
    /* Not exit: a library that went wrong must not hold up the report of it. */
    TerminateProcess(GetCurrentProcess(), 1);
}

static void load(struct library *library, const wchar_t *path)
{
    FARPROC found;
    library->module = LoadLibraryExW(path, NULL, LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_SYSTEM32);
    if (library->module == NULL) fail("the DLL is not loaded", 0);
#define FIND(name)                                     \
    found = GetProcAddress(library->module, #name);      \
    if (found == NULL) fail("there is no " #name, 0); \
    memcpy(&library->name, &found, sizeof found);
    FUNCTIONS(FIND)
#undef FIND
}

static void unload(struct library *library)
{
    if (!FreeLibrary(library->module)) fail("the DLL is not unloaded", 0);
}

/* ------------------------------------------------------------------------------------------------------------------
 * Calls
 */

static char ready[65536];

static void read_ready(const wchar_t *path)
{
    FILE *file = _wfopen(path, L"rb");
    if (file == NULL) fail("the ready file can't be read", 0);
    ready[fread(ready, 1, sizeof ready - 1, file)] = '\0';
    fclose(file);
}

static const char *member(const char *name, char value[256])
{
    char key[64];
    const char *at;
    size_t length = 0;
    snprintf(key, sizeof key, "\"%s\":", name);
    at = strstr(ready, key);
    if (at == NULL) fail(name, 0);
    for (at += strlen(key); *at == ' ' || *at == '"'; at++) continue;
    while (*at != '"' && *at != '\0' && length < 255) value[length++] = *at++;
    value[length] = '\0';
    return value;
}

static void expect(const struct library *library, const char *what, int32_t status, int32_t expected)
{
    if (status == expected && library->itero_last_error_status() == expected) return;
    fprintf(stderr, "%s\n", library->itero_last_error_message());
    fail(what, status);
}

/* No thread and no network: what a host calls before anybody has signed in. */
static void call(const struct library *library)
{
    itero_config *config;
    itero_client *client;
    if (strcmp(library->itero_version(), "") == 0) fail("the version is empty", 0);
    expect(library, "a config", library->itero_config_new(&config), ITERO_OK);
    expect(library, "an empty config", library->itero_client_new(config, &client), ITERO_E_ARGUMENT);
    if (strcmp(library->itero_last_error_message(), "") == 0) fail("the message is empty", 0);
    if (library->itero_config_free(config) != ITERO_OK) fail("a config is not freed", 0);
    if (library->itero_last_error_status() != ITERO_E_ARGUMENT) fail("freeing has wiped the error away", 0);
    expect(library, "a freed config", library->itero_config_set_client_id(config, "x"), ITERO_E_HANDLE);
}

static itero_client *make_client(const struct library *library)
{
    char value[256];
    itero_config *config;
    itero_client *client;
    expect(library, "a config", library->itero_config_new(&config), ITERO_OK);
#define SET(function, name) expect(library, name, library->function(config, member(name, value)), ITERO_OK)
    SET(itero_config_set_client_id, "clientId");
    SET(itero_config_set_client_secret, "clientSecret");
    SET(itero_config_set_login_page, "loginPage");
    SET(itero_config_set_oauth_base, "oauthBase");
    SET(itero_config_set_base_url, "baseUrl");
#undef SET
    expect(library, "a client", library->itero_client_new(config, &client), ITERO_OK);
    library->itero_config_free(config);
    return client;
}

/* Starts the library's threads, opens a socket, gets an answer. */
static void use_network(const struct library *library)
{
    itero_client *client = make_client(library);
    expect(library, "discovery", library->itero_client_discover(client), ITERO_OK);
    if (strcmp(library->itero_client_region(client), "") == 0) fail("no region", 0);
    library->itero_client_free(client);
}

/* ------------------------------------------------------------------------------------------------------------------
 * Loading and unloading
 */

/* A thread that called the library and outlives it: what the library keeps for a thread must not run at its end. */
struct survivor {
    const struct library *library;
    HANDLE called, unloaded;
};

static DWORD WINAPI survive(void *parameter)
{
    struct survivor *survivor = parameter;
    call(survivor->library);
    SetEvent(survivor->called);
    WaitForSingleObject(survivor->unloaded, INFINITE);
    return 0;
}

static void cycles(const wchar_t *path)
{
    int i;
    for (i = 0; i < 100; i++) {
        struct library library;
        struct survivor survivor;
        HANDLE thread;
        load(&library, path);
        survivor.library = &library;
        survivor.called = CreateEventW(NULL, TRUE, FALSE, NULL);
        survivor.unloaded = CreateEventW(NULL, TRUE, FALSE, NULL);
        thread = CreateThread(NULL, 0, survive, &survivor, 0, NULL);
        if (thread == NULL) fail("no thread", i);
        if (WaitForSingleObject(survivor.called, 10000) != WAIT_OBJECT_0) fail("the thread hangs", i);
        call(&library);
        expect(&library, "shutdown", library.itero_shutdown(2000), ITERO_OK);
        unload(&library);
        if (GetModuleHandleW(path) != NULL) fail("the DLL is still there", i);
        /* An exception that is handled: no handler of the library's may be left to be asked. */
        if (!IsBadReadPtr((void *)1, 1)) fail("no exception", i);
        SetEvent(survivor.unloaded);
        if (WaitForSingleObject(thread, 10000) != WAIT_OBJECT_0) fail("the thread does not end", i);
        CloseHandle(thread);
        CloseHandle(survivor.called);
        CloseHandle(survivor.unloaded);
    }
    printf("100 cycles, and the DLL was gone after each\n");
}

static void network_cycles(const wchar_t *path)
{
    struct library library;
    itero_client *client = NULL;
    int i;
    for (i = 0; i < 100; i++) {
        load(&library, path);
        if (client == NULL) client = make_client(&library);
        expect(&library, "discovery", library.itero_client_discover(client), ITERO_OK);
        expect(&library, "shutdown", library.itero_shutdown(2000), ITERO_OK);
        unload(&library);
        /* As the header promises: code that a thread ran stays, and with it the client. */
        if (GetModuleHandleW(path) == NULL) fail("the DLL is gone", i);
    }
    for (i = 0; i < 20; i++) {
        load(&library, path);
        expect(&library, "discovery", library.itero_client_discover(client), ITERO_OK);
        unload(&library);
    }
    printf("100 cycles with the network, 20 more without shutdown\n");
}

static void forgetful(const wchar_t *path)
{
    struct library library;
    load(&library, path);
    use_network(&library);
    unload(&library);
    printf("ended without shutdown\n");
}

static void two(const wchar_t *path, const wchar_t *other_path)
{
    struct library one, other;
    itero_client *client;
    load(&one, path);
    load(&other, other_path);
    if (one.module == other.module) fail("both are one", 0);
    client = make_client(&one);
    use_network(&other);
    expect(&one, "an error of the first", one.itero_config_free((itero_config *)client), ITERO_E_HANDLE);
    if (other.itero_last_error_status() != ITERO_OK) fail("the copies share the thread's error", 0);
    expect(&other, "shutdown", other.itero_shutdown(2000), ITERO_OK);
    unload(&other);
    expect(&one, "discovery", one.itero_client_discover(client), ITERO_OK);
    one.itero_client_free(client);
    expect(&one, "shutdown", one.itero_shutdown(2000), ITERO_OK);
    unload(&one);
    printf("two copies, each with its own handles, errors and threads\n");
}

/* ------------------------------------------------------------------------------------------------------------------
 * Threads
 */

static struct library shared;
static itero_client *shared_client;
static HANDLE start;

static DWORD WINAPI work(void *parameter)
{
    int i;
    (void)parameter;
    WaitForSingleObject(start, INFINITE);
    for (i = 0; i < 200; i++) call(&shared);
    for (i = 0; i < 3; i++) expect(&shared, "discovery", shared.itero_client_discover(shared_client), ITERO_OK);
    return 0;
}

static void threads(const wchar_t *path)
{
    HANDLE all[32];
    int i;
    load(&shared, path);
    shared_client = make_client(&shared);
    start = CreateEventW(NULL, TRUE, FALSE, NULL);
    for (i = 0; i < 32; i++) {
        all[i] = CreateThread(NULL, 0, work, NULL, 0, NULL);
        if (all[i] == NULL) fail("no thread", i);
    }
    SetEvent(start);
    if (WaitForMultipleObjects(32, all, TRUE, 45000) >= WAIT_OBJECT_0 + 32) fail("a thread hangs", 0);
    for (i = 0; i < 32; i++) CloseHandle(all[i]);
    shared.itero_client_free(shared_client);
    expect(&shared, "shutdown", shared.itero_shutdown(2000), ITERO_OK);
    unload(&shared);
    printf("32 threads, 32000 calls and 96 requests\n");
}

/* ------------------------------------------------------------------------------------------------------------------
 * Floating point
 */

static volatile LONG lines;

static void ITERO_CALL unmask_in_callback(void *user, int32_t level, const char *message)
{
    (void)user, (void)level, (void)message;
    InterlockedIncrement(&lines);
    floating_unmask();
}

static void floating(const wchar_t *path)
{
    struct library library;
    int i;
    floating_unmask();
    load(&library, path);
    expect(&library, "a log", library.itero_log_set(ITERO_LOG_DEBUG, unmask_in_callback, NULL), ITERO_OK);
    for (i = 0; i < 10; i++) {
        call(&library);
        use_network(&library);
        if (!floating_is_unmasked()) fail("the settings were changed", i);
    }
    expect(&library, "no log", library.itero_log_set(ITERO_LOG_DEBUG, NULL, NULL), ITERO_OK);
    expect(&library, "shutdown", library.itero_shutdown(2000), ITERO_OK);
    unload(&library);
    if (!floating_is_unmasked()) fail("the settings were changed", -1);
    if (lines == 0) fail("nothing was logged", 0);
    printf("unmasked exceptions stay so, and harm nothing\n");
}

/* ------------------------------------------------------------------------------------------------------------------
 * What can be seen and measured
 */

static void version(const wchar_t *path)
{
    static const wchar_t *const names[] = { L"FileVersion", L"ProductName", L"LegalCopyright" };
    DWORD unused, size = GetFileVersionInfoSizeW(path, &unused);
    void *block = malloc(size);
    VS_FIXEDFILEINFO *numbers;
    UINT length;
    size_t i;
    if (size == 0 || block == NULL || !GetFileVersionInfoW(path, 0, size, block)) fail("no version resource", 0);
    if (!VerQueryValueW(block, L"\\", (void **)&numbers, &length)) fail("no numbers in it", 0);
    printf("%u.%u.%u\n", HIWORD(numbers->dwFileVersionMS), LOWORD(numbers->dwFileVersionMS),
           HIWORD(numbers->dwFileVersionLS));
    for (i = 0; i < 3; i++) {
        wchar_t key[64];
        wchar_t *text;
        swprintf(key, 64, L"\\StringFileInfo\\040904b0\\%ls", names[i]);
        if (!VerQueryValueW(block, key, (void **)&text, &length)) fail("a text is missing", (long)i);
        printf("%ls\n", text);
    }
    free(block);
}

static double milliseconds(void)
{
    LARGE_INTEGER now, frequency;
    QueryPerformanceCounter(&now);
    QueryPerformanceFrequency(&frequency);
    return (double)now.QuadPart * 1000.0 / (double)frequency.QuadPart;
}

static void speed(const wchar_t *path)
{
    struct library library;
    itero_config *config;
    double began = milliseconds(), loaded, called;
    load(&library, path);
    loaded = milliseconds();
    expect(&library, "a config", library.itero_config_new(&config), ITERO_OK);
    called = milliseconds();
    library.itero_config_free(config);
    unload(&library);
    printf("%.2f ms to load, %.3f ms for the first call\n", loaded - began, called - loaded);
}

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *what = argc > 1 ? argv[1] : L"";
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX);
    if (argc < 3) fail("usage: hosts WHAT DLL ...", argc);
    if (argc > 3) read_ready(argv[argc - 1]);
    if (wcscmp(what, L"cycles") == 0) cycles(argv[2]);
    else if (wcscmp(what, L"network-cycles") == 0) network_cycles(argv[2]);
    else if (wcscmp(what, L"forgetful") == 0) forgetful(argv[2]);
    else if (wcscmp(what, L"two") == 0 && argc == 5) two(argv[2], argv[3]);
    else if (wcscmp(what, L"threads") == 0) threads(argv[2]);
    else if (wcscmp(what, L"floating") == 0) floating(argv[2]);
    else if (wcscmp(what, L"version") == 0) version(argv[2]);
    else if (wcscmp(what, L"speed") == 0) speed(argv[2]);
    else fail("there is no such test", argc);
    return 0;
}
