/*
 * A DLL that lies in wait under a system DLL's name. Whoever loads it is told on: it adds its own name to the file that
 * ITERO_TEST_INTRUDERS names.
 */

#define WIN32_LEAN_AND_MEAN
#include <windows.h>

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID reserved)
{
    char place[MAX_PATH], self[MAX_PATH];
    DWORD written;
    HANDLE file;
    (void)reserved;
    if (reason != DLL_PROCESS_ATTACH) return TRUE;
    if (GetEnvironmentVariableA("ITERO_TEST_INTRUDERS", place, sizeof place) == 0) return TRUE;
    if (GetModuleFileNameA(module, self, sizeof self) == 0) return TRUE;
    file = CreateFileA(place, FILE_APPEND_DATA, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_ALWAYS, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) return TRUE;
    WriteFile(file, self, (DWORD)lstrlenA(self), &written, NULL);
    WriteFile(file, "\n", 1, &written, NULL);
    CloseHandle(file);
    return TRUE;
}
