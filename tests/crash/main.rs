//! The watch survives its host: a child process watches a sandbox and is killed at random moments, two hundred times,
//! while scans and rescans are made. At the end every version of every order was told, and none was told again after the
//! child had seen its acknowledgment return.
//!
//! The child is this test binary again, with an environment variable that says what to do. It tells its story on stdout,
//! one line an event, and the parent believes only whole lines.

#[path = "../host/mod.rs"]
mod host;

mod child;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use itero::ffi::ITERO_E_STATE;
use itero::sandbox::{FileSource, Sandbox};
use sha2::{Digest, Sha256};

use host::*;

const KILLS: u32 = 200;
const SEED: u64 = 20_260_301;

/// Small, repeatable random numbers (xorshift64*).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32) % end
    }
}

/// What an event is about: the order, and the only file that one of its versions has.
type What = (String, String);

/// All that is known of what was made, told and acknowledged.
#[derive(Default)]
struct Ledger {
    /// The version that each order has now; its older ones may have been replaced before anybody looked.
    current: BTreeMap<String, String>,
    made: BTreeSet<What>,
    replaced_untold: BTreeSet<What>,
    told: BTreeMap<What, u32>,
    versions: BTreeMap<What, String>,
    acknowledged: BTreeSet<What>,
    told_after: Vec<What>,
}

impl Ledger {
    fn make(&mut self, order: String, sha256: String) {
        let before = self.current.insert(order.clone(), sha256.clone());
        if let Some(before) = before.map(|before| (order.clone(), before))
            && !self.told.contains_key(&before)
        {
            self.replaced_untold.insert(before);
        }
        self.made.insert((order, sha256));
    }

    fn hear(&mut self, line: &str) {
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["@told", order, version, sha256] => {
                let what = (order.to_owned(), sha256.to_owned());
                if self.acknowledged.contains(&what) {
                    self.told_after.push(what.clone());
                }
                let known = self
                    .versions
                    .entry(what.clone())
                    .or_insert(version.to_owned());
                assert_eq!(known, version, "the same files have the same version");
                *self.told.entry(what).or_default() += 1;
            }
            ["@acked", order, sha256] => {
                self.acknowledged
                    .insert((order.to_owned(), sha256.to_owned()));
            }
            _ => {}
        }
    }
}

struct Run {
    child: Child,
    reader: JoinHandle<()>,
    watching: mpsc::Receiver<()>,
}

impl Run {
    fn start(
        sandbox: &Sandbox,
        state: &Path,
        seed: u64,
        last: bool,
        story: &Arc<Mutex<Ledger>>,
    ) -> Run {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["child::watches", "--exact", "--nocapture"])
            .env(child::TASK, child::task(sandbox, state, seed, last))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let (begun, watching) = mpsc::channel();
        let story = story.clone();
        let reader = thread::spawn(move || {
            let mut line = String::new();
            while lines.read_line(&mut line).is_ok_and(|length| length > 0) {
                // A line without an end was cut by the kill: nobody knows what it would have said.
                if let Some(whole) = line.strip_suffix('\n') {
                    if whole == "@watching" {
                        let _ = begun.send(());
                    }
                    story.lock().unwrap().hear(whole);
                }
                line.clear();
            }
        });
        Run {
            child,
            reader,
            watching,
        }
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.reader.join().unwrap();
    }

    fn finish(mut self) {
        assert!(self.child.wait().unwrap().success());
        self.reader.join().unwrap();
    }
}

/// Makes scans and rescans; each has a file like no other.
struct Practice<'a> {
    sandbox: &'a Sandbox,
    client: Client,
    rxs: Vec<String>,
    scans: u32,
}

impl Practice<'_> {
    fn work(&mut self, dice: &mut Dice, story: &Mutex<Ledger>) {
        self.scans += 1;
        let bytes = format!("scan {}", self.scans).into_bytes();
        let sha256: String = Sha256::digest(&bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let files = vec![file("scan.stl", "STL", bytes)];
        self.sandbox.set_files(FileSource::Given(files));
        let again = !self.rxs.is_empty() && dice.below(3) == 0;
        // The story is held meanwhile: what the child tells of the new version must not be heard before it is made.
        let mut story = story.lock().unwrap();
        let order = if again {
            let rx_id = &self.rxs[dice.below(self.rxs.len() as u64) as usize];
            self.sandbox.rescan(rx_id).unwrap()
        } else {
            let rx_id = self.client.rx("Maria", "Gonzalez Ferreira", "10023");
            let order = self.sandbox.scan(&rx_id).unwrap();
            self.rxs.push(rx_id);
            order
        };
        story.make(order.to_string(), sha256);
    }
}

#[test]
fn no_scan_is_lost_and_none_is_told_after_its_acknowledgment() {
    let sandbox = small_sandbox();
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("watch.json");
    let story = Arc::new(Mutex::new(Ledger::default()));
    let mut dice = Dice::new(SEED);
    let mut practice = Practice {
        sandbox: &sandbox,
        client: Client::paired(&sandbox, V2, HARBOR),
        rxs: Vec::new(),
        scans: 0,
    };
    let began = Instant::now();
    // The first one shows that its state file is out of reach for another process as long as it lives.
    for round in 0..=KILLS {
        let run = Run::start(&sandbox, &state, u64::from(round) + 1, false, &story);
        if round == 0 {
            run.watching.recv_timeout(Duration::from_secs(20)).unwrap();
            assert_eq!(
                child::watch(&practice.client, &state).err().unwrap().status,
                ITERO_E_STATE
            );
            run.kill();
            continue;
        }
        // Most are killed while they watch, some while they start.
        if dice.below(8) > 0 {
            run.watching.recv_timeout(Duration::from_secs(20)).unwrap();
        }
        for _ in 0..=dice.below(3) {
            thread::sleep(Duration::from_micros(dice.below(12_000)));
            practice.work(&mut dice, &story);
        }
        thread::sleep(Duration::from_micros(dice.below(40_000)));
        run.kill();
    }
    Run::start(&sandbox, &state, 0, true, &story).finish();
    let before = story.lock().unwrap().told.values().sum::<u32>();
    // All is acknowledged now: one more run hears nothing.
    Run::start(&sandbox, &state, 0, true, &story).finish();

    let story = story.lock().unwrap();
    let told: u32 = story.told.values().sum();
    let untold: Vec<&What> = story
        .made
        .iter()
        .filter(|what| !story.told.contains_key(*what) && !story.replaced_untold.contains(*what))
        .collect();
    println!(
        "kills {KILLS}, events {}, told {told}, acks {}, replaced before they were told {}, {:.1} s",
        story.told.len(),
        story.acknowledged.len(),
        story.replaced_untold.len(),
        began.elapsed().as_secs_f64()
    );
    assert!(untold.is_empty(), "lost: {untold:?}");
    assert!(
        story.told_after.is_empty(),
        "told again: {:?}",
        story.told_after
    );
    assert_eq!(told, before, "told again after all was acknowledged");
    let left: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert!(left.len() <= 3, "kills leave no litter: {left:?}");
    assert!(std::fs::metadata(&state).unwrap().len() < 256 * 1024);
}
