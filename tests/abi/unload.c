/*
 * Loads and unloads the library again and again, as hosts do that keep it in a plug-in: quietly, after network calls
 * with a shutdown, and after network calls with a forgotten one. Ends with 0 when nothing crashed.
 */

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "itero.h"
#include "tasks.h"

#define CLOSED_PORT "http://127.0.0.1:9"

static const char *path;
static void *library;

static void fail(const char *what, long number)
{
    fprintf(stderr, "%s (%ld)\n", what, number);
    exit(1);
}

static void load(void)
{
    library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) fail(dlerror(), 0);
}

static void unload(void)
{
    if (dlclose(library) != 0) fail(dlerror(), 0);
}

static int is_loaded(void)
{
    void *there = dlopen(path, RTLD_NOW | RTLD_NOLOAD);
    if (there != NULL) dlclose(there);
    return there != NULL;
}

/* ISO C has no cast from an object's address to a function's. */
static void find(const char *name, void *function)
{
    void *address = dlsym(library, name);
    if (address == NULL) fail(name, 0);
    memcpy(function, &address, sizeof address);
}

#define CALL(result, name, parameters, arguments) \
    do { \
        result (ITERO_CALL *name##_p) parameters; \
        find(#name, &name##_p); \
        status = name##_p arguments; \
    } while (0)

#define EXPECT(wanted, what) \
    do { \
        if (status != (wanted)) fail(what, status); \
    } while (0)

static void set(itero_config *config, const char *name, const char *text)
{
    int32_t (ITERO_CALL *setter)(itero_config *, const char *);
    find(name, &setter);
    if (setter(config, text) != ITERO_OK) fail(name, 0);
}

/* A program's short life with the library. */
static void use(int with_network, int with_free)
{
    itero_config *config = NULL;
    itero_client *client = NULL;
    int32_t status;
    CALL(int32_t, itero_config_new, (itero_config **), (&config));
    EXPECT(ITERO_OK, "config");
    set(config, "itero_config_set_client_id", "client");
    set(config, "itero_config_set_login_page", CLOSED_PORT);
    set(config, "itero_config_set_oauth_base", CLOSED_PORT);
    set(config, "itero_config_set_base_url", CLOSED_PORT);
    set(config, "itero_config_set_proxy", "none");
    CALL(int32_t, itero_config_set_timeouts, (itero_config *, int32_t, int32_t, int32_t), (config, 500, 500, 500));
    EXPECT(ITERO_OK, "timeouts");
    CALL(int32_t, itero_client_new, (const itero_config *, itero_client **), (config, &client));
    EXPECT(ITERO_OK, "client");
    CALL(int32_t, itero_config_set_loopback_port, (itero_config *, int32_t), (config, -1));
    EXPECT(ITERO_E_ARGUMENT, "loopback port");
    if (with_network) {
        CALL(int32_t, itero_client_discover, (itero_client *), (client));
        if (status != ITERO_E_NETWORK && status != ITERO_E_TIMEOUT) fail("discover at a closed port", status);
    }
    if (!with_free) return;
    CALL(int32_t, itero_client_free, (itero_client *), (client));
    EXPECT(ITERO_OK, "client free");
    CALL(int32_t, itero_config_free, (itero_config *), (config));
    EXPECT(ITERO_OK, "config free");
}

/* Whether it is still there once the system has looked again: it keeps a library while the storage of a thread needs it,
 * and notices at the next dlclose that the thread has ended. */
static int stays(void)
{
    is_loaded();
    return is_loaded();
}

static void shut_down(int threads)
{
    int32_t status;
    CALL(int32_t, itero_shutdown, (int32_t), (5000));
    EXPECT(ITERO_OK, "shutdown");
    if (tasks_soon(threads) != threads) fail("threads are left after the shutdown", tasks());
}

static void *quietly(void *nothing)
{
    load();
    use(0, 1);
    unload();
    return nothing;
}

static void *with_shutdown(void *even)
{
    load();
    use(1, even != NULL);
    shut_down(2);
    unload();
    return NULL;
}

static void *forgetful(void *even)
{
    load();
    use(1, even != NULL);
    unload();
    return NULL;
}

/* On a thread of its own, which ends: the first thread's storage would keep the library for ever. */
static void cycle(void *(*work)(void *), int number)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, work, number % 2 ? &library : NULL) != 0) fail("pthread_create", number);
    pthread_join(thread, NULL);
}

int main(int count, char **arguments)
{
    int i;
    if (count != 2) return 2;
    path = arguments[1];
    for (i = 0; i < 100; i++) {
        cycle(quietly, i);
        if (stays()) fail("without a network call the library must leave", i);
    }
    for (i = 0; i < 100; i++) {
        cycle(with_shutdown, i);
        if (!stays()) fail("after a network call the library must stay", i);
    }
    for (i = 0; i < 20; i++) {
        cycle(forgetful, i);
        if (!stays()) fail("unloaded under its own live thread", i);
    }
    if (tasks() < 2) fail("no thread was forgotten, so nothing was proved", tasks());
    for (i = 0; i < 20; i++) {
        load();
        use(i % 2, i % 3);
        unload();
    }
    load();
    shut_down(1);
    puts("unload ok");
    return 0;
}
