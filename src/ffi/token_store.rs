//! Token store
//!
//! A session outlives the program: the tokens are kept, and every client of the same user with the same API version,
//! client id, base URL and oauth base finds them, also in several programs at once. They share one sign-in: when one
//! signs in, pairs, refreshes or revokes, the others see it. By default they are kept in a file in the user's own folder:
//! %LOCALAPPDATA%\itero on Windows, $XDG_STATE_HOME/itero or ~/.local/state/itero elsewhere. It is sealed for this user
//! on this computer (by Windows' data protection; elsewhere with a key in the same folder, both files readable by the
//! user alone), so a copied file opens nowhere else. A file with the ending ".lock" beside it lets one program at a time
//! replace the tokens; it is never deleted.
//!
//! Every call that needs a token may return ITERO_E_STORE: the store can't be read, locked or written, and nothing was
//! sent; or ITERO_E_DISK_FULL before a refresh. With a file that is damaged or foreign, calls return ITERO_E_STORE until
//! the user signs in again, which replaces it.

use std::ffi::{c_char, c_void};
use std::sync::Arc;

use super::config::{change, itero_config};
use super::guard::{self, User};
use super::text::{LONGEST, path};
use crate::error::Error;
use crate::session::{self, Ask, HostStore, Keep, Reply, Zeroizing};

/// The program keeps the tokens as they come, and protects them itself.
pub const ITERO_TOKENS_OPEN: i32 = 0;
/// The tokens are sealed for the user on this computer before the program gets them.
pub const ITERO_TOKENS_SEALED: i32 = 1;

/// Loads the text that was saved last and hands it over with itero_token_store_give, or hands over nothing when none was
/// saved yet. Returns 0, or any other number when it can't be loaded, which the error's message then names.
#[allow(non_camel_case_types)]
pub type itero_token_load_callback = Option<unsafe extern "C" fn(user: *mut c_void) -> i32>;

/// Saves a text in the place of the one before: printable ASCII in one line, usually 2 to 8 KB, at most 65535 bytes. It
/// must be on the disk when the function returns. Returns 0, or any other number when it isn't saved.
#[allow(non_camel_case_types)]
pub type itero_token_save_callback =
    Option<unsafe extern "C" fn(user: *mut c_void, text: *const c_char) -> i32>;

/// Takes the lock that lets one program, or one computer, at a time replace the tokens; waits for it at most wait_ms
/// (never more than 250). Returns 0 when it was taken, 1 when another one has it (it is then asked again, for a minute),
/// or a negative number when it can't be taken at all.
#[allow(non_camel_case_types)]
pub type itero_token_lock_callback =
    Option<unsafe extern "C" fn(user: *mut c_void, wait_ms: i32) -> i32>;

/// Gives the lock back. It is called once for each lock that was taken.
#[allow(non_camel_case_types)]
pub type itero_token_unlock_callback = Option<unsafe extern "C" fn(user: *mut c_void)>;

/// Keeps the tokens in a file of the program's choice, for a program that serves several users or practices. The file must
/// be on a disk of this computer: on a network share ITERO_E_STORE tells why when a lock is needed. Its folder is made
/// when it is first needed. "" sets it back to the default.
///
/// token_file: an absolute path.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_config_set_token_file(
    config: *mut itero_config,
    token_file: *const c_char,
) -> i32 {
    change("itero_config_set_token_file", config, |config| {
        config.tokens = match unsafe { super::text::need("token_file", token_file) }?.as_ref() {
            "" => None,
            _ => Some(Keep::File(unsafe { path("token_file", token_file) }?)),
        };
        Ok(())
    })
}

/// Keeps the tokens in the program's own store, such as a row of its SQL database.
///
/// What other programs did is seen when a token is refused or replaced, and by each call that finds nobody signed in.
///
/// All four functions are needed. They are called one at a time for each client, on the library's threads and, within
/// itero_client_new and calls that find nobody signed in, on the caller's. The lock may be given back on another thread
/// than the one that took it, so a mutex of Windows, which belongs to a thread, is not fit; a row or an application lock
/// of the database is. Between lock and unlock the others are called, and the service is asked, for at most a minute. From
/// within them the getters of the library may be called; a call that needs a token returns ITERO_E_STATE.
///
/// sealed: ITERO_TOKENS_SEALED: the text opens for this user on this computer only, so each user of each computer needs a
/// row of its own. ITERO_TOKENS_OPEN: several computers may share one sign-in through one row and one lock; the text then
/// holds the tokens in the open and must be kept like a password, encrypted and out of other users' reach.
/// load, save, lock, unlock: see their types.
/// user: handed back to the functions; may be NULL. It must stay valid until all clients made with this config are freed.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_config_set_token_callbacks(
    config: *mut itero_config,
    sealed: i32,
    load: itero_token_load_callback,
    save: itero_token_save_callback,
    lock: itero_token_lock_callback,
    unlock: itero_token_unlock_callback,
    user: *mut c_void,
) -> i32 {
    let user = User(user);
    change("itero_config_set_token_callbacks", config, |config| {
        let sealed = match sealed {
            ITERO_TOKENS_OPEN => false,
            ITERO_TOKENS_SEALED => true,
            _ => {
                return Err(Error::argument(format!(
                    "sealed is {sealed}, which is neither ITERO_TOKENS_OPEN (0) nor ITERO_TOKENS_SEALED (1)"
                )));
            }
        };
        let need = |name: &str| Error::argument(format!("{name} is NULL; all four are needed"));
        let load = load.ok_or_else(|| need("load"))?;
        let save = save.ok_or_else(|| need("save"))?;
        let lock = lock.ok_or_else(|| need("lock"))?;
        let unlock = unlock.ok_or_else(|| need("unlock"))?;
        let ask = move |ask: Ask<'_>| match ask {
            Ask::Load => status(number(|| unsafe { load(user.pointer()) })),
            Ask::Save(text) if text.len() < LONGEST => {
                let mut ended = Zeroizing::new(Vec::with_capacity(text.len() + 1));
                ended.extend_from_slice(text.as_bytes());
                ended.push(0);
                status(number(|| unsafe {
                    save(user.pointer(), ended.as_ptr().cast())
                }))
            }
            Ask::Save(_) => Reply::Failed("the tokens are longer than 65535 bytes".to_owned()),
            Ask::Lock { wait } => {
                let wait = i32::try_from(wait.as_millis()).unwrap_or(i32::MAX);
                match number(|| unsafe { lock(user.pointer(), wait) }) {
                    1 => Reply::Busy,
                    number => status(number),
                }
            }
            Ask::Unlock => {
                guard::host(|| unsafe { unlock(user.pointer()) });
                Reply::Done
            }
        };
        let store = HostStore {
            ask: Box::new(ask),
            sealed,
        };
        config.tokens = Some(Keep::Host(Arc::new(store)));
        Ok(())
    })
}

fn answer(number: i32) -> String {
    format!("the function returned {number}")
}

fn number(call: impl FnOnce() -> i32) -> i32 {
    let mut number = 0;
    guard::host(|| number = call());
    number
}

fn status(number: i32) -> Reply {
    match number {
        0 => Reply::Done,
        number => Reply::Failed(answer(number)),
    }
}

/// Hands the text that was saved last to the library. To be called once, from within the function load alone.
///
/// text: as it was given to save; "" when none was saved yet. It is copied.
///
/// Errors: ITERO_E_ARGUMENT, ITERO_E_TEXT, ITERO_E_STATE (not called from within load). No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_token_store_give(text: *const c_char) -> i32 {
    guard::status("itero_token_store_give", || {
        session::give(&unsafe { super::text::need("text", text) }?)
    })
}

/// Keeps the tokens in memory alone; they are gone when the client is freed. For tests, kiosks and the sandbox.
///
/// Errors: ITERO_E_HANDLE. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_config_set_token_memory(config: *mut itero_config) -> i32 {
    change("itero_config_set_token_memory", config, |config| {
        config.tokens = Some(Keep::Memory);
        Ok(())
    })
}
