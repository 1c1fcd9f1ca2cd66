//! The store that a host program brings itself, such as a table of its own database.
//!
//! Each of its functions is called one at a time and without a lock of this library held, but for the host's own lock,
//! which is what it is for. The lock may be taken on one thread and given back on another.

use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::zeroize::Zeroizing;
use tokio_util::sync::CancellationToken;

use super::record::Record;
use crate::error::{Error, Result, Status};
use crate::{protect, threads};

const PURPOSE: &str = "itero session of a host";
/// The first byte of a text that is not sealed.
const OPEN: u8 = 0;
/// How long the host may keep one try for its lock; a cancel is heard between two.
const TRY: Duration = Duration::from_millis(250);
/// How long freeing a client waits for what is under way, which a refresh with a slow answer sets.
const CLOSE_WAIT: Duration = Duration::from_secs(35);

thread_local! {
    static INSIDE: Cell<bool> = const { Cell::new(false) };
    /// While the host loads: the text that it hands over.
    static GIVEN: RefCell<Option<Zeroizing<String>>> = const { RefCell::new(None) };
}

/// Whether the calling thread is inside one of the host's functions.
pub fn is_in_callback() -> bool {
    INSIDE.get()
}

/// Takes the text that the host hands over while it loads.
pub fn give(text: &str) -> Result<()> {
    GIVEN.with_borrow_mut(|given| match given {
        Some(given) => {
            *given = Zeroizing::new(text.to_owned());
            Ok(())
        }
        None => Err(Error::new(
            Status::State,
            "nothing is being loaded on this thread",
        )
        .advise("Call it from within the function load that itero_config_set_token_callbacks was given.")),
    })
}

/// What the host is asked to do.
pub enum Ask<'a> {
    Load,
    Save(&'a str),
    Lock { wait: Duration },
    Unlock,
}

/// The host's answer.
pub enum Reply {
    Done,
    /// Somebody else has the lock.
    Busy,
    Failed(String),
}

/// A host's functions and how their text is to be protected.
pub struct HostStore {
    pub ask: Box<dyn Fn(Ask<'_>) -> Reply + Send + Sync>,
    /// Sealed for this user on this computer; otherwise the host protects it.
    pub sealed: bool,
}

#[derive(Default)]
struct Use {
    /// Somebody is in one of the functions.
    inside: bool,
    /// Locks that were taken and not given back.
    locks: u32,
}

struct Line {
    store: Arc<HostStore>,
    usage: Mutex<Use>,
    changed: Condvar,
    closed: AtomicBool,
}

/// One client's talk with the store.
pub struct Talk(Arc<Line>);

impl Line {
    fn usage(&self) -> MutexGuard<'_, Use> {
        self.usage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&'a self, usage: MutexGuard<'a, Use>) -> MutexGuard<'a, Use> {
        self.changed
            .wait(usage)
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Calls the host; a callback that comes back in here is refused before, at the operations.
    fn ask(&self, ask: Ask<'_>) -> Reply {
        let mut usage = self.usage();
        while usage.inside {
            usage = self.wait(usage);
        }
        usage.inside = true;
        drop(usage);
        struct Leave<'a>(&'a Line, bool);
        impl Drop for Leave<'_> {
            fn drop(&mut self) {
                INSIDE.set(self.1);
                self.0.usage().inside = false;
                self.0.changed.notify_all();
            }
        }
        let _leave = Leave(self, INSIDE.replace(true));
        (self.store.ask)(ask)
    }
}

fn failed(what: &str, why: &str) -> Error {
    Error::new(
        Status::Store,
        format!("the program's own token store failed at {what}: {why}"),
    )
    .advise("Check the functions given to itero_config_set_token_callbacks and the database behind them.")
}

fn foreign() -> Error {
    Error::new(
        Status::Store,
        "the program's own token store holds a text that is damaged, or belongs to another user or computer",
    )
    .advise("Sign in again; that replaces the text.")
}

impl Talk {
    pub fn new(store: Arc<HostStore>) -> Talk {
        Talk(Arc::new(Line {
            store,
            usage: Mutex::default(),
            changed: Condvar::new(),
            closed: AtomicBool::new(false),
        }))
    }

    pub fn load(&self) -> Result<Option<Record>> {
        let before = GIVEN.replace(Some(Zeroizing::default()));
        let reply = self.0.ask(Ask::Load);
        let text = GIVEN.replace(before).unwrap_or_default();
        match reply {
            Reply::Done if text.is_empty() => return Ok(None),
            Reply::Done => {}
            Reply::Failed(why) => return Err(failed("load", &why)),
            Reply::Busy => return Err(failed("load", "its answer has no meaning")),
        }
        let bytes = Zeroizing::new(STANDARD.decode(text.trim()).map_err(|_| foreign())?);
        let record = match (bytes.split_first(), self.0.store.sealed) {
            (Some((&OPEN, plain)), false) => Record::read(plain),
            (Some(_), true) => {
                protect::open(PURPOSE, &bytes)?.and_then(|plain| Record::read(&plain))
            }
            _ => None,
        };
        record.map(Some).ok_or_else(foreign)
    }

    pub fn save(&self, record: &Record) -> Result<()> {
        let plain = record.bytes();
        let bytes = match self.0.store.sealed {
            true => Zeroizing::new(protect::seal(PURPOSE, &plain)?),
            false => {
                let mut bytes = Zeroizing::new(Vec::with_capacity(plain.len() + 1));
                bytes.push(OPEN);
                bytes.extend_from_slice(&plain);
                bytes
            }
        };
        match self
            .0
            .ask(Ask::Save(&Zeroizing::new(STANDARD.encode(&*bytes))))
        {
            Reply::Done => Ok(()),
            Reply::Failed(why) => Err(failed("save", &why)),
            Reply::Busy => Err(failed("save", "its answer has no meaning")),
        }
    }

    pub async fn lock(&self, cancel: &CancellationToken, limit: Duration) -> Result<HostLock> {
        let until = Instant::now() + limit;
        loop {
            let wait = TRY.min(until.saturating_duration_since(Instant::now()));
            let line = self.0.clone();
            // When nobody waits for it any more, the lock is dropped, and so given back.
            let locked = crate::transport::runtime::aside(move || take_lock(&line, wait));
            let locked = tokio::select! {
                locked = locked => locked?,
                () = cancel.cancelled() => return Err(Error::cancelled()),
            };
            if let Some(lock) = locked {
                return Ok(lock);
            }
            if Instant::now() >= until {
                let mut error = failed(
                    "lock",
                    &format!("another program held it for {} s", limit.as_secs()),
                );
                error.retryable = true;
                return Err(error);
            }
        }
    }

    /// Nothing begins any more; what is under way is waited for, so that no function is called after this, unless it is
    /// one of those functions that ends the client.
    pub fn close(&self) {
        let mut usage = self.0.usage();
        self.0.closed.store(true, Ordering::SeqCst);
        if is_in_callback() || threads::is_own() {
            return;
        }
        let until = Instant::now() + CLOSE_WAIT;
        while usage.inside || usage.locks > 0 {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            usage = self
                .0
                .changed
                .wait_timeout(usage, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }
}

fn take_lock(line: &Arc<Line>, wait: Duration) -> Result<Option<HostLock>> {
    {
        let mut usage = line.usage();
        if line.closed.load(Ordering::SeqCst) {
            return Err(Error::cancelled());
        }
        usage.locks += 1;
    }
    let mut lock = Taken {
        line: line.clone(),
        is_ours: false,
    };
    match line.ask(Ask::Lock { wait }) {
        Reply::Done => {
            lock.is_ours = true;
            Ok(Some(HostLock(Some(lock))))
        }
        Reply::Busy => {
            // A host that doesn't wait itself must not be asked without a pause.
            std::thread::sleep(wait.min(Duration::from_millis(10)));
            Ok(None)
        }
        Reply::Failed(why) => Err(failed("lock", &why)),
    }
}

struct Taken {
    line: Arc<Line>,
    is_ours: bool,
}

impl Drop for Taken {
    fn drop(&mut self) {
        if self.is_ours {
            self.line.ask(Ask::Unlock);
        }
        self.line.usage().locks -= 1;
        self.line.changed.notify_all();
    }
}

/// The host's lock, given back aside: it may take long, and the network thread must not wait for it.
pub struct HostLock(Option<Taken>);

impl Drop for HostLock {
    fn drop(&mut self) {
        let taken = self.0.take();
        match tokio::runtime::Handle::try_current() {
            // A runtime that is at its end drops the work, and with it the lock.
            Ok(runtime) => drop(runtime.spawn_blocking(move || threads::inside(|| drop(taken)))),
            Err(_) => drop(taken),
        }
    }
}
