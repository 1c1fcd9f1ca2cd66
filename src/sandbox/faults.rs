//! The one gate that every operation's requests pass: here they are counted, and here planned faults strike.

use super::Edge;
use super::answer::Refusal;
use super::ports::Line;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use std::time::Duration;

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

/// What goes wrong with a request.
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
        if !OPERATIONS.contains(&operation) {
            return Err(Refusal::unfit("operation", "is not an operation's name"));
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

    fn strike(&mut self, operation: &str) -> Option<Fault> {
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
    match fault {
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
    }
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
