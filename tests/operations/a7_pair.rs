//! A7 Pair: the new tokens replace the old at once.

use itero::ffi::*;
use itero::sandbox::Fault;

use crate::host::*;

#[test]
fn a7_pair_replaces_the_tokens_at_once() {
    both(|sandbox, version| {
        let client = Client::signed_in(sandbox, version, ADA);
        assert_eq!(client.practice().err().unwrap().status, ITERO_E_NOT_PAIRED);
        client.pair(HARBOR, None).unwrap();
        assert_eq!(client.state(), ITERO_STATE_PAIRED);
        assert_eq!(text(itero_client_account_id(client.at())), HARBOR);
        client.practice().unwrap();
        let counters = sandbox.counters();
        assert_eq!((counters.refreshes, counters.reuse_events), (0, 0));
        // To another account without un-pairing first.
        client.pair(RIDGE, None).unwrap();
        assert_eq!(
            text(itero_practice_account_id(client.practice().unwrap().at)),
            RIDGE
        );
        outcome(itero_client_refresh(client.at())).unwrap();
        assert_eq!(client.state(), ITERO_STATE_PAIRED);
        assert_eq!(sandbox.counters().reuse_events, 0);
    });
}

#[test]
fn a7_pair_with_an_expired_token_refreshes_first() {
    both(|sandbox, version| {
        let client = Client::signed_in(sandbox, version, ADA);
        sandbox.expire_tokens();
        client.pair(HARBOR, None).unwrap();
        assert_eq!(sandbox.counters().refreshes, 1);
        client.practice().unwrap();
    });
}

#[test]
fn a7_a_bad_account_or_notification_url_changes_nothing() {
    both(|sandbox, version| {
        let client = Client::signed_in(sandbox, version, BEN);
        assert_eq!(client.pair("", None).unwrap_err().status, ITERO_E_ARGUMENT);
        for url in [
            "http://practice.example/hook",
            "practice.example",
            "https://practice.example/#x",
            "",
        ] {
            let failure = client.pair(HARBOR, Some(url)).unwrap_err();
            assert_eq!(failure.status, ITERO_E_ARGUMENT);
            assert!(failure.message.contains("notification URL"), "{failure:?}");
        }
        let failure = client.pair(LINDEN, None).unwrap_err();
        assert_eq!(
            (failure.status, failure.http_status),
            (ITERO_E_FORBIDDEN, 403),
            "{failure:?}"
        );
        assert_eq!(client.state(), ITERO_STATE_SIGNED_IN);
        client.accounts().unwrap();
    });
}

#[test]
fn a7_a_lost_answer_ends_in_a_clear_sign_in_again() {
    both(|sandbox, version| {
        let client = Client::signed_in(sandbox, version, ADA);
        sandbox.fault("pair", 1, Fault::DropAfter).unwrap();
        assert_eq!(
            client.pair(HARBOR, None).unwrap_err().status,
            ITERO_E_NETWORK
        );
        // The service has killed the old tokens and nobody has the new ones.
        assert_eq!(client.accounts().err().unwrap().status, ITERO_E_AUTH);
        assert_eq!(client.state(), ITERO_STATE_SIGNED_OUT);
        client.sign_in(sandbox, ADA).unwrap();
        client.pair(HARBOR, None).unwrap();
    });
}

#[test]
fn a7_a_request_that_never_arrived_leaves_the_old_session() {
    both(|sandbox, version| {
        let client = Client::signed_in(sandbox, version, ADA);
        sandbox.fault("pair", 1, Fault::DropBefore).unwrap();
        assert_eq!(
            client.pair(HARBOR, None).unwrap_err().status,
            ITERO_E_NETWORK
        );
        client.accounts().unwrap();
        client.pair(HARBOR, None).unwrap();
    });
}
