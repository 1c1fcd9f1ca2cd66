/*
 * F3: what a call into the library costs, beside a call of an empty C function in another shared library.
 *
 *     calls COUNT
 *
 * The handle is that of an error, which needs no sign-in; its table is like that of every other kind.
 */

#include "itero.h"
#include "measure.h"

extern int empty(void *handle);

#define MEASURE(name, call)                                   \
    do {                                                      \
        double began = now();                                 \
        for (i = 0; i < count; i++) sum += (uintptr_t)(call); \
        say(name, (now() - began) / (double)count * 1e9);     \
    } while (0)

int main(int argc, char **argv)
{
    long count = argc > 1 ? atol(argv[1]) : 1000000, i;
    volatile uintptr_t sum = 0;
    itero_error *error;
    itero_config *config;
    if (itero_config_new(&config) != ITERO_OK) fail("no handle");
    if (itero_config_set_api_version(config, -1) != ITERO_E_ARGUMENT) fail("no error");
    if (itero_error_capture(&error) != ITERO_OK) fail("no handle");
    if (itero_error_status(error) != ITERO_E_ARGUMENT || itero_error_message(error)[0] == '\0') fail("another error");
    MEASURE("empty", empty(error));
    MEASURE("call", itero_error_free(NULL));
    MEASURE("getter", itero_error_status(error));
    MEASURE("text", itero_error_message(error));
    itero_error_free(error);
    itero_config_free(config);
    return 0;
}
