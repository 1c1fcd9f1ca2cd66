//! How far the calls of an input may come. What asks a service or waits costs ten thousand times as much as what only
//! computes, so most inputs are of the kind that only computes.

use std::sync::atomic::{AtomicU8, Ordering::Relaxed};
use std::time::Duration;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Functions that ask a service, wait or touch the disk are called with wrong handles.
    Light,
    /// All functions, with clients that nobody signed in and whose service doesn't listen.
    Offline,
    /// All functions, with clients that are signed in to the sandbox.
    Online,
}

pub const MODES: [Mode; 3] = [Mode::Light, Mode::Offline, Mode::Online];
/// Of so many inputs one is online, and a few are offline.
const OUT_OF: u64 = 4096;
const OFFLINE: u64 = 16;

impl Mode {
    /// By the digest of the whole input: its parents' mode says nothing about a new one, else those that find the most
    /// new code, which are the slow ones, would have most of the children.
    pub fn of(digest: u64) -> Mode {
        match digest % OUT_OF {
            0 => Mode::Online,
            1..=OFFLINE => Mode::Offline,
            _ => Mode::Light,
        }
    }

    /// How many sequences each thread draws beyond those of the input.
    pub fn drawn(self) -> usize {
        match self {
            Mode::Light => 32,
            Mode::Offline | Mode::Online => 1,
        }
    }

    /// After this time the calls of an input that still wait are cancelled, again and again.
    pub fn patience(self) -> Duration {
        Duration::from_millis(match self {
            Mode::Light => 500,
            Mode::Offline => 20,
            Mode::Online => 150,
        })
    }
}

/// The mode of the input that is played; callbacks come in it, too.
static NOW: AtomicU8 = AtomicU8::new(0);

pub fn set(mode: Mode) {
    NOW.store(mode as u8, Relaxed);
}

pub fn now() -> Mode {
    MODES[usize::from(NOW.load(Relaxed))]
}
