using System;
using System.Runtime.InteropServices;

namespace Itero
{
    internal sealed class PatientsHandle : Handle<PatientsHandle>
    {
        protected override int Free(IntPtr value)
        {
            return Native.itero_patients_free(value);
        }
    }

    // Patients, as include/itero.h has it; what each function does is told there.
    internal static partial class Native
    {
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_patients_search(
            ClientHandle client, byte[] firstName, byte[] lastName, byte[] chartNumber,
            out PatientsHandle patientsOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_patients_update(
            ClientHandle client, byte[] patientId, byte[] firstName, byte[] lastName, byte[] chartNumber,
            out PatientsHandle patientsOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_patients_update_by_chart_number(
            ClientHandle client, byte[] chartNumber, byte[] firstName, byte[] lastName,
            out PatientsHandle patientsOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_patients_count(PatientsHandle patients);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_patients_id(PatientsHandle patients, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_patients_first_name(PatientsHandle patients, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_patients_last_name(PatientsHandle patients, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_patients_chart_number(PatientsHandle patients, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_patients_birth_date(PatientsHandle patients, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_patients_json(PatientsHandle patients);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_patients_free(IntPtr patients);
    }
}
