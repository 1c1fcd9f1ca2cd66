//! D2 Scan Request: sent once, told clearly.

use std::sync::Arc;
use std::time::Duration;

use itero::ffi::*;
use itero::sandbox::Fault;

use crate::host::*;

#[test]
fn d2_send_gives_the_rx_id() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        let request = request("Maria", "Gonzalez Ferreira", "10023");
        unsafe {
            outcome(itero_scan_request_set_due_date(
                request.at,
                c"12/24/2026".as_ptr(),
            ))
            .unwrap();
            outcome(itero_scan_request_set_patient_birth_date(
                request.at,
                c"1984-03-17".as_ptr(),
            ))
            .unwrap();
            outcome(itero_scan_request_set_lab_id(request.at, c"L-210".as_ptr())).unwrap();
            outcome(itero_scan_request_set_notes(
                request.at,
                c"Bitte Rand 36 – größer".as_ptr(),
            ))
            .unwrap();
            let (number, crown, material, shade) = (c"36", c"Crown", c"Zirconia", c"A2");
            outcome(itero_scan_request_add_tooth(
                request.at,
                number.as_ptr(),
                crown.as_ptr(),
                material.as_ptr(),
                shade.as_ptr(),
            ))
            .unwrap();
        }
        let rx = client.send(&request).unwrap();
        let rx_id = text(itero_rx_id(rx.at));
        assert!(!rx_id.is_empty() && !text(itero_rx_patient_id(rx.at)).is_empty());
        assert!(itero_rx_created_time(rx.at) > 1_700_000_000_000);
        assert!(text(itero_rx_json(rx.at)).contains(&rx_id));
        let rxs = sandbox.rxs();
        assert_eq!(rxs.len(), 1);
        assert_eq!(rxs[0].rx_id, rx_id);
        assert_eq!(
            rxs[0].idempotency_key.as_deref(),
            Some(text(itero_rx_operation_id(rx.at)).as_str())
        );
        // Nobody was created: the patient was there already.
        let found = client.search("", "", "10023").unwrap();
        assert_eq!(itero_patients_count(found.at), 1);
        assert_eq!(
            text(itero_patients_id(found.at, 0)),
            text(itero_rx_patient_id(rx.at))
        );
    });
}

#[test]
fn d2_all_faults_are_told_at_once_and_nothing_is_sent() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        let request = take(itero_scan_request_free, |at| unsafe {
            itero_scan_request_new(at)
        })
        .unwrap();
        unsafe {
            outcome(itero_scan_request_set_due_date(
                request.at,
                c"24.12.2026".as_ptr(),
            ))
            .unwrap();
            outcome(itero_scan_request_set_patient_first_name(
                request.at,
                c"Jane\nDoe".as_ptr(),
            ))
            .unwrap();
            let (number, empty) = (c"99", c"");
            outcome(itero_scan_request_add_tooth(
                request.at,
                number.as_ptr(),
                empty.as_ptr(),
                empty.as_ptr(),
                empty.as_ptr(),
            ))
            .unwrap();
        }
        let failure = client.send(&request).err().unwrap();
        assert_eq!(failure.status, ITERO_E_ARGUMENT);
        for member in [
            "patient_first_name",
            "patient_last_name",
            "patient_chart_number",
            "doctor_id",
            "procedure_map_id",
            "due_date",
            "teeth[0]",
        ] {
            assert!(failure.message.contains(member), "{member} in {failure:?}");
        }
        assert!(!failure.message.contains("Jane"), "{failure:?}");
        assert_eq!(sandbox.counters().requests.get("scanRequest"), None);
    });
}

#[test]
fn d2_what_the_service_refuses_is_named() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        let request = request("Maria", "Gonzalez Ferreira", "10023");
        outcome(unsafe { itero_scan_request_set_doctor_id(request.at, c"9999".as_ptr()) }).unwrap();
        let failure = client.send(&request).err().unwrap();
        assert_eq!(failure.status, ITERO_E_ARGUMENT);
        assert!(failure.message.contains("doctorId"), "{failure:?}");
        assert!(sandbox.rxs().is_empty());
    });
}

#[test]
fn d2_a_lost_answer_is_never_sent_again_by_itself() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        let request = request("Maria", "Gonzalez Ferreira", "10023");
        for (fault, arrived) in [
            (Fault::DropAfter, 1),
            (Fault::DropBefore, 1),
            (
                Fault::Status {
                    status: 503,
                    retry_after: None,
                },
                1,
            ),
            (
                Fault::Body {
                    status: 201,
                    content_type: "text/html".into(),
                    text: "<html>".into(),
                },
                1,
            ),
        ] {
            sandbox.fault("scanRequest", 1, fault).unwrap();
            let failure = client.send(&request).err().unwrap();
            assert_eq!(failure.status, ITERO_E_OUTCOME_UNKNOWN, "{failure:?}");
            assert!(failure.message.contains("operation "), "{failure:?}");
            assert!(!failure.retryable);
            assert_eq!(sandbox.rxs().len(), arrived);
        }
        assert_eq!(sandbox.counters().requests["scanRequest"], 4);
    });
}

#[test]
fn d2_a_request_that_never_left_is_told_as_that() {
    for version in [V1, V2] {
        let sandbox = small_sandbox();
        let client = Client::paired(&sandbox, version, HARBOR);
        client.practice().unwrap();
        let request = request("Maria", "Gonzalez Ferreira", "10023");
        sandbox
            .fault(
                "scanRequest",
                3,
                Fault::Status {
                    status: 429,
                    retry_after: None,
                },
            )
            .unwrap();
        assert_eq!(
            client.send(&request).err().unwrap().status,
            ITERO_E_RATE_LIMIT
        );
        sandbox.stop();
        // Until the kept connection is known to be closed, nobody can say whether a request has left.
        std::thread::sleep(Duration::from_millis(300));
        let failure = client.send(&request).err().unwrap();
        assert_eq!(failure.status, ITERO_E_NETWORK, "{failure:?}");
        assert!(failure.retryable);
    }
}

#[test]
fn d2_a_cancel_after_the_first_byte_leaves_the_outcome_open() {
    both(|sandbox, version| {
        let client = Arc::new(Client::paired(sandbox, version, HARBOR));
        client.practice().unwrap();
        sandbox
            .fault("scanRequest", 1, Fault::Delay(Duration::from_millis(1500)))
            .unwrap();
        let other = client.clone();
        let call = std::thread::spawn(move || {
            other
                .send(&request("Maria", "Gonzalez Ferreira", "10023"))
                .err()
                .unwrap()
                .status
        });
        std::thread::sleep(Duration::from_millis(400));
        outcome(itero_client_cancel(client.at())).unwrap();
        assert_eq!(call.join().unwrap(), ITERO_E_OUTCOME_UNKNOWN);
    });
}
