//! One photograph's scene: season and weather, hills, ground, and on it what the project is about, as far as it has come.

use geodata::demo_county::Theme;
use geodata::demo_county::chance::Chance;

use super::canvas::{Canvas, Point, Rgb, View, WIDTH, lit, mixed};
use super::{buildings, grounds};

pub(super) const HORIZON: f32 = 262.0;

/// What a photograph shows.
#[derive(Debug, Clone, Copy)]
pub struct Shot {
    pub theme: Theme,
    /// The same for all pictures of one site: its shapes and colours.
    pub place: u64,
    /// How far the work has come, 0 to 100.
    pub percent: i16,
    /// 1 to 12: the season's light and leaves.
    pub month: u32,
    /// Different for every picture: where the camera stood, the weather, the grain.
    pub moment: u64,
}

struct Weather {
    sky: (Rgb, Rgb),
    clouds: usize,
    warmth: f32,
    light: f32,
}

const WEATHERS: [Weather; 5] = [
    Weather { sky: ([86, 148, 214], [205, 226, 240]), clouds: 5, warmth: 0.3, light: 1.04 },
    Weather { sky: ([118, 166, 212], [226, 232, 232]), clouds: 9, warmth: 0.1, light: 1.0 },
    Weather { sky: ([158, 172, 184], [216, 220, 220]), clouds: 12, warmth: -0.4, light: 0.92 },
    Weather { sky: ([126, 160, 206], [247, 222, 184]), clouds: 6, warmth: 1.0, light: 1.02 },
    Weather { sky: ([176, 184, 190], [206, 208, 206]), clouds: 4, warmth: -0.7, light: 0.86 },
];

/// Paints a scene. `percent` 0 shows the site before the work, 100 the finished work.
pub(super) fn paint(shot: &Shot) -> Canvas {
    let mut place = Chance::new(shot.place, 1);
    let mut moment = Chance::new(shot.moment, 2);
    let view = View { zoom: moment.between(0.94, 1.14) as f32, east: moment.between(-26.0, 26.0) as f32, down: moment.between(-8.0, 12.0) as f32 };
    let weather = moment.pick(&WEATHERS);
    let mut canvas = Canvas::new(view);
    sky(&mut canvas, weather, &mut moment);
    hills(&mut canvas, weather, shot.month, &mut place);
    let ground = mixed(leaves(shot.month), [150, 132, 100], if (1..100).contains(&shot.percent) { 0.75 } else { 0.12 });
    // Further out than any view reaches.
    canvas.polygon(&[(-200.0, HORIZON), (840.0, HORIZON), (840.0, 700.0), (-200.0, 700.0)], lit(ground, weather.light));
    patches(&mut canvas, lit(ground, weather.light), &mut place);
    let progress = f32::from(shot.percent) / 100.0;
    let mut paint = Paint { canvas, progress, light: weather.light, leaf: lit(leaves(shot.month), weather.light * 0.82), place, moment };
    match shot.theme {
        Theme::Road => grounds::road(&mut paint),
        Theme::Water => grounds::water(&mut paint),
        Theme::Park => grounds::park(&mut paint),
        Theme::Parking => grounds::parking(&mut paint),
        built => buildings::building(&mut paint, built),
    }
    let Paint { mut canvas, mut moment, .. } = paint;
    canvas.develop(weather.warmth, &mut moment);
    canvas
}

/// A scene on its way: where to paint, how far the work is, and the light.
pub(super) struct Paint {
    pub canvas: Canvas,
    pub progress: f32,
    pub light: f32,
    pub leaf: Rgb,
    pub place: Chance,
    pub moment: Chance,
}

impl Paint {
    pub fn is_building_site(&self) -> bool {
        self.progress > 0.0 && self.progress < 1.0
    }

    pub fn lit(&self, colour: Rgb) -> Rgb {
        lit(colour, self.light)
    }

    pub fn block(&mut self, west: f32, top: f32, east: f32, bottom: f32, colour: Rgb) {
        let colour = self.lit(colour);
        self.canvas.rectangle(west, top, east, bottom, colour);
    }

    pub fn tree(&mut self, foot: Point, height: f32) {
        let shadow = [60, 66, 52];
        self.canvas.ellipse((foot.0 + height * 0.2, foot.1), (height * 0.42, height * 0.07), shadow, 0.35);
        self.canvas.rectangle(foot.0 - height * 0.03, foot.1 - height * 0.45, foot.0 + height * 0.03, foot.1, [92, 74, 56]);
        for (across, up, size, light) in [(0.0, 0.66, 0.32, 0.9), (-0.17, 0.55, 0.22, 0.82), (0.18, 0.56, 0.22, 1.0), (0.04, 0.8, 0.2, 1.1)] {
            let middle = (foot.0 + height * across, foot.1 - height * up);
            self.canvas.ellipse(middle, (height * size, height * size * 0.9), lit(self.leaf, light), 1.0);
        }
    }

    /// The blue hoarding around a building site, with a gap for the camera.
    pub fn hoarding(&mut self, top: f32) {
        let gap = 200.0 + self.place.between(0.0, 160.0) as f32;
        for (west, east) in [(-120.0, gap), (gap + 150.0, 760.0)] {
            self.block(west, top, east, top + 46.0, [58, 122, 176]);
            self.block(west, top, east, top + 5.0, [230, 234, 236]);
            let posts = ((east - west) / 44.0) as usize;
            for post in 0..posts {
                let at = west + 44.0 * post as f32;
                self.block(at, top, at + 2.5, top + 46.0, [44, 96, 142]);
            }
        }
    }

    /// The notice that says what is built here; without words, as pictures of notices are.
    pub fn notice(&mut self, west: f32, top: f32) {
        self.block(west + 6.0, top + 40.0, west + 9.0, top + 82.0, [120, 124, 128]);
        self.block(west + 67.0, top + 40.0, west + 70.0, top + 82.0, [120, 124, 128]);
        self.block(west, top, west + 76.0, top + 48.0, [240, 242, 242]);
        self.block(west, top, west + 76.0, top + 12.0, [30, 98, 168]);
        for row in 0..4 {
            let width = 34.0 + 24.0 * self.place.unit() as f32;
            self.block(west + 8.0, top + 18.0 + 7.0 * row as f32, west + 8.0 + width, top + 20.5 + 7.0 * row as f32, [150, 156, 160]);
        }
    }

    pub fn person(&mut self, foot: Point, height: f32, coat: Rgb) {
        self.canvas.ellipse((foot.0 + 2.0, foot.1), (height * 0.2, height * 0.05), [50, 50, 46], 0.4);
        self.block(foot.0 - height * 0.08, foot.1 - height * 0.45, foot.0 - 0.5, foot.1, [52, 58, 72]);
        self.block(foot.0 + 0.5, foot.1 - height * 0.45, foot.0 + height * 0.08, foot.1, [58, 64, 80]);
        self.block(foot.0 - height * 0.12, foot.1 - height * 0.84, foot.0 + height * 0.12, foot.1 - height * 0.4, coat);
        self.canvas.ellipse((foot.0, foot.1 - height * 0.92), (height * 0.075, height * 0.085), [216, 178, 148], 1.0);
    }

    /// A worker in a yellow helmet and an orange vest.
    pub fn worker(&mut self, foot: Point, height: f32) {
        self.person(foot, height, [232, 116, 40]);
        self.canvas.ellipse((foot.0, foot.1 - height * 0.97), (height * 0.09, height * 0.055), [246, 200, 40], 1.0);
    }

    pub fn heap(&mut self, middle: Point, width: f32, colour: Rgb) {
        let colour = self.lit(colour);
        let (x, y) = middle;
        let height = width * 0.36;
        self.canvas
            .polygon(&[(x - width / 2.0, y), (x - width * 0.12, y - height), (x + width * 0.1, y - height * 0.94), (x + width / 2.0, y)], colour);
        self.canvas.polygon(&[(x + width * 0.1, y - height * 0.94), (x + width / 2.0, y), (x + width * 0.05, y)], lit(colour, 0.86));
    }
}

fn leaves(month: u32) -> Rgb {
    match month {
        12 | 1 | 2 => [128, 126, 92],
        3 | 4 => [124, 160, 84],
        5..=8 => [84, 138, 70],
        9 | 10 => [132, 146, 72],
        _ => [158, 136, 74],
    }
}

fn sky(canvas: &mut Canvas, weather: &Weather, chance: &mut Chance) {
    canvas.gradient(0.0, 320.0, weather.sky.0, weather.sky.1);
    for _ in 0..weather.clouds {
        let (x, y) = (chance.between(-60.0, WIDTH as f64 + 60.0) as f32, chance.between(-10.0, 150.0) as f32);
        for puff in 0..5 {
            let offset = (puff as f32 - 2.0) * 26.0;
            let radius = (chance.between(26.0, 54.0) as f32, chance.between(7.0, 17.0) as f32);
            canvas.ellipse((x + offset, y + chance.between(-5.0, 5.0) as f32), radius, [250, 250, 248], 0.22);
        }
    }
}

fn hills(canvas: &mut Canvas, weather: &Weather, month: u32, chance: &mut Chance) {
    for (layer, haze) in [(0, 0.68), (1, 0.45)] {
        let colour = lit(mixed(mixed(leaves(month), [40, 84, 78], 0.5), weather.sky.1, haze), weather.light);
        let (height, slope) = (chance.between(26.0, 84.0) as f32 / (1.0 + layer as f32), chance.between(0.0, 6.0) as f32);
        let mut ridge: Vec<Point> = (0..=32)
            .map(|step| {
                let x = -200.0 + 1040.0 * step as f32 / 32.0;
                let wave = (x / 92.0 + slope).sin() * 0.5 + (x / 37.0 + slope * 2.0).sin() * 0.2 + (x / 211.0 + slope * 3.0).sin() * 0.6;
                (x, HORIZON - height * (0.75 + 0.5 * wave))
            })
            .collect();
        ridge.extend([(840.0, HORIZON + 4.0), (-200.0, HORIZON + 4.0)]);
        canvas.polygon(&ridge, colour);
    }
    let hedge = lit(mixed(leaves(month), [48, 72, 52], 0.45), weather.light);
    for step in 0..46 {
        let x = -160.0 + 21.0 * step as f32;
        let size = chance.between(7.0, 17.0) as f32;
        canvas.ellipse((x, HORIZON - size * 0.35), (size * 1.25, size * 0.8), lit(hedge, chance.between(0.86, 1.1) as f32), 1.0);
    }
}

/// Lighter and darker spots, so that the ground is not a flat colour.
fn patches(canvas: &mut Canvas, ground: Rgb, chance: &mut Chance) {
    for _ in 0..34 {
        let depth = chance.unit() as f32;
        let middle = (chance.between(-120.0, 760.0) as f32, HORIZON + 8.0 + 230.0 * depth);
        let radius = (20.0 + 80.0 * depth, 3.0 + 11.0 * depth);
        canvas.ellipse(middle, radius, lit(ground, chance.between(0.84, 1.14) as f32), 0.5);
    }
}
