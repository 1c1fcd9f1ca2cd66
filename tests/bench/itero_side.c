/*
 * This library's side of the benchmark. One process does one piece of work and prints its figures, "name value" a line.
 *
 *     itero_side file ORDER FILE-ID FOLDER     F1: one file of an order
 *     itero_side order ORDER FOLDER COUNT      F2: all files of an order, COUNT at once
 *     itero_side list                          F4: a whole list of orders in one table, every getter
 *     itero_side cursor                        F4: the same page by page
 *     itero_side search THREADS SECONDS        F5: patient searches
 *     itero_side client                        F6: a client that has called nobody yet
 *
 * Where the sandbox is and who signs in comes from the environment, see run.
 */

#include "itero.h"
#include "measure.h"
#include "searches.h"

static void check(int32_t status)
{
    if (status != ITERO_OK) {
        fprintf(stderr, "itero: %s\n", itero_last_error_message());
        exit(1);
    }
}

static itero_client *make_client(int32_t parallel)
{
    itero_config *config;
    itero_client *client;
    check(itero_config_new(&config));
    check(itero_config_set_token_memory(config));
    check(itero_config_set_client_id(config, setting("BENCH_CLIENT_ID")));
    check(itero_config_set_client_secret(config, setting("BENCH_CLIENT_SECRET")));
    check(itero_config_set_login_page(config, setting("BENCH_LOGIN_PAGE")));
    check(itero_config_set_oauth_base(config, setting("BENCH_OAUTH_BASE")));
    check(itero_config_set_base_url(config, setting("BENCH_BASE_URL")));
    check(itero_config_set_ca_file(config, setting("BENCH_CA_FILE")));
    check(itero_config_set_browser(config, setting("BENCH_BROWSER")));
    check(itero_config_set_parallel_files(config, parallel));
    if (getenv("BENCH_ORDERS") != NULL) check(itero_config_set_endpoint(config, "orders", getenv("BENCH_ORDERS")));
    check(itero_client_new(config, &client));
    itero_config_free(config);
    return client;
}

/* A client that is signed in and paired, as a practice program has it at the start of its day. */
static itero_client *sign_in(int32_t parallel)
{
    itero_client *client = make_client(parallel);
    itero_login *login;
    itero_accounts *accounts;
    check(itero_login_run(client, 60000, &login));
    check(itero_login_wait(login, -1));
    itero_login_free(login);
    check(itero_accounts_get(client, &accounts));
    check(itero_client_pair(client, itero_accounts_id(accounts, 0), NULL));
    itero_accounts_free(accounts);
    return client;
}

/* ------------------------------------------------------------------------------------------------------------------ */

static void download(const char *order, const char *file, const char *folder, int32_t parallel)
{
    itero_client *client = sign_in(parallel);
    itero_download *download;
    struct stretch stretch = begin();
    if (file != NULL) {
        check(itero_download_start_file(client, order, file, folder, 0, NULL, NULL, &download));
    } else {
        check(itero_download_start(client, order, folder, ITERO_FILE_ALL, 0, NULL, NULL, &download));
    }
    check(itero_download_wait(download, -1));
    end(stretch);
    say("files", itero_download_file_count(download));
    itero_download_free(download);
    itero_client_free(client);
}

/* ------------------------------------------------------------------------------------------------------------------ */

static void read_order(const itero_orders *orders, int32_t i)
{
    int32_t j, files = itero_orders_file_count(orders, i);
    see(itero_orders_id(orders, i));
    see(itero_orders_code(orders, i));
    see(itero_orders_rx_id(orders, i));
    see(itero_orders_account_id(orders, i));
    see(itero_orders_status(orders, i));
    see(itero_orders_case_type(orders, i));
    see(itero_orders_due_date(orders, i));
    see(itero_orders_lab_id(orders, i));
    see(itero_orders_notes(orders, i));
    see(itero_orders_scan_date(orders, i));
    see(itero_orders_updated_date(orders, i));
    see(itero_orders_patient_id(orders, i));
    see(itero_orders_patient_first_name(orders, i));
    see(itero_orders_patient_last_name(orders, i));
    see(itero_orders_patient_chart_number(orders, i));
    see(itero_orders_doctor_id(orders, i));
    see(itero_orders_doctor_first_name(orders, i));
    see(itero_orders_doctor_last_name(orders, i));
    for (j = 0; j < files; j++) {
        see(itero_orders_file_id(orders, i, j));
        see(itero_orders_file_kind(orders, i, j));
        see(itero_orders_file_name(orders, i, j));
        see(itero_orders_file_content_type(orders, i, j));
        see(itero_orders_file_sha256(orders, i, j));
        see_number(itero_orders_file_size(orders, i, j));
    }
}

static void list(int by_page)
{
    itero_client *client = sign_in(4);
    itero_orders *orders;
    itero_order_cursor *cursor;
    struct stretch stretch = begin();
    int32_t i, count = 0;
    if (by_page) {
        check(itero_orders_open(client, NULL, &cursor));
        do {
            check(itero_orders_next(cursor, &orders));
            for (i = 0; i < itero_orders_count(orders); i++) read_order(orders, i);
            count += i;
            itero_orders_free(orders);
        } while (i > 0);
        itero_order_cursor_free(cursor);
    } else {
        check(itero_orders_list(client, NULL, &orders));
        count = itero_orders_count(orders);
        for (i = 0; i < count; i++) read_order(orders, i);
    }
    end(stretch);
    if (!by_page) itero_orders_free(orders);
    say("orders", count);
    printf("seen %016" PRIx64 "\n", seen);
    itero_client_free(client);
}

/* ------------------------------------------------------------------------------------------------------------------ */

static int32_t search_once(void *own)
{
    itero_patients *patients;
    int32_t count;
    check(itero_patients_search((itero_client *)own, "Petrov", "Dmitri", NULL, &patients));
    count = itero_patients_count(patients);
    itero_patients_free(patients);
    return count;
}

/* All threads share one client. */
static void search(int threads, double seconds)
{
    itero_client *client = sign_in(4);
    void *own[MOST_THREADS];
    int i;
    for (i = 0; i < MOST_THREADS; i++) own[i] = client;
    measure_searches(threads, seconds, search_once, own);
    itero_client_free(client);
}

/* F6: what a program holds before it has called anybody. */
static void client(void)
{
    itero_client *client = make_client(4);
    say("resident_kb", (double)status_line("VmRSS:"));
    say("threads", (double)status_line("Threads:"));
    itero_client_free(client);
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    whole_text = getenv("BENCH_WHOLE_TEXT") != NULL;
    if (strcmp(what, "file") == 0 && argc == 5) download(argv[2], argv[3], argv[4], 4);
    else if (strcmp(what, "order") == 0 && argc == 5) download(argv[2], NULL, argv[3], atoi(argv[4]));
    else if (strcmp(what, "list") == 0) list(0);
    else if (strcmp(what, "cursor") == 0) list(1);
    else if (strcmp(what, "search") == 0 && argc == 4) search(atoi(argv[2]), atof(argv[3]));
    else if (strcmp(what, "client") == 0) client();
    else fail("usage: itero_side file|order|list|cursor|search|client ...");
    return itero_shutdown(2000) == ITERO_OK ? 0 : 1;
}
