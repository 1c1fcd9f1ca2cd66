//! The service's error answers, turned into the library's.

use super::read::{Object, json};
use crate::error::{Error, Status};

/// A word that may be shown: the service's own codes and member names, never free text, which might hold patient data.
pub fn word(text: &str) -> String {
    let sane = text.len() <= 64
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'[' | b']'));
    if sane { text.to_owned() } else { String::new() }
}

/// Whether an error answer is the service's own JSON, not a proxy's page.
pub fn is_service_answer(body: &[u8]) -> bool {
    json(body).is_ok_and(|json| Object::root(&json).is_ok())
}

/// The error for an answer whose HTTP status is not 2xx.
pub fn error(http_status: u16, body: &[u8], request_id: &str, host: &str) -> Error {
    let json = json(body).ok();
    let members = json.as_ref().and_then(|json| Object::root(json).ok());
    let member = |name: &str| {
        members
            .as_ref()
            .and_then(|object| object.text(name).ok())
            .map(|text| word(&text))
            .unwrap_or_default()
    };
    let (code, field) = (member("code"), member("field"));
    let status = match (http_status, code.as_str()) {
        (403, "NotPaired") => Status::NotPaired,
        (403, "FeatureNotEnabled") => Status::NotEnabled,
        (403, _) => Status::Forbidden,
        (401, _) => Status::Auth,
        (404 | 410, _) => Status::NotFound,
        (409, _) => Status::Conflict,
        (429, _) => Status::RateLimit,
        (400 | 422, _) => Status::Argument,
        (500..=599, _) => Status::Service,
        _ => Status::Protocol,
    };
    let mut message = match status {
        Status::NotPaired => "the session is not paired to an account".to_owned(),
        Status::NotEnabled => "Align has not enabled this feature for the account".to_owned(),
        Status::Forbidden => "the service forbids this operation to the signed-in user".to_owned(),
        Status::Auth => "the service no longer accepts the sign-in".to_owned(),
        Status::NotFound => "the service doesn't know the id that was asked for".to_owned(),
        Status::Conflict => "the operation conflicts with what the service holds".to_owned(),
        Status::RateLimit => "the service asks for fewer requests".to_owned(),
        Status::Service => "the service has a fault of its own".to_owned(),
        Status::Argument if field.is_empty() => {
            "the service refused the request's contents".to_owned()
        }
        Status::Argument => format!("the service refused the member {field}"),
        _ => "the service answered in a way that this operation doesn't know".to_owned(),
    };
    if members.is_none() && !body.trim_ascii().is_empty() {
        let kind = if body.trim_ascii_start().starts_with(b"<") {
            "a web page (HTML)"
        } else {
            "text"
        };
        message.push_str(&format!(
            "; {host} sent {kind} in place of the service's JSON, as a proxy does"
        ));
    }
    message.push_str(&format!(" (HTTP {http_status}"));
    if !code.is_empty() {
        message.push_str(&format!(", {code}"));
    }
    message.push(')');
    let mut error = Error::new(status, message);
    error.http_status = http_status;
    error.service_code = code;
    error.request_id = match member("requestId") {
        id if id.is_empty() => request_id.to_owned(),
        id => id,
    };
    error
}
