//! The lists as tables, each read as the desk reads it: by the route that shows it, with the rights of whoever asks and the same filters.

mod columns;
mod computed;

use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::{Request, Uri};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use self::columns::tabled;
use super::model::{DeskList, WantedList};
use crate::accounts::{self, Actor, PublicCounty};
use crate::bulletins::tables::Table;
use crate::calendar::Month;
use crate::county::County;
use crate::http::{Language, Page, PathOf, Problem, QueryOf};
use crate::live_map::{self, LiveMap};
use crate::platform::Platform;
use crate::{adoptions, challenges, county_settings, duty, imports, joining, months, notices, orders, planning, roster, sites, supervision};

/// Who asks, in which language, and when.
pub struct Asker<'a> {
    pub map: &'a LiveMap,
    pub actor: &'a Actor,
    pub county: &'a Arc<County>,
    pub language: Language,
    pub now: DateTime<Utc>,
}

impl Asker<'_> {
    fn platform(&self) -> Platform {
        self.map.platform().clone()
    }

    fn month(&self, wanted: &WantedList) -> Month {
        wanted.month.unwrap_or_else(|| self.county.month_at(self.now))
    }
}

/// The list as the person sees it now.
pub async fn read(asker: &Asker<'_>, wanted: &WantedList) -> Result<Table, Problem> {
    match wanted.list {
        DeskList::MonthParts => computed::month_parts(asker, wanted).await,
        DeskList::MonthReports => computed::month_reports(asker, wanted).await,
        DeskList::Review => computed::review(asker, wanted).await,
        DeskList::AuditLog => computed::audit(asker, wanted).await,
        list => Ok(tabled(list, asker.language, &items(asker, wanted).await?)),
    }
}

/// Every row of the list, as the desk's answer has it.
async fn items(asker: &Asker<'_>, wanted: &WantedList) -> Result<Vec<Value>, Problem> {
    let filters = wanted.filters.as_ref().map_or("", |filters| filters.as_str());
    let (platform, actor, county) = (State(asker.platform()), asker.actor.clone(), PublicCounty(asker.county.clone()));
    match wanted.list {
        DeskList::MonthParts | DeskList::MonthReports | DeskList::Review | DeskList::AuditLog => Err(Problem::internal("a list that is computed")),
        DeskList::Months => rows_of(&Page::whole(months::month_views(&platform.0, asker.county, asker.now).await?)),
        DeskList::Exceptions => {
            let month = format!("month={}", asker.month(wanted));
            one_page(months::list_exceptions(platform, actor, query(&month).await?).await)
        }
        DeskList::Corrections => one_page(months::list_corrections(platform, county, PathOf(asker.month(wanted))).await),
        DeskList::StrikeOffProposals => one_page(supervision::list_proposals(platform, actor).await),
        DeskList::Challenges => all_pages(filters, 200, |asked| challenges::list_challenges(platform.clone(), actor.clone(), asked)).await,
        DeskList::Orders => all_pages(filters, 200, |asked| orders::list_orders(platform.clone(), actor.clone(), asked)).await,
        DeskList::Sites => sites_of_map(asker, filters).await,
        DeskList::Offers => all_pages("", 200, |asked| adoptions::list_standing_offers(platform.clone(), actor.clone(), asked)).await,
        DeskList::HandOvers => all_pages("", 200, |asked| adoptions::list_hand_overs(platform.clone(), actor.clone(), asked)).await,
        DeskList::Projects => Ok(part(planning::show_plan(platform, actor).await, "projects")?),
        DeskList::Units => Ok(part(planning::show_plan(platform, actor).await, "units")?),
        DeskList::WithdrawnSites => withdrawn_sites(asker).await,
        DeskList::Deputies => all_pages(filters, 500, |asked| roster::list_roster(platform.clone(), actor.clone(), asked)).await,
        DeskList::Groups => one_page(roster::list_groups(platform, actor).await),
        DeskList::Stations => one_page(roster::list_kept_stations(platform, actor).await),
        DeskList::Terms => one_page(roster::list_terms(platform, county).await),
        DeskList::TermDeputies => one_page(roster::list_term_deputies(platform, actor, query(filters).await?).await),
        DeskList::TermAdoptions => one_page(roster::list_term_adoptions(platform, actor, query(filters).await?).await),
        DeskList::SettingChanges => one_page(county_settings::list_changes(platform, actor).await),
        DeskList::RegionMergers => one_page(planning::list_mergers(platform, actor).await),
        DeskList::RegionNames => one_page(planning::list_former_names(platform, actor).await),
        DeskList::Joining => all_pages(filters, 500, |asked| joining::list_joining(platform.clone(), actor.clone(), asked)).await,
        DeskList::DutyFigures => one_page(months::list_duty_years(platform, actor, query(filters).await?).await),
        DeskList::DutyContests => one_page(duty::list_contests(platform, actor).await),
        DeskList::DutyRules => one_page(duty::list_rules(platform, county).await),
        DeskList::Deliveries => all_pages(filters, 200, |asked| notices::list_deliveries(platform.clone(), actor.clone(), asked)).await,
        DeskList::Imports => all_pages("", 200, |asked| imports::list_imports(platform.clone(), actor.clone(), asked)).await,
        DeskList::Accounts => all_pages(filters, 200, |asked| accounts::list_accounts(platform.clone(), actor.clone(), asked)).await,
        DeskList::SignInLocks => Ok(part(accounts::security(platform, actor).await, "locks")?),
        DeskList::Sessions => one_page(accounts::list_my_sessions(platform, actor).await),
        DeskList::Notices => all_pages("", 200, |asked| notices::list_my_notices(platform.clone(), actor.clone(), asked)).await,
    }
}

/// The map's sites under the filters of the page, kept to whoever has sites to look after.
async fn sites_of_map(asker: &Asker<'_>, filters: &str) -> Result<Vec<Value>, Problem> {
    if asker.actor.supervised_regions().is_empty() && asker.actor.unit_id().is_none() {
        return Err(Problem::forbidden());
    }
    let map = asker.map.clone();
    all_pages(filters, 1000, |QueryOf(asked)| std::future::ready(live_map::page_of_sites(&map, &asked).map(Json))).await
}

/// What everybody may read of the sites that left the plan, as a file of the desk for whoever looks after sites.
async fn withdrawn_sites(asker: &Asker<'_>) -> Result<Vec<Value>, Problem> {
    if asker.actor.supervised_regions().is_empty() {
        return Err(Problem::forbidden());
    }
    all_pages("", 200, |asked| sites::list_withdrawn(State(asker.platform()), PublicCounty(asker.county.clone()), asked)).await
}

/// Reads filters as an address has them.
pub(super) async fn query<Q: DeserializeOwned + Send>(filters: &str) -> Result<QueryOf<Q>, Problem> {
    let unreadable = || Problem::field("wanted.filters", "unreadable", "筛选条件读不出来", "The filters cannot be read");
    if filters.contains('#') {
        return Err(unreadable());
    }
    let address: Uri = format!("/?{filters}").parse().map_err(|_| unreadable())?;
    let (mut parts, ()) = Request::builder().uri(address).body(()).map_err(Problem::internal)?.into_parts();
    QueryOf::from_request_parts(&mut parts, &()).await.map_err(|_| unreadable())
}

/// Reads on from page to page until the list ends.
async fn all_pages<Q, A, F>(filters: &str, at_once: u32, ask: impl Fn(QueryOf<Q>) -> F) -> Result<Vec<Value>, Problem>
where
    Q: DeserializeOwned + Send,
    A: Serialize,
    F: Future<Output = Result<Json<A>, Problem>>,
{
    let (mut rows, mut cursor) = (Vec::new(), String::new());
    loop {
        let Json(page) = ask(query(&format!("{filters}&limit={at_once}&cursor={cursor}")).await?).await?;
        let page = serde_json::to_value(&page).map_err(Problem::internal)?;
        rows.extend(list_in(&page, "items"));
        match page["next"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => return Ok(rows),
        }
    }
}

fn one_page<A: Serialize>(answer: Result<Json<A>, Problem>) -> Result<Vec<Value>, Problem> {
    rows_of(&answer?.0)
}

fn part<A: Serialize>(answer: Result<Json<A>, Problem>, name: &str) -> Result<Vec<Value>, Problem> {
    let Json(answer) = answer?;
    Ok(list_in(&serde_json::to_value(&answer).map_err(Problem::internal)?, name))
}

fn rows_of<A: Serialize>(page: &A) -> Result<Vec<Value>, Problem> {
    Ok(list_in(&serde_json::to_value(page).map_err(Problem::internal)?, "items"))
}

fn list_in(answer: &Value, name: &str) -> Vec<Value> {
    answer[name].as_array().cloned().unwrap_or_default()
}
