//! Tokens (A2, A3, A4): from a code, from a refresh token, and their end.

use std::sync::Arc;
use std::time::{Duration, Instant};

use secrecy::{ExposeSecret, SecretString};

use super::Client;
use super::call::{is_elsewhere, not_sent};
use super::config::redirect_url;
use crate::error::{Error, Result, Status};
use crate::log::{self, Level};
use crate::session::{Held, LOCK_WAIT, Session, Turn};
use crate::transport::{Answer, Body, Failure, Request, runtime};
use crate::wire::sign_in::{self, Application, Discovered, Tokens};
use crate::wire::{Endpoint, Method};

/// How long a refresh may take, with its second try.
const REFRESH_LIMIT: Duration = Duration::from_secs(30);

/// How a refresh came to its token.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Came {
    /// From the service.
    New,
    /// From the store, where another program had put it.
    FromStore,
}

impl Client {
    fn application(&self) -> Application<'_> {
        Application {
            client_id: &self.config.client_id,
            client_secret: &self.config.client_secret,
        }
    }

    async fn send_form(
        &self,
        endpoint: Endpoint,
        form: &SecretString,
    ) -> std::result::Result<Answer, Failure> {
        self.send_form_from(endpoint, form, self.known_region())
            .await
    }

    /// As [`send_form`](Client::send_form), from a region that may not be the session's any more.
    async fn send_form_from(
        &self,
        endpoint: Endpoint,
        form: &SecretString,
        region: Option<Arc<Discovered>>,
    ) -> std::result::Result<Answer, Failure> {
        let mut outcome = self.send_form_to(endpoint, form, region.as_deref()).await;
        if is_elsewhere(&outcome, true)
            && let Some(region) = self.moved_region(region.as_deref()).await
        {
            outcome = self.send_form_to(endpoint, form, Some(&region)).await;
        }
        granted(outcome?).map_err(not_sent)
    }

    async fn send_form_to(
        &self,
        endpoint: Endpoint,
        form: &SecretString,
        region: Option<&Discovered>,
    ) -> std::result::Result<Answer, Failure> {
        let url = self.url(endpoint, region, &[]).map_err(not_sent)?;
        self.check_sign_in_host(&url).map_err(not_sent)?;
        let request = Request {
            endpoint: endpoint.name(),
            method: Method::Post,
            url,
            bearer: None,
            body: Body::Form(form.clone()),
            header: None,
        };
        self.transport.send(request).await
    }

    /// A2: a code for tokens. The session starts anew: signed in, not paired.
    pub fn exchange_code_now(
        self: &Arc<Client>,
        code: String,
        redirect: String,
        verifier: SecretString,
    ) -> Result<()> {
        if code.is_empty() {
            return Err(Error::argument("the code is empty"));
        }
        redirect_url(&redirect)?;
        let cancel = self.cancellation();
        let accept = move |sign_in: &mut dyn FnMut()| {
            let wanted = !cancel.is_cancelled();
            if wanted {
                sign_in();
            }
            wanted
        };
        self.run_signed_out(|client| client.exchange_code(code, redirect, verifier, accept))
    }

    /// As [`exchange_code_now`](Client::exchange_code_now); when the tokens have come, `accept` signs the session in or
    /// says that nobody wants it any more. Tokens that nobody wants are revoked.
    pub(super) async fn exchange_code(
        self: Arc<Client>,
        code: String,
        redirect: String,
        verifier: SecretString,
        accept: impl FnOnce(&mut dyn FnMut()) -> bool + Send + 'static,
    ) -> Result<()> {
        let cancel = self.cancellation();
        runtime::finish(async move {
            // A store that can't be written is found before the code is spent.
            let turn = self.session.turn_anyway(&cancel).await?;
            self.session.make_room(&turn).await?;
            let asked_at = Instant::now();
            let form = sign_in::code_form(
                &self.application(),
                &code,
                &redirect,
                verifier.expose_secret(),
            );
            let answer = self.send_form(Endpoint::Token, &form).await?;
            let tokens = answer.read(sign_in::tokens)?;
            let unwanted = tokens
                .refresh
                .clone()
                .unwrap_or_else(|| tokens.access.clone());
            let take = move |session: &Session| {
                let mut tokens = Some(tokens);
                Ok(accept(&mut || {
                    if let Some(tokens) = tokens.take() {
                        // Tokens that can't be saved are used all the same; the log has told of it.
                        let _ = session.sign_in(&turn, tokens, asked_at);
                    }
                }))
            };
            if self.session.aside(take).await? {
                return Ok(());
            }
            let form = sign_in::revoke_form(&self.application(), &unwanted);
            let _ = self.send_form(Endpoint::Revoke, &form).await;
            Err(Error::cancelled())
        })
        .await
    }

    /// The token for the next request, renewed when it is due.
    pub(super) async fn token(self: &Arc<Client>) -> Result<Held> {
        if self.session.is_behind() {
            self.session
                .aside(|session| {
                    session.look();
                    Ok(())
                })
                .await?;
        }
        let held = self.session.held()?;
        if !held.is_due() {
            return Ok(held);
        }
        match self.refresh(held.generation).await {
            Ok(_) => self.session.held(),
            // The old token still works for a moment, so an outage of the sign-in server need not stop the call.
            Err(error) if error.retryable && !held.is_expired() => Ok(held),
            Err(error) => Err(error),
        }
    }

    /// A3: new tokens in place of those of `generation`, however many threads and programs ask at once. A caller that
    /// stops waiting doesn't stop the refresh: its answer holds the only refresh token that still works.
    pub async fn refresh(self: &Arc<Client>, generation: u64) -> Result<Came> {
        let client = self.clone();
        let cancel = self.cancellation();
        runtime::finish(async move {
            let is_new = || client.session.generation() != generation;
            let is_done = || {
                client.session.look();
                is_new()
            };
            let turn = client
                .session
                .turn_unless(&cancel, LOCK_WAIT, is_done)
                .await?;
            let Some(turn) = turn else {
                return client.session.held().map(|_| Came::FromStore);
            };
            turn.read.clone()?;
            let held = client.session.held()?;
            if is_new() && !held.is_due() {
                return Ok(Came::FromStore);
            }
            let limited = tokio::time::timeout(REFRESH_LIMIT, client.renew(held, turn));
            limited.await.unwrap_or_else(|_| {
                Err(Error::new(
                    Status::Timeout,
                    "the sign-in server gave no new token in time",
                ))
            })
        })
        .await
    }

    /// Sends the refresh and keeps what it brings.
    async fn renew(self: &Arc<Client>, held: Held, turn: Turn) -> Result<Came> {
        // V2 asks for the region before a refresh.
        self.region().await?;
        let Some(refresh) = held.refresh else {
            self.sign_out(turn).await?;
            return Err(Error::new(
                Status::Auth,
                "the access token has expired and there is no refresh token",
            ));
        };
        self.session.make_room(&turn).await?;
        let asked_at = Instant::now();
        match self.ask_refresh(&refresh).await {
            Ok(tokens) => {
                let renew = move |session: &Session| {
                    // Tokens that can't be saved are used all the same; the log has told of it.
                    let _ = session.renew(&turn, tokens, asked_at);
                    Ok(())
                };
                self.session.aside(renew).await?;
                log::write(Level::Info, || "token: refreshed".to_owned());
                Ok(Came::New)
            }
            // Only the server's own word ends the sign-in, never a lost answer or a fault.
            Err(error) if error.status == Status::Auth && error.service_code == "invalid_grant" => {
                let before = self.session.generation();
                self.session.aside(|session| session.read_again()).await?;
                // A program that didn't keep to the lock may have been faster.
                if self.session.generation() != before && self.session.held().is_ok() {
                    return Ok(Came::FromStore);
                }
                self.sign_out(turn).await?;
                Err(error)
            }
            Err(error) => Err(error),
        }
    }

    /// New tokens for a refresh token. When the answer is lost the service may have exchanged it already: then the
    /// sign-in lives on only where it takes the old one for a while longer. So it is asked once more; without such a
    /// grace the sign-in was over before the second try.
    async fn ask_refresh(&self, refresh: &SecretString) -> Result<Tokens> {
        let form = sign_in::refresh_form(&self.application(), refresh);
        match self.send_form(Endpoint::Token, &form).await {
            Ok(answer) => {
                if let Ok(tokens) = answer.read(sign_in::tokens) {
                    return Ok(tokens);
                }
            }
            Err(failure) if !failure.may_have_arrived => return Err(failure.into()),
            Err(_) => {}
        }
        log::write(Level::Warning, || {
            "token: the answer to a refresh was lost; asking once more".to_owned()
        });
        let answer = self.send_form(Endpoint::Token, &form).await?;
        answer.read(sign_in::tokens)
    }

    async fn sign_out(self: &Arc<Client>, turn: Turn) -> Result<()> {
        let sign_out = move |session: &Session| {
            let _ = session.sign_out(&turn);
            Ok(())
        };
        self.session.aside(sign_out).await
    }

    /// Saves what could not be saved before, unless somebody else has the store now.
    pub(super) async fn settle(self: &Arc<Client>) {
        if !self.session.is_unsaved() {
            return;
        }
        let client = self.clone();
        let cancel = self.cancellation();
        let settled = runtime::finish(async move {
            let turn = client
                .session
                .turn_unless(&cancel, Duration::ZERO, || true)
                .await?;
            if let Some(turn) = turn.filter(|turn| turn.read.is_ok()) {
                let save = move |session: &Session| session.save_again(&turn);
                client.session.aside(save).await?;
            }
            Ok(())
        });
        let _ = settled.await;
    }

    /// A4: ends the sign-in. The local tokens are gone in every case; an error says that the service was not told.
    pub async fn revoke(self: Arc<Client>) -> Result<()> {
        let cancel = self.cancellation();
        runtime::finish(async move {
            let turn = self.session.turn_anyway(&cancel).await;
            let held = self.session.held()?;
            let region = self.known_region();
            let gone = match turn {
                Ok(turn) => {
                    self.session
                        .aside(move |session| session.sign_out(&turn))
                        .await
                }
                Err(error) => {
                    self.session.sign_out_in_memory();
                    Err(error)
                }
            };
            let token = held.refresh.unwrap_or(held.access);
            let form = sign_in::revoke_form(&self.application(), &token);
            let told = self.send_form_from(Endpoint::Revoke, &form, region).await;
            self.session.set_region(None);
            told.map_err(|failure| {
                let mut error = Error::from(failure);
                error.message = format!("the local tokens are gone, but the service was not told: {}", error.message);
                error.advice = "The user is signed out on this computer. The tokens end by themselves at the service.";
                error
            })?;
            gone.map_err(|mut error| {
                error.message = format!("the service has ended the sign-in, but the token store still holds its tokens: {}", error.message);
                error
            })
        })
        .await
    }
}

/// A 2xx answer of the sign-in server, or its refusal.
fn granted(answer: Answer) -> Result<Answer> {
    match answer.http_status {
        200..300 => Ok(answer),
        status => Err(sign_in::refusal(status, &answer.body).request(&answer.request_id)),
    }
}
