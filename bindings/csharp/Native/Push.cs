using System;
using System.Runtime.InteropServices;

namespace Itero
{
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate int PushCallback(IntPtr user, IntPtr matches);

    // Push, as include/itero.h has it; what each function does is told there.
    internal static partial class Native
    {
        internal const int ITERO_PUSH_NEVER_UPDATE = 1;
        internal const int ITERO_PUSH_UPDATE_NAME = 2;
        internal const int ITERO_PUSH_ASK = 3;
        internal const int ITERO_PUSH_NONE_OF_THEM = -1;
        internal const int ITERO_PUSH_STOP = -2;

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_rx_push(
            ClientHandle client, ScanRequestHandle request, int policy, PushCallback callback, IntPtr user,
            out RxHandle rxOut);
    }
}
