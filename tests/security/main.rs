//! What must never happen: a token at a strange host, a connection that nobody vouches for, a secret or a patient in a
//! log line or a message.

#[path = "../host/mod.rs"]
mod host;

use std::collections::BTreeSet;
use std::ffi::{c_char, c_void};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::ptr::null_mut;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use host::*;
use itero::ffi::*;
use itero::sandbox::{Fault, FileSource, Options, Sandbox};

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
fn no_redirect_takes_a_token_to_another_host() {
    let sandbox = small_sandbox();
    for code in [301, 302, 303, 307, 308] {
        for target in [
            "https://evil.example/steal",
            "http://evil.example/",
            "//evil.example/",
            "http://192.168.7.7/",
            "ftp://127.0.0.1/",
        ] {
            let (url, heads) = recorder(format!(
                "HTTP/1.1 {code} Moved\r\nLocation: {target}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            ));
            let client = with_endpoint(&sandbox, "practice", &url);
            let failure = client.practice().err().unwrap();
            assert!(
                [ITERO_E_FORBIDDEN, ITERO_E_ARGUMENT].contains(&failure.status),
                "{failure:?}"
            );
            let heads = heads.lock().unwrap();
            assert_eq!(heads.len(), 1);
            assert!(heads[0].to_lowercase().contains("authorization: bearer"));
        }
    }
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

static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());

unsafe extern "C" fn keep(_user: *mut c_void, level: i32, message: *const c_char) {
    assert!((ITERO_LOG_ERROR..=ITERO_LOG_DEBUG).contains(&level));
    LINES.lock().unwrap().push(text(message));
}

/// Names, chart numbers, codes, tokens and secrets of a whole journey with many failures are looked for in all that the
/// library told.
#[test]
fn no_secret_and_no_patient_in_logs_and_messages() {
    let sandbox = small_sandbox();
    outcome(itero_log_set(ITERO_LOG_DEBUG, Some(keep), null_mut())).unwrap();
    let mut told = BTreeSet::new();
    let mut tell = |failure: Box<Failure>| {
        told.insert(format!(
            "{} | {} | {}",
            failure.message, failure.advice, failure.service_code
        ));
    };
    let client = Client::new(&sandbox, V2);
    let login = client.begin().unwrap();
    let login_url = text(itero_login_url(login.at));
    let redirect_url = redirect(&sandbox, ADA, &login);
    tell(complete(&login, &redirect_url.replace("state=", "state=x")).unwrap_err());
    complete(&login, &redirect_url).unwrap();
    tell(complete(&login, &redirect_url).unwrap_err());
    let listener = take(itero_listener_free, |at| unsafe {
        itero_listener_start(client.at(), 0, None, null_mut(), at)
    })
    .unwrap();
    let notification_url = text(itero_listener_url(listener.at));
    client.pair(HARBOR, Some(&notification_url)).unwrap();
    let rx_id = client.rx("Maria", "Gonzalez Ferreira", "10023");
    let order = sandbox.scan(&rx_id).unwrap().to_string();
    tell(
        client
            .send(&request("Canaria", "Gonzalez Ferreira", "10023"))
            .err()
            .unwrap(),
    );
    tell(client.search("Canaria\u{1}", "", "").err().unwrap());
    let echo =
        r#"{"code":"Canaria 10023","message":"Maria Gonzalez Ferreira","field":"Maria Gonzalez"}"#;
    for operation in [
        "patientSearch",
        "practice",
        "orders",
        "accounts",
        "pairingWarnings",
        "orderFiles",
        "scanRequest",
    ] {
        for fault in [
            Fault::Body {
                status: 422,
                content_type: "application/json".into(),
                text: echo.into(),
            },
            Fault::Body {
                status: 200,
                content_type: "text/html".into(),
                text: "<p>Maria Gonzalez 10023".into(),
            },
            Fault::DropAfter,
        ] {
            sandbox.fault(operation, 3, fault).unwrap();
            let folder = tempfile::tempdir().unwrap();
            let failure = match operation {
                "patientSearch" => client.search("Maria", "Gonzalez Ferreira", "10023").err(),
                "practice" => client.practice().err(),
                "orders" => client.list(None).err(),
                "accounts" => client.accounts().err(),
                "pairingWarnings" => client.warnings().err(),
                "scanRequest" => client
                    .send(&request("Maria", "Gonzalez Ferreira", "10023"))
                    .err(),
                _ => {
                    let target = folder.path().join("Gonzalez 10023");
                    let download = client.download(&order, &target, 0).unwrap();
                    outcome(itero_download_wait(download.at, 10_000)).err()
                }
            };
            tell(failure.unwrap());
            sandbox.clear_faults();
        }
    }
    for fault in [
        Fault::DropBefore,
        Fault::Status {
            status: 500,
            retry_after: None,
        },
    ] {
        sandbox.fault("file", 1, fault).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let download = client.download(&order, folder.path(), 0).unwrap();
        tell(outcome(itero_download_wait(download.at, 10_000)).unwrap_err());
    }
    sandbox.expire_tokens();
    sandbox.fault("token", 1, Fault::DropBefore).unwrap();
    tell(client.accounts().err().unwrap());
    outcome(itero_client_revoke(client.at())).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    outcome(itero_log_set(0, None, null_mut())).unwrap();

    let value = |url: &str, name: &str| {
        url.split(&format!("{name}="))
            .nth(1)
            .unwrap()
            .split('&')
            .next()
            .unwrap()
            .to_owned()
    };
    let secret_path = notification_url.rsplit('/').next().unwrap().to_owned();
    let canaries = [
        "Maria",
        "Gonzalez",
        "Ferreira",
        "Canaria",
        "10023",
        itero::sandbox::CLIENT_SECRET,
        "Bearer",
        "signature",
        "expires=",
        &value(&login_url, "state"),
        &value(&login_url, "code_challenge"),
        &value(&redirect_url, "code"),
        &secret_path,
    ];
    let lines = LINES.lock().unwrap();
    assert!(
        lines.len() > 40 && told.len() > 15,
        "{} lines, {} messages",
        lines.len(),
        told.len()
    );
    for canary in canaries {
        for line in lines.iter().chain(&told) {
            assert!(!line.contains(canary), "{canary} in {line}");
        }
    }
}
