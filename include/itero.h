/*
 * itero.h: practice software talks to Align's iTero scanner cloud, in its own process.
 *
 * This file is generated from the library's source; it is also its manual. An independent client: Align, iTero and
 * OrthoCAD are marks of Align Technology, Inc.
 *
 * What holds for every function:
 *
 * - It may be called from every thread at once. It never throws, never crashes the program on wrong arguments, and
 *   never writes to stdout or stderr.
 * - It returns a status (ITERO_OK is 0) and puts results into its last parameters, only on success; or, as a getter, it
 *   returns the value itself, and a safe default on a bad handle or index.
 * - After a failure itero_last_error_message says what was wrong, on the same thread; see "Errors".
 * - Handles are numbers in the guise of pointers: never look behind them. A handle that is NULL, was freed, is of
 *   another kind or never existed gives ITERO_E_HANDLE. Every handle that a function gives out is freed with the _free
 *   function of its type, in any order; no function takes a handle away, not even on success.
 * - Text is UTF-8 and ends with a NUL. Text that is passed in is copied, at most 65536 bytes. Text that is returned
 *   belongs to its handle and lives until the handle is freed; never free it.
 * - A function's comment begins with its row in the vendor's overview (A1 to A8 sign-in and pairing, D1 to D7 the
 *   practice's work, P1 to P5 patients) where it has one, and ends with whether it uses the network.
 * - Functions that use the network block their thread; itero_client_cancel ends them from another one. Long work is a
 *   job: a sign-in or a download is started, then waited for.
 * - Callbacks come on the library's own threads, one at a time for each object, and may call any function. They must not
 *   throw and must not wait for a thread that frees or stops their object.
 */

#ifndef ITERO_H
#define ITERO_H

#include <stdint.h>

#ifndef ITERO_CALL
#if defined(_WIN32)
#define ITERO_CALL __cdecl
#else
#define ITERO_CALL
#endif
#endif

#ifndef ITERO_API
#if defined(_WIN32) && !defined(ITERO_STATIC)
#define ITERO_API __declspec(dllimport)
#else
#define ITERO_API
#endif
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* --------------------------------------------------------------------------------------------------------------------
 * Handles
 *
 * Each is freed with the function named beside it.
 * -------------------------------------------------------------------------------------------------------------------- */

/** An error that was captured. Free it with itero_error_free. */
typedef struct itero_error itero_error;

/** Settings for a client. Free it with itero_config_free. */
typedef struct itero_config itero_config;

/** A sign-in with its connections. Free it with itero_client_free. */
typedef struct itero_client itero_client;

/** One attempt to sign in. Free it with itero_login_free. */
typedef struct itero_login itero_login;

/** A table of accounts. Free it with itero_accounts_free. */
typedef struct itero_accounts itero_accounts;

/** The pairing warnings of an account. Free it with itero_warnings_free. */
typedef struct itero_warnings itero_warnings;

/** A practice configuration. Free it with itero_practice_free. */
typedef struct itero_practice itero_practice;

/** A table of patients. Free it with itero_patients_free. */
typedef struct itero_patients itero_patients;

/** Patients who may be the one that is meant. Free it with itero_matches_free. */
typedef struct itero_matches itero_matches;

/** A scan request in the making. Free it with itero_scan_request_free. */
typedef struct itero_scan_request itero_scan_request;

/** The service's record of a scan request. Free it with itero_rx_free. */
typedef struct itero_rx itero_rx;

/** Rows of the ledger. Free it with itero_ledger_free. */
typedef struct itero_ledger itero_ledger;

/** What was found out about a scan request. Free it with itero_resolution_free. */
typedef struct itero_resolution itero_resolution;

/** An outbox. Free it with itero_outbox_free. */
typedef struct itero_outbox itero_outbox;

/** A run of an outbox. Free it with itero_outbox_job_free. */
typedef struct itero_outbox_job itero_outbox_job;

/** A table of an outbox's items. Free it with itero_outbox_items_free. */
typedef struct itero_outbox_items itero_outbox_items;

/** What to ask of the orders. Free it with itero_order_query_free. */
typedef struct itero_order_query itero_order_query;

/** A table of orders. Free it with itero_orders_free. */
typedef struct itero_orders itero_orders;

/** A walk through orders, page by page. Free it with itero_order_cursor_free. */
typedef struct itero_order_cursor itero_order_cursor;

/** A download under way or done. Free it with itero_download_free. */
typedef struct itero_download itero_download;

/** One notification. Free it with itero_notification_free. */
typedef struct itero_notification itero_notification;

/** Listens for notifications. Free it with itero_listener_free. */
typedef struct itero_listener itero_listener;

/** Watches an account's orders. Free it with itero_watch_free. */
typedef struct itero_watch itero_watch;

/** A scan that is ready. Free it with itero_event_free. */
typedef struct itero_event itero_event;

/** A table of checks. Free it with itero_diagnosis_free. */
typedef struct itero_diagnosis itero_diagnosis;


/* --------------------------------------------------------------------------------------------------------------------
 * Status codes
 *
 * What every function returns that returns a status. New codes may be added at the end; none is ever reused, so treat
 * an unknown one as a failure.
 * -------------------------------------------------------------------------------------------------------------------- */

/** Success. */
#define ITERO_OK 0

/** An argument is missing, out of range or refused by the service; the message names it. */
#define ITERO_E_ARGUMENT 1

/** A text is not UTF-8. */
#define ITERO_E_TEXT 2

/** A handle is NULL, was freed, is of another kind or never existed. */
#define ITERO_E_HANDLE 3

/** The call doesn't fit the state of its object. */
#define ITERO_E_STATE 4

/** Nobody is signed in. */
#define ITERO_E_NOT_SIGNED_IN 5

/** Signed in, but not paired to an account. */
#define ITERO_E_NOT_PAIRED 6

/** No connection, or it broke. */
#define ITERO_E_NETWORK 7

/** Out of time. */
#define ITERO_E_TIMEOUT 8

/** Cancelled by itero_client_cancel, a job's cancel or itero_shutdown. */
#define ITERO_E_CANCELLED 9

/** No secure connection could be made. */
#define ITERO_E_TLS 10

/** The sign-in was refused or has ended: the user must sign in again. */
#define ITERO_E_AUTH 11

/** The user may not do this, or a URL points where nothing may be sent. */
#define ITERO_E_FORBIDDEN 12

/** Align has not enabled this feature for the account. */
#define ITERO_E_NOT_ENABLED 13

/** The service doesn't know the id. */
#define ITERO_E_NOT_FOUND 14

/** It conflicts with what the service holds. */
#define ITERO_E_CONFLICT 15

/** The service asks for fewer requests. */
#define ITERO_E_RATE_LIMIT 16

/** The service has a fault of its own (HTTP 5xx). */
#define ITERO_E_SERVICE 17

/** The answer was not understood. */
#define ITERO_E_PROTOCOL 18

/** Sent, but the answer is lost: nobody knows yet whether it was done. Never send again without looking. */
#define ITERO_E_OUTCOME_UNKNOWN 19

/** The file system refused. */
#define ITERO_E_IO 20

/** The disk is full. */
#define ITERO_E_DISK_FULL 21

/** The token store or the ledger refused. */
#define ITERO_E_STORE 22

/** A fault of this library; the host goes on unharmed. */
#define ITERO_E_PANIC 23

/** Not an error: the job or the notification that was waited for is not there yet. */
#define ITERO_E_PENDING 24

/** Too many handles are alive. */
#define ITERO_E_LIMIT 25

/**
 * The name of a status code, such as "ITERO_E_NETWORK"; "" for a number that is none. The text is never freed.
 * No network.
 */
ITERO_API const char *ITERO_CALL itero_status_name(int32_t status);

/* --------------------------------------------------------------------------------------------------------------------
 * Library
 *
 * Version, log and shutdown. None of these needs a handle.
 * -------------------------------------------------------------------------------------------------------------------- */

/** Log level: what failed. */
#define ITERO_LOG_ERROR 1

/** Log level: what failed and may succeed later, or looks wrong. */
#define ITERO_LOG_WARNING 2

/** Log level: each request with its result. */
#define ITERO_LOG_INFO 3

/** Log level: everything. */
#define ITERO_LOG_DEBUG 4

/** Receives log lines, on a thread of the library's own, one at a time. message is valid during the call only. */
typedef void (ITERO_CALL *itero_log_callback)(void *user, int32_t level, const char *message);

/** The library's version, such as "0.1.0". The text is never freed. No network. */
ITERO_API const char *ITERO_CALL itero_version(void);

/**
 * Sends the library's log lines to a callback; the one before is never called again once this returns.
 *
 * Lines hold operations, hosts, times, statuses and request ids; never a token, a secret, a URL's query or patient
 * data. They begin with the first network call.
 *
 * level: ITERO_LOG_ERROR to ITERO_LOG_DEBUG; lines up to this level come.
 * callback: NULL ends the log.
 * user: handed back to the callback; may be NULL.
 *
 * A callback must not wait for a thread that is inside itero_log_set.
 *
 * Errors: ITERO_E_ARGUMENT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_log_set(int32_t level, itero_log_callback callback, void *user);

/**
 * Ends all that runs, in all clients: calls return ITERO_E_CANCELLED, and the library's threads end. Call it before the
 * program ends or the library is unloaded. Later calls work again and start new threads.
 *
 * Once a network call was made, the library stays in memory until the process ends, even when the program unloads it;
 * so a forgotten shutdown can't crash the program.
 *
 * limit_ms: how long to wait for the threads, in milliseconds; 2000 is plenty. 0 doesn't wait.
 *
 * Errors: ITERO_E_ARGUMENT (limit_ms is negative), ITERO_E_TIMEOUT (a thread was still busy, for instance in a callback
 * of the host). No network.
 */
ITERO_API int32_t ITERO_CALL itero_shutdown(int32_t limit_ms);

/* --------------------------------------------------------------------------------------------------------------------
 * Errors
 *
 * A failing call leaves its error for the calling thread; a succeeding one clears it. The `_free` functions, the getters
 * below, itero_version and itero_status_name leave it alone when they succeed. Every thread has its own. The texts below
 * are valid until the next call of this library on the same thread; itero_error_capture makes an error that lives until
 * it is freed and that other threads may read.
 *
 * No message ever holds a secret or patient data.
 * -------------------------------------------------------------------------------------------------------------------- */

/** The status of the last failed call on this thread; ITERO_OK when the last call succeeded. No network. */
ITERO_API int32_t ITERO_CALL itero_last_error_status(void);

/**
 * What went wrong in the last failed call on this thread: the function's name, what was wrong and where. English, for
 * a log or a help desk. "" when the last call succeeded. No network.
 */
ITERO_API const char *ITERO_CALL itero_last_error_message(void);

/** The name of the function that failed last on this thread; "" when the last call succeeded. No network. */
ITERO_API const char *ITERO_CALL itero_last_error_operation(void);

/** One sentence of advice for the person who has to act; "" when the last call succeeded. No network. */
ITERO_API const char *ITERO_CALL itero_last_error_advice(void);

/** The HTTP status of the answer that made the last call on this thread fail; 0 when there was none. No network. */
ITERO_API int32_t ITERO_CALL itero_last_error_http_status(void);

/** The service's own word for the fault, such as "NotPaired"; "" when it gave none. No network. */
ITERO_API const char *ITERO_CALL itero_last_error_service_code(void);

/** The id under which the service's help desk finds the failed request; "" when none was sent. No network. */
ITERO_API const char *ITERO_CALL itero_last_error_request_id(void);

/** 1 when the same call may succeed later without any change, else 0. No network. */
ITERO_API int32_t ITERO_CALL itero_last_error_retryable(void);

/**
 * How long the service asks to wait before the next call, in milliseconds; -1 when it doesn't say. What it asks for has
 * been kept already where the call's own time allowed it. No network.
 */
ITERO_API int64_t ITERO_CALL itero_last_error_retry_after_ms(void);

/**
 * D2, Scan Request: the operation id of the scan request that the error is about, for itero_rx_resolve; "" when it is
 * about none. It is there with ITERO_E_OUTCOME_UNKNOWN. No network.
 */
ITERO_API const char *ITERO_CALL itero_last_error_operation_id(void);

/**
 * Captures this thread's last error in a handle of its own, so that another thread can read it.
 *
 * error_out: where the handle goes; free it with itero_error_free. When the last call succeeded, the captured error
 * has the status ITERO_OK and empty texts. This thread's last error stays as it is.
 *
 * Errors: ITERO_E_ARGUMENT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_error_capture(itero_error **error_out);

/** The captured status. 0 on a bad handle. No network. */
ITERO_API int32_t ITERO_CALL itero_error_status(const itero_error *error);

/** The captured message, as itero_last_error_message gives it. "" on a bad handle. No network. */
ITERO_API const char *ITERO_CALL itero_error_message(const itero_error *error);

/** The captured name of the function that failed. "" on a bad handle. No network. */
ITERO_API const char *ITERO_CALL itero_error_operation(const itero_error *error);

/** The captured advice. "" on a bad handle. No network. */
ITERO_API const char *ITERO_CALL itero_error_advice(const itero_error *error);

/** The captured HTTP status, 0 when there was none or on a bad handle. No network. */
ITERO_API int32_t ITERO_CALL itero_error_http_status(const itero_error *error);

/** The captured word of the service. "" when it gave none or on a bad handle. No network. */
ITERO_API const char *ITERO_CALL itero_error_service_code(const itero_error *error);

/** The captured request id. "" when no request was sent or on a bad handle. No network. */
ITERO_API const char *ITERO_CALL itero_error_request_id(const itero_error *error);

/** 1 when the captured call may succeed later without any change, else 0; 0 on a bad handle. No network. */
ITERO_API int32_t ITERO_CALL itero_error_retryable(const itero_error *error);

/**
 * The captured time to wait, in milliseconds, as itero_last_error_retry_after_ms gives it; -1 when there is none.
 * -1 on a bad handle. No network.
 */
ITERO_API int64_t ITERO_CALL itero_error_retry_after_ms(const itero_error *error);

/**
 * The captured operation id, as itero_last_error_operation_id gives it. "" when there is none or on a bad handle.
 * No network.
 */
ITERO_API const char *ITERO_CALL itero_error_operation_id(const itero_error *error);

/**
 * Frees a captured error. NULL is fine.
 *
 * Errors: ITERO_E_HANDLE. No network.
 */
ITERO_API int32_t ITERO_CALL itero_error_free(itero_error *error);

/* --------------------------------------------------------------------------------------------------------------------
 * Configuration
 *
 * A config is filled step by step and then given to itero_client_new, which takes a copy. Align issues the client id,
 * the client secret and three addresses; the sandbox prints its own at its start.
 *
 * Every text is copied. An empty text sets a member back to its default.
 * -------------------------------------------------------------------------------------------------------------------- */

/** Version 1 of the service's interface: fixed addresses, no discovery. */
#define ITERO_API_V1 1

/** Version 2 of the service's interface: regional addresses by discovery. The default. */
#define ITERO_API_V2 2

/**
 * Makes an empty config.
 *
 * config_out: where the handle goes; free it with itero_config_free.
 *
 * Errors: ITERO_E_ARGUMENT, ITERO_E_LIMIT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_config_new(itero_config **config_out);

/**
 * Sets the version of the service's interface: ITERO_API_V1 or ITERO_API_V2 (the default).
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_config_set_api_version(itero_config *config, int32_t version);

/**
 * Sets the client id that Align issued. Needed.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_config_set_client_id(itero_config *config, const char *client_id);

/**
 * Sets the client secret that Align issued. It never appears in a log or a message.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_config_set_client_secret(itero_config *config, const char *client_secret);

/**
 * Sets the address of Align's login page. Needed. https; http only to 127.0.0.1 or localhost.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_config_set_login_page(itero_config *config, const char *url);

/**
 * Sets the address below which the sign-in server's endpoints are. Needed. https; http only to 127.0.0.1 or localhost.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_config_set_oauth_base(itero_config *config, const char *url);

/**
 * Sets the base URL of the service. Needed. https; http only to 127.0.0.1 or localhost.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_config_set_base_url(itero_config *config, const char *url);

/**
 * Sets the redirect URL that Align registered for this program (A1): https without '#'; http only to this computer.
 *
 * itero_login_begin needs it. itero_login_run without one uses http://127.0.0.1:{port}/callback; with a hosted https
 * page, that page must send the browser on to http://127.0.0.1:{port}/callback with the query unchanged, and finds the
 * port in front of the first dot of the query's state. A plain http URL of this computer is taken as the listener's own.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
 */
ITERO_API
int32_t ITERO_CALL itero_config_set_redirect_url(itero_config *config,
                                                 const char *url);

/**
 * Sets the domain whose hosts may receive the access token, such as "example.com" (with all hosts below it). By default
 * it is the domain of the base URL. A token is never sent anywhere else.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_config_set_allowed_domain(itero_config *config, const char *domain);

/**
 * Overrides the URL of one endpoint, for when the service's differs from what this library or discovery says.
 *
 * name: token, revoke, accounts, pair, unpair, pairingWarnings, practice, scanRequest, scanRequestDelete, orders,
 * orderByRx, orderFiles, patientSearch, patientUpdate or patientUpdateByChart.
 * url_template: an absolute URL with {rxId}, {orderId}, {patientId} or {chartNumber} where the value goes; empty takes
 * the override back.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
 */
ITERO_API
int32_t ITERO_CALL itero_config_set_endpoint(itero_config *config,
                                             const char *name,
                                             const char *url_template);

/**
 * Sets the name and version of the host program; they go into the User-Agent, where the service's help desk finds them.
 *
 * name, version: letters, digits, '.', '-' and '_'; version may be "".
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_config_set_product(itero_config *config, const char *name, const char *version);

/**
 * Names the folder where the library may keep its small files: the ledger of sent Rx ("rx-ledger.jsonl" with
 * "rx-ledger.lock"). It is made when it is first needed. Programs on one computer may share it; a folder on a network
 * share must not be. Without one, the ledger is in memory alone.
 *
 * folder: an absolute path.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_config_set_state_folder(itero_config *config, const char *folder);

/**
 * Names the program that itero_login_run starts with the login page's URL as its one argument. By default the user's
 * default browser.
 *
 * program: an absolute path.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_config_set_browser(itero_config *config, const char *program);

/**
 * Sets the port on 127.0.0.1 on which itero_login_run listens, 1 to 65535; 0 (the default) lets the system choose.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_config_set_loopback_port(itero_config *config, int32_t port);

/**
 * Frees a config; clients made with it stay as they are. NULL is fine.
 *
 * Errors: ITERO_E_HANDLE. No network.
 */
ITERO_API int32_t ITERO_CALL itero_config_free(itero_config *config);

/* --------------------------------------------------------------------------------------------------------------------
 * Configuration of the network
 *
 * Proxy, trusted roots and limits; what is not set here has a default that fits a practice.
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * Sets the proxy: a URL such as "http://proxy:8080", "none" for no proxy, or "" for the system's settings (the default).
 * Requests to this computer never go through a proxy.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
 */
ITERO_API
int32_t ITERO_CALL itero_config_set_proxy(itero_config *config,
                                          const char *proxy);

/**
 * Names a PEM file with further trusted root certificates, for a practice whose proxy inspects TLS and for the sandbox.
 * It is read by itero_client_new.
 *
 * ca_file: an absolute path.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_config_set_ca_file(itero_config *config, const char *ca_file);

/**
 * Sets the time limits, each in milliseconds, 1 to 600000.
 *
 * connect_ms: until a connection stands, with name look-up and TLS (default 10000).
 * request_ms: until a call's whole answer is there, repeats after a fault and the pauses before them included (default
 * 30000); downloads have no such limit.
 * stall_ms: how long a connection of a download may bring fewer than 1000 bytes a second (default 30000); then it is
 * made again, and the download ends with ITERO_E_TIMEOUT when the next one stalls too.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT. No network.
 */
ITERO_API
int32_t ITERO_CALL itero_config_set_timeouts(itero_config *config,
                                             int32_t connect_ms,
                                             int32_t request_ms,
                                             int32_t stall_ms);

/**
 * Sets the settling time, in milliseconds, 1 to 600000 (default 60000): how long after the sending the service may take
 * to show an Rx whose answer was lost. Before it and request_ms are over, itero_rx_resolve never says "not sent".
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_config_set_settling_time(itero_config *config, int32_t settling_ms);

/**
 * Sets how many files of a download come at once, each over a connection of its own.
 *
 * count: 1 to 16 (default 4).
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_config_set_parallel_files(itero_config *config, int32_t count);

/* --------------------------------------------------------------------------------------------------------------------
 * Text encoding
 *
 * Text is UTF-8 unless a program says otherwise. A program that works in a Windows code page ("ANSI") sets it once on
 * its config: the client made from that config, and everything that comes from the client, then takes and gives text in
 * that code page. Scan requests, order queries and outboxes come from no client and have a function of their own; the path
 * that itero_outbox_open takes is UTF-8.
 *
 * Code pages: 0 or 65001 for UTF-8; 874 (Thai), 932 (Japanese), 936 (simplified Chinese), 949 (Korean), 950 (traditional
 * Chinese), 1250 (Central Europe), 1251 (Cyrillic), 1252 (Western Europe), 1253 (Greek), 1254 (Turkish), 1255 (Hebrew),
 * 1256 (Arabic), 1257 (Baltic), 1258 (Vietnam). On Windows GetACP() tells which one the program's text is in.
 *
 * Nothing is ever replaced by a question mark. A getter whose text has a character that the code page lacks returns ""
 * and leaves ITERO_E_TEXT; `_json` getters write such characters as JSON's \u escapes. Messages, log lines and the texts
 * of errors are ASCII. The body given to itero_notification_parse is what came over the network: UTF-8.
 *
 * Programs that have only wide text convert it with the last four functions. They may be called on any thread.
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * Sets the code page of the program's text; it counts for the texts set on this config afterwards, for the client made
 * from it, and for everything that comes from that client.
 *
 * code_page: a number from the list above; 0 (the default) is UTF-8.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_config_set_text_encoding(itero_config *config, int32_t code_page);

/**
 * Sets the code page of the texts that are set on this scan request afterwards.
 *
 * code_page: a number from the list above; 0 (the default) is UTF-8.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_scan_request_set_text_encoding(itero_scan_request *request, int32_t code_page);

/**
 * Sets the code page of the texts that are set on this query afterwards.
 *
 * code_page: a number from the list above; 0 (the default) is UTF-8.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_order_query_set_text_encoding(itero_order_query *query, int32_t code_page);

/**
 * Sets the code page of the texts that are given to this outbox afterwards. Its own texts are ids and messages in ASCII.
 *
 * code_page: a number from the list above; 0 (the default) is UTF-8.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT. No network.
 */
ITERO_API
int32_t ITERO_CALL itero_outbox_set_text_encoding(itero_outbox *outbox,
                                                  int32_t code_page);

/**
 * Converts UTF-8 to UTF-16, for programs that have only wide text (wchar_t on Windows).
 *
 * text: UTF-8, at most 65536 bytes.
 * buffer: where the UTF-16 goes, with a NUL; NULL to ask for the length alone.
 * buffer_size: how many 16-bit units the buffer has room for, the NUL included; 0 when buffer is NULL.
 * length_out: where the number of units goes, the NUL not counted; NULL if not wanted.
 *
 * Errors: ITERO_E_ARGUMENT (also when the buffer is too small: nothing is written, and the message tells the size),
 * ITERO_E_TEXT. No network.
 */
ITERO_API
int32_t ITERO_CALL itero_text_to_utf16(const char *text,
                                       uint16_t *buffer,
                                       int32_t buffer_size,
                                       int32_t *length_out);

/**
 * Converts UTF-16 to UTF-8, for texts that are given to this library.
 *
 * utf16: the text.
 * utf16_length: how many 16-bit units it has, at most 65536; -1 when a NUL ends it.
 * buffer: where the UTF-8 goes, with a NUL; NULL to ask for the length alone.
 * buffer_size: how many bytes the buffer has room for, the NUL included; 0 when buffer is NULL. Three bytes for each unit
 * and one for the NUL are always enough.
 * length_out: where the number of bytes goes, the NUL not counted; NULL if not wanted.
 *
 * Errors: ITERO_E_ARGUMENT (also when the buffer is too small: nothing is written, and the message tells the size),
 * ITERO_E_TEXT (half a surrogate pair, or a NUL inside). No network.
 */
ITERO_API
int32_t ITERO_CALL itero_text_from_utf16(const uint16_t *utf16,
                                         int32_t utf16_length,
                                         char *buffer,
                                         int32_t buffer_size,
                                         int32_t *length_out);

/**
 * Converts UTF-8 to a code page.
 *
 * text: UTF-8, at most 65536 bytes.
 * code_page: a number from the list above.
 * buffer: where the text goes, with a NUL; NULL to ask for the length alone.
 * buffer_size: how many bytes the buffer has room for, the NUL included; 0 when buffer is NULL.
 * length_out: where the number of bytes goes, the NUL not counted; NULL if not wanted.
 *
 * Errors: ITERO_E_ARGUMENT (also when the buffer is too small: nothing is written, and the message tells the size),
 * ITERO_E_TEXT (also when the code page lacks a character). No network.
 */
ITERO_API
int32_t ITERO_CALL itero_text_to_code_page(const char *text,
                                           int32_t code_page,
                                           char *buffer,
                                           int32_t buffer_size,
                                           int32_t *length_out);

/**
 * Converts text of a code page to UTF-8, for texts that are given to this library.
 *
 * text: in the code page, at most 65536 bytes.
 * code_page: a number from the list above.
 * buffer: where the UTF-8 goes, with a NUL; NULL to ask for the length alone.
 * buffer_size: how many bytes the buffer has room for, the NUL included; 0 when buffer is NULL. Three bytes for each byte
 * and one for the NUL are always enough.
 * length_out: where the number of bytes goes, the NUL not counted; NULL if not wanted.
 *
 * Errors: ITERO_E_ARGUMENT (also when the buffer is too small: nothing is written, and the message tells the size),
 * ITERO_E_TEXT (the text is not of this code page). No network.
 */
ITERO_API
int32_t ITERO_CALL itero_text_from_code_page(const char *text,
                                             int32_t code_page,
                                             char *buffer,
                                             int32_t buffer_size,
                                             int32_t *length_out);

/* --------------------------------------------------------------------------------------------------------------------
 * Token store
 *
 * A session outlives the program: the tokens are kept, and every client of the same user with the same API version,
 * client id, base URL and oauth base finds them, also in several programs at once. They share one sign-in: when one
 * signs in, pairs, refreshes or revokes, the others see it. By default they are kept in a file in the user's own folder:
 * %LOCALAPPDATA%\itero on Windows, $XDG_STATE_HOME/itero or ~/.local/state/itero elsewhere. It is sealed for this user
 * on this computer (by Windows' data protection; elsewhere with a key in the same folder, both files readable by the
 * user alone), so a copied file opens nowhere else. A file with the ending ".lock" beside it lets one program at a time
 * replace the tokens; it is never deleted.
 *
 * Every call that needs a token may return ITERO_E_STORE: the store can't be read, locked or written, and nothing was
 * sent; or ITERO_E_DISK_FULL before a refresh. With a file that is damaged or foreign, calls return ITERO_E_STORE until
 * the user signs in again, which replaces it.
 * -------------------------------------------------------------------------------------------------------------------- */

/** The program keeps the tokens as they come, and protects them itself. */
#define ITERO_TOKENS_OPEN 0

/** The tokens are sealed for the user on this computer before the program gets them. */
#define ITERO_TOKENS_SEALED 1

/**
 * Loads the text that was saved last and hands it over with itero_token_store_give, or hands over nothing when none was
 * saved yet. Returns 0, or any other number when it can't be loaded, which the error's message then names.
 */
typedef int32_t (ITERO_CALL *itero_token_load_callback)(void *user);

/**
 * Saves a text in the place of the one before: printable ASCII in one line, usually 2 to 8 KB, at most 65535 bytes. It
 * must be on the disk when the function returns. Returns 0, or any other number when it isn't saved.
 */
typedef int32_t (ITERO_CALL *itero_token_save_callback)(void *user, const char *text);

/**
 * Takes the lock that lets one program, or one computer, at a time replace the tokens; waits for it at most wait_ms
 * (never more than 250). Returns 0 when it was taken, 1 when another one has it (it is then asked again, for a minute),
 * or a negative number when it can't be taken at all.
 */
typedef int32_t (ITERO_CALL *itero_token_lock_callback)(void *user, int32_t wait_ms);

/** Gives the lock back. It is called once for each lock that was taken. */
typedef void (ITERO_CALL *itero_token_unlock_callback)(void *user);

/**
 * Keeps the tokens in a file of the program's choice, for a program that serves several users or practices. The file must
 * be on a disk of this computer: on a network share ITERO_E_STORE tells why when a lock is needed. Its folder is made
 * when it is first needed. "" sets it back to the default.
 *
 * token_file: an absolute path.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
 */
ITERO_API
int32_t ITERO_CALL itero_config_set_token_file(itero_config *config,
                                               const char *token_file);

/**
 * Keeps the tokens in the program's own store, such as a row of its SQL database.
 *
 * What other programs did is seen when a token is refused or replaced, and by each call that finds nobody signed in.
 *
 * All four functions are needed. They are called one at a time for each client, on the library's threads and, within
 * itero_client_new and calls that find nobody signed in, on the caller's. The lock may be given back on another thread
 * than the one that took it, so a mutex of Windows, which belongs to a thread, is not fit; a row or an application lock
 * of the database is. Between lock and unlock the others are called, and the service is asked, for at most a minute. From
 * within them the getters of the library may be called; a call that needs a token returns ITERO_E_STATE.
 *
 * sealed: ITERO_TOKENS_SEALED: the text opens for this user on this computer only, so each user of each computer needs a
 * row of its own. ITERO_TOKENS_OPEN: several computers may share one sign-in through one row and one lock; the text then
 * holds the tokens in the open and must be kept like a password, encrypted and out of other users' reach.
 * load, save, lock, unlock: see their types.
 * user: handed back to the functions; may be NULL. It must stay valid until all clients made with this config are freed.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT. No network.
 */
ITERO_API
int32_t ITERO_CALL itero_config_set_token_callbacks(itero_config *config,
                                                    int32_t sealed,
                                                    itero_token_load_callback load,
                                                    itero_token_save_callback save,
                                                    itero_token_lock_callback lock,
                                                    itero_token_unlock_callback unlock,
                                                    void *user);

/**
 * Hands the text that was saved last to the library. To be called once, from within the function load alone.
 *
 * text: as it was given to save; "" when none was saved yet. It is copied.
 *
 * Errors: ITERO_E_ARGUMENT, ITERO_E_TEXT, ITERO_E_STATE (not called from within load). No network.
 */
ITERO_API int32_t ITERO_CALL itero_token_store_give(const char *text);

/**
 * Keeps the tokens in memory alone; they are gone when the client is freed. For tests, kiosks and the sandbox.
 *
 * Errors: ITERO_E_HANDLE. No network.
 */
ITERO_API int32_t ITERO_CALL itero_config_set_token_memory(itero_config *config);

/* --------------------------------------------------------------------------------------------------------------------
 * Client
 *
 * A client is one sign-in of one program: it holds the tokens, renews them by itself, and keeps its connections. One
 * client may be used by all threads at once. It goes through three states: signed out, signed in, paired.
 * -------------------------------------------------------------------------------------------------------------------- */

/** Nobody is signed in. */
#define ITERO_STATE_SIGNED_OUT 0

/** Signed in, not paired to an account. */
#define ITERO_STATE_SIGNED_IN 1

/** Signed in and paired to an account. */
#define ITERO_STATE_PAIRED 2

/**
 * Makes a client from a copy of the config, after checking all of it. A session that is kept from before, or that
 * another program of the same user has, is there at once; see itero_client_state. When the token store can't be read,
 * the client is made all the same, nobody is signed in, and the first call that needs a token returns ITERO_E_STORE with
 * the reason; a new sign-in replaces what is damaged.
 *
 * client_out: where the handle goes; free it with itero_client_free.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT (names all that the config lacks), ITERO_E_FORBIDDEN (the base URL is
 * outside the allowed domain), ITERO_E_LIMIT. No network.
 */
ITERO_API
int32_t ITERO_CALL itero_client_new(const itero_config *config,
                                    itero_client **client_out);

/**
 * How far the sign-in has come: ITERO_STATE_SIGNED_OUT, ITERO_STATE_SIGNED_IN or ITERO_STATE_PAIRED; signed out on a bad
 * handle. It is what this client and the other programs with the same token file know; the service may have ended the
 * sign-in meanwhile. No network.
 */
ITERO_API
int32_t ITERO_CALL itero_client_state(const itero_client *client);

/**
 * The id of the account that the session is paired to; "" when it isn't paired or on a bad handle. The text lives as
 * long as the client. No network.
 */
ITERO_API const char *ITERO_CALL itero_client_account_id(const itero_client *client);

/**
 * The region that discovery gave, such as "us"; "" before discovery, in V1 and on a bad handle. It is kept with the
 * session. The text lives as long as the client. No network.
 */
ITERO_API const char *ITERO_CALL itero_client_region(const itero_client *client);

/**
 * A5, Discovery: asks for the region's addresses now. Other calls do it by themselves when it is needed, and again when
 * the region has moved. V2 only.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT (V1), ITERO_E_NETWORK, ITERO_E_TIMEOUT, ITERO_E_TLS, ITERO_E_CANCELLED,
 * ITERO_E_FORBIDDEN (an address is outside the allowed domain), ITERO_E_PROTOCOL, ITERO_E_SERVICE. Uses the network.
 */
ITERO_API int32_t ITERO_CALL itero_client_discover(itero_client *client);

/**
 * A3, Refresh Token: new tokens now. Other calls do it by themselves, once, however many threads and programs ask: when
 * another program with the same token store has new tokens already, those are taken.
 *
 * At most 60 s are waited for the store's lock and 30 s for the service. An answer that was lost on the way is asked for
 * once more. Tokens that came but could not be saved are used, told of in the log, and saved with the next call.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_STATE (called from within a function of the token store), ITERO_E_NOT_SIGNED_IN,
 * ITERO_E_AUTH (the sign-in has ended), ITERO_E_STORE (the token store can't be locked, read or written; nothing was
 * sent), ITERO_E_DISK_FULL (nothing was sent), ITERO_E_NETWORK, ITERO_E_TIMEOUT, ITERO_E_TLS, ITERO_E_CANCELLED,
 * ITERO_E_PROTOCOL, ITERO_E_SERVICE. After all but ITERO_E_AUTH the session is kept. Uses the network.
 */
ITERO_API
int32_t ITERO_CALL itero_client_refresh(itero_client *client);

/**
 * A4, Revoke Token: signs out, and with it all programs that use the same token store. This client's tokens are gone in
 * every case; an error says that the service was not told, so that its tokens end only by themselves, or that the token
 * store could not be written (ITERO_E_STORE) and still holds tokens, which the service has ended.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_STATE, ITERO_E_NOT_SIGNED_IN, ITERO_E_STORE, ITERO_E_DISK_FULL, ITERO_E_NETWORK, ITERO_E_TIMEOUT, ITERO_E_TLS, ITERO_E_CANCELLED,
 * ITERO_E_PROTOCOL, ITERO_E_SERVICE. Uses the network.
 */
ITERO_API
int32_t ITERO_CALL itero_client_revoke(itero_client *client);

/**
 * A7, Pair: binds the session to one account. The service gives a new token set, which replaces the old one at once.
 *
 * account_id: from itero_accounts_id.
 * notification_url: where the service tells of finished scans (D5), such as itero_listener_url gives; https, or http to
 * this computer. NULL for none.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT, ITERO_E_NOT_SIGNED_IN, ITERO_E_STORE, ITERO_E_DISK_FULL,
 * ITERO_E_AUTH, ITERO_E_FORBIDDEN, ITERO_E_NOT_FOUND, ITERO_E_NETWORK, ITERO_E_TIMEOUT, ITERO_E_TLS,
 * ITERO_E_CANCELLED, ITERO_E_PROTOCOL, ITERO_E_SERVICE. Uses the network.
 */
ITERO_API
int32_t ITERO_CALL itero_client_pair(itero_client *client,
                                     const char *account_id,
                                     const char *notification_url);

/**
 * A8, Un Pair: ends the pairing. The sign-in stays; calls that need an account answer ITERO_E_NOT_PAIRED from then on.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_NOT_SIGNED_IN, ITERO_E_STORE, ITERO_E_DISK_FULL, ITERO_E_NOT_PAIRED, ITERO_E_AUTH,
 * ITERO_E_NETWORK, ITERO_E_TIMEOUT, ITERO_E_TLS, ITERO_E_CANCELLED, ITERO_E_PROTOCOL, ITERO_E_SERVICE. Uses the
 * network.
 */
ITERO_API int32_t ITERO_CALL itero_client_unpair(itero_client *client);

/**
 * Ends everything that runs on this client, from any thread and within a quarter of a second: calls, sign-ins and
 * downloads return ITERO_E_CANCELLED. Later calls work as before.
 *
 * Errors: ITERO_E_HANDLE. No network.
 */
ITERO_API int32_t ITERO_CALL itero_client_cancel(itero_client *client);

/**
 * Frees a client: its tokens are wiped from memory; calls, sign-ins and downloads still running on it are cancelled.
 * The kept session stays where it is kept. Handles that came from it live on and are freed on their own, in any order.
 * With functions given to itero_config_set_token_callbacks it waits, at most 35 s, until a refresh that is under way has
 * been saved; none of them is called after it has returned. NULL is fine.
 *
 * Errors: ITERO_E_HANDLE. No network.
 */
ITERO_API
int32_t ITERO_CALL itero_client_free(itero_client *client);

/* --------------------------------------------------------------------------------------------------------------------
 * Sign-in
 *
 * Three ways, all with PKCE (RFC 7636) and, but for the last, with a state that this library makes and checks:
 *
 * 1. itero_login_run opens the user's browser, waits on 127.0.0.1 and signs the client in. A job: wait, look, cancel.
 * 2. itero_login_begin gives the login page's URL; the host shows it, in a browser control or through a hosted redirect
 *    page, and hands the redirect URL to itero_login_complete.
 * 3. itero_auth_exchange_code is for hosts that do all of it themselves and only bring the code.
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * A1, Authorization: prepares a sign-in whose browser the host shows itself.
 *
 * login_out: where the handle goes; free it with itero_login_free.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT (the config has no redirect URL), ITERO_E_LIMIT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_login_begin(itero_client *client, itero_login **login_out);

/**
 * The login page's URL to show to the user, good for this attempt alone. "" on a bad handle, and for a moment after
 * itero_login_run, until it listens. The text lives as long as the handle. No network.
 */
ITERO_API const char *ITERO_CALL itero_login_url(const itero_login *login);

/**
 * A2, Get Token: takes the URL that the browser was redirected to, checks it and signs the client in.
 *
 * redirect_url: the whole URL with its query, as the browser shows it.
 *
 * After a URL that was not accepted, the attempt goes on: hand over the right one. A code works once.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_TEXT, ITERO_E_ARGUMENT (not a URL, or not the configured redirect URL),
 * ITERO_E_STATE (this attempt has used its code already, or was begun with itero_login_run), ITERO_E_AUTH (state
 * missing or wrong, no code, the login page's error=, or a code that the service refuses), ITERO_E_STORE,
 * ITERO_E_DISK_FULL, ITERO_E_NETWORK, ITERO_E_TIMEOUT, ITERO_E_TLS, ITERO_E_CANCELLED, ITERO_E_PROTOCOL,
 * ITERO_E_SERVICE. Uses the network.
 */
ITERO_API int32_t ITERO_CALL itero_login_complete(itero_login *login, const char *redirect_url);

/**
 * A1 and A2 in one, as a job: opens the browser (itero_config_set_browser), listens on 127.0.0.1, and signs the client
 * in when the user has logged in. Wait for it with itero_login_wait.
 *
 * The browser ends on a page that tells the user to go back to the program.
 *
 * limit_ms: how long the user may take, in milliseconds; negative for no limit.
 * login_out: where the handle goes; free it with itero_login_free.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_IO, ITERO_E_LIMIT. Uses the network, on its own threads.
 */
ITERO_API int32_t ITERO_CALL itero_login_run(itero_client *client, int32_t limit_ms, itero_login **login_out);

/**
 * Waits for a sign-in that itero_login_run began.
 *
 * wait_ms: how long to wait, in milliseconds; 0 only looks, negative waits as long as it takes.
 *
 * Returns ITERO_OK when the client is signed in, ITERO_E_PENDING while it isn't yet, else why it failed.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_STATE (begun with itero_login_begin), ITERO_E_PENDING, ITERO_E_TIMEOUT (limit_ms is
 * over), ITERO_E_CANCELLED, ITERO_E_AUTH (error= from the login page, or the code was refused), ITERO_E_STORE,
 * ITERO_E_DISK_FULL, ITERO_E_IO (no browser, or the port is in use), ITERO_E_NETWORK, ITERO_E_TLS, ITERO_E_PROTOCOL,
 * ITERO_E_SERVICE. Uses no network itself.
 */
ITERO_API int32_t ITERO_CALL itero_login_wait(itero_login *login, int32_t wait_ms);

/**
 * Cancels a sign-in that itero_login_run began; itero_login_wait then returns ITERO_E_CANCELLED.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_STATE (begun with itero_login_begin). No network.
 */
ITERO_API int32_t ITERO_CALL itero_login_cancel(itero_login *login);

/**
 * Frees a sign-in; one that still runs is cancelled. A client that it signed in stays signed in. NULL is fine.
 *
 * Errors: ITERO_E_HANDLE. No network.
 */
ITERO_API int32_t ITERO_CALL itero_login_free(itero_login *login);

/**
 * A2, Get Token, for hosts that bring their own login page, state and PKCE: exchanges a code for tokens.
 *
 * code: from the redirect URL's query, decoded.
 * redirect_url: the one that the login page was given.
 * code_verifier: PKCE's verifier; NULL when the login page was given no challenge.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT, ITERO_E_AUTH (the code was used, has expired or belongs to
 * another verifier), ITERO_E_STORE, ITERO_E_DISK_FULL, ITERO_E_NETWORK, ITERO_E_TIMEOUT, ITERO_E_TLS,
 * ITERO_E_CANCELLED, ITERO_E_PROTOCOL, ITERO_E_SERVICE. Uses the network.
 */
ITERO_API
int32_t ITERO_CALL itero_auth_exchange_code(itero_client *client,
                                            const char *code,
                                            const char *redirect_url,
                                            const char *code_verifier);

/* --------------------------------------------------------------------------------------------------------------------
 * Accounts
 *
 * The accounts (clinics) that the user may pair to. Doctors and clinics are N:N, so one user may see several. A table:
 * rows from 0 to count - 1; texts belong to the table and live until it is freed, also after the client is gone.
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * A6, Get Accounts for pairing: the accounts that the signed-in user may pair to.
 *
 * accounts_out: where the table goes; free it with itero_accounts_free.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_NOT_SIGNED_IN, ITERO_E_STORE, ITERO_E_DISK_FULL, ITERO_E_AUTH,
 * ITERO_E_NETWORK, ITERO_E_TIMEOUT, ITERO_E_TLS, ITERO_E_CANCELLED, ITERO_E_PROTOCOL, ITERO_E_SERVICE. Uses the
 * network.
 */
ITERO_API int32_t ITERO_CALL itero_accounts_get(itero_client *client, itero_accounts **accounts_out);

/** The number of accounts. 0 on a bad handle. No network. */
ITERO_API int32_t ITERO_CALL itero_accounts_count(const itero_accounts *accounts);

/** The id of an account, for itero_client_pair. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_accounts_id(const itero_accounts *accounts, int32_t index);

/** An account's name. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_accounts_name(const itero_accounts *accounts, int32_t index);

/** An account's type, in the service's words. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_accounts_type(const itero_accounts *accounts, int32_t index);

/** An account's address in one line. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_accounts_address(const itero_accounts *accounts, int32_t index);

/** 1 when the account is paired to this program already, else 0; 0 on a bad handle or index. No network. */
ITERO_API int32_t ITERO_CALL itero_accounts_is_paired(const itero_accounts *accounts, int32_t index);

/** The service's whole answer as JSON, for members that this library doesn't know. "" on a bad handle. No network. */
ITERO_API const char *ITERO_CALL itero_accounts_json(const itero_accounts *accounts);

/**
 * Frees the table, with all texts that came from it. NULL is fine.
 *
 * Errors: ITERO_E_HANDLE. No network.
 */
ITERO_API int32_t ITERO_CALL itero_accounts_free(itero_accounts *accounts);

/* --------------------------------------------------------------------------------------------------------------------
 * Pairing warnings
 *
 * Patients who share a chart number or have none: to be put in order before the integration starts, because an Rx finds
 * its patient by the chart number.
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * P5, Pairing warning: asks for the patients of the paired account who share a chart number or have none.
 *
 * warnings_out: where the result goes; free it with itero_warnings_free.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_NOT_SIGNED_IN, ITERO_E_STORE, ITERO_E_DISK_FULL,
 * ITERO_E_NOT_PAIRED, ITERO_E_NOT_ENABLED (Align must enable it for the account), ITERO_E_AUTH, ITERO_E_NETWORK,
 * ITERO_E_TIMEOUT, ITERO_E_TLS, ITERO_E_CANCELLED, ITERO_E_PROTOCOL, ITERO_E_SERVICE. Uses the network.
 */
ITERO_API int32_t ITERO_CALL itero_warnings_get(itero_client *client, itero_warnings **warnings_out);

/** The number of chart numbers that several patients share. 0 on a bad handle. No network. */
ITERO_API int32_t ITERO_CALL itero_warnings_duplicate_count(const itero_warnings *warnings);

/** A chart number that several patients share. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_warnings_duplicate_chart_number(const itero_warnings *warnings, int32_t index);

/**
 * The patients who share a chart number.
 *
 * index: from 0 to itero_warnings_duplicate_count - 1.
 * patients_out: where the table goes; free it with itero_patients_free. It lives on when the warnings are freed.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_LIMIT. No network.
 */
ITERO_API
int32_t ITERO_CALL itero_warnings_duplicate_patients(const itero_warnings *warnings,
                                                     int32_t index,
                                                     itero_patients **patients_out);

/**
 * The patients without a chart number.
 *
 * patients_out: where the table goes; free it with itero_patients_free. It lives on when the warnings are freed.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_LIMIT. No network.
 */
ITERO_API
int32_t ITERO_CALL itero_warnings_missing_chart_number(const itero_warnings *warnings,
                                                       itero_patients **patients_out);

/** The service's whole answer as JSON, for members that this library doesn't know. "" on a bad handle. No network. */
ITERO_API const char *ITERO_CALL itero_warnings_json(const itero_warnings *warnings);

/**
 * Frees the warnings, with all texts that came from it. NULL is fine.
 *
 * Errors: ITERO_E_HANDLE. No network.
 */
ITERO_API int32_t ITERO_CALL itero_warnings_free(itero_warnings *warnings);

/* --------------------------------------------------------------------------------------------------------------------
 * Practice
 *
 * The practice configuration of the paired account: doctors, labs, procedures and scanners, all that a scan request
 * needs. Lists are tables: rows from 0 to count - 1; texts belong to the handle and live until it is freed.
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * D1, Get Practice Configuration: the practice's data with its doctors, labs, procedures and scanners.
 *
 * practice_out: where the result goes; free it with itero_practice_free.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_NOT_SIGNED_IN, ITERO_E_STORE, ITERO_E_DISK_FULL,
 * ITERO_E_NOT_PAIRED, ITERO_E_AUTH, ITERO_E_NETWORK, ITERO_E_TIMEOUT, ITERO_E_TLS, ITERO_E_CANCELLED,
 * ITERO_E_PROTOCOL, ITERO_E_SERVICE. Uses the network.
 */
ITERO_API int32_t ITERO_CALL itero_practice_get(itero_client *client, itero_practice **practice_out);

/** The id of the practice's account. "" on a bad handle. No network. */
ITERO_API const char *ITERO_CALL itero_practice_account_id(const itero_practice *practice);

/** The practice's name. "" on a bad handle. No network. */
ITERO_API const char *ITERO_CALL itero_practice_name(const itero_practice *practice);

/** The practice's address in one line. "" on a bad handle. No network. */
ITERO_API const char *ITERO_CALL itero_practice_address(const itero_practice *practice);

/** The practice's telephone number. "" on a bad handle. No network. */
ITERO_API const char *ITERO_CALL itero_practice_phone(const itero_practice *practice);

/** The practice's time zone, an IANA name such as "Europe/Berlin". "" on a bad handle. No network. */
ITERO_API const char *ITERO_CALL itero_practice_time_zone(const itero_practice *practice);

/** The number of doctors. 0 on a bad handle. No network. */
ITERO_API int32_t ITERO_CALL itero_practice_doctor_count(const itero_practice *practice);

/** The id of a doctor, for itero_scan_request_set_doctor_id. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_practice_doctor_id(const itero_practice *practice, int32_t index);

/** A doctor's first name. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_practice_doctor_first_name(const itero_practice *practice, int32_t index);

/** A doctor's last name. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_practice_doctor_last_name(const itero_practice *practice, int32_t index);

/** A doctor's license number. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_practice_doctor_license_number(const itero_practice *practice, int32_t index);

/** A doctor's e-mail address. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_practice_doctor_email(const itero_practice *practice, int32_t index);

/** The number of labs. 0 on a bad handle. No network. */
ITERO_API int32_t ITERO_CALL itero_practice_lab_count(const itero_practice *practice);

/** The id of a lab, for itero_scan_request_set_lab_id. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_practice_lab_id(const itero_practice *practice, int32_t index);

/** A lab's name. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_practice_lab_name(const itero_practice *practice, int32_t index);

/** The number of procedures. 0 on a bad handle. No network. */
ITERO_API int32_t ITERO_CALL itero_practice_procedure_count(const itero_practice *practice);

/** The id of a procedure, for itero_scan_request_set_procedure_map_id. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_practice_procedure_map_id(const itero_practice *practice, int32_t index);

/** A procedure's name. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_practice_procedure_name(const itero_practice *practice, int32_t index);

/** The number of scanners. 0 on a bad handle. No network. */
ITERO_API int32_t ITERO_CALL itero_practice_scanner_count(const itero_practice *practice);

/** The serial number of a scanner, for itero_scan_request_set_scanner_serial_number. "" on a bad handle or index. No network. */
ITERO_API
const char *ITERO_CALL itero_practice_scanner_serial_number(const itero_practice *practice,
                                                            int32_t index);

/** A scanner's model. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_practice_scanner_model(const itero_practice *practice, int32_t index);

/** A scanner's name in the practice. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_practice_scanner_name(const itero_practice *practice, int32_t index);

/** The service's whole answer as JSON, for members that this library doesn't know. "" on a bad handle. No network. */
ITERO_API const char *ITERO_CALL itero_practice_json(const itero_practice *practice);

/**
 * Frees the practice configuration, with all texts that came from it. NULL is fine.
 *
 * Errors: ITERO_E_HANDLE. No network.
 */
ITERO_API int32_t ITERO_CALL itero_practice_free(itero_practice *practice);

/* --------------------------------------------------------------------------------------------------------------------
 * Patients
 *
 * Search and correction. The host program is the master of patient data: nothing here creates or merges a patient.
 * Results are tables: rows from 0 to count - 1; texts belong to the table and live until it is freed.
 *
 * Names and chart numbers are trimmed and sent in Unicode's composed form (NFC).
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * P1, Patient search: the patients who have exactly these members, letter case aside.
 *
 * first_name, last_name, chart_number: at least one; NULL or "" matches every patient.
 * patients_out: where the table goes, with 0 rows when nobody matches; free it with itero_patients_free.
 *
 * Before a scan request all ways to write a name must be searched for: itero_patients_match does.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT, ITERO_E_NOT_SIGNED_IN, ITERO_E_STORE, ITERO_E_DISK_FULL,
 * ITERO_E_NOT_PAIRED, ITERO_E_AUTH, ITERO_E_NETWORK, ITERO_E_TIMEOUT, ITERO_E_TLS, ITERO_E_CANCELLED,
 * ITERO_E_PROTOCOL, ITERO_E_SERVICE. Uses the network.
 */
ITERO_API
int32_t ITERO_CALL itero_patients_search(itero_client *client,
                                         const char *first_name,
                                         const char *last_name,
                                         const char *chart_number,
                                         itero_patients **patients_out);

/**
 * P2, Update by Patient ID: corrects the first name, last name or chart number of one patient.
 *
 * patient_id: the GUID from itero_patients_id.
 * first_name, last_name, chart_number: the new values, at least one; NULL leaves a member as it is.
 * patients_out: where a table with the corrected patient goes; free it with itero_patients_free. NULL if not wanted.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT, ITERO_E_NOT_SIGNED_IN, ITERO_E_STORE, ITERO_E_DISK_FULL,
 * ITERO_E_NOT_PAIRED, ITERO_E_NOT_FOUND, ITERO_E_CONFLICT, ITERO_E_AUTH, ITERO_E_NETWORK, ITERO_E_TIMEOUT,
 * ITERO_E_TLS, ITERO_E_CANCELLED, ITERO_E_PROTOCOL, ITERO_E_SERVICE. Uses the network.
 */
ITERO_API
int32_t ITERO_CALL itero_patients_update(itero_client *client,
                                         const char *patient_id,
                                         const char *first_name,
                                         const char *last_name,
                                         const char *chart_number,
                                         itero_patients **patients_out);

/**
 * P4, Update by chart number: corrects the first or last name of the one patient with this chart number, after a
 * marriage or a typing error.
 *
 * chart_number: whose name is corrected.
 * first_name, last_name: the new values, at least one; NULL leaves a member as it is.
 * patients_out: where a table with the corrected patient goes; free it with itero_patients_free. NULL if not wanted.
 *
 * Errors: as itero_patients_update; ITERO_E_CONFLICT when several patients share the chart number, which is looked up
 * first: nothing is changed then, and itero_patients_search lists them. Uses the network.
 */
ITERO_API
int32_t ITERO_CALL itero_patients_update_by_chart_number(itero_client *client,
                                                         const char *chart_number,
                                                         const char *first_name,
                                                         const char *last_name,
                                                         itero_patients **patients_out);

/** The number of patients. 0 on a bad handle. No network. */
ITERO_API int32_t ITERO_CALL itero_patients_count(const itero_patients *patients);

/** The service's GUID of a patient, for itero_patients_update. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_patients_id(const itero_patients *patients, int32_t index);

/** A patient's first name. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_patients_first_name(const itero_patients *patients, int32_t index);

/** A patient's last name. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_patients_last_name(const itero_patients *patients, int32_t index);

/** A patient's chart number, "" when it is missing. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_patients_chart_number(const itero_patients *patients, int32_t index);

/** A patient's date of birth as the service writes it, "" when it is missing. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_patients_birth_date(const itero_patients *patients, int32_t index);

/**
 * The service's whole answer as JSON, for members that this library doesn't know. "" on a bad handle and for tables
 * that a warnings handle gave. No network.
 */
ITERO_API const char *ITERO_CALL itero_patients_json(const itero_patients *patients);

/**
 * Frees the table, with all texts that came from it. NULL is fine.
 *
 * Errors: ITERO_E_HANDLE. No network.
 */
ITERO_API int32_t ITERO_CALL itero_patients_free(itero_patients *patients);

/* --------------------------------------------------------------------------------------------------------------------
 * Matches
 *
 * Who at the service may be the person that the host program means: the same name in all its permutations, and the
 * chart number. Ask this before a scan request, or let itero_rx_push do so. Results are a table, best match first.
 * -------------------------------------------------------------------------------------------------------------------- */

/** Reason: the chart number is the same. */
#define ITERO_MATCH_CHART_NUMBER 1

/** Reason: first and last name are the same, letter case aside. */
#define ITERO_MATCH_NAME 2

/** Reason: the name has the same parts in another order, such as first and last name swapped. */
#define ITERO_MATCH_NAME_SWAPPED 4

/** Reason: one name is a part of the other, such as one of two last names or one of several first names. */
#define ITERO_MATCH_NAME_PART 8

/** Reason: the names are the same but for accents, such as "Muller", "Mueller" and the same with an umlaut. */
#define ITERO_MATCH_DIACRITICS 16

/** Reason: the names are the same but for spaces, hyphens, apostrophes or particles such as "van der" and "al-". */
#define ITERO_MATCH_SPELLING 32

/** Reason: the birth date is the same. Only in the matches that the callback of itero_rx_push gets. */
#define ITERO_MATCH_BIRTH_DATE 64

/** Speaks against the match: the birth date is another one. Only in the matches that the callback of itero_rx_push gets. */
#define ITERO_MATCH_OTHER_BIRTH_DATE 128

/**
 * P1, Patient search: searches for a patient in all permutations of the name and by the chart number, and ranks who was
 * found. Never creates, changes or merges a patient.
 *
 * first_name, last_name, chart_number: at least one; NULL or "" when not known. A whole name may stand in one of the
 * two name fields.
 * matches_out: where the table goes, with 0 rows when nobody matches; free it with itero_matches_free.
 *
 * The permutations: first and last name swapped; several last names, joined by space or hyphen, in either order, and
 * each alone; particles (van der, de la, al-, O', Mac and the like) with and without, in either field; accents left out
 * or written out; several first names, the first alone, initials left out; the forms of the apostrophe. The first name
 * and the last name are searched for alone too, for what the given name lacks, and only related names are kept. At most
 * 26 searches are made, 4 at a time; all are made even when the first finds somebody. If one of them fails, the call
 * fails, because a missing answer could hide the patient. A patient of whose name no part is written there in one of
 * these ways is found by the chart number.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT, ITERO_E_NOT_SIGNED_IN, ITERO_E_STORE, ITERO_E_DISK_FULL,
 * ITERO_E_NOT_PAIRED, ITERO_E_AUTH, ITERO_E_NETWORK, ITERO_E_TIMEOUT, ITERO_E_TLS, ITERO_E_CANCELLED,
 * ITERO_E_RATE_LIMIT, ITERO_E_PROTOCOL, ITERO_E_SERVICE, ITERO_E_LIMIT. Uses the network.
 */
ITERO_API
int32_t ITERO_CALL itero_patients_match(itero_client *client,
                                        const char *first_name,
                                        const char *last_name,
                                        const char *chart_number,
                                        itero_matches **matches_out);

/** The number of matches. 0 on a bad handle. No network. */
ITERO_API int32_t ITERO_CALL itero_matches_count(const itero_matches *matches);

/** The service's GUID of a patient, for itero_patients_update. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_matches_patient_id(const itero_matches *matches, int32_t index);

/** A patient's first name at the service. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_matches_first_name(const itero_matches *matches, int32_t index);

/** A patient's last name at the service. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_matches_last_name(const itero_matches *matches, int32_t index);

/** A patient's chart number at the service, "" when it is missing. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_matches_chart_number(const itero_matches *matches, int32_t index);

/** A patient's date of birth as the service writes it, "" when it is missing. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_matches_birth_date(const itero_matches *matches, int32_t index);

/**
 * How good a match is: 100 for the same chart number and name, down to 20 for the same chart number with another name.
 * From 80 on the chart number is the same. -1 on a bad handle or index. No network.
 */
ITERO_API int32_t ITERO_CALL itero_matches_score(const itero_matches *matches, int32_t index);

/**
 * Why a patient matches: the sum of ITERO_MATCH_ constants; new ones may be added. 0 on a bad handle or index. No
 * network.
 */
ITERO_API int32_t ITERO_CALL itero_matches_reason(const itero_matches *matches, int32_t index);

/**
 * Why a patient matches, as one English sentence that holds nothing about the patient. "" on a bad handle or index.
 * No network.
 */
ITERO_API const char *ITERO_CALL itero_matches_reason_text(const itero_matches *matches, int32_t index);

/**
 * Frees the matches, with all texts that came from them. NULL is fine.
 *
 * Errors: ITERO_E_HANDLE. No network.
 */
ITERO_API int32_t ITERO_CALL itero_matches_free(itero_matches *matches);

/* --------------------------------------------------------------------------------------------------------------------
 * Scan request
 *
 * A scan request is filled step by step, checked as a whole and sent once. Its answer is the Rx.
 *
 * Every text is copied. An empty text sets a member back to "not given".
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * Makes an empty scan request.
 *
 * request_out: where the handle goes; free it with itero_scan_request_free. It may be sent, changed and sent again.
 *
 * Errors: ITERO_E_ARGUMENT, ITERO_E_LIMIT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_scan_request_new(itero_scan_request **request_out);

/**
 * Sets the doctor, from itero_practice_doctor_id. Needed.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_scan_request_set_doctor_id(itero_scan_request *request, const char *doctor_id);

/**
 * Sets the patient's first name. Needed. At most 128 characters.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
 */
ITERO_API
int32_t ITERO_CALL itero_scan_request_set_patient_first_name(itero_scan_request *request,
                                                             const char *patient_first_name);

/**
 * Sets the patient's last name. Needed. At most 128 characters.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
 */
ITERO_API
int32_t ITERO_CALL itero_scan_request_set_patient_last_name(itero_scan_request *request,
                                                            const char *patient_last_name);

/**
 * Sets the patient's chart number. Needed. At most 128 characters.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
 */
ITERO_API
int32_t ITERO_CALL itero_scan_request_set_patient_chart_number(itero_scan_request *request,
                                                               const char *patient_chart_number);

/**
 * Sets the patient's date of birth, "yyyy-MM-dd" or "MM/dd/yyyy"; from 1900 on and not in the future.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
 */
ITERO_API
int32_t ITERO_CALL itero_scan_request_set_patient_birth_date(itero_scan_request *request,
                                                             const char *patient_birth_date);

/**
 * Sets the patient's gender, in the service's words.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
 */
ITERO_API
int32_t ITERO_CALL itero_scan_request_set_patient_gender(itero_scan_request *request,
                                                         const char *patient_gender);

/**
 * Sets the procedure, from itero_practice_procedure_map_id. Needed.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
 */
ITERO_API
int32_t ITERO_CALL itero_scan_request_set_procedure_map_id(itero_scan_request *request,
                                                           const char *procedure_map_id);

/**
 * Sets the scanner that the Rx is meant for, from itero_practice_scanner_serial_number.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
 */
ITERO_API
int32_t ITERO_CALL itero_scan_request_set_scanner_serial_number(itero_scan_request *request,
                                                                const char *scanner_serial_number);

/**
 * Sets the lab, from itero_practice_lab_id.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_scan_request_set_lab_id(itero_scan_request *request, const char *lab_id);

/**
 * Sets the date by which the lab should be done, "yyyy-MM-dd" or "MM/dd/yyyy". It may have passed.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_scan_request_set_due_date(itero_scan_request *request, const char *due_date);

/**
 * Sets the notes for the person at the scanner or in the lab, at most 4000 characters.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_scan_request_set_notes(itero_scan_request *request, const char *notes);

/**
 * Adds a tooth with its treatment.
 *
 * tooth_number: FDI (ISO 3950: 11 to 48, 51 to 85) or Universal (1 to 32, A to T), as the practice has it, and the same
 * one for all teeth of a request. At most 52 teeth.
 * restoration, material, shade: in the service's words; "" when not given.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
 */
ITERO_API
int32_t ITERO_CALL itero_scan_request_add_tooth(itero_scan_request *request,
                                                const char *tooth_number,
                                                const char *restoration,
                                                const char *material,
                                                const char *shade);

/**
 * P3, Scan request with update: lets the scan request correct the patient's name too. Align must enable it for the
 * account.
 *
 * update_patient: 1 or 0 (the default).
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_scan_request_set_update_patient(itero_scan_request *request, int32_t update_patient);

/**
 * D2, Scan Request: checks the request, sends it once, and returns the Rx with its RxID.
 *
 * Match the patient first (itero_patients_match), so that no patient is created twice, or use itero_rx_push, which does
 * it. It is never sent twice: when the answer is lost, the call ends with ITERO_E_OUTCOME_UNKNOWN, and the Rx may or may
 * not be there: itero_last_error_operation_id says what to ask itero_rx_resolve for. Only while no byte has gone out, or
 * when the service answers that it is too busy (HTTP 429), it is tried again. The ledger is told before and after; when it
 * can't be written, nothing is sent.
 *
 * rx_out: where the Rx goes; free it with itero_rx_free. Keep the RxID.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT (names every member that is wrong; nothing was sent, or the service
 * refused it), ITERO_E_NOT_SIGNED_IN, ITERO_E_DISK_FULL, ITERO_E_NOT_PAIRED, ITERO_E_NOT_ENABLED (P3),
 * ITERO_E_CONFLICT, ITERO_E_AUTH, ITERO_E_OUTCOME_UNKNOWN, and with nothing sent ITERO_E_STORE (the ledger),
 * ITERO_E_NETWORK, ITERO_E_TIMEOUT, ITERO_E_TLS, ITERO_E_CANCELLED, ITERO_E_RATE_LIMIT. Uses the network.
 */
ITERO_API
int32_t ITERO_CALL itero_scan_request_send(itero_client *client,
                                           const itero_scan_request *request,
                                           itero_rx **rx_out);

/**
 * Frees a scan request. NULL is fine.
 *
 * Errors: ITERO_E_HANDLE. No network.
 */
ITERO_API int32_t ITERO_CALL itero_scan_request_free(itero_scan_request *request);

/* --------------------------------------------------------------------------------------------------------------------
 * Rx
 *
 * The service's record of a scan request. It holds the RxID, which the host program must keep: notifications name it,
 * and itero_orders_by_rx asks for it.
 * -------------------------------------------------------------------------------------------------------------------- */

/** The RxID. The host program must keep it. "" on a bad handle. No network. */
ITERO_API const char *ITERO_CALL itero_rx_id(const itero_rx *rx);

/** The id of the order, when the service has one already. "" on a bad handle. No network. */
ITERO_API const char *ITERO_CALL itero_rx_order_id(const itero_rx *rx);

/** The GUID of the patient that the Rx belongs to. "" on a bad handle. No network. */
ITERO_API const char *ITERO_CALL itero_rx_patient_id(const itero_rx *rx);

/** When the Rx was created, as the service writes it. "" on a bad handle. No network. */
ITERO_API const char *ITERO_CALL itero_rx_created_at(const itero_rx *rx);

/** The id under which this library sent the scan request. "" on a bad handle. No network. */
ITERO_API const char *ITERO_CALL itero_rx_operation_id(const itero_rx *rx);

/** The service's whole answer as JSON, for members that this library doesn't know. "" on a bad handle. No network. */
ITERO_API const char *ITERO_CALL itero_rx_json(const itero_rx *rx);

/**
 * When the Rx was created, in milliseconds since 1970-01-01T00:00:00Z; -1 when it isn't known and on a bad handle.
 * No network.
 */
ITERO_API int64_t ITERO_CALL itero_rx_created_time(const itero_rx *rx);

/**
 * D7, Delete Rx: withdraws an Rx that was not scanned yet. A scan can't be deleted.
 *
 * rx_id: from itero_rx_id.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT, ITERO_E_NOT_SIGNED_IN, ITERO_E_STORE, ITERO_E_DISK_FULL,
 * ITERO_E_NOT_PAIRED, ITERO_E_NOT_FOUND, ITERO_E_CONFLICT (it was scanned already), ITERO_E_AUTH, ITERO_E_NETWORK,
 * ITERO_E_TIMEOUT, ITERO_E_TLS, ITERO_E_CANCELLED, ITERO_E_PROTOCOL, ITERO_E_SERVICE. Uses the network.
 */
ITERO_API int32_t ITERO_CALL itero_rx_delete(itero_client *client, const char *rx_id);

/**
 * Frees an Rx record; the Rx itself stays at the service. NULL is fine.
 *
 * Errors: ITERO_E_HANDLE. No network.
 */
ITERO_API int32_t ITERO_CALL itero_rx_free(itero_rx *rx);

/* --------------------------------------------------------------------------------------------------------------------
 * Push
 *
 * The safe way to send an Rx, in one call: the patient is matched in all permutations of the name, the patient's record
 * at the service is put in order by a rule, and the scan request is sent. Where it isn't certain who is meant, nothing is
 * changed and nothing is sent. The rows are looked at from the top; the first that fits holds. "The same person" means
 * that the name is the same in one of its permutations and no birth date speaks against it.
 *
 * at the service                                             NEVER_UPDATE   UPDATE_NAME              ASK
 * several patients have the chart number                     conflict       conflict                 ask
 * one has it, with the same name                             send           send                     send
 * one has it, with another birth date                        conflict       conflict                 ask
 * one has it, the name is a permutation                      conflict       name corrected, send     ask
 * one has it, another name, but somebody else has the name   conflict       conflict                 ask
 * one has it, first or last name or birth date the same      conflict       name corrected, send     ask
 * one has it, nothing else is the same                       conflict       conflict                 ask
 * nobody has it, and nobody has the name                     new patient    new patient              new patient
 * nobody has it, all with the name: another birth date       new patient    new patient              ask
 * nobody has it; the same person, alone, lacks one (1)       conflict       number and name, send    ask
 * nobody has it, others may be the same person               conflict       conflict                 ask
 *
 * (1) where one name is a mere part of the other, the birth date must be the same too.
 *
 * A birth date in the scan request makes fewer conflicts: it tells two people of one name apart.
 * -------------------------------------------------------------------------------------------------------------------- */

/** The patient at the service is never changed: any difference is ITERO_E_CONFLICT. */
#define ITERO_PUSH_NEVER_UPDATE 1

/** The patient at the service gets the host program's name, and the chart number where it is missing. */
#define ITERO_PUSH_UPDATE_NAME 2

/** The callback decides wherever the patient isn't certain. */
#define ITERO_PUSH_ASK 3

/** The callback's answer: none of the matches is the patient; a new one is made. */
#define ITERO_PUSH_NONE_OF_THEM -1

/** The callback's answer: nothing is changed and nothing is sent. */
#define ITERO_PUSH_STOP -2

/**
 * Asked who of the matches is the patient, on a thread of the library's own, while itero_rx_push waits.
 *
 * matches: valid during the call only; it belongs to the library, so it is not freed.
 *
 * Returns the row of the patient, whose name and chart number are then corrected to the scan request's;
 * ITERO_PUSH_NONE_OF_THEM; or ITERO_PUSH_STOP.
 */
typedef int32_t (ITERO_CALL *itero_push_callback)(void *user, const itero_matches *matches);

/**
 * P1, P2 and D2 in one: searches for the patient in all permutations, corrects the patient by the policy, and sends the
 * scan request once. What each policy does is in the table above.
 *
 * request: as for itero_scan_request_send; its update_patient is not used, the policy takes its place.
 * policy: ITERO_PUSH_NEVER_UPDATE, ITERO_PUSH_UPDATE_NAME or ITERO_PUSH_ASK.
 * callback: decides under ITERO_PUSH_ASK; NULL with the other policies. It may call every function. A cancel meanwhile
 * ends the push once the callback has returned, whatever it answers.
 * user: handed back to the callback; may be NULL.
 * rx_out: where the Rx goes; free it with itero_rx_free. Keep the RxID.
 *
 * When a step fails, the ones behind it are not taken, and the message says what was done: a patient that was corrected
 * stays corrected. While an earlier scan request for the chart number is under way or has no known outcome, nothing is sent
 * and the call ends with ITERO_E_OUTCOME_UNKNOWN and that one's operation id, until itero_rx_resolve or itero_rx_settle
 * has ended the doubt. Until the scan request has gone out the whole push may be repeated; after ITERO_E_OUTCOME_UNKNOWN it
 * must not be.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT (names what is wrong in the request; also an answer of the callback that
 * is none), ITERO_E_CONFLICT (who is meant isn't certain, or the service refused; nothing was sent),
 * ITERO_E_CANCELLED (also when the callback stopped it), ITERO_E_STORE (the ledger can't be written; not sent),
 * ITERO_E_NOT_SIGNED_IN, ITERO_E_DISK_FULL, ITERO_E_NOT_PAIRED, ITERO_E_NOT_FOUND, ITERO_E_AUTH,
 * ITERO_E_OUTCOME_UNKNOWN, ITERO_E_NETWORK, ITERO_E_TIMEOUT, ITERO_E_TLS, ITERO_E_RATE_LIMIT, ITERO_E_PROTOCOL,
 * ITERO_E_SERVICE, ITERO_E_LIMIT. Uses the network.
 */
ITERO_API
int32_t ITERO_CALL itero_rx_push(itero_client *client,
                                 const itero_scan_request *request,
                                 int32_t policy,
                                 itero_push_callback callback,
                                 void *user,
                                 itero_rx **rx_out);

/* --------------------------------------------------------------------------------------------------------------------
 * Ledger
 *
 * The library remembers every Rx that this program sent: in the state folder of the configuration, where it outlives
 * the program and is shared by all programs that use the folder, or without one in memory, as long as the client. So a
 * notification can be told from a stranger's, and a scan request whose end nobody saw is not forgotten.
 *
 * The ledger holds RxIDs, operation ids, account ids, times and salted digests of chart numbers; no patient data.
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * The scan request was prepared, but how it ended is not known: it is under way, its answer was lost, or the program
 * ended before it came. Look for the patient's Rx at the scanner or on the portal before it is sent again.
 */
#define ITERO_LEDGER_UNKNOWN 0

/** The Rx was sent, and its RxID is known. */
#define ITERO_LEDGER_SENT 1

/**
 * D5, Scan notification: whether an Rx was sent by this program, or by another one with the same state folder. The
 * service also tells of scans that nobody requested from here.
 *
 * rx_id: from itero_notification_rx_id.
 * known_out: where 1 or 0 goes.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT, ITERO_E_STORE (the ledger can't be read). No network.
 */
ITERO_API int32_t ITERO_CALL itero_rx_is_known(itero_client *client, const char *rx_id, int32_t *known_out);

/**
 * D2, Scan Request: looks up what was sent, oldest first: the Rx of one patient, or all.
 *
 * chart_number: whose; NULL for everybody's.
 * ledger_out: where the table goes, with 0 rows when there is nothing; free it with itero_ledger_free.
 *
 * Scan requests that certainly brought no Rx are not in it.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT, ITERO_E_STORE (the ledger can't be read), ITERO_E_LIMIT.
 * No network.
 */
ITERO_API
int32_t ITERO_CALL itero_ledger_find(itero_client *client,
                                     const char *chart_number,
                                     itero_ledger **ledger_out);

/** The number of rows. 0 on a bad handle. No network. */
ITERO_API int32_t ITERO_CALL itero_ledger_count(const itero_ledger *ledger);

/** How a scan request ended: ITERO_LEDGER_SENT or ITERO_LEDGER_UNKNOWN; -1 on a bad handle or index. No network. */
ITERO_API int32_t ITERO_CALL itero_ledger_outcome(const itero_ledger *ledger, int32_t index);

/** The RxID; "" while it is not known and on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_ledger_rx_id(const itero_ledger *ledger, int32_t index);

/**
 * The id under which the scan request was sent, as in the message of ITERO_E_OUTCOME_UNKNOWN and itero_rx_operation_id.
 * "" on a bad handle or index. No network.
 */
ITERO_API const char *ITERO_CALL itero_ledger_operation_id(const itero_ledger *ledger, int32_t index);

/** The id of the account that the client was paired to. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_ledger_account_id(const itero_ledger *ledger, int32_t index);

/**
 * When the RxID came, or when the scan request was prepared if it has none, in milliseconds since
 * 1970-01-01T00:00:00Z; -1 on a bad handle or index. No network.
 */
ITERO_API int64_t ITERO_CALL itero_ledger_time(const itero_ledger *ledger, int32_t index);

/**
 * Frees the table, with all texts that came from it. NULL is fine.
 *
 * Errors: ITERO_E_HANDLE. No network.
 */
ITERO_API int32_t ITERO_CALL itero_ledger_free(itero_ledger *ledger);

/* --------------------------------------------------------------------------------------------------------------------
 * Resolution
 *
 * After ITERO_E_OUTCOME_UNKNOWN nobody may send the scan request again before it is known what became of it:
 * itero_rx_resolve looks. Only "not sent" permits a resend; it is said only where the service itself shows it, later than
 * the request and settling times of the configuration after the sending.
 *
 * A service that can't be asked by the operation id leaves "still unknown" until the patient is scanned. A person who
 * looks at the scanner or on the portal ends that with itero_rx_settle.
 * -------------------------------------------------------------------------------------------------------------------- */

/** It is not known yet whether the scan request has arrived: it must not be sent again. */
#define ITERO_RX_STILL_UNKNOWN 0

/** The scan request has arrived; the RxID is known. */
#define ITERO_RX_SENT 1

/** The scan request has not arrived: it may be sent again. */
#define ITERO_RX_NOT_SENT 2

/**
 * D2, Scan Request: finds out what became of a scan request whose answer was lost: from the ledger, from the service by
 * the operation id, from the orders of the chart number. What it finds goes into the ledger.
 *
 * operation_id: from itero_last_error_operation_id, itero_error_operation_id or itero_ledger_operation_id.
 * chart_number: the scan request's, so that the orders can be looked through; NULL leaves them out.
 * resolution_out: where the finding goes; free it with itero_resolution_free.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT (also for another chart number than the scan request's), ITERO_E_TEXT,
 * ITERO_E_NOT_FOUND (the ledger knows no such operation), ITERO_E_STATE (it was sent for another account),
 * ITERO_E_NOT_SIGNED_IN, ITERO_E_NOT_PAIRED, ITERO_E_AUTH, ITERO_E_NETWORK, ITERO_E_TIMEOUT, ITERO_E_TLS,
 * ITERO_E_CANCELLED, ITERO_E_RATE_LIMIT, ITERO_E_SERVICE, ITERO_E_PROTOCOL, ITERO_E_STORE (the ledger can't be read or
 * written), ITERO_E_LIMIT. Uses the network, unless the ledger knows.
 */
ITERO_API
int32_t ITERO_CALL itero_rx_resolve(itero_client *client,
                                    const char *operation_id,
                                    const char *chart_number,
                                    itero_resolution **resolution_out);

/**
 * D2, Scan Request: writes into the ledger what a person found at the scanner or on the portal.
 *
 * operation_id: as for itero_rx_resolve.
 * rx_id: the RxID; NULL when the scan request did not arrive, which permits a resend.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT, ITERO_E_NOT_FOUND (the ledger knows no such operation),
 * ITERO_E_CONFLICT (the ledger knows another outcome), ITERO_E_STORE (the ledger can't be read or written). No network.
 */
ITERO_API int32_t ITERO_CALL itero_rx_settle(itero_client *client, const char *operation_id, const char *rx_id);

/** The finding: ITERO_RX_STILL_UNKNOWN, ITERO_RX_SENT or ITERO_RX_NOT_SENT; -1 on a bad handle. No network. */
ITERO_API int32_t ITERO_CALL itero_resolution_outcome(const itero_resolution *resolution);

/** The RxID when it was sent, else "". "" on a bad handle. No network. */
ITERO_API const char *ITERO_CALL itero_resolution_rx_id(const itero_resolution *resolution);

/** The operation id that was asked for. "" on a bad handle. No network. */
ITERO_API const char *ITERO_CALL itero_resolution_operation_id(const itero_resolution *resolution);

/**
 * While it is still unknown: after how many milliseconds the service may show that it was not sent; -1 when nobody can
 * say, and -1 on a bad handle. No network.
 */
ITERO_API int64_t ITERO_CALL itero_resolution_wait_ms(const itero_resolution *resolution);

/**
 * Frees a resolution. NULL is fine.
 *
 * Errors: ITERO_E_HANDLE. No network.
 */
ITERO_API int32_t ITERO_CALL itero_resolution_free(itero_resolution *resolution);

/* --------------------------------------------------------------------------------------------------------------------
 * Outbox
 *
 * What a program wants done at the service while the network may be away: scan requests, corrections of patients,
 * withdrawals of Rx. An item is on the disk when the function that adds it returns; itero_outbox_run sends what is there,
 * oldest first. A crash at any moment loses nothing and sends nothing twice.
 *
 * The items of one patient keep their order: one that failed, or whose outcome is unknown, holds back the later ones of
 * that patient, not those of others. Patients are told apart by chart number and by the service's id; a correction by id
 * keeps its place before a scan request when it names the chart number too, even an unchanged one.
 *
 * Several programs may use one outbox, as the same user on one computer: one of them sends at a time, and adding never
 * waits for that. The file holds patient data sealed for that user alone. An outbox belongs to the account of its first
 * run.
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * Opens an outbox, or makes an empty one. Two files stand beside it, with .lock and .run behind its name; they are never deleted.
 *
 * path: an absolute path to the file, on a disk of this computer, in a folder that is there.
 * outbox_out: where the handle goes; free it with itero_outbox_free.
 *
 * Errors: ITERO_E_ARGUMENT (also for a folder and for a file that is no outbox, which is left as it is), ITERO_E_TEXT,
 * ITERO_E_STATE (a newer version of this library wrote it), ITERO_E_IO (no such folder, no right to write, a network
 * share), ITERO_E_DISK_FULL, ITERO_E_LIMIT. No network.
 */
ITERO_API
int32_t ITERO_CALL itero_outbox_open(const char *path,
                                     itero_outbox **outbox_out);

/**
 * D2, Scan Request: puts a copy of a scan request into the outbox, after checking all of it.
 *
 * request: as for itero_scan_request_send; it may be freed at once.
 * item_id_out: where the item's id goes, a number from 1 on that no other item of this outbox gets.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT (names all that is wrong in the request), ITERO_E_IO, ITERO_E_DISK_FULL,
 * ITERO_E_STORE (the key that seals patient data can't be had), ITERO_E_STATE (the file is now a newer version's),
 * ITERO_E_LIMIT. After an error the item is not in the outbox. No network.
 */
ITERO_API
int32_t ITERO_CALL itero_outbox_add_scan_request(itero_outbox *outbox,
                                                 const itero_scan_request *request,
                                                 int32_t *item_id_out);

/**
 * P2, Update by patient id: puts the correction of one patient into the outbox.
 *
 * patient_id: the GUID from itero_patients_id.
 * first_name, last_name, chart_number: the new values, at least one; NULL leaves a member as it is.
 * item_id_out: as for itero_outbox_add_scan_request.
 *
 * Errors: as itero_outbox_add_scan_request, and ITERO_E_TEXT. No network.
 */
ITERO_API
int32_t ITERO_CALL itero_outbox_add_patient_update(itero_outbox *outbox,
                                                   const char *patient_id,
                                                   const char *first_name,
                                                   const char *last_name,
                                                   const char *chart_number,
                                                   int32_t *item_id_out);

/**
 * P4, Update by chart number: puts the correction of a patient's name into the outbox.
 *
 * chart_number: whose name is corrected.
 * first_name, last_name: the new values, at least one; NULL leaves a member as it is.
 * item_id_out: as for itero_outbox_add_scan_request.
 *
 * Errors: as itero_outbox_add_scan_request, and ITERO_E_TEXT. No network.
 */
ITERO_API
int32_t ITERO_CALL itero_outbox_add_patient_update_by_chart_number(itero_outbox *outbox,
                                                                   const char *chart_number,
                                                                   const char *first_name,
                                                                   const char *last_name,
                                                                   int32_t *item_id_out);

/**
 * D7, Delete Rx: puts the withdrawal of an Rx into the outbox.
 *
 * rx_id: from itero_rx_id or itero_outbox_items_rx_id.
 * item_id_out: as for itero_outbox_add_scan_request.
 *
 * Errors: as itero_outbox_add_scan_request, and ITERO_E_TEXT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_outbox_add_rx_delete(itero_outbox *outbox, const char *rx_id, int32_t *item_id_out);

/**
 * Takes an item out of the outbox: one that is confirmed or has failed, once the host program has taken note of it, or
 * one that has not been sent yet, which then never is.
 *
 * item_id: from itero_outbox_items_id.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_NOT_FOUND, ITERO_E_STATE (it was sent, and its outcome is not known; or as
 * itero_outbox_open), ITERO_E_IO, ITERO_E_DISK_FULL, ITERO_E_ARGUMENT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_outbox_remove(itero_outbox *outbox, int32_t item_id);

/**
 * Lets a failed item be sent again, in its old place, by the next run.
 *
 * item_id: from itero_outbox_items_id.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_NOT_FOUND, ITERO_E_STATE (it has not failed; or as itero_outbox_open), ITERO_E_IO,
 * ITERO_E_DISK_FULL, ITERO_E_ARGUMENT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_outbox_retry(itero_outbox *outbox, int32_t item_id);

/**
 * Writes down what a person found, at the scanner or on the portal, about a scan request whose outcome is unknown.
 *
 * item_id: from itero_outbox_items_id.
 * rx_id: the RxID, which confirms the item; NULL when the scan request did not arrive: the next run sends it again.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_TEXT, ITERO_E_NOT_FOUND, ITERO_E_STATE (its outcome is not unknown; or as
 * itero_outbox_open), ITERO_E_IO, ITERO_E_DISK_FULL, ITERO_E_ARGUMENT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_outbox_settle(itero_outbox *outbox, int32_t item_id, const char *rx_id);

/**
 * Frees an outbox; the items stay on the disk, and a run goes on. NULL is fine.
 *
 * Errors: ITERO_E_HANDLE. No network.
 */
ITERO_API int32_t ITERO_CALL itero_outbox_free(itero_outbox *outbox);

/* --------------------------------------------------------------------------------------------------------------------
 * Outbox job
 *
 * A run of the outbox: start, then wait or cancel.
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * Begins to send what is in the outbox, oldest first, including what is added meanwhile. While another run, of this
 * program or another one, is at work on the outbox, it waits for that one's end.
 *
 * A scan request whose outcome is unknown is looked for as by itero_rx_resolve, then confirmed, sent again or left
 * unknown. An outage ends the run; what was not sent stays prepared. A refusal of the service makes an item failed.
 *
 * client: signed in and paired to the account of the outbox's first run.
 * job_out: where the handle goes; free it with itero_outbox_job_free.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_NOT_SIGNED_IN, ITERO_E_IO (no thread could be started),
 * ITERO_E_LIMIT. Uses the network, on its own threads.
 */
ITERO_API int32_t ITERO_CALL itero_outbox_run(itero_outbox *outbox, itero_client *client, itero_outbox_job **job_out);

/**
 * Waits for a run.
 *
 * wait_ms: how long to wait, in milliseconds; 0 only looks, negative waits as long as it takes.
 *
 * Returns ITERO_OK when all items are confirmed, ITERO_E_PENDING while it still runs, else what went wrong first;
 * itero_outbox_items_list tells of each item.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_PENDING, ITERO_E_CANCELLED, ITERO_E_OUTCOME_UNKNOWN, ITERO_E_STATE (the outbox is
 * another account's, or an item that failed before holds back others), ITERO_E_NOT_SIGNED_IN, ITERO_E_NOT_PAIRED,
 * ITERO_E_ARGUMENT, ITERO_E_NOT_FOUND, ITERO_E_CONFLICT, ITERO_E_NOT_ENABLED, ITERO_E_FORBIDDEN, ITERO_E_AUTH,
 * ITERO_E_NETWORK, ITERO_E_TIMEOUT, ITERO_E_TLS, ITERO_E_RATE_LIMIT, ITERO_E_SERVICE, ITERO_E_PROTOCOL, ITERO_E_IO,
 * ITERO_E_DISK_FULL, ITERO_E_STORE (an item was sealed by another user or computer). Uses no network itself.
 */
ITERO_API int32_t ITERO_CALL itero_outbox_job_wait(itero_outbox_job *job, int32_t wait_ms);

/**
 * Cancels a run; itero_outbox_job_wait then returns ITERO_E_CANCELLED, or ITERO_E_OUTCOME_UNKNOWN when a scan request
 * was under way.
 *
 * Errors: ITERO_E_HANDLE. No network.
 */
ITERO_API int32_t ITERO_CALL itero_outbox_job_cancel(itero_outbox_job *job);

/**
 * Frees a run; one that is still at work is cancelled. NULL is fine.
 *
 * Errors: ITERO_E_HANDLE. No network.
 */
ITERO_API int32_t ITERO_CALL itero_outbox_job_free(itero_outbox_job *job);

/* --------------------------------------------------------------------------------------------------------------------
 * Outbox items
 *
 * What is in an outbox, as a table: rows from 0 to count - 1, the oldest item first. No patient data: a host program
 * keeps the item's id beside what it is about.
 * -------------------------------------------------------------------------------------------------------------------- */

/** Kind of an item: a scan request. */
#define ITERO_OUTBOX_SCAN_REQUEST 1

/** Kind of an item: the correction of a patient, by the patient's id. */
#define ITERO_OUTBOX_PATIENT_UPDATE 2

/** Kind of an item: the correction of a patient's name, by chart number. */
#define ITERO_OUTBOX_PATIENT_UPDATE_BY_CHART_NUMBER 3

/** Kind of an item: the withdrawal of an Rx. */
#define ITERO_OUTBOX_RX_DELETE 4

/** State of an item: on the disk, not sent. */
#define ITERO_OUTBOX_PREPARED 1

/** State of an item: being sent; or it was when a program ended, and the next run finds out what became of it. */
#define ITERO_OUTBOX_SENT 2

/** State of an item: done at the service. */
#define ITERO_OUTBOX_CONFIRMED 3

/** State of an item: sent, but its answer is lost. The next run looks for it; it holds back later items of its patient. */
#define ITERO_OUTBOX_UNKNOWN 4

/** State of an item: the service refused it. It holds back later items of its patient. */
#define ITERO_OUTBOX_FAILED 5

/**
 * Reads what is in an outbox now.
 *
 * items_out: where the table goes, with 0 rows when there is nothing; free it with itero_outbox_items_free. It doesn't
 * change when the outbox does.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_STATE (as itero_outbox_open), ITERO_E_IO, ITERO_E_LIMIT.
 * No network.
 */
ITERO_API int32_t ITERO_CALL itero_outbox_items_list(itero_outbox *outbox, itero_outbox_items **items_out);

/** The number of rows. 0 on a bad handle. No network. */
ITERO_API int32_t ITERO_CALL itero_outbox_items_count(const itero_outbox_items *items);

/** The item's id. 0 on a bad handle or index. No network. */
ITERO_API int32_t ITERO_CALL itero_outbox_items_id(const itero_outbox_items *items, int32_t index);

/** What is to be done: an ITERO_OUTBOX_ kind, such as ITERO_OUTBOX_SCAN_REQUEST. 0 on a bad handle or index. No network. */
ITERO_API int32_t ITERO_CALL itero_outbox_items_kind(const itero_outbox_items *items, int32_t index);

/** How far it is: ITERO_OUTBOX_PREPARED, _SENT, _CONFIRMED, _UNKNOWN or _FAILED. 0 on a bad handle or index. No network. */
ITERO_API int32_t ITERO_CALL itero_outbox_items_state(const itero_outbox_items *items, int32_t index);

/**
 * The RxID of a confirmed scan request, which the host program must keep; "" for the others and on a bad handle or
 * index. No network.
 */
ITERO_API const char *ITERO_CALL itero_outbox_items_rx_id(const itero_outbox_items *items, int32_t index);

/** The id under which a scan request is sent, as itero_rx_operation_id. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_outbox_items_operation_id(const itero_outbox_items *items, int32_t index);

/**
 * The status of the last failure, such as ITERO_E_CONFLICT; 0 when there was none and on a bad handle or index.
 * No network.
 */
ITERO_API int32_t ITERO_CALL itero_outbox_items_status(const itero_outbox_items *items, int32_t index);

/** The message of the last failure; "" when there was none and on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_outbox_items_message(const itero_outbox_items *items, int32_t index);

/** When it was added, in milliseconds since 1970-01-01T00:00:00Z; -1 on a bad handle or index. No network. */
ITERO_API int64_t ITERO_CALL itero_outbox_items_created_time(const itero_outbox_items *items, int32_t index);

/** When its state changed last, in milliseconds since 1970-01-01T00:00:00Z; -1 on a bad handle or index. No network. */
ITERO_API int64_t ITERO_CALL itero_outbox_items_changed_time(const itero_outbox_items *items, int32_t index);

/** In how many runs it was sent. 0 on a bad handle or index. No network. */
ITERO_API int32_t ITERO_CALL itero_outbox_items_attempts(const itero_outbox_items *items, int32_t index);

/**
 * Frees the table, with all texts that came from it. NULL is fine.
 *
 * Errors: ITERO_E_HANDLE. No network.
 */
ITERO_API int32_t ITERO_CALL itero_outbox_items_free(itero_outbox_items *items);

/* --------------------------------------------------------------------------------------------------------------------
 * Order query
 *
 * What to ask of the orders: a range of dates, a chart number, or both. A new query asks for all ready orders.
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * Makes a query that asks for all ready orders.
 *
 * query_out: where the handle goes; free it with itero_order_query_free.
 *
 * Errors: ITERO_E_ARGUMENT, ITERO_E_LIMIT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_order_query_new(itero_order_query **query_out);

/**
 * Asks for orders updated at this time or later.
 *
 * from: RFC 3339 such as "2026-03-31T09:00:00Z", or a day (its midnight in UTC); "" for no limit.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_order_query_set_from(itero_order_query *query, const char *from);

/**
 * Asks for orders updated before this time.
 *
 * to: as in itero_order_query_set_from; the time itself is not included.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_order_query_set_to(itero_order_query *query, const char *to);

/**
 * Asks for the orders of one chart number; "" for all.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_order_query_set_chart_number(itero_order_query *query, const char *chart_number);

/**
 * Sets how many orders one request to the service brings, 1 to 100; 0 leaves it to the service.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_order_query_set_page_size(itero_order_query *query, int32_t page_size);

/**
 * Frees a query. NULL is fine.
 *
 * Errors: ITERO_E_HANDLE. No network.
 */
ITERO_API int32_t ITERO_CALL itero_order_query_free(itero_order_query *query);

/* --------------------------------------------------------------------------------------------------------------------
 * Orders
 *
 * An order is a scan with its data and files. An order is ready when it is uploaded, can be viewed, and all its files
 * can be downloaded. Results are tables: rows from 0 to count - 1, files with a second index; texts belong to the table
 * and live until it is freed.
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * D3, Get Orders: the ready orders that a query asks for, all pages, oldest update first.
 *
 * query: what to ask for; NULL for all ready orders.
 * orders_out: where the table goes; free it with itero_orders_free.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT (also when from is not before to), ITERO_E_NOT_SIGNED_IN, ITERO_E_STORE,
 * ITERO_E_DISK_FULL, ITERO_E_NOT_PAIRED, ITERO_E_AUTH, ITERO_E_NETWORK, ITERO_E_TIMEOUT, ITERO_E_TLS,
 * ITERO_E_CANCELLED, ITERO_E_PROTOCOL, ITERO_E_SERVICE. Uses the network.
 */
ITERO_API
int32_t ITERO_CALL itero_orders_list(itero_client *client,
                                     const itero_order_query *query,
                                     itero_orders **orders_out);

/**
 * D6, Get Order By RxID: the order of one Rx, the call to make after a notification.
 *
 * rx_id: from itero_rx_id or a notification.
 * orders_out: where a table with one order goes; free it with itero_orders_free.
 *
 * Errors: as itero_orders_list; ITERO_E_NOT_FOUND while nothing was scanned. Uses the network.
 */
ITERO_API int32_t ITERO_CALL itero_orders_by_rx(itero_client *client, const char *rx_id, itero_orders **orders_out);

/** The number of orders. 0 on a bad handle. No network. */
ITERO_API int32_t ITERO_CALL itero_orders_count(const itero_orders *orders);

/** An order's id, for itero_download_start. It stays the same when the order's files change. "" on a bad handle or index. No network. */
ITERO_API
const char *ITERO_CALL itero_orders_id(const itero_orders *orders,
                                       int32_t index);

/** An order's code, as people see it. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_orders_code(const itero_orders *orders, int32_t index);

/** The RxID of the scan request that an order came from, "" for a scan that was made without one. "" on a bad handle or index. No network. */
ITERO_API
const char *ITERO_CALL itero_orders_rx_id(const itero_orders *orders,
                                          int32_t index);

/** The id of an order's account. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_orders_account_id(const itero_orders *orders, int32_t index);

/** An order's status in the service's words, such as "Completed"; new words may come. "" on a bad handle or index. No network. */
ITERO_API
const char *ITERO_CALL itero_orders_status(const itero_orders *orders,
                                           int32_t index);

/** An order's case type. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_orders_case_type(const itero_orders *orders, int32_t index);

/** The date by which the lab should be done, as the service writes it. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_orders_due_date(const itero_orders *orders, int32_t index);

/** The id of an order's lab. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_orders_lab_id(const itero_orders *orders, int32_t index);

/** The notes of an order's Rx. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_orders_notes(const itero_orders *orders, int32_t index);

/** When an order was scanned, as the service writes it. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_orders_scan_date(const itero_orders *orders, int32_t index);

/**
 * When an order was scanned, in milliseconds since 1970-01-01T00:00:00Z; -1 when it isn't known, and on a bad handle or
 * index. No network.
 */
ITERO_API int64_t ITERO_CALL itero_orders_scan_time(const itero_orders *orders, int32_t index);

/** When an order was last updated, as the service writes it. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_orders_updated_date(const itero_orders *orders, int32_t index);

/**
 * When an order was last updated, in milliseconds since 1970-01-01T00:00:00Z; -1 when it isn't known, and on a bad handle or
 * index. No network.
 */
ITERO_API
int64_t ITERO_CALL itero_orders_updated_time(const itero_orders *orders,
                                             int32_t index);

/** The GUID of an order's patient. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_orders_patient_id(const itero_orders *orders, int32_t index);

/** The first name of an order's patient. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_orders_patient_first_name(const itero_orders *orders, int32_t index);

/** The last name of an order's patient. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_orders_patient_last_name(const itero_orders *orders, int32_t index);

/** The chart number of an order's patient. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_orders_patient_chart_number(const itero_orders *orders, int32_t index);

/** The id of an order's doctor. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_orders_doctor_id(const itero_orders *orders, int32_t index);

/** The first name of an order's doctor. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_orders_doctor_first_name(const itero_orders *orders, int32_t index);

/** The last name of an order's doctor. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_orders_doctor_last_name(const itero_orders *orders, int32_t index);

/** The number of an order's files; 0 on a bad handle or index. No network. */
ITERO_API int32_t ITERO_CALL itero_orders_file_count(const itero_orders *orders, int32_t index);

/** A file's id. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_orders_file_id(const itero_orders *orders, int32_t index, int32_t file_index);

/** A file's kind: IDE (a zip with the meshes), IMAGE_GALLERY, SCREEN_CAPTURE, VIEWER, STL, PLY, or a new word. "" on a bad handle or index. No network. */
ITERO_API
const char *ITERO_CALL itero_orders_file_kind(const itero_orders *orders,
                                              int32_t index,
                                              int32_t file_index);

/** A file's name at the service. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_orders_file_name(const itero_orders *orders, int32_t index, int32_t file_index);

/** A file's media type. "" on a bad handle or index. No network. */
ITERO_API
const char *ITERO_CALL itero_orders_file_content_type(const itero_orders *orders,
                                                      int32_t index,
                                                      int32_t file_index);

/** A file's SHA-256 as hexadecimal digits in lower case, "" when the service doesn't tell. "" on a bad handle or index. No network. */
ITERO_API
const char *ITERO_CALL itero_orders_file_sha256(const itero_orders *orders,
                                                int32_t index,
                                                int32_t file_index);

/** A file's size in bytes; -1 when the service doesn't tell, and on a bad handle or index. No network. */
ITERO_API int64_t ITERO_CALL itero_orders_file_size(const itero_orders *orders, int32_t index, int32_t file_index);

/**
 * The service's whole answer as JSON, for members that this library doesn't know: an object for one order, a list of
 * the pages' answers for itero_orders_list. It holds short-lived URLs, which must not be kept. "" on a bad handle.
 * No network.
 */
ITERO_API const char *ITERO_CALL itero_orders_json(const itero_orders *orders);

/**
 * Frees the table, with all texts that came from it. NULL is fine.
 *
 * Errors: ITERO_E_HANDLE. No network.
 */
ITERO_API int32_t ITERO_CALL itero_orders_free(itero_orders *orders);

/* --------------------------------------------------------------------------------------------------------------------
 * Order cursor
 *
 * A walk through many orders with one page in memory at a time: open, then next until a page has no orders.
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * D3, Get Orders, page by page: begins a walk through the ready orders that a query asks for. However many there are,
 * only one page is in memory.
 *
 * query: what to ask for, with its page size; NULL for all ready orders.
 * cursor_out: where the handle goes; free it with itero_order_cursor_free.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT (also when from is not before to), ITERO_E_LIMIT. No network.
 */
ITERO_API
int32_t ITERO_CALL itero_orders_open(itero_client *client,
                                     const itero_order_query *query,
                                     itero_order_cursor **cursor_out);

/**
 * The next page of a walk, oldest update first. After a failure the same page is asked for again.
 *
 * orders_out: where the page's table goes; free it with itero_orders_free. A table with 0 orders is the end.
 *
 * Errors: as itero_orders_list. Uses the network.
 */
ITERO_API int32_t ITERO_CALL itero_orders_next(itero_order_cursor *cursor, itero_orders **orders_out);

/**
 * Ends a walk; the tables that it gave live on. NULL is fine.
 *
 * Errors: ITERO_E_HANDLE. No network.
 */
ITERO_API int32_t ITERO_CALL itero_order_cursor_free(itero_order_cursor *cursor);

/* --------------------------------------------------------------------------------------------------------------------
 * Download
 *
 * A job that brings an order's files to disk: start, then wait or poll, then read the table of files. Each file is
 * verified against the size and SHA-256 that the service gives and appears under its name only when it is whole. Running
 * a download again fetches only what is missing or has changed.
 *
 * A connection that breaks or stalls is made again and goes on where it ended, as often as it brings something new, and
 * a URL whose time is over is replaced. What a failed, cancelled or killed download has begun stays in the folder, in
 * files whose names begin with ".itero-", and the next download of the same files carries it on, whichever
 * program that is. Two downloads of one file into the same folder take turns.
 * -------------------------------------------------------------------------------------------------------------------- */

/** File kind: a zip with the meshes and all that belongs to them. */
#define ITERO_FILE_IDE 1

/** File kind: pictures of the scan. */
#define ITERO_FILE_IMAGE_GALLERY 2

/** File kind: screen captures. */
#define ITERO_FILE_SCREEN_CAPTURE 4

/** File kind: a viewer. */
#define ITERO_FILE_VIEWER 8

/** File kind: a mesh as STL. */
#define ITERO_FILE_STL 16

/** File kind: a mesh as PLY. */
#define ITERO_FILE_PLY 32

/** File kind: any that has no bit of its own. */
#define ITERO_FILE_OTHER 64

/** All file kinds. */
#define ITERO_FILE_ALL 127

/** Download flag: unpack zip files into a folder beside them. */
#define ITERO_DOWNLOAD_UNPACK 1

/**
 * Receives the progress of a download, on a thread of the library's own, about ten times a second while it changes.
 * total_bytes is -1 while it isn't known.
 */
typedef void (ITERO_CALL *itero_progress_callback)(void *user,
                                        int64_t bytes,
                                        int64_t total_bytes,
                                        int64_t files,
                                        int64_t total_files);

/**
 * D4, Download Order: begins to bring an order's files into a folder.
 *
 * order_id: from itero_orders_id.
 * folder: an absolute path, in which {orderId} stands for the order's id; it is made when it isn't there. Beside the
 * files comes itero-manifest.json, a list of them.
 * kinds: ITERO_FILE_ bits of the wanted kinds; 0 for all.
 * flags: 0 or ITERO_DOWNLOAD_UNPACK.
 * callback: receives the progress; NULL for none. It must not wait for a thread that frees the download.
 * user: handed back to the callback; may be NULL.
 * download_out: where the handle goes; free it with itero_download_free.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT, ITERO_E_NOT_SIGNED_IN, ITERO_E_IO, ITERO_E_LIMIT. Uses the
 * network, on its own threads.
 */
ITERO_API
int32_t ITERO_CALL itero_download_start(itero_client *client,
                                        const char *order_id,
                                        const char *folder,
                                        uint32_t kinds,
                                        uint32_t flags,
                                        itero_progress_callback callback,
                                        void *user,
                                        itero_download **download_out);

/**
 * D4, Download Order, for an order of a table: as itero_download_start, and the folder may name more of the order, such
 * as "C:\\Scans\\{chartNumber}\\{orderId}".
 *
 * orders: the table; index: the order's row.
 * folder: an absolute path with any of {orderId}, {orderCode}, {rxId}, {accountId}, {chartNumber}, {firstName},
 * {lastName} and {scanDate}. Each becomes one folder name that Windows accepts, "unknown" when the order lacks it.
 * kinds, flags, callback, user, download_out: as for itero_download_start; free it with itero_download_free.
 *
 * Errors: as itero_download_start. Uses the network, on its own threads.
 */
ITERO_API
int32_t ITERO_CALL itero_download_start_from_order(itero_client *client,
                                                   const itero_orders *orders,
                                                   int32_t index,
                                                   const char *folder,
                                                   uint32_t kinds,
                                                   uint32_t flags,
                                                   itero_progress_callback callback,
                                                   void *user,
                                                   itero_download **download_out);

/**
 * D4, Download Order, one file: begins to bring a single file of an order into a folder.
 *
 * order_id: from itero_orders_id.
 * file_id: from itero_orders_file_id.
 * folder: as for itero_download_start.
 * flags: 0 or ITERO_DOWNLOAD_UNPACK.
 * callback, user, download_out: as for itero_download_start; free it with itero_download_free.
 *
 * Errors: as itero_download_start. Uses the network, on its own threads.
 */
ITERO_API
int32_t ITERO_CALL itero_download_start_file(itero_client *client,
                                             const char *order_id,
                                             const char *file_id,
                                             const char *folder,
                                             uint32_t flags,
                                             itero_progress_callback callback,
                                             void *user,
                                             itero_download **download_out);

/**
 * Waits for a download.
 *
 * wait_ms: how long to wait, in milliseconds; 0 only looks, negative waits as long as it takes.
 *
 * Returns ITERO_OK when all files are in place, ITERO_E_PENDING while they aren't yet, else why it failed; files that
 * were finished by then are kept.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_PENDING, ITERO_E_CANCELLED, ITERO_E_NOT_PAIRED, ITERO_E_NOT_FOUND (no such order, or
 * no files of the chosen kinds), ITERO_E_CONFLICT (the files changed meanwhile, or another download holds one of them
 * and doesn't move on), ITERO_E_AUTH, ITERO_E_FORBIDDEN (a fresh URL is refused too), ITERO_E_NETWORK, ITERO_E_TIMEOUT
 * (stalled), ITERO_E_TLS, ITERO_E_PROTOCOL (size or SHA-256 differ, or a bad archive), ITERO_E_RATE_LIMIT,
 * ITERO_E_SERVICE, ITERO_E_IO, ITERO_E_DISK_FULL (before the first byte where the sizes are known). Uses no network
 * itself.
 */
ITERO_API int32_t ITERO_CALL itero_download_wait(itero_download *download, int32_t wait_ms);

/**
 * How far a download has come. Any of the places may be NULL.
 *
 * bytes_out, total_bytes_out: bytes so far and in all; the latter is -1 while it isn't known.
 * files_out, total_files_out: finished files and all files, without what is unpacked from them.
 *
 * Errors: ITERO_E_HANDLE. No network.
 */
ITERO_API
int32_t ITERO_CALL itero_download_progress(const itero_download *download,
                                           int64_t *bytes_out,
                                           int64_t *total_bytes_out,
                                           int64_t *files_out,
                                           int64_t *total_files_out);

/**
 * Cancels a download; itero_download_wait then returns ITERO_E_CANCELLED. Finished files are
 * kept, and what was begun is kept for the next download.
 *
 * Errors: ITERO_E_HANDLE. No network.
 */
ITERO_API int32_t ITERO_CALL itero_download_cancel(itero_download *download);

/**
 * Frees a download; one that still runs is cancelled, and its callback is never called again once this returns. The
 * files stay. NULL is fine.
 *
 * Errors: ITERO_E_HANDLE. No network.
 */
ITERO_API int32_t ITERO_CALL itero_download_free(itero_download *download);

/* --------------------------------------------------------------------------------------------------------------------
 * Downloaded files
 *
 * The table of files that a download has brought to disk, with those unpacked from archives. It is there when
 * itero_download_wait has returned ITERO_OK; before that every getter gives its default and ITERO_E_PENDING, and after a
 * failure the failure.
 * -------------------------------------------------------------------------------------------------------------------- */

/** File role: none of the others. */
#define ITERO_ROLE_OTHER 0

/** File role: a mesh of the upper arch. */
#define ITERO_ROLE_UPPER_ARCH 1

/** File role: a mesh of the lower arch. */
#define ITERO_ROLE_LOWER_ARCH 2

/** File role: a mesh of both arches. */
#define ITERO_ROLE_BOTH_ARCHES 3

/** File role: the Rx as a document. */
#define ITERO_ROLE_RX 4

/** File role: a picture. */
#define ITERO_ROLE_PICTURE 5

/** File role: an archive of other files. */
#define ITERO_ROLE_ARCHIVE 6

/** File role: data about the scan (XML). */
#define ITERO_ROLE_DATA 7

/**
 * The number of files on disk, with those unpacked from archives; 0 before the download is done (ITERO_E_PENDING) and
 * on a bad handle. No network.
 */
ITERO_API int32_t ITERO_CALL itero_download_file_count(const itero_download *download);

/**
 * A file's absolute path. "" before the
 * download is done and on a bad handle or index. No network.
 */
ITERO_API const char *ITERO_CALL itero_download_file_path(const itero_download *download, int32_t index);

/**
 * A file's name on disk, safe on Windows; it may differ from the service's. "" before the
 * download is done and on a bad handle or index. No network.
 */
ITERO_API const char *ITERO_CALL itero_download_file_name(const itero_download *download, int32_t index);

/**
 * A file's kind in the service's words; an unpacked file has its archive's. "" before the
 * download is done and on a bad handle or index. No network.
 */
ITERO_API const char *ITERO_CALL itero_download_file_kind(const itero_download *download, int32_t index);

/**
 * The name of the archive that a file was unpacked from, "" for a file of the order itself. "" before the
 * download is done and on a bad handle or index. No network.
 */
ITERO_API const char *ITERO_CALL itero_download_file_archive(const itero_download *download, int32_t index);

/**
 * A file's SHA-256 as hexadecimal digits in lower case. "" before the
 * download is done and on a bad handle or index. No network.
 */
ITERO_API const char *ITERO_CALL itero_download_file_sha256(const itero_download *download, int32_t index);

/** A file's size in bytes; -1 before the download is done and on a bad handle or index. No network. */
ITERO_API int64_t ITERO_CALL itero_download_file_size(const itero_download *download, int32_t index);

/**
 * What a file is, as an ITERO_ROLE_ number: told by the export's XML where the download has unpacked it, else by the
 * file's name; ITERO_ROLE_OTHER before the download is done and on a bad handle or index. No network.
 */
ITERO_API int32_t ITERO_CALL itero_download_file_role(const itero_download *download, int32_t index);

/**
 * 1 when a file was there already, whole and unchanged, and was not fetched again; 0 when it was written by this
 * download, before it is done and on a bad handle or index. No network.
 */
ITERO_API int32_t ITERO_CALL itero_download_file_was_there(const itero_download *download, int32_t index);

/**
 * The number of triangles in a mesh (STL or PLY), which was opened and read to its end; 0 for a file that is no mesh;
 * -1 for a mesh that can't be read, before the download is done and on a bad handle or index. No network.
 */
ITERO_API int64_t ITERO_CALL itero_download_file_triangles(const itero_download *download, int32_t index);

/**
 * The extent of a mesh along an axis, in millimeters; 0 for a file that is no readable mesh, before the download is done
 * and on a bad handle, index or axis. No network.
 *
 * axis: 0 for x, 1 for y, 2 for z.
 */
ITERO_API
double ITERO_CALL itero_download_file_extent(const itero_download *download,
                                             int32_t index,
                                             int32_t axis);

/* --------------------------------------------------------------------------------------------------------------------
 * Notifications
 *
 * The service tells of every change of an order's files with the RxID and the account's id (D5): after a scan, a rescan,
 * and steps of the lab. A notification is a hint, never a proof: ask itero_orders_by_rx, and believe only its answer.
 *
 * A listener receives notifications on 127.0.0.1 at a URL with a secret in it. A host with a web server of its own hands
 * the bodies that it receives to itero_notification_parse.
 * -------------------------------------------------------------------------------------------------------------------- */

/** Receives notifications, on a thread of the library's own, one at a time. The texts are valid during the call only. */
typedef void (ITERO_CALL *itero_notification_callback)(void *user, const char *rx_id, const char *account_id);

/**
 * D5, Scan notification: reads the body of a notification that the host's own web server received.
 *
 * body: the JSON text.
 * notification_out: where the result goes; free it with itero_notification_free.
 *
 * Errors: ITERO_E_ARGUMENT, ITERO_E_TEXT, ITERO_E_PROTOCOL (not a notification; answer the sender with 400),
 * ITERO_E_LIMIT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_notification_parse(const char *body, itero_notification **notification_out);

/** The RxID that a notification names. "" on a bad handle. No network. */
ITERO_API const char *ITERO_CALL itero_notification_rx_id(const itero_notification *notification);

/** The id of the account that a notification names. "" on a bad handle. No network. */
ITERO_API const char *ITERO_CALL itero_notification_account_id(const itero_notification *notification);

/**
 * Frees a notification. NULL is fine.
 *
 * Errors: ITERO_E_HANDLE. No network.
 */
ITERO_API int32_t ITERO_CALL itero_notification_free(itero_notification *notification);

/**
 * Begins to listen for notifications on 127.0.0.1. The service reaches it there in the sandbox, or through a public
 * web server that forwards to it. Give itero_listener_url to itero_client_pair.
 *
 * port: 1 to 65535; 0 lets the system choose.
 * callback: receives the notifications; NULL keeps them for itero_listener_wait. It must not wait for a thread that
 * stops or frees the listener.
 * user: handed back to the callback; may be NULL.
 * listener_out: where the handle goes; free it with itero_listener_free.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_IO (the port is in use), ITERO_E_LIMIT. Uses the network, on its own
 * threads.
 */
ITERO_API
int32_t ITERO_CALL itero_listener_start(itero_client *client,
                                        int32_t port,
                                        itero_notification_callback callback,
                                        void *user,
                                        itero_listener **listener_out);

/**
 * The URL that notifications must be posted to. It holds a secret. "" on a bad handle. The text lives as long as the
 * listener. No network.
 */
ITERO_API const char *ITERO_CALL itero_listener_url(const itero_listener *listener);

/**
 * Waits for the next notification of a listener without a callback. While a watch takes them, none comes here.
 *
 * wait_ms: how long to wait, in milliseconds; 0 only looks, negative waits as long as it takes.
 * notification_out: where the notification goes; free it with itero_notification_free.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_PENDING (none has come), ITERO_E_STATE (the listener has a
 * callback), ITERO_E_CANCELLED (the listener was stopped), ITERO_E_LIMIT. Uses no network itself.
 */
ITERO_API
int32_t ITERO_CALL itero_listener_wait(itero_listener *listener,
                                       int32_t wait_ms,
                                       itero_notification **notification_out);

/**
 * Stops a listener; its callback is never called again once this returns, and itero_listener_wait returns
 * ITERO_E_CANCELLED. Stopping twice is fine.
 *
 * Errors: ITERO_E_HANDLE. No network.
 */
ITERO_API int32_t ITERO_CALL itero_listener_stop(itero_listener *listener);

/**
 * Stops and frees a listener. NULL is fine.
 *
 * Errors: ITERO_E_HANDLE. No network.
 */
ITERO_API int32_t ITERO_CALL itero_listener_free(itero_listener *listener);

/* --------------------------------------------------------------------------------------------------------------------
 * Watch
 *
 * A watch makes sure that every scan that is ready reaches the program, with or without a public address for
 * notifications. It asks for the orders that have changed (D3) at an interval and, where notifications arrive (D5), for
 * the order they name (D6) at once.
 *
 * What it finds are events: one for each version of an order's files. A rescan or a changed file is a new version; a new
 * status alone is not. An event is told until the program acknowledges it with itero_watch_ack, which is best done when
 * the order's files are downloaded and filed: a program that crashes before is told again by its next watch, and, while
 * it runs on, after 30 minutes. What was acknowledged is not told again. When an order's files change before the
 * program has acknowledged the older version, only the newer one is told from then on.
 *
 * The watch keeps what it needs to know in one small file, without patient data: ids of orders, versions and times. It
 * remembers orders for 180 days after their last change; an order that changes its status still later is told once more.
 * -------------------------------------------------------------------------------------------------------------------- */

/**
 * Receives the events of a watch, on a thread of the library's own, one at a time. The event is valid during the call
 * only and is freed by the library.
 */
typedef void (ITERO_CALL *itero_watch_callback)(void *user, const itero_event *event);

/**
 * D5, Scan notification, and D3, Get Orders: begins to watch the orders of the account that the client is paired to.
 *
 * state_file: an absolute path on a disk of this computer; the folder is made when it isn't there. Two more files appear
 * beside it, with .lock and for moments .new behind the name; leave them alone. One file belongs to one account and to
 * one watch at a time. A damaged file is set aside with .damaged behind its name, and the watch begins as without one.
 * since: where to begin when there is no state yet, by the orders' date of update: RFC 3339 such as
 * "2026-03-31T09:00:00Z", or a day (its midnight in UTC). NULL or "" for a day before now, or 30 days after a damaged
 * file. With a state it counts for nothing.
 * listener: a listener whose notifications the watch takes; itero_listener_wait gets none of them then, while a callback
 * hears them as well. NULL for none. It stays the program's own: stop or free it at any time.
 * interval_ms: the time between two looks, in milliseconds, up to 86400000; 0 for a minute. When the service can't be
 * reached, the pause grows up to five minutes.
 * callback: receives the events; NULL keeps them for itero_watch_wait. It must not wait for a thread that stops or frees
 * the watch.
 * user: handed back to the callback; may be NULL.
 * watch_out: where the handle goes; free it with itero_watch_free.
 *
 * itero_client_cancel ends only the look under way; itero_client_free ends the watch.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT, ITERO_E_NOT_SIGNED_IN, ITERO_E_STORE, ITERO_E_NOT_PAIRED,
 * ITERO_E_STATE (another watch uses the file or the listener, or the file is another account's or a newer version's),
 * ITERO_E_IO, ITERO_E_DISK_FULL, ITERO_E_LIMIT. Uses the network, on its own threads.
 */
ITERO_API
int32_t ITERO_CALL itero_watch_start(itero_client *client,
                                     const char *state_file,
                                     const char *since,
                                     itero_listener *listener,
                                     int32_t interval_ms,
                                     itero_watch_callback callback,
                                     void *user,
                                     itero_watch **watch_out);

/**
 * Waits for the next event of a watch without a callback.
 *
 * wait_ms: how long to wait, in milliseconds; 0 only looks, negative waits as long as it takes.
 * event_out: where the event goes; free it with itero_event_free.
 *
 * Returns ITERO_E_PENDING when no event has come. When the watch can't work until somebody does something (sign in again,
 * pair again, free some disk space), it returns that error: once as soon as it is known, then at the end of the wait.
 * A network that is down for a while is not told here; see itero_watch_status. The watch goes on by itself in all cases.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_PENDING, ITERO_E_STATE (the watch has a callback, or the client is
 * paired to another account now), ITERO_E_CANCELLED (the watch was stopped), ITERO_E_NOT_SIGNED_IN, ITERO_E_NOT_PAIRED,
 * ITERO_E_AUTH, ITERO_E_FORBIDDEN, ITERO_E_TLS, ITERO_E_PROTOCOL, ITERO_E_IO, ITERO_E_DISK_FULL, ITERO_E_LIMIT (the event
 * stays the next one). Uses no network itself.
 */
ITERO_API
int32_t ITERO_CALL itero_watch_wait(itero_watch *watch,
                                    int32_t wait_ms,
                                    itero_event **event_out);

/**
 * Acknowledges an event: the program has what it needs, and no watch with this state file tells it again. When this
 * returns ITERO_OK, that is on the disk. A second time is fine, as is an event that was replaced by a newer version
 * meanwhile; the newer one is still told.
 *
 * Both texts may be kept by the program and be passed later, in another run too, without the event's handle.
 *
 * order_id: from itero_event_order_id.
 * version: from itero_event_version.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT (version is not of the form that itero_event_version gives), ITERO_E_TEXT,
 * ITERO_E_CANCELLED (the watch was stopped), ITERO_E_IO and ITERO_E_DISK_FULL (not kept: the event stays unacknowledged).
 * No network.
 */
ITERO_API
int32_t ITERO_CALL itero_watch_ack(itero_watch *watch,
                                   const char *order_id,
                                   const char *version);

/**
 * D5, Scan notification: tells the watch of a notification that the program's own web server received, so that it asks for
 * that order at once. A notification of another account, or for an Rx that the service doesn't know, changes nothing;
 * repeats are asked for once a second at most.
 *
 * notification: from itero_notification_parse; it stays the program's own.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_CANCELLED (the watch was stopped). Uses the network, on its own threads.
 */
ITERO_API
int32_t ITERO_CALL itero_watch_hint(itero_watch *watch,
                                    const itero_notification *notification);

/**
 * How the last look at the service went: ITERO_OK, or why it failed, with the error's details as after a failed call of
 * this thread. For programs with a callback, and to show a network that is down.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_PENDING (the first look is not done), ITERO_E_CANCELLED (the watch was stopped, or its
 * client freed), and those of itero_orders_list and itero_watch_wait. No network.
 */
ITERO_API
int32_t ITERO_CALL itero_watch_status(const itero_watch *watch);

/**
 * Stops a watch; its callback is never called again once this returns, itero_watch_wait returns ITERO_E_CANCELLED, and
 * another watch may use the state file. Stopping twice is fine.
 *
 * Errors: ITERO_E_HANDLE. No network.
 */
ITERO_API int32_t ITERO_CALL itero_watch_stop(itero_watch *watch);

/**
 * Stops and frees a watch. Its events live on. NULL is fine.
 *
 * Errors: ITERO_E_HANDLE. No network.
 */
ITERO_API int32_t ITERO_CALL itero_watch_free(itero_watch *watch);

/** The id of the order that is ready, for itero_download_start and itero_watch_ack. "" on a bad handle. No network. */
ITERO_API const char *ITERO_CALL itero_event_order_id(const itero_event *event);

/**
 * The RxID of the scan request that the order came from, "" for a scan that was made without one. "" on a bad handle.
 * No network.
 */
ITERO_API const char *ITERO_CALL itero_event_rx_id(const itero_event *event);

/** The id of the account that the watch is for. "" on a bad handle. No network. */
ITERO_API const char *ITERO_CALL itero_event_account_id(const itero_event *event);

/**
 * The order's status in the service's words when the event was found, such as "Completed". "" on a bad handle.
 * No network.
 */
ITERO_API const char *ITERO_CALL itero_event_status(const itero_event *event);

/**
 * The version of the order's files: 32 hexadecimal digits, the same for the same files, for itero_watch_ack. "" on a bad
 * handle. No network.
 */
ITERO_API
const char *ITERO_CALL itero_event_version(const itero_event *event);

/**
 * The order as the service told it when the event was found, with its patient, doctor and files.
 *
 * orders_out: where a table with one order goes; free it with itero_orders_free.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_LIMIT. No network.
 */
ITERO_API int32_t ITERO_CALL itero_event_orders(const itero_event *event, itero_orders **orders_out);

/**
 * Frees an event; it says nothing of whether the event was acknowledged. NULL is fine.
 *
 * Errors: ITERO_E_HANDLE. No network.
 */
ITERO_API int32_t ITERO_CALL itero_event_free(itero_event *event);

/* --------------------------------------------------------------------------------------------------------------------
 * Diagnosis
 *
 * The checks that a help desk would make: name look-up, proxy, connection, certificate, clock, discovery, token,
 * pairing, notification URL. A table: rows from 0 to count - 1, in the order in which they were made. No patient data,
 * no secret: a user may send it by mail.
 * -------------------------------------------------------------------------------------------------------------------- */

/** Check: didn't apply. */
#define ITERO_CHECK_SKIPPED 0

/** Check: in order. */
#define ITERO_CHECK_GOOD 1

/** Check: works, but somebody should know. */
#define ITERO_CHECK_WARNING 2

/** Check: doesn't work. */
#define ITERO_CHECK_FAILED 3

/**
 * Makes all checks, signed in or not. A check that fails is a row, not a failure of this function.
 *
 * notification_url: a URL to try as well; NULL for none.
 * diagnosis_out: where the table goes; free it with itero_diagnosis_free.
 *
 * Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT, ITERO_E_CANCELLED, ITERO_E_LIMIT. Uses the network.
 */
ITERO_API
int32_t ITERO_CALL itero_client_diagnose(itero_client *client,
                                         const char *notification_url,
                                         itero_diagnosis **diagnosis_out);

/** The number of checks. 0 on a bad handle. No network. */
ITERO_API int32_t ITERO_CALL itero_diagnosis_count(const itero_diagnosis *diagnosis);

/**
 * What was checked: "dns", "proxy", "connection", "tls", "clock", "discovery", "token", "pairing" or "notification".
 * "" on a bad handle or index. No network.
 */
ITERO_API const char *ITERO_CALL itero_diagnosis_name(const itero_diagnosis *diagnosis, int32_t index);

/** How a check ended, as an ITERO_CHECK_ number; ITERO_CHECK_SKIPPED on a bad handle or index. No network. */
ITERO_API int32_t ITERO_CALL itero_diagnosis_result(const itero_diagnosis *diagnosis, int32_t index);

/** What a check found, in one sentence. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_diagnosis_detail(const itero_diagnosis *diagnosis, int32_t index);

/** What to do about it, in one sentence. "" on a bad handle or index. No network. */
ITERO_API const char *ITERO_CALL itero_diagnosis_advice(const itero_diagnosis *diagnosis, int32_t index);

/**
 * Frees the table, with all texts that came from it. NULL is fine.
 *
 * Errors: ITERO_E_HANDLE. No network.
 */
ITERO_API int32_t ITERO_CALL itero_diagnosis_free(itero_diagnosis *diagnosis);

#ifdef __cplusplus
}
#endif

#endif /* ITERO_H */
