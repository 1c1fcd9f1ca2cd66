//! The token and revocation endpoints, the same at the OAuth base and in every region (RFC 6749, 7009, 7636).

use super::Edge;
use super::answer::{Form, Params};
use super::data::{CLIENT_ID, CLIENT_SECRET};
use super::state::Store;
use super::tokens::{Grant, Issued, RefreshError};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, WWW_AUTHENTICATE};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// An RFC 6749 §5.2 error: these endpoints don't speak the API's error JSON.
struct Denied(&'static str, &'static str);

impl IntoResponse for Denied {
    fn into_response(self) -> Response {
        let body = Json(json!({"error": self.0, "error_description": self.1}));
        let cache = [(CACHE_CONTROL, "no-store")];
        match self.0 {
            "invalid_client" => {
                let challenge = [(WWW_AUTHENTICATE, "Basic realm=\"itero sandbox\"")];
                (StatusCode::UNAUTHORIZED, cache, challenge, body).into_response()
            }
            _ => (StatusCode::BAD_REQUEST, cache, body).into_response(),
        }
    }
}

pub async fn token(State(edge): State<Edge>, form: Result<Form, super::Refusal>) -> Response {
    let params = match admitted(form) {
        Ok(params) => params,
        Err(denied) => return denied.into_response(),
    };
    let mut store = edge.cloud.store();
    let issued = match params.get("grant_type") {
        Some("authorization_code") => by_code(&mut store, &params),
        Some("refresh_token") => by_refresh(&mut store, &params),
        None => Err(Denied("invalid_request", "grant_type is missing")),
        Some(_) => Err(Denied(
            "unsupported_grant_type",
            "authorization_code or refresh_token",
        )),
    };
    match issued {
        Ok(issued) => {
            store.counters.tokens_issued += 1;
            ([(CACHE_CONTROL, "no-store")], Json(token_set(&issued))).into_response()
        }
        Err(denied) => denied.into_response(),
    }
}

/// Revocation answers 200 for unknown tokens too: what the caller wants is true already.
pub async fn revoke(State(edge): State<Edge>, form: Result<Form, super::Refusal>) -> Response {
    let params = match admitted(form) {
        Ok(params) => params,
        Err(denied) => return denied.into_response(),
    };
    let Some(token) = params.get("token") else {
        return Denied("invalid_request", "token is missing").into_response();
    };
    edge.cloud.store().tokens.revoke(token);
    StatusCode::OK.into_response()
}

/// A token set as JSON; pairing answers with the same members.
pub fn token_set(issued: &Issued) -> Value {
    let mut set = json!({
        "access_token": issued.access_token,
        "token_type": "Bearer",
        "expires_in": issued.expires_in,
    });
    if let Some(token) = &issued.refresh_token {
        set["refresh_token"] = token.as_str().into();
    }
    set
}

fn admitted(form: Result<Form, super::Refusal>) -> Result<Params, Denied> {
    let Ok(Form(params)) = form else {
        return Err(Denied("invalid_request", "the body must be a form"));
    };
    let names = [
        "grant_type",
        "code",
        "redirect_uri",
        "code_verifier",
        "refresh_token",
        "token",
    ];
    if names.iter().any(|name| params.repeats(name)) {
        return Err(Denied("invalid_request", "a parameter comes twice"));
    }
    let client = (params.get("client_id"), params.get("client_secret"));
    if client != (Some(CLIENT_ID), Some(CLIENT_SECRET)) {
        return Err(Denied("invalid_client", "client id or secret is wrong"));
    }
    Ok(params)
}

fn by_code(store: &mut Store, params: &Params) -> Result<Issued, Denied> {
    let needed = |name| {
        params.get(name).ok_or(Denied(
            "invalid_request",
            "code, redirect_uri and code_verifier are needed",
        ))
    };
    let (code, redirect_uri) = (needed("code")?, needed("redirect_uri")?);
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(needed("code_verifier")?));
    let fits = |grant: &Grant| grant.redirect_uri == redirect_uri && grant.challenge == challenge;
    let issued = store.tokens.redeem(code, fits);
    issued.ok_or(Denied(
        "invalid_grant",
        "the code is unknown, used, too old or was asked for with other values",
    ))
}

fn by_refresh(store: &mut Store, params: &Params) -> Result<Issued, Denied> {
    let Some(token) = params.get("refresh_token") else {
        return Err(Denied("invalid_request", "refresh_token is missing"));
    };
    match store.tokens.rotate(token) {
        Ok(issued) => {
            store.counters.refreshes += 1;
            Ok(issued)
        }
        Err(RefreshError::Reused) => {
            store.counters.reuse_events += 1;
            Err(Denied(
                "invalid_grant",
                "the refresh token was used before; the sign-in is over",
            ))
        }
        Err(RefreshError::Unknown) => {
            Err(Denied("invalid_grant", "the refresh token is not valid"))
        }
    }
}
