/* Both modes in one program: this file has exceptions, results.cpp, linked to it, has not. */

#include "check.hpp"

int results(const char *ready_file, const char *browser);

int main(int argc, char **argv) {
    CHECK(argc == 3);
    itero::Config config;
    FAILS(config.set_loopback_port(-1), ITERO_E_ARGUMENT);
    results(argv[1], argv[2]);
    FAILS(config.set_loopback_port(-1), ITERO_E_ARGUMENT);
    return 0;
}
