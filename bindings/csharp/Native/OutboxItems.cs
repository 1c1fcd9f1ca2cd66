using System;
using System.Runtime.InteropServices;

namespace Itero
{
    internal sealed class OutboxItemsHandle : Handle<OutboxItemsHandle>
    {
        protected override int Free(IntPtr value)
        {
            return Native.itero_outbox_items_free(value);
        }
    }

    // Outbox items, as include/itero.h has it; what each function does is told there.
    internal static partial class Native
    {
        internal const int ITERO_OUTBOX_SCAN_REQUEST = 1;
        internal const int ITERO_OUTBOX_PATIENT_UPDATE = 2;
        internal const int ITERO_OUTBOX_PATIENT_UPDATE_BY_CHART_NUMBER = 3;
        internal const int ITERO_OUTBOX_RX_DELETE = 4;
        internal const int ITERO_OUTBOX_PREPARED = 1;
        internal const int ITERO_OUTBOX_SENT = 2;
        internal const int ITERO_OUTBOX_CONFIRMED = 3;
        internal const int ITERO_OUTBOX_UNKNOWN = 4;
        internal const int ITERO_OUTBOX_FAILED = 5;

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_outbox_items_list(OutboxHandle outbox, out OutboxItemsHandle itemsOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_outbox_items_count(OutboxItemsHandle items);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_outbox_items_id(OutboxItemsHandle items, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_outbox_items_kind(OutboxItemsHandle items, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_outbox_items_state(OutboxItemsHandle items, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_outbox_items_rx_id(OutboxItemsHandle items, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_outbox_items_operation_id(OutboxItemsHandle items, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_outbox_items_status(OutboxItemsHandle items, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_outbox_items_message(OutboxItemsHandle items, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern long itero_outbox_items_created_time(OutboxItemsHandle items, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern long itero_outbox_items_changed_time(OutboxItemsHandle items, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_outbox_items_attempts(OutboxItemsHandle items, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_outbox_items_free(IntPtr items);
    }
}
