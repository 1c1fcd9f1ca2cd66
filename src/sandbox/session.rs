//! Who is calling: the bearer token's sign-in, in the right region, and paired where the call needs an account.

use super::Edge;
use super::answer::Refusal;
use super::state::{Region, Store};
use super::tokens::{Bad, Session};
use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, request::Parts};

/// A caller with a good token.
pub struct Caller {
    pub session: u64,
}

/// A caller whose sign-in is paired.
pub struct Paired {
    pub account: String,
}

pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

impl Store {
    /// The paired account's region, or the user's own before pairing.
    pub fn region_of(&self, session: &Session) -> Region {
        let account = session
            .account
            .as_ref()
            .and_then(|id| self.accounts.get(id));
        account.map_or(session.home, |account| account.region)
    }

    fn caller(
        &self,
        headers: &HeaderMap,
        region: Option<Region>,
    ) -> Result<(u64, &Session), Refusal> {
        let refuse = |code, message| Refusal::new(401, code, message);
        let token =
            bearer(headers).ok_or_else(|| refuse("Unauthorized", "a bearer token is needed"))?;
        let id = self.tokens.check(token).map_err(|bad| match bad {
            Bad::Expired => refuse("TokenExpired", "the access token has expired"),
            Bad::Revoked | Bad::Unknown => refuse("TokenInvalid", "the access token is not valid"),
        })?;
        let session = self
            .tokens
            .session(id)
            .ok_or_else(|| refuse("TokenInvalid", "the sign-in is over"))?;
        let home = self.region_of(session);
        if region.is_some_and(|region| region != home) {
            let message = format!(
                "this sign-in lives in region {}; ask discovery",
                home.name()
            );
            return Err(Refusal::new(421, "WrongRegion", message));
        }
        Ok((id, session))
    }
}

impl FromRequestParts<Edge> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, edge: &Edge) -> Result<Self, Refusal> {
        let store = edge.cloud.store();
        let (session, _) = store.caller(&parts.headers, edge.region)?;
        Ok(Caller { session })
    }
}

impl FromRequestParts<Edge> for Paired {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, edge: &Edge) -> Result<Self, Refusal> {
        let store = edge.cloud.store();
        let (_, session) = store.caller(&parts.headers, edge.region)?;
        let account = session.account.clone();
        let account = account.ok_or_else(|| {
            Refusal::new(403, "NotPaired", "pair the sign-in to an account first")
        })?;
        Ok(Paired { account })
    }
}
