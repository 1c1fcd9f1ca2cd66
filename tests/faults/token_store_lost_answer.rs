//! R3: the answer to a refresh is lost. Where the server takes the old refresh token for a while longer, nobody notices;
//! else the sign-in is over, and a clear ITERO_E_AUTH says so. One more request at most, and a fault of the network or of
//! the server never ends the sign-in.

use std::time::Duration;

use itero::ffi::*;
use itero::sandbox::{Fault, Options, Sandbox};

use crate::host::*;

fn token_requests(sandbox: &Sandbox) -> u64 {
    sandbox
        .counters()
        .requests
        .get("token")
        .copied()
        .unwrap_or(0)
}

/// The call's outcome after the faults, and how many requests for a token it took.
fn call_after(sandbox: &Sandbox, client: &Client, faults: &[Fault]) -> (Outcome<()>, u64) {
    sandbox.expire_tokens();
    for fault in faults {
        sandbox.fault("token", 1, fault.clone()).unwrap();
    }
    let before = token_requests(sandbox);
    let outcome = client.accounts().map(drop);
    (outcome, token_requests(sandbox) - before)
}

#[test]
fn r3_a_lost_answer_is_recovered_within_the_servers_grace() {
    let sandbox = start(Options {
        refresh_grace: Duration::from_secs(60),
        ..Options::default()
    });
    let client = Client::signed_in(&sandbox, V2, ADA);
    let mut recovered = 0;
    for _ in 0..20 {
        let (outcome, requests) = call_after(&sandbox, &client, &[Fault::DropAfter]);
        outcome.unwrap();
        assert_eq!(requests, 2, "one lost, one more");
        recovered += 1;
    }
    // Both are lost: the session is kept, and the next call finds the way.
    let (outcome, requests) = call_after(&sandbox, &client, &[Fault::DropAfter, Fault::DropAfter]);
    assert_eq!(outcome.unwrap_err().status, ITERO_E_NETWORK);
    assert_eq!((requests, client.state()), (2, ITERO_STATE_SIGNED_IN));
    client.accounts().unwrap();
    let counters = sandbox.counters();
    println!(
        "R3: {recovered} lost answers recovered with one more request each, {} reuse events",
        counters.reuse_events
    );
    assert_eq!(counters.reuse_events, 0);
}

#[test]
fn r3_without_a_grace_it_is_a_clear_end() {
    let sandbox = small_sandbox();
    for _ in 0..5 {
        let client = Client::signed_in(&sandbox, V2, ADA);
        let (outcome, requests) = call_after(&sandbox, &client, &[Fault::DropAfter]);
        let failure = outcome.unwrap_err();
        assert_eq!((failure.status, requests), (ITERO_E_AUTH, 2), "{failure:?}");
        assert!(failure.advice.contains("sign in again"), "{failure:?}");
        assert_eq!(client.state(), ITERO_STATE_SIGNED_OUT);
        client.sign_in(&sandbox, ADA).unwrap();
        client.accounts().unwrap();
    }
    println!("R3: 5 lost answers without a grace, 5 times ITERO_E_AUTH after one more request");
}

#[test]
fn r3_no_fault_of_network_or_server_ends_the_sign_in() {
    let sandbox = small_sandbox();
    let client = Client::signed_in(&sandbox, V2, ADA);
    let status = |status| Fault::Status {
        status,
        retry_after: None,
    };
    let page = Fault::Body {
        status: 200,
        content_type: "text/html".into(),
        text: "<html>".into(),
    };
    let mut kept = 0;
    for (faults, expected) in [
        (vec![status(500)], ITERO_E_SERVICE),
        (vec![status(502)], ITERO_E_SERVICE),
        (vec![status(503)], ITERO_E_SERVICE),
        (vec![status(429)], ITERO_E_RATE_LIMIT),
        (vec![Fault::DropBefore, Fault::DropBefore], ITERO_E_NETWORK),
        (vec![Fault::DropBefore, status(503)], ITERO_E_SERVICE),
        (vec![page.clone(), page], ITERO_E_PROTOCOL),
    ] {
        let (outcome, requests) = call_after(&sandbox, &client, &faults);
        let failure = outcome.unwrap_err();
        assert_eq!(failure.status, expected, "{failure:?}");
        assert!(
            requests as usize == faults.len(),
            "{requests} for {faults:?}"
        );
        assert_eq!(client.state(), ITERO_STATE_SIGNED_IN);
        client.accounts().unwrap();
        kept += 1;
    }
    println!("R3: kept after {kept} kinds of faults");
    assert_eq!(sandbox.counters().reuse_events, 0);
}
