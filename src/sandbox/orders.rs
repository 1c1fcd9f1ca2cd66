//! Orders: the ready ones in pages, one by its Rx, and the files of one with fresh links.

use super::answer::{Params, Refusal};
use super::patients::patient_json;
use super::practice::doctor_json;
use super::session::Paired;
use super::state::{Cloud, Order, Rx, Store};
use super::{Edge, clock, files as file_host, scanner};
use axum::Json;
use axum::extract::{Path, State};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use time::OffsetDateTime;

/// Where a page begins. It names a place in the order of updates and not a count, so orders that change between two
/// pages are neither skipped nor shifted.
type Place = (i128, u64);

pub async fn list(
    State(edge): State<Edge>,
    paired: Paired,
    params: Params,
) -> Result<Json<Value>, Refusal> {
    let from = moment(&params, "from")?;
    let to = moment(&params, "to")?;
    if matches!((from, to), (Some(from), Some(to)) if from > to) {
        return Err(Refusal::malformed("to", "lies before from"));
    }
    let size = page_size(&params)?;
    let after = params.get("pageToken").map(read_place).transpose()?;
    let chart = params.get("chartNumber");

    let store = edge.cloud.store();
    let fits = |(rx, order): &(&Rx, &Order)| {
        rx.account == paired.account
            && ready(rx, order)
            && from.is_none_or(|from| order.updated >= from)
            && to.is_none_or(|to| order.updated < to)
            && chart.is_none_or(|chart| {
                store
                    .patient(&rx.patient)
                    .is_some_and(|patient| patient.has_chart(chart))
            })
            && after.is_none_or(|after| place(order) > after)
    };
    let with_order = |rx| Some((rx, Rx::order(rx)?));
    let mut found: Vec<(&Rx, &Order)> = store
        .rxs
        .values()
        .filter_map(with_order)
        .filter(fits)
        .collect();
    found.sort_by_key(|(_, order)| place(order));
    let more = found.len() > size;
    found.truncate(size);
    let orders: Vec<Value> = found
        .iter()
        .map(|(rx, order)| order_json(&edge.cloud, &store, rx, order))
        .collect();
    let mut answer = json!({"orders": orders});
    if let (true, Some((_, last))) = (more, found.last()) {
        answer["nextPageToken"] = write_place(place(last)).into();
    }
    Ok(Json(answer))
}

pub async fn by_rx(
    State(edge): State<Edge>,
    paired: Paired,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let store = edge.cloud.store();
    let rx = store.rx_of(&paired.account, &id)?;
    let order = rx.order().filter(|order| arrived(rx, order));
    let order = order.ok_or_else(|| Refusal::not_found("this Rx was not scanned yet"))?;
    Ok(Json(order_json(&edge.cloud, &store, rx, order)))
}

pub async fn files(
    State(edge): State<Edge>,
    paired: Paired,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let store = edge.cloud.store();
    let mine = |rx: &&Rx| {
        rx.account == paired.account && rx.order().is_some_and(|order| order.id.to_string() == id)
    };
    let rx = store.rxs.values().find(mine);
    let found = rx.and_then(|rx| rx.order().filter(|order| arrived(rx, order)));
    let order = found.ok_or_else(|| Refusal::not_found("there is no such order"))?;
    if order.files.is_empty() {
        return Err(Refusal::new(
            409,
            "OrderNotReady",
            "the order's files are not uploaded yet",
        ));
    }
    Ok(Json(json!({"files": files_json(&edge.cloud, order)})))
}

impl Rx {
    fn order(&self) -> Option<&Order> {
        self.order.as_ref()
    }
}

/// Ready: uploaded, viewable, every file downloadable. During a rescan it isn't, though the old files remain.
fn ready(rx: &Rx, order: &Order) -> bool {
    !order.files.is_empty() && rx.status != scanner::SCANNING && rx.status != scanner::SENDING
}

/// Whether the cloud has heard of the scan: from the first upload on.
fn arrived(rx: &Rx, order: &Order) -> bool {
    order.version > 0 || rx.status != scanner::SCANNING
}

fn order_json(cloud: &Cloud, store: &Store, rx: &Rx, order: &Order) -> Value {
    let procedure = store
        .procedures
        .iter()
        .find(|procedure| procedure.id == rx.procedure);
    let mut answer = json!({
        "orderId": order.id,
        "orderCode": order.code,
        "rxId": rx.id,
        "accountId": rx.account,
        "status": rx.status,
        "caseType": procedure.map(|procedure| procedure.case_type),
        "scanDate": clock::write(order.scan_date),
        "updatedDate": clock::write(order.updated),
        "patient": store.patient(&rx.patient).map(patient_json),
        "doctor": store.doctors.get(&rx.doctor).map(doctor_json),
        "files": files_json(cloud, order),
    });
    for (name, value) in [
        ("labId", &rx.lab),
        ("dueDate", &rx.due_date),
        ("notes", &rx.notes),
    ] {
        if let Some(value) = value {
            answer[name] = value.as_str().into();
        }
    }
    answer
}

fn files_json(cloud: &Cloud, order: &Order) -> Vec<Value> {
    let one = |file: &super::state::StoredFile| {
        json!({
            "fileId": file.id,
            "kind": file.kind,
            "name": file.name,
            "size": file.bytes.len(),
            "sha256": file.sha256,
            "etag": file_host::etag(file),
            "url": file_host::signed_url(cloud, file),
            "contentType": file.content_type,
        })
    };
    order.files.iter().map(one).collect()
}

fn moment(params: &Params, name: &str) -> Result<Option<OffsetDateTime>, Refusal> {
    let read = |text| {
        clock::read(text).ok_or_else(|| Refusal::malformed(name, "must be a date as in RFC 3339"))
    };
    params.get(name).map(read).transpose()
}

fn page_size(params: &Params) -> Result<usize, Refusal> {
    let Some(text) = params.get("pageSize") else {
        return Ok(50);
    };
    let size = text.parse().ok().filter(|size| (1..=100).contains(size));
    size.ok_or_else(|| Refusal::malformed("pageSize", "must be a number from 1 to 100"))
}

fn place(order: &Order) -> Place {
    (order.updated.unix_timestamp_nanos(), order.id)
}

fn write_place((moment, id): Place) -> String {
    URL_SAFE_NO_PAD.encode(format!("{moment}/{id}"))
}

fn read_place(token: &str) -> Result<Place, Refusal> {
    let read = || {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
        let (moment, id) = text.split_once('/')?;
        Some((moment.parse().ok()?, id.parse().ok()?))
    };
    read().ok_or_else(|| Refusal::malformed("pageToken", "is not one that this service gave"))
}
