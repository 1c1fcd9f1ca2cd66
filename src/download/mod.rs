//! To disk: fetching, verifying, unpacking and checking the files of an order.
//!
//! A file appears under its final name only when it is whole: it is written beside its place, compared with the size
//! and SHA-256 that the service gave, flushed, and then renamed.

mod fetch;
mod mesh;
mod names;
mod unpack;

pub(crate) use fetch::place;
pub use fetch::{Expected, fetch};
pub use mesh::{Mesh, check as check_mesh};
pub use names::{safe as safe_name, unique as unique_name};
pub use unpack::unpack;

use std::path::PathBuf;

/// A file in its place.
#[derive(Clone, Debug)]
pub struct Placed {
    pub path: PathBuf,
    pub size: u64,
    /// Hexadecimal, lower case.
    pub sha256: String,
    /// Whether it was there already, whole and unchanged.
    pub was_there: bool,
}

/// Lower-case hexadecimal digits.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
