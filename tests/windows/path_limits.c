#include "path_limits.h"

#include <string.h>
#include <wchar.h>

static int refused(const wchar_t *path, size_t limit)
{
    if (path == NULL || wcsncmp(path, L"\\\\?\\", 4) == 0 || wcslen(path) < limit) return 0;
    SetLastError(ERROR_PATH_NOT_FOUND);
    return 1;
}

static HANDLE WINAPI create_file(LPCWSTR path, DWORD access, DWORD share, LPSECURITY_ATTRIBUTES security, DWORD how,
                                 DWORD flags, HANDLE model)
{
    if (refused(path, MAX_PATH)) return INVALID_HANDLE_VALUE;
    return CreateFileW(path, access, share, security, how, flags, model);
}

static BOOL WINAPI create_directory(LPCWSTR path, LPSECURITY_ATTRIBUTES security)
{
    return refused(path, 248) ? FALSE : CreateDirectoryW(path, security);
}

static BOOL WINAPI move_file(LPCWSTR from, LPCWSTR to, DWORD flags)
{
    return refused(from, MAX_PATH) || refused(to, MAX_PATH) ? FALSE : MoveFileExW(from, to, flags);
}

static BOOL WINAPI delete_file(LPCWSTR path) { return refused(path, MAX_PATH) ? FALSE : DeleteFileW(path); }

static BOOL WINAPI remove_directory(LPCWSTR path) { return refused(path, MAX_PATH) ? FALSE : RemoveDirectoryW(path); }

static BOOL WINAPI set_attributes(LPCWSTR path, DWORD attributes)
{
    return refused(path, MAX_PATH) ? FALSE : SetFileAttributesW(path, attributes);
}

static DWORD WINAPI get_attributes(LPCWSTR path)
{
    return refused(path, MAX_PATH) ? INVALID_FILE_ATTRIBUTES : GetFileAttributesW(path);
}

static HANDLE WINAPI find_first(LPCWSTR path, FINDEX_INFO_LEVELS level, LPVOID found, FINDEX_SEARCH_OPS search,
                                LPVOID filter, DWORD flags)
{
    if (refused(path, MAX_PATH)) return INVALID_HANDLE_VALUE;
    return FindFirstFileExW(path, level, found, search, filter, flags);
}

static const struct {
    const char *name;
    void *strict;
} functions[] = {
    { "CreateFileW", (void *)create_file },       { "CreateDirectoryW", (void *)create_directory },
    { "MoveFileExW", (void *)move_file },         { "DeleteFileW", (void *)delete_file },
    { "RemoveDirectoryW", (void *)remove_directory }, { "SetFileAttributesW", (void *)set_attributes },
    { "GetFileAttributesW", (void *)get_attributes }, { "FindFirstFileExW", (void *)find_first },
};

static int replace(const char *name, ULONG_PTR *place)
{
    DWORD before;
    size_t i;
    for (i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        if (strcmp(functions[i].name, name) != 0) continue;
        if (!VirtualProtect(place, sizeof *place, PAGE_READWRITE, &before)) return 0;
        *place = (ULONG_PTR)functions[i].strict;
        VirtualProtect(place, sizeof *place, before, &before);
        return 1;
    }
    return 0;
}

/* Walks the module's import table: for each DLL two lists of the same length, the names and the addresses. */
int path_limits_impose(HMODULE module)
{
    char *base = (char *)module;
    IMAGE_NT_HEADERS *header = (IMAGE_NT_HEADERS *)(base + ((IMAGE_DOS_HEADER *)base)->e_lfanew);
    IMAGE_DATA_DIRECTORY *directory = &header->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT];
    IMAGE_IMPORT_DESCRIPTOR *dll = (IMAGE_IMPORT_DESCRIPTOR *)(base + directory->VirtualAddress);
    int count = 0;
    for (; dll->Name != 0; dll++) {
        IMAGE_THUNK_DATA *name = (IMAGE_THUNK_DATA *)(base + dll->OriginalFirstThunk);
        IMAGE_THUNK_DATA *place = (IMAGE_THUNK_DATA *)(base + dll->FirstThunk);
        for (; name->u1.AddressOfData != 0; name++, place++) {
            if (IMAGE_SNAP_BY_ORDINAL(name->u1.Ordinal)) continue;
            count += replace((const char *)((IMAGE_IMPORT_BY_NAME *)(base + name->u1.AddressOfData))->Name,
                             (ULONG_PTR *)&place->u1.Function);
        }
    }
    return count;
}
