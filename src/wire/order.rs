//! Orders and their files on the wire (D3, D4, D6).

use super::patient::{Patient, patient_of_order};
use super::practice::{Doctor, doctor};
use super::read::{Object, json};
use super::{Read, Text, date, read};
use crate::error::Result;

#[derive(Clone, Debug)]
pub struct Order {
    pub order_id: Text,
    pub order_code: Text,
    pub rx_id: Text,
    pub account_id: Text,
    pub status: Text,
    pub case_type: Text,
    pub scan_date: Text,
    pub updated_date: Text,
    pub due_date: Text,
    pub lab_id: Text,
    pub notes: Text,
    pub patient: Option<Patient>,
    pub doctor: Doctor,
    pub files: Vec<File>,
}

/// A file of an order. Its URL is short-lived and signed, so only a download asks for it.
#[derive(Clone, Debug)]
pub struct File {
    pub file_id: Text,
    pub kind: Text,
    pub name: Text,
    pub content_type: Text,
    /// Bytes; `None` when the service doesn't tell.
    pub size: Option<u64>,
    /// Hexadecimal, lower case; empty when the service doesn't tell.
    pub sha256: Text,
    pub etag: Text,
}

fn order(object: &Object<'_>) -> Result<Order> {
    Ok(Order {
        order_id: object.need("orderId")?,
        order_code: object.text("orderCode")?,
        rx_id: object.text("rxId")?,
        account_id: object.text("accountId")?,
        status: object.text("status")?,
        case_type: object.text("caseType")?,
        scan_date: object.text("scanDate")?,
        updated_date: object.text("updatedDate")?,
        due_date: object.text("dueDate")?,
        lab_id: object.text("labId")?,
        notes: object.text("notes")?,
        patient: object
            .maybe_object("patient")?
            .map(|patient| patient_of_order(&patient))
            .transpose()?,
        doctor: object
            .maybe_object("doctor")?
            .map(|object| doctor(&object))
            .transpose()?
            .unwrap_or_default(),
        files: object.list_or_empty("files", file)?,
    })
}

fn file(object: &Object<'_>) -> Result<File> {
    Ok(File {
        file_id: object.need("fileId")?,
        kind: object.text("kind")?,
        name: object.text("name")?,
        content_type: object.text("contentType")?,
        size: object
            .number("size")?
            .and_then(|size| u64::try_from(size).ok()),
        sha256: object.text("sha256")?.into_lower_case(),
        etag: object.text("etag")?,
    })
}

/// One page of orders.
pub struct Page {
    pub orders: Vec<Order>,
    pub next_page_token: Text,
}

pub fn page(body: &[u8]) -> Result<Page> {
    let json = json(body)?;
    let answer = Object::root(&json)?;
    Ok(Page {
        orders: answer.list("orders", order)?,
        next_page_token: answer.text("nextPageToken")?,
    })
}

/// One page of orders, each as a table of one row with the JSON of its own.
pub struct Rows {
    pub orders: Vec<Read<Vec<Order>>>,
    pub next_page_token: Text,
}

pub fn rows(body: &[u8]) -> Result<Rows> {
    let row = |object: &Object<'_>| {
        Ok(Read {
            value: vec![order(object)?],
            json: object.json(),
        })
    };
    let json = json(body)?;
    let answer = Object::root(&json)?;
    Ok(Rows {
        orders: answer.list("orders", row)?,
        next_page_token: answer.text("nextPageToken")?,
    })
}

/// One order, as a table of one row.
pub fn one(body: &[u8]) -> Result<Read<Vec<Order>>> {
    read(body, |answer| Ok(vec![order(answer)?]))
}

/// An order's files, each with its URL.
pub fn files(body: &[u8]) -> Result<Vec<(File, Text)>> {
    let linked = |object: &Object<'_>| Ok((file(object)?, object.text("url")?));
    Object::root(&json(body)?)?.list("files", linked)
}

/// What to ask for; times in milliseconds since 1970 (UTC), `from` inclusive, `to` exclusive, by the date of update.
#[derive(Clone, Debug, Default)]
pub struct Query {
    pub from: Option<i64>,
    pub to: Option<i64>,
    pub chart_number: String,
    pub page_size: u32,
}

impl Query {
    pub fn members(&self, page_token: &str) -> Vec<(&'static str, String)> {
        let mut members = Vec::new();
        let mut add = |name, value: String| {
            if !value.is_empty() {
                members.push((name, value));
            }
        };
        add(
            "from",
            self.from.and_then(date::rfc3339).unwrap_or_default(),
        );
        add("to", self.to.and_then(date::rfc3339).unwrap_or_default());
        add("chartNumber", self.chart_number.clone());
        add(
            "pageSize",
            if self.page_size == 0 {
                String::new()
            } else {
                self.page_size.to_string()
            },
        );
        add("pageToken", page_token.to_owned());
        members
    }
}
