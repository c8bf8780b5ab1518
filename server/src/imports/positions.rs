//! A row's coordinates: read as written, converted once from the declared datum, with faults explained and nothing moved silently.

use geodata::datum::Datum;
use geodata::position::LonLat;
use serde::{Deserialize, Serialize};

use super::coordinates::{self, Fault, Written};
use super::finding::{Finding, Severity};
use super::headers::Meaning;
use super::records::Record;

/// A position with its origin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Positioned {
    /// In WGS-84.
    pub position: LonLat,
    /// The numbers as written, in the declared datum.
    pub written: LonLat,
    /// The text as the office wrote it.
    pub source: String,
}

/// Reads the row's coordinates from two columns or one; adds the error when there are none to be had.
pub fn read(record: &Record<'_>, datum: Datum, findings: &mut Vec<Finding>) -> Option<Positioned> {
    let (lon, lat, both) = (record.cell(Meaning::Longitude), record.cell(Meaning::Latitude), record.cell(Meaning::Position));
    let in_two = !lon.is_empty() || !lat.is_empty();
    let (result, meaning) =
        if in_two { (coordinates::from_two(lon, lat), Meaning::Longitude) } else { (coordinates::from_one(both), Meaning::Position) };
    let source = if in_two { format!("{},{}", lon.text(), lat.text()) } else { both.text() };
    match result {
        Ok(written) => accepted(record, written, source, datum, meaning, findings),
        Err(fault) => {
            findings.push(explained(fault, record, meaning).with_value(&source));
            None
        }
    }
}

fn accepted(
    record: &Record<'_>,
    written: Written,
    source: String,
    datum: Datum,
    meaning: Meaning,
    findings: &mut Vec<Finding>,
) -> Option<Positioned> {
    let place = LonLat::new(written.lon, written.lat).ok()?;
    if written.latitude_first {
        findings.push(record.finding(Severity::Note, "latitude_first", meaning).say(
            format!("坐标写作纬度在前，已按经度 {}、纬度 {} 读取。", written.lon, written.lat),
            format!("The latitude stands first; read as longitude {}, latitude {}.", written.lon, written.lat),
        ));
    }
    if [written.lon, written.lat].iter().all(|degrees| is_coarse(*degrees)) {
        findings.push(record.finding(Severity::Warning, "coordinates_coarse", meaning).with_value(&source).say(
            "经度和纬度都不超过两位小数，误差可达 1 公里。请尽量提供四位以上小数。",
            "Longitude and latitude have at most two decimals and may be off by a kilometre. Give four or more.",
        ));
    }
    Some(Positioned { position: datum.to_wgs84(place), written: place, source: source.chars().take(200).collect() })
}

fn is_coarse(degrees: f64) -> bool {
    ((degrees * 100.0).round() / 100.0 - degrees).abs() < 1e-9
}

fn explained(fault: Fault, record: &Record<'_>, meaning: Meaning) -> Finding {
    let row = record.row.number;
    let (code, zh, en) = match fault {
        Fault::Missing => (
            "coordinates_missing",
            format!("第 {row} 行没有坐标。请填写经度和纬度（或在“坐标”一列填写“经度,纬度”）。"),
            format!("Row {row} has no coordinates. Fill in longitude and latitude."),
        ),
        Fault::Unreadable => (
            "coordinates_unreadable",
            "坐标无法识别。请写成“120.418,27.511”或“120°25′5″,27°30′40″”的样子，经度在前。".to_owned(),
            "The coordinates cannot be read. Write them like 120.418,27.511 or 120°25′5″,27°30′40″, longitude first.".to_owned(),
        ),
        Fault::Swapped => (
            "coordinates_swapped",
            "经度和纬度填反了：中国的经度在 73–136 之间，纬度在 3–54 之间。请把两个数对调后重新导入。".to_owned(),
            "Longitude and latitude are swapped: in China longitudes are 73–136 and latitudes 3–54. Exchange them.".to_owned(),
        ),
        Fault::OutsideChina => (
            "coordinates_outside_china",
            "坐标不在中国范围内（经度 73–136，纬度 3–54）。请核对；平面坐标（米）须先换算成经纬度。".to_owned(),
            "The coordinates are not in China (73–136, 3–54). Check them; metric grid coordinates must first be converted to degrees.".to_owned(),
        ),
        Fault::Zero => (
            "coordinates_zero",
            "坐标是 0,0，即没有取到位置。请填写真实坐标。".to_owned(),
            "The coordinates are 0,0: no position was taken. Fill in the true ones.".to_owned(),
        ),
    };
    record.error(code, meaning).say(zh, en)
}
