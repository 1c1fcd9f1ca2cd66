//! Outbox items
//!
//! What is in an outbox, as a table: rows from 0 to count - 1, the oldest item first. No patient data: a host program
//! keeps the item's id beside what it is about.

use std::ffi::c_char;

use super::guard;
use super::handle::{Handle, Table, get, give};
use super::outbox::itero_outbox;
use super::text::{count, out, put, row};
use crate::client::outbox::{Item, Kind, State};

/// Kind of an item: a scan request.
pub const ITERO_OUTBOX_SCAN_REQUEST: i32 = 1;
/// Kind of an item: the correction of a patient, by the patient's id.
pub const ITERO_OUTBOX_PATIENT_UPDATE: i32 = 2;
/// Kind of an item: the correction of a patient's name, by chart number.
pub const ITERO_OUTBOX_PATIENT_UPDATE_BY_CHART_NUMBER: i32 = 3;
/// Kind of an item: the withdrawal of an Rx.
pub const ITERO_OUTBOX_RX_DELETE: i32 = 4;

/// State of an item: on the disk, not sent.
pub const ITERO_OUTBOX_PREPARED: i32 = 1;
/// State of an item: being sent; or it was when a program ended, and the next run finds out what became of it.
pub const ITERO_OUTBOX_SENT: i32 = 2;
/// State of an item: done at the service.
pub const ITERO_OUTBOX_CONFIRMED: i32 = 3;
/// State of an item: sent, but its answer is lost. The next run looks for it; it holds back later items of its patient.
pub const ITERO_OUTBOX_UNKNOWN: i32 = 4;
/// State of an item: the service refused it. It holds back later items of its patient.
pub const ITERO_OUTBOX_FAILED: i32 = 5;

const _: () = {
    assert!(Kind::ScanRequest as i32 == ITERO_OUTBOX_SCAN_REQUEST);
    assert!(Kind::PatientUpdate as i32 == ITERO_OUTBOX_PATIENT_UPDATE);
    assert!(Kind::PatientUpdateByChartNumber as i32 == ITERO_OUTBOX_PATIENT_UPDATE_BY_CHART_NUMBER);
    assert!(Kind::RxDelete as i32 == ITERO_OUTBOX_RX_DELETE);
    assert!(State::Prepared as i32 == ITERO_OUTBOX_PREPARED);
    assert!(State::Sent as i32 == ITERO_OUTBOX_SENT);
    assert!(State::Confirmed as i32 == ITERO_OUTBOX_CONFIRMED);
    assert!(State::Unknown as i32 == ITERO_OUTBOX_UNKNOWN);
    assert!(State::Failed as i32 == ITERO_OUTBOX_FAILED);
};

/// A table of an outbox's items. Free it with itero_outbox_items_free.
#[allow(non_camel_case_types)]
pub struct itero_outbox_items {
    _opaque: [u8; 0],
}

static ITEMS: Table<Vec<Item>> = Table::new();

impl Handle for itero_outbox_items {
    type Object = Vec<Item>;
    const KIND: usize = 23;
    const NAME: &'static str = "table of outbox items";
    fn table() -> &'static Table<Vec<Item>> {
        &ITEMS
    }
}

fn number(
    operation: &'static str,
    items: *const itero_outbox_items,
    index: i32,
    otherwise: i32,
    pick: impl Fn(&Item) -> i32,
) -> i32 {
    guard::value(operation, items, otherwise, |items| {
        Ok(pick(row(items, index)?))
    })
}

fn time(
    operation: &'static str,
    items: *const itero_outbox_items,
    index: i32,
    pick: impl Fn(&Item) -> i64,
) -> i64 {
    guard::value(operation, items, -1, |items| Ok(pick(row(items, index)?)))
}

/// Reads what is in an outbox now.
///
/// items_out: where the table goes, with 0 rows when there is nothing; free it with itero_outbox_items_free. It doesn't
/// change when the outbox does.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_STATE (as itero_outbox_open), ITERO_E_IO, ITERO_E_LIMIT.
/// No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_outbox_items_list(
    outbox: *mut itero_outbox,
    items_out: *mut *mut itero_outbox_items,
) -> i32 {
    guard::status("itero_outbox_items_list", || {
        let outbox = get(outbox)?;
        out("items_out", items_out)?;
        let items = outbox.items()?;
        unsafe { put(items_out, give::<itero_outbox_items>(items)?) };
        Ok(())
    })
}

/// The number of rows. 0 on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_outbox_items_count(items: *const itero_outbox_items) -> i32 {
    guard::value("itero_outbox_items_count", items, 0, |rows| Ok(count(rows)))
}

/// The item's id. 0 on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_outbox_items_id(items: *const itero_outbox_items, index: i32) -> i32 {
    number("itero_outbox_items_id", items, index, 0, |item| item.id)
}

/// What is to be done: an ITERO_OUTBOX_ kind, such as ITERO_OUTBOX_SCAN_REQUEST. 0 on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_outbox_items_kind(items: *const itero_outbox_items, index: i32) -> i32 {
    number("itero_outbox_items_kind", items, index, 0, |item| {
        item.kind as i32
    })
}

/// How far it is: ITERO_OUTBOX_PREPARED, _SENT, _CONFIRMED, _UNKNOWN or _FAILED. 0 on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_outbox_items_state(items: *const itero_outbox_items, index: i32) -> i32 {
    number("itero_outbox_items_state", items, index, 0, |item| {
        item.state as i32
    })
}

/// The RxID of a confirmed scan request, which the host program must keep; "" for the others and on a bad handle or
/// index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_outbox_items_rx_id(
    items: *const itero_outbox_items,
    index: i32,
) -> *const c_char {
    guard::text("itero_outbox_items_rx_id", items, |rows| {
        Ok(row(rows, index)?.rx_id.as_ptr())
    })
}

/// The id under which a scan request is sent, as itero_rx_operation_id. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_outbox_items_operation_id(
    items: *const itero_outbox_items,
    index: i32,
) -> *const c_char {
    guard::text("itero_outbox_items_operation_id", items, |rows| {
        Ok(row(rows, index)?.operation_id.as_ptr())
    })
}

/// The status of the last failure, such as ITERO_E_CONFLICT; 0 when there was none and on a bad handle or index.
/// No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_outbox_items_status(items: *const itero_outbox_items, index: i32) -> i32 {
    number("itero_outbox_items_status", items, index, 0, |item| {
        item.status
    })
}

/// The message of the last failure; "" when there was none and on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_outbox_items_message(
    items: *const itero_outbox_items,
    index: i32,
) -> *const c_char {
    guard::text("itero_outbox_items_message", items, |rows| {
        Ok(row(rows, index)?.message.as_ptr())
    })
}

/// When it was added, in milliseconds since 1970-01-01T00:00:00Z; -1 on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_outbox_items_created_time(
    items: *const itero_outbox_items,
    index: i32,
) -> i64 {
    time("itero_outbox_items_created_time", items, index, |item| {
        item.added
    })
}

/// When its state changed last, in milliseconds since 1970-01-01T00:00:00Z; -1 on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_outbox_items_changed_time(
    items: *const itero_outbox_items,
    index: i32,
) -> i64 {
    time("itero_outbox_items_changed_time", items, index, |item| {
        item.changed
    })
}

/// In how many runs it was sent. 0 on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_outbox_items_attempts(items: *const itero_outbox_items, index: i32) -> i32 {
    number("itero_outbox_items_attempts", items, index, 0, |item| {
        i32::try_from(item.attempts).unwrap_or(i32::MAX)
    })
}

/// Frees the table, with all texts that came from it. NULL is fine.
///
/// Errors: ITERO_E_HANDLE. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_outbox_items_free(items: *mut itero_outbox_items) -> i32 {
    guard::free("itero_outbox_items_free", items, |_| {})
}
