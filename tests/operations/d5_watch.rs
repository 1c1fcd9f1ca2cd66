//! D5 Scan notification, D3 Get Orders and D6 Get Order By RxID together: the watch.

use std::path::{Path, PathBuf};
use std::ptr::null_mut;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use itero::ffi::*;
use itero::sandbox::{FileSource, Sandbox};

use crate::host::*;

pub const FAST: i32 = 20;
/// Longer than any test: what happens meanwhile comes from a hint.
pub const NEVER: i32 = 3_600_000;
pub const SOON: i32 = 10_000;
/// Long enough for several looks.
pub const QUIET: i32 = 400;

pub fn state(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("watch.json")
}

pub fn begin(
    client: &Client,
    state: &Path,
    since: Option<&str>,
    listener: Option<&Owned<itero_listener>>,
    interval_ms: i32,
) -> Outcome<Owned<itero_watch>> {
    let (state, since) = (c(state.to_str().unwrap()), since.map(c));
    let since = since
        .as_ref()
        .map_or(std::ptr::null(), |since| since.as_ptr());
    let listener = listener.map_or(null_mut(), |listener| listener.at);
    take(itero_watch_free, |at| unsafe {
        itero_watch_start(
            client.at(),
            state.as_ptr(),
            since,
            listener,
            interval_ms,
            None,
            null_mut(),
            at,
        )
    })
}

pub fn watch(client: &Client, state: &Path) -> Owned<itero_watch> {
    begin(client, state, None, None, FAST).unwrap()
}

pub fn listener(client: &Client) -> Owned<itero_listener> {
    take(itero_listener_free, |at| unsafe {
        itero_listener_start(client.at(), 0, None, null_mut(), at)
    })
    .unwrap()
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    pub order_id: String,
    pub rx_id: String,
    pub version: String,
    pub status: String,
    pub sha256: String,
}

pub fn told(event: *const itero_event) -> Heard {
    assert_eq!(text(itero_event_account_id(event)), HARBOR);
    let orders = take(itero_orders_free, |at| unsafe {
        itero_event_orders(event, at)
    })
    .unwrap();
    assert_eq!(itero_orders_count(orders.at), 1);
    let order_id = text(itero_event_order_id(event));
    assert_eq!(text(itero_orders_id(orders.at, 0)), order_id);
    let json: serde_json::Value =
        serde_json::from_str(&text(itero_orders_json(orders.at))).unwrap();
    assert!(json["files"].is_array(), "the order's own JSON");
    Heard {
        order_id,
        rx_id: text(itero_event_rx_id(event)),
        version: text(itero_event_version(event)),
        status: text(itero_event_status(event)),
        sha256: text(itero_orders_file_sha256(orders.at, 0, 0)),
    }
}

pub fn next(watch: &Owned<itero_watch>, ms: i32) -> Outcome<Heard> {
    let event = take(itero_event_free, |at| unsafe {
        itero_watch_wait(watch.at, ms, at)
    })?;
    Ok(told(event.at))
}

pub fn quiet(watch: &Owned<itero_watch>) {
    assert_eq!(next(watch, QUIET).unwrap_err().status, ITERO_E_PENDING);
}

pub fn ack(watch: &Owned<itero_watch>, told: &Heard) -> Outcome<()> {
    let (order_id, version) = (c(&told.order_id), c(&told.version));
    outcome(unsafe { itero_watch_ack(watch.at, order_id.as_ptr(), version.as_ptr()) })
}

/// The next scan's files are like no other's.
pub fn fresh(sandbox: &Sandbox) {
    static COUNT: Mutex<u32> = Mutex::new(0);
    let mut count = COUNT.lock().unwrap();
    *count += 1;
    let bytes = format!("scan {count}").into_bytes();
    sandbox.set_files(FileSource::Given(vec![file("scan.stl", "STL", bytes)]));
}

pub fn scan(sandbox: &Sandbox, client: &Client) -> String {
    fresh(sandbox);
    let rx_id = client.rx("Maria", "Gonzalez Ferreira", "10023");
    sandbox.scan(&rx_id).unwrap();
    rx_id
}

pub fn rescan(sandbox: &Sandbox, rx_id: &str) {
    fresh(sandbox);
    sandbox.rescan(rx_id).unwrap();
}

pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(10);
    while !holds() {
        assert!(Instant::now() < end, "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The sandbox runs on this computer, so its clock is the service's.
pub fn itero_now() -> String {
    let now = time::OffsetDateTime::now_utc();
    now.format(&time::format_description::well_known::Rfc3339)
        .unwrap()
}

#[test]
fn d5_watch_tells_of_each_scan_by_polling_alone() {
    both(|sandbox, version| {
        let folder = tempfile::tempdir().unwrap();
        let client = Client::paired(sandbox, version, HARBOR);
        let before = scan(sandbox, &client);
        let watch = watch(&client, &state(&folder));
        let first = next(&watch, SOON).unwrap();
        assert_eq!(
            (first.rx_id.as_str(), first.status.as_str()),
            (before.as_str(), "Completed")
        );
        let second = scan(sandbox, &client);
        let second_told = next(&watch, SOON).unwrap();
        assert_eq!(second_told.rx_id, second);
        quiet(&watch);
        outcome(itero_watch_status(watch.at)).unwrap();
        // Straight on to its files.
        let download = client
            .download(&second_told.order_id, &folder.path().join("files"), 0)
            .unwrap();
        outcome(itero_download_wait(download.at, SOON)).unwrap();
        ack(&watch, &second_told).unwrap();
    });
}

#[test]
fn d5_watch_takes_hints_long_before_its_interval_is_over() {
    both(|sandbox, version| {
        let folder = tempfile::tempdir().unwrap();
        let client = Client::signed_in(sandbox, version, ADA);
        let listener = listener(&client);
        client
            .pair(HARBOR, Some(&text(itero_listener_url(listener.at))))
            .unwrap();
        let watch = begin(&client, &state(&folder), None, Some(&listener), NEVER).unwrap();
        until("the first look is done", || {
            itero_watch_status(watch.at) == ITERO_OK
        });
        let rx_id = scan(sandbox, &client);
        let began = Instant::now();
        assert_eq!(next(&watch, SOON).unwrap().rx_id, rx_id);
        assert!(began.elapsed() < Duration::from_secs(3));
        assert_eq!(sandbox.counters().requests["orders"], 1);
        let mut at = null_mut();
        let waited = unsafe { itero_listener_wait(listener.at, 0, &raw mut at) };
        assert_eq!(waited, ITERO_E_PENDING, "the watch has taken the hint");
        // The listener takes one watch at a time.
        let other = folder.path().join("other.json");
        let failure = begin(&client, &other, None, Some(&listener), NEVER)
            .err()
            .unwrap();
        assert_eq!(failure.status, ITERO_E_STATE, "{failure:?}");
        drop(watch);
        begin(&client, &other, None, Some(&listener), NEVER).unwrap();
    });
}

pub fn hint(watch: &Owned<itero_watch>, rx_id: &str, account: &str) {
    let body = c(&format!(
        r#"{{"rxId":"{rx_id}","accountNumber":"{account}"}}"#
    ));
    let notification = take(itero_notification_free, |at| unsafe {
        itero_notification_parse(body.as_ptr(), at)
    })
    .unwrap();
    outcome(itero_watch_hint(watch.at, notification.at)).unwrap();
}

#[test]
fn d5_watch_believes_no_hint_and_bounds_what_hints_cause() {
    both(|sandbox, version| {
        let folder = tempfile::tempdir().unwrap();
        let client = Client::paired(sandbox, version, HARBOR);
        let watch = begin(&client, &state(&folder), None, None, NEVER).unwrap();
        until("the first look is done", || {
            itero_watch_status(watch.at) == ITERO_OK
        });
        let asked = || {
            let requests = sandbox.counters().requests;
            requests.get("orderByRx").copied().unwrap_or_default()
        };
        let rx_id = scan(sandbox, &client);
        hint(&watch, &rx_id, RIDGE);
        hint(&watch, &rx_id, LINDEN);
        quiet(&watch);
        assert_eq!(asked(), 0, "a hint for another account");
        hint(&watch, "00000000-0000-0000-0000-000000000000", HARBOR);
        hint(&watch, "../../accounts", HARBOR);
        quiet(&watch);
        assert_eq!(asked(), 2, "an RxID that nobody has");
        outcome(itero_watch_status(watch.at)).unwrap();
        // A hundred replays: one event, and at most one request a second.
        let began = Instant::now();
        for _ in 0..100 {
            hint(&watch, &rx_id, HARBOR);
            std::thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(next(&watch, SOON).unwrap().rx_id, rx_id);
        quiet(&watch);
        let most = 2 + began.elapsed().as_secs() + 2;
        assert!((3..=most).contains(&asked()), "{}", asked());
        // A flood of invented ones ends in one listing, not in a thousand requests.
        for i in 0..1000 {
            hint(&watch, &format!("invented-{i}"), HARBOR);
        }
        quiet(&watch);
        assert!(asked() <= most + 64, "{}", asked());
        assert!(sandbox.counters().requests["orders"] <= 4);
    });
}

#[test]
fn d5_watch_a_rescan_is_a_new_event_and_a_status_alone_is_none() {
    both(|sandbox, version| {
        let folder = tempfile::tempdir().unwrap();
        let client = Client::paired(sandbox, version, HARBOR);
        let watch = watch(&client, &state(&folder));
        let rx_id = scan(sandbox, &client);
        let first = next(&watch, SOON).unwrap();
        ack(&watch, &first).unwrap();
        for status in [
            "iTero Modeling",
            "Lab Review",
            "iTero Milling",
            "Lab Review",
        ] {
            sandbox.set_status(&rx_id, status).unwrap();
            hint(&watch, &rx_id, HARBOR);
        }
        quiet(&watch);
        // During a rescan the order is not ready; by its Rx it is there all the same.
        sandbox.set_status(&rx_id, "Scanning").unwrap();
        hint(&watch, &rx_id, HARBOR);
        quiet(&watch);
        rescan(sandbox, &rx_id);
        let second = next(&watch, SOON).unwrap();
        assert_eq!(second.order_id, first.order_id);
        assert_ne!(second.version, first.version);
        // The older version is no longer what the host has to have.
        ack(&watch, &first).unwrap();
        drop(watch);
        let watch = begin(&client, &state(&folder), None, None, FAST).unwrap();
        assert_eq!(next(&watch, SOON).unwrap(), second);
        quiet(&watch);
        // The same files once more, as when an order loses its readiness and comes back.
        ack(&watch, &second).unwrap();
        sandbox.set_status(&rx_id, "Scanning").unwrap();
        quiet(&watch);
        sandbox.set_status(&rx_id, "Lab Review").unwrap();
        quiet(&watch);
    });
}

#[test]
fn d5_watch_tells_again_after_a_restart_until_it_is_acknowledged() {
    both(|sandbox, version| {
        let folder = tempfile::tempdir().unwrap();
        let client = Client::paired(sandbox, version, HARBOR);
        let first = watch(&client, &state(&folder));
        scan(sandbox, &client);
        scan(sandbox, &client);
        let (one, two) = (next(&first, SOON).unwrap(), next(&first, SOON).unwrap());
        quiet(&first);
        ack(&first, &one).unwrap();
        ack(&first, &one).unwrap();
        drop(first);
        let second = watch(&client, &state(&folder));
        assert_eq!(next(&second, SOON).unwrap(), two);
        quiet(&second);
        ack(&second, &two).unwrap();
        drop(second);
        let third = watch(&client, &state(&folder));
        quiet(&third);
        // An acknowledgment needs no event: the texts may come from the host's own records.
        let three = (scan(sandbox, &client), next(&third, SOON).unwrap()).1;
        drop(third);
        let fourth = watch(&client, &state(&folder));
        ack(&fourth, &three).unwrap();
        drop(fourth);
        quiet(&watch(&client, &state(&folder)));
        let written = std::fs::read_to_string(state(&folder)).unwrap();
        for word in ["Maria", "Gonzalez", "10023", "http", "scan.stl"] {
            assert!(!written.contains(word), "{word} in the state file");
        }
    });
}

#[test]
fn d5_watch_an_acknowledgment_of_a_wrong_form_is_refused() {
    let sandbox = small_sandbox();
    let folder = tempfile::tempdir().unwrap();
    let client = Client::paired(&sandbox, V2, HARBOR);
    let watch = watch(&client, &state(&folder));
    scan(&sandbox, &client);
    let told = next(&watch, SOON).unwrap();
    let swapped = Heard {
        order_id: told.version.clone(),
        version: told.order_id.clone(),
        ..told.clone()
    };
    assert_eq!(ack(&watch, &swapped).unwrap_err().status, ITERO_E_ARGUMENT);
    for (order_id, version) in [("", told.version.as_str()), (&told.order_id, "")] {
        let wrong = Heard {
            order_id: order_id.to_owned(),
            version: version.to_owned(),
            ..told.clone()
        };
        assert_eq!(ack(&watch, &wrong).unwrap_err().status, ITERO_E_ARGUMENT);
    }
    let unknown = Heard {
        order_id: "1".to_owned(),
        ..told.clone()
    };
    ack(&watch, &unknown).unwrap();
    outcome(itero_watch_stop(watch.at)).unwrap();
    assert_eq!(ack(&watch, &told).unwrap_err().status, ITERO_E_CANCELLED);
}
