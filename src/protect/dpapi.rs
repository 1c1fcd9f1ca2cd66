//! Sealing by Windows, for the current user.

use secrecy::zeroize::{Zeroize, Zeroizing};
use windows_sys::Win32::Foundation::{GetLastError, LocalFree};
use windows_sys::Win32::Security::Cryptography::{
    CRYPT_INTEGER_BLOB, CRYPTPROTECT_UI_FORBIDDEN, CryptProtectData, CryptUnprotectData,
};

use crate::error::{Error, Result, Status};

/// ERROR_INVALID_DATA, ERROR_INVALID_PARAMETER, NTE_BAD_DATA, NTE_BAD_KEY, NTE_BAD_KEY_STATE, ERROR_FILE_NOT_FOUND: what
/// Windows says of data that were changed, that another user sealed, or whose key is not on this computer.
const FOREIGN: [u32; 6] = [13, 87, 0x8009_0005, 0x8009_0003, 0x8009_000b, 2];

/// Memory that Windows gave; wiped, then given back.
struct Given(CRYPT_INTEGER_BLOB);

impl Given {
    fn bytes(&mut self) -> &mut [u8] {
        if self.0.pbData.is_null() {
            return &mut [];
        }
        // SAFETY: Windows filled in both members, and nobody else knows the memory.
        unsafe { std::slice::from_raw_parts_mut(self.0.pbData, self.0.cbData as usize) }
    }
}

impl Drop for Given {
    fn drop(&mut self) {
        self.bytes().zeroize();
        // SAFETY: the memory is Windows' own, from LocalAlloc; NULL is allowed.
        unsafe { LocalFree(self.0.pbData.cast()) };
    }
}

/// Windows declares what it only reads as writable.
fn blob(bytes: &[u8]) -> Result<CRYPT_INTEGER_BLOB> {
    let length = u32::try_from(bytes.len());
    Ok(CRYPT_INTEGER_BLOB {
        cbData: length
            .map_err(|_| Error::new(Status::Store, "sealing failed: the content is too long"))?,
        pbData: bytes.as_ptr().cast_mut(),
    })
}

const NOTHING: CRYPT_INTEGER_BLOB = CRYPT_INTEGER_BLOB {
    cbData: 0,
    pbData: std::ptr::null_mut(),
};

fn failure(doing: &str, number: u32) -> Error {
    Error::new(
        Status::Store,
        format!("Windows' data protection failed at {doing}, system error {number}"),
    )
    .advise("Check that the user's profile is loaded; a service needs an account with a profile of its own.")
}

pub fn seal(purpose: &str, plain: &[u8]) -> Result<Vec<u8>> {
    let (plain, purpose) = (blob(plain)?, blob(purpose.as_bytes())?);
    let mut sealed = Given(NOTHING);
    // SAFETY: both blobs point to bytes that outlive the call, the result goes to a place of its own.
    let done = unsafe {
        CryptProtectData(
            &plain,
            std::ptr::null(),
            &purpose,
            std::ptr::null(),
            std::ptr::null(),
            CRYPTPROTECT_UI_FORBIDDEN,
            &mut sealed.0,
        )
    };
    if done == 0 {
        // SAFETY: only reads the thread's last error.
        return Err(failure("sealing", unsafe { GetLastError() }));
    }
    Ok(sealed.bytes().to_vec())
}

pub fn open(purpose: &str, sealed: &[u8]) -> Result<Option<Zeroizing<Vec<u8>>>> {
    let (sealed, purpose) = (blob(sealed)?, blob(purpose.as_bytes())?);
    let mut plain = Given(NOTHING);
    // SAFETY: as in `seal`.
    let done = unsafe {
        CryptUnprotectData(
            &sealed,
            std::ptr::null_mut(),
            &purpose,
            std::ptr::null(),
            std::ptr::null(),
            CRYPTPROTECT_UI_FORBIDDEN,
            &mut plain.0,
        )
    };
    if done == 0 {
        // SAFETY: only reads the thread's last error.
        let number = unsafe { GetLastError() };
        return match FOREIGN.contains(&number) {
            true => Ok(None),
            false => Err(failure("opening", number)),
        };
    }
    Ok(Some(Zeroizing::new(plain.bytes().to_vec())))
}
