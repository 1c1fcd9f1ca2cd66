//! Order cursor
//!
//! A walk through many orders with one page in memory at a time: open, then next until a page has no orders.

use super::client::{client, itero_client};
use super::guard;
use super::handle::{Handle, Table, get, give_shared};
use super::order_query::itero_order_query;
use super::orders::{asked, give_orders, itero_orders};
use super::text::{out, put};
use crate::client::orders::Cursor;

/// A walk through orders, page by page. Free it with itero_order_cursor_free.
#[allow(non_camel_case_types)]
pub struct itero_order_cursor {
    _opaque: [u8; 0],
}

static CURSORS: Table<Cursor> = Table::new();

impl Handle for itero_order_cursor {
    type Object = Cursor;
    const KIND: usize = 21;
    const NAME: &'static str = "order cursor";
    fn table() -> &'static Table<Cursor> {
        &CURSORS
    }
}

/// D3, Get Orders, page by page: begins a walk through the ready orders that a query asks for. However many there are,
/// only one page is in memory.
///
/// query: what to ask for, with its page size; NULL for all ready orders.
/// cursor_out: where the handle goes; free it with itero_order_cursor_free.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT (also when from is not before to), ITERO_E_LIMIT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_orders_open(
    client: *mut itero_client,
    query: *const itero_order_query,
    cursor_out: *mut *mut itero_order_cursor,
) -> i32 {
    guard::status("itero_orders_open", || {
        let client = self::client(client)?;
        out("cursor_out", cursor_out)?;
        let cursor = Cursor::open(&client, asked(query)?)?;
        unsafe { put(cursor_out, give_shared::<itero_order_cursor>(cursor)?) };
        Ok(())
    })
}

/// The next page of a walk, oldest update first. After a failure the same page is asked for again.
///
/// orders_out: where the page's table goes; free it with itero_orders_free. A table with 0 orders is the end.
///
/// Errors: as itero_orders_list. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_orders_next(
    cursor: *mut itero_order_cursor,
    orders_out: *mut *mut itero_orders,
) -> i32 {
    guard::status("itero_orders_next", || {
        let cursor = get(cursor)?;
        out("orders_out", orders_out)?;
        let page = cursor.next()?;
        unsafe { give_orders(orders_out, page) }
    })
}

/// Ends a walk; the tables that it gave live on. NULL is fine.
///
/// Errors: ITERO_E_HANDLE. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_order_cursor_free(cursor: *mut itero_order_cursor) -> i32 {
    guard::free("itero_order_cursor_free", cursor, |_| {})
}
