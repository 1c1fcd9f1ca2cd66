/*
 * The token store on Windows, through the import library:
 *
 *     store sign-in READY FILE SANDBOX   signs in; the sandbox's executable plays the person at the browser
 *     store state READY FILE             the state, and the status of a call that needs a token
 *     store refresh READY FILE COUNT     asks for new tokens COUNT times, beside other processes
 *     store damage READY FILE            each damaged copy of the file must be told as ITERO_E_STORE
 *
 * FILE is "" for the user's own folder. All paths are absolute.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "itero.h"

static void fail(const char *what, long number)
{
    fflush(stdout);
    fprintf(stderr, "store: %s: %ld\n  %s\n", what, number, itero_last_error_message());
    exit(1);
}

static void check(int32_t status)
{
    if (status != ITERO_OK) fail("a call failed", status);
}

static size_t read_whole(const char *path, char *bytes, size_t size)
{
    FILE *file = fopen(path, "rb");
    size_t length;
    if (file == NULL) fail(path, 0);
    length = fread(bytes, 1, size - 1, file);
    bytes[length] = '\0';
    fclose(file);
    return length;
}

static void write_whole(const char *path, const char *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(bytes, 1, length, file) != length) fail(path, 1);
    fclose(file);
}

/* The text member `name` of the sandbox's ready file. */
static const char *member(const char *json, const char *name, char *value, size_t size)
{
    char key[64];
    const char *at;
    size_t length = 0;
    snprintf(key, sizeof key, "\"%s\":", name);
    at = strstr(json, key);
    if (at == NULL) fail(name, 0);
    at += strlen(key);
    while (*at == ' ') at++;
    if (*at == '"')
        for (at++; *at != '"' && *at != '\0' && length + 1 < size; at++) {
            if (*at == '\\') at++;
            value[length++] = *at;
        }
    value[length] = '\0';
    return value;
}

static itero_client *make_client(const char *ready, const char *file, const char *browser)
{
    static char json[65536];
    char value[1024];
    itero_config *config;
    itero_client *client;
    read_whole(ready, json, sizeof json);
    check(itero_config_new(&config));
    check(itero_config_set_client_id(config, member(json, "clientId", value, sizeof value)));
    check(itero_config_set_client_secret(config, member(json, "clientSecret", value, sizeof value)));
    check(itero_config_set_login_page(config, member(json, "loginPage", value, sizeof value)));
    check(itero_config_set_oauth_base(config, member(json, "oauthBase", value, sizeof value)));
    check(itero_config_set_base_url(config, member(json, "baseUrl", value, sizeof value)));
    check(itero_config_set_browser(config, browser));
    check(itero_config_set_token_file(config, file));
    check(itero_client_new(config, &client));
    check(itero_config_free(config));
    return client;
}

static int32_t call(itero_client *client)
{
    itero_accounts *accounts;
    int32_t status = itero_accounts_get(client, &accounts);
    if (status == ITERO_OK) itero_accounts_free(accounts);
    return status;
}

static void sign_in(itero_client *client)
{
    itero_login *login;
    check(itero_login_run(client, 30000, &login));
    check(itero_login_wait(login, -1));
    check(itero_login_free(login));
    printf("signed in, state %" PRId32 "\n", itero_client_state(client));
}

static void state(itero_client *client)
{
    int32_t state = itero_client_state(client), status = call(client);
    printf("state %" PRId32 ", status %" PRId32 ": %s\n", state, status, itero_last_error_message());
}

static void refresh(itero_client *client, int count)
{
    int i;
    for (i = 0; i < count; i++) check(itero_client_refresh(client));
    check(call(client));
    printf("%d refreshes\n", count);
}

/* Nothing of a token or an address shows, and whatever is changed or cut off is told and never crashes. */
static void damage(const char *ready, const char *file)
{
    static char whole[65536], changed[65536];
    static const char *const plain[] = { "oken", "http", "127.0.0.1", "{\"" };
    size_t length = read_whole(file, whole, sizeof whole), i, j;
    int count = 0, told = 0;
    for (i = 0; i < sizeof plain / sizeof plain[0]; i++)
        for (j = 0; j + strlen(plain[i]) <= length; j++)
            if (memcmp(whole + j, plain[i], strlen(plain[i])) == 0) fail(plain[i], (long)j);
    for (i = 0; i < length; i += length / 40 + 1) {
        int cut;
        for (cut = 0; cut < 2; cut++) {
            itero_client *client;
            memcpy(changed, whole, length);
            changed[i] ^= 0x40;
            write_whole(file, changed, cut ? i : length);
            client = make_client(ready, file, "");
            if (itero_client_state(client) == ITERO_STATE_SIGNED_OUT) {
                if (call(client) != ITERO_E_STORE) fail("not told as ITERO_E_STORE", (long)i);
                told++;
            } else if (cut || call(client) != ITERO_OK) {
                /* Wine's data protection doesn't look at all bytes of its head; what comes out must be the whole. */
                fail("a damaged file opens", (long)i);
            }
            check(itero_client_free(client));
            count++;
        }
    }
    write_whole(file, whole, length);
    if (told < count * 3 / 4) fail("too few are told", told);
    printf("%d of %d damaged files told, no plain text in %lu bytes\n", told, count, (unsigned long)length);
}

int main(int argc, char **argv)
{
    itero_client *client;
    if (argc < 4) fail("too few arguments", argc);
    if (strcmp(argv[1], "damage") == 0) {
        damage(argv[2], argv[3]);
    } else {
        client = make_client(argv[2], argv[3], argc > 4 && strcmp(argv[1], "sign-in") == 0 ? argv[4] : "");
        if (strcmp(argv[1], "sign-in") == 0) sign_in(client);
        else if (strcmp(argv[1], "state") == 0) state(client);
        else if (strcmp(argv[1], "refresh") == 0 && argc > 4) refresh(client, atoi(argv[4]));
        else fail("no such test", 0);
        check(itero_client_free(client));
    }
    check(itero_shutdown(5000));
    return 0;
}
