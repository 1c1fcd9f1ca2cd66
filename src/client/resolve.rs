//! What became of a scan request whose answer was lost.
//!
//! A resend that comes too early makes a second Rx, so "not sent" is said only where the service itself shows it, and
//! everything doubtful stays unknown:
//!
//! 1. The ledger: it has the RxID, or an earlier finding.
//! 2. The service, asked by the client reference (the operation id, which the scan request carried as its
//!    Idempotency-Key). An answer that names the reference and an Rx: sent. One that names the reference and no Rx: not
//!    sent, provided that the question was put after the sending was over (the request time-out) and the service has had
//!    the settling time of the configuration to show what it took. Before that: unknown, and when to ask again. A
//!    service that can't be asked so leaves it at the next step.
//! 3. The orders of the chart number, where the host gives it: exactly one that was scanned after the sending and whose
//!    Rx the ledger doesn't know, while no other scan request of that chart number is unknown: sent. Never "not sent": an
//!    Rx that nobody has scanned yet is no order.
//!
//! What was found goes into the ledger, for later pushes and for the programs beside this one.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio_util::sync::CancellationToken;

use super::Client;
use super::call::Call;
use super::ledger::{Entry, Outcome};
use super::patients::tidy;
use crate::error::{Error, Result, Status};
use crate::log::{self, Level};
use crate::transport::runtime;
use crate::wire::order::Query;
use crate::wire::scan_request::{self as wire, ByReference};
use crate::wire::{Endpoint, Text, date};

/// What was found out about a scan request.
#[derive(Clone, Debug)]
pub struct Resolution {
    pub outcome: Outcome,
    /// Empty unless it was sent.
    pub rx_id: Text,
    pub operation_id: Text,
    /// While it is unknown: after how long it may be known.
    pub wait: Option<Duration>,
}

/// A scan request without an outcome.
#[derive(Clone)]
pub(super) struct Question {
    pub operation_id: String,
    pub chart_number: Option<String>,
    /// When it was about to be sent, in milliseconds since 1970.
    pub since: i64,
}

impl Resolution {
    fn of(operation_id: &str, outcome: Outcome) -> Resolution {
        Resolution {
            outcome,
            rx_id: Text::default(),
            operation_id: Text::new(operation_id),
            wait: None,
        }
    }

    fn sent(operation_id: &str, rx_id: Text) -> Resolution {
        Resolution {
            rx_id,
            ..Resolution::of(operation_id, Outcome::Sent)
        }
    }
}

impl Client {
    /// Looks for the Rx of a scan request that the ledger knows.
    pub fn rx_resolve(
        self: &Arc<Client>,
        operation_id: &str,
        chart_number: Option<&str>,
    ) -> Result<Resolution> {
        let chart_number = chart_number
            .map(|chart| tidy("chart_number", chart))
            .transpose()?
            .filter(|chart| !chart.is_empty());
        let entry = self.entry(operation_id)?;
        let other = |chart: &String| !self.ledger.is_of(&entry, chart);
        if chart_number.as_ref().is_some_and(other) {
            return Err(Error::argument(
                "the scan request of this operation was for another chart number",
            ));
        }
        if let Some(known) = known(&entry) {
            return Ok(known);
        }
        self.check_account(&entry)?;
        let question = Question {
            operation_id: entry.operation_id.to_string(),
            chart_number,
            since: date::milliseconds(&entry.time).unwrap_or(i64::MAX),
        };
        self.session.held()?;
        let found = self.look_for(&self.cancellation(), question)?;
        self.keep(&entry, &found)?;
        Ok(found)
    }

    /// As [`rx_resolve`](Client::rx_resolve), for a scan request that was kept elsewhere too: the ledger of the program
    /// that sent it may have been another one.
    pub(super) fn resolve_kept(
        self: &Arc<Client>,
        cancel: &CancellationToken,
        question: Question,
    ) -> Result<Resolution> {
        let entry = self.ledger.entry(&question.operation_id)?;
        if let Some(known) = entry.as_ref().and_then(known) {
            return Ok(known);
        }
        let found = self.look_for(cancel, question)?;
        if let Some(entry) = entry {
            self.keep(&entry, &found)?;
        }
        Ok(found)
    }

    /// The finding of a person who looked at the scanner or on the portal: the RxID, or nothing when it was not sent.
    pub fn rx_settle(&self, operation_id: &str, rx_id: Option<&str>) -> Result<()> {
        let entry = self.entry(operation_id)?;
        let rx_id = rx_id.map(str::trim);
        if rx_id == Some("") {
            return Err(Error::argument(
                "rx_id is empty; pass NULL when the scan request did not arrive",
            ));
        }
        match (known(&entry), rx_id) {
            (Some(known), Some(rx_id)) if *known.rx_id == *rx_id => Ok(()),
            (Some(known), None) if known.outcome == Outcome::NotSent => Ok(()),
            (Some(known), _) if known.outcome == Outcome::Sent => Err(Error::new(
                Status::Conflict,
                "the outcome of this scan request is known already, and is another one",
            )
            .advise("Read it with itero_rx_resolve.")),
            _ => self.ledger.settle(&entry, rx_id),
        }
    }

    fn entry(&self, operation_id: &str) -> Result<Entry> {
        let operation_id = operation_id.trim();
        if operation_id.is_empty() {
            return Err(Error::argument("operation_id is empty"));
        }
        self.ledger.entry(operation_id)?.ok_or_else(|| {
            Error::new(
                Status::NotFound,
                "the ledger knows no scan request of this operation id",
            )
            .advise(
                "Use the state folder (itero_config_set_state_folder) of the program that sent it.",
            )
        })
    }

    /// Another account's service would know nothing of it, which must not be taken for "not sent".
    fn check_account(&self, entry: &Entry) -> Result<()> {
        let account = self.session.account_id();
        if account.as_deref() == Some(entry.account_id.as_str()) {
            return Ok(());
        }
        self.session.held()?;
        match account {
            None => Err(Error::new(
                Status::NotPaired,
                "the session is not paired to an account",
            )),
            Some(_) => Err(Error::new(
                Status::State,
                "the scan request was sent for another account than the client is paired to",
            )
            .advise("Pair to the account that itero_ledger_account_id gives.")),
        }
    }

    fn keep(&self, entry: &Entry, found: &Resolution) -> Result<()> {
        match found.outcome {
            Outcome::Unknown => Ok(()),
            Outcome::Sent => self.ledger.settle(entry, Some(&found.rx_id)),
            Outcome::NotSent => self.ledger.settle(entry, None),
        }
    }

    fn look_for(
        self: &Arc<Client>,
        cancel: &CancellationToken,
        question: Question,
    ) -> Result<Resolution> {
        let client = self.clone();
        let found = runtime::run(cancel, async move { client.look(question).await })?;
        log::write(Level::Info, || {
            format!(
                "scanRequest: operation {} is now known as {:?}",
                found.operation_id.as_str(),
                found.outcome
            )
        });
        Ok(found)
    }

    async fn look(self: Arc<Client>, question: Question) -> Result<Resolution> {
        // Before the question goes out: what counts is when the service was asked.
        let early = self.settling(question.since);
        let operation_id = question.operation_id.as_str();
        match self.by_reference(operation_id).await? {
            ByReference::Found(rx_id) => return Ok(Resolution::sent(operation_id, rx_id)),
            ByReference::NotThere if early.is_zero() => {
                return Ok(Resolution::of(operation_id, Outcome::NotSent));
            }
            ByReference::NotThere => {
                let mut unknown = Resolution::of(operation_id, Outcome::Unknown);
                unknown.wait = Some(early);
                return Ok(unknown);
            }
            ByReference::CannotTell => {}
        }
        let scanned = match &question.chart_number {
            Some(chart_number) => self.scanned_since(chart_number, &question).await?,
            None => None,
        };
        Ok(match scanned {
            Some(rx_id) => Resolution::sent(operation_id, rx_id),
            None => Resolution::of(operation_id, Outcome::Unknown),
        })
    }

    /// How long until the service would surely show a scan request that was about to be sent at `since`.
    fn settling(&self, since: i64) -> Duration {
        let whole = self.config.request_timeout + self.config.settling_time;
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let Ok(since) = u64::try_from(since) else {
            return Duration::ZERO;
        };
        Duration::from_millis(since)
            .saturating_add(whole)
            .saturating_sub(now)
    }

    async fn by_reference(self: &Arc<Client>, operation_id: &str) -> Result<ByReference> {
        let query = wire::reference_query(operation_id);
        let answer = self
            .call(&Call::to(Endpoint::ScanRequests).query(query))
            .await;
        match answer {
            Ok(answer) => Ok(wire::by_reference(&answer.body, operation_id)),
            // It has no such question, or not for this user.
            Err(error)
                if matches!(
                    error.status,
                    Status::NotFound
                        | Status::Protocol
                        | Status::Argument
                        | Status::Forbidden
                        | Status::NotEnabled
                ) =>
            {
                Ok(ByReference::CannotTell)
            }
            Err(error) => Err(error),
        }
    }

    async fn scanned_since(
        self: &Arc<Client>,
        chart_number: &str,
        question: &Question,
    ) -> Result<Option<Text>> {
        let of_chart = self.ledger.find(Some(chart_number))?;
        let another = |entry: &Entry| {
            entry.outcome == Outcome::Unknown && *entry.operation_id != *question.operation_id
        };
        if of_chart.iter().any(another) {
            return Ok(None);
        }
        let query = Query {
            from: Some(question.since),
            chart_number: chart_number.to_owned(),
            ..Query::default()
        };
        let mut strangers = BTreeSet::new();
        let mut token = Text::default();
        loop {
            let page = self.orders_page(&query, &token).await?;
            for order in page.orders.iter().flat_map(|order| &order.value) {
                let after = date::milliseconds(&order.scan_date)
                    .is_some_and(|scanned| scanned >= question.since);
                if after && !order.rx_id.is_empty() && !self.ledger.knows(&order.rx_id)? {
                    strangers.insert(order.rx_id.to_string());
                }
            }
            token = page.next_page_token;
            if token.is_empty() {
                break;
            }
        }
        let only = (strangers.len() == 1).then(|| strangers.pop_first());
        Ok(only.flatten().map(Text::from))
    }
}

fn known(entry: &Entry) -> Option<Resolution> {
    let operation_id = entry.operation_id.as_str();
    match entry.outcome {
        Outcome::Sent => Some(Resolution::sent(operation_id, entry.rx_id.clone())),
        Outcome::NotSent => Some(Resolution::of(operation_id, Outcome::NotSent)),
        Outcome::Unknown => None,
    }
}
