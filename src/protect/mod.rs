//! What is kept on disk and concerns nobody else: sealed for this user on this computer.
//!
//! On Windows the system keeps the key (DPAPI, current user). Elsewhere a key of 256 bits lies in a file that only the
//! user reads, and the content is sealed with ChaCha20-Poly1305 (RFC 8439). So a copied file opens on no other computer
//! and holds no plain text. Against a program that runs as the same user nothing of this helps: it may do what the user
//! may.

mod folder;
#[cfg(not(windows))]
mod key;
#[cfg_attr(windows, path = "dpapi.rs")]
#[cfg_attr(not(windows), path = "with_key.rs")]
mod system;

use secrecy::zeroize::Zeroizing;

use crate::error::Result;

pub use folder::own_folder;

/// The first byte of everything sealed; another way of sealing takes another one.
const WAY: u8 = 1;

/// Seals `plain`. It opens again only for the same `purpose`, so that one kind of file can't be passed off as another.
pub fn seal(purpose: &str, plain: &[u8]) -> Result<Vec<u8>> {
    let mut sealed = vec![WAY];
    sealed.append(&mut system::seal(purpose, plain)?);
    Ok(sealed)
}

/// What was sealed for this purpose; nothing when another user or computer sealed it, or when it was changed since.
pub fn open(purpose: &str, sealed: &[u8]) -> Result<Option<Zeroizing<Vec<u8>>>> {
    match sealed.split_first() {
        Some((&WAY, sealed)) => system::open(purpose, sealed),
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_for_its_purpose_opens() {
        let plain = b"refresh-token-of-ada";
        let sealed = seal("session", plain).unwrap();
        assert!(!sealed.windows(7).any(|part| part == b"refresh"));
        let opened =
            |purpose, sealed: &[u8]| open(purpose, sealed).unwrap().map(|plain| (*plain).clone());
        assert_eq!(opened("session", &sealed).as_deref(), Some(&plain[..]));
        assert_eq!(opened("outbox", &sealed), None);
        for i in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[i] ^= 1;
            assert_eq!(opened("session", &changed), None, "byte {i}");
            assert_eq!(opened("session", &sealed[..i]), None, "{i} bytes");
        }
        assert_ne!(sealed, seal("session", plain).unwrap());
    }
}
