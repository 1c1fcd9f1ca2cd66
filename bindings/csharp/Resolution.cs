using System;
using System.Threading;
using System.Threading.Tasks;

namespace Itero
{
    /// <summary>What became of a scan request whose answer was lost.</summary>
    public enum RxOutcome
    {
        /// <summary>It is not known yet whether it has arrived: it must not be sent again.</summary>
        StillUnknown = Native.ITERO_RX_STILL_UNKNOWN,

        /// <summary>It has arrived; the RxID is known.</summary>
        Sent = Native.ITERO_RX_SENT,

        /// <summary>It has not arrived: it may be sent again.</summary>
        NotSent = Native.ITERO_RX_NOT_SENT,
    }

    /// <summary>What was found out about a scan request whose answer was lost.</summary>
    public sealed class Resolution
    {
        internal Resolution(ResolutionHandle handle)
        {
            using (handle)
            {
                Outcome = (RxOutcome)Native.itero_resolution_outcome(handle);
                RxId = Text.Of(handle, Native.itero_resolution_rx_id);
                OperationId = Text.Of(handle, Native.itero_resolution_operation_id);
                Wait = Times.Span(Native.itero_resolution_wait_ms(handle));
            }
        }

        /// <summary>The finding.</summary>
        public RxOutcome Outcome { get; private set; }

        /// <summary>The RxID when it was sent, else "".</summary>
        public string RxId { get; private set; }

        /// <summary>The operation id that was asked for.</summary>
        public string OperationId { get; private set; }

        /// <summary>While it is still unknown: after how long the service may show that it was not sent; null when nobody can
        /// say.</summary>
        public TimeSpan? Wait { get; private set; }
    }

    public sealed partial class Client
    {
        /// <summary>
        /// D2, Scan Request: finds out what became of a scan request whose answer was lost, from the ledger, from the service by
        /// the operation id, and from the orders of the chart number. What it finds goes into the ledger.
        /// </summary>
        /// <param name="operationId">From <see cref="IteroException.OperationId"/> or <see cref="LedgerEntry.OperationId"/>.</param>
        /// <param name="chartNumber">The scan request's; null leaves the orders out.</param>
        /// <exception cref="IteroException">NotFound: the ledger knows no such operation.</exception>
        public Resolution ResolveRx(string operationId, string chartNumber = null)
        {
            ResolutionHandle resolution;
            IteroException.Check(Native.itero_rx_resolve(
                handle, Text.Utf8(operationId, "operationId"), Text.Utf8(chartNumber, "chartNumber"), out resolution));
            return new Resolution(resolution);
        }

        /// <summary>As <see cref="ResolveRx"/>, on another thread.</summary>
        public Task<Resolution> ResolveRxAsync(
            string operationId, string chartNumber = null, CancellationToken cancellation = default(CancellationToken))
        {
            return Run(() => ResolveRx(operationId, chartNumber), cancellation);
        }

        /// <summary>
        /// D2, Scan Request: writes into the ledger what a person found at the scanner or on the portal. No network.
        /// </summary>
        /// <param name="operationId">As for <see cref="ResolveRx"/>.</param>
        /// <param name="rxId">The RxID; null when the scan request did not arrive, which permits a resend.</param>
        /// <exception cref="IteroException">Conflict: the ledger knows another outcome.</exception>
        public void SettleRx(string operationId, string rxId)
        {
            IteroException.Check(
                Native.itero_rx_settle(handle, Text.Utf8(operationId, "operationId"), Text.Utf8(rxId, "rxId")));
        }
    }
}
