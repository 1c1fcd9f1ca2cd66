using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Itero;

/// <summary>A token that is cancelled ends the call inside the library within a quarter of a second.</summary>
internal static class Cancelling
{
    private const int LimitMs = 250;

    /// <summary>Calls that hang in a server that never answers.</summary>
    [Promise]
    private static void CallsInTheNetwork()
    {
        using (var server = new SilentServer())
        using (var client = World.NewPaired(config => Hang(config, server), null))
        using (var request = World.NewRequest(World.Paired, "Ferreira", "Maria Gonzalez", "10023"))
        using (var cursor = client.OpenOrders())
        using (var outbox = new Outbox(Outboxes.NewPath()))
        {
            outbox.AddPatientUpdateByChartNumber("a", "b", null);
            var calls = new Dictionary<string, Func<CancellationToken, Task>>
            {
                { "GetAccountsAsync", token => client.GetAccountsAsync(token) },
                { "GetWarningsAsync", token => client.GetWarningsAsync(token) },
                { "GetPracticeAsync", token => client.GetPracticeAsync(token) },
                { "SearchPatientsAsync", token => client.SearchPatientsAsync("a", "b", "c", token) },
                { "MatchPatientAsync", token => client.MatchPatientAsync("a", "b", "c", token) },
                { "UpdatePatientAsync", token => client.UpdatePatientAsync(Guid.NewGuid().ToString(), "b", null, null, token) },
                { "UpdatePatientByChartNumberAsync", token => client.UpdatePatientByChartNumberAsync("a", "b", null, token) },
                { "ListOrdersAsync", token => client.ListOrdersAsync(null, token) },
                { "GetOrderByRxAsync", token => client.GetOrderByRxAsync("a", token) },
                { "NextAsync", token => cursor.NextAsync(token) },
                { "DeleteRxAsync", token => client.DeleteRxAsync("a", token) },
                { "PushAsync", token => client.PushAsync(request, PushPolicy.UpdateName, token) },
                { "DownloadAsync", token => client.DownloadAsync("a", World.NewFolder(), cancellation: token) },
                { "Outbox.RunAsync", token => outbox.RunAsync(client, token) },
                { "UnpairAsync", token => client.UnpairAsync(token) },
            };
            foreach (var call in calls)
            {
                EndsInTime(call.Key, server, call.Value);
            }
        }
    }

    [Promise]
    private static void SignInAndDiscovery()
    {
        using (var server = new SilentServer())
        using (var client = World.NewClient(config =>
        {
            config.LoginPage = server.Url + "/authorize";
            config.OAuthBase = server.Url;
            config.BaseUrl = server.Url;
        }))
        {
            EndsInTime("DiscoverAsync", server, token => client.DiscoverAsync(token));
            EndsInTime("RunLoginAsync", server, token => client.RunLoginAsync(TimeSpan.FromMinutes(1), token));
            // Once: behind the caller's back the library waits on for tokens that would have to be revoked.
            EndsInTime(
                "ExchangeCodeAsync", server, token => client.ExchangeCodeAsync("a", "http://127.0.0.1/b", "c", token), once: true);
        }
    }

    [Promise]
    private static void Waits()
    {
        using (var server = new SilentServer())
        using (var listener = new Listener(World.Paired))
        using (var watch = new Watch(World.Paired, World.NewFolder() + ".json"))
        {
            listener.Start();
            watch.Since = DateTimeOffset.UtcNow.AddDays(1);
            watch.Start();
            EndsInTime("Listener.WaitAsync", null, token => listener.WaitAsync(token));
            EndsInTime("Watch.WaitAsync", null, token => watch.WaitAsync(token));
        }
    }

    /// <summary>The library waits for the chooser's answer; a dialog that stays open must not hold up the cancel.</summary>
    [Promise]
    private static void APushWhoseDialogIsOpen()
    {
        using (var pump = new Pump())
        using (var open = new SemaphoreSlim(0))
        using (var close = new ManualResetEventSlim())
        using (var request = World.NewRequest(World.Paired, "Ferreira", "Maria Gonzalez", "10023"))
        {
            EndsInTime("PushAsync with a chooser", null, token => pump.Do(() => World.Paired.PushAsync(
                request,
                matches =>
                {
                    open.Release();
                    close.Wait();
                    return PushAnswer.Stop;
                },
                token)), once: true, until: () => open.Wait(10000));
            close.Set();
        }
    }

    /// <summary>What was sent may have arrived, so it doesn't end as if nothing had been.</summary>
    [Promise]
    private static void AScanRequestThatWentOutTellsThatItsOutcomeIsUnknown()
    {
        using (var server = new SilentServer())
        using (var client = World.NewPaired(config => config.SetEndpoint("scanRequest", server.Url + "/rx"), null))
        using (var request = World.NewRequest(World.Paired, "Jan", "van der Meer", "10025"))
        using (var source = new CancellationTokenSource())
        {
            var task = client.SendAsync(request, source.Token);
            Claim.True(World.Eventually(() => server.Count == 1), "the scan request went out");
            source.Cancel();
            var fault = Claim.Throws<AggregateException>(() => task.Wait(5000), "SendAsync").InnerException as IteroException;
            Claim.True(fault != null, "not as cancelled");
            Claim.Equal(Status.OutcomeUnknown, fault.Status, "status");
            Claim.Equal(LedgerOutcome.Unknown, client.FindInLedger("10025").Last().Outcome, "the ledger's outcome");
        }
    }

    [Promise]
    private static void ASearchForALostScanRequest()
    {
        using (var server = new SilentServer())
        using (var client = World.NewPaired(
            config => config.SetEndpoint("scanRequest", server.Url + "/rx"), null))
        {
            var operation = Resolutions.Lose(client, server, "77005");
            World.Plan("scanRequests", 3, "\"kind\":\"delay\",\"ms\":5000");
            EndsInTime("ResolveRxAsync", null, token => client.ResolveRxAsync(operation, "77005", token));
        }
    }

    [Promise]
    private static void ATokenThatIsCancelledAtOnceOrBefore()
    {
        using (var server = new SilentServer())
        using (var client = World.NewClient(config => config.BaseUrl = server.Url))
        {
            Claim.True(
                Claim.Throws<AggregateException>(
                    () => client.DiscoverAsync(new CancellationToken(true)).Wait(), "a token that was cancelled before")
                    .InnerException is OperationCanceledException,
                "cancelled before");
            Claim.Equal(0, server.Count, "requests");
            for (var i = 0; i < 30; i++)
            {
                using (var source = new CancellationTokenSource())
                {
                    var task = client.DiscoverAsync(source.Token);
                    Thread.SpinWait(i * 20000);
                    source.Cancel();
                    var fault = Claim.Throws<AggregateException>(() => Wait(task), "a token that is cancelled at once");
                    Claim.True(fault.InnerException is OperationCanceledException, "cancelled: " + fault.InnerException);
                }
            }
        }
    }

    [Promise]
    private static void DownloadsAloneAndTheirClientGoesOn()
    {
        var order = World.Order;
        using (var server = new SilentServer())
        using (var client = World.NewPaired(config => config.SetEndpoint("orderFiles", server.Url + "/{orderId}"), null))
        using (var source = new CancellationTokenSource())
        {
            var other = client.DownloadAsync(order.Id, World.NewFolder());
            var cancelled = client.DownloadAsync(order.Id, World.NewFolder(), cancellation: source.Token);
            Claim.True(World.Eventually(() => server.Count == 2), "both downloads hang");
            source.Cancel();
            var fault = Claim.Throws<AggregateException>(() => Wait(cancelled), "the cancelled download");
            Claim.True(fault.InnerException is OperationCanceledException, "cancelled");
            Claim.True(!other.IsCompleted, "the other download goes on");
            client.Cancel();
            fault = Claim.Throws<AggregateException>(() => Wait(other), "the other download, after Client.Cancel");
            Claim.Equal(Status.Cancelled, ((IteroException)fault.InnerException).Status, "nobody cancelled its token");
        }
    }

    private static void Hang(Config config, SilentServer server)
    {
        foreach (var name in new[]
        {
            "accounts", "unpair", "pairingWarnings", "practice", "scanRequestDelete", "orders", "orderByRx", "orderFiles",
            "patientSearch", "patientUpdate", "patientUpdateByChart",
        })
        {
            config.SetEndpoint(name, server.Url + "/" + name);
        }
    }

    private static void Wait(Task task)
    {
        if (!task.Wait(5000))
        {
            throw new InvalidOperationException("it hangs");
        }
    }

    // The best of three counts, so that a busy computer doesn't.
    private static void EndsInTime(
        string what, SilentServer server, Func<CancellationToken, Task> start, bool once = false, Action until = null)
    {
        var best = long.MaxValue;
        for (var round = 0; round < (once ? 1 : 3); round++)
        {
            using (var source = new CancellationTokenSource())
            {
                var before = server == null ? 0 : server.Count;
                var task = start(source.Token);
                if (until != null)
                {
                    until();
                }
                else if (server == null)
                {
                    Thread.Sleep(50);
                }
                else
                {
                    Claim.True(World.Eventually(() => server.Count > before || task.IsCompleted), what + " asks the server");
                }
                Claim.True(!task.IsCompleted, what + " hangs: " + task.Exception);
                var clock = Stopwatch.StartNew();
                source.Cancel();
                var fault = Claim.Throws<AggregateException>(() => Wait(task), what);
                best = Math.Min(best, clock.ElapsedMilliseconds);
                Claim.True(fault.InnerException is OperationCanceledException, what + " ends as cancelled: " + fault.InnerException);
                Claim.Equal(TaskStatus.Canceled, task.Status, what + ": the task's status");
            }
        }
        Program.Output.WriteLine("   {0}: cancelled after {1} ms", what, best);
        Claim.True(best <= LimitMs, what + " took " + best + " ms");
    }
}
