//! One file from its URL to its place.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;
use url::Url;

use super::{Placed, hex};
use crate::error::{Error, Result, Status};
use crate::transport::Transport;

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
    if let Some(there) = already_there(&target, expected) {
        progress(there.size);
        return Ok(there);
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
    let mut part = tempfile::Builder::new()
        .prefix(".itero-")
        .suffix(".part")
        .tempfile_in(of_any_length(folder))
        .map_err(|fault| Error::io("making a file in the target folder", &fault))?;
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

/// The file under its final name, if it is what the service has.
fn already_there(target: &Path, expected: &Expected<'_>) -> Option<Placed> {
    let size = expected.size?;
    if expected.sha256.is_empty() || std::fs::metadata(target).ok()?.len() != size {
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
    let sha256 = hex(&digest.finalize());
    (sha256 == expected.sha256).then(|| Placed {
        path: target.to_owned(),
        size,
        sha256,
        was_there: true,
    })
}

/// Flushes a finished file and gives it its name, with patience for a virus scanner that holds the old one.
pub(super) fn place(part: NamedTempFile, target: &Path) -> Result<()> {
    part.as_file()
        .sync_all()
        .map_err(|fault| Error::io("flushing a file", &fault))?;
    let mut part = part;
    let target = of_any_length(target);
    let mut pause = Duration::from_millis(10);
    for _ in 0..10 {
        match part.persist(&target) {
            Ok(file) => {
                readable_by_all(&file);
                return Ok(());
            }
            // Windows: access denied (5), sharing violation (32).
            Err(fault) if cfg!(windows) && matches!(fault.error.raw_os_error(), Some(5 | 32)) => {
                part = fault.file;
                std::thread::sleep(pause);
                pause *= 2;
            }
            Err(fault) => return Err(Error::io("giving a file its name", &fault.error)),
        }
    }
    Err(Error::new(
        Status::Io,
        "another program holds the file that is to be replaced",
    )
    .advise("Close the program that shows the old file and download again."))
}

/// The path in the form in which Windows takes more than 260 characters. The standard library does this by itself;
/// tempfile hands paths to the system as they are.
#[cfg(windows)]
pub(super) fn of_any_length(path: &Path) -> PathBuf {
    use std::ffi::OsString;
    use std::path::{Component, Prefix};
    let Ok(whole) = std::path::absolute(path) else {
        return path.to_owned();
    };
    let mut components = whole.components();
    let Some(Component::Prefix(prefix)) = components.next() else {
        return whole;
    };
    let mut verbatim = OsString::from(r"\\?\");
    match prefix.kind() {
        Prefix::Disk(_) => verbatim.push(prefix.as_os_str()),
        Prefix::UNC(server, share) => {
            verbatim.push(r"UNC\");
            verbatim.push(server);
            verbatim.push(r"\");
            verbatim.push(share);
        }
        _ => return whole,
    }
    verbatim.push(components.as_path());
    PathBuf::from(verbatim)
}

#[cfg(not(windows))]
pub(super) fn of_any_length(path: &Path) -> PathBuf {
    path.to_owned()
}

/// A temporary file belongs to its user alone; a finished one is an ordinary file of the folder.
#[cfg(unix)]
fn readable_by_all(file: &File) {
    use std::os::unix::fs::PermissionsExt;
    let _ = file.set_permissions(std::fs::Permissions::from_mode(0o644));
}

#[cfg(not(unix))]
fn readable_by_all(_file: &File) {}

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
