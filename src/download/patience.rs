//! How often a file's connection is made again before the download is given up.
//!
//! A cut that came after progress costs nothing, so a big file survives any number of them. Without progress there are
//! three attempts; a stall counts as two of them, because it has already cost half a minute.

use std::time::Duration;

use crate::error::{Error, Result, Status};

const ATTEMPTS: u32 = 3;
/// As many new bytes are progress.
const PROGRESS: u64 = 64 << 10;
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// A server that wants to be left alone for longer is not waited for.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

pub struct Patience {
    left: u32,
    furthest: u64,
    /// The furthest place when attempts were last counted from the beginning.
    counted_from: u64,
    /// The furthest place when the URL was last renewed.
    renewed_at: Option<u64>,
}

impl Patience {
    /// For a file of which `length` bytes are there.
    pub fn new(length: u64) -> Patience {
        Patience {
            left: ATTEMPTS,
            furthest: length,
            counted_from: length,
            renewed_at: None,
        }
    }

    /// Hears how far the file has come. The same bytes fetched again are no progress.
    pub fn reached(&mut self, length: u64) {
        self.furthest = self.furthest.max(length);
        if self.furthest - self.counted_from >= PROGRESS {
            self.counted_from = self.furthest;
            self.left = ATTEMPTS;
        }
    }

    /// The pause before another attempt, or the error when there is none left. `asked` is the pause that the server
    /// asked for.
    pub fn another(&mut self, error: Error, asked: Option<Duration>) -> Result<Duration> {
        let cost = match error.status {
            Status::Timeout => 2,
            _ => 1,
        };
        if self.left <= cost || asked.is_some_and(|asked| asked > LONGEST_PAUSE) {
            return Err(error);
        }
        let is_first = self.left == ATTEMPTS;
        self.left -= cost;
        let pause = match is_first {
            true => FIRST_PAUSE,
            false => FIRST_PAUSE * 4,
        };
        Ok(asked.unwrap_or_default().max(jittered(pause)))
    }

    /// Refuses a second fresh URL in a row for the same place in the file.
    pub fn renewal(&mut self, error: Error) -> Result<()> {
        if self.renewed_at.replace(self.furthest) == Some(self.furthest) {
            return Err(error);
        }
        Ok(())
    }
}

/// Half of the pause up to all of it, so that workstations which were cut off together don't come back together.
fn jittered(pause: Duration) -> Duration {
    let dice = getrandom::u32().unwrap_or(u32::MAX);
    pause / 2 + pause.mul_f64(f64::from(dice) / f64::from(u32::MAX) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut() -> Error {
        Error::new(Status::Network, "cut")
    }

    #[test]
    fn progress_is_patient_and_standstill_is_not() {
        let mut patience = Patience::new(0);
        for i in 1..=1000 {
            patience.reached(i * PROGRESS);
            assert!(patience.another(cut(), None).is_ok(), "{i}");
        }
        // Two more at the same place: the third attempt there is the last.
        assert!(patience.another(cut(), None).is_ok());
        assert!(patience.another(cut(), None).is_err());
        // A file that is begun anew again and again gets nowhere.
        let mut patience = Patience::new(0);
        patience.reached(PROGRESS);
        assert!(patience.another(cut(), None).is_ok());
        patience.reached(PROGRESS / 2);
        assert!(patience.another(cut(), None).is_ok());
        patience.reached(PROGRESS);
        assert!(patience.another(cut(), None).is_err());
    }

    #[test]
    fn a_stall_counts_twice_and_the_servers_wish_is_kept() {
        let stall = || Error::new(Status::Timeout, "stall");
        let mut patience = Patience::new(0);
        assert!(patience.another(stall(), None).is_ok());
        assert!(patience.another(stall(), None).is_err());
        let mut patience = Patience::new(0);
        let asked = Duration::from_secs(7);
        assert_eq!(patience.another(cut(), Some(asked)).unwrap(), asked);
        assert!(
            patience
                .another(cut(), Some(Duration::from_secs(61)))
                .is_err()
        );
    }

    #[test]
    fn a_fresh_url_that_brings_nothing_is_not_renewed_again() {
        let mut patience = Patience::new(5);
        assert!(patience.renewal(cut()).is_ok());
        assert!(patience.renewal(cut()).is_err());
        patience.reached(6);
        assert!(patience.renewal(cut()).is_ok());
    }
}
