//! QR codes as drawings of one path: for pages, for cards on paper, for pictures of their own.

use std::fmt::Write;

use fast_qr::qr::QRCodeError;
use fast_qr::{ECL, QRBuilder};
use serde::Serialize;
use utoipa::ToSchema;

/// Modules left white around the code, as the standard asks.
const QUIET_ZONE: usize = 4;

/// A code whose modules are units of a square, with the white edge it needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"side": 37, "path": "M4 4h7v1h-7z"}))]
pub struct QrCode {
    /// Length of a side, edge included.
    pub side: usize,
    /// SVG path of the black modules.
    pub path: String,
}

impl QrCode {
    /// The code that reads as `text`.
    pub fn of(text: &str) -> Result<Self, QRCodeError> {
        let code = QRBuilder::new(text).ecl(ECL::M).build()?;
        let mut path = String::new();
        for row in 0..code.size {
            let mut column = 0;
            while column < code.size {
                let length = (column..code.size).take_while(|column| code[row][*column].value()).count();
                if length > 0 {
                    let _ = write!(path, "M{} {}h{length}v1h-{length}z", column + QUIET_ZONE, row + QUIET_ZONE);
                }
                column += length.max(1);
            }
        }
        Ok(Self { side: code.size + 2 * QUIET_ZONE, path })
    }

    /// As a picture, black on white whatever lies around it.
    pub fn svg(&self) -> String {
        let Self { side, path } = self;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" width=\"{0}\" height=\"{0}\" shape-rendering=\"crispEdges\">\
             <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\"{path}\"/></svg>\n",
            side * 8
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_keeps_its_quiet_zone_and_its_three_corners() {
        let drawn = QrCode::of("https://map.example/sites/2026-03-007").expect("a code").svg();
        // The upper left finder begins after four white modules and is seven long; the upper right one ends four before the edge.
        assert!(drawn.contains("M4 4h7v1h-7z") && drawn.contains("viewBox=\"0 0 37 37\"") && drawn.contains("M26 4h7v1h-7z"), "{drawn}");
    }

    #[test]
    fn what_no_code_can_hold_is_a_fault_and_no_panic() {
        assert!(QrCode::of(&"x".repeat(4_000)).is_err());
    }
}
