//! Planned faults, request ids and the controls over HTTP.

use super::super::Fault;
use super::*;
use std::time::{Duration, Instant};

#[test]
fn planned_answers_come_as_often_as_planned() {
    let peer = Peer::paired(small());
    let url = peer.v1("/practice");
    let busy = Fault::Status {
        status: 429,
        retry_after: Some("7".to_owned()),
    };
    peer.sandbox.fault("practice", 2, busy).expect("a plan");
    let html = Fault::Body {
        status: 200,
        content_type: "text/html".to_owned(),
        text: "<p>".to_owned(),
    };
    peer.sandbox.fault("practice", 1, html).expect("a plan");
    for _ in 0..2 {
        let answer = peer.get(&url);
        assert_eq!((answer.status, answer.header("retry-after")), (429, "7"));
        assert_eq!(answer.code(), "TooManyRequests");
    }
    let answer = peer.get(&url);
    assert_eq!(
        (answer.header("content-type"), answer.bytes.as_slice()),
        ("text/html", &b"<p>"[..])
    );
    assert_eq!(peer.get(&url).json()["accountId"], "30417");
    assert_eq!(peer.sandbox.counters().requests["practice"], 4);
    let unknown = peer.sandbox.fault("practise", 1, Fault::DropBefore);
    assert_eq!(unknown.map_err(|refusal| refusal.status), Err(422));
}

#[test]
fn dropped_connections_give_no_answer() {
    for tls in [false, true] {
        let peer = Peer::paired(Options { tls, ..small() });
        let send = || {
            let url = peer.v1("/scan-requests");
            let request = peer.request(Method::POST, &url, Some(&good_request()));
            peer.send(request).is_ok()
        };
        peer.sandbox
            .fault("scanRequest", 1, Fault::DropBefore)
            .expect("a plan");
        assert!(!send());
        assert_eq!(peer.sandbox.rxs().len(), 0, "the request was not done");
        peer.sandbox
            .fault("scanRequest", 1, Fault::DropAfter)
            .expect("a plan");
        assert!(!send());
        assert_eq!(peer.sandbox.rxs().len(), 1, "the request was done");
        assert!(send());
    }
}

#[test]
fn faults_are_planned_over_http_too() {
    let peer = Peer::paired(small());
    let control = format!("{}/sandbox/faults", peer.sandbox.addresses().base_url);
    let plan = |body: Value| peer.post(&control, &body);
    let delay = json!({"operation": "accounts", "count": 1, "fault": {"kind": "delay", "ms": 300}});
    assert_eq!(plan(delay).status, 204);
    let started = Instant::now();
    assert_eq!(peer.get(&peer.v1("/accounts")).status, 200);
    assert!(started.elapsed() >= Duration::from_millis(300));
    let broken = json!({"operation": "accounts", "count": 9, "fault": {"kind": "status", "status": 503, "retryAfter": "1"}});
    assert_eq!(plan(broken).status, 204);
    assert_eq!(peer.get(&peer.v1("/accounts")).status, 503);
    assert_eq!(peer.delete(&control).status, 204);
    assert_eq!(peer.get(&peer.v1("/accounts")).status, 200);
    let odd = plan(json!({"operation": "accounts", "fault": {"kind": "odd"}}));
    assert_eq!(odd.json()["field"], "fault.kind");
}

#[test]
fn every_answer_carries_a_request_id() {
    let peer = Peer::start(small());
    let url = peer.v1("/accounts");
    let given = peer.ask(peer.http.get(&url).header("X-Request-Id", "call-17.a"));
    assert_eq!(given.header("x-request-id"), "call-17.a");
    assert_eq!(given.json()["requestId"], "call-17.a");
    for odd in ["has space", "", &"x".repeat(65), "<b>"] {
        let answer = peer.ask(peer.http.get(&url).header("X-Request-Id", odd));
        assert_eq!(answer.header("x-request-id").len(), 36, "{odd}");
    }
    let nowhere = peer.get(&peer.v1("/nowhere"));
    assert_eq!((nowhere.status, nowhere.code().as_str()), (404, "NotFound"));
    let method = peer.delete(&url);
    assert_eq!(
        (method.status, method.code().as_str()),
        (405, "MethodNotAllowed")
    );
    assert_eq!(method.header("x-request-id").len(), 36);
    let login = peer.get(&peer.sandbox.addresses().login_page);
    assert_eq!(login.header("x-request-id").len(), 36);
}

#[test]
fn counters_and_scans_over_http() {
    let peer = Peer::paired(small());
    let base = peer.sandbox.addresses().base_url.clone();
    let rx = json!({"rxId": peer.new_rx()});
    assert_eq!(peer.post(&format!("{base}/sandbox/scan"), &rx).status, 200);
    assert_eq!(peer.post(&format!("{base}/sandbox/scan"), &rx).status, 409);
    assert_eq!(
        peer.post(&format!("{base}/sandbox/rescan"), &rx).status,
        200
    );
    let mut status = rx.clone();
    status["status"] = "iTero Milling".into();
    assert_eq!(
        peer.post(&format!("{base}/sandbox/status"), &status).status,
        204
    );
    let ledger = peer.get(&format!("{base}/sandbox/rxs")).json();
    assert_eq!(ledger[0]["status"], "iTero Milling");
    assert_eq!(
        peer.post(&format!("{base}/sandbox/expire"), &json!({}))
            .status,
        204
    );
    assert_eq!(peer.get(&peer.v1("/accounts")).code(), "TokenExpired");
    let counters = peer.get(&format!("{base}/sandbox/counters")).json();
    assert_eq!(counters["tokens_issued"], 2);
    assert_eq!(counters["requests"]["scanRequest"], 1);
}
