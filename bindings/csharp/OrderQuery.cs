using System;

namespace Itero
{
    /// <summary>What to ask of the orders: a range of dates, a chart number, or both. A new query asks for all ready ones.</summary>
    public sealed class OrderQuery : IDisposable
    {
        private readonly OrderQueryHandle handle;
        private DateTimeOffset? from;
        private DateTimeOffset? to;
        private string chartNumber = "";
        private int pageSize;

        /// <summary>Makes a query that asks for all ready orders.</summary>
        public OrderQuery()
        {
            Loader.Load();
            IteroException.Check(Native.itero_order_query_new(out handle));
        }

        /// <summary>Only orders updated at this time or later; null for no limit.</summary>
        public DateTimeOffset? From
        {
            get
            {
                return from;
            }
            set
            {
                IteroException.Check(Native.itero_order_query_set_from(handle, Text.Utf8(Times.Rfc3339(value), "From")));
                from = value;
            }
        }

        /// <summary>Only orders updated before this time; null for no limit.</summary>
        public DateTimeOffset? To
        {
            get
            {
                return to;
            }
            set
            {
                IteroException.Check(Native.itero_order_query_set_to(handle, Text.Utf8(Times.Rfc3339(value), "To")));
                to = value;
            }
        }

        /// <summary>Only the orders of one chart number; "" for all.</summary>
        public string ChartNumber
        {
            get
            {
                return chartNumber;
            }
            set
            {
                IteroException.Check(
                    Native.itero_order_query_set_chart_number(handle, Text.Utf8(value ?? "", "ChartNumber")));
                chartNumber = value ?? "";
            }
        }

        /// <summary>How many orders one request to the service brings, 1 to 100; 0 leaves it to the service.</summary>
        public int PageSize
        {
            get
            {
                return pageSize;
            }
            set
            {
                IteroException.Check(Native.itero_order_query_set_page_size(handle, value));
                pageSize = value;
            }
        }

        /// <summary>The query's handle; an empty one, which is NULL, for no query, because no SafeHandle may be null.</summary>
        internal static OrderQueryHandle HandleOf(OrderQuery query)
        {
            return query == null ? new OrderQueryHandle() : query.handle;
        }

        /// <summary>Frees the query.</summary>
        public void Dispose()
        {
            handle.Dispose();
        }
    }
}
