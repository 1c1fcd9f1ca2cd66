{$I Itero.inc}
unit {$IFDEF ITERO_PLAIN_NAMES}IteroApi{$ELSE}Itero.Api{$ENDIF};

{
  The functions of itero.dll, as include/itero.h declares them. Most programs want the unit Itero, which is made of
  them.

  The header is the manual: it says of each function what it does, which errors it gives and who owns what. Names are
  the header's; a parameter that the function only reads is const, a place for a result is out. Handles are typed
  pointers that never point anywhere.

  There are two ways to get at the library:

  - By default it is loaded when it is first needed: IteroNeeded does it, from the folder of the program, or from a
    folder "x86" or "x64" there; IteroLoad takes another place. The unit Itero calls IteroNeeded by itself. A library
    that is missing, of the wrong width or too old raises EIteroLibrary, which says so.
  - With ITERO_IMPORT defined for the whole project, Windows loads it with the program. When it is missing, Windows says
    so and the program doesn't start. IteroNeeded and IteroLoad do nothing then.

  Compiled and tested with Free Pascal 3.2.2 in Delphi mode, on Linux and on Windows in 32 and 64 bits. For Delphi 7 and
  for XE2 and later it keeps to what their documentation says; no such compiler has tried it yet.
}

interface

uses
  {$IFDEF ITERO_SCOPED_UNITS}System.SysUtils{$ELSE}SysUtils{$ENDIF};

const
  {$IFDEF MSWINDOWS}
  ITERO_LIBRARY = 'itero.dll';
  {$ELSE}
    {$IFDEF ITERO_IMPORT}
  ITERO_LIBRARY = 'itero';
    {$ELSE}
  ITERO_LIBRARY = 'libitero.so';
    {$ENDIF}
  {$ENDIF}

type
  // The library could not be loaded, or lacks a function that this unit declares.
  EIteroLibrary = class(Exception)
  private
    FFileName: string;
    FFunctionName: string;
  public
    constructor Create(const AFileName, AFunctionName, Reason: string);
    // The file that was tried.
    property FileName: string read FFileName;
    // The function that the file lacks; '' when the file itself could not be loaded.
    property FunctionName: string read FFunctionName;
  end;

// Loads the library from the program's folder, unless it is loaded already. May be called from every thread.
procedure IteroNeeded;

// Loads the library from a file of the program's choice, before anything else of it is used. On Windows FileName must
// be a full path: a bare name could bring in a stranger's file. Raises EIteroLibrary.
procedure IteroLoad(const FileName: {$IFDEF UNICODE}string{$ELSE}WideString{$ENDIF});

// Declarations: begin

{ --------------------------------------------------------------------------------------------------------------------
  Handles: opaque, and never to be looked behind.
  -------------------------------------------------------------------------------------------------------------------- }
type
  itero_error = record end;
  Pitero_error = ^itero_error;
  itero_config = record end;
  Pitero_config = ^itero_config;
  itero_client = record end;
  Pitero_client = ^itero_client;
  itero_login = record end;
  Pitero_login = ^itero_login;
  itero_accounts = record end;
  Pitero_accounts = ^itero_accounts;
  itero_warnings = record end;
  Pitero_warnings = ^itero_warnings;
  itero_practice = record end;
  Pitero_practice = ^itero_practice;
  itero_patients = record end;
  Pitero_patients = ^itero_patients;
  itero_matches = record end;
  Pitero_matches = ^itero_matches;
  itero_scan_request = record end;
  Pitero_scan_request = ^itero_scan_request;
  itero_rx = record end;
  Pitero_rx = ^itero_rx;
  itero_ledger = record end;
  Pitero_ledger = ^itero_ledger;
  itero_resolution = record end;
  Pitero_resolution = ^itero_resolution;
  itero_outbox = record end;
  Pitero_outbox = ^itero_outbox;
  itero_outbox_job = record end;
  Pitero_outbox_job = ^itero_outbox_job;
  itero_outbox_items = record end;
  Pitero_outbox_items = ^itero_outbox_items;
  itero_order_query = record end;
  Pitero_order_query = ^itero_order_query;
  itero_orders = record end;
  Pitero_orders = ^itero_orders;
  itero_order_cursor = record end;
  Pitero_order_cursor = ^itero_order_cursor;
  itero_download = record end;
  Pitero_download = ^itero_download;
  itero_notification = record end;
  Pitero_notification = ^itero_notification;
  itero_listener = record end;
  Pitero_listener = ^itero_listener;
  itero_watch = record end;
  Pitero_watch = ^itero_watch;
  itero_event = record end;
  Pitero_event = ^itero_event;
  itero_diagnosis = record end;
  Pitero_diagnosis = ^itero_diagnosis;

{ --------------------------------------------------------------------------------------------------------------------
  Status codes: constants
  -------------------------------------------------------------------------------------------------------------------- }
const
  // Success.
  ITERO_OK = 0;
  // An argument is missing, out of range or refused by the service; the message names it.
  ITERO_E_ARGUMENT = 1;
  // A text is not UTF-8.
  ITERO_E_TEXT = 2;
  // A handle is NULL, was freed, is of another kind or never existed.
  ITERO_E_HANDLE = 3;
  // The call doesn't fit the state of its object.
  ITERO_E_STATE = 4;
  // Nobody is signed in.
  ITERO_E_NOT_SIGNED_IN = 5;
  // Signed in, but not paired to an account.
  ITERO_E_NOT_PAIRED = 6;
  // No connection, or it broke.
  ITERO_E_NETWORK = 7;
  // Out of time.
  ITERO_E_TIMEOUT = 8;
  // Cancelled by itero_client_cancel, a job's cancel or itero_shutdown.
  ITERO_E_CANCELLED = 9;
  // No secure connection could be made.
  ITERO_E_TLS = 10;
  // The sign-in was refused or has ended: the user must sign in again.
  ITERO_E_AUTH = 11;
  // The user may not do this, or a URL points where nothing may be sent.
  ITERO_E_FORBIDDEN = 12;
  // Align has not enabled this feature for the account.
  ITERO_E_NOT_ENABLED = 13;
  // The service doesn't know the id.
  ITERO_E_NOT_FOUND = 14;
  // It conflicts with what the service holds.
  ITERO_E_CONFLICT = 15;
  // The service asks for fewer requests.
  ITERO_E_RATE_LIMIT = 16;
  // The service has a fault of its own (HTTP 5xx).
  ITERO_E_SERVICE = 17;
  // The answer was not understood.
  ITERO_E_PROTOCOL = 18;
  // Sent, but the answer is lost: nobody knows yet whether it was done.
  ITERO_E_OUTCOME_UNKNOWN = 19;
  // The file system refused.
  ITERO_E_IO = 20;
  // The disk is full.
  ITERO_E_DISK_FULL = 21;
  // The token store or the ledger refused.
  ITERO_E_STORE = 22;
  // A fault of this library; the host goes on unharmed.
  ITERO_E_PANIC = 23;
  // Not an error: the job or the notification that was waited for is not there yet.
  ITERO_E_PENDING = 24;
  // Too many handles are alive.
  ITERO_E_LIMIT = 25;

{ --------------------------------------------------------------------------------------------------------------------
  Library: constants
  -------------------------------------------------------------------------------------------------------------------- }
const
  // Log level: what failed.
  ITERO_LOG_ERROR = 1;
  // Log level: what failed and may succeed later, or looks wrong.
  ITERO_LOG_WARNING = 2;
  // Log level: each request with its result.
  ITERO_LOG_INFO = 3;
  // Log level: everything.
  ITERO_LOG_DEBUG = 4;

{ --------------------------------------------------------------------------------------------------------------------
  Configuration: constants
  -------------------------------------------------------------------------------------------------------------------- }
const
  // Version 1 of the service's interface: fixed addresses, no discovery.
  ITERO_API_V1 = 1;
  // Version 2 of the service's interface: regional addresses by discovery.
  ITERO_API_V2 = 2;

{ --------------------------------------------------------------------------------------------------------------------
  Token store: constants
  -------------------------------------------------------------------------------------------------------------------- }
const
  // The program keeps the tokens as they come, and protects them itself.
  ITERO_TOKENS_OPEN = 0;
  // The tokens are sealed for the user on this computer before the program gets them.
  ITERO_TOKENS_SEALED = 1;

{ --------------------------------------------------------------------------------------------------------------------
  Client: constants
  -------------------------------------------------------------------------------------------------------------------- }
const
  // Nobody is signed in.
  ITERO_STATE_SIGNED_OUT = 0;
  // Signed in, not paired to an account.
  ITERO_STATE_SIGNED_IN = 1;
  // Signed in and paired to an account.
  ITERO_STATE_PAIRED = 2;

{ --------------------------------------------------------------------------------------------------------------------
  Matches: constants
  -------------------------------------------------------------------------------------------------------------------- }
const
  // Reason: the chart number is the same.
  ITERO_MATCH_CHART_NUMBER = 1;
  // Reason: first and last name are the same, letter case aside.
  ITERO_MATCH_NAME = 2;
  // Reason: the name has the same parts in another order, such as first and last name swapped.
  ITERO_MATCH_NAME_SWAPPED = 4;
  // Reason: one name is a part of the other, such as one of two last names or one of several first names.
  ITERO_MATCH_NAME_PART = 8;
  // Reason: the names are the same but for accents, such as "Muller", "Mueller" and the same with an umlaut.
  ITERO_MATCH_DIACRITICS = 16;
  // Reason: the names are the same but for spaces, hyphens, apostrophes or particles such as "van der" and "al-".
  ITERO_MATCH_SPELLING = 32;
  // Reason: the birth date is the same.
  ITERO_MATCH_BIRTH_DATE = 64;
  // Speaks against the match: the birth date is another one.
  ITERO_MATCH_OTHER_BIRTH_DATE = 128;

{ --------------------------------------------------------------------------------------------------------------------
  Push: constants
  -------------------------------------------------------------------------------------------------------------------- }
const
  // The patient at the service is never changed: any difference is ITERO_E_CONFLICT.
  ITERO_PUSH_NEVER_UPDATE = 1;
  // The patient at the service gets the host program's name, and the chart number where it is missing.
  ITERO_PUSH_UPDATE_NAME = 2;
  // The callback decides wherever the patient isn't certain.
  ITERO_PUSH_ASK = 3;
  // The callback's answer: none of the matches is the patient; a new one is made.
  ITERO_PUSH_NONE_OF_THEM = -1;
  // The callback's answer: nothing is changed and nothing is sent.
  ITERO_PUSH_STOP = -2;

{ --------------------------------------------------------------------------------------------------------------------
  Ledger: constants
  -------------------------------------------------------------------------------------------------------------------- }
const
  // The scan request was prepared, but how it ended is not known: it is under way, its answer was lost, or the
  // program ended before it came.
  ITERO_LEDGER_UNKNOWN = 0;
  // The Rx was sent, and its RxID is known.
  ITERO_LEDGER_SENT = 1;

{ --------------------------------------------------------------------------------------------------------------------
  Resolution: constants
  -------------------------------------------------------------------------------------------------------------------- }
const
  // It is not known yet whether the scan request has arrived: it must not be sent again.
  ITERO_RX_STILL_UNKNOWN = 0;
  // The scan request has arrived; the RxID is known.
  ITERO_RX_SENT = 1;
  // The scan request has not arrived: it may be sent again.
  ITERO_RX_NOT_SENT = 2;

{ --------------------------------------------------------------------------------------------------------------------
  Outbox items: constants
  -------------------------------------------------------------------------------------------------------------------- }
const
  // Kind of an item: a scan request.
  ITERO_OUTBOX_SCAN_REQUEST = 1;
  // Kind of an item: the correction of a patient, by the patient's id.
  ITERO_OUTBOX_PATIENT_UPDATE = 2;
  // Kind of an item: the correction of a patient's name, by chart number.
  ITERO_OUTBOX_PATIENT_UPDATE_BY_CHART_NUMBER = 3;
  // Kind of an item: the withdrawal of an Rx.
  ITERO_OUTBOX_RX_DELETE = 4;
  // State of an item: on the disk, not sent.
  ITERO_OUTBOX_PREPARED = 1;
  // State of an item: being sent; or it was when a program ended, and the next run finds out what became of it.
  ITERO_OUTBOX_SENT = 2;
  // State of an item: done at the service.
  ITERO_OUTBOX_CONFIRMED = 3;
  // State of an item: sent, but its answer is lost.
  ITERO_OUTBOX_UNKNOWN = 4;
  // State of an item: the service refused it.
  ITERO_OUTBOX_FAILED = 5;

{ --------------------------------------------------------------------------------------------------------------------
  Download: constants
  -------------------------------------------------------------------------------------------------------------------- }
const
  // File kind: a zip with the meshes and all that belongs to them.
  ITERO_FILE_IDE = 1;
  // File kind: pictures of the scan.
  ITERO_FILE_IMAGE_GALLERY = 2;
  // File kind: screen captures.
  ITERO_FILE_SCREEN_CAPTURE = 4;
  // File kind: a viewer.
  ITERO_FILE_VIEWER = 8;
  // File kind: a mesh as STL.
  ITERO_FILE_STL = 16;
  // File kind: a mesh as PLY.
  ITERO_FILE_PLY = 32;
  // File kind: any that has no bit of its own.
  ITERO_FILE_OTHER = 64;
  // All file kinds.
  ITERO_FILE_ALL = 127;
  // Download flag: unpack zip files into a folder beside them.
  ITERO_DOWNLOAD_UNPACK = 1;

{ --------------------------------------------------------------------------------------------------------------------
  Downloaded files: constants
  -------------------------------------------------------------------------------------------------------------------- }
const
  // File role: none of the others.
  ITERO_ROLE_OTHER = 0;
  // File role: a mesh of the upper arch.
  ITERO_ROLE_UPPER_ARCH = 1;
  // File role: a mesh of the lower arch.
  ITERO_ROLE_LOWER_ARCH = 2;
  // File role: a mesh of both arches.
  ITERO_ROLE_BOTH_ARCHES = 3;
  // File role: the Rx as a document.
  ITERO_ROLE_RX = 4;
  // File role: a picture.
  ITERO_ROLE_PICTURE = 5;
  // File role: an archive of other files.
  ITERO_ROLE_ARCHIVE = 6;
  // File role: data about the scan (XML).
  ITERO_ROLE_DATA = 7;

{ --------------------------------------------------------------------------------------------------------------------
  Diagnosis: constants
  -------------------------------------------------------------------------------------------------------------------- }
const
  // Check: didn't apply.
  ITERO_CHECK_SKIPPED = 0;
  // Check: in order.
  ITERO_CHECK_GOOD = 1;
  // Check: works, but somebody should know.
  ITERO_CHECK_WARNING = 2;
  // Check: doesn't work.
  ITERO_CHECK_FAILED = 3;

{ --------------------------------------------------------------------------------------------------------------------
  Callbacks
  -------------------------------------------------------------------------------------------------------------------- }
type
  // Receives log lines, on a thread of the library's own, one at a time.
  itero_log_callback = procedure(user: Pointer; level: Integer; const message: PAnsiChar); cdecl;
  // Loads the text that was saved last and hands it over with itero_token_store_give, or hands over nothing when
  // none was saved yet.
  itero_token_load_callback = function(user: Pointer): Integer; cdecl;
  // Saves a text in the place of the one before: printable ASCII in one line, usually 2 to 8 KB, at most 65535
  // bytes.
  itero_token_save_callback = function(user: Pointer; const text: PAnsiChar): Integer; cdecl;
  // Takes the lock that lets one program, or one computer, at a time replace the tokens; waits for it at most
  // wait_ms (never more than 250).
  itero_token_lock_callback = function(user: Pointer; wait_ms: Integer): Integer; cdecl;
  // Gives the lock back.
  itero_token_unlock_callback = procedure(user: Pointer); cdecl;
  // Asked who of the matches is the patient, on a thread of the library's own, while itero_rx_push waits.
  itero_push_callback = function(user: Pointer; const matches: Pitero_matches): Integer; cdecl;
  // Receives the progress of a download, on a thread of the library's own, about ten times a second while it
  // changes.
  itero_progress_callback = procedure(
    user: Pointer;
    bytes: Int64;
    total_bytes: Int64;
    files: Int64;
    total_files: Int64); cdecl;
  // Receives notifications, on a thread of the library's own, one at a time.
  itero_notification_callback = procedure(user: Pointer; const rx_id: PAnsiChar; const account_id: PAnsiChar); cdecl;
  // Receives the events of a watch, on a thread of the library's own, one at a time.
  itero_watch_callback = procedure(user: Pointer; const event: Pitero_event); cdecl;

{$IFDEF ITERO_IMPORT}

{ --------------------------------------------------------------------------------------------------------------------
  Status codes
  -------------------------------------------------------------------------------------------------------------------- }

// The name of a status code, such as "ITERO_E_NETWORK"; "" for a number that is none.
function itero_status_name(status: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

{ --------------------------------------------------------------------------------------------------------------------
  Library
  -------------------------------------------------------------------------------------------------------------------- }

// The library's version, such as "0.1.0".
function itero_version: PAnsiChar; cdecl; external ITERO_LIBRARY;

// Sends the library's log lines to a callback; the one before is never called again once this returns.
function itero_log_set(
  level: Integer;
  callback: itero_log_callback;
  user: Pointer): Integer; cdecl; external ITERO_LIBRARY;

// Ends all that runs, in all clients: calls return ITERO_E_CANCELLED, and the library's threads end.
function itero_shutdown(limit_ms: Integer): Integer; cdecl; external ITERO_LIBRARY;

{ --------------------------------------------------------------------------------------------------------------------
  Errors
  -------------------------------------------------------------------------------------------------------------------- }

// The status of the last failed call on this thread; ITERO_OK when the last call succeeded.
function itero_last_error_status: Integer; cdecl; external ITERO_LIBRARY;

// What went wrong in the last failed call on this thread: the function's name, what was wrong and where.
function itero_last_error_message: PAnsiChar; cdecl; external ITERO_LIBRARY;

// The name of the function that failed last on this thread; "" when the last call succeeded.
function itero_last_error_operation: PAnsiChar; cdecl; external ITERO_LIBRARY;

// One sentence of advice for the person who has to act; "" when the last call succeeded.
function itero_last_error_advice: PAnsiChar; cdecl; external ITERO_LIBRARY;

// The HTTP status of the answer that made the last call on this thread fail; 0 when there was none.
function itero_last_error_http_status: Integer; cdecl; external ITERO_LIBRARY;

// The service's own word for the fault, such as "NotPaired"; "" when it gave none.
function itero_last_error_service_code: PAnsiChar; cdecl; external ITERO_LIBRARY;

// The id under which the service's help desk finds the failed request; "" when none was sent.
function itero_last_error_request_id: PAnsiChar; cdecl; external ITERO_LIBRARY;

// 1 when the same call may succeed later without any change, else 0.
function itero_last_error_retryable: Integer; cdecl; external ITERO_LIBRARY;

// How long the service asks to wait before the next call, in milliseconds; -1 when it doesn't say.
function itero_last_error_retry_after_ms: Int64; cdecl; external ITERO_LIBRARY;

// D2, Scan Request: the operation id of the scan request that the error is about, for itero_rx_resolve; "" when it
// is about none.
function itero_last_error_operation_id: PAnsiChar; cdecl; external ITERO_LIBRARY;

// Captures this thread's last error in a handle of its own, so that another thread can read it.
function itero_error_capture(out error_out: Pitero_error): Integer; cdecl; external ITERO_LIBRARY;

// The captured status.
function itero_error_status(const error: Pitero_error): Integer; cdecl; external ITERO_LIBRARY;

// The captured message, as itero_last_error_message gives it.
function itero_error_message(const error: Pitero_error): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The captured name of the function that failed.
function itero_error_operation(const error: Pitero_error): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The captured advice.
function itero_error_advice(const error: Pitero_error): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The captured HTTP status, 0 when there was none or on a bad handle.
function itero_error_http_status(const error: Pitero_error): Integer; cdecl; external ITERO_LIBRARY;

// The captured word of the service.
function itero_error_service_code(const error: Pitero_error): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The captured request id.
function itero_error_request_id(const error: Pitero_error): PAnsiChar; cdecl; external ITERO_LIBRARY;

// 1 when the captured call may succeed later without any change, else 0; 0 on a bad handle.
function itero_error_retryable(const error: Pitero_error): Integer; cdecl; external ITERO_LIBRARY;

// The captured time to wait, in milliseconds, as itero_last_error_retry_after_ms gives it; -1 when there is none.
function itero_error_retry_after_ms(const error: Pitero_error): Int64; cdecl; external ITERO_LIBRARY;

// The captured operation id, as itero_last_error_operation_id gives it.
function itero_error_operation_id(const error: Pitero_error): PAnsiChar; cdecl; external ITERO_LIBRARY;

// Frees a captured error.
function itero_error_free(error: Pitero_error): Integer; cdecl; external ITERO_LIBRARY;

{ --------------------------------------------------------------------------------------------------------------------
  Configuration
  -------------------------------------------------------------------------------------------------------------------- }

// Makes an empty config.
function itero_config_new(out config_out: Pitero_config): Integer; cdecl; external ITERO_LIBRARY;

// Sets the version of the service's interface: ITERO_API_V1 or ITERO_API_V2 (the default).
function itero_config_set_api_version(config: Pitero_config; version: Integer): Integer; cdecl; external ITERO_LIBRARY;

// Sets the client id that Align issued.
function itero_config_set_client_id(
  config: Pitero_config;
  const client_id: PAnsiChar): Integer; cdecl; external ITERO_LIBRARY;

// Sets the client secret that Align issued.
function itero_config_set_client_secret(
  config: Pitero_config;
  const client_secret: PAnsiChar): Integer; cdecl; external ITERO_LIBRARY;

// Sets the address of Align's login page.
function itero_config_set_login_page(
  config: Pitero_config;
  const url: PAnsiChar): Integer; cdecl; external ITERO_LIBRARY;

// Sets the address below which the sign-in server's endpoints are.
function itero_config_set_oauth_base(
  config: Pitero_config;
  const url: PAnsiChar): Integer; cdecl; external ITERO_LIBRARY;

// Sets the base URL of the service.
function itero_config_set_base_url(
  config: Pitero_config;
  const url: PAnsiChar): Integer; cdecl; external ITERO_LIBRARY;

// Sets the redirect URL that Align registered for this program (A1): https without '#'; http only to this computer.
function itero_config_set_redirect_url(
  config: Pitero_config;
  const url: PAnsiChar): Integer; cdecl; external ITERO_LIBRARY;

// Sets the domain whose hosts may receive the access token, such as "example.com" (with all hosts below it).
function itero_config_set_allowed_domain(
  config: Pitero_config;
  const domain: PAnsiChar): Integer; cdecl; external ITERO_LIBRARY;

// Overrides the URL of one endpoint, for when the service's differs from what this library or discovery says.
function itero_config_set_endpoint(
  config: Pitero_config;
  const name: PAnsiChar;
  const url_template: PAnsiChar): Integer; cdecl; external ITERO_LIBRARY;

// Sets the name and version of the host program; they go into the User-Agent, where the service's help desk finds
// them.
function itero_config_set_product(
  config: Pitero_config;
  const name: PAnsiChar;
  const version: PAnsiChar): Integer; cdecl; external ITERO_LIBRARY;

// Names the folder where the library may keep its small files: the ledger of sent Rx ("rx-ledger.jsonl" with
// "rx-ledger.lock").
function itero_config_set_state_folder(
  config: Pitero_config;
  const folder: PAnsiChar): Integer; cdecl; external ITERO_LIBRARY;

// Names the program that itero_login_run starts with the login page's URL as its one argument.
function itero_config_set_browser(
  config: Pitero_config;
  const program_: PAnsiChar): Integer; cdecl; external ITERO_LIBRARY;

// Sets the port on 127.0.0.1 on which itero_login_run listens, 1 to 65535; 0 (the default) lets the system choose.
function itero_config_set_loopback_port(config: Pitero_config; port: Integer): Integer; cdecl; external ITERO_LIBRARY;

// Frees a config; clients made with it stay as they are.
function itero_config_free(config: Pitero_config): Integer; cdecl; external ITERO_LIBRARY;

{ --------------------------------------------------------------------------------------------------------------------
  Configuration of the network
  -------------------------------------------------------------------------------------------------------------------- }

// Sets the proxy: a URL such as "http://proxy:8080", "none" for no proxy, or "" for the system's settings (the
// default).
function itero_config_set_proxy(config: Pitero_config; const proxy: PAnsiChar): Integer; cdecl; external ITERO_LIBRARY;

// Names a PEM file with further trusted root certificates, for a practice whose proxy inspects TLS and for the
// sandbox.
function itero_config_set_ca_file(
  config: Pitero_config;
  const ca_file: PAnsiChar): Integer; cdecl; external ITERO_LIBRARY;

// Sets the time limits, each in milliseconds, 1 to 600000.
function itero_config_set_timeouts(
  config: Pitero_config;
  connect_ms: Integer;
  request_ms: Integer;
  stall_ms: Integer): Integer; cdecl; external ITERO_LIBRARY;

// Sets the settling time, in milliseconds, 1 to 600000 (default 60000): how long after the sending the service may
// take to show an Rx whose answer was lost.
function itero_config_set_settling_time(
  config: Pitero_config;
  settling_ms: Integer): Integer; cdecl; external ITERO_LIBRARY;

// Sets how many files of a download come at once, each over a connection of its own.
function itero_config_set_parallel_files(
  config: Pitero_config;
  count: Integer): Integer; cdecl; external ITERO_LIBRARY;

{ --------------------------------------------------------------------------------------------------------------------
  Text encoding
  -------------------------------------------------------------------------------------------------------------------- }

// Sets the code page of the program's text; it counts for the texts set on this config afterwards, for the client
// made from it, and for everything that comes from that client.
function itero_config_set_text_encoding(
  config: Pitero_config;
  code_page: Integer): Integer; cdecl; external ITERO_LIBRARY;

// Sets the code page of the texts that are set on this scan request afterwards.
function itero_scan_request_set_text_encoding(
  request: Pitero_scan_request;
  code_page: Integer): Integer; cdecl; external ITERO_LIBRARY;

// Sets the code page of the texts that are set on this query afterwards.
function itero_order_query_set_text_encoding(
  query: Pitero_order_query;
  code_page: Integer): Integer; cdecl; external ITERO_LIBRARY;

// Sets the code page of the texts that are given to this outbox afterwards.
function itero_outbox_set_text_encoding(
  outbox: Pitero_outbox;
  code_page: Integer): Integer; cdecl; external ITERO_LIBRARY;

// Converts UTF-8 to UTF-16, for programs that have only wide text (wchar_t on Windows).
function itero_text_to_utf16(
  const text: PAnsiChar;
  buffer: PWideChar;
  buffer_size: Integer;
  out length_out: Integer): Integer; cdecl; external ITERO_LIBRARY;

// Converts UTF-16 to UTF-8, for texts that are given to this library.
function itero_text_from_utf16(
  const utf16: PWideChar;
  utf16_length: Integer;
  buffer: PAnsiChar;
  buffer_size: Integer;
  out length_out: Integer): Integer; cdecl; external ITERO_LIBRARY;

// Converts UTF-8 to a code page.
function itero_text_to_code_page(
  const text: PAnsiChar;
  code_page: Integer;
  buffer: PAnsiChar;
  buffer_size: Integer;
  out length_out: Integer): Integer; cdecl; external ITERO_LIBRARY;

// Converts text of a code page to UTF-8, for texts that are given to this library.
function itero_text_from_code_page(
  const text: PAnsiChar;
  code_page: Integer;
  buffer: PAnsiChar;
  buffer_size: Integer;
  out length_out: Integer): Integer; cdecl; external ITERO_LIBRARY;

{ --------------------------------------------------------------------------------------------------------------------
  Token store
  -------------------------------------------------------------------------------------------------------------------- }

// Keeps the tokens in a file of the program's choice, for a program that serves several users or practices.
function itero_config_set_token_file(
  config: Pitero_config;
  const token_file: PAnsiChar): Integer; cdecl; external ITERO_LIBRARY;

// Keeps the tokens in the program's own store, such as a row of its SQL database.
function itero_config_set_token_callbacks(
  config: Pitero_config;
  sealed: Integer;
  load: itero_token_load_callback;
  save: itero_token_save_callback;
  lock: itero_token_lock_callback;
  unlock: itero_token_unlock_callback;
  user: Pointer): Integer; cdecl; external ITERO_LIBRARY;

// Hands the text that was saved last to the library.
function itero_token_store_give(const text: PAnsiChar): Integer; cdecl; external ITERO_LIBRARY;

// Keeps the tokens in memory alone; they are gone when the client is freed.
function itero_config_set_token_memory(config: Pitero_config): Integer; cdecl; external ITERO_LIBRARY;

{ --------------------------------------------------------------------------------------------------------------------
  Client
  -------------------------------------------------------------------------------------------------------------------- }

// Makes a client from a copy of the config, after checking all of it.
function itero_client_new(
  const config: Pitero_config;
  out client_out: Pitero_client): Integer; cdecl; external ITERO_LIBRARY;

// How far the sign-in has come: ITERO_STATE_SIGNED_OUT, ITERO_STATE_SIGNED_IN or ITERO_STATE_PAIRED; signed out on a
// bad handle.
function itero_client_state(const client: Pitero_client): Integer; cdecl; external ITERO_LIBRARY;

// The id of the account that the session is paired to; "" when it isn't paired or on a bad handle.
function itero_client_account_id(const client: Pitero_client): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The region that discovery gave, such as "us"; "" before discovery, in V1 and on a bad handle.
function itero_client_region(const client: Pitero_client): PAnsiChar; cdecl; external ITERO_LIBRARY;

// A5, Discovery: asks for the region's addresses now.
function itero_client_discover(client: Pitero_client): Integer; cdecl; external ITERO_LIBRARY;

// A3, Refresh Token: new tokens now.
function itero_client_refresh(client: Pitero_client): Integer; cdecl; external ITERO_LIBRARY;

// A4, Revoke Token: signs out, and with it all programs that use the same token store.
function itero_client_revoke(client: Pitero_client): Integer; cdecl; external ITERO_LIBRARY;

// A7, Pair: binds the session to one account.
function itero_client_pair(
  client: Pitero_client;
  const account_id: PAnsiChar;
  const notification_url: PAnsiChar): Integer; cdecl; external ITERO_LIBRARY;

// A8, Un Pair: ends the pairing.
function itero_client_unpair(client: Pitero_client): Integer; cdecl; external ITERO_LIBRARY;

// Ends everything that runs on this client, from any thread and within a quarter of a second: calls, sign-ins and
// downloads return ITERO_E_CANCELLED.
function itero_client_cancel(client: Pitero_client): Integer; cdecl; external ITERO_LIBRARY;

// Frees a client: its tokens are wiped from memory; calls, sign-ins and downloads still running on it are cancelled.
function itero_client_free(client: Pitero_client): Integer; cdecl; external ITERO_LIBRARY;

{ --------------------------------------------------------------------------------------------------------------------
  Sign-in
  -------------------------------------------------------------------------------------------------------------------- }

// A1, Authorization: prepares a sign-in whose browser the host shows itself.
function itero_login_begin(client: Pitero_client; out login_out: Pitero_login): Integer; cdecl; external ITERO_LIBRARY;

// The login page's URL to show to the user, good for this attempt alone.
function itero_login_url(const login: Pitero_login): PAnsiChar; cdecl; external ITERO_LIBRARY;

// A2, Get Token: takes the URL that the browser was redirected to, checks it and signs the client in.
function itero_login_complete(
  login: Pitero_login;
  const redirect_url: PAnsiChar): Integer; cdecl; external ITERO_LIBRARY;

// A1 and A2 in one, as a job: opens the browser (itero_config_set_browser), listens on 127.0.0.1, and signs the
// client in when the user has logged in.
function itero_login_run(
  client: Pitero_client;
  limit_ms: Integer;
  out login_out: Pitero_login): Integer; cdecl; external ITERO_LIBRARY;

// Waits for a sign-in that itero_login_run began.
function itero_login_wait(login: Pitero_login; wait_ms: Integer): Integer; cdecl; external ITERO_LIBRARY;

// Cancels a sign-in that itero_login_run began; itero_login_wait then returns ITERO_E_CANCELLED.
function itero_login_cancel(login: Pitero_login): Integer; cdecl; external ITERO_LIBRARY;

// Frees a sign-in; one that still runs is cancelled.
function itero_login_free(login: Pitero_login): Integer; cdecl; external ITERO_LIBRARY;

// A2, Get Token, for hosts that bring their own login page, state and PKCE: exchanges a code for tokens.
function itero_auth_exchange_code(
  client: Pitero_client;
  const code: PAnsiChar;
  const redirect_url: PAnsiChar;
  const code_verifier: PAnsiChar): Integer; cdecl; external ITERO_LIBRARY;

{ --------------------------------------------------------------------------------------------------------------------
  Accounts
  -------------------------------------------------------------------------------------------------------------------- }

// A6, Get Accounts for pairing: the accounts that the signed-in user may pair to.
function itero_accounts_get(
  client: Pitero_client;
  out accounts_out: Pitero_accounts): Integer; cdecl; external ITERO_LIBRARY;

// The number of accounts.
function itero_accounts_count(const accounts: Pitero_accounts): Integer; cdecl; external ITERO_LIBRARY;

// The id of an account, for itero_client_pair.
function itero_accounts_id(const accounts: Pitero_accounts; index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// An account's name.
function itero_accounts_name(
  const accounts: Pitero_accounts;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// An account's type, in the service's words.
function itero_accounts_type(
  const accounts: Pitero_accounts;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// An account's address in one line.
function itero_accounts_address(
  const accounts: Pitero_accounts;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// 1 when the account is paired to this program already, else 0; 0 on a bad handle or index.
function itero_accounts_is_paired(
  const accounts: Pitero_accounts;
  index: Integer): Integer; cdecl; external ITERO_LIBRARY;

// The service's whole answer as JSON, for members that this library doesn't know.
function itero_accounts_json(const accounts: Pitero_accounts): PAnsiChar; cdecl; external ITERO_LIBRARY;

// Frees the table, with all texts that came from it.
function itero_accounts_free(accounts: Pitero_accounts): Integer; cdecl; external ITERO_LIBRARY;

{ --------------------------------------------------------------------------------------------------------------------
  Pairing warnings
  -------------------------------------------------------------------------------------------------------------------- }

// P5, Pairing warning: asks for the patients of the paired account who share a chart number or have none.
function itero_warnings_get(
  client: Pitero_client;
  out warnings_out: Pitero_warnings): Integer; cdecl; external ITERO_LIBRARY;

// The number of chart numbers that several patients share.
function itero_warnings_duplicate_count(const warnings: Pitero_warnings): Integer; cdecl; external ITERO_LIBRARY;

// A chart number that several patients share.
function itero_warnings_duplicate_chart_number(
  const warnings: Pitero_warnings;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The patients who share a chart number.
function itero_warnings_duplicate_patients(
  const warnings: Pitero_warnings;
  index: Integer;
  out patients_out: Pitero_patients): Integer; cdecl; external ITERO_LIBRARY;

// The patients without a chart number.
function itero_warnings_missing_chart_number(
  const warnings: Pitero_warnings;
  out patients_out: Pitero_patients): Integer; cdecl; external ITERO_LIBRARY;

// The service's whole answer as JSON, for members that this library doesn't know.
function itero_warnings_json(const warnings: Pitero_warnings): PAnsiChar; cdecl; external ITERO_LIBRARY;

// Frees the warnings, with all texts that came from it.
function itero_warnings_free(warnings: Pitero_warnings): Integer; cdecl; external ITERO_LIBRARY;

{ --------------------------------------------------------------------------------------------------------------------
  Practice
  -------------------------------------------------------------------------------------------------------------------- }

// D1, Get Practice Configuration: the practice's data with its doctors, labs, procedures and scanners.
function itero_practice_get(
  client: Pitero_client;
  out practice_out: Pitero_practice): Integer; cdecl; external ITERO_LIBRARY;

// The id of the practice's account.
function itero_practice_account_id(const practice: Pitero_practice): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The practice's name.
function itero_practice_name(const practice: Pitero_practice): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The practice's address in one line.
function itero_practice_address(const practice: Pitero_practice): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The practice's telephone number.
function itero_practice_phone(const practice: Pitero_practice): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The practice's time zone, an IANA name such as "Europe/Berlin".
function itero_practice_time_zone(const practice: Pitero_practice): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The number of doctors.
function itero_practice_doctor_count(const practice: Pitero_practice): Integer; cdecl; external ITERO_LIBRARY;

// The id of a doctor, for itero_scan_request_set_doctor_id.
function itero_practice_doctor_id(
  const practice: Pitero_practice;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// A doctor's first name.
function itero_practice_doctor_first_name(
  const practice: Pitero_practice;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// A doctor's last name.
function itero_practice_doctor_last_name(
  const practice: Pitero_practice;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// A doctor's license number.
function itero_practice_doctor_license_number(
  const practice: Pitero_practice;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// A doctor's e-mail address.
function itero_practice_doctor_email(
  const practice: Pitero_practice;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The number of labs.
function itero_practice_lab_count(const practice: Pitero_practice): Integer; cdecl; external ITERO_LIBRARY;

// The id of a lab, for itero_scan_request_set_lab_id.
function itero_practice_lab_id(
  const practice: Pitero_practice;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// A lab's name.
function itero_practice_lab_name(
  const practice: Pitero_practice;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The number of procedures.
function itero_practice_procedure_count(const practice: Pitero_practice): Integer; cdecl; external ITERO_LIBRARY;

// The id of a procedure, for itero_scan_request_set_procedure_map_id.
function itero_practice_procedure_map_id(
  const practice: Pitero_practice;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// A procedure's name.
function itero_practice_procedure_name(
  const practice: Pitero_practice;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The number of scanners.
function itero_practice_scanner_count(const practice: Pitero_practice): Integer; cdecl; external ITERO_LIBRARY;

// The serial number of a scanner, for itero_scan_request_set_scanner_serial_number.
function itero_practice_scanner_serial_number(
  const practice: Pitero_practice;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// A scanner's model.
function itero_practice_scanner_model(
  const practice: Pitero_practice;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// A scanner's name in the practice.
function itero_practice_scanner_name(
  const practice: Pitero_practice;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The service's whole answer as JSON, for members that this library doesn't know.
function itero_practice_json(const practice: Pitero_practice): PAnsiChar; cdecl; external ITERO_LIBRARY;

// Frees the practice configuration, with all texts that came from it.
function itero_practice_free(practice: Pitero_practice): Integer; cdecl; external ITERO_LIBRARY;

{ --------------------------------------------------------------------------------------------------------------------
  Patients
  -------------------------------------------------------------------------------------------------------------------- }

// P1, Patient search: the patients who have exactly these members, letter case aside.
function itero_patients_search(
  client: Pitero_client;
  const first_name: PAnsiChar;
  const last_name: PAnsiChar;
  const chart_number: PAnsiChar;
  out patients_out: Pitero_patients): Integer; cdecl; external ITERO_LIBRARY;

// P2, Update by Patient ID: corrects the first name, last name or chart number of one patient.
function itero_patients_update(
  client: Pitero_client;
  const patient_id: PAnsiChar;
  const first_name: PAnsiChar;
  const last_name: PAnsiChar;
  const chart_number: PAnsiChar;
  out patients_out: Pitero_patients): Integer; cdecl; external ITERO_LIBRARY;

// P4, Update by chart number: corrects the first or last name of the one patient with this chart number, after a
// marriage or a typing error.
function itero_patients_update_by_chart_number(
  client: Pitero_client;
  const chart_number: PAnsiChar;
  const first_name: PAnsiChar;
  const last_name: PAnsiChar;
  out patients_out: Pitero_patients): Integer; cdecl; external ITERO_LIBRARY;

// The number of patients.
function itero_patients_count(const patients: Pitero_patients): Integer; cdecl; external ITERO_LIBRARY;

// The service's GUID of a patient, for itero_patients_update.
function itero_patients_id(const patients: Pitero_patients; index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// A patient's first name.
function itero_patients_first_name(
  const patients: Pitero_patients;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// A patient's last name.
function itero_patients_last_name(
  const patients: Pitero_patients;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// A patient's chart number, "" when it is missing.
function itero_patients_chart_number(
  const patients: Pitero_patients;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// A patient's date of birth as the service writes it, "" when it is missing.
function itero_patients_birth_date(
  const patients: Pitero_patients;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The service's whole answer as JSON, for members that this library doesn't know.
function itero_patients_json(const patients: Pitero_patients): PAnsiChar; cdecl; external ITERO_LIBRARY;

// Frees the table, with all texts that came from it.
function itero_patients_free(patients: Pitero_patients): Integer; cdecl; external ITERO_LIBRARY;

{ --------------------------------------------------------------------------------------------------------------------
  Matches
  -------------------------------------------------------------------------------------------------------------------- }

// P1, Patient search: searches for a patient in all permutations of the name and by the chart number, and ranks who
// was found.
function itero_patients_match(
  client: Pitero_client;
  const first_name: PAnsiChar;
  const last_name: PAnsiChar;
  const chart_number: PAnsiChar;
  out matches_out: Pitero_matches): Integer; cdecl; external ITERO_LIBRARY;

// The number of matches.
function itero_matches_count(const matches: Pitero_matches): Integer; cdecl; external ITERO_LIBRARY;

// The service's GUID of a patient, for itero_patients_update.
function itero_matches_patient_id(
  const matches: Pitero_matches;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// A patient's first name at the service.
function itero_matches_first_name(
  const matches: Pitero_matches;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// A patient's last name at the service.
function itero_matches_last_name(
  const matches: Pitero_matches;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// A patient's chart number at the service, "" when it is missing.
function itero_matches_chart_number(
  const matches: Pitero_matches;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// A patient's date of birth as the service writes it, "" when it is missing.
function itero_matches_birth_date(
  const matches: Pitero_matches;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// How good a match is: 100 for the same chart number and name, down to 20 for the same chart number with another
// name.
function itero_matches_score(const matches: Pitero_matches; index: Integer): Integer; cdecl; external ITERO_LIBRARY;

// Why a patient matches: the sum of ITERO_MATCH_ constants; new ones may be added.
function itero_matches_reason(const matches: Pitero_matches; index: Integer): Integer; cdecl; external ITERO_LIBRARY;

// Why a patient matches, as one English sentence that holds nothing about the patient.
function itero_matches_reason_text(
  const matches: Pitero_matches;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// Frees the matches, with all texts that came from them.
function itero_matches_free(matches: Pitero_matches): Integer; cdecl; external ITERO_LIBRARY;

{ --------------------------------------------------------------------------------------------------------------------
  Scan request
  -------------------------------------------------------------------------------------------------------------------- }

// Makes an empty scan request.
function itero_scan_request_new(out request_out: Pitero_scan_request): Integer; cdecl; external ITERO_LIBRARY;

// Sets the doctor, from itero_practice_doctor_id.
function itero_scan_request_set_doctor_id(
  request: Pitero_scan_request;
  const doctor_id: PAnsiChar): Integer; cdecl; external ITERO_LIBRARY;

// Sets the patient's first name.
function itero_scan_request_set_patient_first_name(
  request: Pitero_scan_request;
  const patient_first_name: PAnsiChar): Integer; cdecl; external ITERO_LIBRARY;

// Sets the patient's last name.
function itero_scan_request_set_patient_last_name(
  request: Pitero_scan_request;
  const patient_last_name: PAnsiChar): Integer; cdecl; external ITERO_LIBRARY;

// Sets the patient's chart number.
function itero_scan_request_set_patient_chart_number(
  request: Pitero_scan_request;
  const patient_chart_number: PAnsiChar): Integer; cdecl; external ITERO_LIBRARY;

// Sets the patient's date of birth, "yyyy-MM-dd" or "MM/dd/yyyy"; from 1900 on and not in the future.
function itero_scan_request_set_patient_birth_date(
  request: Pitero_scan_request;
  const patient_birth_date: PAnsiChar): Integer; cdecl; external ITERO_LIBRARY;

// Sets the patient's gender, in the service's words.
function itero_scan_request_set_patient_gender(
  request: Pitero_scan_request;
  const patient_gender: PAnsiChar): Integer; cdecl; external ITERO_LIBRARY;

// Sets the procedure, from itero_practice_procedure_map_id.
function itero_scan_request_set_procedure_map_id(
  request: Pitero_scan_request;
  const procedure_map_id: PAnsiChar): Integer; cdecl; external ITERO_LIBRARY;

// Sets the scanner that the Rx is meant for, from itero_practice_scanner_serial_number.
function itero_scan_request_set_scanner_serial_number(
  request: Pitero_scan_request;
  const scanner_serial_number: PAnsiChar): Integer; cdecl; external ITERO_LIBRARY;

// Sets the lab, from itero_practice_lab_id.
function itero_scan_request_set_lab_id(
  request: Pitero_scan_request;
  const lab_id: PAnsiChar): Integer; cdecl; external ITERO_LIBRARY;

// Sets the date by which the lab should be done, "yyyy-MM-dd" or "MM/dd/yyyy".
function itero_scan_request_set_due_date(
  request: Pitero_scan_request;
  const due_date: PAnsiChar): Integer; cdecl; external ITERO_LIBRARY;

// Sets the notes for the person at the scanner or in the lab, at most 4000 characters.
function itero_scan_request_set_notes(
  request: Pitero_scan_request;
  const notes: PAnsiChar): Integer; cdecl; external ITERO_LIBRARY;

// Adds a tooth with its treatment.
function itero_scan_request_add_tooth(
  request: Pitero_scan_request;
  const tooth_number: PAnsiChar;
  const restoration: PAnsiChar;
  const material: PAnsiChar;
  const shade: PAnsiChar): Integer; cdecl; external ITERO_LIBRARY;

// P3, Scan request with update: lets the scan request correct the patient's name too.
function itero_scan_request_set_update_patient(
  request: Pitero_scan_request;
  update_patient: Integer): Integer; cdecl; external ITERO_LIBRARY;

// D2, Scan Request: checks the request, sends it once, and returns the Rx with its RxID.
function itero_scan_request_send(
  client: Pitero_client;
  const request: Pitero_scan_request;
  out rx_out: Pitero_rx): Integer; cdecl; external ITERO_LIBRARY;

// Frees a scan request.
function itero_scan_request_free(request: Pitero_scan_request): Integer; cdecl; external ITERO_LIBRARY;

{ --------------------------------------------------------------------------------------------------------------------
  Rx
  -------------------------------------------------------------------------------------------------------------------- }

// The RxID.
function itero_rx_id(const rx: Pitero_rx): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The id of the order, when the service has one already.
function itero_rx_order_id(const rx: Pitero_rx): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The GUID of the patient that the Rx belongs to.
function itero_rx_patient_id(const rx: Pitero_rx): PAnsiChar; cdecl; external ITERO_LIBRARY;

// When the Rx was created, as the service writes it.
function itero_rx_created_at(const rx: Pitero_rx): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The id under which this library sent the scan request.
function itero_rx_operation_id(const rx: Pitero_rx): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The service's whole answer as JSON, for members that this library doesn't know.
function itero_rx_json(const rx: Pitero_rx): PAnsiChar; cdecl; external ITERO_LIBRARY;

// When the Rx was created, in milliseconds since 1970-01-01T00:00:00Z; -1 when it isn't known and on a bad handle.
function itero_rx_created_time(const rx: Pitero_rx): Int64; cdecl; external ITERO_LIBRARY;

// D7, Delete Rx: withdraws an Rx that was not scanned yet.
function itero_rx_delete(client: Pitero_client; const rx_id: PAnsiChar): Integer; cdecl; external ITERO_LIBRARY;

// Frees an Rx record; the Rx itself stays at the service.
function itero_rx_free(rx: Pitero_rx): Integer; cdecl; external ITERO_LIBRARY;

{ --------------------------------------------------------------------------------------------------------------------
  Push
  -------------------------------------------------------------------------------------------------------------------- }

// P1, P2 and D2 in one: searches for the patient in all permutations, corrects the patient by the policy, and sends
// the scan request once.
function itero_rx_push(
  client: Pitero_client;
  const request: Pitero_scan_request;
  policy: Integer;
  callback: itero_push_callback;
  user: Pointer;
  out rx_out: Pitero_rx): Integer; cdecl; external ITERO_LIBRARY;

{ --------------------------------------------------------------------------------------------------------------------
  Ledger
  -------------------------------------------------------------------------------------------------------------------- }

// D5, Scan notification: whether an Rx was sent by this program, or by another one with the same state folder.
function itero_rx_is_known(
  client: Pitero_client;
  const rx_id: PAnsiChar;
  out known_out: Integer): Integer; cdecl; external ITERO_LIBRARY;

// D2, Scan Request: looks up what was sent, oldest first: the Rx of one patient, or all.
function itero_ledger_find(
  client: Pitero_client;
  const chart_number: PAnsiChar;
  out ledger_out: Pitero_ledger): Integer; cdecl; external ITERO_LIBRARY;

// The number of rows.
function itero_ledger_count(const ledger: Pitero_ledger): Integer; cdecl; external ITERO_LIBRARY;

// How a scan request ended: ITERO_LEDGER_SENT or ITERO_LEDGER_UNKNOWN; -1 on a bad handle or index.
function itero_ledger_outcome(const ledger: Pitero_ledger; index: Integer): Integer; cdecl; external ITERO_LIBRARY;

// The RxID; "" while it is not known and on a bad handle or index.
function itero_ledger_rx_id(const ledger: Pitero_ledger; index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The id under which the scan request was sent, as in the message of ITERO_E_OUTCOME_UNKNOWN and
// itero_rx_operation_id.
function itero_ledger_operation_id(
  const ledger: Pitero_ledger;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The id of the account that the client was paired to.
function itero_ledger_account_id(
  const ledger: Pitero_ledger;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// When the RxID came, or when the scan request was prepared if it has none, in milliseconds since
// 1970-01-01T00:00:00Z; -1 on a bad handle or index.
function itero_ledger_time(const ledger: Pitero_ledger; index: Integer): Int64; cdecl; external ITERO_LIBRARY;

// Frees the table, with all texts that came from it.
function itero_ledger_free(ledger: Pitero_ledger): Integer; cdecl; external ITERO_LIBRARY;

{ --------------------------------------------------------------------------------------------------------------------
  Resolution
  -------------------------------------------------------------------------------------------------------------------- }

// D2, Scan Request: finds out what became of a scan request whose answer was lost: from the ledger, from the service
// by the operation id, from the orders of the chart number.
function itero_rx_resolve(
  client: Pitero_client;
  const operation_id: PAnsiChar;
  const chart_number: PAnsiChar;
  out resolution_out: Pitero_resolution): Integer; cdecl; external ITERO_LIBRARY;

// D2, Scan Request: writes into the ledger what a person found at the scanner or on the portal.
function itero_rx_settle(
  client: Pitero_client;
  const operation_id: PAnsiChar;
  const rx_id: PAnsiChar): Integer; cdecl; external ITERO_LIBRARY;

// The finding: ITERO_RX_STILL_UNKNOWN, ITERO_RX_SENT or ITERO_RX_NOT_SENT; -1 on a bad handle.
function itero_resolution_outcome(const resolution: Pitero_resolution): Integer; cdecl; external ITERO_LIBRARY;

// The RxID when it was sent, else "".
function itero_resolution_rx_id(const resolution: Pitero_resolution): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The operation id that was asked for.
function itero_resolution_operation_id(const resolution: Pitero_resolution): PAnsiChar; cdecl; external ITERO_LIBRARY;

// While it is still unknown: after how many milliseconds the service may show that it was not sent; -1 when nobody
// can say, and -1 on a bad handle.
function itero_resolution_wait_ms(const resolution: Pitero_resolution): Int64; cdecl; external ITERO_LIBRARY;

// Frees a resolution.
function itero_resolution_free(resolution: Pitero_resolution): Integer; cdecl; external ITERO_LIBRARY;

{ --------------------------------------------------------------------------------------------------------------------
  Outbox
  -------------------------------------------------------------------------------------------------------------------- }

// Opens an outbox, or makes an empty one.
function itero_outbox_open(
  const path: PAnsiChar;
  out outbox_out: Pitero_outbox): Integer; cdecl; external ITERO_LIBRARY;

// D2, Scan Request: puts a copy of a scan request into the outbox, after checking all of it.
function itero_outbox_add_scan_request(
  outbox: Pitero_outbox;
  const request: Pitero_scan_request;
  out item_id_out: Integer): Integer; cdecl; external ITERO_LIBRARY;

// P2, Update by patient id: puts the correction of one patient into the outbox.
function itero_outbox_add_patient_update(
  outbox: Pitero_outbox;
  const patient_id: PAnsiChar;
  const first_name: PAnsiChar;
  const last_name: PAnsiChar;
  const chart_number: PAnsiChar;
  out item_id_out: Integer): Integer; cdecl; external ITERO_LIBRARY;

// P4, Update by chart number: puts the correction of a patient's name into the outbox.
function itero_outbox_add_patient_update_by_chart_number(
  outbox: Pitero_outbox;
  const chart_number: PAnsiChar;
  const first_name: PAnsiChar;
  const last_name: PAnsiChar;
  out item_id_out: Integer): Integer; cdecl; external ITERO_LIBRARY;

// D7, Delete Rx: puts the withdrawal of an Rx into the outbox.
function itero_outbox_add_rx_delete(
  outbox: Pitero_outbox;
  const rx_id: PAnsiChar;
  out item_id_out: Integer): Integer; cdecl; external ITERO_LIBRARY;

// Takes an item out of the outbox: one that is confirmed or has failed, once the host program has taken note of it,
// or one that has not been sent yet, which then never is.
function itero_outbox_remove(outbox: Pitero_outbox; item_id: Integer): Integer; cdecl; external ITERO_LIBRARY;

// Lets a failed item be sent again, in its old place, by the next run.
function itero_outbox_retry(outbox: Pitero_outbox; item_id: Integer): Integer; cdecl; external ITERO_LIBRARY;

// Writes down what a person found, at the scanner or on the portal, about a scan request whose outcome is unknown.
function itero_outbox_settle(
  outbox: Pitero_outbox;
  item_id: Integer;
  const rx_id: PAnsiChar): Integer; cdecl; external ITERO_LIBRARY;

// Frees an outbox; the items stay on the disk, and a run goes on.
function itero_outbox_free(outbox: Pitero_outbox): Integer; cdecl; external ITERO_LIBRARY;

{ --------------------------------------------------------------------------------------------------------------------
  Outbox job
  -------------------------------------------------------------------------------------------------------------------- }

// Begins to send what is in the outbox, oldest first, including what is added meanwhile.
function itero_outbox_run(
  outbox: Pitero_outbox;
  client: Pitero_client;
  out job_out: Pitero_outbox_job): Integer; cdecl; external ITERO_LIBRARY;

// Waits for a run.
function itero_outbox_job_wait(job: Pitero_outbox_job; wait_ms: Integer): Integer; cdecl; external ITERO_LIBRARY;

// Cancels a run; itero_outbox_job_wait then returns ITERO_E_CANCELLED, or ITERO_E_OUTCOME_UNKNOWN when a scan
// request was under way.
function itero_outbox_job_cancel(job: Pitero_outbox_job): Integer; cdecl; external ITERO_LIBRARY;

// Frees a run; one that is still at work is cancelled.
function itero_outbox_job_free(job: Pitero_outbox_job): Integer; cdecl; external ITERO_LIBRARY;

{ --------------------------------------------------------------------------------------------------------------------
  Outbox items
  -------------------------------------------------------------------------------------------------------------------- }

// Reads what is in an outbox now.
function itero_outbox_items_list(
  outbox: Pitero_outbox;
  out items_out: Pitero_outbox_items): Integer; cdecl; external ITERO_LIBRARY;

// The number of rows.
function itero_outbox_items_count(const items: Pitero_outbox_items): Integer; cdecl; external ITERO_LIBRARY;

// The item's id.
function itero_outbox_items_id(
  const items: Pitero_outbox_items;
  index: Integer): Integer; cdecl; external ITERO_LIBRARY;

// What is to be done: an ITERO_OUTBOX_ kind, such as ITERO_OUTBOX_SCAN_REQUEST.
function itero_outbox_items_kind(
  const items: Pitero_outbox_items;
  index: Integer): Integer; cdecl; external ITERO_LIBRARY;

// How far it is: ITERO_OUTBOX_PREPARED, _SENT, _CONFIRMED, _UNKNOWN or _FAILED.
function itero_outbox_items_state(
  const items: Pitero_outbox_items;
  index: Integer): Integer; cdecl; external ITERO_LIBRARY;

// The RxID of a confirmed scan request, which the host program must keep; "" for the others and on a bad handle or
// index.
function itero_outbox_items_rx_id(
  const items: Pitero_outbox_items;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The id under which a scan request is sent, as itero_rx_operation_id.
function itero_outbox_items_operation_id(
  const items: Pitero_outbox_items;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The status of the last failure, such as ITERO_E_CONFLICT; 0 when there was none and on a bad handle or index.
function itero_outbox_items_status(
  const items: Pitero_outbox_items;
  index: Integer): Integer; cdecl; external ITERO_LIBRARY;

// The message of the last failure; "" when there was none and on a bad handle or index.
function itero_outbox_items_message(
  const items: Pitero_outbox_items;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// When it was added, in milliseconds since 1970-01-01T00:00:00Z; -1 on a bad handle or index.
function itero_outbox_items_created_time(
  const items: Pitero_outbox_items;
  index: Integer): Int64; cdecl; external ITERO_LIBRARY;

// When its state changed last, in milliseconds since 1970-01-01T00:00:00Z; -1 on a bad handle or index.
function itero_outbox_items_changed_time(
  const items: Pitero_outbox_items;
  index: Integer): Int64; cdecl; external ITERO_LIBRARY;

// In how many runs it was sent.
function itero_outbox_items_attempts(
  const items: Pitero_outbox_items;
  index: Integer): Integer; cdecl; external ITERO_LIBRARY;

// Frees the table, with all texts that came from it.
function itero_outbox_items_free(items: Pitero_outbox_items): Integer; cdecl; external ITERO_LIBRARY;

{ --------------------------------------------------------------------------------------------------------------------
  Order query
  -------------------------------------------------------------------------------------------------------------------- }

// Makes a query that asks for all ready orders.
function itero_order_query_new(out query_out: Pitero_order_query): Integer; cdecl; external ITERO_LIBRARY;

// Asks for orders updated at this time or later.
function itero_order_query_set_from(
  query: Pitero_order_query;
  const from: PAnsiChar): Integer; cdecl; external ITERO_LIBRARY;

// Asks for orders updated before this time.
function itero_order_query_set_to(
  query: Pitero_order_query;
  const to_: PAnsiChar): Integer; cdecl; external ITERO_LIBRARY;

// Asks for the orders of one chart number; "" for all.
function itero_order_query_set_chart_number(
  query: Pitero_order_query;
  const chart_number: PAnsiChar): Integer; cdecl; external ITERO_LIBRARY;

// Sets how many orders one request to the service brings, 1 to 100; 0 leaves it to the service.
function itero_order_query_set_page_size(
  query: Pitero_order_query;
  page_size: Integer): Integer; cdecl; external ITERO_LIBRARY;

// Frees a query.
function itero_order_query_free(query: Pitero_order_query): Integer; cdecl; external ITERO_LIBRARY;

{ --------------------------------------------------------------------------------------------------------------------
  Orders
  -------------------------------------------------------------------------------------------------------------------- }

// D3, Get Orders: the ready orders that a query asks for, all pages, oldest update first.
function itero_orders_list(
  client: Pitero_client;
  const query: Pitero_order_query;
  out orders_out: Pitero_orders): Integer; cdecl; external ITERO_LIBRARY;

// D6, Get Order By RxID: the order of one Rx, the call to make after a notification.
function itero_orders_by_rx(
  client: Pitero_client;
  const rx_id: PAnsiChar;
  out orders_out: Pitero_orders): Integer; cdecl; external ITERO_LIBRARY;

// The number of orders.
function itero_orders_count(const orders: Pitero_orders): Integer; cdecl; external ITERO_LIBRARY;

// An order's id, for itero_download_start.
function itero_orders_id(const orders: Pitero_orders; index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// An order's code, as people see it.
function itero_orders_code(const orders: Pitero_orders; index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The RxID of the scan request that an order came from, "" for a scan that was made without one.
function itero_orders_rx_id(const orders: Pitero_orders; index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The id of an order's account.
function itero_orders_account_id(
  const orders: Pitero_orders;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// An order's status in the service's words, such as "Completed"; new words may come.
function itero_orders_status(const orders: Pitero_orders; index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// An order's case type.
function itero_orders_case_type(const orders: Pitero_orders; index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The date by which the lab should be done, as the service writes it.
function itero_orders_due_date(const orders: Pitero_orders; index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The id of an order's lab.
function itero_orders_lab_id(const orders: Pitero_orders; index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The notes of an order's Rx.
function itero_orders_notes(const orders: Pitero_orders; index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// When an order was scanned, as the service writes it.
function itero_orders_scan_date(const orders: Pitero_orders; index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// When an order was scanned, in milliseconds since 1970-01-01T00:00:00Z; -1 when it isn't known, and on a bad handle
// or index.
function itero_orders_scan_time(const orders: Pitero_orders; index: Integer): Int64; cdecl; external ITERO_LIBRARY;

// When an order was last updated, as the service writes it.
function itero_orders_updated_date(
  const orders: Pitero_orders;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// When an order was last updated, in milliseconds since 1970-01-01T00:00:00Z; -1 when it isn't known, and on a bad
// handle or index.
function itero_orders_updated_time(const orders: Pitero_orders; index: Integer): Int64; cdecl; external ITERO_LIBRARY;

// The GUID of an order's patient.
function itero_orders_patient_id(
  const orders: Pitero_orders;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The first name of an order's patient.
function itero_orders_patient_first_name(
  const orders: Pitero_orders;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The last name of an order's patient.
function itero_orders_patient_last_name(
  const orders: Pitero_orders;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The chart number of an order's patient.
function itero_orders_patient_chart_number(
  const orders: Pitero_orders;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The id of an order's doctor.
function itero_orders_doctor_id(const orders: Pitero_orders; index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The first name of an order's doctor.
function itero_orders_doctor_first_name(
  const orders: Pitero_orders;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The last name of an order's doctor.
function itero_orders_doctor_last_name(
  const orders: Pitero_orders;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The number of an order's files; 0 on a bad handle or index.
function itero_orders_file_count(const orders: Pitero_orders; index: Integer): Integer; cdecl; external ITERO_LIBRARY;

// A file's id.
function itero_orders_file_id(
  const orders: Pitero_orders;
  index: Integer;
  file_index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// A file's kind: IDE (a zip with the meshes), IMAGE_GALLERY, SCREEN_CAPTURE, VIEWER, STL, PLY, or a new word.
function itero_orders_file_kind(
  const orders: Pitero_orders;
  index: Integer;
  file_index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// A file's name at the service.
function itero_orders_file_name(
  const orders: Pitero_orders;
  index: Integer;
  file_index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// A file's media type.
function itero_orders_file_content_type(
  const orders: Pitero_orders;
  index: Integer;
  file_index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// A file's SHA-256 as hexadecimal digits in lower case, "" when the service doesn't tell.
function itero_orders_file_sha256(
  const orders: Pitero_orders;
  index: Integer;
  file_index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// A file's size in bytes; -1 when the service doesn't tell, and on a bad handle or index.
function itero_orders_file_size(
  const orders: Pitero_orders;
  index: Integer;
  file_index: Integer): Int64; cdecl; external ITERO_LIBRARY;

// The service's whole answer as JSON, for members that this library doesn't know: an object for one order, a list of
// the pages' answers for itero_orders_list.
function itero_orders_json(const orders: Pitero_orders): PAnsiChar; cdecl; external ITERO_LIBRARY;

// Frees the table, with all texts that came from it.
function itero_orders_free(orders: Pitero_orders): Integer; cdecl; external ITERO_LIBRARY;

{ --------------------------------------------------------------------------------------------------------------------
  Order cursor
  -------------------------------------------------------------------------------------------------------------------- }

// D3, Get Orders, page by page: begins a walk through the ready orders that a query asks for.
function itero_orders_open(
  client: Pitero_client;
  const query: Pitero_order_query;
  out cursor_out: Pitero_order_cursor): Integer; cdecl; external ITERO_LIBRARY;

// The next page of a walk, oldest update first.
function itero_orders_next(
  cursor: Pitero_order_cursor;
  out orders_out: Pitero_orders): Integer; cdecl; external ITERO_LIBRARY;

// Ends a walk; the tables that it gave live on.
function itero_order_cursor_free(cursor: Pitero_order_cursor): Integer; cdecl; external ITERO_LIBRARY;

{ --------------------------------------------------------------------------------------------------------------------
  Download
  -------------------------------------------------------------------------------------------------------------------- }

// D4, Download Order: begins to bring an order's files into a folder.
function itero_download_start(
  client: Pitero_client;
  const order_id: PAnsiChar;
  const folder: PAnsiChar;
  kinds: Cardinal;
  flags: Cardinal;
  callback: itero_progress_callback;
  user: Pointer;
  out download_out: Pitero_download): Integer; cdecl; external ITERO_LIBRARY;

// D4, Download Order, for an order of a table: as itero_download_start, and the folder may name more of the order,
// such as "C:\\Scans\\{chartNumber}\\{orderId}".
function itero_download_start_from_order(
  client: Pitero_client;
  const orders: Pitero_orders;
  index: Integer;
  const folder: PAnsiChar;
  kinds: Cardinal;
  flags: Cardinal;
  callback: itero_progress_callback;
  user: Pointer;
  out download_out: Pitero_download): Integer; cdecl; external ITERO_LIBRARY;

// D4, Download Order, one file: begins to bring a single file of an order into a folder.
function itero_download_start_file(
  client: Pitero_client;
  const order_id: PAnsiChar;
  const file_id: PAnsiChar;
  const folder: PAnsiChar;
  flags: Cardinal;
  callback: itero_progress_callback;
  user: Pointer;
  out download_out: Pitero_download): Integer; cdecl; external ITERO_LIBRARY;

// Waits for a download.
function itero_download_wait(download: Pitero_download; wait_ms: Integer): Integer; cdecl; external ITERO_LIBRARY;

// How far a download has come.
function itero_download_progress(
  const download: Pitero_download;
  out bytes_out: Int64;
  out total_bytes_out: Int64;
  out files_out: Int64;
  out total_files_out: Int64): Integer; cdecl; external ITERO_LIBRARY;

// Cancels a download; itero_download_wait then returns ITERO_E_CANCELLED.
function itero_download_cancel(download: Pitero_download): Integer; cdecl; external ITERO_LIBRARY;

// Frees a download; one that still runs is cancelled, and its callback is never called again once this returns.
function itero_download_free(download: Pitero_download): Integer; cdecl; external ITERO_LIBRARY;

{ --------------------------------------------------------------------------------------------------------------------
  Downloaded files
  -------------------------------------------------------------------------------------------------------------------- }

// The number of files on disk, with those unpacked from archives; 0 before the download is done (ITERO_E_PENDING)
// and on a bad handle.
function itero_download_file_count(const download: Pitero_download): Integer; cdecl; external ITERO_LIBRARY;

// A file's absolute path.
function itero_download_file_path(
  const download: Pitero_download;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// A file's name on disk, safe on Windows; it may differ from the service's.
function itero_download_file_name(
  const download: Pitero_download;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// A file's kind in the service's words; an unpacked file has its archive's.
function itero_download_file_kind(
  const download: Pitero_download;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The name of the archive that a file was unpacked from, "" for a file of the order itself.
function itero_download_file_archive(
  const download: Pitero_download;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// A file's SHA-256 as hexadecimal digits in lower case.
function itero_download_file_sha256(
  const download: Pitero_download;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// A file's size in bytes; -1 before the download is done and on a bad handle or index.
function itero_download_file_size(
  const download: Pitero_download;
  index: Integer): Int64; cdecl; external ITERO_LIBRARY;

// What a file is, as an ITERO_ROLE_ number: told by the export's XML where the download has unpacked it, else by the
// file's name; ITERO_ROLE_OTHER before the download is done and on a bad handle or index.
function itero_download_file_role(
  const download: Pitero_download;
  index: Integer): Integer; cdecl; external ITERO_LIBRARY;

// 1 when a file was there already, whole and unchanged, and was not fetched again; 0 when it was written by this
// download, before it is done and on a bad handle or index.
function itero_download_file_was_there(
  const download: Pitero_download;
  index: Integer): Integer; cdecl; external ITERO_LIBRARY;

// The number of triangles in a mesh (STL or PLY), which was opened and read to its end; 0 for a file that is no
// mesh; -1 for a mesh that can't be read, before the download is done and on a bad handle or index.
function itero_download_file_triangles(
  const download: Pitero_download;
  index: Integer): Int64; cdecl; external ITERO_LIBRARY;

// The extent of a mesh along an axis, in millimeters; 0 for a file that is no readable mesh, before the download is
// done and on a bad handle, index or axis.
function itero_download_file_extent(
  const download: Pitero_download;
  index: Integer;
  axis: Integer): Double; cdecl; external ITERO_LIBRARY;

{ --------------------------------------------------------------------------------------------------------------------
  Notifications
  -------------------------------------------------------------------------------------------------------------------- }

// D5, Scan notification: reads the body of a notification that the host's own web server received.
function itero_notification_parse(
  const body: PAnsiChar;
  out notification_out: Pitero_notification): Integer; cdecl; external ITERO_LIBRARY;

// The RxID that a notification names.
function itero_notification_rx_id(const notification: Pitero_notification): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The id of the account that a notification names.
function itero_notification_account_id(
  const notification: Pitero_notification): PAnsiChar; cdecl; external ITERO_LIBRARY;

// Frees a notification.
function itero_notification_free(notification: Pitero_notification): Integer; cdecl; external ITERO_LIBRARY;

// Begins to listen for notifications on 127.0.0.1.
function itero_listener_start(
  client: Pitero_client;
  port: Integer;
  callback: itero_notification_callback;
  user: Pointer;
  out listener_out: Pitero_listener): Integer; cdecl; external ITERO_LIBRARY;

// The URL that notifications must be posted to.
function itero_listener_url(const listener: Pitero_listener): PAnsiChar; cdecl; external ITERO_LIBRARY;

// Waits for the next notification of a listener without a callback.
function itero_listener_wait(
  listener: Pitero_listener;
  wait_ms: Integer;
  out notification_out: Pitero_notification): Integer; cdecl; external ITERO_LIBRARY;

// Stops a listener; its callback is never called again once this returns, and itero_listener_wait returns
// ITERO_E_CANCELLED.
function itero_listener_stop(listener: Pitero_listener): Integer; cdecl; external ITERO_LIBRARY;

// Stops and frees a listener.
function itero_listener_free(listener: Pitero_listener): Integer; cdecl; external ITERO_LIBRARY;

{ --------------------------------------------------------------------------------------------------------------------
  Watch
  -------------------------------------------------------------------------------------------------------------------- }

// D5, Scan notification, and D3, Get Orders: begins to watch the orders of the account that the client is paired to.
function itero_watch_start(
  client: Pitero_client;
  const state_file: PAnsiChar;
  const since: PAnsiChar;
  listener: Pitero_listener;
  interval_ms: Integer;
  callback: itero_watch_callback;
  user: Pointer;
  out watch_out: Pitero_watch): Integer; cdecl; external ITERO_LIBRARY;

// Waits for the next event of a watch without a callback.
function itero_watch_wait(
  watch: Pitero_watch;
  wait_ms: Integer;
  out event_out: Pitero_event): Integer; cdecl; external ITERO_LIBRARY;

// Acknowledges an event: the program has what it needs, and no watch with this state file tells it again.
function itero_watch_ack(
  watch: Pitero_watch;
  const order_id: PAnsiChar;
  const version: PAnsiChar): Integer; cdecl; external ITERO_LIBRARY;

// D5, Scan notification: tells the watch of a notification that the program's own web server received, so that it
// asks for that order at once.
function itero_watch_hint(
  watch: Pitero_watch;
  const notification: Pitero_notification): Integer; cdecl; external ITERO_LIBRARY;

// How the last look at the service went: ITERO_OK, or why it failed, with the error's details as after a failed call
// of this thread.
function itero_watch_status(const watch: Pitero_watch): Integer; cdecl; external ITERO_LIBRARY;

// Stops a watch; its callback is never called again once this returns, itero_watch_wait returns ITERO_E_CANCELLED,
// and another watch may use the state file.
function itero_watch_stop(watch: Pitero_watch): Integer; cdecl; external ITERO_LIBRARY;

// Stops and frees a watch.
function itero_watch_free(watch: Pitero_watch): Integer; cdecl; external ITERO_LIBRARY;

// The id of the order that is ready, for itero_download_start and itero_watch_ack.
function itero_event_order_id(const event: Pitero_event): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The RxID of the scan request that the order came from, "" for a scan that was made without one.
function itero_event_rx_id(const event: Pitero_event): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The id of the account that the watch is for.
function itero_event_account_id(const event: Pitero_event): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The order's status in the service's words when the event was found, such as "Completed".
function itero_event_status(const event: Pitero_event): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The version of the order's files: 32 hexadecimal digits, the same for the same files, for itero_watch_ack.
function itero_event_version(const event: Pitero_event): PAnsiChar; cdecl; external ITERO_LIBRARY;

// The order as the service told it when the event was found, with its patient, doctor and files.
function itero_event_orders(
  const event: Pitero_event;
  out orders_out: Pitero_orders): Integer; cdecl; external ITERO_LIBRARY;

// Frees an event; it says nothing of whether the event was acknowledged.
function itero_event_free(event: Pitero_event): Integer; cdecl; external ITERO_LIBRARY;

{ --------------------------------------------------------------------------------------------------------------------
  Diagnosis
  -------------------------------------------------------------------------------------------------------------------- }

// Makes all checks, signed in or not.
function itero_client_diagnose(
  client: Pitero_client;
  const notification_url: PAnsiChar;
  out diagnosis_out: Pitero_diagnosis): Integer; cdecl; external ITERO_LIBRARY;

// The number of checks.
function itero_diagnosis_count(const diagnosis: Pitero_diagnosis): Integer; cdecl; external ITERO_LIBRARY;

// What was checked: "dns", "proxy", "connection", "tls", "clock", "discovery", "token", "pairing" or "notification".
function itero_diagnosis_name(
  const diagnosis: Pitero_diagnosis;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// How a check ended, as an ITERO_CHECK_ number; ITERO_CHECK_SKIPPED on a bad handle or index.
function itero_diagnosis_result(
  const diagnosis: Pitero_diagnosis;
  index: Integer): Integer; cdecl; external ITERO_LIBRARY;

// What a check found, in one sentence.
function itero_diagnosis_detail(
  const diagnosis: Pitero_diagnosis;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// What to do about it, in one sentence.
function itero_diagnosis_advice(
  const diagnosis: Pitero_diagnosis;
  index: Integer): PAnsiChar; cdecl; external ITERO_LIBRARY;

// Frees the table, with all texts that came from it.
function itero_diagnosis_free(diagnosis: Pitero_diagnosis): Integer; cdecl; external ITERO_LIBRARY;

{$ENDIF ITERO_IMPORT}

// Declarations: end

{$IFNDEF ITERO_IMPORT}
  {$I Itero.Loaded.inc}
{$ENDIF}

implementation

{$IFNDEF ITERO_IMPORT}
uses
  {$IFDEF MSWINDOWS}
    {$IFDEF ITERO_SCOPED_UNITS}Winapi.Windows, System.SyncObjs{$ELSE}Windows, SyncObjs{$ENDIF};
  {$ELSE}
    dynlibs, SyncObjs;
  {$ENDIF}
{$ENDIF}

constructor EIteroLibrary.Create(const AFileName, AFunctionName, Reason: string);
begin
  inherited Create(AFileName + ': ' + Reason);
  FFileName := AFileName;
  FFunctionName := AFunctionName;
end;

{$IFDEF ITERO_IMPORT}

procedure IteroNeeded;
begin
end;

procedure IteroLoad(const FileName: {$IFDEF UNICODE}string{$ELSE}WideString{$ENDIF});
begin
end;

{$ELSE}

type
  TFileName = {$IFDEF UNICODE}string{$ELSE}WideString{$ENDIF};
  TModule = {$IFDEF MSWINDOWS}HMODULE{$ELSE}TLibHandle{$ENDIF};

var
  Lock: TCriticalSection;
  // Set when all functions are there; never cleared, because the library stays once the network was used.
  Ready: Boolean;

{$IFDEF MSWINDOWS}

const
  // Only the library's own folder and System32: no file of the current directory or of PATH can take a place.
  SEARCH_DLL_LOAD_DIR = $00000100;
  SEARCH_SYSTEM32 = $00000800;
  // What Windows 7 without the update KB2533623 knows instead.
  ALTERED_SEARCH_PATH = $00000008;

function OpenModule(const FileName: TFileName): TModule;
begin
  Result := LoadLibraryExW(PWideChar(FileName), 0, SEARCH_DLL_LOAD_DIR or SEARCH_SYSTEM32);
  if (Result = 0) and (GetLastError = ERROR_INVALID_PARAMETER) then
    Result := LoadLibraryExW(PWideChar(FileName), 0, ALTERED_SEARCH_PATH);
end;

procedure CloseModule(Module: TModule);
begin
  FreeLibrary(Module);
end;

function WhyNot: string;
const
  WRONG_WIDTH = 193; // ERROR_BAD_EXE_FORMAT
begin
  if GetLastError = WRONG_WIDTH then
    Result := Format('is no library for a program of %d bits', [SizeOf(Pointer) * 8])
  else
    Result := SysErrorMessage(GetLastError);
end;

function IsFullPath(const FileName: TFileName): Boolean;
begin
  Result := (Length(FileName) > 3) and ((FileName[2] = ':') and (FileName[3] = '\')
    or (FileName[1] = '\') and (FileName[2] = '\'));
end;

// Of the program, or of the DLL that this unit was compiled into.
function ProgramFolder: TFileName;
var
  Buffer: array[0..32767] of WideChar;
  Size: Integer;
begin
  Size := GetModuleFileNameW(HInstance, Buffer, Length(Buffer));
  while (Size > 0) and (Buffer[Size - 1] <> '\') do
    Dec(Size);
  SetString(Result, PWideChar(@Buffer), Size);
end;

function DefaultFile: TFileName;
const
  WIDTH = {$IFDEF CPUX64}'x64\'{$ELSE}{$IFDEF CPU64}'x64\'{$ELSE}'x86\'{$ENDIF}{$ENDIF};
begin
  Result := ProgramFolder + ITERO_LIBRARY;
  if (GetFileAttributesW(PWideChar(Result)) = DWORD(-1))
    and (GetFileAttributesW(PWideChar(ProgramFolder + WIDTH + ITERO_LIBRARY)) <> DWORD(-1)) then
    Result := ProgramFolder + WIDTH + ITERO_LIBRARY;
end;

{$ELSE}

function OpenModule(const FileName: TFileName): TModule;
begin
  Result := LoadLibrary(FileName);
end;

procedure CloseModule(Module: TModule);
begin
  UnloadLibrary(Module);
end;

function WhyNot: string;
begin
  Result := GetLoadErrorStr;
end;

function IsFullPath(const FileName: TFileName): Boolean;
begin
  Result := FileName <> '';
end;

// The system's own search: LD_LIBRARY_PATH and where libraries are installed.
function DefaultFile: TFileName;
begin
  Result := ITERO_LIBRARY;
end;

{$ENDIF}

procedure LoadFunctions(const FileName: TFileName);
var
  Module: TModule;

  function Find(const Name: string): Pointer;
  begin
    Result := GetProcAddress(Module, {$IFDEF UNICODE}PChar(Name){$ELSE}PAnsiChar(Name){$ENDIF});
    if Result = nil then
    begin
      CloseModule(Module);
      raise EIteroLibrary.Create(string(FileName), Name,
        'lacks the function ' + Name + '; it is older than this program');
    end;
  end;

begin
  if not IsFullPath(FileName) then
    raise EIteroLibrary.Create(string(FileName), '', 'is not a full path');
  Module := OpenModule(FileName);
  if Module = 0 then
    raise EIteroLibrary.Create(string(FileName), '', WhyNot);
  {$DEFINE ITERO_FIND}
  {$I Itero.Loaded.inc}
  {$UNDEF ITERO_FIND}
  Ready := True;
end;

procedure IteroLoad(const FileName: TFileName);
begin
  Lock.Enter;
  try
    if not Ready then
      LoadFunctions(FileName);
  finally
    Lock.Leave;
  end;
end;

procedure IteroNeeded;
begin
  if not Ready then
    IteroLoad(DefaultFile);
end;

initialization
  Lock := TCriticalSection.Create;

finalization
  Lock.Free;

{$ENDIF}

end.
