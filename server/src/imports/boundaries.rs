//! Boundaries of regions and grid cells: GeoJSON features → shapes with code and name, and what is new or changed. Pure; PostGIS's own
//! verdict on each shape is asked by `store`.

use std::collections::HashMap;

use geo::InteriorPoint;
use geodata::boundary::{self, BoundaryError, FeatureBoundary};
use geodata::datum::Datum;
use geodata::position::LonLat;
use geodata::region_code::RegionCode;
use serde::{Deserialize, Serialize};

use super::facts::{Facts, Located};
use super::finding::{Finding, Severity};
use super::geojson_file::text_of;
use super::outlook::{Change, Difference, Outlook, PreviewRow};
use super::records::{ColumnUse, Place};
use super::sites::Reading;
use super::table::MOST_ROWS;
use super::townships::{Townships, is_provisional};
use super::words::{folded, narrow};

/// One boundary as the file describes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BoundaryDraft {
    pub place: Place,
    pub code: String,
    pub name: String,
    /// Only of grid cells; empty when the file does not say.
    pub township: String,
    /// GeoJSON MultiPolygon in WGS-84.
    pub shape: String,
    /// A point inside.
    pub inside: LonLat,
}

/// One region or grid cell as it will stand.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedBoundary {
    pub change: Change,
    pub code: String,
    pub name: String,
    /// The cell's township; for a region its own code.
    pub region_code: String,
    pub shape: String,
    /// The provisional region that this one replaces.
    pub replaces: Option<String>,
}

#[derive(Clone, Debug, Default)]
pub struct BoundariesPlan {
    pub boundaries: Vec<PlannedBoundary>,
    pub findings: Vec<Finding>,
    pub outlook: Outlook,
}

/// What is stored under a code, compared with the draft of that code.
#[derive(Clone, Debug)]
pub struct StoredBoundary {
    pub name: String,
    pub region_code: String,
    pub same_shape: bool,
}

const CODE: &[&str] = &["code", "adcode", "区划代码", "代码", "编码", "编号", "网格编码", "网格编号", "行政区划代码", "xzqdm", "gridcode"];
const NAME: &[&str] = &["name", "名称", "网格名称", "镇街名称", "乡镇名称", "行政区名称", "xzqmc", "gridname"];
const TOWNSHIP: &[&str] = &["township", "region", "所在镇街", "镇街", "所属镇街", "乡镇", "乡镇街道", "街道"];

/// Reads a collection of polygons. `regions` asks for division codes.
pub fn read(bytes: &[u8], datum: Datum, regions: bool) -> Reading<BoundaryDraft> {
    let mut findings = Vec::new();
    let features = match text_of(bytes).and_then(|text| boundary::read_features(&text).map_err(|error| whole_file(&error))) {
        Ok(features) => features,
        Err(finding) => {
            findings.push(finding);
            Vec::new()
        }
    };
    if features.len() > MOST_ROWS {
        findings.push(super::table::too_many_rows(""));
        return Reading { drafts: Vec::new(), findings, columns: Vec::new() };
    }
    if features.is_empty() && findings.is_empty() {
        findings.push(Finding::error("no_rows").say("文件里没有要素。请检查文件。", "The file holds no features. Check it."));
    }
    let columns = column_uses(&features);
    let drafts = features.into_iter().zip(1..).filter_map(|(feature, number)| draft(feature, number, datum, regions, &mut findings)).collect();
    Reading { drafts, findings, columns }
}

fn whole_file(error: &BoundaryError) -> Finding {
    Finding::error(error.code()).say(
        format!("{error}。请从地图软件重新导出 GeoJSON（FeatureCollection）。"),
        format!("The file cannot be read ({}). Export it again as a GeoJSON FeatureCollection.", error.code()),
    )
}

fn column_uses(features: &[FeatureBoundary]) -> Vec<ColumnUse> {
    let names = features.first().map(|feature| feature.properties.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
    let meaning = |name: &str| {
        use super::headers::Meaning;
        let known = [(CODE, Meaning::Code), (NAME, Meaning::Name), (TOWNSHIP, Meaning::Township)];
        known.into_iter().find(|(words, _)| words.contains(&folded(name).as_str())).map(|(_, meaning)| meaning)
    };
    names.into_iter().map(|header| ColumnUse { sheet: String::new(), meaning: meaning(&header), label: header.clone(), header }).collect()
}

fn draft(feature: FeatureBoundary, number: u32, datum: Datum, regions: bool, findings: &mut Vec<Finding>) -> Option<BoundaryDraft> {
    let place = Place { sheet: String::new(), row: number };
    let code = code_of(&feature, &place, regions, findings);
    let name = property(&feature, NAME).filter(|name| name.chars().count() <= 100);
    if name.is_none() {
        findings.push(place.finding(Severity::Error, "name_missing", "").say(
            format!("第 {number} 个要素没有名称，或名称超过 100 个字。请在属性 name（名称）中填写。"),
            format!("Feature {number} has no name, or one longer than 100 characters. Give it in the property name."),
        ));
    }
    let boundary = feature.boundary.as_ref().map_err(|error| {
        findings.push(place.finding(Severity::Error, error.code(), name.as_deref().unwrap_or("")).say(
            format!("第 {number} 个要素的边界有误：{error}。请在地图软件中修正后重新导出。"),
            format!("The boundary of feature {number} is wrong ({}). Mend it in your map program and export again.", error.code()),
        ));
    });
    let boundary = boundary.ok()?;
    if boundary.repairs.rings_turned + boundary.repairs.points_dropped > 0 {
        let (turned, dropped) = (boundary.repairs.rings_turned, boundary.repairs.points_dropped);
        findings.push(place.finding(Severity::Note, "boundary_put_in_order", name.as_deref().unwrap_or("")).say(
            format!("边界已整理：{turned} 个环改了方向，去掉 {dropped} 个重复的点。"),
            format!("Put in order: {turned} rings turned, {dropped} repeated points dropped."),
        ));
    }
    let shape = datum.boundary_to_wgs84(&boundary.shape);
    let inside = shape.interior_point().and_then(|point| LonLat::try_from(point).ok())?;
    let shape = geojson_text(&shape);
    Some(BoundaryDraft { place, code: code?, name: name?, township: property(&feature, TOWNSHIP).unwrap_or_default(), shape, inside })
}

/// The shape as PostGIS reads it, every digit kept.
fn geojson_text(shape: &geo::MultiPolygon) -> String {
    let ring = |ring: &geo::LineString| ring.coords().map(|vertex| [vertex.x, vertex.y]).collect::<Vec<_>>();
    let polygon = |polygon: &geo::Polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(ring).collect::<Vec<_>>();
    let coordinates: Vec<_> = shape.iter().map(polygon).collect();
    serde_json::json!({"type": "MultiPolygon", "coordinates": coordinates}).to_string()
}

fn code_of(feature: &FeatureBoundary, place: &Place, regions: bool, findings: &mut Vec<Finding>) -> Option<String> {
    let written = property(feature, CODE).map(|code| narrow(&code)).unwrap_or_default();
    let number = place.row;
    if !regions {
        let fits = (1..=40).contains(&written.chars().count());
        if !fits {
            findings.push(place.finding(Severity::Error, "code_missing", &written).say(
                format!("第 {number} 个要素没有网格编码，或编码超过 40 个字。请在属性 code（编码）中填写。"),
                format!("Feature {number} has no code, or one longer than 40 characters. Give it in the property code."),
            ));
        }
        return fits.then_some(written);
    }
    // Statistical codes are padded with zeros to twelve digits.
    let trimmed = match written.len() {
        12 if written.ends_with("000000") => &written[..6],
        12 if written.ends_with("000") => &written[..9],
        _ => &written,
    };
    let code = trimmed.parse::<RegionCode>();
    if let Err(error) = &code {
        findings.push(place.finding(Severity::Error, "region_code_wrong", &written).say(
            format!("第 {number} 个要素的代码有误：{error}。请在属性 code（区划代码）中改正。"),
            format!("The code of feature {number} is no division code of 6, 9 or 12 digits. Mend the property code."),
        ));
    }
    code.ok().map(|code| code.as_str().to_owned())
}

fn property(feature: &FeatureBoundary, words: &[&str]) -> Option<String> {
    let found = feature.properties.iter().find(|(name, value)| words.contains(&folded(name).as_str()) && !value.is_null());
    let text = match found?.1 {
        serde_json::Value::String(text) => text.trim().to_owned(),
        serde_json::Value::Number(number) => number.to_string(),
        serde_json::Value::Object(members) => members.get("name")?.as_str()?.trim().to_owned(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// Plans regions. `stored` has one entry for each draft.
pub fn plan_regions(drafts: &[BoundaryDraft], stored: &[Option<StoredBoundary>], facts: &Facts) -> BoundariesPlan {
    let mut plan = BoundariesPlan::default();
    let mut seen = HashMap::new();
    for (draft, stored) in drafts.iter().zip(stored) {
        if !draft.code.starts_with(facts.county.as_str()) {
            plan.findings.push(draft.place.finding(Severity::Error, "region_of_other_county", &draft.code).say(
                format!("代码 {} 不属于本县（{}）。请删去这个要素。", draft.code, facts.county),
                format!("Code {} does not belong to this county ({}). Delete the feature.", draft.code, facts.county),
            ));
            continue;
        }
        if is_twice(draft, &mut seen, &mut plan.findings) {
            continue;
        }
        if let Some((_, into)) = facts.merged.iter().find(|(code, _)| *code == draft.code) {
            plan.findings.push(draft.place.finding(Severity::Error, "region_merged", &draft.code).say(
                format!("代码 {} 已按决定并入“{into}”，不能再导入边界。请删去这个要素。", draft.code),
                format!("Code {} became part of \"{into}\" by a decision and takes no outline. Delete the feature.", draft.code),
            ));
            continue;
        }
        let provisional = facts.regions.iter().find(|region| {
            is_provisional(&region.code)
                && !region.has_boundary
                && region.code != draft.code
                && draft.code.len() == 9
                && folded(&region.name) == folded(&draft.name)
        });
        if let Some(region) = provisional {
            plan.findings.push(draft.place.finding(Severity::Note, "provisional_code_replaced", &region.code).say(
                format!("“{}”原用暂定代码 {}，将改为 {}，其下的点位、联络站、代表随之转入。", region.name, region.code, draft.code),
                format!("\"{}\" had the provisional code {} and gets {}; what lies in it moves along.", region.name, region.code, draft.code),
            ));
        }
        add(&mut plan, draft, stored.as_ref(), draft.code.clone(), provisional.map(|region| region.code.clone()), "");
    }
    plan
}

/// Plans grid cells. `stored` and `located` have one entry for each draft.
pub fn plan_grid_cells(drafts: &[BoundaryDraft], stored: &[Option<StoredBoundary>], located: &[Located], facts: &Facts) -> BoundariesPlan {
    let mut plan = BoundariesPlan::default();
    let mut seen = HashMap::new();
    let townships = Townships::new(facts.county.clone(), &facts.regions);
    for ((draft, stored), located) in drafts.iter().zip(stored).zip(located) {
        if is_twice(draft, &mut seen, &mut plan.findings) {
            continue;
        }
        if located.outside_m.is_some_and(|outside_m| outside_m > 0.0) {
            plan.findings.push(draft.place.finding(Severity::Error, "outside_county", &draft.name).say(
                format!("网格“{}”在县界之外。请核对坐标和坐标系。", draft.name),
                format!("Grid cell \"{}\" lies outside the county. Check the coordinates and their datum.", draft.name),
            ));
            continue;
        }
        let by_name = if draft.township.is_empty() { None } else { townships.find(&draft.township) };
        let Some(region_code) = by_name.or_else(|| located.township.clone()) else {
            plan.findings.push(draft.place.finding(Severity::Error, "township_not_found", &draft.township).say(
                format!("无法判断网格“{}”属于哪个镇街。请先导入镇街边界，或在属性 township（镇街）中填写。", draft.name),
                format!("The township of grid cell \"{}\" cannot be told. Import the townships first, or give the property township.", draft.name),
            ));
            continue;
        };
        let township = townships.name_of(&region_code);
        add(&mut plan, draft, stored.as_ref(), region_code, None, &township);
    }
    plan
}

fn is_twice(draft: &BoundaryDraft, seen: &mut HashMap<String, u32>, findings: &mut Vec<Finding>) -> bool {
    let first = seen.insert(draft.code.clone(), draft.place.row);
    if let Some(first) = first {
        findings.push(draft.place.finding(Severity::Error, "code_twice", &draft.code).say(
            format!("代码 {} 与第 {first} 个要素重复。请改正其中一个。", draft.code),
            format!("Code {} stands already at feature {first}. Mend one of them.", draft.code),
        ));
    }
    first.is_some()
}

fn add(
    plan: &mut BoundariesPlan,
    draft: &BoundaryDraft,
    stored: Option<&StoredBoundary>,
    region_code: String,
    replaces: Option<String>,
    township: &str,
) {
    let mut differences = Vec::new();
    if let Some(stored) = stored {
        let mut note = |field: &str, before: &str, after: &str| {
            differences.push(Difference { field: field.to_owned(), before: before.to_owned(), after: after.to_owned() });
        };
        if stored.name != draft.name {
            note("name", &stored.name, &draft.name);
        }
        if stored.region_code != region_code {
            note("region", &stored.region_code, &region_code);
        }
        if !stored.same_shape {
            note("boundary", "", "");
        }
    }
    let change = match (stored, differences.is_empty()) {
        (None, _) => Change::New,
        (Some(_), true) => Change::Unchanged,
        (Some(_), false) => Change::Changed,
    };
    plan.outlook.rows.push(PreviewRow {
        sheet: String::new(),
        row: draft.place.row,
        change,
        code: draft.code.clone(),
        name: draft.name.clone(),
        group: String::new(),
        region: township.to_owned(),
        position: Some([draft.inside.lon(), draft.inside.lat()]),
        differences,
    });
    plan.boundaries.push(PlannedBoundary {
        change,
        code: draft.code.clone(),
        name: draft.name.clone(),
        region_code,
        shape: draft.shape.clone(),
        replaces,
    });
}

/// The finding for a shape that PostGIS holds for invalid, in plain words.
pub fn refused_by_postgis(draft: &BoundaryDraft, reason: &str) -> Finding {
    draft.place.finding(Severity::Error, "boundary_invalid", &draft.name).say(
        format!("第 {} 个要素“{}”：{}。请在地图软件中修正后重新导出。", draft.place.row, draft.name, boundary::plain_words(reason)),
        format!("Feature {} \"{}\": {reason}. Mend it in your map program and export again.", draft.place.row, draft.name),
    )
}
