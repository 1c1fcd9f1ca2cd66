//! One file from its URL to its place.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use sha2::{Digest, Sha256};
use url::Url;

use super::place::{part_in, place};
use super::{Placed, hex};
use crate::error::{Error, Result, Status};
use crate::transport::{Transport, runtime};

/// What the service says of a file.
pub struct Expected<'a> {
    pub size: Option<u64>,
    /// Hexadecimal, lower case; empty when unknown.
    pub sha256: &'a str,
}

/// Fetches a file into `folder` under `name`. `progress` is told how many more bytes have come.
///
/// Runs on a thread that may block, inside the runtime's context.
pub async fn fetch(
    transport: &Transport,
    url: &Url,
    folder: &Path,
    name: &str,
    expected: &Expected<'_>,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Placed> {
    let target = folder.join(name);
    if let Some(size) = expected.size {
        let (place, sha256) = (target.clone(), expected.sha256.to_owned());
        if let Some(there) =
            runtime::aside(move || Ok(already_there(&place, size, &sha256))).await?
        {
            progress(there.size);
            return Ok(there);
        }
    }
    let mut stream = transport.open(url).await?;
    if stream.http_status() != 200 {
        return Err(refused(stream.http_status(), stream.host()));
    }
    let announced = stream.length();
    if let (Some(size), Some(length)) = (expected.size, announced)
        && size != length
    {
        return Err(Error::protocol(format!(
                "the file server offers {length} bytes where the order's list says {size}; the file may just have changed"
            ))
            .advise("Read the order again and download it once more."));
    }
    let mut part =
        part_in(folder).map_err(|fault| Error::io("making a file in the target folder", &fault))?;
    let mut digest = Sha256::new();
    let mut size = 0u64;
    while let Some(chunk) = stream.chunk().await? {
        let chunk = chunk.as_ref();
        size += chunk.len() as u64;
        if expected.size.is_some_and(|expected| size > expected) {
            return Err(Error::protocol(
                "the file server sends more bytes than the order's list says",
            ));
        }
        digest.update(chunk);
        part.write_all(chunk)
            .map_err(|fault| Error::io("writing a file", &fault))?;
        progress(chunk.len() as u64);
    }
    let sha256 = hex(&digest.finalize());
    if let Some(whole) = expected.size.or(announced)
        && whole != size
    {
        return Err(Error::new(
            Status::Network,
            format!("the file ended after {size} of {whole} bytes"),
        ));
    }
    if !expected.sha256.is_empty() && sha256 != expected.sha256 {
        return Err(Error::protocol(
            "the file's SHA-256 is not the one in the order's list; it was thrown away",
        )
        .advise("Download it once more; if it lasts, report it with the order id."));
    }
    place(part, &target)?;
    Ok(Placed {
        path: target,
        size,
        sha256,
        was_there: false,
    })
}

/// The file under its final name, if it has this size and this digest.
pub(super) fn already_there(target: &Path, size: u64, sha256: &str) -> Option<Placed> {
    if sha256.is_empty() || std::fs::metadata(target).ok()?.len() != size {
        return None;
    }
    let mut file = File::open(target).ok()?;
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer).ok()? {
            0 => break,
            n => digest.update(&buffer[..n]),
        }
    }
    (hex(&digest.finalize()) == sha256).then(|| Placed {
        path: target.to_owned(),
        size,
        sha256: sha256.to_owned(),
        was_there: true,
    })
}

fn refused(http_status: u16, host: &str) -> Error {
    let (status, what) = match http_status {
        401 | 403 | 410 => (Status::Forbidden, "the file's URL has expired"),
        404 => (Status::NotFound, "the file is no longer there"),
        429 => (Status::RateLimit, "the file server asks for fewer requests"),
        500..=599 => (Status::Service, "the file server has a fault of its own"),
        _ => (
            Status::Protocol,
            "the file server answered in a way that a download doesn't know",
        ),
    };
    let mut error = Error::new(status, format!("{what} ({host}, HTTP {http_status})"));
    error.http_status = http_status;
    error
}
