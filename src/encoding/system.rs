//! The conversions of Windows.

use std::ptr::{null, null_mut};

use windows_sys::Win32::Globalization::{
    MB_ERR_INVALID_CHARS, MultiByteToWideChar, WC_NO_BEST_FIT_CHARS, WideCharToMultiByte,
};

pub fn decode(code_page: i32, bytes: &[u8]) -> Option<String> {
    if bytes.is_empty() {
        return Some(String::new());
    }
    let page = u32::try_from(code_page).ok()?;
    let length = i32::try_from(bytes.len()).ok()?;
    // SAFETY: as many bytes as are told; without a buffer only the length is asked for.
    let units = unsafe {
        MultiByteToWideChar(
            page,
            MB_ERR_INVALID_CHARS,
            bytes.as_ptr(),
            length,
            null_mut(),
            0,
        )
    };
    let mut wide = vec![0; usize::try_from(units).ok().filter(|units| *units > 0)?];
    // SAFETY: as many bytes as are told, and room for as many units.
    let written = unsafe {
        let (from, to) = (bytes.as_ptr(), wide.as_mut_ptr());
        MultiByteToWideChar(page, MB_ERR_INVALID_CHARS, from, length, to, units)
    };
    (written == units).then(|| String::from_utf16(&wide).ok())?
}

/// Without best fits, such as a plain letter for one with an accent: they change names.
pub fn encode(code_page: i32, text: &str) -> Option<Vec<u8>> {
    if text.is_empty() {
        return Some(Vec::new());
    }
    let page = u32::try_from(code_page).ok()?;
    let wide: Vec<u16> = text.encode_utf16().collect();
    let units = i32::try_from(wide.len()).ok()?;
    let convert = |to: *mut u8, size: i32, lacking: *mut i32| {
        // SAFETY: as many units as are told, and room for `size` bytes.
        unsafe {
            let from = wide.as_ptr();
            WideCharToMultiByte(
                page,
                WC_NO_BEST_FIT_CHARS,
                from,
                units,
                to,
                size,
                null(),
                lacking,
            )
        }
    };
    let size = convert(null_mut(), 0, null_mut());
    let mut bytes = vec![0; usize::try_from(size).ok().filter(|size| *size > 0)?];
    let mut lacking = 0;
    let written = convert(bytes.as_mut_ptr(), size, &raw mut lacking);
    (written == size && lacking == 0).then_some(bytes)
}
