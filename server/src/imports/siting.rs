//! In which township a row's point lies, by what the file says and by where the point is; shared by everything that has a point.

use geodata::datum::Datum;

use super::datum_check::{self, CANDIDATES, Evidence};
use super::facts::{Located, Scope};
use super::finding::{Finding, Severity};
use super::headers::Meaning;
use super::positions::Positioned;
use super::records::Place;
use super::townships::Townships;
use crate::regions::model::FARTHEST_OUTSIDE_M;

/// Where the row's point lies under each of [`CANDIDATES`]. The reading as declared is at [`declared_place`].
pub type LocatedInAll = [Located; 3];

/// Index of the declared datum among [`CANDIDATES`].
pub fn declared_place(datum: Datum) -> usize {
    CANDIDATES.iter().position(|candidate| *candidate == datum).unwrap_or(0)
}

/// One row's point as far as siting is concerned.
pub struct Siting<'a> {
    pub place: &'a Place,
    pub township: &'a str,
    pub positioned: &'a Positioned,
    pub located: &'a Located,
}

/// The finding for a row that names a site which a decision took off the plan: no file brings it back.
pub fn left_the_plan(place: &Place, name: &str, decision: &str) -> Finding {
    place.finding(Severity::Error, "left_the_plan", name).about(Meaning::Name).say(
        format!("点位“{name}”已按决定（{decision}）撤出计划，导入不会恢复它。请删去本行；如确需重新实施，请换一个名称，作为新点位录入。"),
        format!(
            "Site \"{name}\" left the plan by decision {decision}; no import brings it back. Delete the row, or enter a new site under another name."
        ),
    )
}

/// A site reserved to the county is not changed by whoever imports for a township.
pub fn reserved(place: &Place, about: Meaning, name: &str) -> Finding {
    place.finding(Severity::Error, "key_site", name).about(about).say(
        format!("“{name}”是重点点位，由县人大常委会直接办理，镇街不能通过导入改动它。请改回原样或删去，或由县人大常委会导入。"),
        format!("\"{name}\" is a key site, reserved to the county: a township's import does not change it. Take it out, or let the county's committee import it."),
    )
}

impl Siting<'_> {
    fn finding(&self, severity: Severity, code: &str, value: &str) -> Finding {
        self.place.finding(severity, code, value)
    }

    /// The code of the row's region, or the errors that keep it from having one.
    pub fn region(&self, townships: &mut Townships<'_>, county: &str, scope: &Scope, findings: &mut Vec<Finding>) -> Option<String> {
        self.check_distance(findings)?;
        let code = match (self.township, &self.located.township) {
            ("", Some(code)) => code.clone(),
            ("", None) => {
                findings.push(self.finding(Severity::Warning, "township_unknown", "").about(Meaning::Township).say(
                    "没有写镇街，也无法由坐标判断，暂归县本级。请补填“所在镇街”。",
                    "There is no township, and none can be told from the place; kept under the county itself. Fill in the township.",
                ));
                county.to_owned()
            }
            (name, located) => {
                let code = self.by_name(name, townships, findings)?;
                self.check_township(name, &code, located.as_deref(), townships, findings);
                code
            }
        };
        if scope.holds(&code) {
            return Some(code);
        }
        let name = townships.name_of(&code);
        findings.push(self.finding(Severity::Error, "outside_your_area", &name).about(Meaning::Township).say(
            format!("“{name}”不在您负责的镇街之内。请删去本行，或由县人大常委会导入。"),
            format!("\"{name}\" is not in your area. Delete the row, or let the county's committee import it."),
        ));
        None
    }

    fn by_name(&self, name: &str, townships: &mut Townships<'_>, findings: &mut Vec<Finding>) -> Option<String> {
        match townships.resolve(name) {
            Ok(code) => Some(code),
            Err(unknown) => {
                let hint = if unknown.similar.is_empty() { String::new() } else { format!("是否应为：{}？", unknown.similar.join("、")) };
                findings.push(self.finding(Severity::Error, "township_not_found", name).about(Meaning::Township).say(
                    format!("本县没有叫“{name}”的镇街。{hint}请改正。"),
                    format!("The county has no township called \"{name}\". {} Mend it.", unknown.similar.join(", ")),
                ));
                None
            }
        }
    }

    fn check_distance(&self, findings: &mut Vec<Finding>) -> Option<()> {
        let outside_m = self.located.outside_m.unwrap_or(0.0);
        if outside_m <= 0.0 {
            return Some(());
        }
        let (distance, severity) = (outside_m.round(), if outside_m > FARTHEST_OUTSIDE_M { Severity::Error } else { Severity::Warning });
        findings.push(self.finding(severity, "outside_county", &self.positioned.source).about(Meaning::Longitude).say(
            format!("这个点在县界之外约 {distance} 米。请核对坐标和坐标系。"),
            format!("The point lies about {distance} m outside the county. Check the coordinates and their datum."),
        ));
        (severity != Severity::Error).then_some(())
    }

    fn check_township(&self, name: &str, code: &str, located: Option<&str>, townships: &Townships<'_>, findings: &mut Vec<Finding>) {
        let Some(located) = located else { return };
        if located == code || !townships.has_boundary(code) || code.starts_with(located) {
            return;
        }
        let other = townships.name_of(located);
        findings.push(self.finding(Severity::Warning, "township_differs", name).about(Meaning::Township).say(
            format!("表中写的是“{name}”，而坐标落在“{other}”。以表中为准，请核对。"),
            format!("The file says \"{name}\" but the point lies in \"{other}\". The file is followed; check it."),
        ));
    }
}

/// Whether a point fits what its row says, under each datum; None when no boundary can tell.
pub fn evidence(
    positioned: &Positioned,
    region: Option<&str>,
    in_all: &LocatedInAll,
    townships: &Townships<'_>,
    stored: Option<geodata::position::LonLat>,
) -> Evidence {
    let fits = match region {
        Some(code) if townships.has_boundary(code) && code.len() == 9 => {
            Some(in_all.each_ref().map(|located| located.township.as_deref() == Some(code)))
        }
        _ if in_all.iter().all(|located| located.outside_m.is_some()) => Some(in_all.each_ref().map(|located| located.outside_m == Some(0.0))),
        _ => None,
    };
    Evidence { written: positioned.written, fits, stored }
}

/// The warning that all points probably are in another datum.
pub fn check_datum(declared: Datum, points: &[Evidence], findings: &mut Vec<Finding>) {
    let declared = if declared == Datum::Cgcs2000 { Datum::Wgs84 } else { declared };
    findings.extend(datum_check::check(declared, points));
}
