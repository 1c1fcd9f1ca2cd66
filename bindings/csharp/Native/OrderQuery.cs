using System;
using System.Runtime.InteropServices;

namespace Itero
{
    internal sealed class OrderQueryHandle : Handle<OrderQueryHandle>
    {
        protected override int Free(IntPtr value)
        {
            return Native.itero_order_query_free(value);
        }
    }

    // Order query, as include/itero.h has it; what each function does is told there.
    internal static partial class Native
    {
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_order_query_new(out OrderQueryHandle queryOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_order_query_set_from(OrderQueryHandle query, byte[] from);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_order_query_set_to(OrderQueryHandle query, byte[] to);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_order_query_set_chart_number(OrderQueryHandle query, byte[] chartNumber);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_order_query_set_page_size(OrderQueryHandle query, int pageSize);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_order_query_free(IntPtr query);
    }
}
