//! The year of the deputy who may be signed in as, as varied as years are: a month excused, a report sent back. Nothing that a site's course
//! rests on is taken away.

use super::reporting::may_wait;
use super::{Course, Frame, Report, ReportState, days_later, words};
use crate::calendar::Month;

/// Takes the reports of one closed month away, because the deputy was ill, and sends one of another month back. Says which month.
pub(super) fn vary(reports: &mut Vec<Report>, courses: &[Course], shown: usize, frame: Frame) -> Option<Month> {
    let closed: Vec<Month> = frame.months().filter(|month| frame.is_closed(*month)).collect();
    let of = |report: &Report, month: Month| report.deputy == shown && report.month == month;
    let calm = |month: &&Month| {
        let mut of_month = reports.iter().filter(|report| of(report, **month)).peekable();
        of_month.peek().is_some() && of_month.all(|report| may_wait(&courses[report.site], **month))
    };
    let excused = closed.iter().rev().skip(2).find(calm).copied()?;
    reports.retain(|report| !of(report, excused));
    let is_alone = |report: &Report| {
        let versions = reports.iter().filter(|other| of(other, report.month) && other.site == report.site).count();
        versions == 1 && report.state == ReportState::Standing && !report.late
    };
    let sent_back = reports.iter().rposition(|report| {
        let calm = frame.is_closed(report.month) && may_wait(&courses[report.site], report.month);
        report.deputy == shown && calm && is_alone(report) && report.written_at < frame.now - chrono::TimeDelta::days(20)
    });
    if let Some(place) = sent_back {
        let report = &mut reports[place];
        let visited_on = report.written_at.with_timezone(&frame.zone).date_naive();
        report.state = ReportState::Returned { at: frame.instant(days_later(visited_on, 1), 10 * 3600), reason: words::RETURNED[0] };
    }
    Some(excused)
}
