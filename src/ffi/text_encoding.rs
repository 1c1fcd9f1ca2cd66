//! Text encoding
//!
//! Text is UTF-8 unless a program says otherwise. A program that works in a Windows code page ("ANSI") sets it once on
//! its config: the client made from that config, and everything that comes from the client, then takes and gives text in
//! that code page. Scan requests, order queries and outboxes come from no client and have a function of their own; the path
//! that itero_outbox_open takes is UTF-8.
//!
//! Code pages: 0 or 65001 for UTF-8; 874 (Thai), 932 (Japanese), 936 (simplified Chinese), 949 (Korean), 950 (traditional
//! Chinese), 1250 (Central Europe), 1251 (Cyrillic), 1252 (Western Europe), 1253 (Greek), 1254 (Turkish), 1255 (Hebrew),
//! 1256 (Arabic), 1257 (Baltic), 1258 (Vietnam). On Windows GetACP() tells which one the program's text is in.
//!
//! Nothing is ever replaced by a question mark. A getter whose text has a character that the code page lacks returns ""
//! and leaves ITERO_E_TEXT; `_json` getters write such characters as JSON's \u escapes. Messages, log lines and the texts
//! of errors are ASCII. The body given to itero_notification_parse is what came over the network: UTF-8.
//!
//! Programs that have only wide text convert it with the last four functions. They may be called on any thread.

use std::ffi::c_char;

use super::config::itero_config;
use super::encoding::bytes;
use super::guard;
use super::handle::set_code_page;
use super::order_query::itero_order_query;
use super::outbox::itero_outbox;
use super::scan_request::itero_scan_request;
use super::text::{LONGEST, in_code_page, need, out, put};
use crate::encoding::code_page;
use crate::error::{Error, Result, Status};

/// Sets the code page of the program's text; it counts for the texts set on this config afterwards, for the client made
/// from it, and for everything that comes from that client.
///
/// code_page: a number from the list above; 0 (the default) is UTF-8.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_config_set_text_encoding(config: *mut itero_config, code_page: i32) -> i32 {
    guard::status("itero_config_set_text_encoding", || {
        set_code_page(config.cast_const(), code_page)
    })
}

/// Sets the code page of the texts that are set on this scan request afterwards.
///
/// code_page: a number from the list above; 0 (the default) is UTF-8.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_scan_request_set_text_encoding(
    request: *mut itero_scan_request,
    code_page: i32,
) -> i32 {
    guard::status("itero_scan_request_set_text_encoding", || {
        set_code_page(request.cast_const(), code_page)
    })
}

/// Sets the code page of the texts that are set on this query afterwards.
///
/// code_page: a number from the list above; 0 (the default) is UTF-8.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_order_query_set_text_encoding(
    query: *mut itero_order_query,
    code_page: i32,
) -> i32 {
    guard::status("itero_order_query_set_text_encoding", || {
        set_code_page(query.cast_const(), code_page)
    })
}

/// Sets the code page of the texts that are given to this outbox afterwards. Its own texts are ids and messages in ASCII.
///
/// code_page: a number from the list above; 0 (the default) is UTF-8.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_outbox_set_text_encoding(outbox: *mut itero_outbox, code_page: i32) -> i32 {
    guard::status("itero_outbox_set_text_encoding", || {
        set_code_page(outbox.cast_const(), code_page)
    })
}

/// Converts UTF-8 to UTF-16, for programs that have only wide text (wchar_t on Windows).
///
/// text: UTF-8, at most 65536 bytes.
/// buffer: where the UTF-16 goes, with a NUL; NULL to ask for the length alone.
/// buffer_size: how many 16-bit units the buffer has room for, the NUL included; 0 when buffer is NULL.
/// length_out: where the number of units goes, the NUL not counted; NULL if not wanted.
///
/// Errors: ITERO_E_ARGUMENT (also when the buffer is too small: nothing is written, and the message tells the size),
/// ITERO_E_TEXT. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_text_to_utf16(
    text: *const c_char,
    buffer: *mut u16,
    buffer_size: i32,
    length_out: *mut i32,
) -> i32 {
    guard::status("itero_text_to_utf16", || {
        let text = unsafe { need("text", text) }?;
        let units: Vec<u16> = text.encode_utf16().collect();
        unsafe { fill(&units, buffer, buffer_size, length_out) }
    })
}

/// Converts UTF-16 to UTF-8, for texts that are given to this library.
///
/// utf16: the text.
/// utf16_length: how many 16-bit units it has, at most 65536; -1 when a NUL ends it.
/// buffer: where the UTF-8 goes, with a NUL; NULL to ask for the length alone.
/// buffer_size: how many bytes the buffer has room for, the NUL included; 0 when buffer is NULL. Three bytes for each unit
/// and one for the NUL are always enough.
/// length_out: where the number of bytes goes, the NUL not counted; NULL if not wanted.
///
/// Errors: ITERO_E_ARGUMENT (also when the buffer is too small: nothing is written, and the message tells the size),
/// ITERO_E_TEXT (half a surrogate pair, or a NUL inside). No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_text_from_utf16(
    utf16: *const u16,
    utf16_length: i32,
    buffer: *mut c_char,
    buffer_size: i32,
    length_out: *mut i32,
) -> i32 {
    guard::status("itero_text_from_utf16", || {
        if utf16.is_null() {
            return Err(Error::argument("utf16 is NULL"));
        }
        let too_long = || {
            Error::argument(format!(
                "utf16 is longer than {LONGEST} units, or has no NUL at its end"
            ))
        };
        let length = match utf16_length {
            -1 => (0..=LONGEST).find(|&i| unsafe { utf16.add(i).read_unaligned() } == 0),
            length => usize::try_from(length)
                .ok()
                .filter(|length| *length <= LONGEST),
        };
        let length = length.ok_or_else(too_long)?;
        let units: Vec<u16> = (0..length)
            .map(|i| unsafe { utf16.add(i).read_unaligned() })
            .collect();
        let text = String::from_utf16(&units)
            .map_err(|_| Error::new(Status::Text, "utf16 has half a surrogate pair"))?;
        whole("utf16", text.as_bytes())?;
        unsafe { fill(text.as_bytes(), buffer.cast(), buffer_size, length_out) }
    })
}

/// Converts UTF-8 to a code page.
///
/// text: UTF-8, at most 65536 bytes.
/// code_page: a number from the list above.
/// buffer: where the text goes, with a NUL; NULL to ask for the length alone.
/// buffer_size: how many bytes the buffer has room for, the NUL included; 0 when buffer is NULL.
/// length_out: where the number of bytes goes, the NUL not counted; NULL if not wanted.
///
/// Errors: ITERO_E_ARGUMENT (also when the buffer is too small: nothing is written, and the message tells the size),
/// ITERO_E_TEXT (also when the code page lacks a character). No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_text_to_code_page(
    text: *const c_char,
    code_page: i32,
    buffer: *mut c_char,
    buffer_size: i32,
    length_out: *mut i32,
) -> i32 {
    guard::status("itero_text_to_code_page", || {
        let text = unsafe { need("text", text) }?;
        let page = self::code_page(code_page)?;
        let text = match page {
            Some(page) => bytes(page, &text)?,
            None => text.into_owned().into_bytes(),
        };
        unsafe { fill(&text, buffer.cast(), buffer_size, length_out) }
    })
}

/// Converts text of a code page to UTF-8, for texts that are given to this library.
///
/// text: in the code page, at most 65536 bytes.
/// code_page: a number from the list above.
/// buffer: where the UTF-8 goes, with a NUL; NULL to ask for the length alone.
/// buffer_size: how many bytes the buffer has room for, the NUL included; 0 when buffer is NULL. Three bytes for each byte
/// and one for the NUL are always enough.
/// length_out: where the number of bytes goes, the NUL not counted; NULL if not wanted.
///
/// Errors: ITERO_E_ARGUMENT (also when the buffer is too small: nothing is written, and the message tells the size),
/// ITERO_E_TEXT (the text is not of this code page). No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_text_from_code_page(
    text: *const c_char,
    code_page: i32,
    buffer: *mut c_char,
    buffer_size: i32,
    length_out: *mut i32,
) -> i32 {
    guard::status("itero_text_from_code_page", || {
        let page = self::code_page(code_page)?;
        let text = unsafe { in_code_page("text", text, page) }?;
        unsafe { fill(text.as_bytes(), buffer.cast(), buffer_size, length_out) }
    })
}

/// C ends a text at its first NUL; what is behind must not get lost in silence.
fn whole(member: &str, bytes: &[u8]) -> Result<()> {
    match bytes.contains(&0) {
        true => Err(Error::new(
            Status::Text,
            format!("{member} has a NUL inside"),
        )),
        false => Ok(()),
    }
}

/// Writes text with its NUL, and its length.
///
/// # Safety
///
/// `buffer` is NULL or has room for `size` units; `length` is NULL or a place.
unsafe fn fill<T: Copy + Default>(
    text: &[T],
    buffer: *mut T,
    size: i32,
    length: *mut i32,
) -> Result<()> {
    let needed = text.len() + 1;
    let room = usize::try_from(size).map_err(|_| Error::argument("buffer_size is negative"))?;
    if buffer.is_null() {
        if room > 0 {
            return Err(Error::argument("buffer is NULL, but buffer_size is not 0"));
        }
        out("length_out (buffer is NULL as well)", length)?;
    } else if room < needed {
        return Err(Error::argument(format!(
            "buffer_size is {size}; the text needs {needed}, the NUL included"
        )));
    } else {
        for (i, unit) in text.iter().copied().chain([T::default()]).enumerate() {
            // SAFETY: the caller's promise, and i < needed <= room.
            unsafe { buffer.add(i).write_unaligned(unit) };
        }
    }
    if !length.is_null() {
        // A text has at most 65536 units, and three bytes for each.
        unsafe { put(length, i32::try_from(text.len()).unwrap_or(i32::MAX)) };
    }
    Ok(())
}
