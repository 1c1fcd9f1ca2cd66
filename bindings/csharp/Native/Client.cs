using System;
using System.Runtime.InteropServices;

namespace Itero
{
    internal sealed class ClientHandle : Handle<ClientHandle>
    {
        protected override int Free(IntPtr value)
        {
            return Native.itero_client_free(value);
        }
    }

    // Client, as include/itero.h has it; what each function does is told there.
    internal static partial class Native
    {
        internal const int ITERO_STATE_SIGNED_OUT = 0;
        internal const int ITERO_STATE_SIGNED_IN = 1;
        internal const int ITERO_STATE_PAIRED = 2;

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_client_new(ConfigHandle config, out ClientHandle clientOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_client_state(ClientHandle client);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_client_account_id(ClientHandle client);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_client_region(ClientHandle client);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_client_discover(ClientHandle client);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_client_refresh(ClientHandle client);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_client_revoke(ClientHandle client);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_client_pair(ClientHandle client, byte[] accountId, byte[] notificationUrl);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_client_unpair(ClientHandle client);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_client_cancel(ClientHandle client);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_client_free(IntPtr client);
    }
}
