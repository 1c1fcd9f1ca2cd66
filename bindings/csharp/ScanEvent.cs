using System;

namespace Itero
{
    /// <summary>A scan that is ready: one for each version of an order's files. Its data are copies and stay valid.</summary>
    public sealed class ScanEvent : EventArgs
    {
        internal ScanEvent(EventHandle handle)
        {
            OrderId = Text.Of(handle, Native.itero_event_order_id);
            RxId = Text.Of(handle, Native.itero_event_rx_id);
            AccountId = Text.Of(handle, Native.itero_event_account_id);
            Status = Text.Of(handle, Native.itero_event_status);
            Version = Text.Of(handle, Native.itero_event_version);
            OrdersHandle orders;
            IteroException.Check(Native.itero_event_orders(handle, out orders));
            Order = new OrderList(orders)[0];
        }

        /// <summary>The id of the order, for a download and Watch.Ack.</summary>
        public string OrderId { get; private set; }

        /// <summary>The RxID of the scan request that the order came from; "" for a scan that was made without one.</summary>
        public string RxId { get; private set; }

        /// <summary>The id of the account that the watch is for.</summary>
        public string AccountId { get; private set; }

        /// <summary>The order's status in the service's words when the event was found, such as "Completed".</summary>
        public string Status { get; private set; }

        /// <summary>The version of the order's files, the same for the same files, for Watch.Ack.</summary>
        public string Version { get; private set; }

        /// <summary>The order as the service told it when the event was found.</summary>
        public Order Order { get; private set; }
    }
}
