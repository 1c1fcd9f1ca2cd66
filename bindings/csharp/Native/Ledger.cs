using System;
using System.Runtime.InteropServices;

namespace Itero
{
    internal sealed class LedgerHandle : Handle<LedgerHandle>
    {
        protected override int Free(IntPtr value)
        {
            return Native.itero_ledger_free(value);
        }
    }

    // Ledger, as include/itero.h has it; what each function does is told there.
    internal static partial class Native
    {
        internal const int ITERO_LEDGER_UNKNOWN = 0;
        internal const int ITERO_LEDGER_SENT = 1;

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_rx_is_known(ClientHandle client, byte[] rxId, out int knownOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_ledger_find(
            ClientHandle client, byte[] chartNumber, out LedgerHandle ledgerOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_ledger_count(LedgerHandle ledger);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_ledger_outcome(LedgerHandle ledger, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_ledger_rx_id(LedgerHandle ledger, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_ledger_operation_id(LedgerHandle ledger, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_ledger_account_id(LedgerHandle ledger, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern long itero_ledger_time(LedgerHandle ledger, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_ledger_free(IntPtr ledger);
    }
}
