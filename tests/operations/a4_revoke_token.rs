//! A4 Revoke Token, with and without a network.

use itero::ffi::*;
use itero::sandbox::{FileSource, Options};

use crate::host::*;

#[test]
fn a4_revoke_signs_out() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        outcome(itero_client_revoke(client.at())).unwrap();
        assert_eq!(client.state(), ITERO_STATE_SIGNED_OUT);
        assert_eq!(text(itero_client_account_id(client.at())), "");
        assert_eq!(
            client.practice().err().unwrap().status,
            ITERO_E_NOT_SIGNED_IN
        );
        assert_eq!(
            outcome(itero_client_revoke(client.at()))
                .unwrap_err()
                .status,
            ITERO_E_NOT_SIGNED_IN
        );
        // The same client signs in again.
        client.sign_in(sandbox, ADA).unwrap();
        client.accounts().unwrap();
    });
}

#[test]
fn a4_revoke_without_a_network_signs_out_here_and_says_so() {
    for version in [V1, V2] {
        let sandbox = start(Options {
            files: FileSource::Given(small_files()),
            ..Options::default()
        });
        let client = Client::signed_in(&sandbox, version, ADA);
        sandbox.stop();
        let failure = outcome(itero_client_revoke(client.at())).unwrap_err();
        assert_eq!(failure.status, ITERO_E_NETWORK, "{failure:?}");
        assert!(
            failure.message.contains("the local tokens are gone"),
            "{failure:?}"
        );
        assert_eq!(client.state(), ITERO_STATE_SIGNED_OUT);
    }
}
