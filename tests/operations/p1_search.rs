//! P1 Patient search.

use itero::ffi::*;

use crate::host::*;

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
