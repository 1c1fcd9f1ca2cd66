//! Tokens (A2, A3, A4): from a code, from a refresh token, and their end.

use std::sync::Arc;
use std::time::Instant;

use secrecy::{ExposeSecret, SecretString};

use super::Client;
use super::call::{is_elsewhere, not_sent};
use super::config::redirect_url;
use crate::error::{Error, Result, Status};
use crate::log::{self, Level};
use crate::session::Held;
use crate::transport::{Answer, Body, Failure, Request, runtime};
use crate::wire::sign_in::{self, Application, Discovered};
use crate::wire::{Endpoint, Method};

impl Client {
    fn application(&self) -> Application<'_> {
        Application {
            client_id: &self.config.client_id,
            client_secret: &self.config.client_secret,
        }
    }

    async fn send_form(&self, endpoint: Endpoint, form: SecretString) -> Result<Answer> {
        let region = self.known_region();
        let mut outcome = self.send_form_to(endpoint, &form, region.as_deref()).await;
        if is_elsewhere(&outcome, true)
            && let Some(region) = self.moved_region(region.as_deref()).await
        {
            outcome = self.send_form_to(endpoint, &form, Some(&region)).await;
        }
        let answer = outcome?;
        if (200..300).contains(&answer.http_status) {
            return Ok(answer);
        }
        Err(sign_in::refusal(answer.http_status, &answer.body).request(&answer.request_id))
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
        runtime::finish(async move {
            let turn = self.session.turn().await;
            let asked_at = Instant::now();
            let form = sign_in::code_form(
                &self.application(),
                &code,
                &redirect,
                verifier.expose_secret(),
            );
            let answer = self.send_form(Endpoint::Token, form).await?;
            let tokens = answer.read(sign_in::tokens)?;
            let unwanted = tokens
                .refresh
                .clone()
                .unwrap_or_else(|| tokens.access.clone());
            let mut tokens = Some(tokens);
            let accepted = accept(&mut || {
                if let Some(tokens) = tokens.take() {
                    self.forget_region();
                    self.session.sign_in(&turn, tokens, asked_at);
                }
            });
            if accepted {
                return Ok(());
            }
            let form = sign_in::revoke_form(&self.application(), &unwanted);
            let _ = self.send_form(Endpoint::Revoke, form).await;
            Err(Error::cancelled())
        })
        .await
    }

    /// The token for the next request, renewed when it is due.
    pub(super) async fn token(self: &Arc<Client>) -> Result<Held> {
        let held = self.session.held()?;
        if !held.is_due() {
            return Ok(held);
        }
        match self.refresh(held.generation).await {
            Ok(()) => self.session.held(),
            // The old token still works for a moment, so an outage of the sign-in server need not stop the call.
            Err(error) if error.retryable && !held.is_expired() => Ok(held),
            Err(error) => Err(error),
        }
    }

    /// A3: new tokens in place of those of `generation`, however many threads ask at once. A caller that stops waiting
    /// doesn't stop the refresh: its answer holds the only refresh token that still works.
    pub async fn refresh(self: &Arc<Client>, generation: u64) -> Result<()> {
        let client = self.clone();
        runtime::finish(async move {
            let turn = client.session.turn().await;
            if client.session.generation() != generation {
                return client.session.held().map(drop);
            }
            // V2 asks for the region before a refresh.
            client.region().await?;
            let Some(refresh) = client.session.held()?.refresh else {
                client.session.sign_out(&turn);
                return Err(Error::new(
                    Status::Auth,
                    "the access token has expired and there is no refresh token",
                ));
            };
            let asked_at = Instant::now();
            let form = sign_in::refresh_form(&client.application(), &refresh);
            match client.send_form(Endpoint::Token, form).await {
                Ok(answer) => {
                    let tokens = answer.read(sign_in::tokens)?;
                    client.session.renew(&turn, tokens, asked_at);
                    log::write(Level::Info, || "token: refreshed".to_owned());
                    Ok(())
                }
                Err(error) => {
                    // Only the server's own word ends the sign-in, never a lost answer or a fault.
                    if error.status == Status::Auth && error.service_code == "invalid_grant" {
                        client.session.sign_out(&turn);
                    }
                    Err(error)
                }
            }
        })
        .await
    }

    /// A4: ends the sign-in. The local tokens are gone in every case; an error says that the service was not told.
    pub async fn revoke(self: Arc<Client>) -> Result<()> {
        runtime::finish(async move {
            let turn = self.session.turn().await;
            let held = self.session.held()?;
            self.session.sign_out(&turn);
            let token = held.refresh.unwrap_or(held.access);
            let told = self.send_form(Endpoint::Revoke, sign_in::revoke_form(&self.application(), &token)).await;
            self.forget_region();
            told.map(drop).map_err(|mut error| {
                error.message = format!("the local tokens are gone, but the service was not told: {}", error.message);
                error.advice = "The user is signed out on this computer. The tokens end by themselves at the service.";
                error
            })
        })
        .await
    }
}
