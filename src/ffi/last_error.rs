//! Errors
//!
//! A failing call leaves its error for the calling thread; a succeeding one clears it. The `_free` functions, the getters
//! below, itero_version and itero_status_name leave it alone when they succeed. Every thread has its own. The texts below
//! are valid until the next call of this library on the same thread; itero_error_capture makes an error that lives until
//! it is freed and that other threads may read.
//!
//! No message ever holds a secret or patient data.

use std::cell::RefCell;
use std::ffi::c_char;

use super::guard;
use super::handle::{Handle, Table, give};
use super::text::{out, put};
use crate::error::Error;
use crate::wire::Text;

/// An error that was captured. Free it with itero_error_free.
#[allow(non_camel_case_types)]
pub struct itero_error {
    _opaque: [u8; 0],
}

#[derive(Clone)]
pub struct Told {
    status: i32,
    operation: Text,
    message: Text,
    advice: Text,
    http_status: i32,
    service_code: Text,
    request_id: Text,
    retryable: i32,
    retry_after_ms: i64,
    operation_id: Text,
}

impl Default for Told {
    fn default() -> Told {
        Told {
            status: 0,
            operation: Text::default(),
            message: Text::default(),
            advice: Text::default(),
            http_status: 0,
            service_code: Text::default(),
            request_id: Text::default(),
            retryable: 0,
            retry_after_ms: -1,
            operation_id: Text::default(),
        }
    }
}

static ERRORS: Table<Told> = Table::new();

impl Handle for itero_error {
    type Object = Told;
    const KIND: usize = 1;
    const NAME: &'static str = "error";
    fn table() -> &'static Table<Told> {
        &ERRORS
    }
}

thread_local! {
    static LAST: RefCell<Option<Box<Told>>> = const { RefCell::new(None) };
}

/// Keeps the error for the calling thread and returns its number.
pub(super) fn set(operation: &'static str, error: Error) -> i32 {
    let error = error.into_facts();
    let status = error.status as i32;
    let told = Box::new(Told {
        status,
        message: Text::from(format!("{operation}: {}", error.message)),
        operation: Text::new(operation),
        retry_after_ms: error.retry_after.map_or(-1, |wait| {
            i64::try_from(wait.as_millis()).unwrap_or(i64::MAX)
        }),
        operation_id: Text::from(error.operation_id),
        advice: Text::new(error.advice),
        http_status: i32::from(error.http_status),
        service_code: Text::from(error.service_code),
        request_id: Text::from(error.request_id),
        retryable: i32::from(error.retryable),
    });
    // The thread may be ending, and its storage with it; then nobody can ask for the error any more.
    let _ = LAST.try_with(|last| *last.borrow_mut() = Some(told));
    status
}

pub(super) fn clear() {
    let _ = LAST.try_with(|last| {
        let mut last = last.borrow_mut();
        if last.is_some() {
            *last = None;
        }
    });
}

#[cfg(test)]
pub(super) fn message() -> String {
    LAST.with(|last| {
        last.borrow()
            .as_ref()
            .map(|told| told.message.as_str().to_owned())
            .unwrap_or_default()
    })
}

fn last<T>(otherwise: T, pick: impl FnOnce(&Told) -> T) -> T {
    LAST.try_with(|last| last.borrow().as_ref().map(|told| pick(told)))
        .ok()
        .flatten()
        .unwrap_or(otherwise)
}

fn last_text(pick: impl FnOnce(&Told) -> &Text) -> *const c_char {
    last(c"".as_ptr(), |told| pick(told).as_ptr())
}

/// The status of the last failed call on this thread; ITERO_OK when the last call succeeded. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_last_error_status() -> i32 {
    last(0, |told| told.status)
}

/// What went wrong in the last failed call on this thread: the function's name, what was wrong and where. English, for
/// a log or a help desk. "" when the last call succeeded. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_last_error_message() -> *const c_char {
    last_text(|told| &told.message)
}

/// The name of the function that failed last on this thread; "" when the last call succeeded. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_last_error_operation() -> *const c_char {
    last_text(|told| &told.operation)
}

/// One sentence of advice for the person who has to act; "" when the last call succeeded. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_last_error_advice() -> *const c_char {
    last_text(|told| &told.advice)
}

/// The HTTP status of the answer that made the last call on this thread fail; 0 when there was none. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_last_error_http_status() -> i32 {
    last(0, |told| told.http_status)
}

/// The service's own word for the fault, such as "NotPaired"; "" when it gave none. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_last_error_service_code() -> *const c_char {
    last_text(|told| &told.service_code)
}

/// The id under which the service's help desk finds the failed request; "" when none was sent. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_last_error_request_id() -> *const c_char {
    last_text(|told| &told.request_id)
}

/// 1 when the same call may succeed later without any change, else 0. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_last_error_retryable() -> i32 {
    last(0, |told| told.retryable)
}

/// How long the service asks to wait before the next call, in milliseconds; -1 when it doesn't say. What it asks for has
/// been kept already where the call's own time allowed it. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_last_error_retry_after_ms() -> i64 {
    last(-1, |told| told.retry_after_ms)
}

/// D2, Scan Request: the operation id of the scan request that the error is about, for itero_rx_resolve; "" when it is
/// about none. It is there with ITERO_E_OUTCOME_UNKNOWN. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_last_error_operation_id() -> *const c_char {
    last_text(|told| &told.operation_id)
}

/// Captures this thread's last error in a handle of its own, so that another thread can read it.
///
/// error_out: where the handle goes; free it with itero_error_free. When the last call succeeded, the captured error
/// has the status ITERO_OK and empty texts. This thread's last error stays as it is.
///
/// Errors: ITERO_E_ARGUMENT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_error_capture(error_out: *mut *mut itero_error) -> i32 {
    let told = last(Told::default(), Told::clone);
    guard::keep_error("itero_error_capture", || {
        out("error_out", error_out)?;
        unsafe { put(error_out, give::<itero_error>(told)?) };
        Ok(())
    })
}

/// The captured status. 0 on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_error_status(error: *const itero_error) -> i32 {
    guard::value("itero_error_status", error, 0, |told| Ok(told.status))
}

/// The captured message, as itero_last_error_message gives it. "" on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_error_message(error: *const itero_error) -> *const c_char {
    guard::text("itero_error_message", error, |told| {
        Ok(told.message.as_ptr())
    })
}

/// The captured name of the function that failed. "" on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_error_operation(error: *const itero_error) -> *const c_char {
    guard::text("itero_error_operation", error, |told| {
        Ok(told.operation.as_ptr())
    })
}

/// The captured advice. "" on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_error_advice(error: *const itero_error) -> *const c_char {
    guard::text("itero_error_advice", error, |told| Ok(told.advice.as_ptr()))
}

/// The captured HTTP status, 0 when there was none or on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_error_http_status(error: *const itero_error) -> i32 {
    guard::value("itero_error_http_status", error, 0, |told| {
        Ok(told.http_status)
    })
}

/// The captured word of the service. "" when it gave none or on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_error_service_code(error: *const itero_error) -> *const c_char {
    guard::text("itero_error_service_code", error, |told| {
        Ok(told.service_code.as_ptr())
    })
}

/// The captured request id. "" when no request was sent or on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_error_request_id(error: *const itero_error) -> *const c_char {
    guard::text("itero_error_request_id", error, |told| {
        Ok(told.request_id.as_ptr())
    })
}

/// 1 when the captured call may succeed later without any change, else 0; 0 on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_error_retryable(error: *const itero_error) -> i32 {
    guard::value("itero_error_retryable", error, 0, |told| Ok(told.retryable))
}

/// The captured time to wait, in milliseconds, as itero_last_error_retry_after_ms gives it; -1 when there is none.
/// -1 on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_error_retry_after_ms(error: *const itero_error) -> i64 {
    guard::value("itero_error_retry_after_ms", error, -1, |told| {
        Ok(told.retry_after_ms)
    })
}

/// The captured operation id, as itero_last_error_operation_id gives it. "" when there is none or on a bad handle.
/// No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_error_operation_id(error: *const itero_error) -> *const c_char {
    guard::text("itero_error_operation_id", error, |told| {
        Ok(told.operation_id.as_ptr())
    })
}

/// Frees a captured error. NULL is fine.
///
/// Errors: ITERO_E_HANDLE. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_error_free(error: *mut itero_error) -> i32 {
    guard::free("itero_error_free", error, |_| {})
}
