//! Mesh files: binary STL, as milling software wants it, and binary PLY, which keeps the colors.

use super::mesh::{Mesh, facet_normal};

/// Eighty bytes that must not start with "solid": readers take that for the text form.
const STL_HEADER: &[u8] = b"Simulated intraoral scan, units in millimeters";

pub fn stl(mesh: &Mesh) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(84 + 50 * mesh.triangles.len());
    bytes.extend_from_slice(STL_HEADER);
    bytes.resize(80, b' ');
    bytes.extend_from_slice(&(mesh.triangles.len() as u32).to_le_bytes());
    for triangle in &mesh.triangles {
        let corners = triangle.map(|index| mesh.points[index as usize]);
        let normal = facet_normal(corners);
        for value in [normal, corners[0], corners[1], corners[2]].as_flattened() {
            bytes.extend_from_slice(&value.to_le_bytes());
        }
        bytes.extend_from_slice(&[0, 0]);
    }
    bytes
}

pub fn ply(mesh: &Mesh) -> Vec<u8> {
    let header = format!(
        "ply\nformat binary_little_endian 1.0\ncomment simulated intraoral scan, units in millimeters\n\
         element vertex {}\nproperty float x\nproperty float y\nproperty float z\n\
         property uchar red\nproperty uchar green\nproperty uchar blue\n\
         element face {}\nproperty list uchar int vertex_indices\nend_header\n",
        mesh.points.len(),
        mesh.triangles.len()
    );
    let size = header.len() + 15 * mesh.points.len() + 13 * mesh.triangles.len();
    let mut bytes = Vec::with_capacity(size);
    bytes.extend_from_slice(header.as_bytes());
    for (point, color) in mesh.points.iter().zip(&mesh.colors) {
        for value in point {
            bytes.extend_from_slice(&value.to_le_bytes());
        }
        bytes.extend_from_slice(color);
    }
    for triangle in &mesh.triangles {
        bytes.push(3);
        for index in triangle {
            bytes.extend_from_slice(&index.to_le_bytes());
        }
    }
    bytes
}
