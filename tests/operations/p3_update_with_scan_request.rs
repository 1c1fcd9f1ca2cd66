//! P3 Scan request with update.

use itero::ffi::*;

use crate::host::*;

#[test]
fn p3_update_with_the_scan_request_must_be_enabled() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        let request = request("Mariana", "Gonzalez Ferreira", "10023");
        let failure = client.send(&request).err().unwrap();
        assert_eq!(
            (failure.status, failure.service_code.as_str()),
            (ITERO_E_CONFLICT, "PatientNameMismatch")
        );
        outcome(itero_scan_request_set_update_patient(request.at, 1)).unwrap();
        client.send(&request).unwrap();
        let found = client.search("", "", "10023").unwrap();
        assert_eq!(text(itero_patients_first_name(found.at, 0)), "Mariana");

        sandbox.set_features(HARBOR, None, Some(false)).unwrap();
        let failure = client.send(&request).err().unwrap();
        assert_eq!(
            (failure.status, failure.service_code.as_str()),
            (ITERO_E_NOT_ENABLED, "FeatureNotEnabled")
        );
        assert!(failure.advice.contains("Ask Align"), "{failure:?}");
        for value in [-1, 2, i32::MAX] {
            assert_eq!(
                outcome(itero_scan_request_set_update_patient(request.at, value))
                    .unwrap_err()
                    .status,
                ITERO_E_ARGUMENT
            );
        }
    });
}
