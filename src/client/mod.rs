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
pub mod outbox;
pub mod pairing;
pub mod patients;
pub mod practice;
pub mod push;
pub mod resolve;
pub mod scan_request;
mod scan_request_members;
pub mod watch;
mod watch_file;
mod watch_hints;
pub mod watch_queue;
pub(crate) mod watch_state;
mod watch_work;

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use tokio_util::sync::CancellationToken;
use url::Url;

pub use config::Config;

use crate::error::{Error, Result, Status};
use crate::session::{self, Session};
use crate::transport::hosts::Allowed;
use crate::transport::{Transport, runtime};
use config::Addresses;
use ledger::Ledger;

pub struct Client {
    pub(crate) config: Config,
    pub(crate) addresses: Addresses,
    pub(crate) transport: Transport,
    pub(crate) session: Arc<Session>,
    pub(crate) ledger: Ledger,
    cancel: Mutex<CancellationToken>,
}

impl Client {
    /// Checks the whole configuration and takes up a session that is kept; no network.
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
            session: Session::new(config.keep()),
            ledger: Ledger::new(config.state_folder.clone()),
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
        self.check_signed_in()?;
        self.run_signed_out(operation)
    }

    /// Refuses a client that is signed out, after a look at what other programs did.
    fn check_signed_in(&self) -> Result<()> {
        not_in_a_store()?;
        self.session.look_for_sign_in();
        self.session.held().map(drop)
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
        not_in_a_store()?;
        runtime::run(&self.cancellation(), operation(self.clone()))
    }

    /// Ends what runs, for good as far as the host's own store goes.
    pub fn close(&self) {
        self.cancel();
        self.session.close();
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

/// The store's functions are called while a token is replaced; an operation that waits for a token would wait for ever.
fn not_in_a_store() -> Result<()> {
    match session::is_in_callback() {
        false => Ok(()),
        true => Err(Error::new(
            Status::State,
            "this function can't be called from within a function of the token store",
        )
        .advise("Return from the function first; itero_client_state and the other getters may be called.")),
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
