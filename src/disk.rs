//! What all files of the library need: names of any length, locks, renames that a virus scanner can't stop, and flushes
//! that survive a power cut.

mod share;

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::{NamedTempFile, PersistError};

pub use share::share;

/// A companion's path: the same one with an ending more.
pub fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// The path in the form in which Windows takes more than 260 characters. The standard library does this by itself;
/// tempfile hands paths to the system as they are.
#[cfg(windows)]
pub fn of_any_length(path: &Path) -> PathBuf {
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
pub fn of_any_length(path: &Path) -> PathBuf {
    path.to_owned()
}

/// For this user alone. (On Windows the folder's own rights hold.)
#[cfg(unix)]
pub fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600)
}

#[cfg(not(unix))]
pub fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

/// A file to lock, made when it isn't there. It is one of its own, and never deleted: on Windows a locked file can't be
/// read or replaced by others, and a lock file that comes and goes can be locked twice.
pub fn lock_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    private(options.read(true).write(true).create(true).truncate(false)).open(path)
}

/// A file that will take the place of `path`, for this user alone. Whoever calls holds the lock that makes the name its
/// own. It is a fixed one, so that a program that is killed here again and again leaves one file and not many.
pub fn successor(path: &Path) -> io::Result<NamedTempFile> {
    let name = beside(path, ".new");
    match patiently(|| fs::remove_file(&name)) {
        Err(fault) if fault.kind() != ErrorKind::NotFound => return Err(fault),
        _ => {}
    }
    let folder = path.parent().ok_or(ErrorKind::NotFound)?;
    tempfile::Builder::new()
        .prefix(name.file_name().unwrap_or_default())
        .rand_bytes(0)
        .tempfile_in(of_any_length(folder))
}

/// Gives a finished file its name. On failure it comes back.
pub fn give_name(mut part: NamedTempFile, target: &Path) -> Result<File, PersistError> {
    let target = of_any_length(target);
    let mut pauses = pauses();
    loop {
        match part.persist(&target) {
            Err(refused) if is_held(&refused.error) => {
                let Some(pause) = pauses.next() else {
                    return Err(refused);
                };
                std::thread::sleep(pause);
                part = refused.file;
            }
            done => return done,
        }
    }
}

/// Tries again while Windows refuses because a virus scanner, or another program's rename, has the file.
pub fn patiently<T>(mut work: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    let mut pauses = pauses();
    loop {
        match work() {
            Err(fault) if is_held(&fault) => match pauses.next() {
                Some(pause) => std::thread::sleep(pause),
                None => return Err(fault),
            },
            done => return done,
        }
    }
}

/// Windows: access denied (5), sharing violation (32).
pub fn is_held(fault: &io::Error) -> bool {
    cfg!(windows) && matches!(fault.raw_os_error(), Some(5 | 32))
}

/// Ten more tries within ten seconds.
fn pauses() -> impl Iterator<Item = Duration> {
    (0..10).map(|doubled| Duration::from_millis(10 << doubled))
}

/// A new name survives a power cut only when its folder was flushed too.
#[cfg(unix)]
pub fn flush_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
pub fn flush_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}
