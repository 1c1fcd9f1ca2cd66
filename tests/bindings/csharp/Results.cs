using System;
using System.IO;
using System.Linq;
using Itero;

/// <summary>What a call returns is plain data that stays valid.</summary>
internal static class Results
{
    [Promise]
    private static void StayValidWhateverIsDisposedOf()
    {
        var client = World.NewPaired(null, null);
        Claim.True(World.Order.Id.Length > 0, "there is an order");
        var practice = client.GetPractice();
        var orders = client.ListOrders();
        Claim.True(orders.Json.StartsWith("["), "JSON of the orders");
        orders.Dispose();
        client.Dispose();
        GC.Collect();
        Claim.True(orders.Count > 0 && orders.All(order => order.Id.Length > 0 && order.Files.Count > 0), "the orders");
        Claim.True(practice.Doctors.Count == 3 && practice.Json.Contains("doctors"), "the practice");
        Claim.Throws<ObjectDisposedException>(() => orders.Json.ToString(), "JSON of a disposed list");
    }

    [Promise]
    private static void TimesAreDateTimeOffsets()
    {
        var order = World.Order;
        Claim.Equal(DateTimeOffset.Parse(order.UpdatedDate), order.UpdatedTime.Value, "updated");
        Claim.Equal(DateTimeOffset.Parse(order.ScanDate), order.ScanTime.Value, "scanned");
        Claim.True(Math.Abs((DateTimeOffset.UtcNow - order.UpdatedTime.Value).TotalDays) < 2, "updated just now");
        using (var query = new OrderQuery { From = order.UpdatedTime.Value.ToOffset(TimeSpan.FromHours(9)) })
        {
            Claim.True(World.Paired.ListOrders(query).Any(one => one.Id == order.Id), "from is included");
            query.From = null;
            query.To = order.UpdatedTime;
            query.ChartNumber = order.PatientChartNumber;
            Claim.True(World.Paired.ListOrders(query).All(one => one.Id != order.Id), "to is not included");
            query.PageSize = 1;
            query.To = null;
            using (var cursor = World.Paired.OpenOrders(query))
            {
                var page = cursor.Next();
                Claim.Equal(1, page.Count, "orders on a page");
                while (page.Count > 0)
                {
                    page = cursor.Next();
                }
            }
        }
        var entry = World.Paired.FindInLedger(order.PatientChartNumber).Last();
        Claim.Equal(order.RxId, entry.RxId, "the ledger's RxID");
        Claim.Equal(LedgerOutcome.Sent, entry.Outcome, "the ledger's outcome");
        Claim.True(World.Paired.IsKnownRx(order.RxId) && !World.Paired.IsKnownRx("nobody's"), "known and not");
        Claim.True(Math.Abs((DateTimeOffset.UtcNow - entry.Time.Value).TotalMinutes) < 10, "the ledger's time");
    }

    [Promise]
    private static void FoldersAreNamedAfterTheOrderInItsScript()
    {
        var order = World.Order;
        var folder = Path.Combine(World.NewFolder(), "患者-חולה-é");
        var files = World.Paired.DownloadAsync(
            order, Path.Combine(folder, "{chartNumber}", "{orderId}"), FileKinds.ScreenCapture).Result;
        var file = files.Single();
        Claim.Equal(Path.Combine(folder, order.PatientChartNumber, order.Id, file.Name), file.Path, "the path");
        Claim.Equal(file.Size, new FileInfo(file.Path).Length, "the size");
        Claim.Equal(FileRole.Picture, file.Role, "the role");
        Claim.True(!file.WasThere, "it is new");
        var wanted = order.Files.Single(one => one.Kind == "SCREEN_CAPTURE");
        Claim.Equal(wanted.Sha256, file.Sha256, "the digest");
        using (var again = World.Paired.StartDownloadFile(order.Id, wanted.Id, Path.GetDirectoryName(file.Path)))
        {
            var fault = again.Wait(TimeSpan.Zero) ? null : Claim.Throws<IteroException>(() => again.Files.ToString(), "too early");
            Claim.True(fault == null || fault.Status == Status.Pending, "too early: " + fault);
            again.Wait();
            Claim.True(again.Files.Single().WasThere, "it was there");
        }
    }

    [Promise]
    private static void ConfigsTellWhatTheyWereGiven()
    {
        using (var config = new Config())
        {
            Claim.Equal(TimeSpan.FromMinutes(1), config.SettlingTime, "settling time of a new config");
            Claim.Equal(4, config.ParallelFiles, "parallel files of a new config");
            config.SettlingTime = TimeSpan.FromSeconds(5);
            config.ParallelFiles = 16;
            Claim.Throws<IteroException>(() => config.SettlingTime = TimeSpan.Zero, "no settling time");
            Claim.Throws<IteroException>(() => config.ParallelFiles = 17, "17 files at once");
            Claim.Equal(TimeSpan.FromSeconds(5), config.SettlingTime, "settling time");
            Claim.Equal(16, config.ParallelFiles, "parallel files");
        }
    }

    [Promise]
    private static void ADiagnosisAndAMatchAreTables()
    {
        var checks = World.Paired.Diagnose();
        Claim.Equal(CheckResult.Good, checks.Single(check => check.Name == "pairing").Result, "the pairing");
        var match = World.Paired.MatchPatient("David", "Jan van der Meer", "10025").First();
        Claim.Equal("10025", match.ChartNumber, "the best match");
        Claim.True((match.Reason & MatchReasons.ChartNumber) != 0 && match.Score >= 20, "why: " + match.Reason);
        Claim.True(match.ReasonText.Length > 0, "why, in words");
    }
}
