//! The store: all that the simulated cloud knows, behind one lock.
//!
//! One lock is enough on loopback, and it makes each request's effect whole: an idempotency key, a rotation or a paging
//! step never meets a half-done other one. It is never held across an await.

use super::answer::Refusal;
use super::faults::Faults;
use super::tokens::Tokens;
use super::{Addresses, FileSource, Options, clock, data, names};
use axum::body::Bytes;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};
use time::{Duration, OffsetDateTime};

/// What every handler shares.
pub struct Cloud {
    pub options: Options,
    pub addresses: Addresses,
    /// Keys the signatures of file URLs; new at each start.
    pub secret: [u8; 32],
    /// Carries the notifications out.
    pub courier: reqwest::Client,
    store: Mutex<Store>,
}

impl Cloud {
    pub fn new(options: Options, addresses: Addresses, courier: reqwest::Client) -> Self {
        let store = Mutex::new(Store::new(&options));
        Cloud {
            options,
            addresses,
            secret: super::tokens::random(),
            courier,
            store,
        }
    }

    /// A panic in a handler must not take the whole sandbox down, so a poisoned lock is used as it is.
    pub fn store(&self) -> MutexGuard<'_, Store> {
        self.store
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Region {
    Us,
    Eu,
}

impl Region {
    pub fn name(self) -> &'static str {
        match self {
            Region::Us => "us",
            Region::Eu => "eu",
        }
    }
}

pub struct Lab {
    pub id: &'static str,
    pub name: &'static str,
}

pub struct ScannerUnit {
    pub serial: &'static str,
    pub model: &'static str,
    pub name: &'static str,
}

pub struct Procedure {
    pub id: u32,
    pub name: &'static str,
    pub case_type: &'static str,
}

pub struct Doctor {
    pub id: u32,
    pub first_name: &'static str,
    pub last_name: &'static str,
    pub license: &'static str,
    pub email: &'static str,
}

pub struct User {
    pub email: &'static str,
    pub password: &'static str,
    pub name: &'static str,
    pub home: Region,
    pub accounts: &'static [&'static str],
}

/// Where an account's notifications go, and the sign-in that asked for it.
pub struct Callback {
    pub session: u64,
    pub url: String,
}

pub struct Account {
    pub id: String,
    pub name: String,
    pub region: Region,
    pub address: String,
    pub phone: String,
    pub time_zone: String,
    pub doctors: Vec<u32>,
    pub labs: Vec<Lab>,
    pub scanners: Vec<ScannerUnit>,
    pub pairing_warnings: bool,
    pub update_patient: bool,
    pub callback: Option<Callback>,
}

#[derive(Clone)]
pub struct Patient {
    pub id: String,
    pub account: String,
    pub first_name: String,
    pub last_name: String,
    pub chart_number: Option<String>,
    pub birth_date: Option<String>,
}

impl Patient {
    pub fn has_chart(&self, number: &str) -> bool {
        self.chart_number
            .as_deref()
            .is_some_and(|own| names::same(own, number))
    }

    pub fn is_called(&self, first: &str, last: &str) -> bool {
        names::same(&self.first_name, first) && names::same(&self.last_name, last)
    }
}

#[derive(Clone)]
pub struct Treated {
    pub number: String,
    pub restoration: String,
    pub material: String,
    pub shade: String,
}

/// An Rx, and the order that a scan makes of it.
pub struct Rx {
    pub id: String,
    pub account: String,
    pub doctor: u32,
    pub patient: String,
    pub procedure: u32,
    pub lab: Option<String>,
    pub due_date: Option<String>,
    pub notes: Option<String>,
    pub teeth: Vec<Treated>,
    pub idempotency_key: Option<String>,
    pub status: String,
    /// Files of the next version are being made.
    pub busy: bool,
    pub order: Option<Order>,
}

pub struct Order {
    pub id: u64,
    pub code: String,
    pub scan_date: OffsetDateTime,
    pub updated: OffsetDateTime,
    pub version: u32,
    pub files: Vec<StoredFile>,
}

#[derive(Clone)]
pub struct StoredFile {
    pub id: String,
    pub kind: String,
    pub name: String,
    pub content_type: String,
    pub sha256: String,
    pub bytes: Bytes,
}

/// One line of the sandbox's own record of scan requests, to compare with what a client believes it has sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RxRecord {
    pub rx_id: String,
    pub account_id: String,
    pub order_id: Option<u64>,
    pub status: String,
    pub idempotency_key: Option<String>,
    pub deleted: bool,
}

/// What happened since the start, by number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counters {
    pub tokens_issued: u64,
    pub refreshes: u64,
    pub reuse_events: u64,
    pub discovery_calls: u64,
    pub bearer_on_file_host: u64,
    pub notifications_sent: u64,
    pub notifications_failed: u64,
    /// Bytes of files that went out, those that a cut lost on the way included.
    pub file_bytes: u64,
    /// Requests that arrived, by operation name, faulty ones included.
    pub requests: BTreeMap<String, u64>,
}

pub struct Store {
    pub accounts: BTreeMap<String, Account>,
    pub doctors: BTreeMap<u32, Doctor>,
    pub users: Vec<User>,
    pub procedures: Vec<Procedure>,
    pub patients: Vec<Patient>,
    pub rxs: BTreeMap<String, Rx>,
    pub deleted: Vec<RxRecord>,
    pub tokens: Tokens,
    pub counters: Counters,
    pub faults: Faults,
    pub files: Arc<FileSource>,
    /// By account and Idempotency-Key: the request and the answer that it got.
    pub answered: HashMap<(String, String), (Value, Value)>,
    last_order: u64,
    last_moment: OffsetDateTime,
}

impl Store {
    fn new(options: &Options) -> Self {
        Store {
            accounts: data::accounts(),
            doctors: data::doctors(),
            users: data::users(),
            procedures: data::procedures(),
            patients: data::patients(),
            rxs: BTreeMap::new(),
            deleted: Vec::new(),
            tokens: Tokens::new(options.token_life, options.refresh_grace),
            counters: Counters::default(),
            faults: Faults::default(),
            files: Arc::new(options.files.clone()),
            answered: HashMap::new(),
            last_order: 118_204_330,
            last_moment: OffsetDateTime::UNIX_EPOCH,
        }
    }

    /// A moment that no other change has: orders are listed by it, and a page must not end between two equal ones.
    pub fn tick(&mut self) -> OffsetDateTime {
        self.last_moment = clock::now().max(self.last_moment + Duration::milliseconds(1));
        self.last_moment
    }

    pub fn next_order(&mut self) -> u64 {
        self.last_order += 1;
        self.last_order
    }

    /// The place of the user who has this email and password.
    pub fn user(&self, email: &str, password: &str) -> Option<usize> {
        let fits =
            |user: &User| user.email.eq_ignore_ascii_case(email) && user.password == password;
        self.users.iter().position(fits)
    }

    pub fn account(&self, id: &str) -> Result<&Account, Refusal> {
        self.accounts
            .get(id)
            .ok_or_else(|| Refusal::not_found("there is no such account"))
    }

    pub fn account_mut(&mut self, id: &str) -> Result<&mut Account, Refusal> {
        self.accounts
            .get_mut(id)
            .ok_or_else(|| Refusal::not_found("there is no such account"))
    }

    pub fn patient(&self, id: &str) -> Option<&Patient> {
        self.patients.iter().find(|patient| patient.id == id)
    }

    pub fn rx(&self, id: &str) -> Result<&Rx, Refusal> {
        self.rxs
            .get(id)
            .ok_or_else(|| Refusal::not_found("there is no such Rx"))
    }

    pub fn rx_mut(&mut self, id: &str) -> Result<&mut Rx, Refusal> {
        self.rxs
            .get_mut(id)
            .ok_or_else(|| Refusal::not_found("there is no such Rx"))
    }

    /// The patient with exactly this chart number and name, who is made when there is none.
    pub fn patient_for(
        &mut self,
        account: &str,
        first: &str,
        last: &str,
        chart: &str,
        birth: Option<String>,
    ) -> String {
        let known =
            |p: &&Patient| p.account == account && p.has_chart(chart) && p.is_called(first, last);
        if let Some(patient) = self.patients.iter().find(known) {
            return patient.id.clone();
        }
        let id = uuid::Uuid::new_v4().to_string();
        self.patients.push(Patient {
            id: id.clone(),
            account: account.to_owned(),
            first_name: first.to_owned(),
            last_name: last.to_owned(),
            chart_number: Some(chart.to_owned()),
            birth_date: birth,
        });
        id
    }

    pub fn ledger(&self) -> Vec<RxRecord> {
        let live = self.rxs.values().map(Rx::record);
        live.chain(self.deleted.iter().cloned()).collect()
    }
}

impl Rx {
    pub fn record(&self) -> RxRecord {
        RxRecord {
            rx_id: self.id.clone(),
            account_id: self.account.clone(),
            order_id: self.order.as_ref().map(|order| order.id),
            status: self.status.clone(),
            idempotency_key: self.idempotency_key.clone(),
            deleted: false,
        }
    }
}
