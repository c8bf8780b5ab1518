//! A liaison station.

use geodata::LonLat;
use serde::{Deserialize, Serialize};

use crate::http::shapes::RegionRef;
use crate::ids::StationId;

/// What kind of place a station is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum StationKind {
    /// 代表之家
    Home,
    /// 联络站
    Station,
    /// 联络点
    Point,
    /// 便民服务窗
    Window,
    /// 履职岗
    Post,
    /// 流动联络点
    Mobile,
}

impl StationKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::Station => "station",
            Self::Point => "point",
            Self::Window => "window",
            Self::Post => "post",
            Self::Mobile => "mobile",
        }
    }
}

/// A place where residents meet their deputies.
#[derive(Debug, Clone, PartialEq)]
pub struct Station {
    pub station_id: StationId,
    pub code: String,
    pub name: String,
    pub kind: StationKind,
    /// Whether it carries an integrity-monitoring post (廉情监测点).
    pub integrity_monitoring: bool,
    pub region: RegionRef,
    pub address: String,
    /// The station's own telephone, meant for the public.
    pub telephone: String,
    pub opening_hours: String,
    pub position: LonLat,
}
