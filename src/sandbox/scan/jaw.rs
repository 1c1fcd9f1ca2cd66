//! One jaw as a body: teeth, gum, and in the upper jaw the palate; what a scanner saw of it; and its colors.
//!
//! Here a jaw lies with its teeth up (z), its front forward (y); `mesh` turns it to its place in the mouth.

use super::arch::Place;
use super::dentition::{Dentition, Side, dentition};
use super::math::{Vec3, add, bell, join, meet, mix, mix3, noise, ramp, scale};

pub struct Jaw {
    pub side: Side,
    dentition: Dentition,
    rails: Vec<Vec3>,
    seed: u32,
    ends: [f32; 2],
}

/// What all points above and below each other have in common.
#[derive(Clone, Copy)]
pub struct Column {
    place: Place,
    neck: f32,
    outer: f32,
    inner: f32,
    /// Those near enough to shape something here.
    teeth: [u8; 6],
    count: u8,
}

/// What is at a point.
#[derive(Clone, Copy)]
pub struct Found {
    pub distance: f32,
    gum: f32,
    tooth: f32,
    level: f32,
    fissure: f32,
    which: u8,
}

const RAIL_HALF: f32 = 80.0;

impl Jaw {
    pub fn new(side: Side, seed: u64, version: u32) -> Jaw {
        let dentition = dentition(side, seed, version);
        let rails = rails(&dentition);
        let furthest = |sign: f32| {
            let along = dentition.along.iter().zip(&dentition.teeth);
            along
                .map(|(along, tooth)| along * sign + tooth.half_width)
                .fold(0.0, f32::max)
        };
        let ends = [furthest(-1.0), furthest(1.0)];
        Jaw {
            side,
            dentition,
            rails,
            seed: seed as u32 ^ (seed >> 32) as u32,
            ends,
        }
    }

    /// A box that holds everything the scanner could see.
    pub fn bounds(&self) -> (Vec3, Vec3) {
        ([-38.0, -72.0, -25.0], [38.0, 9.0, 4.0])
    }

    pub fn column(&self, x: f32, y: f32) -> Column {
        let place = self.dentition.arch.place(x, y);
        let position = (place.along + RAIL_HALF).clamp(0.0, 2.0 * RAIL_HALF - 0.001);
        let (index, share) = (position as usize, position - position.floor());
        let (here, next) = (self.rails[index], self.rails[index + 1]);
        let [neck, outer, inner] = mix3(here, next, share);
        let mut column = Column {
            place,
            neck,
            outer,
            inner,
            teeth: [0; 6],
            count: 0,
        };
        for (index, tooth) in self.dentition.teeth.iter().enumerate() {
            let (dx, dy) = (x - tooth.origin[0], y - tooth.origin[1]);
            let reach = tooth.reach();
            if dx * dx + dy * dy < reach * reach && (column.count as usize) < column.teeth.len() {
                column.teeth[column.count as usize] = index as u8;
                column.count += 1;
            }
        }
        column
    }

    pub fn find(&self, point: Vec3, column: &Column) -> Found {
        let mut found = Found {
            distance: 0.0,
            gum: self.ridge(point, column),
            tooth: 100.0,
            level: 0.0,
            fissure: 0.0,
            which: 0,
        };
        for &index in &column.teeth[..column.count as usize] {
            let near = self.dentition.teeth[index as usize].near(point);
            found.gum = join(found.gum, near.gum, 1.3);
            if near.tooth < found.tooth {
                found.level = near.level;
                found.fissure = near.fissure;
                found.which = index;
            }
            found.tooth = join(found.tooth, near.tooth, 0.35);
        }
        found.distance = join(found.gum, found.tooth, 0.6);
        found
    }

    /// The gum without the teeth: a wall toward the cheek, another toward the tongue or the palate's vault.
    fn ridge(&self, point: Vec3, column: &Column) -> f32 {
        let Place { along, outward } = column.place;
        let below = column.neck - point[2];
        let swell = 0.5
            * noise(
                [point[0] * 0.16, point[1] * 0.16, point[2] * 0.12],
                self.seed,
            );
        let crest = -below + 1.0 + swell * 0.5;
        let cheek = outward - column.outer + 0.5 - 1.1 * ramp(2.0, 10.0, below)
            + 0.12 * below.min(5.0)
            - swell;
        let ridge = meet(crest, cheek, 2.6);
        let inner = -outward - column.inner - 0.6;
        match self.side {
            Side::Lower => meet(ridge, inner - 0.1 - 0.2 * below + swell * 0.4, 3.5),
            Side::Upper => {
                let wall = meet(ridge, inner - 0.15 - 0.3 * below, 3.0);
                let palate = (point[2] - self.palate(point, inner, column.neck, along)) * 0.8;
                join(wall, meet(palate, outward, 2.0), 3.5)
            }
        }
    }

    /// The height of the palate: a vault, with the folds and the papilla behind the incisors.
    fn palate(&self, point: Vec3, inner: f32, neck: f32, along: f32) -> f32 {
        let [x, y, _] = point;
        let back = ramp(-6.0, -30.0, y);
        let deep = mix(6.0, 9.5, back);
        let seam = 0.35 * bell(x, 1.2) * ramp(-10.0, -16.0, y);
        let vault = neck - 1.2 - deep * ramp(-2.0, 15.0, inner);
        let papilla = 1.1 * bell(x, 2.4) * bell(y + 9.5, 4.2);
        let wander = noise([x * 0.22, y * 0.22, 5.5], self.seed);
        let from_front = (x * x * 0.35 + (y + 3.0) * (y + 3.0)).sqrt() + 1.5 * wander;
        let phase = from_front / 3.4 - (from_front / 3.4).floor() - 0.5;
        let folds = 0.75
            * bell(phase, 0.36)
            * ramp(8.0, 11.0, from_front)
            * ramp(24.0, 18.0, from_front)
            * ramp(0.8, 2.6, x.abs())
            * ramp(1.0, 4.0, inner)
            * ramp(30.0, 20.0, along.abs());
        vault + papilla + folds + seam + 0.18 * wander
    }

    /// Whether the scanner came this far. Its edge is uneven, as a hand guides it.
    pub fn seen(&self, point: Vec3, column: &Column) -> bool {
        let Place { along, outward } = column.place;
        let wobble = 1.1 * noise([point[0] * 0.17, point[1] * 0.17, 2.5], self.seed)
            + 0.25 * noise([point[0] * 0.9, point[1] * 0.9, 2.5], self.seed);
        let end = if along < 0.0 {
            self.ends[0]
        } else {
            self.ends[1]
        };
        if along.abs() > end + 3.5 + wobble && (outward > -6.0 || self.side == Side::Lower) {
            return false;
        }
        let below = column.neck - point[2];
        let back = mix(-46.0, -43.0, bell(point[0], 20.0));
        match self.side {
            Side::Upper if outward < 0.0 => point[1] > back + wobble || outward > -6.0,
            Side::Upper => below < 8.2 + wobble,
            Side::Lower if outward < 0.0 => below < 8.3 + wobble && outward > -14.0,
            Side::Lower => below < 6.6 + wobble,
        }
    }

    /// The color, red, green and blue between 0 and 1. `openness` is 0 in a narrow gap, 1 on an open surface.
    pub fn color(&self, point: Vec3, column: &Column, found: &Found, openness: f32) -> Vec3 {
        let tone = noise(
            [point[0] * 0.35, point[1] * 0.35, point[2] * 0.35],
            self.seed,
        );
        let grain = noise([point[0] * 2.2, point[1] * 2.2, point[2] * 2.2], self.seed);
        let below = column.neck - point[2];
        let pale = mix3(
            [0.90, 0.59, 0.57],
            [0.78, 0.36, 0.37],
            ramp(0.0, 7.0, below + 1.5 * tone),
        );
        let palate = bell(column.place.outward + 16.0, 14.0) * 0.5;
        let gum = mix3(pale, [0.87, 0.56, 0.53], palate);
        let gum = gum.map(|channel| channel + 0.035 * tone + 0.025 * grain);
        let ivory = mix3(
            [0.80, 0.70, 0.53],
            [0.91, 0.86, 0.74],
            ramp(-0.1, 0.55, found.level),
        );
        let ivory = mix3(
            ivory,
            [0.83, 0.83, 0.80],
            0.7 * ramp(0.72, 1.05, found.level),
        );
        let warmth = 0.02 * (f32::from(found.which * 7 % 5) - 2.0) / 2.0;
        let ivory = [
            ivory[0] + 0.02 * tone,
            ivory[1] + 0.02 * tone + warmth * 0.5,
            ivory[2] + warmth,
        ];
        let ivory = mix3(
            ivory,
            [0.55, 0.42, 0.28],
            0.45 * found.fissure * found.fissure,
        );
        let tissue = mix3(ivory, gum, ramp(0.3, -0.22, found.gum - found.tooth));
        // Light that comes back out of a gap is redder: it has met the tissue several times.
        let shade = mix(0.45, 1.0, openness);
        [
            tissue[0] * mix(shade, 1.0, 0.25),
            tissue[1] * shade,
            tissue[2] * shade,
        ]
        .map(|channel| channel.clamp(0.0, 1.0))
    }
}

/// Along the arch a millimeter apart: how high the necks are, how far the ridge reaches outward and inward.
fn rails(dentition: &Dentition) -> Vec<Vec3> {
    let mut stations: Vec<(f32, Vec3)> = dentition
        .along
        .iter()
        .zip(&dentition.teeth)
        .map(|(along, tooth)| {
            // A leaning tooth's neck is not on the arch.
            let aside = dentition
                .arch
                .place(tooth.origin[0], tooth.origin[1])
                .outward;
            let neck = tooth.origin[2] - tooth.recession;
            (
                *along,
                [neck, tooth.half_depth + aside, tooth.half_depth - aside],
            )
        })
        .collect();
    stations.sort_by(|a, b| a.0.total_cmp(&b.0));
    let at = |along: f32| {
        let after = stations.iter().position(|station| station.0 > along);
        match after {
            Some(0) => stations[0].1,
            None => stations[stations.len() - 1].1,
            Some(index) => {
                let (from, to) = (stations[index - 1], stations[index]);
                mix3(from.1, to.1, (along - from.0) / (to.0 - from.0))
            }
        }
    };
    let samples = 2 * RAIL_HALF as i32 + 1;
    (0..=samples)
        .map(|sample| {
            let middle = sample as f32 - RAIL_HALF;
            // Averaged over a tooth's width, or the ridge would step from tooth to tooth.
            let sum = (-4..=4).fold([0.0; 3], |sum, offset| add(sum, at(middle + offset as f32)));
            scale(sum, 1.0 / 9.0)
        })
        .collect()
}
