//! What a client knows of its session, and how that changes.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use secrecy::{ExposeSecret, SecretString};

use super::record::{Record, age};
use crate::error::Error;
use crate::wire::sign_in::{Discovered, Tokens};

/// No service gives a token for longer.
const LONGEST_LIFE: Duration = Duration::from_secs(7 * 24 * 3600);

/// The tokens of one generation.
#[derive(Clone)]
pub struct Held {
    pub access: SecretString,
    pub refresh: Option<SecretString>,
    /// Counts the changes in this client.
    pub generation: u64,
    pub asked_at: SystemTime,
    pub life: Duration,
    renew_at: Instant,
    expires_at: Instant,
}

impl Held {
    pub fn new(
        access: SecretString,
        refresh: Option<SecretString>,
        asked_at: SystemTime,
        life: Duration,
    ) -> Held {
        // A store may say anything, and no clock reaches the end of time.
        let life = life.min(LONGEST_LIFE);
        let (now, left) = (Instant::now(), life.saturating_sub(age(asked_at)));
        let early = (life / 10).min(Duration::from_secs(60));
        Held {
            access,
            refresh,
            generation: 0,
            asked_at,
            life,
            renew_at: now + left.saturating_sub(early),
            expires_at: now + left,
        }
    }

    /// Whether it is time for a new token: a little before the old one ends.
    pub fn is_due(&self) -> bool {
        Instant::now() >= self.renew_at
    }

    pub fn is_expired(&self) -> bool {
        Instant::now() >= self.expires_at
    }
}

#[derive(Clone, Default)]
pub struct State {
    pub held: Option<Held>,
    pub generation: u64,
    pub account_id: Option<String>,
    pub region: Option<Arc<Discovered>>,
    /// The generation in the store that this is, or that it comes from.
    pub stored: Option<String>,
    /// Newer than what the store holds.
    pub unsaved: bool,
    /// Why the store could not be read.
    pub trouble: Option<Error>,
}

impl State {
    fn change(&mut self, held: Option<Held>) {
        self.generation += 1;
        self.held = held.map(|held| Held {
            generation: self.generation,
            ..held
        });
    }

    pub fn put(&mut self, tokens: Tokens, asked_at: Instant) {
        // A missing refresh token means that the old one stays in force (RFC 6749 §6).
        let kept = self.held.take().and_then(|old| old.refresh);
        let refresh = tokens.refresh.or(kept);
        let asked_at = SystemTime::now() - asked_at.elapsed();
        self.change(Some(Held::new(
            tokens.access,
            refresh,
            asked_at,
            tokens.life,
        )));
    }

    /// Takes what the store holds, unless this came from it.
    pub fn adopt(&mut self, record: Option<Record>) {
        self.trouble = None;
        if record.as_ref().map(|record| &record.generation) == self.stored.as_ref() {
            return;
        }
        self.unsaved = false;
        let Some(record) = record else {
            self.stored = None;
            self.forget();
            return;
        };
        self.stored = Some(record.generation);
        self.account_id = record.account_id;
        self.region = record.region;
        // A token that was refused doesn't become another one because something beside it was saved.
        let access = |held: &Option<Held>| held.as_ref().map(|held| held.access.clone());
        let (old, new) = (access(&self.held), access(&record.held));
        let same = old.as_ref().map(ExposeSecret::expose_secret)
            == new.as_ref().map(ExposeSecret::expose_secret);
        if !same {
            self.change(record.held);
        }
    }

    pub fn forget(&mut self) {
        self.account_id = None;
        self.region = None;
        self.change(None);
    }
}
