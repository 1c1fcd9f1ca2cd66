//! The outbox survives its hosts: two children at a time share one outbox, add to it and send from it, and are killed at
//! random moments, while answers get lost. In the end every item is confirmed, and every scan request is at the service
//! exactly once. Corrections and scan requests alternate, so that one out of order would be refused.
//!
//! A child is this test binary again, with an environment variable that says what to do. It tells on stdout what it has
//! added, one line an item, and the parent believes only whole lines.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use itero::ffi::*;
use itero::sandbox::{Addresses, Fault, Sandbox, person};

use crate::dice::Dice;
use crate::host::*;
use crate::outbox::Outbox;

const TASK: &str = "ITERO_OUTBOX_TASK";
/// The patients of each child; two children never correct the same one.
const PEOPLE: [[(&str, &str); 2]; 2] = [
    [("10023", "Gonzalez Ferreira"), ("10032", "Smith")],
    [("10024", "Müller-Łukasz"), ("10028-B", "Petrov")],
];

fn client_at(addresses: &Addresses, state: Option<&Path>, email: &str, password: &str) -> Client {
    let config = config_at(addresses, None, V2);
    outcome(itero_config_set_timeouts(config.at, 1000, 1000, 1000)).unwrap();
    outcome(itero_config_set_settling_time(config.at, 50)).unwrap();
    if let Some(state) = state {
        let state = c(state.to_str().unwrap());
        outcome(unsafe { itero_config_set_state_folder(config.at, state.as_ptr()) }).unwrap();
    }
    let client = Client::of(&config);
    let login = client.begin().unwrap();
    let url = person::sign_in(&text(itero_login_url(login.at)), email, password).unwrap();
    complete(&login, &url).unwrap();
    client.pair(HARBOR, None).unwrap();
    client
}

/// One write for each line: a kill cuts it off or leaves it whole.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("{line}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}

/// Does nothing when the whole crate is tested; the parent starts it with a task.
#[test]
fn adds_and_sends() {
    let Ok(task) = std::env::var(TASK) else {
        return;
    };
    say("");
    let task: [String; 8] = serde_json::from_str(&task).unwrap();
    let [
        login_page,
        oauth_base,
        base_url,
        email,
        password,
        path,
        state,
        seed,
    ] = task;
    let addresses = Addresses {
        login_page,
        oauth_base,
        base_url,
        us: String::new(),
        eu: String::new(),
        file_host: String::new(),
        hosted_redirect: String::new(),
    };
    let seed: u64 = seed.parse().unwrap();
    // Without a state folder the service alone can tell what became of a scan request.
    let state = (!seed.is_multiple_of(3)).then(|| Path::new(&state));
    let client = client_at(&addresses, state, &email, &password);
    let outbox = Outbox::open(Path::new(&path)).unwrap();
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut dice = Dice::new(seed);
            for i in 0.. {
                let people = &PEOPLE[(seed % 2) as usize];
                let (chart, last) = people[dice.below(2) as usize];
                let first = format!("Visitor {seed}-{i}");
                outbox.rename(chart, Some(&first)).unwrap();
                let id = outbox.scan_request(&first, last, chart).unwrap();
                say(&format!("@added {id}"));
                thread::sleep(Duration::from_millis(dice.below(25)));
            }
        });
        loop {
            if let Err(failure) = outbox.run(&client) {
                say(&format!("@failed {} {}", failure.status, failure.message));
            }
            thread::sleep(Duration::from_millis(5));
        }
    });
}

fn start(sandbox: &Sandbox, path: &Path, state: &Path, seed: u64) -> Child {
    let (addresses, user) = (sandbox.addresses(), &sandbox.users()[ADA]);
    let seed = seed.to_string();
    let task = serde_json::json!([
        addresses.login_page,
        addresses.oauth_base,
        addresses.base_url,
        user.email,
        user.password,
        path,
        state,
        seed
    ]);
    Command::new(std::env::current_exe().unwrap())
        .args(["outbox_crash::adds_and_sends", "--exact", "--nocapture"])
        .env(TASK, task.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// What a child told until it was killed.
fn heard(child: &mut Child) -> Vec<String> {
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let (mut told, mut line) = (Vec::new(), String::new());
    while lines.read_line(&mut line).is_ok_and(|length| length > 0) {
        told.extend(line.strip_suffix('\n').map(str::to_owned));
        line.clear();
    }
    told
}

/// 200 kills with `ITERO_FULL=1`.
#[test]
fn outbox_every_item_is_done_once_whoever_is_killed() {
    let rounds = if std::env::var_os("ITERO_FULL").is_some() {
        100
    } else {
        8
    };
    let sandbox = small_sandbox();
    let folder = tempfile::tempdir().unwrap();
    let (path, state) = (folder.path().join("outbox"), folder.path().join("state"));
    let mut dice = Dice::new(20_260_303);
    let (mut told, mut kills) = (BTreeSet::new(), 0);
    let began = Instant::now();
    for round in 0..rounds {
        let mut pair = [0, 1].map(|side| start(&sandbox, &path, &state, round * 2 + side));
        for _ in 0..4 {
            thread::sleep(Duration::from_millis(dice.below(250)));
            let fault = match dice.below(4) {
                0 => Fault::DropAfter,
                1 => Fault::DropBefore,
                2 => Fault::Delay(Duration::from_millis(100)),
                _ => continue,
            };
            sandbox.fault("scanRequest", 1, fault.clone()).unwrap();
            sandbox.fault("patientUpdateByChart", 1, fault).unwrap();
        }
        for child in &mut pair {
            thread::sleep(Duration::from_millis(dice.below(60)));
            child.kill().unwrap();
            child.wait().unwrap();
            kills += 1;
        }
        sandbox.clear_faults();
        for child in &mut pair {
            for line in heard(child) {
                if let Some(id) = line.strip_prefix("@added ") {
                    assert!(told.insert(id.parse::<i32>().unwrap()), "an id twice");
                }
            }
        }
    }
    // The dust settles.
    let user = &sandbox.users()[ADA];
    let client = client_at(sandbox.addresses(), None, &user.email, &user.password);
    let outbox = Outbox::open(&path).unwrap();
    let until = Instant::now() + Duration::from_secs(300);
    while let Err(failure) = outbox.run(&client) {
        assert_eq!(failure.status, ITERO_E_OUTCOME_UNKNOWN, "{failure:?}");
        assert!(Instant::now() < until);
        thread::sleep(Duration::from_millis(300));
    }
    let rows = outbox.rows();
    let ids: BTreeSet<i32> = rows.iter().map(|row| row.id).collect();
    let lost: Vec<&i32> = told.difference(&ids).collect();
    let scan_requests: Vec<_> = rows
        .iter()
        .filter(|row| row.kind == ITERO_OUTBOX_SCAN_REQUEST)
        .collect();
    let ours: BTreeSet<(String, String)> = scan_requests
        .iter()
        .map(|row| (row.operation_id.clone(), row.rx_id.clone()))
        .collect();
    let rxs = sandbox.rxs();
    let theirs: BTreeSet<(String, String)> = rxs
        .iter()
        .map(|rx| (rx.idempotency_key.clone().unwrap(), rx.rx_id.clone()))
        .collect();
    let keys: BTreeSet<&String> = theirs.iter().map(|(key, _)| key).collect();
    println!(
        "outbox: {kills} kills, {} items, {} told of, {} scan requests, {} at the service, twice there {}, lost {}, sent again {}; {:.1} s",
        rows.len(),
        told.len(),
        scan_requests.len(),
        rxs.len(),
        rxs.len() - keys.len(),
        lost.len(),
        rows.iter().filter(|row| row.attempts > 1).count(),
        began.elapsed().as_secs_f64()
    );
    assert!(lost.is_empty(), "{lost:?}");
    assert!(rows.iter().all(|row| row.state == ITERO_OUTBOX_CONFIRMED));
    assert_eq!(rxs.len(), keys.len());
    assert_eq!(ours, theirs);
    assert!(rxs.len() > 2 && !told.is_empty());
}
