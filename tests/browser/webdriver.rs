//! Headless Chromium, driven through the WebDriver protocol (W3C) with plain HTTP and JSON.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::http;

const DRIVER: &str = "/usr/bin/chromedriver";
const CHROMIUM: &str = "/usr/bin/chromium";
/// For one answer of the driver; starting the browser takes longest.
const PATIENCE: Duration = Duration::from_secs(20);
/// For the browser to get from one page to the next.
const STEP: Duration = Duration::from_secs(10);
/// The member that holds an element's id, by the standard.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A browser with an empty profile of its own. It ends when dropped.
pub struct Browser {
    driver: Child,
    port: u16,
    session: String,
    /// The browser's own process.
    process: Option<i32>,
    _folder: tempfile::TempDir,
}

impl Browser {
    pub fn start() -> Browser {
        Browser::start_with_names("")
    }

    /// A browser that finds these host names: Chromium's `MAP name address` rules, each followed by a comma.
    /// It finds no other name, so that nothing leaves this computer.
    pub fn start_with_names(names: &str) -> Browser {
        for program in [DRIVER, CHROMIUM] {
            assert!(
                Path::new(program).exists(),
                "{program} is missing. These tests sign in with a real browser; install Debian's packages for it: \
                 apt-get install chromium chromium-driver"
            );
        }
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut driver = Command::new(DRIVER)
            .arg("--port=0")
            .env("HOME", folder.path())
            .env("TMPDIR", folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let output = driver.stdout.take().expect("its output is piped");
        // From here on, dropping ends it.
        let mut browser = Browser {
            driver,
            port: 0,
            session: String::new(),
            process: None,
            _folder: folder,
        };
        browser.port = announced_port(output);
        browser.open(names);
        browser
    }

    fn open(&mut self, names: &str) {
        let profile = self._folder.path().join("profile");
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--no-proxy-server",
            "--window-size=1000,900",
            &format!("--user-data-dir={}", profile.display()),
            &format!("--host-resolver-rules={names} MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"),
        ];
        let capabilities = json!({
            "browserName": "chrome",
            "acceptInsecureCerts": true,
            "timeouts": {"pageLoad": 10_000, "implicit": 0, "script": 5_000},
            "goog:chromeOptions": {"binary": CHROMIUM, "args": arguments},
        });
        let wanted = json!({"capabilities": {"alwaysMatch": capabilities}});
        let session = self.call("POST", "/session", &wanted);
        self.session = text(&session["sessionId"]);
        self.process = session["capabilities"]["goog:processID"]
            .as_i64()
            .and_then(|id| i32::try_from(id).ok());
    }

    /// A command, or the driver's message why it failed.
    fn try_call(&self, method: &str, target: &str, body: &Value) -> Result<Value, String> {
        let body = match method {
            "POST" => body.to_string(),
            _ => String::new(),
        };
        let answer = http::request(self.port, method, target, &body, PATIENCE);
        let answer = answer.map_err(|fault| format!("{method} {target}: {fault}"))?;
        let mut value: Value = serde_json::from_str(&answer.body).expect("the driver speaks JSON");
        let value = value["value"].take();
        if answer.status != 200 {
            return Err(format!("{method} {target}: {}", value["message"]));
        }
        Ok(value)
    }

    #[track_caller]
    fn call(&self, method: &str, target: &str, body: &Value) -> Value {
        let value = self.try_call(method, target, body);
        value.unwrap_or_else(|message| panic!("{message}"))
    }

    fn ask(&self, what: &str) -> Value {
        let session = &self.session;
        self.call("GET", &format!("/session/{session}/{what}"), &Value::Null)
    }

    fn tell(&self, what: &str, body: &Value) -> Value {
        let session = &self.session;
        self.call("POST", &format!("/session/{session}/{what}"), body)
    }

    pub fn go(&self, url: &str) {
        self.tell("url", &json!({"url": url}));
    }

    pub fn title(&self) -> String {
        text(&self.ask("title"))
    }

    fn element(&self, selector: &str) -> String {
        let found = self.tell(
            "element",
            &json!({"using": "css selector", "value": selector}),
        );
        text(&found[ELEMENT])
    }

    /// Types into a field, as at the keyboard.
    pub fn fill(&self, selector: &str, value: &str) {
        let id = self.element(selector);
        self.tell(&format!("element/{id}/clear"), &json!({}));
        self.tell(&format!("element/{id}/value"), &json!({"text": value}));
    }

    pub fn click(&self, selector: &str) {
        let id = self.element(selector);
        self.tell(&format!("element/{id}/click"), &json!({}));
    }

    /// What a person can read on the page. The page may go while it is being asked.
    fn text(&self) -> Result<String, String> {
        let session = &self.session;
        let by = json!({"using": "css selector", "value": "body"});
        let body = self.try_call("POST", &format!("/session/{session}/element"), &by)?;
        let id = text(&body[ELEMENT]);
        let target = format!("/session/{session}/element/{id}/text");
        self.try_call("GET", &target, &Value::Null)
            .map(|value| text(&value))
    }

    /// Waits until a person can read this on the page.
    #[track_caller]
    pub fn expect_text(&self, part: &str) {
        let until = Instant::now() + STEP;
        loop {
            let page = self.text();
            if page.as_ref().is_ok_and(|page| page.contains(part)) {
                return;
            }
            assert!(Instant::now() < until, "no {part:?} on the page: {page:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until the browser has gone to a URL that begins so, and returns it.
    #[track_caller]
    pub fn expect_url(&self, start: &str) -> String {
        let until = Instant::now() + STEP;
        loop {
            let url = text(&self.ask("url"));
            if url.starts_with(start) {
                return url;
            }
            assert!(Instant::now() < until, "the browser stays at {url}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Keeps a picture of the page as `target/browser/{name}.png`.
    pub fn screenshot(&self, name: &str) {
        let png = BASE64_STANDARD.decode(text(&self.ask("screenshot")));
        let png = png.expect("the picture is base64");
        assert!(png.starts_with(b"\x89PNG"), "the picture is a PNG");
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/browser");
        std::fs::create_dir_all(&folder).expect("the folder for pictures");
        std::fs::write(folder.join(name).with_extension("png"), png).expect("the picture");
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Asked to, the driver ends the browser with all its processes.
        if !self.session.is_empty() {
            let target = format!("/session/{}", self.session);
            let _ = http::request(self.port, "DELETE", &target, "", Duration::from_secs(5));
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
        let Some(id) = self.process else { return };
        let command = std::fs::read_to_string(format!("/proc/{id}/cmdline")).unwrap_or_default();
        if command.contains(&*self._folder.path().to_string_lossy()) {
            // SAFETY: a plain system call; the process is this browser, it has our profile.
            unsafe { libc::kill(id, libc::SIGKILL) };
        }
    }
}

/// Reads "… started successfully on port 12345." and goes on emptying the pipe, so that the driver never blocks.
fn announced_port(output: impl Read + Send + 'static) -> u16 {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            let port = line.rsplit_once("on port ");
            let port = port.and_then(|(_, port)| port.trim_end_matches('.').parse().ok());
            // Before, it repeats that it was asked for port 0.
            if let Some(port) = port.filter(|port| *port != 0) {
                let _ = sender.send(port);
            }
        }
    });
    let port = receiver.recv_timeout(PATIENCE);
    port.expect("chromedriver tells its port")
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
