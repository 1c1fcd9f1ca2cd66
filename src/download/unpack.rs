//! Unpacks an export's zip, with limits: an archive from the network may be hostile.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::fetch::already_there;
use super::names::{safe, unique};
use super::place::{part_in, place};
use super::{Placed, hex};
use crate::error::{Error, Result};

const MOST_ENTRIES: usize = 5_000;
const MOST_BYTES: u64 = 4 << 30;
/// What any archive may grow to, and how many times its own size a large one: meshes and pictures shrink to a third at
/// best, while a bomb's zeros shrink to a thousandth.
const FLOOR: u64 = 64 << 20;
const RATIO: u64 = 100;

/// Unpacks all files of `archive` into `folder`, flat: an export holds no folders that mean anything, and a name
/// without folders can't lead out of this one.
pub fn unpack(archive: &Path, folder: &Path) -> Result<Vec<Placed>> {
    let file = File::open(archive).map_err(|fault| Error::io("opening the archive", &fault))?;
    let packed = file
        .metadata()
        .map_err(|fault| Error::io("reading the archive's size", &fault))?
        .len();
    let mut zip = zip::ZipArchive::new(std::io::BufReader::new(file))
        .map_err(|_| broken("it is no zip file"))?;
    if zip.len() > MOST_ENTRIES {
        return Err(broken("it holds too many files"));
    }
    std::fs::create_dir_all(folder)
        .map_err(|fault| Error::io("making the archive's folder", &fault))?;
    let mut taken = HashMap::new();
    let mut placed: Vec<Placed> = Vec::new();
    let mut new = Vec::new();
    let mut left = MOST_BYTES.min(packed.saturating_mul(RATIO).saturating_add(FLOOR));
    for i in 0..zip.len() {
        let result = zip
            .by_index(i)
            .map_err(|_| broken("one of its files can't be read"))
            .and_then(|entry| {
                if entry.is_dir() {
                    return Ok(None);
                }
                if entry.is_symlink() || entry.encrypted() {
                    return Err(broken("it holds a link or an encrypted file"));
                }
                let name = entry
                    .name()
                    .map_err(|_| broken("one of its files has a name that can't be read"))?;
                let name = unique(safe(&name, &format!("file-{i}")), &mut taken);
                let target = folder.join(name);
                let is_new = !target.exists();
                let one = write(entry, &target, &mut left)?;
                if is_new {
                    new.push(target);
                }
                Ok(Some(one))
            });
        match result {
            Ok(one) => placed.extend(one),
            Err(error) => {
                // Half an archive is worse than none, but what an earlier download brought stays.
                for path in new {
                    let _ = std::fs::remove_file(path);
                }
                let _ = std::fs::remove_dir(folder);
                return Err(error);
            }
        }
    }
    Ok(placed)
}

fn write(mut entry: impl Read, target: &Path, left: &mut u64) -> Result<Placed> {
    let folder = target.parent().unwrap_or(Path::new("."));
    let mut part = part_in(folder)
        .map_err(|fault| Error::io("making a file in the archive's folder", &fault))?;
    let mut digest = Sha256::new();
    let mut size = 0u64;
    let mut buffer = vec![0; 1 << 16];
    loop {
        // The length in the archive's own table may lie, so what really comes out is counted.
        let count = entry
            .read(&mut buffer)
            .map_err(|_| broken("one of its files is damaged"))?;
        if count == 0 {
            break;
        }
        *left = left
            .checked_sub(count as u64)
            .ok_or_else(|| broken("it grows beyond all that an export holds"))?;
        digest.update(&buffer[..count]);
        part.write_all(&buffer[..count])
            .map_err(|fault| Error::io("writing an unpacked file", &fault))?;
        size += count as u64;
    }
    let sha256 = hex(&digest.finalize());
    if let Some(there) = already_there(target, size, &sha256) {
        return Ok(there);
    }
    place(part, target)?;
    Ok(Placed {
        path: target.to_owned(),
        size,
        sha256,
        was_there: false,
    })
}

fn broken(why: &str) -> Error {
    Error::protocol(format!(
        "the order's archive can't be unpacked: {why}; the archive itself is kept"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use zip::write::SimpleFileOptions;

    fn archive(folder: &Path, names: &[&str], is_bad: bool) -> std::path::PathBuf {
        let path = folder.join("export.zip");
        let mut zip = zip::ZipWriter::new(File::create(&path).unwrap());
        for name in names {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(name.as_bytes()).unwrap();
        }
        if is_bad {
            zip.add_symlink("link", "/", SimpleFileOptions::default())
                .unwrap();
        }
        zip.finish().unwrap();
        path
    }

    #[test]
    fn a_bad_archive_takes_nothing_away_that_was_there() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("export");
        unpack(&archive(place.path(), &["a.stl"], false), &folder).unwrap();
        assert!(unpack(&archive(place.path(), &["a.stl", "b.stl"], true), &folder).is_err());
        let left: Vec<_> = std::fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(left, ["a.stl"]);
        assert_eq!(std::fs::read(folder.join("a.stl")).unwrap(), b"a.stl");

        let other = place.path().join("other");
        assert!(unpack(&archive(place.path(), &["b.stl"], true), &other).is_err());
        assert!(!other.exists());
    }
}
