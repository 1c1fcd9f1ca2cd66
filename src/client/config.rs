//! What a client is told once: addresses, credentials, limits.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use crate::error::{Error, Result};
use crate::protect;
use crate::session::{self, Keep};
use crate::transport::{Options, Proxy, hosts};
use crate::wire::Endpoint;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum ApiVersion {
    V1 = 1,
    V2 = 2,
}

#[derive(Clone)]
pub struct Config {
    pub api_version: ApiVersion,
    pub client_id: String,
    pub client_secret: SecretString,
    pub login_page: String,
    pub oauth_base: String,
    pub base_url: String,
    pub redirect_url: String,
    pub allowed_domain: String,
    pub overrides: HashMap<Endpoint, String>,
    pub product: String,
    pub product_version: String,
    pub ca_file: Option<PathBuf>,
    pub state_folder: Option<PathBuf>,
    /// None: a file in the user's own folder.
    pub tokens: Option<Keep>,
    pub proxy: Proxy,
    pub browser: String,
    pub loopback_port: u16,
    pub connect_timeout: Duration,
    pub request_timeout: Duration,
    pub stall_timeout: Duration,
    /// How long after a sending the service may take to show an Rx whose answer was lost.
    pub settling_time: Duration,
    /// How many files of a download come at once.
    pub parallel_files: usize,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            api_version: ApiVersion::V2,
            client_id: String::new(),
            client_secret: SecretString::default(),
            login_page: String::new(),
            oauth_base: String::new(),
            base_url: String::new(),
            redirect_url: String::new(),
            allowed_domain: String::new(),
            overrides: HashMap::new(),
            product: String::new(),
            product_version: String::new(),
            ca_file: None,
            state_folder: None,
            tokens: None,
            proxy: Proxy::default(),
            browser: String::new(),
            loopback_port: 0,
            connect_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_secs(30),
            stall_timeout: Duration::from_secs(30),
            settling_time: Duration::from_secs(60),
            parallel_files: 4,
        }
    }
}

/// A configured address, checked.
pub fn address(what: &str, text: &str) -> Result<Url> {
    let url = Url::parse(text).map_err(|_| {
        Error::argument(format!(
            "{what} is not an absolute URL such as https://api.example.com"
        ))
    })?;
    hosts::check_scheme(&url, what)?;
    if url.fragment().is_some() {
        return Err(Error::argument(format!("{what} must not hold a '#'")));
    }
    Ok(url)
}

/// A redirect URL, after Align's rule: https (loopback excepted) and without `#`.
pub fn redirect_url(text: &str) -> Result<Url> {
    address("the redirect URL", text)
}

impl Config {
    /// The URLs that every client needs; what is missing is named all at once.
    pub fn addresses(&self) -> Result<Addresses> {
        let members = [
            ("client id (itero_config_set_client_id)", &self.client_id),
            ("login page (itero_config_set_login_page)", &self.login_page),
            ("oauth base (itero_config_set_oauth_base)", &self.oauth_base),
            ("base URL (itero_config_set_base_url)", &self.base_url),
        ];
        let missing: Vec<&str> = members
            .iter()
            .filter(|(_, value)| value.is_empty())
            .map(|(name, _)| *name)
            .collect();
        if !missing.is_empty() {
            return Err(Error::argument(format!(
                "the configuration lacks: {}",
                missing.join(", ")
            ))
            .advise("Set them to what Align issued, or to what the sandbox prints at its start."));
        }
        Ok(Addresses {
            login_page: address("the login page", &self.login_page)?,
            oauth_base: address("the oauth base", &self.oauth_base)?,
            base_url: address("the base URL", &self.base_url)?,
        })
    }

    /// Where the session is kept. What tells one user's programs apart names the file: the version, the application and
    /// the service; so the sandbox's session is never taken for the real one.
    pub fn keep(&self) -> Keep {
        if let Some(chosen) = &self.tokens {
            return chosen.clone();
        }
        let version = match self.api_version {
            ApiVersion::V1 => "V1",
            ApiVersion::V2 => "V2",
        };
        let addresses = [version, &self.client_id, &self.base_url, &self.oauth_base];
        match protect::own_folder() {
            Ok(folder) => Keep::File(folder.join(session::file_name(&addresses))),
            Err(error) => Keep::Nowhere(error),
        }
    }

    pub fn transport_options(&self) -> Options {
        let own = format!(
            "itero/{} ({}; {})",
            env!("CARGO_PKG_VERSION"),
            std::env::consts::OS,
            std::env::consts::ARCH
        );
        let user_agent = match (self.product.as_str(), self.product_version.as_str()) {
            ("", _) => own,
            (product, "") => format!("{product} {own}"),
            (product, version) => format!("{product}/{version} {own}"),
        };
        Options {
            user_agent,
            proxy: self.proxy.clone(),
            connect_timeout: self.connect_timeout,
            request_timeout: self.request_timeout,
            stall_timeout: self.stall_timeout,
        }
    }
}

pub struct Addresses {
    pub login_page: Url,
    pub oauth_base: Url,
    pub base_url: Url,
}
