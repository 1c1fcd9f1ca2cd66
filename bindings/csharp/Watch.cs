using System;
using System.Threading;
using System.Threading.Tasks;

namespace Itero
{
    /// <summary>
    /// Makes sure that every scan that is ready reaches the program, with or without a public address for notifications.
    /// Subscribe to <see cref="ScanReady"/>, or leave that and call Wait; then Start. An event is told until the program
    /// acknowledges it with Ack, best when the files are downloaded and filed: also after a crash.
    ///
    /// Keep a reference to a watch for as long as it is to work, and dispose of it at the end.
    /// </summary>
    public sealed class Watch : IDisposable
    {
        private static readonly WatchCallback OnEvent = Receive;

        private readonly Client client;
        private readonly string stateFile;
        private readonly Subscribers<ScanEvent> subscribers = new Subscribers<ScanEvent>();
        private WatchHandle handle;

        /// <summary>Prepares a watch of the orders of the account that the client is paired to.</summary>
        /// <param name="client">Signed in and paired.</param>
        /// <param name="stateFile">An absolute path on a disk of this computer, for one account and one watch at a time.</param>
        public Watch(Client client, string stateFile)
        {
            if (client == null)
            {
                throw new ArgumentNullException("client");
            }
            this.client = client;
            this.stateFile = stateFile;
        }

        /// <summary>
        /// A scan is ready. Subscribe before Start. The subscriber is called through the SynchronizationContext of the thread
        /// that subscribed, where it has one, else on a thread of the library's; it must not wait there for a thread that stops
        /// the watch. What it throws comes out of CheckStatus or Stop.
        /// </summary>
        public event EventHandler<ScanEvent> ScanReady
        {
            add
            {
                if (handle != null && handle.User == IntPtr.Zero)
                {
                    throw new InvalidOperationException("This watch was started for Wait; subscribe before Start.");
                }
                subscribers.Add(value, scan => value(this, scan));
            }
            remove
            {
                subscribers.Remove(value);
            }
        }

        /// <summary>
        /// Where to begin when there is no state yet, by the orders' date of update; null for a day before now. Counts at Start.
        /// </summary>
        public DateTimeOffset? Since { get; set; }

        /// <summary>A listener whose notifications the watch takes; null for none. Counts at Start.</summary>
        public Listener Listener { get; set; }

        /// <summary>The time between two looks at the service; zero, the default, for a minute. Counts at Start.</summary>
        public TimeSpan Interval { get; set; }

        private WatchHandle Handle
        {
            get
            {
                if (handle == null)
                {
                    throw new InvalidOperationException("The watch is not started.");
                }
                return handle;
            }
        }

        /// <summary>D5, Scan notification, and D3, Get Orders: begins to watch.</summary>
        /// <exception cref="IteroException">State: another watch uses the file or the listener, or the file is another
        /// account's.</exception>
        public void Start()
        {
            if (handle != null)
            {
                throw new InvalidOperationException("The watch was started already.");
            }
            var user = subscribers.Any ? Callbacks.Remember(subscribers) : IntPtr.Zero;
            WatchHandle watch;
            var status = Native.itero_watch_start(
                client.Handle,
                Text.Utf8(stateFile, "stateFile"),
                Text.Utf8(Times.Rfc3339(Since), "Since"),
                Listener == null ? new ListenerHandle() : Listener.Handle,
                Times.Milliseconds(Interval, "Interval"),
                user == IntPtr.Zero ? null : OnEvent,
                user,
                out watch);
            if (status != Native.ITERO_OK)
            {
                Callbacks.Forget(user);
            }
            IteroException.Check(status);
            watch.User = user;
            handle = watch;
        }

        /// <summary>Waits for the next event, if nobody has subscribed. Throws when the watch can't work until somebody does
        /// something; it goes on by itself all the same.</summary>
        public ScanEvent Wait()
        {
            return Wait(Timeout.InfiniteTimeSpan);
        }

        /// <summary>Waits for a while; null when no event has come. Zero only looks.</summary>
        public ScanEvent Wait(TimeSpan limit)
        {
            EventHandle found;
            var status = Native.itero_watch_wait(Handle, Times.Milliseconds(limit, "limit"), out found);
            if (!IteroException.Done(status))
            {
                return null;
            }
            using (found)
            {
                return new ScanEvent(found);
            }
        }

        /// <summary>As <see cref="Wait()"/>, on another thread. Cancelling it ends the wait alone.</summary>
        public Task<ScanEvent> WaitAsync(CancellationToken cancellation = default(CancellationToken))
        {
            return Work.Poll(Wait, cancellation);
        }

        /// <summary>Acknowledges an event: the program has what it needs, and no watch with this state file tells it again.</summary>
        public void Ack(ScanEvent scan)
        {
            if (scan == null)
            {
                throw new ArgumentNullException("scan");
            }
            Ack(scan.OrderId, scan.Version);
        }

        /// <summary>Acknowledges an event by the two texts that name it, in another run too.</summary>
        public void Ack(string orderId, string version)
        {
            IteroException.Check(
                Native.itero_watch_ack(Handle, Text.Utf8(orderId, "orderId"), Text.Utf8(version, "version")));
        }

        /// <summary>
        /// D5, Scan notification: tells the watch of a notification that the program's own web server received, so that it asks
        /// for that order at once.
        /// </summary>
        /// <param name="notification">From Notification.Parse or Listener.Wait.</param>
        public void Hint(Notification notification)
        {
            if (notification == null || notification.Handle == null)
            {
                throw new ArgumentException("Wanted is a notification from Notification.Parse or Listener.Wait.", "notification");
            }
            IteroException.Check(Native.itero_watch_hint(Handle, notification.Handle));
        }

        /// <summary>
        /// How the last look at the service went: true when well, false while the first is not done. Throws why it failed, or
        /// what a subscriber has thrown.
        /// </summary>
        public bool CheckStatus()
        {
            var looked = IteroException.Done(Native.itero_watch_status(Handle));
            subscribers.Surface();
            return looked;
        }

        /// <summary>
        /// Stops the watch: nobody is called any more once this returns, waiting ends with the status Cancelled, and another watch
        /// may use the state file. Throws what a subscriber has thrown.
        /// </summary>
        public void Stop()
        {
            subscribers.Close();
            IteroException.Check(Native.itero_watch_stop(Handle));
            subscribers.Surface();
        }

        /// <summary>Stops and frees the watch. Its events live on.</summary>
        public void Dispose()
        {
            subscribers.Close();
            if (handle != null)
            {
                // Who waits holds the handle.
                if (!handle.IsClosed)
                {
                    Native.itero_watch_stop(handle);
                }
                handle.Dispose();
            }
        }

        private static void Receive(IntPtr user, IntPtr found)
        {
            var subscribers = Callbacks.Find<Subscribers<ScanEvent>>(user);
            if (subscribers == null)
            {
                return;
            }
            try
            {
                using (var scan = new EventHandle())
                {
                    scan.Borrow(found);
                    subscribers.Deliver(new ScanEvent(scan));
                }
            }
            catch (Exception thrown)
            {
                // Reading the event failed: the watch tells it again.
                subscribers.Keep(thrown);
            }
        }
    }
}
