//! Notifications (D5): received on 127.0.0.1, or handed in by a host with a web server of its own.
//!
//! A notification is a hint, never a proof: whoever knows the URL can send one. The URL holds a secret, hints that
//! repeat one still waiting count once, and what is true is only what Get Order By RxID then answers.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use super::Client;
use crate::callback::Callback;
use crate::error::{Error, Result, Status};
use crate::log::{self, Level};
use crate::session::pkce;
use crate::threads;
use crate::transport::loopback::{self, Received, Reply};
use crate::transport::runtime;
use crate::wire::Text;
use crate::wire::notification::{self, Notification};

/// Hints that wait for a slow host; more are answered with "come again", and the service repeats them.
const MOST_WAITING: usize = 256;

/// Who takes a listener's hints in the host's place.
pub trait TakesHints: Send + Sync {
    /// False once it has ended.
    fn takes(&self) -> bool;
    fn take(&self, notification: &Notification);
}

pub struct Listener {
    url: Text,
    path: String,
    shared: Mutex<Shared>,
    arrived: Condvar,
    stop: CancellationToken,
    callback: Option<Callback<Notification>>,
}

#[derive(Default)]
struct Shared {
    waiting: VecDeque<Notification>,
    stopped: bool,
    taker: Option<Weak<dyn TakesHints>>,
}

impl Listener {
    /// Begins to listen on 127.0.0.1; port 0 lets the system choose. With a callback, hints go to it; without, they wait
    /// for [`Listener::wait`].
    pub fn start(
        client: &Arc<Client>,
        port: u16,
        callback: Option<Callback<Notification>>,
    ) -> Result<Arc<Listener>> {
        let (socket, address) = runtime::run(&client.cancellation(), loopback::listen(port))?;
        let path = format!("/itero/{}", pkce::random()?);
        let listener = Arc::new(Listener {
            url: Text::from(format!("http://{address}{path}")),
            path,
            shared: Mutex::default(),
            arrived: Condvar::new(),
            stop: CancellationToken::new(),
            callback,
        });
        let this = listener.clone();
        runtime::start(&listener.stop, async move {
            let end = StopOnDrop(this.clone());
            loopback::serve(socket, address.port(), move |received| {
                let this = this.clone();
                async move { this.take(&received) }
            })
            .await;
            drop(end);
        })?;
        if listener.callback.is_some() {
            let this = listener.clone();
            threads::spawn("itero-listener", move || this.deliver())?;
        }
        Ok(listener)
    }

    pub fn url(&self) -> &Text {
        &self.url
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, received: &Received) -> Reply {
        let path = received.target.split('?').next().unwrap_or_default();
        if path != self.path {
            return Reply::text(404, "Not found.");
        }
        if received.method != hyper::Method::POST {
            return Reply::text(405, "Only POST.");
        }
        let Ok(notification) = notification::notification(&received.body) else {
            log::write(Level::Warning, || {
                "notification: one that could not be read was refused".to_owned()
            });
            return Reply::text(400, "Not a notification.");
        };
        if let Some(taker) = self.taker() {
            taker.take(&notification);
            if self.callback.is_none() {
                return Reply::text(200, "Received.");
            }
        }
        let mut shared = self.shared();
        // A hint that the host has not seen yet stands for its repeats. One that it has seen doesn't: the order may have
        // changed since.
        if shared.waiting.contains(&notification) {
            return Reply::text(200, "Received.");
        }
        if shared.waiting.len() >= MOST_WAITING || shared.stopped {
            return Reply::text(503, "Come again later.");
        }
        shared.waiting.push_back(notification);
        drop(shared);
        self.arrived.notify_all();
        log::write(Level::Info, || "notification: received".to_owned());
        Reply::text(200, "Received.")
    }

    fn taker(&self) -> Option<Arc<dyn TakesHints>> {
        let taker = self.shared().taker.as_ref()?.upgrade()?;
        taker.takes().then_some(taker)
    }

    /// From now on hints go to `taker`, until it ends, and not to [`Listener::wait`]; a callback hears them as well.
    pub fn hand_to(&self, taker: Weak<dyn TakesHints>) -> Result<()> {
        if self.taker().is_some() {
            return Err(Error::new(
                Status::State,
                "the listener's hints go to another watch already",
            )
            .advise("Stop that watch, or start a listener for each one."));
        }
        self.shared().taker = Some(taker);
        Ok(())
    }

    /// The next hint, once there is one.
    pub fn wait(&self, limit: Option<Duration>) -> Result<Notification> {
        if self.callback.is_some() {
            return Err(Error::new(
                Status::State,
                "this listener hands its notifications to a callback",
            ));
        }
        let until = limit.and_then(|limit| Instant::now().checked_add(limit));
        self.next(until)
    }

    fn next(&self, until: Option<Instant>) -> Result<Notification> {
        let mut shared = self.shared();
        loop {
            if let Some(notification) = shared.waiting.pop_front() {
                return Ok(notification);
            }
            if shared.stopped {
                return Err(Error::new(Status::Cancelled, "the listener was stopped"));
            }
            shared = match until {
                None => self
                    .arrived
                    .wait(shared)
                    .unwrap_or_else(PoisonError::into_inner),
                Some(until) => {
                    let left = until.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return Err(Error::new(
                            Status::Pending,
                            "no notification has arrived yet",
                        ));
                    }
                    self.arrived
                        .wait_timeout(shared, left)
                        .unwrap_or_else(PoisonError::into_inner)
                        .0
                }
            };
        }
    }

    fn deliver(&self) {
        let Some(callback) = &self.callback else {
            return;
        };
        while let Ok(notification) = self.next(None) {
            callback.invoke(&notification);
        }
    }

    /// Ends listening and the callbacks.
    pub fn stop(&self) {
        self.stop.cancel();
        self.end();
        if let Some(callback) = &self.callback {
            callback.close();
        }
    }

    fn end(&self) {
        self.shared().stopped = true;
        self.arrived.notify_all();
    }
}

/// A shutdown drops the server's task; whoever waits for a notification must learn of it.
struct StopOnDrop(Arc<Listener>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.end();
    }
}
