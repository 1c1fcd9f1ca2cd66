/*
 * F6: loads a library as a host does that was written without it, and calls one of its functions.
 *
 *     load LIBRARY FUNCTION          FUNCTION takes nothing and returns text
 */

#include <dlfcn.h>

#include "measure.h"

int main(int argc, char **argv)
{
    const char *(*function)(void);
    void *library, *symbol;
    struct stretch stretch;
    if (argc != 3) fail("usage: load LIBRARY FUNCTION");
    stretch = begin();
    library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) fail(dlerror());
    symbol = dlsym(library, argv[2]);
    if (symbol == NULL) fail(dlerror());
    memcpy(&function, &symbol, sizeof function);
    if (function()[0] == '\0') fail("the function says nothing");
    end(stretch);
    say("threads", (double)status_line("Threads:"));
    return 0;
}
