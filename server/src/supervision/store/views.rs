//! The views of the review list that an account has saved.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::ids::AccountId;
use crate::supervision::saved_views::SavedView;

/// In the order in which they were saved; none when the account has saved nothing.
pub async fn list_views(connection: &mut PgConnection, account_id: AccountId) -> Result<Vec<SavedView>, sqlx::Error> {
    let views = sqlx::query_scalar!(r#"select views as "views: Json<Vec<SavedView>>" from review_views where account_id = $1"#, account_id.0)
        .fetch_optional(connection)
        .await?;
    Ok(views.map(|views| views.0).unwrap_or_default())
}

/// Puts these views in place of the account's former ones.
pub async fn put_views(connection: &mut PgConnection, account_id: AccountId, views: &[SavedView], at: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into review_views (account_id, views, changed_at) values ($1, $2, $3)
         on conflict (account_id) do update set views = excluded.views, changed_at = excluded.changed_at",
        account_id.0,
        Json(views) as _,
        at
    )
    .execute(connection)
    .await?;
    Ok(())
}
