using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Itero
{
    /// <summary>A doctor of the practice.</summary>
    public sealed class Doctor
    {
        internal Doctor(PracticeHandle practice, int index)
        {
            Id = Text.Of(practice, index, Native.itero_practice_doctor_id);
            FirstName = Text.Of(practice, index, Native.itero_practice_doctor_first_name);
            LastName = Text.Of(practice, index, Native.itero_practice_doctor_last_name);
            LicenseNumber = Text.Of(practice, index, Native.itero_practice_doctor_license_number);
            Email = Text.Of(practice, index, Native.itero_practice_doctor_email);
        }

        /// <summary>The id, for <see cref="ScanRequest.DoctorId"/>.</summary>
        public string Id { get; private set; }

        /// <summary>The first name.</summary>
        public string FirstName { get; private set; }

        /// <summary>The last name.</summary>
        public string LastName { get; private set; }

        /// <summary>The license number.</summary>
        public string LicenseNumber { get; private set; }

        /// <summary>The e-mail address.</summary>
        public string Email { get; private set; }
    }

    /// <summary>A lab that the practice works with.</summary>
    public sealed class Lab
    {
        internal Lab(PracticeHandle practice, int index)
        {
            Id = Text.Of(practice, index, Native.itero_practice_lab_id);
            Name = Text.Of(practice, index, Native.itero_practice_lab_name);
        }

        /// <summary>The id, for <see cref="ScanRequest.LabId"/>.</summary>
        public string Id { get; private set; }

        /// <summary>The name.</summary>
        public string Name { get; private set; }
    }

    /// <summary>A procedure that may be asked for.</summary>
    public sealed class Procedure
    {
        internal Procedure(PracticeHandle practice, int index)
        {
            MapId = Text.Of(practice, index, Native.itero_practice_procedure_map_id);
            Name = Text.Of(practice, index, Native.itero_practice_procedure_name);
        }

        /// <summary>The id, for <see cref="ScanRequest.ProcedureMapId"/>.</summary>
        public string MapId { get; private set; }

        /// <summary>The name.</summary>
        public string Name { get; private set; }
    }

    /// <summary>A scanner of the practice.</summary>
    public sealed class Scanner
    {
        internal Scanner(PracticeHandle practice, int index)
        {
            SerialNumber = Text.Of(practice, index, Native.itero_practice_scanner_serial_number);
            Model = Text.Of(practice, index, Native.itero_practice_scanner_model);
            Name = Text.Of(practice, index, Native.itero_practice_scanner_name);
        }

        /// <summary>The serial number, for <see cref="ScanRequest.ScannerSerialNumber"/>.</summary>
        public string SerialNumber { get; private set; }

        /// <summary>The model.</summary>
        public string Model { get; private set; }

        /// <summary>The name in the practice.</summary>
        public string Name { get; private set; }
    }

    /// <summary>The practice configuration of the paired account: all that a scan request needs.</summary>
    public sealed class Practice
    {
        internal Practice(PracticeHandle practice)
        {
            using (practice)
            {
                AccountId = Text.Of(practice, Native.itero_practice_account_id);
                Name = Text.Of(practice, Native.itero_practice_name);
                Address = Text.Of(practice, Native.itero_practice_address);
                Phone = Text.Of(practice, Native.itero_practice_phone);
                TimeZone = Text.Of(practice, Native.itero_practice_time_zone);
                Doctors = Rows.Of(Native.itero_practice_doctor_count(practice), index => new Doctor(practice, index));
                Labs = Rows.Of(Native.itero_practice_lab_count(practice), index => new Lab(practice, index));
                Procedures = Rows.Of(Native.itero_practice_procedure_count(practice), index => new Procedure(practice, index));
                Scanners = Rows.Of(Native.itero_practice_scanner_count(practice), index => new Scanner(practice, index));
                Json = Text.Of(practice, Native.itero_practice_json);
            }
        }

        /// <summary>The id of the practice's account.</summary>
        public string AccountId { get; private set; }

        /// <summary>The name.</summary>
        public string Name { get; private set; }

        /// <summary>The address in one line.</summary>
        public string Address { get; private set; }

        /// <summary>The telephone number.</summary>
        public string Phone { get; private set; }

        /// <summary>The time zone, an IANA name such as "Europe/Berlin".</summary>
        public string TimeZone { get; private set; }

        /// <summary>The doctors.</summary>
        public IReadOnlyList<Doctor> Doctors { get; private set; }

        /// <summary>The labs.</summary>
        public IReadOnlyList<Lab> Labs { get; private set; }

        /// <summary>The procedures.</summary>
        public IReadOnlyList<Procedure> Procedures { get; private set; }

        /// <summary>The scanners.</summary>
        public IReadOnlyList<Scanner> Scanners { get; private set; }

        /// <summary>The service's whole answer as JSON.</summary>
        public string Json { get; private set; }
    }

    public sealed partial class Client
    {
        /// <summary>D1, Get Practice Configuration: the practice's data with its doctors, labs, procedures and scanners.</summary>
        public Practice GetPractice()
        {
            PracticeHandle practice;
            IteroException.Check(Native.itero_practice_get(handle, out practice));
            return new Practice(practice);
        }

        /// <summary>As <see cref="GetPractice"/>, on another thread.</summary>
        public Task<Practice> GetPracticeAsync(CancellationToken cancellation = default(CancellationToken))
        {
            return Run(GetPractice, cancellation);
        }
    }
}
