//! A small software renderer: triangles with colors and normals onto a picture, seen from anywhere.
//!
//! The picture is drawn at twice its size in each direction and averaged, for smooth outlines.

use image::{Rgb, RgbImage};

use super::math::{Vec3, add, cross, dot, mix, scale, sub, unit};
use super::mesh::Mesh;

/// Where the picture is taken from: the direction of view and what is up in the picture.
#[derive(Clone, Copy)]
pub struct View {
    pub forward: Vec3,
    pub up: Vec3,
}

const OVERSAMPLING: u32 = 2;
/// The share of the picture's width or height that the jaws fill.
const FILL: f32 = 0.92;

struct Canvas {
    width: usize,
    height: usize,
    /// Depth, smaller is nearer; infinite where nothing was drawn.
    depth: Vec<f32>,
    color: Vec<[f32; 3]>,
}

/// A vertex on the canvas.
#[derive(Clone, Copy)]
struct Spot {
    x: f32,
    y: f32,
    depth: f32,
    normal: Vec3,
    color: Vec3,
}

pub fn render(meshes: &[&Mesh], view: View, width: u32, height: u32) -> RgbImage {
    let mut canvas = Canvas {
        width: (width * OVERSAMPLING) as usize,
        height: (height * OVERSAMPLING) as usize,
        depth: vec![f32::INFINITY; (width * height * OVERSAMPLING * OVERSAMPLING) as usize],
        color: vec![[0.0; 3]; (width * height * OVERSAMPLING * OVERSAMPLING) as usize],
    };
    let forward = unit(view.forward);
    let right = unit(cross(forward, view.up));
    let axes = [right, cross(right, forward), forward];
    let (middle, zoom) = fit(meshes, axes, &canvas);
    for mesh in meshes {
        let spots = project(mesh, axes, middle, zoom, &canvas);
        for triangle in &mesh.triangles {
            canvas.draw(triangle.map(|index| &spots[index as usize]));
        }
    }
    canvas.picture(width, height)
}

/// The middle of what is seen and the pixels per millimeter.
fn fit(meshes: &[&Mesh], axes: [Vec3; 3], canvas: &Canvas) -> ([f32; 2], f32) {
    let (mut low, mut high) = ([f32::MAX; 2], [f32::MIN; 2]);
    for point in meshes.iter().flat_map(|mesh| &mesh.points) {
        for axis in 0..2 {
            let value = dot(*point, axes[axis]);
            low[axis] = low[axis].min(value);
            high[axis] = high[axis].max(value);
        }
    }
    let zoom =
        (canvas.width as f32 / (high[0] - low[0])).min(canvas.height as f32 / (high[1] - low[1]));
    (
        [(low[0] + high[0]) * 0.5, (low[1] + high[1]) * 0.5],
        zoom * FILL,
    )
}

fn project(
    mesh: &Mesh,
    axes: [Vec3; 3],
    middle: [f32; 2],
    zoom: f32,
    canvas: &Canvas,
) -> Vec<Spot> {
    let vertices = mesh.points.iter().zip(&mesh.normals).zip(&mesh.colors);
    vertices
        .map(|((point, normal), color)| Spot {
            x: (dot(*point, axes[0]) - middle[0]) * zoom + canvas.width as f32 * 0.5,
            y: (middle[1] - dot(*point, axes[1])) * zoom + canvas.height as f32 * 0.5,
            depth: dot(*point, axes[2]),
            normal: [
                dot(*normal, axes[0]),
                dot(*normal, axes[1]),
                dot(*normal, axes[2]),
            ],
            color: color.map(|channel| f32::from(channel) / 255.0),
        })
        .collect()
}

impl Canvas {
    fn draw(&mut self, [a, b, c]: [&Spot; 3]) {
        let area = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
        if area.abs() < 1e-6 {
            return;
        }
        let range = |low: f32, high: f32, size: usize| {
            (
                low.max(0.0) as usize,
                (high + 1.0).clamp(0.0, size as f32) as usize,
            )
        };
        let (left, right) = range(a.x.min(b.x).min(c.x), a.x.max(b.x).max(c.x), self.width);
        let (top, bottom) = range(a.y.min(b.y).min(c.y), a.y.max(b.y).max(c.y), self.height);
        for row in top..bottom {
            let y = row as f32 + 0.5;
            for column in left..right {
                let x = column as f32 + 0.5;
                let of_b = ((x - a.x) * (c.y - a.y) - (y - a.y) * (c.x - a.x)) / area;
                let of_c = ((b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x)) / area;
                let of_a = 1.0 - of_b - of_c;
                if of_a < 0.0 || of_b < 0.0 || of_c < 0.0 {
                    continue;
                }
                let depth = a.depth * of_a + b.depth * of_b + c.depth * of_c;
                let index = row * self.width + column;
                if depth < self.depth[index] {
                    let blend = |a: Vec3, b: Vec3, c: Vec3| {
                        add(add(scale(a, of_a), scale(b, of_b)), scale(c, of_c))
                    };
                    self.depth[index] = depth;
                    let normal = unit(blend(a.normal, b.normal, c.normal));
                    self.color[index] = shade(normal, blend(a.color, b.color, c.color));
                }
            }
        }
    }

    fn picture(&self, width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, y| {
            let mut sum = [0.0; 3];
            for sample in 0..OVERSAMPLING * OVERSAMPLING {
                let column = (x * OVERSAMPLING + sample % OVERSAMPLING) as usize;
                let row = (y * OVERSAMPLING + sample / OVERSAMPLING) as usize;
                let index = row * self.width + column;
                let color = if self.depth[index].is_finite() {
                    self.color[index]
                } else {
                    backdrop(row as f32 / self.height as f32)
                };
                sum = add(sum, color);
            }
            let mean = scale(sum, 1.0 / (OVERSAMPLING * OVERSAMPLING) as f32);
            // The square root stands for the screen's gamma.
            Rgb(mean.map(|channel| (channel.clamp(0.0, 1.0).sqrt() * 255.0 + 0.5) as u8))
        })
    }
}

/// A dark blue gray that gets lighter toward the lower edge.
pub fn backdrop(height: f32) -> Vec3 {
    let shine = mix(0.6, 1.4, height);
    [0.016 * shine, 0.021 * shine, 0.029 * shine]
}

/// Light as a scanner's software sets it: a main lamp above the viewer's left shoulder, a weaker one from the right,
/// and light from all around. x is right, y up, z away from the viewer.
fn shade(normal: Vec3, color: Vec3) -> Vec3 {
    // The inner side of the open mesh is seen where the scan ends: dull and dark.
    let (normal, inner) = if normal[2] > 0.0 {
        (scale(normal, -1.0), 0.45)
    } else {
        (normal, 1.0)
    };
    let main = unit([-0.45, 0.6, -1.0]);
    let second = unit([0.8, 0.1, -0.6]);
    let around = 0.20 + 0.07 * normal[1];
    let light = around + 0.68 * dot(normal, main).max(0.0) + 0.20 * dot(normal, second).max(0.0);
    let halfway = unit(sub(main, [0.0, 0.0, 1.0]));
    let glance = dot(normal, halfway).max(0.0);
    let glance = glance * glance * glance * glance;
    let glance = glance * glance * glance * glance;
    let gloss = 0.16 * glance * glance * inner;
    // Colors are stored for the screen; light adds up in linear terms.
    color.map(|channel| channel * channel * light * inner + gloss)
}
