//! The teeth of one jaw: how big each is on average, how it is shaped, and how a seed makes a person of them.

use super::arch::Arch;
use super::math::{Random, Vec3, add, cross, dot, scale, sub, unit};
use super::tooth::{Biting, Cusp, Profile, Tooth};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Upper,
    Lower,
}

const UPPER_INCISOR: Profile = [
    [0.56, 0.78, -0.10],
    [0.66, 0.88, -0.05],
    [0.85, 0.95, 0.00],
    [0.94, 0.93, 0.02],
    [0.98, 0.74, 0.15],
    [1.00, 0.46, 0.34],
    [0.97, 0.22, 0.46],
];
const LOWER_INCISOR: Profile = [
    [0.58, 0.80, -0.04],
    [0.62, 0.88, -0.02],
    [0.75, 0.92, 0.00],
    [0.84, 0.86, 0.02],
    [0.94, 0.66, 0.08],
    [1.00, 0.42, 0.16],
    [1.00, 0.22, 0.20],
];
const CANINE: Profile = [
    [0.60, 0.84, -0.06],
    [0.68, 0.92, -0.03],
    [0.77, 0.97, 0.00],
    [0.90, 0.96, 0.04],
    [1.00, 0.80, 0.12],
    [0.95, 0.54, 0.24],
    [0.74, 0.30, 0.30],
];
const PREMOLAR: Profile = [
    [0.58, 0.76, 0.00],
    [0.64, 0.82, 0.00],
    [0.73, 0.90, 0.00],
    [0.87, 0.98, 0.01],
    [0.99, 1.00, 0.00],
    [0.98, 0.90, -0.02],
    [0.84, 0.72, -0.03],
];
const MOLAR: Profile = [
    [0.74, 0.80, 0.00],
    [0.79, 0.85, 0.00],
    [0.85, 0.92, 0.00],
    [0.94, 0.99, 0.01],
    [1.00, 1.00, 0.00],
    [0.98, 0.91, -0.02],
    [0.88, 0.74, -0.03],
];

/// A kind of tooth: average width along the arch, depth across it, crown height, and its cusps as shares of the half
/// width, of the half depth, and millimeters below the highest.
struct Kind {
    size: [f32; 3],
    profile: &'static Profile,
    squareness: f32,
    /// How far the highest point lies beyond the plane in which the jaws meet.
    beyond: f32,
    lean: f32,
    cusps: &'static [[f32; 3]],
}

/// From the midline backward. The sizes are those of the textbooks on dental anatomy.
#[rustfmt::skip]
const UPPER: [Kind; 8] = [
    Kind { size: [8.6, 7.2, 10.4], profile: &UPPER_INCISOR, squareness: 0.45, beyond: 2.4, lean: 0.16, cusps: &[] },
    Kind { size: [6.7, 6.4, 9.2], profile: &UPPER_INCISOR, squareness: 0.3, beyond: 1.9, lean: 0.16, cusps: &[] },
    Kind { size: [7.7, 8.1, 10.0], profile: &CANINE, squareness: 0.15, beyond: 2.4, lean: 0.05, cusps: &[] },
    Kind { size: [7.1, 9.2, 8.4], profile: &PREMOLAR, squareness: 0.3, beyond: 1.6, lean: -0.03,
           cusps: &[[-0.02, 0.52, 0.0], [-0.12, -0.52, 0.8]] },
    Kind { size: [6.8, 9.1, 7.9], profile: &PREMOLAR, squareness: 0.35, beyond: 1.5, lean: -0.03,
           cusps: &[[0.0, 0.52, 0.0], [-0.06, -0.52, 0.3]] },
    Kind { size: [10.4, 11.3, 7.4], profile: &MOLAR, squareness: 0.55, beyond: 1.3, lean: -0.02,
           cusps: &[[-0.46, 0.56, 0.1], [0.42, 0.54, 0.3], [-0.34, -0.52, 0.0], [0.50, -0.56, 0.9]] },
    Kind { size: [9.7, 11.0, 7.0], profile: &MOLAR, squareness: 0.45, beyond: 1.2, lean: 0.02,
           cusps: &[[-0.46, 0.55, 0.0], [0.40, 0.50, 0.5], [-0.30, -0.50, 0.2], [0.52, -0.50, 1.2]] },
    Kind { size: [8.6, 10.0, 6.3], profile: &MOLAR, squareness: 0.3, beyond: 0.3, lean: 0.05,
           cusps: &[[-0.44, 0.54, 0.0], [0.42, 0.46, 0.6], [-0.1, -0.52, 0.3]] },
];

#[rustfmt::skip]
const LOWER: [Kind; 8] = [
    Kind { size: [5.4, 5.9, 8.9], profile: &LOWER_INCISOR, squareness: 0.3, beyond: 0.7, lean: 0.12, cusps: &[] },
    Kind { size: [5.8, 6.2, 9.1], profile: &LOWER_INCISOR, squareness: 0.3, beyond: 0.7, lean: 0.10, cusps: &[] },
    Kind { size: [6.9, 7.7, 10.2], profile: &CANINE, squareness: 0.15, beyond: 1.4, lean: 0.02, cusps: &[] },
    Kind { size: [7.0, 7.8, 8.6], profile: &PREMOLAR, squareness: 0.2, beyond: 1.0, lean: -0.06,
           cusps: &[[-0.02, 0.36, 0.0], [-0.05, -0.60, 1.9]] },
    Kind { size: [7.2, 8.3, 8.0], profile: &PREMOLAR, squareness: 0.35, beyond: 0.9, lean: -0.08,
           cusps: &[[-0.04, 0.44, 0.0], [-0.36, -0.56, 0.6], [0.40, -0.54, 0.9]] },
    Kind { size: [11.2, 10.5, 7.5], profile: &MOLAR, squareness: 0.6, beyond: 0.8, lean: -0.12,
           cusps: &[[-0.56, 0.52, 0.1], [0.06, 0.58, 0.1], [0.62, 0.38, 0.5], [-0.50, -0.54, 0.0], [0.38, -0.56, 0.1]] },
    Kind { size: [10.6, 10.2, 7.1], profile: &MOLAR, squareness: 0.6, beyond: 0.8, lean: -0.14,
           cusps: &[[-0.48, 0.54, 0.0], [0.44, 0.54, 0.2], [-0.48, -0.54, 0.0], [0.44, -0.54, 0.2]] },
    Kind { size: [9.8, 9.5, 6.5], profile: &MOLAR, squareness: 0.5, beyond: 0.5, lean: -0.12,
           cusps: &[[-0.48, 0.5, 0.0], [0.40, 0.5, 0.4], [-0.46, -0.5, 0.1], [0.42, -0.5, 0.4]] },
];

pub struct Dentition {
    pub arch: Arch,
    pub teeth: Vec<Tooth>,
    /// Each tooth's place along the arch, in the same order.
    pub along: Vec<f32>,
}

/// The teeth of one jaw. A rescan (a `version` above 1) finds one tooth a little elsewhere.
pub fn dentition(jaw: Side, seed: u64, version: u32) -> Dentition {
    // Size and wear are the person's, so both jaws share their stream.
    let mut person = Random::new(seed, 1);
    let size = 1.0 + person.about(0.035);
    let wear = 0.15 + 0.6 * person.share();
    let crowding = 0.25 + 0.75 * person.share();
    let recession = 0.7 * person.share() * person.share();

    let (kinds, arch, purpose) = match jaw {
        Side::Upper => (&UPPER, Arch::new(26.2 * size, 46.0 * size, 0.0), 2),
        Side::Lower => (&LOWER, Arch::new(23.9 * size, 43.6 * size, -2.6), 3),
    };
    let mut random = Random::new(seed, purpose);
    let mut found = Dentition {
        arch,
        teeth: Vec::new(),
        along: Vec::new(),
    };
    for side in [-1.0, 1.0] {
        let count = if random.share() < 0.2 { 8 } else { 7 };
        // The front teeth touch outside the arch's line, where the curve has carried them apart.
        let mut along = -0.35;
        for (index, kind) in kinds[..count].iter().enumerate() {
            let width = kind.size[0] * size * (1.0 + random.about(0.03));
            let middle = (along + width * 0.5) * side;
            along += width * 0.955;
            let mut tooth = build(kind, width, size, wear, &mut random);
            let front = if index < 3 { crowding } else { 0.45 };
            let turn = [
                random.about(0.22) * front - if index == 0 { 0.1 } else { 0.0 },
                random.about(0.05),
                random.about(0.06),
            ];
            let shift = [random.about(0.5) * front, random.about(0.3)];
            tooth.recession = recession + random.share() * 0.25;
            stand(&mut tooth, &found.arch, middle, kind, turn, shift);
            found.teeth.push(tooth);
            found.along.push(middle);
        }
    }
    if version > 1 {
        rescan(&mut found.teeth, seed, version);
    }
    found
}

fn build(kind: &Kind, width: f32, size: f32, wear: f32, random: &mut Random) -> Tooth {
    let (half_width, half_depth) = (width * 0.5, kind.size[1] * 0.5 * size);
    let height = kind.size[2] * size * (1.0 + random.about(0.04));
    let biting = if kind.cusps.is_empty() {
        let pointed = std::ptr::eq(kind.profile, &CANINE);
        let fall = if pointed { 0.52 } else { 0.03 } + random.share() * 0.06;
        Biting::Edge {
            fall,
            bluntness: if pointed { 0.7 } else { 1.5 },
        }
    } else {
        Biting::Cusps(mounds(kind, half_width, half_depth, height, random))
    };
    Tooth {
        origin: [0.0; 3],
        axes: [[0.0; 3]; 3],
        half_width,
        half_depth,
        height,
        profile: kind.profile,
        squareness: kind.squareness,
        biting,
        wear: wear * (0.5 + 0.5 * random.share()),
        papilla: if kind.cusps.len() > 2 {
            1.6
        } else if kind.cusps.is_empty() {
            3.2
        } else {
            2.2
        },
        recession: 0.0,
        seed: random.next() as u32,
    }
}

/// The cusps, and the two marginal ridges that close the biting surface toward the neighbors.
fn mounds(
    kind: &Kind,
    half_width: f32,
    half_depth: f32,
    height: f32,
    random: &mut Random,
) -> Vec<Cusp> {
    let mut mounds = Vec::new();
    for [x, y, below] in kind.cusps {
        let (x, y) = (
            x * half_width + random.about(0.3),
            y * half_depth + random.about(0.25),
        );
        let far = (x * x + y * y).sqrt();
        mounds.push(Cusp {
            x,
            y,
            top: height - below + random.about(0.2),
            ridge: [-x / far, -y / far],
            slope: 0.62 + random.about(0.06),
            length: 0.72,
        });
    }
    for end in [-1.0, 1.0] {
        mounds.push(Cusp {
            x: end * half_width * 0.86,
            y: 0.0,
            top: height - 1.25 + random.about(0.15),
            ridge: [0.0, 1.0],
            slope: 0.75,
            length: 0.12,
        });
    }
    mounds
}

/// Puts a tooth on the arch. Angles are small, so directions are bent and straightened instead of rotated.
fn stand(tooth: &mut Tooth, arch: &Arch, along: f32, kind: &Kind, turn: [f32; 3], shift: [f32; 2]) {
    let (point, tangent) = arch.at(along);
    let away = [tangent[0], tangent[1], 0.0];
    let cheek = if along < 0.0 {
        [tangent[1], -tangent[0], 0.0]
    } else {
        [-tangent[1], tangent[0], 0.0]
    };
    let lean = kind.lean + turn[2];
    let up = unit(add(
        [0.0, 0.0, 1.0],
        add(scale(away, turn[1]), scale(cheek, lean)),
    ));
    let out = add(cheek, scale(away, turn[0]));
    let out = unit(sub(out, scale(up, dot(out, up))));
    let mut away_from_midline = cross(out, up);
    if dot(away_from_midline, away) < 0.0 {
        away_from_midline = scale(away_from_midline, -1.0);
    }
    tooth.axes = [away_from_midline, out, up];
    let middle: Vec3 = [
        point[0] + cheek[0] * (shift[0] - lean * tooth.height * 0.5),
        point[1] + cheek[1] * (shift[0] - lean * tooth.height * 0.5),
        kind.beyond + shift[1] - tooth.height,
    ];
    tooth.origin = middle;
}

fn rescan(teeth: &mut [Tooth], seed: u64, version: u32) {
    let mut random = Random::new(seed, 1000 + u64::from(version));
    let index = (random.next() % teeth.len() as u64) as usize;
    let tooth = &mut teeth[index];
    tooth.wear += 0.1 + 0.2 * random.share();
    tooth.half_width *= 0.985;
    tooth.origin = add(
        tooth.origin,
        scale(tooth.axes[1], 0.15 + 0.15 * random.share()),
    );
}
