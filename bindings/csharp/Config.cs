using System;

namespace Itero
{
    /// <summary>The version of the service's interface.</summary>
    public enum ApiVersion
    {
        /// <summary>Version 1: fixed addresses, no discovery.</summary>
        V1 = Native.ITERO_API_V1,

        /// <summary>Version 2: regional addresses by discovery. The default.</summary>
        V2 = Native.ITERO_API_V2,
    }

    /// <summary>
    /// Settings for a <see cref="Client"/>, which takes a copy of them. Align issues the client id, the client secret and
    /// three addresses; the sandbox prints its own. null or "" sets a member back to its default. A value that can't be is
    /// refused at once, with an <see cref="IteroException"/> whose status is Argument.
    /// </summary>
    public sealed class Config : IDisposable
    {
        private readonly ConfigHandle handle;
        private ApiVersion apiVersion = ApiVersion.V2;
        private int loopbackPort;
        private string clientId = "";
        private string loginPage = "";
        private string oauthBase = "";
        private string baseUrl = "";
        private string redirectUrl = "";
        private string allowedDomain = "";
        private string caFile = "";
        private string stateFolder = "";
        private string proxy = "";
        private string browser = "";
        private string tokenFile = "";
        private TimeSpan settlingTime = TimeSpan.FromMinutes(1);
        private int parallelFiles = 4;

        /// <summary>Makes an empty config.</summary>
        public Config()
        {
            Loader.Load();
            IteroException.Check(Native.itero_config_new(out handle));
        }

        /// <summary>The version of the service's interface.</summary>
        public ApiVersion ApiVersion
        {
            get
            {
                return apiVersion;
            }
            set
            {
                IteroException.Check(Native.itero_config_set_api_version(handle, (int)value));
                apiVersion = value;
            }
        }

        /// <summary>The client secret that Align issued. It can be set only: it appears in no log, message or debugger.</summary>
        public string ClientSecret
        {
            set { Set(Native.itero_config_set_client_secret, value, "ClientSecret"); }
        }

        /// <summary>The client id that Align issued. Needed.</summary>
        public string ClientId
        {
            get { return clientId; }
            set { clientId = Set(Native.itero_config_set_client_id, value, "ClientId"); }
        }

        /// <summary>The address of Align's login page. Needed. https; http only to this computer.</summary>
        public string LoginPage
        {
            get { return loginPage; }
            set { loginPage = Set(Native.itero_config_set_login_page, value, "LoginPage"); }
        }

        /// <summary>The address below which the sign-in server's endpoints are. Needed.</summary>
        public string OAuthBase
        {
            get { return oauthBase; }
            set { oauthBase = Set(Native.itero_config_set_oauth_base, value, "OAuthBase"); }
        }

        /// <summary>The base URL of the service. Needed.</summary>
        public string BaseUrl
        {
            get { return baseUrl; }
            set { baseUrl = Set(Native.itero_config_set_base_url, value, "BaseUrl"); }
        }

        /// <summary>A1: the redirect URL that Align registered for this program: https without '#'; http only to this computer.
        /// BeginLogin needs it; see the manual of itero_config_set_redirect_url for what a hosted page must do.</summary>
        public string RedirectUrl
        {
            get { return redirectUrl; }
            set { redirectUrl = Set(Native.itero_config_set_redirect_url, value, "RedirectUrl"); }
        }

        /// <summary>The domain whose hosts may receive the access token, with all hosts below it; by default the base URL's.</summary>
        public string AllowedDomain
        {
            get { return allowedDomain; }
            set { allowedDomain = Set(Native.itero_config_set_allowed_domain, value, "AllowedDomain"); }
        }

        /// <summary>The absolute path of a PEM file with further trusted root certificates, for a practice whose proxy inspects TLS.</summary>
        public string CaFile
        {
            get { return caFile; }
            set { caFile = Set(Native.itero_config_set_ca_file, value, "CaFile"); }
        }

        /// <summary>The absolute path of the folder where the library may keep the ledger of sent Rx, not on a network share.
        /// Without one, the ledger is in memory alone.</summary>
        public string StateFolder
        {
            get { return stateFolder; }
            set { stateFolder = Set(Native.itero_config_set_state_folder, value, "StateFolder"); }
        }

        /// <summary>A URL such as "http://proxy:8080", "none" for no proxy, or "" for the system's settings (the default).</summary>
        public string Proxy
        {
            get { return proxy; }
            set { proxy = Set(Native.itero_config_set_proxy, value, "Proxy"); }
        }

        /// <summary>The absolute path of the program that Login.Run starts with the login page's URL; by default the user's browser.</summary>
        public string Browser
        {
            get { return browser; }
            set { browser = Set(Native.itero_config_set_browser, value, "Browser"); }
        }

        /// <summary>The port on 127.0.0.1 on which Login.Run listens; 0 (the default) lets the system choose.</summary>
        public int LoopbackPort
        {
            get
            {
                return loopbackPort;
            }
            set
            {
                IteroException.Check(Native.itero_config_set_loopback_port(handle, value));
                loopbackPort = value;
            }
        }

        /// <summary>How long after the sending the service may take to show an Rx whose answer was lost, up to ten minutes; a minute
        /// by default. Before it and the request's time limit are over, Client.ResolveRx never says NotSent.</summary>
        public TimeSpan SettlingTime
        {
            get
            {
                return settlingTime;
            }
            set
            {
                IteroException.Check(
                    Native.itero_config_set_settling_time(handle, Times.Milliseconds(value, "SettlingTime")));
                settlingTime = value;
            }
        }

        /// <summary>How many files of a download come at once, each over a connection of its own: 1 to 16; 4 by default.</summary>
        public int ParallelFiles
        {
            get
            {
                return parallelFiles;
            }
            set
            {
                IteroException.Check(Native.itero_config_set_parallel_files(handle, value));
                parallelFiles = value;
            }
        }

        /// <summary>The absolute path of the file in which the sign-in outlives the program, on a disk of this computer; by default
        /// one in the user's own folder. It is sealed for this user on this computer. Setting it ends SetTokenStore and
        /// KeepTokensInMemory.</summary>
        public string TokenFile
        {
            get
            {
                return tokenFile;
            }
            set
            {
                tokenFile = Set(Native.itero_config_set_token_file, value, "TokenFile");
                KeepStore(IntPtr.Zero);
            }
        }

        internal ConfigHandle Handle
        {
            get { return handle; }
        }

        /// <summary>Overrides the URL of one endpoint, for when the service's differs from what discovery says.</summary>
        /// <param name="name">token, revoke, accounts, pair, unpair, pairingWarnings, practice, scanRequest,
        /// scanRequestDelete, orders, orderByRx, orderFiles, patientSearch, patientUpdate or patientUpdateByChart.</param>
        /// <param name="urlTemplate">An absolute URL with {rxId}, {orderId}, {patientId} or {chartNumber} where the value
        /// goes; "" takes the override back.</param>
        public void SetEndpoint(string name, string urlTemplate)
        {
            IteroException.Check(Native.itero_config_set_endpoint(
                handle, Text.Utf8(name, "name"), Text.Utf8(urlTemplate ?? "", "urlTemplate")));
        }

        /// <summary>Sets the name and version of the program; the service's help desk finds them in the User-Agent.</summary>
        /// <param name="name">Letters, digits, '.', '-' and '_'.</param>
        /// <param name="version">Likewise; may be "".</param>
        public void SetProduct(string name, string version)
        {
            IteroException.Check(Native.itero_config_set_product(
                handle, Text.Utf8(name, "name"), Text.Utf8(version ?? "", "version")));
        }

        /// <summary>Sets the time limits, each from a millisecond to ten minutes.</summary>
        /// <param name="connect">Until a connection stands, with name look-up and TLS; 10 s by default.</param>
        /// <param name="request">Until a whole answer is there; 30 s by default. Downloads have no such limit.</param>
        /// <param name="stall">How long a download may bring fewer than 1000 bytes a second; 30 s by default.</param>
        public void SetTimeouts(TimeSpan connect, TimeSpan request, TimeSpan stall)
        {
            IteroException.Check(Native.itero_config_set_timeouts(
                handle,
                Times.Milliseconds(connect, "connect"),
                Times.Milliseconds(request, "request"),
                Times.Milliseconds(stall, "stall")));
        }

        /// <summary>Keeps the tokens in the program's own store, such as a row of its SQL database. The store lives as long as this
        /// config and the clients made with it.</summary>
        /// <param name="store">See <see cref="ITokenStore"/> for when it is called.</param>
        /// <param name="protection">Who can open what the store is given.</param>
        public void SetTokenStore(ITokenStore store, TokenProtection protection)
        {
            if (store == null)
            {
                throw new ArgumentNullException("store");
            }
            var user = Callbacks.Remember(new TokenCallbacks(store));
            try
            {
                IteroException.Check(TokenCallbacks.Set(handle, protection, user));
            }
            catch
            {
                Callbacks.Forget(user);
                throw;
            }
            tokenFile = "";
            KeepStore(user);
        }

        /// <summary>Keeps the tokens in memory alone; they are gone when the client is disposed of. For tests, kiosks and the
        /// sandbox.</summary>
        public void KeepTokensInMemory()
        {
            IteroException.Check(Native.itero_config_set_token_memory(handle));
            tokenFile = "";
            KeepStore(IntPtr.Zero);
        }

        /// <summary>Frees the config; clients made with it stay as they are.</summary>
        public void Dispose()
        {
            handle.Dispose();
        }

        private void KeepStore(IntPtr user)
        {
            var before = handle.User;
            handle.User = user;
            Callbacks.Forget(before);
        }

        private string Set(Func<ConfigHandle, byte[], int> setter, string value, string member)
        {
            IteroException.Check(setter(handle, Text.Utf8(value ?? "", member)));
            return value ?? "";
        }
    }
}
