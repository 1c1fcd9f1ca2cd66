//! Status codes
//!
//! What every function returns that returns a status. New codes may be added at the end; none is ever reused, so treat
//! an unknown one as a failure.

use crate::error::Status;

/// Success.
pub const ITERO_OK: i32 = 0;
/// An argument is missing, out of range or refused by the service; the message names it.
pub const ITERO_E_ARGUMENT: i32 = 1;
/// A text is not UTF-8.
pub const ITERO_E_TEXT: i32 = 2;
/// A handle is NULL, was freed, is of another kind or never existed.
pub const ITERO_E_HANDLE: i32 = 3;
/// The call doesn't fit the state of its object.
pub const ITERO_E_STATE: i32 = 4;
/// Nobody is signed in.
pub const ITERO_E_NOT_SIGNED_IN: i32 = 5;
/// Signed in, but not paired to an account.
pub const ITERO_E_NOT_PAIRED: i32 = 6;
/// No connection, or it broke.
pub const ITERO_E_NETWORK: i32 = 7;
/// Out of time.
pub const ITERO_E_TIMEOUT: i32 = 8;
/// Cancelled by itero_client_cancel, a job's cancel or itero_shutdown.
pub const ITERO_E_CANCELLED: i32 = 9;
/// No secure connection could be made.
pub const ITERO_E_TLS: i32 = 10;
/// The sign-in was refused or has ended: the user must sign in again.
pub const ITERO_E_AUTH: i32 = 11;
/// The user may not do this, or a URL points where nothing may be sent.
pub const ITERO_E_FORBIDDEN: i32 = 12;
/// Align has not enabled this feature for the account.
pub const ITERO_E_NOT_ENABLED: i32 = 13;
/// The service doesn't know the id.
pub const ITERO_E_NOT_FOUND: i32 = 14;
/// It conflicts with what the service holds.
pub const ITERO_E_CONFLICT: i32 = 15;
/// The service asks for fewer requests.
pub const ITERO_E_RATE_LIMIT: i32 = 16;
/// The service has a fault of its own (HTTP 5xx).
pub const ITERO_E_SERVICE: i32 = 17;
/// The answer was not understood.
pub const ITERO_E_PROTOCOL: i32 = 18;
/// Sent, but the answer is lost: nobody knows yet whether it was done. Never send again without looking.
pub const ITERO_E_OUTCOME_UNKNOWN: i32 = 19;
/// The file system refused.
pub const ITERO_E_IO: i32 = 20;
/// The disk is full.
pub const ITERO_E_DISK_FULL: i32 = 21;
/// The token store or the ledger refused.
pub const ITERO_E_STORE: i32 = 22;
/// A fault of this library; the host goes on unharmed.
pub const ITERO_E_PANIC: i32 = 23;
/// Not an error: the job or the notification that was waited for is not there yet.
pub const ITERO_E_PENDING: i32 = 24;
/// Too many handles are alive.
pub const ITERO_E_LIMIT: i32 = 25;

/// All codes with their names; the compiler holds them equal to the library's own.
const NAMES: [(i32, &std::ffi::CStr); 26] = [
    (ITERO_OK, c"ITERO_OK"),
    (ITERO_E_ARGUMENT, c"ITERO_E_ARGUMENT"),
    (ITERO_E_TEXT, c"ITERO_E_TEXT"),
    (ITERO_E_HANDLE, c"ITERO_E_HANDLE"),
    (ITERO_E_STATE, c"ITERO_E_STATE"),
    (ITERO_E_NOT_SIGNED_IN, c"ITERO_E_NOT_SIGNED_IN"),
    (ITERO_E_NOT_PAIRED, c"ITERO_E_NOT_PAIRED"),
    (ITERO_E_NETWORK, c"ITERO_E_NETWORK"),
    (ITERO_E_TIMEOUT, c"ITERO_E_TIMEOUT"),
    (ITERO_E_CANCELLED, c"ITERO_E_CANCELLED"),
    (ITERO_E_TLS, c"ITERO_E_TLS"),
    (ITERO_E_AUTH, c"ITERO_E_AUTH"),
    (ITERO_E_FORBIDDEN, c"ITERO_E_FORBIDDEN"),
    (ITERO_E_NOT_ENABLED, c"ITERO_E_NOT_ENABLED"),
    (ITERO_E_NOT_FOUND, c"ITERO_E_NOT_FOUND"),
    (ITERO_E_CONFLICT, c"ITERO_E_CONFLICT"),
    (ITERO_E_RATE_LIMIT, c"ITERO_E_RATE_LIMIT"),
    (ITERO_E_SERVICE, c"ITERO_E_SERVICE"),
    (ITERO_E_PROTOCOL, c"ITERO_E_PROTOCOL"),
    (ITERO_E_OUTCOME_UNKNOWN, c"ITERO_E_OUTCOME_UNKNOWN"),
    (ITERO_E_IO, c"ITERO_E_IO"),
    (ITERO_E_DISK_FULL, c"ITERO_E_DISK_FULL"),
    (ITERO_E_STORE, c"ITERO_E_STORE"),
    (ITERO_E_PANIC, c"ITERO_E_PANIC"),
    (ITERO_E_PENDING, c"ITERO_E_PENDING"),
    (ITERO_E_LIMIT, c"ITERO_E_LIMIT"),
];

const _: () = {
    assert!(Status::Argument as i32 == ITERO_E_ARGUMENT);
    assert!(Status::Text as i32 == ITERO_E_TEXT);
    assert!(Status::Handle as i32 == ITERO_E_HANDLE);
    assert!(Status::State as i32 == ITERO_E_STATE);
    assert!(Status::NotSignedIn as i32 == ITERO_E_NOT_SIGNED_IN);
    assert!(Status::NotPaired as i32 == ITERO_E_NOT_PAIRED);
    assert!(Status::Network as i32 == ITERO_E_NETWORK);
    assert!(Status::Timeout as i32 == ITERO_E_TIMEOUT);
    assert!(Status::Cancelled as i32 == ITERO_E_CANCELLED);
    assert!(Status::Tls as i32 == ITERO_E_TLS);
    assert!(Status::Auth as i32 == ITERO_E_AUTH);
    assert!(Status::Forbidden as i32 == ITERO_E_FORBIDDEN);
    assert!(Status::NotEnabled as i32 == ITERO_E_NOT_ENABLED);
    assert!(Status::NotFound as i32 == ITERO_E_NOT_FOUND);
    assert!(Status::Conflict as i32 == ITERO_E_CONFLICT);
    assert!(Status::RateLimit as i32 == ITERO_E_RATE_LIMIT);
    assert!(Status::Service as i32 == ITERO_E_SERVICE);
    assert!(Status::Protocol as i32 == ITERO_E_PROTOCOL);
    assert!(Status::OutcomeUnknown as i32 == ITERO_E_OUTCOME_UNKNOWN);
    assert!(Status::Io as i32 == ITERO_E_IO);
    assert!(Status::DiskFull as i32 == ITERO_E_DISK_FULL);
    assert!(Status::Store as i32 == ITERO_E_STORE);
    assert!(Status::Panic as i32 == ITERO_E_PANIC);
    assert!(Status::Pending as i32 == ITERO_E_PENDING);
    assert!(Status::Limit as i32 == ITERO_E_LIMIT);
};

/// The name of a status code, such as "ITERO_E_NETWORK"; "" for a number that is none. The text is never freed.
/// No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_status_name(status: i32) -> *const std::ffi::c_char {
    NAMES
        .iter()
        .find(|(code, _)| *code == status)
        .map_or(c"", |(_, name)| *name)
        .as_ptr()
}
