using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Threading;
using System.Threading.Tasks;

namespace Itero
{
    /// <summary>A file of an order, at the service.</summary>
    public sealed class OrderFile
    {
        internal OrderFile(OrdersHandle table, int order, int file)
        {
            Id = Text.Of(table, rows => Native.itero_orders_file_id(rows, order, file));
            Kind = Text.Of(table, rows => Native.itero_orders_file_kind(rows, order, file));
            Name = Text.Of(table, rows => Native.itero_orders_file_name(rows, order, file));
            ContentType = Text.Of(table, rows => Native.itero_orders_file_content_type(rows, order, file));
            Sha256 = Text.Of(table, rows => Native.itero_orders_file_sha256(rows, order, file));
            var size = Native.itero_orders_file_size(table, order, file);
            Size = size == -1 ? (long?)null : size;
        }

        /// <summary>The id.</summary>
        public string Id { get; private set; }

        /// <summary>The kind: IDE (a zip with the meshes), IMAGE_GALLERY, SCREEN_CAPTURE, VIEWER, STL, PLY, or a new word.</summary>
        public string Kind { get; private set; }

        /// <summary>The name at the service.</summary>
        public string Name { get; private set; }

        /// <summary>The media type.</summary>
        public string ContentType { get; private set; }

        /// <summary>The SHA-256 as hexadecimal digits in lower case; "" when the service doesn't tell.</summary>
        public string Sha256 { get; private set; }

        /// <summary>The size in bytes; null when the service doesn't tell.</summary>
        public long? Size { get; private set; }
    }

    /// <summary>A scan with its data and files, uploaded and ready to be downloaded. Its data are copies and stay valid.</summary>
    public sealed class Order
    {
        internal Order(OrdersHandle table, int index)
        {
            Table = table;
            Row = index;
            Id = Text.Of(table, index, Native.itero_orders_id);
            Code = Text.Of(table, index, Native.itero_orders_code);
            RxId = Text.Of(table, index, Native.itero_orders_rx_id);
            AccountId = Text.Of(table, index, Native.itero_orders_account_id);
            Status = Text.Of(table, index, Native.itero_orders_status);
            CaseType = Text.Of(table, index, Native.itero_orders_case_type);
            DueDate = Text.Of(table, index, Native.itero_orders_due_date);
            LabId = Text.Of(table, index, Native.itero_orders_lab_id);
            Notes = Text.Of(table, index, Native.itero_orders_notes);
            ScanDate = Text.Of(table, index, Native.itero_orders_scan_date);
            ScanTime = Times.FromMilliseconds(Native.itero_orders_scan_time(table, index));
            UpdatedDate = Text.Of(table, index, Native.itero_orders_updated_date);
            UpdatedTime = Times.FromMilliseconds(Native.itero_orders_updated_time(table, index));
            PatientId = Text.Of(table, index, Native.itero_orders_patient_id);
            PatientFirstName = Text.Of(table, index, Native.itero_orders_patient_first_name);
            PatientLastName = Text.Of(table, index, Native.itero_orders_patient_last_name);
            PatientChartNumber = Text.Of(table, index, Native.itero_orders_patient_chart_number);
            DoctorId = Text.Of(table, index, Native.itero_orders_doctor_id);
            DoctorFirstName = Text.Of(table, index, Native.itero_orders_doctor_first_name);
            DoctorLastName = Text.Of(table, index, Native.itero_orders_doctor_last_name);
            Files = Rows.Of(Native.itero_orders_file_count(table, index), file => new OrderFile(table, index, file));
        }

        /// <summary>The id, for a download. It stays the same when the order's files change.</summary>
        public string Id { get; private set; }

        /// <summary>The code, as people see it.</summary>
        public string Code { get; private set; }

        /// <summary>The RxID of the scan request that the order came from; "" for a scan that was made without one.</summary>
        public string RxId { get; private set; }

        /// <summary>The id of the account.</summary>
        public string AccountId { get; private set; }

        /// <summary>The status in the service's words, such as "Completed"; new words may come.</summary>
        public string Status { get; private set; }

        /// <summary>The case type.</summary>
        public string CaseType { get; private set; }

        /// <summary>The date by which the lab should be done, as the service writes it.</summary>
        public string DueDate { get; private set; }

        /// <summary>The id of the lab.</summary>
        public string LabId { get; private set; }

        /// <summary>The notes of the Rx.</summary>
        public string Notes { get; private set; }

        /// <summary>When it was scanned, as the service writes it.</summary>
        public string ScanDate { get; private set; }

        /// <summary>When it was scanned; null when it isn't known.</summary>
        public DateTimeOffset? ScanTime { get; private set; }

        /// <summary>When it was last updated, as the service writes it.</summary>
        public string UpdatedDate { get; private set; }

        /// <summary>When it was last updated; null when it isn't known.</summary>
        public DateTimeOffset? UpdatedTime { get; private set; }

        /// <summary>The GUID of the patient.</summary>
        public string PatientId { get; private set; }

        /// <summary>The first name of the patient.</summary>
        public string PatientFirstName { get; private set; }

        /// <summary>The last name of the patient.</summary>
        public string PatientLastName { get; private set; }

        /// <summary>The chart number of the patient.</summary>
        public string PatientChartNumber { get; private set; }

        /// <summary>The id of the doctor.</summary>
        public string DoctorId { get; private set; }

        /// <summary>The first name of the doctor.</summary>
        public string DoctorFirstName { get; private set; }

        /// <summary>The last name of the doctor.</summary>
        public string DoctorLastName { get; private set; }

        /// <summary>The files.</summary>
        public IReadOnlyList<OrderFile> Files { get; private set; }

        /// <summary>The table in the library, which a download may take further data from.</summary>
        internal OrdersHandle Table { get; private set; }

        /// <summary>The row there.</summary>
        internal int Row { get; private set; }
    }

    /// <summary>
    /// Orders, oldest update first. Their data are copies. The list keeps its table in the library, for <see cref="Json"/> and
    /// for downloads into folders that are named after an order's data; it is freed when the last of its orders is forgotten,
    /// or here and now with Dispose.
    /// </summary>
    public sealed class OrderList : ReadOnlyCollection<Order>, IDisposable
    {
        private readonly OrdersHandle table;

        internal OrderList(OrdersHandle table)
            : base(Rows.List(Native.itero_orders_count(table), index => new Order(table, index)))
        {
            this.table = table;
        }

        /// <summary>
        /// The service's whole answer as JSON, for members that this library doesn't know. It holds short-lived URLs, which must
        /// not be kept.
        /// </summary>
        public string Json
        {
            get { return Text.Of(table, Native.itero_orders_json); }
        }

        /// <summary>Frees the table. The orders stay valid; Json and downloads that need the table are over.</summary>
        public void Dispose()
        {
            table.Dispose();
        }
    }

    public sealed partial class Client
    {
        /// <summary>D3, Get Orders: the ready orders that a query asks for, all pages.</summary>
        /// <param name="query">null for all ready orders.</param>
        public OrderList ListOrders(OrderQuery query = null)
        {
            OrdersHandle orders;
            IteroException.Check(Native.itero_orders_list(handle, OrderQuery.HandleOf(query), out orders));
            return new OrderList(orders);
        }

        /// <summary>As <see cref="ListOrders"/>, on another thread.</summary>
        public Task<OrderList> ListOrdersAsync(
            OrderQuery query = null, CancellationToken cancellation = default(CancellationToken))
        {
            return Run(() => ListOrders(query), cancellation);
        }

        /// <summary>D6, Get Order By RxID: the order of one Rx, the call to make after a notification.</summary>
        /// <exception cref="IteroException">NotFound while nothing was scanned.</exception>
        public Order GetOrderByRx(string rxId)
        {
            OrdersHandle orders;
            IteroException.Check(Native.itero_orders_by_rx(handle, Text.Utf8(rxId, "rxId"), out orders));
            return new OrderList(orders)[0];
        }

        /// <summary>As <see cref="GetOrderByRx"/>, on another thread.</summary>
        public Task<Order> GetOrderByRxAsync(string rxId, CancellationToken cancellation = default(CancellationToken))
        {
            return Run(() => GetOrderByRx(rxId), cancellation);
        }
    }
}
