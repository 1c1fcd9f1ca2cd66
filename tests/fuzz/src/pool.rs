//! The threads that play an input's sequences at once. They live as long as the fuzzer: starting threads for each input
//! would cost more than the calls.

use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use crate::player::{Mode, play};
use crate::{cast, counts};

const THREADS: usize = 4;
/// An input whose calls wait for the network is cancelled from here after this time, again and again.
fn patience(mode: Mode) -> Duration {
    Duration::from_millis(match mode {
        Mode::Online => 500,
        Mode::Offline => 20,
    })
}

struct Job {
    input: Arc<Vec<u8>>,
    from: usize,
    to: usize,
    mode: Mode,
}

struct Pool {
    jobs: Vec<Sender<Job>>,
    done: Receiver<()>,
}

fn start() -> Pool {
    let (sender, done) = channel();
    let worker = |_| {
        let (jobs, queue) = channel::<Job>();
        let sender = sender.clone();
        std::thread::spawn(move || {
            for job in queue {
                play(&job.input[job.from..job.to], job.mode);
                if sender.send(()).is_err() {
                    return;
                }
            }
        });
        jobs
    };
    let jobs = (0..THREADS).map(worker).collect();
    // SAFETY: `print` is a plain function that may run at the process's end.
    unsafe { libc::atexit(counts::print) };
    Pool { jobs, done }
}

/// Plays one input: its first byte says with how many threads and in which mode, the rest is cut into their sequences.
pub fn run(input: &[u8]) {
    static POOL: OnceLock<Mutex<Pool>> = OnceLock::new();
    let Some((first, rest)) = input.split_first() else {
        return;
    };
    cast::begin();
    let pool = POOL.get_or_init(|| Mutex::new(start()));
    let pool = pool.lock().unwrap_or_else(PoisonError::into_inner);
    let threads = usize::from(first & 3) + 1;
    let mode = match first >> 4 {
        0 => Mode::Online,
        _ => Mode::Offline,
    };
    let share = rest.len().div_ceil(threads).max(1);
    let input = Arc::new(rest.to_vec());
    let mut running = 0;
    for (jobs, from) in pool.jobs.iter().zip((0..rest.len()).step_by(share)) {
        let job = Job {
            input: input.clone(),
            from,
            to: (from + share).min(rest.len()),
            mode,
        };
        jobs.send(job)
            .expect("the threads live as long as the pool");
        running += 1;
    }
    counts::INPUTS.fetch_add(1, Relaxed);
    counts::SEQUENCES.fetch_add(running, Relaxed);
    while running > 0 {
        match pool.done.recv_timeout(patience(mode)) {
            Ok(()) => running -= 1,
            Err(_) => cast::cancel_all(),
        }
    }
    cast::end();
}
