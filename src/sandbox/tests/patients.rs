//! Patient search, corrections and pairing warnings.

use super::*;

#[test]
fn the_search_is_exact_after_case_folding() {
    let peer = Peer::paired(small());
    let count = |query: &str| {
        let answer = peer.get(&peer.v1(&format!("/patients?{query}")));
        assert_eq!(answer.status, 200, "{query}");
        answer.json()["patients"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(count("firstName=JAN&lastName=Van+Der+MEER"), 1);
    assert_eq!(count("firstName=zoe%CC%88"), 1);
    assert_eq!(count("firstName=Zoe"), 0);
    assert_eq!(count("lastName=%D7%91%D7%9F-%D7%93%D7%95%D7%93"), 1);
    assert_eq!(count("firstName=John&lastName=Smith"), 2);
    assert_eq!(count("firstName=John&lastName=Smith&chartNumber=10033"), 1);
    assert_eq!(count("chartNumber=10031%2FA+%232"), 1);
    assert_eq!(count("chartNumber=88-001"), 0, "another account's");
    assert_eq!(peer.get(&peer.v1("/patients")).status, 400);
    assert_eq!(peer.get(&peer.v1("/patients?firstName=")).status, 400);
}

#[test]
fn corrections_by_id_and_by_chart_number() {
    let peer = Peer::paired(small());
    let by_id = |number: u8| peer.v1(&format!("/patients/5a4db0c5-0417-4000-8000-{number:0>12}"));
    let fixed = peer.patch(
        &by_id(6),
        &json!({"firstName": "Dmitri", "lastName": "Petrov"}),
    );
    assert_eq!(
        (fixed.status, &fixed.json()["lastName"]),
        (200, &json!("Petrov"))
    );
    assert_eq!(
        fixed.json()["chartNumber"],
        "10028",
        "what wasn't sent stays"
    );
    assert_eq!(
        peer.patch(&by_id(6), &json!({"chartNumber": "10024"}))
            .code(),
        "ChartNumberTaken"
    );
    assert_eq!(
        peer.patch(&by_id(6), &json!({"chartNumber": "10028"}))
            .status,
        200
    );
    assert_eq!(
        peer.patch(&by_id(6), &json!({"lastName": ""})).json()["field"],
        "lastName"
    );
    assert_eq!(peer.patch(&by_id(6), &json!({})).status, 400);
    assert_eq!(
        peer.patch(&by_id(99), &json!({"lastName": "X"})).status,
        404
    );

    let by_chart = |number: &str| peer.v1(&format!("/patients/by-chart/{number}"));
    let married = peer.patch(&by_chart("10031%2FA%20%232"), &json!({"lastName": "Demir"}));
    assert_eq!(
        (married.status, &married.json()["firstName"]),
        (200, &json!("Aylin"))
    );
    let shared = peer.patch(&by_chart("10030"), &json!({"lastName": "X"}));
    assert_eq!(
        (shared.status, shared.code().as_str()),
        (409, "DuplicateChartNumber")
    );
    assert_eq!(
        peer.patch(&by_chart("nobody"), &json!({"lastName": "X"}))
            .status,
        404
    );
    assert_eq!(
        peer.patch(&by_chart("10024"), &json!({"chartNumber": "1"}))
            .status,
        400
    );
}

#[test]
fn pairing_warnings_where_they_are_enabled() {
    let peer = Peer::paired(small());
    let warnings = peer.get(&peer.v1("/pairing/warnings")).json();
    assert_eq!(warnings["duplicates"].as_array().map(Vec::len), Some(1));
    assert_eq!(warnings["duplicates"][0]["chartNumber"], "10030");
    assert_eq!(
        warnings["duplicates"][0]["patients"]
            .as_array()
            .map(Vec::len),
        Some(2)
    );
    assert_eq!(warnings["missingChartNumber"][0]["lastName"], "O'Connor");
    peer.pair("30418", None);
    assert_eq!(
        peer.get(&peer.v1("/pairing/warnings")).code(),
        "FeatureNotEnabled"
    );
    let control = format!("{}/sandbox/features", peer.sandbox.addresses().base_url);
    let body = json!({"accountId": "30418", "pairingWarnings": true});
    assert_eq!(peer.post(&control, &body).status, 204);
    assert_eq!(peer.get(&peer.v1("/pairing/warnings")).status, 200);
}
