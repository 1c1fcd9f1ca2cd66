/*
 * The journey of one patient from the practice program to the scanner and back, in C99.
 *
 * Read it from main() on: it is the tutorial of the C interface. It plays against the sandbox, the simulated cloud:
 *
 *     cargo build --release --features sandbox
 *     cc -std=c99 -Iinclude examples/journey.c -Ltarget/release -litero -o target/journey-c
 *     target/release/itero-sandbox --auto-scan 300 --ready-file /tmp/ready.json &
 *     LD_LIBRARY_PATH=target/release target/journey-c /tmp/ready.json /tmp/journey target/release/itero-sandbox
 *
 * The third argument is the program that is started with the login page's URL; itero-sandbox plays the person who signs
 * in. Leave it out to sign in yourself, in your own browser. All paths must be absolute.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "itero.h"

/* Every function that can fail returns a status; the reason is the thread's last error. */
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
    fprintf(stderr, "journey: %s\n", what);
    exit(1);
}

static void show(const char *step) { printf("%-18s ", step); }

/* ------------------------------------------------------------------------------------------------------------------
 * What the sandbox tells of itself in its ready file. A practice program has these from Align and from its settings.
 */

static char *read_whole(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text;
    size_t length;
    if (file == NULL || (text = (char *)malloc(65536)) == NULL) fail("the ready file can't be read");
    length = fread(text, 1, 65535, file);
    text[length] = '\0';
    fclose(file);
    return text;
}

/* The text member `name` of the ready file; "" when it is null. The file is the sandbox's own, so this is enough. */
static const char *member(const char *json, const char *name, char *value, size_t size)
{
    char key[64];
    const char *at;
    size_t length = 0;
    snprintf(key, sizeof key, "\"%s\":", name);
    at = strstr(json, key);
    if (at == NULL) fail("the ready file lacks a member");
    at += strlen(key);
    while (*at == ' ') at++;
    if (*at == '"') {
        for (at++; *at != '"' && *at != '\0' && length + 1 < size; at++) {
            if (*at == '\\') at++;
            value[length++] = *at;
        }
    }
    value[length] = '\0';
    return value;
}

/* ------------------------------------------------------------------------------------------------------------------ */

static itero_client *make_client(const char *ready_file, const char *browser)
{
    char value[1024];
    char *json = read_whole(ready_file);
    itero_config *config;
    itero_client *client;
    check(itero_config_new(&config));
    check(itero_config_set_api_version(config, ITERO_API_V2));
    /* A practice program leaves this line out: its sign-in outlives it. */
    check(itero_config_set_token_memory(config));
    check(itero_config_set_client_id(config, member(json, "clientId", value, sizeof value)));
    check(itero_config_set_client_secret(config, member(json, "clientSecret", value, sizeof value)));
    check(itero_config_set_login_page(config, member(json, "loginPage", value, sizeof value)));
    check(itero_config_set_oauth_base(config, member(json, "oauthBase", value, sizeof value)));
    check(itero_config_set_base_url(config, member(json, "baseUrl", value, sizeof value)));
    check(itero_config_set_ca_file(config, member(json, "caFile", value, sizeof value)));
    check(itero_config_set_product(config, "Journey", "1.0"));
    check(itero_config_set_browser(config, browser));
    check(itero_client_new(config, &client));
    itero_config_free(config);
    free(json);
    return client;
}

/* A1, A2: opens the browser and waits until the user has signed in. */
static void sign_in(itero_client *client)
{
    itero_login *login;
    int32_t status;
    check(itero_login_run(client, 120000, &login));
    do {
        status = itero_login_wait(login, 250); /* a program with a window keeps it alive in between */
    } while (status == ITERO_E_PENDING);
    check(status);
    itero_login_free(login);
    show("sign in");
    printf("state %" PRId32 "\n", itero_client_state(client));
}

/* A5 to A7: where the region is, which accounts there are, and which one this program works for from now on. */
static void pair(itero_client *client, itero_listener *listener)
{
    itero_accounts *accounts;
    int32_t i;
    check(itero_client_discover(client));
    show("discovery");
    printf("region %s\n", itero_client_region(client));
    check(itero_accounts_get(client, &accounts));
    show("accounts");
    printf("%" PRId32 "\n", itero_accounts_count(accounts));
    for (i = 0; i < itero_accounts_count(accounts); i++) {
        show("");
        printf("%s %s\n", itero_accounts_id(accounts, i), itero_accounts_name(accounts, i));
    }
    if (itero_accounts_count(accounts) == 0) fail("this user has no account");
    check(itero_client_pair(client, itero_accounts_id(accounts, 0), itero_listener_url(listener)));
    show("pair");
    printf("%s, state %" PRId32 "\n", itero_accounts_name(accounts, 0), itero_client_state(client));
    itero_accounts_free(accounts);
}

/* P5: what should be put in order before the integration starts. */
static void warnings(itero_client *client)
{
    itero_warnings *warnings;
    itero_patients *patients;
    int32_t i, j;
    check(itero_warnings_get(client, &warnings));
    check(itero_warnings_missing_chart_number(warnings, &patients));
    show("pairing warnings");
    printf("%" PRId32 " shared chart numbers, %" PRId32 " patients without one\n",
           itero_warnings_duplicate_count(warnings), itero_patients_count(patients));
    itero_patients_free(patients);
    for (i = 0; i < itero_warnings_duplicate_count(warnings); i++) {
        check(itero_warnings_duplicate_patients(warnings, i, &patients));
        show("");
        printf("%s:", itero_warnings_duplicate_chart_number(warnings, i));
        for (j = 0; j < itero_patients_count(patients); j++) {
            printf("%s %s %s", j == 0 ? "" : ",", itero_patients_first_name(patients, j),
                   itero_patients_last_name(patients, j));
        }
        printf("\n");
        itero_patients_free(patients);
    }
    itero_warnings_free(warnings);
}

/* P1, P2: the patient may be in the scanner's records with first and last name swapped. */
static void search(itero_client *client, const char *first, const char *last, const char *chart)
{
    itero_patients *patients;
    check(itero_patients_search(client, first, last, chart, &patients));
    show("patient search");
    printf("%s %s: %" PRId32 " found\n", first, last, itero_patients_count(patients));
    if (itero_patients_count(patients) == 0) {
        itero_patients_free(patients);
        check(itero_patients_search(client, last, first, chart, &patients));
        show("");
        printf("%s %s: %" PRId32 " found\n", last, first, itero_patients_count(patients));
        if (itero_patients_count(patients) == 1) {
            check(itero_patients_update(client, itero_patients_id(patients, 0), first, last, NULL, NULL));
            show("patient update");
            printf("%s %s is %s %s now\n", last, first, first, last);
        }
    }
    itero_patients_free(patients);
}

/* D1, D2: a doctor and a procedure from the practice configuration, and the Rx for the scanner. */
static itero_rx *send(itero_client *client, const char *first, const char *last, const char *chart)
{
    itero_practice *practice;
    itero_scan_request *request;
    itero_rx *rx;
    check(itero_practice_get(client, &practice));
    show("practice");
    printf("%s: %" PRId32 " doctors, %" PRId32 " labs, %" PRId32 " procedures, %" PRId32 " scanners\n",
           itero_practice_name(practice), itero_practice_doctor_count(practice), itero_practice_lab_count(practice),
           itero_practice_procedure_count(practice), itero_practice_scanner_count(practice));

    check(itero_scan_request_new(&request));
    check(itero_scan_request_set_doctor_id(request, itero_practice_doctor_id(practice, 0)));
    check(itero_scan_request_set_procedure_map_id(request, itero_practice_procedure_map_id(practice, 0)));
    check(itero_scan_request_set_scanner_serial_number(request, itero_practice_scanner_serial_number(practice, 0)));
    check(itero_scan_request_set_patient_first_name(request, first));
    check(itero_scan_request_set_patient_last_name(request, last));
    check(itero_scan_request_set_patient_chart_number(request, chart));
    check(itero_scan_request_set_notes(request, "Margins of 36 please."));
    check(itero_scan_request_add_tooth(request, "36", "Crown", "Zirconia", "A2"));
    check(itero_scan_request_send(client, request, &rx));
    show("scan request");
    printf("RxID %s\n", itero_rx_id(rx)); /* a practice program stores it with the patient */
    itero_scan_request_free(request);
    itero_practice_free(practice);
    return rx;
}

/* D5, D6: waits for the notification, then asks what is true. */
static itero_orders *await_order(itero_client *client, itero_listener *listener, const char *rx_id)
{
    itero_notification *notification;
    itero_orders *orders;
    int tries;
    for (tries = 0; tries < 20; tries++) {
        check(itero_listener_wait(listener, 120000, &notification));
        if (strcmp(itero_notification_rx_id(notification), rx_id) != 0) {
            itero_notification_free(notification);
            continue;
        }
        show("notification");
        printf("for RxID %s\n", itero_notification_rx_id(notification));
        itero_notification_free(notification);
        check(itero_orders_by_rx(client, rx_id, &orders));
        show("order");
        printf("%s, %s, %" PRId32 " files\n", itero_orders_patient_chart_number(orders, 0), itero_orders_status(orders, 0),
               itero_orders_file_count(orders, 0));
        if (itero_orders_file_count(orders, 0) > 0) return orders;
        itero_orders_free(orders);
    }
    fail("the scan did not arrive");
    return NULL;
}

/* Comes on the library's own thread. */
static void ITERO_CALL progress(void *user, int64_t bytes, int64_t total_bytes, int64_t files, int64_t total_files)
{
    (void)user;
    fprintf(stderr, "\r  %" PRId64 " of %" PRId64 " bytes, %" PRId64 " of %" PRId64 " files   ", bytes, total_bytes, files,
            total_files);
    if (total_files > 0 && files == total_files) fprintf(stderr, "\n");
}

/* D4: all files of the order, verified and unpacked. */
static void download(itero_client *client, const char *order_id, const char *folder, int32_t *files, int64_t *bytes)
{
    itero_download *download;
    int32_t i;
    check(itero_download_start(client, order_id, folder, ITERO_FILE_ALL, ITERO_DOWNLOAD_UNPACK, progress, NULL, &download));
    check(itero_download_wait(download, -1));
    *files = itero_download_file_count(download);
    *bytes = 0;
    show("download");
    printf("%" PRId32 " files\n", *files);
    for (i = 0; i < *files; i++) {
        int64_t triangles = itero_download_file_triangles(download, i);
        *bytes += itero_download_file_size(download, i);
        printf("  %-14s %9" PRId64 " bytes  %s", itero_download_file_kind(download, i), itero_download_file_size(download, i),
               itero_download_file_name(download, i));
        if (itero_download_file_archive(download, i)[0] != '\0') printf(" (unpacked)");
        if (triangles != 0) {
            printf(", %" PRId64 " triangles, %.0f x %.0f x %.0f mm", triangles, itero_download_file_extent(download, i, 0),
                   itero_download_file_extent(download, i, 1), itero_download_file_extent(download, i, 2));
        }
        printf("\n");
    }
    itero_download_free(download);
}

int main(int argc, char **argv)
{
    const char *first = "Dmitri", *last = "Petrov", *chart = "10028";
    itero_client *client;
    itero_listener *listener;
    itero_rx *rx;
    itero_orders *orders;
    int32_t files;
    int64_t bytes;

    if (argc < 3) fail("usage: journey READY-FILE FOLDER [BROWSER-PROGRAM]");
    printf("itero %s: one patient's journey to the scanner and back\n", itero_version());

    client = make_client(argv[1], argc > 3 ? argv[3] : "");
    sign_in(client);
    check(itero_listener_start(client, 0, NULL, NULL, &listener));
    pair(client, listener);
    warnings(client);
    search(client, first, last, chart);
    rx = send(client, first, last, chart);
    orders = await_order(client, listener, itero_rx_id(rx));
    download(client, itero_orders_id(orders, 0), argv[2], &files, &bytes);

    itero_listener_free(listener);
    itero_orders_free(orders);
    itero_rx_free(rx);
    check(itero_client_unpair(client));
    show("un-pair");
    printf("state %" PRId32 "\n", itero_client_state(client));
    check(itero_client_revoke(client));
    show("revoke");
    printf("state %" PRId32 "\n", itero_client_state(client));
    itero_client_free(client);
    check(itero_shutdown(2000));
    printf("journey ok: %" PRId32 " files, %" PRId64 " bytes in %s\n", files, bytes, argv[2]);
    return 0;
}
