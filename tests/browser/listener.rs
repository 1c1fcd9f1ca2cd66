//! Visits to the port on which a sign-in listens: the right one, wrong ones, and those of other programs.

use std::time::{Duration, Instant};

use itero::ffi::*;
use itero::sandbox::{Fault, Sandbox, person};

use crate::http::{self, Answer};
use crate::program::{Program, Setup};
use crate::{LONG_MS, listening_port, query, sandbox, user};

/// Path and query.
fn target(url: &str) -> &str {
    let (_, rest) = url.split_once("//").expect("a URL");
    &rest[rest.find('/').expect("a path")..]
}

/// How often the cloud was asked for tokens.
fn exchanges(sandbox: &Sandbox) -> u64 {
    let counters = sandbox.counters();
    counters.requests.get("token").copied().unwrap_or(0)
}

#[test]
fn wrong_visits_are_refused_and_the_sign_in_goes_on() {
    let sandbox = sandbox();
    let program = Program::new(&sandbox, &Setup::default());
    let login = program.run(LONG_MS);
    let url = program.opened_url();
    let (port, state) = (listening_port(&url), query(&url, "state"));
    let right = format!("/callback?code=forged&state={state}");
    let own = format!("127.0.0.1:{port}");
    let (foreign, other_port) = (format!("rebound.example:{port}"), "127.0.0.1:1");
    let visits = [
        (400, "GET", "/callback?code=forged&state=wrong", &*own),
        (
            400,
            "GET",
            "/callback?error=access_denied&state=wrong",
            &own,
        ),
        (400, "GET", "/callback?code=forged", &own),
        (400, "GET", "/callback?code=forged&state=", &own),
        (400, "GET", "/callback?error=access_denied", &own),
        (400, "GET", "/callback", &own),
        (404, "GET", &right.replace("callback", "elsewhere"), &own),
        (404, "GET", &right.replace("callback", "callback/"), &own),
        (404, "GET", "/favicon.ico", &own),
        (405, "POST", &right, &own),
        (405, "PUT", &right, &own),
        (421, "GET", &right, &foreign),
        (421, "GET", &right, other_port),
        (421, "GET", &right, ""),
    ];
    for (status, method, target, host) in visits {
        let patience = Duration::from_secs(5);
        let answer = http::request_as(host, port, method, target, "", patience);
        let answer = answer.expect("an answer");
        let visit = format!("{method} {target} at {host}");
        assert_eq!(answer.status, status, "{visit}: {}", answer.body);
        keeps_secrets(&answer, &["forged", &state]);
        assert_eq!(
            login.wait(0).unwrap_err().status,
            ITERO_E_PENDING,
            "{visit}"
        );
    }
    assert_eq!(exchanges(&sandbox), 0, "no code was tried");

    let user = user(&sandbox);
    person::sign_in_and_follow(&url, &user.email, &user.password).expect("a sign-in");
    login.wait(LONG_MS).expect("signed in");
    assert!(program.is_signed_in());
}

/// Such a page must not stay in a cache, nor tell anybody where it came from or what it was asked with.
fn keeps_secrets(answer: &Answer, secrets: &[&str]) {
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    let policy = answer.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    for secret in secrets {
        assert!(!answer.body.contains(secret), "{}", answer.body);
    }
}

#[test]
fn the_last_pages_are_not_kept_and_hold_neither_code_nor_state() {
    let sandbox = sandbox();
    let user = user(&sandbox);
    let program = Program::new(&sandbox, &Setup::default());
    let login = program.run(LONG_MS);
    let url = program.opened_url();
    let back = person::sign_in(&url, &user.email, &user.password).expect("a sign-in");
    let page = http::get(listening_port(&url), target(&back)).expect("the last page");
    assert_eq!(page.status, 200);
    assert!(page.body.contains("You are signed in."), "{}", page.body);
    keeps_secrets(&page, &[&query(&back, "code"), &query(&back, "state")]);
    login.wait(LONG_MS).expect("signed in");

    let login = program.run(LONG_MS);
    program.opened_urls(2);
    let (port, state) = (listening_port(&login.url()), query(&login.url(), "state"));
    let denied = format!("/callback?error=access_denied&state={state}");
    let page = http::get(port, &denied).expect("the last page");
    assert_eq!(page.status, 200);
    assert!(page.body.contains("was not completed"), "{}", page.body);
    keeps_secrets(&page, &["access_denied", &state]);
    assert_eq!(login.wait(LONG_MS).unwrap_err().status, ITERO_E_AUTH);
}

#[test]
fn a_code_that_the_service_refuses_fails_the_sign_in_and_the_page_says_so() {
    let sandbox = sandbox();
    let program = Program::new(&sandbox, &Setup::default());
    let login = program.run(LONG_MS);
    let url = program.opened_url();
    let forged = format!("/callback?code=forged&state={}", query(&url, "state"));
    let page = http::get(listening_port(&url), &forged).expect("the last page");
    assert!(page.body.contains("was not completed"), "{}", page.body);
    keeps_secrets(&page, &["forged"]);
    let failure = login.wait(LONG_MS).unwrap_err();
    assert_eq!(failure.status, ITERO_E_AUTH, "{failure:?}");
    assert_eq!(failure.service_code, "invalid_grant");
    assert!(!program.is_signed_in());
}

#[test]
fn a_second_visit_while_the_code_is_exchanged_uses_no_code_again() {
    let sandbox = sandbox();
    let user = user(&sandbox);
    let program = Program::new(&sandbox, &Setup::default());
    let login = program.run(LONG_MS);
    let url = program.opened_url();
    let (port, back) = (
        listening_port(&url),
        person::sign_in(&url, &user.email, &user.password).expect("a sign-in"),
    );
    let slow = Fault::Delay(Duration::from_secs(1));
    sandbox.fault("token", 1, slow).expect("a planned fault");
    std::thread::scope(|scope| {
        let first = scope.spawn(|| http::get(port, target(&back)).expect("the last page"));
        let until = Instant::now() + Duration::from_secs(5);
        while exchanges(&sandbox) == 0 {
            assert!(Instant::now() < until, "the code is exchanged");
            std::thread::sleep(Duration::from_millis(10));
        }
        let second = http::get(port, target(&back)).expect("a page");
        assert!(second.body.contains("complete already"), "{}", second.body);
        let first = first.join().expect("the first visit");
        assert!(first.body.contains("You are signed in."), "{}", first.body);
    });
    login.wait(LONG_MS).expect("signed in");
    assert_eq!(exchanges(&sandbox), 1);
}

#[test]
fn two_sign_ins_at_once_on_one_client_do_not_disturb_each_other() {
    let sandbox = sandbox();
    let user = user(&sandbox);
    let program = Program::new(&sandbox, &Setup::default());
    let (first, second) = (program.run(LONG_MS), program.run(LONG_MS));
    let mut opened = program.opened_urls(2);
    let mut own = [first.url(), second.url()];
    opened.sort();
    own.sort();
    assert_eq!(opened, own);
    let port = listening_port(&second.url());
    assert_ne!(listening_port(&first.url()), port);

    // The first one's answer is nothing to the second.
    let back = person::sign_in(&first.url(), &user.email, &user.password).expect("a sign-in");
    let astray = http::get(port, target(&back)).expect("an answer");
    assert_eq!(astray.status, 400);

    person::sign_in_and_follow(&second.url(), &user.email, &user.password).expect("a sign-in");
    second.wait(LONG_MS).expect("signed in");
    assert!(program.is_signed_in());
    assert_eq!(first.wait(0).unwrap_err().status, ITERO_E_PENDING);
    let page = http::get(listening_port(&first.url()), target(&back)).expect("the last page");
    assert!(page.body.contains("You are signed in."), "{}", page.body);
    first.wait(LONG_MS).expect("signed in");
    assert!(program.is_signed_in());
}

#[test]
fn a_loopback_redirect_url_says_where_to_listen() {
    let sandbox = sandbox();
    let user = user(&sandbox);
    let setup = Setup {
        redirect_url: "http://localhost/practice/back",
        ..Setup::default()
    };
    let program = Program::new(&sandbox, &setup);
    let login = program.run(LONG_MS);
    let url = program.opened_url();
    let redirect = query(&url, "redirect_uri");
    let port = listening_port(&url);
    assert_eq!(redirect, format!("http://localhost:{port}/practice/back"));
    let back = person::sign_in(&url, &user.email, &user.password).expect("a sign-in");
    let page = http::get(port, target(&back)).expect("the last page");
    assert!(page.body.contains("You are signed in."), "{}", page.body);
    login.wait(LONG_MS).expect("signed in");
}
