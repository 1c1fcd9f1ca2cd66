//! What goes wrong on the network, and how soon a host is free again.

#[path = "../host/mod.rs"]
mod host;

mod dice;
mod disk;
mod download;
mod outage;
mod outbox;
mod outbox_crash;
mod outbox_file;
mod resolve;
mod resume;
mod stall;
mod token_store;
mod token_store_child;
mod token_store_crash;
mod token_store_host;
mod token_store_lost_answer;
mod token_store_processes;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use host::*;
use itero::ffi::*;
use itero::sandbox::{Fault, FileSource, Options};

/// A server on loopback that treats every connection with `handle`.
fn server(handle: impl Fn(TcpStream) + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let handle = Arc::new(handle);
    std::thread::spawn(move || {
        for socket in listener.incoming().flatten().take(50) {
            let handle = handle.clone();
            std::thread::spawn(move || handle(socket));
        }
    });
    address
}

/// Reads a request's head.
fn head(socket: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let mut byte = [0];
    while !text.ends_with(b"\r\n\r\n") && socket.read(&mut byte).is_ok_and(|count| count == 1) {
        text.push(byte[0]);
    }
    String::from_utf8_lossy(&text).into_owned()
}

fn silent_server() -> String {
    server(|mut socket| {
        head(&mut socket);
        std::thread::sleep(Duration::from_secs(30));
    })
}

/// A signed-in client whose accounts come from `url`.
fn with_accounts_at(sandbox: &itero::sandbox::Sandbox, url: &str) -> Client {
    let config = config(sandbox, V1);
    let url = c(url);
    outcome(unsafe { itero_config_set_endpoint(config.at, c"accounts".as_ptr(), url.as_ptr()) })
        .unwrap();
    outcome(itero_config_set_timeouts(config.at, 2000, 600_000, 1000)).unwrap();
    // A browser that shows nothing.
    outcome(unsafe { itero_config_set_browser(config.at, c"/bin/true".as_ptr()) }).unwrap();
    let client = Client::of(&config);
    client.sign_in(sandbox, ADA).unwrap();
    client
}

#[test]
fn a_cancel_frees_every_caller_within_a_quarter_of_a_second() {
    let sandbox = small_sandbox();
    let client = Arc::new(with_accounts_at(&sandbox, &silent_server()));
    let callers: Vec<_> = (0..8)
        .map(|_| {
            let client = client.clone();
            std::thread::spawn(move || (client.accounts().err().unwrap().status, Instant::now()))
        })
        .collect();
    std::thread::sleep(Duration::from_millis(300));
    let began = Instant::now();
    outcome(itero_client_cancel(client.at())).unwrap();
    for caller in callers {
        let (status, ended) = caller.join().unwrap();
        assert_eq!(status, ITERO_E_CANCELLED);
        assert!(
            ended - began < Duration::from_millis(250),
            "{:?}",
            ended - began
        );
    }
    // The next call works, and can be cancelled by the end of the client as well.
    let other = client.clone();
    let caller = std::thread::spawn(move || other.accounts().err().unwrap().status);
    std::thread::sleep(Duration::from_millis(200));
    outcome(itero_client_cancel(client.at())).unwrap();
    assert_eq!(caller.join().unwrap(), ITERO_E_CANCELLED);
}

#[test]
fn an_answer_that_never_comes_ends_with_the_time_given() {
    let sandbox = small_sandbox();
    let hung_tls = silent_server().replace("http://", "https://");
    for (url, limits, status) in [
        (silent_server(), (2000, 500), ITERO_E_TIMEOUT),
        // Connected, but the TLS handshake hangs.
        (hung_tls, (500, 5000), ITERO_E_TIMEOUT),
    ] {
        let config = config(&sandbox, V1);
        let url = c(&url);
        outcome(unsafe {
            itero_config_set_endpoint(config.at, c"accounts".as_ptr(), url.as_ptr())
        })
        .unwrap();
        outcome(itero_config_set_timeouts(
            config.at, limits.0, limits.1, 1000,
        ))
        .unwrap();
        let client = Client::of(&config);
        client.sign_in(&sandbox, ADA).unwrap();
        let began = Instant::now();
        let failure = client.accounts().err().unwrap();
        assert_eq!(failure.status, status, "{failure:?}");
        assert!(
            failure.retryable && failure.message.contains("127.0.0.1"),
            "{failure:?}"
        );
        let took = began.elapsed();
        assert!(
            took > Duration::from_millis(450) && took < Duration::from_secs(2),
            "{took:?}"
        );
    }
}

#[test]
fn a_broken_answer_is_told_as_that() {
    let sandbox = small_sandbox();
    for (answer, status) in [
        ("", ITERO_E_NETWORK),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"accounts\":[",
            ITERO_E_NETWORK,
        ),
        ("not http at all\r\n\r\n", ITERO_E_NETWORK),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
            ITERO_E_PROTOCOL,
        ),
        ("HTTP/1.1 204 No Content\r\n\r\n", ITERO_E_PROTOCOL),
    ] {
        let url = server(move |mut socket| {
            head(&mut socket);
            let _ = socket.write_all(answer.as_bytes());
        });
        let client = with_accounts_at(&sandbox, &url);
        let failure = client.accounts().err().unwrap();
        assert_eq!(failure.status, status, "{answer:?}: {failure:?}");
        assert!(!failure.request_id.is_empty());
    }
}

/// A server that sends a byte now and then never lets a read time out.
#[test]
fn a_download_that_dribbles_is_given_up() {
    let sandbox = start(Options {
        files: FileSource::Given(small_files()),
        ..Options::default()
    });
    let host = server(|mut socket| {
        head(&mut socket);
        let _ = socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
        for _ in 0..300 {
            std::thread::sleep(Duration::from_millis(50));
            if socket.write_all(b"x").is_err() {
                return;
            }
        }
    });
    let config = config(&sandbox, V2);
    outcome(itero_config_set_timeouts(config.at, 2000, 5000, 1000)).unwrap();
    let client = Client::of(&config);
    client.sign_in(&sandbox, ADA).unwrap();
    client.pair(HARBOR, None).unwrap();
    let text = format!(
        r#"{{"files":[{{"fileId":1,"kind":"STL","name":"a.stl","size":100000,"url":"{host}/a"}}]}}"#
    );
    let fault = Fault::Body {
        status: 200,
        content_type: "application/json".into(),
        text,
    };
    sandbox.fault("orderFiles", 1, fault).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let began = Instant::now();
    let download = client.download("1", folder.path(), 0).unwrap();
    let failure = outcome(itero_download_wait(download.at, 20_000)).unwrap_err();
    assert_eq!(failure.status, ITERO_E_TIMEOUT, "{failure:?}");
    assert!(
        failure.message.contains("fewer than 1000 bytes a second"),
        "{failure:?}"
    );
    assert!(
        began.elapsed() < Duration::from_secs(4),
        "{:?}",
        began.elapsed()
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// Its own process: a shutdown ends everything, so no other test may run beside it.
#[test]
fn a_shutdown_ends_all_that_runs() {
    if std::env::var_os("ITERO_TEST_SHUTDOWN").is_none() {
        let own = std::env::current_exe().unwrap();
        let status = std::process::Command::new(own)
            .args(["--exact", "a_shutdown_ends_all_that_runs", "--nocapture"])
            .env("ITERO_TEST_SHUTDOWN", "1")
            .status()
            .unwrap();
        assert!(status.success());
        return;
    }
    let sandbox = small_sandbox();
    let client = Arc::new(with_accounts_at(&sandbox, &silent_server()));
    let listener = take(itero_listener_free, |at| unsafe {
        itero_listener_start(client.at(), 0, None, std::ptr::null_mut(), at)
    })
    .unwrap();
    let login = take(itero_login_free, |at| unsafe {
        itero_login_run(client.at(), -1, at)
    })
    .unwrap();
    let listener = Arc::new(listener);
    let (other, listening) = (client.clone(), listener.clone());
    let call = std::thread::spawn(move || other.accounts().err().unwrap().status);
    let waiting = std::thread::spawn(move || {
        let notification = take(itero_notification_free, |at| unsafe {
            itero_listener_wait(listening.at, -1, at)
        });
        notification.err().unwrap().status
    });
    std::thread::sleep(Duration::from_millis(300));
    let began = Instant::now();
    outcome(itero_shutdown(2000)).unwrap();
    assert!(began.elapsed() < Duration::from_secs(2));
    assert_eq!(call.join().unwrap(), ITERO_E_CANCELLED);
    assert_eq!(waiting.join().unwrap(), ITERO_E_CANCELLED);
    let failure = outcome(itero_login_wait(login.at, 2000)).unwrap_err();
    assert_eq!(failure.status, ITERO_E_CANCELLED, "{failure:?}");
    // Only this program's own threads are left, and the library starts anew when it is asked to.
    #[cfg(target_os = "linux")]
    for thread in std::fs::read_dir("/proc/self/task").unwrap() {
        let name = std::fs::read_to_string(thread.unwrap().path().join("comm")).unwrap();
        assert!(
            !name.starts_with("itero-") || name.trim() == "itero-sandbox",
            "{name}"
        );
    }
    let again = Client::signed_in(&sandbox, V2, ADA);
    assert_eq!(itero_accounts_count(again.accounts().unwrap().at), 3);
    outcome(itero_shutdown(2000)).unwrap();
    outcome(itero_shutdown(0)).unwrap();
    assert_eq!(
        outcome(itero_shutdown(-1)).unwrap_err().status,
        ITERO_E_ARGUMENT
    );
}
