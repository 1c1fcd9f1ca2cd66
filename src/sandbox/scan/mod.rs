//! Generated scans: arches with teeth, their meshes, pictures and the export around them.

pub struct Person {
    pub first_name: String,
    pub last_name: String,
    pub chart_number: String,
    pub birth_date: Option<String>,
}

pub struct Doctor {
    pub first_name: String,
    pub last_name: String,
    pub license_number: String,
}

pub struct Tooth {
    pub number: String,
    pub restoration: String,
    pub material: String,
    pub shade: String,
}

pub struct ScanInfo {
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
    pub scan_date: String,
    pub notes: Option<String>,
    pub teeth: Vec<Tooth>,
}

pub struct ScanOptions {
    pub seed: u64,
    pub triangles_per_arch: u32,
    pub version: u32,
}

#[derive(Clone)]
pub struct ScanFile {
    pub name: String,
    pub kind: &'static str,
    pub content_type: &'static str,
    pub bytes: Vec<u8>,
}

pub fn generate(info: &ScanInfo, options: &ScanOptions) -> Vec<ScanFile> {
    let id = info.scan_id;
    vec![ScanFile {
        name: format!("gallery_#{id}.jpg"),
        kind: "IMAGE_GALLERY",
        content_type: "image/jpeg",
        bytes: format!("picture {id} version {}", options.version).into_bytes(),
    }]
}
