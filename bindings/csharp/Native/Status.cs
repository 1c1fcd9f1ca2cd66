using System;
using System.Runtime.InteropServices;

namespace Itero
{
    // Status codes, as include/itero.h has it; what each function does is told there.
    internal static partial class Native
    {
        internal const int ITERO_OK = 0;
        internal const int ITERO_E_ARGUMENT = 1;
        internal const int ITERO_E_TEXT = 2;
        internal const int ITERO_E_HANDLE = 3;
        internal const int ITERO_E_STATE = 4;
        internal const int ITERO_E_NOT_SIGNED_IN = 5;
        internal const int ITERO_E_NOT_PAIRED = 6;
        internal const int ITERO_E_NETWORK = 7;
        internal const int ITERO_E_TIMEOUT = 8;
        internal const int ITERO_E_CANCELLED = 9;
        internal const int ITERO_E_TLS = 10;
        internal const int ITERO_E_AUTH = 11;
        internal const int ITERO_E_FORBIDDEN = 12;
        internal const int ITERO_E_NOT_ENABLED = 13;
        internal const int ITERO_E_NOT_FOUND = 14;
        internal const int ITERO_E_CONFLICT = 15;
        internal const int ITERO_E_RATE_LIMIT = 16;
        internal const int ITERO_E_SERVICE = 17;
        internal const int ITERO_E_PROTOCOL = 18;
        internal const int ITERO_E_OUTCOME_UNKNOWN = 19;
        internal const int ITERO_E_IO = 20;
        internal const int ITERO_E_DISK_FULL = 21;
        internal const int ITERO_E_STORE = 22;
        internal const int ITERO_E_PANIC = 23;
        internal const int ITERO_E_PENDING = 24;
        internal const int ITERO_E_LIMIT = 25;

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_status_name(int status);
    }
}
