//! A phone with a queue: writes reports, sends them and their pictures, and sends again what was not acknowledged.

use std::sync::Arc;
use std::time::Duration;

use harness::{Client, Site, pictures};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::ledger::Ledger;

/// Of so many reports that failed at first, one is given up: it may be there once or not at all.
const ONE_GIVEN_UP_OF: u32 = 10;

struct Report {
    id: Uuid,
    body: Value,
    photo: Vec<u8>,
}

/// One deputy's phone.
pub struct Phone {
    client: Client,
    sites: Vec<Site>,
    chance: StdRng,
    ledger: Arc<Ledger>,
    queue: Vec<Report>,
    done: Vec<Report>,
}

impl Phone {
    pub fn new(client: Client, sites: Vec<Site>, seed: u64, ledger: Arc<Ledger>) -> Self {
        Self { client, sites, chance: StdRng::seed_from_u64(seed), ledger, queue: Vec::new(), done: Vec::new() }
    }

    /// Reports without pause until told to stop, then empties the queue and asks for every receipt once more.
    pub async fn report_until_told(mut self) {
        while !self.ledger.is_over() {
            let report = self.write();
            self.ledger.begin(report.id);
            self.attempt(report).await;
            if !self.queue.is_empty() && self.chance.random_ratio(1, 2) {
                let place = self.chance.random_range(0..self.queue.len());
                let report = self.queue.swap_remove(place);
                self.attempt(report).await;
            }
        }
        for _ in 0..200 {
            for report in std::mem::take(&mut self.queue) {
                self.attempt(report).await;
            }
            if self.queue.is_empty() {
                break;
            }
        }
        assert!(self.queue.is_empty(), "{} reports are never acknowledged", self.queue.len());
        for report in &self.done {
            assert!(self.send_report(report).await, "a repetition is acknowledged");
        }
    }

    fn write(&mut self) -> Report {
        let id = Uuid::now_v7();
        let photo = pictures::encode_jpeg(&pictures::picture(self.chance.random(), 96, 64), 80);
        let site = self.sites.choose(&mut self.chance).expect("a site");
        let (stage, percent) = *[("not_started", 0), ("in_progress", 50), ("completed", 100)].choose(&mut self.chance).expect("a stage");
        let written_at = chrono::Utc::now() - chrono::TimeDelta::milliseconds(self.chance.random_range(0..3000));
        let body = json!({
            "site_id": site.site_id, "stage": stage, "percent": percent, "words": id.to_string(), "problems": [],
            "photos": [pictures::sha256(&photo)], "written_at": written_at, "position": {"lon": site.lon, "lat": site.lat, "accuracy_m": 5.0},
            "step_back_reason": "与上次看到的不同"
        });
        Report { id, body, photo }
    }

    /// Sends report and picture in either order. What fails is kept for another time, or given up when nothing of it was acknowledged.
    async fn attempt(&mut self, report: Report) {
        let photo_first = self.chance.random_bool(0.5);
        let half = if photo_first { self.send_photo(&report).await } else { self.send_report(&report).await };
        let done = half && if photo_first { self.send_report(&report).await } else { self.send_photo(&report).await };
        if done {
            self.done.push(report);
        } else if self.ledger.acknowledged().contains(&report.id) || !self.chance.random_ratio(1, ONE_GIVEN_UP_OF) {
            self.queue.push(report);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn send_report(&self, report: &Report) -> bool {
        let request = self.client.request(Method::PUT, &format!("/api/reports/{}", report.id)).json(&report.body);
        let Some(receipt) = acknowledged(request).await else { return false };
        self.ledger.acknowledge(report.id, receipt);
        true
    }

    async fn send_photo(&self, report: &Report) -> bool {
        let hash = pictures::sha256(&report.photo);
        let request = self.client.request(Method::PUT, &format!("/api/photos/{hash}")).body(report.photo.clone());
        if acknowledged(request).await.is_none() {
            return false;
        }
        self.ledger.acknowledge_photo(report.id, &hash);
        true
    }
}

/// The body of a whole success. A refusal would be a fault of the server: nothing here is wrong with what is sent.
async fn acknowledged(request: reqwest::RequestBuilder) -> Option<Vec<u8>> {
    let response = request.timeout(Duration::from_secs(20)).send().await.ok()?;
    let status = response.status();
    let bytes = response.bytes().await.ok()?.to_vec();
    assert!(status.is_success() || status.is_server_error() || status.as_u16() == 409, "{status}: {}", String::from_utf8_lossy(&bytes));
    status.is_success().then_some(bytes)
}
