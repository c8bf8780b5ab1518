//! What every phone has sent and what it was told, kept outside of the server's reach.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard};

use uuid::Uuid;

#[derive(Debug, Default)]
struct Entry {
    receipt: Option<Vec<u8>>,
    photo: Option<String>,
}

/// The history of all phones.
#[derive(Debug, Default)]
pub struct Ledger {
    entries: Mutex<HashMap<Uuid, Entry>>,
    stop: AtomicBool,
}

impl Ledger {
    fn entries(&self) -> MutexGuard<'_, HashMap<Uuid, Entry>> {
        self.entries.lock().expect("no phone panicked")
    }

    /// Before the first attempt: from now on the report may be there.
    pub fn begin(&self, id: Uuid) {
        self.entries().insert(id, Entry::default());
    }

    /// The server acknowledged the report. Every receipt must be the same, byte by byte.
    pub fn acknowledge(&self, id: Uuid, receipt: Vec<u8>) {
        let mut entries = self.entries();
        let entry = entries.get_mut(&id).expect("begun");
        match &entry.receipt {
            Some(first) => assert_eq!(String::from_utf8_lossy(first), String::from_utf8_lossy(&receipt), "another receipt for the same report"),
            None => entry.receipt = Some(receipt),
        }
    }

    /// The server acknowledged the report's picture.
    pub fn acknowledge_photo(&self, id: Uuid, hash: &str) {
        self.entries().get_mut(&id).expect("begun").photo = Some(hash.to_owned());
    }

    pub fn has(&self, id: Uuid) -> bool {
        self.entries().contains_key(&id)
    }

    pub fn acknowledged(&self) -> Vec<Uuid> {
        self.entries().iter().filter(|(_, entry)| entry.receipt.is_some()).map(|(id, _)| *id).collect()
    }

    pub fn acknowledged_photos(&self) -> Vec<String> {
        self.entries().values().filter_map(|entry| entry.photo.clone()).collect()
    }

    /// No new reports from here on.
    pub fn tell_to_stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    pub fn is_over(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}
