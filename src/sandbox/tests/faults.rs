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

/// A file's link, and a sandbox with such faults as were planned over HTTP.
fn linked(size: usize) -> (Peer, String, impl Fn(&Peer, &str, Value)) {
    let file = super::ScanFile {
        name: "a.bin".to_owned(),
        kind: "OTHER",
        content_type: "application/octet-stream",
        bytes: (0..size).map(|i| i as u8).collect(),
    };
    let peer = Peer::paired(Options {
        files: FileSource::Given(vec![file]),
        ..Options::default()
    });
    let rx = peer.new_rx();
    peer.sandbox.scan(&rx).expect("an order");
    let order = peer.get(&peer.v1(&format!("/orders/rx/{rx}"))).json();
    let url = text(&order["files"][0]["url"]);
    let plan = |peer: &Peer, operation: &str, fault: Value| {
        let control = format!("{}/sandbox/faults", peer.sandbox.addresses().base_url);
        let body = json!({"operation": operation, "fault": fault});
        let answer = peer.post(&control, &body);
        assert_eq!(answer.status, 204, "{}", answer.json());
    };
    (peer, url, plan)
}

#[test]
fn bodies_are_cut_and_dribbled_and_counted() {
    let (peer, url, plan) = linked(300_000);
    // What of a body comes, and whether it ends well.
    let read = || {
        peer.runtime.block_on(async {
            let mut response = peer.http.get(&url).send().await.expect("a head");
            let mut came = 0;
            loop {
                match response.chunk().await {
                    Ok(Some(chunk)) => came += chunk.len(),
                    Ok(None) => return (came, true),
                    Err(_) => return (came, false),
                }
            }
        })
    };
    plan(&peer, "file", json!({"kind": "cut", "bytes": 123_456}));
    assert_eq!(read(), (123_456, false));
    plan(
        &peer,
        "file",
        json!({"kind": "cut", "bytes": 0, "reset": true}),
    );
    assert_eq!(read(), (0, false));
    plan(&peer, "file", json!({"kind": "cut", "bytes": 300_000}));
    assert_eq!(read(), (300_000, true), "the end comes first");
    let slow = json!({"kind": "dribble", "after": 200_000, "bytesPerSecond": 200_000});
    plan(&peer, "file", slow);
    let began = Instant::now();
    assert_eq!(read(), (300_000, true));
    assert!(began.elapsed() >= Duration::from_millis(450));
    assert_eq!(peer.sandbox.counters().file_bytes, 723_456);
}

#[test]
fn connections_are_reset_or_left_hanging() {
    let (peer, url, plan) = linked(10);
    for (operation, kind) in [("file", "reset"), ("filePort", "reset")] {
        plan(&peer, operation, json!({"kind": kind}));
        // A new connection each time: those of a pool have passed the door already.
        let fresh = super::trust::client(None).expect("a client");
        assert!(peer.send(fresh.get(&url)).is_err(), "{operation}");
        assert_eq!(peer.ask(fresh.get(&url)).status, 200);
    }
    for operation in ["file", "filePort"] {
        plan(&peer, operation, json!({"kind": "hang"}));
        let fresh = super::trust::client(None).expect("a client");
        let patience = Duration::from_millis(300);
        let hung = peer.send(fresh.get(&url).timeout(patience));
        assert!(hung.is_err_and(|error| error.is_timeout()), "{operation}");
    }
    let control = format!("{}/sandbox/faults", peer.sandbox.addresses().base_url);
    let body = json!({"operation": "filePort", "fault": {"kind": "expired"}});
    assert_eq!(peer.post(&control, &body).status, 422);
}

#[test]
fn links_expire_move_and_answers_tell_another_time() {
    let (peer, url, plan) = linked(10);
    plan(&peer, "file", json!({"kind": "expired"}));
    let expired = peer.ask(peer.http.get(&url));
    assert_eq!(
        (expired.status, expired.code().as_str()),
        (403, "LinkExpired")
    );
    plan(
        &peer,
        "file",
        json!({"kind": "redirect", "to": "http://localhost:9"}),
    );
    let moved = peer.ask(peer.http.get(&url));
    let path = url.split_once("/files/").expect("a path").1;
    assert_eq!(
        (moved.status, moved.header("location")),
        (307, format!("http://localhost:9/files/{path}").as_str())
    );
    plan(&peer, "file", json!({"kind": "clock", "seconds": -86_400}));
    let date = peer.ask(peer.http.get(&url)).header("date").to_owned();
    let date = httpdate::parse_http_date(&date).expect("a date");
    let behind = std::time::SystemTime::now()
        .duration_since(date)
        .expect("behind");
    assert!((86_390..86_500).contains(&behind.as_secs()), "{behind:?}");
}

#[test]
fn every_lie_about_a_range_is_told() {
    let (peer, url, plan) = linked(100);
    let honest: Vec<u8> = (40..100).collect();
    let told = |word: &str| {
        plan(&peer, "file", json!({"kind": "lie", "lie": word}));
        peer.ask(peer.http.get(&url).header("range", "bytes=40-"))
    };
    for (word, _) in super::super::Lie::ALL {
        let answer = told(word);
        let tag = answer.header("etag").to_owned();
        let range = answer.header("content-range").to_owned();
        let (status, length) = (answer.status, answer.bytes.len());
        match word {
            "whole" => assert_eq!((status, range.as_str(), length), (200, "", 100)),
            "whole_with_range" => assert_eq!((status, length), (200, 60)),
            "wrong_start" => assert_eq!((status, range.as_str()), (206, "bytes 0-99/100")),
            "shifted_bytes" => {
                assert_eq!((range.as_str(), answer.bytes[0]), ("bytes 40-99/100", 41))
            }
            "wrong_total" => assert_eq!((range.as_str(), length), ("bytes 40-99/1000", 60)),
            "no_content_range" => assert_eq!((status, range.as_str()), (206, "")),
            "weak_tag" => assert!(tag.starts_with("W/\"")),
            "changed_tag" => assert_eq!(tag, "\"another version\""),
            "no_tag" => assert_eq!(tag, ""),
            "not_satisfiable" => assert_eq!(status, 416),
            "gzip" => assert_eq!(
                (answer.header("content-encoding"), &answer.bytes[..2]),
                ("gzip", &[0x1f, 0x8b][..])
            ),
            "short" => assert_eq!((range.as_str(), length), ("bytes 40-99/100", 30)),
            "long" => assert_eq!((range.as_str(), length), ("bytes 40-99/100", 78)),
            "no_length" => {
                assert_eq!(
                    (answer.header("content-length"), &answer.bytes),
                    ("", &honest)
                );
            }
            other => panic!("{other} is told, but nobody knows what it is"),
        }
    }
}
