using System;
using System.Collections.Generic;

namespace Itero
{
    /// <summary>How a scan request ended.</summary>
    public enum LedgerOutcome
    {
        /// <summary>It was prepared, but how it ended is not known. Look for the patient's Rx before it is sent again.</summary>
        Unknown = Native.ITERO_LEDGER_UNKNOWN,

        /// <summary>The Rx was sent, and its RxID is known.</summary>
        Sent = Native.ITERO_LEDGER_SENT,
    }

    /// <summary>An Rx that this program sent, or tried to. The ledger holds no patient data.</summary>
    public sealed class LedgerEntry
    {
        internal LedgerEntry(LedgerHandle table, int index)
        {
            Outcome = (LedgerOutcome)Native.itero_ledger_outcome(table, index);
            RxId = Text.Of(table, index, Native.itero_ledger_rx_id);
            OperationId = Text.Of(table, index, Native.itero_ledger_operation_id);
            AccountId = Text.Of(table, index, Native.itero_ledger_account_id);
            Time = Times.FromMilliseconds(Native.itero_ledger_time(table, index));
        }

        /// <summary>How it ended.</summary>
        public LedgerOutcome Outcome { get; private set; }

        /// <summary>The RxID; "" while it is not known.</summary>
        public string RxId { get; private set; }

        /// <summary>The id under which the scan request was sent, as in the message of OutcomeUnknown.</summary>
        public string OperationId { get; private set; }

        /// <summary>The id of the account that the client was paired to.</summary>
        public string AccountId { get; private set; }

        /// <summary>When the RxID came, or when the scan request was prepared if it has none.</summary>
        public DateTimeOffset? Time { get; private set; }
    }

    public sealed partial class Client
    {
        /// <summary>
        /// D5, Scan notification: whether an Rx was sent by this program, or by another one with the same state folder. No
        /// network.
        /// </summary>
        public bool IsKnownRx(string rxId)
        {
            int known;
            IteroException.Check(Native.itero_rx_is_known(handle, Text.Utf8(rxId, "rxId"), out known));
            return known != 0;
        }

        /// <summary>D2, Scan Request: looks up what was sent, oldest first. No network.</summary>
        /// <param name="chartNumber">Whose; null for everybody's.</param>
        public IReadOnlyList<LedgerEntry> FindInLedger(string chartNumber = null)
        {
            LedgerHandle table;
            IteroException.Check(Native.itero_ledger_find(handle, Text.Utf8(chartNumber, "chartNumber"), out table));
            using (table)
            {
                return Rows.Of(Native.itero_ledger_count(table), index => new LedgerEntry(table, index));
            }
        }
    }
}
