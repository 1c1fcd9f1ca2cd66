//! Scan request
//!
//! A scan request is filled step by step, checked as a whole and sent once. Its answer is the Rx.
//!
//! Every text is copied. An empty text sets a member back to "not given".

use std::ffi::c_char;
use std::sync::{Mutex, PoisonError};

use super::client::{client, itero_client};
use super::guard;
use super::handle::{Handle, Table, get, give};
use super::library::switch;
use super::rx::itero_rx;
use super::text::{out, owned, put};
use crate::client::scan_request::{ScanRequest, Tooth};
use crate::error::Result;

/// A scan request in the making. Free it with itero_scan_request_free.
#[allow(non_camel_case_types)]
pub struct itero_scan_request {
    _opaque: [u8; 0],
}

static REQUESTS: Table<Mutex<ScanRequest>> = Table::new();

impl Handle for itero_scan_request {
    type Object = Mutex<ScanRequest>;
    const KIND: usize = 11;
    const NAME: &'static str = "scan request";
    fn table() -> &'static Table<Mutex<ScanRequest>> {
        &REQUESTS
    }
}

fn change(
    operation: &'static str,
    request: *mut itero_scan_request,
    change: impl FnOnce(&mut ScanRequest) -> Result<()>,
) -> i32 {
    guard::status(operation, || {
        change(&mut get(request)?.lock().unwrap_or_else(PoisonError::into_inner))
    })
}

/// Makes an empty scan request.
///
/// request_out: where the handle goes; free it with itero_scan_request_free. It may be sent, changed and sent again.
///
/// Errors: ITERO_E_ARGUMENT, ITERO_E_LIMIT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_scan_request_new(request_out: *mut *mut itero_scan_request) -> i32 {
    guard::status("itero_scan_request_new", || {
        out("request_out", request_out)?;
        unsafe { put(request_out, give::<itero_scan_request>(Mutex::default())?) };
        Ok(())
    })
}

/// Sets the doctor, from itero_practice_doctor_id. Needed.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_scan_request_set_doctor_id(
    request: *mut itero_scan_request,
    doctor_id: *const c_char,
) -> i32 {
    change("itero_scan_request_set_doctor_id", request, |request| {
        request.doctor_id = unsafe { owned("doctor_id", doctor_id) }?;
        Ok(())
    })
}

/// Sets the patient's first name. Needed. At most 128 characters.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_scan_request_set_patient_first_name(
    request: *mut itero_scan_request,
    patient_first_name: *const c_char,
) -> i32 {
    change(
        "itero_scan_request_set_patient_first_name",
        request,
        |request| {
            request.first_name = unsafe { owned("patient_first_name", patient_first_name) }?;
            Ok(())
        },
    )
}

/// Sets the patient's last name. Needed. At most 128 characters.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_scan_request_set_patient_last_name(
    request: *mut itero_scan_request,
    patient_last_name: *const c_char,
) -> i32 {
    change(
        "itero_scan_request_set_patient_last_name",
        request,
        |request| {
            request.last_name = unsafe { owned("patient_last_name", patient_last_name) }?;
            Ok(())
        },
    )
}

/// Sets the patient's chart number. Needed. At most 128 characters.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_scan_request_set_patient_chart_number(
    request: *mut itero_scan_request,
    patient_chart_number: *const c_char,
) -> i32 {
    change(
        "itero_scan_request_set_patient_chart_number",
        request,
        |request| {
            request.chart_number = unsafe { owned("patient_chart_number", patient_chart_number) }?;
            Ok(())
        },
    )
}

/// Sets the patient's date of birth, "yyyy-MM-dd" or "MM/dd/yyyy"; from 1900 on and not in the future.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_scan_request_set_patient_birth_date(
    request: *mut itero_scan_request,
    patient_birth_date: *const c_char,
) -> i32 {
    change(
        "itero_scan_request_set_patient_birth_date",
        request,
        |request| {
            request.birth_date = unsafe { owned("patient_birth_date", patient_birth_date) }?;
            Ok(())
        },
    )
}

/// Sets the patient's gender, in the service's words.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_scan_request_set_patient_gender(
    request: *mut itero_scan_request,
    patient_gender: *const c_char,
) -> i32 {
    change(
        "itero_scan_request_set_patient_gender",
        request,
        |request| {
            request.gender = unsafe { owned("patient_gender", patient_gender) }?;
            Ok(())
        },
    )
}

/// Sets the procedure, from itero_practice_procedure_map_id. Needed.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_scan_request_set_procedure_map_id(
    request: *mut itero_scan_request,
    procedure_map_id: *const c_char,
) -> i32 {
    change(
        "itero_scan_request_set_procedure_map_id",
        request,
        |request| {
            request.procedure_map_id = unsafe { owned("procedure_map_id", procedure_map_id) }?;
            Ok(())
        },
    )
}

/// Sets the scanner that the Rx is meant for, from itero_practice_scanner_serial_number.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_scan_request_set_scanner_serial_number(
    request: *mut itero_scan_request,
    scanner_serial_number: *const c_char,
) -> i32 {
    change(
        "itero_scan_request_set_scanner_serial_number",
        request,
        |request| {
            request.scanner_serial_number =
                unsafe { owned("scanner_serial_number", scanner_serial_number) }?;
            Ok(())
        },
    )
}

/// Sets the lab, from itero_practice_lab_id.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_scan_request_set_lab_id(
    request: *mut itero_scan_request,
    lab_id: *const c_char,
) -> i32 {
    change("itero_scan_request_set_lab_id", request, |request| {
        request.lab_id = unsafe { owned("lab_id", lab_id) }?;
        Ok(())
    })
}

/// Sets the date by which the lab should be done, "yyyy-MM-dd" or "MM/dd/yyyy". It may have passed.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_scan_request_set_due_date(
    request: *mut itero_scan_request,
    due_date: *const c_char,
) -> i32 {
    change("itero_scan_request_set_due_date", request, |request| {
        request.due_date = unsafe { owned("due_date", due_date) }?;
        Ok(())
    })
}

/// Sets the notes for the person at the scanner or in the lab, at most 4000 characters.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_scan_request_set_notes(
    request: *mut itero_scan_request,
    notes: *const c_char,
) -> i32 {
    change("itero_scan_request_set_notes", request, |request| {
        request.notes = unsafe { owned("notes", notes) }?;
        Ok(())
    })
}

/// Adds a tooth with its treatment.
///
/// tooth_number: FDI (ISO 3950: 11 to 48, 51 to 85) or Universal (1 to 32, A to T), as the practice has it, and the same
/// one for all teeth of a request. At most 52 teeth.
/// restoration, material, shade: in the service's words; "" when not given.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_scan_request_add_tooth(
    request: *mut itero_scan_request,
    tooth_number: *const c_char,
    restoration: *const c_char,
    material: *const c_char,
    shade: *const c_char,
) -> i32 {
    change("itero_scan_request_add_tooth", request, |request| {
        let tooth = unsafe {
            Tooth {
                number: owned("tooth_number", tooth_number)?,
                restoration: owned("restoration", restoration)?,
                material: owned("material", material)?,
                shade: owned("shade", shade)?,
            }
        };
        request.teeth.push(tooth);
        Ok(())
    })
}

/// P3, Scan request with update: lets the scan request correct the patient's name too. Align must enable it for the
/// account.
///
/// update_patient: 1 or 0 (the default).
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_scan_request_set_update_patient(
    request: *mut itero_scan_request,
    update_patient: i32,
) -> i32 {
    change(
        "itero_scan_request_set_update_patient",
        request,
        |request| {
            request.update_patient = switch("update_patient", update_patient)?;
            Ok(())
        },
    )
}

/// D2, Scan Request: checks the request, sends it once, and returns the Rx with its RxID.
///
/// Match the patient first (itero_patients_match), so that no patient is created twice, or use itero_rx_push, which does
/// it. It is never sent twice: when the answer is lost, the call ends with ITERO_E_OUTCOME_UNKNOWN, and the Rx may or may
/// not be there: itero_last_error_operation_id says what to ask itero_rx_resolve for. Only while no byte has gone out, or
/// when the service answers that it is too busy (HTTP 429), it is tried again. The ledger is told before and after; when it
/// can't be written, nothing is sent.
///
/// rx_out: where the Rx goes; free it with itero_rx_free. Keep the RxID.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT (names every member that is wrong; nothing was sent, or the service
/// refused it), ITERO_E_NOT_SIGNED_IN, ITERO_E_DISK_FULL, ITERO_E_NOT_PAIRED, ITERO_E_NOT_ENABLED (P3),
/// ITERO_E_CONFLICT, ITERO_E_AUTH, ITERO_E_OUTCOME_UNKNOWN, and with nothing sent ITERO_E_STORE (the ledger),
/// ITERO_E_NETWORK, ITERO_E_TIMEOUT, ITERO_E_TLS, ITERO_E_CANCELLED, ITERO_E_RATE_LIMIT. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_scan_request_send(
    client: *mut itero_client,
    request: *const itero_scan_request,
    rx_out: *mut *mut itero_rx,
) -> i32 {
    guard::status("itero_scan_request_send", || {
        let client = self::client(client)?;
        let request = get(request)?
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        out("rx_out", rx_out)?;
        let sent = client.scan_request_send(&request)?;
        unsafe { put(rx_out, give::<itero_rx>(sent)?) };
        Ok(())
    })
}

/// Frees a scan request. NULL is fine.
///
/// Errors: ITERO_E_HANDLE. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_scan_request_free(request: *mut itero_scan_request) -> i32 {
    guard::free("itero_scan_request_free", request, |_| {})
}
