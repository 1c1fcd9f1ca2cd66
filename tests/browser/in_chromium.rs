//! Sign-ins in a real browser.

use std::net::{Ipv4Addr, TcpListener};

use itero::ffi::*;
use itero::sandbox::{Options, Sandbox, TestUser};

use crate::program::{Program, Setup};
use crate::webdriver::Browser;
use crate::{LONG_MS, listening_port, query, sandbox, user};

const SIGN_IN: &str = "button[value=login]";
const CANCEL: &str = "button[value=cancel]";

fn fill_in(browser: &Browser, user: &TestUser) {
    browser.fill("#email", &user.email);
    browser.fill("#password", &user.password);
}

/// A port on which nobody listens.
fn closed_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("its address").port()
}

#[test]
fn the_login_form_signs_in_and_the_browser_ends_on_a_page_that_leads_back() {
    let sandbox = sandbox();
    let program = Program::new(&sandbox, &Setup::default());
    let browser = Browser::start();
    let login = program.run(LONG_MS);
    let url = program.opened_url();
    assert_eq!(url, login.url());
    assert!(url.starts_with(&sandbox.addresses().login_page), "{url}");

    browser.go(&url);
    assert_eq!(browser.title(), "Sign in - itero sandbox");
    browser.screenshot("login");
    assert_eq!(login.wait(0).unwrap_err().status, ITERO_E_PENDING);
    fill_in(&browser, &user(&sandbox));
    browser.click(SIGN_IN);

    login.wait(LONG_MS).expect("signed in");
    assert!(program.is_signed_in());
    browser.expect_url(&format!(
        "http://127.0.0.1:{}/callback?",
        listening_port(&url)
    ));
    assert_eq!(browser.title(), "You are signed in.");
    browser.expect_text("You are signed in.");
    browser.expect_text("Go back to your program");
    browser.screenshot("signed-in");
}

#[test]
fn after_a_wrong_password_the_form_comes_again_and_the_right_one_signs_in() {
    let sandbox = sandbox();
    let program = Program::new(&sandbox, &Setup::default());
    let browser = Browser::start();
    let login = program.run(LONG_MS);
    let user = user(&sandbox);
    browser.go(&program.opened_url());
    browser.fill("#email", &user.email);
    browser.fill("#password", "not the password");
    browser.click(SIGN_IN);

    browser.expect_text("Email or password is wrong.");
    browser.screenshot("wrong-password");
    assert_eq!(login.wait(0).unwrap_err().status, ITERO_E_PENDING);
    assert!(!program.is_signed_in());

    browser.fill("#password", &user.password);
    browser.click(SIGN_IN);
    login.wait(LONG_MS).expect("signed in");
    assert!(program.is_signed_in());
    browser.expect_text("You are signed in.");
}

#[test]
fn the_cancel_button_ends_the_sign_in_as_access_denied() {
    let sandbox = sandbox();
    let program = Program::new(&sandbox, &Setup::default());
    let browser = Browser::start();
    let login = program.run(LONG_MS);
    browser.go(&program.opened_url());
    browser.click(CANCEL);

    let failure = login.wait(LONG_MS).unwrap_err();
    assert_eq!(failure.status, ITERO_E_AUTH, "{failure:?}");
    assert_eq!(failure.service_code, "access_denied");
    assert!(failure.advice.contains("cancelled"), "{failure:?}");
    assert!(!program.is_signed_in());
    browser.expect_text("The sign-in was not completed.");
    browser.expect_text("Go back to your program");
    browser.screenshot("canceled");
}

#[test]
fn a_hosted_https_redirect_page_forwards_the_browser_to_the_program() {
    // A name that only this browser knows leads to the sandbox, as an integrator's web server has a name of its own.
    let redirect_url = "https://sign-in.practice.example/hosted-redirect";
    let options = Options {
        tls: true,
        redirect_urls: vec![redirect_url.to_owned()],
        ..Options::default()
    };
    let sandbox = Sandbox::start(options).expect("the sandbox starts");
    let setup = Setup {
        redirect_url,
        ..Setup::default()
    };
    let program = Program::new(&sandbox, &setup);
    let base = sandbox.addresses().base_url.replace("https://", "");
    let browser = Browser::start_with_names(&format!("MAP sign-in.practice.example {base},"));
    let login = program.run(LONG_MS);
    let url = program.opened_url();
    assert_eq!(query(&url, "redirect_uri"), redirect_url);

    browser.go(&url);
    fill_in(&browser, &user(&sandbox));
    browser.click(SIGN_IN);
    login.wait(LONG_MS).expect("signed in");
    assert!(program.is_signed_in());
    let state = query(&url, "state");
    let (port, _) = state.split_once('.').expect("a port before the dot");
    browser.expect_url(&format!("http://127.0.0.1:{port}/callback?"));
    browser.expect_text("You are signed in.");
}

#[test]
fn the_url_that_the_browser_ends_on_completes_a_sign_in_once() {
    let sandbox = sandbox();
    // Nobody listens there: the browser shows its error page, with the URL in its address bar.
    let redirect_url = format!("http://127.0.0.1:{}/signed-in", closed_port());
    let setup = Setup {
        redirect_url: &redirect_url,
        ..Setup::default()
    };
    let program = Program::new(&sandbox, &setup);
    let browser = Browser::start();
    let login = program.begin();
    assert_eq!(login.wait(0).unwrap_err().status, ITERO_E_STATE);
    browser.go(&login.url());
    fill_in(&browser, &user(&sandbox));
    browser.click(SIGN_IN);
    let url = browser.expect_url(&redirect_url);

    // What isn't this sign-in's is refused, and the sign-in goes on.
    let not_yet = login.complete(&login.url()).unwrap_err();
    assert_eq!(not_yet.status, ITERO_E_ARGUMENT, "{not_yet:?}");
    let foreign = url.replace(&query(&url, "state"), "another");
    let foreign = login.complete(&foreign).unwrap_err();
    assert_eq!(foreign.status, ITERO_E_AUTH, "{foreign:?}");
    assert!(!program.is_signed_in());

    login.complete(&url).expect("signed in");
    assert!(program.is_signed_in());
    let again = login.complete(&url).unwrap_err();
    assert_eq!(again.status, ITERO_E_STATE, "{again:?}");
    assert!(program.is_signed_in());
}
