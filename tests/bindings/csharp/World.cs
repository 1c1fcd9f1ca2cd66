using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using System.Threading;
using Itero;

/// <summary>Clients of the sandbox.</summary>
internal static class World
{
    private static Client paired;
    private static Order order;

    /// <summary>A client that is signed in and paired to the first account; one for all promises that don't break it.</summary>
    internal static Client Paired
    {
        get { return paired ?? (paired = NewPaired(null, null)); }
    }

    internal static string Member(string name)
    {
        return Regex.Match(Program.Ready, "\"" + name + "\": *\"([^\"]*)\"").Groups[1].Value.Replace("\\\\", "\\");
    }

    internal static Client NewClient(Action<Config> more = null)
    {
        using (var config = new Config())
        {
            config.ClientId = Member("clientId");
            config.ClientSecret = Member("clientSecret");
            config.LoginPage = Member("loginPage");
            config.OAuthBase = Member("oauthBase");
            config.BaseUrl = Member("baseUrl");
            config.CaFile = Member("caFile");
            config.Browser = Program.Browser;
            config.KeepTokensInMemory();
            if (more != null)
            {
                more(config);
            }
            return new Client(config);
        }
    }

    internal static Client NewPaired(Action<Config> more, string notificationUrl)
    {
        var client = NewClient(more);
        using (var login = client.RunLogin(TimeSpan.FromMinutes(1)))
        {
            login.Wait();
        }
        client.Pair("30417", notificationUrl);
        return client;
    }

    internal static ScanRequest NewRequest(Client client, string first, string last, string chart)
    {
        var practice = client.GetPractice();
        return new ScanRequest
        {
            DoctorId = practice.Doctors[0].Id,
            ProcedureMapId = practice.Procedures[0].MapId,
            PatientFirstName = first,
            PatientLastName = last,
            PatientChartNumber = chart,
        };
    }

    /// <summary>An order of the first account; one for all promises, because a scan takes the sandbox seconds.</summary>
    internal static Order Order
    {
        get { return order ?? (order = NewOrder(Paired)); }
    }

    private static Order NewOrder(Client client)
    {
        Rx rx;
        using (var request = NewRequest(client, "Jan", "van der Meer", "10025"))
        {
            rx = client.Send(request);
        }
        for (var tries = 0; tries < 600; tries++)
        {
            try
            {
                var scanned = client.GetOrderByRx(rx.Id);
                if (scanned.Files.Count > 0)
                {
                    return scanned;
                }
            }
            catch (IteroException fault) when (fault.Status == Status.NotFound)
            {
            }
            Thread.Sleep(50);
        }
        throw new InvalidOperationException("the scan did not arrive");
    }

    /// <summary>Plans a fault of the sandbox: the next so many calls of that operation have it.</summary>
    internal static void Plan(string operation, int count, string fault)
    {
        Throwing.Post(
            Member("baseUrl") + "/sandbox/faults",
            string.Format("{{\"operation\":\"{0}\",\"count\":{1},\"fault\":{{{2}}}}}", operation, count, fault));
    }

    internal static string NewFolder()
    {
        return Path.Combine(Program.Folder, Guid.NewGuid().ToString("N"));
    }

    internal static bool Eventually(Func<bool> holds)
    {
        for (var tries = 0; tries < 600; tries++)
        {
            if (holds())
            {
                return true;
            }
            Thread.Sleep(25);
        }
        return false;
    }
}

/// <summary>Accepts connections on this computer and never answers.</summary>
internal sealed class SilentServer : IDisposable
{
    private readonly TcpListener listener = new TcpListener(IPAddress.Loopback, 0);
    private readonly Thread thread;
    private volatile bool ended;
    private int count;

    internal SilentServer()
    {
        listener.Start();
        Url = "http://127.0.0.1:" + ((IPEndPoint)listener.LocalEndpoint).Port;
        thread = new Thread(Serve) { IsBackground = true };
        thread.Start();
    }

    internal string Url { get; private set; }

    /// <summary>How many requests have come by now.</summary>
    internal int Count
    {
        get { return Volatile.Read(ref count); }
    }

    public void Dispose()
    {
        ended = true;
        thread.Join();
        listener.Stop();
    }

    // Looks again and again: not every runtime ends a blocking call when its socket is closed.
    private void Serve()
    {
        var silent = new List<TcpClient>();
        var waiting = new List<TcpClient>();
        while (!ended)
        {
            while (listener.Pending())
            {
                waiting.Add(listener.AcceptTcpClient());
            }
            // A connection counts when a request has begun to arrive.
            var come = waiting.FindAll(client => client.Available > 0);
            silent.AddRange(come);
            waiting.RemoveAll(come.Contains);
            Interlocked.Add(ref count, come.Count);
            Thread.Sleep(2);
        }
        silent.ForEach(client => client.Close());
        waiting.ForEach(client => client.Close());
    }
}

/// <summary>What a user interface has: a thread of its own, on which everything posted runs in turn.</summary>
internal sealed class Pump : SynchronizationContext, IDisposable
{
    private readonly List<Action> posted = new List<Action>();
    private readonly Thread thread;
    private bool ended;

    internal Pump()
    {
        thread = new Thread(Run) { IsBackground = true };
        thread.Start();
    }

    internal bool IsHere
    {
        get { return Thread.CurrentThread == thread; }
    }

    public override void Post(SendOrPostCallback callback, object state)
    {
        Enqueue(() => callback(state));
    }

    /// <summary>Runs something on the pump's thread and waits for it.</summary>
    internal T Do<T>(Func<T> action)
    {
        var result = default(T);
        Exception thrown = null;
        using (var done = new ManualResetEventSlim())
        {
            Enqueue(() =>
            {
                try
                {
                    result = action();
                }
                catch (Exception fault)
                {
                    thrown = fault;
                }
                done.Set();
            });
            done.Wait();
        }
        if (thrown != null)
        {
            throw thrown;
        }
        return result;
    }

    public void Dispose()
    {
        Enqueue(() => ended = true);
    }

    private void Enqueue(Action action)
    {
        lock (posted)
        {
            posted.Add(action);
            Monitor.Pulse(posted);
        }
    }

    private void Run()
    {
        SetSynchronizationContext(this);
        while (!ended)
        {
            Action next;
            lock (posted)
            {
                while (posted.Count == 0)
                {
                    Monitor.Wait(posted);
                }
                next = posted[0];
                posted.RemoveAt(0);
            }
            next();
        }
    }
}
