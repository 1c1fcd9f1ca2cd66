//! The watch's state on disk: one small file, always whole, and the lock that keeps a second watch away from it.

use std::fs::{self, File, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::watch_state::{Found, Ledger};
use crate::disk;
use crate::error::{Error, Result, Status};
use crate::log::{self, Level};

/// More than any state that this library writes; what is larger is not one.
const LARGEST: u64 = 64 << 20;

pub struct StateFile {
    path: PathBuf,
    folder: PathBuf,
    _lock: File,
}

/// What was found in the place of the state file.
pub enum Before {
    Nothing,
    Ledger(Box<Ledger>),
    /// It could not be read and was set aside.
    Damaged,
}

impl StateFile {
    /// Takes the lock, then reads what is there.
    pub fn open(path: &Path) -> Result<(StateFile, Before)> {
        let (Some(folder), Some(_)) = (path.parent(), path.file_name()) else {
            return Err(Error::argument("state_file does not name a file"));
        };
        fs::create_dir_all(folder)
            .map_err(|fault| Error::io("making the state file's folder", &fault))?;
        let file = StateFile {
            path: path.to_owned(),
            folder: folder.to_owned(),
            _lock: lock(&disk::beside(path, ".lock"))?,
        };
        let before = file.read()?;
        Ok((file, before))
    }

    fn read(&self) -> Result<Before> {
        let reading = |fault| Error::io("reading the state file", &fault);
        let size = match fs::metadata(&self.path) {
            Ok(facts) if facts.is_dir() => {
                return Err(Error::argument("state_file names a folder"));
            }
            Ok(facts) => facts.len(),
            Err(fault) if fault.kind() == ErrorKind::NotFound => return Ok(Before::Nothing),
            Err(fault) => return Err(reading(fault)),
        };
        let found = match size > LARGEST {
            true => Found::Damaged,
            false => Ledger::read(&fs::read(&self.path).map_err(reading)?),
        };
        match found {
            Found::Ledger(ledger) => Ok(Before::Ledger(ledger)),
            Found::Newer => Err(Error::new(
                Status::State,
                "the state file was written by a newer version of this library",
            )
            .advise("Use that version again, or begin with another state file.")),
            Found::Damaged => {
                fs::rename(&self.path, disk::beside(&self.path, ".damaged"))
                    .map_err(|fault| Error::io("setting the damaged state file aside", &fault))?;
                log::write(Level::Warning, || {
                    "watch: the state file was damaged and was set aside; scans are told again"
                        .to_owned()
                });
                Ok(Before::Damaged)
            }
        }
    }

    /// Puts a new state in the place of the old one; when this returns, it is on the disk.
    pub fn save(&self, ledger: &Ledger) -> Result<()> {
        let json = ledger
            .json()
            .map_err(|_| Error::new(Status::State, "the watch's state can't be written as JSON"))?;
        let written = disk::successor(&self.path).and_then(|mut part| {
            part.write_all(&json)?;
            part.as_file().sync_all()?;
            disk::give_name(part, &self.path)?;
            disk::flush_folder(&self.folder)
        });
        written.map_err(|fault| {
            Error::io("writing the watch's state", &fault)
                .advise("Check the disk and the folder of the state file, and that no other program holds it open.")
        })
    }
}

fn lock(path: &Path) -> Result<File> {
    let file = disk::lock_file(path)
        .map_err(|fault| Error::io("opening the state file's lock", &fault))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::new(
            Status::State,
            "another watch, of this program or another one, uses the state file",
        )
        .advise(
            "Let one program of the practice watch, or give each watch a state file of its own.",
        )),
        Err(TryLockError::Error(fault)) => Err(Error::io("locking the state file", &fault).advise(
            "Put the state file on a disk of this computer; network drives often can't lock.",
        )),
    }
}
