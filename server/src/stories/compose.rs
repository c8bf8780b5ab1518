//! Turns records into the entries of a story: what moved the stage is told with the report that moved it, and nothing twice.

use std::collections::HashMap;

use uuid::Uuid;

use super::model::{Calendar, Entry, Happening, Office, Records, Reminder, StoryMonth, months};
use crate::calendar::Month;
use crate::county::County;
use crate::reports::store::read::ReportState;
use crate::sites::store::SiteEvent;
use crate::sites::{Marks, Site};

/// The story of `site`, which may have left the plan, newest month first.
pub fn compose(site: &Site, (marks, in_plan): (Marks, bool), records: &Records, county: &County, open: Month) -> Vec<StoryMonth> {
    let mut moves: HashMap<(Uuid, &str), &SiteEvent> = HashMap::new();
    for event in &records.events {
        if let Some(report_id) = event.report_id {
            moves.insert((report_id, event.cause.as_str()), event);
        }
    }
    let at = |instant| Month::at(instant, county.zone);
    let mut entries: Vec<(Month, Entry)> = Vec::new();
    for report in &records.reports {
        let moved_from = moves.get(&(report.report_id, "report")).map(|event| event.from_stage);
        let happening = Happening::Report { report: Box::new(report.clone()), moved_from };
        entries.push((report.month, Entry { at: report.received_at, happening }));
        if let (ReportState::Returned, Some(returned_at)) = (report.state, report.returned_at) {
            let moved = moves.get(&(report.report_id, "return")).map(|event| (event.from_stage, event.to_stage, event.percent));
            let by = records.returned_by.get(&report.report_id).cloned();
            let happening = Happening::Return { report: Box::new(report.clone()), by, moved };
            entries.push((at(returned_at), Entry { at: returned_at, happening }));
        }
    }
    for event in &records.events {
        let happening = match event.cause.as_str() {
            "correction" => Happening::Correction { event: event.clone(), by: office(event) },
            "strike_off" => Happening::StrikeOff { event: event.clone(), by: office(event) },
            "reopening" => Happening::Reopening { event: event.clone(), by: office(event) },
            cause if cause.starts_with("challenge") => Happening::Challenge { event: event.clone(), by: office(event) },
            _ => continue,
        };
        entries.push((at(event.at), Entry { at: event.at, happening }));
    }
    for change in &records.plan_changes {
        entries.push((at(change.at), Entry { at: change.at, happening: Happening::PlanChange(change.clone()) }));
    }
    for entry in reminders(&records.reminders) {
        entries.push((at(entry.at), entry));
    }
    for step in &records.orders {
        entries.push((at(step.at), Entry { at: step.at, happening: Happening::Order(Box::new(step.clone())) }));
    }
    for withdrawal in &records.withdrawals {
        entries.push((at(withdrawal.at), Entry { at: withdrawal.at, happening: Happening::Withdrawal(Box::new(withdrawal.clone())) }));
    }
    months(site, marks, records, entries, &Calendar { county, open, in_plan })
}

fn office(event: &SiteEvent) -> Option<Office> {
    Some(Office { role: event.by_role.clone()?, region: event.by_region.clone().unwrap_or_default() })
}

/// What was sent to several at once is told once.
fn reminders(sent: &[Reminder]) -> Vec<Entry> {
    let mut told: Vec<Entry> = Vec::new();
    for reminder in sent {
        let same = told.iter_mut().find_map(|entry| match &mut entry.happening {
            Happening::Reminder { reminder: first, to } if first.at == reminder.at && first.words == reminder.words => Some(to),
            _ => None,
        });
        match same {
            Some(to) => to.push(reminder.to.clone()),
            None => {
                let happening = Happening::Reminder { reminder: reminder.clone(), to: vec![reminder.to.clone()] };
                told.push(Entry { at: reminder.at, happening });
            }
        }
    }
    told
}
