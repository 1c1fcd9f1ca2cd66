//! The cast: a sandbox, and right handles of every kind, so that calls come farther than the first check. What an input
//! frees or spoils is made anew behind it.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

use itero::ffi::*;
use itero::sandbox::scan::ScanFile;
use itero::sandbox::{FileSource, Options, Sandbox};

use crate::mode::Mode;
use crate::roles::{self, ROLES};
use crate::table::{FUNCTIONS, KINDS, Value};
use crate::values::shared;

pub const CLOSED_PORT: &str = "http://127.0.0.1:9";
pub const ACCOUNT: &str = "30417";

/// Two of each kind that need no service, and two that do.
const SLOTS: usize = 4;
static CAST: [[AtomicUsize; SLOTS]; KINDS.len()] =
    [const { [const { AtomicUsize::new(0) }; SLOTS] }; KINDS.len()];

struct Stage {
    sandbox: Sandbox,
    scratch: tempfile::TempDir,
    frees: Vec<Option<usize>>,
}

/// An Rx that was scanned.
struct Scanned {
    rx_id: String,
    operation_id: String,
    order_id: String,
    patient_id: String,
}

static STAGE: OnceLock<Stage> = OnceLock::new();
static SCANNED: OnceLock<Scanned> = OnceLock::new();

fn stage() -> &'static Stage {
    STAGE.get().expect("the stage stands before the first call")
}

pub fn sandbox() -> &'static Sandbox {
    &stage().sandbox
}

pub fn scratch() -> &'static Path {
    stage().scratch.path()
}

pub fn sandbox_url() -> &'static str {
    &sandbox().addresses().base_url
}

fn scanned() -> &'static Scanned {
    SCANNED
        .get()
        .expect("the Rx was scanned before the first call")
}

/// An id that the sandbox knows, for a parameter of this name.
pub fn id(name: &str) -> Option<&'static str> {
    match name {
        "rx_id" => Some(&scanned().rx_id),
        "order_id" => Some(&scanned().order_id),
        "operation_id" => Some(&scanned().operation_id),
        "patient_id" => Some(&scanned().patient_id),
        _ => None,
    }
}

/// In memory where there is such a folder: the library flushes what it writes.
fn scratch_folder() -> tempfile::TempDir {
    let parent = ["/dev/shm", "/tmp"]
        .map(PathBuf::from)
        .into_iter()
        .find(|path| path.is_dir());
    let mut builder = tempfile::Builder::new();
    let builder = builder.prefix("itero-fuzz-");
    match parent {
        Some(parent) => builder.tempdir_in(parent),
        None => builder.tempdir(),
    }
    .expect("a scratch folder can be made")
}

fn build_stage() -> Stage {
    // No browser and no other program can be started by a fuzzed call.
    // SAFETY: no other thread runs yet.
    unsafe { std::env::set_var("PATH", "/nonexistent") };
    let small = |name: &str, kind| ScanFile {
        name: name.to_owned(),
        kind,
        content_type: "application/octet-stream",
        bytes: vec![7; 500],
    };
    let sandbox = Sandbox::start(Options {
        files: FileSource::Given(vec![small("a.stl", "STL"), small("b.jpg", "IMAGE_GALLERY")]),
        token_life: Duration::from_secs(100_000),
        url_life: Duration::from_secs(100_000),
        ..Options::default()
    })
    .expect("the sandbox starts");
    let frees = KINDS.map(|kind| {
        let name = format!("{kind}_free");
        FUNCTIONS.iter().position(|function| function.name == name)
    });
    Stage {
        sandbox,
        scratch: scratch_folder(),
        frees: frees.to_vec(),
    }
}

/// Before the first input: the stage, and every role filled.
pub fn begin() {
    assert!(STAGE.set(build_stage()).is_ok(), "the stage is built once");
    assert!(SCANNED.set(scan()).is_ok(), "the Rx is scanned once");
    let until = Instant::now() + Duration::from_secs(20);
    fill();
    while ROLES
        .iter()
        .any(|(kind, slot, _)| role(kind, *slot).load(Relaxed) == 0)
    {
        assert!(Instant::now() < until, "every role is filled");
        fill();
    }
}

fn scan() -> Scanned {
    let config = roles::config(sandbox_url());
    let client = roles::signed_in(config).expect("the sandbox signs in");
    let rx = roles::send(client).expect("the sandbox takes a scan request");
    // SAFETY: the text belongs to the handle, which lives.
    let text = |at| unsafe { std::ffi::CStr::from_ptr(at).to_string_lossy().into_owned() };
    let (rx_id, operation_id) = (text(itero_rx_id(rx)), text(itero_rx_operation_id(rx)));
    let order_id = sandbox()
        .scan(&rx_id)
        .expect("the Rx is scanned")
        .to_string();
    let patients = roles::patients(client).expect("the sandbox knows the patient");
    let patient_id = text(itero_patients_id(patients, 0));
    itero_patients_free(patients);
    itero_rx_free(rx);
    itero_client_free(client);
    itero_config_free(config);
    Scanned {
        rx_id,
        operation_id,
        order_id,
        patient_id,
    }
}

/// Before an input: what calls can set is as it was at first, else no client could be made any more after a while.
pub fn renew() {
    for (name, slot, _) in ROLES {
        if matches!(
            *name,
            "itero_config" | "itero_scan_request" | "itero_order_query"
        ) {
            free(kind(name), role(name, *slot).swap(0, Relaxed));
        }
    }
    fill();
}

/// Behind an input: what it freed or signed out is made anew.
pub fn end(mode: Mode) {
    if mode == Mode::Online {
        free_signed_out();
    }
    fill();
}

/// An online client in an online input, and none in the others.
pub fn handle(kind: usize, slot: u8, mode: Mode) -> usize {
    let slot = match mode {
        Mode::Online => (usize::from(slot) + SLOTS / 2) % SLOTS,
        Mode::Light | Mode::Offline => usize::from(slot) % (SLOTS / 2),
    };
    match CAST[kind][slot].load(Relaxed) {
        // Most kinds have less than four in the cast.
        0 => CAST[kind][0].load(Relaxed),
        handle => handle,
    }
}

pub fn contains(handle: usize) -> bool {
    handle != 0
        && CAST
            .iter()
            .flatten()
            .any(|slot| slot.load(Relaxed) == handle)
}

/// It was freed.
pub fn forget(handle: usize) {
    for slot in CAST.iter().flatten() {
        if handle != 0 && slot.load(Relaxed) == handle {
            slot.store(0, Relaxed);
        }
    }
}

pub fn free(kind: usize, handle: usize) {
    if let Some(function) = stage().frees[kind] {
        let value = Value {
            pointer: std::ptr::without_provenance_mut(handle),
            number: 0,
        };
        // SAFETY: handles need no promise.
        unsafe { (FUNCTIONS[function].call)(&[value]) };
    }
}

fn kind(name: &str) -> usize {
    KINDS
        .iter()
        .position(|kind| *kind == name)
        .expect("the header has this kind")
}

pub fn role(name: &str, slot: usize) -> &'static AtomicUsize {
    &CAST[kind(name)][slot]
}

/// Ends the calls that wait for the network.
pub fn cancel_all() {
    let client = kind("itero_client");
    for slot in &CAST[client] {
        itero_client_cancel(std::ptr::without_provenance_mut(slot.load(Relaxed)));
    }
    for slot in 0..16 {
        itero_client_cancel(std::ptr::without_provenance_mut(shared(client, slot)));
    }
}

/// A client whose session an input ended plays its role no more.
fn free_signed_out() {
    for slot in &CAST[kind("itero_client")][SLOTS / 2..] {
        let client = std::ptr::without_provenance_mut(slot.load(Relaxed));
        if itero_client_state(client) != ITERO_STATE_PAIRED {
            itero_client_free(client);
            slot.store(0, Relaxed);
        }
    }
}

fn fill() {
    for (name, slot, make) in ROLES {
        let role = role(name, *slot);
        if role.load(Relaxed) == 0
            && let Some(made) = make()
        {
            role.store(made.addr(), Relaxed);
        }
    }
}
