/*
 * Calls every function of the library with every kind of wrong argument: each parameter in turn while the others are
 * right, then all at once. Prints what broke a promise of the header and ends with 1, else "misuse ok: ..." and 0.
 *
 * C99 and its standard library only, so that it runs wherever the library does.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "itero.h"

enum param_kind { P_HANDLE, P_TEXT, P_INT, P_UINT, P_OUT_HANDLE, P_OUT_NUMBER, P_BUFFER, P_CALLBACK, P_USER };
/* R_MINUS: a number for which 0 has a meaning, so that its safe default is -1. */
enum result_kind { R_STATUS, R_TEXT, R_NUMBER, R_MINUS, R_WIDE, R_REAL };

struct value {
    void *pointer;
    const char *text;
    int32_t number;
    /* What the value is, for a complaint. */
    const char *label;
    /* The statuses that it asks for, as bits; 0 when it may be right. */
    uint32_t asks;
};

struct result {
    int32_t number;
    int64_t wide;
    double real;
    const char *text;
};

struct param {
    const char *name;
    enum param_kind kind;
    int handle;
    int may_be_null;
};

#define MOST_PARAMS 12

struct function {
    const char *name;
    enum result_kind result;
    int count;
    void (*call)(const struct value *v, struct result *result);
    struct param params[MOST_PARAMS];
};

#include "misuse_table.h"

#define FUNCTIONS ((int)(sizeof functions / sizeof functions[0]))
#define BIT(status) ((uint32_t)1 << (status))
#define MOST_VALUES 128
#define MEGABYTE (1024 * 1024)
/* A word of all good texts; no message may repeat it. */
#define MARK "zebra"

static long calls = 0;
static int complaints = 0;
static void *live[KINDS];
static void *stale[KINDS];
static char *long_ascii;
static char *long_umlauts;
static unsigned char *places[MOST_PARAMS];
/* Room for every text that the library takes or gives. */
static union { uint16_t unit; char bytes[MEGABYTE]; } buffers[MOST_PARAMS];

static void complain(const struct function *f, const struct value *v, const char *what, int32_t number, const char *text)
{
    static const struct function *last = NULL;
    static int of_this = 0;
    int i;
    complaints++;
    /* A few of each function are enough, and no function hides the others. */
    of_this = f == last ? of_this + 1 : 1;
    last = f;
    if (of_this > 3) return;
    printf("%s(", f->name);
    for (i = 0; i < f->count; i++) printf("%s%s = %s", i ? ", " : "", f->params[i].name, v[i].label);
    printf("): %s; %ld, \"%.200s\"\n", what, (long)number, text ? text : "(none)");
}

static void must(int32_t status, const char *what)
{
    if (status == ITERO_OK) return;
    printf("%s: %s\n", what, itero_last_error_message());
    exit(1);
}

#include "misuse_values.h"

/* ------------------------------------------------------------------------------------------------------------------
 * The calls and what is expected of them
 */

static int repeats_text(const char *message)
{
    const unsigned char *byte = (const unsigned char *)message;
    for (; *byte != 0; byte++)
        if (*byte >= 0x80 || (*byte < 0x20 && *byte != '\n')) return 1;
    return strstr(message, MARK) != NULL || strstr(message, "aaaaaaaa") != NULL;
}

static void check_message(const struct function *f, const struct value *v, int32_t status)
{
    const char *message = itero_last_error_message();
    size_t length = strlen(f->name);
    if (strncmp(message, f->name, length) != 0 || strncmp(message + length, ": ", 2) != 0 || message[length + 2] == 0)
        complain(f, v, "the message doesn't begin with the function and a reason", status, message);
    if (strcmp(itero_last_error_operation(), f->name) != 0)
        complain(f, v, "the operation is not the function", status, itero_last_error_operation());
    if (repeats_text(message)) complain(f, v, "the message repeats what was passed", status, message);
    if (repeats_text(itero_last_error_advice()))
        complain(f, v, "the advice repeats what was passed", status, itero_last_error_advice());
    if (*itero_status_name(status) == 0) complain(f, v, "an unknown status", status, message);
}

static int is_named(const struct function *f, const char *part) { return strstr(f->name, part) != NULL; }

static void check_results(const struct function *f, const struct value *v, int32_t status)
{
    static const unsigned char untouched[16] = { 0xa5, 0xa5, 0xa5, 0xa5, 0xa5, 0xa5, 0xa5, 0xa5,
                                                 0xa5, 0xa5, 0xa5, 0xa5, 0xa5, 0xa5, 0xa5, 0xa5 };
    int i;
    for (i = 0; i < f->count; i++) {
        const struct param *p = &f->params[i];
        void *made = NULL;
        if ((p->kind != P_OUT_HANDLE && p->kind != P_OUT_NUMBER) || v[i].pointer == NULL) continue;
        if (status != ITERO_OK) {
            if (memcmp(places[i], untouched, 16) != 0) complain(f, v, "a failure wrote a result", status, p->name);
            continue;
        }
        if (memcmp(v[i].pointer, untouched, 8) == 0) complain(f, v, "a success wrote no result", status, p->name);
        if (p->kind == P_OUT_NUMBER) continue;
        memcpy(&made, v[i].pointer, sizeof made);
        if (free_handle(p->handle, made) != ITERO_OK) complain(f, v, "the result can't be freed", status, p->name);
    }
}

static void check(const struct function *f, const struct value *v, const struct result *r, uint32_t asks)
{
    /* Functions without a handle that return a text or number can't fail, and leave the last error alone. */
    int never_fails = f->result != R_STATUS && (f->count == 0 || f->params[0].kind != P_HANDLE);
    int32_t status = f->result == R_STATUS ? r->number : itero_last_error_status();
    if (f->result == R_TEXT && r->text == NULL) {
        complain(f, v, "returned NULL", status, NULL);
        return;
    }
    if (never_fails) return;
    if (itero_last_error_status() != status && !(status == ITERO_OK && (is_named(f, "_free") || is_named(f, "_capture"))))
        complain(f, v, "the last error's status is another", status, itero_last_error_message());
    if (status != ITERO_OK) check_message(f, v, status);
    if (status == ITERO_E_PANIC) complain(f, v, "a panic", status, itero_last_error_message());
    if (asks == 0) {
        if (status == ITERO_E_HANDLE || status == ITERO_E_TEXT)
            complain(f, v, "refused what is right", status, itero_last_error_message());
        return;
    }
    if ((BIT(status) & asks) == 0) complain(f, v, "not the expected status", status, itero_last_error_message());
    if (f->result == R_TEXT && *r->text != 0) complain(f, v, "not the safe default", status, r->text);
    if (f->result == R_NUMBER && r->number != 0) complain(f, v, "not the safe default", r->number, NULL);
    if (f->result == R_MINUS && r->number != -1) complain(f, v, "not the safe default", r->number, NULL);
    if (f->result == R_WIDE && r->wide != -1) complain(f, v, "not the safe default", (int32_t)r->wide, NULL);
    if (f->result == R_REAL && r->real != 0) complain(f, v, "not the safe default", (int32_t)r->real, NULL);
}

static void call(const struct function *f, const struct value *v)
{
    struct result r = { 77, 77, 77, NULL };
    uint32_t asks = 0;
    int i;
    for (i = 0; i < f->count; i++) {
        asks |= v[i].asks;
        memset(places[i], 0xa5, 16);
    }
    /* An error from before: a success must clear it, a failure must replace it. */
    itero_config_free((itero_config *)1);
    f->call(v, &r);
    calls++;
    check(f, v, &r, asks);
    if (f->result == R_STATUS) check_results(f, v, r.number);
    if (is_named(f, "_free") && r.number == ITERO_OK && v[0].pointer != NULL) {
        live[f->params[0].handle] = NULL;
        make_missing();
    }
}

static void try_all(const struct function *f)
{
    struct value bad[MOST_PARAMS][MOST_VALUES];
    struct value v[MOST_PARAMS] = { { NULL, NULL, 0, NULL, 0 } };
    int counts[MOST_PARAMS], most = 0, i, k;
    for (i = 0; i < f->count; i++) v[i] = good(&f->params[i], i);
    call(f, v);
    /* Only now: a free has replaced the live handle that some wrong values are near to. */
    for (i = 0; i < f->count; i++) {
        counts[i] = bad_values(&f->params[i], i, bad[i]);
        if (counts[i] > most) most = counts[i];
    }
    for (i = 0; i < f->count; i++)
        for (k = 0; k < counts[i]; k++) {
            int j;
            for (j = 0; j < f->count; j++) v[j] = good(&f->params[j], j);
            v[i] = bad[i][k];
            call(f, v);
        }
    for (k = 0; k < most; k++) {
        for (i = 0; i < f->count; i++) v[i] = bad[i][k % counts[i]];
        call(f, v);
    }
}

/* The longest text is taken, one byte more is not. */
static void try_longest(void)
{
    itero_config *config = live[KIND_itero_config];
    const char *longest = long_ascii + (MEGABYTE - 1 - 65536);
    must(itero_config_set_client_secret(config, longest), "65536 bytes");
    if (itero_config_set_client_secret(config, longest - 1) != ITERO_E_ARGUMENT) {
        printf("65537 bytes were taken\n");
        exit(1);
    }
    renew(KIND_itero_config);
}

int main(void)
{
    int i, kind;
    setvbuf(stdout, NULL, _IONBF, 0);
    long_ascii = malloc(MEGABYTE);
    long_umlauts = malloc(MEGABYTE);
    if (long_ascii == NULL || long_umlauts == NULL) return 1;
    memset(long_ascii, 'a', MEGABYTE - 1);
    long_ascii[MEGABYTE - 1] = 0;
    for (i = 0; i < MEGABYTE - 2; i += 2) memcpy(long_umlauts + i, "\xc3\xa4", 2);
    long_umlauts[MEGABYTE - 2] = 0;
    for (i = 0; i < MOST_PARAMS; i++)
        if ((places[i] = malloc(16)) == NULL) return 1;
    make_missing();
    for (kind = 0; kind < KINDS; kind++) {
        stale[kind] = make(kind);
        if (stale[kind] == NULL) continue;
        must(free_handle(kind, stale[kind]), "free");
        if (free_handle(kind, stale[kind]) != ITERO_E_HANDLE) {
            printf("freed twice, kind %d\n", kind);
            return 1;
        }
    }
    try_longest();
    for (i = 0; i < FUNCTIONS; i++) {
        try_all(&functions[i]);
        renew(KIND_itero_config);
        renew(KIND_itero_scan_request);
        renew(KIND_itero_order_query);
    }
    for (kind = 0; kind < KINDS; kind++)
        if (live[kind] != NULL) must(free_handle(kind, live[kind]), "free at the end");
    must(itero_shutdown(5000), "shutdown");
    if (complaints > 0) {
        printf("%d promises broken in %ld calls\n", complaints, calls);
        return 1;
    }
    printf("misuse ok: %d functions, %ld calls\n", FUNCTIONS, calls);
    return 0;
}
