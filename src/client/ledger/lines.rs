//! The ledger's lines, and the index in memory that they make.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result, Status};
use crate::wire::Text;

const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(
    tag = "event",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Line {
    /// The first one.
    Ledger {
        version: u32,
        salt: String,
    },
    Prepared {
        operation_id: String,
        chart_number_hash: String,
        account_id: String,
        time: String,
    },
    Sent {
        rx_id: String,
        operation_id: String,
        chart_number_hash: String,
        account_id: String,
        time: String,
    },
    NotSent {
        operation_id: String,
        time: String,
    },
}

impl Line {
    pub fn start(salt: String) -> Line {
        Line::Ledger {
            version: VERSION,
            salt,
        }
    }

    /// With its end.
    pub fn text(&self) -> Result<String> {
        serde_json::to_string(self)
            .map(|json| json + "\n")
            .map_err(|_| {
                Error::new(
                    Status::Store,
                    "a line of the ledger can't be written as JSON",
                )
            })
    }
}

/// The salt has always the same length, so that no other salt and chart number give the same digest.
pub fn hash(salt: &str, chart_number: &str) -> String {
    let digest = Sha256::new()
        .chain_update(salt.as_bytes())
        .chain_update(chart_number.as_bytes())
        .finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Outcome {
    Unknown = 0,
    Sent = 1,
    NotSent = 2,
}

/// One scan request.
#[derive(Clone)]
pub struct Entry {
    pub outcome: Outcome,
    /// Empty while it is not known.
    pub rx_id: Text,
    pub operation_id: Text,
    pub account_id: Text,
    /// RFC 3339; of the last line about it.
    pub time: Text,
    pub(super) chart_number_hash: String,
}

#[derive(Default)]
pub struct Index {
    /// Bytes of the file whose lines are in here.
    pub read: u64,
    /// One, or more when a crash tore the first line.
    salts: Vec<String>,
    entries: Vec<Entry>,
    by_operation: HashMap<String, usize>,
    rx_ids: HashSet<String>,
}

impl Index {
    pub fn salt(&self) -> Option<&str> {
        self.salts.last().map(String::as_str)
    }

    pub fn take(&mut self, line: Line) {
        match line {
            Line::Ledger { salt, .. } => {
                if !self.salts.contains(&salt) {
                    self.salts.push(salt);
                }
            }
            Line::Prepared {
                operation_id,
                chart_number_hash,
                account_id,
                time,
            } => {
                let entry = self.entry(&operation_id, chart_number_hash, &account_id, &time);
                // Sent again under the same id, after it was found that it had not arrived.
                if entry.outcome != Outcome::Sent {
                    entry.outcome = Outcome::Unknown;
                    entry.time = Text::from(time);
                }
            }
            Line::Sent {
                rx_id,
                operation_id,
                chart_number_hash,
                account_id,
                time,
            } => {
                let entry = self.entry(&operation_id, chart_number_hash, &account_id, &time);
                entry.outcome = Outcome::Sent;
                entry.rx_id = Text::from(rx_id.as_str());
                entry.time = Text::from(time);
                self.rx_ids.insert(rx_id);
            }
            Line::NotSent { operation_id, .. } => {
                if let Some(place) = self.by_operation.get(&operation_id)
                    && self.entries[*place].outcome == Outcome::Unknown
                {
                    self.entries[*place].outcome = Outcome::NotSent;
                }
            }
        }
    }

    fn entry(&mut self, operation: &str, hash: String, account: &str, time: &str) -> &mut Entry {
        let next = self.entries.len();
        let place = *self
            .by_operation
            .entry(operation.to_owned())
            .or_insert(next);
        if place == next {
            self.entries.push(Entry {
                outcome: Outcome::Unknown,
                rx_id: Text::default(),
                operation_id: operation.into(),
                account_id: account.into(),
                time: time.into(),
                chart_number_hash: hash,
            });
        }
        &mut self.entries[place]
    }

    pub fn of(&self, operation_id: &str) -> Option<&Entry> {
        Some(&self.entries[*self.by_operation.get(operation_id)?])
    }

    pub fn is_of(&self, entry: &Entry, chart_number: &str) -> bool {
        let fits = |salt: &String| hash(salt, chart_number) == entry.chart_number_hash;
        self.salts.iter().any(fits)
    }

    pub fn knows(&self, rx_id: &str) -> bool {
        self.rx_ids.contains(rx_id)
    }

    pub fn find(&self, chart_number: Option<&str>) -> Vec<Entry> {
        let hashes: Option<Vec<String>> =
            chart_number.map(|chart| self.salts.iter().map(|salt| hash(salt, chart)).collect());
        let fits = |entry: &&Entry| {
            let asked = hashes
                .as_ref()
                .is_none_or(|hashes| hashes.contains(&entry.chart_number_hash));
            asked && entry.outcome != Outcome::NotSent
        };
        self.entries.iter().filter(fits).cloned().collect()
    }
}
