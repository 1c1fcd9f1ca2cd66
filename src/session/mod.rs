//! The session: the tokens of one sign-in and what they are bound to.
//!
//! Every set of tokens has a generation. Whoever finds a token refused names the generation it used; when another
//! thread has brought a newer one meanwhile, that one is adopted and no second refresh is sent. Steps that replace the
//! tokens (refresh, pairing, sign-in, revocation) take turns at the gate: a refresh token that was used twice would
//! end the whole sign-in.
//!
//! Tokens live in memory and are wiped when they are replaced.

pub mod pkce;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use secrecy::SecretString;
use tokio::sync::OwnedMutexGuard;

use crate::error::{Error, Result, Status};
use crate::wire::sign_in::Tokens;

/// How far a sign-in has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Stage {
    SignedOut = 0,
    SignedIn = 1,
    Paired = 2,
}

/// The tokens of one generation.
#[derive(Clone)]
pub struct Held {
    pub access: SecretString,
    pub refresh: Option<SecretString>,
    pub generation: u64,
    renew_at: Instant,
    expires_at: Instant,
}

impl Held {
    /// Whether it is time for a new token: a little before the old one ends.
    pub fn is_due(&self) -> bool {
        Instant::now() >= self.renew_at
    }

    pub fn is_expired(&self) -> bool {
        Instant::now() >= self.expires_at
    }
}

#[derive(Default)]
struct State {
    held: Option<Held>,
    generation: u64,
    account_id: Option<String>,
}

#[derive(Default)]
pub struct Session {
    state: Mutex<State>,
    gate: Arc<tokio::sync::Mutex<()>>,
}

/// The right to replace the tokens.
pub struct Turn(#[allow(dead_code, reason = "held for its drop")] OwnedMutexGuard<()>);

impl Session {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the turn to replace the tokens.
    pub async fn turn(&self) -> Turn {
        Turn(self.gate.clone().lock_owned().await)
    }

    pub fn held(&self) -> Result<Held> {
        self.state()
            .held
            .clone()
            .ok_or_else(|| Error::new(Status::NotSignedIn, "nobody is signed in"))
    }

    pub fn generation(&self) -> u64 {
        self.state().generation
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

    fn put(state: &mut State, tokens: Tokens, asked_at: Instant) {
        state.generation += 1;
        // A missing refresh token means that the old one stays in force (RFC 6749 §6).
        let refresh = tokens
            .refresh
            .or_else(|| state.held.take().and_then(|old| old.refresh));
        let early = (tokens.life / 10).min(Duration::from_secs(60));
        state.held = Some(Held {
            access: tokens.access,
            refresh,
            generation: state.generation,
            renew_at: asked_at + tokens.life.saturating_sub(early),
            expires_at: asked_at + tokens.life,
        });
    }

    /// A new sign-in: nothing of the one before stays.
    pub fn sign_in(&self, _turn: &Turn, tokens: Tokens, asked_at: Instant) {
        let mut state = self.state();
        state.held = None;
        state.account_id = None;
        Session::put(&mut state, tokens, asked_at);
    }

    pub fn renew(&self, _turn: &Turn, tokens: Tokens, asked_at: Instant) {
        Session::put(&mut self.state(), tokens, asked_at);
    }

    /// The new token set and the account it belongs to, at once: no other thread sees one without the other.
    pub fn pair(&self, _turn: &Turn, tokens: Tokens, asked_at: Instant, account_id: &str) {
        let mut state = self.state();
        Session::put(&mut state, tokens, asked_at);
        state.account_id = Some(account_id.to_owned());
    }

    pub fn unpair(&self) {
        self.state().account_id = None;
    }

    pub fn sign_out(&self, _turn: &Turn) {
        let mut state = self.state();
        state.held = None;
        state.account_id = None;
        state.generation += 1;
    }
}
