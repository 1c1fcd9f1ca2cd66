using System;
using System.Runtime.InteropServices;

namespace Itero
{
    internal sealed class WarningsHandle : Handle<WarningsHandle>
    {
        protected override int Free(IntPtr value)
        {
            return Native.itero_warnings_free(value);
        }
    }

    // Pairing warnings, as include/itero.h has it; what each function does is told there.
    internal static partial class Native
    {
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_warnings_get(ClientHandle client, out WarningsHandle warningsOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_warnings_duplicate_count(WarningsHandle warnings);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_warnings_duplicate_chart_number(WarningsHandle warnings, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_warnings_duplicate_patients(
            WarningsHandle warnings, int index, out PatientsHandle patientsOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_warnings_missing_chart_number(
            WarningsHandle warnings, out PatientsHandle patientsOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_warnings_json(WarningsHandle warnings);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_warnings_free(IntPtr warnings);
    }
}
