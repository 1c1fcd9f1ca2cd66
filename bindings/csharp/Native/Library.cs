using System;
using System.Runtime.InteropServices;

namespace Itero
{
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate void LogCallback(IntPtr user, int level, IntPtr message);

    // Library, as include/itero.h has it; what each function does is told there.
    internal static partial class Native
    {
        internal const int ITERO_LOG_ERROR = 1;
        internal const int ITERO_LOG_WARNING = 2;
        internal const int ITERO_LOG_INFO = 3;
        internal const int ITERO_LOG_DEBUG = 4;

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_version();

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_log_set(int level, LogCallback callback, IntPtr user);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_shutdown(int limitMs);
    }
}
