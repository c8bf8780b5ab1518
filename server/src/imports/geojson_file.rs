//! GeoJSON with points (sites, stations) as a sheet like any other: properties become columns, the point becomes 经度 and 纬度.
//!
//! GeoJSON with boundaries is read by `boundaries`. The first row of the sheet is the header with number 0, so a row's number is its feature's.

use geodata::boundary::DEEPEST_NESTING;
use geojson::{Feature, GeoJson, GeometryValue};
use serde_json::Value;

use super::delimited;
use super::finding::Finding;
use super::headers::{LATITUDE_HEADER, LONGITUDE_HEADER};
use super::table::{self, Cell, LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Row, Sheet};

/// Reads a collection of points.
pub fn read_points(bytes: &[u8]) -> Result<Sheet, Finding> {
    let text = text_of(bytes)?;
    let features = match text.parse::<GeoJson>() {
        Ok(GeoJson::FeatureCollection(collection)) => collection.features,
        Ok(GeoJson::Feature(feature)) => vec![feature],
        Ok(GeoJson::Geometry(_)) => return Err(not_geojson("只有图形，没有属性", "it has geometry but no properties")),
        Err(_) => return Err(not_geojson("内容不是 GeoJSON", "the content is no GeoJSON")),
    };
    if features.is_empty() {
        return Err(not_geojson("里面没有要素", "it holds no features"));
    }
    if features.len() > MOST_ROWS {
        return Err(table::too_many_rows(""));
    }
    let mut names: Vec<String> = Vec::new();
    for name in features.iter().filter_map(|feature| feature.properties.as_ref()).flat_map(|properties| properties.keys()) {
        if !names.contains(name) {
            names.push(name.clone());
        }
        if names.len() + 2 > MOST_COLUMNS {
            return Err(table::too_many_columns("", 0));
        }
    }
    let header = names.iter().map(String::as_str).chain([LONGITUDE_HEADER, LATITUDE_HEADER]);
    let mut rows = vec![Row { number: 0, cells: header.map(|name| Cell::Text(name.to_owned())).collect(), merged_across: 0 }];
    for (feature, number) in features.iter().zip(1..) {
        rows.push(row(feature, number, &names)?);
    }
    Ok(Sheet { name: String::new(), rows })
}

/// The text of a JSON file, once its depth is known to be harmless.
pub fn text_of(bytes: &[u8]) -> Result<String, Finding> {
    let text = delimited::decoded(bytes)?;
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => depth += 1,
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST_NESTING {
            return Err(not_geojson("括号嵌套过深", "its brackets are nested too deeply"));
        }
    }
    Ok(text)
}

fn row(feature: &Feature, number: u32, names: &[String]) -> Result<Row, Finding> {
    let (lon, lat) = match feature.geometry.as_ref().map(|geometry| &geometry.value) {
        None => (Cell::Empty, Cell::Empty),
        Some(GeometryValue::Point { coordinates }) => match coordinates.as_slice() {
            [lon, lat, ..] => (Cell::Number(*lon), Cell::Number(*lat)),
            _ => (Cell::Empty, Cell::Empty),
        },
        Some(other) => {
            return Err(Finding::error("geometry_not_point").at("", number).with_value(other.type_name()).say(
                format!("第 {number} 个要素是 {}，而此处需要点（Point）。请改用点要素。", other.type_name()),
                format!("Feature {number} is a {}; a Point is needed.", other.type_name()),
            ));
        }
    };
    let property = |name: &String| feature.properties.as_ref().and_then(|properties| properties.get(name)).map_or(Cell::Empty, property_cell);
    let cells: Vec<Cell> = names.iter().map(property).chain([lon, lat]).collect();
    for (column, cell) in cells.iter().enumerate() {
        if let Cell::Text(text) = cell
            && text.chars().nth(LONGEST_CELL).is_some()
        {
            return Err(table::cell_too_long("", number, column, text));
        }
    }
    Ok(Row { number, cells, merged_across: 0 })
}

fn property_cell(value: &Value) -> Cell {
    match value {
        Value::Null => Cell::Empty,
        Value::Bool(answer) => Cell::Text(if *answer { "是" } else { "否" }.to_owned()),
        Value::Number(number) => number.as_f64().filter(|number| number.is_finite()).map_or(Cell::Fault(number.to_string()), Cell::Number),
        Value::String(text) if text.trim().is_empty() => Cell::Empty,
        Value::String(text) => Cell::Text(text.trim().to_owned()),
        // Our own exports nest {"name": …}; anything else nested says nothing a column could.
        Value::Object(members) => members.get("name").map_or(Cell::Empty, property_cell),
        Value::Array(_) => Cell::Empty,
    }
}

pub(super) fn not_geojson(zh: &str, en: &str) -> Finding {
    Finding::error("not_geojson").say(
        format!("这个 JSON 文件不能按 GeoJSON 读取：{zh}。请从地图软件重新导出 GeoJSON（FeatureCollection）。"),
        format!("The file cannot be read as GeoJSON: {en}. Export it again as a FeatureCollection."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_become_columns_and_the_point_two_more() {
        let file = r#"{"type":"FeatureCollection","features":[
            {"type":"Feature","properties":{"name":"甲","project":{"number":4,"name":"卫生院"}},"geometry":{"type":"Point","coordinates":[120.4,27.5,12]}},
            {"type":"Feature","properties":{"name":"乙","extra":null},"geometry":null}]}"#;
        let sheet = read_points(file.as_bytes()).expect("a sheet");
        let texts: Vec<Vec<String>> = sheet.rows.iter().map(|row| row.cells.iter().map(Cell::text).collect()).collect();
        assert_eq!(texts[0], ["name", "project", "extra", "经度", "纬度"]);
        assert_eq!(texts[1], ["甲", "卫生院", "", "120.4", "27.5"]);
        assert_eq!(texts[2], ["乙", "", "", "", ""]);
        assert_eq!(sheet.rows[2].number, 2);
    }

    #[test]
    fn other_json_is_refused_in_words() {
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        for file in ["{}", "[]", "{", "null", r#"{"type":"Point","coordinates":[1,2]}"#, r#"{"type":"FeatureCollection","features":[]}"#, &deep] {
            assert_eq!(read_points(file.as_bytes()).expect_err("refused").code, "not_geojson", "{:.40}", file);
        }
        let line = r#"{"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":[[120,27],[121,27]]}}"#;
        assert_eq!(read_points(line.as_bytes()).expect_err("refused").code, "geometry_not_point");
    }
}
