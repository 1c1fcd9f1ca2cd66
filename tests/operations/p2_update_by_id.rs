//! P2 Update by Patient ID.

use std::ptr::{null, null_mut};

use itero::ffi::*;

use crate::host::*;

#[test]
fn p2_update_by_id_changes_what_is_given_alone() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        let id = text(itero_patients_id(
            client.search("", "", "10028").unwrap().at,
            0,
        ));
        let id = c(&id);
        let update = |first: *const _, last: *const _, chart: *const _| {
            take(itero_patients_free, |at| unsafe {
                itero_patients_update(client.at(), id.as_ptr(), first, last, chart, at)
            })
        };
        let patients = update(c"Dmitri".as_ptr(), c"Petrov".as_ptr(), null()).unwrap();
        assert_eq!(names(&patients), ["Dmitri Petrov"]);
        assert_eq!(text(itero_patients_chart_number(patients.at, 0)), "10028");
        let patients = update(null(), null(), c"10028-NEW".as_ptr()).unwrap();
        assert_eq!(names(&patients), ["Dmitri Petrov"]);
        assert_eq!(
            text(itero_patients_chart_number(patients.at, 0)),
            "10028-NEW"
        );
        // Without a place for the result.
        outcome(unsafe {
            itero_patients_update(
                client.at(),
                id.as_ptr(),
                c"Dima".as_ptr(),
                null(),
                null(),
                null_mut(),
            )
        })
        .unwrap();
        assert_eq!(
            names(&client.search("", "", "10028-NEW").unwrap()),
            ["Dima Petrov"]
        );

        assert_eq!(
            update(null(), null(), null()).err().unwrap().status,
            ITERO_E_ARGUMENT
        );
        let failure = update(c"".as_ptr(), null(), null()).err().unwrap();
        assert!(
            failure.message.contains("first_name is empty"),
            "{failure:?}"
        );
        assert_eq!(
            update(null(), null(), c"10023".as_ptr())
                .err()
                .unwrap()
                .status,
            ITERO_E_CONFLICT
        );
    });
}

#[test]
fn p2_an_id_that_is_none_or_unknown() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        for (id, status) in [
            ("10028", ITERO_E_ARGUMENT),
            ("", ITERO_E_ARGUMENT),
            ("../practice", ITERO_E_ARGUMENT),
            ("00000000-0000-4000-8000-000000000000", ITERO_E_NOT_FOUND),
        ] {
            let id = c(id);
            let failure = outcome(unsafe {
                itero_patients_update(
                    client.at(),
                    id.as_ptr(),
                    c"A".as_ptr(),
                    null(),
                    null(),
                    null_mut(),
                )
            })
            .unwrap_err();
            assert_eq!(failure.status, status, "{failure:?}");
        }
    });
}
