//! Where every operation lives: V1's paths, the regions' paths, and the discovery answer that names them.
//!
//! The regions' paths differ from V1's on purpose: a client that skips discovery finds nothing there.

use super::answer::{Params, Refusal};
use super::data::CLIENT_ID;
use super::session::bearer;
use super::state::{Cloud, Region};
use super::{
    Edge, authorize, control, faults, files, oauth, orders, pairing, patients, practice,
    scan_requests, scanning_tool,
};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::{MethodRouter, delete, get, patch, post};
use axum::{Json, Router};
use serde_json::{Map, Value, json};

/// Operation, V1's path, a region's path.
const PATHS: [(&str, &str, &str); 14] = [
    ("accounts", "/accounts", "/clinics"),
    ("pair", "/pairing", "/clinics/pairing"),
    ("unpair", "/pairing", "/clinics/pairing"),
    (
        "pairingWarnings",
        "/pairing/warnings",
        "/clinics/pairing/warnings",
    ),
    ("practice", "/practice", "/configuration/practice"),
    ("scanRequest", "/scan-requests", "/rx"),
    ("scanRequestDelete", "/scan-requests/{rxId}", "/rx/{rxId}"),
    ("scanRequests", "/scan-requests", "/rx"),
    ("orders", "/orders", "/cases"),
    ("orderByRx", "/orders/rx/{rxId}", "/cases/by-rx/{rxId}"),
    (
        "orderFiles",
        "/orders/{orderId}/files",
        "/cases/{orderId}/files",
    ),
    ("patientSearch", "/patients", "/persons/search"),
    (
        "patientUpdate",
        "/patients/{patientId}",
        "/persons/id/{patientId}",
    ),
    (
        "patientUpdateByChart",
        "/patients/by-chart/{chartNumber}",
        "/persons/chart/{chartNumber}",
    ),
];

/// `GET /api/v2/discovery?clientId`: needs no token, and takes an expired one as a hint whose region is meant.
pub async fn discover(
    State(edge): State<Edge>,
    params: Params,
    headers: HeaderMap,
) -> Result<Json<Value>, Refusal> {
    let mut store = edge.cloud.store();
    store.counters.discovery_calls += 1;
    match params.get("clientId") {
        Some(CLIENT_ID) => {}
        Some(_) => return Err(Refusal::malformed("clientId", "is not known")),
        None => return Err(Refusal::malformed("clientId", "is needed")),
    }
    let session = bearer(&headers).and_then(|token| store.tokens.owner(token));
    let region = session.map_or(Region::Us, |session| store.region_of(session));
    let mut endpoints = Map::new();
    for (name, _, path) in PATHS {
        endpoints.insert(
            name.to_owned(),
            format!("{}{path}", api_base(&edge.cloud, region)).into(),
        );
    }
    for name in ["token", "revoke"] {
        endpoints.insert(
            name.to_owned(),
            format!("{}/oauth/{name}", region_base(&edge.cloud, region)).into(),
        );
    }
    Ok(Json(
        json!({"region": region.name(), "endpoints": endpoints}),
    ))
}

/// The global port: login, OAuth base, discovery, V1, the vendor's scanning tool and the sandbox's controls.
pub fn global(edge: &Edge) -> Router<Edge> {
    let gated = |name, handler| faults::operation(edge, name, handler);
    api(edge, "/api/v1", |(_, v1, _)| v1)
        .route(
            "/authorize",
            gated("authorize", get(authorize::show).post(authorize::submit)),
        )
        .route("/hosted-redirect", get(authorize::hosted))
        .route("/oauth/token", gated("token", post(oauth::token)))
        .route("/oauth/revoke", gated("revoke", post(oauth::revoke)))
        .route("/api/v2/discovery", gated("discovery", get(discover)))
        .merge(scanning_tool::routes())
        .merge(control::routes())
}

/// A region's port: its V2 API and its token endpoints.
pub fn regional(edge: &Edge, region: Region) -> Router<Edge> {
    let gated = |name, handler| faults::operation(edge, name, handler);
    let name = region.name();
    api(edge, &format!("/{name}/api/v2"), |(_, _, v2)| v2)
        .route(
            &format!("/{name}/oauth/token"),
            gated("token", post(oauth::token)),
        )
        .route(
            &format!("/{name}/oauth/revoke"),
            gated("revoke", post(oauth::revoke)),
        )
}

/// The file host's port.
pub fn file_host(edge: &Edge) -> Router<Edge> {
    Router::new().route(
        "/files/{fileId}/{name}",
        faults::operation(edge, "file", get(files::serve)),
    )
}

fn api(
    edge: &Edge,
    prefix: &str,
    pick: fn((&'static str, &'static str, &'static str)) -> &'static str,
) -> Router<Edge> {
    let add = |router: Router<Edge>, row: (&'static str, _, _)| {
        let path = format!("{prefix}{}", pick(row));
        router.route(&path, faults::operation(edge, row.0, handler(row.0)))
    };
    PATHS.into_iter().fold(Router::new(), add)
}

fn handler(operation: &str) -> MethodRouter<Edge> {
    match operation {
        "accounts" => get(pairing::accounts),
        "pair" => post(pairing::pair),
        "unpair" => delete(pairing::unpair),
        "pairingWarnings" => get(pairing::warnings),
        "practice" => get(practice::practice),
        "scanRequest" => post(scan_requests::create),
        "scanRequestDelete" => delete(scan_requests::withdraw),
        "scanRequests" => get(scan_requests::find),
        "orders" => get(orders::list),
        "orderByRx" => get(orders::by_rx),
        "orderFiles" => get(orders::files),
        "patientSearch" => get(patients::search),
        "patientUpdate" => patch(patients::update),
        _ => patch(patients::update_by_chart),
    }
}

fn region_base(cloud: &Cloud, region: Region) -> String {
    let host = match region {
        Region::Us => &cloud.addresses.us,
        Region::Eu => &cloud.addresses.eu,
    };
    format!("{host}/{}", region.name())
}

fn api_base(cloud: &Cloud, region: Region) -> String {
    format!("{}/api/v2", region_base(cloud, region))
}
