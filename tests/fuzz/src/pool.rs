//! The threads that play an input's sequences at once. They live as long as the fuzzer: starting threads for each input
//! would cost more than the calls.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::mode::{self, MODES, Mode};
use crate::player::{play, play_drawn};
use crate::table::FUNCTIONS;
use crate::values::{RECORD, digest};
use crate::{cast, counts};

const THREADS: usize = 4;

struct Job {
    records: Arc<Vec<u8>>,
    from: usize,
    to: usize,
    mode: Mode,
    /// What further sequences are drawn from; none are for 0.
    seed: u64,
}

struct Pool {
    jobs: Vec<Sender<Job>>,
    done: Receiver<()>,
}

impl Pool {
    fn start() -> Pool {
        let (sender, done) = channel();
        let worker = |_| {
            let (jobs, queue) = channel::<Job>();
            let sender = sender.clone();
            std::thread::spawn(move || {
                for job in queue {
                    play(&job.records[job.from..job.to], job.mode);
                    if job.seed != 0 {
                        play_drawn(job.seed, job.mode);
                    }
                    if sender.send(()).is_err() {
                        return;
                    }
                }
            });
            jobs
        };
        let jobs = (0..THREADS).map(worker).collect();
        Pool { jobs, done }
    }

    /// Each thread plays its part of the records.
    fn play(&self, records: &[u8], threads: usize, mode: Mode, seed: u64) {
        mode::set(mode);
        cast::renew();
        let count = records.len().div_ceil(RECORD);
        let share = count.div_ceil(threads).max(1) * RECORD;
        let records = Arc::new(records.to_vec());
        let mut running = 0;
        for (jobs, from) in self.jobs.iter().zip((0..records.len()).step_by(share)) {
            let job = Job {
                records: records.clone(),
                from,
                to: (from + share).min(records.len()),
                mode,
                seed: seed.rotate_left(running),
            };
            jobs.send(job)
                .expect("the threads live as long as the pool");
            running += 1;
        }
        counts::input(mode);
        while running > 0 {
            match self.done.recv_timeout(mode.patience()) {
                Ok(()) => running -= 1,
                Err(_) => cast::cancel_all(),
            }
        }
        cast::end(mode);
    }

    /// Every function with right arguments, in every mode: no run leaves one out. Each is an input of its own, so that
    /// the cast is whole again for the next.
    fn call_the_roll(&self) {
        for mode in MODES {
            for function in (0..FUNCTIONS.len()).filter_map(|function| u16::try_from(function).ok())
            {
                let record = [&function.to_be_bytes()[..], &[0; RECORD - 2]].concat();
                self.play(&record, 1, mode, 0);
            }
        }
    }
}

/// Plays one input: its first byte says with how many threads, the rest is cut into their sequences. Each thread then draws
/// more, so that the fuzzer's own work, which is that of many calls, is done once for many sequences.
pub fn run(input: &[u8]) {
    static POOL: OnceLock<Mutex<Pool>> = OnceLock::new();
    let Some((first, records)) = input.split_first() else {
        return;
    };
    let pool = POOL.get_or_init(|| {
        cast::begin();
        // SAFETY: `print` is a plain function that may run at the process's end.
        unsafe { libc::atexit(counts::print) };
        let pool = Pool::start();
        pool.call_the_roll();
        Mutex::new(pool)
    });
    let pool = pool.lock().unwrap_or_else(PoisonError::into_inner);
    let digest = digest(input);
    let threads = usize::from(first & 3) + 1;
    pool.play(records, threads, Mode::of(digest), digest);
}
