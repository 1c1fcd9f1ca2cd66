//! Sign-in as a person and their browser see it: the library's C functions on one side, headless Chromium on the other,
//! the simulated cloud between them, all on this computer.
//!
//! The library starts its browser for real: a small script that keeps the URL, which the tests then open in Chromium
//! ([`webdriver`]) or visit by hand ([`http`]). Debian's packages `chromium` and `chromium-driver` are needed;
//! `target/browser/` holds pictures of the pages afterwards.
#![cfg(unix)]

mod http;
mod in_chromium;
mod listener;
mod outcomes;
mod program;
mod waiting;
mod webdriver;

use std::time::Duration;

use itero::sandbox::{Options, Sandbox, TestUser};

/// More than a sign-in takes on a busy computer, and less than anybody waits for.
const LONG_MS: i32 = 20_000;
/// Within this, cancelled work has ended.
const PROMPT: Duration = Duration::from_millis(250);

fn sandbox() -> Sandbox {
    Sandbox::start(Options::default()).expect("the sandbox starts")
}

fn user(sandbox: &Sandbox) -> TestUser {
    sandbox.users().remove(0)
}

/// A member of a URL's query, decoded.
fn query(url: &str, name: &str) -> String {
    let url = url::Url::parse(url).expect("a URL");
    let mut values = url.query_pairs().filter(|(key, _)| key == name);
    values.next().expect("the query has it").1.into_owned()
}

/// The port on which a sign-in listens, from its login page's URL.
fn listening_port(login_url: &str) -> u16 {
    let redirect = url::Url::parse(&query(login_url, "redirect_uri")).expect("a redirect URL");
    redirect.port().expect("a port")
}
