//! Patients on the wire (P1, P2, P4).

use serde::Serialize;

use super::read::Object;
use super::{Read, Text, read};
use crate::error::Result;

#[derive(Clone, Debug)]
pub struct Patient {
    /// The service's GUID.
    pub patient_id: Text,
    pub first_name: Text,
    pub last_name: Text,
    pub chart_number: Text,
    pub birth_date: Text,
}

pub(super) fn patient(object: &Object<'_>) -> Result<Patient> {
    Ok(Patient {
        patient_id: object.need("patientId")?,
        first_name: object.text("firstName")?,
        last_name: object.text("lastName")?,
        chart_number: object.text("chartNumber")?,
        birth_date: object.text("birthDate")?,
    })
}

/// The patient inside an order, which may come without an id.
pub(super) fn patient_of_order(object: &Object<'_>) -> Result<Patient> {
    Ok(Patient {
        patient_id: object.text("patientId")?,
        first_name: object.text("firstName")?,
        last_name: object.text("lastName")?,
        chart_number: object.text("chartNumber")?,
        birth_date: object.text("birthDate")?,
    })
}

pub fn patients(body: &[u8]) -> Result<Read<Vec<Patient>>> {
    read(body, |answer| answer.list("patients", patient))
}

/// One updated patient, as a table of one row.
pub fn updated(body: &[u8]) -> Result<Read<Vec<Patient>>> {
    read(body, |answer| Ok(vec![patient(answer)?]))
}

/// The members to look for; the empty ones are left out.
pub fn search<'a>(
    first_name: &'a str,
    last_name: &'a str,
    chart_number: &'a str,
) -> Vec<(&'static str, &'a str)> {
    let members = [
        ("firstName", first_name),
        ("lastName", last_name),
        ("chartNumber", chart_number),
    ];
    members
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .collect()
}

/// The members to change; the missing ones stay as they are.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Update<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chart_number: Option<&'a str>,
}
