//! The documents of an export, the XML and the Rx sheet, and the archive that holds everything.

use std::io::{Cursor, Write};

use quick_xml::Writer;
use quick_xml::escape::escape;
use quick_xml::events::{BytesDecl, BytesText, Event};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipWriter};

use super::ScanInfo;

/// One line of `ExportedObjects`.
struct Object {
    kind: &'static str,
    sub_type: &'static str,
    jaw: &'static str,
    file: String,
}

pub fn xml(info: &ScanInfo) -> Vec<u8> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    let written = (|| {
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
        let root = writer.create_element("iTeroExport");
        let root = root.with_attribute(("Version", "3.0"));
        root.write_inner_content(|writer| {
            let rx = writer.create_element("RxInfo");
            rx.write_inner_content(|writer| texts(writer, &rx_texts(info)))?;
            let objects = writer.create_element("ExportedObjects");
            objects.write_inner_content(|writer| {
                for object in objects_of(info.scan_id) {
                    let element = writer.create_element("Object");
                    element.write_inner_content(|writer| {
                        let members = [
                            ("ObjectType", object.kind.to_owned()),
                            ("SubType", object.sub_type.to_owned()),
                            ("JawId", object.jaw.to_owned()),
                            ("FileName", object.file),
                        ];
                        texts(writer, &members)
                    })?;
                }
                Ok(())
            })?;
            Ok(())
        })?;
        std::io::Result::Ok(())
    })();
    written.expect("memory takes every write");
    writer.into_inner()
}

fn texts(writer: &mut Writer<Vec<u8>>, members: &[(&str, String)]) -> std::io::Result<()> {
    for (name, text) in members {
        let element = writer.create_element(*name);
        element.write_text_content(BytesText::new(&legal(text)))?;
    }
    Ok(())
}

fn rx_texts(info: &ScanInfo) -> Vec<(&'static str, String)> {
    let mut members = vec![
        ("OrderID", info.scan_id.to_string()),
        ("OrderCode", info.order_code.clone()),
        ("RxID", info.rx_id.clone()),
        ("CaseTypeName", info.case_type.clone()),
        ("Procedure", info.procedure.clone()),
        ("Patient", info.patient.name()),
        ("ChartNumber", info.patient.chart_number.clone()),
        ("Practice", info.practice_name.clone()),
        ("Doctor", info.doctor.name()),
        ("DoctorLicense", info.doctor.license_number.clone()),
        ("ScanDate", info.scan_date.clone()),
    ];
    let optional = [
        ("BirthDate", &info.patient.birth_date),
        ("DueDate", &info.due_date),
        ("Lab", &info.lab),
        ("Notes", &info.notes),
    ];
    for (name, text) in optional {
        members.extend(text.clone().map(|text| (name, text)));
    }
    members
}

fn objects_of(id: u64) -> Vec<Object> {
    let mut objects = Vec::new();
    for (jaw, letter) in [("Upper", 'u'), ("Lower", 'l')] {
        for form in ["stl", "ply"] {
            objects.push(Object {
                kind: "Shell",
                sub_type: "Occlusion",
                jaw,
                file: format!("{id}_shell_occlusion_{letter}.{form}"),
            });
        }
    }
    let picture = |sub_type, jaw, file| Object {
        kind: "Picture",
        sub_type,
        jaw,
        file,
    };
    objects.push(picture("Gallery", "Both", format!("gallery_#{id}.jpg")));
    for (sub_type, jaw, view) in [
        ("PentaFront", "Both", "front"),
        ("PentaLeft", "Both", "left"),
        ("PentaRight", "Both", "right"),
        ("PentaUpper", "Upper", "upper"),
        ("PentaLower", "Lower", "lower"),
    ] {
        objects.push(picture(
            sub_type,
            jaw,
            format!("gallery_#{id}_penta_{view}_m.jpg"),
        ));
    }
    objects
}

/// XML 1.0 has no place for most control characters, not even escaped.
fn legal(text: &str) -> String {
    let fits = |c: &char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
    text.chars().filter(fits).collect()
}

/// The Rx as a sheet to print.
pub fn html(info: &ScanInfo) -> Vec<u8> {
    let row = |name: &str, text: &str| {
        let text = legal(text);
        format!(
            "<tr><th>{name}</th><td dir=\"auto\">{}</td></tr>\n",
            escape(&text)
        )
    };
    let mut rows = String::new();
    for (name, text) in [
        ("Patient", &info.patient.name()),
        ("Chart number", &info.patient.chart_number),
        ("Practice", &info.practice_name),
        ("Doctor", &info.doctor.name()),
        ("License", &info.doctor.license_number),
        ("Case type", &info.case_type),
        ("Procedure", &info.procedure),
        ("Order", &info.scan_id.to_string()),
        ("Order code", &info.order_code),
        ("Rx", &info.rx_id),
        ("Scan date", &info.scan_date),
    ] {
        rows += &row(name, text);
    }
    for (name, text) in [
        ("Birth date", &info.patient.birth_date),
        ("Due date", &info.due_date),
        ("Lab", &info.lab),
        ("Notes", &info.notes),
    ] {
        rows += &text
            .as_deref()
            .map_or(String::new(), |text| row(name, text));
    }
    let mut teeth = String::new();
    for tooth in &info.teeth {
        let cells = [
            &tooth.number,
            &tooth.restoration,
            &tooth.material,
            &tooth.shade,
        ];
        let cells = cells.map(|text| format!("<td>{}</td>", escape(legal(text))));
        teeth += &format!("<tr>{}</tr>\n", cells.concat());
    }
    if !teeth.is_empty() {
        let head = "<tr><th>Tooth</th><th>Restoration</th><th>Material</th><th>Shade</th></tr>";
        teeth = format!("<h2>Teeth</h2>\n<table>\n{head}\n{teeth}</table>\n");
    }
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Rx {id}</title>\n<style>\n\
         body {{ font-family: sans-serif; margin: 2em; }}\n\
         table {{ border-collapse: collapse; }}\n\
         th, td {{ border: 1px solid #bbb; padding: 0.3em 0.8em; text-align: start; vertical-align: top; }}\n\
         td {{ white-space: pre-line; }}\n\
         </style>\n</head>\n<body>\n<h1>Rx {id}</h1>\n<table>\n{rows}</table>\n{teeth}</body>\n</html>\n",
        id = info.scan_id
    )
    .into_bytes()
}

/// The archive. Its entries carry the scan's date, and nothing of the computer that wrote it.
pub fn archive<'a>(info: &ScanInfo, entries: impl Iterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .system(System::Unix)
        .unix_permissions(0o644)
        .last_modified_time(moment(&info.scan_date).unwrap_or_default())
        .compression_level(Some(1));
    for (name, bytes) in entries {
        // Pictures are compressed already.
        let method = if name.ends_with(".jpg") {
            CompressionMethod::Stored
        } else {
            CompressionMethod::Deflated
        };
        let mut options = options.compression_method(method);
        if method == CompressionMethod::Stored {
            options = options.compression_level(None);
        }
        writer
            .start_file(name, options)
            .and_then(|()| Ok(writer.write_all(bytes)?))
            .expect("memory takes every write");
    }
    let written = writer.finish().expect("memory takes every write");
    written.into_inner()
}

fn moment(date: &str) -> Option<DateTime> {
    let date = OffsetDateTime::parse(date, &Rfc3339).ok()?;
    DateTime::from_date_and_time(
        u16::try_from(date.year()).ok()?,
        date.month().into(),
        date.day(),
        date.hour(),
        date.minute(),
        date.second(),
    )
    .ok()
}
