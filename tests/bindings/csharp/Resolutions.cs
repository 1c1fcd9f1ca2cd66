using System;
using System.Threading;
using Itero;

/// <summary>What became of a scan request whose answer was lost.</summary>
internal static class Resolutions
{
    [Promise]
    private static void OfAnUnknownOperationIsAnError()
    {
        var operation = Guid.NewGuid().ToString();
        var fault = Claim.Throws<IteroException>(() => World.Paired.ResolveRx(operation), "ResolveRx");
        Claim.Equal(Status.NotFound, fault.Status, "status of ResolveRx");
        Claim.Equal("itero_rx_resolve", fault.Operation, "operation");
        fault = Claim.Throws<IteroException>(() => World.Paired.SettleRx(operation, null), "SettleRx");
        Claim.Equal(Status.NotFound, fault.Status, "status of SettleRx");
    }

    [Promise]
    private static void StayUnknownUntilSomebodyKnows()
    {
        using (var server = new SilentServer())
        using (var client = World.NewPaired(config => config.SetEndpoint("scanRequest", server.Url + "/rx"), null))
        {
            var operation = Lose(client, server, "77003");
            var found = client.ResolveRxAsync(operation).Result;
            Claim.Equal(RxOutcome.StillUnknown, found.Outcome, "outcome");
            Claim.Equal("", found.RxId, "RxID");
            Claim.Equal(operation, found.OperationId, "operation id");
            Claim.True(found.Wait == null || found.Wait <= TimeSpan.FromMinutes(10), "time to wait: " + found.Wait);
            using (var request = World.NewRequest(World.Paired, "Noa", "Ben-David", "77003"))
            {
                var again = Claim.Throws<IteroException>(() => client.Push(request, PushPolicy.UpdateName), "a push");
                Claim.Equal(Status.OutcomeUnknown, again.Status, "a push is held back");
                Claim.Equal(operation, again.OperationId, "by which operation");
            }
            client.SettleRx(operation, "rx-2");
            found = client.ResolveRx(operation, "77003");
            Claim.Equal(RxOutcome.Sent, found.Outcome, "outcome after SettleRx");
            Claim.Equal("rx-2", found.RxId, "RxID after SettleRx");
            var fault = Claim.Throws<IteroException>(() => client.SettleRx(operation, null), "another finding");
            Claim.Equal(Status.Conflict, fault.Status, "status of another finding");
            operation = Lose(client, server, "77004");
            client.SettleRx(operation, null);
            Claim.Equal(RxOutcome.NotSent, client.ResolveRx(operation).Outcome, "outcome when it did not arrive");
        }
    }

    /// <summary>Sends a scan request whose answer never comes; its operation id.</summary>
    internal static string Lose(Client client, SilentServer server, string chart)
    {
        using (var request = World.NewRequest(World.Paired, "Noa", "Ben-David", chart))
        using (var source = new CancellationTokenSource())
        {
            var before = server.Count;
            var task = client.SendAsync(request, source.Token);
            Claim.True(World.Eventually(() => server.Count > before), "the scan request went out");
            source.Cancel();
            var fault = Claim.Throws<AggregateException>(() => task.Wait(5000), "SendAsync").InnerException as IteroException;
            Claim.True(fault != null && fault.Status == Status.OutcomeUnknown, "the outcome is unknown: " + fault);
            Claim.True(fault.OperationId.Length > 0, "the operation id");
            return fault.OperationId;
        }
    }
}
