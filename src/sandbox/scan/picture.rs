//! The pictures of a scan: five views, a sheet with all of them, and a screen capture.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::imageops::replace;
use image::{ExtendedColorType, ImageEncoder, Rgb, RgbImage};

use super::lettering::write;
use super::mesh::Mesh;
use super::render::{View, render};
use super::{ScanFile, file};

const WIDTH: u32 = 1024;
const HEIGHT: u32 = 768;
const BAR: u32 = 44;
const LETTER: Rgb<u8> = Rgb([206, 214, 222]);
/// Detail counts more than size: a real export's pictures have a few hundred kilobytes, too.
const QUALITY: u8 = 95;

const GAP: u32 = 8;

const UP: [f32; 3] = [0.0, 0.0, 1.0];

/// What is in a picture, and from where.
struct Scene<'a> {
    name: &'static str,
    meshes: Vec<&'a Mesh>,
    view: View,
}

/// Seven files: the sheet, the five views, and the screen capture.
pub fn pictures(id: u64, upper: &Mesh, lower: &Mesh) -> Vec<ScanFile> {
    let both = || vec![upper, lower];
    let scenes = [
        scene("front", both(), [0.0, 1.0, 0.03], UP),
        scene("left", both(), [-1.0, 0.3, 0.03], UP),
        scene("right", both(), [1.0, 0.3, 0.03], UP),
        scene("upper", vec![upper], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]),
        scene("lower", vec![lower], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]),
        scene("overview", both(), [-0.66, 0.75, 0.04], UP),
    ];
    let mut files = vec![jpeg(format!("gallery_#{id}.jpg"), &sheet(&scenes))];
    let [views @ .., overview] = &scenes;
    for view in views {
        let name = format!("gallery_#{id}_penta_{}_m.jpg", view.name);
        files.push(jpeg(name, &view.draw(WIDTH, HEIGHT)));
    }
    let name = format!("screen_capture_#{id}.png");
    files.push(png(name, &capture(id, overview)));
    files
}

fn scene<'a>(
    name: &'static str,
    meshes: Vec<&'a Mesh>,
    forward: [f32; 3],
    up: [f32; 3],
) -> Scene<'a> {
    Scene {
        name,
        meshes,
        view: View { forward, up },
    }
}

impl Scene<'_> {
    fn draw(&self, width: u32, height: u32) -> RgbImage {
        render(&self.meshes, self.view, width, height)
    }
}

/// A scene above a bar that says what it is but not whose.
fn capture(id: u64, scene: &Scene) -> RgbImage {
    let mut picture = RgbImage::from_pixel(WIDTH, HEIGHT, Rgb([24, 28, 33]));
    replace(&mut picture, &scene.draw(WIDTH, HEIGHT - BAR), 0, 0);
    let top = HEIGHT - BAR + 15;
    write(&mut picture, &format!("SCAN {id}"), 24, top, 2, LETTER);
    let label = "UPPER + LOWER";
    let left = WIDTH - 24 - 12 * label.len() as u32;
    write(&mut picture, label, left, top, 2, LETTER);
    picture
}

/// All scenes, three by two, each with its name.
fn sheet(scenes: &[Scene; 6]) -> RgbImage {
    let mut sheet = RgbImage::from_pixel(WIDTH, HEIGHT, Rgb([15, 18, 21]));
    let (width, height) = ((WIDTH - 4 * GAP) / 3, (HEIGHT - 3 * GAP) / 2);
    for (index, scene) in scenes.iter().enumerate() {
        let (column, row) = (index as u32 % 3, index as u32 / 3);
        let (left, top) = (GAP + column * (width + GAP), GAP + row * (height + GAP));
        let tile = scene.draw(width, height);
        replace(&mut sheet, &tile, i64::from(left), i64::from(top));
        let name = scene.name.to_uppercase();
        write(&mut sheet, &name, left + 12, top + 12, 2, LETTER);
    }
    sheet
}

fn jpeg(name: String, picture: &RgbImage) -> ScanFile {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY)
        .encode_image(picture)
        .expect("memory takes every write");
    file(name, "IMAGE_GALLERY", "image/jpeg", bytes)
}

fn png(name: String, picture: &RgbImage) -> ScanFile {
    let mut bytes = Vec::new();
    let (width, height) = picture.dimensions();
    PngEncoder::new(&mut bytes)
        .write_image(picture.as_raw(), width, height, ExtendedColorType::Rgb8)
        .expect("memory takes every write");
    file(name, "SCREEN_CAPTURE", "image/png", bytes)
}
