//! What a store keeps of a session, as bytes.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::Held;
use crate::wire::Text;
use crate::wire::sign_in::Discovered;

const VERSION: u32 = 1;

/// A session as it was when it was saved.
pub struct Record {
    /// Names this state; each save makes a new one.
    pub generation: String,
    /// None: nobody is signed in. That is written down too, so that the other programs learn it.
    pub held: Option<Held>,
    pub account_id: Option<String>,
    pub region: Option<Arc<Discovered>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Write<'a> {
    version: u32,
    generation: &'a str,
    access_token: Option<&'a str>,
    refresh_token: Option<&'a str>,
    asked_at: u64,
    life: u64,
    account_id: Option<&'a str>,
    region: Option<&'a str>,
    endpoints: Option<&'a HashMap<String, String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Read {
    version: u32,
    generation: String,
    access_token: Option<SecretString>,
    refresh_token: Option<SecretString>,
    /// Milliseconds since 1970, by this computer's clock.
    asked_at: u64,
    /// Milliseconds.
    life: u64,
    account_id: Option<String>,
    region: Option<String>,
    endpoints: Option<HashMap<String, String>>,
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

impl Record {
    pub fn bytes(&self) -> Zeroizing<Vec<u8>> {
        let held = self.held.as_ref();
        let asked_at = held.map_or(UNIX_EPOCH, |held| held.asked_at);
        let write = Write {
            version: VERSION,
            generation: &self.generation,
            access_token: held.map(|held| held.access.expose_secret()),
            refresh_token: held
                .and_then(|held| held.refresh.as_ref())
                .map(ExposeSecret::expose_secret),
            asked_at: milliseconds(asked_at.duration_since(UNIX_EPOCH).unwrap_or_default()),
            life: milliseconds(held.map(|held| held.life).unwrap_or_default()),
            account_id: self.account_id.as_deref(),
            region: self.region.as_ref().map(|region| region.region.as_str()),
            endpoints: self.region.as_ref().map(|region| &region.templates),
        };
        // Room for more than tokens and addresses take, so that it doesn't grow and leave copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(32 << 10));
        // Texts and numbers can always be written.
        let _ = serde_json::to_writer(&mut *bytes, &write);
        bytes
    }

    /// Nothing when these bytes are no record of this version.
    pub fn read(bytes: &[u8]) -> Option<Record> {
        let read: Read = serde_json::from_slice(bytes).ok()?;
        if read.version != VERSION {
            return None;
        }
        let asked_at = UNIX_EPOCH.checked_add(Duration::from_millis(read.asked_at))?;
        let life = Duration::from_millis(read.life);
        let region = read.region.zip(read.endpoints);
        Some(Record {
            generation: read.generation,
            held: read
                .access_token
                .map(|access| Held::new(access, read.refresh_token, asked_at, life)),
            account_id: read.account_id,
            region: region.map(|(region, templates)| {
                Arc::new(Discovered {
                    region: Text::from(region),
                    templates,
                })
            }),
        })
    }
}

/// How old something is by this computer's clock, which may have been set back meanwhile.
pub fn age(since: SystemTime) -> Duration {
    SystemTime::now().duration_since(since).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_life_without_end_is_cut_short() {
        let stored = |life: u64| {
            format!(
                r#"{{"version":1,"generation":"g","accessToken":"a","askedAt":0,"life":{life}}}"#
            )
        };
        for life in [0, 3_600_000, u64::MAX] {
            let record = Record::read(stored(life).as_bytes()).unwrap();
            let held = record.held.unwrap();
            assert!(held.life <= Duration::from_secs(7 * 24 * 3600));
            assert!(held.is_expired(), "it was asked for in 1970");
        }
    }
}
