//! Proves that the generated files are what they claim to be.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::Event;
use sha2::{Digest, Sha256};

use super::*;

fn info() -> ScanInfo {
    ScanInfo {
        scan_id: 42_017_311,
        order_code: "ABC & <1>".into(),
        rx_id: "7b0c".into(),
        case_type: "Restorative".into(),
        patient: Person {
            first_name: "Zoë <b>\u{1}\"O'Neil\"".into(),
            last_name: "שרה & 山田 ]]> </Patient>".into(),
            chart_number: "#12/3 & 4".into(),
            birth_date: Some("1980-02-29".into()),
        },
        doctor: Doctor {
            first_name: "Ana".into(),
            last_name: "Muñoz".into(),
            license_number: "D-1".into(),
        },
        scan_date: "2026-03-01T09:30:00Z".into(),
        notes: Some("<script>alert(1)</script>".into()),
        teeth: vec![Tooth {
            number: "11".into(),
            restoration: "Crown".into(),
            material: "Zirconia".into(),
            shade: "A2".into(),
        }],
        ..ScanInfo::default()
    }
}

fn small(version: u32) -> ScanOptions {
    ScanOptions {
        triangles_per_arch: 1,
        version,
        ..ScanOptions::default()
    }
}

fn named<'a>(files: &'a [ScanFile], end: &str) -> &'a [u8] {
    &files
        .iter()
        .find(|file| file.name.ends_with(end))
        .unwrap()
        .bytes
}

#[test]
fn the_files_are_sound() {
    let files = generate(&info(), &small(1));
    let kinds: Vec<&str> = files.iter().map(|file| file.kind).collect();
    let count = |kind: &str| kinds.iter().filter(|found| **found == kind).count();
    assert_eq!(files.len(), 12);
    assert_eq!(
        ["IDE", "STL", "PLY", "IMAGE_GALLERY", "SCREEN_CAPTURE"].map(count),
        [1, 2, 2, 6, 1]
    );
    let (mut low, mut high) = ([f32::MAX; 3], [f32::MIN; 3]);
    for letter in ["u", "l"] {
        let triangles = check_stl(
            named(&files, &format!("_{letter}.stl")),
            &mut low,
            &mut high,
        );
        check_ply(named(&files, &format!("_{letter}.ply")), triangles);
    }
    check_bite(named(&files, "_u.stl"), -1.0);
    check_bite(named(&files, "_l.stl"), 1.0);
    let size = [0, 1, 2].map(|axis| high[axis] - low[axis]);
    assert!((58.0..70.0).contains(&size[0]), "{size:?}");
    assert!((48.0..66.0).contains(&size[1]), "{size:?}");
    assert!((30.0..42.0).contains(&size[2]), "{size:?}");
    for file in files.iter().filter(|file| file.name.ends_with("g")) {
        let picture = image::load_from_memory(&file.bytes).unwrap();
        assert_eq!((picture.width(), picture.height()), (1024, 768));
    }
    check_archive(&files);
}

fn check_stl(bytes: &[u8], low: &mut [f32; 3], high: &mut [f32; 3]) -> usize {
    let mesh: Vec<stl_io::Triangle> = stl_io::create_stl_reader(&mut Cursor::new(bytes))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert!(mesh.len() >= 100_000);
    assert_eq!(bytes.len(), 84 + 50 * mesh.len());
    for triangle in &mesh {
        let normal = triangle.normal;
        let length = normal[0] * normal[0] + normal[1] * normal[1] + normal[2] * normal[2];
        assert!((length - 1.0).abs() < 1e-3, "{triangle:?}");
        for vertex in &triangle.vertices {
            for axis in 0..3 {
                assert!(vertex[axis].is_finite());
                low[axis] = low[axis].min(vertex[axis]);
                high[axis] = high[axis].max(vertex[axis]);
            }
        }
    }
    mesh.len()
}

/// The cusps that reach furthest toward the other jaw look at it: the triangles are not inside out.
fn check_bite(bytes: &[u8], up: f32) {
    let mut cursor = Cursor::new(bytes);
    let reader = stl_io::create_stl_reader(&mut cursor).unwrap();
    let triangles = reader.map(|triangle| triangle.unwrap());
    let height = |triangle: &stl_io::Triangle| triangle.vertices[0][2] * up;
    let tip = triangles
        .max_by(|a, b| height(a).total_cmp(&height(b)))
        .unwrap();
    assert!((0.5..4.0).contains(&height(&tip)), "{tip:?}");
    assert!(tip.normal[2] * up > 0.5, "{tip:?}");
}

fn check_ply(bytes: &[u8], triangles: usize) {
    let end = b"end_header\n";
    let body = bytes
        .windows(end.len())
        .position(|window| window == end)
        .unwrap()
        + end.len();
    let header = std::str::from_utf8(&bytes[..body]).unwrap();
    let count = |element: &str| -> usize {
        let line = header.lines().find_map(|line| line.strip_prefix(element));
        line.unwrap().trim().parse().unwrap()
    };
    let (vertices, faces) = (count("element vertex"), count("element face"));
    assert_eq!(faces, triangles);
    assert_eq!(bytes.len() - body, 15 * vertices + 13 * faces);
    for face in bytes[body + 15 * vertices..].chunks(13) {
        assert_eq!(face[0], 3);
        for index in face[1..].chunks(4) {
            let index = u32::from_le_bytes(index.try_into().unwrap());
            assert!((index as usize) < vertices);
        }
    }
}

fn check_archive(files: &[ScanFile]) {
    let bytes = named(files, "OrthoCAD_Export_42017311.zip");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: BTreeSet<String> = archive
        .file_names()
        .map(|name| name.unwrap().into_owned())
        .collect();
    assert_eq!(names.len(), 12);
    let mut xml = String::new();
    archive
        .by_name("itero_export_#42017311_v30.xml")
        .unwrap()
        .read_to_string(&mut xml)
        .unwrap();
    for name in listed(&xml) {
        assert!(names.contains(&name), "{name}");
    }
    let mut entry = archive.by_name("42017311_shell_occlusion_u.stl").unwrap();
    let mut stl = Vec::new();
    entry.read_to_end(&mut stl).unwrap();
    assert!(stl == named(files, "_u.stl"));
    assert_eq!(
        entry.last_modified().unwrap().to_string(),
        "2026-03-01 09:30:00"
    );
}

/// The file names in the XML.
fn listed(xml: &str) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    let (mut names, mut inside) = (Vec::new(), false);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) => inside = tag.name().as_ref() == "FileName",
            Event::Text(text) if inside => names.push(text.to_string()),
            Event::End(_) => inside = false,
            Event::Eof => return names,
            _ => {}
        }
    }
}

#[test]
fn a_rescan_differs_and_a_repetition_does_not() {
    let first = generate(&info(), &small(1));
    let again = generate(&info(), &small(1));
    let rescan = generate(&info(), &small(2));
    for ((first, again), rescan) in first.iter().zip(&again).zip(&rescan) {
        assert!(first.bytes == again.bytes, "{}", first.name);
        assert_eq!(first.name, rescan.name);
        if ["IDE", "STL", "PLY"].contains(&first.kind) {
            assert!(first.bytes != rescan.bytes, "{}", first.name);
        }
    }
}

/// The digest was taken once; it holds on every platform, as the generator's arithmetic is exact there.
#[test]
fn meshes_are_the_same_everywhere() {
    let upper = mesh::mesh(&Jaw::new(Side::Upper, 1, 1), 100_000);
    let digest = Sha256::digest(format::ply(&upper));
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(
        digest,
        "fb83af3dcca90e595e052bf0e503acce41d8bf82ac79a88242e18ca62a796c0b"
    );
}

#[test]
fn hostile_names_stay_text() {
    let info = info();
    let xml = String::from_utf8(export::xml(&info)).unwrap();
    let mut reader = Reader::from_str(&xml);
    let mut elements = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) => {
                elements.push(tag.name().as_ref().to_owned());
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(elements[..2], ["iTeroExport", "RxInfo"]);
    assert_eq!(elements.iter().filter(|name| *name == "Patient").count(), 1);
    assert!(!elements.iter().any(|name| name == "b"));
    assert!(xml.contains("שרה &amp; 山田 ]]&gt; &lt;/Patient&gt;"));
    assert!(!xml.contains('\u{1}'));

    let html = String::from_utf8(export::html(&info)).unwrap();
    assert!(html.contains("&lt;script&gt;") && !html.contains("<script>"));
    assert!(html.contains("Zoë &lt;b&gt;"));
}
