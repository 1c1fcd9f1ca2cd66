//! Reading a file from its URL, with the rule that ends a download which no longer moves.

use std::time::{Duration, Instant};

use reqwest::header;
use url::Url;

use super::failure::failure;
use super::send::{MOST_REDIRECTS, redirect_error, redirect_target};
use super::{Transport, hosts};
use crate::error::{Error, Result, Status};

/// Bytes a second below which a download counts as stalled.
const SLOWEST: u64 = 1000;

impl Transport {
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
