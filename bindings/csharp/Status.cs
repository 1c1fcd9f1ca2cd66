namespace Itero
{
    /// <summary>How a call of the library ended. New members may be added: treat an unknown one as a failure.</summary>
    public enum Status
    {
        /// <summary>Success.</summary>
        Ok = Native.ITERO_OK,

        /// <summary>An argument is missing, out of range or refused by the service; the message names it.</summary>
        Argument = Native.ITERO_E_ARGUMENT,

        /// <summary>A text is not valid Unicode.</summary>
        Text = Native.ITERO_E_TEXT,

        /// <summary>A handle is not alive. This assembly never lets that happen.</summary>
        Handle = Native.ITERO_E_HANDLE,

        /// <summary>The call doesn't fit the state of its object.</summary>
        State = Native.ITERO_E_STATE,

        /// <summary>Nobody is signed in.</summary>
        NotSignedIn = Native.ITERO_E_NOT_SIGNED_IN,

        /// <summary>Signed in, but not paired to an account.</summary>
        NotPaired = Native.ITERO_E_NOT_PAIRED,

        /// <summary>No connection, or it broke.</summary>
        Network = Native.ITERO_E_NETWORK,

        /// <summary>Out of time.</summary>
        Timeout = Native.ITERO_E_TIMEOUT,

        /// <summary>Cancelled by a Cancel method, by disposing of the object, or by IteroLibrary.Shutdown.</summary>
        Cancelled = Native.ITERO_E_CANCELLED,

        /// <summary>No secure connection could be made.</summary>
        Tls = Native.ITERO_E_TLS,

        /// <summary>The sign-in was refused or has ended: the user must sign in again.</summary>
        Auth = Native.ITERO_E_AUTH,

        /// <summary>The user may not do this, or a URL points where nothing may be sent.</summary>
        Forbidden = Native.ITERO_E_FORBIDDEN,

        /// <summary>Align has not enabled this feature for the account.</summary>
        NotEnabled = Native.ITERO_E_NOT_ENABLED,

        /// <summary>The service doesn't know the id.</summary>
        NotFound = Native.ITERO_E_NOT_FOUND,

        /// <summary>It conflicts with what the service holds.</summary>
        Conflict = Native.ITERO_E_CONFLICT,

        /// <summary>The service asks for fewer requests.</summary>
        RateLimit = Native.ITERO_E_RATE_LIMIT,

        /// <summary>The service has a fault of its own (HTTP 5xx).</summary>
        Service = Native.ITERO_E_SERVICE,

        /// <summary>The answer was not understood.</summary>
        Protocol = Native.ITERO_E_PROTOCOL,

        /// <summary>Sent, but the answer is lost: nobody knows yet whether it was done. Never send again without looking.</summary>
        OutcomeUnknown = Native.ITERO_E_OUTCOME_UNKNOWN,

        /// <summary>The file system refused.</summary>
        Io = Native.ITERO_E_IO,

        /// <summary>The disk is full.</summary>
        DiskFull = Native.ITERO_E_DISK_FULL,

        /// <summary>The token store or the ledger refused.</summary>
        Store = Native.ITERO_E_STORE,

        /// <summary>A fault of the library itself; the program goes on unharmed.</summary>
        Panic = Native.ITERO_E_PANIC,

        /// <summary>Not an error: what was waited for is not there yet.</summary>
        Pending = Native.ITERO_E_PENDING,

        /// <summary>Too many handles are alive.</summary>
        Limit = Native.ITERO_E_LIMIT,
    }
}
