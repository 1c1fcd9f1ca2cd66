//! Sign-in on the wire (A1–A5): the login URL, the token forms, their answers, discovery.

use std::collections::HashMap;
use std::time::Duration;

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::read::{Object, Secret, json};
use crate::error::{Error, Result, Status};
use crate::wire::Text;

/// What every form to the sign-in server carries.
pub struct Application<'a> {
    pub client_id: &'a str,
    pub client_secret: &'a SecretString,
}

/// A set of tokens as the service issued it.
pub struct Tokens {
    pub access: SecretString,
    /// Missing when the service kept the old one (RFC 6749 §6).
    pub refresh: Option<SecretString>,
    pub life: Duration,
}

/// The login page with everything that PKCE (RFC 7636) and `state` need.
pub fn login_url(
    login_page: &Url,
    client_id: &str,
    redirect_url: &str,
    state: &str,
    challenge: &str,
) -> Url {
    let mut url = login_page.clone();
    url.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", client_id)
        .append_pair("redirect_uri", redirect_url)
        .append_pair("state", state)
        .append_pair("code_challenge", challenge)
        .append_pair("code_challenge_method", "S256")
        .append_pair("scope", "offline_access");
    url
}

/// What the redirect URL's query holds after the login page (RFC 6749 §4.1.2).
#[derive(Default)]
pub struct Redirect {
    pub code: Option<String>,
    pub state: Option<String>,
    pub error: Option<String>,
}

pub fn redirect(url: &Url) -> Redirect {
    let mut found = Redirect::default();
    for (name, value) in url.query_pairs() {
        let slot = match name.as_ref() {
            "code" => &mut found.code,
            "state" => &mut found.state,
            "error" => &mut found.error,
            _ => continue,
        };
        slot.get_or_insert(value.into_owned());
    }
    found
}

fn form(application: &Application<'_>, members: &[(&str, &str)]) -> SecretString {
    // With room for all, so that it doesn't grow and leave copies behind: a byte takes three at most.
    let secret = application.client_secret.expose_secret();
    let bytes = application.client_id.len() + secret.len();
    let lengths = members
        .iter()
        .map(|(name, value)| name.len() + value.len() + 2);
    let room = 3 * (bytes + lengths.sum::<usize>()) + 32;
    let mut form = url::form_urlencoded::Serializer::new(String::with_capacity(room));
    form.extend_pairs(members);
    form.append_pair("client_id", application.client_id);
    if !secret.is_empty() {
        form.append_pair("client_secret", secret);
    }
    let form = Zeroizing::new(form.finish());
    form.as_str().into()
}

pub fn code_form(
    application: &Application<'_>,
    code: &str,
    redirect_url: &str,
    verifier: &str,
) -> SecretString {
    let mut members = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", redirect_url),
    ];
    if !verifier.is_empty() {
        members.push(("code_verifier", verifier));
    }
    form(application, &members)
}

pub fn refresh_form(application: &Application<'_>, refresh: &SecretString) -> SecretString {
    form(
        application,
        &[
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh.expose_secret()),
        ],
    )
}

pub fn revoke_form(application: &Application<'_>, refresh: &SecretString) -> SecretString {
    form(
        application,
        &[
            ("token", refresh.expose_secret()),
            ("token_type_hint", "refresh_token"),
        ],
    )
}

/// A token answer; also the token part of the pairing answer.
pub fn tokens(body: &[u8]) -> Result<Tokens> {
    tokens_of(&Secret::json(body)?.root()?)
}

pub(super) fn tokens_of(answer: &Object<'_>) -> Result<Tokens> {
    let kind = answer.text("token_type")?;
    if !kind.is_empty() && !kind.eq_ignore_ascii_case("bearer") {
        return Err(Error::protocol(
            "the answer's member token_type is not Bearer",
        ));
    }
    let access = answer.need_secret("access_token")?;
    if !access
        .expose_secret()
        .bytes()
        .all(|byte| byte.is_ascii_graphic())
    {
        return Err(Error::protocol(
            "the answer's member access_token holds characters that no header may carry",
        ));
    }
    let refresh = answer.secret("refresh_token")?;
    let seconds = answer
        .number("expires_in")?
        .unwrap_or(3600)
        .clamp(0, 7 * 24 * 3600);
    Ok(Tokens {
        access,
        refresh,
        life: Duration::from_secs(seconds.unsigned_abs()),
    })
}

/// Why the sign-in server refused (RFC 6749 §5.2).
pub fn refusal(http_status: u16, body: &[u8]) -> Error {
    let code = json(body)
        .ok()
        .and_then(|json| Object::root(&json).ok()?.text("error").ok())
        .unwrap_or_default();
    let code = super::problem::word(&code);
    let (status, message, advice) = match code.as_str() {
        "invalid_grant" => (
            Status::Auth,
            "the sign-in server refused the code or refresh token (invalid_grant): it was used before, has expired or was revoked",
            "Ask the user to sign in again.",
        ),
        "invalid_client" | "unauthorized_client" => (
            Status::Auth,
            "the sign-in server refused the client id or client secret",
            "Check itero_config_set_client_id and itero_config_set_client_secret against what Align issued.",
        ),
        "access_denied" => (
            Status::Forbidden,
            "the sign-in server denied access",
            "Ask Align whether this user is registered.",
        ),
        _ if http_status == 429 => (
            Status::RateLimit,
            "the sign-in server asks for fewer requests",
            "Wait before the next call.",
        ),
        _ if http_status >= 500 => (
            Status::Service,
            "the sign-in server has a fault of its own",
            "Call again later; the session is kept.",
        ),
        _ => (
            Status::Protocol,
            "the sign-in server refused the request",
            "Check the addresses and the redirect URL against what Align registered.",
        ),
    };
    let mut error = Error::new(status, message).advise(advice);
    error.http_status = http_status;
    error.service_code = code;
    error
}

/// The region's endpoints (A5).
pub struct Discovered {
    pub region: Text,
    /// Name in lower case → URL template.
    pub templates: HashMap<String, String>,
}

pub fn discovered(body: &[u8]) -> Result<Discovered> {
    let json = json(body)?;
    let answer = Object::root(&json)?;
    let endpoints = answer.object("endpoints")?;
    let templates = endpoints
        .texts()
        .map(|(name, url)| (name.to_ascii_lowercase(), url.to_owned()))
        .collect();
    Ok(Discovered {
        region: answer.text("region")?,
        templates,
    })
}
