//! A long line to the file host: TCP connections pass through it late and share its capacity.
//!
//!     link DELAY-MS MEGABITS        prints its port, reads the port that it leads to, and serves until its input ends
//!
//! DELAY-MS is a round trip's. Half of it lies on each direction, and a connection's first bytes wait for one more
//! round trip, as they would for TCP's handshake. All that comes down shares MEGABITS a second. Slow start and loss are
//! left out: they would only add noise.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// About ten packets; a connection that is waiting gets its turn within a millisecond or two.
const CHUNK: usize = 16 << 10;
/// What a thread that slept too long may send at once, so that the line's rate is kept.
const LATE: Duration = Duration::from_millis(4);

struct Line {
    bytes_a_second: f64,
    /// When the line is free again.
    free: Mutex<Instant>,
}

impl Line {
    /// Waits until the line has carried these bytes.
    fn carry(&self, count: usize) {
        let taken = Duration::from_secs_f64(count as f64 / self.bytes_a_second);
        let until = {
            let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
            let earliest = Instant::now().checked_sub(LATE).unwrap_or(*free);
            *free = (*free).max(earliest) + taken;
            *free
        };
        sleep_until(until);
    }
}

fn sleep_until(moment: Instant) {
    thread::sleep(moment.saturating_duration_since(Instant::now()));
}

/// Reads, and hands on what came together with the moment at which it arrives at the other end.
fn enter(
    mut from: TcpStream,
    line: Option<&Line>,
    not_before: Instant,
    delay: Duration,
    to: &Sender<(Instant, Vec<u8>)>,
) {
    let mut buffer = vec![0; CHUNK];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        if let Some(line) = line {
            line.carry(count);
        }
        let arrives = Instant::now().max(not_before) + delay;
        if to.send((arrives, buffer[..count].to_vec())).is_err() {
            return;
        }
    }
}

fn leave(mut to: TcpStream, from: &Receiver<(Instant, Vec<u8>)>) {
    for (arrives, bytes) in from {
        sleep_until(arrives);
        if to.write_all(&bytes).is_err() {
            return;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}

fn connect(near: TcpStream, port: u16, line: &Arc<Line>, round_trip: Duration) -> io::Result<()> {
    let far = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    near.set_nodelay(true)?;
    far.set_nodelay(true)?;
    let shaken = Instant::now() + round_trip;
    for (from, to, line) in [
        (near.try_clone()?, far.try_clone()?, None),
        (far, near, Some(line.clone())),
    ] {
        let (sender, receiver) = channel();
        thread::spawn(move || enter(from, line.as_deref(), shaken, round_trip / 2, &sender));
        thread::spawn(move || leave(to, &receiver));
    }
    Ok(())
}

fn main() -> io::Result<()> {
    let numbers: Vec<f64> = std::env::args()
        .skip(1)
        .filter_map(|word| word.parse().ok())
        .collect();
    let [delay, megabits] = numbers[..] else {
        return Err(io::Error::other("usage: link DELAY-MS MEGABITS"));
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    println!("{}", listener.local_addr()?.port());
    let mut word = String::new();
    io::stdin().read_line(&mut word)?;
    let port = word.trim().parse().map_err(io::Error::other)?;
    let line = Arc::new(Line {
        bytes_a_second: megabits * 125_000.0,
        free: Mutex::new(Instant::now()),
    });
    thread::spawn(move || {
        for near in listener.incoming().flatten() {
            if let Err(fault) = connect(near, port, &line, Duration::from_secs_f64(delay / 1000.0))
            {
                eprintln!("link: {fault}");
            }
        }
    });
    io::copy(&mut io::stdin(), &mut io::sink()).map(drop)
}
