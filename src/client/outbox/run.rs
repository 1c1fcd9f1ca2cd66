//! A run of the outbox: all items that are there, in their order, one after the other.

use std::collections::HashSet;
use std::fs::File;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::lines::{Index, Item, Kind, Line, State};
use super::{Content, Outbox};
use crate::client::Client;
use crate::client::job::Job;
use crate::client::ledger::Outcome;
use crate::client::resolve::Question;
use crate::error::{Error, Result, Status};
use crate::threads;
use crate::transport::runtime;
use crate::wire::Text;

/// After so many faults of the service in a row the run ends: it is not one item's fault then.
const MOST_FAULTS_IN_A_ROW: u32 = 3;
/// How often to look whether another run has ended.
const LOOK: Duration = Duration::from_millis(50);

impl Outbox {
    /// Begins to send what is there. The job ends well when every item that it met is confirmed, else with what went wrong
    /// first.
    pub fn run(self: &Arc<Outbox>, client: &Arc<Client>) -> Result<Arc<Job<()>>> {
        client.session.held()?;
        let job: Arc<Job<()>> = Job::new(&client.cancellation());
        let end = job.end_on_drop();
        let (outbox, client, working) = (self.clone(), client.clone(), job.clone());
        threads::spawn("itero-outbox", move || {
            let _end = end;
            working.end(outbox.drain(&client, working.cancellation()));
        })?;
        Ok(job)
    }

    fn drain(&self, client: &Arc<Client>, cancel: &CancellationToken) -> Result<()> {
        let _right = self.right(cancel)?;
        self.bind(client)?;
        let mut run = Run {
            outbox: self,
            client,
            cancel,
            held: HashSet::new(),
            faults: 0,
            first: None,
        };
        let mut last = 0;
        while let Some(item) = self.journal.read(|index| index.after(last).cloned())? {
            last = item.id;
            if item.state != State::Confirmed {
                run.meet(item)?;
            }
        }
        run.first.map_or(Ok(()), Err)
    }

    /// One run at a time sends, of this process or another.
    fn right(&self, cancel: &CancellationToken) -> Result<File> {
        loop {
            if let Some(right) = self.journal.right_to_send()? {
                return Ok(right);
            }
            runtime::run(cancel, async {
                tokio::time::sleep(LOOK).await;
                Ok(())
            })?;
        }
    }

    /// The first run's account is the outbox's: an Rx must not go to another clinic.
    fn bind(&self, client: &Client) -> Result<()> {
        client.session.held()?;
        let Some(paired) = client.session.account_id() else {
            return Err(Error::new(
                Status::NotPaired,
                "the session is not paired to an account",
            ));
        };
        self.journal.write(|index| match &index.account_id {
            Some(account) if *account == paired => Ok((Vec::new(), ())),
            Some(_) => Err(Error::new(
                Status::State,
                "the outbox belongs to another account than the client is paired to",
            )
            .advise("Give each account an outbox of its own.")),
            None => Ok((vec![Line::Account { account_id: paired }], ())),
        })
    }
}

struct Run<'a> {
    outbox: &'a Outbox,
    client: &'a Arc<Client>,
    cancel: &'a CancellationToken,
    /// The patients whose later items wait.
    held: HashSet<String>,
    faults: u32,
    first: Option<Error>,
}

impl Run<'_> {
    /// Brings one item as far as it goes. An error ends the run.
    fn meet(&mut self, item: Item) -> Result<()> {
        let content = Content::open(&item.content)?;
        let keys = content.keys();
        if keys.iter().any(|key| self.held.contains(key)) {
            self.held.extend(keys);
            return Ok(());
        }
        let item = match item.state {
            State::Failed => {
                self.hold(keys, failed_before(&item));
                return Ok(());
            }
            State::Sent | State::Unknown if item.kind == Kind::ScanRequest => {
                match self.resolved(&item, &content)? {
                    Some(item) => item,
                    None => {
                        self.hold(keys, unknown(&item));
                        return self.count_fault();
                    }
                }
            }
            _ => item,
        };
        if item.state == State::Confirmed {
            return Ok(());
        }
        let Some(item) = self.mark(&item, Item::sending)? else {
            return Ok(());
        };
        match self.send(&item, content) {
            Ok(rx_id) => {
                self.faults = 0;
                self.mark(&item, |item| item.confirmed(rx_id)).map(drop)
            }
            Err(error) => self.not_done(&item, keys, error),
        }
    }

    fn send(&self, item: &Item, content: Content) -> Result<Text> {
        let client = self.client.clone();
        let done = match content {
            Content::ScanRequest(request) => {
                let operation_id = item.operation_id.to_string();
                let sent = client.scan_request_send_until(self.cancel, *request, operation_id)?;
                return Ok(sent.rx.rx_id);
            }
            Content::PatientUpdate(update) => {
                runtime::run(self.cancel, client.patients_update_wanted(update)).map(drop)
            }
            Content::PatientUpdateByChartNumber(update) => {
                let update = client.patients_update_wanted_by_chart_number(update);
                runtime::run(self.cancel, update).map(drop)
            }
            Content::RxDelete { rx_id } => {
                match runtime::run(self.cancel, client.rx_delete(rx_id)) {
                    // An earlier run withdrew it and did not hear of it.
                    Err(error) if error.status == Status::NotFound && item.attempts > 1 => Ok(()),
                    done => done,
                }
            }
        };
        done.map(|()| Text::default())
    }

    /// The item when it is known what became of it: confirmed, or to be sent again.
    fn resolved(&mut self, item: &Item, content: &Content) -> Result<Option<Item>> {
        let chart_number = match content {
            Content::ScanRequest(request) => Some(request.chart_number.clone()),
            _ => None,
        };
        let question = Question {
            operation_id: item.operation_id.to_string(),
            chart_number,
            since: item.sent,
        };
        let found = self.client.resolve_kept(self.cancel, question)?;
        match found.outcome {
            Outcome::Sent => self.mark(item, |item| item.confirmed(found.rx_id)),
            Outcome::NotSent => self.mark(item, |item| item.now(State::Prepared)),
            Outcome::Unknown if item.state == State::Unknown => Ok(None),
            Outcome::Unknown => self
                .mark(item, |item| item.not_done(State::Unknown, &unknown(item)))
                .map(|_| None),
        }
    }

    fn not_done(&mut self, item: &Item, keys: Vec<String>, error: Error) -> Result<()> {
        let (state, ends) = match error.status {
            Status::OutcomeUnknown | Status::Panic if item.kind == Kind::ScanRequest => {
                (State::Unknown, false)
            }
            Status::Argument
            | Status::NotFound
            | Status::Conflict
            | Status::NotEnabled
            | Status::Forbidden => (State::Failed, false),
            Status::Service | Status::Protocol | Status::Panic => (State::Prepared, false),
            _ => (State::Prepared, true),
        };
        self.mark(item, |item| item.not_done(state, &error))?;
        if ends {
            return Err(error);
        }
        self.hold(keys, error);
        if state == State::Failed {
            self.faults = 0;
            return Ok(());
        }
        self.count_fault()
    }

    fn hold(&mut self, keys: Vec<String>, error: Error) {
        self.held.extend(keys);
        self.first.get_or_insert(error);
    }

    fn count_fault(&mut self) -> Result<()> {
        self.faults += 1;
        match self.first.take() {
            Some(error) if self.faults >= MOST_FAULTS_IN_A_ROW => Err(error),
            first => {
                self.first = first;
                Ok(())
            }
        }
    }

    /// Writes an item's next state, unless the host has changed it meanwhile; then there is nothing to do with it.
    fn mark(&self, item: &Item, next: impl FnOnce(&Item) -> Line) -> Result<Option<Item>> {
        let (id, state) = (item.id, item.state);
        let expected = |index: &Index| index.get(id).filter(|now| now.state == state).cloned();
        let marked = self.outbox.journal.write(|index| {
            Ok(match expected(index) {
                Some(now) => (vec![next(&now)], true),
                None => (Vec::new(), false),
            })
        })?;
        match marked {
            true => self.outbox.journal.read(|index| index.get(id).cloned()),
            false => Ok(None),
        }
    }
}

fn unknown(item: &Item) -> Error {
    let operation_id = item.operation_id.as_str();
    Error::new(
        Status::OutcomeUnknown,
        format!("it is not known whether the scan request of item {} has arrived (operation {operation_id})", item.id),
    )
    .about(operation_id)
    .advise("Run the outbox again later, or look for the patient's Rx at the scanner or on the portal and use itero_outbox_settle.")
}

fn failed_before(item: &Item) -> Error {
    Error::new(
        Status::State,
        format!(
            "item {} has failed before and holds back the later ones of its patient",
            item.id
        ),
    )
    .advise("Look at itero_outbox_items, then use itero_outbox_retry or itero_outbox_remove.")
}
