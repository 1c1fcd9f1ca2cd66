//! Client
//!
//! A client is one sign-in of one program: it holds the tokens, renews them by itself, and keeps its connections. One
//! client may be used by all threads at once. It goes through three states: signed out, signed in, paired.

use std::ffi::c_char;
use std::sync::{Arc, Mutex, PoisonError};

use super::config::{itero_config, snapshot};
use super::guard;
use super::handle::{Handle, Table, get, give};
use super::text::{maybe_owned, out, owned, put};
use crate::client::Client;
use crate::error::Result;
use crate::session::{Session, Stage};
use crate::wire::Text;

/// Nobody is signed in.
pub const ITERO_STATE_SIGNED_OUT: i32 = 0;
/// Signed in, not paired to an account.
pub const ITERO_STATE_SIGNED_IN: i32 = 1;
/// Signed in and paired to an account.
pub const ITERO_STATE_PAIRED: i32 = 2;

const _: () = {
    assert!(Stage::SignedOut as i32 == ITERO_STATE_SIGNED_OUT);
    assert!(Stage::SignedIn as i32 == ITERO_STATE_SIGNED_IN);
    assert!(Stage::Paired as i32 == ITERO_STATE_PAIRED);
};

/// A sign-in with its connections. Free it with itero_client_free.
#[allow(non_camel_case_types)]
pub struct itero_client {
    _opaque: [u8; 0],
}

pub struct Object {
    client: Arc<Client>,
    /// Texts that were given out while they were current; they live as long as the handle.
    texts: Mutex<Vec<Arc<Text>>>,
}

static CLIENTS: Table<Object> = Table::new();

impl Handle for itero_client {
    type Object = Object;
    const KIND: usize = 3;
    const NAME: &'static str = "client";
    fn table() -> &'static Table<Object> {
        &CLIENTS
    }
}

/// The client behind a handle.
pub(super) fn client(handle: *const itero_client) -> Result<Arc<Client>> {
    Ok(get(handle)?.client.clone())
}

impl Object {
    /// The session, after a look at what other programs did.
    fn session(&self) -> &Session {
        self.client.session.look();
        &self.client.session
    }

    /// A text that may change later; the handle keeps each one it has shown.
    fn keep(&self, text: &str) -> *const c_char {
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = texts.iter().find(|known| known.as_str() == text) {
            return known.as_ptr();
        }
        let text = Arc::new(Text::new(text));
        let pointer = text.as_ptr();
        texts.push(text);
        pointer
    }
}

/// Makes a client from a copy of the config, after checking all of it. A session that is kept from before, or that
/// another program of the same user has, is there at once; see itero_client_state. When the token store can't be read,
/// the client is made all the same, nobody is signed in, and the first call that needs a token returns ITERO_E_STORE with
/// the reason; a new sign-in replaces what is damaged.
///
/// client_out: where the handle goes; free it with itero_client_free.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT (names all that the config lacks), ITERO_E_FORBIDDEN (the base URL is
/// outside the allowed domain), ITERO_E_LIMIT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_client_new(
    config: *const itero_config,
    client_out: *mut *mut itero_client,
) -> i32 {
    guard::status("itero_client_new", || {
        out("client_out", client_out)?;
        let client = Client::new(&snapshot(config)?)?;
        unsafe {
            put(
                client_out,
                give::<itero_client>(Object {
                    client,
                    texts: Mutex::default(),
                })?,
            )
        };
        Ok(())
    })
}

/// How far the sign-in has come: ITERO_STATE_SIGNED_OUT, ITERO_STATE_SIGNED_IN or ITERO_STATE_PAIRED; signed out on a bad
/// handle. It is what this client and the other programs with the same token file know; the service may have ended the
/// sign-in meanwhile. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_client_state(client: *const itero_client) -> i32 {
    guard::value(
        "itero_client_state",
        client,
        ITERO_STATE_SIGNED_OUT,
        |object| Ok(object.session().stage() as i32),
    )
}

/// The id of the account that the session is paired to; "" when it isn't paired or on a bad handle. The text lives as
/// long as the client. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_client_account_id(client: *const itero_client) -> *const c_char {
    guard::text("itero_client_account_id", client, |object| {
        Ok(object.keep(&object.session().account_id().unwrap_or_default()))
    })
}

/// The region that discovery gave, such as "us"; "" before discovery, in V1 and on a bad handle. It is kept with the
/// session. The text lives as long as the client. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_client_region(client: *const itero_client) -> *const c_char {
    guard::text("itero_client_region", client, |object| {
        let region = object
            .session()
            .region()
            .map(|known| known.region.clone())
            .unwrap_or_default();
        Ok(object.keep(&region))
    })
}

/// A5, Discovery: asks for the region's addresses now. Other calls do it by themselves when it is needed, and again when
/// the region has moved. V2 only.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT (V1), ITERO_E_NETWORK, ITERO_E_TIMEOUT, ITERO_E_TLS, ITERO_E_CANCELLED,
/// ITERO_E_FORBIDDEN (an address is outside the allowed domain), ITERO_E_PROTOCOL, ITERO_E_SERVICE. Uses the network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_client_discover(client: *mut itero_client) -> i32 {
    guard::status("itero_client_discover", || {
        self::client(client)?
            .run_signed_out(|client| async move { client.discover().await.map(drop) })
    })
}

/// A3, Refresh Token: new tokens now. Other calls do it by themselves, once, however many threads and programs ask: when
/// another program with the same token store has new tokens already, those are taken.
///
/// At most 60 s are waited for the store's lock and 30 s for the service. An answer that was lost on the way is asked for
/// once more. Tokens that came but could not be saved are used, told of in the log, and saved with the next call.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_STATE (called from within a function of the token store), ITERO_E_NOT_SIGNED_IN,
/// ITERO_E_AUTH (the sign-in has ended), ITERO_E_STORE (the token store can't be locked, read or written; nothing was
/// sent), ITERO_E_DISK_FULL (nothing was sent), ITERO_E_NETWORK, ITERO_E_TIMEOUT, ITERO_E_TLS, ITERO_E_CANCELLED,
/// ITERO_E_PROTOCOL, ITERO_E_SERVICE. After all but ITERO_E_AUTH the session is kept. Uses the network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_client_refresh(client: *mut itero_client) -> i32 {
    guard::status("itero_client_refresh", || {
        self::client(client)?.run(|client| async move {
            let generation = client.session.held()?.generation;
            client.refresh(generation).await.map(drop)
        })
    })
}

/// A4, Revoke Token: signs out, and with it all programs that use the same token store. This client's tokens are gone in
/// every case; an error says that the service was not told, so that its tokens end only by themselves, or that the token
/// store could not be written (ITERO_E_STORE) and still holds tokens, which the service has ended.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_STATE, ITERO_E_NOT_SIGNED_IN, ITERO_E_STORE, ITERO_E_DISK_FULL, ITERO_E_NETWORK, ITERO_E_TIMEOUT, ITERO_E_TLS, ITERO_E_CANCELLED,
/// ITERO_E_PROTOCOL, ITERO_E_SERVICE. Uses the network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_client_revoke(client: *mut itero_client) -> i32 {
    guard::status("itero_client_revoke", || {
        self::client(client)?.run(Client::revoke)
    })
}

/// A7, Pair: binds the session to one account. The service gives a new token set, which replaces the old one at once.
///
/// account_id: from itero_accounts_id.
/// notification_url: where the service tells of finished scans (D5), such as itero_listener_url gives; https, or http to
/// this computer. NULL for none.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT, ITERO_E_NOT_SIGNED_IN, ITERO_E_STORE, ITERO_E_DISK_FULL,
/// ITERO_E_AUTH, ITERO_E_FORBIDDEN, ITERO_E_NOT_FOUND, ITERO_E_NETWORK, ITERO_E_TIMEOUT, ITERO_E_TLS,
/// ITERO_E_CANCELLED, ITERO_E_PROTOCOL, ITERO_E_SERVICE. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_client_pair(
    client: *mut itero_client,
    account_id: *const c_char,
    notification_url: *const c_char,
) -> i32 {
    guard::status("itero_client_pair", || {
        let client = self::client(client)?;
        let (account_id, url) = unsafe {
            (
                owned("account_id", account_id)?,
                maybe_owned("notification_url", notification_url)?,
            )
        };
        client.run(|client| client.pair(account_id, url))
    })
}

/// A8, Un Pair: ends the pairing. The sign-in stays; calls that need an account answer ITERO_E_NOT_PAIRED from then on.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_NOT_SIGNED_IN, ITERO_E_STORE, ITERO_E_DISK_FULL, ITERO_E_NOT_PAIRED, ITERO_E_AUTH,
/// ITERO_E_NETWORK, ITERO_E_TIMEOUT, ITERO_E_TLS, ITERO_E_CANCELLED, ITERO_E_PROTOCOL, ITERO_E_SERVICE. Uses the
/// network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_client_unpair(client: *mut itero_client) -> i32 {
    guard::status("itero_client_unpair", || {
        self::client(client)?.run(Client::unpair)
    })
}

/// Ends everything that runs on this client, from any thread and within a quarter of a second: calls, sign-ins and
/// downloads return ITERO_E_CANCELLED. Later calls work as before.
///
/// Errors: ITERO_E_HANDLE. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_client_cancel(client: *mut itero_client) -> i32 {
    guard::status("itero_client_cancel", || {
        self::client(client)?.cancel();
        Ok(())
    })
}

/// Frees a client: its tokens are wiped from memory; calls, sign-ins and downloads still running on it are cancelled.
/// The kept session stays where it is kept. Handles that came from it live on and are freed on their own, in any order.
/// With functions given to itero_config_set_token_callbacks it waits, at most 35 s, until a refresh that is under way has
/// been saved; none of them is called after it has returned. NULL is fine.
///
/// Errors: ITERO_E_HANDLE. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_client_free(client: *mut itero_client) -> i32 {
    guard::free("itero_client_free", client, |object| object.client.close())
}
