//! A6 Get Accounts, A7 Pair, A8 Un Pair.

use itero::ffi::*;
use itero::sandbox::Fault;

use crate::host::*;

#[test]
fn a6_accounts_are_those_of_the_user() {
    both(|sandbox, version| {
        for (user, ids) in [
            (ADA, vec![HARBOR, RIDGE, LINDEN]),
            (BEN, vec![HARBOR]),
            (CHIARA, vec![LINDEN]),
        ] {
            let client = Client::signed_in(sandbox, version, user);
            let accounts = client.accounts().unwrap();
            let count = itero_accounts_count(accounts.at);
            let found: Vec<String> = (0..count)
                .map(|i| text(itero_accounts_id(accounts.at, i)))
                .collect();
            assert_eq!(found, ids);
        }
    });
}

#[test]
fn a6_all_members_and_the_whole_json() {
    both(|sandbox, version| {
        let client = Client::signed_in(sandbox, version, ADA);
        let accounts = client.accounts().unwrap();
        assert_eq!(
            text(itero_accounts_name(accounts.at, 2)),
            "Zahnarztpraxis am Lindenhof"
        );
        assert!(text(itero_accounts_address(accounts.at, 0)).contains("Harbor Lane"));
        assert!(!text(itero_accounts_type(accounts.at, 0)).is_empty());
        assert_eq!(itero_accounts_is_paired(accounts.at, 0), 0);
        assert!(text(itero_accounts_json(accounts.at)).contains("Lindenhof"));
        for index in [-1, 3, i32::MAX, i32::MIN] {
            assert_eq!(text(itero_accounts_id(accounts.at, index)), "");
            let failure = outcome(itero_last_error_status()).unwrap_err();
            assert_eq!(failure.status, ITERO_E_ARGUMENT);
            assert!(failure.message.contains("there are 3 rows"), "{failure:?}");
        }
        client.pair(RIDGE, None).unwrap();
        let paired = client.accounts().unwrap();
        let flags: Vec<i32> = (0..3)
            .map(|i| itero_accounts_is_paired(paired.at, i))
            .collect();
        assert_eq!(flags, [0, 1, 0]);
        // A table outlives its client.
        drop(client);
        assert_eq!(text(itero_accounts_id(accounts.at, 0)), HARBOR);
    });
}

#[test]
fn a6_nobody_signed_in() {
    both(|sandbox, version| {
        let failure = Client::new(sandbox, version).accounts().err().unwrap();
        assert_eq!(failure.status, ITERO_E_NOT_SIGNED_IN);
        assert!(failure.advice.contains("itero_login_"), "{failure:?}");
        assert_eq!(sandbox.counters().requests.get("accounts"), None);
    });
}

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

#[test]
fn a8_unpair_keeps_the_sign_in() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        outcome(itero_client_unpair(client.at())).unwrap();
        assert_eq!(client.state(), ITERO_STATE_SIGNED_IN);
        let failure = client.practice().err().unwrap();
        assert_eq!(
            (failure.status, failure.service_code.as_str()),
            (ITERO_E_NOT_PAIRED, "NotPaired")
        );
        assert!(failure.advice.contains("itero_client_pair"), "{failure:?}");
        client.accounts().unwrap();
        assert_eq!(
            outcome(itero_client_unpair(client.at()))
                .unwrap_err()
                .status,
            ITERO_E_NOT_PAIRED
        );
        client.pair(RIDGE, None).unwrap();
    });
}
