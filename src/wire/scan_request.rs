//! The scan request on the wire (D2, P3).

use serde::Serialize;

use super::{Read, Text, read};
use crate::error::Result;

/// What the service is asked for a scan request by (OURS).
const CLIENT_REFERENCE: &str = "clientReference";

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

/// What the service says about a client reference.
#[derive(Debug, PartialEq)]
pub enum ByReference {
    Found(Text),
    NotThere,
    /// The answer doesn't show that the question was understood.
    CannotTell,
}

pub fn reference_query(reference: &str) -> Vec<(&'static str, String)> {
    vec![(CLIENT_REFERENCE, reference.to_owned())]
}

/// Reads the answer to a question by reference. It must name the reference: a service that doesn't know this question may
/// answer it with a list of something else, and an empty one must not be taken for "not there".
pub fn by_reference(body: &[u8], reference: &str) -> ByReference {
    let rx_ids = read(body, |answer| {
        let named = answer.need(CLIENT_REFERENCE)?;
        let rx_ids = answer.list("scanRequests", |object| object.need("rxId"))?;
        Ok((*named == *reference).then_some(rx_ids))
    });
    match rx_ids.map(|read| read.value) {
        Ok(Some(rx_ids)) => match <[Text; 1]>::try_from(rx_ids) {
            Ok([rx_id]) => ByReference::Found(rx_id),
            Err(rx_ids) if rx_ids.is_empty() => ByReference::NotThere,
            Err(_) => ByReference::CannotTell,
        },
        _ => ByReference::CannotTell,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_answer_that_names_the_reference_counts() {
        let read = |body: &str| by_reference(body.as_bytes(), "op-1");
        assert_eq!(
            read(r#"{"clientReference":"op-1","scanRequests":[{"rxId":7}]}"#),
            ByReference::Found(Text::new("7"))
        );
        assert_eq!(
            read(r#"{"ClientReference":"op-1","scanRequests":[]}"#),
            ByReference::NotThere
        );
        for doubtful in [
            "",
            "[]",
            "<html>",
            "{}",
            r#"{"scanRequests":[]}"#,
            r#"{"clientReference":"op-1"}"#,
            r#"{"clientReference":"op-2","scanRequests":[]}"#,
            r#"{"clientReference":"op-1","scanRequests":{}}"#,
            r#"{"clientReference":"op-1","scanRequests":[{}]}"#,
            r#"{"clientReference":"op-1","scanRequests":[{"rxId":1},{"rxId":2}]}"#,
        ] {
            assert_eq!(read(doubtful), ByReference::CannotTell, "{doubtful}");
        }
    }
}
