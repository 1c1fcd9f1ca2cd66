//! Accounts
//!
//! The accounts (clinics) that the user may pair to. Doctors and clinics are N:N, so one user may see several. A table:
//! rows from 0 to count - 1; texts belong to the table and live until it is freed, also after the client is gone.

use std::ffi::c_char;

use super::client::{client, itero_client};
use super::guard;
use super::handle::{Handle, Table, give};
use super::text::{count, out, put, row};
use crate::client::Client;
use crate::wire::Read;
use crate::wire::pairing::Account;

/// A table of accounts. Free it with itero_accounts_free.
#[allow(non_camel_case_types)]
pub struct itero_accounts {
    _opaque: [u8; 0],
}

static ACCOUNTS: Table<Read<Vec<Account>>> = Table::new();

impl Handle for itero_accounts {
    type Object = Read<Vec<Account>>;
    const KIND: usize = 5;
    const NAME: &'static str = "accounts table";
    fn table() -> &'static Table<Read<Vec<Account>>> {
        &ACCOUNTS
    }
}

/// A6, Get Accounts for pairing: the accounts that the signed-in user may pair to.
///
/// accounts_out: where the table goes; free it with itero_accounts_free.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_NOT_SIGNED_IN, ITERO_E_STORE, ITERO_E_DISK_FULL, ITERO_E_AUTH,
/// ITERO_E_NETWORK, ITERO_E_TIMEOUT, ITERO_E_TLS, ITERO_E_CANCELLED, ITERO_E_PROTOCOL, ITERO_E_SERVICE. Uses the
/// network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_accounts_get(
    client: *mut itero_client,
    accounts_out: *mut *mut itero_accounts,
) -> i32 {
    guard::status("itero_accounts_get", || {
        out("accounts_out", accounts_out)?;
        let table = self::client(client)?.run(Client::accounts)?;
        unsafe { put(accounts_out, give::<itero_accounts>(table)?) };
        Ok(())
    })
}

/// The number of accounts. 0 on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_accounts_count(accounts: *const itero_accounts) -> i32 {
    guard::value("itero_accounts_count", accounts, 0, |table| {
        Ok(count(&table.value))
    })
}

/// The id of an account, for itero_client_pair. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_accounts_id(accounts: *const itero_accounts, index: i32) -> *const c_char {
    guard::text("itero_accounts_id", accounts, |table| {
        Ok(row(&table.value, index)?.account_id.as_ptr())
    })
}

/// An account's name. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_accounts_name(
    accounts: *const itero_accounts,
    index: i32,
) -> *const c_char {
    guard::text("itero_accounts_name", accounts, |table| {
        Ok(row(&table.value, index)?.name.as_ptr())
    })
}

/// An account's type, in the service's words. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_accounts_type(
    accounts: *const itero_accounts,
    index: i32,
) -> *const c_char {
    guard::text("itero_accounts_type", accounts, |table| {
        Ok(row(&table.value, index)?.kind.as_ptr())
    })
}

/// An account's address in one line. "" on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_accounts_address(
    accounts: *const itero_accounts,
    index: i32,
) -> *const c_char {
    guard::text("itero_accounts_address", accounts, |table| {
        Ok(row(&table.value, index)?.address.as_ptr())
    })
}

/// 1 when the account is paired to this program already, else 0; 0 on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_accounts_is_paired(accounts: *const itero_accounts, index: i32) -> i32 {
    guard::value("itero_accounts_is_paired", accounts, 0, |table| {
        Ok(i32::from(row(&table.value, index)?.is_paired))
    })
}

/// The service's whole answer as JSON, for members that this library doesn't know. "" on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_accounts_json(accounts: *const itero_accounts) -> *const c_char {
    guard::json("itero_accounts_json", accounts, |table| {
        Ok(table.json.as_ptr())
    })
}

/// Frees the table, with all texts that came from it. NULL is fine.
///
/// Errors: ITERO_E_HANDLE. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_accounts_free(accounts: *mut itero_accounts) -> i32 {
    guard::free("itero_accounts_free", accounts, |_| {})
}
