//! Events on their way to the host, and how the watch is doing.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::error::{Error, Result, Status};
use crate::wire::order::Order;
use crate::wire::{Read, Text};

/// Events that wait for a slow host; the watch reads on when there is room again.
const MOST_WAITING: usize = 256;
/// After this time an event that was told and not acknowledged is told again in the same run: longer than a large
/// download takes, short enough that a full disk doesn't cost a scan.
pub const REPEAT: Duration = Duration::from_secs(30 * 60);

/// A version of an order's files that the host has not acknowledged.
pub struct Event {
    /// One order, as a table.
    pub orders: Arc<Read<Vec<Order>>>,
    pub order_id: Text,
    pub account_id: Text,
    pub version: Text,
}

#[derive(Default)]
pub struct Queue {
    shared: Mutex<Shared>,
    arrived: Condvar,
    pub room: tokio::sync::Notify,
}

#[derive(Default)]
struct Shared {
    waiting: VecDeque<Arc<Event>>,
    /// By order: the version that was told, or looked for in vain, and when.
    rested: HashMap<String, (String, Instant)>,
    /// Why the last look failed; `None` after one that succeeded.
    failure: Option<Error>,
    looked: bool,
    unreported: bool,
    ended: bool,
}

impl Shared {
    fn rests(&self, order_id: &str, version: &str, now: Instant) -> bool {
        let waits = |event: &Arc<Event>| {
            event.order_id.as_str() == order_id && event.version.as_str() == version
        };
        self.waiting.iter().any(waits)
            || self.rested.get(order_id).is_some_and(|(rested, at)| {
                rested == version && now.saturating_duration_since(*at) < REPEAT
            })
    }

    /// A failure that the host must do something about.
    fn lasting_failure(&self) -> Option<&Error> {
        self.failure.as_ref().filter(|failure| !failure.retryable)
    }
}

fn ended() -> Error {
    Error::new(Status::Cancelled, "the watch was stopped")
        .advise("Nothing is wrong: what was not acknowledged is told by the next watch.")
}

impl Queue {
    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether this version waits for the host, or was told not long ago.
    pub fn rests(&self, order_id: &str, version: &str, now: Instant) -> bool {
        self.shared().rests(order_id, version, now)
    }

    pub fn rest(&self, order_id: &str, version: &str, now: Instant) {
        self.shared()
            .rested
            .insert(order_id.to_owned(), (version.to_owned(), now));
    }

    /// Tells the host, unless it is about to be told or was told in this run; takes the place of an older version.
    pub fn offer(&self, event: Event, now: Instant) {
        let mut shared = self.shared();
        if shared.ended || shared.rests(&event.order_id, &event.version, now) {
            return;
        }
        shared
            .waiting
            .retain(|waiting| waiting.order_id != event.order_id);
        shared.waiting.push_back(Arc::new(event));
        drop(shared);
        self.arrived.notify_all();
    }

    /// An acknowledged event is not told any more.
    pub fn withdraw(&self, order_id: &str, version: &str) {
        let mut shared = self.shared();
        let same = |event: &Arc<Event>| {
            event.order_id.as_str() == order_id && event.version.as_str() == version
        };
        shared.waiting.retain(|event| !same(event));
        if shared
            .rested
            .get(order_id)
            .is_some_and(|(rested, _)| rested == version)
        {
            shared.rested.remove(order_id);
        }
        drop(shared);
        self.room.notify_one();
    }

    /// Waits until the host has taken some of what waits.
    pub async fn wait_for_room(&self) {
        while self.shared().waiting.len() >= MOST_WAITING {
            self.room.notified().await;
        }
    }

    /// The next event, given to `hand`, which may refuse it; then it stays. Without one: the failure that the host must
    /// know of, each once at once and then whenever the time is out.
    pub fn take<T>(
        &self,
        limit: Option<Duration>,
        hand: impl Fn(&Arc<Event>) -> Result<T>,
    ) -> Result<T> {
        let until = limit.and_then(|limit| Instant::now().checked_add(limit));
        let mut shared = self.shared();
        loop {
            if shared.ended {
                return Err(ended());
            }
            if let Some(event) = shared.waiting.front().cloned() {
                let handed = hand(&event)?;
                shared.waiting.pop_front();
                let (order_id, version) = (event.order_id.to_string(), event.version.to_string());
                shared.rested.insert(order_id, (version, Instant::now()));
                drop(shared);
                self.room.notify_one();
                return Ok(handed);
            }
            if std::mem::take(&mut shared.unreported)
                && let Some(failure) = shared.lasting_failure()
            {
                return Err(failure.clone());
            }
            shared = match until {
                None => self
                    .arrived
                    .wait(shared)
                    .unwrap_or_else(PoisonError::into_inner),
                Some(until) => {
                    let left = until.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        let pending = || Error::new(Status::Pending, "no scan is waiting");
                        return Err(shared.lasting_failure().cloned().unwrap_or_else(pending));
                    }
                    self.arrived
                        .wait_timeout(shared, left)
                        .unwrap_or_else(PoisonError::into_inner)
                        .0
                }
            };
        }
    }

    /// The next event for a callback, which hears of nothing else; `None` at the end.
    pub fn next(&self) -> Option<Arc<Event>> {
        loop {
            match self.take(None, |event| Ok(event.clone())) {
                Ok(event) => return Some(event),
                Err(error) if error.status == Status::Cancelled => return None,
                Err(_) => {}
            }
        }
    }

    /// How a look at the service went. True when it is a failure of another kind than the one before.
    pub fn note(&self, outcome: Result<()>) -> bool {
        let mut shared = self.shared();
        let before = shared.failure.as_ref().map(|failure| failure.status);
        shared.looked = true;
        shared.failure = outcome.err();
        let now = shared.failure.as_ref().map(|failure| failure.status);
        let news = now.is_some() && now != before;
        shared.unreported = news || (shared.unreported && now.is_some());
        drop(shared);
        self.arrived.notify_all();
        news
    }

    pub fn status(&self) -> Result<()> {
        let shared = self.shared();
        if shared.ended {
            return Err(ended());
        }
        match &shared.failure {
            Some(failure) => Err(failure.clone()),
            None if shared.looked => Ok(()),
            None => Err(Error::new(
                Status::Pending,
                "the watch has not looked at the service yet",
            )),
        }
    }

    pub fn end(&self) {
        let mut shared = self.shared();
        shared.ended = true;
        shared.waiting.clear();
        drop(shared);
        self.arrived.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(order_id: &str, version: &str) -> Event {
        Event {
            orders: Arc::new(Read {
                value: Vec::new(),
                json: Text::default(),
            }),
            order_id: Text::new(order_id),
            account_id: Text::new("30417"),
            version: Text::new(version),
        }
    }

    fn take(queue: &Queue) -> Option<(String, String)> {
        let name = |event: &Arc<Event>| Ok((event.order_id.to_string(), event.version.to_string()));
        queue.take(Some(Duration::ZERO), name).ok()
    }

    fn pair(order_id: &str, version: &str) -> Option<(String, String)> {
        Some((order_id.to_owned(), version.to_owned()))
    }

    #[test]
    fn an_event_is_told_once_and_again_after_a_while() {
        let (queue, now) = (Queue::default(), Instant::now());
        queue.offer(event("1", "a"), now);
        queue.offer(event("1", "a"), now);
        assert_eq!(take(&queue), pair("1", "a"));
        queue.offer(event("1", "a"), Instant::now());
        assert_eq!(take(&queue), None);
        let later = Instant::now() + REPEAT;
        assert!(!queue.rests("1", "a", later));
        queue.offer(event("1", "a"), later);
        assert_eq!(take(&queue), pair("1", "a"));
    }

    #[test]
    fn a_newer_version_takes_the_place_and_an_acknowledged_one_leaves() {
        let (queue, now) = (Queue::default(), Instant::now());
        for (order_id, version) in [("1", "a"), ("2", "a"), ("1", "b")] {
            queue.offer(event(order_id, version), now);
        }
        queue.withdraw("2", "b");
        assert_eq!(take(&queue), pair("2", "a"));
        queue.withdraw("1", "b");
        assert_eq!(take(&queue), None);
    }

    #[test]
    fn what_can_not_be_handed_over_stays_and_a_failure_is_told_once() {
        let queue = Queue::default();
        queue.offer(event("1", "a"), Instant::now());
        let refuse = |_: &Arc<Event>| Err::<(), _>(Error::new(Status::Limit, "full"));
        assert!(queue.take(None, refuse).is_err());
        assert_eq!(take(&queue), pair("1", "a"));
        let failure = || Err(Error::new(Status::NotPaired, "not paired"));
        assert!(queue.note(failure()));
        let status = |limit| queue.take(limit, refuse).unwrap_err().status;
        assert_eq!(status(None), Status::NotPaired);
        assert!(!queue.note(failure()));
        assert_eq!(status(Some(Duration::from_millis(20))), Status::NotPaired);
        assert!(queue.note(Err(Error::new(Status::Network, "down"))));
        assert_eq!(status(Some(Duration::ZERO)), Status::Pending);
        queue.note(Ok(()));
        assert!(queue.status().is_ok());
    }
}
