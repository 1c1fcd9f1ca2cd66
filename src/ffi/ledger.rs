//! Ledger
//!
//! The library remembers every Rx that this program sent: in the state folder of the configuration, where it outlives
//! the program and is shared by all programs that use the folder, or without one in memory, as long as the client. So a
//! notification can be told from a stranger's, and a scan request whose end nobody saw is not forgotten.
//!
//! The ledger holds RxIDs, operation ids, account ids, times and salted digests of chart numbers; no patient data.

use std::ffi::c_char;

use super::client::{client, itero_client};
use super::guard;
use super::handle::{Handle, Table, give};
use super::text::{count, maybe, need, out, put, row};
use crate::client::ledger::{Entry, Outcome};
use crate::wire::date;

/// The scan request was prepared, but how it ended is not known: it is under way, its answer was lost, or the program
/// ended before it came. Look for the patient's Rx at the scanner or on the portal before it is sent again.
pub const ITERO_LEDGER_UNKNOWN: i32 = 0;
/// The Rx was sent, and its RxID is known.
pub const ITERO_LEDGER_SENT: i32 = 1;

const _: () = {
    assert!(Outcome::Unknown as i32 == ITERO_LEDGER_UNKNOWN);
    assert!(Outcome::Sent as i32 == ITERO_LEDGER_SENT);
};

/// Rows of the ledger. Free it with itero_ledger_free.
#[allow(non_camel_case_types)]
pub struct itero_ledger {
    _opaque: [u8; 0],
}

static LEDGERS: Table<Vec<Entry>> = Table::new();

impl Handle for itero_ledger {
    type Object = Vec<Entry>;
    const KIND: usize = 19;
    const NAME: &'static str = "ledger table";
    fn table() -> &'static Table<Vec<Entry>> {
        &LEDGERS
    }
}

/// D5, Scan notification: whether an Rx was sent by this program, or by another one with the same state folder. The
/// service also tells of scans that nobody requested from here.
///
/// rx_id: from itero_notification_rx_id.
/// known_out: where 1 or 0 goes.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT, ITERO_E_STORE (the ledger can't be read). No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_rx_is_known(
    client: *mut itero_client,
    rx_id: *const c_char,
    known_out: *mut i32,
) -> i32 {
    guard::status("itero_rx_is_known", || {
        let client = self::client(client)?;
        let rx_id = unsafe { need("rx_id", rx_id) }?;
        out("known_out", known_out)?;
        let known = client.ledger.knows(&rx_id)?;
        unsafe { put(known_out, i32::from(known)) };
        Ok(())
    })
}

/// D2, Scan Request: looks up what was sent, oldest first: the Rx of one patient, or all.
///
/// chart_number: whose; NULL for everybody's.
/// ledger_out: where the table goes, with 0 rows when there is nothing; free it with itero_ledger_free.
///
/// Scan requests that certainly brought no Rx are not in it.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT, ITERO_E_STORE (the ledger can't be read), ITERO_E_LIMIT.
/// No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_ledger_find(
    client: *mut itero_client,
    chart_number: *const c_char,
    ledger_out: *mut *mut itero_ledger,
) -> i32 {
    guard::status("itero_ledger_find", || {
        let client = self::client(client)?;
        let chart_number = unsafe { maybe("chart_number", chart_number) }?;
        out("ledger_out", ledger_out)?;
        let entries = client.ledger_find(chart_number.as_deref())?;
        unsafe { put(ledger_out, give::<itero_ledger>(entries)?) };
        Ok(())
    })
}

/// The number of rows. 0 on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_ledger_count(ledger: *const itero_ledger) -> i32 {
    guard::value("itero_ledger_count", ledger, 0, |rows| Ok(count(rows)))
}

/// How a scan request ended: ITERO_LEDGER_SENT or ITERO_LEDGER_UNKNOWN; -1 on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_ledger_outcome(ledger: *const itero_ledger, index: i32) -> i32 {
    guard::value("itero_ledger_outcome", ledger, -1, |rows| {
        Ok(row(rows, index)?.outcome as i32)
    })
}

/// The RxID; "" while it is not known and on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_ledger_rx_id(ledger: *const itero_ledger, index: i32) -> *const c_char {
    guard::text("itero_ledger_rx_id", ledger, |rows| {
        Ok(row(rows, index)?.rx_id.as_ptr())
    })
}

/// The id under which the scan request was sent, as in the message of ITERO_E_OUTCOME_UNKNOWN and itero_rx_operation_id.
/// "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_ledger_operation_id(
    ledger: *const itero_ledger,
    index: i32,
) -> *const c_char {
    guard::text("itero_ledger_operation_id", ledger, |rows| {
        Ok(row(rows, index)?.operation_id.as_ptr())
    })
}

/// The id of the account that the client was paired to. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_ledger_account_id(
    ledger: *const itero_ledger,
    index: i32,
) -> *const c_char {
    guard::text("itero_ledger_account_id", ledger, |rows| {
        Ok(row(rows, index)?.account_id.as_ptr())
    })
}

/// When the RxID came, or when the scan request was prepared if it has none, in milliseconds since
/// 1970-01-01T00:00:00Z; -1 on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_ledger_time(ledger: *const itero_ledger, index: i32) -> i64 {
    guard::value("itero_ledger_time", ledger, -1, |rows| {
        Ok(date::milliseconds(&row(rows, index)?.time).unwrap_or(-1))
    })
}

/// Frees the table, with all texts that came from it. NULL is fine.
///
/// Errors: ITERO_E_HANDLE. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_ledger_free(ledger: *mut itero_ledger) -> i32 {
    guard::free("itero_ledger_free", ledger, |_| {})
}
