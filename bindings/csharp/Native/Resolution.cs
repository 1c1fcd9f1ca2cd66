using System;
using System.Runtime.InteropServices;

namespace Itero
{
    internal sealed class ResolutionHandle : Handle<ResolutionHandle>
    {
        protected override int Free(IntPtr value)
        {
            return Native.itero_resolution_free(value);
        }
    }

    // Resolution, as include/itero.h has it; what each function does is told there.
    internal static partial class Native
    {
        internal const int ITERO_RX_STILL_UNKNOWN = 0;
        internal const int ITERO_RX_SENT = 1;
        internal const int ITERO_RX_NOT_SENT = 2;

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_rx_resolve(
            ClientHandle client, byte[] operationId, byte[] chartNumber, out ResolutionHandle resolutionOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_rx_settle(ClientHandle client, byte[] operationId, byte[] rxId);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_resolution_outcome(ResolutionHandle resolution);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_resolution_rx_id(ResolutionHandle resolution);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_resolution_operation_id(ResolutionHandle resolution);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern long itero_resolution_wait_ms(ResolutionHandle resolution);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_resolution_free(IntPtr resolution);
    }
}
