using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Itero
{
    /// <summary>Why a patient matches; new reasons may be added.</summary>
    [Flags]
    public enum MatchReasons
    {
        /// <summary>None.</summary>
        None = 0,

        /// <summary>The chart number is the same.</summary>
        ChartNumber = Native.ITERO_MATCH_CHART_NUMBER,

        /// <summary>First and last name are the same, letter case aside.</summary>
        Name = Native.ITERO_MATCH_NAME,

        /// <summary>The name has the same parts in another order.</summary>
        NameSwapped = Native.ITERO_MATCH_NAME_SWAPPED,

        /// <summary>One name is a part of the other.</summary>
        NamePart = Native.ITERO_MATCH_NAME_PART,

        /// <summary>The names are the same but for accents.</summary>
        Diacritics = Native.ITERO_MATCH_DIACRITICS,

        /// <summary>The names are the same but for spaces, hyphens, apostrophes or particles.</summary>
        Spelling = Native.ITERO_MATCH_SPELLING,

        /// <summary>The birth date is the same. Only in what the chooser of a push gets.</summary>
        BirthDate = Native.ITERO_MATCH_BIRTH_DATE,

        /// <summary>Speaks against the match: the birth date is another one. Only in what the chooser of a push gets.</summary>
        OtherBirthDate = Native.ITERO_MATCH_OTHER_BIRTH_DATE,
    }

    /// <summary>A patient at the service who may be the one that is meant.</summary>
    public sealed class Match
    {
        internal Match(MatchesHandle table, int index)
        {
            Row = index;
            PatientId = Text.Of(table, index, Native.itero_matches_patient_id);
            FirstName = Text.Of(table, index, Native.itero_matches_first_name);
            LastName = Text.Of(table, index, Native.itero_matches_last_name);
            ChartNumber = Text.Of(table, index, Native.itero_matches_chart_number);
            BirthDate = Text.Of(table, index, Native.itero_matches_birth_date);
            Score = Native.itero_matches_score(table, index);
            Reason = (MatchReasons)Native.itero_matches_reason(table, index);
            ReasonText = Text.Of(table, index, Native.itero_matches_reason_text);
        }

        /// <summary>The service's GUID of the patient, for <see cref="Client.UpdatePatient"/>.</summary>
        public string PatientId { get; private set; }

        /// <summary>The first name at the service.</summary>
        public string FirstName { get; private set; }

        /// <summary>The last name at the service.</summary>
        public string LastName { get; private set; }

        /// <summary>The chart number at the service; "" when it is missing.</summary>
        public string ChartNumber { get; private set; }

        /// <summary>The date of birth as the service writes it; "" when it is missing.</summary>
        public string BirthDate { get; private set; }

        /// <summary>How good the match is: 100 for the same chart number and name, down to 20; from 80 on the chart number is the same.</summary>
        public int Score { get; private set; }

        /// <summary>Why the patient matches.</summary>
        public MatchReasons Reason { get; private set; }

        /// <summary>Why, as one English sentence that holds nothing about the patient.</summary>
        public string ReasonText { get; private set; }

        /// <summary>The row in its table, by which a push knows it.</summary>
        internal int Row { get; private set; }

        /// <summary>All rows; the table is freed, unless it is the library's own.</summary>
        internal static IReadOnlyList<Match> Table(MatchesHandle table)
        {
            using (table)
            {
                return Rows.Of(Native.itero_matches_count(table), index => new Match(table, index));
            }
        }
    }

    public sealed partial class Client
    {
        /// <summary>
        /// P1, Patient search: searches for a patient in all permutations of the name and by the chart number, best match first.
        /// Never creates, changes or merges a patient.
        /// </summary>
        /// <param name="firstName">null or "" when not known; at least one of the three is needed.</param>
        /// <param name="lastName">Likewise.</param>
        /// <param name="chartNumber">Likewise.</param>
        public IReadOnlyList<Match> MatchPatient(string firstName, string lastName, string chartNumber)
        {
            MatchesHandle matches;
            IteroException.Check(Native.itero_patients_match(
                handle,
                Text.Utf8(firstName, "firstName"),
                Text.Utf8(lastName, "lastName"),
                Text.Utf8(chartNumber, "chartNumber"),
                out matches));
            return Match.Table(matches);
        }

        /// <summary>As <see cref="MatchPatient"/>, on another thread.</summary>
        public Task<IReadOnlyList<Match>> MatchPatientAsync(
            string firstName, string lastName, string chartNumber,
            CancellationToken cancellation = default(CancellationToken))
        {
            return Run(() => MatchPatient(firstName, lastName, chartNumber), cancellation);
        }
    }
}
