//! The one error type: what a host is told when an operation fails.
//!
//! An error is built where the fault is understood and travels unchanged to the C interface, which adds the name of the
//! function that was called. Its texts never hold a secret or patient data: what a service or a host sent is named by
//! its member, never repeated.

use std::ops::{Deref, DerefMut};
use std::time::Duration;

/// What a C function returns. The numbers are the C interface's and are never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Status {
    Argument = 1,
    Text = 2,
    Handle = 3,
    State = 4,
    NotSignedIn = 5,
    NotPaired = 6,
    Network = 7,
    Timeout = 8,
    Cancelled = 9,
    Tls = 10,
    Auth = 11,
    Forbidden = 12,
    NotEnabled = 13,
    NotFound = 14,
    Conflict = 15,
    RateLimit = 16,
    Service = 17,
    Protocol = 18,
    OutcomeUnknown = 19,
    Io = 20,
    DiskFull = 21,
    Store = 22,
    Panic = 23,
    Pending = 24,
    Limit = 25,
}

impl Status {
    /// One sentence for the person who has to act, used where the fault's own place knows no better one.
    fn advice(self) -> &'static str {
        match self {
            Status::Argument => "Correct the named argument and call again.",
            Status::Text => "Pass UTF-8 text that ends with a NUL character.",
            Status::Handle => {
                "Pass a handle that this library returned, of the right kind and not yet freed."
            }
            Status::State => "Check the order of the calls.",
            Status::NotSignedIn => "Sign in with itero_login_begin or itero_login_run.",
            Status::NotPaired => "Pair the session to an account with itero_client_pair.",
            Status::Network => {
                "Check the network connection, the proxy and the firewall, then call again."
            }
            Status::Timeout => "Call again; if it lasts, check the network connection.",
            Status::Cancelled => "Nothing is wrong: the call was cancelled.",
            Status::Tls => {
                "Check the computer's date and its trusted certificates; behind an inspecting proxy, give its certificate with itero_config_set_ca_file."
            }
            Status::Auth => "Ask the user to sign in again.",
            Status::Forbidden => "Ask Align whether this user may use the operation.",
            Status::NotEnabled => "Ask Align to enable this feature for the practice.",
            Status::NotFound => "Check the id that was passed.",
            Status::Conflict => "Read the current state from the service and decide again.",
            Status::RateLimit => "Wait before the next call.",
            Status::Service => "The service has a fault of its own; call again later.",
            Status::Protocol => {
                "Report this with the request id; the service's answer differs from what this version understands."
            }
            Status::OutcomeUnknown => {
                "Do not send again: find out first whether the service has done it."
            }
            Status::Io => "Check the path, the permissions and the disk.",
            Status::DiskFull => "Free some space on the disk and call again.",
            Status::Store => "Check the folder and the permissions of the token store.",
            Status::Panic => "This is a fault of the library; report the message.",
            Status::Pending => "The job is still running; wait again.",
            Status::Limit => "Free handles that are no longer used.",
        }
    }
}

/// Why an operation failed: one pointer, because nearly every function hands one on, and most never make one.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}", .0.message)]
pub struct Error(Box<Facts>);

/// What is known of a failure.
#[derive(Clone, Debug)]
pub struct Facts {
    pub status: Status,
    pub message: String,
    pub advice: &'static str,
    /// The HTTP status of the answer, 0 when there was none.
    pub http_status: u16,
    /// The service's own word for the fault (`NotPaired`), empty when it gave none.
    pub service_code: String,
    /// What the help desk of the service asks for, empty when no request was made.
    pub request_id: String,
    /// Whether the same call may succeed later without any change.
    pub retryable: bool,
    /// How long to wait before the next try, where the service says it.
    pub retry_after: Option<Duration>,
    /// The scan request that the error is about, empty when it is about none.
    pub operation_id: String,
}

impl Deref for Error {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        &self.0
    }
}

impl DerefMut for Error {
    fn deref_mut(&mut self) -> &mut Facts {
        &mut self.0
    }
}

pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub fn new(status: Status, message: impl Into<String>) -> Error {
        Error::of(status, message.into())
    }

    fn of(status: Status, message: String) -> Error {
        Error(Box::new(Facts {
            status,
            message,
            advice: status.advice(),
            http_status: 0,
            service_code: String::new(),
            request_id: String::new(),
            retryable: matches!(
                status,
                Status::Network
                    | Status::Timeout
                    | Status::RateLimit
                    | Status::Service
                    | Status::Pending
            ),
            retry_after: None,
            operation_id: String::new(),
        }))
    }

    pub fn argument(message: impl Into<String>) -> Error {
        Error::new(Status::Argument, message)
    }

    pub fn protocol(message: impl Into<String>) -> Error {
        Error::new(Status::Protocol, message)
    }

    pub fn cancelled() -> Error {
        Error::new(Status::Cancelled, "the call was cancelled")
    }

    #[must_use]
    pub fn advise(mut self, advice: &'static str) -> Error {
        self.advice = advice;
        self
    }

    #[must_use]
    pub fn request(mut self, request_id: &str) -> Error {
        self.request_id = request_id.to_owned();
        self
    }

    #[must_use]
    pub fn wait(mut self, retry_after: Option<Duration>) -> Error {
        self.retry_after = retry_after.or(self.retry_after);
        self
    }

    #[must_use]
    pub fn about(mut self, operation_id: &str) -> Error {
        self.operation_id = operation_id.to_owned();
        self
    }

    /// All that is known, to keep.
    pub fn into_facts(self) -> Facts {
        *self.0
    }

    /// A fault of the file system. The path is left out: folders are often named after patients.
    pub fn io(doing: &str, fault: &std::io::Error) -> Error {
        let full = matches!(
            fault.kind(),
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded
        );
        let status = if full { Status::DiskFull } else { Status::Io };
        let number = fault
            .raw_os_error()
            .map(|n| format!(", system error {n}"))
            .unwrap_or_default();
        Error::new(status, format!("{doing} failed: {}{number}", fault.kind()))
    }

    /// A panic, told by its place alone: its text may hold anything.
    pub fn panic(place: &str) -> Error {
        Error::new(
            Status::Panic,
            format!("a fault inside the library at {place}"),
        )
    }
}
