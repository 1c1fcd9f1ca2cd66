//! Bodies that come slowly, end too early, or are only counted.

use super::super::ports::Line;
use super::super::state::Cloud;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::header::CONTENT_LENGTH;
use axum::response::Response;
use hyper::body::Frame;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::{Instant, Sleep, sleep_until};

/// What goes out at once. Small enough that the count of what went out is close to the truth.
const MOST: usize = 64 << 10;
/// How often a dribble sends.
const BEAT: Duration = Duration::from_millis(100);
/// Before a cut, for what was sent to leave the buffers.
const FLUSH: Duration = Duration::from_millis(30);

/// How a body goes out.
#[derive(Default)]
pub struct Pace {
    /// After these bytes the line is cut, or reset.
    cut: Option<(u64, bool)>,
    /// Bytes a second, once the second number of bytes has gone.
    dribble: Option<(u64, u64)>,
}

impl Pace {
    pub fn cut(bytes: u64, reset: bool) -> Pace {
        Pace {
            cut: Some((bytes, reset)),
            dribble: None,
        }
    }

    pub fn dribble(bytes_per_second: u64, after: u64) -> Pace {
        Pace {
            cut: None,
            dribble: Some((bytes_per_second, after)),
        }
    }

    pub fn is_even(&self) -> bool {
        self.cut.is_none() && self.dribble.is_none()
    }
}

/// The response with a body that keeps the pace; with a counter, what goes out is counted as bytes of files.
pub fn paced(response: Response, pace: Pace, line: Line, counter: Option<Arc<Cloud>>) -> Response {
    let (mut parts, inner) = response.into_parts();
    if let Some(length) = inner.size_hint().exact() {
        parts
            .headers
            .entry(CONTENT_LENGTH)
            .or_insert_with(|| length.into());
    }
    let body = Paced {
        inner,
        rest: Bytes::new(),
        sent: 0,
        pace,
        wait: None,
        line,
        counter,
    };
    Response::from_parts(parts, Body::new(body))
}

struct Paced {
    inner: Body,
    /// What came from the inner body and has not gone out yet.
    rest: Bytes,
    sent: u64,
    pace: Pace,
    wait: Option<Pin<Box<Sleep>>>,
    line: Line,
    counter: Option<Arc<Cloud>>,
}

impl Paced {
    /// How many bytes may go now; waits where the pace says so. 0 is the cut.
    fn leave(&mut self, cx: &mut Context<'_>) -> Poll<usize> {
        if let Some(wait) = &mut self.wait {
            ready!(wait.as_mut().poll(cx));
            self.wait = None;
            if self.pace.cut.is_some_and(|(at, _)| self.sent >= at) {
                return Poll::Ready(0);
            }
        } else if self.pace.cut.is_some_and(|(at, _)| self.sent >= at) {
            return self.pause(FLUSH, cx);
        } else if self
            .pace
            .dribble
            .is_some_and(|(_, after)| self.sent >= after)
        {
            return self.pause(BEAT, cx);
        }
        let mut most = MOST as u64;
        if let Some((at, _)) = self.pace.cut {
            most = most.min(at - self.sent);
        }
        if let Some((rate, after)) = self.pace.dribble {
            most = match after.checked_sub(self.sent) {
                None | Some(0) => (rate / 10).max(1),
                Some(fast) => most.min(fast),
            };
        }
        Poll::Ready(usize::try_from(most).unwrap_or(MOST))
    }

    fn pause(&mut self, pause: Duration, cx: &mut Context<'_>) -> Poll<usize> {
        let mut wait = Box::pin(sleep_until(Instant::now() + pause));
        // A first look, so that the timer knows whom to wake.
        let _ = wait.as_mut().poll(cx);
        self.wait = Some(wait);
        Poll::Pending
    }
}

impl HttpBody for Paced {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        while self.rest.is_empty() {
            match ready!(Pin::new(&mut self.inner).poll_frame(cx)) {
                Some(Ok(frame)) => self.rest = frame.into_data().unwrap_or_default(),
                other => return Poll::Ready(other),
            }
        }
        let most = ready!(self.leave(cx));
        if most == 0 {
            match self.pace.cut {
                Some((_, true)) => self.line.reset(),
                _ => self.line.cut(),
            }
            let cut = io::Error::from(io::ErrorKind::ConnectionReset);
            return Poll::Ready(Some(Err(axum::Error::new(cut))));
        }
        let count = most.min(self.rest.len());
        let piece = self.rest.split_to(count);
        self.sent += count as u64;
        if let Some(cloud) = &self.counter {
            cloud.store().counters.file_bytes += count as u64;
        }
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }
}
