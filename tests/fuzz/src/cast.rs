//! The cast: a sandbox, and right handles of every kind, so that calls come farther than the first check. What an input
//! frees or spoils is made anew behind it.

use std::ffi::{CString, c_char, c_void};
use std::path::{Path, PathBuf};
use std::ptr::{null, null_mut};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

use itero::ffi::*;
use itero::sandbox::scan::ScanFile;
use itero::sandbox::{self, FileSource, Options, Sandbox, person};

use crate::player::Mode;
use crate::table::{FUNCTIONS, KINDS, Value};
use crate::values::shared;

pub const CLOSED_PORT: &str = "http://127.0.0.1:9";
const ACCOUNT: &str = "30417";

/// Two of each kind that need no service, and two that do.
const SLOTS: usize = 4;
static CAST: [[AtomicUsize; SLOTS]; KINDS.len()] =
    [const { [const { AtomicUsize::new(0) }; SLOTS] }; KINDS.len()];

struct Stage {
    sandbox: Sandbox,
    scratch: tempfile::TempDir,
    rx_id: String,
    order_id: String,
    frees: Vec<Option<usize>>,
}

static STAGE: OnceLock<Stage> = OnceLock::new();

fn stage() -> &'static Stage {
    STAGE.get().expect("the stage stands before the first call")
}

pub fn sandbox() -> &'static Sandbox {
    &stage().sandbox
}

pub fn scratch() -> &'static Path {
    stage().scratch.path()
}

/// Ids that the sandbox knows.
pub fn ids() -> Vec<String> {
    vec![
        stage().rx_id.clone(),
        stage().order_id.clone(),
        ACCOUNT.to_owned(),
    ]
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
        rx_id: String::new(),
        order_id: String::new(),
        frees: frees.to_vec(),
    }
}

/// Before the first input: the stage, and every role filled.
pub fn begin() {
    if STAGE.get().is_some() {
        return;
    }
    let mut stage = build_stage();
    let config = config(&stage, &stage.sandbox.addresses().base_url);
    let client = signed_in(&stage.sandbox, config).expect("the sandbox signs in");
    let rx = send(client).expect("the sandbox takes a scan request");
    // SAFETY: the text belongs to the handle, which lives.
    stage.rx_id = unsafe { std::ffi::CStr::from_ptr(itero_rx_id(rx)) }
        .to_string_lossy()
        .into_owned();
    stage.order_id = stage
        .sandbox
        .scan(&stage.rx_id)
        .expect("the Rx is scanned")
        .to_string();
    itero_rx_free(rx);
    itero_client_free(client);
    itero_config_free(config);
    assert!(STAGE.set(stage).is_ok(), "the stage is built once");
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

/// Behind an input: what it freed is made anew.
pub fn end() {
    fill();
}

pub fn handle(kind: usize, slot: u8, mode: Mode) -> usize {
    let slots = match mode {
        Mode::Online => SLOTS,
        Mode::Offline => SLOTS / 2,
    };
    // The lowest bit has chosen between the cast and what the threads made.
    CAST[kind][usize::from(slot >> 1) % slots].load(Relaxed)
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

fn role(name: &str, slot: usize) -> &'static AtomicUsize {
    &CAST[kind(name)][slot]
}

/// Ends the calls that wait for the network.
pub fn cancel_all() {
    let client = kind("itero_client");
    for slot in &CAST[client] {
        itero_client_cancel(std::ptr::without_provenance_mut(slot.load(Relaxed)));
    }
    for slot in 0..=u8::MAX {
        itero_client_cancel(std::ptr::without_provenance_mut(shared(client, slot)));
    }
}

fn c(text: &str) -> CString {
    CString::new(text).expect("no NUL inside")
}

/// Whatever a function gave out, or `None` when it failed, because another thread shut the library down.
fn made<T>(call: impl FnOnce(*mut *mut T) -> i32) -> Option<*mut T> {
    let mut at = null_mut();
    (call(&mut at) == ITERO_OK).then_some(at)
}

fn config(stage: &Stage, base: &str) -> *mut itero_config {
    let config = made(|at| unsafe { itero_config_new(at) }).expect("there is room for a config");
    type Set = unsafe extern "C" fn(*mut itero_config, *const c_char) -> i32;
    let login_page = format!("{base}/authorize");
    let folder = stage.scratch.path().display().to_string();
    let settings: [(Set, &str); 9] = [
        (itero_config_set_client_id, sandbox::CLIENT_ID),
        (itero_config_set_client_secret, sandbox::CLIENT_SECRET),
        (itero_config_set_login_page, &login_page),
        (itero_config_set_oauth_base, base),
        (itero_config_set_base_url, base),
        (itero_config_set_redirect_url, "http://127.0.0.1:9/callback"),
        (itero_config_set_browser, "/nonexistent/browser"),
        (itero_config_set_proxy, "none"),
        (itero_config_set_state_folder, &folder),
    ];
    for (set, text) in settings {
        assert_eq!(unsafe { set(config, c(text).as_ptr()) }, ITERO_OK);
    }
    config
}

fn signed_in(sandbox: &Sandbox, config: *mut itero_config) -> Option<*mut itero_client> {
    let client = made(|at| unsafe { itero_client_new(config, at) })?;
    if sign_in(sandbox, client).is_none() {
        itero_client_free(client);
        return None;
    }
    Some(client)
}

fn sign_in(sandbox: &Sandbox, client: *mut itero_client) -> Option<()> {
    let login = made(|at| unsafe { itero_login_begin(client, at) })?;
    let user = &sandbox.users()[0];
    // SAFETY: the text belongs to the handle, which lives.
    let url = unsafe { std::ffi::CStr::from_ptr(itero_login_url(login)) };
    let redirect = person::sign_in(&url.to_string_lossy(), &user.email, &user.password).ok();
    let status = redirect.map(|url| unsafe { itero_login_complete(login, c(&url).as_ptr()) });
    itero_login_free(login);
    let paired = unsafe { itero_client_pair(client, c(ACCOUNT).as_ptr(), null()) };
    (status == Some(ITERO_OK) && paired == ITERO_OK).then_some(())
}

fn request() -> Option<*mut itero_scan_request> {
    let request = made(|at| unsafe { itero_scan_request_new(at) })?;
    type Set = unsafe extern "C" fn(*mut itero_scan_request, *const c_char) -> i32;
    let settings: [(Set, &str); 5] = [
        (itero_scan_request_set_doctor_id, "7001"),
        (itero_scan_request_set_procedure_map_id, "102"),
        (itero_scan_request_set_patient_first_name, "Maria"),
        (
            itero_scan_request_set_patient_last_name,
            "Gonzalez Ferreira",
        ),
        (itero_scan_request_set_patient_chart_number, "10023"),
    ];
    for (set, text) in settings {
        unsafe { set(request, c(text).as_ptr()) };
    }
    Some(request)
}

fn send(client: *mut itero_client) -> Option<*mut itero_rx> {
    let request = request()?;
    let rx = made(|at| unsafe { itero_scan_request_send(client, request, at) });
    itero_scan_request_free(request);
    rx
}

fn event(client: *mut itero_client) -> Option<*mut itero_event> {
    let file = c(&scratch().join("cast-watch").display().to_string());
    let since = c("2020-01-01");
    let watch = made(|at| unsafe {
        itero_watch_start(
            client,
            file.as_ptr(),
            since.as_ptr(),
            null_mut(),
            1000,
            None,
            null_mut(),
            at,
        )
    })?;
    let event = made(|at| unsafe { itero_watch_wait(watch, 2000, at) });
    itero_watch_free(watch);
    let _ = std::fs::remove_file(scratch().join("cast-watch"));
    event
}

fn download(client: *mut itero_client) -> Option<*mut itero_download> {
    let (order, folder) = (
        c(&stage().order_id),
        c(&scratch().join("cast").display().to_string()),
    );
    let download = made(|at| unsafe {
        itero_download_start(
            client,
            order.as_ptr(),
            folder.as_ptr(),
            0,
            0,
            None,
            null_mut(),
            at,
        )
    })?;
    itero_download_wait(download, 2000);
    Some(download)
}

type Make = fn() -> Option<*mut c_void>;

/// A client of the cast: an offline one, or one that is signed in and paired.
fn client(slot: usize) -> *mut itero_client {
    std::ptr::without_provenance_mut(role("itero_client", slot).load(Relaxed))
}

fn new_client(slot: usize) -> Option<*mut c_void> {
    let config = std::ptr::without_provenance_mut(role("itero_config", slot).load(Relaxed));
    let client = match slot {
        0 | 1 => made(|at| unsafe { itero_client_new(config, at) }),
        _ => signed_in(sandbox(), config),
    };
    client.map(<*mut itero_client>::cast)
}

/// In the order in which they need each other. Slots 0 and 1 never meet the service.
const ROLES: &[(&str, usize, Make)] = &[
    ("itero_config", 0, || {
        Some(config(stage(), CLOSED_PORT).cast())
    }),
    ("itero_config", 1, || {
        made(|at| unsafe { itero_config_new(at) }).map(|at| at.cast())
    }),
    ("itero_config", 2, || {
        Some(config(stage(), &sandbox().addresses().base_url).cast())
    }),
    ("itero_config", 3, || {
        let config = config(stage(), &sandbox().addresses().base_url);
        itero_config_set_api_version(config, ITERO_API_V1);
        Some(config.cast())
    }),
    ("itero_client", 0, || new_client(0)),
    ("itero_client", 1, || new_client(0)),
    ("itero_client", 2, || new_client(2)),
    ("itero_client", 3, || new_client(3)),
    ("itero_login", 0, || {
        made(|at| unsafe { itero_login_begin(client(0), at) }).map(|at| at.cast())
    }),
    ("itero_scan_request", 0, || request().map(|at| at.cast())),
    ("itero_scan_request", 1, || {
        made(|at| unsafe { itero_scan_request_new(at) }).map(|at| at.cast())
    }),
    ("itero_order_query", 0, || {
        made(|at| unsafe { itero_order_query_new(at) }).map(|at| at.cast())
    }),
    ("itero_notification", 0, || {
        let body = c"{\"rxId\":\"1\",\"accountNumber\":\"2\"}";
        made(|at| unsafe { itero_notification_parse(body.as_ptr(), at) }).map(|at| at.cast())
    }),
    ("itero_error", 0, || {
        itero_config_free(std::ptr::without_provenance_mut(1));
        made(|at| unsafe { itero_error_capture(at) }).map(|at| at.cast())
    }),
    ("itero_accounts", 0, || {
        made(|at| unsafe { itero_accounts_get(client(2), at) }).map(|at| at.cast())
    }),
    ("itero_warnings", 0, || {
        made(|at| unsafe { itero_warnings_get(client(2), at) }).map(|at| at.cast())
    }),
    ("itero_practice", 0, || {
        made(|at| unsafe { itero_practice_get(client(2), at) }).map(|at| at.cast())
    }),
    ("itero_patients", 0, || {
        let (first, last, chart) = (c"Maria", c"Gonzalez Ferreira", c"10023");
        made(|at| unsafe {
            itero_patients_search(client(2), first.as_ptr(), last.as_ptr(), chart.as_ptr(), at)
        })
        .map(|at| at.cast())
    }),
    ("itero_matches", 0, || {
        let (first, last, chart) = (c"Maria", c"Gonzalez Ferreira", c"10023");
        made(|at| unsafe {
            itero_patients_match(client(2), first.as_ptr(), last.as_ptr(), chart.as_ptr(), at)
        })
        .map(|at| at.cast())
    }),
    ("itero_rx", 0, || send(client(2)).map(|at| at.cast())),
    ("itero_ledger", 0, || {
        made(|at| unsafe { itero_ledger_find(client(2), null(), at) }).map(|at| at.cast())
    }),
    ("itero_orders", 0, || {
        let rx = c(&stage().rx_id);
        made(|at| unsafe { itero_orders_by_rx(client(2), rx.as_ptr(), at) }).map(|at| at.cast())
    }),
    ("itero_event", 0, || event(client(2)).map(|at| at.cast())),
    ("itero_download", 0, || {
        download(client(2)).map(|at| at.cast())
    }),
    ("itero_order_cursor", 2, || {
        made(|at| unsafe { itero_orders_open(client(2), null_mut(), at) }).map(|at| at.cast())
    }),
    ("itero_diagnosis", 0, || {
        made(|at| unsafe { itero_client_diagnose(client(0), null(), at) }).map(|at| at.cast())
    }),
    ("itero_listener", 2, || {
        made(|at| unsafe { itero_listener_start(client(2), 0, None, null_mut(), at) })
            .map(|at| at.cast())
    }),
];

fn fill() {
    for (name, slot, make) in ROLES {
        let role = role(name, *slot);
        // A client whose session an input ended plays its role no more.
        if *name == "itero_client"
            && *slot > 1
            && role.load(Relaxed) != 0
            && itero_client_state(client(*slot)) != 2
        {
            itero_client_free(client(*slot));
            role.store(0, Relaxed);
        }
        if role.load(Relaxed) == 0
            && let Some(made) = make()
        {
            role.store(made.addr(), Relaxed);
        }
    }
}
