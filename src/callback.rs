//! A gate around a host's callback: calls come one at a time, never while a lock of the library is held, and never
//! after `close` has returned.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::threads::{ThreadId, own_id};

pub struct Callback<A: ?Sized> {
    call: Box<dyn Fn(&A) + Send + Sync>,
    gate: Mutex<Gate>,
    left: Condvar,
}

#[derive(Default)]
struct Gate {
    closed: bool,
    inside: Option<ThreadId>,
}

impl<A: ?Sized> Callback<A> {
    pub fn new(call: impl Fn(&A) + Send + Sync + 'static) -> Callback<A> {
        Callback {
            call: Box::new(call),
            gate: Mutex::default(),
            left: Condvar::new(),
        }
    }

    fn gate(&self) -> MutexGuard<'_, Gate> {
        self.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_until_left<'a>(&'a self, mut gate: MutexGuard<'a, Gate>) -> MutexGuard<'a, Gate> {
        while gate.inside.is_some_and(|inside| inside != own_id()) {
            gate = self.left.wait(gate).unwrap_or_else(PoisonError::into_inner);
        }
        gate
    }

    /// Calls the host, unless the gate is closed.
    pub fn invoke(&self, argument: &A) {
        let mut gate = self.wait_until_left(self.gate());
        if gate.closed || gate.inside.is_some() {
            return;
        }
        gate.inside = Some(own_id());
        drop(gate);
        // A panic must not leave the gate occupied for ever.
        struct Leave<'a, A: ?Sized>(&'a Callback<A>);
        impl<A: ?Sized> Drop for Leave<'_, A> {
            fn drop(&mut self) {
                self.0.gate().inside = None;
                self.0.left.notify_all();
            }
        }
        let _leave = Leave(self);
        (self.call)(argument);
    }

    /// No call begins any more; waits for one that is under way, unless it is the one that called this.
    pub fn close(&self) {
        let mut gate = self.gate();
        gate.closed = true;
        drop(self.wait_until_left(gate));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
    use std::thread;
    use std::time::Duration;

    #[test]
    fn nothing_is_called_after_close_returned() {
        let inside = Arc::new(AtomicBool::new(false));
        let calls = Arc::new(AtomicU32::new(0));
        let (seen, count) = (inside.clone(), calls.clone());
        let callback = Arc::new(Callback::new(move |_: &u32| {
            seen.store(true, Ordering::SeqCst);
            thread::sleep(Duration::from_millis(50));
            count.fetch_add(1, Ordering::SeqCst);
            seen.store(false, Ordering::SeqCst);
        }));
        let other = callback.clone();
        let caller = thread::spawn(move || (0..5).for_each(|i| other.invoke(&i)));
        while !inside.load(Ordering::SeqCst) {
            thread::yield_now();
        }
        callback.close();
        assert!(!inside.load(Ordering::SeqCst));
        let after = calls.load(Ordering::SeqCst);
        caller.join().unwrap();
        assert_eq!(calls.load(Ordering::SeqCst), after);
    }

    #[test]
    fn a_callback_may_close_its_own_gate() {
        let slot: Arc<Mutex<Option<Arc<Callback<()>>>>> = Arc::default();
        let own = slot.clone();
        let callback = Arc::new(Callback::new(move |_: &()| {
            own.lock().unwrap().clone().unwrap().close()
        }));
        *slot.lock().unwrap() = Some(callback.clone());
        callback.invoke(&());
        callback.invoke(&());
    }
}
