//! The ledger: every Rx that this program sent, so that a notification can be told from a stranger's and a scan request
//! whose end nobody saw is not forgotten.
//!
//! It is one file in the host's state folder, `rx-ledger.jsonl`, to which lines are only ever appended (see [`lines`]).
//! "Prepared" is written before a scan request goes out, "sent" when the RxID has come, "not sent" when it is certain
//! that no Rx came of it. So a crash at any moment leaves a trace: prepared with nothing behind it means that the outcome
//! is unknown. Each line is on the disk before the work goes on. A line that a crash tore is skipped.
//!
//! Several processes append at once; they take turns at a lock on `rx-ledger.lock`, a file of its own that is never
//! deleted, because a lock on Windows keeps others from reading. Without a state folder the ledger is in memory alone.
//!
//! No patient data is in the file: a chart number is a digest, salted with the ledger's own random salt. The salt
//! stands in the same file, so the digest keeps chart numbers out of sight (backups, support cases); it is no cipher.

mod lines;

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

pub use lines::{Entry, Outcome};
use lines::{Index, Line};

use super::Client;
use super::patients::tidy;
use crate::disk;
use crate::error::{Error, Result, Status};
use crate::log::{self, Level};
use crate::session::pkce;
use crate::wire::date;

const FILE: &str = "rx-ledger.jsonl";
const LOCK: &str = "rx-ledger.lock";
/// How long to wait for another process's line.
const TURN: Duration = Duration::from_secs(5);
/// The longest line that is read; the library's own are far shorter.
const LONGEST_LINE: u64 = 4096;

pub struct Ledger {
    folder: Option<PathBuf>,
    index: Mutex<Index>,
}

/// A scan request that is about to go out.
pub struct Prepared {
    pub operation_id: String,
    pub chart_number: String,
    pub account_id: String,
}

fn refused(doing: &str, fault: &io::Error) -> Error {
    let number = fault
        .raw_os_error()
        .map(|number| format!(", system error {number}"))
        .unwrap_or_default();
    Error::new(
        Status::Store,
        format!("{doing} the ledger of sent Rx failed: {}{number}", fault.kind()),
    )
    .advise("Check the state folder (itero_config_set_state_folder), its permissions and the space on the disk.")
}

fn now() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let ms = since.map_or(0, |since| {
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    });
    date::rfc3339(ms).unwrap_or_default()
}

impl Ledger {
    pub fn new(folder: Option<PathBuf>) -> Ledger {
        Ledger {
            folder,
            index: Mutex::default(),
        }
    }

    fn index(&self) -> MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Before the request goes out. An error means that it must not.
    pub fn prepare(&self, prepared: &Prepared) -> Result<()> {
        self.append(|salt| Line::Prepared {
            operation_id: prepared.operation_id.clone(),
            chart_number_hash: lines::hash(salt, &prepared.chart_number),
            account_id: prepared.account_id.clone(),
            time: now(),
        })
        .map_err(|mut error| {
            error.message = format!("the scan request was not sent, because {}", error.message);
            error
        })
    }

    /// The RxID has come. The Rx is there whatever happens here, so a failure is told to the log alone; the prepared
    /// line is on the disk, and this process remembers.
    pub fn sent(&self, prepared: &Prepared, rx_id: &str) {
        self.conclude(|salt| Line::Sent {
            rx_id: rx_id.to_owned(),
            chart_number_hash: lines::hash(salt, &prepared.chart_number),
            operation_id: prepared.operation_id.clone(),
            account_id: prepared.account_id.clone(),
            time: now(),
        });
    }

    /// No Rx came of it, for certain.
    pub fn not_sent(&self, prepared: &Prepared) {
        self.conclude(|_| Line::NotSent {
            operation_id: prepared.operation_id.clone(),
            time: now(),
        });
    }

    fn conclude(&self, line: impl Fn(&str) -> Line) {
        if let Err(error) = self.append(&line) {
            log::write(Level::Warning, || error.message.clone());
            let mut index = self.index();
            let salt = index.salt().unwrap_or_default().to_owned();
            index.take(line(&salt));
        }
    }

    /// What was found out later about a scan request: its RxID, or that it did not arrive.
    pub fn settle(&self, entry: &Entry, rx_id: Option<&str>) -> Result<()> {
        self.append(|_| match rx_id {
            Some(rx_id) => Line::Sent {
                rx_id: rx_id.to_owned(),
                chart_number_hash: entry.chart_number_hash.clone(),
                operation_id: entry.operation_id.to_string(),
                account_id: entry.account_id.to_string(),
                time: now(),
            },
            None => Line::NotSent {
                operation_id: entry.operation_id.to_string(),
                time: now(),
            },
        })
    }

    /// One scan request, also one that was not sent.
    pub fn entry(&self, operation_id: &str) -> Result<Option<Entry>> {
        let mut index = self.index();
        self.catch_up(&mut index)?;
        Ok(index.of(operation_id).cloned())
    }

    pub fn is_of(&self, entry: &Entry, chart_number: &str) -> bool {
        self.index().is_of(entry, chart_number)
    }

    /// Whether this Rx was sent from here.
    pub fn knows(&self, rx_id: &str) -> Result<bool> {
        let mut index = self.index();
        self.catch_up(&mut index)?;
        Ok(index.knows(rx_id.trim()))
    }

    /// The Rx of one chart number, or all of them, oldest first; those that were certainly not sent are left out.
    pub fn find(&self, chart_number: Option<&str>) -> Result<Vec<Entry>> {
        let mut index = self.index();
        self.catch_up(&mut index)?;
        Ok(index.find(chart_number))
    }

    /// Reads what other processes, and earlier ones, have written.
    fn catch_up(&self, index: &mut Index) -> Result<()> {
        let Some(folder) = &self.folder else {
            return Ok(());
        };
        match File::open(folder.join(FILE)) {
            Ok(mut file) => read(&mut file, index).map_err(|fault| refused("reading", &fault)),
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(fault) => Err(refused("opening", &fault)),
        }
    }

    fn append(&self, line: impl FnOnce(&str) -> Line) -> Result<()> {
        let mut index = self.index();
        let Some(folder) = &self.folder else {
            if index.salt().is_none() {
                index.take(Line::start(pkce::random()?));
            }
            let line = line(index.salt().unwrap_or_default());
            index.take(line);
            return Ok(());
        };
        std::fs::create_dir_all(folder).map_err(|fault| refused("making the folder of", &fault))?;
        let _turn = turn(folder)?;
        let mut file = open(folder).map_err(|fault| refused("opening", &fault))?;
        let mut text = match is_torn(&mut file) {
            Ok(torn) => if torn { "\n" } else { "" }.to_owned(),
            Err(fault) => return Err(refused("reading", &fault)),
        };
        read(&mut file, &mut index).map_err(|fault| refused("reading", &fault))?;
        let salt = match index.salt() {
            Some(salt) => salt.to_owned(),
            None => {
                let salt = pkce::random()?;
                text.push_str(&Line::start(salt.clone()).text()?);
                salt
            }
        };
        text.push_str(&line(&salt).text()?);
        file.write_all(text.as_bytes())
            .and_then(|()| file.sync_data())
            .map_err(|fault| refused("writing", &fault))?;
        // Read back, so that the index never holds what the file doesn't.
        read(&mut file, &mut index).map_err(|fault| refused("reading", &fault))
    }
}

impl Client {
    /// What was sent for one chart number, or all.
    pub fn ledger_find(&self, chart_number: Option<&str>) -> Result<Vec<Entry>> {
        let chart_number = chart_number
            .map(|chart| tidy("chart_number", chart))
            .transpose()?;
        if chart_number.as_deref() == Some("") {
            return Err(Error::argument(
                "chart_number is empty; pass NULL for everybody's",
            ));
        }
        self.ledger.find(chart_number.as_deref())
    }
}

/// Holds the lock until it is dropped.
fn turn(folder: &Path) -> Result<File> {
    let file = disk::lock_file(&folder.join(LOCK))
        .map_err(|fault| refused("opening the lock of", &fault))?;
    let until = Instant::now() + TURN;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(fault)) => return Err(refused("locking", &fault)),
            Err(TryLockError::WouldBlock) if Instant::now() < until => {
                std::thread::sleep(Duration::from_millis(5));
            }
            Err(TryLockError::WouldBlock) => {
                return Err(refused("locking", &io::ErrorKind::TimedOut.into()));
            }
        }
    }
}

fn open(folder: &Path) -> io::Result<File> {
    let path = folder.join(FILE);
    let is_new = !path.exists();
    let mut options = OpenOptions::new();
    let file = disk::private(options.create(true).append(true).read(true)).open(&path)?;
    if is_new {
        disk::flush_folder(folder)?;
    }
    Ok(file)
}

/// Whether the last line has no end.
fn is_torn(file: &mut File) -> io::Result<bool> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(false);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

/// Takes in the whole lines behind the last one that was read.
fn read(file: &mut File, index: &mut Index) -> io::Result<()> {
    let length = file.metadata()?.len();
    if length < index.read {
        // It was replaced by an older one; what this process knows stays known.
        index.read = 0;
    }
    if length == index.read {
        return Ok(());
    }
    file.seek(SeekFrom::Start(index.read))?;
    let mut reader = BufReader::new(file.take(length - index.read));
    let mut line = Vec::new();
    // Of a line that is too long only its length counts.
    let mut skipped = 0;
    loop {
        line.clear();
        let got = reader
            .by_ref()
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut line)? as u64;
        if got == 0 {
            return Ok(());
        }
        if line.last() != Some(&b'\n') {
            skipped += got;
            continue;
        }
        if skipped == 0
            && let Ok(line) = serde_json::from_slice(&line)
        {
            index.take(line);
        }
        index.read += skipped + got;
        skipped = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepared(operation_id: &str, chart_number: &str) -> Prepared {
        Prepared {
            operation_id: operation_id.to_owned(),
            chart_number: chart_number.to_owned(),
            account_id: "30417".to_owned(),
        }
    }

    fn outcomes(ledger: &Ledger, chart: Option<&str>) -> Vec<(String, Outcome)> {
        let entries = ledger.find(chart).unwrap();
        entries
            .iter()
            .map(|entry| (entry.operation_id.to_string(), entry.outcome))
            .collect()
    }

    fn story(ledger: &Ledger) {
        for (operation, chart) in [("op-1", "10023"), ("op-2", "10024"), ("op-3", "10023")] {
            ledger.prepare(&prepared(operation, chart)).unwrap();
        }
        ledger.sent(&prepared("op-1", "10023"), "rx-1");
        ledger.not_sent(&prepared("op-2", "10024"));
    }

    fn check(ledger: &Ledger) {
        let all = [
            ("op-1".to_owned(), Outcome::Sent),
            ("op-3".to_owned(), Outcome::Unknown),
        ];
        assert_eq!(outcomes(ledger, None), all);
        assert_eq!(outcomes(ledger, Some("10023")), all);
        assert_eq!(outcomes(ledger, Some("10024")), []);
        assert!(ledger.knows(" rx-1 ").unwrap() && !ledger.knows("rx-2").unwrap());
        assert!(!ledger.knows("").unwrap());
    }

    #[test]
    fn in_memory_without_a_folder() {
        let ledger = Ledger::new(None);
        story(&ledger);
        check(&ledger);
        assert!(!Ledger::new(None).knows("rx-1").unwrap());
    }

    #[test]
    fn on_disk_for_the_next_process_and_the_one_beside() {
        let folder = tempfile::tempdir().unwrap();
        let place = Some(folder.path().join("state"));
        let beside = Ledger::new(place.clone());
        assert!(!beside.knows("rx-1").unwrap());
        let ledger = Ledger::new(place.clone());
        story(&ledger);
        for ledger in [&ledger, &beside, &Ledger::new(place)] {
            check(ledger);
        }
    }

    #[test]
    fn every_tear_leaves_a_ledger_that_works() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(FILE);
        let place = Some(folder.path().to_owned());
        story(&Ledger::new(place.clone()));
        let whole = std::fs::read(&file).unwrap();
        for length in (0..whole.len())
            .step_by(13)
            .chain([whole.len() - 1, whole.len()])
        {
            std::fs::write(&file, &whole[..length]).unwrap();
            let ledger = Ledger::new(place.clone());
            ledger.prepare(&prepared("op-9", "10099")).unwrap();
            ledger.sent(&prepared("op-9", "10099"), "rx-9");
            let again = Ledger::new(place.clone());
            assert!(again.knows("rx-9").unwrap(), "torn at {length}");
            assert_eq!(again.find(Some("10099")).unwrap().len(), 1);
        }
    }

    #[test]
    fn lines_of_another_hand_are_skipped() {
        let folder = tempfile::tempdir().unwrap();
        let place = Some(folder.path().to_owned());
        let mut text =
            format!("{}\n\n[]\n{{\"event\":\"later\"}}\n", "x".repeat(10_000)).into_bytes();
        text.extend([0xff, 0xfe, b'\n']);
        std::fs::write(folder.path().join(FILE), text).unwrap();
        let ledger = Ledger::new(place.clone());
        story(&ledger);
        check(&Ledger::new(place));
    }
}
