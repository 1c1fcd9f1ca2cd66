//! P4 Update by chart number.

use std::ptr::null;

use itero::ffi::*;

use crate::host::*;

#[test]
fn p4_update_by_chart_number_refuses_when_several_share_it() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        let update = |chart: &str, first: *const _, last: *const _| {
            take(itero_patients_free, |at| unsafe {
                itero_patients_update_by_chart_number(
                    client.at(),
                    c(chart).as_ptr(),
                    first,
                    last,
                    at,
                )
            })
        };
        assert_eq!(
            names(&update("10031/A #2", null(), c"Demir".as_ptr()).unwrap()),
            ["Aylin Demir"]
        );
        let failure = update("10030", null(), c"Hart".as_ptr()).err().unwrap();
        assert_eq!(failure.status, ITERO_E_CONFLICT);
        assert!(
            failure
                .message
                .contains("2 patients share the chart number"),
            "{failure:?}"
        );
        assert!(
            failure.advice.contains("itero_patients_search"),
            "{failure:?}"
        );
        assert_eq!(
            sandbox.counters().requests["patientUpdateByChart"],
            1,
            "nothing was sent"
        );
        assert_eq!(
            names(&client.search("", "", "10030").unwrap()),
            ["Olivia Hartwell", "Noah Hartwell"]
        );
        assert_eq!(
            update("no-such", null(), c"Hart".as_ptr())
                .err()
                .unwrap()
                .status,
            ITERO_E_NOT_FOUND
        );
        assert_eq!(
            update("", null(), c"Hart".as_ptr()).err().unwrap().status,
            ITERO_E_ARGUMENT
        );
        assert_eq!(
            update("..", null(), c"Hart".as_ptr()).err().unwrap().status,
            ITERO_E_ARGUMENT
        );
        assert_eq!(
            update("10023", null(), null()).err().unwrap().status,
            ITERO_E_ARGUMENT
        );
    });
}
