//! Pairing (A7, A8) and its warnings (P5).

use std::sync::Arc;
use std::time::Instant;

use super::Client;
use super::call::Call;
use super::config::address;
use crate::error::{Error, Result};
use crate::transport::runtime;
use crate::wire::pairing::{self, Pair, Warnings};
use crate::wire::{Endpoint, Read};

impl Client {
    /// A7: binds the session to an account. The answer's token set replaces the old one, which is dead from then on;
    /// so this runs to its end even when the caller stops waiting, and no refresh comes between.
    pub async fn pair(
        self: Arc<Client>,
        account_id: String,
        notification_url: Option<String>,
    ) -> Result<()> {
        if account_id.is_empty() {
            return Err(Error::argument("the account id is empty"));
        }
        if let Some(url) = &notification_url {
            address("the notification URL", url)?;
        }
        runtime::finish(async move {
            let body = Pair {
                account_id: &account_id,
                callback_url: notification_url.as_deref(),
            };
            let call = Call::to(Endpoint::Pair).json(&body)?;
            let mut refreshed = false;
            loop {
                let held = self.token().await?;
                let turn = self.session.turn().await;
                if self.session.generation() != held.generation {
                    continue;
                }
                let asked_at = Instant::now();
                let answer = self.send(&call, &held).await?;
                if answer.http_status == 401 && !refreshed {
                    refreshed = true;
                    drop(turn);
                    self.refresh(held.generation).await?;
                    continue;
                }
                if !(200..300).contains(&answer.http_status) {
                    return Err(self.refused(&answer).into());
                }
                let tokens = answer.read(pairing::paired)?;
                self.session.pair(&turn, tokens, asked_at, &account_id);
                // The account may belong to another region than the user.
                self.forget_region();
                return Ok(());
            }
        })
        .await
    }

    /// A8: ends the pairing; the sign-in stays.
    pub async fn unpair(self: Arc<Client>) -> Result<()> {
        self.call(&Call::to(Endpoint::Unpair)).await?;
        self.session.unpair();
        Ok(())
    }

    /// P5: patients who share a chart number or have none.
    pub async fn warnings(self: Arc<Client>) -> Result<Read<Warnings>> {
        let answer = self.call(&Call::to(Endpoint::PairingWarnings)).await?;
        answer.read(pairing::warnings)
    }
}
