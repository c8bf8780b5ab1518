//! Photographs: taken in through a gate, kept in a folder, served as our own encoding and nothing else.
//!
//! The rules kept here: a picture is named by the SHA-256 of what the phone sent; its files are on the disk before the database knows of
//! it; nothing the camera noted is ever served; the public sees a picture only as part of a report, of a unit's answer
//! or of a challenge that was cleared for it. Who reports what is not here.

pub mod arrival;
mod crops;
pub mod files;
pub mod gate;
pub mod model;
mod routes;
pub mod store;
pub mod sweep;

use std::sync::Arc;

use axum::extract::FromRef;
use tokio::sync::Semaphore;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use files::PhotoStore;
pub use model::PhotoHash;
pub use routes::{PhotoReceipt, find_receipt};

use crate::platform::Platform;

/// What the picture routes work with.
#[derive(Debug, Clone)]
pub struct PhotoDesk {
    pub platform: Platform,
    pub store: PhotoStore,
    /// One permit for each picture being decoded, so that pictures cannot take all processors and memory.
    decoding: Arc<Semaphore>,
}

impl PhotoDesk {
    /// The desk of a running service; features that take pictures share it.
    pub fn at(platform: Platform) -> Self {
        let store = PhotoStore::in_data_folder(&platform.settings.data_folder());
        Self::new(platform, store)
    }

    pub fn new(platform: Platform, store: PhotoStore) -> Self {
        let processors = std::thread::available_parallelism().map_or(2, usize::from);
        Self { platform, store, decoding: Arc::new(Semaphore::new(processors.clamp(2, 8))) }
    }
}

impl FromRef<PhotoDesk> for Platform {
    fn from_ref(desk: &PhotoDesk) -> Self {
        desk.platform.clone()
    }
}

/// Sending a picture, and looking at one.
pub fn router(desk: PhotoDesk) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(routes::put_photo))
        .routes(routes!(routes::show_photo))
        .routes(routes!(routes::show_thumbnail))
        .with_state(desk)
}
