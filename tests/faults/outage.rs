//! R5: what an outage costs the service, and how long its wishes are kept.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use itero::ffi::*;
use itero::sandbox::{Fault, Sandbox};

use crate::host::*;
use crate::{head, server, with_accounts_at};

fn status(status: u16, retry_after: Option<&str>) -> Fault {
    Fault::Status {
        status,
        retry_after: retry_after.map(str::to_owned),
    }
}

fn requests(sandbox: &Sandbox, operation: &str) -> u64 {
    let counters = sandbox.counters();
    counters.requests.get(operation).copied().unwrap_or(0)
}

/// 10,000 calls with `ITERO_FULL=1`.
#[test]
fn r5_an_outage_is_answered_with_three_attempts_a_call_and_a_fifth_more_load_at_most() {
    let calls: u64 = if std::env::var_os("ITERO_FULL").is_some() {
        10_000
    } else {
        600
    };
    let sandbox = small_sandbox();
    let client = Arc::new(Client::paired(&sandbox, V2, HARBOR));
    sandbox
        .fault("practice", u32::MAX, status(503, None))
        .unwrap();
    let failure = client.practice().err().unwrap();
    assert_eq!(failure.status, ITERO_E_SERVICE);
    assert!(failure.message.ends_with("(attempt 3 of 3)"), "{failure:?}");
    assert_eq!(requests(&sandbox, "practice"), 3);
    let callers: Vec<_> = (0..8)
        .map(|caller| {
            let client = client.clone();
            let own = (calls - 1) / 8 + u64::from(caller < (calls - 1) % 8);
            std::thread::spawn(move || {
                for _ in 0..own {
                    assert_eq!(client.practice().err().unwrap().status, ITERO_E_SERVICE);
                }
            })
        })
        .collect();
    for caller in callers {
        caller.join().unwrap();
    }
    let sent = requests(&sandbox, "practice");
    println!(
        "R5: {calls} calls in an outage, {sent} requests, {:.1} % more than calls",
        (sent as f64 / calls as f64 - 1.0) * 100.0
    );
    assert!(sent >= calls && sent * 5 <= calls * 6, "{sent} of {calls}");
    // The service is back: every call is one request, and the next fault is worth a further attempt again.
    sandbox.clear_faults();
    for _ in 0..10 {
        client.practice().unwrap();
    }
    assert_eq!(requests(&sandbox, "practice"), sent + 10);
    sandbox.fault("practice", 1, status(502, None)).unwrap();
    client.practice().unwrap();
    assert_eq!(requests(&sandbox, "practice"), sent + 12);
}

/// The times at which a server was asked, of which the first answer is `answer` and the others are good.
fn asked(answer: &'static str) -> (String, Arc<Mutex<Vec<Instant>>>) {
    let times = Arc::new(Mutex::new(Vec::new()));
    let kept = times.clone();
    let url = server(move |mut socket| {
        let first = {
            head(&mut socket);
            let mut times = kept.lock().unwrap();
            times.push(Instant::now());
            times.len() == 1
        };
        let good =
            "HTTP/1.1 200 OK\r\nContent-Length: 15\r\nConnection: close\r\n\r\n{\"accounts\":[]}";
        let _ = socket.write_all(if first { answer } else { good }.as_bytes());
    });
    (url, times)
}

#[test]
fn r5_retry_after_is_kept_within_a_tenth_of_a_second() {
    let sandbox = small_sandbox();
    for (answer, wait) in [
        (
            "HTTP/1.1 429 Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            1,
        ),
        // By the service's own clock, which is years off.
        (
            "HTTP/1.1 503 Busy\r\nDate: Sun, 01 Mar 2015 12:00:00 GMT\r\nRetry-After: Sun, 01 Mar 2015 12:00:02 GMT\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            2,
        ),
    ] {
        let wait = Duration::from_secs(wait);
        // A busy machine may be late once.
        let mut late = Vec::new();
        for _ in 0..3 {
            let (url, times) = asked(answer);
            let client = with_accounts_at(&sandbox, &url);
            client.accounts().unwrap();
            let times = times.lock().unwrap();
            assert_eq!(times.len(), 2);
            let waited = times[1] - times[0];
            assert!(waited >= wait, "{waited:?}");
            late.push(waited - wait);
            if waited - wait < Duration::from_millis(100) {
                break;
            }
        }
        println!("R5: Retry-After of {wait:?} kept, late by {late:?}");
        assert!(
            *late.last().unwrap() < Duration::from_millis(100),
            "{late:?}"
        );
    }
}

#[test]
fn r5_a_wait_that_is_too_long_is_told_at_once() {
    let sandbox = small_sandbox();
    let client = Client::paired(&sandbox, V2, HARBOR);
    for (http, after, wait, status_told) in [
        (429, "3600", 3_600_000, ITERO_E_RATE_LIMIT),
        (503, "120", 120_000, ITERO_E_SERVICE),
    ] {
        sandbox
            .fault("practice", 1, status(http, Some(after)))
            .unwrap();
        let before = requests(&sandbox, "practice");
        let began = Instant::now();
        let failure = client.practice().err().unwrap();
        assert_eq!(itero_last_error_retry_after_ms(), wait);
        let mut captured = std::ptr::null_mut();
        assert_eq!(unsafe { itero_error_capture(&mut captured) }, ITERO_OK);
        assert_eq!(itero_error_retry_after_ms(captured), wait);
        assert_eq!(itero_error_free(captured), ITERO_OK);
        assert_eq!(failure.status, status_told, "{failure:?}");
        assert!(failure.retryable && failure.message.contains(after));
        assert!(began.elapsed() < Duration::from_secs(2));
        assert_eq!(requests(&sandbox, "practice"), before + 1);
    }
    client.practice().unwrap();
    assert_eq!(itero_last_error_retry_after_ms(), -1);
}

#[test]
fn r5_a_cancel_ends_the_wait() {
    let sandbox = small_sandbox();
    let client = Arc::new(Client::paired(&sandbox, V2, HARBOR));
    client.practice().unwrap();
    sandbox
        .fault("practice", 5, status(429, Some("20")))
        .unwrap();
    let other = client.clone();
    let call = std::thread::spawn(move || {
        let status = other.practice().err().unwrap().status;
        (status, Instant::now())
    });
    while requests(&sandbox, "practice") < 2 {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(100));
    let began = Instant::now();
    outcome(itero_client_cancel(client.at())).unwrap();
    let (status, ended) = call.join().unwrap();
    assert_eq!(status, ITERO_E_CANCELLED);
    assert!(ended - began < Duration::from_millis(250));
    assert_eq!(requests(&sandbox, "practice"), 2);
}

#[test]
fn a_scan_request_is_sent_again_after_429_under_the_same_id_and_never_after_a_byte_went_out() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        let request = request("Maria", "Gonzalez Ferreira", "10023");
        sandbox
            .fault("scanRequest", 2, status(429, Some("0")))
            .unwrap();
        let rx = client.send(&request).unwrap();
        assert_eq!(requests(sandbox, "scanRequest"), 3);
        assert_eq!(
            sandbox.rxs()[0].idempotency_key,
            Some(text(itero_rx_operation_id(rx.at)))
        );
        for fault in [Fault::DropAfter, Fault::DropBefore, status(503, Some("0"))] {
            let before = requests(sandbox, "scanRequest");
            sandbox.fault("scanRequest", 1, fault).unwrap();
            let failure = client.send(&request).err().unwrap();
            let operation_id = text(itero_last_error_operation_id());
            assert_eq!(failure.status, ITERO_E_OUTCOME_UNKNOWN);
            assert!(failure.message.contains(&operation_id) && operation_id.len() == 36);
            assert_eq!(requests(sandbox, "scanRequest"), before + 1);
        }
        assert_eq!(sandbox.rxs().len(), 2);
    });
}

#[test]
fn what_has_the_same_effect_twice_is_sent_again() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        let rx_id = client.rx("John", "Smith", "10032");
        for fault in [Fault::DropAfter, Fault::DropBefore, status(504, None)] {
            for operation in ["patientUpdateByChart", "orders", "patientSearch"] {
                sandbox.fault(operation, 1, fault.clone()).unwrap();
            }
            let (chart, last) = (c("10032"), c("Smythe"));
            outcome(unsafe {
                itero_patients_update_by_chart_number(
                    client.at(),
                    chart.as_ptr(),
                    std::ptr::null(),
                    last.as_ptr(),
                    std::ptr::null_mut(),
                )
            })
            .unwrap();
            client.list(None).unwrap();
        }
        assert_eq!(
            names(&client.search("", "", "10032").unwrap()),
            ["John Smythe"]
        );
        // The first attempt withdrew it, so the second one finds nothing: it is withdrawn.
        sandbox
            .fault("scanRequestDelete", 1, Fault::DropAfter)
            .unwrap();
        let delete = |rx_id: &str| {
            let rx_id = c(rx_id);
            outcome(unsafe { itero_rx_delete(client.at(), rx_id.as_ptr()) })
        };
        delete(&rx_id).unwrap();
        assert_eq!(requests(sandbox, "scanRequestDelete"), 2);
        assert!(sandbox.rxs()[0].deleted);
        assert_eq!(delete(&rx_id).unwrap_err().status, ITERO_E_NOT_FOUND);
        // Nothing was withdrawn before this answer.
        sandbox
            .fault("scanRequestDelete", 1, status(429, Some("0")))
            .unwrap();
        assert_eq!(delete(&rx_id).unwrap_err().status, ITERO_E_NOT_FOUND);
    });
}
