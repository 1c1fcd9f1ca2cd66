using System;
using System.Runtime.InteropServices;

namespace Itero
{
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate int TokenLoadCallback(IntPtr user);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate int TokenSaveCallback(IntPtr user, IntPtr text);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate int TokenLockCallback(IntPtr user, int waitMs);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate void TokenUnlockCallback(IntPtr user);

    // Token store, as include/itero.h has it; what each function does is told there.
    internal static partial class Native
    {
        internal const int ITERO_TOKENS_OPEN = 0;
        internal const int ITERO_TOKENS_SEALED = 1;

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_config_set_token_file(ConfigHandle config, byte[] tokenFile);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_config_set_token_callbacks(
            ConfigHandle config, int @sealed, TokenLoadCallback load, TokenSaveCallback save, TokenLockCallback @lock,
            TokenUnlockCallback unlock, IntPtr user);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_token_store_give(byte[] text);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_config_set_token_memory(ConfigHandle config);
    }
}
