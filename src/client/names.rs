//! The ways in which one person's name gets written: what a search must try before it may say that somebody is not
//! there yet, and how two written names compare.
//!
//! The service compares names exactly (letter case aside), so every other way of writing a name has to be asked for.
//! Each step away from the name as it was given has a cost; the cheapest ways come first and the rest is cut off at
//! [`MOST`], so that the number of searches is bounded whatever a name looks like.

mod fold;
mod parts;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

pub use fold::{is_same, key};

/// Most ways that are searched for, the name as given included.
pub const MOST: usize = 23;

/// How two names differ; a set of bits, as the C interface gives them out.
pub type Reason = u32;
pub const SAME: Reason = 2;
/// Parts in another order: first and last name swapped, or two last names.
pub const SWAPPED: Reason = 4;
/// Only a part of one name is in the other.
pub const PART: Reason = 8;
pub const DIACRITICS: Reason = 16;
/// Hyphens, spaces, apostrophes, particles.
pub const SPELLING: Reason = 32;

/// One way to write a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permutation {
    pub first: String,
    pub last: String,
    pub reason: Reason,
    cost: u32,
}

/// One way to write a first or last name, with what it took to get there.
#[derive(Clone)]
struct Way {
    text: String,
    cost: u32,
    reason: Reason,
}

impl Way {
    fn new(text: impl Into<String>, cost: u32, reason: Reason) -> Way {
        Way {
            text: text.into(),
            cost,
            reason,
        }
    }
}

/// The ways to write a name, the most telling first, the name as given before all; at most [`MOST`].
pub fn permutations(first: &str, last: &str) -> Vec<Permutation> {
    let mut ways = all(first, last);
    ways.truncate(MOST);
    ways
}

/// How the two names are related: `None` when they are two different names. Of several explanations the simplest.
pub fn relation(ours: (&str, &str), theirs: (&str, &str)) -> Option<Reason> {
    if is_same(ours.0, theirs.0) && is_same(ours.1, theirs.1) {
        return Some(SAME);
    }
    let mut known: HashMap<(String, String), Vec<Permutation>> = HashMap::new();
    for way in all(ours.0, ours.1) {
        let key = (key(&way.first), key(&way.last));
        known.entry(key).or_default().push(way);
    }
    let mut best: Option<(u32, Reason)> = None;
    for way in all(theirs.0, theirs.1) {
        let Some(ours) = known.get(&(key(&way.first), key(&way.last))) else {
            continue;
        };
        for our in ours {
            // Two names that only share a part (García López, García Pérez) are two names.
            let both_parts = our.reason & way.reason & PART != 0;
            let cost = our.cost + way.cost;
            if !both_parts && best.is_none_or(|(least, _)| cost < least) {
                best = Some((cost, our.reason | way.reason));
            }
        }
    }
    best.map(|(_, reason)| reason)
}

/// Whether a first or a last name stayed the same, as after a marriage or with a typing error in one of the two.
pub fn has_something_in_common(ours: (&str, &str), theirs: (&str, &str)) -> bool {
    let plain = |text: &str| key(&fold::plain(text));
    let same = |one: &str, other: &str| !one.is_empty() && plain(one) == plain(other);
    same(ours.0, theirs.0) || same(ours.1, theirs.1)
}

/// All ways, cheapest first, without repeats.
fn all(first: &str, last: &str) -> Vec<Permutation> {
    let (first, last) = (first.trim(), last.trim());
    let mut found = Vec::new();
    for (given, family, cost, reason) in readings(first, last) {
        combine(&given, &family, cost, reason, &mut found);
    }
    let mut with_folds = Vec::with_capacity(found.len() * 6);
    for way in found {
        fold::without_accents(&way, &mut with_folds);
        with_folds.push(way);
    }
    // Stable: among equals, the order in which they were thought of.
    with_folds.sort_by_key(|way| (way.cost, way.reason & DIACRITICS != 0));
    let mut seen = std::collections::HashSet::new();
    with_folds.retain(|way| {
        let empty = way.first.is_empty() && way.last.is_empty();
        !empty && seen.insert((key(&way.first), key(&way.last)))
    });
    with_folds
}

/// Which part of the two fields is the given name and which the family name.
fn readings(first: &str, last: &str) -> Vec<(String, String, u32, Reason)> {
    let mut readings = vec![(first.to_owned(), last.to_owned(), 0, 0)];
    let mut read = |given: String, family: String, cost: u32| {
        if !(given.is_empty() && family.is_empty()) {
            readings.push((given, family, cost, SPELLING));
        }
    };
    let whole = if first.is_empty() { last } else { first };
    if first.is_empty() || last.is_empty() {
        // The whole name in one field.
        if let Some((family, given)) = whole.split_once(',') {
            read(given.trim().to_owned(), family.trim().to_owned(), 1);
        }
        let words: Vec<&str> = whole.split_whitespace().collect();
        for cut in [1, words.len().saturating_sub(1)] {
            if cut > 0 && cut < words.len() {
                read(words[..cut].join(" "), words[cut..].join(" "), 1);
            }
        }
        return readings;
    }
    // "Meer, van der", and "Jan van der" with "Meer".
    if let Some((family, particles)) = last.split_once(',') {
        let family = format!("{} {}", particles.trim(), family.trim());
        read(first.to_owned(), family, 1);
    }
    let (given, particles) = parts::trailing_particles(first);
    if !given.is_empty() && !particles.is_empty() {
        read(given.clone(), format!("{particles} {last}"), 1);
        read(given, last.to_owned(), 2);
    }
    readings
}

fn combine(given: &str, family: &str, cost: u32, reason: Reason, found: &mut Vec<Permutation>) {
    let mut add = |first: &str, last: &str, cost: u32, reason: Reason| {
        found.push(Permutation {
            first: first.to_owned(),
            last: last.to_owned(),
            reason,
            cost,
        });
    };
    let givens = parts::given(given);
    for family in parts::family(family) {
        for given in &givens {
            let (cost, reason) = (
                cost + given.cost + family.cost,
                reason | given.reason | family.reason,
            );
            add(&given.text, &family.text, cost, reason);
            add(&family.text, &given.text, cost + 1, reason | SWAPPED);
        }
    }
    let (particles, core) = parts::leading_particles(family);
    if !particles.is_empty() && !given.is_empty() {
        add(&format!("{given} {particles}"), &core, cost + 2, SPELLING);
    }
}
