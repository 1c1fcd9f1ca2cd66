//! Matches
//!
//! Who at the service may be the person that the host program means: the same name in all its permutations, and the
//! chart number. Ask this before a scan request, or let itero_rx_push do so. Results are a table, best match first.

use std::ffi::c_char;

use super::client::{client, itero_client};
use super::guard;
use super::handle::{Handle, Table, give};
use super::text::{count, maybe, out, put, row};
use crate::client::matches::{self, Matches, Wanted};

/// Reason: the chart number is the same.
pub const ITERO_MATCH_CHART_NUMBER: i32 = 1;
/// Reason: first and last name are the same, letter case aside.
pub const ITERO_MATCH_NAME: i32 = 2;
/// Reason: the name has the same parts in another order, such as first and last name swapped.
pub const ITERO_MATCH_NAME_SWAPPED: i32 = 4;
/// Reason: one name is a part of the other, such as one of two last names or one of several first names.
pub const ITERO_MATCH_NAME_PART: i32 = 8;
/// Reason: the names are the same but for accents, such as "Muller", "Mueller" and the same with an umlaut.
pub const ITERO_MATCH_DIACRITICS: i32 = 16;
/// Reason: the names are the same but for spaces, hyphens, apostrophes or particles such as "van der" and "al-".
pub const ITERO_MATCH_SPELLING: i32 = 32;
/// Reason: the birth date is the same. Only in the matches that the callback of itero_rx_push gets.
pub const ITERO_MATCH_BIRTH_DATE: i32 = 64;
/// Speaks against the match: the birth date is another one. Only in the matches that the callback of itero_rx_push gets.
pub const ITERO_MATCH_OTHER_BIRTH_DATE: i32 = 128;

const _: () = {
    assert!(matches::CHART_NUMBER as i32 == ITERO_MATCH_CHART_NUMBER);
    assert!(matches::NAME as i32 == ITERO_MATCH_NAME);
    assert!(matches::NAME_SWAPPED as i32 == ITERO_MATCH_NAME_SWAPPED);
    assert!(matches::NAME_PART as i32 == ITERO_MATCH_NAME_PART);
    assert!(matches::NAME_DIACRITICS as i32 == ITERO_MATCH_DIACRITICS);
    assert!(matches::NAME_SPELLING as i32 == ITERO_MATCH_SPELLING);
    assert!(matches::BIRTH_DATE as i32 == ITERO_MATCH_BIRTH_DATE);
    assert!(matches::OTHER_BIRTH_DATE as i32 == ITERO_MATCH_OTHER_BIRTH_DATE);
};

/// Patients who may be the one that is meant. Free it with itero_matches_free.
#[allow(non_camel_case_types)]
pub struct itero_matches {
    _opaque: [u8; 0],
}

static MATCHES: Table<Matches> = Table::new();

impl Handle for itero_matches {
    type Object = Matches;
    const KIND: usize = 18;
    const NAME: &'static str = "matches";
    fn table() -> &'static Table<Matches> {
        &MATCHES
    }
}

/// P1, Patient search: searches for a patient in all permutations of the name and by the chart number, and ranks who was
/// found. Never creates, changes or merges a patient.
///
/// first_name, last_name, chart_number: at least one; NULL or "" when not known. A whole name may stand in one of the
/// two name fields.
/// matches_out: where the table goes, with 0 rows when nobody matches; free it with itero_matches_free.
///
/// The permutations: first and last name swapped; several last names, joined by space or hyphen, in either order, and
/// each alone; particles (van der, de la, al-, O', Mac and the like) with and without, in either field; accents left out
/// or written out; several first names, the first alone, initials left out; the forms of the apostrophe. The first name
/// and the last name are searched for alone too, for what the given name lacks, and only related names are kept. At most
/// 26 searches are made, 4 at a time; all are made even when the first finds somebody. If one of them fails, the call
/// fails, because a missing answer could hide the patient. A patient of whose name no part is written there in one of
/// these ways is found by the chart number.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT, ITERO_E_NOT_SIGNED_IN, ITERO_E_STORE, ITERO_E_DISK_FULL,
/// ITERO_E_NOT_PAIRED, ITERO_E_AUTH, ITERO_E_NETWORK, ITERO_E_TIMEOUT, ITERO_E_TLS, ITERO_E_CANCELLED,
/// ITERO_E_RATE_LIMIT, ITERO_E_PROTOCOL, ITERO_E_SERVICE, ITERO_E_LIMIT. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_patients_match(
    client: *mut itero_client,
    first_name: *const c_char,
    last_name: *const c_char,
    chart_number: *const c_char,
    matches_out: *mut *mut itero_matches,
) -> i32 {
    guard::status("itero_patients_match", || {
        let client = self::client(client)?;
        let wanted = unsafe {
            Wanted::new(
                &maybe("first_name", first_name)?.unwrap_or_default(),
                &maybe("last_name", last_name)?.unwrap_or_default(),
                &maybe("chart_number", chart_number)?.unwrap_or_default(),
                "",
            )?
        };
        out("matches_out", matches_out)?;
        let matches = client.run(|client| client.patients_match(wanted))?;
        unsafe { put(matches_out, give::<itero_matches>(matches)?) };
        Ok(())
    })
}

/// The number of matches. 0 on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_matches_count(matches: *const itero_matches) -> i32 {
    guard::value("itero_matches_count", matches, 0, |matches| {
        Ok(count(&matches.0))
    })
}

/// The service's GUID of a patient, for itero_patients_update. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_matches_patient_id(
    matches: *const itero_matches,
    index: i32,
) -> *const c_char {
    guard::text("itero_matches_patient_id", matches, |matches| {
        Ok(row(&matches.0, index)?.patient.patient_id.as_ptr())
    })
}

/// A patient's first name at the service. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_matches_first_name(
    matches: *const itero_matches,
    index: i32,
) -> *const c_char {
    guard::text("itero_matches_first_name", matches, |matches| {
        Ok(row(&matches.0, index)?.patient.first_name.as_ptr())
    })
}

/// A patient's last name at the service. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_matches_last_name(
    matches: *const itero_matches,
    index: i32,
) -> *const c_char {
    guard::text("itero_matches_last_name", matches, |matches| {
        Ok(row(&matches.0, index)?.patient.last_name.as_ptr())
    })
}

/// A patient's chart number at the service, "" when it is missing. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_matches_chart_number(
    matches: *const itero_matches,
    index: i32,
) -> *const c_char {
    guard::text("itero_matches_chart_number", matches, |matches| {
        Ok(row(&matches.0, index)?.patient.chart_number.as_ptr())
    })
}

/// A patient's date of birth as the service writes it, "" when it is missing. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_matches_birth_date(
    matches: *const itero_matches,
    index: i32,
) -> *const c_char {
    guard::text("itero_matches_birth_date", matches, |matches| {
        Ok(row(&matches.0, index)?.patient.birth_date.as_ptr())
    })
}

/// How good a match is: 100 for the same chart number and name, down to 20 for the same chart number with another name.
/// From 80 on the chart number is the same. -1 on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_matches_score(matches: *const itero_matches, index: i32) -> i32 {
    guard::value("itero_matches_score", matches, -1, |matches| {
        Ok(row(&matches.0, index)?.score)
    })
}

/// Why a patient matches: the sum of ITERO_MATCH_ constants; new ones may be added. 0 on a bad handle or index. No
/// network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_matches_reason(matches: *const itero_matches, index: i32) -> i32 {
    guard::value("itero_matches_reason", matches, 0, |matches| {
        Ok(row(&matches.0, index)?.reason.cast_signed())
    })
}

/// Why a patient matches, as one English sentence that holds nothing about the patient. "" on a bad handle or index.
/// No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_matches_reason_text(
    matches: *const itero_matches,
    index: i32,
) -> *const c_char {
    guard::text("itero_matches_reason_text", matches, |matches| {
        Ok(row(&matches.0, index)?.reason_text.as_ptr())
    })
}

/// Frees the matches, with all texts that came from them. NULL is fine.
///
/// Errors: ITERO_E_HANDLE. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_matches_free(matches: *mut itero_matches) -> i32 {
    guard::free("itero_matches_free", matches, |_| {})
}
