//! Trying again: the one place that decides whether a request that failed is sent again, when, and how often.
//!
//! The numbers are those of the AWS SDKs' standard retry mode: at most three attempts a call, and a bucket of 500 tokens
//! from which an attempt after the first takes 5 (10 after a time-out) and to which a success gives 1 back. So an outage
//! costs a client 100 further attempts, whatever it calls, and where half of all calls fail, the further attempts are at
//! most a fifth of the successes. Pauses are random between nothing and a limit that doubles ("full jitter", AWS
//! Architecture Blog, "Exponential Backoff And Jitter"), so that workstations which lost the network together don't come
//! back together. A `Retry-After` of the service (RFC 9110 §10.2.3) takes the pause's place.
//!
//! All attempts and pauses of a call share its one deadline, the request time-out. A pause that would pass it is not
//! begun: the caller hears at once how long the service asks to wait.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use reqwest::header::{self, HeaderMap};

use super::{Answer, Failure, Transport};
use crate::error::Status;
use crate::log::{self, Level};

const MOST_ATTEMPTS: u32 = 3;
const BUDGET: u32 = 500;
const COST: u32 = 5;
const COST_AFTER_TIMEOUT: u32 = 10;
/// The longest first pause; after "too many requests", which a fault of the network is not, it is longer.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const FIRST_PAUSE_OF_LIMIT: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(20);
/// What is added to a `Retry-After` at most, so that not all callers come back in the same moment.
const SPREAD: Duration = Duration::from_millis(40);

/// Which failures of a request let it be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Twice has the same effect as once.
    Always,
    /// Only while it is certain that the service has not done it: no byte was sent, or the answer was 429.
    WhenUndone,
}

/// What a client has left for further attempts.
pub struct Budget(Mutex<u32>);

impl Default for Budget {
    fn default() -> Budget {
        Budget(Mutex::new(BUDGET))
    }
}

impl Budget {
    fn take(&self, cost: u32) -> bool {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let rest = left.checked_sub(cost);
        *left = rest.unwrap_or(*left);
        rest.is_some()
    }

    fn give(&self) {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *left = BUDGET.min(*left + 1);
    }
}

/// The attempts of one call.
pub struct Attempts<'a> {
    budget: &'a Budget,
    endpoint: &'static str,
    repeat: Repeat,
    until: Instant,
    made: u32,
    lost: bool,
}

impl Transport {
    /// The call's time begins to run.
    pub fn attempts(&self, endpoint: &'static str, repeat: Repeat) -> Attempts<'_> {
        Attempts {
            budget: &self.budget,
            endpoint,
            repeat,
            until: Instant::now() + self.options.request_timeout,
            made: 0,
            lost: false,
        }
    }
}

impl Attempts<'_> {
    /// When the call must have ended.
    pub fn until(&self) -> Instant {
        self.until
    }

    /// Takes an attempt's outcome. `None`, after the pause: send it again. Else it is the call's own.
    pub async fn settle(
        &mut self,
        outcome: Result<Answer, Failure>,
    ) -> Option<Result<Answer, Failure>> {
        self.made += 1;
        let mut failure = match outcome {
            Ok(answer) => {
                self.budget.give();
                return Some(Ok(answer));
            }
            Err(failure) => failure,
        };
        match self.pause(&failure) {
            Ok(pause) => {
                self.lost |= failure.may_have_arrived;
                log::write(Level::Warning, || {
                    format!(
                        "{}: attempt {} of {MOST_ATTEMPTS} failed, the next one in {} ms",
                        self.endpoint,
                        self.made,
                        pause.as_millis()
                    )
                });
                tokio::time::sleep(pause).await;
                None
            }
            Err(why) => {
                if !why.is_empty() {
                    failure.error.message.push_str(&format!("; {why}"));
                }
                if self.made > 1 {
                    let made = format!(" (attempt {} of {MOST_ATTEMPTS})", self.made);
                    failure.error.message.push_str(&made);
                }
                failure.earlier_may_have_arrived = self.lost;
                Some(Err(failure))
            }
        }
    }

    /// How long to wait before the next attempt, or why there is none, which may need no words.
    fn pause(&self, failure: &Failure) -> Result<Duration, String> {
        let status = failure.error.status;
        let undone = status == Status::RateLimit
            || (!failure.may_have_arrived && matches!(status, Status::Network | Status::Timeout));
        let passing = matches!(status, Status::Network | Status::Timeout | Status::Service);
        if !(undone || (passing && self.repeat == Repeat::Always)) {
            return Err(String::new());
        }
        let asked = failure.error.retry_after;
        let pause = match asked {
            Some(asked) => asked.saturating_add(part_of(SPREAD)),
            None => part_of(longest_pause(status, self.made)),
        };
        let left = self.until.saturating_duration_since(Instant::now());
        if pause >= left {
            let told = asked.map(|asked| {
                let seconds = asked.as_secs_f32();
                format!(
                    "the service asks to wait {seconds} s, which is longer than this call may take"
                )
            });
            return Err(told.unwrap_or_default());
        }
        if self.made >= MOST_ATTEMPTS {
            return Err(String::new());
        }
        let cost = if status == Status::Timeout {
            COST_AFTER_TIMEOUT
        } else {
            COST
        };
        if !self.budget.take(cost) {
            return Err("not tried again, because too many calls have failed of late".to_owned());
        }
        Ok(pause)
    }
}

fn longest_pause(status: Status, made: u32) -> Duration {
    let first = if status == Status::RateLimit {
        FIRST_PAUSE_OF_LIMIT
    } else {
        FIRST_PAUSE
    };
    first
        .saturating_mul(1 << made.saturating_sub(1).min(16))
        .min(LONGEST_PAUSE)
}

/// A random part of a time. Without random numbers all of it: late is better than together.
fn part_of(whole: Duration) -> Duration {
    let mut random = [0xff; 4];
    let _ = getrandom::fill(&mut random);
    whole.mul_f64(f64::from(u32::from_le_bytes(random)) / f64::from(u32::MAX))
}

/// How long an answer asks to wait, `None` when it doesn't.
pub(super) fn asked(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    retry_after(text(header::RETRY_AFTER), text(header::DATE))
}

/// Seconds, or a date, which is compared with the service's own `Date`, because this computer's clock may be wrong. `None`
/// when it can't be understood.
pub fn retry_after(value: Option<&str>, date: Option<&str>) -> Option<Duration> {
    let value = value?.trim();
    if let Ok(seconds) = value.parse::<u32>() {
        return Some(Duration::from_secs(u64::from(seconds)));
    }
    let then = httpdate::parse_http_date(value).ok()?;
    let now = date
        .and_then(|date| httpdate::parse_http_date(date.trim()).ok())
        .unwrap_or_else(SystemTime::now);
    Some(then.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    fn attempts(budget: &Budget, repeat: Repeat) -> Attempts<'_> {
        Attempts {
            budget,
            endpoint: "orders",
            repeat,
            until: Instant::now() + Duration::from_secs(3600),
            made: 1,
            lost: false,
        }
    }

    fn failed(status: Status, may_have_arrived: bool) -> Failure {
        Failure {
            may_have_arrived,
            ..Failure::before(Error::new(status, "failed"))
        }
    }

    #[test]
    fn what_is_sent_again() {
        let budget = Budget::default();
        for (status, arrived, always, undone) in [
            (Status::Network, false, true, true),
            (Status::Network, true, true, false),
            (Status::Timeout, false, true, true),
            (Status::Timeout, true, true, false),
            (Status::Service, true, true, false),
            (Status::RateLimit, false, true, true),
            (Status::Tls, false, false, false),
            (Status::Conflict, false, false, false),
            (Status::Protocol, true, false, false),
            (Status::Forbidden, false, false, false),
        ] {
            let failure = failed(status, arrived);
            let again = |repeat| attempts(&budget, repeat).pause(&failure).is_ok();
            let got = (again(Repeat::Always), again(Repeat::WhenUndone));
            assert_eq!(got, (always, undone), "{status:?} {arrived}");
        }
    }

    #[test]
    fn the_third_attempt_is_the_last_and_a_late_one_is_not_begun() {
        let budget = Budget::default();
        let failure = failed(Status::Network, false);
        let mut attempts = attempts(&budget, Repeat::Always);
        attempts.made = MOST_ATTEMPTS;
        assert_eq!(attempts.pause(&failure), Err(String::new()));
        attempts.made = 1;
        attempts.until = Instant::now();
        assert_eq!(attempts.pause(&failure), Err(String::new()));
        let mut busy = failed(Status::RateLimit, false);
        busy.error = busy.error.wait(Some(Duration::from_secs(7200)));
        let why = attempts.pause(&busy).unwrap_err();
        assert!(why.contains("7200 s"), "{why}");
    }

    #[test]
    fn an_outage_costs_a_hundred_further_attempts_and_half_of_them_after_timeouts() {
        for (status, most) in [(Status::Service, 100), (Status::Timeout, 50)] {
            let budget = Budget::default();
            let attempts = attempts(&budget, Repeat::Always);
            let failure = failed(status, true);
            let further = (0..10_000).filter(|_| attempts.pause(&failure).is_ok());
            assert_eq!(further.count(), most);
        }
    }

    /// A bad day without end: half of the calls fail at every attempt.
    #[test]
    fn where_half_of_the_calls_fail_a_fifth_of_the_successes_is_the_limit() {
        let budget = Budget::default();
        let attempts = attempts(&budget, Repeat::Always);
        let failure = failed(Status::Network, true);
        let mut further = 0;
        for _ in 0..10_000 {
            budget.give();
            further += u32::from(attempts.pause(&failure).is_ok());
        }
        assert!(further <= 100 + 10_000 / 5, "{further}");
        assert!(further >= 10_000 / 5, "{further}");
    }

    #[test]
    fn successes_fill_the_bucket_and_never_over() {
        let budget = Budget::default();
        budget.give();
        assert_eq!(*budget.0.lock().unwrap(), BUDGET);
        while budget.take(COST) {}
        for _ in 0..4 {
            budget.give();
        }
        assert!(!budget.take(COST));
        budget.give();
        assert!(budget.take(COST) && !budget.take(1));
    }

    #[test]
    fn pauses_are_spread_below_their_limit() {
        for (status, made, limit) in [
            (Status::Network, 1, 100),
            (Status::Network, 2, 200),
            (Status::RateLimit, 1, 1000),
            (Status::RateLimit, 2, 2000),
            (Status::Network, 30, 20_000),
        ] {
            let limit = Duration::from_millis(limit);
            assert_eq!(longest_pause(status, made), limit);
            let mut pauses: Vec<Duration> = (0..64).map(|_| part_of(limit)).collect();
            pauses.sort();
            assert!(*pauses.last().unwrap() <= limit);
            assert!(pauses[63] - pauses[0] > limit / 4, "{pauses:?}");
        }
    }

    #[test]
    fn retry_after_comes_in_seconds_or_as_a_date_of_the_services_own_clock() {
        let seconds = |value, date| retry_after(Some(value), date).map(|wait| wait.as_secs());
        let now = "Sun, 01 Mar 2026 12:00:00 GMT";
        assert_eq!(seconds("120", None), Some(120));
        assert_eq!(seconds(" 0 ", Some(now)), Some(0));
        // This computer may be years off.
        assert_eq!(seconds("Sun, 01 Mar 2026 12:00:07 GMT", Some(now)), Some(7));
        assert_eq!(seconds("Sun, 01 Mar 2026 11:00:00 GMT", Some(now)), Some(0));
        assert_eq!(seconds("Sun, 01 Mar 2015 12:00:00 GMT", None), Some(0));
        for strange in ["", "soon", "-1", "1.5", "99999999999"] {
            assert_eq!(seconds(strange, Some(now)), None, "{strange}");
        }
        assert_eq!(retry_after(None, Some(now)), None);
    }
}
