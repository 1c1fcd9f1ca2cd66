using System;
using System.Threading;
using System.Threading.Tasks;

namespace Itero
{
    /// <summary>A walk through many orders with one page in memory at a time, from <see cref="Client.OpenOrders"/>.</summary>
    public sealed class OrderCursor : IDisposable
    {
        private readonly Client client;
        private readonly OrderCursorHandle handle;

        internal OrderCursor(Client client, OrderCursorHandle handle)
        {
            this.client = client;
            this.handle = handle;
        }

        /// <summary>
        /// D3, Get Orders: the next page, oldest update first. An empty page is the end. After a failure the same page is asked
        /// for again.
        /// </summary>
        public OrderList Next()
        {
            OrdersHandle orders;
            IteroException.Check(Native.itero_orders_next(handle, out orders));
            return new OrderList(orders);
        }

        /// <summary>As <see cref="Next"/>, on another thread. Cancelling it cancels what runs on the client.</summary>
        public Task<OrderList> NextAsync(CancellationToken cancellation = default(CancellationToken))
        {
            return Work.Run(() => Next(), client.Cancel, cancellation);
        }

        /// <summary>Ends the walk; the pages that it gave live on.</summary>
        public void Dispose()
        {
            handle.Dispose();
        }
    }

    public sealed partial class Client
    {
        /// <summary>D3, Get Orders, page by page: begins a walk through the ready orders that a query asks for. No network.</summary>
        /// <param name="query">null for all ready orders.</param>
        public OrderCursor OpenOrders(OrderQuery query = null)
        {
            OrderCursorHandle cursor;
            IteroException.Check(Native.itero_orders_open(handle, OrderQuery.HandleOf(query), out cursor));
            return new OrderCursor(this, cursor);
        }
    }
}
