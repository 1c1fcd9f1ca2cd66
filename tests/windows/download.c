/* A download onto a file that another program holds: this one holds it, for so long as it is told.
 *
 *   download.exe ready.json folder itero-sandbox HELD-MS
 *
 * Prints how the download ended and after how many milliseconds. The sandbox's executable plays the person at the browser.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "itero.h"

static char *facts;

static void must(int32_t status, const char *doing)
{
    if (status == ITERO_OK) return;
    fprintf(stderr, "%s: %s\n", doing, itero_last_error_message());
    exit(1);
}

static void read_facts(const wchar_t *path)
{
    FILE *file = _wfopen(path, L"rb");
    size_t length;
    facts = calloc(1, 1 << 16);
    if (file == NULL || facts == NULL) exit(2);
    length = fread(facts, 1, (1 << 16) - 1, file);
    facts[length] = '\0';
    fclose(file);
}

/* The text of a member of the ready file; names are unique in it as far as they are asked for here. */
static const char *fact(const char *name)
{
    static char values[8][1024];
    static int next;
    char key[64], *value = values[next++ % 8], *from, *to;
    snprintf(key, sizeof key, "\"%s\": \"", name);
    from = strstr(facts, key);
    if (from == NULL) exit(2);
    from += strlen(key);
    to = strchr(from, '"');
    if (to == NULL || to - from >= 1024) exit(2);
    memcpy(value, from, (size_t)(to - from));
    value[to - from] = '\0';
    return value;
}

struct held {
    HANDLE file;
    DWORD milliseconds;
};

static DWORD WINAPI let_go(LPVOID held)
{
    Sleep(((struct held *)held)->milliseconds);
    CloseHandle(((struct held *)held)->file);
    return 0;
}

static int32_t ended(itero_download *download) { return itero_download_wait(download, 30000); }

static itero_download *begin(itero_client *client, const char *order, const char *folder)
{
    itero_download *download = NULL;
    must(itero_download_start(client, order, folder, ITERO_FILE_SCREEN_CAPTURE, 0, NULL, NULL, &download), "start");
    return download;
}

int wmain(int count, wchar_t **arguments)
{
    itero_config *config = NULL;
    itero_client *client = NULL;
    itero_login *login = NULL;
    itero_scan_request *request = NULL;
    itero_rx *rx = NULL;
    itero_orders *orders = NULL;
    itero_download *download;
    struct held held;
    char folder[1024], program[1024], order[64];
    wchar_t path[1024], listed[1024];
    WIN32_FIND_DATAW found;
    HANDLE search;
    DWORD began, took;
    int32_t status;
    int i, parts = 0;

    if (count != 5) return 2;
    read_facts(arguments[1]);
    WideCharToMultiByte(CP_UTF8, 0, arguments[2], -1, folder, sizeof folder, NULL, NULL);
    WideCharToMultiByte(CP_UTF8, 0, arguments[3], -1, program, sizeof program, NULL, NULL);
    held.milliseconds = (DWORD)wcstoul(arguments[4], NULL, 10);

    must(itero_config_new(&config), "config");
    must(itero_config_set_client_id(config, fact("clientId")), "client id");
    must(itero_config_set_client_secret(config, fact("clientSecret")), "client secret");
    must(itero_config_set_login_page(config, fact("loginPage")), "login page");
    must(itero_config_set_oauth_base(config, fact("oauthBase")), "oauth base");
    must(itero_config_set_base_url(config, fact("baseUrl")), "base URL");
    must(itero_config_set_browser(config, program), "browser");
    must(itero_client_new(config, &client), "client");
    must(itero_login_run(client, 30000, &login), "login");
    must(itero_login_wait(login, 30000), "login");
    must(itero_client_pair(client, "30417", NULL), "pair");
    must(itero_scan_request_new(&request), "scan request");
    must(itero_scan_request_set_doctor_id(request, "7001"), "doctor");
    must(itero_scan_request_set_procedure_map_id(request, "102"), "procedure");
    must(itero_scan_request_set_patient_first_name(request, "Maria"), "first name");
    must(itero_scan_request_set_patient_last_name(request, "Gonzalez Ferreira"), "last name");
    must(itero_scan_request_set_patient_chart_number(request, "10023"), "chart number");
    must(itero_scan_request_send(client, request, &rx), "send");
    for (i = 0; i < 300 && orders == NULL; i++) {
        Sleep(100);
        if (itero_orders_by_rx(client, itero_rx_id(rx), &orders) != ITERO_OK) orders = NULL;
        if (orders != NULL && itero_orders_file_count(orders, 0) == 0) {
            itero_orders_free(orders);
            orders = NULL;
        }
    }
    if (orders == NULL) must(ITERO_E_NOT_FOUND, "the scan");
    snprintf(order, sizeof order, "%s", itero_orders_id(orders, 0));

    download = begin(client, order, folder);
    must(ended(download), "the first download");
    MultiByteToWideChar(CP_UTF8, 0, itero_download_file_path(download, 0), -1, path, 1024);
    itero_download_free(download);

    /* Another version is in its place, and a program shows it. */
    held.file = CreateFileW(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, TRUNCATE_EXISTING, 0, NULL);
    if (held.file == INVALID_HANDLE_VALUE) return 3;
    CloseHandle(CreateThread(NULL, 0, let_go, &held, 0, NULL));
    began = GetTickCount();
    download = begin(client, order, folder);
    status = ended(download);
    took = GetTickCount() - began;
    if (status == ITERO_OK)
        printf("held %lu ms: brought after %lu ms\n", held.milliseconds, took);
    else
        printf("held %lu ms: status %ld after %lu ms: %s\n", held.milliseconds, (long)status, took,
               itero_last_error_message());
    itero_download_free(download);

    if (status != ITERO_OK) {
        /* What came was kept, and only has to be given its name. */
        if (held.milliseconds > took) Sleep(held.milliseconds - took + 500);
        download = begin(client, order, folder);
        must(ended(download), "the download after that");
        itero_download_free(download);
    }
    _snwprintf(listed, 1024, L"%ls\\.itero-*", arguments[2]);
    search = FindFirstFileW(listed, &found);
    if (search != INVALID_HANDLE_VALUE) {
        do parts++;
        while (FindNextFileW(search, &found));
        FindClose(search);
    }
    printf("parts left: %d\n", parts);
    itero_orders_free(orders);
    itero_rx_free(rx);
    itero_scan_request_free(request);
    itero_login_free(login);
    itero_client_free(client);
    itero_config_free(config);
    must(itero_shutdown(5000), "shutdown");
    free(facts);
    return parts == 0 ? 0 : 4;
}
