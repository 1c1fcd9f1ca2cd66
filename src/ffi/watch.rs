//! Watch
//!
//! A watch makes sure that every scan that is ready reaches the program, with or without a public address for
//! notifications. It asks for the orders that have changed (D3) at an interval and, where notifications arrive (D5), for
//! the order they name (D6) at once.
//!
//! What it finds are events: one for each version of an order's files. A rescan or a changed file is a new version; a new
//! status alone is not. An event is told until the program acknowledges it with itero_watch_ack, which is best done when
//! the order's files are downloaded and filed: a program that crashes before is told again by its next watch, and, while
//! it runs on, after 30 minutes. What was acknowledged is not told again. When an order's files change before the
//! program has acknowledged the older version, only the newer one is told from then on.
//!
//! The watch keeps what it needs to know in one small file, without patient data: ids of orders, versions and times. It
//! remembers orders for 180 days after their last change; an order that changes its status still later is told once more.

use std::ffi::{c_char, c_void};
use std::sync::Arc;
use std::time::Duration;

use super::client::{client, itero_client};
use super::encoding;
use super::guard::{self, User};
use super::handle::{Handle, Table, get, give_shared, take};
use super::library::limit;
use super::notification::{itero_listener, itero_notification};
use super::order_query::moment;
use super::orders::itero_orders;
use super::text::{need, out, path, put};
use crate::callback::Callback;
use crate::client::watch::{Watch, Wish};
use crate::client::watch_queue::Event;
use crate::error::{Error, Result};
use crate::wire::Text;
use crate::wire::order::Order;

/// Receives the events of a watch, on a thread of the library's own, one at a time. The event is valid during the call
/// only and is freed by the library.
#[allow(non_camel_case_types)]
pub type itero_watch_callback =
    Option<unsafe extern "C" fn(user: *mut c_void, event: *const itero_event)>;

/// Watches an account's orders. Free it with itero_watch_free.
#[allow(non_camel_case_types)]
pub struct itero_watch {
    _opaque: [u8; 0],
}

static WATCHES: Table<Watch> = Table::new();

impl Handle for itero_watch {
    type Object = Watch;
    const KIND: usize = 16;
    const NAME: &'static str = "watch";
    fn table() -> &'static Table<Watch> {
        &WATCHES
    }
}

/// A scan that is ready. Free it with itero_event_free.
#[allow(non_camel_case_types)]
pub struct itero_event {
    _opaque: [u8; 0],
}

static EVENTS: Table<Event> = Table::new();

impl Handle for itero_event {
    type Object = Event;
    const KIND: usize = 17;
    const NAME: &'static str = "event";
    fn table() -> &'static Table<Event> {
        &EVENTS
    }
}

/// D5, Scan notification, and D3, Get Orders: begins to watch the orders of the account that the client is paired to.
///
/// state_file: an absolute path on a disk of this computer; the folder is made when it isn't there. Two more files appear
/// beside it, with .lock and for moments .new behind the name; leave them alone. One file belongs to one account and to
/// one watch at a time. A damaged file is set aside with .damaged behind its name, and the watch begins as without one.
/// since: where to begin when there is no state yet, by the orders' date of update: RFC 3339 such as
/// "2026-03-31T09:00:00Z", or a day (its midnight in UTC). NULL or "" for a day before now, or 30 days after a damaged
/// file. With a state it counts for nothing.
/// listener: a listener whose notifications the watch takes; itero_listener_wait gets none of them then, while a callback
/// hears them as well. NULL for none. It stays the program's own: stop or free it at any time.
/// interval_ms: the time between two looks, in milliseconds, up to 86400000; 0 for a minute. When the service can't be
/// reached, the pause grows up to five minutes.
/// callback: receives the events; NULL keeps them for itero_watch_wait. It must not wait for a thread that stops or frees
/// the watch.
/// user: handed back to the callback; may be NULL.
/// watch_out: where the handle goes; free it with itero_watch_free.
///
/// itero_client_cancel ends only the look under way; itero_client_free ends the watch.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT, ITERO_E_NOT_SIGNED_IN, ITERO_E_STORE, ITERO_E_NOT_PAIRED,
/// ITERO_E_STATE (another watch uses the file or the listener, or the file is another account's or a newer version's),
/// ITERO_E_IO, ITERO_E_DISK_FULL, ITERO_E_LIMIT. Uses the network, on its own threads.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_watch_start(
    client: *mut itero_client,
    state_file: *const c_char,
    since: *const c_char,
    listener: *mut itero_listener,
    interval_ms: i32,
    callback: itero_watch_callback,
    user: *mut c_void,
    watch_out: *mut *mut itero_watch,
) -> i32 {
    let user = User(user);
    guard::status("itero_watch_start", || {
        let client = self::client(client)?;
        let wish = Wish {
            state_file: unsafe { path("state_file", state_file) }?,
            since: match since.is_null() {
                true => None,
                false => unsafe { moment("since", since) }?,
            },
            listener: match listener.is_null() {
                true => None,
                false => Some(get(listener.cast_const())?),
            },
            interval: u64::try_from(interval_ms)
                .map(Duration::from_millis)
                .map_err(|_| Error::argument("interval_ms is negative"))?,
        };
        out("watch_out", watch_out)?;
        let page = encoding::current();
        let callback = callback.map(|callback| {
            Callback::new(move |event: &Arc<Event>| {
                let event = encoding::within(page, || give_shared::<itero_event>(event.clone()));
                let Ok(event) = event else {
                    return;
                };
                guard::host(|| unsafe { callback(user.pointer(), event.cast_const()) });
                // A host that freed it has done no harm.
                let _ = take(event.cast_const());
            })
        });
        let watch = Watch::start(&client, wish, callback)?;
        let handle = give_shared::<itero_watch>(watch.clone()).inspect_err(|_| watch.stop())?;
        unsafe { put(watch_out, handle) };
        Ok(())
    })
}

/// Waits for the next event of a watch without a callback.
///
/// wait_ms: how long to wait, in milliseconds; 0 only looks, negative waits as long as it takes.
/// event_out: where the event goes; free it with itero_event_free.
///
/// Returns ITERO_E_PENDING when no event has come. When the watch can't work until somebody does something (sign in again,
/// pair again, free some disk space), it returns that error: once as soon as it is known, then at the end of the wait.
/// A network that is down for a while is not told here; see itero_watch_status. The watch goes on by itself in all cases.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_PENDING, ITERO_E_STATE (the watch has a callback, or the client is
/// paired to another account now), ITERO_E_CANCELLED (the watch was stopped), ITERO_E_NOT_SIGNED_IN, ITERO_E_NOT_PAIRED,
/// ITERO_E_AUTH, ITERO_E_FORBIDDEN, ITERO_E_TLS, ITERO_E_PROTOCOL, ITERO_E_IO, ITERO_E_DISK_FULL, ITERO_E_LIMIT (the event
/// stays the next one). Uses no network itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_watch_wait(
    watch: *mut itero_watch,
    wait_ms: i32,
    event_out: *mut *mut itero_event,
) -> i32 {
    guard::status("itero_watch_wait", || {
        let watch = get(watch.cast_const())?;
        out("event_out", event_out)?;
        let event = watch.wait(limit(wait_ms), |event| {
            give_shared::<itero_event>(event.clone())
        })?;
        unsafe { put(event_out, event) };
        Ok(())
    })
}

/// Acknowledges an event: the program has what it needs, and no watch with this state file tells it again. When this
/// returns ITERO_OK, that is on the disk. A second time is fine, as is an event that was replaced by a newer version
/// meanwhile; the newer one is still told.
///
/// Both texts may be kept by the program and be passed later, in another run too, without the event's handle.
///
/// order_id: from itero_event_order_id.
/// version: from itero_event_version.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT (version is not of the form that itero_event_version gives), ITERO_E_TEXT,
/// ITERO_E_CANCELLED (the watch was stopped), ITERO_E_IO and ITERO_E_DISK_FULL (not kept: the event stays unacknowledged).
/// No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_watch_ack(
    watch: *mut itero_watch,
    order_id: *const c_char,
    version: *const c_char,
) -> i32 {
    guard::status("itero_watch_ack", || {
        let watch = get(watch.cast_const())?;
        let (order_id, version) =
            unsafe { (need("order_id", order_id)?, need("version", version)?) };
        watch.acknowledge(&order_id, &version)
    })
}

/// D5, Scan notification: tells the watch of a notification that the program's own web server received, so that it asks for
/// that order at once. A notification of another account, or for an Rx that the service doesn't know, changes nothing;
/// repeats are asked for once a second at most.
///
/// notification: from itero_notification_parse; it stays the program's own.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_CANCELLED (the watch was stopped). Uses the network, on its own threads.
#[unsafe(no_mangle)]
pub extern "C" fn itero_watch_hint(
    watch: *mut itero_watch,
    notification: *const itero_notification,
) -> i32 {
    guard::status("itero_watch_hint", || {
        get(watch.cast_const())?.hint(&*get(notification)?)
    })
}

/// How the last look at the service went: ITERO_OK, or why it failed, with the error's details as after a failed call of
/// this thread. For programs with a callback, and to show a network that is down.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_PENDING (the first look is not done), ITERO_E_CANCELLED (the watch was stopped, or its
/// client freed), and those of itero_orders_list and itero_watch_wait. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_watch_status(watch: *const itero_watch) -> i32 {
    guard::status("itero_watch_status", || get(watch)?.status())
}

/// Stops a watch; its callback is never called again once this returns, itero_watch_wait returns ITERO_E_CANCELLED, and
/// another watch may use the state file. Stopping twice is fine.
///
/// Errors: ITERO_E_HANDLE. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_watch_stop(watch: *mut itero_watch) -> i32 {
    guard::status("itero_watch_stop", || {
        get(watch.cast_const())?.stop();
        Ok(())
    })
}

/// Stops and frees a watch. Its events live on. NULL is fine.
///
/// Errors: ITERO_E_HANDLE. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_watch_free(watch: *mut itero_watch) -> i32 {
    guard::free("itero_watch_free", watch, Watch::stop)
}

fn event_text(
    operation: &'static str,
    event: *const itero_event,
    pick: impl Fn(&Event) -> Option<&Text>,
) -> *const c_char {
    guard::text(operation, event, |event| {
        Ok(pick(event).map_or(c"".as_ptr(), Text::as_ptr))
    })
}

fn order(event: &Event) -> Option<&Order> {
    event.orders.value.first()
}

/// The id of the order that is ready, for itero_download_start and itero_watch_ack. "" on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_event_order_id(event: *const itero_event) -> *const c_char {
    event_text("itero_event_order_id", event, |event| Some(&event.order_id))
}

/// The RxID of the scan request that the order came from, "" for a scan that was made without one. "" on a bad handle.
/// No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_event_rx_id(event: *const itero_event) -> *const c_char {
    event_text("itero_event_rx_id", event, |event| {
        order(event).map(|order| &order.rx_id)
    })
}

/// The id of the account that the watch is for. "" on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_event_account_id(event: *const itero_event) -> *const c_char {
    event_text("itero_event_account_id", event, |event| {
        Some(&event.account_id)
    })
}

/// The order's status in the service's words when the event was found, such as "Completed". "" on a bad handle.
/// No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_event_status(event: *const itero_event) -> *const c_char {
    event_text("itero_event_status", event, |event| {
        order(event).map(|order| &order.status)
    })
}

/// The version of the order's files: 32 hexadecimal digits, the same for the same files, for itero_watch_ack. "" on a bad
/// handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_event_version(event: *const itero_event) -> *const c_char {
    event_text("itero_event_version", event, |event| Some(&event.version))
}

/// The order as the service told it when the event was found, with its patient, doctor and files.
///
/// orders_out: where a table with one order goes; free it with itero_orders_free.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_LIMIT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_event_orders(
    event: *const itero_event,
    orders_out: *mut *mut itero_orders,
) -> i32 {
    guard::status("itero_event_orders", || {
        let event = get(event)?;
        out("orders_out", orders_out)?;
        let orders: Result<*mut itero_orders> = give_shared(event.orders.clone());
        unsafe { put(orders_out, orders?) };
        Ok(())
    })
}

/// Frees an event; it says nothing of whether the event was acknowledged. NULL is fine.
///
/// Errors: ITERO_E_HANDLE. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_event_free(event: *mut itero_event) -> i32 {
    guard::free("itero_event_free", event, |_| {})
}
