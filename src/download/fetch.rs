//! One file from its URL to its place, over as many connections as it takes.

use std::fs::File;
use std::path::Path;

use sha2::Digest;
use url::Url;

use super::answer::{Begin, Resume, Trouble, judge};
use super::part::{Part, digest_of, forget};
use super::patience::Patience;
use super::{Placed, hex};
use crate::error::{Error, Result, Status};
use crate::transport::{Transport, runtime};

/// What the service says of a file.
pub struct Expected {
    pub size: Option<u64>,
    /// Hexadecimal, lower case; empty when unknown.
    pub sha256: String,
}

/// Where a file's URL comes from; it is signed and lives for minutes.
pub trait Urls {
    /// The URL, with the number of its renewal.
    fn current(&self) -> (Url, u32);
    /// Gets a fresh one in place of the one with this number.
    fn renew(&self, seen: u32) -> impl Future<Output = Result<()>>;
}

/// Fetches a file into `folder` under `name`. `progress` is told how many more bytes are there; fewer, when some turned
/// out to be of no use.
///
/// A connection that breaks is made again, and goes on where the last one ended; [`Patience`] says how often. A drop of
/// the future leaves the part for the next download. Runs on a thread that may block, inside the runtime's context.
pub async fn fetch(
    transport: &Transport,
    urls: &impl Urls,
    folder: &Path,
    name: &str,
    expected: &Expected,
    progress: &dyn Fn(i64),
) -> Result<Placed> {
    if let Some(there) = there(folder, name, expected).await? {
        progress(signed(there.size));
        forget(folder, name);
        return Ok(there);
    }
    let still = transport.stall_timeout() * 2;
    let (part, waited) = Part::open(folder, name, &expected.sha256, still).await?;
    let mut one = One {
        transport,
        expected,
        progress,
        part,
        told: 0,
    };
    // Another download may have brought the file meanwhile.
    if waited && let Some(there) = there(folder, name, expected).await? {
        progress(signed(there.size));
        one.part.discard();
        return Ok(there);
    }
    one.tell();
    let sha256 = one.bring(urls).await?;
    let target = folder.join(name);
    let size = one.part.length();
    one.part.finish(&target).await?;
    Ok(Placed {
        path: target,
        size,
        sha256,
        was_there: false,
    })
}

async fn there(folder: &Path, name: &str, expected: &Expected) -> Result<Option<Placed>> {
    let Some(size) = expected.size else {
        return Ok(None);
    };
    let (target, sha256) = (folder.join(name), expected.sha256.clone());
    runtime::aside(move || Ok(already_there(&target, size, &sha256))).await
}

struct One<'a> {
    transport: &'a Transport,
    expected: &'a Expected,
    progress: &'a dyn Fn(i64),
    part: Part,
    /// What of the part's length was told as progress.
    told: u64,
}

impl One<'_> {
    /// Fills the part until it is whole and verified; its SHA-256.
    async fn bring(&mut self, urls: &impl Urls) -> Result<String> {
        let mut patience = Patience::new(self.part.length());
        if self
            .expected
            .size
            .is_some_and(|size| self.part.length() >= size)
        {
            // Whole, but an earlier download could not give it its name; or it belongs to something else.
            match self.verified(true) {
                Ok(sha256) => return Ok(sha256),
                Err(_) => self.restart("")?,
            }
        }
        loop {
            let (url, number) = urls.current();
            let trouble = match self.attempt(&url).await {
                Ok(sha256) => return Ok(sha256),
                Err(trouble) => trouble,
            };
            patience.reached(self.part.length());
            if self.part.resumable().is_none() || matches!(trouble, Trouble::Anew(_)) {
                self.restart("")?;
            }
            let (error, asked) = match trouble {
                Trouble::Final(error) => return Err(error),
                Trouble::Expired(error) => {
                    patience.renewal(error)?;
                    urls.renew(number).await?;
                    continue;
                }
                Trouble::Again(error, asked) => (error, asked),
                Trouble::Anew(error) => (error, None),
            };
            tokio::time::sleep(patience.another(error, asked)?).await;
        }
    }

    /// One request, from where the part ends.
    async fn attempt(&mut self, url: &Url) -> std::result::Result<String, Trouble> {
        let at = self.part.length();
        let resume = self.part.resumable().map(|tag| Resume { at, tag });
        let range = resume.map(|resume| (resume.at, resume.tag));
        let opened = self.transport.open(url, range).await;
        let mut stream = opened.map_err(Trouble::of)?;
        let begin = judge(stream.head(), resume, self.expected.size)?;
        if begin.start == 0 {
            self.restart(&begin.tag).map_err(Trouble::Final)?;
        }
        let Begin { start, total, .. } = begin;
        while let Some(chunk) = stream.chunk().await.map_err(Trouble::of)? {
            let chunk = chunk.as_ref();
            if total.is_some_and(|total| self.part.length() + chunk.len() as u64 > total) {
                return Err(self.useless(
                    start > 0,
                    "the file server sends more bytes than the file has",
                ));
            }
            self.part.append(chunk).map_err(Trouble::Final)?;
            self.tell();
        }
        let length = self.part.length();
        match total {
            Some(total) if length < total => Err(Trouble::of(Error::new(
                Status::Network,
                format!("the file ended after {length} of {total} bytes"),
            ))),
            _ => self.verified(start > 0),
        }
    }

    fn verified(&mut self, joined: bool) -> std::result::Result<String, Trouble> {
        let sha256 = self.part.digest();
        let is_right = match self.expected.sha256.as_str() {
            "" => true,
            expected => expected == sha256,
        };
        match is_right {
            true => Ok(sha256),
            false => Err(self.useless(
                joined,
                "the file's SHA-256 is not the one in the order's list; it was thrown away",
            )),
        }
    }

    /// Bytes that are not the file's. If they came in several pieces, the whole may still come out right.
    fn useless(&mut self, joined: bool, why: &str) -> Trouble {
        let error = Error::protocol(why)
            .advise("Download it once more; if it lasts, report it with the order id.");
        if joined {
            return Trouble::Anew(error);
        }
        self.part.discard();
        Trouble::Final(error)
    }

    fn restart(&mut self, tag: &str) -> Result<()> {
        self.part.restart(tag)?;
        self.tell();
        Ok(())
    }

    fn tell(&mut self) {
        (self.progress)(signed(self.part.length()) - signed(self.told));
        self.told = self.part.length();
    }
}

/// The file under its final name, if it has this size and this digest.
pub(super) fn already_there(target: &Path, size: u64, sha256: &str) -> Option<Placed> {
    if sha256.is_empty() || std::fs::metadata(target).ok()?.len() != size {
        return None;
    }
    let mut file = File::open(target).ok()?;
    let (digest, _) = digest_of(&mut file).ok()?;
    (hex(&digest.finalize()) == sha256).then(|| Placed {
        path: target.to_owned(),
        size,
        sha256: sha256.to_owned(),
        was_there: true,
    })
}

fn signed(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}
