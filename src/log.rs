//! The log: lines for a host's own log file, delivered on a thread of their own.
//!
//! Lines are redacted by construction: whoever writes one puts in names of operations and endpoints, hosts, numbers,
//! statuses and request ids, and nothing that came from a patient, a token or a URL's query.

use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use crate::callback::Callback;
use crate::threads;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(i32)]
pub enum Level {
    Error = 1,
    Warning = 2,
    Info = 3,
    Debug = 4,
}

pub struct Line {
    pub level: Level,
    pub text: String,
}

/// Lines that wait for a slow host; more are dropped, and the next line that fits says how many.
const WAITING: usize = 1024;

static LEVEL: AtomicI32 = AtomicI32::new(0);
static SINK: Mutex<Sink> = Mutex::new(Sink {
    callback: None,
    queue: None,
    dropped: 0,
});

struct Sink {
    callback: Option<Arc<Callback<Line>>>,
    queue: Option<SyncSender<Line>>,
    dropped: u32,
}

fn sink() -> std::sync::MutexGuard<'static, Sink> {
    SINK.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sends lines up to `level` to `callback`; `None` ends it. The one before is never called again once this returns.
pub fn set(level: i32, callback: Option<Callback<Line>>) {
    let before = {
        let mut sink = sink();
        LEVEL.store(
            if callback.is_some() { level } else { 0 },
            Ordering::Relaxed,
        );
        std::mem::replace(&mut sink.callback, callback.map(Arc::new))
    };
    if let Some(before) = before {
        before.close();
    }
}

pub fn write(level: Level, text: impl FnOnce() -> String) {
    if level as i32 > LEVEL.load(Ordering::Relaxed) {
        return;
    }
    let text = text();
    let mut sink = sink();
    if sink.callback.is_none() {
        return;
    }
    if sink.queue.is_none() {
        let (sender, receiver) = sync_channel(WAITING);
        if threads::spawn("itero-log", move || deliver(&receiver)).is_err() {
            return;
        }
        sink.queue = Some(sender);
    }
    let text = match sink.dropped {
        0 => text,
        dropped => {
            format!("{text} ({dropped} earlier lines were dropped: the log callback is too slow)")
        }
    };
    let sent = sink
        .queue
        .as_ref()
        .is_some_and(|queue| queue.try_send(Line { level, text }).is_ok());
    sink.dropped = if sent {
        0
    } else {
        sink.dropped.saturating_add(1)
    };
}

fn deliver(lines: &Receiver<Line>) {
    for line in lines {
        let callback = sink().callback.clone();
        if let Some(callback) = callback {
            callback.invoke(&line);
        }
    }
}

/// Ends the log's thread once it has delivered what waits; the next line starts a new one.
pub fn end_thread() {
    sink().queue = None;
}
