//! The demo county's challenges: one in every state and one of a struck-off site, each with a drawn photograph of what its sender saw.

use anyhow::Context;
use chrono::{DateTime, TimeDelta, Utc};
use geodata::LonLat;
use geodata::demo_county::DemoCounty;
use pictures::Shot;
use sqlx::PgConnection;

use super::history::History;
use super::orders::Issuing;
use crate::challenges::model::{ChallengeState, Consequence};
use crate::challenges::new_number;
use crate::challenges::store::pictures::note_arrival;
use crate::challenges::store::write::{self, Clearing, Move, NewRow};
use crate::ids::{AccountId, Chance, SiteId};
use crate::photos::files::Flush;
use crate::photos::gate::{Evidence, Prepared};
use crate::photos::model::Likeness;
use crate::photos::{PhotoHash, PhotoStore, store::insert_photo};
use crate::sites::Stage;

/// What somebody said of a site, and what became of it.
struct Course {
    /// The stage on the map; struck off or not.
    at: (Stage, bool),
    seen: Option<Stage>,
    /// What the photograph shows.
    percent: i16,
    days_ago: i64,
    words: &'static str,
    state: ChallengeState,
    reason: &'static str,
    /// Words and pictures cleared.
    published: bool,
}

const fn course(at: (Stage, bool), seen: Option<Stage>, percent: i16, days_ago: i64, words: &'static str) -> Course {
    Course { at, seen, percent, days_ago, words, state: ChallengeState::Submitted, reason: "", published: false }
}

const COURSES: [Course; 8] = [
    Course {
        state: ChallengeState::Founded,
        reason: "经现场核实，工地已停工两个月。已向承办单位发出督办单，复工前每周核实一次。",
        published: true,
        ..course((Stage::NotStarted, false), Some(Stage::NotStarted), 0, 34, "围挡立了三个月，里面一直没有人施工，草都长起来了。")
    },
    Course {
        state: ChallengeState::Unfounded,
        reason: "经现场核实，主体已完工并通过验收；群众看到的脚手架是外墙清洗所用。",
        published: true,
        ..course((Stage::Completed, false), Some(Stage::InProgress), 70, 26, "显示已经完成，可是脚手架还没有拆。")
    },
    Course {
        state: ChallengeState::Declined,
        reason: "所述为相邻商铺的装修，与这个点位无关。",
        ..course((Stage::InProgress, false), None, 30, 19, "旁边的店铺装修噪音很大，半夜还在敲。")
    },
    Course {
        state: ChallengeState::Withdrawn, ..course((Stage::Completed, false), Some(Stage::InProgress), 90, 15, "好像还没有完工，我再去看看。")
    },
    Course {
        state: ChallengeState::Accepted,
        reason: "请领办代表和承办单位于三日内到现场核实。",
        ..course((Stage::Completed, false), Some(Stage::InProgress), 55, 6, "地图上是蓝色，现场路面只铺了一半，雨天没法走。")
    },
    course((Stage::Completed, true), Some(Stage::InProgress), 85, 3, "已经销号了，可是水还没有通，村里十几户都在等。"),
    course((Stage::InProgress, false), Some(Stage::NotStarted), 5, 2, "说是正在施工，我连着去了四天，一个工人也没有。想了解请打13800000000。"),
    course((Stage::Completed, false), Some(Stage::InProgress), 60, 1, "大门锁着，里面还堆着水泥，不像已经完成的样子。"),
];

/// A challenge with its site and its picture, which is on the disk.
pub(super) struct Planned {
    course: &'static Course,
    site: usize,
    hash: PhotoHash,
    prepared: Prepared,
}

/// Chooses a site for each and draws what was seen there. A county without such a site has one challenge fewer.
pub(super) fn plan(county: &DemoCounty, history: &History, store: &PhotoStore) -> anyhow::Result<Vec<Planned>> {
    let mut planned: Vec<Planned> = Vec::new();
    for (place, course) in COURSES.iter().enumerate() {
        let fits = |site: &usize| {
            let state = &history.sites[*site];
            (state.stage, state.struck_off_at.is_some()) == course.at && !planned.iter().any(|earlier| earlier.site == *site)
        };
        let Some(site) = (0..history.sites.len()).rev().find(fits) else { continue };
        let theme = county.projects[county.sites[site].project].theme;
        let shot = Shot { theme, place: site as u64, percent: course.percent, month: 10, moment: 900_000 + place as u64 };
        let picture = pictures::take(&shot)?;
        let hash = PhotoHash::of(&picture.jpeg);
        let prepared = Prepared {
            picture: picture.jpeg,
            thumbnail: picture.thumbnail,
            width: picture.width,
            height: picture.height,
            likeness: Likeness::of_brightness(&[0; 72]),
            windows: Vec::new(),
            evidence: Evidence::default(),
        };
        store.write(county.code.as_str(), hash, &prepared, Flush::Later).context("cannot store a challenge's photograph")?;
        planned.push(Planned { course, site, hash, prepared });
    }
    store.flush_all().context("cannot store the challenges' photographs")?;
    Ok(planned)
}

/// Writes the challenges, oldest first.
pub(super) async fn insert_challenges(tx: &mut PgConnection, issuing: &Issuing<'_>, planned: &[Planned], chance: &Chance) -> Result<(), sqlx::Error> {
    let county_id = issuing.county.county_id;
    for Planned { course, site, hash, prepared } in planned {
        let at = issuing.now - TimeDelta::days(course.days_ago);
        let place = issuing.land.sites[*site].position;
        let near = LonLat::new(place.lon() + 0.0003, place.lat() - 0.0002).unwrap_or(place);
        let new = NewRow {
            county_id,
            site_id: SiteId(issuing.ids.sites[*site]),
            number: &new_number(chance),
            secret_sha256: &chance.bytes::<32>(),
            key_sha256: &chance.bytes::<32>(),
            content_mac: &chance.bytes::<32>(),
            seen: course.seen,
            words: course.words,
            place: Some((near, Some(12.0))),
            photos: &[*hash],
            at,
        };
        insert_photo(tx, (county_id, *hash), prepared, None, at).await?;
        let Some(challenge_id) = write::insert(tx, new).await? else { continue };
        note_arrival(tx, county_id, challenge_id, *hash, at).await?;
        settle(tx, issuing, challenge_id, course, at).await?;
    }
    Ok(())
}

/// What the office did with it, a day after the other.
async fn settle(tx: &mut PgConnection, issuing: &Issuing<'_>, challenge_id: i64, course: &Course, at: DateTime<Utc>) -> Result<(), sqlx::Error> {
    let (county_id, committee) = (issuing.county.county_id, AccountId(issuing.ids.committee_account));
    let words = if course.state == ChallengeState::Accepted { course.reason } else { "正在安排现场核实。" };
    let step = |to, days, words| Move { to, account_id: Some(committee), words, consequence: None, at: at + TimeDelta::days(days) };
    let judged = matches!(course.state, ChallengeState::Founded | ChallengeState::Unfounded);
    if judged || course.state == ChallengeState::Accepted {
        write::advance(tx, county_id, challenge_id, step(ChallengeState::Accepted, 1, words)).await?;
    }
    if course.published {
        let clearing = Clearing { words: true, photos: true, edited_words: None, account_id: committee, at: at + TimeDelta::days(1) };
        write::clear(tx, county_id, challenge_id, clearing).await?;
    }
    let last = match course.state {
        _ if judged => Move { consequence: Some(Consequence::None), ..step(course.state, 4, course.reason) },
        ChallengeState::Declined => step(course.state, 1, course.reason),
        ChallengeState::Withdrawn => Move { account_id: None, ..step(course.state, 1, "") },
        _ => return Ok(()),
    };
    write::advance(tx, county_id, challenge_id, last).await?;
    Ok(())
}
