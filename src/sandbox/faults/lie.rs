//! Answers about a file that are not as they should be: what a download must notice.

use super::super::answer::Refusal;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::header::{
    CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderName, IF_RANGE, RANGE,
};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use flate2::write::GzEncoder;
use std::io::Write;

/// What is wrong with the answer to a request, which asks for a range where nothing else is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lie {
    /// 200 with the whole file.
    Whole,
    /// 200 with a Content-Range, and the bytes of that range alone.
    WholeWithRange,
    /// 206 that begins at byte 0, and says so.
    WrongStart,
    /// 206 whose Content-Range is right but whose bytes begin one later.
    ShiftedBytes,
    /// 206 whose Content-Range tells another total length.
    WrongTotal,
    /// 206 without a Content-Range.
    NoContentRange,
    /// The entity tag is a weak one.
    WeakTag,
    /// The entity tag is another one.
    ChangedTag,
    /// There is no entity tag.
    NoTag,
    /// 416, whatever was asked.
    NotSatisfiable,
    /// The bytes are compressed, and Content-Encoding says so.
    Gzip,
    /// Half of the bytes, as though they were all.
    Short,
    /// More bytes than there are, without a Content-Length.
    Long,
    /// The bytes come without a Content-Length.
    NoLength,
}

impl Lie {
    /// The words of the JSON.
    pub const ALL: [(&str, Lie); 14] = [
        ("whole", Lie::Whole),
        ("whole_with_range", Lie::WholeWithRange),
        ("wrong_start", Lie::WrongStart),
        ("shifted_bytes", Lie::ShiftedBytes),
        ("wrong_total", Lie::WrongTotal),
        ("no_content_range", Lie::NoContentRange),
        ("weak_tag", Lie::WeakTag),
        ("changed_tag", Lie::ChangedTag),
        ("no_tag", Lie::NoTag),
        ("not_satisfiable", Lie::NotSatisfiable),
        ("gzip", Lie::Gzip),
        ("short", Lie::Short),
        ("long", Lie::Long),
        ("no_length", Lie::NoLength),
    ];

    pub(super) async fn tell(self, mut request: Request, next: Next) -> Response {
        match self {
            Lie::Whole => {
                request.headers_mut().remove(RANGE);
            }
            Lie::WrongStart => {
                request.headers_mut().remove(IF_RANGE);
                set(request.headers_mut(), RANGE, "bytes=0-");
            }
            Lie::NotSatisfiable => {
                let mut response = Refusal::new(416, "RangeNotSatisfiable", "the file ends before")
                    .into_response();
                set(response.headers_mut(), CONTENT_RANGE, "bytes */1");
                return response;
            }
            _ => {}
        }
        let mut response = next.run(request).await;
        let headers = response.headers_mut();
        match self {
            Lie::WholeWithRange => *response.status_mut() = StatusCode::OK,
            Lie::WrongTotal => {
                let range = headers.get(CONTENT_RANGE).and_then(|v| v.to_str().ok());
                let range = range.map(|range| format!("{range}0"));
                set(headers, CONTENT_RANGE, &range.unwrap_or_default());
            }
            Lie::NoContentRange => drop(headers.remove(CONTENT_RANGE)),
            Lie::WeakTag => {
                let tag = headers.get(ETAG).and_then(|v| v.to_str().ok());
                let tag = format!("W/{}", tag.unwrap_or("\"\""));
                set(headers, ETAG, &tag);
            }
            Lie::ChangedTag => set(headers, ETAG, "\"another version\""),
            Lie::NoTag => drop(headers.remove(ETAG)),
            Lie::Gzip => set(headers, CONTENT_ENCODING, "gzip"),
            _ => {}
        }
        self.bend(response).await
    }

    /// Changes the bytes.
    async fn bend(self, response: Response) -> Response {
        let change: fn(Vec<u8>) -> Vec<u8> = match self {
            Lie::ShiftedBytes => |mut bytes| {
                bytes.rotate_left(1);
                bytes
            },
            Lie::Gzip => |bytes| {
                let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
                let _ = encoder.write_all(&bytes);
                encoder.finish().unwrap_or_default()
            },
            Lie::Short => |mut bytes| {
                bytes.truncate(bytes.len() / 2);
                bytes
            },
            Lie::Long => |mut bytes| {
                bytes.extend_from_slice(b"more than there is");
                bytes
            },
            Lie::NoLength => |bytes| bytes,
            _ => return response,
        };
        let (mut parts, body) = response.into_parts();
        parts.headers.remove(CONTENT_LENGTH);
        let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
        let bytes = Bytes::from(change(bytes.into()));
        let body = match self {
            Lie::NoLength | Lie::Long => Body::new(Unmeasured(Some(bytes))),
            _ => Body::from(bytes),
        };
        Response::from_parts(parts, body)
    }
}

fn set(headers: &mut axum::http::HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// A body that doesn't tell its length beforehand.
struct Unmeasured(Option<Bytes>);

impl axum::body::HttpBody for Unmeasured {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<hyper::body::Frame<Bytes>, Self::Error>>> {
        std::task::Poll::Ready(
            self.0
                .take()
                .map(|bytes| Ok(hyper::body::Frame::data(bytes))),
        )
    }
}
