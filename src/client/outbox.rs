//! The outbox: what a program wants done at the service, kept on disk until it is done there.
//!
//! An item is on the disk before the host's call returns, and "sent" is on the disk before its first byte goes out. So a
//! crash at any moment leaves either an item that was certainly not sent, or one about which the service must be asked
//! before it goes out again (see [`resolve`](super::resolve)); a correction or a withdrawal has the same effect twice and
//! simply goes out again.
//!
//! Items of one patient keep their order: one that failed, or whose outcome is unknown, holds back the later ones of that
//! patient and of nobody else.
//!
//! **Why plain files and not SQLite.** The outbox holds at most a few thousand small items, is read whole, and is only
//! ever appended to; of a database it would use the journal alone. SQLite (rusqlite, bundled) adds more than 0.6 MB to
//! each DLL, and would be a second way to keep state beside the ledger's. So it is an append-only file of lines like the
//! ledger, with what SQLite's journal would give: a lock, a flush before the work goes on, a torn end that is cut off, and
//! a rewrite into a new file that takes the old one's name. Children that are killed at random while they add and send
//! show it (`tests/faults/outbox_crash.rs`).
//!
//! Patient data is in the sealed content of the items and nowhere else in the file.

mod content;
mod journal;
mod lines;
mod run;

use std::path::Path;
use std::sync::Arc;

pub use content::Content;
pub use lines::{Item, Kind, State};

use super::patients::{UpdateWanted, tidy};
use super::scan_request::{ScanRequest, new_operation_id};
use crate::error::{Error, Result, Status};
use crate::wire::Text;
use journal::Journal;
use lines::Line;

pub struct Outbox {
    journal: Journal,
}

impl Outbox {
    /// Opens the file, or makes it in a folder that is there.
    pub fn open(path: &Path) -> Result<Arc<Outbox>> {
        Ok(Arc::new(Outbox {
            journal: Journal::open(path)?,
        }))
    }

    pub fn add_scan_request(&self, request: &ScanRequest) -> Result<i32> {
        let mut request = request.clone();
        request.check()?;
        self.add(Content::ScanRequest(Box::new(request)))
    }

    /// P2, by the service's id of the patient.
    pub fn add_patient_update(
        &self,
        patient_id: &str,
        first: Option<&str>,
        last: Option<&str>,
        chart: Option<&str>,
    ) -> Result<i32> {
        let wanted = UpdateWanted::of_id(patient_id, first, last, chart)?;
        self.add(Content::PatientUpdate(wanted))
    }

    /// P4, by chart number.
    pub fn add_patient_update_by_chart_number(
        &self,
        chart: &str,
        first: Option<&str>,
        last: Option<&str>,
    ) -> Result<i32> {
        let wanted = UpdateWanted::of_chart_number(chart, first, last)?;
        self.add(Content::PatientUpdateByChartNumber(wanted))
    }

    pub fn add_rx_delete(&self, rx_id: &str) -> Result<i32> {
        let rx_id = tidy("rx_id", rx_id)?;
        if rx_id.is_empty() {
            return Err(Error::argument("rx_id is empty"));
        }
        self.add(Content::RxDelete { rx_id })
    }

    fn add(&self, content: Content) -> Result<i32> {
        let sealed = content.seal()?;
        let operation_id = new_operation_id();
        self.journal.write(|index| {
            let id = index.next()?;
            let line = Line::Added {
                id,
                kind: content.kind(),
                operation_id,
                content: sealed,
                time: lines::now(),
            };
            Ok((vec![line], id))
        })
    }

    /// All items, the oldest first.
    pub fn items(&self) -> Result<Vec<Item>> {
        self.journal.read(|index| index.items().cloned().collect())
    }

    /// Takes an item out that has ended, or that has not been sent yet.
    pub fn remove(&self, id: i32) -> Result<()> {
        self.journal.write(|index| {
            let item = index.need(id)?;
            match item.state {
                State::Sent | State::Unknown => Err(Error::new(
                    Status::State,
                    "the item was sent and its outcome is not known, so it can't be taken out",
                )
                .advise("Run the outbox, or settle the item with itero_outbox_settle.")),
                _ => Ok((vec![Line::Removed { id }], ())),
            }
        })
    }

    /// Lets a failed item be sent again in its old place.
    pub fn retry(&self, id: i32) -> Result<()> {
        self.journal.write(|index| {
            let item = index.need(id)?;
            match item.state {
                State::Failed => Ok((vec![item.now(State::Prepared)], ())),
                _ => Err(Error::new(Status::State, "the item has not failed")),
            }
        })
    }

    /// What a person found out about a scan request whose outcome is unknown: its RxID, or that it did not arrive.
    pub fn settle(&self, id: i32, rx_id: Option<&str>) -> Result<()> {
        let rx_id = rx_id.map(str::trim);
        if rx_id == Some("") {
            return Err(Error::argument(
                "rx_id is empty; pass NULL when the scan request did not arrive",
            ));
        }
        self.journal.write(|index| {
            let item = index.need(id)?;
            if item.state != State::Unknown {
                return Err(Error::new(
                    Status::State,
                    "the outcome of the item is not unknown",
                ));
            }
            let line = match rx_id {
                Some(rx_id) => item.confirmed(Text::new(rx_id)),
                None => item.now(State::Prepared),
            };
            Ok((vec![line], ()))
        })
    }
}
