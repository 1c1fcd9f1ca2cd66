using System;
using System.Threading;
using System.Threading.Tasks;

namespace Itero
{
    /// <summary>How far a client's sign-in has come.</summary>
    public enum ClientState
    {
        /// <summary>Nobody is signed in.</summary>
        SignedOut = Native.ITERO_STATE_SIGNED_OUT,

        /// <summary>Signed in, not paired to an account.</summary>
        SignedIn = Native.ITERO_STATE_SIGNED_IN,

        /// <summary>Signed in and paired to an account.</summary>
        Paired = Native.ITERO_STATE_PAIRED,
    }

    /// <summary>
    /// One sign-in of one program: it holds the tokens, renews them by itself, and keeps its connections. All threads may use
    /// it at once.
    ///
    /// Methods that use the network block; each has a variant that returns a Task. Cancelling that ends everything that runs
    /// on the client within a quarter of a second, as <see cref="Cancel"/> does, because the library knows no single calls:
    /// programs that cancel one thing and go on with another use two clients. Downloads, sign-ins and waits are cancelled
    /// on their own.
    /// </summary>
    public sealed partial class Client : IDisposable
    {
        private readonly ClientHandle handle;

        /// <summary>Makes a client from a copy of the config, after checking all of it. Nobody is signed in yet.</summary>
        /// <exception cref="IteroException">Argument names all that the config lacks.</exception>
        public Client(Config config)
        {
            // Shared first, so that a config that another thread disposes of can't take the store along.
            var user = Callbacks.Share(Given(config, "config").Handle.User);
            try
            {
                IteroException.Check(Native.itero_client_new(config.Handle, out handle));
                handle.User = user;
            }
            catch
            {
                Callbacks.Forget(user);
                throw;
            }
        }

        /// <summary>How far the sign-in has come, as far as this client knows.</summary>
        public ClientState State
        {
            get { return (ClientState)Native.itero_client_state(handle); }
        }

        /// <summary>The id of the account that the session is paired to; "" when it isn't paired.</summary>
        public string AccountId
        {
            get { return Text.Of(handle, Native.itero_client_account_id); }
        }

        /// <summary>The region that discovery gave, such as "us"; "" before discovery and in V1.</summary>
        public string Region
        {
            get { return Text.Of(handle, Native.itero_client_region); }
        }

        internal ClientHandle Handle
        {
            get { return handle; }
        }

        /// <summary>A5, Discovery: asks for the region's addresses now. Other calls do it by themselves. V2 only.</summary>
        public void Discover()
        {
            IteroException.Check(Native.itero_client_discover(handle));
        }

        /// <summary>As <see cref="Discover"/>, on another thread.</summary>
        public Task DiscoverAsync(CancellationToken cancellation = default(CancellationToken))
        {
            return Run(Discover, cancellation);
        }

        /// <summary>A3, Refresh Token: new tokens now. Other calls do it by themselves.</summary>
        public void Refresh()
        {
            IteroException.Check(Native.itero_client_refresh(handle));
        }

        /// <summary>As <see cref="Refresh"/>, on another thread.</summary>
        public Task RefreshAsync(CancellationToken cancellation = default(CancellationToken))
        {
            return Run(Refresh, cancellation);
        }

        /// <summary>
        /// A4, Revoke Token: signs out. The tokens on this computer are gone in every case; an exception says that the service
        /// was not told.
        /// </summary>
        public void Revoke()
        {
            IteroException.Check(Native.itero_client_revoke(handle));
        }

        /// <summary>As <see cref="Revoke"/>, on another thread.</summary>
        public Task RevokeAsync(CancellationToken cancellation = default(CancellationToken))
        {
            return Run(Revoke, cancellation);
        }

        /// <summary>A7, Pair: binds the session to one account.</summary>
        /// <param name="accountId">From <see cref="Account.Id"/>.</param>
        /// <param name="notificationUrl">Where the service tells of finished scans, such as <see cref="Listener.Url"/>; null
        /// for none.</param>
        public void Pair(string accountId, string notificationUrl = null)
        {
            IteroException.Check(Native.itero_client_pair(
                handle, Text.Utf8(accountId, "accountId"), Text.Utf8(notificationUrl, "notificationUrl")));
        }

        /// <summary>As <see cref="Pair"/>, on another thread.</summary>
        public Task PairAsync(
            string accountId, string notificationUrl = null, CancellationToken cancellation = default(CancellationToken))
        {
            return Run(() => Pair(accountId, notificationUrl), cancellation);
        }

        /// <summary>A8, Un Pair: ends the pairing. The sign-in stays.</summary>
        public void Unpair()
        {
            IteroException.Check(Native.itero_client_unpair(handle));
        }

        /// <summary>As <see cref="Unpair"/>, on another thread.</summary>
        public Task UnpairAsync(CancellationToken cancellation = default(CancellationToken))
        {
            return Run(Unpair, cancellation);
        }

        /// <summary>
        /// Ends everything that runs on this client within a quarter of a second: calls, sign-ins and downloads end with the
        /// status Cancelled. Later calls work as before.
        /// </summary>
        public void Cancel()
        {
            IteroException.Check(Native.itero_client_cancel(handle));
        }

        /// <summary>
        /// Frees the client: its tokens are wiped from memory, and what still runs on it is cancelled. Results live on.
        /// </summary>
        public void Dispose()
        {
            // A call that still runs holds the handle: without this, it would be freed only after that call.
            if (!handle.IsClosed && !handle.IsInvalid)
            {
                Native.itero_client_cancel(handle);
            }
            handle.Dispose();
        }

        private static T Given<T>(T argument, string name) where T : class
        {
            if (argument == null)
            {
                throw new ArgumentNullException(name);
            }
            return argument;
        }

        private Task Run(Action call, CancellationToken cancellation)
        {
            return Work.Run(call, Cancel, cancellation);
        }

        private Task<T> Run<T>(Func<T> call, CancellationToken cancellation)
        {
            return Work.Run(call, Cancel, cancellation);
        }
    }
}
