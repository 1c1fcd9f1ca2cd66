//! The operations, in safe Rust: one file for each noun, with the names that the C interface has.
//!
//! A [`Client`] is one sign-in of one program. Its operations are asynchronous inside and run on the network thread;
//! [`Client::run`] is the bridge that a caller's thread waits on.

pub mod accounts;
pub mod auth;
mod call;
pub mod config;
pub mod diagnose;
pub mod download;
mod download_urls;
mod download_work;
mod endpoints;
pub mod job;
mod lanes;
pub mod ledger;
pub mod listener;
pub mod login;
mod login_run;
pub mod matches;
mod names;
pub mod orders;
pub mod pairing;
pub mod patients;
pub mod practice;
pub mod push;
pub mod scan_request;
mod scan_request_members;
pub mod watch;
mod watch_file;
mod watch_hints;
pub mod watch_queue;
mod watch_state;
mod watch_work;

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use tokio_util::sync::CancellationToken;
use url::Url;

pub use config::Config;

use crate::error::Result;
use crate::session::Session;
use crate::transport::hosts::Allowed;
use crate::transport::{Transport, runtime};
use crate::wire::sign_in::Discovered;
use config::Addresses;
use ledger::Ledger;

pub struct Client {
    pub(crate) config: Config,
    pub(crate) addresses: Addresses,
    pub(crate) transport: Transport,
    pub(crate) session: Session,
    pub(crate) ledger: Ledger,
    discovered: Mutex<Option<Arc<Discovered>>>,
    cancel: Mutex<CancellationToken>,
}

impl Client {
    /// Checks the whole configuration; no network.
    pub fn new(config: &Config) -> Result<Arc<Client>> {
        let addresses = config.addresses()?;
        if !config.redirect_url.is_empty() {
            config::redirect_url(&config.redirect_url)?;
        }
        let allowed = Allowed::new(&addresses.base_url, &config.allowed_domain);
        allowed.check(&addresses.base_url, "the base URL")?;
        let transport = Transport::new(
            config.transport_options(),
            allowed,
            config.ca_file.as_deref(),
        )?;
        Ok(Arc::new(Client {
            config: config.clone(),
            addresses,
            transport,
            session: Session::default(),
            ledger: Ledger::new(config.state_folder.clone()),
            discovered: Mutex::default(),
            cancel: Mutex::default(),
        }))
    }

    /// The token that the next [`cancel`](Client::cancel) fires.
    pub fn cancellation(&self) -> CancellationToken {
        self.cancel
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Ends everything that runs on this client now; later calls work as before.
    pub fn cancel(&self) {
        let mut cancel = self.cancel.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *cancel).cancel();
    }

    /// Runs one operation of a signed-in session on the network thread and waits for it. Without a session nothing is
    /// started, not even that thread.
    pub fn run<T, F>(self: &Arc<Client>, operation: impl FnOnce(Arc<Client>) -> F) -> Result<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T>> + Send + 'static,
    {
        self.session.held()?;
        self.run_signed_out(operation)
    }

    /// As [`run`](Client::run), for the operations that need no session.
    pub fn run_signed_out<T, F>(
        self: &Arc<Client>,
        operation: impl FnOnce(Arc<Client>) -> F,
    ) -> Result<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T>> + Send + 'static,
    {
        runtime::run(&self.cancellation(), operation(self.clone()))
    }

    /// The sign-in server may be on a domain of its own; it is trusted with forms, never with the bearer token.
    fn check_sign_in_host(&self, url: &Url) -> Result<()> {
        crate::transport::hosts::check_scheme(url, "the sign-in endpoint")?;
        if url.host() == self.addresses.oauth_base.host() {
            return Ok(());
        }
        self.transport.allowed().check(url, "the sign-in endpoint")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_configuration_lacks_is_named_at_once() {
        let error = Client::new(&Config::default()).err().unwrap();
        for member in ["client id", "login page", "oauth base", "base URL"] {
            assert!(error.message.contains(member), "{}", error.message);
        }
    }
}
