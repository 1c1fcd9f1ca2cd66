//! D7 Delete Rx.

use itero::ffi::*;

use crate::host::*;

#[test]
fn d7_an_rx_is_withdrawn_until_it_was_scanned() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        let delete =
            |rx_id: &str| outcome(unsafe { itero_rx_delete(client.at(), c(rx_id).as_ptr()) });
        let rx_id = client.rx("Maria", "Gonzalez Ferreira", "10023");
        delete(&rx_id).unwrap();
        assert_eq!(delete(&rx_id).unwrap_err().status, ITERO_E_NOT_FOUND);
        assert_eq!(delete("").unwrap_err().status, ITERO_E_ARGUMENT);
        assert_eq!(delete("..").unwrap_err().status, ITERO_E_ARGUMENT);
        assert_eq!(delete("../practice").unwrap_err().status, ITERO_E_NOT_FOUND);

        let rx_id = client.rx("Maria", "Gonzalez Ferreira", "10023");
        sandbox.scan(&rx_id).unwrap();
        let failure = delete(&rx_id).unwrap_err();
        assert_eq!(
            (failure.status, failure.http_status),
            (ITERO_E_CONFLICT, 409)
        );
        assert!(failure.advice.contains("can't be deleted"), "{failure:?}");
    });
}
