using System;
using System.Threading;
using System.Threading.Tasks;

namespace Itero
{
    /// <summary>The service's record of a scan request. The program must keep its RxID.</summary>
    public sealed class Rx
    {
        internal Rx(RxHandle rx)
        {
            using (rx)
            {
                Id = Text.Of(rx, Native.itero_rx_id);
                OrderId = Text.Of(rx, Native.itero_rx_order_id);
                PatientId = Text.Of(rx, Native.itero_rx_patient_id);
                CreatedAt = Text.Of(rx, Native.itero_rx_created_at);
                CreatedTime = Times.FromMilliseconds(Native.itero_rx_created_time(rx));
                OperationId = Text.Of(rx, Native.itero_rx_operation_id);
                Json = Text.Of(rx, Native.itero_rx_json);
            }
        }

        /// <summary>The RxID. The program must keep it: notifications name it.</summary>
        public string Id { get; private set; }

        /// <summary>The id of the order, when the service has one already.</summary>
        public string OrderId { get; private set; }

        /// <summary>The GUID of the patient that the Rx belongs to.</summary>
        public string PatientId { get; private set; }

        /// <summary>When the Rx was created, as the service writes it.</summary>
        public string CreatedAt { get; private set; }

        /// <summary>When the Rx was created; null when it isn't known.</summary>
        public DateTimeOffset? CreatedTime { get; private set; }

        /// <summary>The id under which this library sent the scan request.</summary>
        public string OperationId { get; private set; }

        /// <summary>The service's whole answer as JSON.</summary>
        public string Json { get; private set; }
    }

    public sealed partial class Client
    {
        /// <summary>D7, Delete Rx: withdraws an Rx that was not scanned yet. A scan can't be deleted.</summary>
        /// <param name="rxId">From <see cref="Rx.Id"/>.</param>
        public void DeleteRx(string rxId)
        {
            IteroException.Check(Native.itero_rx_delete(handle, Text.Utf8(rxId, "rxId")));
        }

        /// <summary>As <see cref="DeleteRx"/>, on another thread.</summary>
        public Task DeleteRxAsync(string rxId, CancellationToken cancellation = default(CancellationToken))
        {
            return Run(() => DeleteRx(rxId), cancellation);
        }
    }
}
