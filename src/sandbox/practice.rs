//! The practice configuration: all that a scan request may refer to.

use super::Edge;
use super::answer::Refusal;
use super::session::Paired;
use super::state::{Doctor, Lab, Procedure, ScannerUnit};
use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

pub async fn practice(State(edge): State<Edge>, paired: Paired) -> Result<Json<Value>, Refusal> {
    let store = edge.cloud.store();
    let account = store.account(&paired.account)?;
    let doctors = account
        .doctors
        .iter()
        .filter_map(|id| store.doctors.get(id))
        .map(doctor_json);
    let lab = |lab: &Lab| json!({"labId": lab.id, "name": lab.name});
    let scanner = |unit: &ScannerUnit| json!({"serialNumber": unit.serial, "model": unit.model, "name": unit.name});
    Ok(Json(json!({
        "accountId": account.id,
        "name": account.name,
        "address": account.address,
        "phone": account.phone,
        "timeZone": account.time_zone,
        "doctors": doctors.collect::<Vec<_>>(),
        "labs": account.labs.iter().map(lab).collect::<Vec<_>>(),
        "procedures": store.procedures.iter().map(procedure_json).collect::<Vec<_>>(),
        "scanners": account.scanners.iter().map(scanner).collect::<Vec<_>>(),
    })))
}

pub fn doctor_json(doctor: &Doctor) -> Value {
    json!({
        "doctorId": doctor.id,
        "firstName": doctor.first_name,
        "lastName": doctor.last_name,
        "licenseNumber": doctor.license,
        "email": doctor.email,
    })
}

pub fn procedure_json(procedure: &Procedure) -> Value {
    json!({"procedureMapId": procedure.id, "name": procedure.name})
}
