//! The shape of one tooth, as a distance: negative inside, positive outside, in millimeters.
//!
//! A crown is a body whose horizontal section changes from the neck to the biting side, cut off by a biting surface.
//! The sections make the tooth recognizable from the side (a blade, a peg, a barrel), the biting surface from above.

use super::math::{Vec3, bell, dot, join, meet, mix, noise, ramp, sub};

/// Sections of a crown at seven heights: half width along the arch, half depth across it, and how far the section
/// lies outward; shares of half the tooth's width and depth. From half a crown below the neck to the biting side.
pub type Profile = [[f32; 3]; 7];

const LOWEST: f32 = -0.5;
const SPACING: f32 = 0.25;

/// A mound of the biting surface.
#[derive(Clone, Copy)]
pub struct Cusp {
    pub x: f32,
    pub y: f32,
    pub top: f32,
    /// The triangular ridge runs from the tip in this direction, toward the tooth's middle.
    pub ridge: [f32; 2],
    pub slope: f32,
    /// Smaller is longer along the ridge.
    pub length: f32,
}

pub enum Biting {
    /// An edge that falls off to both sides, by this much per millimeter.
    Edge {
        fall: f32,
        bluntness: f32,
    },
    Cusps(Vec<Cusp>),
}

pub struct Tooth {
    /// The middle of the neck.
    pub origin: Vec3,
    /// Away from the midline, toward the cheek, toward the opposite jaw.
    pub axes: [Vec3; 3],
    pub half_width: f32,
    pub half_depth: f32,
    pub height: f32,
    pub profile: &'static Profile,
    /// 0 for elliptic sections, 1 for squarish ones.
    pub squareness: f32,
    pub biting: Biting,
    /// How much the biting side is worn down.
    pub wear: f32,
    /// How far the gum rises between this tooth and its neighbors.
    pub papilla: f32,
    /// How far the gum has gone back.
    pub recession: f32,
    pub seed: u32,
}

/// What is known of a point near a tooth.
#[derive(Clone, Copy)]
pub struct Near {
    pub tooth: f32,
    pub gum: f32,
    /// 0 at the neck, 1 at the biting side.
    pub level: f32,
    /// 1 in the depth of a fissure.
    pub fissure: f32,
}

impl Tooth {
    /// Beyond this distance from the axis the tooth shapes neither crown nor gum.
    pub fn reach(&self) -> f32 {
        self.half_width.max(self.half_depth) + 5.0
    }

    pub fn near(&self, point: Vec3) -> Near {
        let from = sub(point, self.origin);
        let local = [
            dot(from, self.axes[0]),
            dot(from, self.axes[1]),
            dot(from, self.axes[2]),
        ];
        let level = local[2] / self.height;
        let section = self.section(level);
        let side = self.side(local, level, section);
        let (crown, fissure) = self.crown(local, side);
        Near {
            tooth: crown,
            gum: self.gum(local, side),
            level,
            fissure,
        }
    }

    fn section(&self, level: f32) -> [f32; 3] {
        let position = ((level - LOWEST) / SPACING).clamp(0.0, 5.999);
        let index = position as usize;
        let t = position - index as f32;
        let knot = |offset: usize| self.profile[(index + offset).saturating_sub(1).min(6)];
        let (before, from, to, after) = (knot(0), knot(1), knot(2), knot(3));
        let mut section = [0.0; 3];
        for (axis, value) in section.iter_mut().enumerate() {
            // A Catmull-Rom spline: through every knot, without kinks.
            let (a, b, c, d) = (before[axis], from[axis], to[axis], after[axis]);
            *value = b + 0.5
                * t
                * (c - a + t * (2.0 * a - 5.0 * b + 4.0 * c - d + t * (3.0 * (b - c) + d - a)));
        }
        section
    }

    fn side(&self, local: Vec3, level: f32, section: [f32; 3]) -> f32 {
        let width = section[0] * self.half_width;
        let depth = section[1] * self.half_depth;
        let (x, y) = (local[0], local[1] - section[2] * self.half_depth);
        let (u, v) = (x / width, y / depth);
        let (round, square) = (u * u + v * v, (u * u * u * u + v * v * v * v).sqrt());
        let radius = mix(round, square, self.squareness).sqrt();
        let steep =
            |t: f32, size: f32| (mix(t, t * t * t / square.max(1e-6), self.squareness)) / size;
        let (gx, gy) = (steep(u, width), steep(v, depth));
        let gradient = (gx * gx + gy * gy).sqrt() / radius.max(1e-3);
        let distance = (radius - 1.0) / gradient.max(0.5 / self.half_depth.max(self.half_width));
        distance + self.relief(x, y, level)
    }

    /// The shallow forms of front teeth: grooves on the lip's side, a hollow on the tongue's side.
    fn relief(&self, x: f32, y: f32, level: f32) -> f32 {
        let across = x / self.half_width;
        match self.biting {
            Biting::Edge { .. } if y < 0.0 => {
                0.45 * bell(across, 0.75) * bell(level - 0.55, 0.42) * ramp(0.0, -0.6, y)
            }
            Biting::Edge { .. } => {
                0.13 * (bell(across - 0.34, 0.26) + bell(across + 0.34, 0.26))
                    * ramp(0.35, 0.8, level)
            }
            Biting::Cusps(_) => {
                // The dip between two roots or cusps on the cheek's side.
                0.22 * bell(across - 0.05, 0.3) * ramp(-0.3, 0.8, level)
            }
        }
    }

    fn crown(&self, local: Vec3, side: f32) -> (f32, f32) {
        // Far from the crown only the order of magnitude counts, and the biting surface is the costly part.
        if side > 2.5 || local[2] < -0.3 * self.height {
            return (side.max(local[2] - self.height), 0.0);
        }
        match &self.biting {
            Biting::Edge { fall, bluntness } => {
                let wave = 0.07 * noise([local[0] * 0.6, 0.5, 7.5], self.seed);
                // The far corner is rounder than the near one, as it tells left teeth from right ones.
                let x = local[0] + 0.12 * self.half_width;
                let corner = 1.1 * ramp(0.62, 1.25, x.abs() / self.half_width);
                let edge = self.height + wave
                    - corner
                    - fall * ((x * x + bluntness * bluntness).sqrt() - bluntness);
                let top = join(edge, self.height - self.wear, 0.4);
                (meet(side, (local[2] - top) * 0.9, 0.55), 0.0)
            }
            Biting::Cusps(cusps) => {
                let (top, fissure) = self.mounds(cusps, local);
                (meet(side, (local[2] - top) * 0.82, 1.3), fissure)
            }
        }
    }

    fn mounds(&self, cusps: &[Cusp], local: Vec3) -> (f32, f32) {
        let sway = [local[0] * 0.7, local[1] * 0.7, 3.5];
        let x = local[0] + 0.4 * noise(sway, self.seed);
        let y = local[1] + 0.4 * noise(sway, self.seed.wrapping_add(1));
        let (mut highest, mut second) = (f32::MIN, f32::MIN);
        for cusp in cusps {
            let (dx, dy) = (x - cusp.x, y - cusp.y);
            let along = dx * cusp.ridge[0] + dy * cusp.ridge[1];
            let across = dx * cusp.ridge[1] - dy * cusp.ridge[0];
            let far = (cusp.length * along * along + 1.25 * across * across + 0.3).sqrt() - 0.55;
            let mound = cusp.top - cusp.slope * far;
            if mound > highest {
                (highest, second) = (mound, highest);
            } else if mound > second {
                second = mound;
            }
        }
        let inner = ramp(1.0, 0.7, (x / self.half_width).abs())
            * ramp(0.95, 0.6, (y / self.half_depth).abs());
        let fissure = ramp(0.8, 0.0, highest - second) * inner;
        let top = join(highest, self.height - self.wear, 0.5) - 0.3 * fissure;
        let grain = 0.07 * noise([x * 1.6, y * 1.6, 1.5], self.seed.wrapping_add(2));
        (top + grain * inner, fissure)
    }

    /// The collar of gum around the neck: thin at the margin, thicker toward the root, higher between the teeth.
    fn gum(&self, local: Vec3, side: f32) -> f32 {
        let across = (local[0] / self.half_width).clamp(-1.15, 1.15);
        let margin = 0.2 - self.recession + self.papilla * across * across * across.abs();
        let below = margin - local[2];
        let thickness = (0.5 + 0.16 * below).clamp(0.3, 1.5);
        meet(side - thickness, -below, 0.8)
    }
}
