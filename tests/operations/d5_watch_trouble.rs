//! D5: the watch in trouble. Whatever breaks, a scan is told again rather than lost.

use std::path::Path;
use std::time::Duration;

use itero::ffi::*;
use itero::sandbox::Fault;

use crate::d5_watch::*;
use crate::host::*;

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
        // Heard once at once; then a wait lasts as long as it should, unless a new look fails anew.
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
