//! Generated scans: what a scanner would have uploaded for an order, made from a seed.
//!
//! Tests and demonstrations need files of real size and form that belong to nobody. So the sandbox grows two jaws
//! with their teeth, meshes and colors them as a scanner does, photographs them, and packs the export around them.
//! The same order, options and seed give the same bytes on every computer.

mod arch;
mod dentition;
mod export;
mod format;
mod jaw;
mod lettering;
mod math;
mod mesh;
mod picture;
mod render;
mod tooth;

#[cfg(test)]
mod tests;

use dentition::Side;
use jaw::Jaw;
use std::io;
use std::path::Path;

/// What the files say about the order.
#[derive(Clone, Debug, Default)]
pub struct ScanInfo {
    /// The numeric order id; it is part of every file's name.
    pub scan_id: u64,
    pub order_code: String,
    pub rx_id: String,
    pub case_type: String,
    pub patient: Person,
    pub doctor: Doctor,
    pub practice_name: String,
    pub procedure: String,
    pub lab: Option<String>,
    pub due_date: Option<String>,
    /// RFC 3339; the archive's entries carry it, too.
    pub scan_date: String,
    pub notes: Option<String>,
    pub teeth: Vec<Tooth>,
}

#[derive(Clone, Debug, Default)]
pub struct Person {
    pub first_name: String,
    pub last_name: String,
    pub chart_number: String,
    pub birth_date: Option<String>,
}

#[derive(Clone, Debug, Default)]
pub struct Doctor {
    pub first_name: String,
    pub last_name: String,
    pub license_number: String,
}

/// What the doctor ordered for one tooth.
#[derive(Clone, Debug, Default)]
pub struct Tooth {
    pub number: String,
    pub restoration: String,
    pub material: String,
    pub shade: String,
}

#[derive(Clone, Debug)]
pub struct ScanOptions {
    /// Whose teeth: one seed is one person.
    pub seed: u64,
    /// About how many triangles each jaw has, a few percent more than less; 100,000 to 1,000,000.
    pub triangles_per_arch: u32,
    /// 1 for the first scan. In a rescan one tooth of each jaw is a little different, so that all mesh files are.
    pub version: u32,
}

impl Default for ScanOptions {
    fn default() -> ScanOptions {
        ScanOptions {
            seed: 1,
            triangles_per_arch: 160_000,
            version: 1,
        }
    }
}

/// One of the order's files.
#[derive(Clone, Debug)]
pub struct ScanFile {
    pub name: String,
    /// As the orders' file lists name it: IDE, IMAGE_GALLERY, SCREEN_CAPTURE, STL or PLY.
    pub kind: &'static str,
    pub content_type: &'static str,
    pub bytes: Vec<u8>,
}

impl ScanFile {
    /// A file of the disk, of the kind that its name says.
    pub fn read(path: &Path) -> io::Result<ScanFile> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
        let (kind, content_type) = match extension.to_str() {
            Some("zip") => ("IDE", "application/zip"),
            Some("stl") => ("STL", "model/stl"),
            Some("ply") => ("PLY", "application/octet-stream"),
            Some("jpg") => ("IMAGE_GALLERY", "image/jpeg"),
            _ => ("VIEWER", "application/octet-stream"),
        };
        Ok(file(
            name.into_owned(),
            kind,
            content_type,
            std::fs::read(path)?,
        ))
    }
}

impl Person {
    fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
            .trim()
            .to_owned()
    }
}

impl Doctor {
    fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
            .trim()
            .to_owned()
    }
}

/// All files of an order: the archive first, then what can be fetched singly.
pub fn generate(info: &ScanInfo, options: &ScanOptions) -> Vec<ScanFile> {
    let triangles = options.triangles_per_arch.clamp(100_000, 1_000_000);
    let jaw = |side| {
        mesh::mesh(
            &Jaw::new(side, options.seed, options.version.max(1)),
            triangles,
        )
    };
    let (upper, lower) = (jaw(Side::Upper), jaw(Side::Lower));
    let id = info.scan_id;

    let mut files = Vec::new();
    for (letter, mesh) in [('u', &upper), ('l', &lower)] {
        let name = |form: &str| format!("{id}_shell_occlusion_{letter}.{form}");
        files.push(file(name("stl"), "STL", "model/stl", format::stl(mesh)));
        files.push(file(
            name("ply"),
            "PLY",
            "application/octet-stream",
            format::ply(mesh),
        ));
    }
    files.extend(picture::pictures(id, &upper, &lower));

    let documents = [
        (format!("Rx_{id}.html"), export::html(info)),
        (format!("itero_export_#{id}_v30.xml"), export::xml(info)),
    ];
    let entries = files
        .iter()
        .filter(|file| file.kind != "SCREEN_CAPTURE")
        .map(|file| (file.name.as_str(), file.bytes.as_slice()))
        .chain(
            documents
                .iter()
                .map(|(name, bytes)| (name.as_str(), bytes.as_slice())),
        );
    let archive = export::archive(info, entries);
    let name = format!("OrthoCAD_Export_{id}.zip");
    files.insert(0, file(name, "IDE", "application/zip", archive));
    files
}

fn file(name: String, kind: &'static str, content_type: &'static str, bytes: Vec<u8>) -> ScanFile {
    ScanFile {
        name,
        kind,
        content_type,
        bytes,
    }
}
