//! Sealing with the key in the user's file: a random nonce, then what was sealed, then its tag.

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use secrecy::zeroize::Zeroizing;

use super::key::{self, Key};
use crate::error::{Error, Result, Status};

fn unfit(what: &str) -> Error {
    Error::new(Status::Store, format!("sealing failed: {what}"))
}

fn cipher(key: &Key) -> Result<LessSafeKey> {
    let key = UnboundKey::new(&CHACHA20_POLY1305, key.as_ref());
    key.map(LessSafeKey::new)
        .map_err(|_| unfit("the key has a wrong length"))
}

pub fn seal(purpose: &str, plain: &[u8]) -> Result<Vec<u8>> {
    let cipher = cipher(&key::known_or_new()?)?;
    // Random nonces are safe up to 2^32 of them; at one a minute that takes eight thousand years.
    let mut nonce = [0; NONCE_LEN];
    getrandom::fill(&mut nonce).map_err(|_| unfit("the system gave no random numbers"))?;
    // Room for the tag, so that the plain bytes are not left behind where the vector lay before it grew.
    let mut sealed = Vec::with_capacity(NONCE_LEN + plain.len() + CHACHA20_POLY1305.tag_len());
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(plain);
    let tag = cipher
        .seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(purpose),
            &mut sealed[NONCE_LEN..],
        )
        .map_err(|_| unfit("the content is too long"))?;
    sealed.extend_from_slice(tag.as_ref());
    Ok(sealed)
}

pub fn open(purpose: &str, sealed: &[u8]) -> Result<Option<Zeroizing<Vec<u8>>>> {
    let Some((nonce, sealed)) = sealed.split_first_chunk::<NONCE_LEN>() else {
        return Ok(None);
    };
    // Without a key, nothing was sealed here.
    let Some(key) = key::known()? else {
        return Ok(None);
    };
    let mut plain = Zeroizing::new(sealed.to_vec());
    let nonce = Nonce::assume_unique_for_key(*nonce);
    let opened = cipher(&key)?.open_in_place(nonce, Aad::from(purpose), &mut plain);
    let Ok(length) = opened.map(|plain| plain.len()) else {
        return Ok(None);
    };
    plain.truncate(length);
    Ok(Some(plain))
}
