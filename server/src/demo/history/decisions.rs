//! Decisions by which plans were changed during the year. What is planned now is the course's own plan; a decision tells what stood before.

use chrono::{DateTime, NaiveDate, Utc};
use geodata::demo_county::DemoCounty;
use geodata::demo_county::chance::Chance;

use super::{Frame, SiteHistory, days_later};

/// How many plans were changed, as far as the calendar gives room for it.
const CHANGED: usize = 12;

/// A plan as it stood before a decision.
#[derive(Debug, Clone, PartialEq)]
pub struct Before {
    pub start_on: NaiveDate,
    pub finish_on: NaiveDate,
    /// The scope, when the decision changed it.
    pub quota: Option<String>,
    /// Degrees east and north of the present place.
    pub moved_by: (f64, f64),
}

/// A decision about one site's plan.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanChange {
    pub site: usize,
    pub decision: String,
    pub decided_on: NaiveDate,
    pub reason: &'static str,
    /// When it was entered.
    pub at: DateTime<Utc>,
    pub before: Before,
}

const PUT_OFF: [&str; 5] = [
    "梅雨期长，土方无法施工，完工时间顺延。",
    "管线迁改晚于预期，经常委会审议同意顺延完工时间。",
    "施工图按群众意见修改，增加无障碍设施，工期相应调整。",
    "主要材料供货推迟，经核实情况属实，同意调整完工时间。",
    "与相邻道路改造同步实施，避免重复开挖，完工时间顺延。",
];
const SHIFTED: &str = "用地手续办结晚于计划，开工和完工时间一并顺延。";
const SCOPE: &str = "经实地核实，服务范围扩大，建设内容相应调整。";
const MOVED: &str = "原址地下有燃气管线，经比选就近移址建设。";

/// The year's decisions, oldest first.
pub(super) fn plan_changes(county: &DemoCounty, sites: &[SiteHistory], seed: u64, frame: Frame) -> Vec<PlanChange> {
    let mut chance = Chance::new(seed, 0xde);
    let mut places: Vec<usize> = (0..sites.len()).collect();
    chance.shuffle(&mut places);
    let mut changes = Vec::new();
    for place in places {
        if changes.len() == CHANGED {
            break;
        }
        let (stood, reason) = stood_before(changes.len(), &sites[place], &county.sites[place].quota, &mut chance);
        let decided_on = days_later(stood.finish_on, -(chance.between(12.0, 40.0) as i64));
        let at = frame.instant(days_later(decided_on, 1), 9 * 3600 + 61 * place as i64);
        let in_time = decided_on > frame.day(2, 10) && stood.start_on >= frame.day(1, 10) && at <= frame.now;
        if in_time && sites[place].struck_off_at.is_none_or(|struck| at < struck) {
            changes.push(PlanChange { site: place, decision: String::new(), decided_on, reason, at, before: stood });
        }
    }
    changes.sort_by_key(|change| (change.at, change.site));
    for (number, change) in changes.iter_mut().enumerate() {
        change.decision = format!("县人常〔{}〕{}号", frame.year, 3 + 2 * number);
    }
    changes
}

fn stood_before(turn: usize, site: &SiteHistory, quota: &str, chance: &mut Chance) -> (Before, &'static str) {
    let earlier = |day: NaiveDate, days: i64| days_later(day, -days);
    let stood = Before { start_on: site.planned_start_on, finish_on: site.planned_finish_on, quota: None, moved_by: (0.0, 0.0) };
    let days = 15 * (1 + chance.below(3) as i64);
    let put_off = earlier(site.planned_finish_on, days).max(site.planned_start_on);
    match turn % 6 {
        3 => (Before { start_on: earlier(site.planned_start_on, days), finish_on: earlier(site.planned_finish_on, days), ..stood }, SHIFTED),
        4 if !quota.is_empty() => (Before { quota: Some(format!("{quota}（一期）")), ..stood }, SCOPE),
        5 => (Before { finish_on: put_off, moved_by: (0.0017, -0.0011), ..stood }, MOVED),
        _ => (Before { finish_on: put_off, ..stood }, *chance.pick(&PUT_OFF)),
    }
}
