using System;
using System.IO;
using System.Linq;
using System.Threading;
using Itero;

/// <summary>What is to be done waits on the disk and is done in its order, once.</summary>
internal static class Outboxes
{
    [Promise]
    private static void AddedRunAndRead()
    {
        var path = NewPath();
        int scan, update, withdrawal;
        using (var outbox = new Outbox(path))
        {
            Claim.Equal(0, outbox.ListItems().Count, "items of a new outbox");
            using (var request = World.NewRequest(World.Paired, "Noa", "Ben-David", "77001"))
            {
                scan = outbox.AddScanRequest(request);
                request.DoctorId = null;
                var fault = Claim.Throws<IteroException>(() => outbox.AddScanRequest(request), "a request without a doctor");
                Claim.Equal(Status.Argument, fault.Status, "status of a request without a doctor");
            }
            var patient = World.Paired.SearchPatients(null, null, "10024").Single();
            update = outbox.AddPatientUpdate(patient.Id, patient.FirstName, patient.LastName, "10024");
        }
        // As after a restart of the program.
        using (var outbox = new Outbox(path))
        {
            var prepared = outbox.ListItems();
            Claim.Equal(2, prepared.Count, "items");
            Claim.True(prepared.All(item => item.State == OutboxState.Prepared && item.Attempts == 0), "all are prepared");
            Claim.Equal(scan, prepared[0].Id, "the first item");
            Claim.Equal(OutboxKind.ScanRequest, prepared[0].Kind, "its kind");
            Claim.Equal(OutboxKind.PatientUpdate, prepared[1].Kind, "the second one's kind");
            using (var run = outbox.Run(World.Paired))
            {
                run.Wait();
                Claim.True(run.Wait(TimeSpan.Zero), "it is done");
                run.Cancel();
            }
            var sent = outbox.ListItems()[0];
            Claim.Equal(OutboxState.Confirmed, sent.State, "the state of what was sent");
            Claim.True(sent.RxId.Length > 0 && sent.OperationId.Length > 0, "its RxID and operation id");
            Claim.Equal(sent.RxId, World.Paired.FindInLedger("77001").Single().RxId, "the ledger's RxID");
            Claim.Equal(Status.Ok, sent.Status, "its status");
            Claim.Equal("", sent.Message, "its message");
            Claim.Equal(1, sent.Attempts, "its attempts");
            Claim.True(Math.Abs((DateTimeOffset.UtcNow - sent.CreatedTime.Value).TotalMinutes) < 5, "when it was added");
            Claim.True(sent.ChangedTime >= sent.CreatedTime, "when it was confirmed");
            outbox.Remove(scan);
            outbox.Remove(update);
            withdrawal = outbox.AddRxDelete("nobody's");
            Claim.True(withdrawal > update, "no id comes twice");
        }
    }

    [Promise]
    private static void WhatIsRefusedFailsAndMayBeTriedAgain()
    {
        using (var outbox = new Outbox(NewPath()))
        {
            var id = outbox.AddPatientUpdateByChartNumber("nobody's", "בן", "山本");
            for (var attempt = 1; attempt <= 2; attempt++)
            {
                var fault = Claim.Throws<AggregateException>(() => outbox.RunAsync(World.Paired).Wait(), "a refusal");
                Claim.Equal(Status.NotFound, ((IteroException)fault.InnerException).Status, "status of the run");
                var item = outbox.ListItems().Single();
                Claim.Equal(OutboxKind.PatientUpdateByChartNumber, item.Kind, "kind");
                Claim.Equal(OutboxState.Failed, item.State, "state");
                Claim.Equal(Status.NotFound, item.Status, "status");
                Claim.True(item.Message.Length > 0, "message");
                Claim.Equal(attempt, item.Attempts, "attempts");
                outbox.Retry(id);
                Claim.Equal(OutboxState.Prepared, outbox.ListItems().Single().State, "state after Retry");
            }
            Claim.Equal(Status.State, Claim.Throws<IteroException>(() => outbox.Retry(id), "Retry").Status, "Retry again");
            Claim.Equal(Status.State, Claim.Throws<IteroException>(() => outbox.Settle(id, null), "Settle").Status, "Settle");
            Claim.Equal(Status.NotFound, Claim.Throws<IteroException>(() => outbox.Remove(99), "Remove").Status, "Remove");
            outbox.Remove(id);
            Claim.Equal(0, outbox.ListItems().Count, "items in the end");
        }
    }

    [Promise]
    private static void AnUnknownOutcomeIsSettledByAPerson()
    {
        using (var server = new SilentServer())
        using (var client = World.NewPaired(config => config.SetEndpoint("scanRequest", server.Url + "/rx"), null))
        using (var outbox = new Outbox(NewPath()))
        using (var request = World.NewRequest(World.Paired, "Noa", "Ben-David", "77002"))
        using (var source = new CancellationTokenSource())
        {
            var id = outbox.AddScanRequest(request);
            var task = outbox.RunAsync(client, source.Token);
            Claim.True(World.Eventually(() => server.Count == 1), "the scan request went out");
            source.Cancel();
            var fault = Claim.Throws<AggregateException>(() => task.Wait(5000), "RunAsync").InnerException as IteroException;
            Claim.True(fault != null, "not as cancelled");
            Claim.Equal(Status.OutcomeUnknown, fault.Status, "status");
            var item = outbox.ListItems().Single();
            Claim.Equal(OutboxState.Unknown, item.State, "state");
            Claim.Equal(item.OperationId, fault.OperationId, "operation id");
            outbox.Settle(id, "rx-1");
            item = outbox.ListItems().Single();
            Claim.Equal(OutboxState.Confirmed, item.State, "state after Settle");
            Claim.Equal("rx-1", item.RxId, "RxID after Settle");
        }
    }

    [Promise]
    private static void BadPathsAndMissingArgumentsAreRefused()
    {
        Claim.Throws<ArgumentException>(() => new Outbox("/a\0b"), "a path with a NUL");
        Claim.Equal(Status.Argument, Claim.Throws<IteroException>(() => new Outbox("a/b"), "a path").Status, "relative");
        using (var outbox = new Outbox(NewPath()))
        {
            Claim.Throws<ArgumentNullException>(() => outbox.AddScanRequest(null), "no request");
            Claim.Throws<ArgumentNullException>(() => outbox.Run(null), "no client");
            using (var client = World.NewClient())
            {
                outbox.AddRxDelete("a");
                Claim.Throws<IteroException>(() => outbox.RunAsync(client).GetAwaiter().GetResult(), "a signed-out client");
            }
        }
    }

    internal static string NewPath()
    {
        return Path.Combine(Directory.CreateDirectory(World.NewFolder()).FullName, "outbox");
    }
}
