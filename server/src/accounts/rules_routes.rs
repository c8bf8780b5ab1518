//! What a new password must be, said before anybody types one.

use axum::Json;
use axum::extract::State;

use super::password_rules::{PasswordRules, rules};
use crate::platform::Platform;

/// The rules of new passwords in this county. For everybody: whoever joins, or has forgotten theirs, is not signed in.
#[utoipa::path(get, path = "/api/password-rules", tag = "accounts",
    responses((status = 200, body = PasswordRules, description = "The rules of the profile in force")))]
pub async fn password_rules(State(platform): State<Platform>) -> Json<PasswordRules> {
    Json(rules(platform.settings.password_profile))
}
