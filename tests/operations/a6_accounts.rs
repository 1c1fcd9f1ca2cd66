//! A6 Get Accounts for pairing.

use itero::ffi::*;

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
