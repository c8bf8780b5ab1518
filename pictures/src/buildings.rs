//! Houses of every kind: before the work an empty plot or a tired old house, then frame, scaffolding and paint, at last the finished one.

use geodata::demo_county::Theme;

use super::canvas::{Rgb, lit, mixed};
use super::scene::{HORIZON, Paint};

/// How a kind of house looks when it is finished.
struct Style {
    floors: usize,
    width: f32,
    floor_height: f32,
    walls: [Rgb; 3],
    trim: Rgb,
    roof: Roof,
    /// The house was there before and is renewed; otherwise it is built from the ground.
    renewed: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Roof {
    Flat,
    /// Dark tiles with turned-up eaves.
    Tiled,
    /// One broad sheet over a hall.
    Vaulted,
}

fn style(theme: Theme) -> Style {
    let new = |floors, width, floor_height, walls, trim, roof| Style { floors, width, floor_height, walls, trim, roof, renewed: false };
    let renewed = |floors, width, floor_height, walls, trim, roof| Style { floors, width, floor_height, walls, trim, roof, renewed: true };
    match theme {
        Theme::Kindergarten => new(3, 330.0, 40.0, [[250, 226, 160], [246, 214, 190], [206, 230, 226]], [232, 120, 84], Roof::Flat),
        Theme::Clinic => renewed(2, 300.0, 44.0, [[244, 246, 244], [236, 242, 240], [246, 242, 232]], [46, 148, 120], Roof::Flat),
        Theme::Canteen => renewed(1, 280.0, 62.0, [[246, 244, 236], [240, 236, 224], [250, 246, 240]], [166, 44, 40], Roof::Tiled),
        Theme::Housing => renewed(6, 350.0, 30.0, [[238, 214, 184], [222, 200, 178], [230, 222, 208]], [150, 92, 70], Roof::Flat),
        Theme::Market => renewed(1, 390.0, 74.0, [[232, 236, 238], [236, 230, 218], [222, 232, 226]], [216, 92, 44], Roof::Vaulted),
        _ => new(2, 300.0, 48.0, [[246, 242, 232], [240, 238, 230], [244, 234, 220]], [128, 52, 40], Roof::Tiled),
    }
}

pub(super) fn building(paint: &mut Paint, theme: Theme) {
    let style = style(theme);
    let west = 320.0 - style.width / 2.0 + paint.place.between(-40.0, 40.0) as f32;
    let foot = HORIZON + 74.0;
    let walls = *paint.place.pick(&style.walls);
    if paint.progress >= 1.0 {
        forecourt(paint, foot);
        house(paint, &style, west, foot, walls, 1.0);
        signs(paint, theme, &style, west, foot);
        surroundings(paint, theme, west, foot, style.width);
    } else if style.renewed {
        house(paint, &style, west, foot, [178, 174, 164], 0.72);
        if paint.is_building_site() {
            renew(paint, &style, west, foot, walls);
            scaffolding(paint, west, foot, style.width, style.floors as f32 * style.floor_height);
            yard(paint);
        }
        paint.tree((west - 62.0, foot + 12.0), 96.0);
        paint.notice(470.0, foot + 6.0);
    } else if paint.progress <= 0.0 {
        empty_plot(paint, foot);
    } else {
        raise(paint, &style, west, foot, walls);
        yard(paint);
    }
}

fn house(paint: &mut Paint, style: &Style, west: f32, foot: f32, walls: Rgb, care: f32) {
    let (east, top) = (west + style.width, foot - style.floors as f32 * style.floor_height);
    paint.canvas.glaze(&[(east - 4.0, foot), (east + 70.0, foot + 14.0), (west + 60.0, foot + 14.0), (west, foot)], [40, 44, 40], 0.3);
    // A side in shade gives the house its depth.
    let side = paint.lit(lit(walls, 0.74));
    paint.canvas.polygon(&[(east, top), (east + 34.0, top + 8.0), (east + 34.0, foot - 8.0), (east, foot)], side);
    paint.block(west, top, east, foot, walls);
    for floor in 0..style.floors {
        let floor_top = top + style.floor_height * floor as f32;
        paint.block(west, floor_top, east, floor_top + 2.5, lit(mixed(walls, style.trim, 0.4 * care), 0.92));
        windows(paint, style, west, floor_top, care);
    }
    if style.roof != Roof::Vaulted {
        paint.block(west + style.width * 0.44, foot - style.floor_height * 0.72, west + style.width * 0.56, foot, [84, 92, 98]);
        paint.block(
            west + style.width * 0.41,
            foot - style.floor_height * 0.8,
            west + style.width * 0.59,
            foot - style.floor_height * 0.72,
            lit(style.trim, care),
        );
    }
    roof(paint, style, west, top, care);
}

fn windows(paint: &mut Paint, style: &Style, west: f32, floor_top: f32, care: f32) {
    if style.roof == Roof::Vaulted {
        stalls(paint, style, west, floor_top, care);
        return;
    }
    let count = (style.width / 36.0) as usize;
    let step = style.width / count as f32;
    for window in 0..count {
        let left = west + step * (window as f32 + 0.26);
        let (top, bottom) = (floor_top + style.floor_height * 0.26, floor_top + style.floor_height * 0.78);
        paint.block(left - 1.5, top - 1.5, left + step * 0.5 + 1.5, bottom + 1.5, lit([236, 238, 238], 0.6 + 0.4 * care));
        let glass = if paint.place.happens(0.3) { [150, 182, 204] } else { [96, 124, 148] };
        paint.block(left, top, left + step * 0.5, bottom, lit(glass, 0.7 + 0.3 * care));
        paint.block(left + step * 0.24, top, left + step * 0.26, bottom, [220, 224, 226]);
    }
}

/// The open front of a market: fruit and greens under awnings.
fn stalls(paint: &mut Paint, style: &Style, west: f32, floor_top: f32, care: f32) {
    const GOODS: [Rgb; 6] = [[206, 60, 48], [236, 160, 50], [110, 158, 62], [240, 208, 92], [152, 84, 130], [88, 140, 84]];
    let step = style.width / 8.0;
    for stall in 0..8 {
        let left = west + step * stall as f32 + 3.0;
        let top = floor_top + style.floor_height * 0.32;
        paint.block(left, top, left + step - 6.0, floor_top + style.floor_height, [72, 74, 76]);
        let awning = if stall % 2 == 0 { style.trim } else { [240, 238, 230] };
        paint.block(left - 2.0, top, left + step - 4.0, top + 9.0, lit(awning, 0.6 + 0.4 * care));
        if care >= 1.0 {
            let goods = *paint.place.pick(&GOODS);
            paint.block(left + 2.0, top + 26.0, left + step - 8.0, top + 35.0, goods);
            paint.block(left + 2.0, top + 35.0, left + step - 8.0, floor_top + style.floor_height, [168, 140, 104]);
        }
    }
}

fn roof(paint: &mut Paint, style: &Style, west: f32, top: f32, care: f32) {
    let (east, middle) = (west + style.width, west + style.width / 2.0);
    match style.roof {
        Roof::Flat => {
            paint.block(west - 5.0, top - 8.0, east + 5.0, top, lit(style.trim, 0.55 + 0.4 * care));
            paint.block(west + style.width * 0.7, top - 22.0, west + style.width * 0.84, top - 8.0, [196, 198, 196]);
        }
        Roof::Tiled => {
            let tiles = paint.lit(mixed([92, 86, 82], [66, 72, 80], care));
            let eaves = [(west - 26.0, top + 5.0), (west + 22.0, top - 36.0), (east - 22.0, top - 36.0), (east + 26.0, top + 5.0)];
            paint.canvas.polygon(&eaves, tiles);
            for course in 0..5 {
                let down = 8.0 * course as f32;
                let out = 9.4 * course as f32;
                paint.canvas.line((west + 20.0 - out, top - 33.0 + down), (east - 20.0 + out, top - 33.0 + down), 1.2, lit(tiles, 0.78));
            }
            paint.canvas.line((west + 16.0, top - 38.0), (east - 16.0, top - 38.0), 5.0, lit(tiles, 0.66));
            paint.canvas.polygon(&[(west - 26.0, top + 5.0), (west - 40.0, top - 6.0), (west - 14.0, top - 6.0)], tiles);
            paint.canvas.polygon(&[(east + 26.0, top + 5.0), (east + 40.0, top - 6.0), (east + 14.0, top - 6.0)], tiles);
        }
        Roof::Vaulted => {
            let sheet = paint.lit(mixed([150, 146, 140], [88, 142, 190], care));
            let arch: Vec<_> = (0..=16)
                .map(|step| {
                    let part = step as f32 / 16.0;
                    (west - 14.0 + (style.width + 28.0) * part, top + 6.0 - 52.0 * (part * std::f32::consts::PI).sin())
                })
                .collect();
            paint.canvas.polygon(&arch, sheet);
            paint.canvas.line((middle, top - 45.0), (middle, top + 6.0), 1.5, lit(sheet, 0.85));
        }
    }
}

/// New paint spreads from the west, as far as the work has come.
fn renew(paint: &mut Paint, style: &Style, west: f32, foot: f32, walls: Rgb) {
    let (top, width) = (foot - style.floors as f32 * style.floor_height, style.width * paint.progress);
    let fresh = paint.lit(walls);
    paint.canvas.glaze(&[(west, top), (west + width, top), (west + width - 14.0, foot), (west, foot)], fresh, 0.62);
}

fn scaffolding(paint: &mut Paint, west: f32, foot: f32, width: f32, height: f32) {
    let steel = paint.lit([126, 132, 136]);
    let bays = (width / 34.0) as usize + 1;
    for bay in 0..=bays {
        let x = west - 8.0 + 34.0 * bay as f32;
        paint.canvas.line((x, foot + 6.0), (x, foot - height - 10.0), 1.8, steel);
    }
    let east = west - 8.0 + 34.0 * bays as f32;
    for lift in 0..=(height / 28.0) as usize {
        let y = foot - 28.0 * lift as f32;
        paint.canvas.line((west - 8.0, y), (east, y), 1.6, steel);
        paint.canvas.line((west - 8.0, y - 2.0), (east, y - 2.0), 2.4, lit([176, 148, 104], paint.light));
    }
    // Green netting over the part that is being worked on.
    let (from, to) = (west + width * (paint.progress - 0.1).max(0.0), west + width * (paint.progress + 0.32).min(1.0));
    paint.canvas.glaze(&[(from, foot - height - 6.0), (to, foot - height - 6.0), (to, foot), (from, foot)], [52, 134, 92], 0.55);
}

/// A house built from the ground: pit, frame floor by floor, walls from below.
fn raise(paint: &mut Paint, style: &Style, west: f32, foot: f32, walls: Rgb) {
    let earth = paint.lit([146, 112, 78]);
    paint.canvas.polygon(
        &[(west - 50.0, foot - 4.0), (west + style.width + 60.0, foot - 4.0), (west + style.width + 110.0, foot + 34.0), (west - 96.0, foot + 34.0)],
        earth,
    );
    let risen = ((paint.progress - 0.12) / 0.5).clamp(0.0, 1.0) * style.floors as f32;
    let walled = ((paint.progress - 0.55) / 0.4).clamp(0.0, 1.0) * style.floors as f32;
    let concrete = [170, 168, 162];
    let columns = (style.width / 42.0) as usize;
    for floor in 0..style.floors {
        let bottom = foot - style.floor_height * floor as f32;
        let height = style.floor_height * (risen - floor as f32).clamp(0.0, 1.0);
        for column in 0..=columns {
            let x = west + style.width * column as f32 / columns as f32;
            // Reinforcement stands out above the concrete.
            if height < style.floor_height && (floor as f32) <= risen {
                paint.block(x - 1.0, bottom - height - 12.0, x + 1.0, bottom, [150, 88, 60]);
            }
            paint.block(x - 4.0, bottom - height, x + 4.0, bottom, concrete);
        }
        if height >= style.floor_height {
            paint.block(west - 6.0, bottom - height - 4.0, west + style.width + 6.0, bottom - height + 2.0, lit(concrete, 1.06));
        }
        if walled > floor as f32 {
            let part = (walled - floor as f32).min(1.0);
            paint.block(
                west,
                bottom - style.floor_height + 2.0,
                west + style.width * part,
                bottom,
                mixed([186, 132, 100], walls, paint.progress - 0.3),
            );
            if part >= 1.0 {
                windows(paint, style, west, bottom - style.floor_height, 0.7);
            }
        }
    }
    if paint.progress > 0.3 {
        scaffolding(paint, west, foot, style.width, risen * style.floor_height);
    }
    if paint.progress > 0.15 && paint.progress < 0.8 {
        crane(paint, west + style.width + 46.0, foot);
    } else if paint.progress <= 0.15 {
        excavator(paint, west + style.width - 40.0, foot + 30.0);
    }
}

fn crane(paint: &mut Paint, x: f32, foot: f32) {
    let yellow = paint.lit([226, 174, 48]);
    let top = 66.0;
    paint.canvas.line((x - 5.0, foot), (x - 5.0, top), 1.8, yellow);
    paint.canvas.line((x + 5.0, foot), (x + 5.0, top), 1.8, yellow);
    let mut y = foot;
    while y > top + 12.0 {
        paint.canvas.line((x - 5.0, y), (x + 5.0, y - 12.0), 1.2, yellow);
        y -= 12.0;
    }
    paint.canvas.line((x + 52.0, top), (x - 230.0, top), 4.0, yellow);
    paint.canvas.line((x, top - 26.0), (x - 200.0, top), 1.2, yellow);
    paint.canvas.line((x, top - 26.0), (x + 48.0, top), 1.2, yellow);
    paint.canvas.line((x, top), (x, top - 26.0), 4.0, yellow);
    paint.block(x + 34.0, top, x + 52.0, top + 14.0, [150, 150, 148]);
    let hook = x - 60.0 - 140.0 * paint.moment.unit() as f32;
    paint.canvas.line((hook, top), (hook, top + 80.0), 1.0, [70, 70, 70]);
    paint.block(hook - 12.0, top + 80.0, hook + 12.0, top + 86.0, [150, 96, 66]);
}

/// A yellow digger at work.
pub(super) fn excavator(paint: &mut Paint, x: f32, foot: f32) {
    let yellow = paint.lit([238, 178, 40]);
    paint.canvas.ellipse((x, foot), (40.0, 6.0), [50, 46, 40], 0.4);
    paint.block(x - 34.0, foot - 13.0, x + 30.0, foot, [58, 58, 58]);
    paint.canvas.polygon(&[(x - 28.0, foot - 14.0), (x - 28.0, foot - 34.0), (x + 26.0, foot - 34.0), (x + 26.0, foot - 14.0)], yellow);
    paint.canvas.polygon(&[(x - 24.0, foot - 34.0), (x - 20.0, foot - 58.0), (x + 2.0, foot - 58.0), (x + 4.0, foot - 34.0)], lit(yellow, 0.92));
    paint.block(x - 19.0, foot - 54.0, x - 1.0, foot - 37.0, [150, 186, 204]);
    paint.canvas.line((x - 22.0, foot - 36.0), (x - 62.0, foot - 82.0), 8.0, yellow);
    paint.canvas.line((x - 62.0, foot - 82.0), (x - 92.0, foot - 34.0), 6.0, yellow);
    paint.canvas.polygon(&[(x - 102.0, foot - 36.0), (x - 82.0, foot - 38.0), (x - 86.0, foot - 16.0), (x - 100.0, foot - 18.0)], [84, 80, 76]);
}

/// Sand, bricks, people: the foreground of every building site.
fn yard(paint: &mut Paint) {
    let sand = 84.0 + paint.place.between(0.0, 50.0) as f32;
    paint.heap((sand, 420.0), 120.0, [206, 176, 122]);
    for row in 0..3 {
        for brick in 0..(5 - row) {
            let left = 500.0 + 15.0 * brick as f32 + 7.0 * row as f32;
            paint.block(left, 400.0 - 9.0 * row as f32, left + 14.0, 408.0 - 9.0 * row as f32, [176, 92, 66]);
        }
    }
    let x = paint.moment.between(180.0, 460.0) as f32;
    paint.worker((x, 404.0), 54.0);
    let apart = paint.moment.between(30.0, 70.0) as f32;
    paint.worker((x + apart, 396.0), 50.0);
    if paint.progress < 0.7 {
        paint.hoarding(434.0);
    }
}

fn empty_plot(paint: &mut Paint, foot: f32) {
    let soil = paint.lit([150, 136, 100]);
    paint.canvas.polygon(&[(110.0, foot - 26.0), (540.0, foot - 26.0), (660.0, foot + 80.0), (-20.0, foot + 80.0)], soil);
    for _ in 0..26 {
        let (x, y) = (paint.place.between(60.0, 590.0) as f32, foot + paint.place.between(-18.0, 84.0) as f32);
        let leaf = lit(paint.leaf, 1.05);
        paint.canvas.polygon(&[(x - 5.0, y), (x - 1.0, y - 13.0), (x + 1.0, y), (x + 4.0, y - 10.0), (x + 7.0, y)], leaf);
    }
    for (x, y) in [(112.0, foot - 24.0), (538.0, foot - 24.0), (600.0, foot + 40.0), (40.0, foot + 40.0)] {
        paint.block(x - 1.5, y - 26.0, x + 1.5, y, [196, 60, 48]);
    }
    paint.tree((76.0, foot - 14.0), 92.0);
    paint.tree((566.0, foot - 20.0), 76.0);
    paint.notice(282.0, foot - 20.0);
}

fn forecourt(paint: &mut Paint, foot: f32) {
    let paving = paint.lit([198, 194, 186]);
    paint.canvas.polygon(&[(80.0, foot - 6.0), (560.0, foot - 6.0), (760.0, 560.0), (-120.0, 560.0)], paving);
    for row in 0..6 {
        let y = foot + 8.0 + 6.0 * (row * row) as f32;
        paint.canvas.line((-80.0, y), (720.0, y), 1.0, lit(paving, 0.88));
    }
    for ray in 0..11 {
        let part = ray as f32 / 10.0;
        paint.canvas.line((100.0 + 440.0 * part, foot - 4.0), (-160.0 + 960.0 * part, 560.0), 1.0, lit(paving, 0.9));
    }
}

/// What tells the house's purpose without a word.
fn signs(paint: &mut Paint, theme: Theme, style: &Style, west: f32, foot: f32) {
    let (middle, top) = (west + style.width / 2.0, foot - style.floors as f32 * style.floor_height);
    match theme {
        Theme::Kindergarten => {
            const RAINBOW: [Rgb; 5] = [[222, 76, 66], [240, 160, 54], [246, 214, 78], [96, 176, 96], [74, 140, 206]];
            for (band, colour) in RAINBOW.into_iter().enumerate() {
                let radius = 34.0 - 6.0 * band as f32;
                paint.canvas.ellipse((middle, top - 8.0), (radius, radius), colour, 1.0);
            }
            paint.block(middle - 36.0, top - 7.0, middle + 36.0, top + 28.0, style.walls[0]);
            let red = paint.lit([220, 70, 60]);
            paint.canvas.line((470.0, foot + 60.0), (520.0, foot + 10.0), 9.0, red);
            paint.block(516.0, foot + 6.0, 522.0, foot + 60.0, [70, 130, 196]);
            paint.block(538.0, foot + 6.0, 544.0, foot + 60.0, [70, 130, 196]);
            paint.block(512.0, foot - 2.0, 548.0, foot + 8.0, [246, 206, 70]);
        }
        Theme::Clinic => {
            paint.block(middle - 60.0, top + 6.0, middle + 60.0, top + 24.0, style.trim);
            paint.block(middle - 3.0, top - 40.0, middle + 3.0, top - 12.0, style.trim);
            paint.block(middle - 14.0, top - 29.0, middle + 14.0, top - 23.0, style.trim);
        }
        Theme::Canteen | Theme::Culture => {
            paint.block(middle - 54.0, top + 8.0, middle + 54.0, top + 22.0, [120, 40, 36]);
            paint.block(middle - 44.0, top + 12.0, middle + 44.0, top + 18.0, [232, 196, 108]);
            for x in [west + 26.0, west + style.width - 26.0] {
                paint.canvas.line((x, top + 4.0), (x, top + 16.0), 1.2, [80, 40, 36]);
                paint.canvas.ellipse((x, top + 24.0), (9.0, 10.0), [210, 52, 44], 1.0);
                paint.block(x - 5.0, top + 13.0, x + 5.0, top + 16.0, [226, 184, 92]);
            }
        }
        Theme::Housing => {
            for stair in 0..3 {
                let x = west + style.width * (0.2 + 0.3 * stair as f32);
                paint.block(x - 9.0, top - 6.0, x + 9.0, foot, [176, 198, 210]);
                paint.block(x - 1.0, top - 6.0, x + 1.0, foot, [110, 122, 130]);
            }
        }
        _ => paint.block(middle - 70.0, top + 2.0, middle + 70.0, top + 18.0, style.trim),
    }
}

fn surroundings(paint: &mut Paint, theme: Theme, west: f32, foot: f32, width: f32) {
    paint.tree((west - 58.0, foot + 10.0), 104.0);
    paint.tree((west + width + 84.0, foot + 8.0), 92.0);
    let bed = lit(paint.leaf, 1.1);
    for plant in 0..9 {
        paint.canvas.ellipse((west + 6.0 + 26.0 * plant as f32, foot + 4.0), (14.0, 6.0), bed, 1.0);
    }
    let coats = [[196, 62, 58], [60, 104, 160], [224, 196, 120], [96, 140, 104]];
    let people = 2 + paint.moment.below(4);
    for _ in 0..people {
        let depth = paint.moment.unit() as f32;
        let height = if theme == Theme::Kindergarten { 28.0 } else { 42.0 } + 26.0 * depth;
        let coat = *paint.moment.pick(&coats);
        let x = paint.moment.between(90.0, 560.0) as f32;
        paint.person((x, foot + 24.0 + 70.0 * depth), height, coat);
    }
}
