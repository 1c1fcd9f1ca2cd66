//! Doors for the fuzz targets of `tests/fuzz` into what no public function reaches alone. Not in any other build.

use std::path::Path;
use std::time::Duration;

use crate::client::ledger::Ledger;
use crate::client::watch_state;
use crate::download::{self, Resume, Trouble};
use crate::transport::{self, Head};
use crate::{protect, session};

/// Whether the file is a mesh that can be read.
pub fn mesh(path: &Path) -> bool {
    download::check_mesh(path).flatten().is_some()
}

/// How many roles the file tells, as an export's XML.
pub fn export(path: &Path) -> usize {
    download::roles_of_export(path).len()
}

/// Whether the file is an archive that was unpacked.
pub fn archive(path: &Path, folder: &Path) -> bool {
    download::unpack(path, folder).is_ok()
}

/// A name that every system takes for a plain file's.
pub fn safe_name(name: &str) -> String {
    download::safe_name(name, "file")
}

/// What a file server's head says.
pub struct FileAnswer<'a> {
    pub http_status: u16,
    pub length: Option<u64>,
    pub content_range: &'a str,
    pub tag: &'a str,
    pub encoding: &'a str,
    pub chunked: bool,
}

/// Where the body's bytes would be written, and the file's whole length; `None` when the answer is refused. `begun` is
/// how much of the file is there, and its tag.
pub fn file_answer(
    answer: &FileAnswer<'_>,
    begun: Option<(u64, &str)>,
    size: Option<u64>,
) -> Option<(u64, Option<u64>)> {
    let head = Head {
        http_status: answer.http_status,
        host: String::new(),
        length: answer.length,
        content_range: answer.content_range.to_owned(),
        tag: answer.tag.to_owned(),
        encoding: answer.encoding.to_owned(),
        chunked: answer.chunked,
        retry_after: None,
    };
    let resume = begun.map(|(at, tag)| Resume { at, tag });
    match download::judge(&head, resume, size) {
        Ok(begin) => Some((begin.start, begin.total)),
        Err(Trouble::Again(..) | Trouble::Anew(_) | Trouble::Expired(_) | Trouble::Final(_)) => {
            None
        }
    }
}

/// How long an answer asks to wait.
pub fn retry_after(value: Option<&str>, date: Option<&str>) -> Option<Duration> {
    transport::retry_after(value, date)
}

/// Whether these are the bytes of a session; then they are written and read again.
pub fn session(bytes: &[u8]) -> bool {
    session::reads_again(bytes)
}

/// Whether something sealed opens.
pub fn opens(sealed: &[u8]) -> bool {
    matches!(protect::open("fuzz", sealed), Ok(Some(_)))
}

/// Whether these are the bytes of a watch's state; then they are written and read again.
pub fn watch_state(bytes: &[u8]) -> bool {
    let read = |bytes: &[u8]| match watch_state::Ledger::read(bytes) {
        watch_state::Found::Ledger(ledger) => ledger.json().ok(),
        watch_state::Found::Newer | watch_state::Found::Damaged => None,
    };
    let Some(written) = read(bytes) else {
        return false;
    };
    assert_eq!(
        read(&written).as_deref(),
        Some(&*written),
        "a state that changes when it is written"
    );
    true
}

/// How many entries a folder's ledger of sent scan requests has; `None` when it can't be read.
pub fn ledger(folder: &Path) -> Option<usize> {
    let ledger = Ledger::new(Some(folder.to_owned()));
    ledger.find(None).map(|entries| entries.len()).ok()
}
