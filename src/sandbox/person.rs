//! The person at the browser, played: opens the login page, fills the form in, and goes where it leads.

use super::trust;
use reqwest::{Client, Response};
use std::future::Future;
use std::io;
use url::Url;

const HOPS: usize = 10;
/// Names a PEM file with further authorities to trust, for login pages that aren't on loopback.
const CA_FILE: &str = "ITERO_SANDBOX_CA_FILE";

/// Signs in as this user and returns the redirect URL that the login page answered with, not followed.
pub fn sign_in(login_url: &str, email: &str, password: &str) -> io::Result<String> {
    let (login_url, who) = (login_url.to_owned(), Who::named(email, password));
    alone(async move { Ok(submit(&client()?, &login_url, who).await?.to_string()) })
}

/// Signs in as this user and follows the redirects, also to a loopback listener; fails unless the final page answers
/// with success. Returns that page's address.
pub fn sign_in_and_follow(login_url: &str, email: &str, password: &str) -> io::Result<String> {
    let (login_url, who) = (login_url.to_owned(), Who::named(email, password));
    alone(async move { follow(&client()?, &login_url, who).await })
}

/// The same as the first test user that the login page lists.
pub fn sign_in_as_listed(login_url: &str) -> io::Result<String> {
    let login_url = login_url.to_owned();
    alone(async move { follow(&client()?, &login_url, Who::Listed).await })
}

enum Who {
    Listed,
    Named { email: String, password: String },
}

impl Who {
    fn named(email: &str, password: &str) -> Self {
        Who::Named {
            email: email.to_owned(),
            password: password.to_owned(),
        }
    }
}

/// Runs on a thread of its own, so that callers may be blocking code or inside another runtime.
fn alone<F: Future<Output = io::Result<String>> + Send + 'static>(work: F) -> io::Result<String> {
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(work)
    });
    thread
        .join()
        .unwrap_or_else(|_| Err(io::Error::other("the sign-in broke off")))
}

fn client() -> io::Result<Client> {
    let extra = std::env::var_os(CA_FILE).map(std::fs::read).transpose()?;
    trust::client(extra.as_deref())
}

async fn follow(client: &Client, login_url: &str, who: Who) -> io::Result<String> {
    let first = submit(client, login_url, who).await?;
    let (url, response) = settle(client, first).await?;
    match response.status().is_success() {
        true => Ok(url.to_string()),
        false => Err(io::Error::other(format!(
            "the last page answered {}",
            response.status()
        ))),
    }
}

async fn submit(client: &Client, login_url: &str, who: Who) -> io::Result<Url> {
    let url = Url::parse(login_url).map_err(|_| io::Error::other("the login URL is not a URL"))?;
    let (url, page) = settle(client, url).await?;
    let (status, html) = (page.status(), page.text().await.map_err(failed)?);
    if !status.is_success() {
        return Err(io::Error::other(format!(
            "the login page answered {status}"
        )));
    }
    let form =
        LoginForm::find(&html).ok_or_else(|| io::Error::other("the page holds no login form"))?;
    let (email, password) = match who {
        Who::Named { email, password } => (email, password),
        Who::Listed => {
            listed_user(&html).ok_or_else(|| io::Error::other("the page lists no test user"))?
        }
    };
    let target = url
        .join(&form.action)
        .map_err(|_| io::Error::other("the form leads nowhere"))?;
    let body = form.filled(&email, &password);
    let request = client
        .post(target.clone())
        .header("content-type", "application/x-www-form-urlencoded");
    let answer = request.body(body).send().await.map_err(failed)?;
    let refused = || {
        io::Error::other(format!(
            "the sign-in was refused (status {})",
            answer.status()
        ))
    };
    target_of(&target, &answer).ok_or_else(refused)
}

/// Follows redirects until a page is none.
async fn settle(client: &Client, mut url: Url) -> io::Result<(Url, Response)> {
    for _ in 0..HOPS {
        let response = client.get(url.clone()).send().await.map_err(failed)?;
        match target_of(&url, &response) {
            Some(next) => url = next,
            None => return Ok((url, response)),
        }
    }
    Err(io::Error::other("there were too many redirects"))
}

fn target_of(from: &Url, response: &Response) -> Option<Url> {
    let location = response
        .headers()
        .get("location")
        .filter(|_| response.status().is_redirection());
    from.join(location?.to_str().ok()?).ok()
}

/// Without the URL: it may carry a code.
fn failed(error: reqwest::Error) -> io::Error {
    io::Error::other(error.without_url())
}

/// A form with an email and a password field, and the hidden fields beside them.
struct LoginForm {
    action: String,
    hidden: Vec<(String, String)>,
    email_name: String,
    password_name: String,
}

impl LoginForm {
    fn find(html: &str) -> Option<Self> {
        let start = html.find("<form")?;
        let form = &html[start..];
        let form = &form[..form.find("</form>")?];
        let inputs: Vec<&str> = tags(form, "<input").collect();
        let named = |kind: &str| {
            let input = inputs
                .iter()
                .find(|input| attribute(input, "type").as_deref() == Some(kind));
            input.and_then(|input| attribute(input, "name"))
        };
        let is_hidden = |input: &&&str| attribute(input, "type").as_deref() == Some("hidden");
        let pair = |input: &&str| {
            Some((
                attribute(input, "name")?,
                attribute(input, "value").unwrap_or_default(),
            ))
        };
        Some(LoginForm {
            action: tags(form, "<form")
                .next()
                .and_then(|tag| attribute(tag, "action"))
                .unwrap_or_default(),
            hidden: inputs.iter().filter(is_hidden).filter_map(pair).collect(),
            email_name: named("email").or_else(|| named("text"))?,
            password_name: named("password")?,
        })
    }

    fn filled(&self, email: &str, password: &str) -> String {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(&self.hidden);
        body.append_pair(&self.email_name, email);
        body.append_pair(&self.password_name, password);
        body.finish()
    }
}

fn listed_user(html: &str) -> Option<(String, String)> {
    let user = |tag| {
        Some((
            attribute(tag, "data-email")?,
            attribute(tag, "data-password")?,
        ))
    };
    tags(html, "<li").find_map(user)
}

/// The start tags of one kind, up to their closing bracket. Values hold no bare bracket: the page escapes them.
fn tags<'a>(html: &'a str, opening: &'a str) -> impl Iterator<Item = &'a str> {
    html.match_indices(opening).filter_map(|(start, _)| {
        let rest = &html[start..];
        Some(&rest[..rest.find('>')?])
    })
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    let value = &tag[start..];
    Some(unescape(&value[..value.find('"')?]))
}

fn unescape(text: &str) -> String {
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"");
    text.replace("&#39;", "'").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_found_whatever_stands_around_it() {
        let html = "<p>hi</p><form class=\"a\" method=\"post\" action=\"/go?x=1&amp;y=2\"><input type=\"hidden\" name=\"state\" \
value=\"a&quot;b&amp;amp;\"><input name=\"mail\" type=\"email\"><input name=\"pass\" type=\"password\"></form><input type=\"hidden\" name=\"no\">";
        let form = LoginForm::find(html).expect("a form");
        assert_eq!(form.action, "/go?x=1&y=2");
        assert_eq!(form.hidden, [("state".to_owned(), "a\"b&amp;".to_owned())]);
        assert_eq!(
            form.filled("a@b", "p w"),
            "state=a%22b%26amp%3B&mail=a%40b&pass=p+w"
        );
        assert!(LoginForm::find("<form></form>").is_none());
    }
}
