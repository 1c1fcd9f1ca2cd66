//! Configuration
//!
//! A config is filled step by step and then given to itero_client_new, which takes a copy. Align issues the client id,
//! the client secret and three addresses; the sandbox prints its own at its start.
//!
//! Every text is copied. An empty text sets a member back to its default.

use std::ffi::c_char;
use std::sync::{Mutex, PoisonError};

use super::guard;
use super::handle::{Handle, Table, get, give};
use super::text::{need, out, owned, path, put};
use crate::client::Config;
use crate::client::config::{ApiVersion, address, redirect_url};
use crate::error::{Error, Result};
use crate::wire::Endpoint;

/// Version 1 of the service's interface: fixed addresses, no discovery.
pub const ITERO_API_V1: i32 = 1;
/// Version 2 of the service's interface: regional addresses by discovery. The default.
pub const ITERO_API_V2: i32 = 2;

/// Settings for a client. Free it with itero_config_free.
#[allow(non_camel_case_types)]
pub struct itero_config {
    _opaque: [u8; 0],
}

static CONFIGS: Table<Mutex<Config>> = Table::new();

impl Handle for itero_config {
    type Object = Mutex<Config>;
    const KIND: usize = 2;
    const NAME: &'static str = "config";
    fn table() -> &'static Table<Mutex<Config>> {
        &CONFIGS
    }
}

pub(super) fn change(
    operation: &'static str,
    config: *mut itero_config,
    change: impl FnOnce(&mut Config) -> Result<()>,
) -> i32 {
    guard::status(operation, || {
        change(&mut get(config)?.lock().unwrap_or_else(PoisonError::into_inner))
    })
}

/// The settings as they are now.
pub(super) fn snapshot(config: *const itero_config) -> Result<Config> {
    Ok(get(config)?
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone())
}

/// An address that may be taken back by an empty text.
fn checked(what: &str, text: &str) -> Result<String> {
    if !text.is_empty() {
        address(what, text)?;
    }
    Ok(text.to_owned())
}

/// Makes an empty config.
///
/// config_out: where the handle goes; free it with itero_config_free.
///
/// Errors: ITERO_E_ARGUMENT, ITERO_E_LIMIT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_config_new(config_out: *mut *mut itero_config) -> i32 {
    guard::status("itero_config_new", || {
        out("config_out", config_out)?;
        unsafe { put(config_out, give::<itero_config>(Mutex::default())?) };
        Ok(())
    })
}

/// Sets the version of the service's interface: ITERO_API_V1 or ITERO_API_V2 (the default).
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_config_set_api_version(config: *mut itero_config, version: i32) -> i32 {
    change("itero_config_set_api_version", config, |config| {
        config.api_version = match version {
            ITERO_API_V1 => ApiVersion::V1,
            ITERO_API_V2 => ApiVersion::V2,
            _ => {
                return Err(Error::argument(format!(
                    "the version {version} is neither ITERO_API_V1 (1) nor ITERO_API_V2 (2)"
                )));
            }
        };
        Ok(())
    })
}

/// Sets the client id that Align issued. Needed.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_config_set_client_id(
    config: *mut itero_config,
    client_id: *const c_char,
) -> i32 {
    change("itero_config_set_client_id", config, |config| {
        config.client_id = unsafe { owned("client_id", client_id) }?;
        Ok(())
    })
}

/// Sets the client secret that Align issued. It never appears in a log or a message.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_config_set_client_secret(
    config: *mut itero_config,
    client_secret: *const c_char,
) -> i32 {
    change("itero_config_set_client_secret", config, |config| {
        config.client_secret = unsafe { owned("client_secret", client_secret) }?.into();
        Ok(())
    })
}

/// Sets the address of Align's login page. Needed. https; http only to 127.0.0.1 or localhost.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_config_set_login_page(
    config: *mut itero_config,
    url: *const c_char,
) -> i32 {
    change("itero_config_set_login_page", config, |config| {
        config.login_page = checked("the login page", &unsafe { need("url", url) }?)?;
        Ok(())
    })
}

/// Sets the address below which the sign-in server's endpoints are. Needed. https; http only to 127.0.0.1 or localhost.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_config_set_oauth_base(
    config: *mut itero_config,
    url: *const c_char,
) -> i32 {
    change("itero_config_set_oauth_base", config, |config| {
        config.oauth_base = checked("the oauth base", &unsafe { need("url", url) }?)?;
        Ok(())
    })
}

/// Sets the base URL of the service. Needed. https; http only to 127.0.0.1 or localhost.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_config_set_base_url(
    config: *mut itero_config,
    url: *const c_char,
) -> i32 {
    change("itero_config_set_base_url", config, |config| {
        config.base_url = checked("the base URL", &unsafe { need("url", url) }?)?;
        Ok(())
    })
}

/// Sets the redirect URL that Align registered for this program (A1): https without '#'; http only to this computer.
///
/// itero_login_begin needs it. itero_login_run without one uses http://127.0.0.1:{port}/callback; with a hosted https
/// page, that page must send the browser on to http://127.0.0.1:{port}/callback with the query unchanged, and finds the
/// port in front of the first dot of the query's state. A plain http URL of this computer is taken as the listener's own.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_config_set_redirect_url(
    config: *mut itero_config,
    url: *const c_char,
) -> i32 {
    change("itero_config_set_redirect_url", config, |config| {
        let url = unsafe { need("url", url) }?;
        if !url.is_empty() {
            redirect_url(&url)?;
        }
        config.redirect_url = url.into_owned();
        Ok(())
    })
}

/// Sets the domain whose hosts may receive the access token, such as "example.com" (with all hosts below it). By default
/// it is the domain of the base URL. A token is never sent anywhere else.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_config_set_allowed_domain(
    config: *mut itero_config,
    domain: *const c_char,
) -> i32 {
    change("itero_config_set_allowed_domain", config, |config| {
        let domain = unsafe { need("domain", domain) }?;
        let is_name = domain
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
        if !domain.is_empty() && (!is_name || !domain.trim_matches('.').contains('.')) {
            return Err(Error::argument(
                "the domain is not a name such as example.com",
            ));
        }
        config.allowed_domain = domain.trim_matches('.').to_owned();
        Ok(())
    })
}

/// Overrides the URL of one endpoint, for when the service's differs from what this library or discovery says.
///
/// name: token, revoke, accounts, pair, unpair, pairingWarnings, practice, scanRequest, scanRequestDelete, orders,
/// orderByRx, orderFiles, patientSearch, patientUpdate or patientUpdateByChart.
/// url_template: an absolute URL with {rxId}, {orderId}, {patientId} or {chartNumber} where the value goes; empty takes
/// the override back.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_config_set_endpoint(
    config: *mut itero_config,
    name: *const c_char,
    url_template: *const c_char,
) -> i32 {
    change("itero_config_set_endpoint", config, |config| {
        let (name, template) =
            unsafe { (need("name", name)?, need("url_template", url_template)?) };
        let Some(endpoint) = Endpoint::named(&name) else {
            let names: Vec<_> = Endpoint::names().collect();
            return Err(Error::argument(format!(
                "there is no such endpoint; the names are {}",
                names.join(", ")
            )));
        };
        if template.is_empty() {
            config.overrides.remove(&endpoint);
        } else {
            address("the URL template", &template)?;
            config.overrides.insert(endpoint, template.into_owned());
        }
        Ok(())
    })
}

/// Sets the name and version of the host program; they go into the User-Agent, where the service's help desk finds them.
///
/// name, version: letters, digits, '.', '-' and '_'; version may be "".
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_config_set_product(
    config: *mut itero_config,
    name: *const c_char,
    version: *const c_char,
) -> i32 {
    change("itero_config_set_product", config, |config| {
        let (name, version) = unsafe { (need("name", name)?, need("version", version)?) };
        let sane = |text: &str| {
            text.len() <= 64
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
        };
        if !sane(&name) || !sane(&version) {
            return Err(Error::argument(
                "name and version may hold up to 64 letters, digits, '.', '-' and '_'",
            ));
        }
        config.product = name.into_owned();
        config.product_version = version.into_owned();
        Ok(())
    })
}

/// Names the folder where the library may keep its small files: the ledger of sent Rx ("rx-ledger.jsonl" with
/// "rx-ledger.lock"). It is made when it is first needed. Programs on one computer may share it; a folder on a network
/// share must not be. Without one, the ledger is in memory alone.
///
/// folder: an absolute path.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_config_set_state_folder(
    config: *mut itero_config,
    folder: *const c_char,
) -> i32 {
    change("itero_config_set_state_folder", config, |config| {
        config.state_folder = match unsafe { need("folder", folder) }?.as_ref() {
            "" => None,
            _ => Some(unsafe { path("folder", folder) }?),
        };
        Ok(())
    })
}

/// Names the program that itero_login_run starts with the login page's URL as its one argument. By default the user's
/// default browser.
///
/// program: an absolute path.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_config_set_browser(
    config: *mut itero_config,
    program: *const c_char,
) -> i32 {
    change("itero_config_set_browser", config, |config| {
        let text = unsafe { need("program", program) }?;
        if !text.is_empty() {
            unsafe { path("program", program) }?;
        }
        config.browser = text.into_owned();
        Ok(())
    })
}

/// Sets the port on 127.0.0.1 on which itero_login_run listens, 1 to 65535; 0 (the default) lets the system choose.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_config_set_loopback_port(config: *mut itero_config, port: i32) -> i32 {
    change("itero_config_set_loopback_port", config, |config| {
        config.loopback_port = super::config::port(port)?;
        Ok(())
    })
}

pub(super) fn port(port: i32) -> Result<u16> {
    u16::try_from(port)
        .map_err(|_| Error::argument(format!("the port {port} is not between 0 and 65535")))
}

/// Frees a config; clients made with it stay as they are. NULL is fine.
///
/// Errors: ITERO_E_HANDLE. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_config_free(config: *mut itero_config) -> i32 {
    guard::free("itero_config_free", config, |_| {})
}
