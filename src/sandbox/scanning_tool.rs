//! The vendor's scanning tool, with which integrators make scans without a scanner.

use super::answer::{Body, Refusal};
use super::practice::procedure_json;
use super::scan_requests::{known_scanner, short};
use super::state::{Cloud, Rx};
use super::{Edge, scanner};
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

pub fn routes() -> Router<Edge> {
    Router::new()
        .route("/api/v1/order/create-new-order", post(create))
        .route("/api/v1/order/create-new-order-by-rx", post(create_by_rx))
        .route(
            "/api/v1/presets/available-procedure-maps",
            get(procedure_maps),
        )
}

/// A scan that no practice software asked for: the Rx is typed in at the scanner.
async fn create(
    State(edge): State<Edge>,
    headers: HeaderMap,
    body: Result<Body, Refusal>,
) -> Response {
    let Some(user) = signed_in(&edge.cloud, &headers) else {
        return challenge();
    };
    let made = body.and_then(|Body(body)| {
        let mut store = edge.cloud.store();
        let account_id = body.needed("companyId")?;
        if !store.users[user].accounts.contains(&account_id.as_str()) {
            return Err(Refusal::malformed(
                "companyId",
                "is not a company of this doctor",
            ));
        }
        let account = store.account(&account_id)?;
        known_scanner(account, &body.needed("scannerSerialNumber")?)?;
        let email = store.users[user].email;
        let by_email = |id: &&u32| {
            store
                .doctors
                .get(id)
                .is_some_and(|doctor| doctor.email == email)
        };
        let doctor = account
            .doctors
            .iter()
            .find(by_email)
            .copied()
            .unwrap_or_default();
        let procedure = store.known_procedure(&body)?;
        let person = body.object("patient")?;
        let (first, last) = (short(&person, "firstName")?, short(&person, "lastName")?);
        let chart = short(&person, "chartNumber")?;
        // At the scanner nobody checks for duplicates.
        let patient = store.patient_for(&account_id, &first, &last, &chart, None);
        let id = uuid::Uuid::new_v4().to_string();
        let rx = Rx {
            id: id.clone(),
            account: account_id,
            doctor,
            patient,
            procedure,
            lab: None,
            due_date: None,
            notes: None,
            teeth: Vec::new(),
            idempotency_key: None,
            status: scanner::CREATED.to_owned(),
            busy: false,
            order: None,
        };
        store.rxs.insert(id.clone(), rx);
        Ok(id)
    });
    match made {
        Ok(rx_id) => scanned(&edge, &rx_id).await,
        Err(refusal) => as_documented(refusal).into_response(),
    }
}

async fn create_by_rx(
    State(edge): State<Edge>,
    headers: HeaderMap,
    body: Result<Body, Refusal>,
) -> Response {
    let Some(user) = signed_in(&edge.cloud, &headers) else {
        return challenge();
    };
    let found = body.and_then(|Body(body)| {
        let rx_id = body.needed("rxId")?;
        let store = edge.cloud.store();
        let account = store.rx(&rx_id)?.account.as_str();
        match store.users[user].accounts.contains(&account) {
            true => Ok(rx_id),
            false => Err(Refusal::malformed(
                "rxId",
                "is not an Rx of this doctor's companies",
            )),
        }
    });
    match found {
        Ok(rx_id) => scanned(&edge, &rx_id).await,
        Err(refusal) => as_documented(refusal).into_response(),
    }
}

async fn procedure_maps(State(edge): State<Edge>) -> Json<Value> {
    let store = edge.cloud.store();
    Json(store.procedures.iter().map(procedure_json).collect())
}

async fn scanned(edge: &Edge, rx_id: &str) -> Response {
    match scanner::first_scan(&edge.cloud, rx_id).await {
        Ok(order_id) => Json(json!({"orderId": order_id, "rxId": rx_id})).into_response(),
        Err(refusal) => as_documented(refusal).into_response(),
    }
}

/// The tool is documented to answer 200, 400, 401 or 500, nothing else.
fn as_documented(mut refusal: Refusal) -> Refusal {
    refusal.status = if refusal.status < 500 { 400 } else { 500 };
    refusal
}

/// Basic authentication with a doctor's user; the answer is the user's place in the store.
fn signed_in(cloud: &Cloud, headers: &HeaderMap) -> Option<usize> {
    let (scheme, rest) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let basic = scheme
        .eq_ignore_ascii_case("basic")
        .then_some(rest.trim())?;
    let text = String::from_utf8(STANDARD.decode(basic).ok()?).ok()?;
    let (email, password) = text.split_once(':')?;
    cloud.store().user(email, password)
}

fn challenge() -> Response {
    let mut response =
        Refusal::new(401, "Unauthorized", "user or password is wrong").into_response();
    let basic = HeaderValue::from_static("Basic realm=\"scanning tool\"");
    response.headers_mut().insert(WWW_AUTHENTICATE, basic);
    response
}
