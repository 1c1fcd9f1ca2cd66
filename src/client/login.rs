//! Sign-in (A1, A2): the login page in a browser, and the way back with the code.
//!
//! Two ways share everything but the way back: [`Login::begin`] leaves the browser to the host program, which hands the
//! redirect URL to [`Login::complete`]; [`Login::run`] opens the default browser and waits on 127.0.0.1.
//!

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use secrecy::SecretString;
use url::Url;

use super::Client;
use super::config::redirect_url;
use super::job::Job;
use crate::error::{Error, Result, Status};
use crate::session::pkce;
use crate::transport::hosts;
use crate::wire::{Text, sign_in};

pub struct Login {
    pub(super) client: Arc<Client>,
    pub(super) attempt: OnceLock<Attempt>,
    pub(super) used: AtomicBool,
    /// Only for [`Login::run`].
    pub(super) job: Option<Arc<Job<()>>>,
}

/// What belongs to one visit of the login page.
pub(super) struct Attempt {
    pub(super) url: Text,
    pub(super) redirect: Url,
    state: String,
    pub(super) verifier: SecretString,
}

impl Attempt {
    pub(super) fn new(client: &Client, redirect: Url, port: Option<u16>) -> Result<Attempt> {
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

    /// Whether a redirect belongs to this attempt; others come from earlier ones, or from somebody else.
    pub(super) fn is_own(&self, answer: &Url) -> bool {
        sign_in::redirect(answer).state.as_deref() == Some(self.state.as_str())
    }

    /// The code in the redirect's query, once everything about it is right.
    pub(super) fn code(&self, answer: &Url) -> Result<String> {
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
            let named = if code.is_empty() {
                "that it doesn't name properly"
            } else {
                &code
            };
            let mut error = Error::new(
                Status::Auth,
                format!("the login page ended with the error {named}"),
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
        self.client.exchange_code_now(code, redirect, verifier)
    }

    pub fn job(&self) -> Result<&Arc<Job<()>>> {
        self.job.as_ref().ok_or_else(|| {
            Error::new(Status::State, "this sign-in is completed by hand (itero_login_begin), there is nothing to wait for")
                .advise("Hand the redirect URL to itero_login_complete.")
        })
    }
}
