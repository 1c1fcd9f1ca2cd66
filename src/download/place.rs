//! Files on their way: beside their place while they grow, under their name when they are whole.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::NamedTempFile;

use crate::error::{Error, Result, Status};

/// A new file in the folder that will hold the finished one; gone again when it is dropped.
pub(super) fn part_in(folder: &Path) -> io::Result<NamedTempFile> {
    tempfile::Builder::new()
        .prefix(".itero-")
        .suffix(".part")
        .tempfile_in(of_any_length(folder))
}

/// Flushes a finished file and gives it its name, with patience for a virus scanner that holds the old one: ten more
/// tries within ten seconds.
pub(crate) fn place(part: NamedTempFile, target: &Path) -> Result<()> {
    place_or_keep(part, target).map_err(|refused| refused.0)
}

/// As [`place`]; on failure the file comes back.
pub(super) fn place_or_keep(
    mut part: NamedTempFile,
    target: &Path,
) -> std::result::Result<(), Box<(Error, NamedTempFile)>> {
    if let Err(fault) = part.as_file().sync_all() {
        return Err(Box::new((Error::io("flushing a file", &fault), part)));
    }
    let target = of_any_length(target);
    let mut pauses = (0..10).map(|doubled| Duration::from_millis(10 << doubled));
    loop {
        let fault = match part.persist(&target) {
            Ok(file) => {
                readable_by_all(&file);
                return Ok(());
            }
            Err(fault) => fault,
        };
        part = fault.file;
        // Windows: access denied (5), sharing violation (32).
        if !(cfg!(windows) && matches!(fault.error.raw_os_error(), Some(5 | 32))) {
            let error = Error::io("giving a file its name", &fault.error);
            return Err(Box::new((error, part)));
        }
        match pauses.next() {
            Some(pause) => std::thread::sleep(pause),
            None => {
                let error = Error::new(
                    Status::Io,
                    "another program holds the file that is to be replaced",
                )
                .advise("Close the program that shows the old file and download again.");
                return Err(Box::new((error, part)));
            }
        }
    }
}

/// The path in the form in which Windows takes more than 260 characters. The standard library does this by itself;
/// tempfile hands paths to the system as they are.
#[cfg(windows)]
pub(crate) fn of_any_length(path: &Path) -> PathBuf {
    use std::ffi::OsString;
    use std::path::{Component, Prefix};
    let Ok(whole) = std::path::absolute(path) else {
        return path.to_owned();
    };
    let mut components = whole.components();
    let Some(Component::Prefix(prefix)) = components.next() else {
        return whole;
    };
    let mut verbatim = OsString::from(r"\\?\");
    match prefix.kind() {
        Prefix::Disk(_) => verbatim.push(prefix.as_os_str()),
        Prefix::UNC(server, share) => {
            verbatim.push(r"UNC\");
            verbatim.push(server);
            verbatim.push(r"\");
            verbatim.push(share);
        }
        _ => return whole,
    }
    verbatim.push(components.as_path());
    PathBuf::from(verbatim)
}

#[cfg(not(windows))]
pub(crate) fn of_any_length(path: &Path) -> PathBuf {
    path.to_owned()
}

/// A temporary file belongs to its user alone; a finished one is an ordinary file of the folder.
#[cfg(unix)]
fn readable_by_all(file: &File) {
    use std::os::unix::fs::PermissionsExt;
    let _ = file.set_permissions(std::fs::Permissions::from_mode(0o644));
}

#[cfg(not(unix))]
fn readable_by_all(_file: &File) {}
