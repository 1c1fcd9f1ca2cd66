//! The scan notification on the wire (D5).

use super::{Text, read};
use crate::error::Result;

/// A hint that an order may have changed. Whoever knows the URL can send one, so it proves nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    pub rx_id: Text,
    /// The wire's `accountNumber`.
    pub account_id: Text,
}

pub fn notification(body: &[u8]) -> Result<Notification> {
    let read = read(body, |notification| {
        Ok(Notification {
            rx_id: notification.need("rxId")?,
            account_id: notification.text("accountNumber")?,
        })
    })?;
    Ok(read.value)
}
