//! How much was done: printed when the fuzzer ends.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::table::FUNCTIONS;

pub static INPUTS: AtomicU64 = AtomicU64::new(0);
/// One for each thread of an input.
pub static SEQUENCES: AtomicU64 = AtomicU64::new(0);
pub static CALLS: AtomicU64 = AtomicU64::new(0);
pub static CALLS_BACK: AtomicU64 = AtomicU64::new(0);

struct Of {
    called: AtomicU64,
    succeeded: AtomicU64,
}

static BY_FUNCTION: [Of; FUNCTIONS.len()] = [const {
    Of {
        called: AtomicU64::new(0),
        succeeded: AtomicU64::new(0),
    }
}; FUNCTIONS.len()];

pub fn called(function: usize, succeeded: bool) {
    CALLS.fetch_add(1, Relaxed);
    BY_FUNCTION[function].called.fetch_add(1, Relaxed);
    if succeeded {
        BY_FUNCTION[function].succeeded.fetch_add(1, Relaxed);
    }
}

pub extern "C" fn print() {
    let never = |what: fn(&Of) -> &AtomicU64| -> Vec<&str> {
        let rows = FUNCTIONS.iter().zip(&BY_FUNCTION);
        rows.filter(|(_, of)| what(of).load(Relaxed) == 0)
            .map(|(function, _)| function.name)
            .collect()
    };
    let (uncalled, unsuccessful) = (never(|of| &of.called), never(|of| &of.succeeded));
    eprintln!(
        "counted: {} inputs, {} call sequences, {} calls, {} callbacks; {} of {} functions called, {} with success",
        INPUTS.load(Relaxed),
        SEQUENCES.load(Relaxed),
        CALLS.load(Relaxed),
        CALLS_BACK.load(Relaxed),
        FUNCTIONS.len() - uncalled.len(),
        FUNCTIONS.len(),
        FUNCTIONS.len() - unsuccessful.len(),
    );
    if !unsuccessful.is_empty() {
        eprintln!("never with success: {}", unsuccessful.join(" "));
    }
}
