//! Order query
//!
//! What to ask of the orders: a range of dates, a chart number, or both. A new query asks for all ready orders.

use std::ffi::c_char;
use std::sync::{Mutex, PoisonError};

use super::guard;
use super::handle::{Handle, Table, get, give};
use super::text::{need, out, put};
use crate::client::patients::tidy;
use crate::error::{Error, Result};
use crate::wire::date;
use crate::wire::order::Query;

/// What to ask of the orders. Free it with itero_order_query_free.
#[allow(non_camel_case_types)]
pub struct itero_order_query {
    _opaque: [u8; 0],
}

static QUERIES: Table<Mutex<Query>> = Table::new();

impl Handle for itero_order_query {
    type Object = Mutex<Query>;
    const KIND: usize = 9;
    const NAME: &'static str = "order query";
    fn table() -> &'static Table<Mutex<Query>> {
        &QUERIES
    }
}

fn change(
    operation: &'static str,
    query: *mut itero_order_query,
    change: impl FnOnce(&mut Query) -> Result<()>,
) -> i32 {
    guard::status(operation, || {
        change(&mut get(query)?.lock().unwrap_or_else(PoisonError::into_inner))
    })
}

pub(super) unsafe fn moment(member: &str, text: *const c_char) -> Result<Option<i64>> {
    match unsafe { need(member, text) }?.as_ref() {
        "" => Ok(None),
        text => date::milliseconds(text).map(Some).ok_or_else(|| {
            Error::argument(format!(
                "{member} is not a date such as 2026-03-31 or 2026-03-31T09:00:00Z"
            ))
        }),
    }
}

/// Makes a query that asks for all ready orders.
///
/// query_out: where the handle goes; free it with itero_order_query_free.
///
/// Errors: ITERO_E_ARGUMENT, ITERO_E_LIMIT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_order_query_new(query_out: *mut *mut itero_order_query) -> i32 {
    guard::status("itero_order_query_new", || {
        out("query_out", query_out)?;
        unsafe { put(query_out, give::<itero_order_query>(Mutex::default())?) };
        Ok(())
    })
}

/// Asks for orders updated at this time or later.
///
/// from: RFC 3339 such as "2026-03-31T09:00:00Z", or a day (its midnight in UTC); "" for no limit.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_order_query_set_from(
    query: *mut itero_order_query,
    from: *const c_char,
) -> i32 {
    change("itero_order_query_set_from", query, |query| {
        query.from = unsafe { moment("from", from) }?;
        Ok(())
    })
}

/// Asks for orders updated before this time.
///
/// to: as in itero_order_query_set_from; the time itself is not included.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_order_query_set_to(
    query: *mut itero_order_query,
    to: *const c_char,
) -> i32 {
    change("itero_order_query_set_to", query, |query| {
        query.to = unsafe { moment("to", to) }?;
        Ok(())
    })
}

/// Asks for the orders of one chart number; "" for all.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_order_query_set_chart_number(
    query: *mut itero_order_query,
    chart_number: *const c_char,
) -> i32 {
    change("itero_order_query_set_chart_number", query, |query| {
        query.chart_number = tidy("chart_number", &unsafe {
            need("chart_number", chart_number)
        }?)?;
        Ok(())
    })
}

/// Sets how many orders one request to the service brings, 1 to 100; 0 leaves it to the service.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_order_query_set_page_size(
    query: *mut itero_order_query,
    page_size: i32,
) -> i32 {
    change("itero_order_query_set_page_size", query, |query| {
        query.page_size = u32::try_from(page_size)
            .ok()
            .filter(|size| *size <= 100)
            .ok_or_else(|| Error::argument("page_size is not between 0 and 100"))?;
        Ok(())
    })
}

/// Frees a query. NULL is fine.
///
/// Errors: ITERO_E_HANDLE. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_order_query_free(query: *mut itero_order_query) -> i32 {
    guard::free("itero_order_query_free", query, |_| {})
}
