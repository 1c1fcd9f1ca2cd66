//! The watch (D3, D5, D6): every scan that is ready reaches the host, with or without a public address for notifications.
//!
//! It lists the orders that changed since its mark, again and again, and looks at once into what a hint names. What it
//! finds goes first into its ledger, then onto the disk, then to the host; so a crash at any moment repeats an event at
//! most, until the host has acknowledged it. Nothing else is believed: a hint is only a reason to ask.
//!
//! Locks are taken in one order, store before queue, so that an acknowledged event can't slip into the queue between.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant, SystemTime};

use tokio_util::sync::CancellationToken;

use super::Client;
use super::listener::{Listener, TakesHints};
use super::watch_file::{Before, StateFile};
use super::watch_hints::Hints;
use super::watch_queue::{Event, Queue};
use super::watch_state::{Ledger, is_version};
use crate::callback::Callback;
use crate::error::{Error, Result, Status};
use crate::log::{self, Level};
use crate::threads;
use crate::transport::runtime;
use crate::wire::notification::Notification;

const DEFAULT_INTERVAL: Duration = Duration::from_secs(60);
const LONGEST_INTERVAL: Duration = Duration::from_secs(24 * 60 * 60);
const DAY: i64 = 86_400_000;

/// What a host asks for.
pub struct Wish {
    pub state_file: PathBuf,
    /// Where a first start begins, in milliseconds since 1970.
    pub since: Option<i64>,
    pub listener: Option<Arc<Listener>>,
    pub interval: Duration,
}

pub struct Watch {
    /// Weak: the host's free of the client ends the sign-in, whether a watch is there or not.
    pub(super) client: Weak<Client>,
    pub(super) account_id: String,
    pub(super) interval: Duration,
    store: Mutex<Store>,
    pub(super) queue: Queue,
    hints: Mutex<Hints>,
    pub(super) hinted: tokio::sync::Notify,
    stop: CancellationToken,
    callback: Option<Callback<Arc<Event>>>,
}

pub(super) struct Store {
    /// `None` once the watch was stopped; the lock is free then.
    file: Option<StateFile>,
    pub ledger: Ledger,
}

impl Store {
    /// Writes what has changed.
    pub fn save(&mut self) -> Result<()> {
        let file = self.file.as_ref().ok_or_else(Error::cancelled)?;
        if self.ledger.is_changed() {
            file.save(&self.ledger)?;
            self.ledger.saved();
        }
        Ok(())
    }
}

impl Watch {
    /// Begins. With a callback, events go to it; without, they wait for [`Watch::wait`].
    pub fn start(
        client: &Arc<Client>,
        wish: Wish,
        callback: Option<Callback<Arc<Event>>>,
    ) -> Result<Arc<Watch>> {
        if wish.interval > LONGEST_INTERVAL {
            return Err(Error::argument("interval_ms is longer than a day"));
        }
        let account_id = paired_account(client)?;
        let (file, before) = StateFile::open(&wish.state_file)?;
        let ledger = match before {
            Before::Ledger(ledger) if ledger.account_id != account_id => {
                return Err(Error::new(
                    Status::State,
                    "the state file belongs to another account than the one that the client is paired to",
                )
                .advise("Give each account a state file of its own."));
            }
            Before::Ledger(ledger) => *ledger,
            // Told again rather than lost: a damaged file may have held scans that nobody has acknowledged for long.
            Before::Damaged => Ledger::new(&account_id, wish.since.unwrap_or_else(|| days_ago(30))),
            Before::Nothing => Ledger::new(&account_id, wish.since.unwrap_or_else(|| days_ago(1))),
        };
        // The beginning is kept too: a second start must not begin later than the first one would have.
        let mut store = Store {
            file: Some(file),
            ledger,
        };
        store.save()?;
        let watch = Arc::new(Watch {
            client: Arc::downgrade(client),
            account_id,
            interval: match wish.interval.is_zero() {
                true => DEFAULT_INTERVAL,
                false => wish.interval,
            },
            store: Mutex::new(store),
            queue: Queue::default(),
            hints: Mutex::default(),
            hinted: tokio::sync::Notify::new(),
            stop: CancellationToken::new(),
            callback,
        });
        if let Some(listener) = &wish.listener {
            let taker: Weak<Watch> = Arc::downgrade(&watch);
            listener.hand_to(taker)?;
        }
        let this = watch.clone();
        threads::spawn("itero-watch", move || {
            let outcome = runtime::run_here(&this.stop, this.work());
            log::write(Level::Info, || "watch: ended".to_owned());
            drop(outcome);
            this.end();
        })?;
        if watch.callback.is_some() {
            let this = watch.clone();
            let delivering = threads::spawn("itero-watch-events", move || this.deliver());
            if delivering.is_err() {
                watch.stop();
            }
            delivering?;
        }
        Ok(watch)
    }

    pub(super) fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn hints(&self) -> MutexGuard<'_, Hints> {
        self.hints.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn deliver(&self) {
        let Some(callback) = &self.callback else {
            return;
        };
        while let Some(event) = self.queue.next() {
            callback.invoke(&event);
        }
    }

    /// The next event, given to `hand`; when that fails, the event stays the next one.
    pub fn wait<T>(
        &self,
        limit: Option<Duration>,
        hand: impl Fn(&Arc<Event>) -> Result<T>,
    ) -> Result<T> {
        if self.callback.is_some() {
            return Err(Error::new(
                Status::State,
                "this watch hands its events to a callback",
            ));
        }
        self.queue.take(limit, hand)
    }

    /// The host has what the event told of. When this returns, that is on the disk: no watch tells it again.
    pub fn acknowledge(&self, order_id: &str, version: &str) -> Result<()> {
        let (order_id, version) = (order_id.trim(), version.trim());
        if order_id.is_empty() {
            return Err(Error::argument("order_id is empty"));
        }
        if !is_version(version) {
            return Err(Error::argument(
                "version is not one that itero_event_version gave",
            ));
        }
        let mut store = self.store();
        if store.file.is_none() {
            return Err(Error::new(Status::Cancelled, "the watch was stopped")
                .advise("Start a watch with the same state file; it tells the event again."));
        }
        if store.ledger.acknowledge(order_id, version)
            && let Err(error) = store.save()
        {
            store.ledger.take_back(order_id, version);
            return Err(error);
        }
        self.queue.withdraw(order_id, version);
        Ok(())
    }

    /// How the last look at the service went.
    pub fn status(&self) -> Result<()> {
        self.queue.status()
    }

    /// A reason to ask for an Rx at once.
    pub fn hint(&self, notification: &Notification) -> Result<()> {
        if self.stop.is_cancelled() {
            return Err(Error::new(Status::Cancelled, "the watch was stopped"));
        }
        let account = notification.account_id.as_str();
        if !account.is_empty() && account != self.account_id {
            log::write(Level::Info, || {
                "watch: a hint for another account was left alone".to_owned()
            });
            return Ok(());
        }
        self.hints().add(&notification.rx_id);
        self.hinted.notify_one();
        Ok(())
    }

    /// Ends the watch and its callbacks, and frees the state file.
    pub fn stop(&self) {
        self.stop.cancel();
        self.end();
        if let Some(callback) = &self.callback {
            callback.close();
        }
    }

    fn end(&self) {
        self.stop.cancel();
        self.store().file = None;
        self.queue.end();
    }
}

impl TakesHints for Watch {
    fn takes(&self) -> bool {
        !self.stop.is_cancelled()
    }

    fn take(&self, notification: &Notification) {
        let _ = self.hint(notification);
    }
}

/// The account that the client is paired to now.
pub(super) fn paired_account(client: &Client) -> Result<String> {
    client.check_signed_in()?;
    let account = client.session.account_id();
    account.ok_or_else(|| {
        Error::new(
            Status::NotPaired,
            "the session is not paired to an account, so there are no orders to watch",
        )
    })
}

/// The only place where the computer's clock counts: a first start without a date of its own.
fn days_ago(days: i64) -> i64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let now = now.map_or(0, |now| i64::try_from(now.as_millis()).unwrap_or(i64::MAX));
    now.saturating_sub(days * DAY)
}

/// The earlier of two moments, where one may be missing.
pub(super) fn earlier(one: Instant, other: Option<Instant>) -> Instant {
    other.map_or(one, |other| one.min(other))
}
