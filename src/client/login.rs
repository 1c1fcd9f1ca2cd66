//! Sign-in (A1, A2): the login page in a browser, and the way back with the code.
//!
//! Two ways share everything but the way back: [`Login::begin`] leaves the browser to the host program, which hands the
//! redirect URL to [`Login::complete`]; [`Login::run`] opens the default browser and waits on 127.0.0.1.
//!
//! The `state` is `{port}.{random}` when a hosted https page forwards the browser to the listener: the page finds the
//! port in front of the dot.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::Client;
use super::config::redirect_url;
use super::job::Job;
use crate::error::{Error, Result, Status};
use crate::log::{self, Level};
use crate::session::pkce;
use crate::transport::loopback::{self, Received, Reply};
use crate::transport::{hosts, runtime};
use crate::wire::{Text, sign_in};

pub struct Login {
    client: Arc<Client>,
    attempt: OnceLock<Attempt>,
    used: AtomicBool,
    /// Only for [`Login::run`].
    job: Option<Arc<Job<()>>>,
}

/// What belongs to one visit of the login page.
struct Attempt {
    url: Text,
    redirect: Url,
    state: String,
    verifier: SecretString,
}

impl Attempt {
    fn new(client: &Client, redirect: Url, port: Option<u16>) -> Result<Attempt> {
        let state = match port {
            Some(port) => format!("{port}.{}", pkce::random()?),
            None => pkce::random()?,
        };
        let verifier: SecretString = pkce::random()?.into();
        let challenge = pkce::challenge(&verifier);
        let url = sign_in::login_url(
            &client.addresses.login_page,
            &client.config.client_id,
            redirect.as_str(),
            &state,
            &challenge,
        );
        Ok(Attempt {
            url: Text::from(String::from(url)),
            redirect,
            state,
            verifier,
        })
    }

    /// The code in the redirect's query, once everything about it is right.
    fn code(&self, answer: &Url) -> Result<String> {
        let answer = sign_in::redirect(answer);
        match answer.state.as_deref() {
            None | Some("") => Err(Error::new(Status::Auth, "the redirect URL holds no state; it was not accepted")
                .advise("Hand over the redirect URL whole, with its query, or begin a new sign-in.")),
            Some(state) if state != self.state => {
                Err(Error::new(Status::Auth, "the redirect URL's state is not this sign-in's; it was not accepted")
                    .advise("The URL belongs to an earlier or a forged sign-in. Use the one that this sign-in led to."))
            }
            Some(_) => Ok(()),
        }?;
        if let Some(word) = answer.error {
            let code = crate::wire::problem::word(&word);
            let mut error = Error::new(
                Status::Auth,
                format!("the login page ended with the error {code}"),
            );
            if code == "access_denied" {
                error = error.advise(
                    "The user cancelled, or is not registered with Align. Begin a new sign-in.",
                );
            }
            error.service_code = code;
            return Err(error);
        }
        answer.code.filter(|code| !code.is_empty()).ok_or_else(|| {
            Error::new(
                Status::Auth,
                "the redirect URL holds neither a code nor an error",
            )
            .advise("Hand over the redirect URL whole, with its query, or begin a new sign-in.")
        })
    }
}

impl Login {
    /// A1 for hosts with a browser of their own: the URL to open. No network.
    pub fn begin(client: &Arc<Client>) -> Result<Login> {
        if client.config.redirect_url.is_empty() {
            return Err(Error::argument(
                "the configuration lacks the redirect URL (itero_config_set_redirect_url)",
            )
            .advise(
                "Set the one that Align registered, or use itero_login_run, which has its own.",
            ));
        }
        let attempt = Attempt::new(client, redirect_url(&client.config.redirect_url)?, None)?;
        Ok(Login {
            client: client.clone(),
            attempt: attempt.into(),
            used: AtomicBool::new(false),
            job: None,
        })
    }

    /// The login page's URL; empty while [`Login::run`] has not begun to listen.
    pub fn url(&self) -> Option<&Text> {
        self.attempt.get().map(|attempt| &attempt.url)
    }

    /// A2: takes the redirect URL that the browser was sent to and signs the session in.
    pub fn complete(&self, answer: &str) -> Result<()> {
        let attempt = match (&self.job, self.attempt.get()) {
            (None, Some(attempt)) => attempt,
            _ => return Err(Error::new(Status::State, "this sign-in waits for the browser itself (itero_login_run)")
                .advise("Use itero_login_wait, or itero_login_begin for a sign-in that is completed by hand.")),
        };
        let answer = Url::parse(answer.trim())
            .map_err(|_| Error::argument("the redirect URL is not a URL"))?;
        let own = &attempt.redirect;
        if (
            answer.scheme(),
            answer.host(),
            answer.port_or_known_default(),
            answer.path(),
        ) != (
            own.scheme(),
            own.host(),
            own.port_or_known_default(),
            own.path(),
        ) {
            return Err(Error::argument(format!(
                "the URL is not the configured redirect URL ({}://{}{})",
                own.scheme(),
                hosts::name(own),
                own.path()
            ))
            .advise("Hand over the URL of the navigation that begins with the redirect URL, not an earlier one."));
        }
        let code = attempt.code(&answer)?;
        if self.used.swap(true, Ordering::SeqCst) {
            return Err(Error::new(
                Status::State,
                "this sign-in has used its code already; a code works once",
            )
            .advise("Begin a new sign-in."));
        }
        let (redirect, verifier) = (attempt.redirect.to_string(), attempt.verifier.clone());
        self.client
            .run(|client| client.exchange_code(code, redirect, verifier))
    }

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
            // However this task ends, nobody must wait for ever.
            let _end = job.end_on_drop();
            let work = runtime::caught(this.wait_for_browser(configured));
            let limited = async {
                match limit {
                    None => work.await,
                    Some(limit) => tokio::time::timeout(limit, work).await.unwrap_or_else(|_| {
                        Err(
                            Error::new(Status::Timeout, "nobody signed in within the time given")
                                .advise("Begin a new sign-in when the user is ready."),
                        )
                    }),
                }
            };
            let outcome = tokio::select! {
                biased;
                outcome = limited => outcome,
                () = cancel.cancelled() => Err(Error::new(Status::Cancelled, "the sign-in was cancelled")),
            };
            job.end(outcome);
        })?;
        Ok(login)
    }

    pub fn job(&self) -> Result<&Arc<Job<()>>> {
        self.job.as_ref().ok_or_else(|| {
            Error::new(Status::State, "this sign-in is completed by hand (itero_login_begin), there is nothing to wait for")
                .advise("Hand the redirect URL to itero_login_complete.")
        })
    }

    async fn wait_for_browser(self: Arc<Login>, configured: Option<Url>) -> Result<()> {
        // A loopback redirect URL with a port of its own says where to listen.
        let own_port = configured
            .as_ref()
            .filter(|url| hosts::is_loopback(url))
            .and_then(Url::port);
        let (listener, address) =
            loopback::listen(own_port.unwrap_or(self.client.config.loopback_port)).await?;
        let port = address.port();
        let redirect = match configured {
            Some(mut url) if hosts::is_loopback(&url) => {
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
        open_browser(url, self.client.config.browser.clone()).await?;
        self.listen(listener, port).await
    }

    async fn listen(self: Arc<Login>, listener: TcpListener, port: u16) -> Result<()> {
        let (sender, mut outcomes) = mpsc::channel(4);
        let login = self.clone();
        let serve = loopback::serve(listener, port, move |received| {
            let (login, sender) = (login.clone(), sender.clone());
            async move { login.visited(&received, port, &sender).await }
        });
        tokio::select! {
            outcome = outcomes.recv() => {
                // The browser's page must be on its way before the listener goes.
                tokio::time::sleep(Duration::from_millis(100)).await;
                outcome.unwrap_or_else(|| Err(Error::cancelled()))
            }
            () = serve => Err(Error::new(Status::Io, "the listener on 127.0.0.1 ended")),
        }
    }

    /// A visit of the browser, or of anybody else on this computer: only one with this sign-in's state counts.
    async fn visited(
        self: Arc<Login>,
        received: &Received,
        port: u16,
        outcome: &mpsc::Sender<Result<()>>,
    ) -> Reply {
        let Some(attempt) = self.attempt.get() else {
            return Reply::text(503, "Not ready.");
        };
        let Ok(url) = Url::parse(&format!("http://127.0.0.1:{port}{}", received.target)) else {
            return Reply::text(400, "Bad request.");
        };
        let path = if hosts::is_loopback(&attempt.redirect) {
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
        let code = match attempt.code(&url) {
            Ok(code) => code,
            Err(error) if error.service_code.is_empty() => {
                log::write(Level::Warning, || format!("login: {}", error.message));
                return page(
                    400,
                    "This is not the sign-in that the program is waiting for.",
                    "You can close this window.",
                );
            }
            Err(error) => {
                let _ = outcome.send(Err(error)).await;
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
        let exchanged = self
            .client
            .clone()
            .exchange_code(code, attempt.redirect.to_string(), attempt.verifier.clone())
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
        let _ = outcome.send(exchanged).await;
        reply
    }
}

fn page(http_status: u16, headline: &str, text: &str) -> Reply {
    let body = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{headline}</title>\
         <style>body{{font:18px/1.5 sans-serif;margin:15vh auto;max-width:32em;padding:0 1em;color:#223}}</style>\
         <h1>{headline}</h1><p>{text}</p></html>"
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
        Error::new(Status::Io, format!("no browser could be started: {}", fault.kind()))
            .advise("Name one with itero_config_set_browser, or show the login page yourself with itero_login_begin.")
    })
}
