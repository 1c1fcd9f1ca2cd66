//! Configuration of the network
//!
//! Proxy, trusted roots and limits; what is not set here has a default that fits a practice.

use std::ffi::c_char;
use std::time::Duration;

use super::config::{change, itero_config};
use super::text::{need, path};
use crate::error::{Error, Result};
use crate::transport::Proxy;

fn milliseconds(member: &str, value: i32) -> Result<Duration> {
    match u64::try_from(value) {
        Ok(ms @ 1..=600_000) => Ok(Duration::from_millis(ms)),
        _ => Err(Error::argument(format!(
            "{member} is not between 1 and 600000 ms"
        ))),
    }
}

/// Sets the proxy: a URL such as "http://proxy:8080", "none" for no proxy, or "" for the system's settings (the default).
/// Requests to this computer never go through a proxy.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_config_set_proxy(
    config: *mut itero_config,
    proxy: *const c_char,
) -> i32 {
    change("itero_config_set_proxy", config, |config| {
        config.proxy = match unsafe { need("proxy", proxy) }?.as_ref() {
            "" => Proxy::System,
            "none" => Proxy::None,
            url => {
                let parsed = url::Url::parse(url)
                    .ok()
                    .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
                parsed.ok_or_else(|| {
                    Error::argument(
                        "the proxy is neither \"none\" nor a URL such as http://proxy:8080",
                    )
                })?;
                Proxy::Url(url.to_owned())
            }
        };
        Ok(())
    })
}

/// Names a PEM file with further trusted root certificates, for a practice whose proxy inspects TLS and for the sandbox.
/// It is read by itero_client_new.
///
/// ca_file: an absolute path.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_config_set_ca_file(
    config: *mut itero_config,
    ca_file: *const c_char,
) -> i32 {
    change("itero_config_set_ca_file", config, |config| {
        config.ca_file = match unsafe { need("ca_file", ca_file) }?.as_ref() {
            "" => None,
            _ => Some(unsafe { path("ca_file", ca_file) }?),
        };
        Ok(())
    })
}

/// Sets the time limits, each in milliseconds, 1 to 600000.
///
/// connect_ms: until a connection stands, with name look-up and TLS (default 10000).
/// request_ms: until a call's whole answer is there, repeats after a fault and the pauses before them included (default
/// 30000); downloads have no such limit.
/// stall_ms: how long a connection of a download may bring fewer than 1000 bytes a second (default 30000); then it is
/// made again, and the download ends with ITERO_E_TIMEOUT when the next one stalls too.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_config_set_timeouts(
    config: *mut itero_config,
    connect_ms: i32,
    request_ms: i32,
    stall_ms: i32,
) -> i32 {
    change("itero_config_set_timeouts", config, |config| {
        let connect = milliseconds("connect_ms", connect_ms)?;
        let request = milliseconds("request_ms", request_ms)?;
        config.stall_timeout = milliseconds("stall_ms", stall_ms)?;
        config.connect_timeout = connect;
        config.request_timeout = request;
        Ok(())
    })
}

/// Sets the settling time, in milliseconds, 1 to 600000 (default 60000): how long after the sending the service may take
/// to show an Rx whose answer was lost. Before it and request_ms are over, itero_rx_resolve never says "not sent".
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_config_set_settling_time(
    config: *mut itero_config,
    settling_ms: i32,
) -> i32 {
    change("itero_config_set_settling_time", config, |config| {
        config.settling_time = milliseconds("settling_ms", settling_ms)?;
        Ok(())
    })
}

/// Sets how many files of a download come at once, each over a connection of its own.
///
/// count: 1 to 16 (default 4).
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_config_set_parallel_files(config: *mut itero_config, count: i32) -> i32 {
    change("itero_config_set_parallel_files", config, |config| {
        config.parallel_files = match usize::try_from(count) {
            Ok(count @ 1..=16) => count,
            _ => return Err(Error::argument("count is not between 1 and 16")),
        };
        Ok(())
    })
}
