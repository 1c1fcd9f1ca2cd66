//! A1 Authorization, by a host that shows the login page itself.

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
