using System;
using System.Runtime.InteropServices;

namespace Itero
{
    internal sealed class ScanRequestHandle : Handle<ScanRequestHandle>
    {
        protected override int Free(IntPtr value)
        {
            return Native.itero_scan_request_free(value);
        }
    }

    // Scan request, as include/itero.h has it; what each function does is told there.
    internal static partial class Native
    {
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_scan_request_new(out ScanRequestHandle requestOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_scan_request_set_doctor_id(ScanRequestHandle request, byte[] doctorId);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_scan_request_set_patient_first_name(
            ScanRequestHandle request, byte[] patientFirstName);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_scan_request_set_patient_last_name(
            ScanRequestHandle request, byte[] patientLastName);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_scan_request_set_patient_chart_number(
            ScanRequestHandle request, byte[] patientChartNumber);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_scan_request_set_patient_birth_date(
            ScanRequestHandle request, byte[] patientBirthDate);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_scan_request_set_patient_gender(
            ScanRequestHandle request, byte[] patientGender);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_scan_request_set_procedure_map_id(
            ScanRequestHandle request, byte[] procedureMapId);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_scan_request_set_scanner_serial_number(
            ScanRequestHandle request, byte[] scannerSerialNumber);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_scan_request_set_lab_id(ScanRequestHandle request, byte[] labId);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_scan_request_set_due_date(ScanRequestHandle request, byte[] dueDate);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_scan_request_set_notes(ScanRequestHandle request, byte[] notes);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_scan_request_add_tooth(
            ScanRequestHandle request, byte[] toothNumber, byte[] restoration, byte[] material, byte[] shade);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_scan_request_set_update_patient(
            ScanRequestHandle request, int updatePatient);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_scan_request_send(
            ClientHandle client, ScanRequestHandle request, out RxHandle rxOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_scan_request_free(IntPtr request);
    }
}
