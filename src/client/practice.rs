//! The practice configuration (D1): all that a scan request needs.

use std::sync::Arc;

use super::Client;
use super::call::Call;
use crate::error::Result;
use crate::wire::practice::{self, Practice};
use crate::wire::{Endpoint, Read};

impl Client {
    pub async fn practice(self: Arc<Client>) -> Result<Read<Practice>> {
        let answer = self.call(&Call::to(Endpoint::Practice)).await?;
        answer.read(practice::practice)
    }
}
