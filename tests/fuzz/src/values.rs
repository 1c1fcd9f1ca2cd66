//! Where arguments come from: the input's bytes, and handles that all threads see.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use crate::table::KINDS;

/// What an input says of one call: two bytes for the function, the rest for the arguments.
pub const RECORD: usize = 8;
const OWN: usize = RECORD - 2;

/// The choices of one call. The first come from the input itself, so that the fuzzer can steer them; whatever a call
/// needs beyond them is drawn from a generator that they seed. A record of zeros goes on as zeros, and zeros choose the
/// right argument everywhere.
pub struct Choices {
    own: [u8; OWN],
    taken: usize,
    state: u64,
}

impl Choices {
    pub fn new(bytes: &[u8]) -> Choices {
        let mut own = [0; OWN];
        for (to, from) in own.iter_mut().zip(bytes) {
            *to = *from;
        }
        let state = own
            .iter()
            .fold(0, |state: u64, byte| state << 8 | u64::from(*byte));
        Choices {
            own,
            taken: 0,
            state,
        }
    }

    pub fn next(&mut self) -> u8 {
        if let Some(byte) = self.own.get(self.taken) {
            self.taken += 1;
            return *byte;
        }
        self.state = step(self.state);
        self.state.to_be_bytes()[0]
    }

    pub fn wide(&mut self) -> usize {
        usize::from(self.next()) << 8 | usize::from(self.next())
    }

    pub fn word(&mut self) -> usize {
        usize::from_le_bytes(std::array::from_fn(|_| self.next()))
    }

    pub fn of<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[usize::from(self.next()) % from.len()]
    }
}

/// Marsaglia's xorshift64; zero stays zero.
fn step(mut state: u64) -> u64 {
    state ^= state << 13;
    state ^= state >> 7;
    state ^ state << 17
}

/// FNV-1a. Two inputs that differ anywhere have nothing in common here.
pub fn digest(bytes: &[u8]) -> u64 {
    let digest = bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |digest: u64, byte| {
            (digest ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
    digest ^ digest >> 32
}

/// Records that nobody wrote, for the sequences that an input stands for beyond its own.
pub struct Drawn(u64);

impl Drawn {
    pub fn new(seed: u64) -> Drawn {
        Drawn(seed | 1)
    }

    pub fn number(&mut self) -> usize {
        self.0 = step(self.0);
        (self.0 >> 40) as usize
    }

    /// Every fourth with right arguments throughout.
    pub fn record(&mut self) -> [u8; RECORD] {
        self.0 = step(self.0);
        let mut record = self.0.to_be_bytes();
        if self.number() % 4 == 0 {
            record[2..].fill(0);
        }
        record
    }
}

/// Handles of each kind that an input's threads made: live, or freed by another thread. Relaxed on purpose: the fuzzer
/// must not order the threads' calls, else the thread sanitizer would see no race of the library.
const SLOTS: usize = 16;
static SHARED: [[AtomicUsize; SLOTS]; KINDS.len()] =
    [const { [const { AtomicUsize::new(0) }; SLOTS] }; KINDS.len()];
static NEXT: AtomicUsize = AtomicUsize::new(0);

/// Shows a handle to all threads.
pub fn publish(kind: usize, handle: usize) {
    SHARED[kind][NEXT.fetch_add(1, Relaxed) % SLOTS].store(handle, Relaxed);
}

pub fn shared(kind: usize, slot: u8) -> usize {
    SHARED[kind][usize::from(slot) % SLOTS].load(Relaxed)
}
