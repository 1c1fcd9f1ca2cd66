using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Itero;

/// <summary>Callbacks that throw harm nobody, and what they throw comes out where it is told.</summary>
internal static class Throwing
{
    private sealed class Oops : Exception
    {
        internal Oops(string what) : base(what)
        {
        }
    }

    [Promise]
    private static void FromTheLog()
    {
        var lines = 0;
        IteroLibrary.SetLog(LogLevel.Debug, line =>
        {
            lines++;
            throw new Oops("log");
        });
        World.Paired.GetPractice();
        Claim.True(World.Eventually(() => Volatile.Read(ref lines) > 0), "the log tells of a call");
        var thrown = Claim.Throws<Oops>(() => IteroLibrary.SetLog(LogLevel.Error, null), "the next SetLog");
        Claim.True(thrown.StackTrace.Contains("FromTheLog"), "the stack is the receiver's: " + thrown.StackTrace);
        IteroLibrary.SetLog(LogLevel.Error, null);
    }

    [Promise]
    private static void FromThePushChooser()
    {
        using (var request = World.NewRequest(World.Paired, "Ferreira", "Maria Gonzalez", "10023"))
        {
            var sent = World.Paired.FindInLedger().Count;
            Func<System.Collections.Generic.IReadOnlyList<Match>, PushAnswer> chooser = matches =>
            {
                Claim.True(matches.Count > 0, "there is somebody to choose from");
                throw new Oops("chooser");
            };
            Claim.Throws<Oops>(() => World.Paired.Push(request, chooser), "Push");
            var task = World.Paired.PushAsync(request, chooser);
            Claim.True(Claim.Throws<AggregateException>(() => task.Wait(), "PushAsync").InnerException is Oops, "the task's fault");
            using (var pump = new Pump())
            {
                task = pump.Do(() => World.Paired.PushAsync(request, chooser));
                Claim.True(
                    Claim.Throws<AggregateException>(() => task.Wait(), "PushAsync").InnerException is Oops,
                    "the task's fault, from another thread");
            }
            Claim.Equal(sent, World.Paired.FindInLedger().Count, "scan requests in the ledger");
        }
    }

    [Promise]
    private static void FromTheProgress()
    {
        var order = World.Order;
        var calls = 0;
        Action<DownloadProgress> throwsOnce = progress =>
        {
            if (Interlocked.Increment(ref calls) == 1)
            {
                throw new Oops("progress");
            }
        };
        using (var download = World.Paired.StartDownload(
            order.Id, World.NewFolder(), FileKinds.All, DownloadOptions.None, throwsOnce))
        {
            // The last report may come when the files are there already.
            Claim.True(
                World.Eventually(() =>
                {
                    try
                    {
                        download.Wait();
                        return false;
                    }
                    catch (Oops)
                    {
                        return true;
                    }
                }),
                "a wait for the download throws it");
            download.Wait();
            Claim.True(download.Files.All(file => File.Exists(file.Path)), "the files are there all the same");
        }
    }

    [Promise]
    private static void FromANotification()
    {
        using (var client = World.NewClient())
        using (var listener = new Listener(client))
        {
            var calls = 0;
            listener.Received += (sender, notification) =>
            {
                Interlocked.Increment(ref calls);
                throw new Oops("notification");
            };
            listener.Start();
            Claim.Throws<IteroException>(() => listener.Wait(TimeSpan.Zero), "a wait beside a subscriber");
            Post(listener.Url, "{\"rxId\":\"a\",\"accountNumber\":\"30417\"}");
            Post(listener.Url, "{\"rxId\":\"b\",\"accountNumber\":\"30417\"}");
            Claim.True(World.Eventually(() => Volatile.Read(ref calls) == 2), "both notifications come");
            Claim.Throws<Oops>(listener.Stop, "Stop");
            listener.Stop();
        }
    }

    [Promise]
    private static void FromAWatch()
    {
        Claim.True(World.Order.Id.Length > 0, "there is an order to tell of");
        using (var watch = new Watch(World.Paired, World.NewFolder() + ".json"))
        {
            var calls = 0;
            watch.Interval = TimeSpan.FromMilliseconds(200);
            watch.ScanReady += (sender, scan) =>
            {
                Interlocked.Increment(ref calls);
                throw new Oops("watch");
            };
            watch.Start();
            Claim.True(World.Eventually(() => Volatile.Read(ref calls) > 0), "an event comes");
            Claim.Throws<Oops>(() => watch.CheckStatus(), "CheckStatus");
            watch.Stop();
        }
    }

    internal static void Post(string url, string body)
    {
        var request = (System.Net.HttpWebRequest)System.Net.WebRequest.Create(url);
        request.Proxy = null;
        request.Method = "POST";
        request.ContentType = "application/json";
        using (var writer = new StreamWriter(request.GetRequestStream()))
        {
            writer.Write(body);
        }
        request.GetResponse().Close();
    }
}
