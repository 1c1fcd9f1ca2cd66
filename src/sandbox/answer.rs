//! Answers: how a request is read and how a refusal is worded, once for all operations.
//!
//! Handlers return a [`Refusal`]; the outermost layer turns it into the documented JSON, because only that layer knows
//! the request id.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode, request::Parts};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use std::convert::Infallible;
use std::fmt;

const REQUEST_ID: &str = "x-request-id";

/// A request that the sandbox refuses: the status and the words of the documented error JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub status: u16,
    pub code: &'static str,
    pub message: String,
    pub field: Option<String>,
}

impl Refusal {
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Refusal {
            status,
            code,
            message: message.into(),
            field: None,
        }
    }

    /// 400: the request can't be understood.
    pub fn malformed(field: impl Into<String>, message: impl Into<String>) -> Self {
        Refusal::new(400, "InvalidRequest", message).on(field)
    }

    /// 422: the request is understood, but the value doesn't fit the practice.
    pub fn unfit(field: impl Into<String>, message: impl Into<String>) -> Self {
        Refusal::new(422, "ValidationFailed", message).on(field)
    }

    pub fn not_found(message: impl Into<String>) -> Self {
        Refusal::new(404, "NotFound", message)
    }

    pub fn on(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.status, self.code, self.message)
    }
}

impl std::error::Error for Refusal {}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        if self.status == 401 {
            let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// The outermost layer of every port: the request id on every answer, and the error JSON around refusals.
pub async fn finish(request: Request, next: Next) -> Response {
    let id = request_id(request.headers());
    let mut response = next.run(request).await;
    if let Some(refusal) = response.extensions_mut().remove::<Refusal>() {
        let mut error = json!({"code": refusal.code, "message": refusal.message, "requestId": id});
        if let Some(field) = refusal.field {
            error["field"] = field.into();
        }
        let (mut parts, _) = response.into_parts();
        parts.headers.remove(CONTENT_LENGTH);
        let json = HeaderValue::from_static("application/json");
        parts.headers.insert(CONTENT_TYPE, json);
        response = Response::from_parts(parts, error.to_string().into());
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// The client's own id when it is short and plain, so that nothing strange is echoed; else a new one.
fn request_id(headers: &HeaderMap) -> String {
    let given = headers
        .get(REQUEST_ID)
        .and_then(|value| value.to_str().ok());
    let sane = |id: &&str| {
        (1..=64).contains(&id.len())
            && id
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(&b))
    };
    match given.filter(sane) {
        Some(id) => id.to_owned(),
        None => uuid::Uuid::new_v4().to_string(),
    }
}

pub async fn no_such_path() -> Refusal {
    Refusal::not_found("nothing lives at this path")
}

pub async fn no_such_method() -> Refusal {
    Refusal::new(
        405,
        "MethodNotAllowed",
        "this path answers to another method",
    )
}

/// Query or form parameters, in order, so that repeated ones are noticed.
#[derive(Default)]
pub struct Params(Vec<(String, String)>);

impl Params {
    pub fn parse(text: &[u8]) -> Self {
        Params(url::form_urlencoded::parse(text).into_owned().collect())
    }

    /// The value of `name`; an empty value counts as absent (RFC 6749 §3.1).
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(key, _)| key == name);
        found
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    pub fn repeats(&self, name: &str) -> bool {
        self.0.iter().filter(|(key, _)| key == name).count() > 1
    }
}

impl<S: Sync> FromRequestParts<S> for Params {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Params::parse(
            parts.uri.query().unwrap_or_default().as_bytes(),
        ))
    }
}

/// A form in the body (`application/x-www-form-urlencoded`).
pub struct Form(pub Params);

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let bytes = body_of(request, state, "application/x-www-form-urlencoded").await?;
        Ok(Form(Params::parse(&bytes)))
    }
}

/// A JSON object in the body.
pub struct Body(pub Members);

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let bytes = body_of(request, state, "application/json").await?;
        match serde_json::from_slice(&bytes) {
            Ok(Value::Object(map)) => Ok(Body(Members::new(map, ""))),
            _ => Err(Refusal::new(
                400,
                "InvalidJson",
                "the body must be a JSON object",
            )),
        }
    }
}

async fn body_of<S: Send + Sync>(
    request: Request,
    state: &S,
    media: &str,
) -> Result<Bytes, Refusal> {
    let given = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let given = given
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default()
        .trim();
    if !given.eq_ignore_ascii_case(media) {
        let message = format!("the body must be {media}");
        return Err(Refusal::new(415, "UnsupportedMediaType", message));
    }
    let too_large = |_| Refusal::new(413, "TooLarge", "the body is too large or was cut off");
    Bytes::from_request(request, state).await.map_err(too_large)
}

/// The members of a JSON object, with the path to it so that a refusal can name the field in full.
pub struct Members {
    map: Map<String, Value>,
    prefix: String,
}

impl Members {
    fn new(map: Map<String, Value>, prefix: impl Into<String>) -> Self {
        Members {
            map,
            prefix: prefix.into(),
        }
    }

    pub fn whole(&self) -> Value {
        Value::Object(self.map.clone())
    }

    pub fn has(&self, name: &str) -> bool {
        self.map.get(name).is_some_and(|value| !value.is_null())
    }

    pub fn path(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// Text, trimmed; absent and null are `None`. A number is taken as text, since ids come both ways.
    pub fn text(&self, name: &str) -> Result<Option<String>, Refusal> {
        let text = match self.map.get(name) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::String(text)) => text.trim().to_owned(),
            Some(Value::Number(number)) => number.to_string(),
            Some(_) => return Err(Refusal::malformed(self.path(name), "must be text")),
        };
        if text.chars().count() > 2000 || text.contains('\0') {
            return Err(Refusal::malformed(
                self.path(name),
                "is too long or holds a NUL",
            ));
        }
        Ok(Some(text))
    }

    /// Text that must be there and not be blank.
    pub fn needed(&self, name: &str) -> Result<String, Refusal> {
        let text = self.text(name)?.filter(|text| !text.is_empty());
        text.ok_or_else(|| Refusal::malformed(self.path(name), "is needed"))
    }

    /// Text that may be absent, but not blank.
    pub fn filled(&self, name: &str) -> Result<Option<String>, Refusal> {
        match self.text(name)? {
            Some(text) if text.is_empty() => {
                Err(Refusal::malformed(self.path(name), "must not be empty"))
            }
            other => Ok(other),
        }
    }

    pub fn flag(&self, name: &str) -> Result<Option<bool>, Refusal> {
        match self.map.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(_) => Err(Refusal::malformed(self.path(name), "must be true or false")),
        }
    }

    pub fn number(&self, name: &str) -> Result<Option<u64>, Refusal> {
        match self.map.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => match value.as_u64() {
                Some(number) => Ok(Some(number)),
                None => Err(Refusal::malformed(
                    self.path(name),
                    "must be a whole number",
                )),
            },
        }
    }

    pub fn object(&self, name: &str) -> Result<Members, Refusal> {
        match self.map.get(name) {
            Some(Value::Object(map)) => {
                Ok(Members::new(map.clone(), format!("{}.", self.path(name))))
            }
            _ => Err(Refusal::malformed(self.path(name), "must be an object")),
        }
    }

    /// A list of objects; absent is an empty list.
    pub fn objects(&self, name: &str) -> Result<Vec<Members>, Refusal> {
        let wrong = || Refusal::malformed(self.path(name), "must be a list of objects");
        let list = match self.map.get(name) {
            None | Some(Value::Null) => return Ok(Vec::new()),
            Some(Value::Array(list)) => list,
            Some(_) => return Err(wrong()),
        };
        let one = |(index, value): (usize, &Value)| match value {
            Value::Object(map) => Ok(Members::new(
                map.clone(),
                format!("{}[{index}].", self.path(name)),
            )),
            _ => Err(wrong()),
        };
        list.iter().enumerate().map(one).collect()
    }
}
