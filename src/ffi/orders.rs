//! Orders
//!
//! An order is a scan with its data and files. An order is ready when it is uploaded, can be viewed, and all its files
//! can be downloaded. Results are tables: rows from 0 to count - 1, files with a second index; texts belong to the table
//! and live until it is freed.

use std::ffi::c_char;
use std::sync::PoisonError;

use super::client::{client, itero_client};
use super::guard;
use super::handle::{Handle, Table, get, give};
use super::order_query::itero_order_query;
use super::text::{count, out, owned, put, row};
use crate::error::Result;
use crate::wire::order::{File, Order, Query};
use crate::wire::{Read, Text, date};

/// A table of orders. Free it with itero_orders_free.
#[allow(non_camel_case_types)]
pub struct itero_orders {
    _opaque: [u8; 0],
}

static ORDERS: Table<Read<Vec<Order>>> = Table::new();

impl Handle for itero_orders {
    type Object = Read<Vec<Order>>;
    const KIND: usize = 10;
    const NAME: &'static str = "orders table";
    fn table() -> &'static Table<Read<Vec<Order>>> {
        &ORDERS
    }
}

pub(super) unsafe fn give_orders(
    place: *mut *mut itero_orders,
    table: Read<Vec<Order>>,
) -> Result<()> {
    unsafe { put(place, give::<itero_orders>(table)?) };
    Ok(())
}

/// What a host asks for; NULL asks for everything.
pub(super) fn asked(query: *const itero_order_query) -> Result<Query> {
    if query.is_null() {
        return Ok(Query::default());
    }
    Ok(get(query)?
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone())
}

fn file(table: &Read<Vec<Order>>, index: i32, file_index: i32) -> Result<&File> {
    row(&row(&table.value, index)?.files, file_index)
}

/// D3, Get Orders: the ready orders that a query asks for, all pages, oldest update first.
///
/// query: what to ask for; NULL for all ready orders.
/// orders_out: where the table goes; free it with itero_orders_free.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT (also when from is not before to), ITERO_E_NOT_SIGNED_IN, ITERO_E_STORE,
/// ITERO_E_DISK_FULL, ITERO_E_NOT_PAIRED, ITERO_E_AUTH, ITERO_E_NETWORK, ITERO_E_TIMEOUT, ITERO_E_TLS,
/// ITERO_E_CANCELLED, ITERO_E_PROTOCOL, ITERO_E_SERVICE. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_orders_list(
    client: *mut itero_client,
    query: *const itero_order_query,
    orders_out: *mut *mut itero_orders,
) -> i32 {
    guard::status("itero_orders_list", || {
        let client = self::client(client)?;
        out("orders_out", orders_out)?;
        let query = asked(query)?;
        let table = client.orders_list(query)?;
        unsafe { give_orders(orders_out, table) }
    })
}

/// D6, Get Order By RxID: the order of one Rx, the call to make after a notification.
///
/// rx_id: from itero_rx_id or a notification.
/// orders_out: where a table with one order goes; free it with itero_orders_free.
///
/// Errors: as itero_orders_list; ITERO_E_NOT_FOUND while nothing was scanned. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_orders_by_rx(
    client: *mut itero_client,
    rx_id: *const c_char,
    orders_out: *mut *mut itero_orders,
) -> i32 {
    guard::status("itero_orders_by_rx", || {
        let client = self::client(client)?;
        let rx_id = unsafe { owned("rx_id", rx_id) }?;
        out("orders_out", orders_out)?;
        let table = client.run(|client| client.orders_by_rx(rx_id))?;
        unsafe { give_orders(orders_out, table) }
    })
}

/// The number of orders. 0 on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_orders_count(orders: *const itero_orders) -> i32 {
    guard::value("itero_orders_count", orders, 0, |table| {
        Ok(count(&table.value))
    })
}

/// An order's id, for itero_download_start. It stays the same when the order's files change. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_orders_id(orders: *const itero_orders, index: i32) -> *const c_char {
    guard::text("itero_orders_id", orders, |table| {
        Ok(row(&table.value, index)?.order_id.as_ptr())
    })
}

/// An order's code, as people see it. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_orders_code(orders: *const itero_orders, index: i32) -> *const c_char {
    guard::text("itero_orders_code", orders, |table| {
        Ok(row(&table.value, index)?.order_code.as_ptr())
    })
}

/// The RxID of the scan request that an order came from, "" for a scan that was made without one. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_orders_rx_id(orders: *const itero_orders, index: i32) -> *const c_char {
    guard::text("itero_orders_rx_id", orders, |table| {
        Ok(row(&table.value, index)?.rx_id.as_ptr())
    })
}

/// The id of an order's account. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_orders_account_id(
    orders: *const itero_orders,
    index: i32,
) -> *const c_char {
    guard::text("itero_orders_account_id", orders, |table| {
        Ok(row(&table.value, index)?.account_id.as_ptr())
    })
}

/// An order's status in the service's words, such as "Completed"; new words may come. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_orders_status(orders: *const itero_orders, index: i32) -> *const c_char {
    guard::text("itero_orders_status", orders, |table| {
        Ok(row(&table.value, index)?.status.as_ptr())
    })
}

/// An order's case type. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_orders_case_type(orders: *const itero_orders, index: i32) -> *const c_char {
    guard::text("itero_orders_case_type", orders, |table| {
        Ok(row(&table.value, index)?.case_type.as_ptr())
    })
}

/// The date by which the lab should be done, as the service writes it. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_orders_due_date(orders: *const itero_orders, index: i32) -> *const c_char {
    guard::text("itero_orders_due_date", orders, |table| {
        Ok(row(&table.value, index)?.due_date.as_ptr())
    })
}

/// The id of an order's lab. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_orders_lab_id(orders: *const itero_orders, index: i32) -> *const c_char {
    guard::text("itero_orders_lab_id", orders, |table| {
        Ok(row(&table.value, index)?.lab_id.as_ptr())
    })
}

/// The notes of an order's Rx. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_orders_notes(orders: *const itero_orders, index: i32) -> *const c_char {
    guard::text("itero_orders_notes", orders, |table| {
        Ok(row(&table.value, index)?.notes.as_ptr())
    })
}

/// When an order was scanned, as the service writes it. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_orders_scan_date(orders: *const itero_orders, index: i32) -> *const c_char {
    guard::text("itero_orders_scan_date", orders, |table| {
        Ok(row(&table.value, index)?.scan_date.as_ptr())
    })
}

/// When an order was scanned, in milliseconds since 1970-01-01T00:00:00Z; -1 when it isn't known, and on a bad handle or
/// index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_orders_scan_time(orders: *const itero_orders, index: i32) -> i64 {
    guard::value("itero_orders_scan_time", orders, -1, |table| {
        Ok(date::milliseconds(&row(&table.value, index)?.scan_date).unwrap_or(-1))
    })
}

/// When an order was last updated, as the service writes it. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_orders_updated_date(
    orders: *const itero_orders,
    index: i32,
) -> *const c_char {
    guard::text("itero_orders_updated_date", orders, |table| {
        Ok(row(&table.value, index)?.updated_date.as_ptr())
    })
}

/// When an order was last updated, in milliseconds since 1970-01-01T00:00:00Z; -1 when it isn't known, and on a bad handle or
/// index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_orders_updated_time(orders: *const itero_orders, index: i32) -> i64 {
    guard::value("itero_orders_updated_time", orders, -1, |table| {
        Ok(date::milliseconds(&row(&table.value, index)?.updated_date).unwrap_or(-1))
    })
}

fn patient(
    operation: &'static str,
    orders: *const itero_orders,
    index: i32,
    pick: impl Fn(&crate::wire::patient::Patient) -> &Text,
) -> *const c_char {
    guard::text(operation, orders, |table| {
        Ok(row(&table.value, index)?
            .patient
            .as_ref()
            .map_or(c"".as_ptr(), |patient| pick(patient).as_ptr()))
    })
}

/// The GUID of an order's patient. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_orders_patient_id(
    orders: *const itero_orders,
    index: i32,
) -> *const c_char {
    patient("itero_orders_patient_id", orders, index, |patient| {
        &patient.patient_id
    })
}

/// The first name of an order's patient. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_orders_patient_first_name(
    orders: *const itero_orders,
    index: i32,
) -> *const c_char {
    patient(
        "itero_orders_patient_first_name",
        orders,
        index,
        |patient| &patient.first_name,
    )
}

/// The last name of an order's patient. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_orders_patient_last_name(
    orders: *const itero_orders,
    index: i32,
) -> *const c_char {
    patient("itero_orders_patient_last_name", orders, index, |patient| {
        &patient.last_name
    })
}

/// The chart number of an order's patient. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_orders_patient_chart_number(
    orders: *const itero_orders,
    index: i32,
) -> *const c_char {
    patient(
        "itero_orders_patient_chart_number",
        orders,
        index,
        |patient| &patient.chart_number,
    )
}

/// The id of an order's doctor. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_orders_doctor_id(orders: *const itero_orders, index: i32) -> *const c_char {
    guard::text("itero_orders_doctor_id", orders, |table| {
        Ok(row(&table.value, index)?.doctor.doctor_id.as_ptr())
    })
}

/// The first name of an order's doctor. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_orders_doctor_first_name(
    orders: *const itero_orders,
    index: i32,
) -> *const c_char {
    guard::text("itero_orders_doctor_first_name", orders, |table| {
        Ok(row(&table.value, index)?.doctor.first_name.as_ptr())
    })
}

/// The last name of an order's doctor. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_orders_doctor_last_name(
    orders: *const itero_orders,
    index: i32,
) -> *const c_char {
    guard::text("itero_orders_doctor_last_name", orders, |table| {
        Ok(row(&table.value, index)?.doctor.last_name.as_ptr())
    })
}

/// The number of an order's files; 0 on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_orders_file_count(orders: *const itero_orders, index: i32) -> i32 {
    guard::value("itero_orders_file_count", orders, 0, |table| {
        Ok(count(&row(&table.value, index)?.files))
    })
}

/// A file's id. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_orders_file_id(
    orders: *const itero_orders,
    index: i32,
    file_index: i32,
) -> *const c_char {
    guard::text("itero_orders_file_id", orders, |table| {
        Ok(file(table, index, file_index)?.file_id.as_ptr())
    })
}

/// A file's kind: IDE (a zip with the meshes), IMAGE_GALLERY, SCREEN_CAPTURE, VIEWER, STL, PLY, or a new word. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_orders_file_kind(
    orders: *const itero_orders,
    index: i32,
    file_index: i32,
) -> *const c_char {
    guard::text("itero_orders_file_kind", orders, |table| {
        Ok(file(table, index, file_index)?.kind.as_ptr())
    })
}

/// A file's name at the service. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_orders_file_name(
    orders: *const itero_orders,
    index: i32,
    file_index: i32,
) -> *const c_char {
    guard::text("itero_orders_file_name", orders, |table| {
        Ok(file(table, index, file_index)?.name.as_ptr())
    })
}

/// A file's media type. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_orders_file_content_type(
    orders: *const itero_orders,
    index: i32,
    file_index: i32,
) -> *const c_char {
    guard::text("itero_orders_file_content_type", orders, |table| {
        Ok(file(table, index, file_index)?.content_type.as_ptr())
    })
}

/// A file's SHA-256 as hexadecimal digits in lower case, "" when the service doesn't tell. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_orders_file_sha256(
    orders: *const itero_orders,
    index: i32,
    file_index: i32,
) -> *const c_char {
    guard::text("itero_orders_file_sha256", orders, |table| {
        Ok(file(table, index, file_index)?.sha256.as_ptr())
    })
}

/// A file's size in bytes; -1 when the service doesn't tell, and on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_orders_file_size(
    orders: *const itero_orders,
    index: i32,
    file_index: i32,
) -> i64 {
    guard::value("itero_orders_file_size", orders, -1, |table| {
        Ok(file(table, index, file_index)?
            .size
            .and_then(|size| i64::try_from(size).ok())
            .unwrap_or(-1))
    })
}

/// The service's whole answer as JSON, for members that this library doesn't know: an object for one order, a list of
/// the pages' answers for itero_orders_list. It holds short-lived URLs, which must not be kept. "" on a bad handle.
/// No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_orders_json(orders: *const itero_orders) -> *const c_char {
    guard::json("itero_orders_json", orders, |table| Ok(table.json.as_ptr()))
}

/// Frees the table, with all texts that came from it. NULL is fine.
///
/// Errors: ITERO_E_HANDLE. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_orders_free(orders: *mut itero_orders) -> i32 {
    guard::free("itero_orders_free", orders, |_| {})
}
