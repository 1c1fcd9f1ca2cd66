//! Where arguments come from: the input's bytes, and handles that all threads see.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use crate::table::KINDS;

/// The input, read from front to back; zeros behind its end.
pub struct Bytes<'a> {
    left: &'a [u8],
}

impl<'a> Bytes<'a> {
    pub fn new(bytes: &'a [u8]) -> Bytes<'a> {
        Bytes { left: bytes }
    }

    pub fn is_empty(&self) -> bool {
        self.left.is_empty()
    }

    pub fn next(&mut self) -> u8 {
        let Some((first, rest)) = self.left.split_first() else {
            return 0;
        };
        self.left = rest;
        *first
    }

    pub fn wide(&mut self) -> usize {
        usize::from(self.next()) << 8 | usize::from(self.next())
    }

    pub fn take(&mut self, count: usize) -> Vec<u8> {
        let (taken, rest) = self.left.split_at(count.min(self.left.len()));
        self.left = rest;
        taken.to_vec()
    }

    pub fn pick<T: Clone + Default>(&mut self, from: &[T]) -> T {
        match from.len() {
            0 => T::default(),
            count => from[usize::from(self.next()) % count].clone(),
        }
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
