//! What goes over the network: URLs, member names, JSON shapes. Nothing else in the library knows them.
//!
//! Align hands the field-level specification to partners under contract; it is not public. What Align publishes is
//! marked FACT below. Everything else is OURS: a choice after common practice, kept in this one folder so that it can
//! be changed in one place when the contract's specification is at hand. Every endpoint can also be overridden at run
//! time with `itero_config_set_endpoint`.
//!
//! | subject | what | standing |
//! |---|---|---|
//! | sign-in | OAuth 2 authorization code grant; client id, client secret, login page, oauth base and base URL come from Align | FACT |
//! | sign-in | the access token lives one hour | FACT |
//! | sign-in | the redirect URL is https, registered beforehand, without `#` | FACT |
//! | sign-in | paths `/oauth/token` and `/oauth/revoke`, form members, rotation of refresh tokens (as Auth0 has them), PKCE S256 | OURS |
//! | discovery | V2 only, before accounts and before a refresh; gives regional domain and path of all endpoints | FACT |
//! | discovery | path `/api/v2/discovery?clientId`, answer `{region, endpoints: {name: URL template}}` (RFC 6570 level 1) | OURS |
//! | pairing | returns a new token set; may carry the notification URL | FACT |
//! | pairing | paths, member names, `NotPaired` and `FeatureNotEnabled` | OURS |
//! | scan request | answers with the RxID | FACT |
//! | scan request | paths, member names, the `Idempotency-Key` header | OURS |
//! | scan request | asked for by its key: `GET …?clientReference` → `{clientReference, scanRequests: [{rxId}]}`; where discovery doesn't name `scanRequests`, the service is not asked | OURS |
//! | Rx | DELETE on the scan-request endpoint with the RxID withdraws it; a scan can't be deleted | FACT |
//! | orders | filter by date or chart number; the download URL is dynamic; file kinds IDE and IMAGE_GALLERY; the statuses | FACT |
//! | orders | paths, paging, member names, other file kinds, ETag and sha256 | OURS |
//! | patients | search by names and chart number; update by GUID or by chart number | FACT |
//! | patients | paths and member names | OURS |
//! | notification | POST to the notification URL with RxID and account number, at every change of the files | FACT |
//! | notification | member names, any 2xx counts as received | OURS |
//! | errors | `{code, message, requestId, field}`, `X-Request-Id` | OURS |
//! | export | names of the files inside the zip, the XML's root and members (seen in real exports) | FACT |
//!
//! Types here are plain data that the library uses all through; reading is tolerant (see [`mod@read`]).

pub mod date;
pub mod endpoints;
mod json;
pub mod notification;
pub mod order;
pub mod pairing;
pub mod patient;
pub mod practice;
pub mod problem;
pub mod read;
pub mod scan_request;
pub mod sign_in;
mod text;

pub use endpoints::{Endpoint, Method};
pub use text::Text;

use crate::error::Result;
use read::Object;

/// An answer read into the library's own type, with the JSON it came from for members that this library doesn't know.
pub struct Read<T> {
    pub value: T,
    pub json: Text,
}

/// Reads a JSON answer whose top level is an object.
pub fn read<T>(body: &[u8], read: impl Fn(&Object<'_>) -> Result<T>) -> Result<Read<T>> {
    let json = read::json(body)?;
    let value = read(&Object::root(&json)?)?;
    Ok(Read {
        value,
        json: Text::new(&String::from_utf8_lossy(body)),
    })
}
