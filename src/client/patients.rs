//! Patients (P1, P2, P4): search and correction. Nothing here creates or merges a patient.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::Client;
use super::call::Call;
use crate::error::{Error, Result, Status};
use crate::wire::patient::{self, Patient, Update};
use crate::wire::{Endpoint, Read};

/// Longest name or chart number, in characters.
pub(super) const LONGEST_NAME: usize = 128;

/// A name or chart number as it is sent: trimmed, in Unicode's composed form (NFC), so that the same name is the same
/// text whatever keyboard wrote it.
pub fn tidy(member: &str, text: &str) -> Result<String> {
    let text: String = text.trim().nfc().collect();
    if text.chars().count() > LONGEST_NAME {
        return Err(Error::argument(format!(
            "{member} is longer than {LONGEST_NAME} characters"
        )));
    }
    if text.chars().any(char::is_control) {
        return Err(Error::argument(format!(
            "{member} holds a control character"
        )));
    }
    Ok(text)
}

fn tidy_some(member: &str, text: Option<&str>) -> Result<Option<String>> {
    let text = text.map(|text| tidy(member, text)).transpose()?;
    if text.as_deref() == Some("") {
        return Err(Error::argument(format!(
            "{member} is empty; pass NULL to leave it as it is"
        )));
    }
    Ok(text)
}

/// A correction, checked and tidied: whose it is, and what changes.
#[derive(Serialize, Deserialize)]
pub struct UpdateWanted {
    /// The patient's id, or the chart number.
    pub whose: String,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub chart_number: Option<String>,
}

impl UpdateWanted {
    pub fn of_id(
        patient_id: &str,
        first: Option<&str>,
        last: Option<&str>,
        chart: Option<&str>,
    ) -> Result<UpdateWanted> {
        let whose = patient_id.trim();
        if uuid::Uuid::try_parse(whose).is_err() {
            return Err(Error::argument("patient_id is not a GUID")
                .advise("Pass the id that itero_patients_search returned, not a chart number."));
        }
        UpdateWanted::of(whose.to_owned(), first, last, chart)
    }

    pub fn of_chart_number(
        chart: &str,
        first: Option<&str>,
        last: Option<&str>,
    ) -> Result<UpdateWanted> {
        let whose = tidy("chart_number", chart)?;
        if whose.is_empty() {
            return Err(Error::argument("chart_number is empty"));
        }
        UpdateWanted::of(whose, first, last, None)
    }

    fn of(
        whose: String,
        first: Option<&str>,
        last: Option<&str>,
        chart: Option<&str>,
    ) -> Result<UpdateWanted> {
        let wanted = UpdateWanted {
            whose,
            first_name: tidy_some("first_name", first)?,
            last_name: tidy_some("last_name", last)?,
            chart_number: tidy_some("chart_number", chart)?,
        };
        if (first, last, chart) == (None, None, None) {
            return Err(Error::argument("nothing to change: every member is NULL"));
        }
        Ok(wanted)
    }

    fn update(&self) -> Update<'_> {
        Update {
            first_name: self.first_name.as_deref(),
            last_name: self.last_name.as_deref(),
            chart_number: self.chart_number.as_deref(),
        }
    }
}

impl Client {
    /// P1: the patients with exactly these members (letter case aside); an empty one matches every patient.
    pub async fn patients_search(
        self: Arc<Client>,
        first: String,
        last: String,
        chart: String,
    ) -> Result<Read<Vec<Patient>>> {
        let first = tidy("first_name", &first)?;
        let last = tidy("last_name", &last)?;
        let chart = tidy("chart_number", &chart)?;
        let members = patient::search(&first, &last, &chart);
        if members.is_empty() {
            return Err(Error::argument(
                "first_name, last_name and chart_number are all empty; give at least one",
            ));
        }
        let query = members
            .into_iter()
            .map(|(name, value)| (name, value.to_owned()))
            .collect();
        let answer = self
            .call(&Call::to(Endpoint::PatientSearch).query(query))
            .await?;
        answer.read(patient::patients)
    }

    /// P2: corrects one patient; what is `None` stays.
    pub async fn patients_update(
        self: Arc<Client>,
        patient_id: String,
        first: Option<String>,
        last: Option<String>,
        chart: Option<String>,
    ) -> Result<Read<Vec<Patient>>> {
        let (first, last, chart) = (first.as_deref(), last.as_deref(), chart.as_deref());
        let wanted = UpdateWanted::of_id(&patient_id, first, last, chart)?;
        self.patients_update_wanted(wanted).await
    }

    pub(super) async fn patients_update_wanted(
        self: Arc<Client>,
        wanted: UpdateWanted,
    ) -> Result<Read<Vec<Patient>>> {
        let call = Call::to(Endpoint::PatientUpdate).variable("patientId", &wanted.whose);
        self.send_update(&call.json(&wanted.update())?).await
    }

    /// P4: corrects the name of the one patient with this chart number; a conflict when several share it.
    pub async fn patients_update_by_chart_number(
        self: Arc<Client>,
        chart: String,
        first: Option<String>,
        last: Option<String>,
    ) -> Result<Read<Vec<Patient>>> {
        let wanted = UpdateWanted::of_chart_number(&chart, first.as_deref(), last.as_deref())?;
        self.patients_update_wanted_by_chart_number(wanted).await
    }

    pub(super) async fn patients_update_wanted_by_chart_number(
        self: Arc<Client>,
        wanted: UpdateWanted,
    ) -> Result<Read<Vec<Patient>>> {
        let call = Call::to(Endpoint::PatientUpdateByChart)
            .variable("chartNumber", &wanted.whose)
            .json(&wanted.update())?;
        // The service should refuse this by itself; a wrong name on the wrong patient is too bad to rely on it.
        let sharing = self
            .clone()
            .patients_search(String::new(), String::new(), wanted.whose)
            .await?;
        if sharing.value.len() > 1 {
            return Err(shared(&format!(
                "{} patients share the chart number; nothing was changed",
                sharing.value.len()
            )));
        }
        self.send_update(&call).await.map_err(|mut error| {
            if error.status == Status::Conflict {
                error.advice = SHARED_ADVICE;
            }
            error
        })
    }

    async fn send_update(self: &Arc<Client>, call: &Call) -> Result<Read<Vec<Patient>>> {
        self.call(call).await?.read(patient::updated)
    }
}

const SHARED_ADVICE: &str = "List them with itero_patients_search and their chart number, then correct the one who is meant with itero_patients_update.";

fn shared(message: &str) -> Error {
    Error::new(Status::Conflict, message).advise(SHARED_ADVICE)
}
