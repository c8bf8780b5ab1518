//! Challenges (质疑): a visitor says of a pin that it is not so; the office looks, answers, and what was founded has its consequence.
//!
//! The rules kept here: nobody's name and telephone are asked for; number and secret together show the whole of it to whoever sent it; the
//! public reads words and pictures only when the office has cleared them, without numbers of persons; nobody judges what they reported on,
//! adopted or struck off; a consequence comes about in the transaction of the judgement, as the act that it is. See decisions 0079 and 0080.

mod body;
mod consequence;
mod desk_routes;
mod desk_view;
mod erasure;
mod judgement_routes;
mod limits;
pub mod model;
mod own_routes;
mod photo_routes;
mod public_routes;
mod secret;
pub mod store;
mod submission;
mod view;

use axum::extract::FromRef;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use desk_routes::list_challenges;
pub use erasure::erase_due;
pub use public_routes::{PublicChallengeView, list_published};
pub use secret::new_number;

use crate::photos::PhotoDesk;

/// A visitor's own challenges, what is published of them, and the office's acts on them.
pub fn router(desk: PhotoDesk) -> OpenApiRouter {
    let platform = crate::platform::Platform::from_ref(&desk);
    let acts = OpenApiRouter::new()
        .routes(routes!(public_routes::list_site_challenges, submission::submit))
        .routes(routes!(desk_routes::list_challenges))
        .routes(routes!(own_routes::show_own))
        .routes(routes!(own_routes::withdraw))
        .routes(routes!(desk_routes::accept))
        .routes(routes!(desk_routes::publish))
        .routes(routes!(judgement_routes::decline))
        .routes(routes!(judgement_routes::judge))
        .with_state(platform);
    OpenApiRouter::new()
        .routes(routes!(photo_routes::show_photo, photo_routes::put_photo))
        .routes(routes!(photo_routes::show_thumbnail))
        .with_state(desk)
        .merge(acts)
}
