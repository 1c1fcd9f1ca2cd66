//! D5 Scan notification.

use std::ffi::{c_char, c_void};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::ptr::null_mut;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use itero::ffi::*;

use crate::host::*;

fn listener(client: &Client) -> Owned<itero_listener> {
    take(itero_listener_free, |at| unsafe {
        itero_listener_start(client.at(), 0, None, null_mut(), at)
    })
    .unwrap()
}

fn next(listener: &Owned<itero_listener>, ms: i32) -> Outcome<(String, String)> {
    let notification = take(itero_notification_free, |at| unsafe {
        itero_listener_wait(listener.at, ms, at)
    })?;
    Ok((
        text(itero_notification_rx_id(notification.at)),
        text(itero_notification_account_id(notification.at)),
    ))
}

/// One request over a plain socket; returns the status line's number.
fn send(url: &str, method: &str, body: &str) -> u16 {
    let (address, path) = url
        .strip_prefix("http://")
        .unwrap()
        .split_once('/')
        .unwrap();
    let mut socket = TcpStream::connect(address).unwrap();
    socket
        .set_read_timeout(Some(Duration::from_secs(5)))
        .unwrap();
    write!(
        socket,
        "{method} /{path} HTTP/1.1\r\nHost: {address}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    let _ = socket.read_to_string(&mut answer);
    answer
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .unwrap_or(0)
}

#[test]
fn d5_a_scan_and_each_change_of_its_files_notify() {
    both(|sandbox, version| {
        let client = Client::signed_in(sandbox, version, ADA);
        let listener = listener(&client);
        client
            .pair(HARBOR, Some(&text(itero_listener_url(listener.at))))
            .unwrap();
        assert_eq!(next(&listener, 0).unwrap_err().status, ITERO_E_PENDING);
        let rx_id = client.rx("Maria", "Gonzalez Ferreira", "10023");
        let order = sandbox.scan(&rx_id).unwrap();
        assert_eq!(
            next(&listener, 10_000).unwrap(),
            (rx_id.clone(), HARBOR.to_owned())
        );
        assert_eq!(sandbox.rescan(&rx_id).unwrap(), order, "the order id stays");
        assert_eq!(next(&listener, 10_000).unwrap().0, rx_id);
        for status in ["iTero Modeling", "Lab Review"] {
            sandbox.set_status(&rx_id, status).unwrap();
        }
        assert_eq!(next(&listener, 10_000).unwrap().0, rx_id);
        let orders = client.by_rx(&rx_id).unwrap();
        assert_eq!(text(itero_orders_status(orders.at, 0)), "Lab Review");
    });
}

static HEARD: Mutex<Vec<String>> = Mutex::new(Vec::new());

unsafe extern "C" fn hear(user: *mut c_void, rx_id: *const c_char, account_id: *const c_char) {
    assert_eq!(user.addr(), 77);
    HEARD
        .lock()
        .unwrap()
        .push(format!("{} {}", text(rx_id), text(account_id)));
}

#[test]
fn d5_a_callback_hears_until_it_is_stopped() {
    let sandbox = small_sandbox();
    let client = Client::new(&sandbox, V2);
    let user = std::ptr::without_provenance_mut(77);
    let listener = take(itero_listener_free, |at| unsafe {
        itero_listener_start(client.at(), 0, Some(hear), user, at)
    })
    .unwrap();
    let url = text(itero_listener_url(listener.at));
    assert_eq!(
        send(
            &url,
            "POST",
            r#"{"RXID":"rx-1","AccountNumber":30417,"more":{}}"#
        ),
        200
    );
    let until = Instant::now() + Duration::from_secs(5);
    while HEARD.lock().unwrap().is_empty() && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(*HEARD.lock().unwrap(), ["rx-1 30417"]);
    assert_eq!(next(&listener, 0).unwrap_err().status, ITERO_E_STATE);
    outcome(itero_listener_stop(listener.at)).unwrap();
    outcome(itero_listener_stop(listener.at)).unwrap();
    std::thread::sleep(Duration::from_millis(100));
    let address = url
        .strip_prefix("http://")
        .unwrap()
        .split('/')
        .next()
        .unwrap();
    assert!(TcpStream::connect(address).is_err(), "the port is closed");
    assert_eq!(HEARD.lock().unwrap().len(), 1);
}

#[test]
fn d5_only_a_post_with_the_secret_and_a_body_that_is_one_counts() {
    let sandbox = small_sandbox();
    let client = Client::new(&sandbox, V2);
    let listener = listener(&client);
    let url = text(itero_listener_url(listener.at));
    let root = url.rsplit_once('/').unwrap().0;
    let good = r#"{"rxId":"rx-1","accountNumber":"30417"}"#;
    for (url, method, body, status) in [
        (format!("{root}/guess"), "POST", good, 404),
        (format!("{root}/"), "POST", good, 404),
        (url.clone(), "GET", "", 405),
        (url.clone(), "PUT", good, 405),
        (url.clone(), "POST", "", 400),
        (url.clone(), "POST", "{}", 400),
        (url.clone(), "POST", "[1]", 400),
        (url.clone(), "POST", "<rx/>", 400),
        (url.clone(), "POST", r#"{"rxId":{}}"#, 400),
        (
            url.clone(),
            "POST",
            &format!(r#"{{"rxId":"{}"}}"#, "x".repeat(70_000)),
            413,
        ),
    ] {
        assert_eq!(send(&url, method, body), status, "{method} {body:.40}");
    }
    assert_eq!(next(&listener, 0).unwrap_err().status, ITERO_E_PENDING);
    // A hundred repeats of one that still waits are one.
    for _ in 0..100 {
        assert_eq!(send(&url, "POST", good), 200);
    }
    assert_eq!(next(&listener, 0).unwrap().0, "rx-1");
    assert_eq!(next(&listener, 0).unwrap_err().status, ITERO_E_PENDING);
}

#[test]
fn d5_a_port_in_use_and_a_wait_that_is_stopped() {
    let sandbox = small_sandbox();
    let client = Client::new(&sandbox, V2);
    let first = listener(&client);
    let port: i32 = text(itero_listener_url(first.at))
        .split(':')
        .nth(2)
        .unwrap()
        .split('/')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let start = |port| {
        take(itero_listener_free, |at| unsafe {
            itero_listener_start(client.at(), port, None, null_mut(), at)
        })
    };
    let failure = start(port).err().unwrap();
    assert_eq!(failure.status, ITERO_E_IO);
    assert!(
        failure.message.contains("in use by another program"),
        "{failure:?}"
    );
    for port in [-1, 65_536] {
        assert_eq!(start(port).err().unwrap().status, ITERO_E_ARGUMENT);
    }
    let first = std::sync::Arc::new(first);
    let other = first.clone();
    let waiting = std::thread::spawn(move || next(&other, -1).unwrap_err().status);
    std::thread::sleep(Duration::from_millis(100));
    outcome(itero_listener_stop(first.at)).unwrap();
    assert_eq!(waiting.join().unwrap(), ITERO_E_CANCELLED);
}

#[test]
fn d5_a_body_that_the_hosts_own_server_received() {
    let parse = |body: &str| {
        take(itero_notification_free, |at| unsafe {
            itero_notification_parse(c(body).as_ptr(), at)
        })
    };
    let one = parse(r#"{"rxId":9007199254740993,"accountNumber":"A-1"}"#).unwrap();
    assert_eq!(text(itero_notification_rx_id(one.at)), "9007199254740993");
    assert_eq!(text(itero_notification_account_id(one.at)), "A-1");
    for (body, words) in [
        ("", "empty"),
        ("{", "not JSON"),
        ("{}", "lacks the member rxId"),
        ("<a>", "web page"),
    ] {
        let failure = parse(body).err().unwrap();
        assert!(
            failure.status == ITERO_E_PROTOCOL && failure.message.contains(words),
            "{failure:?}"
        );
    }
}
