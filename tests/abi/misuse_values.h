/* The right and the wrong values for each kind of parameter; a part of misuse.c. */

/* ------------------------------------------------------------------------------------------------------------------
 * Right values
 */

#if defined(_WIN32)
#define NOWHERE "C:\\nowhere-" MARK "\\itero"
#else
#define NOWHERE "/nowhere-" MARK "/itero"
#endif
#define CLOSED_PORT "http://127.0.0.1:9/" MARK

static const char *good_text(const char *name)
{
    static const char *const known[][2] = {
        { "url", CLOSED_PORT },
        { "redirect_url", CLOSED_PORT },
        { "notification_url", CLOSED_PORT },
        { "url_template", CLOSED_PORT },
        { "proxy", CLOSED_PORT },
        { "domain", MARK ".example.com" },
        { "name", "token" },
        { "version", "1.0" },
        { "ca_file", NOWHERE },
        { "program", NOWHERE },
        { "folder", NOWHERE },
        { "state_file", NOWHERE },
        { "token_file", NOWHERE },
        { "path", NOWHERE },
        { "from", "2026-03-31" },
        { "since", "2026-03-31" },
        { "to", "2026-04-30" },
        { "patient_birth_date", "1990-02-28" },
        { "due_date", "2026-05-31" },
        { "patient_id", "6f1b8c1e-52a0-4b8e-9a7e-0d6f5f0c2a11" },
        { "body", "{\"rxId\":\"" MARK "\",\"accountId\":\"" MARK "\"}" },
    };
    size_t i;
    for (i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i][0], name) == 0) return known[i][1];
    return MARK "-quince";
}

/* Makes a handle of a kind that needs no answer from the service; NULL for the others. */
static void *make(int kind)
{
    itero_client *client = live[KIND_itero_client];
    void *made = NULL;
    switch (kind) {
    case KIND_itero_config: {
        itero_config *config = NULL;
        must(itero_config_new(&config), "config");
        must(itero_config_set_client_id(config, "client"), "client id");
        must(itero_config_set_client_secret(config, MARK "-secret"), "client secret");
        must(itero_config_set_login_page(config, CLOSED_PORT), "login page");
        must(itero_config_set_oauth_base(config, CLOSED_PORT), "oauth base");
        must(itero_config_set_base_url(config, CLOSED_PORT), "base URL");
        must(itero_config_set_redirect_url(config, CLOSED_PORT), "redirect URL");
        must(itero_config_set_browser(config, NOWHERE), "browser");
        must(itero_config_set_proxy(config, "none"), "proxy");
        must(itero_config_set_token_memory(config), "token memory");
        must(itero_config_set_timeouts(config, 200, 200, 200), "timeouts");
        made = config;
        break;
    }
    case KIND_itero_client: {
        must(itero_client_new(live[KIND_itero_config], &client), "client");
        made = client;
        break;
    }
    case KIND_itero_login: {
        itero_login *login = NULL;
        must(itero_login_begin(client, &login), "login");
        made = login;
        break;
    }
    case KIND_itero_scan_request: {
        itero_scan_request *request = NULL;
        must(itero_scan_request_new(&request), "scan request");
        made = request;
        break;
    }
    case KIND_itero_order_query: {
        itero_order_query *query = NULL;
        must(itero_order_query_new(&query), "order query");
        made = query;
        break;
    }
    case KIND_itero_notification: {
        itero_notification *notification = NULL;
        must(itero_notification_parse(good_text("body"), &notification), "notification");
        made = notification;
        break;
    }
    case KIND_itero_error: {
        itero_error *error = NULL;
        itero_config_free((itero_config *)1);
        must(itero_error_capture(&error), "error");
        made = error;
        break;
    }
    case KIND_itero_listener: {
        itero_listener *listener = NULL;
        must(itero_listener_start(client, 0, NULL, NULL, &listener), "listener");
        made = listener;
        break;
    }
    default:
        break;
    }
    return made;
}

/* Config before client, client before what comes from it. */
static void make_missing(void)
{
    int kind;
    if (live[KIND_itero_config] == NULL) live[KIND_itero_config] = make(KIND_itero_config);
    if (live[KIND_itero_client] == NULL) live[KIND_itero_client] = make(KIND_itero_client);
    for (kind = 0; kind < KINDS; kind++)
        if (live[kind] == NULL) live[kind] = make(kind);
}

/* Objects that a function may have changed begin anew. */
static void renew(int kind)
{
    must(free_handle(kind, live[kind]), "free");
    live[kind] = make(kind);
}

static struct value good(const struct param *p, int index)
{
    struct value v = { NULL, NULL, 0, "good", 0 };
    switch (p->kind) {
    case P_HANDLE:
        v.pointer = live[p->handle];
        if (v.pointer == NULL && !p->may_be_null) {
            v.label = "(can't be made)";
            v.pointer = live[p->handle == KIND_itero_error ? KIND_itero_config : KIND_itero_error];
            v.asks = BIT(ITERO_E_HANDLE);
        }
        break;
    case P_TEXT: v.text = good_text(p->name); break;
    case P_INT: v.number = strcmp(p->name, "level") == 0 || strstr(p->name, "_ms") == NULL ? 1 : 0; break;
    case P_OUT_HANDLE:
    case P_OUT_NUMBER: v.pointer = places[index]; break;
    case P_BUFFER: v.pointer = buffers[index].bytes; break;
    case P_CALLBACK: v.number = 1; break;
    default: break;
    }
    if (strcmp(p->name, "port") == 0) v.number = 0;
    if (strcmp(p->name, "code_page") == 0) v.number = 65001;
    if (strcmp(p->name, "utf16_length") == 0) v.number = -1;
    if (strcmp(p->name, "buffer_size") == 0) v.number = MEGABYTE / 4;
    return v;
}

/* ------------------------------------------------------------------------------------------------------------------
 * Wrong values
 */

static uintptr_t chance(void)
{
    static uint64_t state = UINT64_C(88172645463325252);
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uintptr_t)state;
}

static int add_handle(struct value *list, int count, uintptr_t bits, const char *label)
{
    struct value v = { NULL, NULL, 0, NULL, BIT(ITERO_E_HANDLE) };
    v.pointer = (void *)bits;
    v.label = label;
    list[count] = v;
    return count + 1;
}

static int bad_handles(const struct param *p, struct value *list)
{
    static char heap_like[64];
    char stack_like[8];
    int count = 0;
    unsigned bit;
    int kind;
    uintptr_t mine = (uintptr_t)live[p->handle];
    count = add_handle(list, count, 0, "NULL");
    if (p->may_be_null) list[0].asks = 0;
    count = add_handle(list, count, 1, "1");
    count = add_handle(list, count, 4096, "4096");
    count = add_handle(list, count, ~(uintptr_t)0, "all ones");
    count = add_handle(list, count, ~(uintptr_t)0 >> 1, "all ones but the first");
    count = add_handle(list, count, (uintptr_t)&stack_like[0], "an address on the stack");
    count = add_handle(list, count, (uintptr_t)&heap_like[0], "an address of a variable");
    count = add_handle(list, count, (uintptr_t)long_ascii, "an address on the heap");
    count = add_handle(list, count, (uintptr_t)long_ascii + 1, "an odd address on the heap");
    for (kind = 0; kind < KINDS; kind++)
        if (kind != p->handle && live[kind] != NULL)
            count = add_handle(list, count, (uintptr_t)live[kind], "a handle of another kind");
    for (kind = 0; kind < KINDS; kind++)
        if (stale[kind] != NULL)
            count = add_handle(list, count, (uintptr_t)stale[kind], "a freed handle");
    if (mine != 0) {
        count = add_handle(list, count, mine + 1, "a live handle plus one");
        count = add_handle(list, count, mine - 1, "a live handle less one");
        for (bit = 0; bit < sizeof mine * 8; bit++)
            count = add_handle(list, count, mine ^ (uintptr_t)1 << bit, "a live handle with a wrong bit");
    }
    for (bit = 0; bit < 8; bit++) count = add_handle(list, count, chance(), "chance");
    return count;
}

static int bad_texts(const struct param *p, struct value *list)
{
    struct value all[] = {
        { NULL, NULL, 0, "NULL", BIT(ITERO_E_ARGUMENT) },
        { NULL, "\xff\xfe", 0, "bytes of no text", BIT(ITERO_E_TEXT) },
        { NULL, "M\xfcller", 0, "ANSI", BIT(ITERO_E_TEXT) },
        { NULL, "a\xe2\x82", 0, "a cut sequence", BIT(ITERO_E_TEXT) },
        { NULL, "\xc0\xaf", 0, "an overlong sequence", BIT(ITERO_E_TEXT) },
        { NULL, "\xed\xa0\x80", 0, "a surrogate", BIT(ITERO_E_TEXT) },
        { NULL, "\xf4\x90\x80\x80", 0, "beyond Unicode", BIT(ITERO_E_TEXT) },
        { NULL, NULL, 0, "a megabyte", BIT(ITERO_E_ARGUMENT) },
        { NULL, NULL, 0, "a megabyte of umlauts", BIT(ITERO_E_ARGUMENT) },
        { NULL, "", 0, "empty", 0 },
        { NULL, "\r\n%s%n{}", 0, "control characters", 0 },
    };
    all[7].text = long_ascii;
    all[8].text = long_umlauts;
    if (p->may_be_null) all[0].asks = 0;
    memcpy(list, all, sizeof all);
    return (int)(sizeof all / sizeof all[0]);
}

static int bad_numbers(const struct param *p, struct value *list)
{
    static const struct value all[] = {
        { NULL, NULL, 0, "0", 0 },
        { NULL, NULL, -1, "-1", 0 },
        { NULL, NULL, INT32_MIN, "INT32_MIN", 0 },
        { NULL, NULL, INT32_MAX, "INT32_MAX", 0 },
    };
    /* A negative or long wait on a good handle is not wrong; it would only last. */
    int count = strcmp(p->name, "wait_ms") == 0 ? 1 : 4;
    int i;
    memcpy(list, all, sizeof all);
    /* 0 is UTF-8. */
    if (strcmp(p->name, "code_page") == 0)
        for (i = 1; i < count; i++) list[i].asks = BIT(ITERO_E_ARGUMENT);
    return count;
}

static int bad_values(const struct param *p, int index, struct value *list)
{
    switch (p->kind) {
    case P_HANDLE: return bad_handles(p, list);
    case P_TEXT: return bad_texts(p, list);
    case P_INT:
    case P_UINT: return bad_numbers(p, list);
    case P_OUT_HANDLE:
    case P_OUT_NUMBER:
        list[0] = list[1] = good(p, index);
        list[0].pointer = NULL;
        list[0].label = "NULL";
        list[0].asks = p->may_be_null ? 0 : BIT(ITERO_E_ARGUMENT);
        list[1].pointer = places[index] + 1;
        list[1].label = "an odd address";
        return 2;
    case P_BUFFER:
        list[0] = list[1] = good(p, index);
        list[0].pointer = NULL;
        list[0].label = "NULL";
        list[0].asks = p->may_be_null ? 0 : BIT(ITERO_E_ARGUMENT);
        list[1].pointer = buffers[index].bytes + 1;
        list[1].label = "an odd address";
        return 2;
    default:
        list[0] = list[1] = good(p, index);
        list[0].number = 0;
        list[0].label = "NULL";
        list[1].pointer = (void *)chance();
        list[1].label = "chance";
        return 2;
    }
}
