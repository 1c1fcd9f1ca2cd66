//! S2: the bearer token reaches no host outside the allowed domain, whatever a redirect, a discovery or an order says.
//!
//! 127.0.0.1 plays the allowed domain; other addresses of the loopback network, and this computer by its name, play the
//! strangers. They are reached as easily, so a token that strays would arrive.

use std::ffi::CStr;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use itero::ffi::*;
use itero::sandbox::{Fault, Sandbox};

use crate::host::*;

const DOMAIN: &CStr = c"127.0.0.1";
const CODES: [u16; 9] = [300, 301, 302, 303, 304, 305, 306, 307, 308];

/// A server that keeps all that it hears, of any protocol, and answers as it was told last.
pub struct Recorder {
    pub port: u16,
    heard: Arc<Mutex<Vec<String>>>,
    answer: Arc<Mutex<String>>,
}

impl Recorder {
    pub fn at(address: &str) -> Recorder {
        let listener = TcpListener::bind(address).unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let answer = Arc::new(Mutex::new(String::new()));
        let (kept, told) = (heard.clone(), answer.clone());
        std::thread::spawn(move || {
            for mut socket in listener.incoming().flatten() {
                let head = head(&mut socket);
                kept.lock().unwrap().push(head);
                let answer = told.lock().unwrap().clone();
                let _ = socket.write_all(answer.as_bytes());
            }
        });
        Recorder {
            port,
            heard,
            answer,
        }
    }

    pub fn redirect(&self, code: u16, target: &str) {
        *self.answer.lock().unwrap() = format!(
            "HTTP/1.1 {code} Moved\r\nLocation: {target}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
    }

    fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    /// Requests with a bearer token.
    pub fn bearers(&self) -> usize {
        let heard = self.heard();
        heard
            .iter()
            .filter(|head| head.to_lowercase().contains("authorization: bearer "))
            .count()
    }
}

fn head(socket: &mut TcpStream) -> String {
    let _ = socket.set_read_timeout(Some(Duration::from_millis(500)));
    let (mut text, mut byte) = (Vec::new(), [0]);
    while !text.ends_with(b"\r\n\r\n") && socket.read(&mut byte).is_ok_and(|count| count == 1) {
        text.push(byte[0]);
    }
    String::from_utf8_lossy(&text).into_owned()
}

/// Signed in and paired in V1, with 127.0.0.1 as the allowed domain and some endpoints elsewhere.
fn client(sandbox: &Sandbox, endpoints: &[(&str, &str)]) -> Client {
    let config = config(sandbox, V1);
    unsafe {
        outcome(itero_config_set_allowed_domain(config.at, DOMAIN.as_ptr())).unwrap();
        for (name, url) in endpoints {
            outcome(itero_config_set_endpoint(
                config.at,
                c(name).as_ptr(),
                c(url).as_ptr(),
            ))
            .unwrap();
        }
    }
    let client = Client::of(&config);
    client.sign_in(sandbox, ADA).unwrap();
    client.pair(HARBOR, None).unwrap();
    client
}

/// Every way to write an address of a stranger, or of a scheme that isn't the service's.
fn strangers(stranger: u16, named: u16) -> Vec<String> {
    let second = |text: &str| text.replace("HOST", &format!("127.0.0.2:{stranger}"));
    let mut all: Vec<String> = [
        "http://HOST/",
        "//HOST/",
        "/\\HOST/",
        "\\\\HOST\\",
        "http:\\\\HOST\\",
        "http:/HOST/",
        "HTTP://HOST/",
        " http://HOST/",
        "ht\ttp://HOST/",
        "https://HOST/",
        "http://127.0.0.1@HOST/",
        "http://127.0.0.1:80@HOST/",
        "http://127.0.0.1%40HOST/",
        "http://HOST/#@127.0.0.1",
        "http://HOST/?127.0.0.1",
        "http://HOST/127.0.0.1",
        "ftp://HOST/",
        "ws://HOST/",
        "gopher://HOST/",
        "http://u:p@127.0.0.1:9/",
    ]
    .map(second)
    .into();
    all.extend(
        [
            "http://2130706434:PORT/",
            "http://0x7f.2:PORT/",
            "http://0x7f000002:PORT/",
            "http://017700000002:PORT/",
            "http://127.2:PORT/",
            "http://[::ffff:127.0.0.2]:PORT/",
            "https://127.2:PORT/",
        ]
        .map(|text| text.replace("PORT", &stranger.to_string())),
    );
    all.extend(
        [
            "http://localhost:PORT/",
            "https://localhost:PORT/",
            "http://LOCALHOST:PORT/",
            "http://localhost.:PORT/",
            "http://[::1]:PORT/",
            "http://127.0.0.1.localhost:PORT/",
            "http://127.0.0.1.example:PORT/",
        ]
        .map(|text| text.replace("PORT", &named.to_string())),
    );
    all.extend(
        [
            "http://192.0.2.1/",
            "https://192.0.2.1/",
            "file:///etc/hostname",
            "data:application/json,{}",
            "javascript:0",
            "http://",
            "http://[::1",
            "",
        ]
        .map(str::to_owned),
    );
    all
}

#[test]
fn s2_no_redirect_takes_the_token_to_a_stranger() {
    let sandbox = small_sandbox();
    let (home, stranger, other) = (
        Recorder::at("127.0.0.1:0"),
        Recorder::at("127.0.0.2:0"),
        Recorder::at("127.0.0.1:0"),
    );
    let url = format!("http://127.0.0.1:{}/answer", home.port);
    let names = [
        "practice",
        "accounts",
        "orders",
        "patientSearch",
        "scanRequest",
        "patientUpdate",
    ];
    let client = client(&sandbox, &names.map(|name| (name, url.as_str())));
    let targets = strangers(stranger.port, other.port);
    let mut calls = 0;
    for code in CODES {
        for target in &targets {
            home.redirect(code, target);
            let results = match code {
                302 => vec![
                    client.practice().err(),
                    client.accounts().err(),
                    client.list(None).err(),
                    client.search("Maria", "", "").err(),
                    client
                        .send(&request("Maria", "Gonzalez Ferreira", "10023"))
                        .err(),
                ],
                _ => vec![
                    client.practice().err(),
                    client
                        .send(&request("Maria", "Gonzalez Ferreira", "10023"))
                        .err(),
                ],
            };
            for failure in results {
                calls += 1;
                let failure = failure.unwrap_or_else(|| panic!("{code} to {target:?} succeeded"));
                assert_ne!(failure.status, ITERO_E_PANIC, "{failure:?}");
            }
        }
    }
    // What was asked did ask with the token; the list of what strangers heard is not empty for want of a question.
    assert!(home.bearers() >= calls, "{} of {calls}", home.bearers());
    let seen = [&stranger, &other].map(Recorder::bearers);
    let heard = [&stranger, &other].map(|one| one.heard().len());
    println!(
        "S2: {calls} redirects ({} codes, {} targets, {} operations), {} requests with the token at home, {} at strangers, who heard {} connections",
        CODES.len(),
        targets.len(),
        names.len() - 1,
        home.bearers(),
        seen[0] + seen[1],
        heard[0] + heard[1],
    );
    assert_eq!((seen, heard), ([0, 0], [0, 0]));

    // The stranger's ear works: the token goes where the domain allows it.
    home.redirect(307, &format!("http://127.0.0.1:{}/", other.port));
    other.redirect(500, "");
    client.practice().err().unwrap();
    assert!(other.bearers() > 0);
}

#[test]
fn s2_no_endpoint_outside_the_domain_is_asked() {
    let sandbox = small_sandbox();
    let stranger = Recorder::at("127.0.0.2:0");
    stranger.redirect(500, "");
    let url = format!("http://127.0.0.2:{}/x", stranger.port);
    // By the host's own mistake.
    let own = client(&sandbox, &[("practice", &url), ("scanRequest", &url)]);
    for failure in [
        own.practice().err(),
        own.send(&request("Maria", "Gonzalez Ferreira", "10023"))
            .err(),
    ] {
        assert_eq!(failure.unwrap().status, ITERO_E_FORBIDDEN);
    }
    // By a discovery that lies: its addresses are refused.
    let config = config(&sandbox, V2);
    outcome(unsafe { itero_config_set_allowed_domain(config.at, DOMAIN.as_ptr()) }).unwrap();
    let lies = Client::of(&config);
    lies.sign_in(&sandbox, ADA).unwrap();
    let endpoints = ["accounts", "pair", "practice", "token", "revoke"]
        .map(|name| format!("\"{name}\":\"{url}\""));
    let text = format!(
        "{{\"region\":\"US\",\"endpoints\":{{{}}}}}",
        endpoints.join(",")
    );
    let fault = Fault::Body {
        status: 200,
        content_type: "application/json".into(),
        text,
    };
    sandbox.fault("discovery", 20, fault).unwrap();
    for _ in 0..3 {
        let failure = lies.accounts().err().unwrap();
        assert_eq!(failure.status, ITERO_E_FORBIDDEN, "{failure:?}");
    }
    sandbox.expire_tokens();
    let _ = lies.accounts().err().unwrap();
    let _ = outcome(itero_client_revoke(lies.at()));
    assert_eq!(stranger.heard(), Vec::<String>::new());
}

/// The files' host is another one by design; it gets its signed URL and no token.
#[test]
fn s2_the_files_host_gets_no_token() {
    let sandbox = small_sandbox();
    let client = Client::paired(&sandbox, V2, HARBOR);
    let rx_id = client.rx("Maria", "Gonzalez Ferreira", "10023");
    let order = sandbox.scan(&rx_id).unwrap().to_string();
    let files = Recorder::at("127.0.0.1:0");
    for (code, target) in [
        (200, String::new()),
        (302, format!("http://127.0.0.1:{}/again", files.port)),
    ] {
        files.redirect(code, &target);
        let text = format!(
            "{{\"files\":[{{\"fileId\":\"1\",\"kind\":\"STL\",\"name\":\"a.stl\",\"url\":\"http://127.0.0.1:{}/a\"}}]}}",
            files.port
        );
        let fault = Fault::Body {
            status: 200,
            content_type: "application/json".into(),
            text,
        };
        sandbox.fault("orderFiles", 1, fault).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let download = client.download(&order, folder.path(), 0).unwrap();
        let _ = outcome(itero_download_wait(download.at, 20_000));
        sandbox.clear_faults();
    }
    let heard = files.heard();
    assert!(heard.len() >= 2, "{heard:?}");
    for head in heard {
        let head = head.to_lowercase();
        assert!(
            !head.contains("authorization") && !head.contains("bearer") && !head.contains("cookie"),
            "{head}"
        );
    }
}
