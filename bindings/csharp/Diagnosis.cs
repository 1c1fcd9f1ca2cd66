using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Itero
{
    /// <summary>How a check ended.</summary>
    public enum CheckResult
    {
        /// <summary>It didn't apply.</summary>
        Skipped = Native.ITERO_CHECK_SKIPPED,

        /// <summary>In order.</summary>
        Good = Native.ITERO_CHECK_GOOD,

        /// <summary>Works, but somebody should know.</summary>
        Warning = Native.ITERO_CHECK_WARNING,

        /// <summary>Doesn't work.</summary>
        Failed = Native.ITERO_CHECK_FAILED,
    }

    /// <summary>A check that a help desk would make. No patient data, no secret: a user may send it by mail.</summary>
    public sealed class DiagnosisCheck
    {
        internal DiagnosisCheck(DiagnosisHandle table, int index)
        {
            Name = Text.Of(table, index, Native.itero_diagnosis_name);
            Result = (CheckResult)Native.itero_diagnosis_result(table, index);
            Detail = Text.Of(table, index, Native.itero_diagnosis_detail);
            Advice = Text.Of(table, index, Native.itero_diagnosis_advice);
        }

        /// <summary>What was checked: "dns", "proxy", "connection", "tls", "clock", "discovery", "token", "pairing" or "notification".</summary>
        public string Name { get; private set; }

        /// <summary>How it ended.</summary>
        public CheckResult Result { get; private set; }

        /// <summary>What it found, in one sentence.</summary>
        public string Detail { get; private set; }

        /// <summary>What to do about it, in one sentence.</summary>
        public string Advice { get; private set; }
    }

    public sealed partial class Client
    {
        /// <summary>Makes all checks, signed in or not. A check that fails is a row, not an exception.</summary>
        /// <param name="notificationUrl">A URL to try as well; null for none.</param>
        public IReadOnlyList<DiagnosisCheck> Diagnose(string notificationUrl = null)
        {
            DiagnosisHandle table;
            IteroException.Check(Native.itero_client_diagnose(
                handle, Text.Utf8(notificationUrl, "notificationUrl"), out table));
            using (table)
            {
                return Rows.Of(Native.itero_diagnosis_count(table), index => new DiagnosisCheck(table, index));
            }
        }

        /// <summary>As <see cref="Diagnose"/>, on another thread.</summary>
        public Task<IReadOnlyList<DiagnosisCheck>> DiagnoseAsync(
            string notificationUrl = null, CancellationToken cancellation = default(CancellationToken))
        {
            return Run(() => Diagnose(notificationUrl), cancellation);
        }
    }
}
