//! A1 Authorization and A2 Get Token, by a host that shows the login page itself or brings its own code.

use itero::ffi::*;

use crate::host::*;

#[test]
fn a1_sign_in_by_hand() {
    both(|sandbox, version| {
        let client = Client::new(sandbox, version);
        assert_eq!(client.state(), ITERO_STATE_SIGNED_OUT);
        let login = client.begin().unwrap();
        let url = text(itero_login_url(login.at));
        for needed in [
            "response_type=code",
            "code_challenge_method=S256",
            "code_challenge=",
            "state=",
            "offline_access",
        ] {
            assert!(url.contains(needed), "{needed} in {url}");
        }
        complete(&login, &redirect(sandbox, ADA, &login)).unwrap();
        assert_eq!(client.state(), ITERO_STATE_SIGNED_IN);
    });
}

#[test]
fn a1_each_attempt_has_its_own_state_and_challenge() {
    let sandbox = small_sandbox();
    let client = Client::new(&sandbox, V2);
    let (one, two) = (client.begin().unwrap(), client.begin().unwrap());
    assert_ne!(text(itero_login_url(one.at)), text(itero_login_url(two.at)));
    let failure = complete(&one, &redirect(&sandbox, ADA, &two)).unwrap_err();
    assert_eq!(failure.status, ITERO_E_AUTH);
    assert!(
        failure.message.contains("state is not this sign-in's"),
        "{failure:?}"
    );
    assert_eq!(client.state(), ITERO_STATE_SIGNED_OUT);
}

#[test]
fn a1_each_bad_redirect_has_its_own_error_and_the_attempt_goes_on() {
    let sandbox = small_sandbox();
    let client = Client::new(&sandbox, V2);
    let login = client.begin().unwrap();
    let good = redirect(&sandbox, ADA, &login);
    let state = good
        .split("state=")
        .nth(1)
        .unwrap()
        .split('&')
        .next()
        .unwrap();
    for (url, status, words) in [
        (
            format!("{REDIRECT}?code=abc"),
            ITERO_E_AUTH,
            "holds no state",
        ),
        (
            format!("{REDIRECT}?code=abc&state="),
            ITERO_E_AUTH,
            "holds no state",
        ),
        (
            format!("{REDIRECT}?code=abc&state=x{state}"),
            ITERO_E_AUTH,
            "not this sign-in's",
        ),
        (
            format!("{REDIRECT}?error=access_denied&state={state}"),
            ITERO_E_AUTH,
            "access_denied",
        ),
        (
            format!("{REDIRECT}?error=access_denied"),
            ITERO_E_AUTH,
            "holds no state",
        ),
        (
            format!("{REDIRECT}?state={state}"),
            ITERO_E_AUTH,
            "neither a code nor an error",
        ),
        (
            format!("http://127.0.0.1:9/other?code=a&state={state}"),
            ITERO_E_ARGUMENT,
            "not the configured redirect URL",
        ),
        (
            format!("https://evil.example/callback?code=a&state={state}"),
            ITERO_E_ARGUMENT,
            "not the configured",
        ),
        ("callback?code=a".to_owned(), ITERO_E_ARGUMENT, "not a URL"),
        (String::new(), ITERO_E_ARGUMENT, "not a URL"),
    ] {
        let failure = complete(&login, &url).unwrap_err();
        assert_eq!(failure.status, status, "{failure:?}");
        assert!(failure.message.contains(words), "{words} in {failure:?}");
        assert!(
            !failure.message.contains(state),
            "the state stays secret: {failure:?}"
        );
    }
    let failure = complete(
        &login,
        &format!("{REDIRECT}?error=access_denied&state={state}"),
    )
    .unwrap_err();
    assert_eq!(failure.service_code, "access_denied");
    complete(&login, &good).unwrap();
}

#[test]
fn a1_a_redirect_url_must_be_https_without_a_fragment() {
    let sandbox = small_sandbox();
    let config = config(&sandbox, V2);
    for (url, words) in [
        ("https://practice.example/back#here", "must not hold a '#'"),
        ("http://practice.example/back", "must be an https URL"),
        ("practice.example/back", "not an absolute URL"),
        ("ftp://127.0.0.1/back", "must be an https URL"),
        (
            "https://user:password@practice.example/",
            "must not hold a user name",
        ),
    ] {
        let failure = outcome(unsafe { itero_config_set_redirect_url(config.at, c(url).as_ptr()) })
            .unwrap_err();
        assert_eq!(failure.status, ITERO_E_ARGUMENT);
        assert!(failure.message.contains(words), "{failure:?}");
    }
    for good in [
        "https://practice.example/back",
        "http://localhost:8123/back",
        "http://127.0.0.1/back",
        "",
    ] {
        outcome(unsafe { itero_config_set_redirect_url(config.at, c(good).as_ptr()) }).unwrap();
    }
    let failure = Client::of(&config).begin().err().unwrap();
    assert_eq!(failure.status, ITERO_E_ARGUMENT);
    assert!(
        failure.message.contains("lacks the redirect URL"),
        "{failure:?}"
    );
}

#[test]
fn a2_a_code_works_once() {
    both(|sandbox, version| {
        let client = Client::new(sandbox, version);
        let login = client.begin().unwrap();
        let url = redirect(sandbox, ADA, &login);
        complete(&login, &url).unwrap();
        let failure = complete(&login, &url).unwrap_err();
        assert_eq!(failure.status, ITERO_E_STATE);
        assert!(failure.message.contains("a code works once"), "{failure:?}");
        assert_eq!(client.state(), ITERO_STATE_SIGNED_IN);

        // Another client can't use it either: the service refuses it.
        let code = url
            .split("code=")
            .nth(1)
            .unwrap()
            .split('&')
            .next()
            .unwrap();
        let failure =
            exchange(&Client::new(sandbox, version), code, REDIRECT, Some("x")).unwrap_err();
        assert_eq!(
            (failure.status, failure.service_code.as_str()),
            (ITERO_E_AUTH, "invalid_grant")
        );
        assert!(
            !failure.message.contains(code) && !failure.request_id.is_empty(),
            "{failure:?}"
        );
    });
}

fn exchange(
    client: &Client,
    code: &str,
    redirect_url: &str,
    verifier: Option<&str>,
) -> Outcome<()> {
    let (code, redirect_url, verifier) = (c(code), c(redirect_url), verifier.map(c));
    let verifier = verifier
        .as_ref()
        .map_or(std::ptr::null(), |verifier| verifier.as_ptr());
    outcome(unsafe {
        itero_auth_exchange_code(client.at(), code.as_ptr(), redirect_url.as_ptr(), verifier)
    })
}

#[test]
fn a2_a_host_brings_its_own_code_and_verifier() {
    // RFC 7636, appendix B.
    let (verifier, challenge) = (
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    );
    both(|sandbox, version| {
        let client = Client::new(sandbox, version);
        let own_code = || {
            let page = format!(
                "{}?response_type=code&client_id={}&redirect_uri=http%3A%2F%2F127.0.0.1%3A9%2Fcallback&state=own\
                 &code_challenge={challenge}&code_challenge_method=S256&scope=offline_access",
                sandbox.addresses().login_page,
                itero::sandbox::CLIENT_ID
            );
            let user = &sandbox.users()[ADA];
            let url = itero::sandbox::person::sign_in(&page, &user.email, &user.password).unwrap();
            url.split("code=")
                .nth(1)
                .unwrap()
                .split('&')
                .next()
                .unwrap()
                .to_owned()
        };
        let failure = exchange(
            &client,
            &own_code(),
            REDIRECT,
            Some("another-verifier-another-verifier-another"),
        )
        .unwrap_err();
        assert_eq!(
            (failure.status, failure.service_code.as_str()),
            (ITERO_E_AUTH, "invalid_grant")
        );
        assert_eq!(client.state(), ITERO_STATE_SIGNED_OUT);
        for (code, url) in [
            ("", REDIRECT),
            ("abc", "http://practice.example/"),
            ("abc", "https://practice.example/#x"),
        ] {
            assert_eq!(
                exchange(&client, code, url, None).unwrap_err().status,
                ITERO_E_ARGUMENT
            );
        }
        exchange(&client, &own_code(), REDIRECT, Some(verifier)).unwrap();
        assert_eq!(client.state(), ITERO_STATE_SIGNED_IN);
    });
}

#[test]
fn a2_a_wrong_client_secret_is_told_as_that() {
    let sandbox = small_sandbox();
    let config = config(&sandbox, V2);
    outcome(unsafe { itero_config_set_client_secret(config.at, c"wrong".as_ptr()) }).unwrap();
    let failure = Client::of(&config).sign_in(&sandbox, ADA).unwrap_err();
    assert_eq!(
        (failure.status, failure.service_code.as_str()),
        (ITERO_E_AUTH, "invalid_client")
    );
    assert!(
        failure.advice.contains("itero_config_set_client_secret"),
        "{failure:?}"
    );
}
