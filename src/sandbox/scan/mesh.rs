//! From a jaw's distances to a mesh of triangles.
//!
//! The surface is meshed by surface nets: one vertex in each cell of a grid that the surface passes, one quadrangle
//! around each grid edge that it crosses. Neighbors share their vertices, and the triangles are even in size, as a
//! scanner's are. Cells far from the surface are skipped in blocks, so time grows with the surface, not the space.

use super::dentition::Side;
use super::jaw::{Column, Jaw};
use super::math::{Vec3, add, cross, dot, mix3, scale, sub, unit};

pub struct Mesh {
    pub points: Vec<Vec3>,
    pub normals: Vec<Vec3>,
    /// Red, green, blue.
    pub colors: Vec<[u8; 3]>,
    pub triangles: Vec<[u32; 3]>,
}

/// Cells per side of a block.
const BLOCK: usize = 4;
/// How much faster than the way walked a distance may change: the fields are only nearly distances.
const STEEPEST: f32 = 1.8;
const NONE: u32 = u32::MAX;
const EDGE_ROUNDS: usize = 8;
/// The grid of the trial mesh from which the final grid's size follows.
const TRIAL: f32 = 0.7;

/// The jaw's mesh with about, and hardly ever below, `triangles` triangles, placed in the mouth: x to the patient's
/// left, y backward, z upward, the jaws meeting at height 0.
pub fn mesh(jaw: &Jaw, triangles: u32) -> Mesh {
    let trial = Net::new(jaw, TRIAL).run().triangles.len() as f32;
    // A finer grid follows fissures and gaps deeper and so finds a few percent more surface.
    let cell = TRIAL * (trial / triangles as f32).sqrt();
    let mut mesh = Net::new(jaw, cell).run();
    paint(jaw, &mut mesh);
    place(&mut mesh, jaw.side);
    mesh
}

struct Net<'a> {
    jaw: &'a Jaw,
    cell: f32,
    origin: Vec3,
    /// Cells along x, y and z; whole blocks.
    size: [usize; 3],
    columns: Vec<Column>,
}

impl<'a> Net<'a> {
    fn new(jaw: &'a Jaw, cell: f32) -> Net<'a> {
        let (low, high) = jaw.bounds();
        let blocks = |axis: usize| ((high[axis] - low[axis]) / cell) as usize / BLOCK + 1;
        let size = [0, 1, 2].map(|axis| blocks(axis) * BLOCK);
        let mut columns = Vec::with_capacity(size[0] * size[1]);
        for j in 0..size[1] {
            for i in 0..size[0] {
                columns.push(jaw.column(low[0] + i as f32 * cell, low[1] + j as f32 * cell));
            }
        }
        Net {
            jaw,
            cell,
            origin: low,
            size,
            columns,
        }
    }

    fn point(&self, i: usize, j: usize, k: usize) -> Vec3 {
        add(
            self.origin,
            scale([i as f32, j as f32, k as f32], self.cell),
        )
    }

    fn run(&self) -> Mesh {
        let [width, depth, height] = self.size;
        let mut mesh = Mesh {
            points: Vec::new(),
            normals: Vec::new(),
            colors: Vec::new(),
            triangles: Vec::new(),
        };
        let plane = width * depth;
        let (mut below, mut above) = (vec![1e3; plane], vec![1e3; plane]);
        let (mut under, mut here) = (vec![NONE; plane], vec![NONE; plane]);
        let mut blocks = Vec::new();
        for k in 0..height {
            if k % BLOCK == 0 {
                blocks = self.blocks(k);
            }
            self.sample(k, &blocks, &mut above);
            if k > 0 {
                here.fill(NONE);
                self.vertices(k - 1, [&below, &above], &mut here, &mut mesh);
                self.quadrangles(&below, &above, &under, &here, &mut mesh);
                std::mem::swap(&mut under, &mut here);
            }
            std::mem::swap(&mut below, &mut above);
        }
        drop_unused(&mut mesh);
        even_out_edge(&mut mesh);
        mesh
    }

    /// For each block of a layer of blocks: 0 where the surface may pass, else a value of the right sign.
    fn blocks(&self, k: usize) -> Vec<f32> {
        let half = BLOCK / 2;
        let margin = STEEPEST * self.cell * (0.87 * BLOCK as f32 + 2.0);
        let mut blocks = Vec::new();
        for j in (0..self.size[1]).step_by(BLOCK) {
            for i in (0..self.size[0]).step_by(BLOCK) {
                let column = &self.columns[(j + half) * self.size[0] + i + half];
                let middle = self.point(i + half, j + half, k + half);
                let distance = self.jaw.find(middle, column).distance;
                blocks.push(if distance.abs() < margin {
                    0.0
                } else {
                    distance
                });
            }
        }
        blocks
    }

    fn sample(&self, k: usize, blocks: &[f32], plane: &mut [f32]) {
        let across = self.size[0] / BLOCK;
        for j in 0..self.size[1] {
            for (block, &fill) in blocks[j / BLOCK * across..][..across].iter().enumerate() {
                for i in block * BLOCK..(block + 1) * BLOCK {
                    let index = j * self.size[0] + i;
                    plane[index] = if fill == 0.0 {
                        let column = &self.columns[index];
                        self.jaw.find(self.point(i, j, k), column).distance
                    } else {
                        fill
                    };
                }
            }
        }
    }

    fn vertices(&self, k: usize, planes: [&[f32]; 2], here: &mut [u32], mesh: &mut Mesh) {
        let width = self.size[0];
        for j in 0..self.size[1] - 1 {
            for i in 0..width - 1 {
                let index = j * width + i;
                let corner = |n: usize| planes[n >> 2][index + (n & 1) + (n >> 1 & 1) * width];
                let corners: [f32; 8] = std::array::from_fn(corner);
                let inside = corners.iter().filter(|distance| **distance < 0.0).count();
                if inside == 0 || inside == 8 {
                    continue;
                }
                let point = add(self.point(i, j, k), scale(crossing(&corners), self.cell));
                if self.jaw.seen(point, &self.columns[index]) {
                    here[index] = mesh.points.len() as u32;
                    mesh.points.push(point);
                    mesh.normals.push(gradient(&corners));
                }
            }
        }
    }

    /// The quadrangles around the grid edges that start in the lower plane.
    fn quadrangles(
        &self,
        below: &[f32],
        above: &[f32],
        under: &[u32],
        here: &[u32],
        mesh: &mut Mesh,
    ) {
        let width = self.size[0];
        for j in 1..self.size[1] - 1 {
            for i in 1..width - 1 {
                let index = j * width + i;
                let inside = below[index] < 0.0;
                let ring_z = [
                    here[index - width - 1],
                    here[index - width],
                    here[index],
                    here[index - 1],
                ];
                let ring_x = [
                    under[index - width],
                    under[index],
                    here[index],
                    here[index - width],
                ];
                let ring_y = [under[index - 1], here[index - 1], here[index], under[index]];
                let edges = [
                    (above[index], ring_z),
                    (below[index + 1], ring_x),
                    (below[index + width], ring_y),
                ];
                for (other, ring) in edges {
                    if inside != (other < 0.0) && !ring.contains(&NONE) {
                        split(mesh, ring, inside);
                    }
                }
            }
        }
    }
}

/// Two triangles along the shorter diagonal; `outward` is false where the ring runs clockwise seen from outside.
fn split(mesh: &mut Mesh, ring: [u32; 4], outward: bool) {
    let [a, b, c, d] = if outward {
        ring
    } else {
        [ring[0], ring[3], ring[2], ring[1]]
    };
    let square = |from: u32, to: u32| {
        let gap = sub(mesh.points[from as usize], mesh.points[to as usize]);
        dot(gap, gap)
    };
    if square(a, c) <= square(b, d) {
        mesh.triangles.extend([[a, b, c], [a, c, d]]);
    } else {
        mesh.triangles.extend([[a, b, d], [b, c, d]]);
    }
}

/// The mean of the points where the cell's edges cross the surface, in cells.
fn crossing(corners: &[f32; 8]) -> Vec3 {
    let (mut sum, mut count) = ([0.0; 3], 0.0);
    for from in 0..8 {
        for axis in 0..3 {
            let to = from | 1 << axis;
            if to == from || (corners[from] < 0.0) == (corners[to] < 0.0) {
                continue;
            }
            let mut point = [0, 1, 2].map(|axis| (from >> axis & 1) as f32);
            point[axis] = corners[from] / (corners[from] - corners[to]);
            sum = add(sum, point);
            count += 1.0;
        }
    }
    scale(sum, 1.0 / count)
}

fn gradient(corners: &[f32; 8]) -> Vec3 {
    let mut sum = [0.0; 3];
    for (corner, distance) in corners.iter().enumerate() {
        for (axis, part) in sum.iter_mut().enumerate() {
            *part += if corner >> axis & 1 == 1 {
                *distance
            } else {
                -distance
            };
        }
    }
    unit(sum)
}

/// At the scan's edge some vertices have no triangle; a mesh file has none of those.
fn drop_unused(mesh: &mut Mesh) {
    let mut renamed = vec![NONE; mesh.points.len()];
    let (mut points, mut normals) = (Vec::new(), Vec::new());
    for triangle in &mut mesh.triangles {
        for corner in triangle {
            let old = *corner as usize;
            if renamed[old] == NONE {
                renamed[old] = points.len() as u32;
                points.push(mesh.points[old]);
                normals.push(mesh.normals[old]);
            }
            *corner = renamed[old];
        }
    }
    (mesh.points, mesh.normals) = (points, normals);
}

/// The scan's edge follows the grid in steps; a scanner's edge is uneven, but not like that.
fn even_out_edge(mesh: &mut Mesh) {
    let mut sides: Vec<[u32; 2]> = Vec::with_capacity(mesh.triangles.len() * 3);
    for [a, b, c] in &mesh.triangles {
        sides.extend([[*a, *b], [*b, *c], [*c, *a]]);
    }
    sides.sort_unstable();
    let lonely: Vec<[u32; 2]> = sides
        .iter()
        .filter(|[a, b]| sides.binary_search(&[*b, *a]).is_err())
        .copied()
        .collect();
    for _ in 0..EDGE_ROUNDS {
        let mut sums = std::collections::BTreeMap::new();
        for [a, b] in &lonely {
            for (vertex, neighbor) in [(*a, *b), (*b, *a)] {
                let sum = sums.entry(vertex).or_insert(([0.0; 3], 0.0));
                sum.0 = add(sum.0, mesh.points[neighbor as usize]);
                sum.1 += 1.0;
            }
        }
        for (vertex, (sum, count)) in sums {
            let point = &mut mesh.points[vertex as usize];
            *point = mix3(*point, scale(sum, 1.0 / count), 0.5);
        }
    }
}

/// Colors with the light's way into gaps: what lies near in front of a vertex takes its light.
fn paint(jaw: &Jaw, mesh: &mut Mesh) {
    for (point, normal) in mesh.points.iter().zip(&mesh.normals) {
        let column = jaw.column(point[0], point[1]);
        let found = jaw.find(*point, &column);
        let mut openness = 1.0;
        for (far, share) in [(0.7, 0.5), (2.4, 0.5)] {
            let ahead = add(*point, scale(*normal, far));
            let free = jaw.find(ahead, &jaw.column(ahead[0], ahead[1])).distance / far;
            openness -= share * (1.0 - free.clamp(0.0, 1.0));
        }
        let color = jaw.color(*point, &column, &found, openness);
        mesh.colors
            .push(color.map(|channel| (channel * 255.0 + 0.5) as u8));
    }
}

/// From lying with the teeth up to the place in the mouth. The upper jaw is turned over, which keeps the triangles'
/// sense; the lower jaw is mirrored front to back, which does not.
fn place(mesh: &mut Mesh, side: Side) {
    let turn = match side {
        Side::Upper => [1.0, -1.0, -1.0],
        Side::Lower => [1.0, -1.0, 1.0],
    };
    for vector in mesh.points.iter_mut().chain(&mut mesh.normals) {
        *vector = [0, 1, 2].map(|axis| vector[axis] * turn[axis]);
    }
    if side == Side::Lower {
        for triangle in &mut mesh.triangles {
            triangle.swap(1, 2);
        }
    }
}

/// The facet's normal by the right-hand rule.
pub fn facet_normal(corners: [Vec3; 3]) -> Vec3 {
    unit(cross(
        sub(corners[1], corners[0]),
        sub(corners[2], corners[0]),
    ))
}
