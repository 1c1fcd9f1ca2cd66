using System;
using System.Runtime.InteropServices;

namespace Itero
{
    internal sealed class WatchHandle : Handle<WatchHandle>
    {
        protected override int Free(IntPtr value)
        {
            return Native.itero_watch_free(value);
        }
    }

    internal sealed class EventHandle : Handle<EventHandle>
    {
        protected override int Free(IntPtr value)
        {
            return Native.itero_event_free(value);
        }
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate void WatchCallback(IntPtr user, IntPtr @event);

    // Watch, as include/itero.h has it; what each function does is told there.
    internal static partial class Native
    {
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_watch_start(
            ClientHandle client, byte[] stateFile, byte[] since, ListenerHandle listener, int intervalMs,
            WatchCallback callback, IntPtr user, out WatchHandle watchOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_watch_wait(WatchHandle watch, int waitMs, out EventHandle eventOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_watch_ack(WatchHandle watch, byte[] orderId, byte[] version);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_watch_hint(WatchHandle watch, NotificationHandle notification);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_watch_status(WatchHandle watch);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_watch_stop(WatchHandle watch);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_watch_free(IntPtr watch);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_event_order_id(EventHandle @event);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_event_rx_id(EventHandle @event);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_event_account_id(EventHandle @event);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_event_status(EventHandle @event);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_event_version(EventHandle @event);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_event_orders(EventHandle @event, out OrdersHandle ordersOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_event_free(IntPtr @event);
    }
}
