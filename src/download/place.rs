//! Files on their way: beside their place while they grow, under their name when they are whole.

use std::fs::File;
use std::io;
use std::path::Path;

use tempfile::NamedTempFile;

use crate::disk;
use crate::error::{Error, Result, Status};

/// A new file in the folder that will hold the finished one; gone again when it is dropped.
pub(super) fn part_in(folder: &Path) -> io::Result<NamedTempFile> {
    tempfile::Builder::new()
        .prefix(".itero-")
        .suffix(".part")
        .tempfile_in(disk::of_any_length(folder))
}

/// Flushes a finished file and gives it its name.
pub(super) fn place(part: NamedTempFile, target: &Path) -> Result<()> {
    place_or_keep(part, target).map_err(|refused| refused.0)
}

/// As [`place`]; on failure the file comes back.
pub(super) fn place_or_keep(
    part: NamedTempFile,
    target: &Path,
) -> std::result::Result<(), Box<(Error, NamedTempFile)>> {
    if let Err(fault) = part.as_file().sync_all() {
        return Err(Box::new((Error::io("flushing a file", &fault), part)));
    }
    let refused = match disk::give_name(part, target) {
        Ok(file) => {
            readable_by_all(&file);
            return Ok(());
        }
        Err(refused) => refused,
    };
    let error = match disk::is_held(&refused.error) {
        false => Error::io("giving a file its name", &refused.error),
        true => Error::new(
            Status::Io,
            "another program holds the file that is to be replaced",
        )
        .advise("Close the program that shows the old file and download again."),
    };
    Err(Box::new((error, refused.file)))
}

/// A temporary file belongs to its user alone; a finished one is an ordinary file of the folder.
#[cfg(unix)]
fn readable_by_all(file: &File) {
    use std::os::unix::fs::PermissionsExt;
    let _ = file.set_permissions(std::fs::Permissions::from_mode(0o644));
}

#[cfg(not(unix))]
fn readable_by_all(_file: &File) {}
