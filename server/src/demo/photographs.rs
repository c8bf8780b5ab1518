//! The photographs of all reports, drawn by all processors at once and put into the picture store.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Context;
use chrono::Datelike;
use geodata::demo_county::DemoCounty;
use pictures::Shot;

use super::history::{History, Photos};
use super::store::PhotoRow;
use crate::photos::files::Flush;
use crate::photos::gate::{Evidence, Prepared};
use crate::photos::model::Likeness;
use crate::photos::{PhotoHash, PhotoStore};

/// A picture to be taken for a report.
struct Task {
    report: usize,
    place: i16,
    shot: Shot,
}

/// Draws and stores every picture; returns where each is shown, reports in order.
pub(super) fn take_all(county: &DemoCounty, history: &History, store: &PhotoStore) -> anyhow::Result<Vec<PhotoRow>> {
    let tasks = tasks(county, history);
    let next = AtomicUsize::new(0);
    let taken = Mutex::new(Vec::with_capacity(tasks.len()));
    let work = || -> anyhow::Result<()> {
        while let Some(task) = tasks.get(next.fetch_add(1, Ordering::Relaxed)) {
            let row = take(task, county.code.as_str(), store)?;
            taken.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(row);
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let hands = std::thread::available_parallelism().map_or(2, usize::from);
        let workers: Vec<_> = (0..hands).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().unwrap_or_else(|_| Err(anyhow::anyhow!("drawing the photographs failed"))))
    })?;
    store.flush_all().context("cannot store the demo's photographs")?;
    let mut rows = taken.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    rows.sort_by_key(|row| (row.report, row.place));
    add_reused(history, &mut rows);
    Ok(rows)
}

fn tasks(county: &DemoCounty, history: &History) -> Vec<Task> {
    let mut tasks = Vec::new();
    for (report, written) in history.reports.iter().enumerate() {
        let Photos::Taken(count) = written.photos else { continue };
        let theme = county.projects[county.sites[written.site].project].theme;
        let month = written.written_at.with_timezone(&history.zone).month();
        for place in 0..count {
            let moment = (report * 16 + place) as u64;
            let shot = Shot { theme, place: written.site as u64, percent: written.percent, month, moment };
            tasks.push(Task { report, place: place as i16 + 1, shot });
        }
    }
    tasks
}

fn take(task: &Task, county_code: &str, store: &PhotoStore) -> anyhow::Result<PhotoRow> {
    let picture = pictures::take(&task.shot)?;
    let hash = PhotoHash::of(&picture.jpeg);
    let (width, height) = (picture.width, picture.height);
    let prepared = Prepared {
        picture: picture.jpeg,
        thumbnail: picture.thumbnail,
        width,
        height,
        likeness: Likeness::of_brightness(&[0; 72]),
        windows: Vec::new(),
        evidence: Evidence::default(),
    };
    store.write(county_code, hash, &prepared, Flush::Later).context("cannot store the demo's photographs")?;
    Ok(PhotoRow { report: task.report, place: task.place, hash, width, height, reused_from: None })
}

/// Reports that show the first picture of an earlier one again.
fn add_reused(history: &History, rows: &mut Vec<PhotoRow>) {
    for (report, written) in history.reports.iter().enumerate() {
        if let Photos::Reused(earlier) = written.photos {
            let first = rows.iter().find(|row| row.report == earlier && row.place == 1).copied();
            rows.extend(first.map(|row| PhotoRow { report, place: 1, reused_from: Some(earlier), ..row }));
        }
    }
}
