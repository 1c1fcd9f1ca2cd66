//! The three places where a session can be kept.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::file::{FileLock, FileStore};
use super::host::{HostLock, HostStore, Talk};
use super::record::Record;
use crate::error::{Error, Result};

pub use super::file::Room;

/// Where a session is to be kept.
#[derive(Clone)]
pub enum Keep {
    File(PathBuf),
    Host(Arc<HostStore>),
    Memory,
    /// There is no place, for this reason.
    Nowhere(Error),
}

pub enum Place {
    Memory,
    File(FileStore),
    Host(Talk),
    Nowhere(Error),
}

/// Held while the tokens are replaced; nobody else replaces them meanwhile.
pub enum Lock {
    None,
    File(#[expect(dead_code, reason = "held for its drop")] FileLock),
    Host(#[expect(dead_code, reason = "held for its drop")] HostLock),
}

impl Place {
    pub fn new(keep: Keep) -> Place {
        match keep {
            Keep::Memory => Place::Memory,
            Keep::File(path) => Place::File(FileStore::new(path)),
            Keep::Host(store) => Place::Host(Talk::new(store)),
            Keep::Nowhere(error) => Place::Nowhere(error),
        }
    }

    pub fn is_memory(&self) -> bool {
        matches!(self, Place::Memory)
    }

    pub fn is_host(&self) -> bool {
        matches!(self, Place::Host(_))
    }

    pub fn is_changed(&self) -> bool {
        matches!(self, Place::File(store) if store.is_changed())
    }

    pub async fn lock(
        &self,
        cancel: &CancellationToken,
        limit: Duration,
        done: &impl Fn() -> bool,
    ) -> Result<Option<Lock>> {
        match self {
            Place::Memory => Ok(Some(Lock::None)),
            Place::File(store) => Ok(store.lock(cancel, limit, done).await?.map(Lock::File)),
            Place::Host(talk) => talk
                .lock(cancel, limit)
                .await
                .map(|lock| Some(Lock::Host(lock))),
            Place::Nowhere(error) => Err(error.clone()),
        }
    }

    pub fn load(&self) -> Result<Option<Record>> {
        match self {
            Place::Memory => Ok(None),
            Place::File(store) => store.load(),
            Place::Host(talk) => talk.load(),
            Place::Nowhere(error) => Err(error.clone()),
        }
    }

    pub fn make_room(&self) -> Result<Option<Room>> {
        match self {
            Place::File(store) => store.make_room().map(Some),
            _ => Ok(None),
        }
    }

    pub fn save(&self, record: &Record, room: Option<Room>) -> Result<()> {
        match self {
            Place::Memory => Ok(()),
            Place::File(store) => store.save(record, room),
            Place::Host(talk) => talk.save(record),
            Place::Nowhere(error) => Err(error.clone()),
        }
    }

    pub fn close(&self) {
        if let Place::Host(talk) = self {
            talk.close();
        }
    }
}
