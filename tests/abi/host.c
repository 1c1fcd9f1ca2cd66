/*
 * A host that guards its own: floating-point settings, signals, working directory, environment, threads. Whatever it
 * calls, all of it must be as before. It writes nothing itself when all is well, so whatever its parent reads came from
 * the library.
 */

#define _GNU_SOURCE
#include <fenv.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "itero.h"
#include "tasks.h"

#define CLOSED_PORT "http://127.0.0.1:9"
#define SIGNALS 64
#define UNMASKED (FE_DIVBYZERO | FE_INVALID | FE_OVERFLOW)

extern char **environ;

static volatile int logged = 0;

static void fail(const char *what)
{
    fprintf(stderr, "%s; last error: %s\n", what, itero_last_error_message());
    exit(1);
}

/* ------------------------------------------------------------------------------------------------------------------
 * What is the host's own
 */

struct house {
    char folder[4096];
    sigset_t blocked;
    void (*handlers[SIGNALS + 1])(int);
    int flags[SIGNALS + 1];
    char environment[65536];
    mode_t mask;
};

static void look(struct house *house)
{
    char **one;
    int i;
    memset(house, 0, sizeof *house);
    if (getcwd(house->folder, sizeof house->folder) == NULL) fail("getcwd");
    pthread_sigmask(SIG_BLOCK, NULL, &house->blocked);
    for (i = 1; i <= SIGNALS; i++) {
        struct sigaction action;
        if (sigaction(i, NULL, &action) != 0) continue;
        house->handlers[i] = action.sa_handler;
        house->flags[i] = action.sa_flags;
    }
    for (one = environ; *one != NULL; one++) {
        if (strlen(house->environment) + strlen(*one) + 2 > sizeof house->environment) fail("a large environment");
        strcat(strcat(house->environment, *one), "\n");
    }
    house->mask = umask(0);
    umask(house->mask);
}

static void compare(const struct house *before)
{
    static struct house now;
    int i;
    look(&now);
    if (strcmp(before->folder, now.folder) != 0) fail("another working directory");
    for (i = 1; i <= SIGNALS; i++) {
        if (sigismember(&before->blocked, i) != sigismember(&now.blocked, i)) fail("another signal mask");
        if (before->handlers[i] != now.handlers[i] || before->flags[i] != now.flags[i]) fail("another signal handler");
    }
    if (strcmp(before->environment, now.environment) != 0) fail("another environment");
    if (before->mask != now.mask) fail("another umask");
}

static void on_signal(int number) { (void)number; }

/* ------------------------------------------------------------------------------------------------------------------
 * The session, with the settings checked after each call
 */

static void settings_are_mine(const char *what)
{
    if (fegetexcept() != UNMASKED) fail(what);
    if (fegetround() != FE_DOWNWARD) fail(what);
}

#define DO(wanted, call) \
    do { \
        int32_t status = call; \
        settings_are_mine("other floating-point settings after " #call); \
        if (status != (wanted)) fail(#call); \
    } while (0)

static void ITERO_CALL on_log(void *user, int32_t level, const char *message)
{
    volatile double zero = 0.0, quotient;
    (void)level;
    if (user != (void *)&logged || *message == 0) fail("the log callback's arguments");
    /* Raises no trap: the library's own threads run with all exceptions masked. */
    quotient = 1.0 / zero;
    (void)quotient;
    /* A host that spoils the library's thread harms nobody. */
    feenableexcept(UNMASKED);
    logged++;
}

static void offline(itero_client **client)
{
    itero_config *config = NULL;
    itero_login *login = NULL;
    itero_scan_request *request = NULL;
    itero_notification *notification = NULL;
    itero_rx *rx = NULL;
    DO(ITERO_OK, itero_log_set(ITERO_LOG_DEBUG, on_log, (void *)&logged));
    DO(ITERO_OK, itero_config_new(&config));
    DO(ITERO_OK, itero_config_set_client_id(config, "client"));
    DO(ITERO_OK, itero_config_set_login_page(config, CLOSED_PORT));
    DO(ITERO_OK, itero_config_set_oauth_base(config, CLOSED_PORT));
    DO(ITERO_OK, itero_config_set_base_url(config, CLOSED_PORT));
    DO(ITERO_OK, itero_config_set_redirect_url(config, CLOSED_PORT));
    DO(ITERO_OK, itero_config_set_browser(config, "/nowhere/itero"));
    DO(ITERO_OK, itero_config_set_proxy(config, "none"));
    DO(ITERO_OK, itero_config_set_token_memory(config));
    DO(ITERO_OK, itero_config_set_timeouts(config, 5000, 5000, 5000));
    DO(ITERO_OK, itero_client_new(config, client));
    DO(ITERO_OK, itero_login_begin(*client, &login));
    DO(ITERO_E_ARGUMENT, itero_login_complete(login, "not a URL"));
    DO(ITERO_OK, itero_scan_request_new(&request));
    DO(ITERO_OK, itero_scan_request_set_due_date(request, "2026-03-31"));
    DO(ITERO_E_ARGUMENT, itero_scan_request_send(*client, request, &rx));
    DO(ITERO_OK, itero_notification_parse("{\"rxId\":\"RX-1\"}", &notification));
    if (strcmp(itero_notification_rx_id(notification), "RX-1") != 0) fail("rx_id");
    settings_are_mine("other floating-point settings after a getter");
    if (itero_download_file_extent(NULL, 0, 0) != 0.0) fail("extent");
    settings_are_mine("other floating-point settings after a getter of a double");
    DO(ITERO_OK, itero_notification_free(notification));
    DO(ITERO_OK, itero_scan_request_free(request));
    DO(ITERO_OK, itero_login_free(login));
    DO(ITERO_OK, itero_config_free(config));
    if (tasks() != 1) fail("a thread before the first network call");
}

static void online(itero_client *client)
{
    itero_listener *listener = NULL;
    itero_notification *notification = NULL;
    itero_login *login = NULL;
    DO(ITERO_E_NETWORK, itero_client_discover(client));
    DO(ITERO_E_NETWORK, itero_auth_exchange_code(client, "code", CLOSED_PORT, NULL));
    DO(ITERO_OK, itero_listener_start(client, 0, NULL, NULL, &listener));
    DO(ITERO_E_PENDING, itero_listener_wait(listener, 20, &notification));
    DO(ITERO_OK, itero_listener_free(listener));
    DO(ITERO_OK, itero_login_run(client, 1000, &login));
    itero_login_wait(login, 5000);
    settings_are_mine("other floating-point settings after itero_login_wait");
    DO(ITERO_OK, itero_login_free(login));
    DO(ITERO_OK, itero_client_free(client));
    if (tasks() < 2) fail("no thread after network calls, so nothing was proved");
    DO(ITERO_OK, itero_shutdown(5000));
    if (tasks_soon(1) != 1) fail("threads are left after the shutdown");
    DO(ITERO_OK, itero_log_set(ITERO_LOG_DEBUG, NULL, NULL));
}

int main(void)
{
    static struct house before;
    itero_client *client = NULL;
    signal(SIGUSR1, on_signal);
    signal(SIGCHLD, on_signal);
    signal(SIGPIPE, SIG_DFL);
    look(&before);
    feenableexcept(UNMASKED);
    fesetround(FE_DOWNWARD);
    offline(&client);
    compare(&before);
    online(client);
    compare(&before);
    if (logged == 0) fail("the log callback was never called");
    return 0;
}
