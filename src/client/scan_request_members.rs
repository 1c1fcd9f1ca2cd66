//! A scan request in the making: its members and what must be right about them before it is sent.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::patients::tidy;
use crate::error::{Error, Result};
use crate::wire::date;
use crate::wire::scan_request as wire;

const LONGEST_NOTES: usize = 4000;
const LONGEST_WORD: usize = 64;
const MOST_TEETH: usize = 52;
const EARLIEST_YEAR: i32 = 1900;

/// A scan request in the making.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ScanRequest {
    pub doctor_id: String,
    pub first_name: String,
    pub last_name: String,
    pub chart_number: String,
    pub birth_date: String,
    pub gender: String,
    pub procedure_map_id: String,
    pub scanner_serial_number: String,
    pub lab_id: String,
    pub due_date: String,
    pub notes: String,
    pub teeth: Vec<Tooth>,
    pub update_patient: bool,
}

#[derive(Clone, Serialize, Deserialize)]
pub struct Tooth {
    pub number: String,
    pub restoration: String,
    pub material: String,
    pub shade: String,
}
/// FDI's notation (ISO 3950), permanent or deciduous.
fn is_fdi(number: &str) -> bool {
    matches!(
        number.as_bytes(),
        [b'1'..=b'4', b'1'..=b'8'] | [b'5'..=b'8', b'1'..=b'5']
    )
}

/// The Universal notation, permanent or deciduous.
fn is_universal(number: &str) -> bool {
    matches!(
        number.as_bytes(),
        [b'A'..=b'T'] | [b'1'..=b'9'] | [b'1' | b'2', b'0'..=b'9'] | [b'3', b'0'..=b'2']
    )
}

fn is_tooth(number: &str) -> bool {
    is_fdi(number) || is_universal(number)
}

impl ScanRequest {
    /// Tidies every member and names all that are wrong at once.
    pub(super) fn check(&mut self) -> Result<()> {
        let mut faults = Vec::new();
        let needed = |text: &str, member: &str, faults: &mut Vec<String>| {
            if text.is_empty() {
                faults.push(format!("{member} is missing"));
            }
        };
        for (member, text) in [
            ("patient_first_name", &mut self.first_name),
            ("patient_last_name", &mut self.last_name),
            ("patient_chart_number", &mut self.chart_number),
        ] {
            match tidy(member, text) {
                Ok(tidied) => *text = tidied,
                Err(error) => faults.push(error.into_facts().message),
            }
            needed(text, member, &mut faults);
        }
        for (member, text, must) in [
            ("doctor_id", &mut self.doctor_id, true),
            ("procedure_map_id", &mut self.procedure_map_id, true),
            (
                "scanner_serial_number",
                &mut self.scanner_serial_number,
                false,
            ),
            ("lab_id", &mut self.lab_id, false),
            ("patient_gender", &mut self.gender, false),
        ] {
            *text = text.trim().to_owned();
            if must {
                needed(text, member, &mut faults);
            }
            word(text, member, &mut faults);
        }
        // East of Greenwich the day begins earlier.
        let today = OffsetDateTime::now_utc().date();
        let tomorrow = today.next_day().unwrap_or(today);
        for (member, text) in [
            ("patient_birth_date", &mut self.birth_date),
            ("due_date", &mut self.due_date),
        ] {
            *text = text.trim().to_owned();
            match date::day(text) {
                // Where programs say "no date" with the first one that they can write: 0001-01-01, 1899-12-30.
                Some(day) if day.year() < EARLIEST_YEAR => {
                    faults.push(format!("{member} is before {EARLIEST_YEAR}"));
                }
                Some(day) if member == "patient_birth_date" && day > tomorrow => {
                    faults.push(format!("{member} lies in the future"));
                }
                Some(day) => *text = day.to_string(),
                None if text.is_empty() => {}
                None => faults.push(format!("{member} is not a date like 2026-03-31")),
            }
        }
        if self.notes.chars().count() > LONGEST_NOTES {
            faults.push(format!("notes are longer than {LONGEST_NOTES} characters"));
        }
        let unprintable = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        if self.notes.chars().any(unprintable) {
            faults.push("notes hold a control character other than tab and line end".to_owned());
        }
        if self.teeth.len() > MOST_TEETH {
            faults.push(format!("there are more than {MOST_TEETH} teeth"));
        }
        for (i, tooth) in self.teeth.iter_mut().enumerate() {
            tooth.number = tooth.number.trim().to_ascii_uppercase();
            if let Ok(number @ 1..) = tooth.number.parse::<u32>() {
                tooth.number = number.to_string();
            }
            if !is_tooth(&tooth.number) {
                faults.push(format!("teeth[{i}] has a number that is neither FDI (11-48, 51-85) nor Universal (1-32, A-T)"));
            }
            for (member, text) in [
                ("restoration", &tooth.restoration),
                ("material", &tooth.material),
                ("shade", &tooth.shade),
            ] {
                word(text, &format!("teeth[{i}].{member}"), &mut faults);
            }
        }
        let only = |notation: fn(&str) -> bool| {
            self.teeth
                .iter()
                .any(|tooth| is_tooth(&tooth.number) && !notation(&tooth.number))
        };
        if only(is_universal) && only(is_fdi) {
            faults.push("the teeth are partly in FDI and partly in Universal notation".to_owned());
        }
        if faults.is_empty() {
            return Ok(());
        }
        Err(Error::argument(format!("the scan request can't be sent: {}", faults.join("; ")))
            .advise("Correct all of them; itero_practice_get lists the doctors, procedures, scanners and labs."))
    }

    pub(super) fn body(&self) -> wire::ScanRequest<'_> {
        wire::ScanRequest {
            doctor_id: &self.doctor_id,
            patient: wire::Patient {
                first_name: &self.first_name,
                last_name: &self.last_name,
                chart_number: &self.chart_number,
                birth_date: &self.birth_date,
                gender: &self.gender,
            },
            procedure_map_id: &self.procedure_map_id,
            scanner_serial_number: &self.scanner_serial_number,
            lab_id: &self.lab_id,
            due_date: &self.due_date,
            notes: &self.notes,
            teeth: self
                .teeth
                .iter()
                .map(|tooth| wire::Tooth {
                    tooth_number: &tooth.number,
                    restoration: &tooth.restoration,
                    material: &tooth.material,
                    shade: &tooth.shade,
                })
                .collect(),
            update_patient: self.update_patient,
        }
    }
}

fn word(text: &str, member: &str, faults: &mut Vec<String>) {
    if text.chars().count() > LONGEST_WORD || text.chars().any(char::is_control) {
        faults.push(format!(
            "{member} is longer than {LONGEST_WORD} characters or holds a control character"
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn teeth_of_both_notations_are_known() {
        for good in ["11", "18", "48", "51", "85", "1", "9", "32", "A", "T"] {
            assert!(is_tooth(good), "{good}");
        }
        for bad in [
            "", "0", "33x", "49", "56", "86", "99", "U", "AA", "-1", "+11", "1.5", "a",
        ] {
            assert!(!is_tooth(bad), "{bad}");
        }
    }

    fn faults(change: impl FnOnce(&mut ScanRequest)) -> String {
        let mut request = ScanRequest {
            doctor_id: "7001".into(),
            procedure_map_id: "102".into(),
            first_name: "Maria".into(),
            last_name: "Ferreira".into(),
            chart_number: "10023".into(),
            ..ScanRequest::default()
        };
        change(&mut request);
        request
            .check()
            .err()
            .map_or(String::new(), |error| error.into_facts().message)
    }

    fn teeth(numbers: &[&str]) -> Vec<Tooth> {
        let tooth = |number: &&str| Tooth {
            number: (*number).into(),
            restoration: String::new(),
            material: String::new(),
            shade: String::new(),
        };
        numbers.iter().map(tooth).collect()
    }

    #[test]
    fn dates_that_can_be_meant() {
        assert_eq!(
            faults(|request| request.birth_date = "2/29/1984".into()),
            ""
        );
        // What is late is late; the service may still want to know.
        assert_eq!(faults(|request| request.due_date = "2020-01-01".into()), "");
        for (birth, due, fault) in [
            ("2999-01-01", "", "patient_birth_date lies in the future"),
            ("0001-01-01", "", "patient_birth_date is before 1900"),
            ("", "1899-12-30", "due_date is before 1900"),
            ("1985-02-29", "", "patient_birth_date is not a date"),
        ] {
            let told = faults(|request| {
                request.birth_date = birth.into();
                request.due_date = due.into();
            });
            assert!(told.contains(fault), "{told}");
        }
    }

    #[test]
    fn lengths_and_characters() {
        assert_eq!(faults(|request| request.notes = "a\r\n\tb".into()), "");
        assert_eq!(faults(|request| request.first_name = "é".repeat(128)), "");
        let long = |length| "é".repeat(length);
        for told in [
            faults(|request| request.notes = "a\u{7}b".into()),
            faults(|request| request.notes = long(4001)),
            faults(|request| request.last_name = long(129)),
            faults(|request| request.chart_number = " \t ".into()),
            faults(|request| request.lab_id = long(65)),
            faults(|request| request.gender = "a\nb".into()),
            faults(|request| request.scanner_serial_number = long(65)),
            faults(|request| request.teeth = teeth(&["11"; 53])),
        ] {
            assert!(
                told.starts_with("the scan request can't be sent: "),
                "{told}"
            );
            assert!(!told.contains("; "), "one fault: {told}");
        }
    }

    #[test]
    fn teeth_are_in_one_notation() {
        for good in [
            &["11", "36"][..],
            &["8", "A", "30"],
            &["08", "t"],
            &["11", "12", "9"],
        ] {
            assert_eq!(
                faults(|request| request.teeth = teeth(good)),
                "",
                "{good:?}"
            );
        }
        for mixed in [&["36", "8"][..], &["A", "55"], &["11", "85", "30"]] {
            let told = faults(|request| request.teeth = teeth(mixed));
            assert!(told.contains("partly in FDI"), "{mixed:?}: {told}");
        }
    }

    #[test]
    fn all_faults_are_told_at_once() {
        let mut request = ScanRequest {
            due_date: "31.3.2026".into(),
            ..ScanRequest::default()
        };
        request.teeth.push(Tooth {
            number: "99".into(),
            restoration: "".into(),
            material: "".into(),
            shade: "".into(),
        });
        let message = request.check().unwrap_err().into_facts().message;
        for member in [
            "patient_first_name",
            "patient_last_name",
            "patient_chart_number",
            "doctor_id",
            "procedure_map_id",
            "due_date",
            "teeth[0]",
        ] {
            assert!(message.contains(member), "{member} in {message}");
        }
    }
}
