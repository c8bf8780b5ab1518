//! What was found to be wrong with a final month: dated entries beside its snapshot, for everybody to read.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::model::{MonthState, may_correct_months};
use super::routes::{MissingSite, find_month};
use super::store::corrections::{self, CorrectionRow};
use crate::accounts::{Act, JsonOf, PublicCounty};
use crate::calendar::Month;
use crate::county::County;
use crate::database::changes;
use crate::http::{Code, Page, PathOf, Problem, PublicText};
use crate::ids::SiteId;
use crate::platform::Platform;
use crate::sites::Stage;
use crate::sites::stage::percent_agrees;

/// A stage and how far the work was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"stage": "in_progress", "percent": 60}))]
pub struct StageThen {
    pub stage: Stage,
    pub percent: i16,
}

/// An entry beside a final month.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": 2, "month": "2026-10", "site": {"id": 41, "code": "2026-03-07", "name": "清溪至石桥农村公路"},
    "snapshot": {"stage": "completed", "percent": 100}, "should_be": {"stage": "in_progress", "percent": 80}, "words": "复核发现护栏尚未安装",
    "by": "县人大常委会", "at": "2026-11-20T09:00:00+08:00"}))]
pub struct MonthCorrectionView {
    pub id: i64,
    pub month: Month,
    /// Null when the entry is about the month as a whole.
    pub site: Option<MissingSite>,
    /// As the snapshot has it, for ever.
    pub snapshot: Option<StageThen>,
    pub should_be: Option<StageThen>,
    pub words: String,
    pub by: String,
    pub at: DateTime<FixedOffset>,
}

impl MonthCorrectionView {
    pub fn of(row: CorrectionRow, county: &County) -> Self {
        let then = |stage: Option<Stage>, percent: Option<i16>| stage.zip(percent).map(|(stage, percent)| StageThen { stage, percent });
        let named = row.site_id.zip(row.code).zip(row.name);
        Self {
            id: row.correction_id,
            month: Month::of(row.month),
            site: named.map(|((id, code), name)| MissingSite { id: SiteId(id), code, name }),
            snapshot: then(row.snapshot_stage, row.snapshot_percent),
            should_be: then(row.stage, row.percent),
            words: row.words,
            by: row.by,
            at: county.local(row.made_at),
        }
    }
}

/// What was found to be wrong with a final month. The snapshot itself never changes.
#[utoipa::path(get, path = "/api/reporting-months/{month}/corrections", tag = "months",
    params(("month" = String, Path, description = "The month", example = "2026-10")),
    responses((status = 200, body = Page<MonthCorrectionView>, description = "In the order in which they were made")))]
pub async fn list_corrections(
    State(platform): State<Platform>,
    PublicCounty(county): PublicCounty,
    PathOf(month): PathOf<Month>,
) -> Result<Json<Page<MonthCorrectionView>>, Problem> {
    let rows = corrections::list(&mut *platform.pool.acquire().await?, county.county_id, month).await?;
    Ok(Json(Page::whole(rows.into_iter().map(|row| MonthCorrectionView::of(row, &county)).collect())))
}

/// An entry to be put beside a final month.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"site_id": 41, "stage": "in_progress", "percent": 80, "words": "复核发现护栏尚未安装"}))]
pub struct NewMonthCorrection {
    /// Null when the entry is about the month as a whole.
    site_id: Option<SiteId>,
    /// As it should have been; with a site.
    stage: Option<Stage>,
    percent: Option<i16>,
    /// What is wrong and how it was found.
    words: PublicText<1, 1000>,
}

/// Puts a dated entry beside a final month. The snapshot stays; the bulletin shows both.
#[utoipa::path(post, path = "/api/reporting-months/{month}/corrections", tag = "months",
    params(("month" = String, Path, description = "The month", example = "2026-10")), request_body = NewMonthCorrection,
    responses((status = 201, body = MonthCorrectionView, description = "On record for ever, for everybody to read")))]
pub async fn correct_month(PathOf(month): PathOf<Month>, mut act: Act<JsonOf<NewMonthCorrection>>) -> Result<Response, Problem> {
    if !may_correct_months(&act.actor, &act.county.code) {
        return Err(Problem::forbidden());
    }
    let (county, now) = (act.county.clone(), act.now);
    if find_month(&mut act.tx, &county, month, now).await? != MonthState::Final {
        let (zh, en) = ("这个月还没有定稿，请直接更正点位", "The month is not final yet; correct the site itself");
        return Err(Problem::new(Code::Conflict).saying(zh, en));
    }
    let wanted = act.body.0.clone();
    let should_be = should_be(&mut act, month, &wanted).await?;
    let by = (act.actor.account_id, now);
    let about = wanted.site_id.zip(should_be);
    let row = corrections::insert(&mut act.tx, (county.county_id, month), about, wanted.words.as_str(), by).await?;
    let detail = json!({ "month": month, "site_id": wanted.site_id, "should_be": should_be.map(|(stage, percent)| (stage.as_str(), percent)), "words": wanted.words });
    act.audit("month.correct", ("reporting_month", &month.to_string()), detail).await?;
    changes::county_changed(&mut act.tx, county.county_id, now).await?;
    act.done(StatusCode::CREATED, &MonthCorrectionView::of(row, &county)).await
}

/// What the site's row should have said, when the entry is about a site; refused when it says so already or the site was not on the map.
async fn should_be<B>(act: &mut Act<B>, month: Month, wanted: &NewMonthCorrection) -> Result<Option<(Stage, i16)>, Problem> {
    let Some(site_id) = wanted.site_id else {
        return match (wanted.stage, wanted.percent) {
            (None, None) => Ok(None),
            _ => Err(Problem::field("site_id", "required", "请说明是哪个点位", "Say which site")),
        };
    };
    let then = corrections::find_in_snapshot(&mut act.tx, act.actor.county_id, month, site_id).await?;
    let then = then.ok_or_else(|| Problem::field("site_id", "unknown", "这个点位不在当月的地图上", "The site was not on that month’s map"))?;
    let stage = wanted.stage.ok_or_else(|| Problem::field("stage", "required", "请选择应有的状态", "Choose the stage it should have had"))?;
    let percent = wanted.percent.unwrap_or(match stage {
        Stage::NotStarted => 0,
        Stage::InProgress => then.1.clamp(1, 99),
        Stage::Completed => 100,
    });
    if !u8::try_from(percent).is_ok_and(|percent| percent_agrees(stage, percent)) {
        let (zh, en) = ("百分比与状态不符：未开始为 0，已完成为 100", "Not started is 0 percent, completed is 100");
        return Err(Problem::field("percent", "out_of_range", zh, en));
    }
    if then == (stage, percent) {
        return Err(Problem::field("stage", "unchanged", "当月记录本来就是这样", "The snapshot says so already"));
    }
    Ok(Some((stage, percent)))
}
