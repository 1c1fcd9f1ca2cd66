//! The scan request on the wire (D2, P3).

use serde::Serialize;

use super::{Read, Text, read};
use crate::error::Result;

/// The header that lets the service recognise a repeated scan request.
pub const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ScanRequest<'a> {
    pub doctor_id: &'a str,
    pub patient: Patient<'a>,
    pub procedure_map_id: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub scanner_serial_number: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub lab_id: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub due_date: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub notes: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub teeth: Vec<Tooth<'a>>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub update_patient: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Patient<'a> {
    pub first_name: &'a str,
    pub last_name: &'a str,
    pub chart_number: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub birth_date: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub gender: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tooth<'a> {
    pub tooth_number: &'a str,
    pub restoration: &'a str,
    pub material: &'a str,
    pub shade: &'a str,
}

/// The service's record of a scan request.
#[derive(Clone, Debug)]
pub struct Rx {
    pub rx_id: Text,
    pub order_id: Text,
    pub patient_id: Text,
    pub created_at: Text,
}

pub fn rx(body: &[u8]) -> Result<Read<Rx>> {
    read(body, |answer| {
        Ok(Rx {
            rx_id: answer.need("rxId")?,
            order_id: answer.text("orderId")?,
            patient_id: answer.text("patientId")?,
            created_at: answer.text("createdAt")?,
        })
    })
}
