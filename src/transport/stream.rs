//! Reading a file from its URL, with the rule that ends a download which no longer moves.

use std::time::{Duration, Instant};

use reqwest::header;
use url::Url;

use super::failure::failure;
use super::send::{MOST_REDIRECTS, redirect_error, redirect_target};
use super::{Transport, hosts, retry};
use crate::error::{Error, Result, Status};

/// Bytes a second below which a download counts as stalled.
const SLOWEST: u64 = 1000;

impl Transport {
    /// Opens a file's URL for reading. The URL is signed, so it goes out without a token, and it may be on any host
    /// that is reached by https; its text never shows up in an error or in the log.
    ///
    /// With `rest`, the file's rest from a byte on is asked for, under the strong entity tag that it must still have.
    pub async fn open(&self, url: &Url, rest: Option<(u64, &str)>) -> Result<Stream> {
        let mut url = url.clone();
        // The stall rule holds for the wait as well.
        let limit = self.options.request_timeout.min(self.options.stall_timeout);
        for _ in 0..=MOST_REDIRECTS {
            hosts::check_scheme(&url, "a file's URL")?;
            let host = hosts::name(&url).to_owned();
            let mut request = self
                .client(&url)
                .await?
                .get(url.clone())
                .header(header::ACCEPT_ENCODING, "identity");
            if let Some((from, tag)) = rest {
                request = request
                    .header(header::RANGE, format!("bytes={from}-"))
                    .header(header::IF_RANGE, tag);
            }
            let sent = tokio::time::timeout(limit, request.send()).await;
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
                    head: Head::of(&response, host),
                    response,
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

/// What an answer tells before its body. Texts that are not there are empty.
#[derive(Clone, Debug)]
pub struct Head {
    pub http_status: u16,
    pub host: String,
    /// The announced length of the body, in bytes.
    pub length: Option<u64>,
    pub content_range: String,
    /// The entity tag, with its quotes.
    pub tag: String,
    pub encoding: String,
    /// Whether the body's end shows by itself.
    pub chunked: bool,
    pub retry_after: Option<Duration>,
}

impl Head {
    fn of(response: &reqwest::Response, host: String) -> Head {
        let text = |name| {
            let value = response.headers().get(name);
            let text = value.and_then(|value| value.to_str().ok());
            text.unwrap_or_default().trim().to_owned()
        };
        Head {
            http_status: response.status().as_u16(),
            host,
            length: text(header::CONTENT_LENGTH).parse().ok(),
            content_range: text(header::CONTENT_RANGE),
            tag: text(header::ETAG),
            encoding: text(header::CONTENT_ENCODING).to_ascii_lowercase(),
            chunked: text(header::TRANSFER_ENCODING).eq_ignore_ascii_case("chunked"),
            retry_after: retry::asked(response.headers()),
        }
    }
}

/// The bytes of a file on their way.
pub struct Stream {
    head: Head,
    response: reqwest::Response,
    stall: Duration,
    since: Instant,
    got: u64,
}

impl Stream {
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// The next bytes, `None` at the end.
    pub async fn chunk(&mut self) -> Result<Option<impl AsRef<[u8]> + use<>>> {
        let left = self.stall.saturating_sub(self.since.elapsed());
        let chunk = match tokio::time::timeout(left, self.response.chunk()).await {
            Ok(Ok(chunk)) => chunk,
            Ok(Err(fault)) => return Err(failure(&fault, &self.head.host).error),
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
                self.head.host
            ),
        )
    }
}
