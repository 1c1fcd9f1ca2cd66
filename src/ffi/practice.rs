//! Practice
//!
//! The practice configuration of the paired account: doctors, labs, procedures and scanners, all that a scan request
//! needs. Lists are tables: rows from 0 to count - 1; texts belong to the handle and live until it is freed.

use std::ffi::c_char;

use super::client::{client, itero_client};
use super::guard;
use super::handle::{Handle, Table, give};
use super::text::{count, out, put, row};
use crate::client::Client;
use crate::wire::Read;
use crate::wire::practice::Practice;

/// A practice configuration. Free it with itero_practice_free.
#[allow(non_camel_case_types)]
pub struct itero_practice {
    _opaque: [u8; 0],
}

static PRACTICES: Table<Read<Practice>> = Table::new();

impl Handle for itero_practice {
    type Object = Read<Practice>;
    const KIND: usize = 6;
    const NAME: &'static str = "practice";
    fn table() -> &'static Table<Read<Practice>> {
        &PRACTICES
    }
}

/// D1, Get Practice Configuration: the practice's data with its doctors, labs, procedures and scanners.
///
/// practice_out: where the result goes; free it with itero_practice_free.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_NOT_SIGNED_IN, ITERO_E_STORE, ITERO_E_DISK_FULL,
/// ITERO_E_NOT_PAIRED, ITERO_E_AUTH, ITERO_E_NETWORK, ITERO_E_TIMEOUT, ITERO_E_TLS, ITERO_E_CANCELLED,
/// ITERO_E_PROTOCOL, ITERO_E_SERVICE. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_practice_get(
    client: *mut itero_client,
    practice_out: *mut *mut itero_practice,
) -> i32 {
    guard::status("itero_practice_get", || {
        out("practice_out", practice_out)?;
        let practice = self::client(client)?.run(Client::practice)?;
        unsafe { put(practice_out, give::<itero_practice>(practice)?) };
        Ok(())
    })
}

/// The id of the practice's account. "" on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_practice_account_id(practice: *const itero_practice) -> *const c_char {
    guard::text("itero_practice_account_id", practice, |table| {
        Ok(table.value.account_id.as_ptr())
    })
}

/// The practice's name. "" on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_practice_name(practice: *const itero_practice) -> *const c_char {
    guard::text("itero_practice_name", practice, |table| {
        Ok(table.value.name.as_ptr())
    })
}

/// The practice's address in one line. "" on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_practice_address(practice: *const itero_practice) -> *const c_char {
    guard::text("itero_practice_address", practice, |table| {
        Ok(table.value.address.as_ptr())
    })
}

/// The practice's telephone number. "" on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_practice_phone(practice: *const itero_practice) -> *const c_char {
    guard::text("itero_practice_phone", practice, |table| {
        Ok(table.value.phone.as_ptr())
    })
}

/// The practice's time zone, an IANA name such as "Europe/Berlin". "" on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_practice_time_zone(practice: *const itero_practice) -> *const c_char {
    guard::text("itero_practice_time_zone", practice, |table| {
        Ok(table.value.time_zone.as_ptr())
    })
}

/// The number of doctors. 0 on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_practice_doctor_count(practice: *const itero_practice) -> i32 {
    guard::value("itero_practice_doctor_count", practice, 0, |table| {
        Ok(count(&table.value.doctors))
    })
}

/// The id of a doctor, for itero_scan_request_set_doctor_id. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_practice_doctor_id(
    practice: *const itero_practice,
    index: i32,
) -> *const c_char {
    guard::text("itero_practice_doctor_id", practice, |table| {
        Ok(row(&table.value.doctors, index)?.doctor_id.as_ptr())
    })
}

/// A doctor's first name. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_practice_doctor_first_name(
    practice: *const itero_practice,
    index: i32,
) -> *const c_char {
    guard::text("itero_practice_doctor_first_name", practice, |table| {
        Ok(row(&table.value.doctors, index)?.first_name.as_ptr())
    })
}

/// A doctor's last name. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_practice_doctor_last_name(
    practice: *const itero_practice,
    index: i32,
) -> *const c_char {
    guard::text("itero_practice_doctor_last_name", practice, |table| {
        Ok(row(&table.value.doctors, index)?.last_name.as_ptr())
    })
}

/// A doctor's license number. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_practice_doctor_license_number(
    practice: *const itero_practice,
    index: i32,
) -> *const c_char {
    guard::text("itero_practice_doctor_license_number", practice, |table| {
        Ok(row(&table.value.doctors, index)?.license_number.as_ptr())
    })
}

/// A doctor's e-mail address. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_practice_doctor_email(
    practice: *const itero_practice,
    index: i32,
) -> *const c_char {
    guard::text("itero_practice_doctor_email", practice, |table| {
        Ok(row(&table.value.doctors, index)?.email.as_ptr())
    })
}

/// The number of labs. 0 on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_practice_lab_count(practice: *const itero_practice) -> i32 {
    guard::value("itero_practice_lab_count", practice, 0, |table| {
        Ok(count(&table.value.labs))
    })
}

/// The id of a lab, for itero_scan_request_set_lab_id. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_practice_lab_id(
    practice: *const itero_practice,
    index: i32,
) -> *const c_char {
    guard::text("itero_practice_lab_id", practice, |table| {
        Ok(row(&table.value.labs, index)?.lab_id.as_ptr())
    })
}

/// A lab's name. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_practice_lab_name(
    practice: *const itero_practice,
    index: i32,
) -> *const c_char {
    guard::text("itero_practice_lab_name", practice, |table| {
        Ok(row(&table.value.labs, index)?.name.as_ptr())
    })
}

/// The number of procedures. 0 on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_practice_procedure_count(practice: *const itero_practice) -> i32 {
    guard::value("itero_practice_procedure_count", practice, 0, |table| {
        Ok(count(&table.value.procedures))
    })
}

/// The id of a procedure, for itero_scan_request_set_procedure_map_id. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_practice_procedure_map_id(
    practice: *const itero_practice,
    index: i32,
) -> *const c_char {
    guard::text("itero_practice_procedure_map_id", practice, |table| {
        Ok(row(&table.value.procedures, index)?
            .procedure_map_id
            .as_ptr())
    })
}

/// A procedure's name. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_practice_procedure_name(
    practice: *const itero_practice,
    index: i32,
) -> *const c_char {
    guard::text("itero_practice_procedure_name", practice, |table| {
        Ok(row(&table.value.procedures, index)?.name.as_ptr())
    })
}

/// The number of scanners. 0 on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_practice_scanner_count(practice: *const itero_practice) -> i32 {
    guard::value("itero_practice_scanner_count", practice, 0, |table| {
        Ok(count(&table.value.scanners))
    })
}

/// The serial number of a scanner, for itero_scan_request_set_scanner_serial_number. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_practice_scanner_serial_number(
    practice: *const itero_practice,
    index: i32,
) -> *const c_char {
    guard::text("itero_practice_scanner_serial_number", practice, |table| {
        Ok(row(&table.value.scanners, index)?.serial_number.as_ptr())
    })
}

/// A scanner's model. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_practice_scanner_model(
    practice: *const itero_practice,
    index: i32,
) -> *const c_char {
    guard::text("itero_practice_scanner_model", practice, |table| {
        Ok(row(&table.value.scanners, index)?.model.as_ptr())
    })
}

/// A scanner's name in the practice. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_practice_scanner_name(
    practice: *const itero_practice,
    index: i32,
) -> *const c_char {
    guard::text("itero_practice_scanner_name", practice, |table| {
        Ok(row(&table.value.scanners, index)?.name.as_ptr())
    })
}

/// The service's whole answer as JSON, for members that this library doesn't know. "" on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_practice_json(practice: *const itero_practice) -> *const c_char {
    guard::json("itero_practice_json", practice, |table| {
        Ok(table.json.as_ptr())
    })
}

/// Frees the practice configuration, with all texts that came from it. NULL is fine.
///
/// Errors: ITERO_E_HANDLE. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_practice_free(practice: *mut itero_practice) -> i32 {
    guard::free("itero_practice_free", practice, |_| {})
}
