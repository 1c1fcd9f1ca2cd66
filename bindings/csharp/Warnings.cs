using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Itero
{
    /// <summary>A chart number that several patients share.</summary>
    public sealed class DuplicateChartNumber
    {
        internal DuplicateChartNumber(WarningsHandle warnings, int index)
        {
            ChartNumber = Text.Of(warnings, index, Native.itero_warnings_duplicate_chart_number);
            PatientsHandle patients;
            IteroException.Check(Native.itero_warnings_duplicate_patients(warnings, index, out patients));
            Patients = Patient.Table(patients);
        }

        /// <summary>The chart number.</summary>
        public string ChartNumber { get; private set; }

        /// <summary>The patients who share it.</summary>
        public IReadOnlyList<Patient> Patients { get; private set; }
    }

    /// <summary>
    /// Patients who share a chart number or have none: to be put in order before the integration starts, because an Rx finds
    /// its patient by the chart number.
    /// </summary>
    public sealed class Warnings
    {
        internal Warnings(WarningsHandle handle)
        {
            using (handle)
            {
                Duplicates = Rows.Of(
                    Native.itero_warnings_duplicate_count(handle), index => new DuplicateChartNumber(handle, index));
                PatientsHandle patients;
                IteroException.Check(Native.itero_warnings_missing_chart_number(handle, out patients));
                MissingChartNumber = Patient.Table(patients);
                Json = Text.Of(handle, Native.itero_warnings_json);
            }
        }

        /// <summary>The chart numbers that several patients share.</summary>
        public IReadOnlyList<DuplicateChartNumber> Duplicates { get; private set; }

        /// <summary>The patients without a chart number.</summary>
        public IReadOnlyList<Patient> MissingChartNumber { get; private set; }

        /// <summary>The service's whole answer as JSON.</summary>
        public string Json { get; private set; }
    }

    public sealed partial class Client
    {
        /// <summary>P5, Pairing warning: the patients of the paired account who share a chart number or have none.</summary>
        /// <exception cref="IteroException">NotEnabled: Align must enable it for the account.</exception>
        public Warnings GetWarnings()
        {
            WarningsHandle warnings;
            IteroException.Check(Native.itero_warnings_get(handle, out warnings));
            return new Warnings(warnings);
        }

        /// <summary>As <see cref="GetWarnings"/>, on another thread.</summary>
        public Task<Warnings> GetWarningsAsync(CancellationToken cancellation = default(CancellationToken))
        {
            return Run(GetWarnings, cancellation);
        }
    }
}
