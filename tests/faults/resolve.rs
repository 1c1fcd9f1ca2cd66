//! R4: no scan request is lost and none is sent twice, however many answers get lost.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::ptr::null;
use std::time::{Duration, Instant};

use itero::ffi::*;
use itero::sandbox::{Fault, Sandbox};

use crate::dice::Dice;
use crate::host::*;

/// The request and settling times of these tests together.
const SETTLED: Duration = Duration::from_millis(2100);

fn keeping(sandbox: &Sandbox, version: i32, folder: &Path, account: &str) -> Client {
    let config = config(sandbox, version);
    let folder = c(folder.to_str().unwrap());
    outcome(unsafe { itero_config_set_state_folder(config.at, folder.as_ptr()) }).unwrap();
    outcome(itero_config_set_timeouts(config.at, 2000, 2000, 2000)).unwrap();
    outcome(itero_config_set_settling_time(config.at, 50)).unwrap();
    let client = Client::of(&config);
    client.sign_in(sandbox, ADA).unwrap();
    client.pair(account, None).unwrap();
    client
}

struct Found {
    outcome: i32,
    rx_id: String,
    wait_ms: i64,
}

fn resolve(client: &Client, operation_id: &str, chart: Option<&str>) -> Outcome<Found> {
    let (operation_id, chart) = (c(operation_id), chart.map(c));
    let chart = chart.as_ref().map_or(null(), |chart| chart.as_ptr());
    let found = take(itero_resolution_free, |at| unsafe {
        itero_rx_resolve(client.at(), operation_id.as_ptr(), chart, at)
    })?;
    assert_eq!(
        text(itero_resolution_operation_id(found.at)),
        operation_id.to_str().unwrap()
    );
    Ok(Found {
        outcome: itero_resolution_outcome(found.at),
        rx_id: text(itero_resolution_rx_id(found.at)),
        wait_ms: itero_resolution_wait_ms(found.at),
    })
}

fn settle(client: &Client, operation_id: &str, rx_id: Option<&str>) -> Outcome<()> {
    let (operation_id, rx_id) = (c(operation_id), rx_id.map(c));
    let rx_id = rx_id.as_ref().map_or(null(), |rx_id| rx_id.as_ptr());
    outcome(unsafe { itero_rx_settle(client.at(), operation_id.as_ptr(), rx_id) })
}

/// Sends a scan request whose answer is lost, and returns its operation id.
fn lose(sandbox: &Sandbox, client: &Client, fault: Fault) -> String {
    sandbox.fault("scanRequest", 1, fault).unwrap();
    let request = request("Maria", "Gonzalez Ferreira", "10023");
    let failure = client.send(&request).err().unwrap();
    let operation_id = text(itero_last_error_operation_id());
    assert_eq!(failure.status, ITERO_E_OUTCOME_UNKNOWN, "{failure:?}");
    operation_id
}

/// 10,000 scan requests with `ITERO_FULL=1`.
#[test]
fn r4_every_scan_request_is_known_in_the_end_and_none_is_there_twice() {
    let total: usize = if std::env::var_os("ITERO_FULL").is_some() {
        10_000
    } else {
        300
    };
    let sandbox = small_sandbox();
    let folder = tempfile::tempdir().unwrap();
    let client = keeping(&sandbox, V2, folder.path(), HARBOR);
    let people = [
        ("Maria", "Gonzalez Ferreira", "10023"),
        ("John", "Smith", "10032"),
    ];
    let mut dice = Dice::new(20_260_302);
    let (mut sent, mut unknown) = (BTreeMap::new(), BTreeSet::new());
    let (mut undone, mut lost) = (0, 0);
    let began = Instant::now();
    for i in 0..total {
        let fault = match dice.below(20) {
            0 => Some(Fault::DropAfter),
            1 => Some(Fault::DropBefore),
            _ => None,
        };
        if let Some(fault) = fault {
            lost += 1;
            sandbox.fault("scanRequest", 1, fault).unwrap();
        }
        let (first, last, chart) = people[i % people.len()];
        match client.send(&request(first, last, chart)) {
            Ok(rx) => {
                let operation_id = text(itero_rx_operation_id(rx.at));
                assert!(
                    sent.insert(operation_id, text(itero_rx_id(rx.at)))
                        .is_none()
                );
            }
            Err(failure) if failure.status == ITERO_E_OUTCOME_UNKNOWN => {
                let operation_id = text(itero_last_error_operation_id());
                assert!(!operation_id.is_empty() && unknown.insert(operation_id));
            }
            Err(failure) => {
                assert_eq!(failure.status, ITERO_E_NETWORK, "{failure:?}");
                undone += 1;
            }
        }
    }
    assert_eq!(sent.len() + unknown.len() + undone, total);
    std::thread::sleep(SETTLED);
    let open = unknown.len();
    let (mut found, mut not_sent) = (0, 0);
    for operation_id in unknown {
        let resolved = resolve(&client, &operation_id, Some("10023"))
            .or_else(|_| resolve(&client, &operation_id, Some("10032")))
            .unwrap();
        match resolved.outcome {
            ITERO_RX_SENT => {
                found += 1;
                assert!(sent.insert(operation_id, resolved.rx_id).is_none());
            }
            outcome => {
                assert_eq!(outcome, ITERO_RX_NOT_SENT);
                not_sent += 1;
            }
        }
    }
    // The two ledgers agree, Rx by Rx.
    let theirs = sandbox.rxs();
    let by_operation: BTreeMap<String, String> = theirs
        .iter()
        .map(|rx| (rx.idempotency_key.clone().unwrap(), rx.rx_id.clone()))
        .collect();
    println!(
        "R4: {total} scan requests, {lost} answers lost: {} sent at once, {open} unknown, of which {found} sent and {not_sent} not sent, {undone} never left; at the service {}, duplicates {}, unaccounted for {}; {:.1} s",
        sent.len() - found,
        theirs.len(),
        theirs.len() - by_operation.len(),
        theirs.iter().filter(|rx| !client.knows(&rx.rx_id)).count(),
        began.elapsed().as_secs_f64()
    );
    assert_eq!(theirs.len(), by_operation.len());
    assert_eq!(by_operation, sent);
    let ledger = client.ledger(None).unwrap();
    assert_eq!(itero_ledger_count(ledger.at) as usize, sent.len());
    for row in 0..itero_ledger_count(ledger.at) {
        assert_eq!(itero_ledger_outcome(ledger.at, row), ITERO_LEDGER_SENT);
        let operation_id = text(itero_ledger_operation_id(ledger.at, row));
        assert_eq!(
            sent[&operation_id],
            text(itero_ledger_rx_id(ledger.at, row))
        );
    }
}

#[test]
fn not_sent_is_said_only_after_the_settling_time() {
    both(|sandbox, version| {
        let folder = tempfile::tempdir().unwrap();
        let client = keeping(sandbox, version, folder.path(), HARBOR);
        let operation_id = lose(sandbox, &client, Fault::DropBefore);
        let early = resolve(&client, &operation_id, None).unwrap();
        assert_eq!(early.outcome, ITERO_RX_STILL_UNKNOWN);
        assert!((1..=2050).contains(&early.wait_ms), "{}", early.wait_ms);
        std::thread::sleep(Duration::from_millis(early.wait_ms as u64 + 20));
        let found = resolve(&client, &operation_id, None).unwrap();
        assert_eq!(
            (found.outcome, found.rx_id.as_str()),
            (ITERO_RX_NOT_SENT, "")
        );
        assert_eq!(found.wait_ms, -1);
        // Another program knows it from the ledger, without the network.
        let beside = keeping(sandbox, version, folder.path(), HARBOR);
        let asked = sandbox.counters().requests["scanRequests"];
        let found = resolve(&beside, &operation_id, None).unwrap();
        assert_eq!(found.outcome, ITERO_RX_NOT_SENT);
        assert_eq!(sandbox.counters().requests["scanRequests"], asked);
        // An Rx that arrived is found at once.
        let operation_id = lose(sandbox, &client, Fault::DropAfter);
        let found = resolve(&client, &operation_id, None).unwrap();
        let expected = &sandbox.rxs()[0].rx_id;
        assert_eq!((found.outcome, &found.rx_id), (ITERO_RX_SENT, expected));
        assert!(beside.knows(expected));
    });
}

/// 404 of the service, a proxy's page, a list that doesn't name the reference: none of them says "not there".
#[test]
fn a_service_that_cannot_be_asked_leaves_it_unknown_until_the_scan() {
    both(|sandbox, version| {
        let folder = tempfile::tempdir().unwrap();
        let client = keeping(sandbox, version, folder.path(), HARBOR);
        let operation_id = lose(sandbox, &client, Fault::DropAfter);
        std::thread::sleep(SETTLED);
        let body = |status, text: &str| Fault::Body {
            status,
            content_type: "application/json".into(),
            text: text.into(),
        };
        let strange = [
            body(404, r#"{"code":"NotFound"}"#),
            body(404, "<html>"),
            body(405, ""),
            body(403, r#"{"code":"Forbidden"}"#),
            body(200, "<html>guest network"),
            body(200, r#"{"scanRequests":[]}"#),
            body(200, r#"{"clientReference":"another","scanRequests":[]}"#),
        ];
        for fault in strange.clone() {
            sandbox.fault("scanRequests", 5, fault).unwrap();
            let found = resolve(&client, &operation_id, Some("10023")).unwrap();
            assert_eq!(found.outcome, ITERO_RX_STILL_UNKNOWN);
            sandbox.clear_faults();
        }
        // Scanned: the only order of the patient that nobody here knows.
        let rx_id = sandbox.rxs()[0].rx_id.clone();
        sandbox.scan(&rx_id).unwrap();
        sandbox
            .fault("scanRequests", 1, strange[5].clone())
            .unwrap();
        let found = resolve(&client, &operation_id, None).unwrap();
        assert_eq!(found.outcome, ITERO_RX_STILL_UNKNOWN);
        sandbox
            .fault("scanRequests", 1, strange[5].clone())
            .unwrap();
        let found = resolve(&client, &operation_id, Some(" 10023 ")).unwrap();
        assert_eq!((found.outcome, &found.rx_id), (ITERO_RX_SENT, &rx_id));
        assert!(client.knows(&rx_id));
        // With two in doubt, an order says nothing of either.
        let first = lose(sandbox, &client, Fault::DropAfter);
        let second = lose(sandbox, &client, Fault::DropAfter);
        let newest = sandbox
            .rxs()
            .iter()
            .find(|rx| !client.knows(&rx.rx_id))
            .unwrap()
            .rx_id
            .clone();
        sandbox.scan(&newest).unwrap();
        for operation_id in [&first, &second] {
            sandbox
                .fault("scanRequests", 1, strange[5].clone())
                .unwrap();
            let found = resolve(&client, operation_id, Some("10023")).unwrap();
            assert_eq!(found.outcome, ITERO_RX_STILL_UNKNOWN);
        }
        // A network that is away is told as that; nothing is concluded from it.
        sandbox.fault("scanRequests", 3, Fault::DropBefore).unwrap();
        let failure = resolve(&client, &first, None).err().unwrap();
        assert_eq!(failure.status, ITERO_E_NETWORK);
    });
}

#[test]
fn a_person_may_end_the_doubt_and_a_push_waits_for_it() {
    both(|sandbox, version| {
        let folder = tempfile::tempdir().unwrap();
        let client = keeping(sandbox, version, folder.path(), HARBOR);
        let operation_id = lose(sandbox, &client, Fault::DropBefore);
        let push = || {
            let request = request("Maria", "Gonzalez Ferreira", "10023");
            take(itero_rx_free, |at| unsafe {
                let user = std::ptr::null_mut();
                let policy = ITERO_PUSH_NEVER_UPDATE;
                itero_rx_push(client.at(), request.at, policy, None, user, at)
            })
        };
        let failure = push().err().unwrap();
        let told = text(itero_last_error_operation_id());
        assert_eq!(failure.status, ITERO_E_OUTCOME_UNKNOWN, "{failure:?}");
        assert_eq!(told, operation_id);
        assert!(failure.message.contains("nothing was sent now"));
        for (operation_id, rx_id, status) in [
            ("", None, ITERO_E_ARGUMENT),
            ("nobody", None, ITERO_E_NOT_FOUND),
            (&operation_id, Some(" "), ITERO_E_ARGUMENT),
        ] {
            let settled = settle(&client, operation_id, rx_id);
            assert_eq!(settled.unwrap_err().status, status);
        }
        settle(&client, &operation_id, None).unwrap();
        settle(&client, &operation_id, None).unwrap();
        let rx = push().unwrap();
        assert_eq!(sandbox.rxs().len(), 1);
        // What came later is not undone.
        let sent = text(itero_rx_operation_id(rx.at));
        let failure = settle(&client, &sent, None).unwrap_err();
        assert_eq!(failure.status, ITERO_E_CONFLICT);
        let rx_id = text(itero_rx_id(rx.at));
        settle(&client, &sent, Some(&rx_id)).unwrap();
        // A person may know better than an early "not sent".
        settle(&client, &operation_id, Some("rx-of-the-portal")).unwrap();
        let found = resolve(&client, &operation_id, None).unwrap();
        assert_eq!(
            (found.outcome, found.rx_id.as_str()),
            (ITERO_RX_SENT, "rx-of-the-portal")
        );
    });
}

#[test]
fn what_does_not_fit_is_refused() {
    both(|sandbox, version| {
        let folder = tempfile::tempdir().unwrap();
        let client = keeping(sandbox, version, folder.path(), HARBOR);
        let operation_id = lose(sandbox, &client, Fault::DropAfter);
        let other = keeping(sandbox, version, folder.path(), RIDGE);
        let out = Client::new(sandbox, version);
        for (client, operation_id, chart, status) in [
            (&client, "", None, ITERO_E_ARGUMENT),
            (&client, "nobody", None, ITERO_E_NOT_FOUND),
            (&client, &operation_id, Some("10024"), ITERO_E_ARGUMENT),
            (&other, &operation_id, Some("10023"), ITERO_E_STATE),
            // A ledger in memory knows nothing of it.
            (&out, &operation_id, None, ITERO_E_NOT_FOUND),
        ] {
            let failure = resolve(client, operation_id, chart).err().unwrap();
            assert_eq!(failure.status, status, "{failure:?}");
            assert!(!failure.message.contains("10023"));
        }
    });
}
