//! To disk: fetching, verifying, unpacking and checking the files of an order.
//!
//! A file appears under its final name only when it is whole: it is written beside its place, compared with the size
//! and SHA-256 that the service gave, flushed, and then renamed. What was begun is carried on, after a broken connection
//! as after a crash.

mod answer;
mod fetch;
mod manifest;
mod mesh;
mod names;
mod part;
mod patience;
mod place;
mod role;
mod same;
mod space;
mod template;
mod unpack;

#[cfg(fuzzing)]
pub use answer::{Resume, Trouble, judge};
pub use fetch::{Expected, Urls, fetch};
pub use manifest::Manifest;
pub use mesh::{Mesh, check as check_mesh};
pub use names::{safe as safe_name, unique as unique_name};
pub(crate) use part::begun;
pub use role::{Role, roles_of_export};
pub use space::check_space;
pub use template::fill_folder;
pub use unpack::unpack;

use std::path::PathBuf;

use crate::wire::Text;

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

/// A file on disk, at the end of a download.
pub struct Downloaded {
    pub path: Text,
    pub name: Text,
    pub kind: Text,
    pub role: Role,
    /// The archive that it was unpacked from; empty for a file of the order itself.
    pub archive: Text,
    pub size: u64,
    pub sha256: Text,
    pub was_there: bool,
    /// Of a mesh; `Some(None)` for one that can't be read.
    pub mesh: Option<Option<Mesh>>,
}

/// Lower-case hexadecimal digits.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
