using System;
using System.Runtime.InteropServices;

namespace Itero
{
    internal sealed class DiagnosisHandle : Handle<DiagnosisHandle>
    {
        protected override int Free(IntPtr value)
        {
            return Native.itero_diagnosis_free(value);
        }
    }

    // Diagnosis, as include/itero.h has it; what each function does is told there.
    internal static partial class Native
    {
        internal const int ITERO_CHECK_SKIPPED = 0;
        internal const int ITERO_CHECK_GOOD = 1;
        internal const int ITERO_CHECK_WARNING = 2;
        internal const int ITERO_CHECK_FAILED = 3;

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_client_diagnose(
            ClientHandle client, byte[] notificationUrl, out DiagnosisHandle diagnosisOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_diagnosis_count(DiagnosisHandle diagnosis);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_diagnosis_name(DiagnosisHandle diagnosis, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_diagnosis_result(DiagnosisHandle diagnosis, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_diagnosis_detail(DiagnosisHandle diagnosis, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_diagnosis_advice(DiagnosisHandle diagnosis, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_diagnosis_free(IntPtr diagnosis);
    }
}
