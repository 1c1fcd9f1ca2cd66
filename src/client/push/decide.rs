//! What a push does after the match. The rows are looked at from the top; the first that fits holds.
//!
//! "The same person" below: the name is the same in one of its permutations, and no birth date speaks against it.
//!
//! | at the service | never update | update name | ask |
//! |---|---|---|---|
//! | several patients have the chart number | conflict | conflict | ask |
//! | one has it, with the same name (letter case aside) | send | send | send |
//! | one has it, the name is a permutation | conflict | name corrected, send | ask |
//! | one has it, the name is another one, but the first or last name or the birth date is the same, and nobody else there has the name | conflict | name corrected, send | ask |
//! | one has it, the birth date is another one | conflict | conflict | ask |
//! | one has it, nothing else fits | conflict | conflict | ask |
//! | nobody has it, and nobody has the name | send: new patient | send: new patient | send: new patient |
//! | nobody has it, all who have the name have another birth date | send: new patient | send: new patient | ask |
//! | nobody has it, one patient without a chart number is the same person (a mere part of the name needs the same birth date), nobody else may be | conflict | chart number set, name corrected, send | ask |
//! | nobody has it, one with another chart number, or several, may be the same person | conflict | conflict | ask |
//!
//! The host's answer to a question: an index corrects that patient's name and chart number and sends; "none of them"
//! sends as a new patient, but is a conflict when the chart number is somebody's there, because the service would take
//! it for that patient; a choice that would leave two patients with one chart number and name is a conflict too.

use super::super::matches::{
    ANY_NAME, BIRTH_DATE, CHART_NUMBER, Match, Matches, NAME_PART, OTHER_BIRTH_DATE, Wanted,
};
use super::super::names::has_something_in_common;
use super::is_the_one;
use crate::error::{Error, Result, Status};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Policy {
    NeverUpdate = 1,
    UpdateName = 2,
    Ask = 3,
}

pub const NONE_OF_THEM: i32 = -1;
pub const STOP: i32 = -2;

#[derive(Debug, PartialEq, Eq)]
pub enum Decision {
    /// Send, after that patient's record has been put in order; without a patient, the service makes one.
    Send {
        patient: Option<usize>,
    },
    Ask,
}

/// Nothing was sent and nothing was changed.
pub fn conflict(why: &str) -> Error {
    Error::new(Status::Conflict, why).advise(
        "Look at itero_patients_match, put the chart number or the name in order on either side, or push with ITERO_PUSH_ASK.",
    )
}

pub fn decide(wanted: &Wanted, matches: &Matches, policy: Policy) -> Result<Decision> {
    let places = |fits: &dyn Fn(&Match) -> bool| -> Vec<usize> {
        let rows = matches.0.iter().enumerate();
        rows.filter(|(_, found)| fits(found))
            .map(|(place, _)| place)
            .collect()
    };
    let holders = places(&|found| found.has(CHART_NUMBER));
    let named = places(&|found| !found.has(CHART_NUMBER) && found.has(ANY_NAME));
    let persons: Vec<usize> = named
        .iter()
        .copied()
        .filter(|place| !matches.0[*place].has(OTHER_BIRTH_DATE))
        .collect();
    match holders[..] {
        [only] if is_the_one(&matches.0[only]) => {
            return Ok(Decision::Send {
                patient: Some(only),
            });
        }
        [] if persons.is_empty() && (named.is_empty() || policy != Policy::Ask) => {
            return Ok(Decision::Send { patient: None });
        }
        _ if policy == Policy::Ask => return Ok(Decision::Ask),
        _ => {}
    }
    let (patient, doubt) = match holders[..] {
        [] => (persons[0], missing_chart_number(matches, &persons)),
        [only] => (only, other_name(wanted, &matches.0[only], &persons)),
        _ => (
            0,
            Some("several patients at the service have this chart number"),
        ),
    };
    match doubt {
        Some(why) => Err(conflict(&format!("nothing was sent: {why}"))),
        None if policy == Policy::NeverUpdate => Err(conflict(if holders.is_empty() {
            "nothing was sent: a patient of this name is at the service without a chart number, and the policy is never to update"
        } else {
            "nothing was sent: the patient with this chart number has another name at the service, and the policy is never to update"
        })),
        None => Ok(Decision::Send {
            patient: Some(patient),
        }),
    }
}

/// Why the one patient with the chart number may be another person.
fn other_name(wanted: &Wanted, holder: &Match, persons: &[usize]) -> Option<&'static str> {
    if holder.has(OTHER_BIRTH_DATE) {
        return Some(
            "the patient with this chart number has another name and another birth date at the service",
        );
    }
    if holder.has(ANY_NAME) {
        return None;
    }
    if !persons.is_empty() {
        return Some("one patient at the service has this chart number and another one this name");
    }
    let theirs = &holder.patient;
    let akin = holder.has(BIRTH_DATE)
        || has_something_in_common(
            (&wanted.first, &wanted.last),
            (&theirs.first_name, &theirs.last_name),
        );
    (!akin).then_some(
        "the patient with this chart number has another first name and another last name at the service",
    )
}

/// Why those with the name and without the chart number can't be told to be the patient.
fn missing_chart_number(matches: &Matches, persons: &[usize]) -> Option<&'static str> {
    let [only] = *persons else {
        return Some(
            "several patients at the service may be this one under another chart number or without one",
        );
    };
    let found = &matches.0[only];
    if !found.lacks_chart_number() {
        return Some(
            "a patient of this name is at the service with another chart number, and no birth date tells the two apart",
        );
    }
    let weak = found.has(NAME_PART) && !found.has(BIRTH_DATE);
    weak.then_some(
        "a patient whose name has a part in common is at the service without a chart number",
    )
}

/// The host's answer: the patient who is meant, if any.
pub fn chosen(matches: &Matches, answer: i32) -> Result<Option<usize>> {
    let taken = || matches.0.iter().any(|found| found.has(CHART_NUMBER));
    if answer == STOP {
        return Err(Error::new(
            Status::Cancelled,
            "the callback stopped the push; nothing was sent",
        )
        .advise("Nothing is wrong: the host program decided so."));
    }
    if answer == NONE_OF_THEM {
        return match taken() {
            true => Err(conflict(
                "nothing was sent: the callback asked for a new patient, but the chart number is another patient's at the service",
            )),
            false => Ok(None),
        };
    }
    let index = usize::try_from(answer)
        .ok()
        .filter(|index| *index < matches.0.len());
    let index = index.ok_or_else(|| {
        Error::argument(format!(
            "the callback returned {answer}; it is neither a row from 0 to {} nor -1 or -2; nothing was sent",
            matches.0.len().saturating_sub(1)
        ))
    })?;
    let others = matches
        .0
        .iter()
        .enumerate()
        .filter(|(place, _)| *place != index);
    let in_the_way = if matches.0[index].has(CHART_NUMBER) {
        others.map(|(_, other)| other).any(is_the_one)
    } else {
        taken()
    };
    if in_the_way {
        return Err(conflict(
            "nothing was sent: another patient at the service has this chart number, so the chosen one could not be told from that patient",
        ));
    }
    Ok(Some(index))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::patient::Patient;

    /// First name, last name, chart number, birth date.
    type Person = (&'static str, &'static str, &'static str, &'static str);
    const DMITRI: Person = ("Dmitri", "Petrov", "1", "1969-12-24");

    fn matched(there: &[Person], us: Person) -> (Wanted, Matches) {
        let wanted = Wanted::new(us.0, us.1, us.2, us.3).unwrap();
        let judge = |(place, person): (usize, &Person)| {
            wanted.judge(Patient {
                patient_id: format!("{place}").into(),
                first_name: person.0.into(),
                last_name: person.1.into(),
                chart_number: person.2.into(),
                birth_date: person.3.into(),
            })
        };
        let found = there.iter().enumerate().filter_map(judge).collect();
        (wanted, Matches(found))
    }

    fn word(decision: Result<Decision>) -> String {
        match decision {
            Ok(Decision::Ask) => "ask".to_owned(),
            Ok(Decision::Send { patient: None }) => "new".to_owned(),
            Ok(Decision::Send {
                patient: Some(index),
            }) => format!("send {index}"),
            Err(error) => {
                assert_eq!(error.status, Status::Conflict);
                for secret in ["Dmitri", "Petrov", "1969"] {
                    assert!(!error.message.contains(secret), "{}", error.message);
                }
                "conflict".to_owned()
            }
        }
    }

    #[test]
    fn the_table() {
        let rows: &[(&[Person], [&str; 3])] = &[
            (
                &[("Dmitri", "Petrov", "1", ""), ("Jane", "Petrov", "1", "")],
                ["conflict", "conflict", "ask"],
            ),
            (
                &[
                    ("dmitri", "PETROV", "1", "1900-01-01"),
                    ("Dmitri", "Petrov", "2", ""),
                ],
                ["send 0", "send 0", "send 0"],
            ),
            (
                &[("Petrov", "Dmitri", "1", "")],
                ["conflict", "send 0", "ask"],
            ),
            (
                &[
                    ("Petrov", "Dmitri", "1", ""),
                    ("Dmitri", "Petrov", "1-B", ""),
                ],
                ["conflict", "send 0", "ask"],
            ),
            (
                &[("Dmitri", "Ivanov", "1", "")],
                ["conflict", "send 0", "ask"],
            ),
            (
                &[("Jane", "Doe", "1", "1969-12-24")],
                ["conflict", "send 0", "ask"],
            ),
            (
                &[("Dmitri", "Ivanov", "1", ""), ("Dmitri", "Petrov", "", "")],
                ["conflict", "conflict", "ask"],
            ),
            (
                &[("Petrov", "Dmitri", "1", "1969-12-25")],
                ["conflict", "conflict", "ask"],
            ),
            (&[("Jane", "Doe", "1", "")], ["conflict", "conflict", "ask"]),
            (&[], ["new", "new", "new"]),
            (
                &[
                    ("Dmitri", "Petrov", "2", "1970-01-01"),
                    ("Dmitri", "Petrov", "", "1971-01-01"),
                ],
                ["new", "new", "ask"],
            ),
            (
                &[("Dmitri", "Petrov", "", "")],
                ["conflict", "send 0", "ask"],
            ),
            (
                &[("Petrov", "Dmitri", "", "1969-12-24")],
                ["conflict", "send 0", "ask"],
            ),
            (
                &[("Dmitri Ivan", "Petrov", "", "")],
                ["conflict", "conflict", "ask"],
            ),
            (
                &[("Dmitri Ivan", "Petrov", "", "1969-12-24")],
                ["conflict", "send 0", "ask"],
            ),
            (
                &[("Dmitri", "Petrov", "2", "")],
                ["conflict", "conflict", "ask"],
            ),
            (
                &[("Dmitri", "Petrov", "2", "1969-12-24")],
                ["conflict", "conflict", "ask"],
            ),
            (
                &[("Dmitri", "Petrov", "", ""), ("Dmitri", "Petrov", "2", "")],
                ["conflict", "conflict", "ask"],
            ),
        ];
        for (there, expected) in rows {
            let (wanted, matches) = matched(there, DMITRI);
            let policies = [Policy::NeverUpdate, Policy::UpdateName, Policy::Ask];
            let decided = policies.map(|policy| word(decide(&wanted, &matches, policy)));
            assert_eq!(decided, *expected, "{there:?}");
        }
    }

    #[test]
    fn the_answers_of_the_host() {
        let status = |there: &[Person], answer| {
            let (_, matches) = matched(there, DMITRI);
            chosen(&matches, answer).map_err(|error| error.status)
        };
        let other = ("Dmitri", "Petrov", "2", "");
        let holder = ("Jane", "Petrov", "1", "");
        assert_eq!(status(&[other], 0), Ok(Some(0)));
        assert_eq!(status(&[other], -1), Ok(None));
        assert_eq!(status(&[other], -2), Err(Status::Cancelled));
        for wrong in [-3, 1, i32::MAX, i32::MIN] {
            assert_eq!(status(&[other], wrong), Err(Status::Argument));
        }
        assert_eq!(status(&[holder], 0), Ok(Some(0)));
        assert_eq!(status(&[holder], -1), Err(Status::Conflict));
        assert_eq!(status(&[holder, other], 1), Err(Status::Conflict));
        assert_eq!(status(&[DMITRI, holder], 0), Ok(Some(0)));
        assert_eq!(status(&[DMITRI, holder], 1), Err(Status::Conflict));
    }
}
