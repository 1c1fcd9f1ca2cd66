//! The pictures of a scan: five views, a sheet with all of them, and a screen capture.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::imageops::{FilterType, replace, resize};
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

const UP: [f32; 3] = [0.0, 0.0, 1.0];

/// Seven files: the sheet, the five views, and the screen capture.
pub fn pictures(id: u64, upper: &Mesh, lower: &Mesh) -> Vec<ScanFile> {
    let both: &[&Mesh] = &[upper, lower];
    let views: [(&str, &[&Mesh], View); 5] = [
        ("front", both, look([0.0, 1.0, 0.03], UP)),
        ("left", both, look([-1.0, 0.3, 0.03], UP)),
        ("right", both, look([1.0, 0.3, 0.03], UP)),
        ("upper", &[upper], look([0.0, 0.0, 1.0], [0.0, -1.0, 0.0])),
        ("lower", &[lower], look([0.0, 0.0, -1.0], [0.0, 1.0, 0.0])),
    ];
    let drawn = views.map(|(name, meshes, view)| (name, render(meshes, view, WIDTH, HEIGHT)));
    let capture = capture(id, both);

    let mut files = vec![jpeg(format!("gallery_#{id}.jpg"), &sheet(&drawn, &capture))];
    for (name, picture) in &drawn {
        files.push(jpeg(format!("gallery_#{id}_penta_{name}_m.jpg"), picture));
    }
    files.push(png(format!("screen_capture_#{id}.png"), &capture));
    files
}

fn look(forward: [f32; 3], up: [f32; 3]) -> View {
    View { forward, up }
}

/// From the front left, with a bar that says what it is but not whose.
fn capture(id: u64, both: &[&Mesh]) -> RgbImage {
    let view = look([-0.62, 0.78, 0.12], UP);
    let scene = render(both, view, WIDTH, HEIGHT - BAR);
    let mut picture = RgbImage::from_pixel(WIDTH, HEIGHT, Rgb([24, 28, 33]));
    replace(&mut picture, &scene, 0, 0);
    let top = HEIGHT - BAR + 15;
    write(&mut picture, &format!("SCAN {id}"), 24, top, 2, LETTER);
    let label = "UPPER + LOWER";
    let left = WIDTH - 24 - 12 * label.len() as u32;
    write(&mut picture, label, left, top, 2, LETTER);
    picture
}

/// Three by two: the views and the capture's scene, each with its name.
fn sheet(views: &[(&str, RgbImage)], capture: &RgbImage) -> RgbImage {
    let mut sheet = RgbImage::from_pixel(WIDTH, HEIGHT, Rgb([15, 18, 21]));
    let gap = 8;
    let (width, height) = ((WIDTH - 4 * gap) / 3, (HEIGHT - 3 * gap) / 2);
    let tiles = views
        .iter()
        .map(|(name, picture)| (name.to_uppercase(), picture))
        .chain([("OVERVIEW".to_owned(), capture)]);
    for (index, (name, picture)) in tiles.enumerate() {
        let (column, row) = (index as u32 % 3, index as u32 / 3);
        let (left, top) = (gap + column * (width + gap), gap + row * (height + gap));
        let scene_height = width * (HEIGHT - BAR) / WIDTH;
        // The lowest strip is empty backdrop in the views and the bar in the capture; the tile has its own caption.
        let scene = image::imageops::crop_imm(picture, 0, 0, WIDTH, HEIGHT - BAR).to_image();
        let small = resize(&scene, width, scene_height, FilterType::Triangle);
        let tile = RgbImage::from_pixel(width, height, Rgb([32, 37, 43]));
        replace(&mut sheet, &tile, i64::from(left), i64::from(top));
        let scene_top = top + (height - scene_height) / 2;
        replace(&mut sheet, &small, i64::from(left), i64::from(scene_top));
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
