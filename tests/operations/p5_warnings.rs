//! P5 Pairing warning.

use itero::ffi::*;

use crate::host::*;

#[test]
fn p5_shared_and_missing_chart_numbers() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        let warnings = client.warnings().unwrap();
        assert_eq!(itero_warnings_duplicate_count(warnings.at), 1);
        assert_eq!(
            text(itero_warnings_duplicate_chart_number(warnings.at, 0)),
            "10030"
        );
        let shared = take(itero_patients_free, |at| unsafe {
            itero_warnings_duplicate_patients(warnings.at, 0, at)
        })
        .unwrap();
        let missing = take(itero_patients_free, |at| unsafe {
            itero_warnings_missing_chart_number(warnings.at, at)
        })
        .unwrap();
        let failure = take(itero_patients_free, |at| unsafe {
            itero_warnings_duplicate_patients(warnings.at, 1, at)
        });
        assert_eq!(failure.err().unwrap().status, ITERO_E_ARGUMENT);
        assert!(text(itero_warnings_json(warnings.at)).contains("missingChartNumber"));
        drop(warnings);
        assert_eq!(itero_patients_count(shared.at), 2);
        assert_eq!(text(itero_patients_first_name(shared.at, 1)), "Noah");
        assert_eq!(text(itero_patients_last_name(missing.at, 0)), "O'Connor");
        assert_eq!(text(itero_patients_json(missing.at)), "");
    });
}

#[test]
fn p5_must_be_enabled_by_align() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, RIDGE);
        let failure = client.warnings().err().unwrap();
        assert_eq!(
            (failure.status, failure.service_code.as_str()),
            (ITERO_E_NOT_ENABLED, "FeatureNotEnabled")
        );
        assert!(failure.advice.contains("Ask Align"), "{failure:?}");
    });
}
