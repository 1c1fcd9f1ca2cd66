//! P1 Patient search, P2 Update by Patient ID, P4 Update by chart number.

use std::ptr::{null, null_mut};

use itero::ffi::*;

use crate::host::*;

fn names(patients: &Owned<itero_patients>) -> Vec<String> {
    (0..itero_patients_count(patients.at))
        .map(|i| {
            format!(
                "{} {}",
                text(itero_patients_first_name(patients.at, i)),
                text(itero_patients_last_name(patients.at, i))
            )
        })
        .collect()
}

#[test]
fn p1_search_by_each_member_in_every_script() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        for (first, last, chart, found) in [
            (
                "Maria",
                "Gonzalez Ferreira",
                "10023",
                vec!["Maria Gonzalez Ferreira"],
            ),
            (
                "maria",
                "GONZALEZ FERREIRA",
                "",
                vec!["Maria Gonzalez Ferreira"],
            ),
            ("", "", "10030", vec!["Olivia Hartwell", "Noah Hartwell"]),
            ("John", "Smith", "", vec!["John Smith", "John Smith"]),
            ("John", "Smith", "10033", vec!["John Smith"]),
            ("נועה", "בן-דוד", "", vec!["נועה בן-דוד"]),
            ("さくら", "", "", vec!["さくら 山本"]),
            ("Zoë", "Müller-Łukasz", "", vec!["Zoë Müller-Łukasz"]),
            // The same name with the diaeresis as a character of its own.
            (
                "Zoe\u{308}",
                "Mu\u{308}ller-Łukasz",
                "",
                vec!["Zoë Müller-Łukasz"],
            ),
            ("  Maria ", "", "10023", vec!["Maria Gonzalez Ferreira"]),
            ("", "", "10031/A #2", vec!["Aylin Yıldız"]),
            ("Nobody", "Here", "", vec![]),
        ] {
            let patients = client.search(first, last, chart).unwrap();
            assert_eq!(names(&patients), found);
        }
        let patients = client.search("Liam", "", "").unwrap();
        assert_eq!(text(itero_patients_chart_number(patients.at, 0)), "");
        assert_eq!(
            text(itero_patients_birth_date(patients.at, 0)),
            "1993-02-11"
        );
        assert!(text(itero_patients_json(patients.at)).contains("Liam"));
    });
}

#[test]
fn p1_search_for_nothing_is_refused() {
    let sandbox = small_sandbox();
    let client = Client::paired(&sandbox, V2, HARBOR);
    for (first, last, chart) in [("", "", ""), ("  ", "\t", "")] {
        let failure = client.search(first, last, chart).err().unwrap();
        assert_eq!(failure.status, ITERO_E_ARGUMENT);
    }
    let long = "x".repeat(129);
    let failure = client.search(&long, "", "").err().unwrap();
    assert!(
        failure.message.contains("first_name is longer than 128"),
        "{failure:?}"
    );
    let failure = client.search("", "a\u{7}b", "").err().unwrap();
    assert!(
        failure
            .message
            .contains("last_name holds a control character"),
        "{failure:?}"
    );
    assert_eq!(sandbox.counters().requests.get("patientSearch"), None);
}

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
        assert_eq!(
            (failure.status, failure.http_status),
            (ITERO_E_CONFLICT, 409)
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
