//! The sandbox's own controls over HTTP, for hosts in any language; in-process tests call the same store directly.

use super::answer::{Body, Refusal};
use super::state::{Counters, RxRecord, Store};
use super::{Edge, scanner};
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

type Done = Result<StatusCode, Refusal>;

pub fn routes() -> Router<Edge> {
    Router::new()
        .route("/sandbox/counters", get(counters))
        .route("/sandbox/rxs", get(ledger))
        .route("/sandbox/expire", post(expire))
        .route("/sandbox/features", post(features))
        .route("/sandbox/scan", post(scan))
        .route("/sandbox/rescan", post(rescan))
        .route("/sandbox/status", post(status))
        .route("/sandbox/faults", post(plan).merge(delete(clear)))
}

async fn counters(State(edge): State<Edge>) -> Json<Counters> {
    Json(edge.cloud.store().counters.clone())
}

async fn ledger(State(edge): State<Edge>) -> Json<Vec<RxRecord>> {
    Json(edge.cloud.store().ledger())
}

async fn expire(State(edge): State<Edge>) -> StatusCode {
    edge.cloud.store().tokens.expire_all();
    StatusCode::NO_CONTENT
}

async fn features(State(edge): State<Edge>, Body(body): Body) -> Done {
    let account = body.needed("accountId")?;
    let (warnings, update) = (body.flag("pairingWarnings")?, body.flag("updatePatient")?);
    edge.cloud
        .store()
        .set_features(&account, warnings, update)?;
    Ok(StatusCode::NO_CONTENT)
}

impl Store {
    pub fn set_features(
        &mut self,
        account: &str,
        warnings: Option<bool>,
        update: Option<bool>,
    ) -> Result<(), Refusal> {
        let account = self.account_mut(account)?;
        account.pairing_warnings = warnings.unwrap_or(account.pairing_warnings);
        account.update_patient = update.unwrap_or(account.update_patient);
        Ok(())
    }
}

async fn scan(State(edge): State<Edge>, Body(body): Body) -> Result<Json<Value>, Refusal> {
    let order = scanner::first_scan(&edge.cloud, &body.needed("rxId")?).await?;
    Ok(Json(json!({"orderId": order})))
}

async fn rescan(State(edge): State<Edge>, Body(body): Body) -> Result<Json<Value>, Refusal> {
    let order = scanner::rescan(&edge.cloud, &body.needed("rxId")?).await?;
    Ok(Json(json!({"orderId": order})))
}

async fn status(State(edge): State<Edge>, Body(body): Body) -> Done {
    scanner::move_to(&edge.cloud, &body.needed("rxId")?, &body.needed("status")?).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn plan(State(edge): State<Edge>, Body(body): Body) -> Done {
    let operation = body.needed("operation")?;
    let count = body.number("count")?.unwrap_or(1);
    let count = u32::try_from(count).map_err(|_| Refusal::malformed("count", "is too large"))?;
    let fault = super::faults::read(&body.object("fault")?)?;
    edge.cloud.store().faults.plan(&operation, count, fault)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn clear(State(edge): State<Edge>) -> StatusCode {
    edge.cloud.store().faults.clear();
    StatusCode::NO_CONTENT
}
