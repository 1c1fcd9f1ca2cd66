//! The file host: signed links that soon expire, strong ETags and single ranges (RFC 9110 §13, §14). No bearer token
//! has any business here.

use super::Edge;
use super::answer::{Params, Refusal};
use super::state::{Cloud, Store, StoredFile};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{
    ACCEPT_RANGES, AUTHORIZATION, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_RANGE, RANGE,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::time::{SystemTime, UNIX_EPOCH};

/// What stays readable in a file's name; the rest, `#` above all, is encoded.
const NAME: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

pub async fn serve(
    State(edge): State<Edge>,
    Path((id, name)): Path<(String, String)>,
    params: Params,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let mut store = edge.cloud.store();
    if headers.contains_key(AUTHORIZATION) {
        store.counters.bearer_on_file_host += 1;
        return Err(Refusal::new(
            400,
            "AuthorizationNotAllowed",
            "the link is the permission; send no Authorization header",
        ));
    }
    let expires = params
        .get("expires")
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    let signature = sign(&edge.cloud, &id, &name, expires);
    if params.get("signature") != Some(signature.as_str()) {
        return Err(Refusal::new(
            403,
            "SignatureInvalid",
            "the link's signature is wrong",
        ));
    }
    if expires <= unix_millis() {
        return Err(Refusal::new(
            403,
            "LinkExpired",
            "the link has expired; ask for a fresh one",
        ));
    }
    let file = store
        .file(&id)
        .ok_or_else(|| Refusal::not_found("there is no such file"))?;
    Ok(answer(file, &headers))
}

pub fn etag(file: &StoredFile) -> String {
    format!("\"{}\"", file.sha256)
}

pub fn signed_url(cloud: &Cloud, file: &StoredFile) -> String {
    let expires = unix_millis() + cloud.options.url_life.as_millis() as u64;
    let signature = sign(cloud, &file.id, &file.name, expires);
    let host = cloud.options.file_links.as_ref();
    let host = host.unwrap_or(&cloud.addresses.file_host);
    let (id, name) = (&file.id, utf8_percent_encode(&file.name, NAME));
    format!("{host}/files/{id}/{name}?expires={expires}&signature={signature}")
}

/// Keyed inside and outside, so that nobody can lengthen a signed text.
fn sign(cloud: &Cloud, id: &str, name: &str, expires: u64) -> String {
    let inner = Sha256::new()
        .chain_update(cloud.secret)
        .chain_update(format!("{id}\n{name}\n{expires}"));
    let outer = Sha256::new()
        .chain_update(cloud.secret)
        .chain_update(inner.finalize());
    hex(&outer.finalize())
}

pub fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

fn unix_millis() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_millis() as u64)
}

impl Store {
    fn file(&self, id: &str) -> Option<&StoredFile> {
        let orders = self.rxs.values().filter_map(|rx| rx.order.as_ref());
        orders
            .flat_map(|order| &order.files)
            .find(|file| file.id == id)
    }
}

/// What a Range header asks of a body of known length.
#[derive(Debug, PartialEq)]
enum Part {
    Whole,
    /// First and last byte, both inside.
    Bytes(usize, usize),
    Impossible,
}

fn answer(file: &StoredFile, headers: &HeaderMap) -> Response {
    let tag = etag(file);
    let length = file.bytes.len();
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    // A date in If-Range can't equal the tag, so it gives the whole file, which is always right.
    let same = text(IF_RANGE).is_none_or(|given| given == tag);
    let part = text(RANGE)
        .filter(|_| same)
        .map_or(Part::Whole, |range| part(range, length));
    let (status, bytes, range) = match part {
        Part::Whole => (StatusCode::OK, file.bytes.clone(), None),
        Part::Bytes(first, last) => {
            let range = format!("bytes {first}-{last}/{length}");
            (
                StatusCode::PARTIAL_CONTENT,
                file.bytes.slice(first..=last),
                Some(range),
            )
        }
        Part::Impossible => {
            let mut response =
                Refusal::new(416, "RangeNotSatisfiable", "the file ends before").into_response();
            insert(&mut response, CONTENT_RANGE, &format!("bytes */{length}"));
            return response;
        }
    };
    let mut response = (status, Body::from(bytes)).into_response();
    insert(&mut response, ETAG, &tag);
    insert(&mut response, ACCEPT_RANGES, "bytes");
    insert(&mut response, CONTENT_TYPE, &file.content_type);
    if let Some(range) = range {
        insert(&mut response, CONTENT_RANGE, &range);
    }
    response
}

fn insert(response: &mut Response, name: axum::http::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// One range is served; several, other units and nonsense are ignored, as RFC 9110 allows.
fn part(header: &str, length: usize) -> Part {
    let Some((first, last)) = header
        .strip_prefix("bytes=")
        .and_then(|range| range.trim().split_once('-'))
    else {
        return Part::Whole;
    };
    match (first.parse::<usize>(), last.parse::<usize>()) {
        (Ok(first), Ok(last)) if first > last => Part::Whole,
        (Ok(first), _) if first >= length && (last.is_empty() || last.parse::<usize>().is_ok()) => {
            Part::Impossible
        }
        (Ok(first), Ok(last)) => Part::Bytes(first, last.min(length - 1)),
        (Ok(first), Err(_)) if last.is_empty() => Part::Bytes(first, length - 1),
        (Err(_), Ok(count)) if first.is_empty() && (count == 0 || length == 0) => Part::Impossible,
        (Err(_), Ok(count)) if first.is_empty() => {
            Part::Bytes(length.saturating_sub(count), length - 1)
        }
        _ => Part::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        assert_eq!(part("bytes=0-0", 10), Part::Bytes(0, 0));
        assert_eq!(part("bytes=3-", 10), Part::Bytes(3, 9));
        assert_eq!(part("bytes=3-99", 10), Part::Bytes(3, 9));
        assert_eq!(part("bytes=-4", 10), Part::Bytes(6, 9));
        assert_eq!(part("bytes=-40", 10), Part::Bytes(0, 9));
        assert_eq!(part("bytes=10-", 10), Part::Impossible);
        assert_eq!(part("bytes=-0", 10), Part::Impossible);
        assert_eq!(part("bytes=0-", 0), Part::Impossible);
        for ignored in [
            "bytes=5-3",
            "bytes=0-1,4-5",
            "lines=1-2",
            "bytes=a-b",
            "bytes=",
            "bytes=-",
        ] {
            assert_eq!(part(ignored, 10), Part::Whole, "{ignored}");
        }
    }
}
