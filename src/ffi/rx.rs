//! Rx
//!
//! The service's record of a scan request. It holds the RxID, which the host program must keep: notifications name it,
//! and itero_orders_by_rx asks for it.

use std::ffi::c_char;

use super::client::{client, itero_client};
use super::guard;
use super::handle::{Handle, Table};
use super::text::owned;
use crate::client::scan_request::Sent;
use crate::wire::date;

/// The service's record of a scan request. Free it with itero_rx_free.
#[allow(non_camel_case_types)]
pub struct itero_rx {
    _opaque: [u8; 0],
}

static RXS: Table<Sent> = Table::new();

impl Handle for itero_rx {
    type Object = Sent;
    const KIND: usize = 12;
    const NAME: &'static str = "Rx";
    fn table() -> &'static Table<Sent> {
        &RXS
    }
}

/// The RxID. The host program must keep it. "" on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_rx_id(rx: *const itero_rx) -> *const c_char {
    guard::text("itero_rx_id", rx, |sent| Ok(sent.rx.rx_id.as_ptr()))
}

/// The id of the order, when the service has one already. "" on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_rx_order_id(rx: *const itero_rx) -> *const c_char {
    guard::text("itero_rx_order_id", rx, |sent| {
        Ok(sent.rx.order_id.as_ptr())
    })
}

/// The GUID of the patient that the Rx belongs to. "" on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_rx_patient_id(rx: *const itero_rx) -> *const c_char {
    guard::text("itero_rx_patient_id", rx, |sent| {
        Ok(sent.rx.patient_id.as_ptr())
    })
}

/// When the Rx was created, as the service writes it. "" on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_rx_created_at(rx: *const itero_rx) -> *const c_char {
    guard::text("itero_rx_created_at", rx, |sent| {
        Ok(sent.rx.created_at.as_ptr())
    })
}

/// The id under which this library sent the scan request. "" on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_rx_operation_id(rx: *const itero_rx) -> *const c_char {
    guard::text("itero_rx_operation_id", rx, |sent| {
        Ok(sent.operation_id.as_ptr())
    })
}

/// The service's whole answer as JSON, for members that this library doesn't know. "" on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_rx_json(rx: *const itero_rx) -> *const c_char {
    guard::json("itero_rx_json", rx, |sent| Ok(sent.json.as_ptr()))
}

/// When the Rx was created, in milliseconds since 1970-01-01T00:00:00Z; -1 when it isn't known and on a bad handle.
/// No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_rx_created_time(rx: *const itero_rx) -> i64 {
    guard::value("itero_rx_created_time", rx, -1, |sent| {
        Ok(date::milliseconds(&sent.rx.created_at).unwrap_or(-1))
    })
}

/// D7, Delete Rx: withdraws an Rx that was not scanned yet. A scan can't be deleted.
///
/// rx_id: from itero_rx_id.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT, ITERO_E_NOT_SIGNED_IN, ITERO_E_STORE, ITERO_E_DISK_FULL,
/// ITERO_E_NOT_PAIRED, ITERO_E_NOT_FOUND, ITERO_E_CONFLICT (it was scanned already), ITERO_E_AUTH, ITERO_E_NETWORK,
/// ITERO_E_TIMEOUT, ITERO_E_TLS, ITERO_E_CANCELLED, ITERO_E_PROTOCOL, ITERO_E_SERVICE. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_rx_delete(client: *mut itero_client, rx_id: *const c_char) -> i32 {
    guard::status("itero_rx_delete", || {
        let client = self::client(client)?;
        let rx_id = unsafe { owned("rx_id", rx_id) }?;
        client.run(|client| client.rx_delete(rx_id))
    })
}

/// Frees an Rx record; the Rx itself stays at the service. NULL is fine.
///
/// Errors: ITERO_E_HANDLE. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_rx_free(rx: *mut itero_rx) -> i32 {
    guard::free("itero_rx_free", rx, |_| {})
}
