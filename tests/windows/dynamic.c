/*
 * Turns a program that is written for the import library into one that loads the DLL itself, as hosts do that must start
 * without it: each function of the header becomes a jump through a pointer that is filled at the start. functions.h
 * lists them and is made from the header.
 *
 * The program's own main is compiled under the name program_main; this one takes the DLL's path as its first argument
 * and hands on the others as UTF-8, which a plain main can't get on Windows.
 *
 *     ITERO_TEST_UNMASK=1    floating-point exceptions are unmasked before, as Delphi does, and must be so after
 *     ITERO_TEST_LIMITS=1    paths have the limits of Windows, which Wine doesn't have
 *     ITERO_TEST_PLAIN=NAME  a DLL is loaded by its bare name as well, which searches the current directory and PATH
 */

#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <stdio.h>
#include <stdlib.h>

#include "floating.h"
#include "path_limits.h"

#ifdef _WIN64
#define JUMP(name) __asm__(".text\n.globl " #name "\n" #name ":\n\tjmp *pointer_" #name "(%rip)\n");
#else
#define JUMP(name) __asm__(".text\n.globl _" #name "\n_" #name ":\n\tjmp *_pointer_" #name "\n");
#endif

#define ITERO(name)       \
    FARPROC pointer_##name; \
    JUMP(name)
#include "functions.h"
#undef ITERO

extern int program_main(int argc, char **argv);

static const struct {
    const char *name;
    FARPROC *pointer;
} functions[] = {
#define ITERO(name) { #name, &pointer_##name },
#include "functions.h"
#undef ITERO
};

static void fail(const char *what, const char *name)
{
    fprintf(stderr, "%s %s: error %lu\n", what, name, GetLastError());
    exit(2);
}

static char *utf8(const wchar_t *wide)
{
    int size = WideCharToMultiByte(CP_UTF8, 0, wide, -1, NULL, 0, NULL, NULL);
    char *text = malloc((size_t)size);
    if (text == NULL || WideCharToMultiByte(CP_UTF8, 0, wide, -1, text, size, NULL, NULL) == 0) fail("converting", "");
    return text;
}

/* Only the DLL's own folder and the system's: what lies in the current directory or on PATH is nobody's business. */
static void load(const wchar_t *path)
{
    HMODULE module = LoadLibraryExW(path, NULL, LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_SYSTEM32);
    size_t i;
    if (module == NULL) fail("loading", "the DLL");
    if (getenv("ITERO_TEST_LIMITS") != NULL && path_limits_impose(module) < 4) fail("finding", "the file functions");
    for (i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        *functions[i].pointer = GetProcAddress(module, functions[i].name);
        if (*functions[i].pointer == NULL) fail("finding", functions[i].name);
    }
}

int wmain(int argc, wchar_t **argv)
{
    const char *plain = getenv("ITERO_TEST_PLAIN");
    int unmask = getenv("ITERO_TEST_UNMASK") != NULL;
    char **arguments = calloc((size_t)argc, sizeof *arguments);
    int i, status;
    if (argc < 2 || arguments == NULL) fail("usage:", "PROGRAM DLL ARGUMENTS");
    for (i = 1; i < argc; i++) arguments[i - 1] = utf8(argv[i]);
    if (plain != NULL && LoadLibraryA(plain) == NULL) fail("loading", plain);
    if (unmask) floating_unmask();
    load(argv[1]);
    status = program_main(argc - 1, arguments);
    if (unmask && !floating_is_unmasked()) fail("the floating-point settings", "were changed");
    return status;
}
