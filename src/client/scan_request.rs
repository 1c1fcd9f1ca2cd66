//! The scan request (D2, P3) and the withdrawal of its Rx (D7).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio_util::sync::CancellationToken;

use super::Client;
use super::call::Call;
use super::ledger::Prepared;
use crate::error::{Error, Result, Status};
use crate::transport::runtime;
use crate::wire::scan_request::{self as wire, IDEMPOTENCY_KEY, Rx};
use crate::wire::{Endpoint, Read, Text};

pub use super::scan_request_members::{ScanRequest, Tooth};

/// A sent scan request: the service's record, and the id under which this library sent it.
pub struct Sent {
    pub rx: Rx,
    pub json: Text,
    pub operation_id: Text,
}

/// The id of a scan request from before it is sent until its end is known; the service gets it as idempotency key.
pub(super) fn new_operation_id() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// The answer to a scan request is lost: nobody may send it again before it is known what became of it.
fn outcome_unknown(error: &Error, operation_id: &str) -> Error {
    let mut unknown = Error::new(
        Status::OutcomeUnknown,
        format!(
            "the scan request may have arrived, its answer is lost (operation {operation_id}): {}",
            error.message
        ),
    );
    unknown.http_status = error.http_status;
    unknown.service_code.clone_from(&error.service_code);
    unknown.request_id.clone_from(&error.request_id);
    unknown.about(operation_id).advise(
        "Don't send it again. Ask itero_rx_resolve first, or look for the patient's Rx at the scanner or on the portal.",
    )
}

impl Client {
    /// D2: sends the scan request once. A repeat under a new id might make a second Rx, so a lost answer, a fault of
    /// the service and a cancel after the first byte all end as "outcome unknown".
    pub fn scan_request_send(self: &Arc<Client>, request: &ScanRequest) -> Result<Sent> {
        let mut request = request.clone();
        request.check()?;
        self.scan_request_send_until(&self.cancellation(), request, new_operation_id())
    }

    /// As [`scan_request_send`](Client::scan_request_send), for a checked request and a cancel that began to count before.
    pub(super) fn scan_request_send_until(
        self: &Arc<Client>,
        cancel: &CancellationToken,
        request: ScanRequest,
        operation_id: String,
    ) -> Result<Sent> {
        // Whatever can fail without the request having left comes first.
        let client = self.clone();
        runtime::run(cancel, async move {
            client.token().await?;
            client.region().await.map(drop)
        })?;
        let prepared = Prepared {
            operation_id,
            chart_number: request.chart_number.clone(),
            account_id: self.session.account_id().unwrap_or_default(),
        };
        self.ledger.prepare(&prepared)?;
        let under_way = Arc::new(AtomicBool::new(false));
        let sending =
            self.clone()
                .send_once(request, prepared.operation_id.clone(), under_way.clone());
        let sent = match runtime::run(cancel, sending) {
            Err(error) if error.status == Status::Cancelled && under_way.load(Ordering::SeqCst) => {
                Err(outcome_unknown(&error, &prepared.operation_id))
            }
            sent => sent,
        };
        match &sent {
            Ok(sent) => self.ledger.sent(&prepared, &sent.rx.rx_id),
            // A panic says nothing about how far the request had come.
            Err(error) if matches!(error.status, Status::OutcomeUnknown | Status::Panic) => {}
            Err(_) => self.ledger.not_sent(&prepared),
        }
        sent
    }

    async fn send_once(
        self: Arc<Client>,
        request: ScanRequest,
        id: String,
        under_way: Arc<AtomicBool>,
    ) -> Result<Sent> {
        let mut call = Call::to(Endpoint::ScanRequest).json(&request.body())?;
        call.header = Some((IDEMPOTENCY_KEY, id.clone()));
        under_way.store(true, Ordering::SeqCst);
        let answer = self.call_told(&call).await.map_err(|failure| {
            if failure.may_have_arrived {
                outcome_unknown(&failure.error, &id)
            } else {
                failure.error
            }
        })?;
        let Read { value: rx, json } = wire::rx(&answer.body)
            .map_err(|error| outcome_unknown(&error.request(&answer.request_id), &id))?;
        Ok(Sent {
            rx,
            json,
            operation_id: Text::from(id),
        })
    }

    /// D7: withdraws an Rx that was not scanned yet.
    pub async fn rx_delete(self: Arc<Client>, rx_id: String) -> Result<()> {
        let rx_id = rx_id.trim().to_owned();
        if rx_id.is_empty() {
            return Err(Error::argument("rx_id is empty"));
        }
        let call = Call::to(Endpoint::ScanRequestDelete).variable("rxId", &rx_id);
        match self.call_told(&call).await {
            Ok(_) => Ok(()),
            // An attempt whose answer was lost has withdrawn it.
            Err(failure)
                if failure.error.status == Status::NotFound && failure.earlier_may_have_arrived =>
            {
                Ok(())
            }
            Err(failure) if failure.error.status == Status::Conflict => Err(failure
                .error
                .advise("The Rx was scanned already; a scan can't be deleted.")),
            Err(failure) => Err(failure.error),
        }
    }
}
