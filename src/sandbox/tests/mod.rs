//! The sandbox against a bare HTTP client, which knows the documented wire and nothing of the sandbox's code.

mod faults;
mod files;
mod journey;
mod orders;
mod patients;
mod scan_requests;
mod sign_in;

use super::scan::ScanFile;
use super::{CLIENT_ID, CLIENT_SECRET, FileSource, Options, Sandbox, person, trust};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use url::Url;

const ADA: &str = "ada.lindqvist@itero-sandbox.example";
const ADA_PASSWORD: &str = "sandbox-Ada-1";
const REDIRECT: &str = "http://127.0.0.1:9/callback";
const VERIFIER: &str = "verifier-verifier-verifier-verifier-verifier";

struct Answer {
    status: u16,
    headers: HeaderMap,
    bytes: Vec<u8>,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default()
    }

    fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// A sandbox and a client of it that may hold a token set.
struct Peer {
    sandbox: Sandbox,
    http: reqwest::Client,
    runtime: tokio::runtime::Runtime,
    access: RefCell<String>,
    refresh: RefCell<String>,
}

/// Options for a sandbox whose scans are one small file.
fn small() -> Options {
    let file = ScanFile {
        name: "gallery_#1.jpg".to_owned(),
        kind: "IMAGE_GALLERY",
        content_type: "image/jpeg",
        bytes: b"0123456789".to_vec(),
    };
    Options {
        files: FileSource::Given(vec![file]),
        ..Options::default()
    }
}

impl Peer {
    fn start(options: Options) -> Peer {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        Peer {
            sandbox: Sandbox::start(options).expect("a sandbox"),
            http: trust::client(None).expect("a client"),
            runtime,
            access: RefCell::default(),
            refresh: RefCell::default(),
        }
    }

    /// Signed in, and paired with the first account.
    fn paired(options: Options) -> Peer {
        let peer = Peer::start(options);
        peer.sign_in();
        peer.pair("30417", None);
        peer
    }

    fn v1(&self, path: &str) -> String {
        format!("{}/api/v1{path}", self.sandbox.addresses().base_url)
    }

    fn token_url(&self) -> String {
        format!("{}/oauth/token", self.sandbox.addresses().oauth_base)
    }

    fn send(&self, request: reqwest::RequestBuilder) -> reqwest::Result<Answer> {
        self.runtime.block_on(async {
            let response = request.send().await?;
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            let bytes = response.bytes().await?.to_vec();
            Ok(Answer {
                status,
                headers,
                bytes,
            })
        })
    }

    fn ask(&self, request: reqwest::RequestBuilder) -> Answer {
        self.send(request).expect("an answer")
    }

    /// An API call with the access token.
    fn request(&self, method: Method, url: &str, body: Option<&Value>) -> reqwest::RequestBuilder {
        let token = self.access.borrow();
        let request = self.http.request(method, url);
        let request = request.header("authorization", format!("Bearer {token}"));
        match body {
            Some(body) => request
                .header("content-type", "application/json")
                .body(body.to_string()),
            None => request,
        }
    }

    fn get(&self, url: &str) -> Answer {
        self.ask(self.request(Method::GET, url, None))
    }

    fn post(&self, url: &str, body: &Value) -> Answer {
        self.ask(self.request(Method::POST, url, Some(body)))
    }

    fn patch(&self, url: &str, body: &Value) -> Answer {
        self.ask(self.request(Method::PATCH, url, Some(body)))
    }

    fn delete(&self, url: &str) -> Answer {
        self.ask(self.request(Method::DELETE, url, None))
    }

    fn form(&self, url: &str, pairs: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        let request = self.http.post(url).body(body);
        self.ask(request.header("content-type", "application/x-www-form-urlencoded"))
    }

    fn login_url(&self, redirect: &str, state: &str) -> String {
        let mut url = Url::parse(&self.sandbox.addresses().login_page).expect("a URL");
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        url.query_pairs_mut().extend_pairs([
            ("response_type", "code"),
            ("client_id", CLIENT_ID),
            ("redirect_uri", redirect),
            ("state", state),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            ("scope", "offline_access"),
        ]);
        url.into()
    }

    fn new_code(&self) -> String {
        let url = self.login_url(REDIRECT, "xyz");
        let target = person::sign_in(&url, ADA, ADA_PASSWORD).expect("a redirect");
        assert_eq!(query(&target, "state").as_deref(), Some("xyz"));
        query(&target, "code").expect("a code")
    }

    fn redeem(&self, code: &str, changed: &[(&str, &str)]) -> Answer {
        let mut pairs = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT),
            ("client_id", CLIENT_ID),
            ("client_secret", CLIENT_SECRET),
            ("code_verifier", VERIFIER),
        ];
        for (name, value) in changed {
            pairs.retain(|(own, _)| own != name);
            pairs.push((name, value));
        }
        self.form(&self.token_url(), &pairs)
    }

    fn refresh_with(&self, token: &str) -> Answer {
        let pairs = [
            ("grant_type", "refresh_token"),
            ("refresh_token", token),
            ("client_id", CLIENT_ID),
            ("client_secret", CLIENT_SECRET),
        ];
        self.form(&self.token_url(), &pairs)
    }

    fn keep(&self, answer: &Answer) {
        assert_eq!(answer.status, 200, "a token set");
        let set = answer.json();
        self.access.replace(text(&set["access_token"]));
        self.refresh.replace(text(&set["refresh_token"]));
    }

    fn sign_in(&self) {
        let code = self.new_code();
        self.keep(&self.redeem(&code, &[]));
    }

    fn pair(&self, account: &str, callback: Option<&str>) {
        let mut body = json!({"accountId": account});
        if let Some(url) = callback {
            body["callbackUrl"] = url.into();
        }
        self.keep(&self.post(&self.v1("/pairing"), &body));
    }

    /// A good scan request's Rx.
    fn new_rx(&self) -> String {
        let answer = self.post(&self.v1("/scan-requests"), &good_request());
        assert_eq!(answer.status, 201, "{}", answer.json());
        text(&answer.json()["rxId"])
    }
}

fn good_request() -> Value {
    json!({
        "doctorId": 7001,
        "patient": {"firstName": "Zoë", "lastName": "Müller-Łukasz", "chartNumber": "10024"},
        "procedureMapId": 101,
        "labId": "L-210",
        "scannerSerialNumber": "E52021C11877",
        "dueDate": "2030-01-31",
        "teeth": [{"toothNumber": "14", "restoration": "Crown", "material": "Zirconia", "shade": "A2"}],
    })
}

fn text(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}

fn query(url: &str, name: &str) -> Option<String> {
    let url = Url::parse(url).expect("a URL");
    let found = url.query_pairs().find(|(key, _)| key == name);
    found.map(|(_, value)| value.into_owned())
}
