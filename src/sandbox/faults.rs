//! The one gate that every operation's requests pass: here they are counted, and here planned faults strike.
//!
//! A fault is planned for an operation ([`OPERATIONS`]) or for a port ([`PORTS`]), with [`Sandbox::fault`] or over HTTP:
//!
//! ```text
//! POST   {baseUrl}/sandbox/faults   {"operation": "file", "count": 3, "fault": {"kind": "cut", "bytes": 400000}}
//! DELETE {baseUrl}/sandbox/faults   forgets all that are still to come
//! ```
//!
//! | kind | members | what goes wrong |
//! |---|---|---|
//! | `status` | `status`, `retryAfter` | this status instead of the operation; a series with `count` |
//! | `body` | `status`, `contentType`, `text` | this answer instead of the operation |
//! | `delay` | `ms` | the operation is done after a while |
//! | `drop_before`, `drop_after` | | the connection closes without an answer; the operation isn't done, or is |
//! | `reset` | | as `drop_before`, with a TCP reset |
//! | `hang` | | no answer ever; for a port: the connection is taken and never spoken on, so a TLS handshake hangs |
//! | `cut` | `bytes`, `reset` | the connection closes after so many bytes of the answer's body |
//! | `dribble` | `bytesPerSecond`, `after` | the body comes slowly, once `after` bytes of it have come at full speed |
//! | `redirect` | `to` | 307 to the same path and query at another host |
//! | `expired` | | 403 `LinkExpired`, as for a file's link whose time is over |
//! | `clock` | `seconds` | the answer's Date is so far ahead of the true time, or behind it |
//! | `lie` | `lie` | the answer about a file is not as it should be: [`Lie`] |
//!
//! [`Sandbox::fault`]: super::Sandbox::fault

mod lie;
mod paced;
mod read;

pub use lie::Lie;
pub use read::read;

use super::Edge;
use super::answer::Refusal;
use super::ports::Line;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{CONTENT_TYPE, DATE, LOCATION, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use paced::Pace;
use std::time::{Duration, SystemTime};

/// The operations that faults and counters know by name.
pub const OPERATIONS: [&str; 19] = [
    "authorize",
    "token",
    "revoke",
    "discovery",
    "accounts",
    "pair",
    "unpair",
    "pairingWarnings",
    "practice",
    "scanRequest",
    "scanRequestDelete",
    "scanRequests",
    "orders",
    "orderByRx",
    "orderFiles",
    "patientSearch",
    "patientUpdate",
    "patientUpdateByChart",
    "file",
];

/// The ports, whose next connections can be reset or left hanging: before any request, and before TLS.
pub const PORTS: [&str; 4] = ["globalPort", "usPort", "euPort", "filePort"];

/// What goes wrong with a request, or with a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// This status instead of the operation, which isn't done.
    Status {
        status: u16,
        retry_after: Option<String>,
    },
    /// The operation is done, but only after a while.
    Delay(Duration),
    /// The connection closes without an answer, and the operation isn't done.
    DropBefore,
    /// The operation is done, then the connection closes without an answer.
    DropAfter,
    /// This answer instead of the operation, which isn't done.
    Body {
        status: u16,
        content_type: String,
        text: String,
    },
    /// The connection is reset without an answer, and the operation isn't done.
    Reset,
    /// No answer, and no end of the connection either.
    Hang,
    /// The connection closes, or is reset, after so many bytes of the body.
    Cut { bytes: u64, reset: bool },
    /// The body comes slowly after its first bytes.
    Dribble { bytes_per_second: u64, after: u64 },
    /// The operation has moved: the same path and query there.
    Redirect { to: String },
    /// The link's time is over.
    Expired,
    /// The answer's Date is so many seconds ahead, or behind.
    Clock { seconds: i64 },
    /// Something is wrong with a file's answer.
    Lie(Lie),
}

struct Plan {
    operation: String,
    left: u32,
    fault: Fault,
}

/// The faults still to come; of several for one operation, the one planned first strikes first.
#[derive(Default)]
pub struct Faults(Vec<Plan>);

impl Faults {
    pub fn plan(&mut self, operation: &str, count: u32, fault: Fault) -> Result<(), Refusal> {
        let is_port = PORTS.contains(&operation);
        if !is_port && !OPERATIONS.contains(&operation) {
            return Err(Refusal::unfit("operation", "is not an operation's name"));
        }
        if is_port && !matches!(fault, Fault::Reset | Fault::Hang) {
            return Err(Refusal::unfit("fault.kind", "is reset or hang for a port"));
        }
        let status = match &fault {
            Fault::Status { status, .. } | Fault::Body { status, .. } => *status,
            _ => 200,
        };
        if !(200..=599).contains(&status) {
            return Err(Refusal::unfit("fault.status", "must be from 200 to 599"));
        }
        let operation = operation.to_owned();
        self.0.push(Plan {
            operation,
            left: count,
            fault,
        });
        Ok(())
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    pub fn strike(&mut self, operation: &str) -> Option<Fault> {
        self.0.retain(|plan| plan.left > 0);
        let plan = self.0.iter_mut().find(|plan| plan.operation == operation)?;
        plan.left -= 1;
        Some(plan.fault.clone())
    }
}

/// Puts the gate before an operation's handler.
pub fn operation(
    edge: &Edge,
    name: &'static str,
    handler: MethodRouter<Edge>,
) -> MethodRouter<Edge> {
    handler.route_layer(middleware::from_fn_with_state((edge.clone(), name), gate))
}

type Gate = (Edge, &'static str);

async fn gate(
    State((edge, name)): State<Gate>,
    ConnectInfo(line): ConnectInfo<Line>,
    request: Request,
    next: Next,
) -> Response {
    let fault = {
        let mut store = edge.cloud.store();
        *store.counters.requests.entry(name.to_owned()).or_default() += 1;
        store.faults.strike(name)
    };
    let (response, pace) = struck(fault, &line, request, next).await;
    if name != "file" && pace.is_even() {
        return response;
    }
    let counter = (name == "file").then(|| edge.cloud.clone());
    paced::paced(response, pace, line, counter)
}

/// The answer, and how its body goes out.
async fn struck(
    fault: Option<Fault>,
    line: &Line,
    request: Request,
    next: Next,
) -> (Response, Pace) {
    let response = match fault {
        None => next.run(request).await,
        Some(Fault::Status {
            status,
            retry_after,
        }) => planned_status(status, retry_after),
        Some(Fault::Delay(pause)) => {
            tokio::time::sleep(pause).await;
            next.run(request).await
        }
        Some(Fault::DropBefore) => {
            line.cut();
            StatusCode::OK.into_response()
        }
        Some(Fault::DropAfter) => {
            let done = next.run(request).await;
            line.cut();
            done
        }
        Some(Fault::Body {
            status,
            content_type,
            text,
        }) => planned_body(status, &content_type, text),
        Some(Fault::Reset) => {
            line.reset();
            StatusCode::OK.into_response()
        }
        Some(Fault::Hang) => std::future::pending().await,
        Some(Fault::Cut { bytes, reset }) => {
            return (next.run(request).await, Pace::cut(bytes, reset));
        }
        Some(Fault::Dribble {
            bytes_per_second,
            after,
        }) => {
            return (
                next.run(request).await,
                Pace::dribble(bytes_per_second, after),
            );
        }
        Some(Fault::Redirect { to }) => moved(request.uri(), &to),
        Some(Fault::Expired) => Refusal::new(
            403,
            "LinkExpired",
            "the link has expired; ask for a fresh one",
        )
        .into_response(),
        Some(Fault::Clock { seconds }) => at_another_time(next.run(request).await, seconds),
        Some(Fault::Lie(lie)) => lie.tell(request, next).await,
    };
    (response, Pace::default())
}

fn planned_status(status: u16, retry_after: Option<String>) -> Response {
    let code = match status {
        429 => "TooManyRequests",
        503 => "ServiceUnavailable",
        _ => "PlannedFault",
    };
    let mut response =
        Refusal::new(status, code, "the sandbox was told to answer so").into_response();
    if let Some(value) = retry_after.and_then(|value| HeaderValue::from_str(&value).ok()) {
        response.headers_mut().insert(RETRY_AFTER, value);
    }
    response
}

fn planned_body(status: u16, content_type: &str, text: String) -> Response {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    if let Ok(value) = HeaderValue::from_str(content_type) {
        response.headers_mut().insert(CONTENT_TYPE, value);
    }
    response
}

fn moved(uri: &Uri, to: &str) -> Response {
    let rest = uri.path_and_query().map_or("/", |rest| rest.as_str());
    let mut response = StatusCode::TEMPORARY_REDIRECT.into_response();
    if let Ok(value) = HeaderValue::from_str(&format!("{to}{rest}")) {
        response.headers_mut().insert(LOCATION, value);
    }
    response
}

fn at_another_time(mut response: Response, seconds: i64) -> Response {
    let by = Duration::from_secs(seconds.unsigned_abs());
    let now = SystemTime::now();
    let then = match seconds < 0 {
        true => now.checked_sub(by),
        false => now.checked_add(by),
    };
    let date = then.map(httpdate::fmt_http_date);
    if let Some(Ok(value)) = date.map(|date| HeaderValue::from_str(&date)) {
        response.headers_mut().insert(DATE, value);
    }
    response
}
