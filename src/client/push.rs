//! The safe way to send an Rx (P1, P2 and D2 in one): match the patient, put the patient's record in order by rule, send.
//!
//! The host is the master of patient data, and its chart number says who is meant. The service makes a patient of every
//! chart number and name that it doesn't know, so before anything is sent it must be certain that nobody there is the
//! patient already, under another chart number or with a name written another way. Where it isn't certain, nothing is
//! sent and nothing is changed: a conflict that a person solves is cheaper than a patient who is there twice.
//!
//! [`decide`] holds the table of decisions. What it lets happen comes in steps, each with its own end: a failure names
//! the steps that were done before. A repeat of the whole push is safe until the scan request itself has gone out; from
//! then on it is the scan request's own rules that hold.

mod decide;

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::Client;
use super::job::Job;
use super::ledger::Outcome;
use super::matches::{CHART_NUMBER, Match, Matches, NAME, Wanted};
use super::names::is_same;
use super::scan_request::{ScanRequest, Sent, new_operation_id};
use crate::error::{Error, Result, Status};
use crate::log::{self, Level};
use crate::threads;
use crate::transport::runtime;
use decide::{Decision, chosen, conflict, decide};
pub use decide::{NONE_OF_THEM, Policy, STOP};

/// The host's answer to "who of these is it?".
pub type Ask = Box<dyn FnOnce(Arc<Matches>) -> Result<i32> + Send>;

impl Client {
    pub fn rx_push(
        self: &Arc<Client>,
        request: &ScanRequest,
        policy: Policy,
        ask: Option<Ask>,
    ) -> Result<Sent> {
        let mut request = request.clone();
        request.check()?;
        // The policy takes its place; what the service would do by itself, nobody has looked at.
        request.update_patient = false;
        if policy == Policy::Ask && ask.is_none() {
            return Err(Error::argument(
                "callback is NULL; ITERO_PUSH_ASK needs one",
            ));
        }
        self.check_known(&request.chart_number)?;
        // One token for all steps: a cancel between two of them must end the push, not only what runs at the moment.
        let cancel = self.cancellation();
        let wanted = Wanted::new(
            &request.first_name,
            &request.last_name,
            &request.chart_number,
            &request.birth_date,
        )?;
        let search = self.clone().patients_match(wanted.clone());
        let matches = Arc::new(runtime::run(&cancel, search)?);
        let patient = match (decide(&wanted, &matches, policy)?, ask) {
            (Decision::Send { patient }, _) => patient,
            (Decision::Ask, Some(ask)) => chosen(&matches, asked(ask, matches.clone())?)?,
            (Decision::Ask, None) => return Err(Error::argument("callback is NULL")),
        };
        let patient = patient.map(|index| &matches.0[index]);
        if cancel.is_cancelled() {
            return Err(Error::cancelled());
        }
        let corrected = match patient {
            Some(patient) => self.correct(&cancel, &wanted, patient)?,
            None => false,
        };
        let sent = self
            .scan_request_send_until(&cancel, request, new_operation_id())
            .map_err(|error| {
                if corrected {
                    after_correction(error)
                } else {
                    error
                }
            })?;
        let expected = patient.map(|patient| patient.patient.patient_id.as_str());
        let got = sent.rx.patient_id.as_str();
        if expected.is_some_and(|expected| !got.is_empty() && !expected.eq_ignore_ascii_case(got)) {
            log::write(Level::Warning, || {
                "scanRequest: the service gave the Rx to another patient than the one that was matched".to_owned()
            });
        }
        Ok(sent)
    }

    /// A second Rx for a patient whose last one may have arrived is what nobody wants.
    fn check_known(&self, chart_number: &str) -> Result<()> {
        let account = self.session.account_id().unwrap_or_default();
        let before = self.ledger.find(Some(chart_number))?;
        let open = before
            .iter()
            .find(|entry| entry.outcome == Outcome::Unknown && *entry.account_id == *account);
        let Some(open) = open else {
            return Ok(());
        };
        Err(Error::new(
            Status::OutcomeUnknown,
            format!(
                "an earlier scan request for this chart number is under way, or its answer is lost (operation {}); nothing was sent now",
                open.operation_id.as_str()
            ),
        )
        .about(&open.operation_id)
        .advise("Find out with itero_rx_resolve what became of the earlier one, or use itero_rx_settle."))
    }

    /// P2: the matched patient gets the host's name and chart number where they differ. True when it was necessary.
    fn correct(
        self: &Arc<Client>,
        cancel: &CancellationToken,
        wanted: &Wanted,
        patient: &Match,
    ) -> Result<bool> {
        let differing =
            |ours: &str, theirs: &str| (!is_same(ours, theirs)).then(|| ours.to_owned());
        let there = &patient.patient;
        let first = differing(&wanted.first, &there.first_name);
        let last = differing(&wanted.last, &there.last_name);
        let chart = differing(&wanted.chart, &there.chart_number);
        if first.is_none() && last.is_none() && chart.is_none() {
            return Ok(false);
        }
        let id = there.patient_id.to_string();
        let update = self.clone().patients_update(id, first, last, chart);
        let updated = runtime::run(cancel, update).map_err(not_corrected)?;
        let taken = updated.value.first().is_some_and(|now| {
            is_same(&now.first_name, &wanted.first)
                && is_same(&now.last_name, &wanted.last)
                && is_same(&now.chart_number, &wanted.chart)
        });
        if !taken {
            return Err(conflict(
                "the service answered the correction of the patient with another name or chart number than was asked for, so the scan request was not sent",
            ));
        }
        Ok(true)
    }
}

/// A failed correction: whether it was made is certain only when the service said no.
fn not_corrected(mut error: Error) -> Error {
    let what = match error.status {
        Status::Network
        | Status::Timeout
        | Status::Cancelled
        | Status::Service
        | Status::Protocol => {
            "the correction of the patient at the service may or may not have been made, the scan request was not sent"
        }
        _ => "the patient at the service was not corrected, the scan request was not sent",
    };
    error.message = format!("{what}: {}", error.message);
    error
}

/// A failed scan request, after the patient's record was changed.
fn after_correction(mut error: Error) -> Error {
    error.message = format!(
        "the patient at the service was corrected, then the scan request failed: {}",
        error.message
    );
    error
}

/// Asks the host on a thread of the library's own. The push waits for the answer even when it is cancelled meanwhile:
/// what the host's callback uses must stay alive until it returns.
fn asked(ask: Ask, matches: Arc<Matches>) -> Result<i32> {
    let job: Arc<Job<i32>> = Job::new(&CancellationToken::new());
    let (end, answer) = (job.end_on_drop(), job.clone());
    threads::spawn("itero-push", move || {
        answer.end(ask(matches));
        drop(end);
    })?;
    job.wait(None).map(|answer| *answer)
}

/// Same chart number and same name.
fn is_the_one(found: &Match) -> bool {
    found.has(CHART_NUMBER) && found.has(NAME)
}
