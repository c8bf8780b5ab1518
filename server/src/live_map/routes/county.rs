//! The county as a whole: what a map needs to know before it shows anything.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

use crate::basemap::BasemapView;
use crate::calendar::Month;
use crate::live_map::LiveMap;

/// The served county.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"code": "339901", "name": "清溪县", "is_demo": true, "time_zone": "Asia/Shanghai", "today": "2026-10-28", "month": "2026-10",
    "bounds": [119.76, 30.36, 120.22, 30.72], "stale_days": 40, "off_site_m": 500, "attribution": null, "review_number": null, "basemap": null, "icp_number": null,
    "police_number": null, "data_as_of": "2026-10-28T16:20:05+08:00"}))]
pub struct CountyView {
    code: String,
    name: String,
    /// Whether the county is invented; every map says so.
    is_demo: bool,
    time_zone: String,
    /// The county's calendar day.
    today: NaiveDate,
    /// The open reporting month.
    month: Month,
    /// West, south, east, north in degrees.
    bounds: [f64; 4],
    /// Age in days past which a pin is drawn as unverified.
    stale_days: u16,
    /// Metres from the site past which a report is marked off-site.
    off_site_m: u32,
    /// Who made the map.
    attribution: Option<String>,
    /// Review number of the map (审图号).
    review_number: Option<String>,
    /// What lies under the county's own drawing; null when nothing does.
    basemap: Option<BasemapView>,
    icp_number: Option<String>,
    police_number: Option<String>,
    /// When the map was last known to agree with the database.
    data_as_of: DateTime<FixedOffset>,
}

/// The served county, its calendar and its map's frame.
#[utoipa::path(get, path = "/api/county", tag = "map", responses((status = 200, body = CountyView, description = "The county")))]
pub async fn show_county(State(map): State<LiveMap>) -> Json<CountyView> {
    let county = map.county();
    let today = map.today(&county);
    let settings = map.platform().settings.clone();
    let said = |text: &String| (!text.is_empty()).then(|| text.clone());
    Json(CountyView {
        code: county.code.clone(),
        name: county.name.clone(),
        is_demo: county.is_demo,
        time_zone: county.zone.name().to_owned(),
        today,
        month: Month::of(today),
        bounds: map.county_map().bounds(),
        stale_days: county.stale_days,
        off_site_m: county.off_site_m,
        attribution: said(&settings.attribution),
        review_number: said(&settings.review_number),
        basemap: map.basemap().map(|basemap| basemap.view().clone()),
        icp_number: said(&settings.icp_number),
        police_number: said(&settings.police_number),
        data_as_of: county.local(map.as_of()),
    })
}
