//! Long work: started, waited for, looked at, cancelled.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use crate::error::{Error, Result, Status};

/// The state of a job whose result is a `T`.
pub struct Job<T> {
    outcome: Mutex<Option<Result<Arc<T>>>>,
    /// The last step is being taken: what comes of it is the outcome, whoever else wants to end the job meanwhile.
    ending: AtomicBool,
    ended: Condvar,
    cancel: CancellationToken,
}

impl<T> Job<T> {
    /// A job that `parent`'s cancel ends too.
    pub fn new(parent: &CancellationToken) -> Arc<Job<T>> {
        Arc::new(Job {
            outcome: Mutex::new(None),
            ending: AtomicBool::new(false),
            ended: Condvar::new(),
            cancel: parent.child_token(),
        })
    }

    fn outcome(&self) -> MutexGuard<'_, Option<Result<Arc<T>>>> {
        self.outcome.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn cancellation(&self) -> &CancellationToken {
        &self.cancel
    }

    pub fn cancel(&self) {
        self.cancel.cancel();
    }

    /// The first outcome stays.
    pub fn end(&self, outcome: Result<T>) {
        let mut place = self.outcome();
        if !self.ending.load(Ordering::SeqCst) {
            place.get_or_insert(outcome.map(Arc::new));
        }
        drop(place);
        self.ended.notify_all();
    }

    /// Ends the job with what `last_step` brings, unless it has ended; then the step is not taken. True when it was.
    /// The step may take a while and may call the host: no lock is held meanwhile.
    pub fn end_with(&self, last_step: impl FnOnce() -> Result<T>) -> bool {
        {
            let outcome = self.outcome();
            if outcome.is_some() || self.ending.swap(true, Ordering::SeqCst) {
                return false;
            }
        }
        // A panic in the step must not leave the job without an end.
        struct End<'a, T>(&'a Job<T>, Option<Result<T>>);
        impl<T> Drop for End<'_, T> {
            fn drop(&mut self) {
                let outcome = self
                    .1
                    .take()
                    .unwrap_or_else(|| Err(Error::panic("a job's last step")));
                *self.0.outcome() = Some(outcome.map(Arc::new));
                self.0.ended.notify_all();
            }
        }
        let mut end = End(self, None);
        end.1 = Some(last_step());
        true
    }

    /// Ends the job as cancelled when its work is dropped before it had an outcome.
    pub fn end_on_drop(self: &Arc<Self>) -> EndOnDrop<T> {
        EndOnDrop(self.clone())
    }

    /// The result once there is one; `Pending` before.
    pub fn result(&self) -> Result<Arc<T>> {
        self.outcome()
            .clone()
            .unwrap_or_else(|| Err(Error::new(Status::Pending, "the job is still running")))
    }

    /// Waits for the result, at most `limit`; without one as long as it takes.
    pub fn wait(&self, limit: Option<Duration>) -> Result<Arc<T>> {
        let until = limit.and_then(|limit| Instant::now().checked_add(limit));
        let mut outcome = self.outcome();
        while outcome.is_none() {
            outcome = match until {
                None => self
                    .ended
                    .wait(outcome)
                    .unwrap_or_else(PoisonError::into_inner),
                Some(until) => {
                    let left = until.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        break;
                    }
                    self.ended
                        .wait_timeout(outcome, left)
                        .unwrap_or_else(PoisonError::into_inner)
                        .0
                }
            };
        }
        drop(outcome);
        self.result()
    }
}

pub struct EndOnDrop<T>(Arc<Job<T>>);

impl<T> Drop for EndOnDrop<T> {
    fn drop(&mut self) {
        self.0.end(Err(Error::cancelled()));
    }
}
