//! Pairing warnings
//!
//! Patients who share a chart number or have none: to be put in order before the integration starts, because an Rx finds
//! its patient by the chart number.

use std::ffi::c_char;

use super::client::{client, itero_client};
use super::guard;
use super::handle::{Handle, Table, get, give};
use super::patients::itero_patients;
use super::text::{count, out, put, row};
use crate::client::Client;
use crate::wire::pairing::Warnings;
use crate::wire::{Read, Text};

/// The pairing warnings of an account. Free it with itero_warnings_free.
#[allow(non_camel_case_types)]
pub struct itero_warnings {
    _opaque: [u8; 0],
}

static WARNINGS: Table<Read<Warnings>> = Table::new();

impl Handle for itero_warnings {
    type Object = Read<Warnings>;
    const KIND: usize = 8;
    const NAME: &'static str = "warnings";
    fn table() -> &'static Table<Read<Warnings>> {
        &WARNINGS
    }
}

/// P5, Pairing warning: asks for the patients of the paired account who share a chart number or have none.
///
/// warnings_out: where the result goes; free it with itero_warnings_free.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_NOT_SIGNED_IN, ITERO_E_STORE, ITERO_E_DISK_FULL,
/// ITERO_E_NOT_PAIRED, ITERO_E_NOT_ENABLED (Align must enable it for the account), ITERO_E_AUTH, ITERO_E_NETWORK,
/// ITERO_E_TIMEOUT, ITERO_E_TLS, ITERO_E_CANCELLED, ITERO_E_PROTOCOL, ITERO_E_SERVICE. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_warnings_get(
    client: *mut itero_client,
    warnings_out: *mut *mut itero_warnings,
) -> i32 {
    guard::status("itero_warnings_get", || {
        out("warnings_out", warnings_out)?;
        let warnings = self::client(client)?.run(Client::warnings)?;
        unsafe { put(warnings_out, give::<itero_warnings>(warnings)?) };
        Ok(())
    })
}

/// The number of chart numbers that several patients share. 0 on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_warnings_duplicate_count(warnings: *const itero_warnings) -> i32 {
    guard::value("itero_warnings_duplicate_count", warnings, 0, |table| {
        Ok(count(&table.value.duplicates))
    })
}

/// A chart number that several patients share. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_warnings_duplicate_chart_number(
    warnings: *const itero_warnings,
    index: i32,
) -> *const c_char {
    guard::text("itero_warnings_duplicate_chart_number", warnings, |table| {
        Ok(row(&table.value.duplicates, index)?.chart_number.as_ptr())
    })
}

/// The patients who share a chart number.
///
/// index: from 0 to itero_warnings_duplicate_count - 1.
/// patients_out: where the table goes; free it with itero_patients_free. It lives on when the warnings are freed.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_LIMIT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_warnings_duplicate_patients(
    warnings: *const itero_warnings,
    index: i32,
    patients_out: *mut *mut itero_patients,
) -> i32 {
    guard::status("itero_warnings_duplicate_patients", || {
        let warnings = get(warnings)?;
        out("patients_out", patients_out)?;
        let value = row(&warnings.value.duplicates, index)?.patients.clone();
        unsafe {
            put(
                patients_out,
                give::<itero_patients>(Read {
                    value,
                    json: Text::default(),
                })?,
            )
        };
        Ok(())
    })
}

/// The patients without a chart number.
///
/// patients_out: where the table goes; free it with itero_patients_free. It lives on when the warnings are freed.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_LIMIT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_warnings_missing_chart_number(
    warnings: *const itero_warnings,
    patients_out: *mut *mut itero_patients,
) -> i32 {
    guard::status("itero_warnings_missing_chart_number", || {
        let warnings = get(warnings)?;
        out("patients_out", patients_out)?;
        let value = warnings.value.missing_chart_number.clone();
        unsafe {
            put(
                patients_out,
                give::<itero_patients>(Read {
                    value,
                    json: Text::default(),
                })?,
            )
        };
        Ok(())
    })
}

/// The service's whole answer as JSON, for members that this library doesn't know. "" on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_warnings_json(warnings: *const itero_warnings) -> *const c_char {
    guard::json("itero_warnings_json", warnings, |table| {
        Ok(table.json.as_ptr())
    })
}

/// Frees the warnings, with all texts that came from it. NULL is fine.
///
/// Errors: ITERO_E_HANDLE. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_warnings_free(warnings: *mut itero_warnings) -> i32 {
    guard::free("itero_warnings_free", warnings, |_| {})
}
