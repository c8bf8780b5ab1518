//! The likenesses of a picture and of what is left of it when its edges are cut off.
//!
//! A picture cut a little is found because its own likeness is near that of one of the windows of the picture it was cut from. A window's
//! likeness is taken along rows and along columns: two views of one place, a month apart, must not pass for one picture. Brightness is averaged
//! over rectangles from one table of sums, so that all windows together cost no more than a glance at each pixel.

use image::GrayImage;

use super::model::Likeness;

/// How much of a side may be missing, in hundredths of the picture: each of these at each of the four edges.
const TRIMS: [u32; 3] = [0, 5, 10];

/// What is left of a picture, in twice 64 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    pub across: Likeness,
    pub down: Likeness,
}

impl Window {
    /// Bits in which a picture and a window of another may differ, both directions together, and still count as cut from it.
    pub const SAME_WITHIN: u32 = 8;
}

/// All windows; the first is the whole picture.
pub fn windows(picture: &GrayImage) -> Vec<Window> {
    let sums = Sums::of(picture);
    let mut found = Vec::with_capacity(TRIMS.len().pow(4));
    for left in TRIMS {
        for top in TRIMS {
            for right in TRIMS {
                for bottom in TRIMS {
                    found.push(sums.window(&[left, top, right, bottom]));
                }
            }
        }
    }
    found
}

/// For each pixel the brightness of everything above and left of it.
struct Sums {
    width: u32,
    height: u32,
    table: Vec<u64>,
}

impl Sums {
    fn of(picture: &GrayImage) -> Self {
        let (width, height) = picture.dimensions();
        let stride = width as usize + 1;
        let mut table = vec![0; stride * (height as usize + 1)];
        for (y, row) in picture.rows().enumerate() {
            let mut line = 0;
            for (x, pixel) in row.enumerate() {
                line += u64::from(pixel.0[0]);
                table[(y + 1) * stride + x + 1] = table[y * stride + x + 1] + line;
            }
        }
        Self { width, height, table }
    }

    fn window(&self, trims: &[u32; 4]) -> Window {
        // Turned by its diagonal, so that neighbours in a row of values are neighbours in a column of the picture.
        let down = self.values(trims, (8, 9), |place| (place / 9, place % 9));
        let across = self.values(trims, (9, 8), |place| (place % 9, place / 9));
        Window { across: Likeness::of_brightness(&across), down: Likeness::of_brightness(&down) }
    }

    fn values(&self, [left, top, right, bottom]: &[u32; 4], (columns, rows): (u32, u32), place_of: impl Fn(u32) -> (u32, u32)) -> [u8; 72] {
        let across = Edges { from: self.width * left / 100, to: self.width - self.width * right / 100, parts: columns };
        let down = Edges { from: self.height * top / 100, to: self.height - self.height * bottom / 100, parts: rows };
        let mut values = [0; 72];
        for (place, value) in (0_u32..).zip(&mut values) {
            let (column, row) = place_of(place);
            *value = self.mean(across.part(column), down.part(row));
        }
        values
    }

    fn mean(&self, (left, right): (usize, usize), (top, bottom): (usize, usize)) -> u8 {
        let at = |x: usize, y: usize| self.table[y * (self.width as usize + 1) + x];
        let sum = at(right, bottom) + at(left, top) - at(left, bottom) - at(right, top);
        let pixels = ((right - left) * (bottom - top)) as u64;
        u8::try_from(sum / pixels.max(1)).unwrap_or(u8::MAX)
    }
}

struct Edges {
    from: u32,
    to: u32,
    parts: u32,
}

impl Edges {
    /// First pixel of a part and the one after its last; at least one pixel, as far as there is one.
    fn part(&self, number: u32) -> (usize, usize) {
        let edge = |number: u32| self.from + (self.to - self.from) * number / self.parts;
        let (first, end) = (edge(number), edge(number + 1));
        (first as usize, end.max(first + 1).min(self.to.max(first)) as usize)
    }
}

#[cfg(test)]
mod tests {
    use geodata::demo_county::Theme;
    use image::imageops::{FilterType, crop_imm, grayscale};
    use image::{DynamicImage, RgbImage};
    use pictures::Shot;

    use super::*;

    const THEMES: [Theme; 6] = [Theme::Road, Theme::Kindergarten, Theme::Water, Theme::Canteen, Theme::Park, Theme::Housing];
    /// Two photographs of each place, months apart.
    const PHOTOGRAPHS: u64 = 24;

    fn photograph(number: u64) -> RgbImage {
        let (place, visit) = (number / 2, number % 2);
        let theme = THEMES[usize::try_from(place).unwrap_or(0) % THEMES.len()];
        let (percent, month) = if visit == 0 { (20, 4) } else { (75, 9) };
        let picture = pictures::take(&Shot { theme, place, percent, month, moment: number * 7 + 1 }).expect("a picture");
        image::load_from_memory(&picture.thumbnail).expect("a picture").into_rgb8()
    }

    fn nearest(cut: &[Window], whole: &[Window]) -> u32 {
        let bits = |one: &Window, other: &Window| (one.across.0 ^ other.across.0).count_ones() + (one.down.0 ^ other.down.0).count_ones();
        let near = |windows: &[Window], of: &Window| windows.iter().map(|window| bits(window, of)).min().unwrap_or(u32::MAX);
        near(whole, &cut[0]).min(near(cut, &whole[0]))
    }

    /// Cut by so many hundredths at each edge, made smaller and saved anew.
    fn cut(picture: &RgbImage, [left, top, right, bottom]: [u32; 4]) -> RgbImage {
        let (width, height) = picture.dimensions();
        let (wide, high) = (width * (100 - left - right) / 100, height * (100 - top - bottom) / 100);
        let part = crop_imm(picture, width * left / 100, height * top / 100, wide, high).to_image();
        DynamicImage::ImageRgb8(part).resize(240, 240, FilterType::Triangle).into_rgb8()
    }

    #[test]
    fn a_picture_cut_lightly_at_any_edges_is_found_and_another_view_is_not() {
        let pictures: Vec<RgbImage> = (0..PHOTOGRAPHS).map(photograph).collect();
        let wholes: Vec<Vec<Window>> = pictures.iter().map(|picture| windows(&grayscale(picture))).collect();
        let cuts = [
            [3, 0, 0, 0],
            [0, 8, 0, 0],
            [4, 4, 4, 4],
            [7, 2, 1, 4],
            [0, 0, 9, 9],
            [6, 0, 6, 0],
            [2, 7, 8, 3],
            [10, 10, 10, 10],
            [1, 1, 1, 1],
            [5, 0, 0, 5],
        ];
        let distances =
            pictures.iter().zip(&wholes).flat_map(|(picture, whole)| cuts.map(|edges| nearest(&windows(&grayscale(&cut(picture, edges))), whole)));
        let distances: Vec<u32> = distances.collect();
        let found = distances.iter().filter(|bits| **bits <= Window::SAME_WITHIN).count();
        assert!(found * 100 >= distances.len() * 85, "{found} of {}: {distances:?}", distances.len());
        let mut others = Vec::new();
        for (number, one) in wholes.iter().enumerate() {
            others.extend(wholes[..number].iter().map(|other| nearest(one, other)));
        }
        others.sort_unstable();
        assert!(others[0] > Window::SAME_WITHIN, "two views pass for one picture: {:?}", &others[..12]);
    }

    #[test]
    fn a_picture_of_one_pixel_has_windows_too() {
        assert_eq!(windows(&GrayImage::new(1, 1)).len(), 81);
    }
}
