// Text that a host passes in, and places where it wants results.

use std::borrow::Cow;
use std::ffi::c_char;
use std::path::PathBuf;

use super::encoding;
use crate::encoding::CodePage;
use crate::error::{Error, Result, Status};

/// The longest text that any function takes, in bytes; also the farthest that a missing NUL makes the library read.
pub const LONGEST: usize = 64 << 10;

/// Text that may be NULL, borrowed where it is UTF-8 already.
///
/// # Safety
///
/// `text` is NULL, or points to bytes that are readable up to a NUL or for [`LONGEST`] + 1 of them.
pub unsafe fn maybe<'a>(member: &str, text: *const c_char) -> Result<Option<Cow<'a, str>>> {
    if text.is_null() {
        return Ok(None);
    }
    // SAFETY: the caller's promise.
    unsafe { in_code_page(member, text, encoding::current()) }.map(Some)
}

/// Text in a code page of its own; none for UTF-8.
///
/// # Safety
///
/// As for [`maybe`].
pub unsafe fn in_code_page<'a>(
    member: &str,
    text: *const c_char,
    page: Option<CodePage>,
) -> Result<Cow<'a, str>> {
    if text.is_null() {
        return Err(Error::argument(format!("{member} is NULL")));
    }
    // SAFETY: the caller's promise; reading stops at the first NUL.
    let length = (0..=LONGEST).find(|&i| unsafe { *text.add(i) } == 0);
    let Some(length) = length else {
        return Err(Error::argument(format!(
            "{member} is longer than {LONGEST} bytes, or has no NUL at its end"
        )));
    };
    // SAFETY: the bytes before the NUL, which was found at `length`.
    let bytes = unsafe { std::slice::from_raw_parts(text.cast::<u8>(), length) };
    match page {
        None => std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|fault| {
            Error::new(Status::Text, format!("{member} is not UTF-8 (at byte {})", fault.valid_up_to()))
                .advise("Convert the text to UTF-8, or say in which code page the program writes: itero_config_set_text_encoding.")
        }),
        Some(page) => page.decode(bytes).map(Cow::Owned).ok_or_else(|| {
            Error::new(Status::Text, format!("{member} is not text of code page {}", page.number))
                .advise("Check which code page the program's text is in; on Windows GetACP tells.")
        }),
    }
}

/// As [`maybe`], for text that must be there.
///
/// # Safety
///
/// As for [`maybe`].
pub unsafe fn need<'a>(member: &str, text: *const c_char) -> Result<Cow<'a, str>> {
    // SAFETY: the caller's promise.
    unsafe { maybe(member, text) }?.ok_or_else(|| Error::argument(format!("{member} is NULL")))
}

/// As [`need`], owned.
///
/// # Safety
///
/// As for [`maybe`].
pub unsafe fn owned(member: &str, text: *const c_char) -> Result<String> {
    // SAFETY: the caller's promise.
    unsafe { need(member, text) }.map(Cow::into_owned)
}

/// As [`maybe`], owned.
///
/// # Safety
///
/// As for [`maybe`].
pub unsafe fn maybe_owned(member: &str, text: *const c_char) -> Result<Option<String>> {
    // SAFETY: the caller's promise.
    Ok(unsafe { maybe(member, text) }?.map(Cow::into_owned))
}

/// A path, absolute: a host's current directory may change behind its back.
///
/// # Safety
///
/// As for [`maybe`].
pub unsafe fn path(member: &str, text: *const c_char) -> Result<PathBuf> {
    // SAFETY: the caller's promise.
    let text = unsafe { need(member, text) }?;
    if text.trim().is_empty() {
        return Err(Error::argument(format!("{member} is empty")));
    }
    let path = PathBuf::from(text.as_ref());
    if !path.is_absolute() {
        return Err(Error::argument(format!("{member} is not an absolute path"))
            .advise("Pass the whole path, beginning with the drive or the root."));
    }
    Ok(path)
}

/// Refuses a NULL out-parameter before any work is done.
pub fn out<T>(member: &str, place: *mut T) -> Result<()> {
    if place.is_null() {
        Err(Error::argument(format!(
            "{member} is NULL; it is where the result goes"
        )))
    } else {
        Ok(())
    }
}

/// Writes a result.
///
/// # Safety
///
/// `place` was checked by [`out`] and points to a place for a `T`, aligned or not.
pub unsafe fn put<T>(place: *mut T, value: T) {
    // SAFETY: the caller's promise.
    unsafe { place.write_unaligned(value) }
}

/// The row of a table.
pub fn row<T>(rows: &[T], index: i32) -> Result<&T> {
    usize::try_from(index)
        .ok()
        .and_then(|index| rows.get(index))
        .ok_or_else(|| {
            Error::argument(format!(
                "the index {index} is out of range; there are {} rows",
                rows.len()
            ))
        })
}

/// A number of rows as C sees it.
pub fn count<T>(rows: &[T]) -> i32 {
    i32::try_from(rows.len()).unwrap_or(i32::MAX)
}
