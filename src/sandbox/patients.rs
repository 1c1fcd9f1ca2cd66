//! Patients: the exact search, and corrections by patient id or by chart number.

use super::Edge;
use super::answer::{Body, Members, Params, Refusal};
use super::names::same;
use super::session::Paired;
use super::state::{Patient, Store};
use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};

pub async fn search(
    State(edge): State<Edge>,
    paired: Paired,
    params: Params,
) -> Result<Json<Value>, Refusal> {
    let [first, last, chart] =
        ["firstName", "lastName", "chartNumber"].map(|name| params.get(name));
    if first.or(last).or(chart).is_none() {
        return Err(Refusal::malformed(
            "firstName",
            "firstName, lastName or chartNumber is needed",
        ));
    }
    let fits = |patient: &&Patient| {
        patient.account == paired.account
            && first.is_none_or(|name| same(name, &patient.first_name))
            && last.is_none_or(|name| same(name, &patient.last_name))
            && chart.is_none_or(|number| patient.has_chart(number))
    };
    let store = edge.cloud.store();
    let found: Vec<Value> = store
        .patients
        .iter()
        .filter(fits)
        .map(patient_json)
        .collect();
    Ok(Json(json!({"patients": found})))
}

pub async fn update(
    State(edge): State<Edge>,
    paired: Paired,
    Path(id): Path<String>,
    Body(body): Body,
) -> Result<Json<Value>, Refusal> {
    let change = Change::read(&body)?;
    let mut store = edge.cloud.store();
    let known = |patient: &Patient| {
        patient.account == paired.account && patient.id.eq_ignore_ascii_case(&id)
    };
    let index = store.patients.iter().position(known);
    let index = index.ok_or_else(|| Refusal::not_found("there is no such patient"))?;
    let taken = |(other, patient): (usize, &Patient)| {
        let number = change.chart_number.as_deref();
        other != index
            && patient.account == paired.account
            && number.is_some_and(|number| patient.has_chart(number))
    };
    if store.patients.iter().enumerate().any(taken) {
        let refusal = Refusal::new(
            409,
            "ChartNumberTaken",
            "another patient has this chart number",
        );
        return Err(refusal.on("chartNumber"));
    }
    Ok(Json(change.apply(&mut store.patients[index])))
}

pub async fn update_by_chart(
    State(edge): State<Edge>,
    paired: Paired,
    Path(chart): Path<String>,
    Body(body): Body,
) -> Result<Json<Value>, Refusal> {
    // The number that finds the patient can't change on the way; silence would look like success.
    if body.has("chartNumber") {
        return Err(Refusal::malformed(
            "chartNumber",
            "can't be changed here; update by patient id",
        ));
    }
    let change = Change::read(&body)?;
    let mut store = edge.cloud.store();
    let index = store.only_patient_with_chart(&paired.account, &chart)?;
    Ok(Json(change.apply(&mut store.patients[index])))
}

impl Store {
    pub fn only_patient_with_chart(&self, account: &str, chart: &str) -> Result<usize, Refusal> {
        let fits = |(_, patient): &(usize, &Patient)| {
            patient.account == account && patient.has_chart(chart)
        };
        let mut found = self
            .patients
            .iter()
            .enumerate()
            .filter(fits)
            .map(|(index, _)| index);
        match (found.next(), found.next()) {
            (Some(index), None) => Ok(index),
            (None, _) => Err(Refusal::not_found("no patient has this chart number")),
            _ => {
                let message = "several patients share this chart number";
                Err(Refusal::new(409, "DuplicateChartNumber", message).on("chartNumber"))
            }
        }
    }
}

pub fn patient_json(patient: &Patient) -> Value {
    let mut answer = json!({
        "patientId": patient.id,
        "firstName": patient.first_name,
        "lastName": patient.last_name,
        "chartNumber": patient.chart_number,
    });
    if let Some(birth) = &patient.birth_date {
        answer["birthDate"] = birth.as_str().into();
    }
    answer
}

struct Change {
    first_name: Option<String>,
    last_name: Option<String>,
    chart_number: Option<String>,
}

impl Change {
    fn read(body: &Members) -> Result<Self, Refusal> {
        let change = Change {
            first_name: body.filled("firstName")?,
            last_name: body.filled("lastName")?,
            chart_number: body.filled("chartNumber")?,
        };
        let parts = [&change.first_name, &change.last_name, &change.chart_number];
        if parts.iter().all(|part| part.is_none()) {
            return Err(Refusal::malformed(
                "firstName",
                "nothing to change was sent",
            ));
        }
        Ok(change)
    }

    fn apply(self, patient: &mut Patient) -> Value {
        patient.first_name = self
            .first_name
            .unwrap_or_else(|| patient.first_name.clone());
        patient.last_name = self.last_name.unwrap_or_else(|| patient.last_name.clone());
        patient.chart_number = self.chart_number.or_else(|| patient.chart_number.clone());
        patient_json(patient)
    }
}
