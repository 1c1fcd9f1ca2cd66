//! The user's key: 32 random bytes in a file of their own, made once and never changed.

use std::fs::{self, DirBuilder};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use secrecy::zeroize::Zeroizing;

use super::own_folder;
use crate::error::{Error, Result, Status};

const LENGTH: usize = 32;

pub type Key = Zeroizing<[u8; LENGTH]>;

fn place() -> Result<PathBuf> {
    Ok(own_folder()?.join("protect.key"))
}

fn fault(doing: &str, fault: &std::io::Error) -> Error {
    let mut error = Error::io(doing, fault);
    error.status = Status::Store;
    error.advise("Check the folder itero in the user's state folder, its permissions and the disk.")
}

/// The key, when there is one.
pub fn known() -> Result<Option<Key>> {
    let bytes = match fs::read(place()?) {
        Ok(bytes) => Zeroizing::new(bytes),
        Err(missing) if missing.kind() == ErrorKind::NotFound => return Ok(None),
        Err(other) => return Err(fault("reading the user's key (protect.key)", &other)),
    };
    let mut key = Key::default();
    if bytes.len() != LENGTH {
        return Err(
            Error::new(Status::Store, "the user's key (protect.key) is damaged").advise(
                "Delete the file protect.key in the user's folder itero and sign in again.",
            ),
        );
    }
    key.copy_from_slice(&bytes);
    Ok(Some(key))
}

/// The key; made when there is none.
pub fn known_or_new() -> Result<Key> {
    if let Some(key) = known()? {
        return Ok(key);
    }
    make(&place()?).map_err(|other| fault("making the user's key (protect.key)", &other))?;
    known()?.ok_or_else(|| Error::new(Status::Store, "the user's key vanished as it was made"))
}

/// Whole or not at all, and of several programs that make it at once one wins: the key gets its name only when nothing
/// has that name.
fn make(place: &Path) -> std::io::Result<()> {
    let folder = place.parent().ok_or(ErrorKind::NotFound)?;
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    let mut key = Key::default();
    getrandom::fill(key.as_mut()).map_err(std::io::Error::other)?;
    // Only the user reads it: that is how this kind of file is made.
    let mut part = tempfile::Builder::new()
        .prefix(".protect-")
        .tempfile_in(folder)?;
    part.write_all(key.as_ref())?;
    part.as_file().sync_all()?;
    match part.persist_noclobber(place) {
        Err(taken) if taken.error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(other) => Err(other.error),
        Ok(_) => fs::File::open(folder)?.sync_all(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_key_is_made_once_for_the_user_alone() {
        let first = known_or_new().unwrap();
        assert_eq!(first, known_or_new().unwrap());
        let facts = fs::metadata(place().unwrap()).unwrap();
        assert_eq!(facts.permissions().mode() & 0o777, 0o600);
    }
}
