//! A5 Discovery.

use itero::ffi::*;
use itero::sandbox::Fault;

use crate::host::*;

fn requests(sandbox: &itero::sandbox::Sandbox, operation: &str) -> u64 {
    sandbox
        .counters()
        .requests
        .get(operation)
        .copied()
        .unwrap_or(0)
}

#[test]
fn a5_v2_discovers_before_the_accounts_and_remembers() {
    let sandbox = small_sandbox();
    let client = Client::signed_in(&sandbox, V2, ADA);
    assert_eq!(requests(&sandbox, "discovery"), 0);
    assert_eq!(text(itero_client_region(client.at())), "");
    client.accounts().unwrap();
    client.accounts().unwrap();
    assert_eq!(requests(&sandbox, "discovery"), 1);
    assert_eq!(text(itero_client_region(client.at())), "us");
    outcome(itero_client_discover(client.at())).unwrap();
    assert_eq!(requests(&sandbox, "discovery"), 2);
}

#[test]
fn a5_v2_discovers_before_a_refresh() {
    let sandbox = small_sandbox();
    let client = Client::signed_in(&sandbox, V2, ADA);
    outcome(itero_client_refresh(client.at())).unwrap();
    assert_eq!(requests(&sandbox, "discovery"), 1);
}

#[test]
fn a5_v1_never_discovers() {
    let sandbox = small_sandbox();
    let client = Client::paired(&sandbox, V1, HARBOR);
    client.practice().unwrap();
    outcome(itero_client_refresh(client.at())).unwrap();
    assert_eq!(requests(&sandbox, "discovery"), 0);
    let failure = outcome(itero_client_discover(client.at())).unwrap_err();
    assert_eq!(failure.status, ITERO_E_ARGUMENT);
    assert_eq!(text(itero_client_region(client.at())), "");
}

#[test]
fn a5_pairing_into_another_region_moves_the_session_there() {
    let sandbox = small_sandbox();
    let client = Client::signed_in(&sandbox, V2, ADA);
    client.pair(LINDEN, None).unwrap();
    let practice = client.practice().unwrap();
    assert_eq!(text(itero_practice_account_id(practice.at)), LINDEN);
    assert_eq!(text(itero_client_region(client.at())), "eu");
}

#[test]
fn a5_a_region_that_moves_is_found_again_once() {
    let sandbox = small_sandbox();
    let client = Client::paired(&sandbox, V2, HARBOR);
    client.practice().unwrap();
    let before = requests(&sandbox, "discovery");
    // The region says "not here", and discovery names the same place as before: no endless circle.
    sandbox
        .fault(
            "practice",
            9,
            Fault::Status {
                status: 421,
                retry_after: None,
            },
        )
        .unwrap();
    let failure = client.practice().err().unwrap();
    assert_eq!(failure.http_status, 421, "{failure:?}");
    assert_eq!(requests(&sandbox, "discovery"), before + 1);
}

#[test]
fn a5_an_endpoint_outside_the_allowed_domain_is_refused() {
    let sandbox = small_sandbox();
    let client = Client::signed_in(&sandbox, V2, ADA);
    for url in [
        "https://evil.example/accounts",
        "http://192.168.0.1/accounts",
    ] {
        let text = format!(r#"{{"region":"us","endpoints":{{"accounts":"{url}"}}}}"#);
        let fault = Fault::Body {
            status: 200,
            content_type: "application/json".into(),
            text,
        };
        sandbox.fault("discovery", 1, fault).unwrap();
        let failure = client.accounts().err().unwrap();
        assert!(
            [ITERO_E_FORBIDDEN, ITERO_E_ARGUMENT].contains(&failure.status),
            "{failure:?}"
        );
    }
    client.accounts().unwrap();
}

#[test]
fn a5_discovery_without_endpoints_is_told() {
    let sandbox = small_sandbox();
    let client = Client::signed_in(&sandbox, V2, ADA);
    for (body, words) in [
        ("{}", "lacks the member endpoints"),
        (
            r#"{"endpoints":{}}"#,
            "discovery names no endpoint accounts",
        ),
        (
            "<html>Sign in to the guest network</html>",
            "web page (HTML)",
        ),
        ("", "empty"),
    ] {
        let fault = Fault::Body {
            status: 200,
            content_type: "application/json".into(),
            text: body.into(),
        };
        sandbox.fault("discovery", 1, fault).unwrap();
        let failure = client.accounts().err().unwrap();
        assert_eq!(failure.status, ITERO_E_PROTOCOL, "{failure:?}");
        assert!(failure.message.contains(words), "{failure:?}");
        outcome(itero_client_discover(client.at())).unwrap();
        outcome(itero_client_revoke(client.at())).unwrap();
        client.sign_in(&sandbox, ADA).unwrap();
    }
}

#[test]
fn a5_each_endpoint_can_be_overridden() {
    let sandbox = small_sandbox();
    for version in [V1, V2] {
        let config = config(&sandbox, version);
        let set = |name: &str, url: &str| {
            outcome(unsafe {
                itero_config_set_endpoint(config.at, c(name).as_ptr(), c(url).as_ptr())
            })
        };
        set(
            "accounts",
            &format!("{}/nowhere/accounts", sandbox.addresses().base_url),
        )
        .unwrap();
        let client = Client::of(&config);
        client.sign_in(&sandbox, ADA).unwrap();
        assert_eq!(client.accounts().err().unwrap().http_status, 404);
        client.pair(HARBOR, None).unwrap();

        set("accounts", "").unwrap();
        let client = Client::of(&config);
        client.sign_in(&sandbox, ADA).unwrap();
        client.accounts().unwrap();

        let failure = set("account", "https://a.example/").unwrap_err();
        assert!(
            failure.message.contains("patientUpdateByChart"),
            "{failure:?}"
        );
        assert_eq!(
            set("orders", "http://a.example/orders").unwrap_err().status,
            ITERO_E_ARGUMENT
        );
        // A token doesn't follow an override out of the domain.
        set("accounts", "https://a.example/accounts").unwrap();
        let client = Client::of(&config);
        client.sign_in(&sandbox, ADA).unwrap();
        let failure = client.accounts().err().unwrap();
        assert_eq!(failure.status, ITERO_E_FORBIDDEN, "{failure:?}");
        assert!(failure.message.contains("a.example"), "{failure:?}");
        set("accounts", "").unwrap();
    }
}

#[test]
fn a5_a_region_that_has_moved_is_found_again() {
    let sandbox = small_sandbox();
    let client = Client::signed_in(&sandbox, V2, ADA);
    // The first discovery names a place where nobody listens, or one whose paths are gone.
    for old in [
        "http://127.0.0.1:9/accounts".to_owned(),
        format!("{}/gone/accounts", sandbox.addresses().hosted_redirect),
    ] {
        let text = format!(r#"{{"region":"old","endpoints":{{"accounts":"{old}"}}}}"#);
        let fault = Fault::Body {
            status: 200,
            content_type: "application/json".into(),
            text,
        };
        sandbox.fault("discovery", 1, fault).unwrap();
        outcome(itero_client_discover(client.at())).unwrap();
        assert_eq!(text_of_region(&client), "old");
        client.accounts().unwrap();
        assert_eq!(text_of_region(&client), "us");
    }
}

fn text_of_region(client: &Client) -> String {
    text(itero_client_region(client.at()))
}

/// An outdated region must not end a session: its sign-in endpoint and its pairing have moved too.
#[test]
fn a5_refresh_and_pair_find_a_region_that_has_moved() {
    let sandbox = small_sandbox();
    let client = Client::signed_in(&sandbox, V2, ADA);
    let outdated = || {
        let gone = "http://127.0.0.1:9";
        let text = format!(
            r#"{{"region":"old","endpoints":{{"token":"{gone}/token","pair":"{gone}/pairing","accounts":"{gone}/accounts"}}}}"#
        );
        let content_type = "application/json".into();
        sandbox
            .fault(
                "discovery",
                1,
                Fault::Body {
                    status: 200,
                    content_type,
                    text,
                },
            )
            .unwrap();
        outcome(itero_client_discover(client.at())).unwrap();
    };
    outdated();
    outcome(itero_client_refresh(client.at())).unwrap();
    outdated();
    sandbox.expire_tokens();
    client.accounts().unwrap();
    outdated();
    client.pair(HARBOR, None).unwrap();
    client.practice().unwrap();
    let counters = sandbox.counters();
    assert_eq!((counters.refreshes, counters.reuse_events), (2, 0));
}

#[test]
fn a5_discovery_that_refuses_an_ended_token_is_asked_without_one() {
    let sandbox = small_sandbox();
    let client = Client::signed_in(&sandbox, V2, ADA);
    sandbox.expire_tokens();
    sandbox
        .fault(
            "discovery",
            1,
            Fault::Status {
                status: 401,
                retry_after: None,
            },
        )
        .unwrap();
    client.accounts().unwrap();
    assert_eq!(requests(&sandbox, "discovery"), 2);
}
