using System;

namespace Itero
{
    /// <summary>
    /// The service tells of a change of an order's files. It is a hint, never a proof: ask Client.GetOrderByRx, and believe only
    /// its answer.
    /// </summary>
    public sealed class Notification : EventArgs
    {
        internal Notification(NotificationHandle handle)
        {
            Handle = handle;
            RxId = Text.Of(handle, Native.itero_notification_rx_id);
            AccountId = Text.Of(handle, Native.itero_notification_account_id);
        }

        internal Notification(string rxId, string accountId)
        {
            RxId = rxId;
            AccountId = accountId;
        }

        /// <summary>The RxID that it names.</summary>
        public string RxId { get; private set; }

        /// <summary>The id of the account that it names.</summary>
        public string AccountId { get; private set; }

        /// <summary>null for what an event brought: a listener's watch has heard of that already.</summary>
        internal NotificationHandle Handle { get; private set; }

        /// <summary>D5, Scan notification: reads the body of a notification that the program's own web server received.</summary>
        /// <exception cref="IteroException">Protocol: not a notification; answer the sender with 400.</exception>
        public static Notification Parse(string body)
        {
            Loader.Load();
            NotificationHandle notification;
            IteroException.Check(Native.itero_notification_parse(Text.Utf8(body, "body"), out notification));
            return new Notification(notification);
        }
    }
}
