//! Sending one request and reading its answer.

use std::time::{Duration, Instant};

use bytes::Bytes;
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::failure::{Failure, failure};
use super::{Transport, hosts, retry};
use crate::error::{Error, Result, Status};
use crate::log::{self, Level};
use crate::wire::Method;

/// The largest answer that is read into memory; lists come in pages, files go to disk.
const LARGEST_ANSWER: usize = 64 << 20;
/// More than tokens take; and the most that is set aside for an answer on the word of its header.
const LEAST_ROOM: usize = 16 << 10;
const MOST_ROOM: usize = 1 << 20;
pub(super) const MOST_REDIRECTS: usize = 5;
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

pub enum Body {
    None,
    Json(Vec<u8>),
    Form(SecretString),
}

pub struct Request {
    /// The endpoint's name, for the log and for messages.
    pub endpoint: &'static str,
    pub method: Method,
    pub url: Url,
    pub bearer: Option<SecretString>,
    pub body: Body,
    pub header: Option<(&'static str, String)>,
}

pub struct Answer {
    pub http_status: u16,
    /// Wiped when it is given up: it may hold tokens.
    pub body: Zeroizing<Vec<u8>>,
    pub request_id: String,
    pub host: String,
    /// How long the service asks to wait before the next request.
    pub retry_after: Option<Duration>,
}

impl Answer {
    /// Reads the body; a failure names the request, and the host when something else than the service seems to have
    /// answered in its place.
    pub fn read<T>(&self, read: impl FnOnce(&[u8]) -> Result<T>) -> Result<T> {
        read(&self.body).map_err(|mut error| {
            if self.body.trim_ascii_start().starts_with(b"<") {
                error
                    .message
                    .push_str(&format!("; it came from {}", self.host));
            }
            error.http_status = self.http_status;
            error.request(&self.request_id)
        })
    }
}

impl Transport {
    /// Sends a request to the API or to the sign-in server and reads the whole answer.
    ///
    /// A GET is sent on along redirects inside the allowed domain; any other redirect is refused, so that neither a
    /// token nor a form reaches a host that nobody chose.
    pub async fn send(&self, request: Request) -> std::result::Result<Answer, Failure> {
        let until = Instant::now() + self.options.request_timeout;
        self.send_until(request, until).await
    }

    /// As [`send`](Transport::send), for a call whose time began to run before.
    pub async fn send_until(
        &self,
        request: Request,
        until: Instant,
    ) -> std::result::Result<Answer, Failure> {
        let request_id = uuid::Uuid::new_v4().to_string();
        let started = Instant::now();
        let (endpoint, host) = (request.endpoint, hosts::name(&request.url).to_owned());
        let limit = until.saturating_duration_since(started);
        let result = match tokio::time::timeout(limit, self.exchange(request, &request_id)).await {
            Ok(result) => result,
            Err(_) => Err(Failure::after(Error::new(
                Status::Timeout,
                format!(
                    "{host} gave no whole answer within {} s",
                    self.options.request_timeout.as_secs_f32()
                ),
            ))),
        };
        let took = started.elapsed().as_millis();
        match result {
            Ok(answer) => {
                log::write(Level::Info, || {
                    format!(
                        "{endpoint}: {host} answered {} in {took} ms, request id {}",
                        answer.http_status, answer.request_id
                    )
                });
                Ok(answer)
            }
            Err(mut failure) => {
                failure.error.request_id.clone_from(&request_id);
                log::write(Level::Warning, || {
                    format!(
                        "{endpoint}: {}, after {took} ms, request id {request_id}",
                        failure.error.message
                    )
                });
                Err(failure)
            }
        }
    }

    async fn exchange(
        &self,
        request: Request,
        request_id: &str,
    ) -> std::result::Result<Answer, Failure> {
        let mut url = request.url.clone();
        for _ in 0..=MOST_REDIRECTS {
            let response = self.once(&request, url.clone(), request_id).await?;
            let status = response.status();
            if !status.is_redirection() {
                return read(response, &url, request_id).await;
            }
            let next = redirect_target(&url, response.headers()).map_err(Failure::before)?;
            if request.method != Method::Get {
                return Err(Failure::before(redirect_error(
                    &next,
                    "only reading calls follow redirects",
                )));
            }
            self.allowed
                .check(&next, "a redirect")
                .map_err(Failure::before)?;
            url = next;
        }
        Err(Failure::before(redirect_error(
            &url,
            "there were too many in a row",
        )))
    }

    async fn once(
        &self,
        request: &Request,
        url: Url,
        request_id: &str,
    ) -> std::result::Result<reqwest::Response, Failure> {
        let host = hosts::name(&url).to_owned();
        let client = self.client(&url).await.map_err(Failure::before)?;
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Patch => reqwest::Method::PATCH,
            Method::Delete => reqwest::Method::DELETE,
        };
        if request.bearer.is_some() {
            self.allowed
                .check(&url, "the endpoint")
                .map_err(Failure::before)?;
        }
        hosts::check_scheme(&url, "the endpoint").map_err(Failure::before)?;
        let mut builder = client
            .request(method, url)
            .header(header::ACCEPT, "application/json")
            .header(REQUEST_ID, request_id);
        if let Some((name, value)) = &request.header {
            builder = builder.header(*name, value);
        }
        if let Some(token) = &request.bearer {
            builder = builder.header(header::AUTHORIZATION, bearer(token)?);
        }
        builder = match &request.body {
            Body::None => builder,
            Body::Json(json) => builder
                .header(header::CONTENT_TYPE, "application/json")
                .body(json.clone()),
            Body::Form(form) => builder
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(wiped(form.expose_secret().as_bytes().to_vec())),
        };
        builder.send().await.map_err(|fault| failure(&fault, &host))
    }
}

/// Bytes that are wiped when the last of those who share them gives them up.
fn wiped(bytes: Vec<u8>) -> Bytes {
    Bytes::from_owner(Zeroizing::new(bytes))
}

fn bearer(token: &SecretString) -> std::result::Result<HeaderValue, Failure> {
    let value = [b"Bearer ", token.expose_secret().as_bytes()].concat();
    let mut value = HeaderValue::from_maybe_shared(wiped(value)).map_err(|_| {
        Failure::before(Error::new(
            Status::Auth,
            "the access token holds characters that no header may carry",
        ))
    })?;
    value.set_sensitive(true);
    Ok(value)
}

pub(super) fn redirect_target(from: &Url, headers: &HeaderMap) -> Result<Url> {
    let target = headers
        .get(header::LOCATION)
        .and_then(|value| value.to_str().ok());
    let target = target
        .ok_or_else(|| Error::protocol(format!("{} redirects to nowhere", hosts::name(from))))?;
    from.join(target).map_err(|_| {
        Error::protocol(format!(
            "{} redirects to something that is no URL",
            hosts::name(from)
        ))
    })
}

pub(super) fn redirect_error(target: &Url, why: &str) -> Error {
    Error::protocol(format!(
        "a redirect to {} was not followed: {why}",
        hosts::name(target)
    ))
}

/// Whether the service's request id may stand in the log and in messages: nothing with a space in it, such as a name.
fn is_id(text: &str) -> bool {
    (1..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

async fn read(
    mut response: reqwest::Response,
    url: &Url,
    request_id: &str,
) -> std::result::Result<Answer, Failure> {
    let host = hosts::name(url).to_owned();
    let http_status = response.status().as_u16();
    let own = response
        .headers()
        .get(REQUEST_ID)
        .and_then(|id| id.to_str().ok());
    let request_id = own.filter(|id| is_id(id)).unwrap_or(request_id).to_owned();
    let retry_after = retry::asked(response.headers());
    // With room for what is announced, so that an answer with tokens doesn't grow and leave copies behind.
    let announced = response.content_length().unwrap_or(0);
    let room =
        usize::try_from(announced).map_or(MOST_ROOM, |length| length.clamp(LEAST_ROOM, MOST_ROOM));
    let mut body = Zeroizing::new(Vec::with_capacity(room));
    loop {
        match response.chunk().await {
            Ok(None) => {
                return Ok(Answer {
                    http_status,
                    body,
                    request_id,
                    host,
                    retry_after,
                });
            }
            Ok(Some(chunk)) if body.len() + chunk.len() <= LARGEST_ANSWER => {
                body.extend_from_slice(&chunk)
            }
            Ok(Some(_)) => {
                return Err(Failure::after(Error::protocol(format!(
                    "{host} sent an answer of more than {} MB",
                    LARGEST_ANSWER >> 20
                ))));
            }
            Err(fault) => {
                let mut failure = failure(&fault, &host);
                failure.may_have_arrived = true;
                return Err(failure);
            }
        }
    }
}
