//! The invented practices, doctors, users and patients that the sandbox starts with. Nobody in here exists.
//!
//! The set is chosen for what practice software meets: doctors in several clinics, patients who share a chart number
//! or have none, names in several scripts, names entered the wrong way round.

use super::state::{Account, Doctor, Lab, Patient, Procedure, Region, ScannerUnit, User};
use std::collections::BTreeMap;

pub const CLIENT_ID: &str = "itero-sandbox-client";
pub const CLIENT_SECRET: &str = "itero-sandbox-secret";

/// Two regions, three clinics; doctor 7001 works in all three, 7003 in the first two.
pub fn accounts() -> BTreeMap<String, Account> {
    let harbor = Account {
        id: "30417".into(),
        name: "Harbor Lane Dental".into(),
        region: Region::Us,
        address: "12 Harbor Lane, Port Ellery, ME 04999, US".into(),
        phone: "+1 207 555 0117".into(),
        time_zone: "America/New_York".into(),
        doctors: vec![7001, 7002, 7003],
        labs: vec![
            lab("L-210", "Northlight Dental Lab"),
            lab("L-211", "Gable Ceramics"),
        ],
        scanners: vec![
            scanner("RL2024A00731", "iTero Lumina", "Room 1"),
            scanner("E52021C11877", "iTero Element 5D", "Room 2"),
        ],
        pairing_warnings: true,
        update_patient: true,
        callback: None,
    };
    let ridge = Account {
        id: "30418".into(),
        name: "Ridgeway Orthodontics".into(),
        region: Region::Us,
        address: "800 Ridgeway Ave, Suite 4, Calder, WA 98999, US".into(),
        phone: "+1 360 555 0188".into(),
        time_zone: "America/Los_Angeles".into(),
        doctors: vec![7001, 7003],
        labs: vec![lab("L-305", "Cascade Aligner Works")],
        scanners: vec![scanner("E22019B00412", "iTero Element 2", "Chairside")],
        pairing_warnings: false,
        update_patient: false,
        callback: None,
    };
    let linden = Account {
        id: "51902".into(),
        name: "Zahnarztpraxis am Lindenhof".into(),
        region: Region::Eu,
        address: "Lindenhof 7, 99999 Beispielstadt, DE".into(),
        phone: "+49 30 5550 0190".into(),
        time_zone: "Europe/Berlin".into(),
        doctors: vec![7001, 7004],
        labs: vec![
            lab("L-801", "Dentallabor Weißdorn"),
            lab("L-802", "Laboratoire Émeraude"),
        ],
        scanners: vec![scanner("RL2025E00098", "iTero Lumina Pro", "Zimmer 3")],
        pairing_warnings: true,
        update_patient: true,
        callback: None,
    };
    [harbor, ridge, linden]
        .map(|account| (account.id.clone(), account))
        .into()
}

pub fn doctors() -> BTreeMap<u32, Doctor> {
    [
        (
            7001,
            "Ada",
            "Lindqvist",
            "DDS-118204",
            "ada.lindqvist@itero-sandbox.example",
        ),
        (
            7002,
            "Ben",
            "Okafor",
            "DDS-120377",
            "ben.okafor@itero-sandbox.example",
        ),
        (
            7003,
            "Grace",
            "O'Meara",
            "ORT-004512",
            "grace.omeara@itero-sandbox.example",
        ),
        (
            7004,
            "Chiara",
            "Conti",
            "DE-77-90314",
            "chiara.conti@itero-sandbox.example",
        ),
    ]
    .map(|(id, first_name, last_name, license, email)| {
        let doctor = Doctor {
            id,
            first_name,
            last_name,
            license,
            email,
        };
        (id, doctor)
    })
    .into()
}

/// The first one sees all three accounts, so a host that signs in without choosing can go everywhere.
pub fn users() -> Vec<User> {
    vec![
        User {
            email: "ada.lindqvist@itero-sandbox.example",
            password: "sandbox-Ada-1",
            name: "Dr. Ada Lindqvist",
            home: Region::Us,
            accounts: &["30417", "30418", "51902"],
        },
        User {
            email: "ben.okafor@itero-sandbox.example",
            password: "sandbox-Ben-2",
            name: "Dr. Ben Okafor",
            home: Region::Us,
            accounts: &["30417"],
        },
        User {
            email: "chiara.conti@itero-sandbox.example",
            password: "sandbox-Chiara-3",
            name: "Dr. Chiara Conti",
            home: Region::Eu,
            accounts: &["51902"],
        },
    ]
}

pub fn procedures() -> Vec<Procedure> {
    [
        (101, "Study model / iRecord", "iRecord"),
        (102, "Fixed restorative", "Restorative"),
        (103, "Invisalign", "Invisalign"),
        (104, "Implant planning", "Implant"),
        (105, "Retainer / appliance", "Appliance"),
    ]
    .map(|(id, name, case_type)| Procedure {
        id,
        name,
        case_type,
    })
    .into()
}

pub fn patients() -> Vec<Patient> {
    let people: [(&str, &[Person]); 3] = [
        (
            "30417",
            &[
                (
                    "Maria",
                    "Gonzalez Ferreira",
                    Some("10023"),
                    Some("1984-03-17"),
                ),
                ("Zoë", "Müller-Łukasz", Some("10024"), Some("1991-11-02")),
                ("Jan", "van der Meer", Some("10025"), Some("1975-06-30")),
                ("נועה", "בן-דוד", Some("10026"), Some("2001-01-09")),
                ("さくら", "山本", Some("10027"), Some("1998-04-05")),
                // One person, entered the wrong way round the second time.
                ("Petrov", "Dmitri", Some("10028"), Some("1969-12-24")),
                ("Dmitri", "Petrov", Some("10028-B"), Some("1969-12-24")),
                // A family that was given one chart number.
                ("Olivia", "Hartwell", Some("10030"), Some("1988-08-08")),
                ("Noah", "Hartwell", Some("10030"), Some("2015-05-21")),
                ("Liam", "O'Connor", None, Some("1993-02-11")),
                ("Aylin", "Yıldız", Some("10031/A #2"), Some("1996-09-13")),
                ("John", "Smith", Some("10032"), Some("1960-07-01")),
                ("John", "Smith", Some("10033"), Some("1987-10-19")),
            ],
        ),
        (
            "30418",
            &[
                (
                    "Emma",
                    "Delacroix-Nguyen",
                    Some("R-501"),
                    Some("2009-02-28"),
                ),
                ("Søren", "Ågård", Some("R-502"), Some("1979-05-05")),
                ("Tomás", "Ó Briain", Some("R-503"), None),
            ],
        ),
        (
            "51902",
            &[
                ("Jürgen", "Weiß", Some("88-001"), Some("1955-10-10")),
                ("Ελένη", "Παπαδοπούλου", Some("88-002"), Some("1990-03-25")),
                ("Katarzyna", "Żółć", Some("88-003"), Some("1982-12-12")),
                (
                    "Katarzyna",
                    "Żółć-Nowak",
                    Some("88-003"),
                    Some("1982-12-12"),
                ),
                ("Luca", "De Santis", None, None),
            ],
        ),
    ];
    let of_account = |(account, people): &(&str, &[Person])| {
        let one = |(index, person): (usize, &Person)| patient(account, index, person);
        people.iter().enumerate().map(one).collect::<Vec<_>>()
    };
    people.iter().flat_map(of_account).collect()
}

type Person = (
    &'static str,
    &'static str,
    Option<&'static str>,
    Option<&'static str>,
);

fn patient(account: &str, index: usize, (first, last, chart, birth): &Person) -> Patient {
    Patient {
        // The same at every start, so that a script can name a patient.
        id: format!(
            "5a4db0c5-{:0>4}-4000-8000-{:0>12}",
            &account[1..],
            index + 1
        ),
        account: account.to_owned(),
        first_name: (*first).to_owned(),
        last_name: (*last).to_owned(),
        chart_number: chart.map(str::to_owned),
        birth_date: birth.map(str::to_owned),
    }
}

fn lab(id: &'static str, name: &'static str) -> Lab {
    Lab { id, name }
}

fn scanner(serial: &'static str, model: &'static str, name: &'static str) -> ScannerUnit {
    ScannerUnit {
        serial,
        model,
        name,
    }
}
