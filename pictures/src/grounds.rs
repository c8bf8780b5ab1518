//! Works that lie on the ground: a road, a water main, a park, a car park.

use super::buildings::excavator;
use super::canvas::{Point, Rgb, lit, mixed};
use super::scene::{HORIZON, Paint};

/// The middle of the road and half its width at a depth, 0 at the horizon and 1 in front of the camera.
fn road_at(depth: f32, bend: f32) -> (f32, f32, f32) {
    let y = HORIZON + 3.0 + 300.0 * depth * depth;
    (320.0 + bend * (1.0 - depth) * (1.0 - depth), 4.0 + 300.0 * depth * depth, y)
}

fn strip(from: f32, to: f32, bend: f32, west: f32, east: f32) -> Vec<Point> {
    const STEPS: usize = 14;
    let at = |step: usize| road_at(from + (to - from) * step as f32 / STEPS as f32, bend);
    let side = |part: f32| move |(x, half, y): (f32, f32, f32)| (x + half * part, y);
    let mut corners: Vec<_> = (0..=STEPS).map(|step| side(west)(at(step))).collect();
    corners.extend((0..=STEPS).rev().map(|step| side(east)(at(step))));
    corners
}

pub(super) fn road(paint: &mut Paint) {
    let bend = paint.place.between(-170.0, 170.0) as f32;
    let bare = paint.lit([168, 146, 112]);
    let width = if paint.progress > 0.0 { 1.08 } else { 0.62 };
    paint.canvas.polygon(&strip(0.0, 1.0, bend, -width, width), bare);
    if paint.progress <= 0.0 {
        for _ in 0..14 {
            let depth = paint.place.between(0.3, 0.95) as f32;
            let (x, half, y) = road_at(depth, bend);
            let offset = half * paint.place.between(-0.45, 0.45) as f32;
            paint.canvas.ellipse((x + offset, y), (half * 0.13, half * 0.035), lit(bare, 0.72), 0.9);
        }
        paint.notice(470.0, HORIZON + 44.0);
    }
    // Asphalt comes from the far end towards the camera.
    let gravel = paint.lit([172, 168, 160]);
    let asphalt = paint.lit([74, 78, 82]);
    let laid = (paint.progress * 1.05).min(1.0);
    if paint.progress > 0.0 {
        paint.canvas.polygon(&strip(0.0, (laid + 0.3).min(1.0), bend, -0.92, 0.92), gravel);
        paint.canvas.polygon(&strip(0.0, laid, bend, -0.9, 0.9), asphalt);
    }
    if paint.progress > 0.75 {
        for side in [-0.84, 0.82] {
            paint.canvas.polygon(&strip(0.0, laid, bend, side, side + 0.025), [232, 232, 226]);
        }
        for dash in 0..12 {
            let from = 0.16 + 0.07 * dash as f32;
            if from + 0.035 < laid {
                paint.canvas.polygon(&strip(from, from + 0.035, bend, -0.02, 0.02), [240, 206, 90]);
            }
        }
    }
    roadside(paint, bend);
    if paint.is_building_site() {
        roller(paint, bend, laid.clamp(0.34, 0.72));
    } else if paint.progress >= 1.0 {
        let (x, half, y) = road_at(0.5, bend);
        car((x + half * 0.42, y), half * 0.34, [196, 52, 48], paint);
    }
}

fn roadside(paint: &mut Paint, bend: f32) {
    for place in 0..6 {
        let depth = 0.28 + 0.11 * place as f32;
        let (x, half, y) = road_at(depth, bend);
        let size = 40.0 + 150.0 * depth * depth;
        paint.tree((x - half * 1.5 - 14.0, y), size);
        if paint.progress >= 1.0 {
            let steel = paint.lit([204, 208, 210]);
            let (next_x, next_half, next_y) = road_at(depth + 0.11, bend);
            let rail = |x: f32, half: f32, y: f32, up: f32| (x + half * 1.05, y - up * (0.3 + depth));
            paint.canvas.line(rail(x, half, y, 16.0), rail(next_x, next_half, next_y, 17.0), 3.0 + 3.0 * depth, steel);
            paint.canvas.line(rail(x, half, y, 20.0), rail(x, half, y, 0.0), 2.0 + 2.0 * depth, lit(steel, 0.8));
        } else if paint.is_building_site() {
            let (x, y) = (x + half * 1.15, y);
            let size = 6.0 + 14.0 * depth;
            paint.canvas.polygon(&[(x - size * 0.5, y), (x, y - size * 1.7), (x + size * 0.5, y)], [230, 100, 40]);
            paint.canvas.polygon(
                &[
                    (x - size * 0.28, y - size * 0.75),
                    (x - size * 0.15, y - size * 1.2),
                    (x + size * 0.15, y - size * 1.2),
                    (x + size * 0.28, y - size * 0.75),
                ],
                [244, 244, 240],
            );
        }
    }
}

fn roller(paint: &mut Paint, bend: f32, depth: f32) {
    let (x, half, y) = road_at(depth, bend);
    let unit = (half * 0.5).clamp(26.0, 74.0) / 10.0;
    let yellow = paint.lit([240, 180, 36]);
    paint.canvas.ellipse((x, y + unit), (unit * 9.0, unit * 1.4), [40, 40, 40], 0.4);
    paint.canvas.ellipse((x - unit * 5.0, y - unit * 2.4), (unit * 3.0, unit * 3.0), [64, 66, 68], 1.0);
    paint.canvas.ellipse((x - unit * 5.0, y - unit * 2.4), (unit * 1.6, unit * 1.6), [150, 152, 152], 1.0);
    paint.canvas.ellipse((x + unit * 5.0, y - unit * 2.2), (unit * 2.6, unit * 2.6), [48, 48, 50], 1.0);
    paint.canvas.rectangle(x - unit * 6.0, y - unit * 6.4, x + unit * 7.4, y - unit * 3.4, yellow);
    paint.canvas.rectangle(x - unit * 1.0, y - unit * 11.0, x + unit * 4.6, y - unit * 6.4, lit(yellow, 0.9));
    paint.canvas.rectangle(x - unit * 0.3, y - unit * 10.2, x + unit * 3.8, y - unit * 7.0, [156, 192, 208]);
    paint.worker((x - half * 0.75, y + 6.0), unit * 9.0);
}

fn car(foot: Point, length: f32, colour: Rgb, paint: &mut Paint) {
    let (x, y) = foot;
    let unit = length / 10.0;
    let colour = paint.lit(colour);
    paint.canvas.ellipse((x, y + unit * 0.4), (unit * 6.0, unit * 0.9), [36, 38, 38], 0.45);
    paint.canvas.polygon(
        &[(x - unit * 5.2, y - unit * 0.6), (x - unit * 5.0, y - unit * 2.6), (x + unit * 5.0, y - unit * 2.6), (x + unit * 5.3, y - unit * 0.6)],
        colour,
    );
    paint.canvas.polygon(
        &[(x - unit * 3.6, y - unit * 2.5), (x - unit * 2.2, y - unit * 4.6), (x + unit * 2.0, y - unit * 4.6), (x + unit * 3.6, y - unit * 2.5)],
        lit(colour, 0.92),
    );
    paint.canvas.polygon(
        &[(x - unit * 3.0, y - unit * 2.6), (x - unit * 1.9, y - unit * 4.2), (x + unit * 1.7, y - unit * 4.2), (x + unit * 2.9, y - unit * 2.6)],
        [146, 178, 194],
    );
    for wheel in [-3.2, 3.2] {
        paint.canvas.ellipse((x + unit * wheel, y - unit * 0.5), (unit * 1.1, unit * 1.1), [36, 36, 38], 1.0);
        paint.canvas.ellipse((x + unit * wheel, y - unit * 0.5), (unit * 0.5, unit * 0.5), [180, 182, 184], 1.0);
    }
}

pub(super) fn water(paint: &mut Paint) {
    let bend = paint.place.between(-150.0, 150.0) as f32;
    pump_house(paint);
    let blue = paint.lit([52, 118, 190]);
    if paint.progress > 0.0 {
        let earth = paint.lit([140, 106, 74]);
        let open_from = (paint.progress * 0.9).min(0.9);
        if paint.progress < 1.0 {
            paint.canvas.polygon(&strip(0.1, 1.0, bend, -0.5, 0.5), lit(earth, 1.12));
            paint.canvas.polygon(&strip(open_from.max(0.12), 1.0, bend, -0.26, 0.26), lit(earth, 0.52));
            paint.canvas.polygon(&strip(open_from.max(0.12), 1.0, bend, -0.1, 0.1), blue);
            paint.canvas.polygon(&strip(open_from.max(0.12), 1.0, bend, -0.06, -0.02), lit(blue, 1.35));
        } else {
            paint.canvas.polygon(&strip(0.1, 1.0, bend, -0.32, 0.32), mixed(paint.leaf, earth, 0.25));
        }
    }
    if paint.is_building_site() {
        for pipe in 0..4 {
            let (x, y) = (470.0 + 9.0 * pipe as f32, 398.0 - 10.0 * (pipe % 2) as f32);
            paint.canvas.line((x, y), (x + 120.0, y + 22.0), 11.0, blue);
            paint.canvas.ellipse((x, y), (5.5, 5.5), lit(blue, 0.6), 1.0);
        }
        paint.heap((140.0, 392.0), 150.0, [150, 114, 80]);
        excavator(paint, 190.0, 350.0);
        let x = paint.moment.between(220.0, 330.0) as f32;
        paint.worker((x, 412.0), 56.0);
    } else if paint.progress >= 1.0 {
        paint.block(250.0, 372.0, 264.0, 404.0, [52, 118, 190]);
        paint.canvas.ellipse((257.0, 368.0), (17.0, 6.0), [196, 54, 46], 1.0);
        paint.person((330.0, 420.0), 62.0, [60, 104, 160]);
        paint.tree((560.0, 360.0), 110.0);
    } else {
        paint.notice(286.0, 330.0);
        paint.tree((540.0, 352.0), 110.0);
    }
}

fn pump_house(paint: &mut Paint) {
    let west = 60.0 + paint.place.between(0.0, 60.0) as f32;
    let finished = paint.progress >= 1.0;
    let walls = if finished { [240, 240, 234] } else { [188, 182, 170] };
    paint.block(west, 236.0, west + 118.0, 306.0, walls);
    paint.block(west + 44.0, 262.0, west + 72.0, 306.0, [90, 104, 118]);
    paint.block(west + 12.0, 254.0, west + 34.0, 274.0, [120, 150, 172]);
    paint.block(west + 84.0, 254.0, west + 106.0, 274.0, [120, 150, 172]);
    let roof = paint.lit(if finished { [52, 118, 190] } else { [110, 106, 104] });
    paint.canvas.polygon(&[(west - 10.0, 238.0), (west + 20.0, 212.0), (west + 98.0, 212.0), (west + 128.0, 238.0)], roof);
    if paint.progress > 0.5 {
        paint.block(west + 150.0, 206.0, west + 192.0, 306.0, [214, 218, 220]);
        paint.canvas.ellipse((west + 171.0, 206.0), (21.0, 7.0), [232, 234, 236], 1.0);
    }
}

pub(super) fn park(paint: &mut Paint) {
    let progress = paint.progress;
    let grass = mixed(lit([146, 126, 92], paint.light), lit(paint.leaf, 1.16), (progress * 1.4 - 0.4).max(0.0));
    if progress > 0.0 {
        paint.canvas.polygon(&[(-120.0, 288.0), (760.0, 288.0), (900.0, 560.0), (-260.0, 560.0)], grass);
    }
    let bend = paint.place.between(-190.0, 190.0) as f32;
    if progress > 0.15 {
        let path = paint.lit(if progress > 0.6 { [212, 188, 158] } else { [176, 160, 136] });
        paint.canvas.polygon(&strip(0.2, 1.0, bend, -0.34, 0.34), path);
        paint.canvas.polygon(&strip(0.2, 1.0, bend, -0.36, -0.33), lit(path, 0.8));
        paint.canvas.polygon(&strip(0.2, 1.0, bend, 0.33, 0.36), lit(path, 0.8));
    }
    let pond = 150.0 + paint.place.between(-30.0, 30.0) as f32;
    if progress > 0.3 {
        let surface = if progress > 0.8 { [126, 172, 196] } else { [120, 98, 72] };
        let surface = paint.lit(surface);
        paint.canvas.ellipse((pond, 372.0), (116.0, 30.0), lit(grass, 0.8), 1.0);
        paint.canvas.ellipse((pond, 370.0), (108.0, 26.0), surface, 1.0);
        paint.canvas.ellipse((pond - 22.0, 364.0), (50.0, 5.0), lit(surface, 1.2), 0.6);
    }
    if progress > 0.55 {
        pavilion(paint, 448.0);
    }
    let trees = (10.0 * progress) as usize;
    for place in 0..trees {
        let (x, depth) = (30.0 + (place as f32 * 137.0) % 600.0, (place as f32 * 0.37) % 1.0);
        paint.tree((x, 300.0 + 46.0 * depth), 46.0 + 54.0 * depth);
    }
    if progress >= 1.0 {
        for (x, coat) in [(300.0, [198, 66, 60]), (340.0, [70, 120, 170])] {
            paint.person((x, 402.0), 56.0, coat);
        }
        paint.person((322.0, 404.0), 36.0, [240, 196, 80]);
        paint.block(500.0, 420.0, 590.0, 427.0, [150, 108, 72]);
        paint.block(506.0, 427.0, 512.0, 446.0, [70, 70, 70]);
        paint.block(578.0, 427.0, 584.0, 446.0, [70, 70, 70]);
    } else if progress > 0.0 {
        excavator(paint, 520.0, 408.0);
        paint.worker((350.0, 410.0), 54.0);
        paint.heap((90.0, 430.0), 130.0, [150, 114, 80]);
    } else {
        paint.heap((200.0, 360.0), 150.0, [158, 142, 112]);
        paint.tree((520.0, 330.0), 96.0);
        paint.notice(320.0, 332.0);
    }
}

fn pavilion(paint: &mut Paint, x: f32) {
    let red = paint.lit([148, 52, 42]);
    let tiles = paint.lit([74, 80, 86]);
    paint.block(x - 52.0, 326.0, x + 52.0, 333.0, [196, 192, 184]);
    for post in [-44.0, -16.0, 16.0, 44.0] {
        paint.canvas.rectangle(x + post - 3.0, 276.0, x + post + 3.0, 327.0, red);
    }
    paint.canvas.polygon(
        &[(x - 74.0, 272.0), (x - 58.0, 276.0), (x + 58.0, 276.0), (x + 74.0, 272.0), (x + 22.0, 246.0), (x, 226.0), (x - 22.0, 246.0)],
        tiles,
    );
    paint.canvas.ellipse((x, 224.0), (4.0, 6.0), [206, 160, 70], 1.0);
    paint.canvas.line((x - 46.0, 314.0), (x + 46.0, 314.0), 3.0, red);
}

pub(super) fn parking(paint: &mut Paint) {
    let progress = paint.progress;
    let surface = match progress {
        _ if progress <= 0.0 => [150, 134, 104],
        _ if progress < 0.5 => [176, 170, 158],
        _ => [96, 100, 104],
    };
    let surface = paint.lit(surface);
    paint.canvas.polygon(&[(40.0, 300.0), (600.0, 300.0), (880.0, 560.0), (-240.0, 560.0)], surface);
    let bay = |place: usize, depth: f32| {
        let (near, far) = (-200.0 + 116.0 * place as f32, 60.0 + 66.0 * place as f32);
        (far + (near - far) * depth, 308.0 + 170.0 * depth)
    };
    if progress > 0.7 {
        for place in 0..9 {
            let (from, to) = (bay(place, 0.06), bay(place, 0.5));
            paint.canvas.line(from, to, 2.6, [236, 236, 230]);
        }
        paint.canvas.line(bay(0, 0.06), bay(8, 0.06), 2.4, [236, 236, 230]);
    }
    if progress > 0.5 {
        for place in 0..8 {
            let (x, y) = bay(place, 0.02);
            let x = x + 33.0;
            paint.block(x - 5.0, y - 40.0, x + 5.0, y, [232, 236, 238]);
            paint.block(x - 3.5, y - 36.0, x + 3.5, y - 27.0, [44, 160, 110]);
        }
    }
    if progress > 0.8 {
        let canopy = paint.lit([214, 222, 228]);
        paint.canvas.polygon(&[(44.0, 246.0), (606.0, 246.0), (640.0, 258.0), (10.0, 258.0)], canopy);
        paint.canvas.polygon(&[(10.0, 258.0), (640.0, 258.0), (640.0, 264.0), (10.0, 264.0)], lit(canopy, 0.8));
        for post in 0..5 {
            let x = 50.0 + 137.0 * post as f32;
            paint.block(x, 264.0, x + 5.0, 312.0, [170, 176, 180]);
        }
    }
    if progress >= 1.0 {
        const COLOURS: [Rgb; 6] = [[236, 238, 238], [60, 84, 120], [176, 46, 44], [54, 56, 60], [188, 192, 196], [72, 126, 110]];
        for place in 0..8 {
            if paint.moment.happens(0.62) {
                let ((west, y), (east, _)) = (bay(place, 0.3), bay(place + 1, 0.3));
                let colour = *paint.moment.pick(&COLOURS);
                car(((west + east) / 2.0, y + 8.0), 62.0, colour, paint);
            }
        }
        paint.person((430.0, 428.0), 62.0, [60, 104, 160]);
    } else if progress > 0.0 {
        paint.heap((120.0, 400.0), 140.0, [186, 180, 170]);
        excavator(paint, 500.0, 388.0);
        paint.worker((330.0, 400.0), 54.0);
        paint.worker((366.0, 408.0), 56.0);
        paint.hoarding(434.0);
    } else {
        for _ in 0..9 {
            let (x, y) = (paint.place.between(60.0, 580.0) as f32, paint.place.between(330.0, 430.0) as f32);
            paint.canvas.ellipse((x, y), (34.0, 6.0), lit(surface, 0.8), 0.8);
        }
        paint.tree((560.0, 318.0), 90.0);
        paint.notice(300.0, 330.0);
    }
}
