using System;
using System.Runtime.InteropServices;

namespace Itero
{
    internal sealed class OutboxHandle : Handle<OutboxHandle>
    {
        protected override int Free(IntPtr value)
        {
            return Native.itero_outbox_free(value);
        }
    }

    // Outbox, as include/itero.h has it; what each function does is told there.
    internal static partial class Native
    {
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_outbox_open(byte[] path, out OutboxHandle outboxOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_outbox_add_scan_request(
            OutboxHandle outbox, ScanRequestHandle request, out int itemIdOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_outbox_add_patient_update(
            OutboxHandle outbox, byte[] patientId, byte[] firstName, byte[] lastName, byte[] chartNumber,
            out int itemIdOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_outbox_add_patient_update_by_chart_number(
            OutboxHandle outbox, byte[] chartNumber, byte[] firstName, byte[] lastName, out int itemIdOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_outbox_add_rx_delete(OutboxHandle outbox, byte[] rxId, out int itemIdOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_outbox_remove(OutboxHandle outbox, int itemId);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_outbox_retry(OutboxHandle outbox, int itemId);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_outbox_settle(OutboxHandle outbox, int itemId, byte[] rxId);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_outbox_free(IntPtr outbox);
    }
}
