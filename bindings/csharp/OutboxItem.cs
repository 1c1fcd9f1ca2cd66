using System;

namespace Itero
{
    /// <summary>What an item of an outbox wants done.</summary>
    public enum OutboxKind
    {
        /// <summary>A scan request.</summary>
        ScanRequest = Native.ITERO_OUTBOX_SCAN_REQUEST,

        /// <summary>The correction of a patient, by the patient's id.</summary>
        PatientUpdate = Native.ITERO_OUTBOX_PATIENT_UPDATE,

        /// <summary>The correction of a patient's name, by chart number.</summary>
        PatientUpdateByChartNumber = Native.ITERO_OUTBOX_PATIENT_UPDATE_BY_CHART_NUMBER,

        /// <summary>The withdrawal of an Rx.</summary>
        RxDelete = Native.ITERO_OUTBOX_RX_DELETE,
    }

    /// <summary>How far an item of an outbox is.</summary>
    public enum OutboxState
    {
        /// <summary>On the disk, not sent.</summary>
        Prepared = Native.ITERO_OUTBOX_PREPARED,

        /// <summary>Being sent; or it was when a program ended, and the next run finds out what became of it.</summary>
        Sent = Native.ITERO_OUTBOX_SENT,

        /// <summary>Done at the service.</summary>
        Confirmed = Native.ITERO_OUTBOX_CONFIRMED,

        /// <summary>Sent, but its answer is lost. The next run looks for it; it holds back later items of its patient.</summary>
        Unknown = Native.ITERO_OUTBOX_UNKNOWN,

        /// <summary>The service refused it. It holds back later items of its patient.</summary>
        Failed = Native.ITERO_OUTBOX_FAILED,
    }

    /// <summary>An item of an outbox as it was when it was read. It holds no patient data: a program keeps the item's id beside
    /// what it is about.</summary>
    public sealed class OutboxItem
    {
        internal OutboxItem(OutboxItemsHandle items, int index)
        {
            Id = Native.itero_outbox_items_id(items, index);
            Kind = (OutboxKind)Native.itero_outbox_items_kind(items, index);
            State = (OutboxState)Native.itero_outbox_items_state(items, index);
            RxId = Text.Of(items, index, Native.itero_outbox_items_rx_id);
            OperationId = Text.Of(items, index, Native.itero_outbox_items_operation_id);
            Status = (Status)Native.itero_outbox_items_status(items, index);
            Message = Text.Of(items, index, Native.itero_outbox_items_message);
            CreatedTime = Times.FromMilliseconds(Native.itero_outbox_items_created_time(items, index));
            ChangedTime = Times.FromMilliseconds(Native.itero_outbox_items_changed_time(items, index));
            Attempts = Native.itero_outbox_items_attempts(items, index);
        }

        /// <summary>The item's id, as the method that added it returned it.</summary>
        public int Id { get; private set; }

        /// <summary>What is to be done.</summary>
        public OutboxKind Kind { get; private set; }

        /// <summary>How far it is.</summary>
        public OutboxState State { get; private set; }

        /// <summary>The RxID of a confirmed scan request, which the program must keep; "" for the others.</summary>
        public string RxId { get; private set; }

        /// <summary>The id under which a scan request is sent, as <see cref="Rx.OperationId"/>.</summary>
        public string OperationId { get; private set; }

        /// <summary>The status of the last failure; Ok when there was none.</summary>
        public Status Status { get; private set; }

        /// <summary>The message of the last failure; "" when there was none.</summary>
        public string Message { get; private set; }

        /// <summary>When it was added.</summary>
        public DateTimeOffset? CreatedTime { get; private set; }

        /// <summary>When its state changed last.</summary>
        public DateTimeOffset? ChangedTime { get; private set; }

        /// <summary>In how many runs it was sent.</summary>
        public int Attempts { get; private set; }
    }
}
