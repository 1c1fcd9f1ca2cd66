{
  Send this patient to the scanner, and tell me when the files are on disk: the commonest single task, in Delphi.

      cargo build --release --features sandbox
      fpc -Fubindings/delphi -Fibindings/delphi -FUtarget -otarget/send-and-wait-delphi examples/SendAndWait.dpr
      target/release/itero-sandbox --auto-scan 300 --ready-file /tmp/ready.json &
      LD_LIBRARY_PATH=target/release target/send-and-wait-delphi /tmp/ready.json /tmp/scans target/release/itero-sandbox

  The third argument is the program that is started with the login page's URL; leave it out to sign in yourself, in your
  own browser. All paths must be absolute. Journey.dpr explains more of the unit Itero.
}
program SendAndWait;

{$APPTYPE CONSOLE}
{$I Itero.inc}

uses
  {$IFDEF UNIX}cthreads,{$ENDIF}
  SysUtils, Classes,
  {$IFDEF ITERO_PLAIN_NAMES}IteroApi{$ELSE}Itero.Api{$ENDIF}, Itero;

const
  // How often the watch asks for changed orders. The sandbox scans at once; at the service 0, a minute, is right.
  INTERVAL_MS = 1000;

// UTF-8 with every compiler, byte by byte, so that none takes it for text to convert.
procedure Say(const Text: IteroString);
var
  Bytes: AnsiString;
  I: Integer;
begin
  Bytes := IteroToUtf8(Text);
  for I := 1 to Length(Bytes) do
    Write(Bytes[I]);
  WriteLn;
end;

// A text member of the sandbox's ready file. A practice program has these from Align and from its settings.
function Member(const Ready: TStringList; const Name: string): IteroString;
var
  At: Integer;
  Value: string;
begin
  At := Pos('"' + Name + '":', Ready.Text);
  if At = 0 then
    raise Exception.Create('the ready file lacks a member');
  Value := TrimLeft(Copy(Ready.Text, At + Length(Name) + 3, MaxInt));
  Result := '';
  if Copy(Value, 1, 1) <> '"' then
    Exit;
  Delete(Value, 1, 1);
  Value := StringReplace(Copy(Value, 1, Pos('"', Value) - 1), '\\', '\', [rfReplaceAll]);
  Result := IteroString(Value);
end;

function MakeClient(const ReadyFile: string; const Browser: IteroString): IIteroClient;
var
  Ready: TStringList;
  Config: IIteroConfig;
begin
  Ready := TStringList.Create;
  try
    Ready.LoadFromFile(ReadyFile);
    Config := IteroConfigNew;
    Config.SetTokenMemory; // a practice program leaves this line out: its sign-in outlives it
    Config.ClientId := Member(Ready, 'clientId');
    Config.ClientSecret := Member(Ready, 'clientSecret');
    Config.LoginPage := Member(Ready, 'loginPage');
    Config.OauthBase := Member(Ready, 'oauthBase');
    Config.BaseUrl := Member(Ready, 'baseUrl');
    Config.CaFile := Member(Ready, 'caFile');
    Config.Browser := Browser;
  finally
    Ready.Free;
  end;
  Result := IteroClientNew(Config);
end;

// Asks the user only for what is not there yet: first the sign-in, then the account to work for.
procedure SignInIfNeeded(const Client: IIteroClient);
var
  Accounts: IIteroAccounts;
begin
  if Client.State = ITERO_STATE_SIGNED_OUT then
    Client.LoginRun(120000).Wait;
  if Client.State = ITERO_STATE_SIGNED_IN then
  begin
    Accounts := Client.AccountsGet;
    if Accounts.Count = 0 then
      raise Exception.Create('this user has no account');
    Client.Pair(Accounts[0].Id);
  end;
  Say('signed in, account ' + Client.AccountId);
end;

// Finds the patient in all permutations of the name, corrects the name if it must be, and sends the scan request.
function Send(const Client: IIteroClient; const First, Last, Chart: IteroString): IteroString;
var
  Practice: IIteroPractice;
  Request: IIteroScanRequest;
begin
  Practice := Client.PracticeGet;
  Request := IteroScanRequestNew;
  Request.DoctorId := Practice.Doctors[0].Id;
  Request.ProcedureMapId := Practice.Procedures[0].MapId;
  Request.PatientFirstName := First;
  Request.PatientLastName := Last;
  Request.PatientChartNumber := Chart;
  Result := Client.RxPush(Request, ITERO_PUSH_UPDATE_NAME).Id;
  Say('sent ' + First + ' ' + Last + ', chart number ' + Chart + ': RxID ' + Result);
end;

type
  // What a form of the practice program would be: its method is called for every scan of the account that is ready.
  TPractice = class
  private
    FClient: IIteroClient;
    FWatch: IIteroWatch;
    FFolder: IteroString;
    FRxId: IteroString;
    FDone: Boolean;
    procedure ScanIsReady(const Event: TIteroEvent);
  public
    procedure Play(const Client: IIteroClient; const Folder: IteroString);
  end;

// Brings all files into a folder of the order's own. Only then the event is acknowledged; one that is not comes again
// to the next watch.
procedure TPractice.ScanIsReady(const Event: TIteroEvent);
var
  Download: IIteroDownload;
  I: Integer;
begin
  if FDone or (Event.RxId <> FRxId) then
    Exit;
  Say('scanned: ' + Event.Status);
  Download := FClient.DownloadStart(Event.OrderId, FFolder + '/{orderId}');
  Download.Wait; // a program with a window does this on a thread of its own
  FWatch.Ack(Event.OrderId, Event.Version);
  Say(IteroString(Format('on disk: %d files', [Download.Count])));
  for I := 0 to Download.Count - 1 do
    Say('  ' + Download[I].Name);
  FDone := True;
end;

procedure TPractice.Play(const Client: IIteroClient; const Folder: IteroString);
begin
  FClient := Client;
  FFolder := Folder;
  FRxId := Send(Client, 'Dmitri', 'Petrov', '10028');
  FWatch := Client.WatchStart(Folder + '/watch.json', '', nil, INTERVAL_MS, ScanIsReady);
  while not FDone do
  begin
    IteroDeliverEvents(50); // a program with a window needs no such loop
    try
      FWatch.Status; // raises why the last look at the service failed, or what ScanIsReady has raised
    except
      on E: EItero do
        if not E.Retryable then // a network that is down comes back
          raise;
    end;
  end;
  FWatch.Stop;
end;

var
  Client: IIteroClient;
  Practice: TPractice;

begin
  try
    if ParamCount < 2 then
      raise Exception.Create('usage: SendAndWait READY-FILE FOLDER [BROWSER-PROGRAM]');
    Client := MakeClient(ParamStr(1), IteroString(ParamStr(3)));
    SignInIfNeeded(Client);
    Practice := TPractice.Create;
    try
      Practice.Play(Client, IteroString(ParamStr(2)));
    finally
      Practice.Free;
    end;
    Client := nil;
    IteroShutdown;
    Say('done');
  except
    on E: Exception do
    begin
      WriteLn(ErrOutput, E.Message);
      if E is EItero then
        WriteLn(ErrOutput, '  ', EItero(E).Advice);
      Halt(1);
    end;
  end;
end.
