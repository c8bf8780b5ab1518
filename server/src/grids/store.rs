//! All SQL of grid cells.

use sqlx::PgConnection;

use super::model::GridCell;
use crate::database::geometry::read_area;
use crate::http::shapes::RegionRef;
use crate::ids::{CountyId, GridCellId};

/// The county's grid cells in order of their code.
pub async fn list_grid_cells(connection: &mut PgConnection, county_id: CountyId) -> Result<Vec<GridCell>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select grid_cell_id, code, g.name, region_code, r.name as region_name, st_asgeojson(g.boundary, 7) as "boundary!"
           from grid_cells g
           join regions r using (county_id, region_code)
           where county_id = $1
           order by code"#,
        county_id.0
    )
    .fetch_all(connection)
    .await?;
    let cells = rows.into_iter().map(|row| {
        Ok(GridCell {
            grid_cell_id: GridCellId(row.grid_cell_id),
            code: row.code,
            name: row.name,
            region: RegionRef { code: row.region_code, name: row.region_name },
            boundary: read_area(&row.boundary)?,
        })
    });
    cells.collect()
}
