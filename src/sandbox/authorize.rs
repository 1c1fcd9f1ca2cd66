//! The login page's rules (RFC 6749 §4.1, RFC 7636): who may ask, where the browser is sent, and with what.

use super::Edge;
use super::answer::{Form, Params};
use super::data::CLIENT_ID;
use super::login_page;
use super::state::Cloud;
use super::tokens::Grant;
use super::trust::is_loopback;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, LOCATION};
use axum::response::{IntoResponse, Response};
use url::Url;

const CARRIED: [&str; 7] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "state",
    "code_challenge",
    "code_challenge_method",
    "scope",
];

/// `GET /authorize`: shows the login form.
pub async fn show(State(edge): State<Edge>, params: Params) -> Response {
    match check(&edge.cloud, &params) {
        Ok(_) => form(&edge.cloud, &params, None),
        Err(problem) => problem.answer(),
    }
}

/// `POST /authorize`: the form comes back.
pub async fn submit(State(edge): State<Edge>, Form(params): Form) -> Response {
    let redirect = match check(&edge.cloud, &params) {
        Ok(redirect) => redirect,
        Err(problem) => return problem.answer(),
    };
    if params.get("action") == Some("cancel") {
        let text = "the person canceled the sign-in";
        return error(&redirect, &params, "access_denied", text).answer();
    }
    let email = params.get("email").unwrap_or_default().trim();
    let password = params.get("password").unwrap_or_default();
    let mut store = edge.cloud.store();
    let Some(user) = store.user(email, password) else {
        drop(store);
        return form(&edge.cloud, &params, Some("Email or password is wrong."));
    };
    let home = store.users[user].home;
    let code = store.tokens.new_code(Grant {
        user,
        home,
        redirect_uri: params.get("redirect_uri").unwrap_or_default().to_owned(),
        challenge: params.get("code_challenge").unwrap_or_default().to_owned(),
        offline: params
            .get("scope")
            .unwrap_or_default()
            .split(' ')
            .any(|scope| scope == "offline_access"),
    });
    drop(store);
    found(&target(&redirect, &params, &[("code", &code)]))
}

/// `GET /hosted-redirect`: stands for an integrator's hosted page, which forwards to the program's loopback listener
/// when the state names its port (`{port}.{rest}`).
pub async fn hosted(params: Params, uri: axum::http::Uri) -> Response {
    let port = params.get("state").and_then(|state| state.split_once('.'));
    let port = port
        .and_then(|(port, _)| port.parse::<u16>().ok())
        .filter(|port| *port != 0);
    if let Some(port) = port {
        let query = uri.query().unwrap_or_default();
        return found(&format!("http://127.0.0.1:{port}/callback?{query}"));
    }
    match params.get("code") {
        Some(code) => login_page::landed(Ok(code)),
        None => login_page::landed(Err(params.get("error").unwrap_or("no code came"))),
    }
}

/// Why there is no login form.
enum Problem {
    /// For the person only.
    Page(String),
    /// For the client, at its redirect URL.
    Redirect(String),
}

impl Problem {
    fn page(reason: impl Into<String>) -> Self {
        Problem::Page(reason.into())
    }

    fn answer(self) -> Response {
        match self {
            Problem::Page(reason) => login_page::refused(&reason),
            Problem::Redirect(target) => found(&target),
        }
    }
}

/// Checks the request. Only a known client at a registered address is ever redirected, else the login page would be an
/// open redirector.
fn check(cloud: &Cloud, params: &Params) -> Result<Url, Problem> {
    if let Some(name) = CARRIED.iter().find(|name| params.repeats(name)) {
        return Err(Problem::page(format!("{name} comes twice")));
    }
    if params.get("client_id") != Some(CLIENT_ID) {
        return Err(Problem::page("The client_id is not known."));
    }
    let given = params.get("redirect_uri").unwrap_or_default();
    let Some(redirect) = registered(cloud, given) else {
        return Err(Problem::page("The redirect_uri is not registered."));
    };
    let fail = |code: &str, text: &str| Err(error(&redirect, params, code, text));
    match params.get("response_type") {
        Some("code") => {}
        None => return fail("invalid_request", "response_type is missing"),
        Some(_) => {
            return fail(
                "unsupported_response_type",
                "only response_type=code is served",
            );
        }
    }
    if params.get("code_challenge_method") != Some("S256") {
        return fail("invalid_request", "code_challenge_method must be S256");
    }
    let challenge = params.get("code_challenge").unwrap_or_default();
    let base64url = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    if challenge.len() != 43 || !challenge.bytes().all(base64url) {
        return fail(
            "invalid_request",
            "code_challenge must be 43 base64url characters",
        );
    }
    Ok(redirect)
}

/// Registered are plain loopback at any port (RFC 8252 §7.3), the hosted page, and what the options name.
fn registered(cloud: &Cloud, given: &str) -> Option<Url> {
    let url = Url::parse(given).ok()?;
    if given.contains('#') || !url.username().is_empty() || url.password().is_some() {
        return None;
    }
    let loopback = url.scheme() == "http" && url.host_str().is_some_and(is_loopback);
    let listed = url.scheme() == "https"
        && cloud
            .options
            .redirect_urls
            .iter()
            .any(|known| known == given);
    (loopback || listed || given == cloud.addresses.hosted_redirect).then_some(url)
}

fn form(cloud: &Cloud, params: &Params, message: Option<&str>) -> Response {
    let carried: Vec<(&str, &str)> = CARRIED
        .iter()
        .filter_map(|name| Some((*name, params.get(name)?)))
        .collect();
    let email = params.get("email").unwrap_or_default();
    login_page::login(&carried, &cloud.store().users, email, message)
}

fn error(redirect: &Url, params: &Params, code: &str, description: &str) -> Problem {
    let outcome = [("error", code), ("error_description", description)];
    Problem::Redirect(target(redirect, params, &outcome))
}

fn target(redirect: &Url, params: &Params, outcome: &[(&str, &str)]) -> String {
    let mut target = redirect.clone();
    target.query_pairs_mut().extend_pairs(outcome);
    if let Some(state) = params.get("state") {
        target.query_pairs_mut().append_pair("state", state);
    }
    target.into()
}

fn found(target: &str) -> Response {
    (
        StatusCode::FOUND,
        [(LOCATION, target), (CACHE_CONTROL, "no-store")],
    )
        .into_response()
}
