//! The journey of one patient from the practice program to the scanner and back, through the C interface, from Rust.
//!
//! `cargo run --example journey` starts the sandbox (the simulated cloud) inside this process, plays the person who signs
//! in, and writes the scan under `target/journey/`. With `--browser` you sign in yourself, in your own browser.
//!
//! The same story in C, with more comments for those who use the library: `examples/journey.c`.

use std::ffi::{CStr, CString, c_char, c_void};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::ptr::{null, null_mut};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use itero::ffi::*;
use itero::sandbox::{self, Sandbox, person};

/// Ends the program with the thread's last error, as every failing call leaves one.
fn check(status: i32) {
    if status != ITERO_OK {
        let (message, advice) = (
            text(itero_last_error_message()),
            text(itero_last_error_advice()),
        );
        eprintln!("{message}\n  {advice}");
        std::process::exit(1);
    }
}

/// Text that the library returned.
fn text(pointer: *const c_char) -> String {
    // SAFETY: getters return NUL-terminated text that lives as long as its handle.
    unsafe { CStr::from_ptr(pointer) }
        .to_string_lossy()
        .into_owned()
}

fn c(text: &str) -> CString {
    CString::new(text).expect("no NUL inside")
}

/// Calls a function that gives out a handle.
fn handle<T>(call: impl FnOnce(*mut *mut T) -> i32) -> *mut T {
    let mut place = null_mut();
    check(call(&mut place));
    place
}

fn show(step: &str, result: impl std::fmt::Display) {
    println!("{step:<18} {result}");
}

fn make_client(sandbox: &Sandbox, browser: &str) -> *mut itero_client {
    let addresses = sandbox.addresses();
    unsafe {
        let config = handle(|place| itero_config_new(place));
        check(itero_config_set_api_version(config, ITERO_API_V2));
        // A practice program leaves this line out: its sign-in outlives it.
        check(itero_config_set_token_memory(config));
        check(itero_config_set_client_id(
            config,
            c(sandbox::CLIENT_ID).as_ptr(),
        ));
        check(itero_config_set_client_secret(
            config,
            c(sandbox::CLIENT_SECRET).as_ptr(),
        ));
        check(itero_config_set_login_page(
            config,
            c(&addresses.login_page).as_ptr(),
        ));
        check(itero_config_set_oauth_base(
            config,
            c(&addresses.oauth_base).as_ptr(),
        ));
        check(itero_config_set_base_url(
            config,
            c(&addresses.base_url).as_ptr(),
        ));
        check(itero_config_set_product(
            config,
            c"Journey".as_ptr(),
            c"1.0".as_ptr(),
        ));
        check(itero_config_set_browser(config, c(browser).as_ptr()));
        let client = handle(|place| itero_client_new(config, place));
        check(itero_config_free(config));
        client
    }
}

fn sign_in(client: *mut itero_client) {
    let login = handle(|place| unsafe { itero_login_run(client, 120_000, place) });
    let spinner = ProgressBar::new_spinner().with_message("waiting for the sign-in");
    let status = loop {
        match itero_login_wait(login, 250) {
            ITERO_E_PENDING => spinner.tick(),
            status => break status,
        }
    };
    spinner.finish_and_clear();
    check(status);
    check(itero_login_free(login));
    show("sign in", format!("state {}", itero_client_state(client)));
}

fn pair(client: *mut itero_client, listener: *mut itero_listener) {
    check(itero_client_discover(client));
    show(
        "discovery",
        format!("region {}", text(itero_client_region(client))),
    );
    let accounts = handle(|place| unsafe { itero_accounts_get(client, place) });
    show("accounts", itero_accounts_count(accounts));
    for i in 0..itero_accounts_count(accounts) {
        show(
            "",
            format!(
                "{} {}",
                text(itero_accounts_id(accounts, i)),
                text(itero_accounts_name(accounts, i))
            ),
        );
    }
    check(unsafe {
        itero_client_pair(
            client,
            itero_accounts_id(accounts, 0),
            itero_listener_url(listener),
        )
    });
    show(
        "pair",
        format!(
            "{}, state {}",
            text(itero_accounts_name(accounts, 0)),
            itero_client_state(client)
        ),
    );
    check(itero_accounts_free(accounts));
}

fn warnings(client: *mut itero_client) {
    let warnings = handle(|place| unsafe { itero_warnings_get(client, place) });
    let missing = handle(|place| unsafe { itero_warnings_missing_chart_number(warnings, place) });
    let shared = itero_warnings_duplicate_count(warnings);
    let without = itero_patients_count(missing);
    show(
        "pairing warnings",
        format!("{shared} shared chart numbers, {without} patients without one"),
    );
    check(itero_patients_free(missing));
    for i in 0..shared {
        let patients =
            handle(|place| unsafe { itero_warnings_duplicate_patients(warnings, i, place) });
        let name = |j| {
            format!(
                "{} {}",
                text(itero_patients_first_name(patients, j)),
                text(itero_patients_last_name(patients, j))
            )
        };
        let names: Vec<String> = (0..itero_patients_count(patients)).map(name).collect();
        show(
            "",
            format!(
                "{}: {}",
                text(itero_warnings_duplicate_chart_number(warnings, i)),
                names.join(", ")
            ),
        );
        check(itero_patients_free(patients));
    }
    check(itero_warnings_free(warnings));
}

fn search(client: *mut itero_client, first: &str, last: &str, chart: &str) {
    let find = |first: &str, last: &str| {
        let (first, last, chart) = (c(first), c(last), c(chart));
        handle(|place| unsafe {
            itero_patients_search(client, first.as_ptr(), last.as_ptr(), chart.as_ptr(), place)
        })
    };
    let patients = find(first, last);
    let found = itero_patients_count(patients);
    show("patient search", format!("{first} {last}: {found} found"));
    check(itero_patients_free(patients));
    if found > 0 {
        return;
    }
    let patients = find(last, first);
    show(
        "",
        format!("{last} {first}: {} found", itero_patients_count(patients)),
    );
    if itero_patients_count(patients) == 1 {
        let id = itero_patients_id(patients, 0);
        let (new_first, new_last) = (c(first), c(last));
        check(unsafe {
            itero_patients_update(
                client,
                id,
                new_first.as_ptr(),
                new_last.as_ptr(),
                null(),
                null_mut(),
            )
        });
        show(
            "patient update",
            format!("{last} {first} is {first} {last} now"),
        );
    }
    check(itero_patients_free(patients));
}

fn send(client: *mut itero_client, first: &str, last: &str, chart: &str) -> *mut itero_rx {
    let practice = handle(|place| unsafe { itero_practice_get(client, place) });
    let facts = format!(
        "{}: {} doctors, {} labs, {} procedures, {} scanners",
        text(itero_practice_name(practice)),
        itero_practice_doctor_count(practice),
        itero_practice_lab_count(practice),
        itero_practice_procedure_count(practice),
        itero_practice_scanner_count(practice)
    );
    show("practice", facts);
    let rx = unsafe {
        let request = handle(|place| itero_scan_request_new(place));
        check(itero_scan_request_set_doctor_id(
            request,
            itero_practice_doctor_id(practice, 0),
        ));
        check(itero_scan_request_set_procedure_map_id(
            request,
            itero_practice_procedure_map_id(practice, 0),
        ));
        check(itero_scan_request_set_scanner_serial_number(
            request,
            itero_practice_scanner_serial_number(practice, 0),
        ));
        check(itero_scan_request_set_patient_first_name(
            request,
            c(first).as_ptr(),
        ));
        check(itero_scan_request_set_patient_last_name(
            request,
            c(last).as_ptr(),
        ));
        check(itero_scan_request_set_patient_chart_number(
            request,
            c(chart).as_ptr(),
        ));
        check(itero_scan_request_set_notes(
            request,
            c"Margins of 36 please.".as_ptr(),
        ));
        let (tooth, crown, zirconia, shade) = (c"36", c"Crown", c"Zirconia", c"A2");
        check(itero_scan_request_add_tooth(
            request,
            tooth.as_ptr(),
            crown.as_ptr(),
            zirconia.as_ptr(),
            shade.as_ptr(),
        ));
        let rx = handle(|place| itero_scan_request_send(client, request, place));
        check(itero_scan_request_free(request));
        rx
    };
    show("scan request", format!("RxID {}", text(itero_rx_id(rx))));
    check(itero_practice_free(practice));
    rx
}

fn await_order(
    client: *mut itero_client,
    listener: *mut itero_listener,
    rx: *const itero_rx,
) -> *mut itero_orders {
    let rx_id = text(itero_rx_id(rx));
    let spinner = ProgressBar::new_spinner().with_message("the scanner scans");
    spinner.enable_steady_tick(Duration::from_millis(100));
    loop {
        let notification = handle(|place| unsafe { itero_listener_wait(listener, 120_000, place) });
        let hint = text(itero_notification_rx_id(notification));
        check(itero_notification_free(notification));
        if hint != rx_id {
            continue;
        }
        spinner.finish_and_clear();
        show("notification", format!("for RxID {hint}"));
        let orders =
            handle(|place| unsafe { itero_orders_by_rx(client, c(&rx_id).as_ptr(), place) });
        let files = itero_orders_file_count(orders, 0);
        let (chart, status) = (
            text(itero_orders_patient_chart_number(orders, 0)),
            text(itero_orders_status(orders, 0)),
        );
        show("order", format!("{chart}, {status}, {files} files"));
        if files > 0 {
            return orders;
        }
        check(itero_orders_free(orders));
    }
}

/// Comes on the library's own thread; `user` is the progress bar.
unsafe extern "C" fn progress(
    user: *mut c_void,
    bytes: i64,
    total_bytes: i64,
    files: i64,
    total_files: i64,
) {
    // SAFETY: the bar outlives the download, which main frees first.
    let bar = unsafe { &*user.cast::<ProgressBar>() };
    bar.set_length(u64::try_from(total_bytes).unwrap_or(0));
    bar.set_position(u64::try_from(bytes).unwrap_or(0));
    bar.set_message(format!("{files} of {total_files} files"));
}

fn download(client: *mut itero_client, orders: *const itero_orders, folder: &Path) -> (i32, i64) {
    let style = ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {msg}")
        .expect("a valid template");
    let bar = ProgressBar::new(0).with_style(style);
    let folder = c(folder.to_str().expect("a Unicode path"));
    let user: *const ProgressBar = &bar;
    let user = user.cast_mut().cast::<c_void>();
    let job = handle(|place| unsafe {
        let (kinds, flags) = (ITERO_FILE_ALL, ITERO_DOWNLOAD_UNPACK);
        itero_download_start(
            client,
            itero_orders_id(orders, 0),
            folder.as_ptr(),
            kinds,
            flags,
            Some(progress),
            user,
            place,
        )
    });
    let status = itero_download_wait(job, -1);
    bar.finish_and_clear();
    check(status);
    let files = itero_download_file_count(job);
    let mut bytes = 0;
    show("download", format!("{files} files"));
    for i in 0..files {
        let size = itero_download_file_size(job, i);
        bytes += size;
        print!(
            "  {:<14} {size:9} bytes  ",
            text(itero_download_file_kind(job, i))
        );
        print!("{}", text(itero_download_file_name(job, i)));
        if !text(itero_download_file_archive(job, i)).is_empty() {
            print!(" (unpacked)");
        }
        let triangles = itero_download_file_triangles(job, i);
        if triangles != 0 {
            let extent = |axis| itero_download_file_extent(job, i, axis);
            print!(
                ", {triangles} triangles, {:.0} x {:.0} x {:.0} mm",
                extent(0),
                extent(1),
                extent(2)
            );
        }
        println!();
    }
    check(itero_download_free(job));
    (files, bytes)
}

fn main() {
    let argument = std::env::args().nth(1);
    // The library starts this same program as the "browser": then it plays the person who signs in.
    if let Some(url) = argument
        .as_deref()
        .filter(|argument| argument.starts_with("http"))
    {
        let signed_in = person::sign_in_as_listed(url);
        std::process::exit(i32::from(signed_in.is_err()));
    }
    let own = std::env::current_exe().expect("this program has a path");
    let browser = if argument.as_deref() == Some("--browser") {
        ""
    } else {
        own.to_str().expect("a Unicode path")
    };

    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("target");
    let folder: PathBuf = root.join("journey");
    let (first, last, chart) = ("Dmitri", "Petrov", "10028");
    // SAFETY: the text is never freed.
    println!(
        "itero {}: one patient's journey to the scanner and back",
        text(itero_version())
    );

    let options = sandbox::Options {
        auto_scan: Some(Duration::from_millis(300)),
        ..sandbox::Options::default()
    };
    let sandbox = Sandbox::start(options).expect("the sandbox starts");
    let client = make_client(&sandbox, browser);
    sign_in(client);
    let listener =
        handle(|place| unsafe { itero_listener_start(client, 0, None, null_mut(), place) });
    pair(client, listener);
    warnings(client);
    search(client, first, last, chart);
    let rx = send(client, first, last, chart);
    let orders = await_order(client, listener, rx);
    let (files, bytes) = download(client, orders, &folder);

    check(itero_listener_free(listener));
    check(itero_orders_free(orders));
    check(itero_rx_free(rx));
    check(itero_client_unpair(client));
    show("un-pair", format!("state {}", itero_client_state(client)));
    check(itero_client_revoke(client));
    show("revoke", format!("state {}", itero_client_state(client)));
    check(itero_client_free(client));
    check(itero_shutdown(2000));
    println!(
        "journey ok: {files} files, {bytes} bytes in {}",
        folder.display()
    );
    let _ = std::io::stdout().flush();
}
