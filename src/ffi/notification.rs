//! Notifications
//!
//! The service tells of every change of an order's files with the RxID and the account's id (D5): after a scan, a rescan,
//! and steps of the lab. A notification is a hint, never a proof: ask itero_orders_by_rx, and believe only its answer.
//!
//! A listener receives notifications on 127.0.0.1 at a URL with a secret in it. A host with a web server of its own hands
//! the bodies that it receives to itero_notification_parse.

use std::ffi::{CString, c_char, c_void};

use super::client::{client, itero_client};
use super::config::port;
use super::encoding;
use super::guard::{self, User};
use super::handle::{Handle, Table, get, give, give_shared};
use super::library::limit;
use super::text::{need, out, put};
use crate::callback::Callback;
use crate::client::listener::Listener;
use crate::error::Result;
use crate::wire::Text;
use crate::wire::notification::{self, Notification};

/// Receives notifications, on a thread of the library's own, one at a time. The texts are valid during the call only.
#[allow(non_camel_case_types)]
pub type itero_notification_callback = Option<
    unsafe extern "C" fn(user: *mut c_void, rx_id: *const c_char, account_id: *const c_char),
>;

/// One notification. Free it with itero_notification_free.
#[allow(non_camel_case_types)]
pub struct itero_notification {
    _opaque: [u8; 0],
}

static NOTIFICATIONS: Table<Notification> = Table::new();

impl Handle for itero_notification {
    type Object = Notification;
    const KIND: usize = 14;
    const NAME: &'static str = "notification";
    fn table() -> &'static Table<Notification> {
        &NOTIFICATIONS
    }
}

/// Listens for notifications. Free it with itero_listener_free.
#[allow(non_camel_case_types)]
pub struct itero_listener {
    _opaque: [u8; 0],
}

static LISTENERS: Table<Listener> = Table::new();

impl Handle for itero_listener {
    type Object = Listener;
    const KIND: usize = 15;
    const NAME: &'static str = "listener";
    fn table() -> &'static Table<Listener> {
        &LISTENERS
    }
}

unsafe fn give_notification(
    place: *mut *mut itero_notification,
    notification: Notification,
) -> Result<()> {
    unsafe { put(place, give::<itero_notification>(notification)?) };
    Ok(())
}

/// D5, Scan notification: reads the body of a notification that the host's own web server received.
///
/// body: the JSON text.
/// notification_out: where the result goes; free it with itero_notification_free.
///
/// Errors: ITERO_E_ARGUMENT, ITERO_E_TEXT, ITERO_E_PROTOCOL (not a notification; answer the sender with 400),
/// ITERO_E_LIMIT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_notification_parse(
    body: *const c_char,
    notification_out: *mut *mut itero_notification,
) -> i32 {
    guard::status("itero_notification_parse", || {
        out("notification_out", notification_out)?;
        let body = unsafe { need("body", body) }?;
        unsafe {
            give_notification(
                notification_out,
                notification::notification(body.as_bytes())?,
            )
        }
    })
}

/// The RxID that a notification names. "" on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_notification_rx_id(
    notification: *const itero_notification,
) -> *const c_char {
    guard::text("itero_notification_rx_id", notification, |notification| {
        Ok(notification.rx_id.as_ptr())
    })
}

/// The id of the account that a notification names. "" on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_notification_account_id(
    notification: *const itero_notification,
) -> *const c_char {
    guard::text(
        "itero_notification_account_id",
        notification,
        |notification| Ok(notification.account_id.as_ptr()),
    )
}

/// Frees a notification. NULL is fine.
///
/// Errors: ITERO_E_HANDLE. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_notification_free(notification: *mut itero_notification) -> i32 {
    guard::free("itero_notification_free", notification, |_| {})
}

/// Begins to listen for notifications on 127.0.0.1. The service reaches it there in the sandbox, or through a public
/// web server that forwards to it. Give itero_listener_url to itero_client_pair.
///
/// port: 1 to 65535; 0 lets the system choose.
/// callback: receives the notifications; NULL keeps them for itero_listener_wait. It must not wait for a thread that
/// stops or frees the listener.
/// user: handed back to the callback; may be NULL.
/// listener_out: where the handle goes; free it with itero_listener_free.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_IO (the port is in use), ITERO_E_LIMIT. Uses the network, on its own
/// threads.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_listener_start(
    client: *mut itero_client,
    port: i32,
    callback: itero_notification_callback,
    user: *mut c_void,
    listener_out: *mut *mut itero_listener,
) -> i32 {
    let user = User(user);
    guard::status("itero_listener_start", || {
        let client = self::client(client)?;
        let port = self::port(port)?;
        out("listener_out", listener_out)?;
        let page = encoding::current();
        let callback = callback.map(|callback| {
            Callback::new(move |notification: &Notification| {
                // Ids are ASCII; what is not, and the host's code page lacks, is no id of the service's.
                let shown = |id: &Text| {
                    page.map_or_else(
                        || Ok(id.as_bytes().to_vec()),
                        |page| encoding::bytes(page, id),
                    )
                    .ok()
                    .and_then(|bytes| CString::new(bytes).ok())
                    .unwrap_or_default()
                };
                let (rx_id, account_id) =
                    (shown(&notification.rx_id), shown(&notification.account_id));
                guard::host(|| unsafe {
                    callback(user.pointer(), rx_id.as_ptr(), account_id.as_ptr())
                });
            })
        });
        let listener = Listener::start(&client, port, callback)?;
        let handle = give_shared::<itero_listener>(listener.clone());
        // Without a handle nobody could stop the callback, whose user may be gone soon.
        let handle = handle.inspect_err(|_| listener.stop())?;
        unsafe { put(listener_out, handle) };
        Ok(())
    })
}

/// The URL that notifications must be posted to. It holds a secret. "" on a bad handle. The text lives as long as the
/// listener. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_listener_url(listener: *const itero_listener) -> *const c_char {
    guard::text("itero_listener_url", listener, |listener| {
        Ok(listener.url().as_ptr())
    })
}

/// Waits for the next notification of a listener without a callback. While a watch takes them, none comes here.
///
/// wait_ms: how long to wait, in milliseconds; 0 only looks, negative waits as long as it takes.
/// notification_out: where the notification goes; free it with itero_notification_free.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_PENDING (none has come), ITERO_E_STATE (the listener has a
/// callback), ITERO_E_CANCELLED (the listener was stopped), ITERO_E_LIMIT. Uses no network itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_listener_wait(
    listener: *mut itero_listener,
    wait_ms: i32,
    notification_out: *mut *mut itero_notification,
) -> i32 {
    guard::status("itero_listener_wait", || {
        let listener = get(listener)?;
        out("notification_out", notification_out)?;
        let notification = listener.wait(limit(wait_ms))?;
        unsafe { give_notification(notification_out, notification) }
    })
}

/// Stops a listener; its callback is never called again once this returns, and itero_listener_wait returns
/// ITERO_E_CANCELLED. Stopping twice is fine.
///
/// Errors: ITERO_E_HANDLE. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_listener_stop(listener: *mut itero_listener) -> i32 {
    guard::status("itero_listener_stop", || {
        get(listener)?.stop();
        Ok(())
    })
}

/// Stops and frees a listener. NULL is fine.
///
/// Errors: ITERO_E_HANDLE. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_listener_free(listener: *mut itero_listener) -> i32 {
    guard::free("itero_listener_free", listener, Listener::stop)
}
