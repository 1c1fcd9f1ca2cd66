//! S1: 200 canaries in every place where a patient or a secret can stand, then a search through all that the library
//! told or left behind.
//!
//! The journey runs in a process of its own with a temporary folder of its own, so that its outputs, temporary files and
//! panics are found whole.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{c_char, c_void};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::ptr::null_mut;
use std::sync::Mutex;
use std::time::Duration;

use itero::ffi::*;
use itero::sandbox::{Fault, Sandbox};

use crate::host::*;

const FOLDER: &str = "ITERO_CANARIES";
const TEST: &str = "canaries::s1_no_canary_is_told_or_left_behind";

/// Kind and number of the canaries.
const PLANTED: [(&str, usize); 9] = [
    ("First", 40),
    ("Last", 40),
    ("Chart", 40),
    ("access", 20),
    ("refresh", 20),
    ("secret", 10),
    ("code", 10),
    ("signature", 10),
    ("state", 10),
];

/// Letters and digits only, so that no encoding of a URL or of JSON changes it.
fn canary(kind: &str, i: usize) -> String {
    let (_, count) = PLANTED.iter().find(|(known, _)| *known == kind).unwrap();
    format!("{kind}Qanary{:03}", i % count)
}

fn canaries() -> Vec<String> {
    PLANTED
        .iter()
        .flat_map(|(kind, count)| (0..*count).map(move |i| canary(kind, i)))
        .collect()
}

fn base64(text: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD_NO_PAD.encode(text)
}

/// Every canary that is in one of the files, with the file; in any letter case and as base64 too.
fn leaks(files: &[PathBuf]) -> Vec<String> {
    let canaries: Vec<[String; 2]> = canaries()
        .iter()
        // The last letters of a base64 text depend on what follows.
        .map(|one| {
            [
                one.to_lowercase(),
                base64(&one[..one.len() - one.len() % 3]),
            ]
        })
        .collect();
    let mut found = Vec::new();
    for file in files {
        let text = String::from_utf8_lossy(&std::fs::read(file).unwrap()).into_owned();
        let lower = text.to_lowercase();
        for [plain, coded] in &canaries {
            if lower.contains(plain) || text.contains(coded) {
                found.push(format!("{plain} in {}", file.display()));
            }
        }
    }
    found
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for child in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        match child.file_type().unwrap().is_dir() {
            true => files.extend(files_below(&child.path())),
            false => files.push(child.path()),
        }
    }
    files
}

#[test]
fn s1_no_canary_is_told_or_left_behind() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        return journey(Path::new(&folder));
    }
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name);
    for name in ["tmp", "state", "scans", "told"] {
        std::fs::create_dir(place(name)).unwrap();
    }
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", TEST, "--nocapture"])
        .env(FOLDER, folder.path())
        .env("TMPDIR", place("tmp"))
        .env("RUST_BACKTRACE", "full")
        .env_remove("ITERO_TEST_TRACES")
        .output()
        .unwrap();
    std::fs::write(place("told/stdout"), &output.stdout).unwrap();
    std::fs::write(place("told/stderr"), &output.stderr).unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let files = files_below(folder.path());
    assert_eq!(canaries().len(), 200);
    assert_eq!(leaks(&files), Vec::<String>::new());
    assert!(
        files_below(&place("tmp")).is_empty(),
        "temporary files are left"
    );
    let lines = |name: &str| {
        std::fs::read_to_string(place(name))
            .unwrap()
            .lines()
            .count()
    };
    let (log, errors) = (lines("told/log"), lines("told/errors"));
    let kept = files_below(&place("state")).len();
    assert!(
        log > 300 && errors > 60 && kept >= 3,
        "{log} {errors} {kept}"
    );
    println!(
        "S1: {} canaries, 0 of them in {log} log lines, {errors} different errors, both outputs, {kept} state files, {} files of scans, and temporary files",
        canaries().len(),
        files_below(&place("scans")).len()
    );

    // The search finds what is there.
    std::fs::write(place("state/planted"), "…lastqanary017…").unwrap();
    std::fs::write(place("state/coded"), base64("FirstQanary007!")).unwrap();
    let found = leaks(&files_below(folder.path())).join("\n");
    assert!(
        found.contains("lastqanary017 in") && found.contains("firstqanary007 in"),
        "{found}"
    );
}

static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());

unsafe extern "C" fn keep(_user: *mut c_void, level: i32, message: *const c_char) {
    assert!((ITERO_LOG_ERROR..=ITERO_LOG_DEBUG).contains(&level));
    LINES.lock().unwrap().push(text(message));
}

/// What was told of failures: each text once, and how often each status came.
#[derive(Default)]
struct Told {
    texts: BTreeSet<String>,
    statuses: BTreeMap<i32, usize>,
}

impl Told {
    fn take<T>(&mut self, result: Outcome<T>) {
        let Err(failure) = result else { return };
        *self.statuses.entry(failure.status).or_default() += 1;
        // The request id differs each time.
        let id = &failure.request_id;
        let text = format!("{failure:?}").replace('\n', " ");
        self.texts.insert(match id.len() {
            36 => text.replace(id.as_str(), "ID"),
            _ => text,
        });
    }
}

fn json(status: u16, text: String) -> Fault {
    Fault::Body {
        status,
        content_type: "application/json".into(),
        text,
    }
}

/// What goes wrong, each with the canaries of this round where a service might repeat them.
fn faults(i: usize) -> Vec<Fault> {
    let (first, last, chart) = (canary("First", i), canary("Last", i), canary("Chart", i));
    let echo = format!(
        r#"{{"code":"{first} {chart}","message":"{first} {last}","field":"patient of {last}","requestId":"{first} {last}","patient":{{"chartNumber":"{chart}"}}}}"#
    );
    let mut faults: Vec<Fault> = [400, 401, 403, 404, 409, 422, 429, 500, 503]
        .map(|status| json(status, echo.clone()))
        .into();
    faults.extend([
        Fault::Body {
            status: 200,
            content_type: "text/html".into(),
            text: format!("<p>{first} {last}, {chart}"),
        },
        json(200, format!("{{\"patients\":[{{\"firstName\":\"{first}\",\"lastName\":[\"{last}\"")),
        json(200, format!("{{\"{first}\":\"{last}\",\"patients\":{{\"{chart}\":1}},\"orders\":\"{last}\"}}")),
        json(200, format!("{{\"patients\":[{{\"patientId\":\"1\",\"firstName\":\"{first}\",\"lastName\":\"{last}\",\"chartNumber\":\"{chart}\"}}],\"rxId\":\"1\"}}")),
        Fault::DropBefore,
        Fault::DropAfter,
        Fault::Delay(Duration::from_millis(600)),
    ]);
    faults
}

fn own_config(sandbox: &Sandbox, version: i32, folder: &Path) -> Owned<itero_config> {
    let config = config(sandbox, version);
    let state = c(folder.join("state").to_str().unwrap());
    outcome(unsafe { itero_config_set_state_folder(config.at, state.as_ptr()) }).unwrap();
    outcome(itero_config_set_timeouts(config.at, 300, 300, 300)).unwrap();
    config
}

/// All operations with a patient of this round, while `operation` goes wrong.
fn patient_round(
    sandbox: &Sandbox,
    client: &Client,
    told: &mut Told,
    i: usize,
    order: &str,
    scans: &Path,
) {
    let (first, last, chart) = (canary("First", i), canary("Last", i), canary("Chart", i));
    let faults = faults(i);
    let fault = &faults[i % faults.len()];
    let plan = |operation: &str| {
        sandbox.clear_faults();
        sandbox.fault(operation, 8, fault.clone()).unwrap();
    };
    let calls = |told: &mut Told| {
        told.take(client.search(&first, &last, &chart));
        told.take(client.find(&first, &last, &chart));
        told.take(client.send(&request(&first, &last, &chart)));
        let (id, chart_number, new) = (
            c("6f1b8c1e-52a0-4b8e-9a7e-0d6f5f0c2a11"),
            c(&chart),
            c(&last),
        );
        told.take(take(itero_patients_free, |at| unsafe {
            itero_patients_update(
                client.at(),
                id.as_ptr(),
                new.as_ptr(),
                new.as_ptr(),
                chart_number.as_ptr(),
                at,
            )
        }));
        told.take(take(itero_patients_free, |at| unsafe {
            itero_patients_update_by_chart_number(
                client.at(),
                chart_number.as_ptr(),
                new.as_ptr(),
                new.as_ptr(),
                at,
            )
        }));
        let query = take(itero_order_query_free, |at| unsafe {
            itero_order_query_new(at)
        })
        .unwrap();
        outcome(unsafe { itero_order_query_set_chart_number(query.at, chart_number.as_ptr()) })
            .unwrap();
        told.take(client.list(Some(&query)));
        told.take(client.ledger(Some(&chart)));
    };
    let named = [
        "patientSearch",
        "scanRequest",
        "patientUpdate",
        "patientUpdateByChart",
        "orders",
    ];
    plan(named[i % named.len()]);
    calls(told);
    let others = [
        "practice",
        "accounts",
        "pairingWarnings",
        "discovery",
        "orderByRx",
    ];
    plan(others[i % others.len()]);
    told.take(client.practice());
    told.take(client.accounts());
    told.take(client.warnings());
    told.take(client.by_rx(&canary("Chart", i)));
    told.take(outcome(itero_client_discover(client.at())));
    plan(["orderFiles", "file"][i % 2]);
    // Practice programs name folders after patients.
    let target = scans.join(format!("{last} {chart}"));
    told.take(
        client
            .download(order, &target, 0)
            .and_then(|download| outcome(itero_download_wait(download.at, 20_000))),
    );
    sandbox.clear_faults();
    // What the host itself does wrong.
    let bad = format!("{first}\u{1}");
    told.take(client.search(&bad, &last, &chart));
    let request = request(&first, &last, &chart);
    let wrong = c(&format!("{last} {chart}"));
    let long = c(&format!("{first}{}", "x".repeat(70_000)));
    told.take(outcome(unsafe {
        itero_scan_request_set_notes(request.at, long.as_ptr())
    }));
    for set in [
        itero_scan_request_set_patient_birth_date,
        itero_scan_request_set_patient_gender,
        itero_scan_request_set_due_date,
    ] {
        told.take(outcome(unsafe { set(request.at, wrong.as_ptr()) }));
    }
}

/// Tokens, codes, states and secrets of the sign-in.
fn secret_round(sandbox: &Sandbox, folder: &Path, told: &mut Told, i: usize) {
    let version = [V1, V2][i % 2];
    let secret = own_config(sandbox, version, folder);
    outcome(unsafe { itero_config_set_client_secret(secret.at, c(&canary("secret", i)).as_ptr()) })
        .unwrap();
    told.take(Client::of(&secret).sign_in(sandbox, ADA));

    let client = Client::of(&own_config(sandbox, version, folder));
    let (code, state) = (canary("code", i), canary("state", i));
    let login = client.begin().unwrap();
    let own_state = text(itero_login_url(login.at));
    let own_state = own_state
        .split("state=")
        .nth(1)
        .unwrap()
        .split('&')
        .next()
        .unwrap()
        .to_owned();
    for query in [
        format!("code={code}&state={state}"),
        format!("error=access_denied&error_description={code}&state={own_state}"),
        format!("code={code}&state={own_state}"),
    ] {
        told.take(complete(&login, &format!("{REDIRECT}?{query}")));
    }

    let (access, refresh) = (canary("access", i), canary("refresh", i));
    let tokens = format!(
        r#"{{"access_token":"{access}","refresh_token":"{refresh}","token_type":"Bearer","expires_in":3600}}"#
    );
    sandbox
        .fault("token", 1, json(200, tokens.clone()))
        .unwrap();
    told.take(client.sign_in(sandbox, ADA));
    sandbox.clear_faults();
    match i % 4 {
        0 => sandbox.fault("token", 8, Fault::DropAfter).unwrap(),
        1 => sandbox
            .fault(
                "token",
                8,
                json(
                    400,
                    format!(r#"{{"error":"invalid_grant","error_description":"{refresh}"}}"#),
                ),
            )
            .unwrap(),
        2 => sandbox
            .fault(
                "token",
                8,
                json(
                    200,
                    format!(r#"{{"access_token":"{access}","refresh_token":["{refresh}"]"#),
                ),
            )
            .unwrap(),
        _ => {}
    }
    told.take(client.accounts());
    told.take(client.pair(
        HARBOR,
        Some(&format!("https://dpms.example/{}", canary("state", i))),
    ));
    sandbox.clear_faults();
    sandbox
        .fault(
            "revoke",
            8,
            [Fault::DropBefore, json(503, tokens)][i % 2].clone(),
        )
        .unwrap();
    told.take(outcome(itero_client_revoke(client.at())));
    sandbox.clear_faults();
}

/// Signed URLs of files, which nobody serves, which lead elsewhere, or which are none.
fn url_round(
    sandbox: &Sandbox,
    client: &Client,
    told: &mut Told,
    i: usize,
    order: &str,
    scans: &Path,
) {
    let signature = canary("signature", i);
    let url = match i % 5 {
        0 => format!("http://127.0.0.1:9/a?expires=1&signature={signature}"),
        1 => format!("http://files.example/a?signature={signature}"),
        2 => format!(
            "{}/files/{signature}/a?signature={signature}",
            sandbox.addresses().file_host
        ),
        3 => format!("https://127.0.0.1:9/{signature}#{signature}"),
        _ => format!("no URL {signature}"),
    };
    let answer =
        format!(r#"{{"files":[{{"fileId":"1","kind":"STL","name":"a.stl","url":"{url}"}}]}}"#);
    sandbox.fault("orderFiles", 8, json(200, answer)).unwrap();
    let download = client.download(order, &scans.join("urls"), 0);
    told.take(download.and_then(|download| outcome(itero_download_wait(download.at, 20_000))));
    sandbox.clear_faults();
}

/// A watch with its state file, and a listener whose URL holds a secret.
fn watch_round(sandbox: &Sandbox, client: &Client, told: &mut Told, folder: &Path, rx_id: &str) {
    let state = c(folder.join("state/watch.json").to_str().unwrap());
    let watch = take(itero_watch_free, |at| unsafe {
        itero_watch_start(
            client.at(),
            state.as_ptr(),
            c"2020-01-01".as_ptr(),
            null_mut(),
            20,
            None,
            null_mut(),
            at,
        )
    })
    .unwrap();
    for i in 0..3 {
        sandbox.fault("orders", 1, faults(i)[i].clone()).unwrap();
        let event = take(itero_event_free, |at| unsafe {
            itero_watch_wait(watch.at, 5_000, at)
        });
        if let Ok(event) = &event {
            let (order, version) = (
                c(&text(itero_event_order_id(event.at))),
                c(&text(itero_event_version(event.at))),
            );
            outcome(unsafe { itero_watch_ack(watch.at, order.as_ptr(), version.as_ptr()) })
                .unwrap();
        }
        told.take(event);
        sandbox.rescan(rx_id).unwrap();
    }
    let name = c(&canary("Last", 0));
    told.take(outcome(unsafe {
        itero_watch_ack(watch.at, name.as_ptr(), name.as_ptr())
    }));
    let body = c(&format!("{{\"{}\":{{}}", canary("First", 1)));
    told.take(take(itero_notification_free, |at| unsafe {
        itero_notification_parse(body.as_ptr(), at)
    }));
}

fn journey(folder: &Path) {
    let sandbox = small_sandbox();
    outcome(itero_log_set(ITERO_LOG_DEBUG, Some(keep), null_mut())).unwrap();
    let mut told = Told::default();
    let scans = folder.join("scans");
    let client = Client::of(&own_config(&sandbox, V2, folder));
    told.take(client.practice());
    client.sign_in(&sandbox, ADA).unwrap();
    told.take(client.practice());
    client.pair(HARBOR, None).unwrap();
    // A patient with canaries whom the service knows, so that orders, state files and manifests come from one.
    let (first, last, chart) = (canary("First", 0), canary("Last", 0), canary("Chart", 0));
    let rx_id = client.rx(&first, &last, &chart);
    let order = sandbox.scan(&rx_id).unwrap().to_string();
    let target = scans.join(format!("{last}, {first}"));
    let download = client.download(&order, &target, 0).unwrap();
    outcome(itero_download_wait(download.at, 20_000)).unwrap();
    assert!(target.join("itero-manifest.json").exists());

    for i in 0..40 {
        patient_round(&sandbox, &client, &mut told, i, &order, &scans);
        // A 401 ends the session.
        if client.state() != ITERO_STATE_PAIRED {
            client.sign_in(&sandbox, ADA).unwrap();
            client.pair(HARBOR, None).unwrap();
        }
    }
    for i in 0..20 {
        secret_round(&sandbox, folder, &mut told, i);
    }
    for i in 0..10 {
        url_round(&sandbox, &client, &mut told, i, &order, &scans);
    }
    watch_round(&sandbox, &client, &mut told, folder, &rx_id);
    let closed = own_config(&sandbox, V1, folder);
    outcome(unsafe { itero_config_set_oauth_base(closed.at, c"http://127.0.0.1:9".as_ptr()) })
        .unwrap();
    told.take(Client::of(&closed).sign_in(&sandbox, ADA));
    told.take(outcome(itero_rx_free(std::ptr::without_provenance_mut(7))));
    std::thread::sleep(Duration::from_millis(200));
    outcome(itero_log_set(0, None, null_mut())).unwrap();

    let seen = told.statuses.keys().count();
    assert!(seen >= 12, "{:?}", told.statuses);
    let lines: Vec<String> = told.texts.into_iter().collect();
    std::fs::write(folder.join("told/errors"), lines.join("\n")).unwrap();
    std::fs::write(folder.join("told/log"), LINES.lock().unwrap().join("\n")).unwrap();
}
