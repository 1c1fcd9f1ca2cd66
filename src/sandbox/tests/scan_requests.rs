//! Scan requests: validation, idempotency, the patient behind them, and withdrawal.

use super::*;

#[test]
fn a_wrong_member_is_named() {
    let peer = Peer::paired(small());
    let cases = [
        ("/doctorId", json!(7004), 422, "doctorId"),
        ("/doctorId", Value::Null, 400, "doctorId"),
        ("/procedureMapId", json!(999), 422, "procedureMapId"),
        ("/labId", json!("L-801"), 422, "labId"),
        (
            "/scannerSerialNumber",
            json!("X"),
            422,
            "scannerSerialNumber",
        ),
        ("/dueDate", json!("tomorrow"), 400, "dueDate"),
        ("/patient", json!("Zoë"), 400, "patient"),
        ("/patient/firstName", json!("  "), 400, "patient.firstName"),
        (
            "/patient/chartNumber",
            json!("x".repeat(101)),
            400,
            "patient.chartNumber",
        ),
        (
            "/teeth/0/toothNumber",
            json!("99"),
            422,
            "teeth[0].toothNumber",
        ),
    ];
    for (pointer, value, status, field) in cases {
        let mut request = good_request();
        *request.pointer_mut(pointer).expect("a member") = value;
        let answer = peer.post(&peer.v1("/scan-requests"), &request);
        let given = (
            answer.status,
            answer.json()["field"].as_str().map(str::to_owned),
        );
        assert_eq!(given, (status, Some(field.to_owned())), "{pointer}");
    }
    assert_eq!(peer.sandbox.rxs(), [], "nothing was made of all that");
}

#[test]
fn an_idempotency_key_makes_one_rx() {
    let peer = Peer::paired(small());
    let send = |key: &str, body: &Value| {
        let request = peer.request(Method::POST, &peer.v1("/scan-requests"), Some(body));
        peer.ask(request.header("Idempotency-Key", key))
    };
    let mut wrong = good_request();
    wrong["doctorId"] = 1.into();
    assert_eq!(send("k-1", &wrong).status, 422);
    let first = send("k-1", &good_request());
    assert_eq!(
        first.status, 201,
        "a refused request doesn't use its key up"
    );
    let again = send("k-1", &good_request());
    assert_eq!((again.status, again.json()), (201, first.json()));
    assert_eq!(peer.sandbox.rxs().len(), 1);
    assert_eq!(send("k-1", &wrong).code(), "IdempotencyKeyReused");
    assert_ne!(
        send("k-2", &good_request()).json()["rxId"],
        first.json()["rxId"]
    );
    let keys: Vec<_> = peer
        .sandbox
        .rxs()
        .into_iter()
        .filter_map(|rx| rx.idempotency_key)
        .collect();
    assert_eq!(keys.len(), 2);
}

#[test]
fn the_chart_number_decides_who_is_meant() {
    let peer = Peer::paired(small());
    let send = |first: &str, last: &str, chart: &str, update: bool| {
        let mut request = good_request();
        request["patient"] = json!({"firstName": first, "lastName": last, "chartNumber": chart});
        request["updatePatient"] = update.into();
        peer.post(&peer.v1("/scan-requests"), &request)
    };
    let known = send("ZOË", "müller-łukasz", "10024", false).json();
    assert_eq!(known["patientId"], "5a4db0c5-0417-4000-8000-000000000002");
    let made = send("Nia", "Newcomer", "N-7", false).json();
    assert_eq!(
        send("Nia", "Newcomer", "N-7", false).json()["patientId"],
        made["patientId"]
    );
    let other = send("Zoë", "Married", "10024", false);
    assert_eq!(
        (other.status, other.code().as_str()),
        (409, "PatientNameMismatch")
    );
    let corrected = send("Zoë", "Married", "10024", true);
    assert_eq!(
        (corrected.status, &corrected.json()["patientId"]),
        (201, &known["patientId"])
    );
    let found = peer.get(&peer.v1("/patients?chartNumber=10024")).json();
    assert_eq!(found["patients"][0]["lastName"], "Married");
    assert_eq!(
        send("Some", "Body", "10030", true).code(),
        "DuplicateChartNumber"
    );
    assert_eq!(
        send("Noah", "Hartwell", "10030", false).status,
        201,
        "an exact name is clear"
    );

    peer.sandbox
        .set_features("30417", None, Some(false))
        .expect("an account");
    let refused = send("Zoë", "Again", "10024", true);
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (403, "FeatureNotEnabled")
    );
}

#[test]
fn an_rx_is_withdrawn_until_it_is_scanned() {
    let peer = Peer::paired(small());
    let url = |rx: &str| peer.v1(&format!("/scan-requests/{rx}"));
    let rx = peer.new_rx();
    assert_eq!(peer.delete(&url(&rx)).status, 204);
    assert_eq!(peer.delete(&url(&rx)).status, 404);
    assert_eq!(
        peer.sandbox.scan(&rx).map_err(|refusal| refusal.status),
        Err(404)
    );
    let scanned = peer.new_rx();
    peer.sandbox.scan(&scanned).expect("an order");
    assert_eq!(peer.delete(&url(&scanned)).status, 409);
    let foreign = peer.new_rx();
    peer.pair("30418", None);
    assert_eq!(peer.delete(&url(&foreign)).status, 404, "another account's");
}
