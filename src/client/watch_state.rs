//! What the watch remembers: for each order the version of its files that was seen last, and whether the host has
//! acknowledged it. This file decides what is an event and what may be forgotten; it knows no disk and no network.
//!
//! Three moments, all of them the service's `updatedDate`; the computer's clock is never compared with them:
//!
//! * the mark: a listing has shown everything up to here;
//! * the window behind the mark, which every listing shows again, because updates may become visible late, several may
//!   have one millisecond, and the service's own clocks may differ;
//! * the horizon, farther behind: what is remembered reaches back to it without a gap.
//!
//! An acknowledged order is forgotten only below the horizon, and an unknown order below the horizon is no event. So
//! forgetting never brings an event again while the order stays as it is. It can't end with the window: steps of the lab
//! move an order's date for weeks without a change of its files, and only a memory that is longer than that can tell.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::wire::order::File;

/// Milliseconds behind the mark that every listing shows again.
pub const WINDOW: i64 = 3_600_000;
/// Milliseconds behind the mark that acknowledged orders are remembered: longer than a lab takes.
pub const MEMORY: i64 = 180 * 86_400_000;
/// Orders that are remembered; beyond it the oldest acknowledged ones go first.
const MOST_ORDERS: usize = 10_000;

const FORMAT: u32 = 1;
const VERSION_DIGITS: usize = 32;

#[derive(Serialize, Deserialize)]
pub struct Ledger {
    format: u32,
    pub account_id: String,
    mark: i64,
    horizon: i64,
    orders: BTreeMap<String, Entry>,
    /// Whether it differs from what is on the disk.
    #[serde(skip)]
    changed: bool,
}

#[derive(Serialize, Deserialize)]
pub struct Entry {
    pub version: String,
    /// The version before, by which an answer that is late can be told from a change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<String>,
    pub updated: i64,
    acknowledged: bool,
}

/// What an order that was just read means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Acknowledged, or of no interest.
    Known,
    /// The host has not acknowledged it.
    Unacknowledged,
}

/// What a state file holds.
pub enum Found {
    Ledger(Box<Ledger>),
    Newer,
    Damaged,
}

impl Ledger {
    /// Nothing is known; orders count from `since` on.
    pub fn new(account_id: &str, since: i64) -> Ledger {
        Ledger {
            format: FORMAT,
            account_id: account_id.to_owned(),
            mark: since,
            horizon: since,
            orders: BTreeMap::new(),
            changed: true,
        }
    }

    pub fn read(bytes: &[u8]) -> Found {
        #[derive(Deserialize)]
        struct Head {
            format: u32,
        }
        match serde_json::from_slice::<Head>(bytes) {
            Ok(head) if head.format > FORMAT => return Found::Newer,
            _ => {}
        }
        match serde_json::from_slice::<Ledger>(bytes) {
            Ok(ledger) if ledger.is_sound() => Found::Ledger(Box::new(ledger)),
            _ => Found::Damaged,
        }
    }

    fn is_sound(&self) -> bool {
        self.format == FORMAT
            && !self.account_id.is_empty()
            && self.horizon <= self.mark
            && self
                .orders
                .iter()
                .all(|(id, entry)| !id.is_empty() && is_version(&entry.version))
    }

    pub fn json(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(self)
    }

    pub fn is_changed(&self) -> bool {
        self.changed
    }

    /// It is on the disk as it is now.
    pub fn saved(&mut self) {
        self.changed = false;
    }

    /// Where the next listing begins.
    pub fn window(&self) -> i64 {
        self.mark.saturating_sub(WINDOW).max(self.horizon)
    }

    /// Takes note of a ready order. A date that can't be read counts as new: late is better than never.
    pub fn observe(&mut self, order_id: &str, version: &str, updated: Option<i64>) -> Seen {
        let updated = updated.unwrap_or(self.mark);
        let Some(entry) = self.orders.get_mut(order_id) else {
            if updated < self.horizon {
                return Seen::Known;
            }
            let entry = Entry {
                version: version.to_owned(),
                before: None,
                updated,
                acknowledged: false,
            };
            self.orders.insert(order_id.to_owned(), entry);
            self.changed = true;
            return Seen::Unacknowledged;
        };
        if entry.version == version {
            self.changed |= updated > entry.updated;
            entry.updated = entry.updated.max(updated);
        } else if updated < entry.updated && entry.before.as_deref() == Some(version) {
            // A late answer shows the files as they were. One with files never seen is believed, whatever its date.
            return Seen::Known;
        } else {
            entry.before = Some(std::mem::replace(&mut entry.version, version.to_owned()));
            entry.updated = updated;
            entry.acknowledged = false;
            self.changed = true;
        }
        match entry.acknowledged {
            true => Seen::Known,
            false => Seen::Unacknowledged,
        }
    }

    /// Everything up to here was shown.
    pub fn advance(&mut self, mark: i64) {
        if mark > self.mark {
            self.mark = mark;
            self.changed = true;
        }
        self.forget();
    }

    fn forget(&mut self) {
        self.forget_before(self.mark.saturating_sub(MEMORY));
        let surplus = self.orders.len().saturating_sub(MOST_ORDERS);
        if surplus == 0 {
            return;
        }
        let window = self.window();
        let mut oldest: Vec<i64> = self
            .orders
            .values()
            .filter(|entry| entry.acknowledged && entry.updated < window)
            .map(|entry| entry.updated)
            .collect();
        oldest.sort_unstable();
        if let Some(last) = oldest.get(surplus.min(oldest.len()).saturating_sub(1)) {
            self.forget_before(last + 1);
        }
    }

    fn forget_before(&mut self, horizon: i64) {
        if horizon > self.horizon {
            self.horizon = horizon;
            self.orders
                .retain(|_, entry| !entry.acknowledged || entry.updated >= horizon);
            self.changed = true;
        }
    }

    /// True when this version was waiting for it. Another version, or none, is nothing to acknowledge: it was replaced,
    /// or acknowledged and forgotten.
    pub fn acknowledge(&mut self, order_id: &str, version: &str) -> bool {
        self.set_acknowledged(order_id, version, true)
    }

    /// Takes an acknowledgment back that could not be kept.
    pub fn take_back(&mut self, order_id: &str, version: &str) {
        self.set_acknowledged(order_id, version, false);
    }

    fn set_acknowledged(&mut self, order_id: &str, version: &str, acknowledged: bool) -> bool {
        match self.orders.get_mut(order_id) {
            Some(entry) if entry.version == version && entry.acknowledged != acknowledged => {
                entry.acknowledged = acknowledged;
                self.changed = true;
                true
            }
            _ => false,
        }
    }

    pub fn unacknowledged(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.orders
            .iter()
            .filter(|(_, entry)| !entry.acknowledged)
            .map(|(id, entry)| (id.as_str(), entry))
    }

    /// A whole listing did not show this order. When it is old as well, it is gone for good. True when it was dropped.
    pub fn missed(&mut self, order_id: &str) -> bool {
        let old = self
            .orders
            .get(order_id)
            .is_some_and(|entry| entry.updated < self.horizon);
        let dropped = old && self.orders.remove(order_id).is_some();
        self.changed |= dropped;
        dropped
    }
}

/// The version of an order's files: the same for the same files in any sequence, whatever their URLs, another when one
/// comes, goes or changes.
pub fn version(files: &[File]) -> String {
    let mut facts: Vec<[&str; 3]> = Vec::new();
    let sizes: Vec<String> = files
        .iter()
        .map(|file| file.size.map(|size| size.to_string()).unwrap_or_default())
        .collect();
    for (file, size) in files.iter().zip(&sizes) {
        let content = [file.sha256.as_str(), file.etag.as_str(), size.as_str()];
        let content = content.into_iter().find(|fact| !fact.is_empty());
        facts.push([&file.file_id, content.unwrap_or_default(), &file.name]);
    }
    facts.sort_unstable();
    let mut digest = Sha256::new();
    for fact in facts.iter().flatten() {
        // The length in front: no two lists of files can run into one text.
        digest.update((fact.len() as u64).to_le_bytes());
        digest.update(fact.as_bytes());
    }
    digest
        .finalize()
        .iter()
        .take(VERSION_DIGITS / 2)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

pub fn is_version(text: &str) -> bool {
    text.len() == VERSION_DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000;
    const START: i64 = 1_772_366_400_000;
    const ONE: &str = "11111111111111111111111111111111";
    const TWO: &str = "22222222222222222222222222222222";

    fn acknowledged(updated: i64) -> Ledger {
        let mut ledger = Ledger::new("30417", START);
        assert_eq!(
            ledger.observe("1", ONE, Some(updated)),
            Seen::Unacknowledged
        );
        assert!(ledger.acknowledge("1", ONE));
        ledger.advance(updated);
        ledger
    }

    /// The proof that forgetting repeats nothing, over every distance between an order and the mark: either the order
    /// is remembered, or it lies where unknown orders are no events and listings don't begin.
    #[test]
    fn what_is_forgotten_is_never_told_again() {
        for days in 0..400 {
            for shift in [-1, 0, 1] {
                let mut ledger = acknowledged(START);
                ledger.advance(START + days * DAY + shift);
                let remembered = ledger.orders.contains_key("1");
                assert!(remembered || START < ledger.window());
                assert_eq!(ledger.observe("1", ONE, Some(START)), Seen::Known);
                assert_eq!(remembered, days * DAY + shift <= MEMORY);
            }
        }
    }

    #[test]
    fn steps_of_the_lab_weeks_later_are_no_events() {
        let mut ledger = acknowledged(START);
        for week in 1..20 {
            let now = START + week * 7 * DAY;
            ledger.observe("2", ONE, Some(now));
            ledger.advance(now);
            assert_eq!(ledger.observe("1", ONE, Some(now)), Seen::Known);
            ledger.advance(now);
        }
    }

    #[test]
    fn an_unacknowledged_order_is_never_forgotten_while_it_is_there() {
        let mut ledger = Ledger::new("30417", START);
        ledger.observe("1", ONE, Some(START));
        ledger.advance(START + 1000 * DAY);
        assert_eq!(ledger.observe("1", ONE, Some(START)), Seen::Unacknowledged);
        assert!(ledger.missed("1"), "gone from the service and old");
        assert_eq!(ledger.unacknowledged().count(), 0);
    }

    #[test]
    fn memory_has_an_end() {
        let mut ledger = Ledger::new("30417", START);
        let many = MOST_ORDERS as i64 + 5000;
        for i in 0..many {
            let (id, now) = (i.to_string(), START + i * 60_000);
            ledger.observe(&id, ONE, Some(now));
            assert!(ledger.acknowledge(&id, ONE));
            if i % 50 == 0 {
                ledger.advance(now);
            }
        }
        ledger.advance(START + many * 60_000);
        assert_eq!(ledger.orders.len(), MOST_ORDERS);
        assert!(ledger.json().unwrap().len() < 2 << 20);
        for i in 0..many {
            let seen = ledger.observe(&i.to_string(), ONE, Some(START + i * 60_000));
            assert_eq!(seen, Seen::Known);
        }
    }

    #[test]
    fn a_late_answer_is_no_change_and_a_change_with_a_wrong_date_is_one() {
        let mut ledger = acknowledged(START);
        assert_eq!(
            ledger.observe("1", TWO, Some(START + 10)),
            Seen::Unacknowledged
        );
        assert!(ledger.acknowledge("1", TWO));
        assert!(!ledger.acknowledge("1", TWO) && !ledger.acknowledge("1", ONE));
        assert_eq!(ledger.observe("1", ONE, Some(START + 5)), Seen::Known);
        let three = "33333333333333333333333333333333";
        assert_eq!(
            ledger.observe("1", three, Some(START + 5)),
            Seen::Unacknowledged
        );
        // Back to what it was, later: the host's files are no longer those of the service.
        assert_eq!(
            ledger.observe("1", TWO, Some(START + 20)),
            Seen::Unacknowledged
        );
    }

    #[test]
    fn a_state_comes_back_from_its_file_or_is_damaged_as_a_whole() {
        let ledger = acknowledged(START);
        let json = ledger.json().unwrap();
        let Found::Ledger(mut again) = Ledger::read(&json) else {
            panic!("it is sound");
        };
        assert_eq!(again.observe("1", ONE, Some(START)), Seen::Known);
        assert_eq!(again.window(), ledger.window());
        for end in 0..json.len() {
            assert!(matches!(Ledger::read(&json[..end]), Found::Damaged));
        }
        let newer = br#"{"format":2,"other":true}"#;
        assert!(matches!(Ledger::read(newer), Found::Newer));
    }
}
