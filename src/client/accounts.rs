//! The accounts a user may pair to (A6).

use std::sync::Arc;

use super::Client;
use super::call::Call;
use crate::error::Result;
use crate::wire::pairing::{self, Account};
use crate::wire::{Endpoint, Read};

impl Client {
    pub async fn accounts(self: Arc<Client>) -> Result<Read<Vec<Account>>> {
        let answer = self.call(&Call::to(Endpoint::Accounts)).await?;
        answer.read(pairing::accounts)
    }
}
