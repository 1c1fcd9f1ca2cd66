//! One call of an operation: endpoint, token, answer, and its repeats: two that are always safe, once each (after a refresh
//! of a refused token, after a new discovery when the region has moved), and those that the transport decides on.
//!

use std::sync::Arc;
use std::time::Instant;

use super::Client;
use super::auth::Came;
use crate::error::{Error, Result, Status};
use crate::session::Held;
use crate::transport::{Answer, Body, Failure, Repeat, Request};
use crate::wire::sign_in::Discovered;
use crate::wire::{Endpoint, problem};

/// What an operation sends.
pub(super) struct Call {
    pub endpoint: Endpoint,
    pub variables: Vec<(&'static str, String)>,
    pub query: Vec<(&'static str, String)>,
    pub json: Option<Vec<u8>>,
    pub header: Option<(&'static str, String)>,
}

impl Call {
    pub fn to(endpoint: Endpoint) -> Call {
        Call {
            endpoint,
            variables: Vec::new(),
            query: Vec::new(),
            json: None,
            header: None,
        }
    }

    pub fn variable(mut self, name: &'static str, value: &str) -> Call {
        self.variables.push((name, value.to_owned()));
        self
    }

    pub fn query(mut self, members: Vec<(&'static str, String)>) -> Call {
        self.query = members;
        self
    }

    pub fn json(mut self, body: &impl serde::Serialize) -> Result<Call> {
        let json = serde_json::to_vec(body)
            .map_err(|_| Error::argument("the request can't be written as JSON"))?;
        self.json = Some(json);
        Ok(self)
    }
}

impl Client {
    /// Sends the call and returns its 2xx answer.
    pub(super) async fn call(self: &Arc<Client>, call: &Call) -> Result<Answer> {
        Ok(self.call_told(call).await?)
    }

    /// As [`call`](Client::call), and tells of a failure whether the service may have seen the request.
    pub(super) async fn call_told(
        self: &Arc<Client>,
        call: &Call,
    ) -> std::result::Result<Answer, Failure> {
        let repeat = if call.endpoint.is_idempotent() {
            Repeat::Always
        } else {
            Repeat::WhenUndone
        };
        let mut attempts = self.transport.attempts(call.endpoint.name(), repeat);
        let (mut refused, mut looked) = (Refused::default(), false);
        loop {
            let held = self.token().await.map_err(not_sent)?;
            let region = self.region().await.map_err(not_sent)?;
            let outcome = self
                .send_to(call, &held, region.as_deref(), attempts.until())
                .await;
            if !looked && is_elsewhere(&outcome, call.variables.is_empty()) {
                looked = true;
                if self.moved_region(region.as_deref()).await.is_some() {
                    continue;
                }
            }
            if let Ok(answer) = &outcome
                && refused.may_repeat(answer)
            {
                let came = self.refresh(held.generation).await;
                refused.took(came.map_err(not_sent)?);
                continue;
            }
            let outcome = outcome.and_then(|answer| {
                if (200..300).contains(&answer.http_status) {
                    Ok(answer)
                } else {
                    Err(self.refused(&answer))
                }
            });
            if let Some(outcome) = attempts.settle(outcome).await {
                if outcome.is_ok() {
                    // What discovery said on the way is kept for the program's next start.
                    self.settle().await;
                }
                return outcome;
            }
        }
    }

    /// One request with one token, and once more where it belongs when the region has moved.
    pub(super) async fn send(
        &self,
        call: &Call,
        held: &Held,
    ) -> std::result::Result<Answer, Failure> {
        let region = self.region().await.map_err(not_sent)?;
        let until = Instant::now() + self.config.request_timeout;
        let answer = self.send_to(call, held, region.as_deref(), until).await;
        if is_elsewhere(&answer, call.variables.is_empty())
            && let Some(region) = self.moved_region(region.as_deref()).await
        {
            return self.send_to(call, held, Some(&region), until).await;
        }
        answer
    }

    async fn send_to(
        &self,
        call: &Call,
        held: &Held,
        region: Option<&Discovered>,
        until: Instant,
    ) -> std::result::Result<Answer, Failure> {
        let variables: Vec<(&str, &str)> = call
            .variables
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let mut url = self
            .url(call.endpoint, region, &variables)
            .map_err(not_sent)?;
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        let request = Request {
            endpoint: call.endpoint.name(),
            method: call.endpoint.method(),
            url,
            bearer: Some(held.access.clone()),
            body: call.json.clone().map_or(Body::None, Body::Json),
            header: call.header.clone(),
        };
        self.transport.send_until(request, until).await
    }

    pub(super) fn refused(&self, answer: &Answer) -> Failure {
        let error = problem::error(
            answer.http_status,
            &answer.body,
            &answer.request_id,
            &answer.host,
        )
        .wait(answer.retry_after);
        if error.status == Status::NotPaired {
            self.session.mark_unpaired();
        }
        // A 5xx may come from a service that did the work and then failed to say so.
        Failure {
            may_have_arrived: answer.http_status >= 500,
            ..not_sent(error)
        }
    }
}

/// Tokens that the service refused during one call. After a new one no other is tried; those that other programs had
/// brought may be old themselves.
#[derive(Default)]
pub(super) struct Refused {
    tokens: u32,
    had_new: bool,
}

impl Refused {
    pub fn may_repeat(&mut self, answer: &Answer) -> bool {
        answer.http_status == 401 && !self.had_new && self.tokens < 3
    }

    pub fn took(&mut self, token: Came) {
        self.tokens += 1;
        self.had_new = token == Came::New;
    }
}

/// Whether an outcome says that the endpoint isn't where it was looked for; nothing was done there then. Without an id
/// in the path, or with a web server's own page, 404 speaks of the path.
pub(super) fn is_elsewhere(outcome: &std::result::Result<Answer, Failure>, no_id: bool) -> bool {
    match outcome {
        Ok(answer) => match answer.http_status {
            421 => true,
            404 => no_id || !problem::is_service_answer(&answer.body),
            _ => false,
        },
        Err(failure) => failure.refused,
    }
}

pub(super) fn not_sent(error: Error) -> Failure {
    Failure::before(error)
}
