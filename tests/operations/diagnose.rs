//! The diagnosis: what a help desk would check, told without patient data.

use itero::ffi::*;
use itero::sandbox::{Fault, Options};

use crate::host::*;

/// (check, result, detail) of each row.
fn diagnose(client: &Client, url: Option<&str>) -> Vec<(String, i32, String)> {
    let url = url.map(c);
    let url = url.as_ref().map_or(std::ptr::null(), |url| url.as_ptr());
    let table = take(itero_diagnosis_free, |at| unsafe {
        itero_client_diagnose(client.at(), url, at)
    })
    .unwrap();
    (0..itero_diagnosis_count(table.at))
        .map(|i| {
            assert!(!text(itero_diagnosis_advice(table.at, i)).is_empty());
            let (name, detail) = (
                itero_diagnosis_name(table.at, i),
                itero_diagnosis_detail(table.at, i),
            );
            (
                text(name),
                itero_diagnosis_result(table.at, i),
                text(detail),
            )
        })
        .collect()
}

fn result(rows: &[(String, i32, String)], name: &str) -> (i32, String) {
    let row = rows
        .iter()
        .find(|row| row.0 == name)
        .unwrap_or_else(|| panic!("no check {name} in {rows:?}"));
    (row.1, row.2.clone())
}

#[test]
fn diagnose_a_healthy_session() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        let listener = take(itero_listener_free, |at| unsafe {
            itero_listener_start(client.at(), 0, None, std::ptr::null_mut(), at)
        })
        .unwrap();
        let rows = diagnose(&client, Some(&text(itero_listener_url(listener.at))));
        for (name, expected) in [
            ("dns", ITERO_CHECK_GOOD),
            ("proxy", ITERO_CHECK_GOOD),
            ("connection", ITERO_CHECK_GOOD),
            ("tls", ITERO_CHECK_SKIPPED),
            (
                "discovery",
                if version == V1 {
                    ITERO_CHECK_SKIPPED
                } else {
                    ITERO_CHECK_GOOD
                },
            ),
            ("token", ITERO_CHECK_GOOD),
            ("pairing", ITERO_CHECK_GOOD),
            ("notification", ITERO_CHECK_GOOD),
        ] {
            assert_eq!(result(&rows, name).0, expected, "{name} in {rows:?}");
        }
        assert_ne!(result(&rows, "clock").0, ITERO_CHECK_FAILED);
        let secret = text(itero_listener_url(listener.at))
            .rsplit('/')
            .next()
            .unwrap()
            .to_owned();
        assert!(rows.iter().all(|row| !row.2.contains(&secret)), "{rows:?}");
        // The empty request of the check was no notification.
        let waited = take(itero_notification_free, |at| unsafe {
            itero_listener_wait(listener.at, 0, at)
        });
        assert_eq!(waited.err().unwrap().status, ITERO_E_PENDING);
    });
}

#[test]
fn diagnose_who_stands_between() {
    let sandbox = start(Options {
        tls: true,
        ..Options::default()
    });
    let trusted = diagnose(&Client::new(&sandbox, V2), None);
    let (verdict, detail) = result(&trusted, "tls");
    assert_eq!(verdict, ITERO_CHECK_WARNING, "{detail}");
    assert!(detail.contains("no public authority"), "{detail}");
    assert_eq!(result(&trusted, "connection").0, ITERO_CHECK_GOOD);
    assert_eq!(result(&trusted, "token").0, ITERO_CHECK_SKIPPED);

    let config = config(&sandbox, V2);
    outcome(unsafe { itero_config_set_ca_file(config.at, c"".as_ptr()) }).unwrap();
    let refused = diagnose(&Client::of(&config), None);
    let (verdict, detail) = result(&refused, "tls");
    assert_eq!(verdict, ITERO_CHECK_FAILED, "{detail}");
    // The interceptor's name, as its certificate has it.
    assert!(detail.to_lowercase().contains("sandbox"), "{detail}");
    assert_eq!(result(&refused, "connection").0, ITERO_CHECK_FAILED);
}

#[test]
fn diagnose_names_what_fails_and_goes_on() {
    let sandbox = small_sandbox();
    let client = Client::paired(&sandbox, V2, HARBOR);
    let page = Fault::Body {
        status: 200,
        content_type: "text/html".into(),
        text: "<html>guest network".into(),
    };
    sandbox.fault("discovery", 1, page).unwrap();
    sandbox
        .fault(
            "practice",
            3,
            Fault::Status {
                status: 503,
                retry_after: None,
            },
        )
        .unwrap();
    let rows = diagnose(&client, Some("http://127.0.0.1:9/hook"));
    let (verdict, detail) = result(&rows, "discovery");
    assert!(
        verdict == ITERO_CHECK_FAILED && detail.contains("HTML") && detail.contains("127.0.0.1"),
        "{detail}"
    );
    assert_eq!(result(&rows, "token").0, ITERO_CHECK_GOOD);
    assert_eq!(result(&rows, "pairing").0, ITERO_CHECK_FAILED);
    assert_eq!(result(&rows, "notification").0, ITERO_CHECK_FAILED);

    sandbox.stop();
    let rows = diagnose(&client, None);
    for name in ["connection", "discovery", "token", "pairing"] {
        assert_eq!(
            result(&rows, name).0,
            ITERO_CHECK_FAILED,
            "{name} in {rows:?}"
        );
    }
    assert_eq!(result(&rows, "notification").0, ITERO_CHECK_SKIPPED);
}

#[test]
fn diagnose_names_the_proxy_and_a_name_that_does_not_exist() {
    let sandbox = small_sandbox();
    let config = config(&sandbox, V2);
    unsafe {
        outcome(itero_config_set_base_url(
            config.at,
            c"https://no-such-host.invalid/".as_ptr(),
        ))
        .unwrap();
        outcome(itero_config_set_proxy(
            config.at,
            c"http://user:secret@127.0.0.1:9".as_ptr(),
        ))
        .unwrap();
    }
    let rows = diagnose(&Client::of(&config), None);
    let (_, detail) = result(&rows, "proxy");
    assert!(
        detail.contains("127.0.0.1:9") && !detail.contains("secret"),
        "{detail}"
    );
    assert!(
        rows.iter()
            .any(|row| row.0 == "dns" && row.1 == ITERO_CHECK_WARNING),
        "{rows:?}"
    );
    outcome(unsafe { itero_config_set_proxy(config.at, c"none".as_ptr()) }).unwrap();
    let rows = diagnose(&Client::of(&config), None);
    assert!(
        rows.iter()
            .any(|row| row.0 == "dns" && row.1 == ITERO_CHECK_FAILED),
        "{rows:?}"
    );
}
