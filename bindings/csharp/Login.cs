using System;
using System.Threading;
using System.Threading.Tasks;

namespace Itero
{
    /// <summary>One attempt to sign in, begun with <see cref="Client.BeginLogin"/> or <see cref="Client.RunLogin"/>.</summary>
    public sealed class Login : IDisposable
    {
        private readonly LoginHandle handle;

        internal Login(LoginHandle handle)
        {
            this.handle = handle;
        }

        /// <summary>
        /// The login page's URL to show to the user, good for this attempt alone. "" for a moment after RunLogin, until it
        /// listens.
        /// </summary>
        public string Url
        {
            get { return Text.Of(handle, Native.itero_login_url); }
        }

        /// <summary>
        /// A2, Get Token: takes the URL that the browser was redirected to, checks it and signs the client in. After a URL that
        /// was not accepted, the attempt goes on.
        /// </summary>
        /// <param name="redirectUrl">The whole URL with its query, as the browser shows it.</param>
        public void Complete(string redirectUrl)
        {
            IteroException.Check(Native.itero_login_complete(handle, Text.Utf8(redirectUrl, "redirectUrl")));
        }

        /// <summary>As <see cref="Complete"/>, on another thread. A code works once, so this can't be cancelled by itself;
        /// <see cref="Client.Cancel"/> does.</summary>
        public Task CompleteAsync(string redirectUrl)
        {
            return Work.Run(() => Complete(redirectUrl), () => { }, CancellationToken.None);
        }

        /// <summary>Waits until the client is signed in; throws when the attempt fails.</summary>
        public void Wait()
        {
            Wait(Timeout.InfiniteTimeSpan);
        }

        /// <summary>Waits for a while; false while the client isn't signed in yet. Zero only looks.</summary>
        public bool Wait(TimeSpan limit)
        {
            return IteroException.Done(Native.itero_login_wait(handle, Times.Milliseconds(limit, "limit")));
        }

        /// <summary>As <see cref="Wait()"/>, on another thread. Cancelling it cancels the sign-in.</summary>
        public Task WaitAsync(CancellationToken cancellation = default(CancellationToken))
        {
            return Work.Run(() => Wait(), Cancel, cancellation);
        }

        /// <summary>Cancels a sign-in that RunLogin began; waiting for it then ends with the status Cancelled.</summary>
        public void Cancel()
        {
            IteroException.Check(Native.itero_login_cancel(handle));
        }

        /// <summary>Frees the sign-in; one that still runs is cancelled. A client that it signed in stays signed in.</summary>
        public void Dispose()
        {
            // Who waits for it holds the handle. One that BeginLogin began can't be cancelled and isn't waited for.
            if (!handle.IsClosed)
            {
                Native.itero_login_cancel(handle);
            }
            handle.Dispose();
        }
    }

    public sealed partial class Client
    {
        /// <summary>A1, Authorization: prepares a sign-in whose browser the program shows itself, at Login.Url.</summary>
        public Login BeginLogin()
        {
            LoginHandle login;
            IteroException.Check(Native.itero_login_begin(handle, out login));
            return new Login(login);
        }

        /// <summary>
        /// A1 and A2 in one: opens the browser, listens on 127.0.0.1, and signs the client in when the user has logged in. Returns
        /// at once; wait for it with Login.Wait.
        /// </summary>
        /// <param name="limit">How long the user may take; Timeout.InfiniteTimeSpan for no limit.</param>
        public Login RunLogin(TimeSpan limit)
        {
            LoginHandle login;
            IteroException.Check(Native.itero_login_run(handle, Times.Milliseconds(limit, "limit"), out login));
            return new Login(login);
        }

        /// <summary>As <see cref="RunLogin"/> with the wait, as one task. Cancelling it cancels the sign-in alone.</summary>
        public Task RunLoginAsync(TimeSpan limit, CancellationToken cancellation = default(CancellationToken))
        {
            Login running = null;
            return Work.Run(
                () =>
                {
                    using (var login = RunLogin(limit))
                    {
                        Volatile.Write(ref running, login);
                        login.Wait();
                    }
                },
                () =>
                {
                    var login = Volatile.Read(ref running);
                    if (login != null)
                    {
                        login.Cancel();
                    }
                },
                cancellation);
        }

        /// <summary>A2, Get Token, for programs that bring their own login page, state and PKCE: exchanges a code for tokens.</summary>
        /// <param name="code">From the redirect URL's query, decoded.</param>
        /// <param name="redirectUrl">The one that the login page was given.</param>
        /// <param name="codeVerifier">PKCE's verifier; null when the login page was given no challenge.</param>
        public void ExchangeCode(string code, string redirectUrl, string codeVerifier)
        {
            IteroException.Check(Native.itero_auth_exchange_code(
                handle,
                Text.Utf8(code, "code"),
                Text.Utf8(redirectUrl, "redirectUrl"),
                Text.Utf8(codeVerifier, "codeVerifier")));
        }

        /// <summary>As <see cref="ExchangeCode"/>, on another thread.</summary>
        public Task ExchangeCodeAsync(
            string code, string redirectUrl, string codeVerifier,
            CancellationToken cancellation = default(CancellationToken))
        {
            return Run(() => ExchangeCode(code, redirectUrl, codeVerifier), cancellation);
        }
    }
}
