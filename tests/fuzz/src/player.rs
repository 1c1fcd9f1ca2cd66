//! Plays sequences of calls and judges every answer.

use std::cell::{Cell, RefCell};
use std::ffi::CStr;
use std::sync::Mutex;
use std::time::Instant;

use itero::ffi::*;

use crate::mode::{self, Mode};
use crate::table::{Answer, FUNCTIONS, Function, KINDS, Place, Value, read_text};
use crate::values::{Choices, Drawn, RECORD, publish, shared};
use crate::{cast, counts, texts};

/// A sequence has 4 to 16 calls.
const FEWEST_CALLS: usize = 4;
const MORE_CALLS: usize = 13;
/// Of buffers, in units.
const ROOMS: [usize; 6] = [64, 0, 1, 7, 4096, 200_000];
const MOST_PARAMETERS: usize = 16;
const NUMBERS: [i64; 12] = [
    0,
    1,
    -1,
    2,
    3,
    200,
    65_535,
    65_536,
    i32::MIN as i64,
    i32::MAX as i64,
    i64::MIN,
    u32::MAX as i64,
];

thread_local! {
    /// Handles that this thread made in this sequence.
    static MADE: RefCell<Vec<(usize, usize)>> = const { RefCell::new(Vec::new()) };
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// One sequence after the other; what a sequence made is freed at its end.
pub fn play(mut records: &[u8], mode: Mode) {
    while let Some(last) = records
        .get(..RECORD.min(records.len()))
        .and_then(<[u8]>::last)
    {
        let calls = FEWEST_CALLS + usize::from(*last) % MORE_CALLS;
        let (sequence, rest) = records.split_at((calls * RECORD).min(records.len()));
        records = rest;
        for record in sequence.chunks(RECORD) {
            play_record(record, mode);
        }
        end_sequence();
    }
}

/// Sequences that the seed stands for.
pub fn play_drawn(seed: u64, mode: Mode) {
    let mut drawn = Drawn::new(seed);
    for _ in 0..mode.drawn() {
        for _ in 0..FEWEST_CALLS + drawn.number() % MORE_CALLS {
            play_record(&drawn.record(), mode);
        }
        end_sequence();
    }
}

fn end_sequence() {
    counts::sequence();
    free_made();
}

fn play_record(record: &[u8], mode: Mode) {
    let (function, choices) = record.split_at(record.len().min(2));
    let function = function
        .iter()
        .fold(0, |index, byte| index << 8 | usize::from(*byte));
    call(function % FUNCTIONS.len(), &mut Choices::new(choices), mode);
}

fn free_made() {
    let made = MADE.with(|made| std::mem::take(&mut *made.borrow_mut()));
    for (kind, handle) in made.into_iter().rev() {
        // Another thread may have freed it already.
        cast::free(kind, handle);
    }
}

/// A callback's own sequence: a few calls that its user pointer describes. One callback at a time may free and stop,
/// because two that wait for each other's object would do what the header forbids.
pub fn called_back(user: usize) -> i64 {
    static FREES: Mutex<()> = Mutex::new(());
    counts::callback();
    if DEPTH.get() > 0 {
        return 0;
    }
    DEPTH.set(1);
    let own = FREES.try_lock();
    let mode = match mode::now() {
        Mode::Online => Mode::Offline,
        other => other,
    };
    let script = user.to_le_bytes();
    for record in [&script[..4], &script[4..]] {
        let function = usize::from(u16::from_le_bytes([record[0], record[1]])) % FUNCTIONS.len();
        if own.is_ok() || !waits_for_callbacks(FUNCTIONS[function].name) {
            call(function, &mut Choices::new(&record[2..]), mode);
        }
    }
    if own.is_ok() {
        free_made();
    }
    DEPTH.set(0);
    i64::from(script[7]) - 3
}

fn waits_for_callbacks(name: &str) -> bool {
    ["_free", "_stop", "_close", "_set", "_start", "_shutdown"]
        .iter()
        .any(|ending| name.ends_with(ending))
}

/// A handle of the kind: most often one that is right, else NULL, stale, foreign, or an invention.
fn handle(kind: usize, choices: &mut Choices, mode: Mode) -> usize {
    let right = |choices: &mut Choices| match choices.next() {
        slot if slot & 1 == 0 => cast::handle(kind, slot >> 1, mode),
        slot => shared(kind, slot >> 1),
    };
    match choices.next() % 16 {
        0..=10 => right(choices),
        11 => 0,
        12 => right(choices) ^ 1usize << (choices.next() % 64),
        13 => cast::handle(usize::from(choices.next()) % KINDS.len(), 0, mode),
        14 => std::ptr::from_ref(choices).addr() + usize::from(choices.next()),
        _ => choices.word(),
    }
}

/// A handle that is not one of this kind: NULL, foreign, or an invention.
fn wrong_handle(kind: usize, choices: &mut Choices) -> usize {
    let other = match usize::from(choices.next()) % KINDS.len() {
        other if other == kind => return 0,
        other => other,
    };
    match choices.next() % 4 {
        0 => cast::handle(other, 0, Mode::Light),
        1 => shared(other, choices.next()),
        2 => std::ptr::from_ref(choices).addr() + usize::from(choices.next()),
        // The kind's bits hold no kind.
        _ => choices.word() | 0x3f << 56,
    }
}

/// Waits are short, so that an input ends; a setter may hear any number.
fn number(name: &str, function: &str, choices: &mut Choices) -> i64 {
    let waits = name.ends_with("_ms") && !function.contains("_set_");
    match choices.next() {
        0 if waits => 50,
        // The first item of the cast's outbox.
        0 if name == "item_id" => 1,
        byte if waits => i64::from(byte % 3),
        byte if name == "port" => i64::from(byte % 4) * 21_845,
        byte if byte < 128 => i64::from(byte % 8),
        byte => NUMBERS[usize::from(byte) % NUMBERS.len()],
    }
}

/// In a light input a costly function gets no further than its first check; one that takes no handle is left out, but
/// for one time in many.
fn lighten(function: &Function, choices: &mut Choices) -> Option<bool> {
    let has_handle = function
        .parameters
        .iter()
        .any(|(_, place)| matches!(place, Place::Handle(_)));
    match has_handle {
        true => Some(true),
        false => (choices.wide() == 1).then_some(false),
    }
}

fn call(index: usize, choices: &mut Choices, mode: Mode) {
    let function = &FUNCTIONS[index];
    let mut only_wrong = false;
    if function.costly && mode == Mode::Light {
        match lighten(function, choices) {
            Some(wrong) => only_wrong = wrong,
            None => return,
        }
    }
    // Everything that the library may write to or read from lives exactly as long as the call.
    let mut places = vec![[0xa5u8; 16]; function.parameters.len()];
    let mut kept: Vec<Vec<u8>> = Vec::new();
    let mut room = 0;
    let mut values = [Value {
        pointer: std::ptr::null_mut(),
        number: 0,
    }; MOST_PARAMETERS];
    let values = &mut values[..function.parameters.len()];
    for (at, (name, place)) in function.parameters.iter().enumerate() {
        let value = &mut values[at];
        match place {
            Place::Handle(kind) => {
                let handle = match only_wrong {
                    true => wrong_handle(*kind, choices),
                    false => handle(*kind, choices, mode),
                };
                value.pointer = std::ptr::without_provenance_mut(handle);
                if function.frees && !may_free(handle, choices, mode) {
                    value.pointer = std::ptr::null_mut();
                }
            }
            Place::HandleOut(_) | Place::Out => {
                let choice = choices.next();
                if choice != 255 {
                    // Odd addresses are allowed.
                    let byte = usize::from(choice & 1);
                    value.pointer = (&raw mut places[at][byte]).cast();
                }
            }
            Place::Text => value.pointer = texts::choose(choices, name, &mut kept),
            Place::Number => value.number = number(name, function.name, choices),
            Place::Buffer(unit) => {
                room = *choices.of(&ROOMS);
                if choices.next() != 255 {
                    kept.push(vec![0xa5; room * unit]);
                    value.pointer = kept
                        .last_mut()
                        .map_or(value.pointer, |place| place.as_mut_ptr().cast());
                }
            }
            // Never more than there is.
            Place::Room => {
                value.number = *choices.of(&[room as i64, 0, room as i64 / 2, -1, i64::MIN])
            }
            Place::Units => {
                room = *choices.of(&[6, 0, 1, 300]);
                value.pointer = texts::units(room, choices, &mut kept);
            }
            Place::Length => {
                value.number = *choices.of(&[room as i64, -1, 0, room as i64 / 2, -2, 65_537])
            }
            Place::Callback => value.number = i64::from(choices.next() % 2),
            Place::User => {
                value.pointer = std::ptr::without_provenance_mut(choices.word());
            }
        }
    }
    let began = Instant::now();
    // SAFETY: texts end with a NUL, out-parameters are NULL or writable, handles need no promise.
    let answer = unsafe { (function.call)(values) };
    let took = began.elapsed();
    let succeeded = judge(function, &answer, values);
    counts::called(index, succeeded, took);
    if let Answer::Status(ITERO_OK) = answer {
        keep_results(function, values);
    }
}

/// The cast is costly to make again, so it is freed now and then only.
fn may_free(handle: usize, choices: &mut Choices, mode: Mode) -> bool {
    if !cast::contains(handle) {
        return true;
    }
    match mode {
        Mode::Light => choices.wide() % 1024 == 1,
        Mode::Offline | Mode::Online => choices.next() % 8 == 1,
    }
}

fn keep_results(function: &Function, values: &[Value]) {
    if function.frees {
        cast::forget(values[0].pointer.addr());
    }
    for ((_, place), value) in function.parameters.iter().zip(values) {
        if let (Place::HandleOut(kind), false) = (place, value.pointer.is_null()) {
            // SAFETY: it was written by the call that just succeeded.
            let made = unsafe { value.pointer.cast::<usize>().read_unaligned() };
            MADE.with(|all| all.borrow_mut().push((*kind, made)));
            publish(*kind, made);
        }
    }
}

/// What no call may ever do; whether it succeeded.
fn judge(function: &Function, answer: &Answer, values: &[Value]) -> bool {
    let status = match answer {
        Answer::Status(status) => *status,
        _ if function.parameters.is_empty() => ITERO_OK,
        _ => itero_last_error_status(),
    };
    assert_ne!(status, ITERO_E_PANIC, "a panic in {}", function.name);
    // SAFETY: these texts live until the thread's next failing call.
    let (name, message) = unsafe {
        (
            CStr::from_ptr(itero_status_name(status)),
            CStr::from_ptr(itero_last_error_message()),
        )
    };
    assert!(
        !name.is_empty(),
        "{}: unknown status {status}",
        function.name
    );
    let message = message.to_str().expect("a message is UTF-8");
    assert!(
        !texts::repeats(message),
        "{} repeats its argument: {message}",
        function.name
    );
    if matches!(answer, Answer::Status(status) if *status != ITERO_OK) {
        assert!(
            message.starts_with(function.name),
            "{}: {message}",
            function.name
        );
    }
    // A handle's text may be freed by another thread meanwhile; that is the host's to prevent.
    if let Answer::Text(text) = answer {
        assert!(!text.is_null(), "{} returned NULL", function.name);
        if values.iter().all(|value| value.pointer.is_null()) {
            read_text(*text);
        }
    }
    status == ITERO_OK
}
