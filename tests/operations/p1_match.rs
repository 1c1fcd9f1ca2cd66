//! P1 Patient search in all permutations of the name.

use std::ptr::{null, null_mut};
use std::sync::Arc;
use std::time::Duration;

use itero::ffi::*;
use itero::sandbox::Fault;

use crate::host::*;

/// Name, score and reason of the rows.
fn rows(matches: &Owned<itero_matches>) -> Vec<(String, i32, i32)> {
    (0..itero_matches_count(matches.at))
        .map(|i| {
            let name = [
                itero_matches_first_name(matches.at, i),
                itero_matches_last_name(matches.at, i),
            ]
            .map(text);
            (
                name.join(" "),
                itero_matches_score(matches.at, i),
                itero_matches_reason(matches.at, i),
            )
        })
        .collect()
}

const CHART: i32 = ITERO_MATCH_CHART_NUMBER;
const NAME: i32 = ITERO_MATCH_NAME;
const SWAPPED: i32 = ITERO_MATCH_NAME_SWAPPED;
const PART: i32 = ITERO_MATCH_NAME_PART;
const ACCENTS: i32 = ITERO_MATCH_DIACRITICS;
const SPELLING: i32 = ITERO_MATCH_SPELLING;

#[test]
fn p1_match_finds_each_way_to_write_a_name() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        for (first, last, chart, found, reason) in [
            (
                "Maria",
                "Gonzalez Ferreira",
                "10023",
                "Maria Gonzalez Ferreira",
                CHART | NAME,
            ),
            (
                "MARIA",
                "gonzalez ferreira",
                "",
                "Maria Gonzalez Ferreira",
                NAME,
            ),
            (
                "Maria",
                "Gonzalez-Ferreira",
                "",
                "Maria Gonzalez Ferreira",
                SPELLING,
            ),
            (
                "Maria",
                "Ferreira Gonzalez",
                "",
                "Maria Gonzalez Ferreira",
                SWAPPED,
            ),
            (
                "Gonzalez Ferreira",
                "Maria",
                "",
                "Maria Gonzalez Ferreira",
                SWAPPED,
            ),
            (
                "",
                "Maria Gonzalez Ferreira",
                "",
                "Maria Gonzalez Ferreira",
                SPELLING,
            ),
            ("Zoe\u{308}", "Müller-Łukasz", "", "Zoë Müller-Łukasz", NAME),
            ("Zoë", "Müller Łukasz", "", "Zoë Müller-Łukasz", SPELLING),
            (
                "Zoe",
                "Muller Lukasz",
                "10024",
                "Zoë Müller-Łukasz",
                CHART | ACCENTS | SPELLING,
            ),
            (
                "Zoe",
                "Mueller-Lukasz",
                "10024",
                "Zoë Müller-Łukasz",
                CHART | ACCENTS,
            ),
            ("Jan van der", "Meer", "", "Jan van der Meer", SPELLING),
            ("Jan", "Meer, van der", "", "Jan van der Meer", SPELLING),
            ("Jan", "Meer", "10025", "Jan van der Meer", CHART | SPELLING),
            ("בן-דוד", "נועה", "", "נועה בן-דוד", SWAPPED),
            ("נועה", "בן דוד", "", "נועה בן-דוד", SPELLING),
            ("山本", "さくら", "", "さくら 山本", SWAPPED),
            ("Liam", "OConnor", "", "Liam O'Connor", SPELLING),
            ("Liam", "O’Connor", "", "Liam O'Connor", SPELLING),
            (
                "Aylin",
                "Yildiz",
                "10031/A #2",
                "Aylin Yıldız",
                CHART | ACCENTS,
            ),
            (
                "Maria",
                "Gonzalez",
                "10023",
                "Maria Gonzalez Ferreira",
                CHART | PART,
            ),
            ("Nobody", "Here", "10032", "John Smith", CHART),
        ] {
            let matches = client.find(first, last, chart).unwrap();
            let best = &rows(&matches)[0];
            assert_eq!((best.0.as_str(), best.2), (found, reason), "{first} {last}");
        }
        assert!(rows(&client.find("Nobody", "Here", "no-such-chart").unwrap()).is_empty());
        // Names that only share a part are other persons'.
        assert!(rows(&client.find("Maria", "Gonzalez Ruiz", "").unwrap()).is_empty());
    });
}

#[test]
fn p1_match_in_the_other_accounts() {
    for (account, first, last, found) in [
        (LINDEN, "Weiss", "Juergen", "Jürgen Weiß"),
        (LINDEN, "Luca", "Santis", "Luca De Santis"),
        (LINDEN, "Luca", "DeSantis", "Luca De Santis"),
        (RIDGE, "Emma", "Delacroix Nguyen", "Emma Delacroix-Nguyen"),
        (LINDEN, "Ελενη", "Παπαδοπούλου", "Ελένη Παπαδοπούλου"),
        (RIDGE, "Soren", "Ågård", "Søren Ågård"),
        (RIDGE, "Emma", "Delacroix", "Emma Delacroix-Nguyen"),
        (RIDGE, "Tomás", "O'Briain", "Tomás Ó Briain"),
    ] {
        let sandbox = small_sandbox();
        let client = Client::paired(&sandbox, V2, account);
        let matches = client.find(first, last, "").unwrap();
        let names: Vec<String> = rows(&matches).into_iter().map(|row| row.0).collect();
        let searched = sandbox.counters().requests["patientSearch"];
        assert!(searched <= 26, "{searched}");
        assert_eq!(
            names.first().map(String::as_str),
            Some(found),
            "{first} {last}"
        );
    }
}

#[test]
fn p1_match_ranks_and_explains() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        let matches = client.find("Dmitri", "Petrov", "10028").unwrap();
        assert_eq!(
            rows(&matches),
            [
                ("Petrov Dmitri".to_owned(), 90, CHART | SWAPPED),
                ("Dmitri Petrov".to_owned(), 65, NAME),
            ]
        );
        assert_eq!(text(itero_matches_chart_number(matches.at, 1)), "10028-B");
        assert_eq!(text(itero_matches_birth_date(matches.at, 1)), "1969-12-24");
        assert_eq!(text(itero_matches_patient_id(matches.at, 0)).len(), 36);
        assert_eq!(
            text(itero_matches_reason_text(matches.at, 0)),
            "The chart number is the same, the name differs in the order of its parts."
        );
        // A family with one chart number: the person of that name first.
        let matches = client.find("Noah", "Hartwell", "10030").unwrap();
        let expected = [("Noah Hartwell", 100), ("Olivia Hartwell", 20)];
        let ranked = rows(&matches);
        assert_eq!(ranked.len(), 2);
        for ((name, score, _), expected) in ranked.iter().zip(expected) {
            assert_eq!((name.as_str(), *score), expected);
        }
        let matches = client.find("John", "Smith", "10033").unwrap();
        let scores: Vec<i32> = rows(&matches).iter().map(|row| row.1).collect();
        assert_eq!(scores, [100, 65]);
        assert_eq!(text(itero_matches_chart_number(matches.at, 0)), "10033");
    });
}

#[test]
fn p1_match_is_bounded_and_leaves_everything_as_it_was() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        let long = "Anne-Marie Zoë J. de la Cruz y Müller-O'Connor MacDonald";
        client.find(long, long, "10023").unwrap();
        let requests = sandbox.counters().requests;
        assert_eq!(requests["patientSearch"], 26);
        assert_eq!(requests.get("patientUpdate"), None);
        assert_eq!(requests.get("scanRequest"), None);
        client.find("John", "Smith", "").unwrap();
        assert_eq!(sandbox.counters().requests["patientSearch"], 30);
    });
}

#[test]
fn p1_match_fails_as_a_whole_when_an_answer_is_missing() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        let fault = Fault::Status {
            status: 503,
            retry_after: None,
        };
        sandbox.fault("patientSearch", 50, fault).unwrap();
        let failure = client
            .find("Maria", "Gonzalez Ferreira", "10023")
            .err()
            .unwrap();
        assert_eq!(failure.status, ITERO_E_SERVICE);
        for secret in ["Maria", "Gonzalez", "10023"] {
            assert!(!failure.message.contains(secret), "{failure:?}");
        }
    });
}

#[test]
fn p1_match_ends_at_a_cancel() {
    both(|sandbox, version| {
        let client = Arc::new(Client::paired(sandbox, version, HARBOR));
        sandbox
            .fault("patientSearch", 50, Fault::Delay(Duration::from_secs(5)))
            .unwrap();
        let other = client.clone();
        let call =
            std::thread::spawn(move || other.find("Jan", "van der Meer", "").err().unwrap().status);
        std::thread::sleep(Duration::from_millis(300));
        outcome(itero_client_cancel(client.at())).unwrap();
        let ended = within(Duration::from_secs(2), move || call.join().unwrap());
        assert_eq!(ended, ITERO_E_CANCELLED);
    });
}

#[test]
fn p1_match_of_wrong_arguments() {
    let sandbox = small_sandbox();
    let client = Client::paired(&sandbox, V2, HARBOR);
    for (first, last, chart) in [
        ("", "", ""),
        (" ", "\t", ""),
        ("a\u{7}", "b", ""),
        (&*"x".repeat(129), "", ""),
    ] {
        let failure = client.find(first, last, chart).err().unwrap();
        assert_eq!(failure.status, ITERO_E_ARGUMENT);
    }
    assert_eq!(sandbox.counters().requests.get("patientSearch"), None);
    let mut at = null_mut();
    unsafe {
        let refused = outcome(itero_patients_match(
            client.at(),
            null(),
            null(),
            null(),
            &mut at,
        ));
        assert_eq!(refused.unwrap_err().status, ITERO_E_ARGUMENT);
        let chart = c"10023".as_ptr();
        let refused = outcome(itero_patients_match(
            client.at(),
            null(),
            null(),
            chart,
            null_mut(),
        ));
        assert_eq!(refused.unwrap_err().status, ITERO_E_ARGUMENT);
        let refused = outcome(itero_patients_match(
            null_mut(),
            null(),
            null(),
            chart,
            &mut at,
        ));
        assert_eq!(refused.unwrap_err().status, ITERO_E_HANDLE);
        outcome(itero_patients_match(
            client.at(),
            null(),
            null(),
            chart,
            &mut at,
        ))
        .unwrap();
    }
    for index in [-1, 1, i32::MAX] {
        assert_eq!(itero_matches_score(at, index), -1);
        assert_eq!(itero_matches_reason(at, index), 0);
        assert_eq!(text(itero_matches_reason_text(at, index)), "");
        assert_eq!(text(itero_matches_patient_id(at, index)), "");
    }
    assert_eq!(itero_matches_count(at), 1);
    assert_eq!(itero_matches_free(at), ITERO_OK);
    assert_eq!(itero_matches_free(at), ITERO_E_HANDLE);
    assert_eq!(itero_matches_count(at), 0);
}
