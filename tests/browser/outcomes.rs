//! How a sign-in ends when its answer is unusual, comes too late, or by way of a hosted page on this computer.

use std::thread;
use std::time::{Duration, Instant};

use itero::ffi::*;
use itero::sandbox::{Fault, Options, Sandbox, person};

use crate::program::{Program, Setup};
use crate::{LONG_MS, http, listening_port, query, sandbox, user};

#[test]
fn an_answer_with_the_right_state_ends_the_sign_in_whatever_its_error_is() {
    for answer in ["error=server%20error", "error=", "code=", "session=1"] {
        let sandbox = sandbox();
        let program = Program::new(&sandbox, &Setup::default());
        let login = program.run(LONG_MS);
        let url = program.opened_url();
        let target = format!("/callback?{answer}&state={}", query(&url, "state"));
        let page = http::get(listening_port(&url), &target).expect("a page");
        assert!(
            page.body.contains("was not completed"),
            "{answer}: {}",
            page.body
        );
        let failure = login.wait(1_000).unwrap_err();
        assert_eq!(failure.status, ITERO_E_AUTH, "{answer}: {failure:?}");
    }
}

#[test]
fn a_sign_in_that_was_cancelled_does_not_sign_in_later() {
    let sandbox = sandbox();
    let user = user(&sandbox);
    let program = Program::new(&sandbox, &Setup::default());
    let login = program.run(LONG_MS);
    let slow = Fault::Delay(Duration::from_millis(600));
    sandbox.fault("token", 1, slow).expect("a planned fault");
    let url = program.opened_url();
    let (email, password) = (user.email, user.password);
    let visit = thread::spawn(move || person::sign_in_and_follow(&url, &email, &password));
    let until = Instant::now() + Duration::from_secs(5);
    while !sandbox.counters().requests.contains_key("token") {
        assert!(Instant::now() < until, "the code is exchanged");
        thread::sleep(Duration::from_millis(10));
    }
    login.cancel();
    assert_eq!(login.wait(LONG_MS).unwrap_err().status, ITERO_E_CANCELLED);
    let _ = visit.join();
    thread::sleep(Duration::from_millis(1_000));
    assert!(!program.is_signed_in(), "signed in after the cancel");
}

#[test]
fn an_https_redirect_url_on_this_computer_is_a_hosted_page() {
    let options = Options {
        tls: true,
        ..Options::default()
    };
    let sandbox = Sandbox::start(options).expect("the sandbox starts");
    let user = user(&sandbox);
    let redirect_url = &sandbox.addresses().hosted_redirect;
    let setup = Setup {
        redirect_url,
        ..Setup::default()
    };
    let program = Program::new(&sandbox, &setup);
    let login = program.run(LONG_MS);
    assert_eq!(login.wait(300).unwrap_err().status, ITERO_E_PENDING);
    let url = program.opened_url();
    assert_eq!(&query(&url, "redirect_uri"), redirect_url);
    person::sign_in_and_follow(&url, &user.email, &user.password).expect("a sign-in");
    login.wait(LONG_MS).expect("signed in");
}
