//! All functions of the C interface as a table; written by `build.rs` from `include/itero.h`.

use std::ffi::{CStr, c_char, c_void};

use itero::ffi::*;

use crate::player::called_back;
use crate::values::publish;

/// One argument, before it has its type.
#[derive(Clone, Copy)]
pub struct Value {
    pub pointer: *mut c_void,
    pub number: i64,
}

pub enum Place {
    /// The handle's kind, as an index of [`KINDS`].
    Handle(usize),
    HandleOut(usize),
    Text,
    Number,
    /// Memory that the call writes to, in units of so many bytes; how many of them there are is the next parameter.
    Buffer(usize),
    Room,
    /// UTF-16; how many units there are is the next parameter.
    Units,
    Length,
    Out,
    Callback,
    User,
}

pub enum Answer {
    Status(i32),
    Text(*const c_char),
    Other,
}

pub struct Function {
    pub name: &'static str,
    pub call: unsafe fn(&[Value]) -> Answer,
    pub parameters: &'static [(&'static str, Place)],
    /// It asks a service, waits, or touches the disk.
    pub costly: bool,
    pub frees: bool,
}

/// Text that the library hands out must be readable to its end, and UTF-8.
pub fn read_text(text: *const c_char) {
    assert!(!text.is_null(), "text that is NULL");
    // SAFETY: the library promises a NUL-terminated text; a lie is what the sanitizer is there for.
    let text = unsafe { CStr::from_ptr(text) };
    assert!(text.to_str().is_ok(), "text that is not UTF-8");
}

#[allow(
    unused_unsafe,
    unused_variables,
    reason = "some functions take no pointer to memory, or nothing at all"
)]
mod written {
    use super::*;
    include!(concat!(env!("OUT_DIR"), "/table.rs"));
}

pub use written::{FUNCTIONS, KINDS};
