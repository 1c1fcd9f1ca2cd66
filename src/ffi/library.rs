//! Library
//!
//! Version, log and shutdown. None of these needs a handle.

use std::ffi::{CString, c_char, c_void};
use std::time::Duration;

use super::guard::{self, User};
use crate::callback::Callback;
use crate::error::{Error, Result, Status};
use crate::log::{self, Level, Line};
use crate::transport::runtime;

/// Log level: what failed.
pub const ITERO_LOG_ERROR: i32 = 1;
/// Log level: what failed and may succeed later, or looks wrong.
pub const ITERO_LOG_WARNING: i32 = 2;
/// Log level: each request with its result.
pub const ITERO_LOG_INFO: i32 = 3;
/// Log level: everything.
pub const ITERO_LOG_DEBUG: i32 = 4;

const _: () = {
    assert!(Level::Error as i32 == ITERO_LOG_ERROR);
    assert!(Level::Debug as i32 == ITERO_LOG_DEBUG);
};

/// Receives log lines, on a thread of the library's own, one at a time. message is valid during the call only.
#[allow(non_camel_case_types)]
pub type itero_log_callback =
    Option<unsafe extern "C" fn(user: *mut c_void, level: i32, message: *const c_char)>;

/// The library's version, such as "0.1.0". The text is never freed. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_version() -> *const c_char {
    const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    VERSION.as_ptr().cast()
}

/// Sends the library's log lines to a callback; the one before is never called again once this returns.
///
/// Lines hold operations, hosts, times, statuses and request ids; never a token, a secret, a URL's query or patient
/// data. They begin with the first network call.
///
/// level: ITERO_LOG_ERROR to ITERO_LOG_DEBUG; lines up to this level come.
/// callback: NULL ends the log.
/// user: handed back to the callback; may be NULL.
///
/// A callback must not wait for a thread that is inside itero_log_set.
///
/// Errors: ITERO_E_ARGUMENT. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_log_set(
    level: i32,
    callback: itero_log_callback,
    user: *mut c_void,
) -> i32 {
    let user = User(user);
    guard::status("itero_log_set", || {
        let Some(callback) = callback else {
            log::set(0, None);
            return Ok(());
        };
        if !(ITERO_LOG_ERROR..=ITERO_LOG_DEBUG).contains(&level) {
            return Err(Error::argument(format!(
                "the level {level} is not one of ITERO_LOG_ERROR (1) to ITERO_LOG_DEBUG (4)"
            )));
        }
        let sink = Callback::new(move |line: &Line| {
            let message = CString::new(line.text.replace('\0', "")).unwrap_or_default();
            guard::host(|| unsafe {
                callback(user.pointer(), line.level as i32, message.as_ptr())
            });
        });
        log::set(level, Some(sink));
        Ok(())
    })
}

/// Ends all that runs, in all clients: calls return ITERO_E_CANCELLED, and the library's threads end. Call it before the
/// program ends or the library is unloaded. Later calls work again and start new threads.
///
/// Once a network call was made, the library stays in memory until the process ends, even when the program unloads it;
/// so a forgotten shutdown can't crash the program.
///
/// limit_ms: how long to wait for the threads, in milliseconds; 2000 is plenty. 0 doesn't wait.
///
/// Errors: ITERO_E_ARGUMENT (limit_ms is negative), ITERO_E_TIMEOUT (a thread was still busy, for instance in a callback
/// of the host). No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_shutdown(limit_ms: i32) -> i32 {
    guard::status("itero_shutdown", || {
        let limit = u64::try_from(limit_ms).map_err(|_| Error::argument("limit_ms is negative"))?;
        if runtime::shutdown(Duration::from_millis(limit)) {
            Ok(())
        } else {
            Err(Error::new(
                Status::Timeout,
                "some of the library's threads are still busy",
            ))
        }
    })
}

/// Milliseconds to wait as a host gives them: negative means without limit.
pub(super) fn limit(ms: i32) -> Option<Duration> {
    u64::try_from(ms).ok().map(Duration::from_millis)
}

/// A switch as a host gives it.
pub(super) fn switch(member: &str, value: i32) -> Result<bool> {
    match value {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(Error::argument(format!("{member} is neither 0 nor 1"))),
    }
}
