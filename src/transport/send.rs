//! Sending one request and reading its answer.

use std::error::Error as _;
use std::io::ErrorKind;
use std::time::{Duration, Instant};

use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{Transport, hosts};
use crate::error::{Error, Result, Status};
use crate::log::{self, Level};
use crate::wire::Method;

/// The largest answer that is read into memory; lists come in pages, files go to disk.
const LARGEST_ANSWER: usize = 64 << 20;
const MOST_REDIRECTS: usize = 5;
const SLOWEST: u64 = 1000;
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
    pub body: Vec<u8>,
    pub request_id: String,
    pub host: String,
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

/// A request that brought no answer.
pub struct Failure {
    pub error: Error,
    /// Whether the service may have seen the request.
    pub may_have_arrived: bool,
    /// The computer is there but nobody listens on the port.
    pub refused: bool,
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Error {
        failure.error
    }
}

impl Failure {
    fn before(error: Error) -> Failure {
        Failure {
            error,
            may_have_arrived: false,
            refused: false,
        }
    }
}

impl Transport {
    /// Sends a request to the API or to the sign-in server and reads the whole answer.
    ///
    /// A GET is sent on along redirects inside the allowed domain; any other redirect is refused, so that neither a
    /// token nor a form reaches a host that nobody chose.
    pub async fn send(&self, request: Request) -> std::result::Result<Answer, Failure> {
        let request_id = uuid::Uuid::new_v4().to_string();
        let started = Instant::now();
        let (endpoint, host) = (request.endpoint, hosts::name(&request.url).to_owned());
        let limit = self.options.request_timeout;
        let result = match tokio::time::timeout(limit, self.exchange(request, &request_id)).await {
            Ok(result) => result,
            Err(_) => Err(Failure {
                error: Error::new(
                    Status::Timeout,
                    format!(
                        "{host} gave no whole answer within {} s",
                        limit.as_secs_f32()
                    ),
                ),
                may_have_arrived: true,
                refused: false,
            }),
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
                return Err(Failure {
                    error: redirect_error(&next, "only reading calls follow redirects"),
                    may_have_arrived: false,
                    refused: false,
                });
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
        let client = self.client(&url).map_err(Failure::before)?;
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
            let mut value = HeaderValue::from_str(&format!("Bearer {}", token.expose_secret()))
                .map_err(|_| {
                    Failure::before(Error::new(
                        Status::Auth,
                        "the access token holds characters that no header may carry",
                    ))
                })?;
            value.set_sensitive(true);
            builder = builder.header(header::AUTHORIZATION, value);
        }
        builder = match &request.body {
            Body::None => builder,
            Body::Json(json) => builder
                .header(header::CONTENT_TYPE, "application/json")
                .body(json.clone()),
            Body::Form(form) => builder
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form.expose_secret().to_owned()),
        };
        builder.send().await.map_err(|fault| failure(&fault, &host))
    }

    /// Opens a file's URL for reading. The URL is signed, so it goes out without a token, and it may be on any host
    /// that is reached by https; its text never shows up in an error or in the log.
    pub async fn open(&self, url: &Url) -> Result<Stream> {
        let mut url = url.clone();
        for _ in 0..=MOST_REDIRECTS {
            hosts::check_scheme(&url, "a file's URL")?;
            let host = hosts::name(&url).to_owned();
            let request = self
                .client(&url)?
                .get(url.clone())
                .header(header::ACCEPT_ENCODING, "identity");
            let sent = tokio::time::timeout(self.options.request_timeout, request.send()).await;
            let response = match sent {
                Ok(Ok(response)) => response,
                Ok(Err(fault)) => return Err(failure(&fault, &host).error),
                Err(_) => {
                    return Err(Error::new(
                        Status::Timeout,
                        format!("{host} did not begin to send the file in time"),
                    ));
                }
            };
            if !response.status().is_redirection() {
                return Ok(Stream {
                    response,
                    host,
                    stall: self.options.stall_timeout,
                    since: Instant::now(),
                    got: 0,
                });
            }
            let next = redirect_target(&url, response.headers())?;
            if hosts::is_loopback(&next) && !hosts::is_loopback(&url) {
                return Err(redirect_error(
                    &next,
                    "a file's URL must not lead to this computer",
                ));
            }
            url = next;
        }
        Err(redirect_error(&url, "there were too many in a row"))
    }
}

fn redirect_target(from: &Url, headers: &HeaderMap) -> Result<Url> {
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

fn redirect_error(target: &Url, why: &str) -> Error {
    Error::protocol(format!(
        "a redirect to {} was not followed: {why}",
        hosts::name(target)
    ))
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
    let request_id = own
        .filter(|id| id.len() <= 128)
        .unwrap_or(request_id)
        .to_owned();
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(None) => {
                return Ok(Answer {
                    http_status,
                    body,
                    request_id,
                    host,
                });
            }
            Ok(Some(chunk)) if body.len() + chunk.len() <= LARGEST_ANSWER => {
                body.extend_from_slice(&chunk)
            }
            Ok(Some(_)) => {
                return Err(Failure {
                    error: Error::protocol(format!(
                        "{host} sent an answer of more than {} MB",
                        LARGEST_ANSWER >> 20
                    )),
                    may_have_arrived: true,
                    refused: false,
                });
            }
            Err(fault) => {
                let mut failure = failure(&fault, &host);
                failure.may_have_arrived = true;
                return Err(failure);
            }
        }
    }
}

/// What went wrong below HTTP, told by kind alone: the texts of reqwest hold whole URLs.
pub(super) fn failure(fault: &reqwest::Error, host: &str) -> Failure {
    let connecting = fault.is_connect();
    let mut refused = false;
    let mut error = None;
    let mut source = fault.source();
    while let Some(cause) = source {
        if let Some(tls) = innermost(cause).downcast_ref::<rustls::Error>() {
            error = Some(tls_error(tls, host));
        } else if let Some(io) = cause.downcast_ref::<std::io::Error>() {
            refused |= io.kind() == ErrorKind::ConnectionRefused;
            error = error.or_else(|| io_error(io, connecting, host));
        }
        source = cause.source();
    }
    let error = error.unwrap_or_else(|| {
        if fault.is_timeout() {
            Error::new(
                Status::Timeout,
                format!("{host} could not be reached in time"),
            )
        } else if connecting && format!("{:?}", fault.source()).contains("dns error") {
            Error::new(
                Status::Network,
                format!("the name {host} could not be looked up"),
            )
            .advise("Check the network connection and the DNS server.")
        } else if connecting {
            Error::new(
                Status::Network,
                format!("no connection to {host} could be made"),
            )
        } else {
            Error::new(
                Status::Network,
                format!("the connection to {host} broke before the answer was complete"),
            )
        }
    });
    Failure {
        error,
        may_have_arrived: !connecting && !fault.is_builder(),
        refused,
    }
}

/// What an error of the standard library wraps, which its `source` leaves out.
fn innermost<'a>(
    error: &'a (dyn std::error::Error + 'static),
) -> &'a (dyn std::error::Error + 'static) {
    match error
        .downcast_ref::<std::io::Error>()
        .and_then(std::io::Error::get_ref)
    {
        Some(inner) => innermost(inner),
        None => error,
    }
}

fn io_error(io: &std::io::Error, connecting: bool, host: &str) -> Option<Error> {
    match io.kind() {
        ErrorKind::ConnectionRefused => Some(Error::new(
            Status::Network,
            format!("{host} refused the connection (nothing listens on that port)"),
        )),
        ErrorKind::TimedOut => Some(Error::new(
            Status::Timeout,
            format!("{host} could not be reached in time"),
        )),
        ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable => Some(Error::new(
            Status::Network,
            format!("there is no way to {host}: the network is unreachable"),
        )),
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted if connecting => {
            Some(Error::new(
                Status::Network,
                format!("the connection to {host} was cut while it was being made"),
            ))
        }
        _ => None,
    }
}

fn tls_error(fault: &rustls::Error, host: &str) -> Error {
    use rustls::{CertificateError, Error as Tls};
    let what = match fault {
        Tls::InvalidCertificate(CertificateError::UnknownIssuer) => {
            "its certificate comes from an issuer that is not trusted".to_owned()
        }
        Tls::InvalidCertificate(
            CertificateError::Expired | CertificateError::ExpiredContext { .. },
        ) => "its certificate has expired by this computer's clock".to_owned(),
        Tls::InvalidCertificate(
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. },
        ) => "its certificate is not valid yet by this computer's clock".to_owned(),
        Tls::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => "its certificate is for another name".to_owned(),
        Tls::InvalidCertificate(_) => "its certificate can't be verified".to_owned(),
        Tls::AlertReceived(alert) => format!("it ended the handshake with the alert {alert:?}"),
        Tls::InvalidMessage(_) => "it does not speak TLS on that port".to_owned(),
        _ => "the handshake failed".to_owned(),
    };
    Error::new(
        Status::Tls,
        format!("no secure connection to {host}: {what}"),
    )
}

/// The bytes of a file on their way.
pub struct Stream {
    response: reqwest::Response,
    host: String,
    stall: Duration,
    since: Instant,
    got: u64,
}

impl Stream {
    pub fn http_status(&self) -> u16 {
        self.response.status().as_u16()
    }

    pub fn host(&self) -> &str {
        &self.host
    }

    /// The announced length of the body, in bytes.
    pub fn length(&self) -> Option<u64> {
        self.header("content-length")?.parse().ok()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.response.headers().get(name)?.to_str().ok()
    }

    /// The next bytes, `None` at the end.
    pub async fn chunk(&mut self) -> Result<Option<impl AsRef<[u8]> + use<>>> {
        let left = self.stall.saturating_sub(self.since.elapsed());
        let chunk = match tokio::time::timeout(left, self.response.chunk()).await {
            Ok(Ok(chunk)) => chunk,
            Ok(Err(fault)) => return Err(failure(&fault, &self.host).error),
            Err(_) => return Err(self.stalled()),
        };
        self.got += chunk.as_ref().map_or(0, |bytes| bytes.len() as u64);
        // The window moves on only when enough came in it: a dribble never ends by itself.
        if self.got >= SLOWEST * self.stall.as_secs().max(1) {
            self.got = 0;
            self.since = Instant::now();
        }
        Ok(chunk)
    }

    fn stalled(&self) -> Error {
        let seconds = self.stall.as_secs();
        Error::new(
            Status::Timeout,
            format!(
                "{} sent fewer than {SLOWEST} bytes a second for {seconds} s",
                self.host
            ),
        )
    }
}
