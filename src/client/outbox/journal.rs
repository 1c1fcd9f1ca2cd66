//! The outbox's file: taken in turns, appended to, flushed before the work goes on, rewritten when it has grown.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::lines::{Index, Line, VERSION};
use crate::disk;
use crate::error::{Error, Result, Status};
use crate::log::{self, Level};

/// How long to wait for another process's line.
const TURN: Duration = Duration::from_secs(10);
const LONGEST_FIRST_LINE: u64 = 4096;

pub struct Journal {
    path: PathBuf,
    folder: PathBuf,
    index: Mutex<Index>,
}

fn refused(doing: &str, fault: &io::Error) -> Error {
    Error::io(&format!("{doing} the outbox"), fault)
        .advise("Check the outbox's folder, its permissions and the space on the disk.")
}

fn foreign() -> Error {
    Error::argument("the file is no outbox; nothing was changed")
        .advise("Name a file that itero_outbox_open made, or one that isn't there yet.")
}

fn newer() -> Error {
    Error::new(
        Status::State,
        "the outbox was written by a newer version of this library",
    )
    .advise("Use that version again, or begin with another outbox.")
}

impl Journal {
    pub fn open(path: &Path) -> Result<Journal> {
        let (Some(folder), Some(_)) = (path.parent(), path.file_name()) else {
            return Err(Error::argument("path does not name a file"));
        };
        if path.is_dir() {
            return Err(Error::argument("path names a folder"));
        }
        if disk::share(folder).is_some() {
            return Err(Error::new(
                Status::Io,
                "the outbox would be on a network share, where locks are not to be relied on",
            )
            .advise("Give each workstation an outbox on a disk of its own."));
        }
        let journal = Journal {
            path: path.to_owned(),
            folder: folder.to_owned(),
            index: Mutex::default(),
        };
        journal.first_look()?;
        Ok(journal)
    }

    /// Reads the file, which is made when it isn't there. Appending nothing shows that it may be written.
    fn first_look(&self) -> Result<()> {
        let _turn = self.turn()?;
        let mut index = self.index();
        match fs::metadata(&self.path) {
            Ok(facts) if facts.len() > 0 => {}
            Ok(_) => self.rewrite(&mut index)?,
            Err(fault) if fault.kind() == ErrorKind::NotFound => self.rewrite(&mut index)?,
            Err(fault) => return Err(refused("opening", &fault)),
        }
        self.catch_up(&mut index)?;
        self.append(&mut index, Vec::new())
    }

    fn index(&self) -> std::sync::MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the file says now.
    pub fn read<T>(&self, look: impl FnOnce(&Index) -> T) -> Result<T> {
        let _turn = self.turn()?;
        let mut index = self.index();
        self.catch_up(&mut index)?;
        Ok(look(&index))
    }

    /// Adds the lines that `change` makes of what the file says now; when this returns, they are on the disk.
    pub fn write<T>(&self, change: impl FnOnce(&Index) -> Result<(Vec<Line>, T)>) -> Result<T> {
        let _turn = self.turn()?;
        let mut index = self.index();
        self.catch_up(&mut index)?;
        let (lines, result) = change(&index)?;
        self.append(&mut index, lines)?;
        if index.is_bloated()
            && let Err(error) = self.rewrite(&mut index)
        {
            // Nothing is lost: the old file is whole.
            log::write(Level::Warning, || error.message.clone());
        }
        Ok(result)
    }

    /// Takes in what others have written. The caller has the turn.
    fn catch_up(&self, index: &mut Index) -> Result<()> {
        let fault = |fault: io::Error| refused("reading", &fault);
        let file = File::open(&self.path).map_err(fault)?;
        let mut reader = BufReader::new(file);
        let mut line = Vec::new();
        // Of a stranger's file not more than needed to see that it is one.
        reader
            .by_ref()
            .take(LONGEST_FIRST_LINE)
            .read_until(b'\n', &mut line)
            .map_err(fault)?;
        match serde_json::from_slice(&line) {
            Ok(Line::Outbox { version, .. }) if version > VERSION => return Err(newer()),
            Ok(Line::Outbox { generation, .. }) if generation == index.generation => {
                reader.seek(SeekFrom::Start(index.read)).map_err(fault)?;
            }
            Ok(first @ Line::Outbox { .. }) => {
                *index = Index::default();
                index.read = line.len() as u64;
                if let Line::Outbox { generation, .. } = &first {
                    index.generation.clone_from(generation);
                }
                index.take(first);
            }
            // A first line of another format's version may look different altogether.
            _ if is_newer(&line) => return Err(newer()),
            _ => return Err(foreign()),
        }
        loop {
            line.clear();
            reader.read_until(b'\n', &mut line).map_err(fault)?;
            if line.last() != Some(&b'\n') {
                return Ok(());
            }
            index.read += line.len() as u64;
            match serde_json::from_slice(&line) {
                Ok(line) => index.take(line),
                Err(_) => {
                    index.doubt();
                    log::write(Level::Warning, || {
                        "a line of the outbox is damaged; what it may have told is looked for at the service"
                            .to_owned()
                    });
                }
            }
        }
    }

    fn append(&self, index: &mut Index, lines: Vec<Line>) -> Result<()> {
        let mut text = String::new();
        for line in &lines {
            text.push_str(&line.text()?);
        }
        let fault = |fault: io::Error| refused("writing", &fault);
        let mut file = OpenOptions::new()
            .write(true)
            .open(&self.path)
            .map_err(fault)?;
        // What a crash tore was never said to be there.
        if file.metadata().map_err(fault)?.len() > index.read {
            file.set_len(index.read).map_err(fault)?;
        }
        let written = file
            .seek(SeekFrom::Start(index.read))
            .and_then(|_| file.write_all(text.as_bytes()))
            .and_then(|()| file.sync_data());
        if let Err(cause) = written {
            let _ = file.set_len(index.read);
            return Err(fault(cause));
        }
        index.read += text.len() as u64;
        lines.into_iter().for_each(|line| index.take(line));
        Ok(())
    }

    /// Writes the same items into a new file, which takes the place of the old one.
    fn rewrite(&self, index: &mut Index) -> Result<()> {
        let fault = |fault: io::Error| refused("rewriting", &fault);
        let mut fresh = Index::default();
        fresh.generation = uuid::Uuid::new_v4().to_string();
        let mut text = String::new();
        for line in index.rewritten(fresh.generation.clone()) {
            text.push_str(&line.text()?);
            fresh.take(line);
        }
        fresh.read = text.len() as u64;
        let mut part = disk::successor(&self.path).map_err(fault)?;
        part.write_all(text.as_bytes()).map_err(fault)?;
        part.as_file().sync_all().map_err(fault)?;
        disk::give_name(part, &self.path).map_err(|refused| fault(refused.error))?;
        disk::flush_folder(&self.folder).map_err(fault)?;
        *index = fresh;
        Ok(())
    }

    /// The turn to read or write, until it is dropped. Held for a moment only.
    fn turn(&self) -> Result<File> {
        let file = self.lock_file(".lock")?;
        let until = Instant::now() + TURN;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) if Instant::now() < until => {
                    std::thread::sleep(Duration::from_millis(2));
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(refused("locking", &ErrorKind::TimedOut.into()));
                }
                Err(TryLockError::Error(fault)) => return Err(refused("locking", &fault)),
            }
        }
    }

    /// The right to send, until it is dropped; `None` while another run has it.
    pub fn right_to_send(&self) -> Result<Option<File>> {
        let file = self.lock_file(".run")?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(fault)) => Err(refused("locking", &fault)),
        }
    }

    fn lock_file(&self, ending: &str) -> Result<File> {
        disk::lock_file(&disk::beside(&self.path, ending))
            .map_err(|fault| refused("opening the lock of", &fault))
    }
}

fn is_newer(line: &[u8]) -> bool {
    let json: Option<serde_json::Value> = serde_json::from_slice(line).ok();
    json.is_some_and(|json| {
        json["event"] == "outbox" && json["version"].as_u64() > Some(u64::from(VERSION))
    })
}
