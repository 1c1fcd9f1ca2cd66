//! A sign-in that nobody finishes: how the program's wait ends.

use std::thread;
use std::time::{Duration, Instant};

use itero::ffi::*;
use itero::sandbox::person;

use crate::program::{Failure, Login, Program, Setup};
use crate::{LONG_MS, PROMPT, http, listening_port, sandbox, user};

/// Lets another thread wait for the sign-in, ends it in this way, and returns what the waiting thread got.
fn ended_by(end: impl FnOnce(&Program, &Login)) -> Failure {
    let sandbox = sandbox();
    let program = Program::new(&sandbox, &Setup::default());
    let login = program.run(LONG_MS);
    let port = listening_port(&program.opened_url());
    assert!(http::is_open(port));
    let failure = thread::scope(|scope| {
        let waiting = scope.spawn(|| login.wait(LONG_MS).unwrap_err());
        thread::sleep(Duration::from_millis(100));
        assert!(!waiting.is_finished());
        let began = Instant::now();
        end(&program, &login);
        let failure = waiting.join().expect("the wait ends");
        assert!(began.elapsed() < PROMPT, "after {:?}", began.elapsed());
        failure
    });
    assert!(http::is_closed_soon(port), "the listener is closed");
    assert!(!program.is_signed_in());
    failure
}

#[test]
fn a_sign_in_that_never_comes_times_out_and_closes_its_port() {
    let sandbox = sandbox();
    let program = Program::new(&sandbox, &Setup::default());
    let began = Instant::now();
    let login = program.run(300);
    let port = listening_port(&program.opened_url());
    let failure = login.wait(LONG_MS).unwrap_err();
    assert_eq!(failure.status, ITERO_E_TIMEOUT, "{failure:?}");
    assert!(began.elapsed() >= Duration::from_millis(300));
    assert!(began.elapsed() < Duration::from_secs(2));
    assert!(http::is_closed_soon(port), "the listener is closed");
    // The outcome stays.
    assert_eq!(login.wait(0).unwrap_err().status, ITERO_E_TIMEOUT);
}

#[test]
fn cancelling_the_sign_in_ends_the_wait_at_once() {
    let failure = ended_by(|_, login| login.cancel());
    assert_eq!(failure.status, ITERO_E_CANCELLED, "{failure:?}");
}

#[test]
fn cancelling_the_client_ends_the_wait_at_once() {
    let failure = ended_by(|program, _| program.cancel());
    assert_eq!(failure.status, ITERO_E_CANCELLED, "{failure:?}");
}

#[test]
fn freeing_the_sign_in_ends_the_wait_of_another_thread_at_once() {
    let failure = ended_by(|_, login| {
        login.free();
        assert_eq!(login.wait(0).unwrap_err().status, ITERO_E_HANDLE);
    });
    assert_eq!(failure.status, ITERO_E_CANCELLED, "{failure:?}");
}

#[test]
fn after_a_cancelled_sign_in_the_next_one_works() {
    let sandbox = sandbox();
    let program = Program::new(&sandbox, &Setup::default());
    let first = program.run(LONG_MS);
    program.opened_url();
    program.cancel();
    assert_eq!(first.wait(LONG_MS).unwrap_err().status, ITERO_E_CANCELLED);
    let second = program.run(LONG_MS);
    program.opened_urls(2);
    let user = user(&sandbox);
    person::sign_in_and_follow(&second.url(), &user.email, &user.password).expect("a sign-in");
    second.wait(LONG_MS).expect("signed in");
    assert!(program.is_signed_in());
}

#[test]
fn a_browser_that_does_not_exist_is_an_error_with_advice() {
    let sandbox = sandbox();
    let setup = Setup {
        browser: Some("/nowhere/no-such-browser"),
        ..Setup::default()
    };
    let program = Program::new(&sandbox, &setup);
    let failure = program.run(LONG_MS).wait(5_000).unwrap_err();
    assert_eq!(failure.status, ITERO_E_IO, "{failure:?}");
    assert!(failure.message.contains("browser"), "{failure:?}");
    assert!(
        failure.advice.contains("itero_config_set_browser"),
        "{failure:?}"
    );
}
