/* A program as Microsoft's compiler and linker make it, without any runtime: it links itero.lib and calls through it. */

#include "itero.h"

/* Floating-point code asks for this name; the runtime that is left out has it. */
int _fltused = 0;

int start(void)
{
    itero_config *config;
    if (itero_version()[0] == '\0') return 1;
    if (itero_config_new(&config) != ITERO_OK) return 2;
    if (itero_config_set_client_id(config, "client") != ITERO_OK) return 3;
    if (itero_config_free(config) != ITERO_OK) return 4;
    return itero_config_free(config) == ITERO_E_HANDLE ? 0 : 5;
}
