//! S5: a notification is a hint. A forged one changes nothing, a hundred repeats are one event, and what is no small
//! request is not read to its end.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::ptr::null_mut;
use std::time::{Duration, Instant};

use itero::ffi::*;
use itero::sandbox::{FileSource, Sandbox};

use crate::host::*;

/// Longer than the test: whatever the watch does comes from a hint.
const NEVER: i32 = 3_600_000;
const SOON: i32 = 10_000;
const QUIET: i32 = 500;

struct Scene {
    sandbox: Sandbox,
    client: Client,
    listener: Owned<itero_listener>,
    watch: Owned<itero_watch>,
    folder: tempfile::TempDir,
    url: String,
}

fn scene() -> Scene {
    let sandbox = small_sandbox();
    let client = Client::signed_in(&sandbox, V2, ADA);
    let listener = take(itero_listener_free, |at| unsafe {
        itero_listener_start(client.at(), 0, None, null_mut(), at)
    })
    .unwrap();
    let url = text(itero_listener_url(listener.at));
    // The sandbox is not told the URL: every notification here is one that the test made.
    client.pair(HARBOR, None).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let state = c(folder.path().join("watch.json").to_str().unwrap());
    let watch = take(itero_watch_free, |at| unsafe {
        itero_watch_start(
            client.at(),
            state.as_ptr(),
            c"2020-01-01".as_ptr(),
            listener.at,
            NEVER,
            None,
            null_mut(),
            at,
        )
    })
    .unwrap();
    Scene {
        sandbox,
        client,
        listener,
        watch,
        folder,
        url,
    }
}

impl Scene {
    fn next(&self, ms: i32) -> Outcome<(String, String)> {
        let event = take(itero_event_free, |at| unsafe {
            itero_watch_wait(self.watch.at, ms, at)
        })?;
        Ok((
            text(itero_event_order_id(event.at)),
            text(itero_event_version(event.at)),
        ))
    }

    fn ack(&self, event: &(String, String)) {
        let (order, version) = (c(&event.0), c(&event.1));
        outcome(unsafe { itero_watch_ack(self.watch.at, order.as_ptr(), version.as_ptr()) })
            .unwrap();
    }

    fn post(&self, body: &str) -> u16 {
        let length = format!("Content-Length: {}\r\n", body.len());
        send(&self.url, &length, body.as_bytes()).unwrap_or(0)
    }

    fn state(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("watch.json")).unwrap_or_default()
    }

    /// Until the watch has asked for what the last hint named.
    fn settled(&self) {
        let asked = || {
            self.sandbox
                .counters()
                .requests
                .get("orderByRx")
                .copied()
                .unwrap_or(0)
        };
        let (mut last, mut since) = (asked(), Instant::now());
        while since.elapsed() < Duration::from_millis(300) {
            std::thread::sleep(Duration::from_millis(10));
            if asked() != last {
                (last, since) = (asked(), Instant::now());
            }
        }
    }
}

/// Sends a request and returns the answer's status; `None` when the connection ended without one.
fn send(url: &str, headers: &str, body: &[u8]) -> Option<u16> {
    let (address, path) = url.strip_prefix("http://")?.split_once('/')?;
    let mut socket = TcpStream::connect(address).ok()?;
    socket
        .set_read_timeout(Some(Duration::from_secs(15)))
        .ok()?;
    write!(
        socket,
        "POST /{path} HTTP/1.1\r\nHost: {address}\r\n{headers}\r\n"
    )
    .ok()?;
    // The listener may close while a body is still on its way.
    let _ = socket.write_all(body);
    let mut answer = Vec::new();
    let _ = socket.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer)
        .split(' ')
        .nth(1)?
        .parse()
        .ok()
}

fn notification(rx_id: &str, account: &str) -> String {
    format!("{{\"rxId\":\"{rx_id}\",\"accountNumber\":\"{account}\"}}")
}

#[test]
fn s5_a_forged_notification_changes_nothing_and_repeats_are_one_event() {
    let scene = scene();
    let rx_id = scene.client.rx("Maria", "Gonzalez Ferreira", "10023");
    let unscanned = scene.client.rx("John", "Smith", "10032");
    let order = scene.sandbox.scan(&rx_id).unwrap().to_string();
    assert_eq!(scene.post(&notification(&rx_id, HARBOR)), 200);
    let event = scene.next(SOON).unwrap();
    assert_eq!(event.0, order);
    scene.ack(&event);
    scene.settled();
    let (state, known) = (scene.state(), scene.sandbox.rxs().len());

    // Whoever has the URL can send these.
    let long = "9".repeat(5_000);
    let forged = [
        notification("00000000-0000-4000-8000-000000000000", HARBOR),
        notification(&rx_id, HARBOR),
        notification(&rx_id, LINDEN),
        notification(&rx_id, ""),
        notification(&unscanned, HARBOR),
        notification("../../accounts", HARBOR),
        notification("%2e%2e/x?y#z", HARBOR),
        notification("\\u0000\\r\\nX-Evil: 1", HARBOR),
        notification(&long, HARBOR),
        notification("rx", &long),
        r#"{"rxId":"a","accountNumber":"b","status":"Completed","files":[{"url":"http://127.0.0.1:9/"}]}"#
            .to_owned(),
        r#"{"rxId":-1}"#.to_owned(),
        r#"{"rxId":1e300,"accountNumber":true}"#.to_owned(),
    ];
    for body in &forged {
        assert!([200, 400].contains(&scene.post(body)), "{body:.80}");
    }
    scene.settled();
    assert_eq!(scene.next(QUIET).unwrap_err().status, ITERO_E_PENDING);
    assert_eq!(scene.state(), state, "the state on the disk");
    assert_eq!(scene.sandbox.rxs().len(), known);

    // A true one, a hundred times, from several senders at once.
    scene
        .sandbox
        .set_files(FileSource::Given(vec![file("b.stl", "STL", vec![1, 2, 3])]));
    scene.sandbox.rescan(&rx_id).unwrap();
    let body = notification(&rx_id, HARBOR);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..25).for_each(|_| assert_eq!(scene.post(&body), 200)));
        }
    });
    let event = scene.next(SOON).unwrap();
    assert_eq!(event.0, order);
    scene.settled();
    let mut more = 0;
    while let Ok(again) = scene.next(QUIET) {
        // The same version may be told again while it is not acknowledged; a second event it is not.
        assert_eq!(again, event);
        more += 1;
        assert!(more < 3, "an event for each repeat");
    }
    scene.ack(&event);
    for _ in 0..100 {
        assert_eq!(scene.post(&body), 200);
    }
    scene.settled();
    assert_eq!(scene.next(QUIET).unwrap_err().status, ITERO_E_PENDING);
    let asked = scene.sandbox.counters().requests["orderByRx"];
    println!(
        "S5: {} forged notifications, 0 events, 0 bytes of state changed; 200 repeats of a true one, {} event, {asked} requests in all",
        forged.len(),
        1 + more
    );
    assert_eq!(more, 0, "a repeat was told as an event of its own");
    outcome(itero_listener_stop(scene.listener.at)).unwrap();
}

/// A body beyond the cap is refused, whether its length is told, hidden, or a lie; so is a head without an end.
#[test]
fn s5_bodies_are_capped() {
    let scene = scene();
    const CAP: usize = 64 << 10;
    let padded = |size: usize| {
        let body = notification("00000000-0000-4000-8000-000000000000", HARBOR);
        format!("{}{}", body, " ".repeat(size - body.len())).into_bytes()
    };
    let told = |size: usize| format!("Content-Length: {size}\r\n");
    let chunked = |body: &[u8]| {
        let mut all = format!("{:x}\r\n", body.len()).into_bytes();
        all.extend_from_slice(body);
        all.extend_from_slice(b"\r\n0\r\n\r\n");
        all
    };
    let hidden = "Transfer-Encoding: chunked\r\n";
    let mut sent = 0;
    for (headers, body, expected) in [
        (told(CAP), padded(CAP), 200),
        (told(CAP + 1), padded(CAP + 1), 413),
        (told(8 << 20), padded(8 << 20), 413),
        (told(usize::MAX / 4), padded(CAP + 1), 413),
        (hidden.to_owned(), chunked(&padded(CAP)), 200),
        (hidden.to_owned(), chunked(&padded(CAP + 1)), 413),
        (hidden.to_owned(), chunked(&padded(8 << 20)), 413),
        (format!("X: {}\r\n", "x".repeat(1 << 20)), Vec::new(), 431),
    ] {
        sent += 1;
        match send(&scene.url, &headers, &body) {
            Some(status) => assert_eq!(status, expected, "{headers:.40}"),
            // Closed while the rest was still on its way, which resets the connection before the answer is read.
            None => assert_ne!(expected, 200, "{headers:.40}"),
        }
    }
    // The listener is as well as before.
    assert_eq!(
        scene.post(&notification(
            "00000000-0000-4000-8000-000000000000",
            HARBOR
        )),
        200
    );
    println!("S5: {sent} bodies and heads, none read beyond {CAP} bytes");
}
