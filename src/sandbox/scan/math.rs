//! Arithmetic for the generated scans that gives the same bits everywhere.
//!
//! Only `+ - * /` and the square root are exact by IEEE 754; sine, powers and exponentials come from the platform's
//! own mathematics library and differ in the last bit. A scan must have the same bytes on every computer, so that a
//! digest noted in one place holds in another. Hence nothing in the generator uses anything else.

pub type Vec3 = [f32; 3];

pub fn add(a: Vec3, b: Vec3) -> Vec3 {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

pub fn sub(a: Vec3, b: Vec3) -> Vec3 {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

pub fn scale(a: Vec3, factor: f32) -> Vec3 {
    [a[0] * factor, a[1] * factor, a[2] * factor]
}

pub fn dot(a: Vec3, b: Vec3) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

pub fn cross(a: Vec3, b: Vec3) -> Vec3 {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

/// Of length one, or zero where there is no direction.
pub fn unit(a: Vec3) -> Vec3 {
    let length = dot(a, a).sqrt();
    if length > 1e-12 {
        scale(a, 1.0 / length)
    } else {
        [0.0; 3]
    }
}

pub fn mix(a: f32, b: f32, share: f32) -> f32 {
    a + (b - a) * share
}

pub fn mix3(a: Vec3, b: Vec3, share: f32) -> Vec3 {
    [
        mix(a[0], b[0], share),
        mix(a[1], b[1], share),
        mix(a[2], b[2], share),
    ]
}

/// 0 at `from`, 1 at `to`, level at both ends.
pub fn ramp(from: f32, to: f32, value: f32) -> f32 {
    let t = ((value - from) / (to - from)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// A bell of height 1 and half width `reach` around 0, exactly 0 outside.
pub fn bell(value: f32, reach: f32) -> f32 {
    let t = (value / reach) * (value / reach);
    if t < 1.0 { (1.0 - t) * (1.0 - t) } else { 0.0 }
}

/// The smaller of two distances, with the edge between the bodies filled by a fillet of size `fillet`.
pub fn join(a: f32, b: f32, fillet: f32) -> f32 {
    let near = fillet - (a - b).abs();
    if near > 0.0 {
        a.min(b) - near * near / (4.0 * fillet)
    } else {
        a.min(b)
    }
}

/// The larger of two distances, with the edge rounded off.
pub fn meet(a: f32, b: f32, fillet: f32) -> f32 {
    -join(-a, -b, fillet)
}

/// SplitMix64: a seed's stream of random numbers.
pub struct Random(u64);

impl Random {
    /// Streams of one seed with different purposes don't resemble each other.
    pub fn new(seed: u64, purpose: u64) -> Random {
        Random(scramble(seed ^ scramble(purpose)))
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        scramble(self.0)
    }

    /// From 0 up to, not including, 1.
    pub fn share(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u32 << 24) as f32
    }

    /// Around 0, rarely near ±`most`.
    pub fn about(&mut self, most: f32) -> f32 {
        (self.share() + self.share() - 1.0) * most
    }
}

fn scramble(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

/// Smooth noise between -1 and 1 with one feature per unit of length.
pub fn noise(point: Vec3, seed: u32) -> f32 {
    let floor = [point[0].floor(), point[1].floor(), point[2].floor()];
    let cell = [floor[0] as i32, floor[1] as i32, floor[2] as i32];
    let part = sub(point, floor);
    let fade = part.map(|t| t * t * (3.0 - 2.0 * t));
    let mut rows = [0.0; 4];
    for (row, value) in rows.iter_mut().enumerate() {
        let (y, z) = (cell[1] + (row as i32 & 1), cell[2] + (row as i32 >> 1));
        *value = mix(
            lattice(cell[0], y, z, seed),
            lattice(cell[0] + 1, y, z, seed),
            fade[0],
        );
    }
    mix(
        mix(rows[0], rows[1], fade[1]),
        mix(rows[2], rows[3], fade[1]),
        fade[2],
    )
}

fn lattice(x: i32, y: i32, z: i32, seed: u32) -> f32 {
    let mut hash = (x as u32).wrapping_mul(0x8DA6_B343)
        ^ (y as u32).wrapping_mul(0xD816_3841)
        ^ (z as u32).wrapping_mul(0xCB1A_B31F)
        ^ seed.wrapping_mul(0x9E37_79B1);
    hash = (hash ^ (hash >> 15)).wrapping_mul(0x2C1B_3C6D);
    hash = (hash ^ (hash >> 12)).wrapping_mul(0x297A_2D39);
    hash ^= hash >> 15;
    (hash >> 8) as f32 / (1u32 << 23) as f32 - 1.0
}
