//! What an item is to do, and whose it is: the part that is sealed on disk.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::zeroize::Zeroizing;
use serde::{Deserialize, Serialize};

use super::lines::Kind;
use crate::client::patients::UpdateWanted;
use crate::client::scan_request::ScanRequest;
use crate::error::{Error, Result, Status};
use crate::protect;

const PURPOSE: &str = "outbox";

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Content {
    ScanRequest(Box<ScanRequest>),
    PatientUpdate(UpdateWanted),
    PatientUpdateByChartNumber(UpdateWanted),
    RxDelete { rx_id: String },
}

impl Content {
    pub fn kind(&self) -> Kind {
        match self {
            Content::ScanRequest(_) => Kind::ScanRequest,
            Content::PatientUpdate(_) => Kind::PatientUpdate,
            Content::PatientUpdateByChartNumber(_) => Kind::PatientUpdateByChartNumber,
            Content::RxDelete { .. } => Kind::RxDelete,
        }
    }

    /// By what the patient is known; two items that share one of these keep their order.
    pub fn keys(&self) -> Vec<String> {
        let chart = |chart: &str| format!("chart {}", chart.to_lowercase());
        match self {
            Content::ScanRequest(request) => vec![chart(&request.chart_number)],
            Content::PatientUpdate(update) => {
                let id = format!("id {}", update.whose.to_lowercase());
                let number = update.chart_number.as_deref().map(chart);
                [id].into_iter().chain(number).collect()
            }
            Content::PatientUpdateByChartNumber(update) => vec![chart(&update.whose)],
            Content::RxDelete { rx_id } => vec![format!("rx {rx_id}")],
        }
    }

    pub fn seal(&self) -> Result<String> {
        let json = serde_json::to_vec(self)
            .map(Zeroizing::new)
            .map_err(|_| Error::argument("the item can't be written as JSON"))?;
        protect::seal(PURPOSE, &json).map(|sealed| STANDARD.encode(sealed))
    }

    pub fn open(sealed: &str) -> Result<Content> {
        let sealed = STANDARD.decode(sealed).unwrap_or_default();
        let opened = protect::open(PURPOSE, &sealed)?;
        opened
            .and_then(|json| serde_json::from_slice(&json).ok())
            .ok_or_else(|| {
                Error::new(
                    Status::Store,
                    "an item of the outbox can't be opened: another user or computer put it there",
                )
                .advise("Run the outbox as the user who added its items, or take the item out with itero_outbox_remove.")
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_again_and_shows_nothing() {
        let update = UpdateWanted::of_chart_number("10023", Some("Maria"), None).unwrap();
        let content = Content::PatientUpdateByChartNumber(update);
        let sealed = content.seal().unwrap();
        assert!(!sealed.contains("Maria"));
        let opened = Content::open(&sealed).unwrap();
        assert_eq!(opened.kind(), Kind::PatientUpdateByChartNumber);
        assert_eq!(opened.keys(), ["chart 10023"]);
        for broken in ["", "AAAA", &sealed[4..], "not base64!"] {
            let error = Content::open(broken).err().unwrap();
            assert_eq!(error.status, Status::Store);
        }
    }
}
