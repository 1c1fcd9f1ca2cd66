//! D2 Scan Request by itero_rx_push: each row of its table of decisions, and each failure between its steps.

use std::ffi::c_void;
use std::ptr::null_mut;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use itero::ffi::*;
use itero::sandbox::{Fault, Sandbox};

use crate::host::*;

const NEVER: i32 = ITERO_PUSH_NEVER_UPDATE;
const UPDATE: i32 = ITERO_PUSH_UPDATE_NAME;
const ASK: i32 = ITERO_PUSH_ASK;

type Answer<'a> = &'a (dyn Fn(*const itero_matches) -> i32 + Sync);

extern "C" fn answer(user: *mut c_void, matches: *const itero_matches) -> i32 {
    // SAFETY: the test hands in a pointer to its answer, which lives until the push returns.
    unsafe { (*user.cast::<Answer<'_>>())(matches) }
}

fn push_as(
    client: &Client,
    request: &Owned<itero_scan_request>,
    policy: i32,
    mut decide: Answer<'_>,
) -> Outcome<String> {
    let user = (&raw mut decide).cast();
    let rx = take(itero_rx_free, |at| unsafe {
        itero_rx_push(client.at(), request.at, policy, Some(answer), user, at)
    })?;
    Ok(text(itero_rx_patient_id(rx.at)))
}

/// A push whose callback must not be needed.
fn push(client: &Client, who: (&str, &str, &str), policy: i32) -> Outcome<String> {
    push_as(client, &request(who.0, who.1, who.2), policy, &|_| -2)
}

fn count(client: &Client, first: &str, last: &str, chart: &str) -> i32 {
    itero_patients_count(client.search(first, last, chart).unwrap().at)
}

fn id(client: &Client, chart: &str) -> String {
    text(itero_patients_id(
        client.search("", "", chart).unwrap().at,
        0,
    ))
}

fn requests(sandbox: &Sandbox, operation: &str) -> u64 {
    let requests = sandbox.counters().requests;
    requests.get(operation).copied().unwrap_or(0)
}

fn set_birth_date(request: &Owned<itero_scan_request>, date: &str) {
    outcome(unsafe { itero_scan_request_set_patient_birth_date(request.at, c(date).as_ptr()) })
        .unwrap();
}

/// A conflict that changed and sent nothing, and that names nobody.
fn refused(sandbox: &Sandbox, who: (&str, &str, &str), result: Outcome<String>) {
    let failure = result.unwrap_err();
    assert_eq!(failure.status, ITERO_E_CONFLICT, "{failure:?}");
    for secret in [who.0, who.1, who.2] {
        assert!(!failure.message.contains(secret), "{failure:?}");
    }
    assert_eq!(requests(sandbox, "patientUpdate"), 0);
    assert_eq!(requests(sandbox, "scanRequest"), 0);
}

#[test]
fn d2_push_the_same_chart_number_and_name() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        for policy in [NEVER, UPDATE, ASK] {
            for who in [
                ("maria", "GONZALEZ FERREIRA", "10023"),
                ("John", "Smith", "10033"),
            ] {
                let patient = push(&client, who, policy).unwrap();
                assert_eq!(patient, id(&client, who.2));
                assert_eq!(count(&client, "", "", who.2), 1);
            }
        }
        assert_eq!(count(&client, "John", "Smith", ""), 2);
        assert_eq!(
            (sandbox.rxs().len(), requests(sandbox, "patientUpdate")),
            (6, 0)
        );
    });
}

#[test]
fn d2_push_a_permuted_name_by_policy() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        for who in [
            ("Zoe", "Mueller-Lukasz", "10024"),
            ("Jan van der", "Meer", "10025"),
            ("Aylin", "Demir", "10031/A #2"),
        ] {
            refused(sandbox, who, push(&client, who, NEVER));
        }
        for (done, who) in [
            ("Zoe", "Mueller-Lukasz", "10024"),
            ("Jan", "Meer", "10025"),
            ("Dmitri", "Petrov", "10028"),
            // Married.
            ("Aylin", "Demir", "10031/A #2"),
        ]
        .into_iter()
        .enumerate()
        {
            let before = id(&client, who.2);
            assert_eq!(push(&client, who, UPDATE).unwrap(), before);
            assert_eq!(count(&client, who.0, who.1, who.2), 1);
            assert_eq!(count(&client, "", "", who.2), 1);
            assert_eq!(requests(sandbox, "patientUpdate"), done as u64 + 1);
        }
    });
}

#[test]
fn d2_push_where_nobody_can_be_certain() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        for who in [
            // Shared chart number; a stranger's; a namesake's; the same person under another number.
            ("Olivia", "Hartwell", "10030"),
            ("Peter", "Quill", "10032"),
            ("John", "Smith", "10099"),
            ("Petrov", "Dmitri", "10099"),
        ] {
            refused(sandbox, who, push(&client, who, NEVER));
            refused(sandbox, who, push(&client, who, UPDATE));
        }
        let who = ("Liam", "O'Connor", "10040");
        refused(sandbox, who, push(&client, who, NEVER));
        // The chart number's patient was born on another day.
        let request = request("Dmitri", "Petrov", "10028");
        set_birth_date(&request, "1970-01-01");
        refused(sandbox, who, push_as(&client, &request, UPDATE, &|_| 0));
        assert_eq!(
            count(&client, "", "", "10099") + count(&client, "", "", "10040"),
            0
        );
    });
}

#[test]
fn d2_push_sets_a_missing_chart_number() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        let before = text(itero_patients_id(
            client.search("Liam", "", "").unwrap().at,
            0,
        ));
        assert_eq!(
            push(&client, ("Liam", "O’Connor", "10040"), UPDATE).unwrap(),
            before
        );
        assert_eq!(count(&client, "Liam", "", ""), 1);
        assert_eq!(id(&client, "10040"), before);
        assert_eq!(requests(sandbox, "patientUpdate"), 1);
    });
}

#[test]
fn d2_push_a_new_patient() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        for (i, policy) in [NEVER, UPDATE, ASK].into_iter().enumerate() {
            let chart = format!("2000{i}");
            let who = ["Ingrid", "Greta", "Hulda"][i];
            push(&client, (who, "Solberg", &chart), policy).unwrap();
            // Again: the same patient.
            push(&client, (who, "Solberg", &chart), policy).unwrap();
            assert_eq!(count(&client, who, "", ""), 1);
        }
        // A namesake whose birth date tells the two apart.
        let request = request("John", "Smith", "10099");
        set_birth_date(&request, "2001-01-01");
        push_as(&client, &request, UPDATE, &|_| -2).unwrap();
        assert_eq!(count(&client, "John", "Smith", ""), 3);
        assert_eq!(requests(sandbox, "patientUpdate"), 0);
    });
}

#[test]
fn d2_push_the_callback_chooses() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        let at = client.at() as usize;
        // The best match; the callback calls back into the library.
        let smith = request("Dmitri", "Petrov", "10028");
        let patient = push_as(&client, &smith, ASK, &|matches| {
            assert_eq!(itero_matches_count(matches), 2);
            assert!(itero_matches_reason(matches, 0) & ITERO_MATCH_CHART_NUMBER != 0);
            let mut patients = null_mut();
            let found = unsafe {
                itero_patients_search(
                    at as *mut _,
                    c"".as_ptr(),
                    c"".as_ptr(),
                    c"10028".as_ptr(),
                    &mut patients,
                )
            };
            assert_eq!((found, itero_patients_count(patients)), (ITERO_OK, 1));
            itero_patients_free(patients)
        })
        .unwrap();
        assert_eq!(patient, id(&client, "10028"));
        assert_eq!(count(&client, "Dmitri", "Petrov", "10028"), 1);
        // One with another chart number: the host knows that it is the same person.
        let known = id(&client, "10032");
        let smith = request("John", "Smith", "10099");
        let row = |matches: *const itero_matches| {
            (0..2)
                .find(|i| text(itero_matches_chart_number(matches, *i)) == "10032")
                .unwrap()
        };
        assert_eq!(push_as(&client, &smith, ASK, &row).unwrap(), known);
        assert_eq!(
            (
                count(&client, "John", "Smith", ""),
                count(&client, "", "", "10032")
            ),
            (2, 0)
        );
        // None of them.
        push_as(&client, &request("John", "Smith", "10100"), ASK, &|_| {
            ITERO_PUSH_NONE_OF_THEM
        })
        .unwrap();
        assert_eq!(count(&client, "John", "Smith", ""), 3);
        // One of a family with one chart number.
        let rxs = sandbox.rxs().len();
        push_as(&client, &request("Noah", "Hartwell", "10030"), ASK, &|_| 0).unwrap();
        assert_eq!(
            (sandbox.rxs().len(), count(&client, "", "", "10030")),
            (rxs + 1, 2)
        );
    });
}

#[test]
fn d2_push_answers_that_send_nothing() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        let lent = AtomicI32::new(0);
        for (who, reply, status) in [
            (
                ("John", "Smith", "10099"),
                ITERO_PUSH_STOP,
                ITERO_E_CANCELLED,
            ),
            (("John", "Smith", "10099"), 2, ITERO_E_ARGUMENT),
            (("John", "Smith", "10099"), -3, ITERO_E_ARGUMENT),
            (("John", "Smith", "10099"), i32::MAX, ITERO_E_ARGUMENT),
            // A new patient can't have another one's chart number.
            (
                ("Peter", "Quill", "10032"),
                ITERO_PUSH_NONE_OF_THEM,
                ITERO_E_CONFLICT,
            ),
            // Noah is there already, so Olivia can't become Noah.
            (("Noah", "Hartwell", "10030"), 1, ITERO_E_CONFLICT),
        ] {
            let asked = push_as(&client, &request(who.0, who.1, who.2), ASK, &|matches| {
                lent.fetch_add(1, Ordering::SeqCst);
                assert!(itero_matches_count(matches) > 0);
                reply
            });
            assert_eq!(asked.unwrap_err().status, status, "{who:?} {reply}");
        }
        assert_eq!(lent.load(Ordering::SeqCst), 6);
        // The handle ends with the call, and a host that frees it does no harm.
        let kept = AtomicI32::new(0);
        let place = std::sync::Mutex::new(0usize);
        let freed = push_as(
            &client,
            &request("John", "Smith", "10099"),
            ASK,
            &|matches| {
                *place.lock().unwrap() = matches as usize;
                kept.store(itero_matches_free(matches.cast_mut()), Ordering::SeqCst);
                ITERO_PUSH_STOP
            },
        );
        assert_eq!(freed.unwrap_err().status, ITERO_E_CANCELLED);
        assert_eq!(kept.load(Ordering::SeqCst), ITERO_OK);
        let gone = *place.lock().unwrap() as *const itero_matches;
        assert_eq!(itero_matches_count(gone), 0);
        assert_eq!(itero_last_error_status(), ITERO_E_HANDLE);
        assert_eq!(
            (
                requests(sandbox, "patientUpdate"),
                requests(sandbox, "scanRequest")
            ),
            (0, 0)
        );
    });
}

#[test]
fn d2_push_of_wrong_arguments() {
    let sandbox = small_sandbox();
    let client = Client::paired(&sandbox, V2, HARBOR);
    let good = request("John", "Smith", "10032");
    for policy in [0, 4, -1] {
        let failure = push_as(&client, &good, policy, &|_| 0).unwrap_err();
        assert_eq!(failure.status, ITERO_E_ARGUMENT);
    }
    let bare = |policy, request: *const itero_scan_request, place: *mut *mut itero_rx| {
        outcome(unsafe { itero_rx_push(client.at(), request, policy, None, null_mut(), place) })
    };
    let mut rx = null_mut();
    assert_eq!(
        bare(ASK, good.at, &mut rx).unwrap_err().status,
        ITERO_E_ARGUMENT
    );
    assert_eq!(
        bare(UPDATE, good.at, null_mut()).unwrap_err().status,
        ITERO_E_ARGUMENT
    );
    assert_eq!(
        bare(UPDATE, null_mut(), &mut rx).unwrap_err().status,
        ITERO_E_HANDLE
    );
    let failure = push(&client, ("", "Smith", "10032"), UPDATE).unwrap_err();
    assert!(
        failure.message.contains("patient_first_name is missing"),
        "{failure:?}"
    );
    assert_eq!(requests(&sandbox, "patientSearch"), 0);
    bare(NEVER, good.at, &mut rx).unwrap();
    assert_eq!(itero_rx_free(rx), ITERO_OK);
}

#[test]
fn d2_push_a_failure_tells_what_was_done() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        let who = ("Dmitri", "Petrov", "10028");
        let unavailable = Fault::Status {
            status: 503,
            retry_after: None,
        };
        sandbox.fault("patientSearch", 50, unavailable).unwrap();
        assert_eq!(
            push(&client, who, UPDATE).unwrap_err().status,
            ITERO_E_SERVICE
        );
        sandbox.clear_faults();
        assert_eq!(
            (
                requests(sandbox, "patientUpdate"),
                requests(sandbox, "scanRequest")
            ),
            (0, 0)
        );

        let conflict = Fault::Status {
            status: 409,
            retry_after: None,
        };
        sandbox.fault("patientUpdate", 1, conflict).unwrap();
        let failure = push(&client, who, UPDATE).unwrap_err();
        assert_eq!(failure.status, ITERO_E_CONFLICT);
        assert!(failure.message.contains("was not corrected"), "{failure:?}");
        // Corrected, but the answer is lost.
        sandbox
            .fault("patientUpdate", 50, Fault::DropAfter)
            .unwrap();
        let failure = push(&client, who, UPDATE).unwrap_err();
        assert_eq!(failure.status, ITERO_E_NETWORK);
        assert!(
            failure.message.contains("may or may not have been made"),
            "{failure:?}"
        );
        sandbox.clear_faults();
        assert_eq!(requests(sandbox, "scanRequest"), 0);
        // The repeat finds the name in order and sends.
        push(&client, who, UPDATE).unwrap();
        assert_eq!(
            (count(&client, "", "", "10028"), sandbox.rxs().len()),
            (1, 1)
        );

        // Corrected, then the scan request is refused, or its answer is lost.
        let busy = Fault::Status {
            status: 429,
            retry_after: None,
        };
        for (chart, last, fault, status) in [
            ("10025", "Meer", busy, ITERO_E_RATE_LIMIT),
            (
                "10031/A #2",
                "Yildiz",
                Fault::DropAfter,
                ITERO_E_OUTCOME_UNKNOWN,
            ),
        ] {
            let first = if last == "Meer" { "Jan" } else { "Aylin" };
            sandbox.fault("scanRequest", 50, fault).unwrap();
            let failure = push(&client, (first, last, chart), UPDATE).unwrap_err();
            sandbox.clear_faults();
            assert_eq!(failure.status, status, "{failure:?}");
            assert!(failure.message.contains("was corrected"), "{failure:?}");
            for secret in [first, last, chart] {
                assert!(!failure.message.contains(secret), "{failure:?}");
            }
            assert_eq!(count(&client, first, last, chart), 1);
        }
        assert_eq!(sandbox.rxs().len(), 2);
    });
}

#[test]
fn d2_push_ends_at_a_cancel_in_every_step() {
    both(|sandbox, version| {
        let client = Arc::new(Client::paired(sandbox, version, HARBOR));
        client.practice().unwrap();
        for (operation, status) in [
            ("patientSearch", ITERO_E_CANCELLED),
            ("patientUpdate", ITERO_E_CANCELLED),
            ("scanRequest", ITERO_E_OUTCOME_UNKNOWN),
        ] {
            let before = requests(sandbox, operation);
            sandbox
                .fault(operation, 50, Fault::Delay(Duration::from_secs(3)))
                .unwrap();
            let other = client.clone();
            let call =
                std::thread::spawn(move || push(&other, ("Dmitri", "Petrov", "10028"), UPDATE));
            while requests(sandbox, operation) == before {
                std::thread::sleep(Duration::from_millis(10));
            }
            outcome(itero_client_cancel(client.at())).unwrap();
            let failure = within(Duration::from_secs(2), move || call.join().unwrap()).unwrap_err();
            sandbox.clear_faults();
            assert_eq!(failure.status, status, "{failure:?}");
        }
        assert!(sandbox.rxs().len() <= 1);
        // While the host is asked: its answer no longer counts.
        let sent = requests(sandbox, "scanRequest");
        let at = client.at() as usize;
        let smith = request("John", "Smith", "10099");
        let failure = push_as(&client, &smith, ASK, &|_| {
            assert_eq!(itero_client_cancel(at as *mut _), ITERO_OK);
            0
        });
        assert_eq!(failure.unwrap_err().status, ITERO_E_CANCELLED);
        assert_eq!(requests(sandbox, "scanRequest"), sent);
        assert_eq!(count(&client, "", "", "10032"), 1);
    });
}
