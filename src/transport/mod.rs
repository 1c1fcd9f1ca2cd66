//! HTTP: the one place that sends. Deadlines, the redirect rule, who may see a token, proxies, request ids and redaction
//! are decided here and nowhere else.

mod failure;
pub mod hosts;
pub mod loopback;
mod probe;
mod provider;
mod retry;
pub mod runtime;
mod send;
mod stream;
mod tls;

use std::path::Path;
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use tokio::sync::OnceCell;
use url::Url;

pub use failure::Failure;
pub use probe::Probe;
pub use retry::Repeat;
#[cfg(fuzzing)]
pub use retry::retry_after;
pub use send::{Answer, Body, Request};
pub use stream::Head;

use crate::error::{Error, Result};
use hosts::Allowed;

/// Which proxy requests to other computers go through. Requests to this computer never use one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Proxy {
    /// As the system says: the Windows settings, or the usual environment variables.
    #[default]
    System,
    None,
    Url(String),
}

/// What the transport is told once.
#[derive(Clone, Debug)]
pub struct Options {
    pub user_agent: String,
    pub proxy: Proxy,
    pub connect_timeout: Duration,
    /// From a call's beginning to the last byte of its answer, further attempts and pauses between them included;
    /// downloads have the stall rule instead.
    pub request_timeout: Duration,
    /// A download that brings fewer than 1,000 bytes a second for this long is given up.
    pub stall_timeout: Duration,
}

pub struct Transport {
    options: Options,
    allowed: Allowed,
    extra_roots: Vec<CertificateDer<'static>>,
    /// Made at the first request, which reads the system's certificates.
    clients: OnceCell<Clients>,
    budget: retry::Budget,
}

struct Clients {
    loopback: reqwest::Client,
    outside: reqwest::Client,
}

impl Transport {
    pub fn new(options: Options, allowed: Allowed, ca_file: Option<&Path>) -> Result<Transport> {
        let extra_roots = ca_file
            .map(tls::read_ca_file)
            .transpose()?
            .unwrap_or_default();
        if let Proxy::Url(url) = &options.proxy {
            proxy(url)?;
        }
        Ok(Transport {
            options,
            allowed,
            extra_roots,
            clients: OnceCell::new(),
            budget: retry::Budget::default(),
        })
    }

    pub fn allowed(&self) -> &Allowed {
        &self.allowed
    }

    pub fn stall_timeout(&self) -> Duration {
        self.options.stall_timeout
    }

    async fn client(&self, url: &Url) -> Result<reqwest::Client> {
        let made = self.clients.get_or_try_init(|| {
            let (options, extra_roots) = (self.options.clone(), self.extra_roots.clone());
            // Where the system's certificates are many or far away, reading them takes seconds; no other request, and no
            // cancel, may wait for that.
            runtime::aside(move || Clients::new(&options, &tls::config(&extra_roots)?))
        });
        Ok(made.await?.of(url).clone())
    }
}

impl Clients {
    fn new(options: &Options, tls: &rustls::ClientConfig) -> Result<Clients> {
        let builder = || {
            reqwest::Client::builder()
                .tls_backend_preconfigured(tls.clone())
                .user_agent(&options.user_agent)
                .redirect(reqwest::redirect::Policy::none())
                .referer(false)
                // Whether a request is sent again is decided in one place alone, and never below it.
                .retry(reqwest::retry::never())
                .connect_timeout(options.connect_timeout)
                .pool_idle_timeout(Duration::from_secs(50))
                .tcp_keepalive(Duration::from_secs(30))
        };
        let build = |builder: reqwest::ClientBuilder| {
            let built = builder.build();
            built.map_err(|_| {
                Error::argument("the HTTP client can't be made from this configuration")
            })
        };
        let outside = match &options.proxy {
            Proxy::System => builder(),
            Proxy::None => builder().no_proxy(),
            Proxy::Url(url) => builder().proxy(proxy(url)?),
        };
        Ok(Clients {
            loopback: build(builder().no_proxy())?,
            outside: build(outside)?,
        })
    }

    fn of(&self, url: &Url) -> &reqwest::Client {
        match hosts::is_loopback(url) {
            true => &self.loopback,
            false => &self.outside,
        }
    }
}

fn proxy(url: &str) -> Result<reqwest::Proxy> {
    reqwest::Proxy::all(url)
        .map_err(|_| Error::argument("the proxy is not a URL such as http://proxy:8080"))
}
