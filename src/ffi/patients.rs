//! Patients
//!
//! Search and correction. The host program is the master of patient data: nothing here creates or merges a patient.
//! Results are tables: rows from 0 to count - 1; texts belong to the table and live until it is freed.
//!
//! Names and chart numbers are trimmed and sent in Unicode's composed form (NFC).

use std::ffi::c_char;

use super::client::{client, itero_client};
use super::guard;
use super::handle::{Handle, Table, give};
use super::text::{count, maybe_owned, out, owned, put, row};
use crate::error::Result;
use crate::wire::Read;
use crate::wire::patient::Patient;

/// A table of patients. Free it with itero_patients_free.
#[allow(non_camel_case_types)]
pub struct itero_patients {
    _opaque: [u8; 0],
}

static PATIENTS: Table<Read<Vec<Patient>>> = Table::new();

impl Handle for itero_patients {
    type Object = Read<Vec<Patient>>;
    const KIND: usize = 7;
    const NAME: &'static str = "patients table";
    fn table() -> &'static Table<Read<Vec<Patient>>> {
        &PATIENTS
    }
}

unsafe fn give_patients(place: *mut *mut itero_patients, table: Read<Vec<Patient>>) -> Result<()> {
    unsafe { put(place, give::<itero_patients>(table)?) };
    Ok(())
}

/// P1, Patient search: the patients who have exactly these members, letter case aside.
///
/// first_name, last_name, chart_number: at least one; NULL or "" matches every patient.
/// patients_out: where the table goes, with 0 rows when nobody matches; free it with itero_patients_free.
///
/// Before a scan request all ways to write a name must be searched for: itero_patients_match does.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT, ITERO_E_NOT_SIGNED_IN, ITERO_E_STORE, ITERO_E_DISK_FULL,
/// ITERO_E_NOT_PAIRED, ITERO_E_AUTH, ITERO_E_NETWORK, ITERO_E_TIMEOUT, ITERO_E_TLS, ITERO_E_CANCELLED,
/// ITERO_E_PROTOCOL, ITERO_E_SERVICE. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_patients_search(
    client: *mut itero_client,
    first_name: *const c_char,
    last_name: *const c_char,
    chart_number: *const c_char,
    patients_out: *mut *mut itero_patients,
) -> i32 {
    guard::status("itero_patients_search", || {
        let client = self::client(client)?;
        let (first, last, chart) = unsafe {
            (
                maybe_owned("first_name", first_name)?.unwrap_or_default(),
                maybe_owned("last_name", last_name)?.unwrap_or_default(),
                maybe_owned("chart_number", chart_number)?.unwrap_or_default(),
            )
        };
        out("patients_out", patients_out)?;
        let table = client.run(|client| client.patients_search(first, last, chart))?;
        unsafe { give_patients(patients_out, table) }
    })
}

/// P2, Update by Patient ID: corrects the first name, last name or chart number of one patient.
///
/// patient_id: the GUID from itero_patients_id.
/// first_name, last_name, chart_number: the new values, at least one; NULL leaves a member as it is.
/// patients_out: where a table with the corrected patient goes; free it with itero_patients_free. NULL if not wanted.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT, ITERO_E_NOT_SIGNED_IN, ITERO_E_STORE, ITERO_E_DISK_FULL,
/// ITERO_E_NOT_PAIRED, ITERO_E_NOT_FOUND, ITERO_E_CONFLICT, ITERO_E_AUTH, ITERO_E_NETWORK, ITERO_E_TIMEOUT,
/// ITERO_E_TLS, ITERO_E_CANCELLED, ITERO_E_PROTOCOL, ITERO_E_SERVICE. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_patients_update(
    client: *mut itero_client,
    patient_id: *const c_char,
    first_name: *const c_char,
    last_name: *const c_char,
    chart_number: *const c_char,
    patients_out: *mut *mut itero_patients,
) -> i32 {
    guard::status("itero_patients_update", || {
        let client = self::client(client)?;
        let (patient_id, first, last, chart) = unsafe {
            (
                owned("patient_id", patient_id)?,
                maybe_owned("first_name", first_name)?,
                maybe_owned("last_name", last_name)?,
                maybe_owned("chart_number", chart_number)?,
            )
        };
        let table = client.run(|client| client.patients_update(patient_id, first, last, chart))?;
        if patients_out.is_null() {
            Ok(())
        } else {
            unsafe { give_patients(patients_out, table) }
        }
    })
}

/// P4, Update by chart number: corrects the first or last name of the one patient with this chart number, after a
/// marriage or a typing error.
///
/// chart_number: whose name is corrected.
/// first_name, last_name: the new values, at least one; NULL leaves a member as it is.
/// patients_out: where a table with the corrected patient goes; free it with itero_patients_free. NULL if not wanted.
///
/// Errors: as itero_patients_update; ITERO_E_CONFLICT when several patients share the chart number, which is looked up
/// first: nothing is changed then, and itero_patients_search lists them. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_patients_update_by_chart_number(
    client: *mut itero_client,
    chart_number: *const c_char,
    first_name: *const c_char,
    last_name: *const c_char,
    patients_out: *mut *mut itero_patients,
) -> i32 {
    guard::status("itero_patients_update_by_chart_number", || {
        let client = self::client(client)?;
        let (chart, first, last) = unsafe {
            (
                owned("chart_number", chart_number)?,
                maybe_owned("first_name", first_name)?,
                maybe_owned("last_name", last_name)?,
            )
        };
        let table =
            client.run(|client| client.patients_update_by_chart_number(chart, first, last))?;
        if patients_out.is_null() {
            Ok(())
        } else {
            unsafe { give_patients(patients_out, table) }
        }
    })
}

/// The number of patients. 0 on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_patients_count(patients: *const itero_patients) -> i32 {
    guard::value("itero_patients_count", patients, 0, |table| {
        Ok(count(&table.value))
    })
}

/// The service's GUID of a patient, for itero_patients_update. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_patients_id(patients: *const itero_patients, index: i32) -> *const c_char {
    guard::text("itero_patients_id", patients, |table| {
        Ok(row(&table.value, index)?.patient_id.as_ptr())
    })
}

/// A patient's first name. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_patients_first_name(
    patients: *const itero_patients,
    index: i32,
) -> *const c_char {
    guard::text("itero_patients_first_name", patients, |table| {
        Ok(row(&table.value, index)?.first_name.as_ptr())
    })
}

/// A patient's last name. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_patients_last_name(
    patients: *const itero_patients,
    index: i32,
) -> *const c_char {
    guard::text("itero_patients_last_name", patients, |table| {
        Ok(row(&table.value, index)?.last_name.as_ptr())
    })
}

/// A patient's chart number, "" when it is missing. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_patients_chart_number(
    patients: *const itero_patients,
    index: i32,
) -> *const c_char {
    guard::text("itero_patients_chart_number", patients, |table| {
        Ok(row(&table.value, index)?.chart_number.as_ptr())
    })
}

/// A patient's date of birth as the service writes it, "" when it is missing. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_patients_birth_date(
    patients: *const itero_patients,
    index: i32,
) -> *const c_char {
    guard::text("itero_patients_birth_date", patients, |table| {
        Ok(row(&table.value, index)?.birth_date.as_ptr())
    })
}

/// The service's whole answer as JSON, for members that this library doesn't know. "" on a bad handle and for tables
/// that a warnings handle gave. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_patients_json(patients: *const itero_patients) -> *const c_char {
    guard::json("itero_patients_json", patients, |table| {
        Ok(table.json.as_ptr())
    })
}

/// Frees the table, with all texts that came from it. NULL is fine.
///
/// Errors: ITERO_E_HANDLE. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_patients_free(patients: *mut itero_patients) -> i32 {
    guard::free("itero_patients_free", patients, |_| {})
}
