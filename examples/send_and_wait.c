/*
 * Send this patient to the scanner, and tell me when the files are on disk: the commonest single task, in C99.
 *
 *     cargo build --release --features sandbox
 *     cc -std=c99 -Iinclude examples/send_and_wait.c -Ltarget/release -litero -o target/send-and-wait-c
 *     target/release/itero-sandbox --auto-scan 300 --ready-file /tmp/ready.json &
 *     LD_LIBRARY_PATH=target/release target/send-and-wait-c /tmp/ready.json /tmp/scans target/release/itero-sandbox
 *
 * The third argument is the program that is started with the login page's URL; leave it out to sign in yourself, in your
 * own browser. All paths must be absolute. journey.c explains more of the interface.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "itero.h"

/* How often the watch asks for changed orders. The sandbox scans at once; at the service 0, a minute, is right. */
#define INTERVAL_MS 1000

static void check(int32_t status)
{
    if (status != ITERO_OK) {
        fflush(stdout);
        fprintf(stderr, "%s\n  %s\n", itero_last_error_message(), itero_last_error_advice());
        exit(1);
    }
}

static void fail(const char *what)
{
    fflush(stdout);
    fprintf(stderr, "send_and_wait: %s\n", what);
    exit(1);
}

/* ------------------------------------------------------------------------------------------------------------------
 * What the sandbox tells of itself in its ready file. A practice program has these from Align and from its settings.
 */

static char ready[65536];

static void read_ready_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) fail("the ready file can't be read");
    ready[fread(ready, 1, sizeof ready - 1, file)] = '\0';
    fclose(file);
}

/* The text member `name`. The file is the sandbox's own, so this is enough; the text is good until the next call. */
static const char *member(const char *name)
{
    static char value[1024];
    char key[64];
    size_t length = 0;
    const char *at;
    snprintf(key, sizeof key, "\"%s\":", name);
    at = strstr(ready, key);
    if (at == NULL) fail("the ready file lacks a member");
    at += strlen(key);
    while (*at == ' ') at++;
    if (*at == '"') {
        for (at++; *at != '"' && *at != '\0' && length + 1 < sizeof value; at++) {
            if (*at == '\\') at++;
            value[length++] = *at;
        }
    }
    value[length] = '\0';
    return value;
}

static itero_client *make_client(const char *browser)
{
    itero_config *config;
    itero_client *client;
    check(itero_config_new(&config));
    /* A practice program leaves this line out: its sign-in outlives it. */
    check(itero_config_set_token_memory(config));
    check(itero_config_set_client_id(config, member("clientId")));
    check(itero_config_set_client_secret(config, member("clientSecret")));
    check(itero_config_set_login_page(config, member("loginPage")));
    check(itero_config_set_oauth_base(config, member("oauthBase")));
    check(itero_config_set_base_url(config, member("baseUrl")));
    check(itero_config_set_ca_file(config, member("caFile")));
    check(itero_config_set_browser(config, browser));
    check(itero_client_new(config, &client));
    itero_config_free(config);
    return client;
}

/* ------------------------------------------------------------------------------------------------------------------ */

/* Asks the user only for what is not there yet: first the sign-in, then the account to work for. */
static void sign_in_if_needed(itero_client *client)
{
    if (itero_client_state(client) == ITERO_STATE_SIGNED_OUT) {
        itero_login *login;
        check(itero_login_run(client, 120000, &login));
        check(itero_login_wait(login, -1));
        itero_login_free(login);
    }
    if (itero_client_state(client) == ITERO_STATE_SIGNED_IN) {
        itero_accounts *accounts;
        check(itero_accounts_get(client, &accounts));
        if (itero_accounts_count(accounts) == 0) fail("this user has no account");
        check(itero_client_pair(client, itero_accounts_id(accounts, 0), NULL));
        itero_accounts_free(accounts);
    }
    printf("signed in, account %s\n", itero_client_account_id(client));
}

/* Finds the patient in all permutations of the name, corrects the name if it must be, and sends the scan request. */
static itero_rx *send(itero_client *client, const char *first, const char *last, const char *chart)
{
    itero_practice *practice;
    itero_scan_request *request;
    itero_rx *rx;
    check(itero_practice_get(client, &practice));
    check(itero_scan_request_new(&request));
    check(itero_scan_request_set_doctor_id(request, itero_practice_doctor_id(practice, 0)));
    check(itero_scan_request_set_procedure_map_id(request, itero_practice_procedure_map_id(practice, 0)));
    check(itero_scan_request_set_patient_first_name(request, first));
    check(itero_scan_request_set_patient_last_name(request, last));
    check(itero_scan_request_set_patient_chart_number(request, chart));
    check(itero_rx_push(client, request, ITERO_PUSH_UPDATE_NAME, NULL, NULL, &rx));
    printf("sent %s %s, chart number %s: RxID %s\n", first, last, chart, itero_rx_id(rx));
    itero_scan_request_free(request);
    itero_practice_free(practice);
    return rx;
}

/* The watch brings every scan of the account that is ready; this program waits for one of them. */
static itero_event *wait_for_scan(itero_watch *watch, const char *rx_id)
{
    itero_event *event;
    int32_t status;
    for (;;) {
        status = itero_watch_wait(watch, 250, &event); /* a program with a window keeps it alive in between */
        if (status == ITERO_E_PENDING) continue;
        check(status);
        if (strcmp(itero_event_rx_id(event), rx_id) == 0) return event;
        itero_event_free(event); /* not acknowledged, so it comes again to the next watch */
    }
}

/* Brings all files into a folder of the order's own. Only then the event is acknowledged. */
static void download(itero_client *client, itero_watch *watch, const itero_event *event, const char *folder)
{
    char target[4096];
    itero_download *download;
    int32_t i;
    snprintf(target, sizeof target, "%s/{orderId}", folder);
    check(itero_download_start(client, itero_event_order_id(event), target, ITERO_FILE_ALL, 0, NULL, NULL,
                               &download));
    check(itero_download_wait(download, -1));
    check(itero_watch_ack(watch, itero_event_order_id(event), itero_event_version(event)));
    printf("on disk: %" PRId32 " files\n", itero_download_file_count(download));
    for (i = 0; i < itero_download_file_count(download); i++) printf("  %s\n", itero_download_file_name(download, i));
    itero_download_free(download);
}

int main(int argc, char **argv)
{
    char state_file[4096];
    itero_client *client;
    itero_watch *watch;
    itero_rx *rx;
    itero_event *event;

    if (argc < 3) fail("usage: send_and_wait READY-FILE FOLDER [BROWSER-PROGRAM]");
    read_ready_file(argv[1]);
    client = make_client(argc > 3 ? argv[3] : "");
    sign_in_if_needed(client);
    rx = send(client, "Dmitri", "Petrov", "10028");

    snprintf(state_file, sizeof state_file, "%s/watch.json", argv[2]);
    check(itero_watch_start(client, state_file, NULL, NULL, INTERVAL_MS, NULL, NULL, &watch));
    event = wait_for_scan(watch, itero_rx_id(rx));
    printf("scanned: %s\n", itero_event_status(event));
    download(client, watch, event, argv[2]);

    itero_event_free(event);
    itero_rx_free(rx);
    itero_watch_free(watch);
    itero_client_free(client);
    check(itero_shutdown(2000));
    printf("done\n");
    return 0;
}
