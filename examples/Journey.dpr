{
  The journey of one patient from the practice program to the scanner and back, in Delphi.

  Read it from the main program at the end on: it is the tutorial of the unit Itero. It plays against the sandbox, the
  simulated cloud:

      cargo build --release --features sandbox
      fpc -Fubindings/delphi -Fibindings/delphi -FUtarget -otarget/journey-delphi examples/Journey.dpr
      target/release/itero-sandbox --auto-scan 300 --ready-file /tmp/ready.json &
      LD_LIBRARY_PATH=target/release target/journey-delphi /tmp/ready.json /tmp/journey target/release/itero-sandbox

  In Delphi: put bindings/delphi on the search path, and itero.dll beside the program. The third argument is the program
  that is started with the login page's URL; itero-sandbox plays the person who signs in. Leave it out to sign in
  yourself, in your own browser. All paths must be absolute.
}
program Journey;

{$APPTYPE CONSOLE}
{$I Itero.inc}

uses
  {$IFDEF UNIX}cthreads,{$ENDIF} // Free Pascal on Linux has threads only with this unit, and it must be the first
  SysUtils, Classes, Math,
  {$IFDEF ITERO_PLAIN_NAMES}IteroApi{$ELSE}Itero.Api{$ENDIF}, Itero;

{ --------------------------------------------------------------------------------------------------------------------
  Text to the console, as UTF-8 with every compiler. A program with windows needs none of it.
  -------------------------------------------------------------------------------------------------------------------- }

procedure Write(const Text: IteroString);
var
  Bytes: AnsiString;
  I: Integer;
begin
  Bytes := IteroToUtf8(Text);
  for I := 1 to Length(Bytes) do
    System.Write(Bytes[I]); // byte by byte, so that no compiler takes it for text to convert
end;

procedure WriteLine(const Text: IteroString);
begin
  Write(Text);
  System.WriteLn;
end;

procedure Show(const Step, What: IteroString);
begin
  WriteLine(IteroString(Format('%-18s ', [Step])) + What);
end;

procedure Fail(const What: string);
begin
  raise Exception.Create('journey: ' + What);
end;

{ --------------------------------------------------------------------------------------------------------------------
  What the sandbox tells of itself in its ready file. A practice program has these from Align and from its settings.
  -------------------------------------------------------------------------------------------------------------------- }

function ReadWhole(const FileName: string): IteroString;
var
  Bytes: AnsiString;
  Stream: TFileStream;
begin
  Stream := TFileStream.Create(FileName, fmOpenRead or fmShareDenyNone);
  try
    SetLength(Bytes, Stream.Size);
    Stream.ReadBuffer(Bytes[1], Length(Bytes));
  finally
    Stream.Free;
  end;
  Result := IteroFromUtf8(PAnsiChar(Bytes));
end;

// The text member Name of the ready file; '' when it is null. The file is the sandbox's own, so this is enough.
function Member(const Json, Name: IteroString): IteroString;
var
  At: Integer;
  Key: IteroString;
begin
  Result := '';
  Key := '"' + Name + '":';
  At := Pos(Key, Json);
  if At = 0 then
    Fail('the ready file lacks a member');
  Inc(At, Length(Key));
  while Json[At] = ' ' do
    Inc(At);
  if Json[At] <> '"' then
    Exit;
  Inc(At);
  while Json[At] <> '"' do
  begin
    if Json[At] = '\' then
      Inc(At);
    Result := Result + Json[At];
    Inc(At);
  end;
end;

{ -------------------------------------------------------------------------------------------------------------------- }

function MakeClient(const ReadyFile: string; const Browser: IteroString): IIteroClient;
var
  Json: IteroString;
  Config: IIteroConfig;
begin
  Json := ReadWhole(ReadyFile);
  Config := IteroConfigNew; // an interface: freed by itself when nothing refers to it any more
  Config.ApiVersion := ITERO_API_V2;
  Config.SetTokenMemory; // a practice program leaves this line out: its sign-in outlives it
  Config.ClientId := Member(Json, 'clientId');
  Config.ClientSecret := Member(Json, 'clientSecret');
  Config.LoginPage := Member(Json, 'loginPage');
  Config.OauthBase := Member(Json, 'oauthBase');
  Config.BaseUrl := Member(Json, 'baseUrl');
  Config.CaFile := Member(Json, 'caFile');
  Config.SetProduct('Journey', '1.0');
  Config.Browser := Browser;
  Result := IteroClientNew(Config);
end;

// A1, A2: opens the browser and waits until the user has signed in.
procedure SignIn(const Client: IIteroClient);
var
  Login: IIteroLogin;
begin
  Login := Client.LoginRun(120000);
  while not Login.Wait(250) do
    ; // a program with a window keeps it alive here: Application.ProcessMessages
  Show('sign in', IteroString(Format('state %d', [Client.State])));
end;

// A5 to A7: where the region is, which accounts there are, and which one this program works for from now on.
procedure Pair(const Client: IIteroClient; const Listener: IIteroListener);
var
  Accounts: IIteroAccounts;
  I: Integer;
begin
  Client.Discover;
  Show('discovery', 'region ' + Client.Region);
  Accounts := Client.AccountsGet;
  Show('accounts', IteroString(IntToStr(Accounts.Count)));
  for I := 0 to Accounts.Count - 1 do // "for Account in Accounts do" from Delphi 2005 on
    Show('', Accounts[I].Id + ' ' + Accounts[I].Name);
  if Accounts.Count = 0 then
    Fail('this user has no account');
  Client.Pair(Accounts[0].Id, Listener.Url);
  Show('pair', Accounts[0].Name + IteroString(Format(', state %d', [Client.State])));
end;

// P5: what should be put in order before the integration starts.
procedure ShowWarnings(const Client: IIteroClient);
var
  Warnings: IIteroWarnings;
  Duplicates: TIteroDuplicates;
  Line: IteroString;
  I, J: Integer;
begin
  Warnings := Client.WarningsGet;
  Duplicates := Warnings.Duplicates;
  Show('pairing warnings', IteroString(Format('%d shared chart numbers, %d patients without one',
    [Length(Duplicates), Warnings.MissingChartNumber.Count])));
  for I := 0 to High(Duplicates) do
  begin
    Line := Duplicates[I].ChartNumber + ':';
    for J := 0 to Duplicates[I].Patients.Count - 1 do
    begin
      if J > 0 then
        Line := Line + ',';
      with Duplicates[I].Patients[J] do
        Line := Line + ' ' + FirstName + ' ' + LastName;
    end;
    Show('', Line);
  end;
end;

// P1, P2: the patient may be in the scanner's records with first and last name swapped.
procedure Search(const Client: IIteroClient; const First, Last, Chart: IteroString);
var
  Patients: IIteroPatients;
begin
  Patients := Client.PatientsSearch(First, Last, Chart);
  Show('patient search', First + ' ' + Last + IteroString(Format(': %d found', [Patients.Count])));
  if Patients.Count > 0 then
    Exit;
  Patients := Client.PatientsSearch(Last, First, Chart);
  Show('', Last + ' ' + First + IteroString(Format(': %d found', [Patients.Count])));
  if Patients.Count <> 1 then
    Exit;
  Client.PatientsUpdate(Patients[0].Id, First, Last, ''); // '' leaves the chart number as it is
  Show('patient update', Last + ' ' + First + ' is ' + First + ' ' + Last + ' now');
end;

// D1, D2: a doctor and a procedure from the practice configuration, and the Rx for the scanner.
function Send(const Client: IIteroClient; const First, Last, Chart: IteroString): IteroString;
var
  Practice: IIteroPractice;
  Request: IIteroScanRequest;
begin
  Practice := Client.PracticeGet;
  Show('practice', Practice.Name + IteroString(Format(': %d doctors, %d labs, %d procedures, %d scanners',
    [Length(Practice.Doctors), Length(Practice.Labs), Length(Practice.Procedures), Length(Practice.Scanners)])));
  Request := IteroScanRequestNew;
  Request.DoctorId := Practice.Doctors[0].Id;
  Request.ProcedureMapId := Practice.Procedures[0].MapId;
  Request.ScannerSerialNumber := Practice.Scanners[0].SerialNumber;
  Request.PatientFirstName := First;
  Request.PatientLastName := Last;
  Request.PatientChartNumber := Chart;
  Request.Notes := 'Margins of 36 please.';
  Request.AddTooth('36', 'Crown', 'Zirconia', 'A2');
  Result := Client.ScanRequestSend(Request).Id; // a practice program stores it with the patient
  Show('scan request', 'RxID ' + Result);
end;

// D5, D6: waits for the notification, then asks what is true.
function AwaitOrder(const Client: IIteroClient; const Listener: IIteroListener; const RxId: IteroString): TIteroOrder;
var
  Notification: IIteroNotification;
  Tries: Integer;
begin
  for Tries := 1 to 20 do
  begin
    if not Listener.Wait(120000, Notification) then
      Break;
    if Notification.RxId <> RxId then
      Continue;
    Show('notification', 'for RxID ' + Notification.RxId);
    Result := Client.OrdersByRx(RxId)[0];
    Show('order', Result.PatientChartNumber + ', ' + Result.Status
      + IteroString(Format(', %d files', [Length(Result.Files)])));
    if Length(Result.Files) > 0 then
      Exit;
  end;
  Fail('the scan did not arrive');
end;

type
  // Events are methods, as everywhere in Delphi.
  TProgress = class
    procedure Show(Bytes, TotalBytes, Files, TotalFiles: Int64);
  end;

procedure TProgress.Show(Bytes, TotalBytes, Files, TotalFiles: Int64);
begin
  System.Write(ErrOutput, #13, Format('  %d of %d bytes, %d of %d files   ', [Bytes, TotalBytes, Files, TotalFiles]));
  if (TotalFiles > 0) and (Files = TotalFiles) then
    System.WriteLn(ErrOutput);
end;

// D4: all files of the order, verified and unpacked.
procedure DownloadAll(const Client: IIteroClient; const OrderId, Folder: IteroString; out Files: Integer;
  out Bytes: Int64);
var
  Progress: TProgress;
  Download: IIteroDownload;
  One: TIteroDownloadedFile;
  Line: IteroString;
  I: Integer;
begin
  Progress := TProgress.Create;
  try
    // The progress comes on the main thread, in IteroDeliverEvents. A program with a window needs no such loop.
    Download := Client.DownloadStart(OrderId, Folder, ITERO_FILE_ALL, ITERO_DOWNLOAD_UNPACK, Progress.Show);
    while not Download.Wait(50) do
      IteroDeliverEvents;
    IteroDeliverEvents;
    Files := Download.Count;
    Bytes := 0;
    Show('download', IteroString(Format('%d files', [Files])));
    for I := 0 to Files - 1 do
    begin
      One := Download[I];
      Inc(Bytes, One.Size);
      Line := IteroString(Format('  %-14s %9d bytes  ', [One.Kind, One.Size])) + One.Name;
      if One.Archive <> '' then
        Line := Line + ' (unpacked)';
      if One.Triangles <> 0 then
        Line := Line + IteroString(Format(', %d triangles, %.0f x %.0f x %.0f mm',
          [One.Triangles, One.Extent[0], One.Extent[1], One.Extent[2]]));
      WriteLine(Line);
    end;
    Download.Close; // no progress comes from here on
  finally
    Progress.Free;
  end;
end;

procedure Play(const ReadyFile: string; const Folder, Browser: IteroString);
const
  First = 'Dmitri';
  Last = 'Petrov';
  Chart = '10028';
var
  Client: IIteroClient;
  Listener: IIteroListener;
  RxId: IteroString;
  Files: Integer;
  Bytes: Int64;
begin
  WriteLine('itero ' + IteroString(IteroVersion) + ': one patient''s journey to the scanner and back');
  Client := MakeClient(ReadyFile, Browser);
  SignIn(Client);
  Listener := Client.ListenerStart;
  Pair(Client, Listener);
  ShowWarnings(Client);
  Search(Client, First, Last, Chart);
  RxId := Send(Client, First, Last, Chart);
  DownloadAll(Client, AwaitOrder(Client, Listener, RxId).Id, Folder, Files, Bytes);
  Listener.Stop;
  Client.Unpair;
  Show('un-pair', IteroString(Format('state %d', [Client.State])));
  Client.Revoke;
  Show('revoke', IteroString(Format('state %d', [Client.State])));
  IteroShutdown;
  WriteLine(IteroString(Format('journey ok: %d files, %d bytes in ', [Files, Bytes])) + Folder);
end;

begin
  // Delphi's own setting: an invalid operation, a division by zero or an overflow raises. The library doesn't mind.
  SetExceptionMask([exDenormalized, exUnderflow, exPrecision]);
  try
    if ParamCount < 2 then
      Fail('usage: Journey READY-FILE FOLDER [BROWSER-PROGRAM]');
    Play(ParamStr(1), IteroString(ParamStr(2)), IteroString(ParamStr(3)));
  except
    on E: EItero do
    begin
      System.WriteLn(ErrOutput, E.Message);
      System.WriteLn(ErrOutput, '  ', E.Advice);
      Halt(1);
    end;
    on E: Exception do
    begin
      System.WriteLn(ErrOutput, E.Message);
      Halt(1);
    end;
  end;
end.
