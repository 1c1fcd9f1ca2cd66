using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Itero;

internal static class Handles
{
    private const int Many = 100000;

    // A table's slots that were freed rest until there are more of them than this.
    private const int Resting = 1024;

    [Promise]
    private static void ForgottenHandlesAreFreed()
    {
        Forget("config", () => new Config());
    }

    [Promise]
    private static void ForgottenHandlesWithDataAreFreed()
    {
        Forget("notification", () => Notification.Parse("{\"rxId\":\"a\",\"accountNumber\":\"b\"}"));
    }

    [Promise]
    private static void ForgottenHandlesOfAClientAreFreed()
    {
        var client = World.Paired;
        Forget("order cursor", () => client.OpenOrders());
    }

    /// <summary>Fewer, because each opens its files.</summary>
    [Promise]
    private static void ForgottenOutboxesAreFreed()
    {
        var path = Outboxes.NewPath();
        Elsewhere(() =>
        {
            for (var i = 0; i < 3000; i++)
            {
                new Outbox(path).ListItems();
            }
        });
        Collect();
        Claim.Equal(0, Alive("OutboxHandle"), "outboxes alive");
        Claim.Equal(0, Alive("OutboxItemsHandle"), "tables of items alive");
    }

    [Promise]
    private static void FailedCallsLeaveNoHandle()
    {
        var client = World.Paired;
        Elsewhere(() =>
        {
            for (var i = 0; i < 2000; i++)
            {
                Claim.Throws<IteroException>(() => Notification.Parse("{}"), "an empty notification");
                Claim.Throws<IteroException>(() => client.StartDownload("x", "not/absolute").Dispose(), "a relative folder");
            }
        });
        Collect();
        Claim.Equal(0, Alive("NotificationHandle"), "notifications alive");
        Claim.Equal(0, Alive("DownloadHandle"), "downloads alive");
        Claim.Equal(0, Alive("ErrorHandle"), "errors alive");
    }

    [Promise]
    private static void ManyThreadsMayDisposeOfOneObject()
    {
        for (var round = 0; round < 200; round++)
        {
            var config = new Config();
            Task.WaitAll(Enumerable.Range(0, 4).Select(number => Task.Run(() =>
            {
                try
                {
                    config.ClientId = "id" + number;
                }
                catch (ObjectDisposedException)
                {
                }
                config.Dispose();
            })).ToArray());
        }
    }

    /// <summary>Whoever waits holds the handle; Dispose must end the wait, not wait for it.</summary>
    [Promise]
    private static void DisposeEndsAWait()
    {
        var listener = new Listener(World.Paired);
        listener.Start();
        EndsAWait(() => listener.Wait(), listener, "listener");
        var watch = new Watch(World.Paired, World.NewFolder() + ".json") { Since = DateTimeOffset.UtcNow.AddDays(1) };
        watch.Start();
        EndsAWait(() => watch.Wait(), watch, "watch");
        using (var server = new SilentServer())
        {
            var client = World.NewClient(config => config.LoginPage = server.Url + "/authorize");
            var login = client.RunLogin(TimeSpan.FromMinutes(1));
            EndsAWait(login.Wait, login, "login");
            client.Dispose();
        }
    }

    private static void EndsAWait(Action wait, IDisposable waitedFor, string what)
    {
        var waiting = Task.Factory.StartNew(wait, TaskCreationOptions.LongRunning);
        Thread.Sleep(200);
        Claim.True(!waiting.IsCompleted, "somebody waits for the " + what);
        waitedFor.Dispose();
        var fault = Claim.Throws<AggregateException>(() => waiting.Wait(5000), "the wait for the " + what);
        Claim.Equal(Status.Cancelled, ((IteroException)fault.InnerException).Status, "how the wait for the " + what + " ended");
    }

    /// <summary>
    /// Makes very many objects and forgets them. After a collection the wrapper counts none alive, and the library's table of
    /// that kind has all its slots free: as many objects as fit, but for those that rest, find room in slots used before.
    /// </summary>
    private static void Forget<T>(string what, Func<T> make)
    {
        var slots = 0L;
        Elsewhere(() =>
        {
            for (var i = 0; i < Many; i++)
            {
                slots = Math.Max(slots, Slot(make()) + 1);
            }
        });
        Collect();
        Claim.Equal(0, Alive(typeof(T).Name + "Handle"), what + ": counted alive");
        Claim.True(slots > Resting, what + ": " + slots + " slots were in use");
        var highest = 0L;
        Elsewhere(() =>
        {
            var kept = new List<T>();
            for (var i = 0; i < slots - Resting; i++)
            {
                kept.Add(make());
                highest = Math.Max(highest, Slot(kept[i]));
            }
            GC.KeepAlive(kept);
        });
        Claim.True(highest < slots, what + ": a slot above " + slots + " was needed: " + highest);
        Collect();
        Program.Output.WriteLine("   {0}: {1} made and forgotten in {2} slots, none left", what, Many, slots);
    }

    // The slot is in the lowest bits: 14 of a 32-bit handle, 24 of a 64-bit one.
    private static long Slot(object owner)
    {
        const BindingFlags Inside = BindingFlags.Instance | BindingFlags.NonPublic;
        var field = owner.GetType().GetField("handle", Inside);
        var handle = (SafeHandle)(field != null
            ? field.GetValue(owner)
            : owner.GetType().GetProperty("Handle", Inside).GetValue(owner, null));
        return handle.DangerousGetHandle().ToInt64() & (IntPtr.Size == 4 ? (1 << 14) - 1 : (1 << 24) - 1);
    }

    private static int Alive(string handle)
    {
        var type = typeof(Client).Assembly.GetType("Itero." + handle);
        var counter = type.BaseType.GetField("Alive", BindingFlags.Static | BindingFlags.NonPublic);
        return ((HandleCollector)counter.GetValue(null)).Count;
    }

    // On a thread of its own, whose stack is gone afterwards and holds on to nothing.
    private static void Elsewhere(Action action)
    {
        Exception thrown = null;
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception fault)
            {
                thrown = fault;
            }
        });
        thread.Start();
        thread.Join();
        if (thrown != null)
        {
            throw new InvalidOperationException(thrown.ToString(), thrown);
        }
    }

    private static void Collect()
    {
        for (var i = 0; i < 4; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
