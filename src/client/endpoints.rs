//! Discovery (A5): where each operation's endpoint is.

use std::sync::Arc;
use std::time::Instant;

use url::Url;

use super::Client;
use super::call::not_sent;
use super::config::ApiVersion;
use crate::error::{Error, Result};
use crate::log::{self, Level};
use crate::transport::{Answer, Body, Failure, Repeat, Request};
use crate::wire::sign_in::{self, Discovered};
use crate::wire::{Endpoint, Method, endpoints};

impl Client {
    /// Asks the service for the region's endpoints, whatever is known already (A5, V2 only).
    pub async fn discover(&self) -> Result<Arc<Discovered>> {
        let mut attempts = self.transport.attempts("discovery", Repeat::Always);
        loop {
            let outcome = self.ask_discovery(attempts.until()).await;
            if let Some(outcome) = attempts.settle(outcome).await {
                return self.take_discovery(&outcome?);
            }
        }
    }

    async fn ask_discovery(&self, until: Instant) -> std::result::Result<Answer, Failure> {
        if self.config.api_version == ApiVersion::V1 {
            let error = Error::argument("V1 has no discovery; its endpoints are fixed")
                .advise("Set version 2 with itero_config_set_api_version, or leave this call out.");
            return Err(not_sent(error));
        }
        let request = |bearer| -> Result<Request> {
            Ok(Request {
                endpoint: "discovery",
                method: Method::Get,
                url: endpoints::discovery(&self.config.base_url, &self.config.client_id)?,
                bearer,
                body: Body::None,
                header: None,
            })
        };
        // With a token the user's own region is meant. It is answered without one too, and must be when the token has
        // ended: discovery comes before the refresh.
        let bearer = self.session.held().ok().map(|held| held.access);
        let had_token = bearer.is_some();
        let send = async |bearer| {
            let request = request(bearer).map_err(not_sent)?;
            self.transport.send_until(request, until).await
        };
        let mut answer = send(bearer).await?;
        if answer.http_status == 401 && had_token {
            answer = send(None).await?;
        }
        if (200..300).contains(&answer.http_status) {
            return Ok(answer);
        }
        Err(self.refused(&answer))
    }

    fn take_discovery(&self, answer: &Answer) -> Result<Arc<Discovered>> {
        let discovered = answer.read(sign_in::discovered)?;
        for (name, template) in &discovered.templates {
            let Some(endpoint) = Endpoint::named(name) else {
                continue;
            };
            // The variables' values can't change the host, so any will do for the check.
            let values = [
                ("rxId", "0"),
                ("orderId", "0"),
                ("patientId", "0"),
                ("chartNumber", "0"),
            ];
            let url = endpoint.url(template, &values)?;
            let checked = if endpoint.is_sign_in() {
                self.check_sign_in_host(&url)
            } else {
                self.transport
                    .allowed()
                    .check(&url, &format!("discovery's endpoint {name}"))
            };
            checked.map_err(|error| error.request(&answer.request_id))?;
        }
        log::write(Level::Info, || {
            format!("discovery: {} endpoints", discovered.templates.len())
        });
        let discovered = Arc::new(discovered);
        self.session.set_region(Some(discovered.clone()));
        Ok(discovered)
    }

    pub fn known_region(&self) -> Option<Arc<Discovered>> {
        self.session.region()
    }

    /// V2: the region's endpoints, from memory or from the service. V1: nothing.
    pub(super) async fn region(&self) -> Result<Option<Arc<Discovered>>> {
        match (self.config.api_version, self.known_region()) {
            (ApiVersion::V1, _) => Ok(None),
            (ApiVersion::V2, Some(known)) => Ok(Some(known)),
            (ApiVersion::V2, None) => self.discover().await.map(Some),
        }
    }

    /// Asks discovery once more after a call met nobody. The new region, when it names other places than `before`.
    pub(super) async fn moved_region(
        &self,
        before: Option<&Discovered>,
    ) -> Option<Arc<Discovered>> {
        let before = before?;
        // When discovery fails as well, the call's own outcome says more. It is asked once: the call has attempts of its
        // own.
        let until = Instant::now() + self.config.request_timeout;
        let answer = self.ask_discovery(until).await.ok()?;
        let after = self.take_discovery(&answer).ok()?;
        (after.templates != before.templates).then_some(after)
    }

    /// The URL of an endpoint: the host program's own, else discovery's, else the fixed table's.
    pub(super) fn url(
        &self,
        endpoint: Endpoint,
        region: Option<&Discovered>,
        variables: &[(&str, &str)],
    ) -> Result<Url> {
        if let Some(template) = self.config.overrides.get(&endpoint) {
            return endpoint.url(template, variables);
        }
        let name = endpoint.name();
        match region.map(|region| region.templates.get(&name.to_ascii_lowercase())) {
            Some(Some(template)) => endpoint.url(template, variables),
            Some(None) if !endpoint.is_sign_in() => {
                Err(Error::protocol(format!("discovery names no endpoint {name}"))
                    .advise("Set its URL with itero_config_set_endpoint, or ask Align whether the operation is enabled."))
            }
            _ => endpoint.url(&endpoint.fixed(&self.config.base_url, &self.config.oauth_base), variables),
        }
    }
}
