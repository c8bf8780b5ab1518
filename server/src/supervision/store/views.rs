//! The views of the review list that an account has saved.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::ids::AccountId;
use crate::supervision::saved_views::{SavedView, SavedViews};

/// What the account has saved, and its rev.
pub async fn find_views(connection: &mut PgConnection, account_id: AccountId) -> Result<SavedViews, sqlx::Error> {
    let saved = sqlx::query!(r#"select views as "views: Json<Vec<SavedView>>", rev from review_views where account_id = $1"#, account_id.0)
        .fetch_optional(connection)
        .await?;
    Ok(saved.map_or(SavedViews { items: Vec::new(), rev: 0 }, |row| SavedViews { items: row.views.0, rev: row.rev }))
}

/// Puts these views in place of those of `rev`. Says whether they were still the latest.
pub async fn put_views(
    connection: &mut PgConnection,
    account_id: AccountId,
    views: &[SavedView],
    (rev, at): (i64, DateTime<Utc>),
) -> Result<bool, sqlx::Error> {
    let saved = if rev == 0 {
        sqlx::query!(
            "insert into review_views (account_id, views, changed_at) values ($1, $2, $3) on conflict (account_id) do nothing",
            account_id.0,
            Json(views) as _,
            at
        )
        .execute(connection)
        .await?
    } else {
        sqlx::query!(
            "update review_views set views = $2, changed_at = $3, rev = rev + 1 where account_id = $1 and rev = $4",
            account_id.0,
            Json(views) as _,
            at,
            rev
        )
        .execute(connection)
        .await?
    };
    Ok(saved.rows_affected() == 1)
}
