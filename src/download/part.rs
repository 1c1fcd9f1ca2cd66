//! The beginning of a file, beside its place: kept when a download is cut off, and carried on by the next one, whichever
//! process that is.
//!
//! `.itero-{hash of the name}.part` holds the bytes. Its little companion `.tag` holds the entity tag that they belong to,
//! because a range may only be joined to bytes of the same representation (RFC 9110 §13.1.5), and the SHA-256 of the whole.
//! A part is kept only where that SHA-256 is known: bytes that were written before a crash of the computer can't be
//! trusted by themselves. The part is locked while somebody works on it, also across computers where the folder is a
//! share that knows locks.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};
use tempfile::{NamedTempFile, TempPath};

use super::hex;
use super::place::place_or_keep;
use super::same::is_at;
use crate::disk;
use crate::error::{Error, Result, Status};
use crate::transport::runtime;

/// How often a part that another download holds is looked at again.
const LOOK: Duration = Duration::from_millis(100);

pub(super) struct Part {
    file: Option<File>,
    path: PathBuf,
    tag_path: PathBuf,
    /// The SHA-256 of the whole file; empty when unknown.
    sha256: String,
    length: u64,
    digest: Sha256,
    /// The strong entity tag that the bytes belong to; empty when there is none.
    tag: String,
    keep: bool,
}

impl Part {
    /// Takes the part of `name`, with the bytes that an earlier download left there. While another download holds it,
    /// waits for its end, or until it hasn't grown for `patience`.
    pub async fn open(
        folder: &Path,
        name: &str,
        sha256: &str,
        patience: Duration,
    ) -> Result<(Part, bool)> {
        let path = path_of(folder, name);
        let mut waited = false;
        let mut since = (0, Instant::now());
        loop {
            if let Some(file) = lock(&path).map_err(cannot_make)? {
                let part = Part::taken(file, path, sha256).await?;
                return Ok((part, waited));
            }
            waited = true;
            let length = std::fs::metadata(&path).map_or(0, |data| data.len());
            if since.0 != length {
                since = (length, Instant::now());
            }
            if since.1.elapsed() > patience {
                return Err(Error::new(
                    Status::Conflict,
                    "another download of this file into the same folder holds it and doesn't move on",
                )
                .advise("Let the other download end, or cancel it, and download again."));
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn taken(file: File, path: PathBuf, sha256: &str) -> Result<Part> {
        let tag_path = path.with_extension("tag");
        let mut part = Part {
            file: Some(file),
            path,
            tag_path,
            sha256: sha256.to_owned(),
            length: 0,
            digest: Sha256::new(),
            tag: String::new(),
            keep: true,
        };
        match part.remembered_tag() {
            Some(tag) => {
                // What is there already counts in the digest; reading it may take a while.
                let mut file = part.file()?.try_clone().map_err(cannot_read)?;
                let (digest, length) =
                    runtime::aside(move || digest_of(&mut file).map_err(cannot_read)).await?;
                (part.digest, part.length, part.tag) = (digest, length, tag);
            }
            None => part.restart("")?,
        }
        Ok(part)
    }

    /// The tag of an earlier download of the very same file.
    fn remembered_tag(&self) -> Option<String> {
        let text = std::fs::read_to_string(&self.tag_path).ok()?;
        let (tag, sha256) = text.trim_end().split_once('\n')?;
        (!self.sha256.is_empty() && sha256 == self.sha256 && !tag.is_empty())
            .then(|| tag.to_owned())
    }

    fn file(&self) -> Result<&File> {
        self.file
            .as_ref()
            .ok_or_else(|| Error::new(Status::Io, "the file was given its name already"))
    }

    pub fn length(&self) -> u64 {
        self.length
    }

    /// The tag under which the rest can be asked for; `None` when the file must be fetched from its beginning.
    pub fn resumable(&self) -> Option<&str> {
        (self.length > 0 && !self.tag.is_empty()).then_some(self.tag.as_str())
    }

    /// Empties the part; what comes now belongs to `tag`.
    pub fn restart(&mut self, tag: &str) -> Result<()> {
        let fault = |fault: io::Error| Error::io("emptying a file that was begun", &fault);
        self.file()?.set_len(0).map_err(fault)?;
        io::Seek::rewind(&mut self.file()?).map_err(fault)?;
        self.length = 0;
        self.digest = Sha256::new();
        self.tag = String::new();
        if tag.is_empty() || self.sha256.is_empty() || tag.contains(['\n', '\r']) {
            remove(&self.tag_path);
        } else {
            std::fs::write(&self.tag_path, format!("{tag}\n{}\n", self.sha256)).map_err(fault)?;
        }
        self.tag = tag.to_owned();
        Ok(())
    }

    pub fn append(&mut self, bytes: &[u8]) -> Result<()> {
        let written = self.file()?.write_all(bytes);
        if let Err(fault) = written {
            // Half of the bytes may be there, and a full disk must not stay full because of a part.
            self.keep = false;
            return Err(Error::io("writing a file", &fault));
        }
        self.digest.update(bytes);
        self.length += bytes.len() as u64;
        Ok(())
    }

    pub fn digest(&self) -> String {
        hex(&self.digest.clone().finalize())
    }

    pub fn discard(&mut self) {
        self.keep = false;
    }

    /// Flushes the whole file and gives it its name.
    pub async fn finish(mut self, target: &Path) -> Result<()> {
        let Some(file) = self.file.take() else {
            return Err(Error::new(
                Status::Io,
                "the file was given its name already",
            ));
        };
        let target = target.to_owned();
        runtime::aside(move || {
            let mut part = self;
            let path = TempPath::try_from_path(disk::of_any_length(&part.path))
                .map_err(|fault| Error::io("giving a file its name", &fault))?;
            let Err(refused) = place_or_keep(NamedTempFile::from_parts(file, path), &target) else {
                remove(&part.tag_path);
                return Ok(());
            };
            let (error, named) = *refused;
            if error.status != Status::DiskFull
                && let Ok((file, _)) = named.keep()
            {
                // Whole and verified: the next download only has to name it.
                part.file = Some(file);
            } else {
                remove(&part.tag_path);
            }
            drop(part);
            Err(error)
        })
        .await
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        let Some(file) = self.file.take() else {
            return;
        };
        let is_of_use = self.keep && self.resumable().is_some() && !self.sha256.is_empty();
        if !is_of_use {
            // Removed while it is locked: nobody else can be at work on it.
            remove(&self.tag_path);
            remove(&self.path);
        }
        drop(file);
    }
}

/// How many bytes of a file an earlier download has left.
pub(crate) fn begun(folder: &Path, name: &str) -> u64 {
    std::fs::metadata(path_of(folder, name)).map_or(0, |data| data.len())
}

/// Removes what an earlier download has left of a file that is there now.
pub(super) fn forget(folder: &Path, name: &str) {
    let path = path_of(folder, name);
    if path.exists()
        && let Ok(Some(file)) = lock(&path)
    {
        remove(&path.with_extension("tag"));
        remove(&path);
        drop(file);
    }
}

/// Short, whatever the name's length, and the same in every letter case, as names are on Windows.
fn path_of(folder: &Path, name: &str) -> PathBuf {
    let digest = hex(&Sha256::digest(name.to_lowercase()));
    folder.join(format!(".itero-{}.part", &digest[..16]))
}

/// The locked file; `None` while another download holds it.
fn lock(path: &Path) -> io::Result<Option<File>> {
    let file = match disk::lock_file(path) {
        // Windows, for a moment: the holder has removed it but not yet closed it.
        Err(fault) if cfg!(windows) && fault.raw_os_error() == Some(5) && path.exists() => {
            return Ok(None);
        }
        other => other?,
    };
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        // A share that knows no locks: the SHA-256 at the end is the guard that is left.
        Err(TryLockError::Error(_)) => {}
    }
    // Between opening and locking, the holder may have given this very file its final name, or removed it.
    Ok(is_at(&file, path)?.then_some(file))
}

pub(super) fn digest_of(file: &mut File) -> io::Result<(Sha256, u64)> {
    let mut digest = Sha256::new();
    let mut length = 0;
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok((digest, length)),
            count => {
                digest.update(&buffer[..count]);
                length += count as u64;
            }
        }
    }
}

fn remove(path: &Path) {
    let _ = std::fs::remove_file(path);
}

fn cannot_make(fault: io::Error) -> Error {
    Error::io("making a file in the target folder", &fault)
}

fn cannot_read(fault: io::Error) -> Error {
    Error::io("reading a file that was begun", &fault)
}
