//! Plays one sequence of calls and judges every answer.

use std::cell::{Cell, RefCell};
use std::ffi::{CStr, c_void};
use std::sync::Mutex;
use std::sync::atomic::Ordering::Relaxed;

use itero::ffi::*;

use crate::table::{Answer, FUNCTIONS, Function, KINDS, Place, Value, read_text};
use crate::values::{Bytes, publish, shared};
use crate::{cast, counts, texts};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// With clients that are signed in to the sandbox.
    Online,
    /// With clients that nobody signed in, whose service doesn't listen.
    Offline,
}

const MOST_CALLS: usize = 48;
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

pub fn play(bytes: &[u8], mode: Mode) {
    let mut bytes = Bytes::new(bytes);
    for _ in 0..MOST_CALLS {
        if bytes.is_empty() {
            break;
        }
        let function = bytes.wide() % FUNCTIONS.len();
        call(function, &mut bytes, mode);
    }
    free_made();
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
    counts::CALLS_BACK.fetch_add(1, Relaxed);
    if DEPTH.get() > 0 {
        return 0;
    }
    DEPTH.set(1);
    let own = FREES.try_lock();
    let script = user.to_le_bytes();
    let mut bytes = Bytes::new(&script);
    for _ in 0..2 {
        let function = bytes.wide() % FUNCTIONS.len();
        if own.is_ok() || !waits_for_callbacks(FUNCTIONS[function].name) {
            call(function, &mut bytes, Mode::Offline);
        }
    }
    if own.is_ok() {
        free_made();
    }
    DEPTH.set(0);
    i64::from(bytes.next()) - 3
}

fn waits_for_callbacks(name: &str) -> bool {
    ["_free", "_stop", "_close", "_set", "_start", "_shutdown"]
        .iter()
        .any(|ending| name.ends_with(ending))
}

/// A handle of the kind: most often one that is right, else NULL, stale, foreign, or an invention.
fn handle(kind: usize, bytes: &mut Bytes, mode: Mode) -> usize {
    let right = |bytes: &mut Bytes| match bytes.next() {
        slot if slot & 1 == 0 => cast::handle(kind, slot, mode),
        slot => shared(kind, slot),
    };
    match bytes.next() % 16 {
        0..=10 => right(bytes),
        11 => 0,
        12 => right(bytes) ^ 1usize << (bytes.next() % 64),
        13 => cast::handle(usize::from(bytes.next()) % KINDS.len(), 0, mode),
        14 => std::ptr::from_ref(bytes).addr() + usize::from(bytes.next()),
        _ => usize::from_le_bytes(std::array::from_fn(|_| bytes.next())),
    }
}

/// Waits are short, so that an input ends; a setter may hear any number.
fn number(name: &str, function: &str, bytes: &mut Bytes) -> i64 {
    let waits = name.ends_with("_ms") && !function.contains("_set_");
    match bytes.next() {
        byte if waits => i64::from(byte % 3),
        byte if name == "port" => i64::from(byte % 4) * 21_845 - 1,
        byte if byte < 128 => i64::from(byte % 8),
        byte => NUMBERS[usize::from(byte) % NUMBERS.len()],
    }
}

fn call(index: usize, bytes: &mut Bytes, mode: Mode) {
    let function = &FUNCTIONS[index];
    let count = function.parameters.len();
    // Everything that the library may write to or read from lives exactly as long as the call.
    let mut places = vec![[0xa5u8; 16]; count];
    let mut kept = Vec::new();
    let mut values = Vec::with_capacity(count);
    for (at, (name, place)) in function.parameters.iter().enumerate() {
        let mut value = Value {
            pointer: std::ptr::null_mut(),
            number: 0,
        };
        match place {
            Place::Handle(kind) => {
                value.pointer = std::ptr::without_provenance_mut(handle(*kind, bytes, mode));
                if function.name.ends_with("_free") && bytes.next() % 8 != 0 {
                    value.pointer = spare_the_cast(value.pointer);
                }
            }
            Place::HandleOut(_) | Place::Out => {
                let choice = bytes.next();
                if choice % 32 != 0 {
                    // Odd addresses are allowed.
                    let byte = usize::from(choice & 1);
                    value.pointer = (&raw mut places[at][byte]).cast();
                }
            }
            Place::Text => {
                if let Some(text) = text(name, bytes, &mut kept) {
                    value.pointer = text;
                }
            }
            Place::Number => value.number = number(name, function.name, bytes),
            Place::Callback => value.number = i64::from(bytes.next() % 2),
            Place::User => {
                let user = usize::from_le_bytes(std::array::from_fn(|_| bytes.next()));
                value.pointer = std::ptr::without_provenance_mut(user);
            }
        }
        values.push(value);
    }
    // SAFETY: texts end with a NUL, out-parameters are NULL or writable, handles need no promise.
    let answer = unsafe { (function.call)(&values) };
    judge(index, &answer, &values);
    if let Answer::Status(ITERO_OK) = answer {
        keep_results(function, &values);
    }
}

fn text(name: &str, bytes: &mut Bytes, kept: &mut Vec<Vec<u8>>) -> Option<*mut c_void> {
    if bytes.next() == 255 {
        let long = &texts::LONG_TEXTS[usize::from(bytes.next() & 1)];
        return Some(long.as_ptr().cast_mut().cast());
    }
    kept.push(texts::choose(bytes, name)?);
    kept.last().map(|text| text.as_ptr().cast_mut().cast())
}

/// The cast is costly to make again, so it is freed now and then only.
fn spare_the_cast(handle: *mut c_void) -> *mut c_void {
    match cast::contains(handle.addr()) {
        true => std::ptr::null_mut(),
        false => handle,
    }
}

fn keep_results(function: &Function, values: &[Value]) {
    if function.name.ends_with("_free") {
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

/// What no call may ever do.
fn judge(index: usize, answer: &Answer, values: &[Value]) {
    let function = &FUNCTIONS[index];
    let status = match answer {
        Answer::Status(status) => *status,
        _ if function.name.starts_with("itero_last_error") => ITERO_OK,
        _ => itero_last_error_status(),
    };
    counts::called(index, status == ITERO_OK);
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
        if values.is_empty() || values.iter().all(|value| value.pointer.is_null()) {
            read_text(*text);
        }
    }
}
