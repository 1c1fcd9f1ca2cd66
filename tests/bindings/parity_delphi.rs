//! The Delphi declarations say what the header says: every function, parameter, width, callback and constant; and the
//! classes leave no function out.

#[path = "delphi/declarations.rs"]
mod declarations;

use super::{header, places};

#[test]
fn write_only() {
    let header = header::read();
    let folder = places::root().join("bindings/delphi");
    let unit = std::fs::read_to_string(folder.join("Itero.Api.pas")).unwrap();
    std::fs::write(folder.join("Itero.Api.pas"), declarations::replaced(&unit, &declarations::api(&header))).unwrap();
    std::fs::write(folder.join("Itero.Loaded.inc"), declarations::loaded(&header)).unwrap();
}
