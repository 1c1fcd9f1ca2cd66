using System;
using System.Runtime.InteropServices;

namespace Itero
{
    internal sealed class MatchesHandle : Handle<MatchesHandle>
    {
        protected override int Free(IntPtr value)
        {
            return Native.itero_matches_free(value);
        }
    }

    // Matches, as include/itero.h has it; what each function does is told there.
    internal static partial class Native
    {
        internal const int ITERO_MATCH_CHART_NUMBER = 1;
        internal const int ITERO_MATCH_NAME = 2;
        internal const int ITERO_MATCH_NAME_SWAPPED = 4;
        internal const int ITERO_MATCH_NAME_PART = 8;
        internal const int ITERO_MATCH_DIACRITICS = 16;
        internal const int ITERO_MATCH_SPELLING = 32;
        internal const int ITERO_MATCH_BIRTH_DATE = 64;
        internal const int ITERO_MATCH_OTHER_BIRTH_DATE = 128;

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_patients_match(
            ClientHandle client, byte[] firstName, byte[] lastName, byte[] chartNumber, out MatchesHandle matchesOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_matches_count(MatchesHandle matches);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_matches_patient_id(MatchesHandle matches, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_matches_first_name(MatchesHandle matches, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_matches_last_name(MatchesHandle matches, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_matches_chart_number(MatchesHandle matches, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_matches_birth_date(MatchesHandle matches, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_matches_score(MatchesHandle matches, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_matches_reason(MatchesHandle matches, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_matches_reason_text(MatchesHandle matches, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_matches_free(IntPtr matches);
    }
}
