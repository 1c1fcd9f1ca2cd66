//! Diagnosis
//!
//! The checks that a help desk would make: name look-up, proxy, connection, certificate, clock, discovery, token,
//! pairing, notification URL. A table: rows from 0 to count - 1, in the order in which they were made. No patient data,
//! no secret: a user may send it by mail.

use std::ffi::c_char;

use super::client::{client, itero_client};
use super::guard;
use super::handle::{Handle, Table, give};
use super::text::{count, maybe_owned, out, put, row};
use crate::client::diagnose::{Check, Verdict};

/// Check: didn't apply.
pub const ITERO_CHECK_SKIPPED: i32 = 0;
/// Check: in order.
pub const ITERO_CHECK_GOOD: i32 = 1;
/// Check: works, but somebody should know.
pub const ITERO_CHECK_WARNING: i32 = 2;
/// Check: doesn't work.
pub const ITERO_CHECK_FAILED: i32 = 3;

const _: () = {
    assert!(
        Verdict::Good as i32 == ITERO_CHECK_GOOD && Verdict::Warning as i32 == ITERO_CHECK_WARNING
    );
    assert!(
        Verdict::Failed as i32 == ITERO_CHECK_FAILED
            && Verdict::Skipped as i32 == ITERO_CHECK_SKIPPED
    );
};

/// A table of checks. Free it with itero_diagnosis_free.
#[allow(non_camel_case_types)]
pub struct itero_diagnosis {
    _opaque: [u8; 0],
}

static DIAGNOSES: Table<Vec<Check>> = Table::new();

impl Handle for itero_diagnosis {
    type Object = Vec<Check>;
    const KIND: usize = 22;
    const NAME: &'static str = "diagnosis";
    fn table() -> &'static Table<Vec<Check>> {
        &DIAGNOSES
    }
}

/// Makes all checks, signed in or not. A check that fails is a row, not a failure of this function.
///
/// notification_url: a URL to try as well; NULL for none.
/// diagnosis_out: where the table goes; free it with itero_diagnosis_free.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT, ITERO_E_CANCELLED, ITERO_E_LIMIT. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_client_diagnose(
    client: *mut itero_client,
    notification_url: *const c_char,
    diagnosis_out: *mut *mut itero_diagnosis,
) -> i32 {
    guard::status("itero_client_diagnose", || {
        let client = self::client(client)?;
        let url = unsafe { maybe_owned("notification_url", notification_url) }?;
        out("diagnosis_out", diagnosis_out)?;
        let table = client.run_signed_out(|client| client.diagnose(url))?;
        unsafe { put(diagnosis_out, give::<itero_diagnosis>(table)?) };
        Ok(())
    })
}

/// The number of checks. 0 on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_diagnosis_count(diagnosis: *const itero_diagnosis) -> i32 {
    guard::value("itero_diagnosis_count", diagnosis, 0, |table| {
        Ok(count(table))
    })
}

/// What was checked: "dns", "proxy", "connection", "tls", "clock", "discovery", "token", "pairing" or "notification".
/// "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_diagnosis_name(
    diagnosis: *const itero_diagnosis,
    index: i32,
) -> *const c_char {
    guard::text("itero_diagnosis_name", diagnosis, |table| {
        Ok(row(table, index)?.name.as_ptr())
    })
}

/// How a check ended, as an ITERO_CHECK_ number; ITERO_CHECK_SKIPPED on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_diagnosis_result(diagnosis: *const itero_diagnosis, index: i32) -> i32 {
    guard::value(
        "itero_diagnosis_result",
        diagnosis,
        ITERO_CHECK_SKIPPED,
        |table| Ok(row(table, index)?.verdict as i32),
    )
}

/// What a check found, in one sentence. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_diagnosis_detail(
    diagnosis: *const itero_diagnosis,
    index: i32,
) -> *const c_char {
    guard::text("itero_diagnosis_detail", diagnosis, |table| {
        Ok(row(table, index)?.detail.as_ptr())
    })
}

/// What to do about it, in one sentence. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_diagnosis_advice(
    diagnosis: *const itero_diagnosis,
    index: i32,
) -> *const c_char {
    guard::text("itero_diagnosis_advice", diagnosis, |table| {
        Ok(row(table, index)?.advice.as_ptr())
    })
}

/// Frees the table, with all texts that came from it. NULL is fine.
///
/// Errors: ITERO_E_HANDLE. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_diagnosis_free(diagnosis: *mut itero_diagnosis) -> i32 {
    guard::free("itero_diagnosis_free", diagnosis, |_| {})
}
