/*
 * 32 threads call a mix of functions on handles of their own and on handles that they share, which others free and
 * replace meanwhile. Every answer must be one that the header allows, and every thread must keep its own errors.
 */

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "itero.h"

#define THREADS 32
#define ROUNDS 400
#define CLOSED_PORT "http://127.0.0.1:9"

static _Atomic(itero_config *) shared_config;
static _Atomic(itero_client *) shared_client;
static _Atomic(itero_scan_request *) shared_scan_request;
static _Atomic(itero_notification *) shared_notification;
static _Atomic(itero_listener *) shared_listener;
static atomic_long calls, refused, sent;

static void fail(const char *what, long number)
{
    fprintf(stderr, "%s: %ld, %s\n", what, number, itero_last_error_message());
    exit(1);
}

/* On a shared handle: it works, or the handle was freed by another thread. Nothing else. */
static void allowed(int32_t status, const char *what)
{
    atomic_fetch_add(&calls, 1);
    if (status == ITERO_E_HANDLE) atomic_fetch_add(&refused, 1);
    else if (status != ITERO_OK) fail(what, status);
    if (itero_last_error_status() != status) fail("another thread's error", status);
}

static itero_config *new_config(void)
{
    itero_config *config = NULL;
    if (itero_config_new(&config) != ITERO_OK) fail("config", 0);
    if (itero_config_set_client_id(config, "client") != ITERO_OK) fail("client id", 0);
    if (itero_config_set_login_page(config, CLOSED_PORT) != ITERO_OK) fail("login page", 0);
    if (itero_config_set_oauth_base(config, CLOSED_PORT) != ITERO_OK) fail("oauth base", 0);
    if (itero_config_set_base_url(config, CLOSED_PORT) != ITERO_OK) fail("base URL", 0);
    if (itero_config_set_proxy(config, "none") != ITERO_OK) fail("proxy", 0);
    if (itero_config_set_token_memory(config) != ITERO_OK) fail("token memory", 0);
    if (itero_config_set_timeouts(config, 500, 500, 500) != ITERO_OK) fail("timeouts", 0);
    return config;
}

static itero_client *new_client(void)
{
    itero_config *config = new_config();
    itero_client *client = NULL;
    if (itero_client_new(config, &client) != ITERO_OK) fail("client", 0);
    if (itero_config_free(config) != ITERO_OK) fail("config free", 0);
    return client;
}

static itero_scan_request *new_scan_request(void)
{
    itero_scan_request *request = NULL;
    if (itero_scan_request_new(&request) != ITERO_OK) fail("request", 0);
    return request;
}

static itero_notification *new_notification(void)
{
    itero_notification *made = NULL;
    if (itero_notification_parse("{\"rxId\":\"RX-1\"}", &made) != ITERO_OK) fail("notification", 0);
    return made;
}

static itero_listener *new_listener(void)
{
    itero_listener *listener = NULL;
    if (itero_listener_start(atomic_load(&shared_client), 0, NULL, NULL, &listener) != ITERO_OK) return NULL;
    return listener;
}

/* Frees a shared handle while others use it and lets them, then puts a new one in its place. */
#define REPLACE(kind) \
    do { \
        int32_t status = itero_##kind##_free(atomic_load(&shared_##kind)); \
        if (status != ITERO_OK && status != ITERO_E_HANDLE) fail("free of " #kind, status); \
        sched_yield(); \
        status = itero_##kind##_free(atomic_exchange(&shared_##kind, new_##kind())); \
        if (status != ITERO_OK && status != ITERO_E_HANDLE) fail("free of " #kind, status); \
    } while (0)

static void replace(int round)
{
    switch (round % 5) {
    case 0: REPLACE(config); break;
    case 1: REPLACE(client); break;
    case 2: REPLACE(scan_request); break;
    case 3: REPLACE(notification); break;
    default: REPLACE(listener); break;
    }
}

static void use_shared(int round)
{
    itero_client *made = NULL;
    int32_t status;
    allowed(itero_config_set_client_id(atomic_load(&shared_config), "client"), "set client id");
    allowed(itero_config_set_product(atomic_load(&shared_config), "host", "1.0"), "set product");
    allowed(itero_client_new(atomic_load(&shared_config), &made), "client from a shared config");
    if (made != NULL && itero_client_free(made) != ITERO_OK) fail("own client", 0);
    itero_client_state(atomic_load(&shared_client));
    allowed(itero_last_error_status(), "state");
    allowed(itero_client_cancel(atomic_load(&shared_client)), "cancel");
    allowed(itero_scan_request_set_notes(atomic_load(&shared_scan_request), "notes"), "set notes");
    allowed(itero_scan_request_set_due_date(atomic_load(&shared_scan_request), ""), "set due date");
    /* Only the status: the text may be freed by another thread while it is read. */
    itero_notification_rx_id(atomic_load(&shared_notification));
    allowed(itero_last_error_status(), "notification");
    itero_listener_url(atomic_load(&shared_listener));
    allowed(itero_last_error_status(), "listener");
    if (round % 20 != 0) return;
    status = itero_client_discover(atomic_load(&shared_client));
    atomic_fetch_add(&sent, status != ITERO_E_HANDLE);
    if (status != ITERO_E_NETWORK && status != ITERO_E_CANCELLED && status != ITERO_E_TIMEOUT && status != ITERO_E_HANDLE)
        fail("discover", status);
}

/* Leaves an error that names this thread, lets others fail, and looks whether it is still there. */
static void keep_own_error(itero_config *own, int me)
{
    char number[32];
    const char *message;
    int i;
    sprintf(number, " %d ", 70000 + me);
    if (itero_config_set_loopback_port(own, 70000 + me) != ITERO_E_ARGUMENT) fail("port", me);
    message = itero_last_error_message();
    for (i = 0; i < 3; i++) {
        sched_yield();
        if (itero_last_error_status() != ITERO_E_ARGUMENT) fail("the own error is gone", me);
        if (strstr(message, number) == NULL) fail("the own text was overwritten", me);
        if (strcmp(itero_last_error_operation(), "itero_config_set_loopback_port") != 0) fail("another operation", me);
    }
    if (itero_config_set_loopback_port(own, me) != ITERO_OK) fail("port", me);
    sched_yield();
    if (itero_last_error_status() != ITERO_OK) fail("an error of another thread", me);
    if (*itero_last_error_message() != 0) fail("a message of another thread", me);
}

/* An error that was captured here can be read and freed by another thread. */
static void *read_captured(void *error)
{
    if (itero_last_error_status() != ITERO_OK) fail("a new thread has an error", 0);
    if (itero_error_status(error) != ITERO_E_HANDLE) fail("captured status", itero_error_status(error));
    if (strstr(itero_error_message(error), "itero_client_cancel: ") == NULL) fail("captured message", 0);
    if (itero_error_free(error) != ITERO_OK) fail("captured error free", 0);
    return NULL;
}

static void *work(void *number)
{
    int me = *(int *)number, round;
    itero_config *own = new_config();
    itero_error *error = NULL;
    pthread_t other;
    for (round = 0; round < ROUNDS; round++) {
        keep_own_error(own, me);
        use_shared(round + me);
        if (me % 4 == 0) replace(round);
    }
    itero_client_cancel(NULL);
    if (itero_error_capture(&error) != ITERO_OK) fail("capture", me);
    if (pthread_create(&other, NULL, read_captured, error) != 0) fail("pthread_create", me);
    pthread_join(other, NULL);
    if (itero_error_free(error) != ITERO_E_HANDLE) fail("freed by two threads", me);
    if (itero_config_free(own) != ITERO_OK) fail("own config", me);
    return NULL;
}

int main(void)
{
    pthread_t threads[THREADS];
    int numbers[THREADS], i;
    atomic_store(&shared_config, new_config());
    atomic_store(&shared_client, new_client());
    atomic_store(&shared_scan_request, new_scan_request());
    atomic_store(&shared_notification, new_notification());
    atomic_store(&shared_listener, new_listener());
    for (i = 0; i < THREADS; i++) {
        numbers[i] = i;
        if (pthread_create(&threads[i], NULL, work, &numbers[i]) != 0) fail("pthread_create", i);
    }
    for (i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    if (itero_shutdown(5000) != ITERO_OK) fail("shutdown", 0);
    if (atomic_load(&refused) == 0) fail("no handle was freed under another thread, so nothing was proved", 0);
    printf("threads ok: %ld calls, %ld on freed handles, %ld sent\n", atomic_load(&calls), atomic_load(&refused),
           atomic_load(&sent));
    return 0;
}
