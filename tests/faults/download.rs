//! What the tests of broken downloads share: a scan of one file, and its order.

use std::path::{Path, PathBuf};

use itero::ffi::*;
use itero::sandbox::{FileSource, Options, Sandbox};
use sha2::{Digest, Sha256};

use crate::host::*;

pub const NAME: &str = "118204331_shell_occlusion_u.bin";

/// Bytes that repeat nowhere, the same at every call (xorshift64*).
pub fn noise(size: usize) -> Vec<u8> {
    let mut state = 20_260_301_u64;
    let mut bytes = Vec::with_capacity(size + 8);
    while bytes.len() < size {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        bytes.extend(state.wrapping_mul(0x2545_f491_4f6c_dd1d).to_le_bytes());
    }
    bytes.truncate(size);
    bytes
}

pub fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A sandbox whose scans are one file of so many bytes.
pub fn one_file(size: usize, tls: bool) -> Sandbox {
    start(Options {
        files: FileSource::Given(vec![file(NAME, "OTHER", noise(size))]),
        tls,
        ..Options::default()
    })
}

/// A client of the sandbox, and an order of it.
pub fn scanned(sandbox: &Sandbox) -> (Client, String) {
    scanned_with(sandbox, |_| ())
}

pub fn scanned_with(sandbox: &Sandbox, change: impl Fn(&Owned<itero_config>)) -> (Client, String) {
    let config = config(sandbox, V2);
    change(&config);
    let client = Client::of(&config);
    client.sign_in(sandbox, ADA).unwrap();
    client.pair(HARBOR, None).unwrap();
    let rx_id = client.rx("Maria", "Gonzalez Ferreira", "10023");
    let order_id = sandbox.scan(&rx_id).unwrap().to_string();
    (client, order_id)
}

pub fn wait(download: &Owned<itero_download>) -> Outcome<()> {
    outcome(itero_download_wait(download.at, 600_000))
}

pub fn bytes_so_far(download: &Owned<itero_download>) -> i64 {
    let (mut bytes, none) = (0, std::ptr::null_mut());
    outcome(unsafe { itero_download_progress(download.at, &mut bytes, none, none, none) }).unwrap();
    bytes
}

/// Waits, at most a minute, until something holds.
pub fn until(what: impl Fn() -> bool) {
    let began = std::time::Instant::now();
    while !what() {
        assert!(began.elapsed().as_secs() < 60, "it never came true");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

/// How many requests for files the sandbox has seen.
pub fn requests(sandbox: &Sandbox) -> u64 {
    let counters = sandbox.counters();
    counters.requests.get("file").copied().unwrap_or(0)
}

/// The part that a download has begun in the folder.
pub fn part_in(folder: &Path) -> Option<PathBuf> {
    let entries = std::fs::read_dir(folder).ok()?.flatten();
    let mut paths = entries.map(|entry| entry.path());
    paths.find(|path| path.extension().is_some_and(|end| end == "part"))
}

pub fn length(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |data| data.len())
}

/// Runs one test of this program again in a process of its own, which knows that by the variable.
pub fn alone(test: &str, variable: &str) -> std::process::Command {
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", test, "--nocapture"])
        .env(variable, "1");
    command
}
