//! The dental arch: the curve on which a jaw's teeth stand.
//!
//! Half an ellipse with straight ends, as dental arches nearly are. Its own coordinates make the rest simple: along
//! the arch from the midline (negative on the patient's right) and outward toward the cheek.

/// Step of the sampled curve in millimeters.
const STEP: f32 = 0.5;
/// Where the straight end stops; longer than any jaw.
const STRAIGHT: f32 = 36.0;

pub struct Arch {
    /// The left half, `STEP` apart, from the midline backward.
    points: Vec<[f32; 2]>,
    tangents: Vec<[f32; 2]>,
}

/// A place seen from the arch.
#[derive(Clone, Copy)]
pub struct Place {
    pub along: f32,
    pub outward: f32,
}

impl Arch {
    /// An arch of half width `half_width` and depth `depth`, whose front is at `front` on the y axis.
    pub fn new(half_width: f32, depth: f32, front: f32) -> Arch {
        let curve = |t: f32| {
            let below = 1.0 + t * t;
            [
                half_width * 2.0 * t / below,
                front - depth * 2.0 * t * t / below,
            ]
        };
        let mut points = vec![curve(0.0)];
        let (mut last, mut walked) = (curve(0.0), 0.0);
        let fine = 4000;
        for index in 1..=fine {
            let point = curve(index as f32 / fine as f32);
            walked += length([point[0] - last[0], point[1] - last[1]]);
            last = point;
            if walked >= STEP {
                points.push(point);
                walked -= STEP;
            }
        }
        // Third molars stand a little nearer to the midline than the ellipse's flank.
        let steps = (STRAIGHT / STEP) as usize;
        let mut point = points[points.len() - 1];
        for index in 0..steps {
            let lean = -0.12 * (index as f32 / 12.0).min(1.0);
            let stretch = STEP / (1.0 + lean * lean).sqrt();
            point = [point[0] + lean * stretch, point[1] - stretch];
            points.push(point);
        }
        let tangents = (0..points.len())
            .map(|index| {
                let before = if index == 0 {
                    [-points[1][0], points[1][1]]
                } else {
                    points[index - 1]
                };
                let after = points[(index + 1).min(points.len() - 1)];
                let along = [after[0] - before[0], after[1] - before[1]];
                let size = length(along);
                [along[0] / size, along[1] / size]
            })
            .collect();
        Arch { points, tangents }
    }

    /// The point at a distance from the midline, and the direction away from the midline.
    pub fn at(&self, along: f32) -> ([f32; 2], [f32; 2]) {
        let position = (along.abs() / STEP).min(self.points.len() as f32 - 1.001);
        let index = position as usize;
        let share = position - index as f32;
        let between =
            |a: [f32; 2], b: [f32; 2]| [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
        let point = between(self.points[index], self.points[index + 1]);
        let tangent = between(self.tangents[index], self.tangents[index + 1]);
        let size = length(tangent);
        let side = if along < 0.0 { -1.0 } else { 1.0 };
        (
            [point[0] * side, point[1]],
            [tangent[0] / size * side, tangent[1] / size],
        )
    }

    /// Where a point is, seen from the arch.
    pub fn place(&self, x: f32, y: f32) -> Place {
        let left = [x.abs(), y];
        let (mut nearest, mut least) = (0, f32::MAX);
        for (index, point) in self.points.iter().enumerate() {
            let gap = [left[0] - point[0], left[1] - point[1]];
            let square = gap[0] * gap[0] + gap[1] * gap[1];
            if square < least {
                (nearest, least) = (index, square);
            }
        }
        let (point, tangent) = (self.points[nearest], self.tangents[nearest]);
        let forward = (left[0] - point[0]) * tangent[0] + (left[1] - point[1]) * tangent[1];
        // Seen from the curve between the samples, or each sample would leave a line in the gum.
        let along = (nearest as f32 * STEP + forward.clamp(-STEP, STEP)).max(0.0);
        let (point, tangent) = self.at(along);
        let further = (left[0] - point[0]) * tangent[0] + (left[1] - point[1]) * tangent[1];
        let along = (along + further.clamp(-STEP, STEP)).max(0.0);
        let (point, tangent) = self.at(along);
        let side = if x < 0.0 { -1.0 } else { 1.0 };
        Place {
            along: along * side,
            outward: (left[1] - point[1]) * tangent[0] - (left[0] - point[0]) * tangent[1],
        }
    }
}

fn length(v: [f32; 2]) -> f32 {
    (v[0] * v[0] + v[1] * v[1]).sqrt()
}
