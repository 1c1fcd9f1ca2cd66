using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Itero;

/// <summary>Events come on the thread that subscribed, where it has a SynchronizationContext, and end when they should.</summary>
internal static class Events
{
    [Promise]
    private static void ComeThroughTheContextOfTheSubscriber()
    {
        using (var pump = new Pump())
        using (var client = World.NewClient())
        using (var listener = new Listener(client))
        {
            int here = 0, elsewhere = 0;
            pump.Do(() =>
            {
                listener.Received += (sender, notification) =>
                {
                    Claim.Equal("א-1", notification.RxId, "RxID");
                    Claim.Equal("30417", notification.AccountId, "account id");
                    Claim.True(sender == listener, "the sender");
                    Count(pump, ref here, ref elsewhere);
                };
                return true;
            });
            listener.Received += (sender, notification) =>
                Count(pump, ref here, ref elsewhere);
            listener.Start();
            Throwing.Post(listener.Url, "{\"rxId\":\"א-1\",\"accountNumber\":\"30417\"}");
            var came = World.Eventually(() => here + elsewhere == 2);
            listener.Stop();
            Claim.True(came, "both subscribers are called");
            Claim.Equal(1, here, "calls on the pump's thread");
            Claim.Equal(1, elsewhere, "calls on the library's thread");
        }
    }

    [Promise]
    private static void ProgressLogAndChooserComeThroughTheContextToo()
    {
        var order = World.Order;
        using (var pump = new Pump())
        {
            int progress = 0, lines = 0, choices = 0, strays = 0;
            var download = pump.Do(() =>
            {
                IteroLibrary.SetLog(LogLevel.Debug, line => Count(pump, ref lines, ref strays));
                return World.Paired.StartDownload(
                    order.Id, World.NewFolder(), FileKinds.All, DownloadOptions.None,
                    made => Count(pump, ref progress, ref strays));
            });
            using (download)
            {
                download.Wait();
                Claim.True(World.Eventually(() => progress > 0 && lines > 0), "progress and log come");
                Claim.Equal(download.Progress.TotalBytes, download.Progress.Bytes, "bytes in the end");
            }
            IteroLibrary.SetLog(LogLevel.Error, null);
            using (var request = World.NewRequest(World.Paired, "Smith", "John", "10032"))
            {
                var task = pump.Do(() => World.Paired.PushAsync(request, matches =>
                {
                    Count(pump, ref choices, ref strays);
                    return PushAnswer.Patient(matches.Single(match => match.ChartNumber == "10032"));
                }));
                Claim.True(task.Result.Id.Length > 0, "the Rx was sent");
            }
            Claim.Equal(1, choices, "choices");
            Claim.Equal(0, strays, "calls on other threads");
        }
    }

    [Promise]
    private static void WhatIsPostedDoesNotComeAfterStop()
    {
        using (var pump = new Pump())
        using (var client = World.NewClient())
        using (var listener = new Listener(client))
        {
            var calls = 0;
            pump.Do(() =>
            {
                listener.Received += (sender, notification) => calls++;
                listener.Start();
                Throwing.Post(listener.Url, "{\"rxId\":\"a\",\"accountNumber\":\"b\"}");
                // The pump is busy here, so that the event waits in its queue.
                Thread.Sleep(300);
                listener.Stop();
                return true;
            });
            pump.Do(() => true);
            Claim.Equal(0, calls, "calls after Stop");
        }
    }

    [Promise]
    private static void SubscribersMayLeaveAndMustComeInTime()
    {
        using (var client = World.NewClient())
        using (var listener = new Listener(client))
        {
            int stayed = 0, left = 0;
            EventHandler<Notification> leaves = (sender, notification) => left++;
            listener.Received += leaves;
            listener.Received += (sender, notification) => Interlocked.Increment(ref stayed);
            listener.Received -= leaves;
            listener.Start();
            Throwing.Post(listener.Url, "{\"rxId\":\"a\",\"accountNumber\":\"b\"}");
            Claim.True(World.Eventually(() => Volatile.Read(ref stayed) == 1), "who stayed is called");
            Claim.Equal(0, left, "calls of who left");
        }
        using (var client = World.NewClient())
        using (var listener = new Listener(client))
        {
            Claim.Throws<InvalidOperationException>(() => listener.Url.ToString(), "a listener that isn't started");
            listener.Start();
            Claim.Throws<InvalidOperationException>(
                () => listener.Received += (sender, notification) => { }, "a subscriber after Start");
            Claim.Throws<InvalidOperationException>(listener.Start, "a second Start");
        }
    }

    /// <summary>The delegates that the library calls are kept, and events come while the collector works.</summary>
    [Promise]
    private static void ArriveWhileTheCollectorWorks()
    {
        var wanted = World.Order.Id;
        for (var round = 0; round < 5; round++)
        {
            var told = 0;
            using (var watch = new Watch(World.Paired, World.NewFolder() + ".json"))
            {
                watch.Interval = TimeSpan.FromMilliseconds(200);
                watch.ScanReady += (sender, scan) =>
                {
                    GC.Collect();
                    ((Watch)sender).Ack(scan);
                    if (scan.OrderId == wanted && scan.Order.Files.Count > 0)
                    {
                        Interlocked.Increment(ref told);
                    }
                };
                watch.Start();
                Claim.True(
                    World.Eventually(() =>
                    {
                        GC.Collect();
                        GC.WaitForPendingFinalizers();
                        return Volatile.Read(ref told) > 0;
                    }),
                    "the event comes");
                Claim.True(watch.CheckStatus(), "the watch is well");
                watch.Stop();
                Claim.Equal(1, told, "how often an acknowledged event is told");
            }
        }
    }

    private static void Count(Pump pump, ref int here, ref int elsewhere)
    {
        if (pump.IsHere)
        {
            Interlocked.Increment(ref here);
        }
        else
        {
            Interlocked.Increment(ref elsewhere);
        }
    }
}
