{
  What the units Itero.Api and Itero promise beyond the story of the journey; ends with a line "promises ok".

      promises READY-FILE FOLDER BROWSER HUNG-PORT

  READY-FILE is the sandbox's, which scans by itself; HUNG-PORT on 127.0.0.1 takes connections and never answers. Of
  the floating-point exceptions only the one for inexact results is masked, and for a while not even that one, with
  which no program could compute a date. With one argument, the program is the browser of a user who never signs in.
}
program promises;

{$I Itero.inc}
{$APPTYPE CONSOLE}

uses
  {$IFDEF UNIX}cthreads, cwstring,{$ENDIF}
  {$IFDEF MSWINDOWS}Windows,{$ENDIF} // for GetCurrentThreadId in Delphi
  SysUtils, Classes, Math,
  {$IFDEF ITERO_PLAIN_NAMES}IteroApi{$ELSE}Itero.Api{$ENDIF}, Itero;

type
  EPlanned = class(Exception);

  // All handlers: each counts, notes its thread, and fails if it is told to.
  THost = class
    Calls: Integer;
    OnMain: Boolean;
    Fails: Boolean;
    Handled: string;
    Last: TIteroEvent;
    procedure Called;
    procedure Log(Level: Integer; const Line: IteroString);
    procedure Progress(Bytes, TotalBytes, Files, TotalFiles: Int64);
    procedure Notification(const RxId, AccountId: IteroString);
    procedure Watch(const Event: TIteroEvent);
    function Ask(const Matches: IIteroMatches): Integer;
    procedure HandleException(Sender: TObject);
  end;

  // A store in memory, which counts, and fails in the function that it is told.
  TStore = class(TInterfacedObject, IIteroTokenStore)
    Kept: IteroString;
    Saves, Locked: Integer;
    Failing: string;
    function Load: IteroString;
    procedure Save(const Text: IteroString);
    function Lock(WaitMs: Integer): Boolean;
    procedure Unlock;
    procedure FailIn(const Name: string);
  end;

  TCanceller = class(TThread)
    Client: IIteroClient;
    Began: TDateTime;
    procedure Execute; override;
  end;

var
  Ready: TStringList;
  Host: THost;
  Checks: Integer;

procedure Expect(Condition: Boolean; const What: string);
begin
  if not Condition then
    raise Exception.Create('not so: ' + What);
  Inc(Checks);
end;

procedure ExpectStatus(E: Exception; Status: Integer; const What: string);
begin
  if not (E is EItero) then
    raise Exception.Create(What + ': ' + E.ClassName + ': ' + E.Message);
  Expect(EItero(E).Status = Status, What + ' gives ' + EItero(E).StatusName + ': ' + E.Message);
end;

procedure THost.Called;
begin
  Inc(Calls);
  OnMain := GetCurrentThreadId = MainThreadID;
  if Fails then
    raise EPlanned.Create('planned');
end;

procedure THost.Log(Level: Integer; const Line: IteroString);
begin
  Called;
end;

procedure THost.Progress(Bytes, TotalBytes, Files, TotalFiles: Int64);
begin
  Called;
end;

procedure THost.Notification(const RxId, AccountId: IteroString);
begin
  Called;
end;

procedure THost.Watch(const Event: TIteroEvent);
begin
  Last := Event;
  Called;
end;

function THost.Ask(const Matches: IIteroMatches): Integer;
begin
  Expect((Matches.Count > 0) and (Matches[0].Score > 0) and (Matches[0].ReasonText <> ''),
    'the push asks with matches');
  Result := 0;
  Called;
end;

procedure THost.HandleException(Sender: TObject);
begin
  Handled := Exception(ExceptObject).Message;
end;

procedure TStore.FailIn(const Name: string);
begin
  if Failing = Name then
    raise EPlanned.Create(Name);
end;

function TStore.Load: IteroString;
begin
  FailIn('Load');
  Result := Kept;
end;

procedure TStore.Save(const Text: IteroString);
begin
  FailIn('Save');
  Kept := Text;
  Inc(Saves);
end;

function TStore.Lock(WaitMs: Integer): Boolean;
begin
  FailIn('Lock');
  Result := Locked = 0;
  if Result then
    Inc(Locked);
end;

procedure TStore.Unlock;
begin
  Dec(Locked);
  FailIn('Unlock');
end;

procedure TCanceller.Execute;
begin
  Sleep(300);
  Began := Now;
  Client.Cancel;
end;

procedure PumpUntilCalled;
var
  Tries: Integer;
begin
  for Tries := 1 to 1500 do
  begin
    if Host.Calls > 0 then
      Exit;
    IteroDeliverEvents(20);
  end;
  raise Exception.Create('no event came in 30 s');
end;

procedure Begin_(Fails: Boolean);
begin
  Host.Calls := 0;
  Host.OnMain := False;
  Host.Fails := Fails;
  Host.Handled := '';
end;

function Member(const Name: string): IteroString;
var
  At: Integer;
  Value: string;
begin
  At := Pos('"' + Name + '":', Ready.Text);
  Expect(At > 0, Name + ' is in the ready file');
  Value := TrimLeft(Copy(Ready.Text, At + Length(Name) + 3, MaxInt));
  Result := '';
  if Value[1] = '"' then
    Result := IteroString(Copy(Value, 2, Pos('"', Copy(Value, 2, MaxInt)) - 1));
end;

function MakeClient(const BaseUrl, Browser: IteroString; const Store: IIteroTokenStore = nil): IIteroClient;
var
  Config: IIteroConfig;
begin
  Config := IteroConfigNew;
  if Store = nil then
    Config.SetTokenMemory
  else
    Config.SetTokenStore(Store, False);
  Config.ClientId := Member('clientId');
  Config.ClientSecret := Member('clientSecret');
  Config.LoginPage := Member('loginPage');
  Config.OauthBase := BaseUrl;
  Config.BaseUrl := BaseUrl;
  Config.CaFile := Member('caFile');
  Config.Browser := Browser;
  Result := IteroClientNew(Config);
end;

function Request(const First, Last, Chart: IteroString): IIteroScanRequest;
begin
  Result := IteroScanRequestNew;
  Result.DoctorId := '7001';
  Result.ProcedureMapId := '102';
  Result.PatientFirstName := First;
  Result.PatientLastName := Last;
  Result.PatientChartNumber := Chart;
end;

// UTF-16 by its numbers, so that this file needs no encoding of its own.
function Wide(const Units: array of Word): IteroString;
var
  I: Integer;
begin
  Result := '';
  SetLength(Result, Length(Units));
  for I := 0 to High(Units) do
    Result[I + 1] := WideChar(Units[I]);
end;

function Accents: IteroString;
begin
  Result := Wide([$5A, $6F, $EB]) + '-' + Wide([$141, $75, $6B, $E1, $161]);
end;

function HebrewAndJapanese: IteroString;
begin
  Result := Wide([$5DB, $5D4, $5DF]) + ' ' + Wide([$5C71, $7530, $592A, $90CE]);
end;

procedure Texts(const Client: IIteroClient);
var
  Patients: IIteroPatients;
  Rows: Integer;
  Patient: TIteroPatient;
begin
  // U+1F9B7, a tooth, is a pair of surrogates in UTF-16 and four bytes in UTF-8.
  Expect(IteroToUtf8(Wide([$D83E, $DDB7])) = AnsiString(#$F0#$9F#$A6#$B7), 'surrogates to UTF-8');
  Expect(IteroFromUtf8(#$F0#$9F#$A6#$B7) = Wide([$D83E, $DDB7]), 'surrogates from UTF-8');
  Expect(IteroFromUtf8(PAnsiChar(IteroToUtf8(HebrewAndJapanese))) = HebrewAndJapanese, 'there and back');
  Expect((IteroToUtf8('') = '') and (IteroFromUtf8('') = '') and (IteroFromUtf8(nil) = ''), 'empty texts');
  try
    Client.PatientsSearch(Wide([$41, 0, $42]), '', '');
    Expect(False, 'a NUL is refused');
  except
    on E: EItero do
      ExpectStatus(E, ITERO_E_TEXT, 'a NUL in a text');
  end;

  Patients := Client.PatientsSearch('', '', '10028');
  Expect(Patients.Count = 1, 'the patient is found by the chart number');
  Client.PatientsUpdate(Patients[0].Id, Accents, HebrewAndJapanese, '');
  Patients := Client.PatientsSearch(Accents, HebrewAndJapanese, '');
  Expect(Patients.Count = 1, 'names of all scripts are found');
  Patient := Patients[0];
  Expect((Patient.FirstName = Accents) and (Patient.LastName = HebrewAndJapanese), 'names of all scripts come back');
  Expect(Patient.ChartNumber = '10028', 'an empty text has left the chart number as it is');
  Patients.Close;
  Expect(Patient.FirstName = Accents, 'a row outlives its table');
  Rows := 0;
  for Patient in Client.PatientsSearch('', 'Hartwell', '') do
    if Patient.Id <> '' then
      Inc(Rows);
  Expect(Rows = 2, 'for-in sees every row');
end;

procedure Times;
begin
  Expect(IteroTime(0) = 25569, 'the epoch');
  Expect((IteroTime(-1) = 0) and (IteroToLocal(0) = 0) and (IteroToUtc(0) = 0), 'no time is 0');
  Expect(Abs(IteroTime(1782907200123) - (EncodeDate(2026, 7, 1) + EncodeTime(12, 0, 0, 123))) < 1E-8, 'milliseconds');
  Expect(Abs(IteroToUtc(IteroToLocal(IteroTime(1782907200123))) - IteroTime(1782907200123)) < 1E-8, 'summer and back');
  Expect(Abs(IteroToUtc(IteroToLocal(IteroTime(1767268800000))) - IteroTime(1767268800000)) < 1E-8, 'winter and back');
  if GetEnvironmentVariable('TZ') <> 'CET-1CEST,M3.5.0,M10.5.0/3' then
    Exit;
  Expect(Abs(IteroToLocal(IteroTime(1782907200123)) - IteroTime(1782907200123) - 2 / 24) < 1E-8, 'summer in Berlin');
  Expect(Abs(IteroToLocal(IteroTime(1767268800000)) - IteroTime(1767268800000) - 1 / 24) < 1E-8, 'winter in Berlin');
end;

procedure Errors(const Client: IIteroClient);
var
  Captured: IIteroError;
begin
  try
    Client.ScanRequestSend(Request('Somebody', 'Else', '10028'));
    Expect(False, 'another name is a conflict');
  except
    on E: EItero do
    begin
      ExpectStatus(E, ITERO_E_CONFLICT, 'another name');
      Captured := IteroErrorCapture;
      Expect((E.HttpStatus = 409) and (E.ServiceCode = 'PatientNameMismatch') and (E.RequestId <> ''), 'HTTP fields');
      Expect((E.Operation = 'itero_scan_request_send') and (E.Advice <> '') and not E.Retryable, 'other fields');
      Expect((Captured.Status = E.Status) and (string(Captured.Message) = E.Message)
        and (string(Captured.Operation) = E.Operation) and (string(Captured.Advice) = E.Advice)
        and (Captured.HttpStatus = 409) and (string(Captured.ServiceCode) = E.ServiceCode)
        and (string(Captured.RequestId) = E.RequestId) and (Captured.Retryable = E.Retryable), 'a captured error');
      Expect((E.RetryAfterMs = -1) and (Captured.RetryAfterMs = -1) and (E.OperationId = '')
        and (Captured.OperationId = ''), 'no time to wait, no operation in doubt');
    end;
  end;
  try
    MakeClient('http://127.0.0.1:9', '').Discover;
    Expect(False, 'nobody listens there');
  except
    on E: EItero do
      Expect((E.Status = ITERO_E_NETWORK) and E.Retryable, 'a network error may be tried again');
  end;
  try
    Client.AccountsGet[99];
    Expect(False, 'a row that is not there');
  except
    on E: EItero do
      ExpectStatus(E, ITERO_E_ARGUMENT, 'a row that is not there');
  end;
end;

procedure CodePages;
begin
  Expect(IteroToCodePage(Wide([$5A, $EB]), 1252) = AnsiString(#$5A#$EB), 'to Western Europe');
  Expect(IteroFromCodePage(AnsiString(#$EB#$F9), 1255) = Wide([$5DB, $5E9]), 'from Hebrew');
  Expect((IteroToCodePage('', 1252) = '') and (IteroFromCodePage('', 1252) = ''), 'empty texts in a code page');
  try
    IteroToCodePage(HebrewAndJapanese, 1252);
    Expect(False, 'no character is replaced');
  except
    on E: EItero do
      ExpectStatus(E, ITERO_E_TEXT, 'a character that the code page lacks');
  end;
  try
    IteroFromCodePage(AnsiString(#65#0#66), 1252);
    Expect(False, 'a NUL is refused');
  except
    on E: EItero do
      ExpectStatus(E, ITERO_E_TEXT, 'a NUL in a code page');
  end;
end;

procedure Resolutions(const Client: IIteroClient);
var
  Found: IIteroResolution;
  Row: TIteroLedgerRow;
begin
  try
    Client.RxResolve('00000000-0000-4000-8000-000000000000', 'P1');
    Expect(False, 'nobody knows this operation');
  except
    on E: EItero do
      ExpectStatus(E, ITERO_E_NOT_FOUND, 'an unknown operation');
  end;
  Row := Client.LedgerFind('P1')[0];
  Found := Client.RxResolve(Row.OperationId);
  Expect((Found.Outcome = ITERO_RX_SENT) and (Found.RxId = Row.RxId) and (Found.OperationId = Row.OperationId)
    and (Found.WaitMs = -1), 'the ledger knows what was sent');
  Client.RxSettleSent(Row.OperationId, Row.RxId);
  try
    Client.RxSettleNotSent(Row.OperationId);
    Expect(False, 'what was sent was sent');
  except
    on E: EItero do
      ExpectStatus(E, ITERO_E_CONFLICT, 'another outcome than the ledger''s');
  end;
  try
    Client.RxSettleSent(Row.OperationId, '');
    Expect(False, 'no RxID is no word that it did not arrive');
  except
    on E: EItero do
      ExpectStatus(E, ITERO_E_ARGUMENT, 'an empty RxID');
  end;
end;

procedure Outbox(const Client: IIteroClient; const Folder: IteroString);
var
  Box: IIteroOutbox;
  Job: IIteroOutboxJob;
  Item: TIteroOutboxItem;
  Sent, Corrected, Unsent, Rows: Integer;
begin
  Box := IteroOutboxOpen(Folder + '/outbox');
  Expect(Box.ItemsList.Count = 0, 'a new outbox is empty');
  Sent := Box.AddScanRequest(Request(Accents, HebrewAndJapanese, 'P2'));
  Corrected := Box.AddPatientUpdateByChartNumber('P1', '', 'Fielding');
  Unsent := Box.AddPatientUpdate(Client.PatientsSearch('', '', 'P1')[0].Id, '', 'Meadows', '');
  Box.Remove(Unsent);
  Box.Close;
  Box := IteroOutboxOpen(Folder + '/outbox');
  Job := Box.Run(Client);
  while not Job.Wait(20) do
    ;
  Rows := 0;
  for Item in Box.ItemsList do
  begin
    Inc(Rows);
    Expect((Item.State = ITERO_OUTBOX_CONFIRMED) and (Item.Status = 0) and (Item.Message = '') and (Item.Attempts = 1)
      and (Item.CreatedTime > 0) and (Item.ChangedTimeLocal >= Item.CreatedTimeLocal), 'an item is confirmed');
    Expect((Item.RxId <> '') = (Item.Kind = ITERO_OUTBOX_SCAN_REQUEST), 'a scan request has its RxID');
  end;
  Expect((Rows = 2) and (Box.ItemsList[0].Id = Sent) and (Box.ItemsList[1].Id = Corrected), 'the items in their order');
  Expect(Client.RxIsKnown(Box.ItemsList[0].RxId) and (Box.ItemsList[0].OperationId <> ''), 'it was sent from here');
  Expect(Client.PatientsSearch('', 'Fielding', 'P1').Count = 1, 'the name is corrected');
  try
    Box.SettleNotSent(Sent);
    Expect(False, 'its outcome is known');
  except
    on E: EItero do
      ExpectStatus(E, ITERO_E_STATE, 'an item whose outcome is known');
  end;
  try
    Box.SettleSent(Sent, '');
    Expect(False, 'an empty RxID');
  except
    on E: EItero do
      Expect(E.Status <> ITERO_OK, 'an empty RxID is refused');
  end;
  Box.AddRxDelete('no-such-rx');
  Job := Box.Run(Client);
  try
    Job.Wait;
    Expect(False, 'there is no such Rx');
  except
    on E: EItero do
      ExpectStatus(E, ITERO_E_NOT_FOUND, 'the withdrawal of nothing');
  end;
  Item := Box.ItemsList[2];
  Expect((Item.State = ITERO_OUTBOX_FAILED) and (Item.Status = ITERO_E_NOT_FOUND) and (Item.Message <> ''),
    'an item tells why it failed');
  Box.Retry(Item.Id);
  Job.Cancel;
end;

// The program's own store: it shares a sign-in, and what leaves it is raised where the tokens were needed.
procedure Tokens;
var
  Store: TStore;
  Alive: IIteroTokenStore;
  Client: IIteroClient;
  Round: Integer;
begin
  Store := TStore.Create;
  Alive := Store;
  Client := MakeClient(Member('baseUrl'), IteroString(ParamStr(3)), Store);
  Store.Failing := 'Save';
  Client.LoginRun(60000).Wait;
  Expect(Store.Saves = 0, 'tokens that could not be saved are used');
  Store.Failing := '';
  // The sign-in's lock is given back behind its end; a call that meets it leaves the saving to a later one.
  for Round := 1 to 1000 do
  begin
    Client.AccountsGet;
    if (Store.Saves > 0) and (Store.Locked = 0) then
      Break;
    Sleep(10);
  end;
  Expect((Store.Saves > 0) and (Store.Locked = 0) and (Client.State = ITERO_STATE_SIGNED_IN),
    'the store has the tokens');
  Expect(MakeClient(Member('baseUrl'), '', Store).State = ITERO_STATE_SIGNED_IN, 'another client finds them');
  Store.Failing := 'Load';
  try
    MakeClient(Member('baseUrl'), '', Store).AccountsGet;
    Expect(False, 'a new client needs what was saved');
  except
    on E: EPlanned do
      Expect(E.Message = 'Load', 'the call that needs the tokens raises it');
  end;
  Store.Failing := 'Lock';
  try
    Client.Refresh;
    Expect(False, 'a refresh needs the lock');
  except
    on E: EPlanned do
      Expect(E.Message = 'Lock', 'the client raises it');
  end;
  Store.Failing := 'Unlock';
  Client.Refresh;
  Store.Failing := '';
  Client.Revoke;
  Client.Close;
  Expect(Store.Locked = 0, 'each lock was given back');
end;

procedure UseClosed(Step: Integer; const Client: IIteroClient);
var
  Query: IIteroOrderQuery;
  Captured: IIteroError;
begin
  case Step of
    0: with IteroConfigNew do begin Close; ClientId := 'x' end;
    1: with IteroScanRequestNew do begin Close; Notes := 'x' end;
    2: begin Query := IteroOrderQueryNew; Query.Close; Client.OrdersList(Query) end;
    3: with Client.AccountsGet do begin Close; if Count = 0 then Exit end;
    4: with Client.PracticeGet do begin Close; if Name = '' then Exit end;
    5: with Client.PracticeGet do begin Close; if Doctors = nil then Exit end;
    6: with Client.OrdersList do begin Close; if GetItem(0).Id = '' then Exit end;
    7: with MakeClient(Member('baseUrl'), '') do begin Close; Discover end;
    8: with Client.ListenerStart do begin Close; if Url = '' then Exit end;
    9: begin Captured := IteroErrorCapture; Captured.Close; if Captured.Status = 0 then Exit end;
    10: with IteroNotificationParse('{"rxId":"a","accountId":"b"}') do begin Close; Close; if RxId = '' then Exit end;
    11: with IteroOutboxOpen(IteroString(ParamStr(2)) + '/closed') do begin Close; ItemsList end;
  end;
end;

procedure Handles(const Client: IIteroClient);
const
  TOO_MANY = 17000; // in 32 bits the library has room for 16384 of a kind, so that a leak would show above
var
  I: Integer;
  Alive: array of IIteroConfig;
begin
  for I := 0 to 11 do
    try
      UseClosed(I, Client);
      Expect(False, Format('a closed handle is refused, %d', [I]));
    except
      on E: EItero do
        ExpectStatus(E, ITERO_E_HANDLE, Format('a closed handle, %d', [I]));
    end;
  for I := 1 to 40000 do
  begin
    IteroConfigNew.LoopbackPort := 1;
    IteroScanRequestNew.Notes := 'x';
    IteroOrderQueryNew.PageSize := 1;
    IteroErrorCapture;
  end;
  SetLength(Alive, TOO_MANY);
  try
    for I := 0 to TOO_MANY - 1 do
      Alive[I] := IteroConfigNew;
    Expect(SizeOf(Pointer) = 8, 'there is a limit');
  except
    on E: EItero do
      ExpectStatus(E, ITERO_E_LIMIT, 'too many handles alive');
  end;
  Alive := nil;
  IteroConfigNew.LoopbackPort := 1;
end;

// A handler on each thread, first one that works, then one that fails.
procedure ExpectKept(const What: string; Raised: Boolean);
begin
  Expect(Raised = Host.Fails, What + ' raises what its handler has left');
end;

procedure Log(const Client: IIteroClient; Thread: TIteroThread);
var
  Raised: Boolean;
begin
  IteroLogSet(ITERO_LOG_DEBUG, Host.Log, Thread);
  Client.PracticeGet;
  PumpUntilCalled;
  Raised := False;
  try
    IteroLogSet(ITERO_LOG_DEBUG, nil);
  except
    on EPlanned do
      Raised := True;
  end;
  ExpectKept('the log', Raised);
end;

procedure Download(const Client: IIteroClient; const OrderId, Folder: IteroString; Thread: TIteroThread);
var
  Job: IIteroDownload;
  Raised: Boolean;
  Tries: Integer;
begin
  Raised := False;
  Tries := 0;
  Job := Client.DownloadStart(OrderId, Folder, ITERO_FILE_SCREEN_CAPTURE, 0, Host.Progress, Thread);
  try
    while not Job.Wait(20) do
      IteroDeliverEvents(20);
    PumpUntilCalled;
    // What a handler on the library's thread raises is kept a moment after it was called.
    repeat
      Job.Wait;
      Sleep(10);
      Inc(Tries);
    until not Host.Fails or (Tries = 500);
  except
    on EPlanned do
      Raised := True;
  end;
  ExpectKept('a download', Raised);
  PumpUntilCalled;
end;

procedure Notification(const Client: IIteroClient; Thread: TIteroThread; const Chart: IteroString);
var
  Listener: IIteroListener;
  Raised: Boolean;
begin
  Listener := Client.ListenerStart(0, Host.Notification, Thread);
  Client.Pair('30417', Listener.Url);
  Client.ScanRequestSend(Request('Ira', 'Fields', Chart));
  PumpUntilCalled;
  Raised := False;
  try
    Listener.Stop;
  except
    on EPlanned do
      Raised := True;
  end;
  ExpectKept('a listener', Raised);
end;

procedure Watch(const Client: IIteroClient; Thread: TIteroThread; const StateFile: IteroString);
var
  One: IIteroWatch;
  Raised: Boolean;
begin
  One := Client.WatchStart(StateFile, '2020-01-01', nil, 500, Host.Watch, Thread);
  PumpUntilCalled;
  Expect((Host.Last.OrderId <> '') and (Host.Last.Orders[0].Id = Host.Last.OrderId), 'an event has its order');
  Raised := False;
  try
    One.Stop;
  except
    on EPlanned do
      Raised := True;
  end;
  ExpectKept('a watch', Raised);
end;

procedure Push(const Client: IIteroClient; const Chart: IteroString);
var
  Raised: Boolean;
begin
  Raised := False;
  try
    Client.RxPush(Request('Olivia', 'Hartwell', Chart), ITERO_PUSH_ASK, Host.Ask);
  except
    on EPlanned do
      Raised := True;
  end;
  Expect((Host.Calls = 1) and not Host.OnMain, 'the push asks once, on the library''s thread');
  ExpectKept('a push', Raised);
end;

procedure Callbacks(const Client: IIteroClient; const Folder: IteroString);
var
  Thread: TIteroThread;
  Fails: Boolean;
  OrderId, Name: IteroString;
  Job: IIteroDownload;
begin
  Begin_(False);
  Watch(Client, itMainThread, Folder + '/watch-first.json');
  OrderId := Host.Last.OrderId;
  for Thread := itMainThread to itLibraryThread do
    for Fails := False to True do
    begin
      Name := IteroString(Format('%d%d', [Ord(Thread), Ord(Fails)]));
      Begin_(Fails);
      Log(Client, Thread);
      Expect(Host.OnMain = (Thread = itMainThread), 'the log comes on the right thread');
      Begin_(Fails);
      Download(Client, OrderId, Folder + '/' + Name, Thread);
      Expect(Host.OnMain = (Thread = itMainThread), 'progress comes on the right thread');
      if Fails then // each takes a scan, which costs the sandbox seconds; the journey shows that they come
      begin
        Begin_(Fails);
        Notification(Client, Thread, 'N' + Name);
        Expect(Host.OnMain = (Thread = itMainThread), 'notifications come on the right thread');
      end;
      Begin_(Fails);
      Watch(Client, Thread, Folder + '/watch-' + Name + '.json');
      Expect(Host.OnMain = (Thread = itMainThread), 'events come on the right thread');
    end;
  Begin_(True);
  Push(Client, '10030');
  Begin_(False);
  Push(Client, '10030');

  // In a program with an Application, that is where exceptions of the main thread go.
  Begin_(True);
  ApplicationHandleException := Host.HandleException;
  Job := Client.DownloadStart(OrderId, Folder + '/application', ITERO_FILE_SCREEN_CAPTURE, 0, Host.Progress);
  Job.Wait;
  Job.Close;
  IteroDeliverEvents(20);
  Expect((Host.Calls = 0) and (Host.Handled = ''), 'no event comes from a job that is closed');
  Host.Fails := False;
  IteroLogSet(ITERO_LOG_DEBUG, Host.Log);
  Host.Fails := True;
  Client.PracticeGet;
  PumpUntilCalled;
  IteroLogSet(ITERO_LOG_DEBUG, nil);
  Expect(Host.Handled = 'planned', 'the Application''s handler has got the exception');
  ApplicationHandleException := nil;
  Host.Fails := False;
end;

// Everything unmasked, while the library reads JSON, checks a mesh and computes its extent.
procedure Unmasked(const Client: IIteroClient; const Folder: IteroString);
begin
  SetExceptionMask([]);
  Client.PracticeGet;
  Client.DownloadStart(Host.Last.OrderId, Folder + '/unmasked', ITERO_FILE_STL or ITERO_FILE_PLY).Wait;
  Expect(GetExceptionMask = [], 'floating-point exceptions are unmasked still');
  SetExceptionMask([exPrecision]);
end;

// A client's first call reads the computer's certificates, which takes its time on a busy one; so it isn't measured.
procedure CancelFromAnotherThread(const Client: IIteroClient; Login, Measured: Boolean);
var
  Canceller: TCanceller;
  Ended: TDateTime;
begin
  Canceller := TCanceller.Create(True);
  try
    Canceller.Client := Client;
    {$IFDEF FPC}Canceller.Start{$ELSE}Canceller.Resume{$ENDIF};
    try
      if Login then
        Client.LoginRun(120000).Wait
      else
        Client.Discover;
      Expect(False, 'it was cancelled');
    except
      on E: EItero do
        ExpectStatus(E, ITERO_E_CANCELLED, 'cancel');
    end;
    Ended := Now;
    Canceller.WaitFor;
    Expect(not Measured or ((Ended - Canceller.Began) * 86400000 < 250), Format('a cancel takes %.0f ms',
      [(Ended - Canceller.Began) * 86400000]));
  finally
    Canceller.Free;
  end;
end;

procedure Play;
var
  Client, Hung: IIteroClient;
  Folder: IteroString;
  Check_: TIteroCheck;
  Found: Integer;
begin
  Folder := IteroString(ParamStr(2));
  Ready.LoadFromFile(ParamStr(1));
  Client := MakeClient(Member('baseUrl'), IteroString(ParamStr(3)));
  Expect(Client.State = ITERO_STATE_SIGNED_OUT, 'nobody is signed in');
  Client.LoginRun(60000).Wait;
  Client.Pair('30417');
  Times;
  Errors(Client);
  CodePages;
  Texts(Client);
  Client.RxPush(Request('Ira', 'Fields', 'P1'), ITERO_PUSH_NEVER_UPDATE);
  Resolutions(Client);
  Outbox(Client, Folder);
  Tokens;
  Handles(Client);
  Callbacks(Client, Folder);
  Found := 0;
  for Check_ in Client.Diagnose do
    if Check_.CheckResult = ITERO_CHECK_GOOD then
      Inc(Found);
  Expect(Found > 2, 'a diagnosis has good rows');
  Expect(Client.LedgerFind('P1')[0].TimeLocal > 0, 'the ledger knows when');
  CancelFromAnotherThread(MakeClient(Member('baseUrl'), IteroString(ParamStr(0))), True, True);
  Hung := MakeClient('http://127.0.0.1:' + IteroString(ParamStr(4)), '');
  CancelFromAnotherThread(Hung, False, False);
  CancelFromAnotherThread(Hung, False, True);
  Unmasked(Client, Folder);
  Expect(GetExceptionMask = [exPrecision], 'floating-point exceptions are as they were');
  Client := nil;
  IteroShutdown;
end;

begin
  if ParamCount = 1 then
    Exit;
  SetExceptionMask([exPrecision]);
  Ready := TStringList.Create;
  Host := THost.Create;
  try
    Play;
    WriteLn('promises ok: ', Checks, ' checks with itero ', IteroVersion);
  except
    on E: Exception do
    begin
      WriteLn(E.ClassName, ': ', E.Message, ' (after ', Checks, ' checks)');
      DumpExceptionBackTrace(Output);
      Halt(1);
    end;
  end;
end.
