//! S4: hostile archives. Nothing is written outside the archive's own folder, nothing inside it has a name that means
//! something to a system, and what grows too large ends in time.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use itero::ffi::*;
use itero::sandbox::{FileSource, Options};

use crate::host::*;
use crate::zips::{End, Entry, archive, entry, packed};

/// Longer than any archive of this corpus may take.
const LIMIT_MS: i32 = 60_000;
const MEGABYTE: u64 = 1 << 20;
/// What an archive of less than a megabyte may grow to: the library's floor and 100 times its own size.
const FLOOR: u64 = 64 * MEGABYTE;
const RATIO: u64 = 100;

/// A file of an archive that looks like one on its way.
const PART: &str = ".itero-a.part";

fn with(name: &str, change: impl FnOnce(&mut Entry)) -> Entry {
    let mut one = entry(name, b"content");
    change(&mut one);
    one
}

fn plain(entries: &[Entry]) -> Vec<u8> {
    archive(entries, End::default())
}

fn one(name: impl AsRef<[u8]>) -> Vec<u8> {
    plain(&[entry(name, b"content"), entry("honest.txt", b"honest")])
}

/// Names that lead elsewhere, or that a system takes for something else than a file.
fn names(outside: &Path) -> Vec<(&'static str, Vec<u8>)> {
    let outside = outside.display();
    vec![
        ("slip", one("../../escaped.txt")),
        ("slip with backslashes", one("..\\..\\escaped.txt")),
        ("slip in the middle", one("a/../../../escaped.txt")),
        ("absolute", one(format!("{outside}/escaped.txt"))),
        ("drive", one("C:\\escaped.txt")),
        ("drive without a slash", one("C:escaped.txt")),
        ("UNC", one("\\\\127.0.0.1\\share\\escaped.txt")),
        ("UNC with slashes", one("//127.0.0.1/share/escaped.txt")),
        ("device path", one("\\\\.\\C:\\escaped.txt")),
        (
            "device names",
            plain(
                &[
                    "NUL",
                    "con.stl",
                    "COM1.txt",
                    "lpt9",
                    "CONIN$",
                    "aux .x",
                    "COM\u{b9}.stl",
                    "PRN...",
                ]
                .map(|name| entry(name, b"x")),
            ),
        ),
        (
            "streams",
            plain(&["a.stl:evil", "a.stl::$DATA", ":x", "d:\\x:y"].map(|name| entry(name, b"x"))),
        ),
        (
            "dots and spaces",
            plain(
                &[
                    "a.stl.",
                    "a.stl ",
                    "a.stl . .",
                    "...",
                    " ",
                    ".",
                    "..",
                    "../",
                    "/",
                ]
                .map(|name| entry(name, b"x")),
            ),
        ),
        (
            "NUL and control characters",
            plain(
                &[&b"a\0.stl"[..], b"b\r\n\x1b[2J.stl", b"\x7f", b"\0"]
                    .map(|name| entry(name, b"x")),
            ),
        ),
        ("no UTF-8", one(b"\xff\xfe\x80.stl")),
        (
            "UTF-8 that is none",
            plain(&[with("a", |one| {
                one.name = b"\xff\xfe.stl".to_vec();
                one.flags = 1 << 11;
            })]),
        ),
        ("text direction", one("exe\u{202e}lts.scr")),
        ("empty name", one("")),
        ("a name of 65,535 bytes", one("n".repeat(65_535))),
        ("a name of 20,000 folders", one("d/".repeat(20_000) + "x")),
        (
            "twice the same name",
            plain(&[
                entry("a.stl", b"1"),
                entry("a.stl", b"2"),
                entry("x/a.stl", b"3"),
            ]),
        ),
        (
            "names that differ by case",
            plain(
                &["a.stl", "A.stl", "A.STL", "\u{e4}.stl", "\u{c4}.STL"]
                    .map(|name| entry(name, b"x")),
            ),
        ),
        (
            "the names of the library's own files",
            plain(&["itero-manifest.json", PART, "Export.zip"].map(|name| entry(name, b"x"))),
        ),
        (
            "a folder outside",
            plain(&[with("../evil/", |one| one.stored.clear())]),
        ),
    ]
}

/// Entries that are no plain files.
fn kinds(outside: &Path) -> Vec<(&'static str, Vec<u8>)> {
    let outside = outside.display().to_string();
    let link = |name: &str, target: &str| {
        with(name, |one| {
            one.stored = target.as_bytes().to_vec();
            one.mode = Some(0o120_777);
        })
    };
    let mut hard_link = 0x000d_u16.to_le_bytes().to_vec();
    let target = b"../../honest.txt";
    hard_link.extend(u16::try_from(12 + target.len()).unwrap().to_le_bytes());
    hard_link.extend([0; 12]);
    hard_link.extend(target);
    vec![
        ("symlink to a file", plain(&[link("a.stl", "/etc/passwd")])),
        (
            "symlink to a folder, and a file through it",
            plain(&[link("way", &outside), entry("way/escaped.txt", b"x")]),
        ),
        (
            "symlink upwards",
            plain(&[link("way", ".."), entry("way/escaped.txt", b"x")]),
        ),
        (
            "the extra field of a hard link",
            plain(&[with("a.stl", |one| one.extra = hard_link)]),
        ),
        (
            "a pipe",
            plain(&[with("pipe", |one| one.mode = Some(0o010_644))]),
        ),
        (
            "a device",
            plain(&[with("device", |one| one.mode = Some(0o020_644))]),
        ),
        (
            "a program that runs as root",
            plain(&[with("run", |one| one.mode = Some(0o104_755))]),
        ),
        (
            "an encrypted file",
            plain(&[with("a.stl", |one| one.flags = 1)]),
        ),
        (
            "an unknown method",
            plain(&[with("a.stl", |one| one.method = 99)]),
        ),
        (
            "an archive in the archive",
            plain(&[entry("inner.zip", &one("../../escaped.txt"))]),
        ),
    ]
}

/// Directories and sizes that lie.
fn lies() -> Vec<(&'static str, Vec<u8>)> {
    let honest = plain(&[entry("a.stl", b"content"), entry("b.stl", b"more")]);
    let end = honest.len() - 22;
    let mut zip64 = honest[..end].to_vec();
    let record = u64::try_from(zip64.len()).unwrap();
    zip64.extend(0x0606_4b50_u32.to_le_bytes());
    zip64.extend(44u64.to_le_bytes());
    zip64.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    for number in [1u64 << 40, 1 << 40, 1 << 50, 1 << 60] {
        zip64.extend(number.to_le_bytes());
    }
    zip64.extend(0x0706_4b50_u32.to_le_bytes());
    zip64.extend(0u32.to_le_bytes());
    zip64.extend(record.to_le_bytes());
    zip64.extend(1u32.to_le_bytes());
    zip64.extend(0x0605_4b50_u32.to_le_bytes());
    zip64.extend([0xff; 16]);
    zip64.extend([0, 0]);
    let overlapping: Vec<Entry> = (0..400)
        .map(|i| {
            with(&format!("{i}.stl"), |one| {
                one.offset = (i > 0).then_some(0);
            })
        })
        .collect();
    let ends = [
        (
            "a directory beyond the end",
            End {
                directory_offset: Some(u32::MAX - 1),
                ..End::default()
            },
        ),
        (
            "a directory that is too long",
            End {
                directory_size: Some(1 << 30),
                ..End::default()
            },
        ),
        (
            "more entries than there are",
            End {
                entries: Some(60_000),
                ..End::default()
            },
        ),
        (
            "fewer entries than there are",
            End {
                entries: Some(1),
                ..End::default()
            },
        ),
    ];
    let mut lies = vec![
        ("truncated in the directory", honest[..end - 20].to_vec()),
        ("truncated in a file", honest[..20].to_vec()),
        ("no directory", honest[..40].to_vec()),
        ("empty", Vec::new()),
        (
            "no zip",
            b"this is no zip at all, whatever its name says".to_vec(),
        ),
        ("zip64 numbers that lie", zip64),
        ("400 entries that overlap", plain(&overlapping)),
        (
            "a wrong checksum",
            plain(&[with("a.stl", |one| one.crc = Some(1))]),
        ),
        (
            "a size that is too small",
            plain(&[with("a.stl", |one| one.size = Some(1))]),
        ),
        (
            "a size of 4 GB",
            plain(&[with("a.stl", |one| one.size = Some(u32::MAX - 1))]),
        ),
        (
            "a packed size of 4 GB",
            plain(&[with("a.stl", |one| one.packed_size = Some(u32::MAX - 1))]),
        ),
        (
            "packed bytes that are none",
            plain(&[with("a.stl", |one| one.method = 8)]),
        ),
    ];
    lies.extend(ends.map(|(what, end)| {
        (
            what,
            archive(&[entry("a.stl", b"x"), entry("b.stl", b"y")], end),
        )
    }));
    lies
}

/// More than anybody needs. The bombs hold a gigabyte of zeros each, packed to a thousandth.
fn floods() -> Vec<(&'static str, Vec<u8>)> {
    let many = |count: u32, name: fn(u32) -> String| {
        let entries: Vec<Entry> = (0..count).map(|i| entry(name(i), b"x")).collect();
        plain(&entries)
    };
    let bomb = packed("bomb.stl", 1 << 30);
    // The directory says that a byte will come out.
    let mut liar = bomb.clone();
    let directory = liar
        .windows(4)
        .rposition(|four| four == b"PK\x01\x02")
        .unwrap();
    liar[directory + 24..directory + 28].copy_from_slice(&1u32.to_le_bytes());
    vec![
        (
            "100,000 files",
            archive(
                &(0..100_000)
                    .map(|i| entry(format!("{i}"), b""))
                    .collect::<Vec<_>>(),
                End {
                    entries: Some(u16::MAX - 1),
                    ..End::default()
                },
            ),
        ),
        ("60,000 files", many(60_000, |i| i.to_string())),
        (
            "1,000 files of one name",
            many(1_000, |i| format!("{i}/a.stl")),
        ),
        ("a bomb", bomb),
        ("a bomb that lies", liar),
    ]
}

/// All that is below a folder, links not followed.
fn below(folder: &Path, found: &mut BTreeSet<PathBuf>) {
    for child in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_folder = child.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder {
            below(&child.path(), found);
        }
        found.insert(child.path());
    }
}

/// The largest number of bytes that a folder held at any moment.
struct Watched {
    stop: Arc<AtomicBool>,
    most: Arc<AtomicU64>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Watched {
    fn new(folder: &Path) -> Watched {
        let (stop, most) = (
            Arc::new(AtomicBool::new(false)),
            Arc::new(AtomicU64::new(0)),
        );
        let (stopped, seen, folder) = (stop.clone(), most.clone(), folder.to_owned());
        let thread = std::thread::spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                let mut files = BTreeSet::new();
                below(&folder, &mut files);
                let sizes = files.iter().filter_map(|path| path.symlink_metadata().ok());
                let size = sizes
                    .filter(std::fs::Metadata::is_file)
                    .map(|facts| facts.len())
                    .sum();
                seen.fetch_max(size, Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(1));
            }
        });
        Watched {
            stop,
            most,
            thread: Some(thread),
        }
    }

    fn end(mut self) -> u64 {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.take().unwrap().join().unwrap();
        self.most.load(Ordering::Relaxed)
    }
}

const DEVICES: [&str; 8] = [
    "con", "prn", "aux", "nul", "conin$", "conout$", "com", "lpt",
];

/// What Windows would take for something else than a file of this folder.
fn is_strange(name: &str) -> bool {
    let stem = name
        .split('.')
        .next()
        .unwrap_or_default()
        .trim_end()
        .to_lowercase();
    let plain = stem.trim_end_matches([
        '1', '2', '3', '4', '5', '6', '7', '8', '9', '\u{b9}', '\u{b2}', '\u{b3}',
    ]);
    let is_device =
        DEVICES.contains(&plain) && (stem.len() > plain.len()) == ["com", "lpt"].contains(&plain);
    is_device
        || name.is_empty()
        || name.len() > 255
        || name.ends_with(['.', ' '])
        || name
            .chars()
            .any(|c| c.is_control() || "<>:\"/\\|?*\u{202e}".contains(c))
}

fn check_inside(what: &str, folder: &Path) -> usize {
    let mut all = BTreeSet::new();
    below(folder, &mut all);
    let mut lower = BTreeSet::new();
    for path in &all {
        let facts = path.symlink_metadata().unwrap();
        assert!(
            facts.is_file(),
            "{what}: {} is no plain file",
            path.display()
        );
        let name = path.file_name().unwrap().to_str().expect("names are UTF-8");
        assert!(!is_strange(name), "{what}: the name {name:?}");
        assert!(
            lower.insert(name.to_lowercase()),
            "{what}: two files for one name, {name:?}"
        );
        let is_part = name.starts_with(".itero-") && name != PART;
        assert!(!is_part, "{what}: {name} was left behind");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(
                facts.permissions().mode() & 0o7133,
                0,
                "{what}: {name} can be run"
            );
        }
    }
    all.len()
}

/// One of every kind of archive, through the whole way: the service's answer, the download, the unpacking.
#[test]
fn s4_no_archive_leaves_its_folder() {
    let outer = tempfile::tempdir().unwrap();
    let outside = outer.path().join("outside");
    std::fs::create_dir(&outside).unwrap();
    let corpus: Vec<_> = names(&outside)
        .into_iter()
        .chain(kinds(&outside))
        .chain(lies())
        .chain(floods())
        .collect();
    assert!(corpus.len() >= 20);
    let sandbox = start(Options {
        files: FileSource::Given(small_files()),
        ..Options::default()
    });
    let client = Client::paired(&sandbox, V2, HARBOR);
    let (mut refused, mut unpacked, mut worst, mut slowest) = (0, 0, 0, (Duration::ZERO, ""));
    for (at, (what, zip)) in corpus.iter().enumerate() {
        sandbox.set_files(FileSource::Given(vec![file(
            "Export.zip",
            "IDE",
            zip.clone(),
        )]));
        let rx_id = client.rx("Maria", "Gonzalez Ferreira", "10023");
        let order = sandbox.scan(&rx_id).unwrap().to_string();
        // Two folders deep, so that two steps upwards would still be seen.
        let target = outer.path().join(format!("target-{at}")).join("order");
        std::fs::create_dir_all(&target).unwrap();
        let mut before = BTreeSet::new();
        below(outer.path(), &mut before);
        let watched = Watched::new(&target);
        let began = Instant::now();
        let download = client.download(&order, &target, 0).unwrap();
        let result = outcome(itero_download_wait(download.at, LIMIT_MS));
        slowest = slowest.max((began.elapsed(), *what));
        let most = watched.end();
        match result {
            Ok(()) => unpacked += 1,
            Err(failure) => {
                refused += 1;
                assert_eq!(failure.status, ITERO_E_PROTOCOL, "{what}: {failure:?}");
                assert!(
                    !target.join("Export").exists(),
                    "{what}: half an archive is there"
                );
            }
        }
        let own = zip.len() as u64;
        let cap = FLOOR + RATIO * own;
        // Else nobody looked while the bomb grew.
        assert!(
            *what != "a bomb" || most > cap / 2,
            "{what}: only {most} bytes were seen"
        );
        worst = worst.max(most.saturating_sub(own + cap));
        assert!(
            most <= own + cap + MEGABYTE,
            "{what}: {most} bytes on the disk, the cap is {cap}"
        );
        let mut after = BTreeSet::new();
        below(outer.path(), &mut after);
        let strangers: Vec<_> = after
            .difference(&before)
            .filter(|path| !path.starts_with(&target))
            .collect();
        assert!(strangers.is_empty(), "{what}: {strangers:?}");
        assert_eq!(
            std::fs::read(target.join("Export.zip")).unwrap(),
            *zip,
            "{what}: the archive is kept"
        );
        check_inside(what, &target.join("Export"));
    }
    println!(
        "S4: {} archives, {unpacked} unpacked under safe names, {refused} refused, 0 escapes; at most {worst} bytes past the cap; the slowest ({}) took {} ms",
        corpus.len(),
        slowest.1,
        slowest.0.as_millis()
    );
}
