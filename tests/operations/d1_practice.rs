//! D1 Get Practice Configuration.

use itero::ffi::*;
use itero::sandbox::Fault;

use crate::host::*;

#[test]
fn d1_all_that_a_scan_request_needs() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        let practice = client.practice().unwrap();
        let at = practice.at;
        assert_eq!(text(itero_practice_account_id(at)), HARBOR);
        assert_eq!(text(itero_practice_name(at)), "Harbor Lane Dental");
        assert_eq!(text(itero_practice_time_zone(at)), "America/New_York");
        assert_eq!(itero_practice_doctor_count(at), 3);
        assert_eq!(text(itero_practice_doctor_id(at, 0)), "7001");
        assert_eq!(text(itero_practice_doctor_last_name(at, 2)), "O'Meara");
        assert!(text(itero_practice_doctor_email(at, 0)).contains('@'));
        assert!(!text(itero_practice_doctor_license_number(at, 0)).is_empty());
        assert_eq!(text(itero_practice_lab_id(at, 0)), "L-210");
        assert_eq!(text(itero_practice_procedure_map_id(at, 1)), "102");
        assert_eq!(
            text(itero_practice_scanner_serial_number(at, 0)),
            "RL2024A00731"
        );
        assert_eq!(itero_practice_lab_count(at), 2);
        assert!(text(itero_practice_json(at)).contains("procedureMapId"));
        assert_eq!(text(itero_practice_lab_name(at, 2)), "");
        assert_eq!(itero_last_error_status(), ITERO_E_ARGUMENT);
    });
}

/// Members in any letter case, ids as numbers or text, unknown members: all are read.
#[test]
fn d1_reading_is_tolerant() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        for body in [
            r#"{"accountId":"7","doctors":[{"doctorId":"1","firstName":"Ada"}],"labs":null,"news":[1]}"#,
            r#"{"AccountId":7,"Doctors":[{"DoctorId":1,"FirstName":"Ada","Extra":{}}]}"#,
            r#"{"ACCOUNTID":7,"DOCTORS":[{"DOCTORID":1,"FIRSTNAME":"Ada"}],"LABS":[]}"#,
        ] {
            let fault = Fault::Body {
                status: 200,
                content_type: "application/json".into(),
                text: body.into(),
            };
            sandbox.fault("practice", 1, fault).unwrap();
            let practice = client.practice().unwrap();
            assert_eq!(text(itero_practice_account_id(practice.at)), "7");
            assert_eq!(text(itero_practice_doctor_id(practice.at, 0)), "1");
            assert_eq!(
                text(itero_practice_doctor_first_name(practice.at, 0)),
                "Ada"
            );
            assert_eq!(itero_practice_lab_count(practice.at), 0);
        }
        for (body, words) in [
            (r#"{"doctors":[]}"#, "lacks the member accountId"),
            (r#"{"accountId":7}"#, "lacks the member doctors"),
            (
                r#"{"accountId":7,"doctors":[{"firstName":"Ada"}]}"#,
                "doctors[0].doctorId",
            ),
            (r#"{"accountId":7,"doctors":{}}"#, "doctors is not a list"),
            (r#"{"accountId":[],"doctors":[]}"#, "accountId is not text"),
            ("[]", "top level is not an object"),
            ("{\"accountId\":", "not JSON"),
            ("  <!doctype html><title>Proxy</title>", "web page (HTML)"),
        ] {
            let fault = Fault::Body {
                status: 200,
                content_type: "text/html".into(),
                text: body.into(),
            };
            sandbox.fault("practice", 1, fault).unwrap();
            let failure = client.practice().err().unwrap();
            assert_eq!(failure.status, ITERO_E_PROTOCOL);
            assert!(failure.message.contains(words), "{words} in {failure:?}");
            assert!(!failure.request_id.is_empty());
        }
    });
}

#[test]
fn d1_each_kind_of_refusal_has_its_own_status() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        for (http, status, retryable) in [
            (400, ITERO_E_ARGUMENT, false),
            (403, ITERO_E_FORBIDDEN, false),
            (404, ITERO_E_NOT_FOUND, false),
            (409, ITERO_E_CONFLICT, false),
            (422, ITERO_E_ARGUMENT, false),
            (429, ITERO_E_RATE_LIMIT, true),
            (500, ITERO_E_SERVICE, true),
            (503, ITERO_E_SERVICE, true),
            (418, ITERO_E_PROTOCOL, false),
        ] {
            sandbox
                .fault(
                    "practice",
                    3,
                    Fault::Status {
                        status: http,
                        retry_after: None,
                    },
                )
                .unwrap();
            let failure = client.practice().err().unwrap();
            assert_eq!(
                (failure.status, failure.http_status, failure.retryable),
                (status, i32::from(http), retryable),
                "{failure:?}"
            );
            assert!(!failure.request_id.is_empty());
            sandbox.clear_faults();
        }
        // A proxy's page in place of an error's JSON is told as that.
        let fault = Fault::Body {
            status: 502,
            content_type: "text/html".into(),
            text: "<html>Bad gateway".into(),
        };
        sandbox.fault("practice", 3, fault).unwrap();
        let failure = client.practice().err().unwrap();
        assert!(
            failure.message.contains("127.0.0.1 sent a web page (HTML)"),
            "{failure:?}"
        );
        client.practice().unwrap();
    });
}
