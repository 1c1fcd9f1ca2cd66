// The journey of one patient from the practice program to the scanner and back, in C#.
//
// Read it from Main on: it is the tutorial of the assembly Itero. It plays against the sandbox, the simulated cloud, on
// .NET Framework, .NET Core and Mono:
//
//     cargo build --release --features sandbox
//     bindings/csharp/build target/csharp
//     mcs -r:target/csharp/Itero.Net.dll -out:target/csharp/Journey.exe examples/Journey.cs
//     cp target/release/libitero.so target/csharp/
//     target/release/itero-sandbox --auto-scan 300 --ready-file /tmp/ready.json &
//     mono target/csharp/Journey.exe /tmp/ready.json /tmp/journey target/release/itero-sandbox
//
// The third argument is the program that is started with the login page's URL; itero-sandbox plays the person who signs in.
// Leave it out to sign in yourself, in your own browser. All paths must be absolute.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Itero;

internal static class Journey
{
    // Names are in many scripts, and not every console can show them.
    private static readonly TextWriter Output =
        new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true };

    private static int Main(string[] arguments)
    {
        const string First = "Dmitri", Last = "Petrov", Chart = "10028";
        try
        {
            if (arguments.Length < 2)
            {
                throw new InvalidOperationException("usage: Journey READY-FILE FOLDER [BROWSER-PROGRAM]");
            }
            Output.WriteLine("itero {0}: one patient's journey to the scanner and back", IteroLibrary.Version);

            IReadOnlyList<DownloadedFile> files;
            using (var client = MakeClient(arguments[0], arguments.Length > 2 ? arguments[2] : ""))
            {
                SignIn(client);
                using (var listener = new Listener(client))
                {
                    listener.Start();
                    Pair(client, listener);
                    ShowWarnings(client);
                    Search(client, First, Last, Chart);
                    var rx = Send(client, First, Last, Chart);
                    var order = AwaitOrder(client, listener, rx.Id);
                    files = Download(client, order, arguments[1]);
                }
                client.Unpair();
                Show("un-pair", "state {0}", (int)client.State);
                client.Revoke();
                Show("revoke", "state {0}", (int)client.State);
            }
            IteroLibrary.Shutdown(TimeSpan.FromSeconds(2));
            Output.WriteLine(
                "journey ok: {0} files, {1} bytes in {2}", files.Count, files.Sum(file => file.Size), arguments[1]);
            return 0;
        }
        catch (IteroException fault)
        {
            // Whatever fails comes here. A program decides by fault.Status; the texts are for people.
            Console.Error.WriteLine("{0}\n  {1}", fault.Message, fault.Advice);
            return 1;
        }
        catch (InvalidOperationException fault)
        {
            Console.Error.WriteLine("Journey: " + fault.Message);
            return 1;
        }
    }

    private static Client MakeClient(string readyFile, string browser)
    {
        var ready = File.ReadAllText(readyFile);
        using (var config = new Config())
        {
            config.ApiVersion = ApiVersion.V2;
            config.KeepTokensInMemory(); // a practice program leaves this out: its sign-in outlives it
            config.ClientId = Member(ready, "clientId");
            config.ClientSecret = Member(ready, "clientSecret");
            config.LoginPage = Member(ready, "loginPage");
            config.OAuthBase = Member(ready, "oauthBase");
            config.BaseUrl = Member(ready, "baseUrl");
            config.CaFile = Member(ready, "caFile");
            config.SetProduct("Journey", "1.0");
            config.Browser = browser;
            return new Client(config);
        }
    }

    // A1, A2: opens the browser and waits until the user has signed in. A program with a window awaits RunLoginAsync.
    private static void SignIn(Client client)
    {
        using (var login = client.RunLogin(TimeSpan.FromMinutes(2)))
        {
            login.Wait();
        }
        Show("sign in", "state {0}", (int)client.State);
    }

    // A5 to A7: where the region is, which accounts there are, and which one this program works for from now on.
    private static void Pair(Client client, Listener listener)
    {
        client.Discover();
        Show("discovery", "region {0}", client.Region);
        var accounts = client.GetAccounts();
        Show("accounts", "{0}", accounts.Count);
        foreach (var account in accounts)
        {
            Show("", "{0} {1}", account.Id, account.Name);
        }
        if (accounts.Count == 0)
        {
            throw new InvalidOperationException("this user has no account");
        }
        client.Pair(accounts[0].Id, listener.Url);
        Show("pair", "{0}, state {1}", accounts[0].Name, (int)client.State);
    }

    // P5: what should be put in order before the integration starts.
    private static void ShowWarnings(Client client)
    {
        var warnings = client.GetWarnings();
        Show(
            "pairing warnings", "{0} shared chart numbers, {1} patients without one",
            warnings.Duplicates.Count, warnings.MissingChartNumber.Count);
        foreach (var duplicate in warnings.Duplicates)
        {
            var names = duplicate.Patients.Select(patient => patient.FirstName + " " + patient.LastName);
            Show("", "{0}: {1}", duplicate.ChartNumber, string.Join(", ", names));
        }
    }

    // P1, P2: the patient may be in the scanner's records with first and last name swapped.
    private static void Search(Client client, string first, string last, string chart)
    {
        var patients = client.SearchPatients(first, last, chart);
        Show("patient search", "{0} {1}: {2} found", first, last, patients.Count);
        if (patients.Count == 0)
        {
            patients = client.SearchPatients(last, first, chart);
            Show("", "{0} {1}: {2} found", last, first, patients.Count);
            if (patients.Count == 1)
            {
                client.UpdatePatient(patients[0].Id, first, last);
                Show("patient update", "{0} {1} is {1} {0} now", last, first);
            }
        }
    }

    // D1, D2: a doctor and a procedure from the practice configuration, and the Rx for the scanner.
    private static Rx Send(Client client, string first, string last, string chart)
    {
        var practice = client.GetPractice();
        Show(
            "practice", "{0}: {1} doctors, {2} labs, {3} procedures, {4} scanners",
            practice.Name, practice.Doctors.Count, practice.Labs.Count, practice.Procedures.Count, practice.Scanners.Count);

        using (var request = new ScanRequest())
        {
            request.DoctorId = practice.Doctors[0].Id;
            request.ProcedureMapId = practice.Procedures[0].MapId;
            request.ScannerSerialNumber = practice.Scanners[0].SerialNumber;
            request.PatientFirstName = first;
            request.PatientLastName = last;
            request.PatientChartNumber = chart;
            request.Notes = "Margins of 36 please.";
            request.AddTooth("36", "Crown", "Zirconia", "A2");
            var rx = client.Send(request);
            Show("scan request", "RxID {0}", rx.Id); // a practice program stores it with the patient
            return rx;
        }
    }

    // D5, D6: waits for the notification, then asks what is true.
    private static Order AwaitOrder(Client client, Listener listener, string rxId)
    {
        for (var tries = 0; tries < 20; tries++)
        {
            var notification = listener.Wait(TimeSpan.FromMinutes(2));
            if (notification == null)
            {
                break;
            }
            if (notification.RxId != rxId)
            {
                continue;
            }
            Show("notification", "for RxID {0}", notification.RxId);
            var order = client.GetOrderByRx(rxId);
            Show("order", "{0}, {1}, {2} files", order.PatientChartNumber, order.Status, order.Files.Count);
            if (order.Files.Count > 0)
            {
                return order;
            }
        }
        throw new InvalidOperationException("the scan did not arrive");
    }

    // D4: all files of the order, verified and unpacked.
    private static IReadOnlyList<DownloadedFile> Download(Client client, Order order, string folder)
    {
        using (var download = client.StartDownload(order.Id, folder, FileKinds.All, DownloadOptions.Unpack, ShowProgress))
        {
            download.Wait();
            Show("download", "{0} files", download.Files.Count);
            foreach (var file in download.Files)
            {
                var line = string.Format("  {0,-14} {1,9} bytes  {2}", file.Kind, file.Size, file.Name);
                if (file.Archive.Length > 0)
                {
                    line += " (unpacked)";
                }
                if (file.Triangles != 0)
                {
                    line += string.Format(
                        ", {0} triangles, {1} x {2} x {3} mm",
                        file.Triangles, Math.Round(file.ExtentX), Math.Round(file.ExtentY), Math.Round(file.ExtentZ));
                }
                Output.WriteLine(line);
            }
            return download.Files;
        }
    }

    // Comes on the library's own thread here, and on the user interface's in a program that has one.
    private static void ShowProgress(DownloadProgress progress)
    {
        Console.Error.Write(
            "\r  {0} of {1} bytes, {2} of {3} files   ",
            progress.Bytes, progress.TotalBytes ?? -1, progress.Files, progress.TotalFiles);
        if (progress.TotalFiles > 0 && progress.Files == progress.TotalFiles)
        {
            Console.Error.WriteLine();
        }
    }

    private static void Show(string step, string format, params object[] values)
    {
        Output.WriteLine("{0,-18} {1}", step, string.Format(format, values));
    }

    // What the sandbox tells of itself in its ready file: the text member of that name, "" when it is null. A practice program
    // has these from Align and from its settings. The file is the sandbox's own, so this is enough.
    private static string Member(string json, string name)
    {
        var key = "\"" + name + "\":";
        var at = json.IndexOf(key, StringComparison.Ordinal);
        if (at < 0)
        {
            throw new InvalidOperationException("the ready file lacks a member");
        }
        at += key.Length;
        while (json[at] == ' ')
        {
            at++;
        }
        var value = new StringBuilder();
        if (json[at] == '"')
        {
            for (at++; json[at] != '"'; at++)
            {
                if (json[at] == '\\')
                {
                    at++;
                }
                value.Append(json[at]);
            }
        }
        return value.ToString();
    }
}
