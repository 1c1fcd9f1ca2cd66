//! Login page, tokens, rotation and revocation.

use super::*;
use std::time::Duration;

#[test]
fn a_code_is_good_once_and_its_reuse_ends_the_sign_in() {
    let peer = Peer::start(small());
    let code = peer.new_code();
    peer.keep(&peer.redeem(&code, &[]));
    assert_eq!(peer.get(&peer.v1("/accounts")).status, 200);

    let again = peer.redeem(&code, &[]);
    assert_eq!(
        (again.status, again.json()["error"].as_str()),
        (400, Some("invalid_grant"))
    );
    assert_eq!(
        peer.get(&peer.v1("/accounts")).status,
        401,
        "what the code issued is dead"
    );
    assert_eq!(peer.refresh_with(&peer.refresh.borrow()).status, 400);
}

#[test]
fn a_code_needs_its_verifier_redirect_and_client() {
    let peer = Peer::start(small());
    let code = peer.new_code();
    let wrong = [
        (
            "code_verifier",
            "another-verifier-another-verifier-another-ver",
            400,
            "invalid_grant",
        ),
        (
            "redirect_uri",
            "http://127.0.0.1:9/other",
            400,
            "invalid_grant",
        ),
        ("client_secret", "guess", 401, "invalid_client"),
        ("grant_type", "password", 400, "unsupported_grant_type"),
    ];
    for (name, value, status, error) in wrong {
        let answer = peer.redeem(&code, &[(name, value)]);
        let given = (
            answer.status,
            answer.json()["error"].as_str().map(str::to_owned),
        );
        assert_eq!(given, (status, Some(error.to_owned())), "{name}");
    }
    assert_eq!(
        peer.redeem(&code, &[]).status,
        200,
        "a wrong try doesn't use the code up"
    );
}

#[test]
fn refresh_tokens_rotate_and_reuse_kills_the_family() {
    let peer = Peer::start(small());
    peer.sign_in();
    let first = peer.refresh.borrow().clone();
    peer.keep(&peer.refresh_with(&first));
    assert_ne!(*peer.refresh.borrow(), first);
    assert_eq!(peer.get(&peer.v1("/accounts")).status, 200);

    let reused = peer.refresh_with(&first);
    assert_eq!(
        (reused.status, reused.json()["error"].as_str()),
        (400, Some("invalid_grant"))
    );
    assert_eq!(peer.get(&peer.v1("/accounts")).status, 401);
    let latest = peer.refresh.borrow().clone();
    assert_eq!(
        peer.refresh_with(&latest).status,
        400,
        "the newest refresh token died too"
    );
    let counters = peer.sandbox.counters();
    assert_eq!((counters.refreshes, counters.reuse_events), (1, 1));
}

#[test]
fn access_tokens_expire_and_a_refresh_helps() {
    let options = Options {
        token_life: Duration::from_secs(100),
        ..small()
    };
    let peer = Peer::start(options);
    peer.sign_in();
    peer.sandbox.expire_tokens();
    let answer = peer.get(&peer.v1("/accounts"));
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (401, "TokenExpired")
    );
    let latest = peer.refresh.borrow().clone();
    let refreshed = peer.refresh_with(&latest);
    assert_eq!(refreshed.json()["expires_in"], 100);
    peer.keep(&refreshed);
    assert_eq!(peer.get(&peer.v1("/accounts")).status, 200);
}

#[test]
fn pairing_replaces_the_token_set() {
    let peer = Peer::start(small());
    peer.sign_in();
    let (access, refresh) = (peer.access.borrow().clone(), peer.refresh.borrow().clone());
    peer.pair("30417", None);
    assert_ne!(*peer.access.borrow(), access);
    assert_eq!(peer.get(&peer.v1("/practice")).status, 200);
    assert_eq!(
        peer.refresh_with(&refresh).status,
        400,
        "the old refresh token is dead"
    );
    assert_eq!(
        peer.get(&peer.v1("/practice")).status,
        200,
        "and its late use harms nobody"
    );
    peer.access.replace(access);
    assert_eq!(
        peer.get(&peer.v1("/practice")).status,
        401,
        "the old access token is dead"
    );
    assert_eq!(peer.sandbox.counters().reuse_events, 0);
}

#[test]
fn revoking_the_refresh_token_ends_the_sign_in() {
    let peer = Peer::start(small());
    peer.sign_in();
    let url = format!("{}/oauth/revoke", peer.sandbox.addresses().oauth_base);
    let token = peer.refresh.borrow().clone();
    let revoke = |token: &str| {
        let client = [("client_id", CLIENT_ID), ("client_secret", CLIENT_SECRET)];
        peer.form(&url, &[("token", token), client[0], client[1]])
            .status
    };
    assert_eq!(revoke("never issued"), 200);
    assert_eq!(peer.get(&peer.v1("/accounts")).status, 200);
    assert_eq!(revoke(&token), 200);
    assert_eq!(peer.get(&peer.v1("/accounts")).status, 401);
    assert_eq!(peer.refresh_with(&token).status, 400);
}

#[test]
fn the_login_page_redirects_only_where_it_is_registered() {
    let options = Options {
        redirect_urls: vec!["https://dpms.example/itero".to_owned()],
        ..small()
    };
    let peer = Peer::start(options);
    let hosted = peer.sandbox.addresses().hosted_redirect.clone();
    let good = [
        REDIRECT,
        "http://localhost:1234/",
        "https://dpms.example/itero",
        &hosted,
    ];
    for redirect in good {
        assert_eq!(
            peer.get(&peer.login_url(redirect, "s")).status,
            200,
            "{redirect}"
        );
    }
    let bad = [
        "https://evil.example/",
        "http://dpms.example/itero",
        "https://dpms.example/itero/more",
        "http://127.0.0.1:9/callback#part",
        "http://127.0.0.1.evil.example/",
        "http://127.0.0.1@evil.example/",
    ];
    for redirect in bad {
        let answer = peer.get(&peer.login_url(redirect, "s"));
        assert_eq!(
            (answer.status, answer.header("location")),
            (400, ""),
            "{redirect}"
        );
    }
}

#[test]
fn the_login_page_reports_errors_as_oauth_does() {
    let peer = Peer::start(small());
    let url = peer.login_url(REDIRECT, "s&t");
    let plain = peer.get(&url.replace("=S256", "=plain"));
    assert_eq!(plain.status, 302);
    assert_eq!(
        query(plain.header("location"), "error").as_deref(),
        Some("invalid_request")
    );
    assert_eq!(
        query(plain.header("location"), "state").as_deref(),
        Some("s&t")
    );
    let token = peer.get(&url.replace("response_type=code", "response_type=token"));
    assert_eq!(
        query(token.header("location"), "error").as_deref(),
        Some("unsupported_response_type")
    );
    let stranger = peer.get(&url.replace(CLIENT_ID, "stranger"));
    assert_eq!((stranger.status, stranger.header("location")), (400, ""));

    let mut pairs: Vec<(String, String)> = Url::parse(&url)
        .expect("a URL")
        .query_pairs()
        .into_owned()
        .collect();
    pairs.push(("action".to_owned(), "cancel".to_owned()));
    let pairs: Vec<(&str, &str)> = pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let canceled = peer.form(&peer.sandbox.addresses().login_page, &pairs);
    assert_eq!(
        query(canceled.header("location"), "error").as_deref(),
        Some("access_denied")
    );
    assert!(
        person::sign_in(&url, ADA, "wrong").is_err(),
        "a wrong password leads nowhere"
    );
}

#[test]
fn the_hosted_page_forwards_to_the_port_in_the_state() {
    let peer = Peer::start(small());
    let hosted = peer.sandbox.addresses().hosted_redirect.clone();
    let url = peer.login_url(&hosted, "4711.abc");
    let target = person::sign_in(&url, ADA, ADA_PASSWORD).expect("a redirect");
    assert!(target.starts_with(&hosted));
    let forwarded = peer.get(&target);
    assert_eq!(forwarded.status, 302);
    assert!(
        forwarded
            .header("location")
            .starts_with("http://127.0.0.1:4711/callback?code=")
    );
    assert_eq!(
        query(forwarded.header("location"), "state").as_deref(),
        Some("4711.abc")
    );

    let shown = peer.get(&format!("{hosted}?code=<b>&state=none"));
    assert_eq!(shown.status, 200);
    assert!(String::from_utf8_lossy(&shown.bytes).contains("&lt;b&gt;"));
}

#[test]
fn tls_serves_a_certificate_of_its_own_authority() {
    let peer = Peer::start(Options {
        tls: true,
        ..small()
    });
    assert!(
        peer.sandbox
            .addresses()
            .base_url
            .starts_with("https://127.0.0.1:")
    );
    peer.sign_in();
    assert_eq!(peer.get(&peer.v1("/accounts")).status, 200);

    // A client that trusts this authority and nothing else is content, by both names.
    let pem = std::fs::read(peer.sandbox.ca_file().expect("a file")).expect("its text");
    let strict = strict_client(&pem);
    let url = peer.v1("/accounts");
    assert_eq!(peer.ask(strict.get(&url)).status, 401);
    assert_eq!(
        peer.ask(strict.get(url.replace("127.0.0.1", "localhost")))
            .status,
        401
    );
    let other = super::super::tls::Authority::new().expect("another authority");
    assert!(
        peer.send(strict_client(other.pem.as_bytes()).get(&url))
            .is_err()
    );
}

fn strict_client(pem: &[u8]) -> reqwest::Client {
    use rustls::pki_types::{CertificateDer, pem::PemObject};
    let mut roots = rustls::RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(pem).expect("PEM"))
        .expect("a root");
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .no_proxy()
        .build()
        .expect("a client")
}

#[test]
fn a_slow_handshake_keeps_nobody_waiting() {
    let peer = Peer::start(Options {
        tls: true,
        ..small()
    });
    let address = peer.sandbox.addresses().base_url.replace("https://", "");
    let _silent: Vec<_> = (0..5)
        .map(|_| std::net::TcpStream::connect(&address).expect("a connection"))
        .collect();
    let started = std::time::Instant::now();
    assert_eq!(peer.get(&peer.v1("/accounts")).status, 401);
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[test]
fn it_stops_within_a_second_and_frees_its_ports() {
    let peer = Peer::start(small());
    let address = peer.sandbox.addresses().base_url.replace("http://", "");
    let _idle = std::net::TcpStream::connect(&address).expect("a connection");
    let started = std::time::Instant::now();
    peer.sandbox.stop();
    assert!(started.elapsed() < Duration::from_secs(1));
    assert!(std::net::TcpStream::connect(&address).is_err());
}
