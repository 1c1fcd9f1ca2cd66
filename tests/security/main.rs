//! What must never happen: a token at a strange host, a connection that nobody vouches for, a secret or a patient in a
//! log line or a message.

#[path = "../host/mod.rs"]
mod host;

mod archives;
mod bearer;
mod canaries;
mod forgeries;
mod zips;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use host::*;
use itero::ffi::*;
use itero::sandbox::{FileSource, Options, Sandbox};

fn tls_sandbox() -> Sandbox {
    start(Options {
        tls: true,
        files: FileSource::Given(small_files()),
        ..Options::default()
    })
}

#[test]
fn over_tls_with_the_authority_that_the_host_named() {
    let sandbox = tls_sandbox();
    let client = Client::paired(&sandbox, V2, HARBOR);
    let rx_id = client.rx("Maria", "Gonzalez Ferreira", "10023");
    let order = sandbox.scan(&rx_id).unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    let download = client.download(&order, folder.path(), 0).unwrap();
    outcome(itero_download_wait(download.at, 20_000)).unwrap();
    assert_eq!(itero_download_file_count(download.at), 6);
}

#[test]
fn an_authority_that_nobody_vouches_for_is_refused() {
    let sandbox = tls_sandbox();
    let config = config(&sandbox, V2);
    outcome(unsafe { itero_config_set_ca_file(config.at, c"".as_ptr()) }).unwrap();
    let client = Client::of(&config);
    let failure = client.sign_in(&sandbox, ADA).unwrap_err();
    assert_eq!(failure.status, ITERO_E_TLS, "{failure:?}");
    assert!(failure.message.contains("not trusted"), "{failure:?}");
    assert!(
        failure.advice.contains("itero_config_set_ca_file"),
        "{failure:?}"
    );
}

#[test]
fn a_port_that_speaks_no_tls_is_told_as_that() {
    let sandbox = small_sandbox();
    let config = config(&sandbox, V2);
    let url = c(&sandbox
        .addresses()
        .oauth_base
        .replace("http://", "https://"));
    outcome(unsafe { itero_config_set_oauth_base(config.at, url.as_ptr()) }).unwrap();
    let failure = Client::of(&config).sign_in(&sandbox, ADA).unwrap_err();
    assert_eq!(failure.status, ITERO_E_TLS, "{failure:?}");
}

#[test]
fn a_ca_file_that_is_none_is_told_when_the_client_is_made() {
    let sandbox = small_sandbox();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ca.pem");
    for (content, words) in [
        (None, "can't be read"),
        (Some(""), "holds no certificate"),
        (Some("hello"), "holds no certificate"),
        (
            Some("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
            "can't be used as a trusted root",
        ),
    ] {
        if let Some(content) = content {
            std::fs::write(&path, content).unwrap();
        }
        let config = config(&sandbox, V2);
        outcome(unsafe { itero_config_set_ca_file(config.at, c(path.to_str().unwrap()).as_ptr()) })
            .unwrap();
        let failure = take(itero_client_free, |at| unsafe {
            itero_client_new(config.at, at)
        })
        .err()
        .unwrap();
        assert!(
            failure.status == ITERO_E_ARGUMENT && failure.message.contains(words),
            "{failure:?}"
        );
    }
}

#[test]
fn plain_http_goes_to_this_computer_alone() {
    let sandbox = small_sandbox();
    let config = config(&sandbox, V2);
    for set in [
        itero_config_set_login_page,
        itero_config_set_oauth_base,
        itero_config_set_base_url,
    ] {
        for url in [
            "http://api.example/",
            "ftp://127.0.0.1/",
            "api.example",
            "https://u:p@api.example/",
            "https://api.example/#x",
        ] {
            let failure = outcome(unsafe { set(config.at, c(url).as_ptr()) }).unwrap_err();
            assert_eq!(failure.status, ITERO_E_ARGUMENT, "{url}");
        }
        outcome(unsafe { set(config.at, c"https://api.example/x".as_ptr()) }).unwrap();
    }
}

/// Answers every request with `answer` and keeps the heads that it saw.
fn recorder(answer: String) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let heads = Arc::new(Mutex::new(Vec::new()));
    let kept = heads.clone();
    std::thread::spawn(move || {
        for mut socket in listener.incoming().flatten().take(50) {
            kept.lock().unwrap().push(read_head(&mut socket));
            let _ = socket.write_all(answer.as_bytes());
        }
    });
    (url, heads)
}

fn read_head(socket: &mut TcpStream) -> String {
    socket
        .set_read_timeout(Some(Duration::from_secs(2)))
        .unwrap();
    let mut text = Vec::new();
    let mut byte = [0];
    while !text.ends_with(b"\r\n\r\n") && socket.read(&mut byte).is_ok_and(|count| count == 1) {
        text.push(byte[0]);
    }
    String::from_utf8_lossy(&text).into_owned()
}

fn with_endpoint(sandbox: &Sandbox, name: &str, url: &str) -> Client {
    let config = config(sandbox, V1);
    outcome(unsafe { itero_config_set_endpoint(config.at, c(name).as_ptr(), c(url).as_ptr()) })
        .unwrap();
    let client = Client::of(&config);
    client.sign_in(sandbox, ADA).unwrap();
    client.pair(HARBOR, None).unwrap();
    client
}

#[test]
fn a_redirect_inside_the_domain_is_followed_by_reading_calls_alone() {
    let sandbox = small_sandbox();
    let target = format!("{}/api/v1/practice", sandbox.addresses().base_url);
    let (url, _) = recorder(format!(
        "HTTP/1.1 307 Moved\r\nLocation: {target}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    ));
    with_endpoint(&sandbox, "practice", &url)
        .practice()
        .unwrap();
    let client = with_endpoint(&sandbox, "scanRequest", &url);
    let failure = client
        .send(&request("Maria", "Gonzalez Ferreira", "10023"))
        .err()
        .unwrap();
    assert_eq!(failure.status, ITERO_E_PROTOCOL, "{failure:?}");
    assert!(
        failure
            .message
            .contains("only reading calls follow redirects"),
        "{failure:?}"
    );

    // A circle ends.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let circle = format!("http://{}/round", listener.local_addr().unwrap());
    let answer = format!(
        "HTTP/1.1 302 Moved\r\nLocation: {circle}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    std::thread::spawn(move || {
        for mut socket in listener.incoming().flatten().take(20) {
            read_head(&mut socket);
            let _ = socket.write_all(answer.as_bytes());
        }
    });
    let failure = with_endpoint(&sandbox, "practice", &circle)
        .practice()
        .err()
        .unwrap();
    assert!(failure.message.contains("too many in a row"), "{failure:?}");
}

#[test]
fn requests_name_the_host_program_and_carry_an_id() {
    let sandbox = small_sandbox();
    let (url, heads) =
        recorder("HTTP/1.1 500 X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned());
    let config = config(&sandbox, V1);
    outcome(unsafe {
        itero_config_set_endpoint(config.at, c"accounts".as_ptr(), c(&url).as_ptr())
    })
    .unwrap();
    outcome(unsafe { itero_config_set_product(config.at, c"DentaSoft".as_ptr(), c"7.2".as_ptr()) })
        .unwrap();
    for (name, version) in [("a b", "1"), ("a\r\nX: y", "1"), ("a", "1/2")] {
        let status =
            unsafe { itero_config_set_product(config.at, c(name).as_ptr(), c(version).as_ptr()) };
        assert_eq!(status, ITERO_E_ARGUMENT);
    }
    let client = Client::of(&config);
    client.sign_in(&sandbox, ADA).unwrap();
    let failure = client.accounts().err().unwrap();
    // Each attempt has an id of its own; the error names the last one's.
    let head = heads.lock().unwrap().last().unwrap().to_lowercase();
    assert!(head.contains("user-agent: dentasoft/7.2 itero/"), "{head}");
    assert!(
        head.contains(&format!("x-request-id: {}", failure.request_id)),
        "{head}"
    );
}
