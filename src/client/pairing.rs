//! Pairing (A7, A8) and its warnings (P5).

use std::sync::Arc;
use std::time::Instant;

use super::Client;
use super::call::{Call, Refused};
use super::config::address;
use crate::error::{Error, Result};
use crate::session::Session;
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
        let cancel = self.cancellation();
        runtime::finish(async move {
            let body = Pair {
                account_id: &account_id,
                callback_url: notification_url.as_deref(),
            };
            let call = Call::to(Endpoint::Pair).json(&body)?;
            let mut refused = Refused::default();
            loop {
                let held = self.token().await?;
                let turn = self.session.turn(&cancel).await?;
                if self.session.generation() != held.generation {
                    continue;
                }
                self.session.make_room(&turn).await?;
                let asked_at = Instant::now();
                let answer = self.send(&call, &held).await?;
                if refused.may_repeat(&answer) {
                    drop(turn);
                    refused.took(self.refresh(held.generation).await?);
                    continue;
                }
                if !(200..300).contains(&answer.http_status) {
                    return Err(self.refused(&answer).into());
                }
                let tokens = answer.read(pairing::paired)?;
                let pair = move |session: &Session| {
                    // Tokens that can't be saved are used all the same; the log has told of it.
                    let _ = session.pair(&turn, tokens, asked_at, account_id);
                    Ok(())
                };
                return self.session.aside(pair).await;
            }
        })
        .await
    }

    /// A8: ends the pairing; the sign-in stays.
    pub async fn unpair(self: Arc<Client>) -> Result<()> {
        let cancel = self.cancellation();
        runtime::finish(async move {
            self.call(&Call::to(Endpoint::Unpair)).await?;
            let Ok(turn) = self.session.turn(&cancel).await else {
                self.session.mark_unpaired();
                return Ok(());
            };
            let unpair = move |session: &Session| {
                let _ = session.unpair(&turn);
                Ok(())
            };
            self.session.aside(unpair).await
        })
        .await
    }

    /// P5: patients who share a chart number or have none.
    pub async fn warnings(self: Arc<Client>) -> Result<Read<Warnings>> {
        let answer = self.call(&Call::to(Endpoint::PairingWarnings)).await?;
        answer.read(pairing::warnings)
    }
}
