// Send this patient to the scanner, and tell me when the files are on disk: the commonest single task, in C#.
//
//     cargo build --release --features sandbox
//     bindings/csharp/build target/csharp
//     mcs -r:target/csharp/Itero.Net.dll -out:target/csharp/SendAndWait.exe examples/SendAndWait.cs
//     cp target/release/libitero.so target/csharp/
//     target/release/itero-sandbox --auto-scan 300 --ready-file /tmp/ready.json &
//     mono target/csharp/SendAndWait.exe /tmp/ready.json /tmp/scans target/release/itero-sandbox
//
// The third argument is the program that is started with the login page's URL; leave it out to sign in yourself, in your own
// browser. All paths must be absolute. Journey.cs explains more of the assembly.

using System;
using System.IO;
using System.Text;
using System.Threading.Tasks;
using Itero;

internal static class SendAndWait
{
    private static readonly TextWriter Output =
        new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true };

    private static int Main(string[] arguments)
    {
        try
        {
            if (arguments.Length < 2)
            {
                throw new InvalidOperationException("usage: SendAndWait READY-FILE FOLDER [BROWSER-PROGRAM]");
            }
            // A program with a window awaits this in its event handler, and stays alive meanwhile.
            Play(arguments[0], arguments[1], arguments.Length > 2 ? arguments[2] : "").GetAwaiter().GetResult();
            return 0;
        }
        catch (IteroException fault)
        {
            Console.Error.WriteLine("{0}\n  {1}", fault.Message, fault.Advice);
            return 1;
        }
        catch (InvalidOperationException fault)
        {
            Console.Error.WriteLine("SendAndWait: " + fault.Message);
            return 1;
        }
    }

    private static async Task Play(string readyFile, string folder, string browser)
    {
        using (var client = MakeClient(readyFile, browser))
        {
            await SignInIfNeeded(client);
            var rx = await Send(client, "Dmitri", "Petrov", "10028");

            // The watch brings every scan of the account that is ready; this program waits for one of them.
            using (var watch = new Watch(client, Path.Combine(folder, "watch.json")))
            {
                // The sandbox scans at once; at the service zero, a minute, is right.
                watch.Interval = TimeSpan.FromSeconds(1);
                watch.Start();
                var scan = await watch.WaitAsync();
                while (scan.RxId != rx.Id)
                {
                    scan = await watch.WaitAsync(); // not acknowledged, so it comes again to the next watch
                }
                Output.WriteLine("scanned: {0}", scan.Status);
                await Download(client, watch, scan, folder);
            }
        }
        IteroLibrary.Shutdown(TimeSpan.FromSeconds(2));
        Output.WriteLine("done");
    }

    // Asks the user only for what is not there yet: first the sign-in, then the account to work for.
    private static async Task SignInIfNeeded(Client client)
    {
        if (client.State == ClientState.SignedOut)
        {
            await client.RunLoginAsync(TimeSpan.FromMinutes(2));
        }
        if (client.State == ClientState.SignedIn)
        {
            var accounts = await client.GetAccountsAsync();
            if (accounts.Count == 0)
            {
                throw new InvalidOperationException("this user has no account");
            }
            await client.PairAsync(accounts[0].Id);
        }
        Output.WriteLine("signed in, account {0}", client.AccountId);
    }

    // Finds the patient in all permutations of the name, corrects the name if it must be, and sends the scan request.
    private static async Task<Rx> Send(Client client, string first, string last, string chart)
    {
        var practice = await client.GetPracticeAsync();
        using (var request = new ScanRequest())
        {
            request.DoctorId = practice.Doctors[0].Id;
            request.ProcedureMapId = practice.Procedures[0].MapId;
            request.PatientFirstName = first;
            request.PatientLastName = last;
            request.PatientChartNumber = chart;
            var rx = await client.PushAsync(request, PushPolicy.UpdateName);
            Output.WriteLine("sent {0} {1}, chart number {2}: RxID {3}", first, last, chart, rx.Id);
            return rx;
        }
    }

    // Brings all files into a folder of the order's own. Only then the event is acknowledged.
    private static async Task Download(Client client, Watch watch, ScanEvent scan, string folder)
    {
        var files = await client.DownloadAsync(scan.OrderId, Path.Combine(folder, "{orderId}"));
        watch.Ack(scan);
        Output.WriteLine("on disk: {0} files", files.Count);
        foreach (var file in files)
        {
            Output.WriteLine("  {0}", file.Name);
        }
    }

    private static Client MakeClient(string readyFile, string browser)
    {
        var ready = File.ReadAllText(readyFile);
        using (var config = new Config())
        {
            config.KeepTokensInMemory(); // a practice program leaves this out: its sign-in outlives it
            config.ClientId = Member(ready, "clientId");
            config.ClientSecret = Member(ready, "clientSecret");
            config.LoginPage = Member(ready, "loginPage");
            config.OAuthBase = Member(ready, "oauthBase");
            config.BaseUrl = Member(ready, "baseUrl");
            config.CaFile = Member(ready, "caFile");
            config.Browser = browser;
            return new Client(config);
        }
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
