//! Looks at the way to a host without sending anything of the session: for a diagnosis.

use std::sync::PoisonError;
use std::time::{Duration, SystemTime};

use hyper_util::client::proxy::matcher::Matcher;
use url::Url;

use super::failure::failure;
use super::tls::{self, Seen};
use super::{Clients, Proxy, Transport, hosts, runtime};
use crate::error::{Error, Result, Status};

/// What a plain request to a host showed.
pub struct Probe {
    pub http_status: u16,
    /// How far the host's clock is ahead of this computer's, in seconds; `None` when it doesn't tell.
    pub clock_ahead: Option<i64>,
}

impl Transport {
    /// The addresses of a host.
    pub async fn look_up(&self, url: &Url) -> Result<usize> {
        let host = hosts::name(url).trim_matches(['[', ']']).to_owned();
        let port = url.port_or_known_default().unwrap_or(443);
        let looked_up = tokio::time::timeout(
            self.options.connect_timeout,
            tokio::net::lookup_host((host.clone(), port)),
        )
        .await;
        match looked_up {
            Ok(Ok(addresses)) => Ok(addresses.count()),
            Ok(Err(_)) => Err(Error::new(
                Status::Network,
                format!("the name {host} could not be looked up"),
            )
            .advise("Check the network connection and the DNS server.")),
            Err(_) => Err(Error::new(
                Status::Timeout,
                format!("the DNS server gave no answer for {host} in time"),
            )
            .advise("Check the network connection and the DNS server.")),
        }
    }

    /// The proxy that requests to this URL go through: its host and port.
    pub fn proxy_for(&self, url: &Url) -> Option<String> {
        if hosts::is_loopback(url) {
            return None;
        }
        let named = |url: &Url| {
            format!(
                "{}:{}",
                hosts::name(url),
                url.port_or_known_default().unwrap_or(0)
            )
        };
        match &self.options.proxy {
            Proxy::None => None,
            Proxy::Url(proxy) => Url::parse(proxy).ok().as_ref().map(named),
            Proxy::System => {
                let target = url.as_str().parse().ok()?;
                let proxy = Matcher::from_system().intercept(&target)?.uri().to_string();
                Url::parse(&proxy).ok().as_ref().map(named)
            }
        }
    }

    /// Sends a request without token or body. What was seen of the certificate comes also with a failure.
    pub async fn probe(&self, url: &Url, method: reqwest::Method) -> (Option<Seen>, Result<Probe>) {
        let extra_roots = self.extra_roots.clone();
        let witness = runtime::aside(move || tls::witness(&extra_roots)).await;
        let (config, seen) = match witness {
            Ok(both) => both,
            Err(error) => return (None, Err(error)),
        };
        let result = self.probe_with(config, url, method).await;
        let seen = seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
        (seen, result)
    }

    async fn probe_with(
        &self,
        config: rustls::ClientConfig,
        url: &Url,
        method: reqwest::Method,
    ) -> Result<Probe> {
        hosts::check_scheme(url, "the address")?;
        let clients = Clients::new(&self.options, &config)?;
        let client = clients.of(url);
        let host = hosts::name(url);
        let sent = tokio::time::timeout(
            self.options.request_timeout,
            client.request(method, url.clone()).send(),
        )
        .await;
        let response = match sent {
            Ok(Ok(response)) => response,
            Ok(Err(fault)) => return Err(failure(&fault, host).error),
            Err(_) => {
                return Err(Error::new(
                    Status::Timeout,
                    format!("{host} gave no answer in time"),
                ));
            }
        };
        let date = response
            .headers()
            .get("date")
            .and_then(|date| date.to_str().ok());
        let date = date.and_then(|date| httpdate::parse_http_date(date).ok());
        Ok(Probe {
            http_status: response.status().as_u16(),
            clock_ahead: date.map(ahead),
        })
    }
}

fn ahead(date: SystemTime) -> i64 {
    let seconds = |duration: Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
    match date.duration_since(SystemTime::now()) {
        Ok(ahead) => seconds(ahead),
        Err(behind) => -seconds(behind.duration()),
    }
}
