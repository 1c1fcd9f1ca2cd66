//! Codes, tokens and sign-ins: one-time codes, strictly rotating refresh tokens, and what dies together.

use super::state::Region;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::collections::HashMap;
use std::time::{Duration, Instant};

const CODE_LIFE: Duration = Duration::from_secs(60);

/// Random bytes from the operating system; without them nothing here could be trusted.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

pub fn opaque() -> String {
    URL_SAFE_NO_PAD.encode(random::<32>())
}

/// One sign-in: the family of all tokens that descend from one code.
pub struct Session {
    /// Index in the store's users.
    pub user: usize,
    pub home: Region,
    pub account: Option<String>,
    offline: bool,
    revoked: bool,
}

/// What the login page hands out, bound to what it was asked with.
pub struct Grant {
    pub user: usize,
    pub home: Region,
    pub redirect_uri: String,
    pub challenge: String,
    pub offline: bool,
}

struct Code {
    grant: Grant,
    expires: Instant,
    used_by: Option<u64>,
}

struct Access {
    session: u64,
    expires: Instant,
    dead: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Life {
    Live,
    /// Exchanged for a newer one at this moment; seen again after the grace, it means that somebody has a copy.
    Rotated(Instant),
    Dead,
}

struct Refresh {
    session: u64,
    life: Life,
}

/// A token set, as the token endpoint and pairing hand it out.
pub struct Issued {
    pub access_token: String,
    pub refresh_token: Option<String>,
    pub expires_in: u64,
}

/// Why a token isn't good for a call.
#[derive(Debug, PartialEq)]
pub enum Bad {
    Unknown,
    Expired,
    Revoked,
}

/// Why a refresh isn't granted.
#[derive(Debug, PartialEq)]
pub enum RefreshError {
    Unknown,
    Reused,
}

pub struct Tokens {
    life: Duration,
    /// How long a refresh token is taken again after it was exchanged.
    grace: Duration,
    codes: HashMap<String, Code>,
    sessions: HashMap<u64, Session>,
    access: HashMap<String, Access>,
    refresh: HashMap<String, Refresh>,
    last_session: u64,
}

impl Tokens {
    pub fn new(life: Duration, grace: Duration) -> Self {
        Tokens {
            life,
            grace,
            codes: HashMap::new(),
            sessions: HashMap::new(),
            access: HashMap::new(),
            refresh: HashMap::new(),
            last_session: 0,
        }
    }

    pub fn new_code(&mut self, grant: Grant) -> String {
        let code = opaque();
        let expires = Instant::now() + CODE_LIFE;
        self.codes.insert(
            code.clone(),
            Code {
                grant,
                expires,
                used_by: None,
            },
        );
        code
    }

    /// Exchanges a code. A code that comes twice may be stolen, so what it issued dies (RFC 6749 §4.1.2).
    pub fn redeem(&mut self, code: &str, fits: impl Fn(&Grant) -> bool) -> Option<Issued> {
        let found = self.codes.get_mut(code)?;
        if let Some(session) = found.used_by {
            self.end(session);
            return None;
        }
        if found.expires <= Instant::now() || !fits(&found.grant) {
            return None;
        }
        self.last_session += 1;
        found.used_by = Some(self.last_session);
        let session = Session {
            user: found.grant.user,
            home: found.grant.home,
            account: None,
            offline: found.grant.offline,
            revoked: false,
        };
        self.sessions.insert(self.last_session, session);
        Some(self.issue(self.last_session))
    }

    fn issue(&mut self, session: u64) -> Issued {
        let access_token = opaque();
        let expires = Instant::now() + self.life;
        self.access.insert(
            access_token.clone(),
            Access {
                session,
                expires,
                dead: false,
            },
        );
        let offline = self
            .sessions
            .get(&session)
            .is_some_and(|session| session.offline);
        let refresh_token = offline.then(opaque);
        if let Some(token) = &refresh_token {
            self.refresh.insert(
                token.clone(),
                Refresh {
                    session,
                    life: Life::Live,
                },
            );
        }
        Issued {
            access_token,
            refresh_token,
            expires_in: self.life.as_secs(),
        }
    }

    pub fn rotate(&mut self, token: &str) -> Result<Issued, RefreshError> {
        let found = self.refresh.get_mut(token).ok_or(RefreshError::Unknown)?;
        let session = found.session;
        match found.life {
            Life::Live => {
                found.life = Life::Rotated(Instant::now());
                Ok(self.issue(session))
            }
            Life::Rotated(moment) if moment.elapsed() < self.grace => Ok(self.issue(session)),
            Life::Rotated(_) => {
                self.end(session);
                Err(RefreshError::Reused)
            }
            Life::Dead => Err(RefreshError::Unknown),
        }
    }

    /// Pairing's new token set: whatever the sign-in held before is dead. That isn't a rotation, so a late use of the
    /// old refresh token is refused without ending the sign-in.
    pub fn replace(&mut self, session: u64) -> Issued {
        self.kill(session);
        self.issue(session)
    }

    /// Revokes a token: a refresh token takes its whole family along, an access token only itself (RFC 7009 §2.1).
    pub fn revoke(&mut self, token: &str) {
        if let Some(session) = self.refresh.get(token).map(|refresh| refresh.session) {
            self.end(session);
        } else if let Some(access) = self.access.get_mut(token) {
            access.dead = true;
        }
    }

    fn end(&mut self, session: u64) {
        self.kill(session);
        for refresh in self
            .refresh
            .values_mut()
            .filter(|refresh| refresh.session == session)
        {
            refresh.life = Life::Dead;
        }
        if let Some(session) = self.sessions.get_mut(&session) {
            session.revoked = true;
        }
    }

    fn kill(&mut self, session: u64) {
        for access in self
            .access
            .values_mut()
            .filter(|access| access.session == session)
        {
            access.dead = true;
        }
        let live =
            |refresh: &&mut Refresh| refresh.session == session && refresh.life == Life::Live;
        for refresh in self.refresh.values_mut().filter(live) {
            refresh.life = Life::Dead;
        }
    }

    pub fn expire_all(&mut self) {
        for access in self.access.values_mut() {
            access.expires = Instant::now();
        }
    }

    /// The sign-in of an access token that is good for a call.
    pub fn check(&self, token: &str) -> Result<u64, Bad> {
        let access = self.access.get(token).ok_or(Bad::Unknown)?;
        match access {
            Access { dead: true, .. } => Err(Bad::Revoked),
            Access { expires, .. } if *expires <= Instant::now() => Err(Bad::Expired),
            Access { session, .. } => Ok(*session),
        }
    }

    /// The sign-in that a token belongs to, good or not: discovery comes before a refresh.
    pub fn owner(&self, token: &str) -> Option<&Session> {
        self.session(self.access.get(token)?.session)
    }

    pub fn session(&self, id: u64) -> Option<&Session> {
        self.sessions.get(&id)
    }

    pub fn session_mut(&mut self, id: u64) -> Option<&mut Session> {
        self.sessions
            .get_mut(&id)
            .filter(|session| !session.revoked)
    }
}
