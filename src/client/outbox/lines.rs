//! The outbox's lines, and the items that they make.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result, Status};
use crate::wire::Text;

pub const VERSION: u32 = 1;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[repr(i32)]
pub enum Kind {
    ScanRequest = 1,
    PatientUpdate = 2,
    PatientUpdateByChartNumber = 3,
    RxDelete = 4,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[repr(i32)]
pub enum State {
    /// On disk, not sent.
    Prepared = 1,
    /// About to be sent, or sent; the answer has not come.
    Sent = 2,
    Confirmed = 3,
    /// A scan request whose answer is lost.
    Unknown = 4,
    /// The service refused it.
    Failed = 5,
}

#[derive(Serialize, Deserialize)]
#[serde(
    tag = "event",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Line {
    /// The first one. The generation changes when the file is rewritten, so that readers begin anew.
    Outbox {
        version: u32,
        generation: String,
        next: i32,
    },
    /// The account that the items are for: the one of the first run.
    Account {
        account_id: String,
    },
    Added {
        id: i32,
        kind: Kind,
        operation_id: String,
        /// Sealed, base64.
        content: String,
        time: i64,
    },
    Changed {
        id: i32,
        state: State,
        attempts: u32,
        rx_id: String,
        status: i32,
        message: String,
        sent: i64,
        time: i64,
    },
    Removed {
        id: i32,
    },
}

impl Line {
    pub fn text(&self) -> Result<String> {
        serde_json::to_string(self)
            .map(|json| json + "\n")
            .map_err(|_| Error::new(Status::Io, "a line of the outbox can't be written as JSON"))
    }
}

/// Milliseconds since 1970.
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    })
}

/// One thing to do at the service.
#[derive(Clone, Debug)]
pub struct Item {
    pub id: i32,
    pub kind: Kind,
    pub state: State,
    pub operation_id: Text,
    /// Empty until a scan request is confirmed.
    pub rx_id: Text,
    /// Of the last failure; 0 and empty when there was none.
    pub status: i32,
    pub message: Text,
    /// Milliseconds since 1970, as are the others.
    pub added: i64,
    pub changed: i64,
    /// When it was last about to be sent; 0 before.
    pub sent: i64,
    pub attempts: u32,
    pub(super) content: String,
}

impl Item {
    fn changed(&self) -> Line {
        Line::Changed {
            id: self.id,
            state: self.state,
            attempts: self.attempts,
            rx_id: self.rx_id.to_string(),
            status: self.status,
            message: self.message.to_string(),
            sent: self.sent,
            time: self.changed,
        }
    }

    /// The line that brings it into a state.
    pub fn now(&self, state: State) -> Line {
        Item {
            state,
            changed: now(),
            ..self.clone()
        }
        .changed()
    }

    pub fn sending(&self) -> Line {
        Item {
            attempts: self.attempts.saturating_add(1),
            sent: now(),
            ..self.clone()
        }
        .now(State::Sent)
    }

    pub fn confirmed(&self, rx_id: Text) -> Line {
        Item {
            rx_id,
            status: 0,
            message: Text::default(),
            ..self.clone()
        }
        .now(State::Confirmed)
    }

    pub fn not_done(&self, state: State, error: &Error) -> Line {
        Item {
            status: error.status as i32,
            message: Text::new(&error.message),
            ..self.clone()
        }
        .now(state)
    }
}

#[derive(Default)]
pub struct Index {
    pub generation: String,
    /// Bytes of the file whose lines are in here.
    pub read: u64,
    /// Lines that a rewrite would leave out or make fewer.
    pub lines: usize,
    pub account_id: Option<String>,
    next: i32,
    items: BTreeMap<i32, Item>,
}

impl Index {
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.items.values()
    }

    pub fn after(&self, id: i32) -> Option<&Item> {
        let mut later = self.items.range(id.saturating_add(1)..);
        later.next().map(|(_, item)| item)
    }

    pub fn get(&self, id: i32) -> Option<&Item> {
        self.items.get(&id)
    }

    pub fn need(&self, id: i32) -> Result<&Item> {
        self.get(id).ok_or_else(|| {
            Error::new(Status::NotFound, "the outbox holds no item of this id")
                .advise("Look at itero_outbox_items; the item may have been taken out.")
        })
    }

    /// The id of the next item; no id is used twice.
    pub fn next(&self) -> Result<i32> {
        match self.next.max(1) {
            i32::MAX => Err(Error::new(
                Status::Limit,
                "the outbox has given out all item ids",
            )),
            next => Ok(next),
        }
    }

    pub fn take(&mut self, line: Line) {
        self.lines += 1;
        match line {
            Line::Outbox { next, .. } => self.next = self.next.max(next),
            Line::Account { account_id } => self.account_id = Some(account_id),
            Line::Added {
                id,
                kind,
                operation_id,
                content,
                time,
            } => {
                self.next = self.next.max(id.saturating_add(1));
                let item = Item {
                    id,
                    kind,
                    state: State::Prepared,
                    operation_id: Text::from(operation_id),
                    rx_id: Text::default(),
                    status: 0,
                    message: Text::default(),
                    added: time,
                    changed: time,
                    sent: 0,
                    attempts: 0,
                    content,
                };
                self.items.insert(id, item);
            }
            Line::Changed {
                id,
                state,
                attempts,
                rx_id,
                status,
                message,
                sent,
                time,
            } => {
                if let Some(item) = self.items.get_mut(&id) {
                    item.state = state;
                    item.attempts = attempts;
                    item.rx_id = Text::from(rx_id);
                    item.status = status;
                    item.message = Text::from(message);
                    item.sent = sent;
                    item.changed = time;
                    // What is done needs nothing of the patient any more.
                    if state == State::Confirmed {
                        item.content.clear();
                    }
                }
            }
            Line::Removed { id } => {
                self.items.remove(&id);
            }
        }
    }

    /// Called for a line that can't be read. It may have said that a scan request was sent, so none is taken for
    /// unsent because of the lines before it: the service is asked first.
    pub fn doubt(&mut self) {
        self.lines += 1;
        for item in self.items.values_mut() {
            if item.kind == Kind::ScanRequest && item.state == State::Prepared {
                item.state = State::Unknown;
                item.sent = item.changed;
                item.status = Status::OutcomeUnknown as i32;
                item.message = Text::new(
                    "a line of the outbox's file is damaged; it may have told that this was sent",
                );
            }
        }
    }

    /// Whether most of the file's lines tell of what is over.
    pub fn is_bloated(&self) -> bool {
        self.lines > 200 + 4 * (2 * self.items.len() + 2)
    }

    /// The lines that make the same items.
    pub fn rewritten(&self, generation: String) -> Vec<Line> {
        let mut lines = vec![Line::Outbox {
            version: VERSION,
            generation,
            next: self.next.max(1),
        }];
        if let Some(account_id) = self.account_id.clone() {
            lines.push(Line::Account { account_id });
        }
        for item in self.items.values() {
            lines.push(Line::Added {
                id: item.id,
                kind: item.kind,
                operation_id: item.operation_id.to_string(),
                content: item.content.clone(),
                time: item.added,
            });
            lines.push(item.changed());
        }
        lines
    }
}
