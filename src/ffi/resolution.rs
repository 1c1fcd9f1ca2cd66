//! Resolution
//!
//! After ITERO_E_OUTCOME_UNKNOWN nobody may send the scan request again before it is known what became of it:
//! itero_rx_resolve looks. Only "not sent" permits a resend; it is said only where the service itself shows it, later than
//! the request and settling times of the configuration after the sending.
//!
//! A service that can't be asked by the operation id leaves "still unknown" until the patient is scanned. A person who
//! looks at the scanner or on the portal ends that with itero_rx_settle.

use std::ffi::c_char;

use super::client::{client, itero_client};
use super::guard;
use super::handle::{Handle, Table, give};
use super::text::{maybe, need, out, put};
use crate::client::ledger::Outcome;
use crate::client::resolve::Resolution;

/// It is not known yet whether the scan request has arrived: it must not be sent again.
pub const ITERO_RX_STILL_UNKNOWN: i32 = 0;
/// The scan request has arrived; the RxID is known.
pub const ITERO_RX_SENT: i32 = 1;
/// The scan request has not arrived: it may be sent again.
pub const ITERO_RX_NOT_SENT: i32 = 2;

const _: () = {
    assert!(Outcome::Unknown as i32 == ITERO_RX_STILL_UNKNOWN);
    assert!(Outcome::Sent as i32 == ITERO_RX_SENT);
    assert!(Outcome::NotSent as i32 == ITERO_RX_NOT_SENT);
};

/// What was found out about a scan request. Free it with itero_resolution_free.
#[allow(non_camel_case_types)]
pub struct itero_resolution {
    _opaque: [u8; 0],
}

static RESOLUTIONS: Table<Resolution> = Table::new();

impl Handle for itero_resolution {
    type Object = Resolution;
    const KIND: usize = 24;
    const NAME: &'static str = "resolution";
    fn table() -> &'static Table<Resolution> {
        &RESOLUTIONS
    }
}

/// D2, Scan Request: finds out what became of a scan request whose answer was lost: from the ledger, from the service by
/// the operation id, from the orders of the chart number. What it finds goes into the ledger.
///
/// operation_id: from itero_last_error_operation_id, itero_error_operation_id or itero_ledger_operation_id.
/// chart_number: the scan request's, so that the orders can be looked through; NULL leaves them out.
/// resolution_out: where the finding goes; free it with itero_resolution_free.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT (also for another chart number than the scan request's), ITERO_E_TEXT,
/// ITERO_E_NOT_FOUND (the ledger knows no such operation), ITERO_E_STATE (it was sent for another account),
/// ITERO_E_NOT_SIGNED_IN, ITERO_E_NOT_PAIRED, ITERO_E_AUTH, ITERO_E_NETWORK, ITERO_E_TIMEOUT, ITERO_E_TLS,
/// ITERO_E_CANCELLED, ITERO_E_RATE_LIMIT, ITERO_E_SERVICE, ITERO_E_PROTOCOL, ITERO_E_STORE (the ledger can't be read or
/// written), ITERO_E_LIMIT. Uses the network, unless the ledger knows.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_rx_resolve(
    client: *mut itero_client,
    operation_id: *const c_char,
    chart_number: *const c_char,
    resolution_out: *mut *mut itero_resolution,
) -> i32 {
    guard::status("itero_rx_resolve", || {
        let client = self::client(client)?;
        let (operation_id, chart_number) = unsafe {
            (
                need("operation_id", operation_id)?,
                maybe("chart_number", chart_number)?,
            )
        };
        out("resolution_out", resolution_out)?;
        let resolution = client.rx_resolve(&operation_id, chart_number.as_deref())?;
        unsafe { put(resolution_out, give::<itero_resolution>(resolution)?) };
        Ok(())
    })
}

/// D2, Scan Request: writes into the ledger what a person found at the scanner or on the portal.
///
/// operation_id: as for itero_rx_resolve.
/// rx_id: the RxID; NULL when the scan request did not arrive, which permits a resend.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT, ITERO_E_NOT_FOUND (the ledger knows no such operation),
/// ITERO_E_CONFLICT (the ledger knows another outcome), ITERO_E_STORE (the ledger can't be read or written). No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_rx_settle(
    client: *mut itero_client,
    operation_id: *const c_char,
    rx_id: *const c_char,
) -> i32 {
    guard::status("itero_rx_settle", || {
        let client = self::client(client)?;
        let (operation_id, rx_id) =
            unsafe { (need("operation_id", operation_id)?, maybe("rx_id", rx_id)?) };
        client.rx_settle(&operation_id, rx_id.as_deref())
    })
}

/// The finding: ITERO_RX_STILL_UNKNOWN, ITERO_RX_SENT or ITERO_RX_NOT_SENT; -1 on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_resolution_outcome(resolution: *const itero_resolution) -> i32 {
    guard::value("itero_resolution_outcome", resolution, -1, |found| {
        Ok(found.outcome as i32)
    })
}

/// The RxID when it was sent, else "". "" on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_resolution_rx_id(resolution: *const itero_resolution) -> *const c_char {
    guard::text("itero_resolution_rx_id", resolution, |found| {
        Ok(found.rx_id.as_ptr())
    })
}

/// The operation id that was asked for. "" on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_resolution_operation_id(
    resolution: *const itero_resolution,
) -> *const c_char {
    guard::text("itero_resolution_operation_id", resolution, |found| {
        Ok(found.operation_id.as_ptr())
    })
}

/// While it is still unknown: after how many milliseconds the service may show that it was not sent; -1 when nobody can
/// say, and -1 on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_resolution_wait_ms(resolution: *const itero_resolution) -> i64 {
    guard::value("itero_resolution_wait_ms", resolution, -1, |found| {
        let wait = found.wait.map(|wait| i64::try_from(wait.as_millis()));
        Ok(wait.map_or(-1, |wait| wait.unwrap_or(i64::MAX)))
    })
}

/// Frees a resolution. NULL is fine.
///
/// Errors: ITERO_E_HANDLE. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_resolution_free(resolution: *mut itero_resolution) -> i32 {
    guard::free("itero_resolution_free", resolution, |_| {})
}
