//! A2 Get Token: from a redirect URL, or from a code that the host brings.

use itero::ffi::*;

use crate::host::*;

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
