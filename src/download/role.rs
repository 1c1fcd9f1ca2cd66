//! What a file of a scan is: told by the export's XML, else by its name.
//!
//! Names and the XML's members are those of real exports: `{id}_shell_occlusion_u.stl`, `gallery_#{id}.jpg`,
//! `Rx_{id}.html`, and an `iTeroExport` with `ExportedObjects/Object` holding ObjectType, JawId and FileName.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, Event};

/// The numbers are the C interface's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(i32)]
pub enum Role {
    #[default]
    Other = 0,
    UpperArch = 1,
    LowerArch = 2,
    BothArches = 3,
    Rx = 4,
    Picture = 5,
    Archive = 6,
    Data = 7,
}

impl Role {
    pub fn name(self) -> &'static str {
        match self {
            Role::Other => "other",
            Role::UpperArch => "upper arch",
            Role::LowerArch => "lower arch",
            Role::BothArches => "both arches",
            Role::Rx => "Rx",
            Role::Picture => "picture",
            Role::Archive => "archive",
            Role::Data => "data",
        }
    }

    pub fn by_name(name: &str) -> Role {
        let name = name.to_ascii_lowercase();
        let (stem, extension) = name.rsplit_once('.').unwrap_or((&name, ""));
        match extension {
            "stl" | "ply" => match stem.rsplit('_').next() {
                Some("u" | "upper") => Role::UpperArch,
                Some("l" | "lower") => Role::LowerArch,
                Some("ul" | "lu") => Role::BothArches,
                _ => Role::Other,
            },
            "jpg" | "jpeg" | "png" | "bmp" => Role::Picture,
            "html" | "htm" | "pdf" if stem.starts_with("rx") => Role::Rx,
            "zip" => Role::Archive,
            "xml" => Role::Data,
            _ => Role::Other,
        }
    }

    fn by_export(object_type: &str, jaw: &str) -> Role {
        if object_type.eq_ignore_ascii_case("picture") {
            return Role::Picture;
        }
        match jaw.to_ascii_lowercase().as_str() {
            "upper" => Role::UpperArch,
            "lower" => Role::LowerArch,
            "both" => Role::BothArches,
            _ => Role::Other,
        }
    }
}

/// The largest XML that is read.
const LARGEST: u64 = 4 << 20;

/// File names with their roles, as an export's XML tells them; empty when the file is no such XML.
pub fn roles_of_export(path: &Path) -> Vec<(String, Role)> {
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(LARGEST).read_to_string(&mut text));
    if read.is_err() {
        return Vec::new();
    }
    parse(&text)
}

fn parse(text: &str) -> Vec<(String, Role)> {
    let mut reader = Reader::from_str(text);
    let mut told = Vec::new();
    let mut path: Vec<String> = Vec::new();
    let (mut kind, mut jaw, mut file) = (String::new(), String::new(), String::new());
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                let name = tag.local_name().as_ref().to_ascii_lowercase();
                if path.is_empty() && name != "iteroexport" {
                    return Vec::new();
                }
                if name == "object" {
                    (kind, jaw, file) = (String::new(), String::new(), String::new());
                }
                path.push(name);
            }
            Ok(Event::Text(piece)) => {
                if let Some(member) = member(&path, &mut kind, &mut jaw, &mut file) {
                    member.push_str(piece.xml10_content().trim());
                }
            }
            // `&amp;` and the like come apart from the text around them.
            Ok(Event::GeneralRef(reference)) => {
                if let Some(member) = member(&path, &mut kind, &mut jaw, &mut file) {
                    member.push_str(&resolved(&reference));
                }
            }
            Ok(Event::End(_)) => {
                if path.pop().as_deref() == Some("object") && !file.is_empty() {
                    let role = Role::by_export(&kind, &jaw);
                    if role != Role::Other {
                        told.push((std::mem::take(&mut file), role));
                    }
                }
            }
            Ok(Event::Eof) | Err(_) => return told,
            Ok(_) => {}
        }
    }
}

/// The member that the text at this place belongs to.
fn member<'a>(
    path: &[String],
    kind: &'a mut String,
    jaw: &'a mut String,
    file: &'a mut String,
) -> Option<&'a mut String> {
    match path.last()?.as_str() {
        "objecttype" => Some(kind),
        "jawid" => Some(jaw),
        "filename" => Some(file),
        _ => None,
    }
}

fn resolved(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return character.to_string();
    }
    resolve_xml_entity(&reference.xml10_content())
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_real_exports_tell_the_role() {
        for (name, role) in [
            ("118204331_shell_occlusion_u.stl", Role::UpperArch),
            ("118204331_shell_teethup_L.PLY", Role::LowerArch),
            ("118204331_shell_lockedocclusion_ul.stl", Role::BothArches),
            ("gallery_#118204331_penta_front_m.jpg", Role::Picture),
            ("Rx_118204331.html", Role::Rx),
            ("OrthoCAD_Export_118204331.zip", Role::Archive),
            ("itero_export_#118204331_v30.xml", Role::Data),
            ("model.stl", Role::Other),
            ("notes", Role::Other),
        ] {
            assert_eq!(Role::by_name(name), role, "{name}");
        }
    }

    #[test]
    fn the_exports_xml_tells_the_role_of_any_name() {
        let text = "<?xml version=\"1.0\"?><iTeroExport Version=\"3.0\"><ExportedObjects>\
            <Object><ObjectType>Shell</ObjectType><JawId>Upper</JawId><FileName>a.stl</FileName></Object>\
            <Object><ObjectType>Picture</ObjectType><JawId>Both</JawId><FileName>b &amp; c.jpg</FileName></Object>\
            <Object><ObjectType>Shell</ObjectType><JawId>?</JawId><FileName>c.stl</FileName></Object>\
            </ExportedObjects></iTeroExport>";
        let expected = [
            ("a.stl".to_owned(), Role::UpperArch),
            ("b&c.jpg".to_owned(), Role::Picture),
        ];
        assert_eq!(parse(text), expected);
        for other in [
            "",
            "<html><Object><FileName>a</FileName></Object></html>",
            "<iTeroExport><Object>",
            "not xml",
        ] {
            assert_eq!(parse(other), []);
        }
    }
}
