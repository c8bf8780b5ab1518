//! The outlines of an import of boundaries, for the map beside its preview.

use axum::Json;
use axum::extract::State;
use geo::Point;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::boundaries::BoundaryDraft;
use super::model::Drafts;
use super::outlines::{OutlineView, Shape, SideChange, compare, side_changes};
use super::routes::visible_import;
use crate::accounts::Actor;
use crate::database::geometry::read_area;
use crate::http::shapes::Named;
use crate::http::{PathOf, Problem};
use crate::platform::Platform;
use crate::{grids, regions, sites};

/// Old and new outlines, and what would come to lie on another side.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"outlines": [{"code": "339901004", "name": "清溪镇", "change": "changed", "before": {"type": "MultiPolygon", "coordinates": []},
    "after": {"type": "MultiPolygon", "coordinates": []}, "before_km2": 81.2, "after_km2": 84.75}],
    "sides": [{"site": {"id": 41, "name": "清溪至石桥农村公路"}, "from": "石桥镇", "to": "清溪镇"}]}))]
pub struct ImportOutlines {
    /// Only what is new or changed; empty for imports of other kinds.
    pub outlines: Vec<OutlineView>,
    /// Sites that lie in another township's outline afterwards. The import itself moves none of them.
    pub sides: Vec<SideChange>,
}

/// What an import of regions or grid cells would do to the map, as the county stands now.
#[utoipa::path(get, path = "/api/imports/{id}/outlines", tag = "imports", params(("id" = Uuid, Path)),
    responses((status = 200, body = ImportOutlines, description = "To be drawn before it is confirmed")))]
pub async fn show_outlines(State(platform): State<Platform>, actor: Actor, PathOf(id): PathOf<Uuid>) -> Result<Json<ImportOutlines>, Problem> {
    let county = platform.county(actor.county_id).ok_or_else(|| Problem::internal("unknown county"))?;
    let mut connection = platform.pool.acquire().await?;
    let (import, _) = visible_import(&mut connection, &actor, &county, id).await?;
    let (stored, drafts, of_regions): (Vec<Shape>, _, _) = match &import.prepared.drafts {
        Drafts::Regions(drafts) => {
            let known = regions::store::list_regions(&mut connection, actor.county_id).await?;
            let stored = known.into_iter().filter_map(|region| Some(Shape { area: region.boundary?, code: region.code, name: region.name }));
            (stored.collect(), drafts, true)
        }
        Drafts::GridCells(drafts) => {
            let known = grids::store::list_grid_cells(&mut connection, actor.county_id).await?;
            (known.into_iter().map(|cell| Shape { code: cell.code, name: cell.name, area: cell.boundary }).collect(), drafts, false)
        }
        _ => return Ok(Json(ImportOutlines { outlines: Vec::new(), sides: Vec::new() })),
    };
    let drafts = drafts.iter().map(shape_of).collect::<Result<Vec<Shape>, sqlx::Error>>()?;
    let sides = if of_regions {
        let known = sites::store::list_sites(&mut connection, actor.county_id, None).await?;
        let placed: Vec<(Named, Point)> =
            known.into_iter().map(|site| (Named { id: site.site_id.0, name: site.name }, Point::from(site.position))).collect();
        side_changes(&stored, &drafts, &placed)
    } else {
        Vec::new()
    };
    Ok(Json(ImportOutlines { outlines: compare(&stored, &drafts), sides }))
}

fn shape_of(draft: &BoundaryDraft) -> Result<Shape, sqlx::Error> {
    Ok(Shape { code: draft.code.clone(), name: draft.name.clone(), area: read_area(&draft.shape)? })
}
