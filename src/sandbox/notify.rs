//! Notifications: the account's callback URL hears that an Rx's files have changed, at most a few times each.

use super::state::{Cloud, Store};
use std::sync::Arc;
use std::time::Duration;

const PAUSES: [Duration; 3] = [
    Duration::ZERO,
    Duration::from_millis(300),
    Duration::from_millis(1500),
];
const PATIENCE: Duration = Duration::from_secs(3);

/// Sends in the background; the scan doesn't wait for the practice.
pub fn send(cloud: &Arc<Cloud>, store: &Store, rx_id: &str) {
    let account = store.rx(rx_id).and_then(|rx| store.account(&rx.account));
    let Some(callback) = account.ok().and_then(|account| account.callback.as_ref()) else {
        return;
    };
    let account = store
        .rx(rx_id)
        .map(|rx| rx.account.clone())
        .unwrap_or_default();
    let body = serde_json::json!({"rxId": rx_id, "accountNumber": account}).to_string();
    tokio::spawn(deliver(cloud.clone(), callback.url.clone(), body));
}

async fn deliver(cloud: Arc<Cloud>, url: String, body: String) {
    for pause in PAUSES {
        tokio::time::sleep(pause).await;
        let request = cloud.courier.post(&url).timeout(PATIENCE);
        let request = request
            .header("content-type", "application/json")
            .body(body.clone());
        let answer = request.send().await;
        if answer.is_ok_and(|answer| answer.status().is_success()) {
            cloud.store().counters.notifications_sent += 1;
            return;
        }
    }
    cloud.store().counters.notifications_failed += 1;
}
