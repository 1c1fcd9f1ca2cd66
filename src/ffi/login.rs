//! Sign-in
//!
//! Three ways, all with PKCE (RFC 7636) and, but for the last, with a state that this library makes and checks:
//!
//! 1. itero_login_run opens the user's browser, waits on 127.0.0.1 and signs the client in. A job: wait, look, cancel.
//! 2. itero_login_begin gives the login page's URL; the host shows it, in a browser control or through a hosted redirect
//!    page, and hands the redirect URL to itero_login_complete.
//! 3. itero_auth_exchange_code is for hosts that do all of it themselves and only bring the code.

use std::ffi::c_char;
use std::sync::Arc;

use super::client::{client, itero_client};
use super::guard;
use super::handle::{Handle, Table, get, give_shared};
use super::library::limit;
use super::text::{maybe_owned, need, out, owned, put};
use crate::client::login::Login;
use crate::error::Result;

/// One attempt to sign in. Free it with itero_login_free.
#[allow(non_camel_case_types)]
pub struct itero_login {
    _opaque: [u8; 0],
}

static LOGINS: Table<Login> = Table::new();

impl Handle for itero_login {
    type Object = Login;
    const KIND: usize = 4;
    const NAME: &'static str = "login";
    fn table() -> &'static Table<Login> {
        &LOGINS
    }
}

unsafe fn give_login(place: *mut *mut itero_login, login: Arc<Login>) -> Result<()> {
    unsafe { put(place, give_shared::<itero_login>(login)?) };
    Ok(())
}

/// A1, Authorization: prepares a sign-in whose browser the host shows itself.
///
/// login_out: where the handle goes; free it with itero_login_free.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT (the config has no redirect URL), ITERO_E_LIMIT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_login_begin(
    client: *mut itero_client,
    login_out: *mut *mut itero_login,
) -> i32 {
    guard::status("itero_login_begin", || {
        out("login_out", login_out)?;
        let login = Login::begin(&self::client(client)?)?;
        unsafe { give_login(login_out, Arc::new(login)) }
    })
}

/// The login page's URL to show to the user, good for this attempt alone. "" on a bad handle, and for a moment after
/// itero_login_run, until it listens. The text lives as long as the handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_login_url(login: *const itero_login) -> *const c_char {
    guard::text("itero_login_url", login, |login| {
        Ok(login.url().map_or(c"".as_ptr(), |url| url.as_ptr()))
    })
}

/// A2, Get Token: takes the URL that the browser was redirected to, checks it and signs the client in.
///
/// redirect_url: the whole URL with its query, as the browser shows it.
///
/// After a URL that was not accepted, the attempt goes on: hand over the right one. A code works once.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_TEXT, ITERO_E_ARGUMENT (not a URL, or not the configured redirect URL),
/// ITERO_E_STATE (this attempt has used its code already, or was begun with itero_login_run), ITERO_E_AUTH (state
/// missing or wrong, no code, the login page's error=, or a code that the service refuses), ITERO_E_STORE,
/// ITERO_E_DISK_FULL, ITERO_E_NETWORK, ITERO_E_TIMEOUT, ITERO_E_TLS, ITERO_E_CANCELLED, ITERO_E_PROTOCOL,
/// ITERO_E_SERVICE. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_login_complete(
    login: *mut itero_login,
    redirect_url: *const c_char,
) -> i32 {
    guard::status("itero_login_complete", || {
        let login = get(login)?;
        login.complete(&unsafe { need("redirect_url", redirect_url) }?)
    })
}

/// A1 and A2 in one, as a job: opens the browser (itero_config_set_browser), listens on 127.0.0.1, and signs the client
/// in when the user has logged in. Wait for it with itero_login_wait.
///
/// The browser ends on a page that tells the user to go back to the program.
///
/// limit_ms: how long the user may take, in milliseconds; negative for no limit.
/// login_out: where the handle goes; free it with itero_login_free.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_IO, ITERO_E_LIMIT. Uses the network, on its own threads.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_login_run(
    client: *mut itero_client,
    limit_ms: i32,
    login_out: *mut *mut itero_login,
) -> i32 {
    guard::status("itero_login_run", || {
        out("login_out", login_out)?;
        let login = Login::run(&self::client(client)?, limit(limit_ms))?;
        unsafe { give_login(login_out, login) }
    })
}

/// Waits for a sign-in that itero_login_run began.
///
/// wait_ms: how long to wait, in milliseconds; 0 only looks, negative waits as long as it takes.
///
/// Returns ITERO_OK when the client is signed in, ITERO_E_PENDING while it isn't yet, else why it failed.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_STATE (begun with itero_login_begin), ITERO_E_PENDING, ITERO_E_TIMEOUT (limit_ms is
/// over), ITERO_E_CANCELLED, ITERO_E_AUTH (error= from the login page, or the code was refused), ITERO_E_STORE,
/// ITERO_E_DISK_FULL, ITERO_E_IO (no browser, or the port is in use), ITERO_E_NETWORK, ITERO_E_TLS, ITERO_E_PROTOCOL,
/// ITERO_E_SERVICE. Uses no network itself.
#[unsafe(no_mangle)]
pub extern "C" fn itero_login_wait(login: *mut itero_login, wait_ms: i32) -> i32 {
    guard::status("itero_login_wait", || {
        // The login itself must not be held while waiting: another thread may free it.
        let job = get(login)?.job()?.clone();
        job.wait(limit(wait_ms)).map(drop)
    })
}

/// Cancels a sign-in that itero_login_run began; itero_login_wait then returns ITERO_E_CANCELLED.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_STATE (begun with itero_login_begin). No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_login_cancel(login: *mut itero_login) -> i32 {
    guard::status("itero_login_cancel", || {
        get(login)?.job()?.cancel();
        Ok(())
    })
}

/// Frees a sign-in; one that still runs is cancelled. A client that it signed in stays signed in. NULL is fine.
///
/// Errors: ITERO_E_HANDLE. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_login_free(login: *mut itero_login) -> i32 {
    guard::free("itero_login_free", login, |login| {
        if let Ok(job) = login.job() {
            job.cancel();
        }
    })
}

/// A2, Get Token, for hosts that bring their own login page, state and PKCE: exchanges a code for tokens.
///
/// code: from the redirect URL's query, decoded.
/// redirect_url: the one that the login page was given.
/// code_verifier: PKCE's verifier; NULL when the login page was given no challenge.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT, ITERO_E_AUTH (the code was used, has expired or belongs to
/// another verifier), ITERO_E_STORE, ITERO_E_DISK_FULL, ITERO_E_NETWORK, ITERO_E_TIMEOUT, ITERO_E_TLS,
/// ITERO_E_CANCELLED, ITERO_E_PROTOCOL, ITERO_E_SERVICE. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_auth_exchange_code(
    client: *mut itero_client,
    code: *const c_char,
    redirect_url: *const c_char,
    code_verifier: *const c_char,
) -> i32 {
    guard::status("itero_auth_exchange_code", || {
        let client = self::client(client)?;
        let (code, redirect, verifier) = unsafe {
            (
                owned("code", code)?,
                owned("redirect_url", redirect_url)?,
                maybe_owned("code_verifier", code_verifier)?.unwrap_or_default(),
            )
        };
        client.exchange_code_now(code, redirect, verifier.into())
    })
}
