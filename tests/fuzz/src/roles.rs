//! How each role of the cast is filled.

use std::ffi::{CString, c_char, c_void};
use std::ptr::{null, null_mut};
use std::sync::atomic::Ordering::Relaxed;

use itero::ffi::*;
use itero::sandbox::{self, person};

use crate::cast::{self, CLOSED_PORT, role, sandbox, sandbox_url, scratch};

fn c(text: &str) -> CString {
    CString::new(text).expect("no NUL inside")
}

fn known(id: &str) -> CString {
    c(cast::id(id).unwrap_or_default())
}

/// Whatever a function gave out, or `None` when it failed, because another thread shut the library down.
fn made<T>(call: impl FnOnce(*mut *mut T) -> i32) -> Option<*mut T> {
    let mut at = null_mut();
    (call(&mut at) == ITERO_OK).then_some(at)
}

pub fn config(base: &str) -> *mut itero_config {
    let config = made(|at| unsafe { itero_config_new(at) }).expect("there is room for a config");
    type Set = unsafe extern "C" fn(*mut itero_config, *const c_char) -> i32;
    let login_page = format!("{base}/authorize");
    let folder = scratch().display().to_string();
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

pub fn signed_in(config: *mut itero_config) -> Option<*mut itero_client> {
    let client = made(|at| unsafe { itero_client_new(config, at) })?;
    if sign_in(client).is_none() {
        itero_client_free(client);
        return None;
    }
    Some(client)
}

fn sign_in(client: *mut itero_client) -> Option<()> {
    let login = made(|at| unsafe { itero_login_begin(client, at) })?;
    let user = &sandbox().users()[0];
    // SAFETY: the text belongs to the handle, which lives.
    let url = unsafe { std::ffi::CStr::from_ptr(itero_login_url(login)) };
    let redirect = person::sign_in(&url.to_string_lossy(), &user.email, &user.password).ok();
    let status = redirect.map(|url| unsafe { itero_login_complete(login, c(&url).as_ptr()) });
    itero_login_free(login);
    let paired = unsafe { itero_client_pair(client, c(cast::ACCOUNT).as_ptr(), null()) };
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

pub fn send(client: *mut itero_client) -> Option<*mut itero_rx> {
    let request = request()?;
    let rx = made(|at| unsafe { itero_scan_request_send(client, request, at) });
    itero_scan_request_free(request);
    rx
}

pub fn patients(client: *mut itero_client) -> Option<*mut itero_patients> {
    let (first, last, chart) = (c"Maria", c"Gonzalez Ferreira", c"10023");
    made(|at| unsafe {
        itero_patients_search(client, first.as_ptr(), last.as_ptr(), chart.as_ptr(), at)
    })
}

fn watch(file: &str) -> Option<*mut itero_watch> {
    let file = c(&scratch().join(file).display().to_string());
    made(|at| unsafe {
        itero_watch_start(
            client(2),
            file.as_ptr(),
            c"2020-01-01".as_ptr(),
            null_mut(),
            1000,
            None,
            null_mut(),
            at,
        )
    })
}

fn event() -> Option<*mut itero_event> {
    let watch = watch("cast-watch")?;
    let event = made(|at| unsafe { itero_watch_wait(watch, 2000, at) });
    itero_watch_free(watch);
    let _ = std::fs::remove_file(scratch().join("cast-watch"));
    event
}

/// With one item that will be sent and one that never can be.
fn outbox() -> Option<*mut itero_outbox> {
    let path = c(&scratch().join("cast-outbox").display().to_string());
    let outbox = made(|at| unsafe { itero_outbox_open(path.as_ptr(), at) })?;
    let request = request()?;
    let mut id = 0;
    unsafe {
        itero_outbox_add_scan_request(outbox, request, &mut id);
        itero_outbox_add_rx_delete(outbox, c"zebra".as_ptr(), &mut id);
    }
    itero_scan_request_free(request);
    Some(outbox)
}

fn download(client: *mut itero_client) -> Option<*mut itero_download> {
    let (order, folder) = (
        known("order_id"),
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

pub type Make = fn() -> Option<*mut c_void>;

/// A client of the cast: an offline one, or one that is signed in and paired.
fn client(slot: usize) -> *mut itero_client {
    std::ptr::without_provenance_mut(role("itero_client", slot).load(Relaxed))
}

fn new_client(slot: usize) -> Option<*mut c_void> {
    let config = std::ptr::without_provenance_mut(role("itero_config", slot).load(Relaxed));
    let client = match slot {
        0 | 1 => made(|at| unsafe { itero_client_new(config, at) }),
        _ => signed_in(config),
    };
    client.map(<*mut itero_client>::cast)
}

/// In the order in which they need each other. Slots 0 and 1 never meet the service.
pub const ROLES: &[(&str, usize, Make)] = &[
    ("itero_config", 0, || Some(config(CLOSED_PORT).cast())),
    ("itero_config", 1, || {
        made(|at| unsafe { itero_config_new(at) }).map(|at| at.cast())
    }),
    ("itero_config", 2, || Some(config(sandbox_url()).cast())),
    ("itero_config", 3, || {
        let config = config(sandbox_url());
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
        patients(client(2)).map(|at| at.cast())
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
        let rx = known("rx_id");
        made(|at| unsafe { itero_orders_by_rx(client(2), rx.as_ptr(), at) }).map(|at| at.cast())
    }),
    ("itero_event", 0, || event().map(|at| at.cast())),
    ("itero_download", 0, || {
        download(client(2)).map(|at| at.cast())
    }),
    ("itero_order_cursor", 2, || {
        made(|at| unsafe { itero_orders_open(client(2), null_mut(), at) }).map(|at| at.cast())
    }),
    ("itero_diagnosis", 0, || {
        made(|at| unsafe { itero_client_diagnose(client(0), null(), at) }).map(|at| at.cast())
    }),
    ("itero_resolution", 0, || {
        let operation = known("operation_id");
        made(|at| unsafe { itero_rx_resolve(client(2), operation.as_ptr(), c"10023".as_ptr(), at) })
            .map(|at| at.cast())
    }),
    ("itero_outbox", 0, || outbox().map(|at| at.cast())),
    ("itero_outbox_items", 0, || {
        let outbox = std::ptr::without_provenance_mut(role("itero_outbox", 0).load(Relaxed));
        made(|at| unsafe { itero_outbox_items_list(outbox, at) }).map(|at| at.cast())
    }),
    ("itero_outbox_job", 2, || {
        let outbox = std::ptr::without_provenance_mut(role("itero_outbox", 0).load(Relaxed));
        made(|at| unsafe { itero_outbox_run(outbox, client(2), at) }).map(|at| at.cast())
    }),
    ("itero_watch", 2, || watch("watch").map(|at| at.cast())),
    ("itero_listener", 2, || {
        made(|at| unsafe { itero_listener_start(client(2), 0, None, null_mut(), at) })
            .map(|at| at.cast())
    }),
];
