using System;
using System.Runtime.InteropServices;

namespace Itero
{
    internal sealed class NotificationHandle : Handle<NotificationHandle>
    {
        protected override int Free(IntPtr value)
        {
            return Native.itero_notification_free(value);
        }
    }

    internal sealed class ListenerHandle : Handle<ListenerHandle>
    {
        protected override int Free(IntPtr value)
        {
            return Native.itero_listener_free(value);
        }
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate void NotificationCallback(IntPtr user, IntPtr rxId, IntPtr accountId);

    // Notifications, as include/itero.h has it; what each function does is told there.
    internal static partial class Native
    {
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_notification_parse(byte[] body, out NotificationHandle notificationOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_notification_rx_id(NotificationHandle notification);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_notification_account_id(NotificationHandle notification);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_notification_free(IntPtr notification);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_listener_start(
            ClientHandle client, int port, NotificationCallback callback, IntPtr user,
            out ListenerHandle listenerOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_listener_url(ListenerHandle listener);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_listener_wait(
            ListenerHandle listener, int waitMs, out NotificationHandle notificationOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_listener_stop(ListenerHandle listener);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_listener_free(IntPtr listener);
    }
}
