//! The watch's work: when to look, what to ask, and what becomes of the answers.

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Client;
use super::watch::{Watch, earlier, paired_account};
use super::watch_queue::Event;
use super::watch_state::{Seen, version};
use crate::error::{Error, Result, Status};
use crate::log::{self, Level};
use crate::transport::runtime;
use crate::wire::order::{Order, Query};
use crate::wire::{Read, Text, date};

const PAGE_SIZE: u32 = 50;
/// The pause after the first failure; it doubles with each further one, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
/// Listings that hints cause are at least this far apart.
const BETWEEN_LISTINGS: Duration = Duration::from_secs(1);
/// How long a freed client may take to be gone after its cancel.
const FAREWELL: Duration = Duration::from_millis(50);

/// Statuses of an order whose files are about to come or to change. The list of ready orders holds none of these, but an
/// order that was asked for by its Rx may have one. A new word counts as ready when there are files.
const UNREADY: [&str; 3] = ["Rx Created", "Scanning", "Sending"];

/// When the next look is due.
struct Pace {
    interval: Duration,
    next: Instant,
    last: Option<Instant>,
    failures: u32,
}

impl Pace {
    fn listed(&mut self, now: Instant) {
        self.failures = 0;
        self.last = Some(now);
        self.next = now + self.interval;
    }

    /// The service answers again: what was missed meanwhile is listed now.
    fn answered(&mut self, now: Instant) {
        if self.failures > 0 {
            self.failures = 0;
            self.next = now;
        }
    }

    fn failed(&mut self, now: Instant, error: &Error) {
        self.last = Some(now);
        // Found out without the network, and to be noticed soon when it changes.
        let local = matches!(
            error.status,
            Status::NotSignedIn | Status::NotPaired | Status::State | Status::Cancelled
        );
        if !local {
            self.failures = self.failures.saturating_add(1);
        }
        self.next = now + self.pause();
    }

    fn pause(&self) -> Duration {
        let first = self.interval.min(FIRST_PAUSE);
        match self.failures {
            0 => first,
            failures => {
                let pause = first
                    .saturating_mul(1 << failures.min(20))
                    .min(LONGEST_PAUSE);
                // Several workstations that lost the network together don't come back together.
                let mut random = [0u8; 1];
                let _ = getrandom::fill(&mut random);
                pause.mul_f64(0.8 + 0.4 * f64::from(random[0]) / 255.0)
            }
        }
    }
}

enum Step {
    Ask(String),
    Look,
    Sleep(Instant),
}

impl Watch {
    /// Looks at the service until the watch is stopped or its client is freed.
    pub(super) async fn work(self: &Arc<Watch>) -> Result<()> {
        let mut pace = Pace {
            interval: self.interval,
            next: Instant::now(),
            last: None,
            failures: 0,
        };
        loop {
            let client = self.client.upgrade().ok_or_else(Error::cancelled)?;
            let outcome = match self.next_step(&pace) {
                Step::Ask(rx_id) => {
                    let asked = within(&client, self.ask(&client, rx_id)).await;
                    asked.map(|()| pace.answered(Instant::now()))
                }
                Step::Look => {
                    let looked = within(&client, self.look(&client)).await;
                    looked.map(|()| {
                        pace.listed(Instant::now());
                        self.queue.note(Ok(()));
                    })
                }
                Step::Sleep(until) => {
                    self.sleep(client, until).await;
                    continue;
                }
            };
            if let Err(error) = outcome {
                pace.failed(Instant::now(), &error);
                if error.status != Status::Cancelled {
                    let text = format!("watch: {}", error.message);
                    if self.queue.note(Err(error)) {
                        log::write(Level::Warning, || text);
                    }
                }
            }
        }
    }

    fn next_step(&self, pace: &Pace) -> Step {
        let now = Instant::now();
        let mut hints = self.hints();
        let mut due = pace.next;
        if hints.is_crowded() {
            let soon = pace.last.map_or(now, |last| last + BETWEEN_LISTINGS);
            due = due.min(soon);
        }
        if due <= now {
            hints.take_crowded();
            return Step::Look;
        }
        match hints.take(now) {
            Some(rx_id) => Step::Ask(rx_id),
            None => Step::Sleep(earlier(due, hints.next())),
        }
    }

    /// Holds no client meanwhile, so that the host can free it.
    async fn sleep(&self, client: Arc<Client>, until: Instant) {
        let cancelled = client.cancellation();
        drop(client);
        tokio::select! {
            () = tokio::time::sleep_until(until.into()) => {}
            () = self.hinted.notified() => {}
            () = cancelled.cancelled() => tokio::time::sleep(FAREWELL).await,
        }
    }

    /// The account must still be the one that the ledger is for.
    fn check_account(&self, client: &Client) -> Result<()> {
        match paired_account(client)? == self.account_id {
            true => Ok(()),
            false => Err(Error::new(
                Status::State,
                "the client is now paired to another account than the watch's",
            )
            .advise("Stop this watch and start one with a state file of the other account.")),
        }
    }

    /// D6 for a hint. An Rx that the service doesn't know, or that was not scanned, is no event.
    async fn ask(&self, client: &Arc<Client>, rx_id: String) -> Result<()> {
        self.check_account(client)?;
        let order = match client.clone().orders_by_rx(rx_id).await {
            Ok(order) => order,
            Err(error) if error.status == Status::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        self.check_account(client)?;
        self.take(vec![order], |_| {})
    }

    /// D3 from the window on, page by page.
    async fn look(&self, client: &Arc<Client>) -> Result<()> {
        let mut look = self.begin();
        let mut token = Text::default();
        loop {
            self.queue.wait_for_room().await;
            self.check_account(client)?;
            let page = client.orders_page(&look.query, &token).await?;
            self.check_account(client)?;
            token = page.next_page_token;
            let last = token.is_empty();
            let orders: Vec<Read<Vec<Order>>> = page.orders;
            for order in orders.iter().flat_map(|order| &order.value) {
                look.saw(order);
            }
            let mark = look.mark(last);
            self.take(orders, |store| {
                if let Some(mark) = mark {
                    store.ledger.advance(mark);
                }
                if last {
                    look.miss(self, store);
                }
            })?;
            if last {
                return Ok(());
            }
        }
    }

    /// A listing from the window on, or from the oldest event that the host has to hear of again.
    fn begin(&self) -> Look {
        let (store, now) = (self.store(), Instant::now());
        let mut from = store.ledger.window();
        let mut wanted = BTreeSet::new();
        for (order_id, entry) in store.ledger.unacknowledged() {
            if !self.queue.rests(order_id, &entry.version, now) {
                from = from.min(entry.updated);
                wanted.insert(order_id.to_owned());
            }
        }
        Look {
            query: Query {
                from: Some(from),
                page_size: PAGE_SIZE,
                ..Query::default()
            },
            wanted,
            latest: None,
            in_order: true,
        }
    }

    /// Into the ledger, onto the disk, to the host, in this sequence. An event that can't be written is told all the
    /// same: the disk then holds the mark from before it.
    fn take(
        &self,
        orders: Vec<Read<Vec<Order>>>,
        then: impl FnOnce(&mut super::watch::Store),
    ) -> Result<()> {
        let now = Instant::now();
        let mut store = self.store();
        let mut events = Vec::new();
        for orders in orders {
            let Some(order) = orders.value.first().filter(|order| self.is_ready(order)) else {
                continue;
            };
            let (order_id, version) = (order.order_id.clone(), version(&order.files));
            let updated = date::milliseconds(&order.updated_date);
            if store.ledger.observe(&order_id, &version, updated) == Seen::Unacknowledged {
                events.push(Event {
                    order_id,
                    account_id: Text::new(&self.account_id),
                    version: Text::from(version),
                    orders: Arc::new(orders),
                });
            }
        }
        then(&mut store);
        let saved = store.save();
        for event in events {
            self.queue.offer(event, now);
        }
        saved
    }

    fn is_ready(&self, order: &Order) -> bool {
        let mine = order.account_id.is_empty() || order.account_id.as_str() == self.account_id;
        let status = order.status.trim();
        mine && !order.files.is_empty()
            && !UNREADY
                .iter()
                .any(|unready| unready.eq_ignore_ascii_case(status))
    }
}

/// One listing, from its first page to its last.
struct Look {
    query: Query,
    /// Events to tell again that no page has shown yet.
    wanted: BTreeSet<String>,
    latest: Option<i64>,
    in_order: bool,
}

impl Look {
    fn saw(&mut self, order: &Order) {
        self.wanted.remove(order.order_id.as_str());
        if let Some(updated) = date::milliseconds(&order.updated_date) {
            self.in_order &= self.latest.is_none_or(|latest| latest <= updated);
            self.latest = self.latest.max(Some(updated));
        }
    }

    /// How far the mark may go after this page. A service that doesn't list the oldest first may still have older orders
    /// to show, so then it waits for the end.
    fn mark(&self, last: bool) -> Option<i64> {
        self.latest.filter(|_| self.in_order || last)
    }

    /// Orders that are not ready now, or gone, are not looked for at every interval.
    fn miss(&mut self, watch: &Watch, store: &mut super::watch::Store) {
        let now = Instant::now();
        for order_id in std::mem::take(&mut self.wanted) {
            let version = store
                .ledger
                .unacknowledged()
                .find(|(id, _)| *id == order_id)
                .map(|(_, entry)| entry.version.clone());
            if let Some(version) = version
                && !store.ledger.missed(&order_id)
            {
                watch.queue.rest(&order_id, &version, now);
            }
        }
    }
}

/// A cancel of the client ends what runs now, not the watch; a fault inside is one more failure.
async fn within(client: &Client, work: impl Future<Output = Result<()>>) -> Result<()> {
    let cancelled = client.cancellation();
    tokio::select! {
        biased;
        outcome = runtime::caught(work) => outcome,
        () = cancelled.cancelled() => Err(Error::cancelled()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_grows_to_five_minutes_and_a_success_ends_it() {
        let now = Instant::now();
        let mut pace = Pace {
            interval: Duration::from_secs(60),
            next: now,
            last: None,
            failures: 0,
        };
        let down = Error::new(Status::Network, "down");
        for failures in 1..40u32 {
            pace.failed(now, &down);
            let middle = FIRST_PAUSE
                .saturating_mul(1 << failures.min(20))
                .min(LONGEST_PAUSE);
            let pause = pace.next - now;
            assert!(pause >= middle.mul_f64(0.79) && pause <= middle.mul_f64(1.21));
        }
        pace.answered(now);
        assert_eq!(pace.next, now);
        pace.listed(now);
        assert_eq!(pace.next - now, Duration::from_secs(60));
        pace.failed(now, &Error::new(Status::NotPaired, "not paired"));
        assert_eq!(pace.next - now, FIRST_PAUSE);
    }
}
