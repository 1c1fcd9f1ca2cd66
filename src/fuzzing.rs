//! Doors for the fuzz targets of `tests/fuzz` into what no public function reaches alone. Not in any other build.

use std::path::Path;

use crate::download;

/// Whether the file is a mesh that can be read.
pub fn mesh(path: &Path) -> bool {
    download::check_mesh(path).flatten().is_some()
}

/// How many roles the file tells, as an export's XML.
pub fn export(path: &Path) -> usize {
    download::roles_of_export(path).len()
}

/// Whether the file is an archive that was unpacked.
pub fn archive(path: &Path, folder: &Path) -> bool {
    download::unpack(path, folder).is_ok()
}

/// A name that every system takes for a plain file's.
pub fn safe_name(name: &str) -> String {
    download::safe_name(name, "file")
}
