//! Writes zip files byte by byte, so that they can lie in every member (APPNOTE 6.3.10, sections 4.3 and 4.4).

/// One file of an archive; what is `None` is what an honest writer would put there.
#[derive(Clone, Default)]
pub struct Entry {
    pub name: Vec<u8>,
    /// The bytes as they stand in the archive.
    pub stored: Vec<u8>,
    pub method: u16,
    pub flags: u16,
    pub extra: Vec<u8>,
    /// Unix mode.
    pub mode: Option<u32>,
    pub crc: Option<u32>,
    pub packed_size: Option<u32>,
    pub size: Option<u32>,
    /// Where the directory says that the entry begins.
    pub offset: Option<u32>,
}

pub fn entry(name: impl AsRef<[u8]>, content: &[u8]) -> Entry {
    Entry {
        name: name.as_ref().to_vec(),
        stored: content.to_vec(),
        ..Entry::default()
    }
}

pub fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & 0u32.wrapping_sub(crc & 1))
        })
    })
}

/// The archive's end record, which may lie too.
#[derive(Clone, Copy, Default)]
pub struct End {
    pub entries: Option<u16>,
    pub directory_size: Option<u32>,
    pub directory_offset: Option<u32>,
}

struct Facts {
    crc: u32,
    packed: u32,
    size: u32,
}

fn facts(entry: &Entry) -> Facts {
    let packed = u32::try_from(entry.stored.len()).unwrap();
    Facts {
        crc: entry.crc.unwrap_or_else(|| crc32(&entry.stored)),
        packed: entry.packed_size.unwrap_or(packed),
        size: entry.size.unwrap_or(packed),
    }
}

fn put(bytes: &mut Vec<u8>, numbers: &[(u32, usize)]) {
    for (number, width) in numbers {
        bytes.extend_from_slice(&number.to_le_bytes()[..*width]);
    }
}

fn local(bytes: &mut Vec<u8>, entry: &Entry) {
    let facts = facts(entry);
    put(
        bytes,
        &[
            (0x0403_4b50, 4),
            (20, 2),
            (entry.flags.into(), 2),
            (entry.method.into(), 2),
            (0, 4),
            (facts.crc, 4),
            (facts.packed, 4),
            (facts.size, 4),
            (u32::try_from(entry.name.len()).unwrap(), 2),
            (u32::try_from(entry.extra.len()).unwrap(), 2),
        ],
    );
    bytes.extend_from_slice(&entry.name);
    bytes.extend_from_slice(&entry.extra);
    bytes.extend_from_slice(&entry.stored);
}

fn central(bytes: &mut Vec<u8>, entry: &Entry, offset: u32) {
    let facts = facts(entry);
    put(
        bytes,
        &[
            (0x0201_4b50, 4),
            // Made by Unix, so that the mode counts.
            (0x0314, 2),
            (20, 2),
            (entry.flags.into(), 2),
            (entry.method.into(), 2),
            (0, 4),
            (facts.crc, 4),
            (facts.packed, 4),
            (facts.size, 4),
            (u32::try_from(entry.name.len()).unwrap(), 2),
            (u32::try_from(entry.extra.len()).unwrap(), 2),
            (0, 2),
            (0, 2),
            (0, 2),
            (entry.mode.unwrap_or(0o100_644) << 16, 4),
            (entry.offset.unwrap_or(offset), 4),
        ],
    );
    bytes.extend_from_slice(&entry.name);
    bytes.extend_from_slice(&entry.extra);
}

pub fn archive(entries: &[Entry], end: End) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut directory = Vec::new();
    for entry in entries {
        let offset = u32::try_from(bytes.len()).unwrap();
        // An entry that says where it begins has no bytes of its own.
        if entry.offset.is_none() {
            local(&mut bytes, entry);
        }
        central(&mut directory, entry, offset);
    }
    let offset = u32::try_from(bytes.len()).unwrap();
    let size = u32::try_from(directory.len()).unwrap();
    bytes.extend(directory);
    let count = end
        .entries
        .unwrap_or(u16::try_from(entries.len()).unwrap_or(u16::MAX));
    put(
        &mut bytes,
        &[
            (0x0605_4b50, 4),
            (0, 4),
            (count.into(), 2),
            (count.into(), 2),
            (end.directory_size.unwrap_or(size), 4),
            (end.directory_offset.unwrap_or(offset), 4),
            (0, 2),
        ],
    );
    bytes
}

/// An honest, packed file.
pub fn packed(name: &str, size: u64) -> Vec<u8> {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .large_file(true);
    zip.start_file(name, options).unwrap();
    let zeros = vec![0; 1 << 20];
    for at in (0..size).step_by(1 << 20) {
        let count = usize::try_from((size - at).min(1 << 20)).unwrap();
        zip.write_all(&zeros[..count]).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
