//! A3 Refresh Token: by itself, once, however many ask; ended only by the server's own word.

use std::sync::Arc;
use std::time::Duration;

use itero::ffi::*;
use itero::sandbox::{Fault, Options};

use crate::host::*;

#[test]
fn a3_an_expired_token_is_refreshed_by_itself_once_for_all_threads() {
    both(|sandbox, version| {
        let client = Arc::new(Client::signed_in(sandbox, version, ADA));
        let before = sandbox.counters();
        sandbox.expire_tokens();
        let threads: Vec<_> = (0..16)
            .map(|_| {
                let client = client.clone();
                std::thread::spawn(move || {
                    client
                        .accounts()
                        .map(|accounts| itero_accounts_count(accounts.at))
                })
            })
            .collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap().unwrap(), 3);
        }
        let after = sandbox.counters();
        assert_eq!(after.refreshes - before.refreshes, 1);
        assert_eq!(after.reuse_events, 0);
    });
}

#[test]
fn a3_a_token_is_renewed_before_it_ends() {
    let sandbox = start(Options {
        token_life: Duration::from_millis(1500),
        ..Options::default()
    });
    let client = Client::signed_in(&sandbox, V2, ADA);
    for _ in 0..8 {
        client.accounts().unwrap();
        std::thread::sleep(Duration::from_millis(400));
    }
    let counters = sandbox.counters();
    assert!(counters.refreshes >= 2, "{}", counters.refreshes);
    assert_eq!(counters.reuse_events, 0);
}

#[test]
fn a3_refresh_now() {
    both(|sandbox, version| {
        let client = Client::signed_in(sandbox, version, ADA);
        outcome(itero_client_refresh(client.at())).unwrap();
        assert_eq!(sandbox.counters().refreshes, 1);
        client.accounts().unwrap();
        let signed_out = Client::new(sandbox, version);
        assert_eq!(
            outcome(itero_client_refresh(signed_out.at()))
                .unwrap_err()
                .status,
            ITERO_E_NOT_SIGNED_IN
        );
    });
}

#[test]
fn a3_only_the_servers_own_word_ends_the_sign_in() {
    both(|sandbox, version| {
        let client = Client::signed_in(sandbox, version, ADA);
        // A lost answer is asked for once more.
        for (fault, times, status) in [
            (
                Fault::Status {
                    status: 503,
                    retry_after: None,
                },
                1,
                ITERO_E_SERVICE,
            ),
            (Fault::DropBefore, 2, ITERO_E_NETWORK),
            (
                Fault::Body {
                    status: 200,
                    content_type: "text/html".into(),
                    text: "<html>".into(),
                },
                2,
                ITERO_E_PROTOCOL,
            ),
        ] {
            sandbox.expire_tokens();
            sandbox.fault("token", times, fault).unwrap();
            let failure = client.accounts().err().unwrap();
            assert_eq!(failure.status, status, "{failure:?}");
            assert_eq!(client.state(), ITERO_STATE_SIGNED_IN);
            client.accounts().unwrap();
        }
        let invalid = r#"{"error":"invalid_grant"}"#.to_owned();
        sandbox.expire_tokens();
        let fault = Fault::Body {
            status: 400,
            content_type: "application/json".into(),
            text: invalid,
        };
        sandbox.fault("token", 1, fault).unwrap();
        let failure = client.accounts().err().unwrap();
        assert_eq!(
            (failure.status, failure.service_code.as_str()),
            (ITERO_E_AUTH, "invalid_grant")
        );
        assert_eq!(client.state(), ITERO_STATE_SIGNED_OUT);
        assert_eq!(
            client.accounts().err().unwrap().status,
            ITERO_E_NOT_SIGNED_IN
        );
    });
}

#[test]
fn a3_a_refresh_whose_caller_is_cancelled_is_not_lost() {
    let sandbox = small_sandbox();
    let client = Arc::new(Client::signed_in(&sandbox, V2, ADA));
    sandbox.expire_tokens();
    sandbox
        .fault("token", 1, Fault::Delay(Duration::from_millis(700)))
        .unwrap();
    let other = client.clone();
    let call = std::thread::spawn(move || other.accounts().err().unwrap().status);
    std::thread::sleep(Duration::from_millis(300));
    outcome(itero_client_cancel(client.at())).unwrap();
    assert_eq!(call.join().unwrap(), ITERO_E_CANCELLED);
    // The answer that came after the cancel holds the only refresh token that still works.
    client.accounts().unwrap();
    outcome(itero_client_refresh(client.at())).unwrap();
    assert_eq!(sandbox.counters().reuse_events, 0);
}
