//! The HTML that the person at the browser sees: the login form and the few pages around it.

use super::state::User;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use axum::response::{Html, IntoResponse, Response};

const STYLE: &str = "body{margin:0;min-height:100vh;display:grid;place-items:center;background:#eef2f6;\
font:16px/1.5 system-ui,sans-serif;color:#1c2733}main{background:#fff;width:min(26rem,92vw);padding:2rem;\
border-radius:14px;box-shadow:0 8px 30px #1c273322}h1{font-size:1.3rem;margin:0 0 .3rem}p{margin:.3rem 0 1rem}\
label{display:block;margin:.8rem 0 .2rem;font-weight:600}input{width:100%;box-sizing:border-box;padding:.6rem;\
border:1px solid #b8c4d0;border-radius:8px;font:inherit}.row{display:flex;gap:.7rem;margin-top:1.3rem}\
button{flex:1;padding:.65rem;border-radius:8px;border:1px solid #0a6ebd;background:#0a6ebd;color:#fff;font:inherit}\
button[value=cancel]{background:#fff;color:#0a6ebd}.wrong{color:#a3121f;font-weight:600}\
ul{padding-left:1.1rem;font-size:.85rem}code{background:#eef2f6;padding:0 .25rem;border-radius:4px}";

/// The login form. `carried` are the authorization request's parameters, which the form sends along.
pub fn login(
    carried: &[(&str, &str)],
    users: &[User],
    email: &str,
    message: Option<&str>,
) -> Response {
    let hidden = |(name, value): &(&str, &str)| {
        format!(
            "<input type=\"hidden\" name=\"{name}\" value=\"{}\">\n",
            escape(value)
        )
    };
    let hidden: String = carried.iter().map(hidden).collect();
    let user = |user: &User| {
        let (name, email, password) =
            (escape(user.name), escape(user.email), escape(user.password));
        format!(
            "<li data-email=\"{email}\" data-password=\"{password}\">{name}: <code>{email}</code> <code>{password}</code></li>\n"
        )
    };
    let listed: String = users.iter().map(user).collect();
    let message = message
        .map(|text| format!("<p class=\"wrong\" role=\"alert\">{}</p>", escape(text)))
        .unwrap_or_default();
    let email = escape(email);
    page(
        "Sign in",
        &format!(
            "<h1>Sign in</h1><p>itero sandbox: a simulated cloud, not Align's. All people and practices in it are invented.</p>\
{message}<form method=\"post\" action=\"/authorize\">\n{hidden}\
<label for=\"email\">Email</label><input id=\"email\" type=\"email\" name=\"email\" value=\"{email}\" autocomplete=\"username\" autofocus>\n\
<label for=\"password\">Password</label><input id=\"password\" type=\"password\" name=\"password\" autocomplete=\"current-password\">\n\
<div class=\"row\"><button name=\"action\" value=\"login\">Sign in</button>\
<button name=\"action\" value=\"cancel\" formnovalidate>Cancel</button></div></form>\
<p>Test users:</p><ul>\n{listed}</ul>"
        ),
    )
}

/// A page for the person when there is nowhere safe to redirect to.
pub fn refused(reason: &str) -> Response {
    let body = format!(
        "<h1>This sign-in can't go on</h1><p class=\"wrong\">{}</p>",
        escape(reason)
    );
    (StatusCode::BAD_REQUEST, page("Refused", &body)).into_response()
}

/// The hosted redirect page when it has no program to forward to.
pub fn landed(outcome: Result<&str, &str>) -> Response {
    let body = match outcome {
        Ok(code) => format!(
            "<h1>Signed in</h1><p>Give this code to your program:</p><p><code>{}</code></p>",
            escape(code)
        ),
        Err(error) => format!(
            "<h1>Not signed in</h1><p class=\"wrong\">{}</p>",
            escape(error)
        ),
    };
    page("Sign-in", &body)
}

fn page(title: &str, body: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
<meta name=\"viewport\" content=\"width=device-width\"><title>{title} - itero sandbox</title><style>{STYLE}</style></head>\
<body><main>{body}</main></body></html>"
    );
    let headers = [
        (CACHE_CONTROL, "no-store"),
        (
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'",
        ),
    ];
    (headers, Html(html)).into_response()
}

/// Text for HTML, in an element or a quoted attribute.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}
