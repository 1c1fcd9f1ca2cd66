//! The network thread: one for the whole process, started by the first network call, ended by `itero_shutdown`.
//!
//! All requests run on it as tasks. A caller waits outside, so a cancel or a shutdown ends the wait at once, even while
//! a DNS look-up or a TLS handshake hangs: the task is dropped and its socket with it. That is also why this is not
//! reqwest's `blocking` client, which is the same client behind a thread for each client and can't be interrupted.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use crate::error::{Error, Result, Status};
use crate::{log, threads};

struct Network {
    handle: Handle,
    stop: CancellationToken,
}

const SHUT_DOWN: &str = "the library was shut down while the call was running";

static NETWORK: Mutex<Option<Network>> = Mutex::new(None);

/// The network thread's handle and the token that its end cancels; starts it when it isn't running.
fn network() -> Result<(Handle, CancellationToken)> {
    let mut network = NETWORK.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(network) = &*network {
        return Ok((network.handle.clone(), network.stop.clone()));
    }
    let stop = CancellationToken::new();
    let stopped = stop.clone();
    let (answer, question) = reply(Error::new(
        Status::Io,
        "the network thread could not be started",
    ));
    threads::spawn("itero-network", move || {
        // Built here, not on the host's thread, which it would leave traces on.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .max_blocking_threads(16)
            .thread_name("itero-blocking")
            .build();
        match runtime {
            Err(fault) => answer.send(Err(Error::io("starting the network thread", &fault))),
            Ok(runtime) => {
                answer.send(Ok(runtime.handle().clone()));
                runtime.block_on(stopped.cancelled());
                // A hung DNS look-up can't be ended; its thread finds the runtime gone when it comes back.
                runtime.shutdown_timeout(Duration::from_millis(300));
            }
        }
    })?;
    let handle = question.wait()?;
    *network = Some(Network {
        handle: handle.clone(),
        stop: stop.clone(),
    });
    Ok((handle, stop))
}

/// One result on its way between two threads. (A channel of the standard library would leave a thread object behind on
/// every thread of the host that waits on it.)
struct Reply<T> {
    place: Mutex<Option<Result<T>>>,
    arrived: Condvar,
}

struct Answer<T>(Arc<Reply<T>>, Option<Error>);
struct Question<T>(Arc<Reply<T>>);

/// Both ends; `unanswered` is the result when the answering end is dropped.
fn reply<T>(unanswered: Error) -> (Answer<T>, Question<T>) {
    let reply = Arc::new(Reply {
        place: Mutex::new(None),
        arrived: Condvar::new(),
    });
    (Answer(reply.clone(), Some(unanswered)), Question(reply))
}

impl<T> Answer<T> {
    fn send(mut self, result: Result<T>) {
        self.1 = None;
        self.0.put(result);
    }
}

impl<T> Reply<T> {
    fn put(&self, result: Result<T>) {
        *self.place.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
        self.arrived.notify_one();
    }
}

impl<T> Drop for Answer<T> {
    fn drop(&mut self) {
        if let Some(unanswered) = self.1.take() {
            self.0.put(Err(unanswered));
        }
    }
}

impl<T> Question<T> {
    fn wait(self) -> Result<T> {
        let mut place = self.0.place.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(result) = place.take() {
                return result;
            }
            place = self
                .0
                .arrived
                .wait(place)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// A wait that ended without the task's own answer.
fn interrupted(stop: &CancellationToken) -> Error {
    if stop.is_cancelled() {
        Error::new(Status::Cancelled, SHUT_DOWN)
    } else {
        Error::cancelled()
    }
}

/// Where the result of a task goes. The task itself yields nothing, so that what is around it exists once, and not once
/// for each kind of result.
struct Slot<T>(Arc<Mutex<Option<T>>>);

impl<T> Clone for Slot<T> {
    fn clone(&self) -> Slot<T> {
        Slot(self.0.clone())
    }
}

impl<T> Slot<T> {
    fn new() -> Slot<T> {
        Slot(Arc::new(Mutex::new(None)))
    }

    fn fill(&self, value: T) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
    }

    /// After the task's success.
    fn take(&self) -> Result<T> {
        let mut place = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        place.take().ok_or_else(Error::cancelled)
    }
}

impl<T: Send + 'static> Slot<T> {
    fn filled_by(
        &self,
        work: impl Future<Output = Result<T>> + Send + 'static,
    ) -> Boxed<Result<()>> {
        let slot = self.clone();
        Box::pin(async move {
            slot.fill(work.await?);
            Ok(())
        })
    }
}

/// Runs `work` on the network thread and waits for its result, for a cancel or for the shutdown.
pub fn run<T: Send + 'static>(
    cancel: &CancellationToken,
    work: impl Future<Output = Result<T>> + Send + 'static,
) -> Result<T> {
    let slot = Slot::new();
    run_task(cancel, slot.filled_by(work))?;
    slot.take()
}

fn run_task(cancel: &CancellationToken, work: Boxed<Result<()>>) -> Result<()> {
    let (handle, stop) = network()?;
    let cancel = cancel.clone();
    let (answer, question) = reply(Error::new(Status::Cancelled, SHUT_DOWN));
    spawn(
        &handle,
        Box::pin(async move {
            let result = tokio::select! {
                biased;
                result = caught(work) => result,
                () = cancel.cancelled() => Err(interrupted(&stop)),
                () = stop.cancelled() => Err(interrupted(&stop)),
            };
            answer.send(result);
        }),
    );
    question.wait()
}

type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// The one place that makes tasks, of one type.
fn spawn(handle: &Handle, task: Boxed<()>) {
    handle.spawn(task);
}

/// Runs `work` on the calling thread (one of the library's own, which may block), with the network thread beneath.
pub fn run_here<T>(cancel: &CancellationToken, work: impl Future<Output = Result<T>>) -> Result<T> {
    let (handle, stop) = network()?;
    handle.block_on(async {
        tokio::select! {
            biased;
            result = caught(work) => result,
            () = cancel.cancelled() => Err(interrupted(&stop)),
            () = stop.cancelled() => Err(interrupted(&stop)),
        }
    })
}

/// Starts `work` on the network thread and doesn't wait. A cancel ends it, as does the shutdown.
pub fn start(
    cancel: &CancellationToken,
    work: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    start_boxed(cancel, Box::pin(work))
}

fn start_boxed(cancel: &CancellationToken, work: Boxed<()>) -> Result<()> {
    let (handle, stop) = network()?;
    let cancel = cancel.clone();
    spawn(
        &handle,
        Box::pin(async move {
            tokio::select! {
                biased;
                () = work => {}
                () = cancel.cancelled() => {}
                () = stop.cancelled() => {}
            }
        }),
    );
    Ok(())
}

/// Runs `work` to its end even when the caller stops waiting. Only for steps whose answer must not be lost, such as a
/// refresh whose answer holds the only valid refresh token. Callable on the network thread or above it.
pub async fn finish<T: Send + 'static>(
    work: impl Future<Output = Result<T>> + Send + 'static,
) -> Result<T> {
    let slot = Slot::new();
    finish_task(slot.filled_by(work)).await?;
    slot.take()
}

async fn finish_task(work: Boxed<Result<()>>) -> Result<()> {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let task = Box::pin(async move {
        let _ = sender.send(caught(work).await);
    });
    spawn(&Handle::current(), task);
    match receiver.await {
        Ok(result) => result,
        Err(_) => Err(Error::new(Status::Cancelled, SHUT_DOWN)),
    }
}

/// Runs blocking work on a thread aside, so that a cancel is heard meanwhile; the work itself goes on to its end.
pub async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let slot = Slot::new();
    let filling = slot.clone();
    aside_task(Box::new(move || {
        filling.fill(work()?);
        Ok(())
    }))
    .await?;
    slot.take()
}

async fn aside_task(work: Box<dyn FnOnce() -> Result<()> + Send>) -> Result<()> {
    let guarded = move || {
        threads::inside(|| {
            std::panic::catch_unwind(AssertUnwindSafe(work))
                .unwrap_or_else(|_| Err(Error::panic(&threads::panic_place())))
        })
    };
    match tokio::task::spawn_blocking(guarded).await {
        Ok(result) => result,
        Err(_) => Err(Error::new(Status::Cancelled, SHUT_DOWN)),
    }
}

/// Turns a panic inside `work` into an error.
pub async fn caught<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let mut work = std::pin::pin!(work);
    std::future::poll_fn(move |context: &mut Context<'_>| {
        let polled = std::panic::catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context)));
        polled.unwrap_or_else(|_| Poll::Ready(Err(Error::panic(&threads::panic_place()))))
    })
    .await
}

/// Ends all that runs and waits for the library's threads; false when some were still busy after `limit`.
pub fn shutdown(limit: Duration) -> bool {
    let network = NETWORK
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    if let Some(network) = network {
        network.stop.cancel();
    }
    log::end_thread();
    threads::wait_for_end(limit)
}
