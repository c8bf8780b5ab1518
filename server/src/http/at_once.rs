//! How many requests a process works on at the same time. One more is asked to come again in a moment, before it costs anything; no single
//! network can take all the places.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Extension;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::context::RequestContext;
use super::problem::{Code, Problem};

/// Places for requests; clones share them.
#[derive(Debug, Clone)]
pub struct AtOnce {
    all: usize,
    for_one_network: usize,
    taken: Arc<Mutex<Taken>>,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    by_network: HashMap<String, usize>,
}

impl AtOnce {
    /// So many places, a quarter of them for any one network.
    pub fn new(all: u32) -> Self {
        let all = usize::try_from(all).unwrap_or(usize::MAX).max(1);
        Self { all, for_one_network: all.div_ceil(4), taken: Arc::default() }
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, network: String) -> Option<Turn> {
        let mut taken = self.taken();
        let of_network = taken.by_network.get(&network).copied().unwrap_or(0);
        if taken.all >= self.all || of_network >= self.for_one_network {
            return None;
        }
        taken.all += 1;
        taken.by_network.insert(network.clone(), of_network + 1);
        Some(Turn { places: self.clone(), network })
    }
}

/// A place, until it is dropped.
struct Turn {
    places: AtOnce,
    network: String,
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        taken.all -= 1;
        match taken.by_network.get_mut(&self.network) {
            Some(more) if *more > 1 => *more -= 1,
            _ => drop(taken.by_network.remove(&self.network)),
        }
    }
}

/// Layer: a request has a place until its answer begins (an event stream holds none while it runs). `/livez` needs no place: a process
/// with much to do is not one to be restarted.
pub async fn take_turn(State(places): State<AtOnce>, Extension(context): Extension<RequestContext>, request: Request, next: Next) -> Response {
    if request.uri().path() == "/livez" {
        return next.run(request).await;
    }
    let Some(_turn) = places.enter(context.network()) else {
        return Problem::new(Code::Unavailable)
            .saying("服务正忙，请稍后再试", "The service is busy; please try again shortly")
            .retry_after(2)
            .into_response();
    };
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_network_leaves_places_for_others_and_a_place_left_is_free() {
        let places = AtOnce::new(8);
        let mut held = vec![places.enter("a".to_owned()).expect("a place"), places.enter("a".to_owned()).expect("a place")];
        assert!(places.enter("a".to_owned()).is_none());
        for network in ["b", "b", "c", "c", "d", "d"] {
            held.push(places.enter(network.to_owned()).expect("a place"));
        }
        assert!(places.enter("e".to_owned()).is_none());
        held.clear();
        assert!(places.enter("a".to_owned()).is_some());
        assert!(places.taken().by_network.is_empty());
    }
}
