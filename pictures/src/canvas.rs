//! A small painter: smooth-edged polygons, discs and lines on a picture of 640 × 480, and the grain of a telephone's camera.

use geodata::demo_county::chance::Chance;

pub(super) const WIDTH: usize = 640;
pub(super) const HEIGHT: usize = 480;
/// Samples down one pixel; across, coverage is exact.
const SAMPLES: usize = 3;

pub(super) type Rgb = [u8; 3];
pub(super) type Point = (f32, f32);

/// Where the camera stands: everything but the sky is moved and scaled about the middle of the horizon.
#[derive(Clone, Copy)]
pub(super) struct View {
    pub zoom: f32,
    pub east: f32,
    pub down: f32,
}

pub(super) struct Canvas {
    pub pixels: Vec<u8>,
    pub view: View,
    coverage: Vec<f32>,
}

impl Canvas {
    pub fn new(view: View) -> Self {
        Self { pixels: vec![0; WIDTH * HEIGHT * 3], view, coverage: vec![0.0; WIDTH + 2] }
    }

    fn seen(&self, point: Point) -> Point {
        let View { zoom, east, down } = self.view;
        ((point.0 - 320.0) * zoom + 320.0 + east, (point.1 - super::scene::HORIZON) * zoom + super::scene::HORIZON + down)
    }

    /// Fills whole rows from `top` to `bottom` with colours that run into each other; not moved by the view.
    pub fn gradient(&mut self, top: f32, bottom: f32, from: Rgb, to: Rgb) {
        let (first, last) = (top.max(0.0) as usize, (bottom.min(HEIGHT as f32)) as usize);
        for row in first..last {
            let colour = mixed(from, to, (row as f32 - top) / (bottom - top));
            for pixel in self.pixels[row * WIDTH * 3..(row + 1) * WIDTH * 3].chunks_exact_mut(3) {
                pixel.copy_from_slice(&colour);
            }
        }
    }

    pub fn polygon(&mut self, corners: &[Point], colour: Rgb) {
        self.glaze(corners, colour, 1.0);
    }

    /// A polygon through which the ground shows: `strength` 1 hides it.
    pub fn glaze(&mut self, corners: &[Point], colour: Rgb, strength: f32) {
        let corners: Vec<_> = corners.iter().map(|corner| self.seen(*corner)).collect();
        let (top, bottom) = corners.iter().fold((f32::MAX, f32::MIN), |(top, bottom), corner| (top.min(corner.1), bottom.max(corner.1)));
        let (first, last) = (top.max(0.0) as usize, bottom.ceil().clamp(0.0, HEIGHT as f32) as usize);
        let mut crossings = Vec::with_capacity(8);
        for row in first..last {
            let (mut west, mut east) = (WIDTH, 0);
            for sample in 0..SAMPLES {
                let y = row as f32 + (sample as f32 + 0.5) / SAMPLES as f32;
                crossings_at(&corners, y, &mut crossings);
                for span in crossings.chunks_exact(2) {
                    let (from, to) = (span[0].clamp(0.0, WIDTH as f32), span[1].clamp(0.0, WIDTH as f32));
                    if to > from {
                        self.cover(from, to);
                        west = west.min(from as usize);
                        east = east.max(to.ceil() as usize);
                    }
                }
            }
            self.blend(row, west, east.min(WIDTH), colour, strength);
        }
    }

    fn cover(&mut self, from: f32, to: f32) {
        let (first, last) = (from as usize, to as usize);
        let part = 1.0 / SAMPLES as f32;
        if first == last {
            self.coverage[first] += (to - from) * part;
            return;
        }
        self.coverage[first] += (first as f32 + 1.0 - from) * part;
        self.coverage[last] += (to - last as f32) * part;
        for cell in &mut self.coverage[first + 1..last] {
            *cell += part;
        }
    }

    fn blend(&mut self, row: usize, west: usize, east: usize, colour: Rgb, strength: f32) {
        if west >= east {
            return;
        }
        let pixels = &mut self.pixels[(row * WIDTH + west) * 3..(row * WIDTH + east) * 3];
        for (pixel, covered) in pixels.chunks_exact_mut(3).zip(&mut self.coverage[west..=east]) {
            let weight = (covered.min(1.0) * strength * 256.0) as i32;
            *covered = 0.0;
            for (value, wanted) in pixel.iter_mut().zip(colour) {
                *value = (i32::from(*value) + (((i32::from(wanted) - i32::from(*value)) * weight) >> 8)) as u8;
            }
        }
        self.coverage[east] = 0.0;
    }

    pub fn rectangle(&mut self, west: f32, top: f32, east: f32, bottom: f32, colour: Rgb) {
        self.polygon(&[(west, top), (east, top), (east, bottom), (west, bottom)], colour);
    }

    pub fn line(&mut self, from: Point, to: Point, width: f32, colour: Rgb) {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = dx.hypot(dy).max(0.01);
        let (ox, oy) = (-dy / length * width / 2.0, dx / length * width / 2.0);
        self.polygon(&[(from.0 + ox, from.1 + oy), (to.0 + ox, to.1 + oy), (to.0 - ox, to.1 - oy), (from.0 - ox, from.1 - oy)], colour);
    }

    /// An ellipse; `strength` as in [`Canvas::glaze`].
    pub fn ellipse(&mut self, middle: Point, radius: Point, colour: Rgb, strength: f32) {
        let corners: Vec<_> = (0..20)
            .map(|corner| {
                let angle = corner as f32 * std::f32::consts::TAU / 20.0;
                (middle.0 + radius.0 * angle.cos(), middle.1 + radius.1 * angle.sin())
            })
            .collect();
        self.glaze(&corners, colour, strength);
    }

    /// Grain, a little light fall-off towards the corners, and warmth: what makes a drawing look taken.
    pub fn develop(&mut self, warmth: f32, chance: &mut Chance) {
        let gains = [1.0 + 0.05 * warmth, 1.0, 1.0 - 0.06 * warmth];
        let mut bits = chance.bits() | 1;
        for (row, line) in self.pixels.chunks_exact_mut(WIDTH * 3).enumerate() {
            let off_y = (row as f32 - 240.0) / 240.0;
            for (column, pixel) in line.chunks_exact_mut(3).enumerate() {
                let off_x = (column as f32 - 320.0) / 320.0;
                let light = 1.0 - 0.11 * (off_x * off_x + off_y * off_y);
                bits ^= bits << 13;
                bits ^= bits >> 7;
                bits ^= bits << 17;
                let grain = (bits >> 60) as f32 - 7.5;
                for (value, gain) in pixel.iter_mut().zip(gains) {
                    *value = (f32::from(*value) * light * gain + grain * 0.55) as u8;
                }
            }
        }
    }
}

fn crossings_at(corners: &[Point], y: f32, crossings: &mut Vec<f32>) {
    crossings.clear();
    let mut from = corners[corners.len() - 1];
    for to in corners {
        if (from.1 <= y) != (to.1 <= y) {
            crossings.push(from.0 + (y - from.1) / (to.1 - from.1) * (to.0 - from.0));
        }
        from = *to;
    }
    crossings.sort_unstable_by(f32::total_cmp);
}

/// The colour `part` of the way from one to the other.
pub(super) fn mixed(from: Rgb, to: Rgb, part: f32) -> Rgb {
    let part = part.clamp(0.0, 1.0);
    std::array::from_fn(|channel| (f32::from(from[channel]) + (f32::from(to[channel]) - f32::from(from[channel])) * part) as u8)
}

/// The colour in shade (below 1) or light (above).
pub(super) fn lit(colour: Rgb, light: f32) -> Rgb {
    colour.map(|channel| (f32::from(channel) * light).min(255.0) as u8)
}
