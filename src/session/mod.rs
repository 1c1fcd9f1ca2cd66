//! The session: the tokens of one sign-in, what they are bound to, and where they are kept.
//!
//! Several threads, and several programs with one store, share a sign-in, and a refresh token that is used twice would
//! end it for all. So steps that replace the tokens (refresh, pairing, sign-in, revocation) take turns: first at a gate
//! inside this client, then at the store's lock. Whoever has the turn reads the store again. Every state of the store
//! has a generation; when another program has brought a newer one meanwhile, that one is adopted and no second refresh
//! is sent. New tokens are saved first and used then.
//!
//! A save that fails must not lose them: the service knows no others any more. They stay in memory, are used, and are
//! saved with the next call. Before a refresh is sent the store makes room for its answer, so that a full disk stops it
//! while the old token still works for everybody.

mod file;
mod host;
pub mod pkce;
mod place;
mod record;
mod state;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

pub use secrecy::zeroize::Zeroizing;
use tokio::sync::OwnedMutexGuard;
use tokio_util::sync::CancellationToken;

use crate::error::{Error, Result, Status};
use crate::log::{self, Level};
use crate::transport::runtime;
use crate::wire::sign_in::{Discovered, Tokens};
pub use file::file_name;
pub use host::{Ask, HostStore, Reply, give, is_in_callback};
pub use place::Keep;
use place::{Lock, Place, Room};
use record::Record;
pub use state::Held;
use state::State;

/// For `tests/fuzz`: whether a store may hold these bytes; then they are written and read again.
#[cfg(fuzzing)]
pub fn reads_again(bytes: &[u8]) -> bool {
    let Some(record) = Record::read(bytes) else {
        return false;
    };
    let written = record.bytes();
    let again = Record::read(&written).expect("what was written can be read");
    assert_eq!(
        again.bytes(),
        written,
        "a session that changes when it is written"
    );
    true
}

/// How long a program waits for the others that use the same store.
pub const LOCK_WAIT: Duration = Duration::from_secs(60);

/// How far a sign-in has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Stage {
    SignedOut = 0,
    SignedIn = 1,
    Paired = 2,
}

pub struct Session {
    state: Mutex<State>,
    gate: Arc<tokio::sync::Mutex<()>>,
    place: Place,
}

/// The right to replace the tokens.
pub struct Turn {
    // Dropped in this order: when the lock is free, the others may come.
    room: Mutex<Option<Room>>,
    _lock: Lock,
    _gate: OwnedMutexGuard<()>,
    /// Whether the store could be read.
    pub read: Result<()>,
}

impl Session {
    /// Takes up what is kept there. No network and no thread; a store that can't be read tells so when it is needed.
    pub fn new(keep: Keep) -> Arc<Session> {
        let session = Session {
            state: Mutex::default(),
            gate: Arc::default(),
            place: Place::new(keep),
        };
        let _ = session.read_again();
        Arc::new(session)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nothing new begins at the store of a client that is freed, and what is under way there has ended.
    pub fn close(&self) {
        self.place.close();
    }

    /// Whether the store holds something that this client has not read yet.
    pub fn is_behind(&self) -> bool {
        self.place.is_changed()
    }

    /// Sees what other programs did with the store.
    pub fn look(&self) {
        if self.is_behind() {
            let _ = self.read_again();
        }
    }

    /// Takes what the store holds now.
    pub fn read_again(&self) -> Result<()> {
        if self.place.is_memory() {
            return Ok(());
        }
        let before = self.generation();
        let found = self.place.load();
        let mut state = self.state();
        if state.generation != before {
            // A step of this client came between, and it knew more.
            return Ok(());
        }
        match found {
            Ok(record) => state.adopt(record),
            Err(error) => {
                log::write(Level::Warning, || format!("token store: {}", error.message));
                state.trouble = Some(error.clone());
                return Err(error);
            }
        }
        Ok(())
    }

    /// As [`look`](Session::look), and asks a store that can't tell whether it has changed.
    pub fn look_for_sign_in(&self) {
        if self.state().held.is_none() && self.place.is_host() {
            let _ = self.read_again();
        } else {
            self.look();
        }
    }

    pub async fn aside<T: Send + 'static>(
        self: &Arc<Session>,
        work: impl FnOnce(&Session) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        if self.place.is_memory() {
            return work(self);
        }
        let session = self.clone();
        runtime::aside(move || work(&session)).await
    }

    /// Waits for the turn to replace the tokens.
    pub async fn turn(self: &Arc<Session>, cancel: &CancellationToken) -> Result<Turn> {
        let never = || false;
        match self.turn_unless(cancel, LOCK_WAIT, never).await? {
            Some(turn) => turn.read.clone().map(|()| turn),
            None => Err(Error::cancelled()),
        }
    }

    /// As [`turn`](Session::turn), also when the store can't be read: for steps that replace all of it.
    pub async fn turn_anyway(self: &Arc<Session>, cancel: &CancellationToken) -> Result<Turn> {
        let turn = self.turn_unless(cancel, LOCK_WAIT, || false).await?;
        turn.ok_or_else(Error::cancelled)
    }

    /// Waits for the turn, or until `done` says that it isn't needed any more. With a limit of 0 it isn't waited for
    /// at all.
    pub async fn turn_unless(
        self: &Arc<Session>,
        cancel: &CancellationToken,
        limit: Duration,
        done: impl Fn() -> bool,
    ) -> Result<Option<Turn>> {
        let gate = match limit.is_zero() {
            false => self.gate.clone().lock_owned().await,
            true => match self.gate.clone().try_lock_owned() {
                Ok(gate) => gate,
                Err(_) => return Ok(None),
            },
        };
        let Some(lock) = self.place.lock(cancel, limit, &done).await? else {
            return Ok(None);
        };
        let read = self.aside(|session| Ok(session.read_again())).await?;
        Ok(Some(Turn {
            room: Mutex::default(),
            _lock: lock,
            _gate: gate,
            read,
        }))
    }

    /// Makes room for new tokens, so that they are asked for only when they can be kept.
    pub async fn make_room(self: &Arc<Session>, turn: &Turn) -> Result<()> {
        let room = self.aside(|session| session.place.make_room()).await?;
        *turn.room.lock().unwrap_or_else(PoisonError::into_inner) = room;
        Ok(())
    }

    pub fn held(&self) -> Result<Held> {
        let state = self.state();
        state.held.clone().ok_or_else(|| {
            let none = || Error::new(Status::NotSignedIn, "nobody is signed in");
            state.trouble.clone().unwrap_or_else(none)
        })
    }

    pub fn generation(&self) -> u64 {
        self.state().generation
    }

    pub fn is_unsaved(&self) -> bool {
        self.state().unsaved
    }

    pub fn stage(&self) -> Stage {
        let state = self.state();
        match (&state.held, &state.account_id) {
            (None, _) => Stage::SignedOut,
            (Some(_), None) => Stage::SignedIn,
            (Some(_), Some(_)) => Stage::Paired,
        }
    }

    pub fn account_id(&self) -> Option<String> {
        self.state().account_id.clone()
    }

    pub fn region(&self) -> Option<Arc<Discovered>> {
        self.state().region.clone()
    }

    /// What discovery said; it goes to the store with the next save.
    pub fn set_region(&self, region: Option<Arc<Discovered>>) {
        let mut state = self.state();
        let same = match (&state.region, &region) {
            (Some(old), Some(new)) => old.region == new.region && old.templates == new.templates,
            (None, None) => true,
            _ => false,
        };
        state.region = region;
        state.unsaved |= !same && state.held.is_some();
    }

    /// Changes a copy, saves it, and then lets everybody use it. Blocks while the store is written.
    fn commit(&self, turn: &Turn, change: impl FnOnce(&mut State)) -> Result<()> {
        let mut next = self.state().clone();
        change(&mut next);
        let generation = uuid::Uuid::new_v4().to_string();
        let record = Record {
            generation,
            held: next.held.clone(),
            account_id: next.account_id.clone(),
            region: next.region.clone(),
        };
        let room = turn
            .room
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let saved = self.place.save(&record, room);
        match &saved {
            Ok(()) => {
                next.stored = Some(record.generation);
                next.trouble = None;
            }
            Err(error) if !next.unsaved => log::write(Level::Error, || {
                format!(
                    "token store: not saved, the tokens are kept in memory: {}",
                    error.message
                )
            }),
            Err(_) => {}
        }
        next.unsaved = saved.is_err();
        *self.state() = next;
        saved
    }

    /// A new sign-in: nothing of the one before stays.
    pub fn sign_in(&self, turn: &Turn, tokens: Tokens, asked_at: Instant) -> Result<()> {
        self.commit(turn, |state| {
            state.forget();
            state.put(tokens, asked_at);
        })
    }

    pub fn renew(&self, turn: &Turn, tokens: Tokens, asked_at: Instant) -> Result<()> {
        self.commit(turn, |state| state.put(tokens, asked_at))
    }

    /// The new token set and the account it belongs to, at once: nobody sees one without the other. The account may
    /// belong to another region than the user.
    pub fn pair(
        &self,
        turn: &Turn,
        tokens: Tokens,
        asked_at: Instant,
        account_id: String,
    ) -> Result<()> {
        self.commit(turn, |state| {
            state.put(tokens, asked_at);
            state.account_id = Some(account_id);
            state.region = None;
        })
    }

    pub fn unpair(&self, turn: &Turn) -> Result<()> {
        self.commit(turn, |state| state.account_id = None)
    }

    /// The service says that there is no pairing any more.
    pub fn mark_unpaired(&self) {
        let mut state = self.state();
        state.unsaved |= state.account_id.take().is_some();
    }

    pub fn sign_out(&self, turn: &Turn) -> Result<()> {
        self.commit(turn, State::forget)
    }

    /// Signs out without the store, whose lock could not be had.
    pub fn sign_out_in_memory(&self) {
        let mut state = self.state();
        state.forget();
        state.unsaved = true;
    }

    /// Saves what could not be saved before, unless the store has moved on meanwhile.
    pub fn save_again(&self, turn: &Turn) -> Result<()> {
        match self.is_unsaved() {
            true => self.commit(turn, |_| {}),
            false => Ok(()),
        }
    }
}
