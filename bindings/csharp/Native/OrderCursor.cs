using System;
using System.Runtime.InteropServices;

namespace Itero
{
    internal sealed class OrderCursorHandle : Handle<OrderCursorHandle>
    {
        protected override int Free(IntPtr value)
        {
            return Native.itero_order_cursor_free(value);
        }
    }

    // Order cursor, as include/itero.h has it; what each function does is told there.
    internal static partial class Native
    {
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_orders_open(
            ClientHandle client, OrderQueryHandle query, out OrderCursorHandle cursorOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_orders_next(OrderCursorHandle cursor, out OrdersHandle ordersOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_order_cursor_free(IntPtr cursor);
    }
}
