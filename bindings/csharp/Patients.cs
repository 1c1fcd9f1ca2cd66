using System.Threading;
using System.Threading.Tasks;

namespace Itero
{
    /// <summary>A patient as the service knows it.</summary>
    public sealed class Patient
    {
        internal Patient(PatientsHandle table, int index)
        {
            Id = Text.Of(table, index, Native.itero_patients_id);
            FirstName = Text.Of(table, index, Native.itero_patients_first_name);
            LastName = Text.Of(table, index, Native.itero_patients_last_name);
            ChartNumber = Text.Of(table, index, Native.itero_patients_chart_number);
            BirthDate = Text.Of(table, index, Native.itero_patients_birth_date);
        }

        /// <summary>The service's GUID, for <see cref="Client.UpdatePatient"/>.</summary>
        public string Id { get; private set; }

        /// <summary>The first name.</summary>
        public string FirstName { get; private set; }

        /// <summary>The last name.</summary>
        public string LastName { get; private set; }

        /// <summary>The chart number; "" when it is missing.</summary>
        public string ChartNumber { get; private set; }

        /// <summary>The date of birth as the service writes it; "" when it is missing.</summary>
        public string BirthDate { get; private set; }

        /// <summary>All rows; the table is freed.</summary>
        internal static ResultList<Patient> Table(PatientsHandle table)
        {
            using (table)
            {
                return new ResultList<Patient>(
                    Rows.List(Native.itero_patients_count(table), index => new Patient(table, index)),
                    Text.Of(table, Native.itero_patients_json));
            }
        }
    }

    public sealed partial class Client
    {
        /// <summary>
        /// P1, Patient search: the patients who have exactly these members, letter case aside. Before a scan request all ways to
        /// write a name must be searched for: <see cref="MatchPatient"/> does.
        /// </summary>
        /// <param name="firstName">null or "" matches every patient; at least one of the three is needed.</param>
        /// <param name="lastName">Likewise.</param>
        /// <param name="chartNumber">Likewise.</param>
        public ResultList<Patient> SearchPatients(string firstName, string lastName, string chartNumber)
        {
            PatientsHandle patients;
            IteroException.Check(Native.itero_patients_search(
                handle,
                Text.Utf8(firstName, "firstName"),
                Text.Utf8(lastName, "lastName"),
                Text.Utf8(chartNumber, "chartNumber"),
                out patients));
            return Patient.Table(patients);
        }

        /// <summary>As <see cref="SearchPatients"/>, on another thread.</summary>
        public Task<ResultList<Patient>> SearchPatientsAsync(
            string firstName, string lastName, string chartNumber,
            CancellationToken cancellation = default(CancellationToken))
        {
            return Run(() => SearchPatients(firstName, lastName, chartNumber), cancellation);
        }

        /// <summary>P2, Update by Patient ID: corrects members of one patient and returns the patient.</summary>
        /// <param name="patientId">From <see cref="Patient.Id"/>.</param>
        /// <param name="firstName">The new value; null leaves the member as it is. At least one is needed.</param>
        /// <param name="lastName">Likewise.</param>
        /// <param name="chartNumber">Likewise.</param>
        public Patient UpdatePatient(string patientId, string firstName = null, string lastName = null, string chartNumber = null)
        {
            PatientsHandle patients;
            IteroException.Check(Native.itero_patients_update(
                handle,
                Text.Utf8(patientId, "patientId"),
                Text.Utf8(firstName, "firstName"),
                Text.Utf8(lastName, "lastName"),
                Text.Utf8(chartNumber, "chartNumber"),
                out patients));
            return Patient.Table(patients)[0];
        }

        /// <summary>As <see cref="UpdatePatient"/>, on another thread.</summary>
        public Task<Patient> UpdatePatientAsync(
            string patientId, string firstName = null, string lastName = null, string chartNumber = null,
            CancellationToken cancellation = default(CancellationToken))
        {
            return Run(() => UpdatePatient(patientId, firstName, lastName, chartNumber), cancellation);
        }

        /// <summary>
        /// P4, Update by chart number: corrects the name of the one patient with this chart number, after a marriage or a typing
        /// error, and returns the patient.
        /// </summary>
        /// <param name="chartNumber">Whose name is corrected.</param>
        /// <param name="firstName">The new value; null leaves the member as it is. At least one is needed.</param>
        /// <param name="lastName">Likewise.</param>
        /// <exception cref="IteroException">Conflict: several patients share the chart number; nothing was changed.</exception>
        public Patient UpdatePatientByChartNumber(string chartNumber, string firstName = null, string lastName = null)
        {
            PatientsHandle patients;
            IteroException.Check(Native.itero_patients_update_by_chart_number(
                handle,
                Text.Utf8(chartNumber, "chartNumber"),
                Text.Utf8(firstName, "firstName"),
                Text.Utf8(lastName, "lastName"),
                out patients));
            return Patient.Table(patients)[0];
        }

        /// <summary>As <see cref="UpdatePatientByChartNumber"/>, on another thread.</summary>
        public Task<Patient> UpdatePatientByChartNumberAsync(
            string chartNumber, string firstName = null, string lastName = null,
            CancellationToken cancellation = default(CancellationToken))
        {
            return Run(() => UpdatePatientByChartNumber(chartNumber, firstName, lastName), cancellation);
        }
    }
}
