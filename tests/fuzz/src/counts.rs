//! How much was done: printed when the fuzzer ends.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use crate::mode::{MODES, Mode};
use crate::table::FUNCTIONS;

static INPUTS: [AtomicU64; MODES.len()] = [const { AtomicU64::new(0) }; MODES.len()];
static SEQUENCES: AtomicU64 = AtomicU64::new(0);
static CALLBACKS: AtomicU64 = AtomicU64::new(0);

struct Of {
    called: AtomicU64,
    succeeded: AtomicU64,
    nanoseconds: AtomicU64,
}

static BY_FUNCTION: [Of; FUNCTIONS.len()] = [const {
    Of {
        called: AtomicU64::new(0),
        succeeded: AtomicU64::new(0),
        nanoseconds: AtomicU64::new(0),
    }
}; FUNCTIONS.len()];

pub fn input(mode: Mode) {
    INPUTS[mode as usize].fetch_add(1, Relaxed);
}

pub fn sequence() {
    SEQUENCES.fetch_add(1, Relaxed);
}

pub fn callback() {
    CALLBACKS.fetch_add(1, Relaxed);
}

pub fn called(function: usize, succeeded: bool, took: Duration) {
    let of = &BY_FUNCTION[function];
    of.called.fetch_add(1, Relaxed);
    of.succeeded.fetch_add(u64::from(succeeded), Relaxed);
    let nanoseconds = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
    of.nanoseconds.fetch_add(nanoseconds, Relaxed);
}

pub extern "C" fn print() {
    let all = || FUNCTIONS.iter().zip(&BY_FUNCTION);
    let of_all = |what: fn(&Of) -> &AtomicU64| all().map(|(_, of)| what(of).load(Relaxed)).sum();
    let (calls, successes): (u64, u64) = (of_all(|of| &of.called), of_all(|of| &of.succeeded));
    let sequences = SEQUENCES.load(Relaxed);
    let inputs: Vec<String> = MODES
        .iter()
        .map(|mode| format!("{} {mode:?}", INPUTS[*mode as usize].load(Relaxed)))
        .collect();
    eprintln!(
        "counted: {sequences} call sequences of {:.1} calls, {calls} calls, {successes} with success, {} callbacks",
        calls as f64 / sequences.max(1) as f64,
        CALLBACKS.load(Relaxed),
    );
    eprintln!("inputs: {}", inputs.join(", "));
    let never = |what: fn(&Of) -> &AtomicU64| -> Vec<&str> {
        all()
            .filter(|(_, of)| what(of).load(Relaxed) == 0)
            .map(|(function, _)| function.name)
            .collect()
    };
    let (uncalled, unsuccessful) = (never(|of| &of.called), never(|of| &of.succeeded));
    let total = FUNCTIONS.len();
    let list = |names: &[&str]| match names {
        [] => "none".to_owned(),
        names => names.join(" "),
    };
    eprintln!("functions: {total} in the table");
    eprintln!("never called: {}", list(&uncalled));
    eprintln!("never with success: {}", list(&unsuccessful));
    let mut slow: Vec<(u64, &str)> = all()
        .map(|(function, of)| (of.nanoseconds.load(Relaxed) / 1_000_000, function.name))
        .collect();
    slow.sort_unstable_by(|a, b| b.cmp(a));
    let slow: Vec<String> = slow
        .iter()
        .take(12)
        .map(|(milliseconds, name)| format!("{name} {milliseconds} ms"))
        .collect();
    eprintln!("where the time went: {}", slow.join(", "));
}
