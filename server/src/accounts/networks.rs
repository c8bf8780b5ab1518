//! The networks in which staff may work. A deputy reports from wherever the building site is, and is not bound.

use std::net::IpAddr;

use super::model::{Grant, is_staff};
use crate::config::Settings;
use crate::http::{Code, Problem};

/// Whether somebody with these rights may work from this address.
pub fn may_be_here(grants: &[Grant], settings: &Settings, address: Option<IpAddr>) -> bool {
    let ranges = &settings.staff_networks;
    ranges.is_empty() || !is_staff(grants) || address.is_some_and(|address| ranges.iter().any(|range| range.holds(address)))
}

/// The refusal of an address.
pub fn elsewhere() -> Problem {
    Problem::new(Code::Forbidden).saying(
        "工作人员账号只能在单位指定的网络中使用，请换到办公网络",
        "Staff accounts work from the office's networks only; please use one of them",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::model::Role;

    #[test]
    fn staff_are_bound_to_the_ranges_and_deputies_are_not() {
        let grant = |role| vec![Grant { role, region_code: "339901".to_owned(), deputy_id: None, unit_id: None, station_id: None }];
        let mut settings = Settings::defaults();
        let outside = "203.0.113.9".parse().ok();
        assert!(may_be_here(&grant(Role::Committee), &settings, outside));
        settings.staff_networks = vec!["10.20.0.0/16".parse().expect("a range")];
        assert!(!may_be_here(&grant(Role::Committee), &settings, outside));
        assert!(!may_be_here(&grant(Role::Committee), &settings, None));
        assert!(may_be_here(&grant(Role::Committee), &settings, "10.20.9.9".parse().ok()));
        assert!(may_be_here(&grant(Role::Deputy), &settings, outside));
    }
}
