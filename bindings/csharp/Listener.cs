using System;
using System.Threading;
using System.Threading.Tasks;

namespace Itero
{
    /// <summary>
    /// Listens for notifications on 127.0.0.1, where the service reaches it in the sandbox or through a public web server that
    /// forwards to it. Subscribe to <see cref="Received"/>, or leave that and call Wait; then Start, and give
    /// <see cref="Url"/> to <see cref="Client.Pair"/>.
    /// </summary>
    public sealed class Listener : IDisposable
    {
        private static readonly NotificationCallback OnNotification = Receive;

        private readonly Client client;
        private readonly int port;
        private readonly Subscribers<Notification> subscribers = new Subscribers<Notification>();
        private ListenerHandle handle;

        /// <summary>Prepares a listener.</summary>
        /// <param name="client">Whose notifications.</param>
        /// <param name="port">1 to 65535; 0 lets the system choose.</param>
        public Listener(Client client, int port = 0)
        {
            if (client == null)
            {
                throw new ArgumentNullException("client");
            }
            this.client = client;
            this.port = port;
        }

        /// <summary>
        /// A notification has come. Subscribe before Start. The subscriber is called through the SynchronizationContext of the
        /// thread that subscribed, where it has one, else on a thread of the library's; it must not wait there for a thread that
        /// stops the listener. What it throws comes out of Stop.
        /// </summary>
        public event EventHandler<Notification> Received
        {
            add
            {
                if (handle != null && handle.User == IntPtr.Zero)
                {
                    throw new InvalidOperationException("This listener was started for Wait; subscribe before Start.");
                }
                subscribers.Add(value, notification => value(this, notification));
            }
            remove
            {
                subscribers.Remove(value);
            }
        }

        /// <summary>The URL that notifications must be posted to. It holds a secret.</summary>
        public string Url
        {
            get { return Text.Of(Handle, Native.itero_listener_url); }
        }

        internal ListenerHandle Handle
        {
            get
            {
                if (handle == null)
                {
                    throw new InvalidOperationException("The listener is not started.");
                }
                return handle;
            }
        }

        /// <summary>Begins to listen.</summary>
        public void Start()
        {
            if (handle != null)
            {
                throw new InvalidOperationException("The listener was started already.");
            }
            var user = subscribers.Any ? Callbacks.Remember(subscribers) : IntPtr.Zero;
            ListenerHandle listener;
            var status = Native.itero_listener_start(
                client.Handle, port, user == IntPtr.Zero ? null : OnNotification, user, out listener);
            if (status != Native.ITERO_OK)
            {
                Callbacks.Forget(user);
            }
            IteroException.Check(status);
            listener.User = user;
            handle = listener;
        }

        /// <summary>Waits for the next notification, if nobody has subscribed. While a watch takes them, none comes here.</summary>
        public Notification Wait()
        {
            return Wait(Timeout.InfiniteTimeSpan);
        }

        /// <summary>Waits for a while; null when none has come. Zero only looks.</summary>
        public Notification Wait(TimeSpan limit)
        {
            NotificationHandle notification;
            var status = Native.itero_listener_wait(Handle, Times.Milliseconds(limit, "limit"), out notification);
            return IteroException.Done(status) ? new Notification(notification) : null;
        }

        /// <summary>As <see cref="Wait()"/>, on another thread. Cancelling it ends the wait alone.</summary>
        public Task<Notification> WaitAsync(CancellationToken cancellation = default(CancellationToken))
        {
            return Work.Poll(Wait, cancellation);
        }

        /// <summary>
        /// Stops the listener: nobody is called any more once this returns, and waiting ends with the status Cancelled. Throws
        /// what a subscriber has thrown.
        /// </summary>
        public void Stop()
        {
            subscribers.Close();
            IteroException.Check(Native.itero_listener_stop(Handle));
            subscribers.Surface();
        }

        /// <summary>Stops and frees the listener.</summary>
        public void Dispose()
        {
            subscribers.Close();
            if (handle != null)
            {
                // Who waits holds the handle.
                if (!handle.IsClosed)
                {
                    Native.itero_listener_stop(handle);
                }
                handle.Dispose();
            }
        }

        private static void Receive(IntPtr user, IntPtr rxId, IntPtr accountId)
        {
            var subscribers = Callbacks.Find<Subscribers<Notification>>(user);
            if (subscribers != null)
            {
                subscribers.Deliver(new Notification(Text.Read(rxId), Text.Read(accountId)));
            }
        }
    }
}
