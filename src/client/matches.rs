//! Patient matching (P1): who at the service may be the person that the host means.
//!
//! The service's search is exact, so each way to write the name is searched for on its own (see [`names`]), and the
//! chart number alone. What the service has and the given name lacks (accents, particles, a second last name) nobody can
//! guess; so the first name and the last name are searched for alone too, and of those answers only the related names
//! are kept. That makes at most [`MOST_SEARCHES`] searches, [`AT_ONCE`] of them at a time. All of them are made, always:
//! the best match may be in the last answer. When one search fails the whole match fails, because a missing answer could
//! hide the patient; only a service that takes no search by one name alone is let off those two. Nothing here creates,
//! changes or merges a patient.

use std::collections::HashSet;
use std::sync::Arc;

use time::Date;
use tokio::task::JoinSet;

use super::Client;
use super::names::{self, DIACRITICS, PART, Reason, SAME, SPELLING, SWAPPED};
use super::patients::{LONGEST_NAME, tidy};
use crate::error::{Error, Result, Status};
use crate::transport::runtime;
use crate::wire::patient::Patient;
use crate::wire::{Text, date};

/// The chart number, each name alone, and the name in all its ways.
pub const MOST_SEARCHES: usize = names::MOST + 3;
const AT_ONCE: usize = 4;

pub const CHART_NUMBER: Reason = 1;
pub const NAME: Reason = SAME;
pub const NAME_SWAPPED: Reason = SWAPPED;
pub const NAME_PART: Reason = PART;
pub const NAME_DIACRITICS: Reason = DIACRITICS;
pub const NAME_SPELLING: Reason = SPELLING;
pub const BIRTH_DATE: Reason = 64;
pub const OTHER_BIRTH_DATE: Reason = 128;
pub const ANY_NAME: Reason = SAME | SWAPPED | PART | DIACRITICS | SPELLING;

/// The person that the host means.
#[derive(Clone)]
pub struct Wanted {
    pub first: String,
    pub last: String,
    pub chart: String,
    pub birth: Option<Date>,
}

/// A patient at the service who may be that person.
#[derive(Clone)]
pub struct Match {
    pub patient: Patient,
    pub score: i32,
    pub reason: Reason,
    pub reason_text: Text,
}

impl Match {
    pub fn has(&self, reason: Reason) -> bool {
        self.reason & reason != 0
    }

    pub fn lacks_chart_number(&self) -> bool {
        self.patient.chart_number.trim().is_empty()
    }
}

/// Best first.
pub struct Matches(pub Vec<Match>);

impl Wanted {
    pub fn new(first: &str, last: &str, chart: &str, birth: &str) -> Result<Wanted> {
        let wanted = Wanted {
            first: tidy("first_name", first)?,
            last: tidy("last_name", last)?,
            chart: tidy("chart_number", chart)?,
            birth: date::day(birth),
        };
        if wanted.first.is_empty() && wanted.last.is_empty() && wanted.chart.is_empty() {
            return Err(Error::argument(
                "first_name, last_name and chart_number are all empty; give at least one",
            ));
        }
        Ok(wanted)
    }

    /// First name, last name and chart number of each search, most telling first.
    fn searches(&self) -> Vec<(String, String, String)> {
        let mut searches = Vec::new();
        if !self.chart.is_empty() {
            searches.push((String::new(), String::new(), self.chart.clone()));
        }
        if !self.first.is_empty() && !self.last.is_empty() {
            searches.push((self.first.clone(), String::new(), String::new()));
            searches.push((String::new(), self.last.clone(), String::new()));
        }
        let fits = |text: &str| text.chars().count() <= LONGEST_NAME;
        let ways = names::permutations(&self.first, &self.last);
        for way in ways
            .into_iter()
            .filter(|way| fits(&way.first) && fits(&way.last))
        {
            searches.push((way.first, way.last, String::new()));
        }
        searches.truncate(MOST_SEARCHES);
        searches
    }

    pub(super) fn judge(&self, patient: Patient) -> Option<Match> {
        let theirs = (patient.first_name.as_str(), patient.last_name.as_str());
        let mut reason = match names::relation((&self.first, &self.last), theirs) {
            Some(0) => SPELLING,
            Some(reason) => reason,
            // Half a name was searched for.
            None if self.first.is_empty() != self.last.is_empty() => PART,
            None => 0,
        };
        if !self.chart.is_empty() && names::is_same(&self.chart, &patient.chart_number) {
            reason |= CHART_NUMBER;
        }
        // A service that finds more than what was asked for must not make strangers into matches.
        if reason == 0 {
            return None;
        }
        reason |= match (self.birth, date::day(patient.birth_date.trim())) {
            (Some(ours), Some(theirs)) if ours == theirs => BIRTH_DATE,
            (Some(_), Some(_)) => OTHER_BIRTH_DATE,
            _ => 0,
        };
        let missing = patient.chart_number.trim().is_empty();
        Some(Match {
            score: score(reason, missing, self.chart.is_empty()),
            reason_text: Text::from(sentence(reason, missing, self.chart.is_empty())),
            patient,
            reason,
        })
    }
}

/// 100 is the same chart number and name; below, the chart number weighs most, then how near the names are.
fn score(reason: Reason, chart_missing: bool, none_given: bool) -> i32 {
    let [same, spelt, swapped, part] = if reason & CHART_NUMBER != 0 {
        [100, 95, 90, 80]
    } else if none_given {
        [75, 62, 60, 42]
    } else if chart_missing {
        [70, 60, 58, 40]
    } else {
        [65, 50, 48, 30]
    };
    match reason {
        _ if reason & SAME != 0 => same,
        _ if reason & PART != 0 => part,
        _ if reason & SWAPPED != 0 => swapped,
        _ if reason & (DIACRITICS | SPELLING) != 0 => spelt,
        _ => 20,
    }
}

/// The reason in words, without anything about the patient.
fn sentence(reason: Reason, chart_missing: bool, none_given: bool) -> String {
    let name = if reason & SAME != 0 {
        "the name is the same".to_owned()
    } else if reason & ANY_NAME == 0 {
        "the name is another one".to_owned()
    } else {
        let mut differences = Vec::new();
        for (bit, difference) in [
            (PART, "in parts that only one of them has"),
            (SWAPPED, "in the order of its parts"),
            (DIACRITICS, "in accents"),
            (SPELLING, "in spaces, hyphens, apostrophes or particles"),
        ] {
            if reason & bit != 0 {
                differences.push(difference);
            }
        }
        format!("the name differs {}", differences.join(", "))
    };
    let chart = if reason & CHART_NUMBER != 0 {
        "The chart number is the same, "
    } else if none_given {
        "No chart number was given, "
    } else if chart_missing {
        "The chart number is missing there, "
    } else {
        "The chart number is another one, "
    };
    let birth = match reason & (BIRTH_DATE | OTHER_BIRTH_DATE) {
        BIRTH_DATE => ", the birth date is the same",
        OTHER_BIRTH_DATE => ", the birth date is another one",
        _ => "",
    };
    format!("{chart}{name}{birth}.")
}

impl Client {
    /// P1 in all permutations: everybody who may be the wanted person, best first.
    pub async fn patients_match(self: Arc<Client>, wanted: Wanted) -> Result<Matches> {
        let mut waiting = wanted.searches().into_iter();
        let mut under_way = JoinSet::new();
        let mut seen = HashSet::new();
        let mut found: Vec<Match> = Vec::new();
        loop {
            while under_way.len() < AT_ONCE {
                let Some((first, last, chart)) = waiting.next() else {
                    break;
                };
                let whole_name = !wanted.first.is_empty() && !wanted.last.is_empty();
                let by_half = whole_name && chart.is_empty() && first.is_empty() != last.is_empty();
                let search = self.clone().patients_search(first, last, chart);
                under_way.spawn(runtime::caught(async move {
                    match search.await {
                        Ok(patients) => Ok(patients.value),
                        Err(error) if by_half && error.status == Status::Argument => Ok(Vec::new()),
                        Err(error) => Err(error),
                    }
                }));
            }
            let Some(answer) = under_way.join_next().await else {
                break;
            };
            // Dropping the set ends the other searches.
            let patients = answer.map_err(|_| Error::cancelled())??;
            for patient in patients {
                if seen.insert(patient.patient_id.to_lowercase()) {
                    found.extend(wanted.judge(patient));
                }
            }
        }
        found.sort_by(|a, b| {
            let near = |one: &Match| (one.score, one.has(BIRTH_DATE), !one.has(OTHER_BIRTH_DATE));
            near(b)
                .cmp(&near(a))
                .then_with(|| a.patient.patient_id.cmp(&b.patient.patient_id))
        });
        Ok(Matches(found))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(wanted: (&str, &str, &str), there: (&str, &str, &str)) -> Option<(i32, Reason)> {
        let wanted = Wanted::new(wanted.0, wanted.1, wanted.2, "").unwrap();
        let patient = Patient {
            patient_id: "id".into(),
            first_name: there.0.into(),
            last_name: there.1.into(),
            chart_number: there.2.into(),
            birth_date: "".into(),
        };
        wanted
            .judge(patient)
            .map(|found| (found.score, found.reason))
    }

    #[test]
    fn the_ranks_are_in_order() {
        let wanted = ("Dmitri", "Petrov", "1");
        let ranks = [
            ("Dmitri", "Petrov", "1"),
            ("Petrov", "Dmitri", "1"),
            ("Dmitri Ivan", "Petrov", "1"),
            ("dmitri", "PETROV", ""),
            ("Dmitri", "Petrov", "2"),
            ("Petrov", "Dmitri", ""),
            ("Petrov", "Dmitri", "2"),
            ("Jane", "Doe", "1"),
        ];
        let scores: Vec<i32> = ranks
            .iter()
            .map(|there| judged(wanted, *there).unwrap().0)
            .collect();
        assert!(scores.is_sorted_by(|a, b| a > b), "{scores:?}");
        assert_eq!(judged(wanted, ("Jane", "Doe", "2")), None);
    }

    #[test]
    fn searches_are_bounded_and_begin_with_what_tells_most() {
        let long = "Anna-Maria Luise Zoë van der Müller-Łukasz ".repeat(2);
        let wanted = Wanted::new(
            &long[..60],
            "de la Cruz-Müller y O'Connor MacDonald",
            "7",
            "",
        );
        let searches = wanted.unwrap().searches();
        assert_eq!(searches.len(), MOST_SEARCHES);
        assert_eq!(searches[0], (String::new(), String::new(), "7".to_owned()));
        let repeats: HashSet<_> = searches.iter().collect();
        assert_eq!(repeats.len(), searches.len());
    }

    #[test]
    fn a_reason_names_nobody() {
        let wanted = Wanted::new("Zoë", "Müller", "10024", "1991-11-02").unwrap();
        let found = wanted
            .judge(Patient {
                patient_id: "id".into(),
                first_name: "Mueller".into(),
                last_name: "Zoe".into(),
                chart_number: "".into(),
                birth_date: "11/02/1991".into(),
            })
            .unwrap();
        assert_eq!(
            found.reason_text.as_str(),
            "The chart number is missing there, the name differs in the order of its parts, in accents, the birth \
             date is the same."
        );
    }
}
