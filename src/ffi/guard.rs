// The first and last lines of every C function: panics end here, the host's floating-point settings are put aside and
// back, and the calling thread's error is set or cleared.

use std::ffi::{CStr, c_char, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::encoding::{self, Shown};
use super::handle::{Handle, get, shown};
use super::last_error;
use crate::error::{Error, Result};
use crate::threads;

/// The processor's floating-point control words while the library or the host runs. Delphi programs unmask exceptions
/// that Rust code, and the C code that it calls, expects to be masked.
#[derive(Clone, Copy)]
struct FloatingPoint {
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    x87: u16,
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    sse: u32,
}

#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
impl FloatingPoint {
    /// All exceptions masked, extended precision, rounding to nearest: what C programs start with.
    const MASKED: FloatingPoint = FloatingPoint {
        x87: 0x037f,
        sse: 0x1f80,
    };

    fn read() -> FloatingPoint {
        let mut now = FloatingPoint { x87: 0, sse: 0 };
        // SAFETY: both instructions only store a control word to the given place. SSE is there on every processor that
        // Windows 7 and Rust's targets run on.
        unsafe {
            std::arch::asm!("fnstcw [{x87}]", "stmxcsr [{sse}]", x87 = in(reg) &raw mut now.x87, sse = in(reg) &raw mut now.sse, options(nostack, preserves_flags));
        }
        now
    }

    fn apply(self) {
        // SAFETY: pending x87 exceptions are cleared first, because loading a word that unmasks them would raise them.
        unsafe {
            std::arch::asm!("fnclex", "fldcw [{x87}]", "ldmxcsr [{sse}]", x87 = in(reg) &raw const self.x87, sse = in(reg) &raw const self.sse, options(nostack, preserves_flags));
        }
    }

    /// The control word without the flags of exceptions that were seen.
    fn settings(self) -> (u16, u32) {
        (self.x87, self.sse & !0x3f)
    }
}

#[cfg(not(any(target_arch = "x86", target_arch = "x86_64")))]
impl FloatingPoint {
    const MASKED: FloatingPoint = FloatingPoint {};
    fn read() -> FloatingPoint {
        FloatingPoint {}
    }
    fn apply(self) {}
    fn settings(self) {}
}

/// Puts the settings back that were there before.
struct Restore(Option<FloatingPoint>);

impl Restore {
    fn mask() -> Restore {
        let host = FloatingPoint::read();
        if host.settings() == FloatingPoint::MASKED.settings() {
            return Restore(None);
        }
        FloatingPoint::MASKED.apply();
        Restore(Some(host))
    }
}

impl Drop for Restore {
    fn drop(&mut self) {
        if let Some(host) = self.0 {
            host.apply();
        }
    }
}

/// What a success does to the calling thread's error.
#[derive(Clone, Copy)]
enum After {
    Clear,
    Keep,
}

/// What stands around every body. It is here once, behind a pointer, because three hundred copies of it would weigh more
/// than the bodies.
#[inline(never)]
fn run(operation: &'static str, after: After, body: &mut dyn FnMut() -> Result<()>) -> i32 {
    match guarded(body) {
        Ok(()) => {
            if let After::Clear = after {
                last_error::clear();
            }
            super::status::ITERO_OK
        }
        Err(error) => last_error::set(operation, error),
    }
}

fn guarded(body: &mut dyn FnMut() -> Result<()>) -> Result<()> {
    threads::quiet_panics();
    let _restore = Restore::mask();
    threads::inside(|| {
        let body = || encoding::within(None, body);
        catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|payload| {
            // Dropping what was thrown may panic once more.
            std::mem::forget(payload);
            Err(Error::panic(&threads::panic_place()))
        })
    })
}

fn run_once(operation: &'static str, after: After, body: impl FnOnce() -> Result<()>) -> i32 {
    let mut body = Some(body);
    run(operation, after, &mut || {
        body.take().map_or(Ok(()), |body| body())
    })
}

/// A function that returns a status.
pub fn status(operation: &'static str, body: impl FnOnce() -> Result<()>) -> i32 {
    run_once(operation, After::Clear, body)
}

/// A function that returns a status and whose success leaves the thread's error alone.
pub fn keep_error(operation: &'static str, body: impl FnOnce() -> Result<()>) -> i32 {
    run_once(operation, After::Keep, body)
}

/// A `_free` function: cleaning up after a failed call must not wipe the reason away.
pub fn free<H: Handle>(
    operation: &'static str,
    handle: *mut H,
    close: impl FnOnce(&H::Object),
) -> i32 {
    keep_error(operation, || {
        if let Some(object) = super::handle::take(handle.cast_const())? {
            close(&object);
        }
        Ok(())
    })
}

/// A getter of a plain value.
pub fn value<H: Handle, T>(
    operation: &'static str,
    handle: *const H,
    otherwise: T,
    body: impl Fn(&H::Object) -> Result<T>,
) -> T {
    let mut value = otherwise;
    read(operation, handle, &mut |object| {
        value = body(object)?;
        Ok(())
    });
    value
}

/// What all getters of one kind of handle have in common.
#[inline(never)]
fn read<H: Handle>(
    operation: &'static str,
    handle: *const H,
    body: &mut dyn FnMut(&H::Object) -> Result<()>,
) {
    run(operation, After::Clear, &mut || body(&*get(handle)?));
}

/// A getter of text that lives as long as the handle, in its code page; `""` on an error.
pub fn text<H: Handle>(
    operation: &'static str,
    handle: *const H,
    body: impl Fn(&H::Object) -> Result<*const c_char>,
) -> *const c_char {
    read_text(operation, handle, &body, Shown::plain)
}

/// A getter of JSON, as [`text`].
pub fn json<H: Handle>(
    operation: &'static str,
    handle: *const H,
    body: impl Fn(&H::Object) -> Result<*const c_char>,
) -> *const c_char {
    read_text(operation, handle, &body, Shown::json)
}

type Write = fn(&Shown, &CStr) -> Result<*const c_char>;

#[inline(never)]
fn read_text<H: Handle>(
    operation: &'static str,
    handle: *const H,
    body: &dyn Fn(&H::Object) -> Result<*const c_char>,
    write: Write,
) -> *const c_char {
    value(operation, handle, c"".as_ptr(), |object| {
        in_code_page(handle, body(object)?, write)
    })
}

fn in_code_page<H: Handle>(
    handle: *const H,
    text: *const c_char,
    write: Write,
) -> Result<*const c_char> {
    if encoding::current().is_none() {
        return Ok(text);
    }
    match shown(handle)? {
        // SAFETY: getters give NUL-terminated text that lives as long as the handle.
        Some(shown) => write(&shown, unsafe { CStr::from_ptr(text) }),
        None => Ok(text),
    }
}

/// What a host wants back in its callback. It belongs to the host, which knows what its own threads may do with it.
#[derive(Clone, Copy)]
pub struct User(pub *mut c_void);

// SAFETY: the library never looks behind the pointer; it only hands it back.
unsafe impl Send for User {}
// SAFETY: as above.
unsafe impl Sync for User {}

impl User {
    pub fn pointer(&self) -> *mut c_void {
        self.0
    }
}

/// Runs a host's callback; whatever it does to the floating-point settings of the library's thread is undone.
pub fn host(callback: impl FnOnce()) {
    callback();
    FloatingPoint::MASKED.apply();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    fn unmasked_exceptions_are_masked_inside_and_back_outside() {
        let delphi = FloatingPoint {
            x87: 0x1372,
            sse: 0x1900,
        };
        let before = FloatingPoint::read();
        delphi.apply();
        let mut inside = (0, 0);
        let mut quotient = 0.0;
        let result = guarded(&mut || {
            inside = FloatingPoint::read().settings();
            quotient = std::hint::black_box(1.0f64) / std::hint::black_box(0.0);
            Ok(())
        });
        let outside = FloatingPoint::read().settings();
        before.apply();
        result.unwrap();
        assert!(quotient.is_infinite());
        assert_eq!(inside, FloatingPoint::MASKED.settings());
        assert_eq!(outside, delphi.settings());
    }

    #[test]
    fn a_panic_becomes_an_error_without_its_text() {
        let status = status("itero_test", || panic!("Jane Doe"));
        assert_eq!(status, crate::error::Status::Panic as i32);
        let message = last_error::message();
        assert!(
            message.contains("itero_test")
                && message.contains("guard.rs")
                && !message.contains("Jane"),
            "{message}"
        );
    }
}
