//! The whole story, in both versions of the API.

use super::*;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

/// A callback URL and what arrives there: the bodies of `count` POSTs, each answered with the next of `statuses`.
fn listener(statuses: &'static [u16]) -> (String, std::thread::JoinHandle<Vec<Value>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!(
        "http://{}/itero",
        listener.local_addr().expect("an address")
    );
    let thread = std::thread::spawn(move || {
        statuses
            .iter()
            .map(|status| receive(&listener, *status))
            .collect()
    });
    (url, thread)
}

/// A connection, or a failed test when none comes.
fn accept(listener: &TcpListener) -> TcpStream {
    listener.set_nonblocking(true).expect("polling");
    let end = Instant::now() + Duration::from_secs(10);
    loop {
        if let Ok((stream, _)) = listener.accept() {
            stream.set_nonblocking(false).expect("blocking reads");
            return stream;
        }
        assert!(Instant::now() < end, "nobody connects");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn receive(listener: &TcpListener, status: u16) -> Value {
    let mut stream = accept(listener);
    stream
        .set_read_timeout(Some(Duration::from_secs(5)))
        .expect("a timeout");
    let mut seen = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let count = stream.read(&mut buffer).expect("a request");
        seen.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&seen);
        let body = text.split_once("\r\n\r\n").map(|(_, body)| body.to_owned());
        if let Some(Ok(body)) = body.map(|body| serde_json::from_str(&body)) {
            let answer =
                format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).expect("an answer");
            return body;
        }
        assert_ne!(count, 0, "the request ended early");
    }
}

fn until(what: &str, mut done: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(10);
    while !done() {
        assert!(Instant::now() < end, "{what} did not happen");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn v1_from_sign_in_to_unpairing() {
    let (callback, arrived) = listener(&[500, 204, 200]);
    let peer = Peer::start(small());
    peer.sign_in();
    let accounts = peer.get(&peer.v1("/accounts")).json();
    assert_eq!(accounts["accounts"].as_array().map(Vec::len), Some(3));
    assert_eq!(peer.get(&peer.v1("/practice")).code(), "NotPaired");
    peer.pair("30417", Some(&callback));
    let accounts = peer.get(&peer.v1("/accounts")).json();
    assert_eq!(accounts["accounts"][0]["isPaired"], true);
    assert_eq!(accounts["accounts"][1]["isPaired"], false);

    let practice = peer.get(&peer.v1("/practice")).json();
    assert_eq!(practice["doctors"][0]["doctorId"], 7001);
    assert_eq!(practice["scanners"][0]["serialNumber"], "RL2024A00731");
    let rx = peer.new_rx();
    assert_eq!(peer.get(&peer.v1(&format!("/orders/rx/{rx}"))).status, 404);
    let order = peer.sandbox.scan(&rx).expect("an order");
    until("the notification", || {
        peer.sandbox.counters().notifications_sent == 1
    });

    let found = peer.get(&peer.v1(&format!("/orders/rx/{rx}"))).json();
    assert_eq!(
        (&found["orderId"], &found["status"]),
        (&json!(order), &json!("Completed"))
    );
    assert_eq!(found["patient"]["lastName"], "Müller-Łukasz");
    let url = text(&found["files"][0]["url"]);
    assert_eq!(peer.ask(peer.http.get(&url)).bytes, b"0123456789");

    peer.sandbox
        .set_status(&rx, "iTero Modeling")
        .expect("a move without notification");
    peer.sandbox
        .set_status(&rx, "Lab Review")
        .expect("a move with one");
    let bodies = arrived.join().expect("the listener");
    assert_eq!(
        bodies,
        vec![json!({"rxId": rx, "accountNumber": "30417"}); 3]
    );
    until("the second notification", || {
        peer.sandbox.counters().notifications_sent == 2
    });

    assert_eq!(peer.delete(&peer.v1("/pairing")).status, 204);
    assert_eq!(peer.get(&peer.v1("/orders")).code(), "NotPaired");
    assert_eq!(
        peer.get(&peer.v1("/accounts")).status,
        200,
        "the sign-in stays"
    );
    assert_eq!(peer.delete(&peer.v1("/pairing")).code(), "NotPaired");
}

#[test]
fn v2_finds_its_way_by_discovery() {
    let peer = Peer::start(small());
    let discover = || {
        let base = &peer.sandbox.addresses().base_url;
        let answer = peer.get(&format!("{base}/api/v2/discovery?clientId={CLIENT_ID}"));
        assert_eq!(answer.status, 200);
        answer.json()
    };
    assert_eq!(discover()["region"], "us", "without a token");
    peer.sign_in();
    let us = discover();
    let at = |endpoints: &Value, name: &str| text(&endpoints["endpoints"][name]);
    assert_eq!(peer.get(&at(&us, "accounts")).status, 200);
    peer.keep(&peer.post(&at(&us, "pair"), &json!({"accountId": "51902"})));
    assert_eq!(peer.get(&at(&us, "practice")).code(), "WrongRegion");
    assert_eq!(peer.get(&at(&us, "practice")).status, 421);

    peer.sandbox.expire_tokens();
    let eu = discover();
    assert_eq!(eu["region"], "eu", "with an expired token");
    let latest = peer.refresh.borrow().clone();
    let pairs = [
        ("grant_type", "refresh_token"),
        ("refresh_token", latest.as_str()),
        ("client_id", CLIENT_ID),
        ("client_secret", CLIENT_SECRET),
    ];
    peer.keep(&peer.form(&at(&eu, "token"), &pairs));
    assert_eq!(
        peer.get(&at(&eu, "practice")).json()["timeZone"],
        "Europe/Berlin"
    );

    let request = json!({
        "doctorId": "7004",
        "patient": {"firstName": "Ελένη", "lastName": "Παπαδοπούλου", "chartNumber": "88-002"},
        "procedureMapId": "103",
    });
    let answer = peer.post(&at(&eu, "scanRequest"), &request);
    assert_eq!(answer.status, 201);
    let rx = text(&answer.json()["rxId"]);
    peer.sandbox.scan(&rx).expect("an order");
    let found = peer
        .get(&at(&eu, "orderByRx").replace("{rxId}", &rx))
        .json();
    let files = at(&eu, "orderFiles").replace("{orderId}", &found["orderId"].to_string());
    assert_eq!(peer.get(&files).json()["files"][0]["size"], 10);
    let unknown = format!(
        "{}/api/v2/discovery?clientId=stranger",
        peer.sandbox.addresses().base_url
    );
    assert_eq!(peer.get(&unknown).status, 400);
    assert_eq!(peer.sandbox.counters().discovery_calls, 4);
}

#[test]
fn a_rescan_keeps_the_order_and_changes_the_files() {
    let (callback, arrived) = listener(&[200, 200]);
    let peer = Peer::start(small());
    peer.sign_in();
    peer.pair("30417", Some(&callback));
    let rx = peer.new_rx();
    assert_eq!(
        peer.sandbox.rescan(&rx).map_err(|refusal| refusal.code),
        Err("NotScanned")
    );
    let order = peer.sandbox.scan(&rx).expect("an order");
    let by_rx = peer.v1(&format!("/orders/rx/{rx}"));
    let before = peer.get(&by_rx).json();
    let file = ScanFile {
        name: "gallery_#1.jpg".to_owned(),
        kind: "IMAGE_GALLERY",
        content_type: "image/jpeg",
        bytes: b"another picture".to_vec(),
    };
    peer.sandbox.set_files(FileSource::Given(vec![file]));
    assert_eq!(peer.sandbox.rescan(&rx), Ok(order));
    let after = peer.get(&by_rx).json();
    assert_eq!(before["files"][0]["fileId"], after["files"][0]["fileId"]);
    assert_ne!(before["files"][0]["etag"], after["files"][0]["etag"]);
    assert!(text(&before["updatedDate"]) < text(&after["updatedDate"]));
    assert_eq!(arrived.join().expect("the listener").len(), 2);
    assert_eq!(
        peer.sandbox.scan(&rx).map_err(|refusal| refusal.code),
        Err("RxScanned")
    );
}

#[test]
fn a_dead_callback_is_given_up() {
    let peer = Peer::start(small());
    peer.sign_in();
    peer.pair("30417", Some("http://127.0.0.1:9/nobody"));
    peer.sandbox.scan(&peer.new_rx()).expect("an order");
    until("giving up", || {
        peer.sandbox.counters().notifications_failed == 1
    });
    for bad in [
        "http://practice.example/itero",
        "ftp://127.0.0.1/",
        "nonsense",
        "https://a.example/#x",
    ] {
        let body = json!({"accountId": "30417", "callbackUrl": bad});
        let answer = peer.post(&peer.v1("/pairing"), &body);
        assert_eq!(
            (answer.status, answer.json()["field"].as_str()),
            (400, Some("callbackUrl")),
            "{bad}"
        );
    }
}

#[test]
fn the_simulated_scanner_picks_up_every_rx() {
    let options = Options {
        auto_scan: Some(Duration::from_millis(20)),
        ..small()
    };
    let peer = Peer::paired(options);
    let url = peer.v1(&format!("/orders/rx/{}", peer.new_rx()));
    until("the scan", || {
        peer.get(&url).json()["status"] == "Completed"
    });
}

#[test]
fn the_scanning_tool_scans_with_and_without_an_rx() {
    let peer = Peer::paired(small());
    let base = peer.sandbox.addresses().base_url.clone();
    let tool = |path: &str, password: &str, body: &Value| {
        let request = peer
            .http
            .post(format!("{base}/api/v1/order/{path}"))
            .basic_auth(ADA, Some(password));
        peer.ask(
            request
                .header("content-type", "application/json")
                .body(body.to_string()),
        )
    };
    let by_rx = json!({"rxId": peer.new_rx()});
    assert_eq!(tool("create-new-order-by-rx", "wrong", &by_rx).status, 401);
    let scanned = tool("create-new-order-by-rx", ADA_PASSWORD, &by_rx);
    assert_eq!(scanned.status, 200);
    assert_eq!(
        tool("create-new-order-by-rx", ADA_PASSWORD, &by_rx).status,
        400,
        "scanned already"
    );
    let walk_in = json!({
        "companyId": "30417",
        "scannerSerialNumber": "E52021C11877",
        "procedureMapId": 101,
        "patient": {"firstName": "New", "lastName": "Face", "chartNumber": "N-1"},
    });
    let rx = text(&tool("create-new-order", ADA_PASSWORD, &walk_in).json()["rxId"]);
    let found = peer.get(&peer.v1(&format!("/orders/rx/{rx}"))).json();
    assert_eq!(found["patient"]["chartNumber"], "N-1");
    let mut elsewhere = walk_in.clone();
    elsewhere["companyId"] = "99999".into();
    assert_eq!(
        tool("create-new-order", ADA_PASSWORD, &elsewhere).status,
        400
    );
    let maps = peer.ask(
        peer.http
            .get(format!("{base}/api/v1/presets/available-procedure-maps")),
    );
    assert_eq!(maps.json().as_array().map(Vec::len), Some(5));
}

#[test]
fn the_person_follows_to_a_loopback_listener() {
    let peer = Peer::start(small());
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let redirect = format!(
        "http://{}/callback",
        listener.local_addr().expect("an address")
    );
    let thread = std::thread::spawn(move || {
        let mut stream = accept(&listener);
        let mut buffer = [0; 4096];
        let count = stream.read(&mut buffer).expect("a request");
        stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
            .expect("an answer");
        String::from_utf8_lossy(&buffer[..count]).into_owned()
    });
    let last = person::sign_in_as_listed(&peer.login_url(&redirect, "s")).expect("the final page");
    assert!(last.starts_with(&redirect));
    assert!(
        thread
            .join()
            .expect("the listener")
            .starts_with("GET /callback?code=")
    );
}
