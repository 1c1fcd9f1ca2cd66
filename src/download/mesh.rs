//! Opens a mesh to see that it is one: triangles, finite coordinates, extent.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use ply_rs_bw::parser::{Parser, Reader};
use ply_rs_bw::ply::{Property, PropertyAccess, PropertyAccessResult};

/// What a readable mesh holds. Coordinates are millimeters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mesh {
    pub triangles: u64,
    pub least: [f32; 3],
    pub most: [f32; 3],
}

impl Mesh {
    const EMPTY: Mesh = Mesh {
        triangles: 0,
        least: [f32::INFINITY; 3],
        most: [f32::NEG_INFINITY; 3],
    };

    /// Takes the point in; false when it is not finite.
    fn extend(&mut self, point: [f32; 3]) -> bool {
        for (axis, coordinate) in point.into_iter().enumerate() {
            self.least[axis] = self.least[axis].min(coordinate);
            self.most[axis] = self.most[axis].max(coordinate);
        }
        point.iter().all(|coordinate| coordinate.is_finite())
    }
}

/// Reads a mesh whose name ends with `.stl` or `.ply`: `None` for other files, `Some(None)` for a mesh that can't be
/// read or holds no triangles.
pub fn check(path: &Path) -> Option<Option<Mesh>> {
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    let mesh = match extension.as_str() {
        "stl" => stl(path),
        "ply" => ply(path),
        _ => return None,
    };
    Some(mesh.filter(|mesh| mesh.triangles > 0))
}

fn stl(path: &Path) -> Option<Mesh> {
    let mut file = BufReader::with_capacity(1 << 16, File::open(path).ok()?);
    let mut mesh = Mesh::EMPTY;
    for triangle in stl_io::create_stl_reader(&mut file).ok()? {
        for vertex in triangle.ok()?.vertices {
            if !mesh.extend([vertex[0], vertex[1], vertex[2]]) {
                return None;
            }
        }
        mesh.triangles += 1;
    }
    Some(mesh)
}

/// A vertex or a face; what a mesh check doesn't need is passed over.
struct Element {
    point: [f32; 3],
    corners: usize,
}

impl PropertyAccess for Element {
    fn new() -> Element {
        Element {
            point: [0.0; 3],
            corners: 0,
        }
    }

    fn set_property(&mut self, name: &str, property: Property) -> PropertyAccessResult {
        let axis = match name {
            "x" => 0,
            "y" => 1,
            "z" => 2,
            _ => {
                self.corners = match property {
                    Property::ListChar(list) => list.len(),
                    Property::ListUChar(list) => list.len(),
                    Property::ListShort(list) => list.len(),
                    Property::ListUShort(list) => list.len(),
                    Property::ListInt(list) => list.len(),
                    Property::ListUInt(list) => list.len(),
                    _ => return PropertyAccessResult::Ignored,
                };
                return PropertyAccessResult::Set;
            }
        };
        self.point[axis] = match property {
            Property::Float(value) => value,
            #[allow(
                clippy::cast_possible_truncation,
                reason = "an extent needs no more digits"
            )]
            Property::Double(value) => value as f32,
            _ => return PropertyAccessResult::Ignored,
        };
        PropertyAccessResult::Set
    }
}

fn ply(path: &Path) -> Option<Mesh> {
    let mut reader = Reader::new(BufReader::with_capacity(1 << 16, File::open(path).ok()?));
    let parser = Parser::<Element>::new();
    let header = parser.read_header(&mut reader).ok()?;
    let mut mesh = Mesh::EMPTY;
    for (name, definition) in &header.elements {
        let elements = parser
            .read_payload_for_element(&mut reader, definition, &header)
            .ok()?;
        for element in elements {
            match name.as_str() {
                "vertex" if !mesh.extend(element.point) => return None,
                // A polygon of n corners is n - 2 triangles.
                "face" => mesh.triangles += element.corners.saturating_sub(2) as u64,
                _ => {}
            }
        }
    }
    Some(mesh)
}
