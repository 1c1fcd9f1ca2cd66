//! Text as it leaves the library: UTF-8 that C can read in place.

use std::ffi::{CStr, CString, c_char};
use std::fmt;
use std::ops::Deref;

/// UTF-8 text with a NUL behind it. NUL characters inside are dropped: C could not see past them.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(CString);

impl Text {
    pub fn new(text: &str) -> Text {
        let whole = CString::new(text).or_else(|_| CString::new(text.replace('\0', "")));
        Text(whole.unwrap_or_default())
    }

    /// The same with ASCII's letters in lower case.
    pub fn into_lower_case(self) -> Text {
        if !self.0.as_bytes().iter().any(u8::is_ascii_uppercase) {
            return self;
        }
        let mut bytes = self.0.into_bytes();
        bytes.make_ascii_lowercase();
        Text(CString::new(bytes).unwrap_or_default())
    }

    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    /// Valid while this value lives and is not moved out of its place on the heap.
    pub fn as_ptr(&self) -> *const c_char {
        self.0.as_ptr()
    }

    pub fn as_c_str(&self) -> &CStr {
        &self.0
    }
}

impl Deref for Text {
    type Target = str;
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        Text::new(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Text {
        let whole = CString::new(text).or_else(|fault| {
            let mut bytes = fault.into_vec();
            bytes.retain(|byte| *byte != 0);
            CString::new(bytes)
        });
        Text(whole.unwrap_or_default())
    }
}

/// Shows the length alone, so that no log and no panic text can carry what is inside.
impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({} bytes)", self.0.as_bytes().len())
    }
}
