//! Accounts, pairing and pairing warnings on the wire (A6–A8, P5).

use serde::Serialize;

use super::patient::{Patient, patient};
use super::read::{Object, Secret};
use super::sign_in::{Tokens, tokens_of};
use super::{Read, Text, read};
use crate::error::Result;

/// An account (clinic) the user may pair to.
#[derive(Clone, Debug)]
pub struct Account {
    pub account_id: Text,
    pub name: Text,
    pub kind: Text,
    pub address: Text,
    pub is_paired: bool,
}

fn account(object: &Object<'_>) -> Result<Account> {
    Ok(Account {
        account_id: object.need("accountId")?,
        name: object.text("name")?,
        kind: object.text("type")?,
        address: object.text("address")?,
        is_paired: object.truth("isPaired")?,
    })
}

pub fn accounts(body: &[u8]) -> Result<Read<Vec<Account>>> {
    read(body, |answer| answer.list("accounts", account))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pair<'a> {
    pub account_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub callback_url: Option<&'a str>,
}

/// The new token set that pairing gives (FACT).
pub fn paired(body: &[u8]) -> Result<Tokens> {
    tokens_of(&Secret::json(body)?.root()?)
}

/// Patients who share one chart number.
#[derive(Clone, Debug)]
pub struct Duplicate {
    pub chart_number: Text,
    pub patients: Vec<Patient>,
}

#[derive(Clone, Debug)]
pub struct Warnings {
    pub duplicates: Vec<Duplicate>,
    pub missing_chart_number: Vec<Patient>,
}

pub fn warnings(body: &[u8]) -> Result<Read<Warnings>> {
    read(body, |answer| {
        Ok(Warnings {
            duplicates: answer.list_or_empty("duplicates", |duplicate| {
                Ok(Duplicate {
                    chart_number: duplicate.need("chartNumber")?,
                    patients: duplicate.list("patients", patient)?,
                })
            })?,
            missing_chart_number: answer.list_or_empty("missingChartNumber", patient)?,
        })
    })
}
