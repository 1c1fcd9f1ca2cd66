{$I Itero.inc}
unit Itero;

{
  Talks to Align's iTero scanner cloud: the classes over itero.dll. examples/Journey.dpr is the tutorial.

  How it maps to the C interface, whose manual is include/itero.h:

  - A handle is a reference-counted interface: IteroClientNew gives an IIteroClient, whose itero_client_free comes
    with its last reference, or earlier with Close. Use after Close raises EItero with ITERO_E_HANDLE.
  - itero_<noun>_<verb>(client, ...) is the client's method <Noun><Verb>: itero_patients_search is PatientsSearch. Where
    the noun is the object itself it falls away: itero_login_wait is IIteroLogin.Wait.
  - A status other than ITERO_OK raises EItero. ITERO_E_PENDING is the result False of a method Wait.
  - A row of a table is a record, so it outlives its table. "for Order in Orders do" goes where the compiler has for-in;
    Orders[0] to Orders[Orders.Count - 1] everywhere.
  - Text is IteroString, UTF-16 on every compiler: string from Delphi 2009 on, else WideString or UnicodeString, so
    that a name of any script survives. '' stands for NULL where the manual permits it, but where NULL says that a scan
    request did not arrive: that is a method of its own, so that no empty variable can say it. The library gets UTF-8,
    so the functions itero_..._set_text_encoding have no method here: another code page would garble every text.
  - Times are TDateTime, in UTC and in this computer's time; 0 when the service gave none.
  - Events come on the main thread (by TThread.Queue, or in old Delphi by a message to a hidden window) or, if asked
    for, on the library's own thread. A console program calls IteroDeliverEvents now and then. An
    exception that leaves an event handler never reaches the library: on the main thread of a program with an
    Application it goes to Application.OnException like any other; else it is kept and raised by the next Wait, Stop
    or Status of the object. Close a job before the object that has its handler is freed.
  - A program that keeps the tokens itself implements IIteroTokenStore.

  All of it may be used from every thread. The floating-point exceptions that Delphi unmasks may stay as they are.

  Compiled and tested with Free Pascal 3.2.2 in Delphi mode, on Linux and on Windows in 32 and 64 bits. For Delphi 7 and
  for XE2 and later it keeps to what their documentation says; no such compiler has tried it yet.
}

interface

uses
  {$IFDEF ITERO_SCOPED_UNITS}System.SysUtils, System.Classes{$ELSE}SysUtils, Classes{$ENDIF},
  {$IFDEF ITERO_PLAIN_NAMES}IteroApi{$ELSE}Itero.Api{$ENDIF};

type
  IteroString = {$IFDEF UNICODE}string{$ELSE}{$IFDEF FPC}UnicodeString{$ELSE}WideString{$ENDIF}{$ENDIF};

  // A call failed. Message says what went wrong and where, for a log or a help desk.
  EItero = class(Exception)
  private
    FStatus: Integer;
    FOperation: string;
    FAdvice: string;
    FHttpStatus: Integer;
    FServiceCode: string;
    FRequestId: string;
    FRetryable: Boolean;
    FRetryAfterMs: Int64;
    FOperationId: string;
    function GetStatusName: string;
  public
    // From the calling thread's last error.
    constructor CreateFromLastError;
    // For what the library was not asked at all.
    constructor CreateOwn(AStatus: Integer; const AOperation, AMessage: string);
    // An ITERO_E_ number.
    property Status: Integer read FStatus;
    // Its name, such as 'ITERO_E_NETWORK'.
    property StatusName: string read GetStatusName;
    // The function of the C interface that failed.
    property Operation: string read FOperation;
    // One sentence for the person who has to act.
    property Advice: string read FAdvice;
    // 0 when there was no answer.
    property HttpStatus: Integer read FHttpStatus;
    // The service's own word for the fault; '' when it gave none.
    property ServiceCode: string read FServiceCode;
    // Under which the service's help desk finds the request; '' when none was sent.
    property RequestId: string read FRequestId;
    // The same call may succeed later without any change.
    property Retryable: Boolean read FRetryable;
    // How long the service asks to wait before the next call; -1 when it doesn't say.
    property RetryAfterMs: Int64 read FRetryAfterMs;
    // D2: of the scan request that the error is about, for RxResolve; '' when it is about none. It is there with
    // ITERO_E_OUTCOME_UNKNOWN: keep it.
    property OperationId: string read FOperationId;
  end;

  // What all handles have.
  IIteroHandle = interface
    function GetHandle: Pointer;
    // Frees it now instead of with the last reference. Closing twice is fine.
    procedure Close;
    // For the functions of Itero.Api; nil once it is closed.
    property Handle: Pointer read GetHandle;
  end;

  // Where an event handler is called.
  TIteroThread = (itMainThread, itLibraryThread);

{$I Itero.Tables.intf.inc}
{$I Itero.Client.intf.inc}
{$I Itero.Outbox.intf.inc}

// The library's version, such as '0.1.0'.
function IteroVersion: string;
// The name of a status, such as 'ITERO_E_NETWORK'; '' for a number that is none.
function IteroStatusName(Status: Integer): string;
// Sends the library's log lines, up to a level from ITERO_LOG_ERROR to ITERO_LOG_DEBUG, to a handler; nil ends the
// log. The one before is not called any more. Raises what the one before has raised.
procedure IteroLogSet(Level: Integer; Handler: TIteroLogEvent; Thread: TIteroThread = itMainThread);
// Ends all that runs, in all clients; to be called before the program ends. 2000 milliseconds are plenty.
procedure IteroShutdown(LimitMs: Integer = 2000);
// For programs without a message loop: delivers the events that have come for the main thread, and waits for the next one
// up to a time. To be called on the main thread.
procedure IteroDeliverEvents(WaitMs: Integer = 0);
// The calling thread's last error, for another thread to read.
function IteroErrorCapture: IIteroError;
// Empty settings for a client.
function IteroConfigNew: IIteroConfig;
// A client with a copy of the settings; nobody is signed in yet.
function IteroClientNew(const Config: IIteroConfig): IIteroClient;
// An empty scan request.
function IteroScanRequestNew: IIteroScanRequest;
// Opens an outbox, or makes an empty one. The path is absolute, in a folder that is there, on a disk of this computer.
function IteroOutboxOpen(const Path: IteroString): IIteroOutbox;
// A query for all ready orders.
function IteroOrderQueryNew: IIteroOrderQuery;
// D5: reads the body of a notification that the program's own web server received.
function IteroNotificationParse(const Body: IteroString): IIteroNotification;

// A time of the C interface, milliseconds since 1970 in UTC, as TDateTime in UTC; 0 for -1.
function IteroTime(Milliseconds: Int64): TDateTime;
// UTC to the time of this computer's clock, with the summer time that held then, and back. 0 stays 0.
function IteroToLocal(Utc: TDateTime): TDateTime;
function IteroToUtc(Local: TDateTime): TDateTime;
// Text as the C interface has it, and back.
function IteroToUtf8(const Text: IteroString): AnsiString;
function IteroFromUtf8(Text: PAnsiChar): IteroString;
// Text to a Windows code page and back, such as 1252, for what an old database holds. No character is ever replaced:
// EItero with ITERO_E_TEXT when the code page lacks one.
function IteroToCodePage(const Text: IteroString; CodePage: Integer): AnsiString;
function IteroFromCodePage(const Bytes: AnsiString; CodePage: Integer): IteroString;

implementation

uses
  {$IFDEF MSWINDOWS}
  {$IFDEF ITERO_SCOPED_UNITS}Winapi.Windows, Winapi.Messages{$ELSE}Windows, Messages{$ENDIF},
  {$ENDIF}
  // Behind Windows, which has a TCriticalSection of its own.
  {$IFDEF ITERO_SCOPED_UNITS}System.SyncObjs{$ELSE}SyncObjs{$ENDIF};

{$I Itero.Core.inc}
{$I Itero.Events.inc}
{$I Itero.Tokens.inc}
{$I Itero.Tables.inc}
{$I Itero.Records.inc}
{$I Itero.Jobs.inc}
{$I Itero.Builders.inc}
{$I Itero.Client.inc}
{$I Itero.Outbox.inc}
{$I Itero.Startup.inc}

end.
