//! A8 Un Pair: the sign-in stays.

use itero::ffi::*;

use crate::host::*;

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
