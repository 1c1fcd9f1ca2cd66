using System;
using System.Threading;
using System.Threading.Tasks;

namespace Itero
{
    /// <summary>
    /// A scan request in the making: filled step by step, checked as a whole and sent once, with <see cref="Client.Send"/> or,
    /// better, <see cref="Client.Push(ScanRequest, PushPolicy)"/>. It may be sent, changed and sent again. null or "" sets a
    /// member back to "not given".
    /// </summary>
    public sealed class ScanRequest : IDisposable
    {
        private readonly ScanRequestHandle handle;
        private string doctorId = "";
        private string patientFirstName = "";
        private string patientLastName = "";
        private string patientChartNumber = "";
        private DateTime? patientBirthDate;
        private string patientGender = "";
        private string procedureMapId = "";
        private string scannerSerialNumber = "";
        private string labId = "";
        private DateTime? dueDate;
        private string notes = "";
        private bool updatePatient;

        /// <summary>Makes an empty scan request.</summary>
        public ScanRequest()
        {
            Loader.Load();
            IteroException.Check(Native.itero_scan_request_new(out handle));
        }

        /// <summary>The doctor, from <see cref="Doctor.Id"/>. Needed.</summary>
        public string DoctorId
        {
            get { return doctorId; }
            set { doctorId = Set(Native.itero_scan_request_set_doctor_id, value, "DoctorId"); }
        }

        /// <summary>The patient's first name. Needed. At most 128 characters.</summary>
        public string PatientFirstName
        {
            get { return patientFirstName; }
            set { patientFirstName = Set(Native.itero_scan_request_set_patient_first_name, value, "PatientFirstName"); }
        }

        /// <summary>The patient's last name. Needed. At most 128 characters.</summary>
        public string PatientLastName
        {
            get { return patientLastName; }
            set { patientLastName = Set(Native.itero_scan_request_set_patient_last_name, value, "PatientLastName"); }
        }

        /// <summary>The patient's chart number. Needed. At most 128 characters.</summary>
        public string PatientChartNumber
        {
            get { return patientChartNumber; }
            set { patientChartNumber = Set(Native.itero_scan_request_set_patient_chart_number, value, "PatientChartNumber"); }
        }

        /// <summary>The patient's date of birth, of which only the day counts; from 1900 on and not in the future.</summary>
        public DateTime? PatientBirthDate
        {
            get
            {
                return patientBirthDate;
            }
            set
            {
                Set(Native.itero_scan_request_set_patient_birth_date, Times.Day(value), "PatientBirthDate");
                patientBirthDate = value;
            }
        }

        /// <summary>The patient's gender, in the service's words.</summary>
        public string PatientGender
        {
            get { return patientGender; }
            set { patientGender = Set(Native.itero_scan_request_set_patient_gender, value, "PatientGender"); }
        }

        /// <summary>The procedure, from <see cref="Procedure.MapId"/>. Needed.</summary>
        public string ProcedureMapId
        {
            get { return procedureMapId; }
            set { procedureMapId = Set(Native.itero_scan_request_set_procedure_map_id, value, "ProcedureMapId"); }
        }

        /// <summary>The scanner that the Rx is meant for, from <see cref="Scanner.SerialNumber"/>.</summary>
        public string ScannerSerialNumber
        {
            get { return scannerSerialNumber; }
            set { scannerSerialNumber = Set(Native.itero_scan_request_set_scanner_serial_number, value, "ScannerSerialNumber"); }
        }

        /// <summary>The lab, from <see cref="Lab.Id"/>.</summary>
        public string LabId
        {
            get { return labId; }
            set { labId = Set(Native.itero_scan_request_set_lab_id, value, "LabId"); }
        }

        /// <summary>The day by which the lab should be done. It may have passed.</summary>
        public DateTime? DueDate
        {
            get
            {
                return dueDate;
            }
            set
            {
                Set(Native.itero_scan_request_set_due_date, Times.Day(value), "DueDate");
                dueDate = value;
            }
        }

        /// <summary>Notes for the person at the scanner or in the lab, at most 4000 characters.</summary>
        public string Notes
        {
            get { return notes; }
            set { notes = Set(Native.itero_scan_request_set_notes, value, "Notes"); }
        }

        /// <summary>
        /// P3, Scan request with update: whether the scan request corrects the patient's name too. Align must enable it for the
        /// account.
        /// </summary>
        public bool UpdatePatient
        {
            get
            {
                return updatePatient;
            }
            set
            {
                IteroException.Check(Native.itero_scan_request_set_update_patient(handle, value ? 1 : 0));
                updatePatient = value;
            }
        }

        internal ScanRequestHandle Handle
        {
            get { return handle; }
        }

        /// <summary>Adds a tooth with its treatment; at most 52.</summary>
        /// <param name="toothNumber">FDI (11 to 48, 51 to 85) or Universal (1 to 32, A to T), the same for all teeth.</param>
        /// <param name="restoration">In the service's words; "" when not given.</param>
        /// <param name="material">In the service's words; "" when not given.</param>
        /// <param name="shade">In the service's words; "" when not given.</param>
        public void AddTooth(string toothNumber, string restoration = "", string material = "", string shade = "")
        {
            IteroException.Check(Native.itero_scan_request_add_tooth(
                handle,
                Text.Utf8(toothNumber, "toothNumber"),
                Text.Utf8(restoration ?? "", "restoration"),
                Text.Utf8(material ?? "", "material"),
                Text.Utf8(shade ?? "", "shade")));
        }

        /// <summary>Frees the scan request; what was sent stays.</summary>
        public void Dispose()
        {
            handle.Dispose();
        }

        private string Set(Func<ScanRequestHandle, byte[], int> setter, string value, string member)
        {
            IteroException.Check(setter(handle, Text.Utf8(value ?? "", member)));
            return value ?? "";
        }
    }

    public sealed partial class Client
    {
        /// <summary>
        /// D2, Scan Request: checks the request, sends it once, and returns the Rx with its RxID. It is never sent twice: when
        /// the answer is lost, the status is OutcomeUnknown, and the Rx may or may not be there. Match the patient first, or
        /// use <see cref="Push(ScanRequest, PushPolicy)"/>, which does it.
        /// </summary>
        /// <exception cref="IteroException">Argument names every member that is wrong; nothing was sent then.</exception>
        public Rx Send(ScanRequest request)
        {
            RxHandle rx;
            IteroException.Check(Native.itero_scan_request_send(handle, Given(request, "request").Handle, out rx));
            return new Rx(rx);
        }

        /// <summary>As <see cref="Send"/>, on another thread. A cancel after it went out ends as OutcomeUnknown.</summary>
        public Task<Rx> SendAsync(ScanRequest request, CancellationToken cancellation = default(CancellationToken))
        {
            return Run(() => Send(request), cancellation);
        }
    }
}
