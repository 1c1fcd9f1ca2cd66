/*
 * What a C programmer would use instead: libcurl, and cJSON for reading. The same work as itero_side, the same figures.
 *
 *     curl_side file URL PATH                  F1: download, then fsync
 *     curl_side list                           F4: all pages, kept in memory, every member
 *     curl_side cursor                         F4: the same page by page
 *     curl_side search THREADS SECONDS         F5: patient searches, a handle for each thread
 *     curl_side client                         F6: a handle that has called nobody yet
 */

#include <curl/curl.h>
#include <cjson/cJSON.h>
#include <unistd.h>

#include "measure.h"
#include "searches.h"

static void check(CURLcode code)
{
    if (code != CURLE_OK) {
        fprintf(stderr, "curl: %s\n", curl_easy_strerror(code));
        exit(1);
    }
}

static CURL *make_handle(void)
{
    CURL *handle = curl_easy_init();
    if (handle == NULL) fail("no handle");
    check(curl_easy_setopt(handle, CURLOPT_CAINFO, setting("BENCH_CA_FILE")));
    check(curl_easy_setopt(handle, CURLOPT_FAILONERROR, 1L));
    check(curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L));
    return handle;
}

/* ------------------------------------------------------------------------------------------------------------------ */

static void file(const char *url, const char *path)
{
    CURL *handle = make_handle();
    struct stretch stretch = begin();
    FILE *out = fopen(path, "wb");
    if (out == NULL) fail("the file can't be made");
    check(curl_easy_setopt(handle, CURLOPT_URL, url));
    check(curl_easy_setopt(handle, CURLOPT_WRITEDATA, out));
    /* As the curl program sets it. */
    check(curl_easy_setopt(handle, CURLOPT_BUFFERSIZE, 102400L));
    check(curl_easy_perform(handle));
    if (fflush(out) != 0 || fsync(fileno(out)) != 0 || fclose(out) != 0) fail("the file can't be written");
    end(stretch);
    say("files", 1);
    curl_easy_cleanup(handle);
}

/* ------------------------------------------------------------------------------------------------------------------ */

struct body {
    char *text;
    size_t length, room;
};

static size_t append(char *bytes, size_t one, size_t count, void *user)
{
    struct body *body = (struct body *)user;
    (void)one;
    if (body->length + count + 1 > body->room) {
        body->room = 2 * (body->length + count + 1);
        body->text = realloc(body->text, body->room);
        if (body->text == NULL) return 0;
    }
    memcpy(body->text + body->length, bytes, count);
    body->length += count;
    body->text[body->length] = '\0';
    return count;
}

static cJSON *get(CURL *handle, const char *url, struct body *body)
{
    cJSON *answer;
    body->length = 0;
    check(curl_easy_setopt(handle, CURLOPT_URL, url));
    check(curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, append));
    check(curl_easy_setopt(handle, CURLOPT_WRITEDATA, body));
    check(curl_easy_perform(handle));
    answer = cJSON_ParseWithLength(body->text, body->length);
    if (answer == NULL) fail("the answer is not JSON");
    return answer;
}

static const char *text(const cJSON *object, const char *name)
{
    const char *value = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
    return value == NULL ? "" : value;
}

static void read_order(const cJSON *order)
{
    const cJSON *patient = cJSON_GetObjectItemCaseSensitive(order, "patient");
    const cJSON *doctor = cJSON_GetObjectItemCaseSensitive(order, "doctor");
    const cJSON *file;
    see(text(order, "orderId"));
    see(text(order, "orderCode"));
    see(text(order, "rxId"));
    see(text(order, "accountId"));
    see(text(order, "status"));
    see(text(order, "caseType"));
    see(text(order, "dueDate"));
    see(text(order, "labId"));
    see(text(order, "notes"));
    see(text(order, "scanDate"));
    see(text(order, "updatedDate"));
    see(text(patient, "patientId"));
    see(text(patient, "firstName"));
    see(text(patient, "lastName"));
    see(text(patient, "chartNumber"));
    see(text(doctor, "doctorId"));
    see(text(doctor, "firstName"));
    see(text(doctor, "lastName"));
    cJSON_ArrayForEach(file, cJSON_GetObjectItemCaseSensitive(order, "files")) {
        see(text(file, "fileId"));
        see(text(file, "kind"));
        see(text(file, "name"));
        see(text(file, "contentType"));
        see(text(file, "sha256"));
        see_number((int64_t)cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(file, "size")));
    }
}

static int read_page(const cJSON *page)
{
    const cJSON *order;
    int count = 0;
    cJSON_ArrayForEach(order, cJSON_GetObjectItemCaseSensitive(page, "orders")) {
        read_order(order);
        count++;
    }
    return count;
}

static void list(int by_page)
{
    enum { MOST_PAGES = 100000 };
    static cJSON *pages[MOST_PAGES];
    CURL *handle = make_handle();
    struct body body = {NULL, 0, 0};
    struct stretch stretch = begin();
    char url[512];
    int count = 0, orders = 0, i;
    snprintf(url, sizeof url, "%s", setting("BENCH_ORDERS"));
    do {
        cJSON *page = get(handle, url, &body);
        snprintf(url, sizeof url, "%s?pageToken=%s", setting("BENCH_ORDERS"), text(page, "nextPageToken"));
        pages[count++] = page;
        if (by_page) {
            orders += read_page(page);
            if (text(page, "nextPageToken")[0] == '\0') break;
            cJSON_Delete(page);
        }
    } while (count < MOST_PAGES && url[strlen(url) - 1] != '=');
    for (i = 0; i < count && !by_page; i++) orders += read_page(pages[i]);
    end(stretch);
    say("orders", orders);
    printf("seen %016" PRIx64 "\n", seen);
    free(body.text);
    curl_easy_cleanup(handle);
}

/* ------------------------------------------------------------------------------------------------------------------ */

struct own {
    CURL *handle;
    struct body body;
};

static int32_t search_once(void *user)
{
    struct own *own = (struct own *)user;
    cJSON *answer = get(own->handle, setting("BENCH_SEARCH"), &own->body);
    const cJSON *patients = cJSON_GetObjectItemCaseSensitive(answer, "patients");
    int32_t count = cJSON_GetArraySize(patients);
    if (text(cJSON_GetArrayItem(patients, 0), "patientId")[0] == '\0') count = 0;
    cJSON_Delete(answer);
    return count;
}

static void search(int threads, double seconds)
{
    static struct own owns[MOST_THREADS];
    void *own[MOST_THREADS];
    char bearer[4096];
    struct curl_slist *headers;
    int i;
    snprintf(bearer, sizeof bearer, "Authorization: Bearer %s", setting("BENCH_TOKEN"));
    headers = curl_slist_append(NULL, bearer);
    for (i = 0; i < MOST_THREADS; i++) {
        owns[i].handle = make_handle();
        check(curl_easy_setopt(owns[i].handle, CURLOPT_HTTPHEADER, headers));
        own[i] = &owns[i];
    }
    measure_searches(threads, seconds, search_once, own);
    for (i = 0; i < MOST_THREADS; i++) {
        curl_easy_cleanup(owns[i].handle);
        free(owns[i].body.text);
    }
    curl_slist_free_all(headers);
}

/* F6: what a program holds before it has called anybody. */
static void client(void)
{
    CURL *handle = make_handle();
    say("resident_kb", (double)status_line("VmRSS:"));
    say("threads", (double)status_line("Threads:"));
    curl_easy_cleanup(handle);
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    whole_text = getenv("BENCH_WHOLE_TEXT") != NULL;
    check(curl_global_init(CURL_GLOBAL_DEFAULT));
    if (strcmp(what, "file") == 0 && argc == 4) file(argv[2], argv[3]);
    else if (strcmp(what, "list") == 0) list(0);
    else if (strcmp(what, "cursor") == 0) list(1);
    else if (strcmp(what, "search") == 0 && argc == 4) search(atoi(argv[2]), atof(argv[3]));
    else if (strcmp(what, "client") == 0) client();
    else fail("usage: curl_side file|list|cursor|search|client ...");
    curl_global_cleanup();
    return 0;
}
