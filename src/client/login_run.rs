//! Sign-in with the default browser (A1, A2): opens it, listens on 127.0.0.1, exchanges the code.
//!
//! The `state` is `{port}.{random}`, so that a hosted https page, which forwards the browser to the listener, finds the
//! port in front of the dot.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::Client;
use super::config::redirect_url;
use super::job::Job;
use super::login::{Attempt, Login};
use crate::error::{Error, Result, Status};
use crate::log::{self, Level};
use crate::transport::loopback::{self, Received, Reply};
use crate::transport::{hosts, runtime};
use crate::wire::Text;

/// How long the listener stays after the last page, so that the browser has it.
const LAST_PAGE: Duration = Duration::from_millis(200);

/// Whether the redirect leads to the listener itself, not to a hosted page that forwards to it: the listener speaks
/// plain http.
fn is_own(redirect: &Url) -> bool {
    redirect.scheme() == "http" && hosts::is_loopback(redirect)
}

impl Login {
    /// A1 and A2 in one: opens the browser, listens on 127.0.0.1, signs the session in.
    pub fn run(client: &Arc<Client>, limit: Option<Duration>) -> Result<Arc<Login>> {
        let configured = match client.config.redirect_url.as_str() {
            "" => None,
            url => Some(redirect_url(url)?),
        };
        let job = Job::new(&client.cancellation());
        let login = Arc::new(Login {
            client: client.clone(),
            attempt: OnceLock::new(),
            used: AtomicBool::new(false),
            job: Some(job.clone()),
        });
        let (this, cancel) = (login.clone(), job.cancellation().clone());
        runtime::start(&CancellationToken::new(), async move {
            // However this task ends, nobody must wait for ever, and the port is closed.
            let _end = job.end_on_drop();
            let server = CancellationToken::new();
            let _server = server.clone().drop_guard();
            let visited = Arc::new(Notify::new());
            let work = async {
                this.clone()
                    .open(configured, &server, visited.clone())
                    .await?;
                visited.notified().await;
                Ok(())
            };
            let limited = async {
                match limit {
                    None => runtime::caught(work).await,
                    Some(limit) => tokio::time::timeout(limit, runtime::caught(work))
                        .await
                        .unwrap_or_else(|_| {
                            Err(Error::new(
                                Status::Timeout,
                                "nobody signed in within the time given",
                            )
                            .advise("Begin a new sign-in when the user is ready."))
                        }),
                }
            };
            let outcome = tokio::select! {
                biased;
                outcome = limited => outcome,
                () = cancel.cancelled() => Err(Error::new(Status::Cancelled, "the sign-in was cancelled")),
            };
            // A visit has ended the job itself, with what came of it; this is for everything else.
            let was_visited = outcome.is_ok();
            job.end(outcome);
            if was_visited {
                tokio::time::sleep(LAST_PAGE).await;
            }
        })?;
        Ok(login)
    }

    /// Listens, and shows the login page.
    async fn open(
        self: Arc<Login>,
        configured: Option<Url>,
        server: &CancellationToken,
        visited: Arc<Notify>,
    ) -> Result<()> {
        // A redirect URL that is the listener's own may say the port.
        let own_port = configured
            .as_ref()
            .filter(|url| is_own(url))
            .and_then(Url::port);
        let (listener, address) =
            loopback::listen(own_port.unwrap_or(self.client.config.loopback_port)).await?;
        let port = address.port();
        let redirect = match configured {
            Some(mut url) if is_own(&url) => {
                let _ = url.set_port(Some(port));
                url
            }
            Some(hosted) => hosted,
            None => Url::parse(&format!("http://127.0.0.1:{port}/callback"))
                .map_err(|_| Error::new(Status::Io, "the listener's address is not usable"))?,
        };
        let attempt = Attempt::new(&self.client, redirect, Some(port))?;
        let url = attempt.url.clone();
        let _ = self.attempt.set(attempt);
        let browser = self.client.config.browser.clone();
        runtime::start(server, async move {
            loopback::serve(listener, port, move |received| {
                let (login, visited) = (self.clone(), visited.clone());
                async move { login.visited(&received, port, &visited).await }
            })
            .await;
        })?;
        open_browser(url, browser).await
    }

    /// A visit of the browser, or of anybody else on this computer: only one with this sign-in's state counts.
    async fn visited(self: Arc<Login>, received: &Received, port: u16, visited: &Notify) -> Reply {
        let (Some(attempt), Some(job)) = (self.attempt.get(), &self.job) else {
            return Reply::text(503, "Not ready.");
        };
        let Ok(url) = Url::parse(&format!("http://127.0.0.1:{port}{}", received.target)) else {
            return Reply::text(400, "Bad request.");
        };
        let path = if is_own(&attempt.redirect) {
            attempt.redirect.path()
        } else {
            "/callback"
        };
        if url.path() != path {
            return Reply::text(404, "Not found.");
        }
        if received.method != hyper::Method::GET {
            return Reply::text(405, "Only GET.");
        }
        if !attempt.is_own(&url) {
            log::write(Level::Warning, || {
                "login: a visit without this sign-in's state was refused".to_owned()
            });
            return page(
                400,
                "This is not the sign-in that the program is waiting for.",
                "You can close this window.",
            );
        }
        let code = match attempt.code(&url) {
            Ok(code) => code,
            Err(error) => {
                job.end(Err(error));
                visited.notify_one();
                return page(
                    200,
                    "The sign-in was not completed.",
                    "Go back to your program, which can begin a new one.",
                );
            }
        };
        if self.used.swap(true, Ordering::SeqCst) {
            return page(
                200,
                "This sign-in is complete already.",
                "Go back to your program.",
            );
        }
        let (redirect, verifier) = (attempt.redirect.to_string(), attempt.verifier.clone());
        let wanted = job.clone();
        // The end of the job and the sign-in are one step: whoever was told "cancelled" is not signed in later.
        let accept = move |sign_in: &mut dyn FnMut()| {
            wanted.end_with(|| {
                sign_in();
                Ok(())
            })
        };
        let exchanged = self
            .client
            .clone()
            .exchange_code(code, redirect, verifier, accept)
            .await;
        let reply = match &exchanged {
            Ok(()) => page(
                200,
                "You are signed in.",
                "Go back to your program; you can close this window.",
            ),
            Err(_) => page(
                200,
                "The sign-in was not completed.",
                "Go back to your program, which tells the reason.",
            ),
        };
        job.end(exchanged);
        visited.notify_one();
        reply
    }
}

fn page(http_status: u16, headline: &str, text: &str) -> Reply {
    let body = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{headline}</title>\
         <style>body{{font:17px/1.5 sans-serif;margin:0;padding:12vh 1em;background:#eef2f6;color:#1d2b3a}}\
         main{{max-width:26em;margin:0 auto;padding:1.5em 2em;background:#fff;border-radius:10px;\
         box-shadow:0 2px 12px #0002}}h1{{font-size:1.35em;margin:.3em 0}}</style>\
         <main><h1>{headline}</h1><p>{text}</p></main></html>"
    );
    Reply {
        http_status,
        content_type: "text/html; charset=utf-8",
        body,
    }
}

/// Opens the login page in the user's browser, or in the program that the host chose.
async fn open_browser(url: Text, program: String) -> Result<()> {
    let opened = tokio::task::spawn_blocking(move || {
        if program.is_empty() {
            open::that_detached(url.as_str())
        } else {
            open::with_detached(url.as_str(), program)
        }
    });
    let opened = opened.await.map_err(|_| Error::cancelled())?;
    opened.map_err(|fault| {
        Error::new(Status::Io, format!("no browser could be started: {}", fault.kind())).advise(
            "Name one with itero_config_set_browser, or show the login page yourself with itero_login_begin.",
        )
    })
}
