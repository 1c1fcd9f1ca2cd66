//! Hints that wait for the watch to look into them. Whoever knows the listener's URL can send any number, so there is an
//! end to how many wait, to how often one RxID is asked for, and to how many requests they cause in a second.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Hints that wait one by one; when more come, one listing answers them all.
const MOST_WAITING: usize = 32;
/// Requests that hints may cause in one [`PAUSE`].
const MOST_ASKED: usize = 32;
/// How long an RxID rests after it was asked for.
const PAUSE: Duration = Duration::from_secs(1);
/// RxIDs are far shorter; what is longer is none.
const LONGEST: usize = 256;

#[derive(Default)]
pub struct Hints {
    waiting: VecDeque<String>,
    asked: VecDeque<(String, Instant)>,
    crowded: bool,
}

impl Hints {
    pub fn add(&mut self, rx_id: &str) {
        let rx_id = rx_id.trim();
        if rx_id.is_empty() || rx_id.len() > LONGEST || self.waiting.iter().any(|one| one == rx_id)
        {
            return;
        }
        if self.waiting.len() >= MOST_WAITING {
            self.waiting.clear();
            self.crowded = true;
            return;
        }
        self.waiting.push_back(rx_id.to_owned());
    }

    /// Whether so many came that a listing must answer them. Asking takes it back.
    pub fn take_crowded(&mut self) -> bool {
        std::mem::take(&mut self.crowded)
    }

    pub fn is_crowded(&self) -> bool {
        self.crowded
    }

    /// The next RxID to ask for, now; it counts as asked.
    pub fn take(&mut self, now: Instant) -> Option<String> {
        self.asked
            .retain(|(_, at)| now.saturating_duration_since(*at) < PAUSE);
        if self.asked.len() >= MOST_ASKED {
            return None;
        }
        let rested = |rx_id: &String| self.asked.iter().all(|(asked, _)| asked != rx_id);
        let place = self.waiting.iter().position(rested)?;
        let rx_id = self.waiting.remove(place)?;
        self.asked.push_back((rx_id.clone(), now));
        Some(rx_id)
    }

    /// When [`take`](Hints::take) is worth the next try.
    pub fn next(&self) -> Option<Instant> {
        let oldest = self.asked.front().map(|(_, at)| *at + PAUSE);
        match self.waiting.is_empty() {
            true => None,
            false => oldest,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_rest_and_a_change_after_the_question_is_asked_for_again() {
        let (mut hints, now) = (Hints::default(), Instant::now());
        for _ in 0..100 {
            hints.add("rx-1");
        }
        assert_eq!(hints.take(now).as_deref(), Some("rx-1"));
        for _ in 0..100 {
            hints.add("rx-1");
            assert_eq!(hints.take(now), None);
        }
        assert_eq!(hints.next(), Some(now + PAUSE));
        assert_eq!(hints.take(now + PAUSE).as_deref(), Some("rx-1"));
        assert_eq!(hints.take(now + PAUSE * 2), None);
    }

    #[test]
    fn a_flood_becomes_one_listing() {
        let (mut hints, now) = (Hints::default(), Instant::now());
        for i in 0..100_000 {
            hints.add(&format!("rx-{i}"));
        }
        assert!(hints.waiting.len() <= MOST_WAITING);
        assert!(hints.take_crowded() && !hints.take_crowded());
        let mut asked = 0;
        for i in 0..1000 {
            hints.add(&format!("ry-{i}"));
            asked += usize::from(hints.take(now).is_some());
        }
        assert_eq!(asked, MOST_ASKED);
    }
}
