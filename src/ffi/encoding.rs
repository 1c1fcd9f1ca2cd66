// In which code page the host of the call under way writes its text.
//
// Every handle has a code page: a config has what the host set, other handles have that of the handle they came from.
// The first handle of a call that is not in UTF-8 decides for the call; what the call makes inherits it.

use std::cell::Cell;
use std::collections::HashMap;
use std::ffi::{CStr, CString, c_char};
use std::sync::{Arc, Mutex, PoisonError};

use crate::encoding::CodePage;
use crate::error::{Error, Result, Status};

thread_local! {
    static CURRENT: Cell<Option<CodePage>> = const { Cell::new(None) };
}

/// The code page of the call under way; none for UTF-8.
pub fn current() -> Option<CodePage> {
    CURRENT.try_with(Cell::get).ok().flatten()
}

/// A handle takes part in the call.
pub(super) fn met(page: Option<CodePage>) {
    if let (Some(page), None) = (page, current()) {
        let _ = CURRENT.try_with(|current| current.set(Some(page)));
    }
}

/// Runs `body` as a call of its own, which begins with this code page.
pub fn within<T>(page: Option<CodePage>, body: impl FnOnce() -> T) -> T {
    struct Back(Option<CodePage>);
    impl Drop for Back {
        fn drop(&mut self) {
            let _ = CURRENT.try_with(|current| current.set(self.0));
        }
    }
    let _back = Back(
        CURRENT
            .try_with(|current| current.replace(page))
            .ok()
            .flatten(),
    );
    body()
}

/// What a handle that is not in UTF-8 keeps: its code page, and the texts that it has shown, which live as long as it.
pub struct Shown {
    pub page: CodePage,
    texts: Mutex<HashMap<Box<CStr>, Box<CStr>>>,
}

impl Shown {
    pub fn new(page: CodePage) -> Arc<Shown> {
        Arc::new(Shown {
            page,
            texts: Mutex::default(),
        })
    }

    /// The text in the handle's code page.
    fn text(
        &self,
        text: &CStr,
        write: impl FnOnce(&str) -> Result<Vec<u8>>,
    ) -> Result<*const c_char> {
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = texts.get(text) {
            return Ok(known.as_ptr());
        }
        // No code page here has a NUL inside another character.
        let shown = CString::new(write(text.to_str().unwrap_or_default())?)
            .unwrap_or_default()
            .into_boxed_c_str();
        let pointer = shown.as_ptr();
        texts.insert(text.into(), shown);
        Ok(pointer)
    }

    pub fn plain(&self, text: &CStr) -> Result<*const c_char> {
        self.text(text, |text| bytes(self.page, text))
    }

    /// JSON has a way of its own to write what a code page lacks.
    pub fn json(&self, text: &CStr) -> Result<*const c_char> {
        self.text(text, |text| {
            if let Some(bytes) = self.page.encode(text) {
                return Ok(bytes);
            }
            let mut units = [0; 2];
            let mut escaped = String::with_capacity(text.len());
            for character in text.chars() {
                match character.is_ascii() {
                    true => escaped.push(character),
                    false => character
                        .encode_utf16(&mut units)
                        .iter()
                        .for_each(|unit| escaped.push_str(&format!("\\u{unit:04x}"))),
                }
            }
            Ok(escaped.into_bytes())
        })
    }
}

/// Text for a host in its code page.
pub fn bytes(page: CodePage, text: &str) -> Result<Vec<u8>> {
    page.encode(text).ok_or_else(|| {
        Error::new(
            Status::Text,
            format!(
                "the text has a character that code page {} lacks",
                page.number
            ),
        )
        .advise("Use UTF-8 (code page 0) to see this text; nothing of it is lost.")
    })
}
