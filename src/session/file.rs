//! The store in a file: sealed, always whole, with a lock of its own beside it.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;
use tokio_util::sync::CancellationToken;

use super::record::Record;
use crate::disk;
use crate::error::{Error, Result, Status};
use crate::protect;

const PURPOSE: &str = "itero session";
/// More than any session that this library writes; what is larger is not one.
const LARGEST: u64 = 1 << 20;
/// More than a session usually takes.
const ROOM: usize = 16 << 10;

/// What tells one state of the file from the next without reading it; a rename always changes it.
#[derive(PartialEq, Eq)]
struct Look {
    size: u64,
    changed: Option<SystemTime>,
    #[cfg(unix)]
    number: u64,
}

/// Refuses a folder on a network share.
fn check_local(folder: &Path) -> Result<()> {
    match disk::share(folder) {
        None => Ok(()),
        Some(kind) => Err(Error::new(
            Status::Store,
            format!("the token store's folder is on a network share ({kind}), where a lock can't be relied on; without it two programs would use one refresh token twice and end the sign-in"),
        )
        .advise("Keep the tokens in a file on a disk of this computer, or in the program's own database with itero_config_set_token_callbacks.")),
    }
}

pub struct FileStore {
    path: PathBuf,
    /// How the file looked when it was last read or written; None also for no file.
    seen: Mutex<Option<Option<Look>>>,
}

pub type FileLock = File;
/// A file that will become the store.
pub type Room = NamedTempFile;

/// The name of the session's file of a client that talks to these addresses: other programs with the same ones share
/// it, and no others.
pub fn file_name(addresses: &[&str]) -> String {
    let mut digest = Sha256::new();
    for address in addresses {
        // With its length, so that no two lists are alike.
        digest.update((address.len() as u64).to_le_bytes());
        digest.update(address);
    }
    let digest = digest.finalize();
    let name: String = digest[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("session-{name}.sealed")
}

/// Where a test may end the process, to see what is left.
#[cfg(feature = "sandbox")]
fn step() {
    use std::sync::atomic::{AtomicU32, Ordering};
    static STEPS: AtomicU32 = AtomicU32::new(0);
    let now = STEPS.fetch_add(1, Ordering::SeqCst) + 1;
    let last = std::env::var("ITERO_STORE_END_AT_STEP").ok();
    if last.and_then(|last| last.parse().ok()) == Some(now) {
        #[cfg(unix)]
        // SAFETY: ends this process as a power cut would, without a chance to clean up.
        unsafe {
            libc::kill(libc::getpid(), libc::SIGKILL);
        }
        std::process::abort();
    }
}

#[cfg(not(feature = "sandbox"))]
fn step() {}

impl FileStore {
    pub fn new(path: PathBuf) -> FileStore {
        FileStore {
            path,
            seen: Mutex::default(),
        }
    }

    /// The file's own name: the folder's may hold a person's.
    fn name(&self) -> std::borrow::Cow<'_, str> {
        self.path.file_name().unwrap_or_default().to_string_lossy()
    }

    fn fault(&self, doing: &str, fault: &io::Error) -> Error {
        let mut error = Error::io(&format!("{doing} the token store {}", self.name()), fault);
        if error.status != Status::DiskFull {
            error.status = Status::Store;
        }
        error.advise("Check the disk, the folder of the token store and its permissions, and that no other program holds the file open.")
    }

    fn folder(&self) -> Result<&Path> {
        self.path
            .parent()
            .ok_or_else(|| Error::argument("the token file's path names no file"))
    }

    fn look(&self) -> Option<Look> {
        let facts = fs::metadata(&self.path).ok()?;
        Some(Look {
            size: facts.len(),
            changed: facts.modified().ok(),
            #[cfg(unix)]
            number: std::os::unix::fs::MetadataExt::ino(&facts),
        })
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Option<Option<Look>>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn is_changed(&self) -> bool {
        let look = self.look();
        self.seen().as_ref() != Some(&look)
    }

    pub fn load(&self) -> Result<Option<Record>> {
        // Before the file is read: a change while it is read is seen next time.
        let look = self.look();
        *self.seen() = None;
        let sealed = match disk::patiently(|| fs::read(&self.path)) {
            Ok(sealed) => sealed,
            Err(fault) if fault.kind() == ErrorKind::NotFound => {
                *self.seen() = Some(None);
                return Ok(None);
            }
            Err(fault) => return Err(self.fault("reading", &fault)),
        };
        let plain = match sealed.len() as u64 > LARGEST {
            true => None,
            false => protect::open(PURPOSE, &sealed)?,
        };
        *self.seen() = Some(look);
        let record = plain.and_then(|plain| Record::read(&plain));
        record.map(Some).ok_or_else(|| {
            Error::new(
                Status::Store,
                format!(
                    "the token store {} is damaged, or belongs to another user or computer",
                    self.name()
                ),
            )
            .advise("Sign in again; that replaces the file.")
        })
    }

    /// Waits for the lock with short tries, so that no thread is held and a cancel is heard; nothing when `done` came
    /// first.
    pub async fn lock(
        &self,
        cancel: &CancellationToken,
        limit: Duration,
        done: &impl Fn() -> bool,
    ) -> Result<Option<FileLock>> {
        make_folder(self.folder()?).map_err(|fault| self.fault("making the folder of", &fault))?;
        check_local(self.folder()?)?;
        let file = disk::lock_file(&disk::beside(&self.path, ".lock"))
            .map_err(|fault| self.fault("opening the lock of", &fault))?;
        let until = Instant::now() + limit;
        loop {
            match file.try_lock() {
                Ok(()) => {
                    step();
                    return Ok(Some(file));
                }
                Err(TryLockError::Error(fault)) => return Err(self.fault("locking", &fault)),
                Err(TryLockError::WouldBlock) => {}
            }
            if done() {
                return Ok(None);
            }
            if Instant::now() >= until {
                let mut error = Error::new(
                    Status::Store,
                    format!(
                        "another program held the lock of the token store {} for {} s",
                        self.name(),
                        limit.as_secs()
                    ),
                )
                .advise("Call again; if it lasts, end the program that hangs.");
                error.retryable = true;
                return Err(error);
            }
            // Between 4 and 20 ms, so that many programs don't ask in step.
            let mut random = [0];
            let _ = getrandom::fill(&mut random);
            let pause = Duration::from_millis(4 + u64::from(random[0]) / 16);
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = cancel.cancelled() => return Err(Error::cancelled()),
            }
        }
    }

    /// Takes the space that the next save needs. Only under the lock.
    pub fn make_room(&self) -> Result<Room> {
        let writing = |fault: io::Error| self.fault("writing", &fault);
        let mut part = disk::successor(&self.path).map_err(writing)?;
        step();
        part.write_all(&[0; ROOM]).map_err(writing)?;
        step();
        Ok(part)
    }

    /// When this returns, the new state is on the disk. Only under the lock.
    pub fn save(&self, record: &Record, room: Option<Room>) -> Result<()> {
        let sealed = protect::seal(PURPOSE, &record.bytes())?;
        let part = match room {
            Some(room) => room,
            None => self.make_room()?,
        };
        self.write(part, &sealed)
            .map_err(|fault| self.fault("writing", &fault))?;
        let look = self.look();
        *self.seen() = Some(look);
        Ok(())
    }

    fn write(&self, mut part: Room, sealed: &[u8]) -> io::Result<()> {
        part.rewind()?;
        let half = sealed.len() / 2;
        part.write_all(&sealed[..half])?;
        step();
        part.write_all(&sealed[half..])?;
        step();
        part.as_file().set_len(sealed.len() as u64)?;
        step();
        part.as_file().sync_all()?;
        step();
        disk::give_name(part, &self.path)?;
        step();
        disk::flush_folder(self.path.parent().unwrap_or(Path::new("/")))?;
        step();
        Ok(())
    }
}

#[cfg(unix)]
fn make_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

#[cfg(not(unix))]
fn make_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_list_of_addresses_has_a_name_of_its_own() {
        let lists: [&[&str]; 4] = [
            &["2", "a", "bc"],
            &["2", "ab", "c"],
            &["1", "a", "bc"],
            &["2", "abc"],
        ];
        let mut names: Vec<String> = lists.iter().map(|list| file_name(list)).collect();
        assert_eq!(names[0], file_name(lists[0]));
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 4, "{names:?}");
    }
}
