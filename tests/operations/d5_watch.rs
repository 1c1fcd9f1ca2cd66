//! D5 Scan notification, D3 Get Orders and D6 Get Order By RxID together: the watch.

use std::ffi::c_void;
use std::path::{Path, PathBuf};
use std::ptr::null_mut;
use std::sync::{Mutex, mpsc};
use std::time::{Duration, Instant};

use itero::ffi::*;
use itero::sandbox::{Fault, FileSource, Sandbox};

use crate::host::*;

const FAST: i32 = 20;
/// Longer than any test: what happens meanwhile comes from a hint.
const NEVER: i32 = 3_600_000;
const SOON: i32 = 10_000;
/// Long enough for several looks.
const QUIET: i32 = 400;

fn state(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("watch.json")
}

fn begin(
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

fn watch(client: &Client, state: &Path) -> Owned<itero_watch> {
    begin(client, state, None, None, FAST).unwrap()
}

fn listener(client: &Client) -> Owned<itero_listener> {
    take(itero_listener_free, |at| unsafe {
        itero_listener_start(client.at(), 0, None, null_mut(), at)
    })
    .unwrap()
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Told {
    order_id: String,
    rx_id: String,
    version: String,
    status: String,
    sha256: String,
}

fn told(event: *const itero_event) -> Told {
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
    Told {
        order_id,
        rx_id: text(itero_event_rx_id(event)),
        version: text(itero_event_version(event)),
        status: text(itero_event_status(event)),
        sha256: text(itero_orders_file_sha256(orders.at, 0, 0)),
    }
}

fn next(watch: &Owned<itero_watch>, ms: i32) -> Outcome<Told> {
    let event = take(itero_event_free, |at| unsafe {
        itero_watch_wait(watch.at, ms, at)
    })?;
    Ok(told(event.at))
}

fn quiet(watch: &Owned<itero_watch>) {
    assert_eq!(next(watch, QUIET).unwrap_err().status, ITERO_E_PENDING);
}

fn ack(watch: &Owned<itero_watch>, told: &Told) -> Outcome<()> {
    let (order_id, version) = (c(&told.order_id), c(&told.version));
    outcome(unsafe { itero_watch_ack(watch.at, order_id.as_ptr(), version.as_ptr()) })
}

/// The next scan's files are like no other's.
fn fresh(sandbox: &Sandbox) {
    static COUNT: Mutex<u32> = Mutex::new(0);
    let mut count = COUNT.lock().unwrap();
    *count += 1;
    let bytes = format!("scan {count}").into_bytes();
    sandbox.set_files(FileSource::Given(vec![file("scan.stl", "STL", bytes)]));
}

fn scan(sandbox: &Sandbox, client: &Client) -> String {
    fresh(sandbox);
    let rx_id = client.rx("Maria", "Gonzalez Ferreira", "10023");
    sandbox.scan(&rx_id).unwrap();
    rx_id
}

fn rescan(sandbox: &Sandbox, rx_id: &str) {
    fresh(sandbox);
    sandbox.rescan(rx_id).unwrap();
}

fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(10);
    while !holds() {
        assert!(Instant::now() < end, "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
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

fn hint(watch: &Owned<itero_watch>, rx_id: &str, account: &str) {
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
        assert!((3..=most).contains(&u64::from(asked())), "{}", asked());
        // A flood of invented ones ends in one listing, not in a thousand requests.
        for i in 0..1000 {
            hint(&watch, &format!("invented-{i}"), HARBOR);
        }
        quiet(&watch);
        assert!(u64::from(asked()) <= most + 64, "{}", asked());
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
        fresh(sandbox);
        sandbox.set_status(&rx_id, "Completed").unwrap();
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
    let swapped = Told {
        order_id: told.version.clone(),
        version: told.order_id.clone(),
        ..told.clone()
    };
    assert_eq!(ack(&watch, &swapped).unwrap_err().status, ITERO_E_ARGUMENT);
    for (order_id, version) in [("", told.version.as_str()), (&told.order_id, "")] {
        let wrong = Told {
            order_id: order_id.to_owned(),
            version: version.to_owned(),
            ..told.clone()
        };
        assert_eq!(ack(&watch, &wrong).unwrap_err().status, ITERO_E_ARGUMENT);
    }
    let unknown = Told {
        order_id: "1".to_owned(),
        ..told.clone()
    };
    ack(&watch, &unknown).unwrap();
    outcome(itero_watch_stop(watch.at)).unwrap();
    assert_eq!(ack(&watch, &told).unwrap_err().status, ITERO_E_CANCELLED);
}

#[test]
fn d5_watch_sets_a_damaged_file_aside_and_tells_again() {
    let sandbox = small_sandbox();
    let folder = tempfile::tempdir().unwrap();
    let client = Client::paired(&sandbox, V2, HARBOR);
    let first = watch(&client, &state(&folder));
    scan(&sandbox, &client);
    let told = next(&first, SOON).unwrap();
    ack(&first, &told).unwrap();
    drop(first);
    let whole = std::fs::read(state(&folder)).unwrap();
    for damaged in [
        &b""[..],
        &whole[..whole.len() / 2],
        b"\xff\xfe",
        b"{}",
        b"[1]",
    ] {
        std::fs::write(state(&folder), damaged).unwrap();
        let again = watch(&client, &state(&folder));
        assert_eq!(next(&again, SOON).unwrap(), told);
        let aside = folder.path().join("watch.json.damaged");
        assert_eq!(std::fs::read(aside).unwrap(), damaged);
    }
    std::fs::write(state(&folder), br#"{"format":99,"more":true}"#).unwrap();
    let failure = begin(&client, &state(&folder), None, None, FAST).err();
    let failure = failure.unwrap();
    assert!(
        failure.status == ITERO_E_STATE && failure.message.contains("newer version"),
        "{failure:?}"
    );
}

#[test]
fn d5_watch_one_file_is_for_one_account_and_one_watch() {
    let sandbox = small_sandbox();
    let folder = tempfile::tempdir().unwrap();
    let client = Client::paired(&sandbox, V2, HARBOR);
    let first = watch(&client, &state(&folder));
    let second = begin(&client, &state(&folder), None, None, FAST)
        .err()
        .unwrap();
    assert!(
        second.status == ITERO_E_STATE && second.message.contains("another watch"),
        "{second:?}"
    );
    outcome(itero_watch_stop(first.at)).unwrap();
    drop(watch(&client, &state(&folder)));
    let other = Client::paired(&sandbox, V2, RIDGE);
    let failure = begin(&other, &state(&folder), None, None, FAST)
        .err()
        .unwrap();
    assert!(
        failure.status == ITERO_E_STATE && failure.message.contains("another account"),
        "{failure:?}"
    );
    // Paired to another account while it watches.
    let watch = watch(&client, &state(&folder));
    client.pair(RIDGE, None).unwrap();
    assert_eq!(next(&watch, SOON).unwrap_err().status, ITERO_E_STATE);
    assert_eq!(next(&watch, QUIET).unwrap_err().status, ITERO_E_STATE);
    client.pair(HARBOR, None).unwrap();
    let rx_id = scan(&sandbox, &client);
    let mut told = next(&watch, SOON);
    while told
        .as_ref()
        .is_err_and(|failure| failure.status == ITERO_E_STATE)
    {
        told = next(&watch, SOON);
    }
    assert_eq!(told.unwrap().rx_id, rx_id);
}

#[test]
fn d5_watch_loses_nothing_in_an_outage() {
    both(|sandbox, version| {
        for fault in [
            Fault::DropBefore,
            Fault::Status {
                status: 503,
                retry_after: None,
            },
            Fault::DropAfter,
        ] {
            let folder = tempfile::tempdir().unwrap();
            let client = Client::paired(sandbox, version, HARBOR);
            let now = itero_now();
            let watch = begin(&client, &state(&folder), Some(&now), None, FAST).unwrap();
            let before = scan(sandbox, &client);
            let told = next(&watch, SOON).unwrap();
            assert_eq!(told.rx_id, before);
            ack(&watch, &told).unwrap();
            for operation in ["orders", "orderByRx"] {
                sandbox.fault(operation, 10_000, fault.clone()).unwrap();
            }
            let during = scan(sandbox, &client);
            hint(&watch, &during, HARBOR);
            until("the outage is seen", || {
                let status = itero_watch_status(watch.at);
                status == ITERO_E_NETWORK || status == ITERO_E_SERVICE
            });
            quiet(&watch);
            sandbox.clear_faults();
            // The network is back, and a hint for anything says so.
            hint(&watch, &before, HARBOR);
            assert_eq!(next(&watch, SOON).unwrap().rx_id, during);
            quiet(&watch);
            outcome(itero_watch_status(watch.at)).unwrap();
        }
    });
}

/// The sandbox runs on this computer, so its clock is the service's.
fn itero_now() -> String {
    let now = time::OffsetDateTime::now_utc();
    now.format(&time::format_description::well_known::Rfc3339)
        .unwrap()
}

#[test]
fn d5_watch_an_outage_between_two_pages_loses_nothing() {
    let sandbox = small_sandbox();
    let folder = tempfile::tempdir().unwrap();
    let client = Client::paired(&sandbox, V2, HARBOR);
    let mut rxs: Vec<String> = (0..120).map(|_| scan(&sandbox, &client)).collect();
    // The first page comes, the second one doesn't, for a while.
    sandbox
        .fault("orders", 1, Fault::Delay(Duration::ZERO))
        .unwrap();
    sandbox.fault("orders", 3, Fault::DropBefore).unwrap();
    let watch = watch(&client, &state(&folder));
    let mut told: Vec<String> = (0..120)
        .map(|_| next(&watch, SOON).unwrap().rx_id)
        .collect();
    quiet(&watch);
    rxs.sort();
    told.sort();
    assert_eq!(told, rxs);
}

#[test]
fn d5_watch_pages_through_many_orders_and_waits_for_a_slow_host() {
    let sandbox = small_sandbox();
    let folder = tempfile::tempdir().unwrap();
    let client = Client::paired(&sandbox, V1, HARBOR);
    let mut rxs: Vec<String> = (0..360).map(|_| scan(&sandbox, &client)).collect();
    let watch = watch(&client, &state(&folder));
    // 256 wait; further pages are not read before there is room.
    std::thread::sleep(Duration::from_millis(500));
    assert!(sandbox.counters().requests["orders"] <= 6);
    let mut told = Vec::new();
    for i in 0..360 {
        let event = next(&watch, SOON).unwrap();
        if i % 3 == 0 {
            ack(&watch, &event).unwrap();
        }
        told.push(event.rx_id);
    }
    quiet(&watch);
    rxs.sort();
    told.sort();
    assert_eq!(told, rxs);
}

#[test]
fn d5_watch_begins_where_it_is_told_but_only_without_a_state() {
    both(|sandbox, version| {
        let folder = tempfile::tempdir().unwrap();
        let client = Client::paired(sandbox, version, HARBOR);
        let old = scan(sandbox, &client);
        std::thread::sleep(Duration::from_millis(5));
        let since = itero_now();
        let first = begin(&client, &state(&folder), Some(&since), None, FAST).unwrap();
        hint(&first, &old, HARBOR);
        quiet(&first);
        let new = scan(sandbox, &client);
        assert_eq!(next(&first, SOON).unwrap().rx_id, new);
        drop(first);
        let again = begin(&client, &state(&folder), Some("2000-01-01"), None, FAST).unwrap();
        assert_eq!(next(&again, SOON).unwrap().rx_id, new);
        quiet(&again);
        // A day before now where nothing is said.
        let other = folder.path().join("folder to be made/other.json");
        let other = begin(&client, &other, Some(""), None, FAST).unwrap();
        assert_eq!(next(&other, SOON).unwrap().rx_id, old);
        assert_eq!(next(&other, SOON).unwrap().rx_id, new);
    });
}

#[test]
fn d5_watch_refuses_what_it_cannot_work_with() {
    let sandbox = small_sandbox();
    let folder = tempfile::tempdir().unwrap();
    let client = Client::new(&sandbox, V2);
    let status = |client: &Client, path: &Path, since: Option<&str>, interval: i32| {
        let failure = begin(client, path, since, None, interval).err();
        failure.map(|failure| failure.status)
    };
    let place = state(&folder);
    assert_eq!(
        status(&client, &place, None, FAST),
        Some(ITERO_E_NOT_SIGNED_IN)
    );
    client.sign_in(&sandbox, ADA).unwrap();
    assert_eq!(
        status(&client, &place, None, FAST),
        Some(ITERO_E_NOT_PAIRED)
    );
    assert!(!place.exists());
    client.pair(HARBOR, None).unwrap();
    for (path, since, interval) in [
        (place.as_path(), None, -1),
        (&place, None, 86_400_001),
        (&place, Some("yesterday"), FAST),
        (Path::new("relative.json"), None, FAST),
        (Path::new("/"), None, FAST),
        (folder.path(), None, FAST),
    ] {
        assert_eq!(
            status(&client, path, since, interval),
            Some(ITERO_E_ARGUMENT),
            "{path:?} {since:?} {interval}"
        );
    }
    std::fs::write(&place, b"x").unwrap();
    let inside_a_file = place.join("state.json");
    assert_eq!(
        status(&client, &inside_a_file, None, FAST),
        Some(ITERO_E_IO)
    );
}

#[test]
fn d5_watch_says_when_it_needs_somebody_and_goes_on_by_itself() {
    both(|sandbox, version| {
        let folder = tempfile::tempdir().unwrap();
        let client = Client::paired(sandbox, version, HARBOR);
        let watch = watch(&client, &state(&folder));
        quiet(&watch);
        outcome(itero_client_unpair(client.at())).unwrap();
        assert_eq!(next(&watch, SOON).unwrap_err().status, ITERO_E_NOT_PAIRED);
        // Told once at once; then a wait lasts as long as it should, unless a new look fails anew.
        assert_eq!(next(&watch, QUIET).unwrap_err().status, ITERO_E_NOT_PAIRED);
        assert_eq!(
            outcome(itero_watch_status(watch.at)).unwrap_err().status,
            ITERO_E_NOT_PAIRED
        );
        client.pair(HARBOR, None).unwrap();
        until("it looks again", || {
            itero_watch_status(watch.at) == ITERO_OK
        });
        outcome(itero_client_revoke(client.at())).unwrap();
        let failure = next(&watch, SOON).unwrap_err();
        assert_eq!(failure.status, ITERO_E_NOT_SIGNED_IN, "{failure:?}");
        client.sign_in(sandbox, ADA).unwrap();
        client.pair(HARBOR, None).unwrap();
        until("it looks again", || {
            itero_watch_status(watch.at) == ITERO_OK
        });
        let rx_id = scan(sandbox, &client);
        assert_eq!(next(&watch, SOON).unwrap().rx_id, rx_id);
        // A cancel ends one look, not the watch; the end of the client ends it.
        outcome(itero_client_cancel(client.at())).unwrap();
        let rx_id = scan(sandbox, &client);
        assert_eq!(next(&watch, SOON).unwrap().rx_id, rx_id);
        drop(client);
        assert_eq!(next(&watch, SOON).unwrap_err().status, ITERO_E_CANCELLED);
        assert_eq!(itero_watch_status(watch.at), ITERO_E_CANCELLED);
    });
}

#[test]
fn d5_watch_stop_and_free_end_every_wait() {
    let sandbox = small_sandbox();
    let folder = tempfile::tempdir().unwrap();
    let client = Client::paired(&sandbox, V2, HARBOR);
    for freed in [false, true] {
        let watch = watch(&client, &state(&folder));
        let at = watch.at.addr();
        let waiting = std::thread::spawn(move || {
            let mut event = null_mut();
            let watch = std::ptr::without_provenance_mut(at);
            unsafe { itero_watch_wait(watch, -1, &raw mut event) }
        });
        std::thread::sleep(Duration::from_millis(100));
        let began = Instant::now();
        if freed {
            drop(watch);
        } else {
            outcome(itero_watch_stop(watch.at)).unwrap();
            outcome(itero_watch_stop(watch.at)).unwrap();
        }
        assert_eq!(waiting.join().unwrap(), ITERO_E_CANCELLED);
        assert!(began.elapsed() < Duration::from_millis(250));
    }
    assert_eq!(itero_watch_free(null_mut()), ITERO_OK);
    assert_eq!(itero_event_free(null_mut()), ITERO_OK);
    assert_eq!(text(itero_event_version(null_mut())), "");
    assert_eq!(itero_watch_stop(null_mut()), ITERO_E_HANDLE);
}

/// What a callback does with each event, and where it reports.
struct Ear {
    heard: mpsc::Sender<Told>,
    watch: Mutex<usize>,
    deed: fn(*mut itero_watch, *const itero_event),
}

unsafe extern "C" fn hear(user: *mut c_void, event: *const itero_event) {
    // SAFETY: the tests keep the ear until the watch is stopped.
    let ear = unsafe { &*user.cast::<Ear>() };
    let watch = std::ptr::without_provenance_mut(*ear.watch.lock().unwrap());
    let told = told(event);
    (ear.deed)(watch, event);
    ear.heard.send(told).unwrap();
}

fn acknowledge(watch: *mut itero_watch, event: *const itero_event) {
    let (order_id, version) = (itero_event_order_id(event), itero_event_version(event));
    outcome(unsafe { itero_watch_ack(watch, order_id, version) }).unwrap();
}

fn stop(watch: *mut itero_watch, event: *const itero_event) {
    acknowledge(watch, event);
    outcome(itero_watch_stop(watch)).unwrap();
}

fn free_both(watch: *mut itero_watch, event: *const itero_event) {
    outcome(itero_watch_free(watch)).unwrap();
    assert_eq!(itero_event_free(event.cast_mut()), ITERO_OK);
}

#[test]
fn d5_watch_a_callback_may_acknowledge_stop_and_free() {
    let sandbox = small_sandbox();
    let client = Client::paired(&sandbox, V2, HARBOR);
    for (deed, again) in [
        (acknowledge as fn(*mut itero_watch, *const itero_event), 0),
        (stop, 1),
        (free_both, 2),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let (heard, ears) = mpsc::channel();
        let ear = Box::new(Ear {
            heard,
            watch: Mutex::new(0),
            deed,
        });
        let user = std::ptr::from_ref(&*ear).cast_mut().cast::<c_void>();
        let place = c(state(&folder).to_str().unwrap());
        let since = c(&itero_now());
        let mut at: *mut itero_watch = null_mut();
        {
            let mut known = ear.watch.lock().unwrap();
            outcome(unsafe {
                let (client, out) = (client.at(), &raw mut at);
                itero_watch_start(
                    client,
                    place.as_ptr(),
                    since.as_ptr(),
                    null_mut(),
                    FAST,
                    Some(hear),
                    user,
                    out,
                )
            })
            .unwrap();
            *known = at.addr();
        }
        let mut event = null_mut();
        if again < 2 {
            let waited = unsafe { itero_watch_wait(at, 0, &raw mut event) };
            assert_eq!(waited, ITERO_E_STATE);
        }
        let one = scan(&sandbox, &client);
        let told = ears.recv_timeout(Duration::from_secs(10)).unwrap();
        assert_eq!(told.rx_id, one);
        let two = scan(&sandbox, &client);
        match again {
            0 => assert_eq!(
                ears.recv_timeout(Duration::from_secs(10)).unwrap().rx_id,
                two
            ),
            _ => assert!(ears.recv_timeout(Duration::from_millis(400)).is_err()),
        }
        if again < 2 {
            outcome(itero_watch_free(at)).unwrap();
        }
        drop(ear);
        // What was not acknowledged is told by the next watch.
        let next_watch = watch(&client, &state(&folder));
        for _ in 0..again {
            next(&next_watch, SOON).unwrap();
        }
        quiet(&next_watch);
    }
}

#[test]
fn d5_watch_a_full_disk_tells_but_does_not_acknowledge() {
    let sandbox = small_sandbox();
    let folder = tempfile::tempdir().unwrap();
    let client = Client::paired(&sandbox, V2, HARBOR);
    let watch = watch(&client, &state(&folder));
    quiet(&watch);
    // A folder in the place of the file that is written first: no write succeeds, whoever runs the test.
    let blocked = folder.path().join("watch.json.new");
    std::fs::create_dir(&blocked).unwrap();
    scan(&sandbox, &client);
    let told = next(&watch, SOON).unwrap();
    assert_eq!(ack(&watch, &told).unwrap_err().status, ITERO_E_IO);
    assert_eq!(next(&watch, SOON).unwrap_err().status, ITERO_E_IO);
    std::fs::remove_dir(&blocked).unwrap();
    ack(&watch, &told).unwrap();
    until("it is well again", || {
        itero_watch_status(watch.at) == ITERO_OK
    });
    drop(watch);
    quiet(&begin(&client, &state(&folder), None, None, FAST).unwrap());
}
