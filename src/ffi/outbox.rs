//! Outbox
//!
//! What a program wants done at the service while the network may be away: scan requests, corrections of patients,
//! withdrawals of Rx. An item is on the disk when the function that adds it returns; itero_outbox_run sends what is there,
//! oldest first. A crash at any moment loses nothing and sends nothing twice.
//!
//! The items of one patient keep their order: one that failed, or whose outcome is unknown, holds back the later ones of
//! that patient, not those of others. Patients are told apart by chart number and by the service's id; a correction by id
//! keeps its place before a scan request when it names the chart number too, even an unchanged one.
//!
//! Several programs may use one outbox, as the same user on one computer: one of them sends at a time, and adding never
//! waits for that. The file holds patient data sealed for that user alone. An outbox belongs to the account of its first
//! run.

use std::ffi::c_char;

use super::guard;
use super::handle::{Handle, Table, get, give_shared};
use super::scan_request::itero_scan_request;
use super::text::{maybe, need, out, path as absolute_path, put};
use crate::client::outbox::Outbox;
use crate::error::Result;

/// An outbox. Free it with itero_outbox_free.
#[allow(non_camel_case_types)]
pub struct itero_outbox {
    _opaque: [u8; 0],
}

static OUTBOXES: Table<Outbox> = Table::new();

impl Handle for itero_outbox {
    type Object = Outbox;
    const KIND: usize = 20;
    const NAME: &'static str = "outbox";
    fn table() -> &'static Table<Outbox> {
        &OUTBOXES
    }
}

fn add(
    operation: &'static str,
    outbox: *mut itero_outbox,
    item_id_out: *mut i32,
    add: impl FnOnce(&Outbox) -> Result<i32>,
) -> i32 {
    guard::status(operation, || {
        let outbox = get(outbox)?;
        out("item_id_out", item_id_out)?;
        let id = add(&outbox)?;
        unsafe { put(item_id_out, id) };
        Ok(())
    })
}

/// Opens an outbox, or makes an empty one. Two files stand beside it, with .lock and .run behind its name; they are never deleted.
///
/// path: an absolute path to the file, on a disk of this computer, in a folder that is there.
/// outbox_out: where the handle goes; free it with itero_outbox_free.
///
/// Errors: ITERO_E_ARGUMENT (also for a folder and for a file that is no outbox, which is left as it is), ITERO_E_TEXT,
/// ITERO_E_STATE (a newer version of this library wrote it), ITERO_E_IO (no such folder, no right to write, a network
/// share), ITERO_E_DISK_FULL, ITERO_E_LIMIT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_outbox_open(
    path: *const c_char,
    outbox_out: *mut *mut itero_outbox,
) -> i32 {
    guard::status("itero_outbox_open", || {
        let path = unsafe { absolute_path("path", path) }?;
        out("outbox_out", outbox_out)?;
        let outbox = Outbox::open(&path)?;
        unsafe { put(outbox_out, give_shared::<itero_outbox>(outbox)?) };
        Ok(())
    })
}

/// D2, Scan Request: puts a copy of a scan request into the outbox, after checking all of it.
///
/// request: as for itero_scan_request_send; it may be freed at once.
/// item_id_out: where the item's id goes, a number from 1 on that no other item of this outbox gets.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT (names all that is wrong in the request), ITERO_E_IO, ITERO_E_DISK_FULL,
/// ITERO_E_STORE (the key that seals patient data can't be had), ITERO_E_STATE (the file is now a newer version's),
/// ITERO_E_LIMIT. After an error the item is not in the outbox. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_outbox_add_scan_request(
    outbox: *mut itero_outbox,
    request: *const itero_scan_request,
    item_id_out: *mut i32,
) -> i32 {
    add(
        "itero_outbox_add_scan_request",
        outbox,
        item_id_out,
        |outbox| {
            let request = get(request)?
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner)
                .clone();
            outbox.add_scan_request(&request)
        },
    )
}

/// P2, Update by patient id: puts the correction of one patient into the outbox.
///
/// patient_id: the GUID from itero_patients_id.
/// first_name, last_name, chart_number: the new values, at least one; NULL leaves a member as it is.
/// item_id_out: as for itero_outbox_add_scan_request.
///
/// Errors: as itero_outbox_add_scan_request, and ITERO_E_TEXT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_outbox_add_patient_update(
    outbox: *mut itero_outbox,
    patient_id: *const c_char,
    first_name: *const c_char,
    last_name: *const c_char,
    chart_number: *const c_char,
    item_id_out: *mut i32,
) -> i32 {
    add(
        "itero_outbox_add_patient_update",
        outbox,
        item_id_out,
        |outbox| unsafe {
            outbox.add_patient_update(
                &need("patient_id", patient_id)?,
                maybe("first_name", first_name)?.as_deref(),
                maybe("last_name", last_name)?.as_deref(),
                maybe("chart_number", chart_number)?.as_deref(),
            )
        },
    )
}

/// P4, Update by chart number: puts the correction of a patient's name into the outbox.
///
/// chart_number: whose name is corrected.
/// first_name, last_name: the new values, at least one; NULL leaves a member as it is.
/// item_id_out: as for itero_outbox_add_scan_request.
///
/// Errors: as itero_outbox_add_scan_request, and ITERO_E_TEXT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_outbox_add_patient_update_by_chart_number(
    outbox: *mut itero_outbox,
    chart_number: *const c_char,
    first_name: *const c_char,
    last_name: *const c_char,
    item_id_out: *mut i32,
) -> i32 {
    add(
        "itero_outbox_add_patient_update_by_chart_number",
        outbox,
        item_id_out,
        |outbox| unsafe {
            outbox.add_patient_update_by_chart_number(
                &need("chart_number", chart_number)?,
                maybe("first_name", first_name)?.as_deref(),
                maybe("last_name", last_name)?.as_deref(),
            )
        },
    )
}

/// D7, Delete Rx: puts the withdrawal of an Rx into the outbox.
///
/// rx_id: from itero_rx_id or itero_outbox_items_rx_id.
/// item_id_out: as for itero_outbox_add_scan_request.
///
/// Errors: as itero_outbox_add_scan_request, and ITERO_E_TEXT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_outbox_add_rx_delete(
    outbox: *mut itero_outbox,
    rx_id: *const c_char,
    item_id_out: *mut i32,
) -> i32 {
    add(
        "itero_outbox_add_rx_delete",
        outbox,
        item_id_out,
        |outbox| outbox.add_rx_delete(&unsafe { need("rx_id", rx_id) }?),
    )
}

/// Takes an item out of the outbox: one that is confirmed or has failed, once the host program has taken note of it, or
/// one that has not been sent yet, which then never is.
///
/// item_id: from itero_outbox_items_id.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_NOT_FOUND, ITERO_E_STATE (it was sent, and its outcome is not known; or as
/// itero_outbox_open), ITERO_E_IO, ITERO_E_DISK_FULL, ITERO_E_ARGUMENT. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_outbox_remove(outbox: *mut itero_outbox, item_id: i32) -> i32 {
    guard::status("itero_outbox_remove", || get(outbox)?.remove(item_id))
}

/// Lets a failed item be sent again, in its old place, by the next run.
///
/// item_id: from itero_outbox_items_id.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_NOT_FOUND, ITERO_E_STATE (it has not failed; or as itero_outbox_open), ITERO_E_IO,
/// ITERO_E_DISK_FULL, ITERO_E_ARGUMENT. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_outbox_retry(outbox: *mut itero_outbox, item_id: i32) -> i32 {
    guard::status("itero_outbox_retry", || get(outbox)?.retry(item_id))
}

/// Writes down what a person found, at the scanner or on the portal, about a scan request whose outcome is unknown.
///
/// item_id: from itero_outbox_items_id.
/// rx_id: the RxID, which confirms the item; NULL when the scan request did not arrive: the next run sends it again.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_TEXT, ITERO_E_NOT_FOUND, ITERO_E_STATE (its outcome is not unknown; or as
/// itero_outbox_open), ITERO_E_IO, ITERO_E_DISK_FULL, ITERO_E_ARGUMENT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_outbox_settle(
    outbox: *mut itero_outbox,
    item_id: i32,
    rx_id: *const c_char,
) -> i32 {
    guard::status("itero_outbox_settle", || {
        get(outbox)?.settle(item_id, unsafe { maybe("rx_id", rx_id) }?.as_deref())
    })
}

/// Frees an outbox; the items stay on the disk, and a run goes on. NULL is fine.
///
/// Errors: ITERO_E_HANDLE. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_outbox_free(outbox: *mut itero_outbox) -> i32 {
    guard::free("itero_outbox_free", outbox, |_| {})
}
