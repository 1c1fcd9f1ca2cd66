using System;
using System.Runtime.InteropServices;

namespace Itero
{
    internal sealed class RxHandle : Handle<RxHandle>
    {
        protected override int Free(IntPtr value)
        {
            return Native.itero_rx_free(value);
        }
    }

    // Rx, as include/itero.h has it; what each function does is told there.
    internal static partial class Native
    {
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_rx_id(RxHandle rx);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_rx_order_id(RxHandle rx);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_rx_patient_id(RxHandle rx);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_rx_created_at(RxHandle rx);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_rx_operation_id(RxHandle rx);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_rx_json(RxHandle rx);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern long itero_rx_created_time(RxHandle rx);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_rx_delete(ClientHandle client, byte[] rxId);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_rx_free(IntPtr rx);
    }
}
