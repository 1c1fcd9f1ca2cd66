//! The network thread: one for the whole process, started by the first network call, ended by `itero_shutdown`.
//!
//! All requests run on it as tasks. A caller waits outside, so a cancel or a shutdown ends the wait at once, even while
//! a DNS look-up or a TLS handshake hangs: the task is dropped and its socket with it. That is also why this is not
//! reqwest's `blocking` client, which is the same client behind a thread for each client and can't be interrupted.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::{Mutex, PoisonError};
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

static NETWORK: Mutex<Option<Network>> = Mutex::new(None);

/// The network thread's handle and the token that its end cancels; starts it when it isn't running.
fn network() -> Result<(Handle, CancellationToken)> {
    let mut network = NETWORK.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(network) = &*network {
        return Ok((network.handle.clone(), network.stop.clone()));
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .max_blocking_threads(16)
        .thread_name("itero-blocking")
        .build()
        .map_err(|fault| Error::io("starting the network thread", &fault))?;
    let handle = runtime.handle().clone();
    let stop = CancellationToken::new();
    let stopped = stop.clone();
    threads::spawn("itero-network", move || {
        runtime.block_on(stopped.cancelled());
        // A hung DNS look-up can't be ended; its thread finds the runtime gone when it comes back.
        runtime.shutdown_timeout(Duration::from_millis(300));
    })?;
    *network = Some(Network {
        handle: handle.clone(),
        stop: stop.clone(),
    });
    Ok((handle, stop))
}

/// A wait that ended without the task's own answer.
fn interrupted(stop: &CancellationToken) -> Error {
    if stop.is_cancelled() {
        Error::new(
            Status::Cancelled,
            "the library was shut down while the call was running",
        )
    } else {
        Error::cancelled()
    }
}

/// Runs `work` on the network thread and waits for its result, for a cancel or for the shutdown.
pub fn run<T: Send + 'static>(
    cancel: &CancellationToken,
    work: impl Future<Output = Result<T>> + Send + 'static,
) -> Result<T> {
    let (handle, stop) = network()?;
    let cancel = cancel.clone();
    let (sender, receiver) = std::sync::mpsc::sync_channel(1);
    handle.spawn({
        let stop = stop.clone();
        async move {
            let result = tokio::select! {
                biased;
                result = caught(work) => result,
                () = cancel.cancelled() => Err(interrupted(&stop)),
                () = stop.cancelled() => Err(interrupted(&stop)),
            };
            let _ = sender.send(result);
        }
    });
    receiver.recv().unwrap_or_else(|_| Err(interrupted(&stop)))
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
    let (handle, stop) = network()?;
    let cancel = cancel.clone();
    handle.spawn(async move {
        tokio::select! {
            biased;
            () = work => {}
            () = cancel.cancelled() => {}
            () = stop.cancelled() => {}
        }
    });
    Ok(())
}

/// Runs `work` to its end even when the caller stops waiting. Only for steps whose answer must not be lost, such as a
/// refresh whose answer holds the only valid refresh token. Callable on the network thread or above it.
pub async fn finish<T: Send + 'static>(
    work: impl Future<Output = Result<T>> + Send + 'static,
) -> Result<T> {
    match tokio::spawn(caught(work)).await {
        Ok(result) => result,
        Err(_) => Err(Error::new(
            Status::Cancelled,
            "the library was shut down while the call was running",
        )),
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
