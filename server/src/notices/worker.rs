//! The worker that sends what is due, one in each process that runs jobs; any number of them share the queue.
//!
//! A message belongs to the worker that leased it. A worker that is killed loses its leases after a minute and another sends the message again,
//! under the same id; one that is asked to stop gives them back. So a message may arrive twice, told by its id, and is never lost.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use tokio::time::MissedTickBehavior;
use uuid::Uuid;

use super::channel::{Channel, DeliveryState, Fault, LONGEST_WAIT, MOST_ATTEMPTS, pause_after};
use super::post::Post;
use super::store::deliveries::{self, Leased, Outcome};
use crate::accounts::rate_limit::{self, Limit};
use crate::platform::Platform;

/// How often the queue is looked at.
const EVERY: Duration = Duration::from_secs(1);
/// Messages that one worker sends at the same time.
const AT_ONCE: i64 = 4;
/// Longer than any attempt takes.
const LEASE_S: f64 = 60.0;
/// What is being sent when the worker is asked to stop may take this long.
const LAST_MOMENTS: Duration = Duration::from_secs(3);
/// What a group's robot takes: twenty lines a minute.
const BY_ROBOT: Limit = Limit { burst: 20, refill_s: 3 };

/// Sends what is due until `stop` resolves. Returns at once when no way out is set up.
pub async fn run(platform: Platform, stop: impl Future<Output = ()>) {
    let worker = match Worker::of(platform) {
        Ok(worker) if !worker.channels.is_empty() => worker,
        Ok(_) => return,
        Err(error) => return tracing::error!(%error, "notices stay in the app"),
    };
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    tokio::pin!(stop);
    loop {
        tokio::select! {
            biased;
            () = &mut stop => break,
            _ = ticks.tick() => {}
        }
        let sending = worker.send_due();
        tokio::pin!(sending);
        let sent = tokio::select! {
            sent = &mut sending => sent,
            () = &mut stop => {
                let _ = tokio::time::timeout(LAST_MOMENTS, sending).await;
                break;
            }
        };
        match sent {
            Ok(sent) if sent == AT_ONCE as usize => ticks.reset_immediately(),
            Ok(_) => {}
            Err(error) => tracing::error!(%error, "the queue of notices could not be read or written and will be tried again"),
        }
    }
    if let Err(error) = worker.give_back().await {
        tracing::warn!(%error, "leases could not be given back; they run out by themselves");
    }
}

/// What became of an attempt.
enum Fate {
    Sent,
    Failed(Fault),
    /// There is nobody to send it to.
    Gone,
    /// The way takes no more for so many seconds.
    Later(u32),
}

/// One worker, under a name of its own.
pub struct Worker {
    platform: Platform,
    post: Post,
    channels: Vec<Channel>,
    id: Uuid,
}

impl Worker {
    pub fn of(platform: Platform) -> anyhow::Result<Self> {
        let post = Post::open(&platform.settings)?;
        let id = platform.chance.uuid(platform.clock.now());
        Ok(Self { channels: post.channels(), post, id, platform })
    }

    /// Leases a few messages that are due and sends them, all at once. Returns how many they were.
    pub async fn send_due(&self) -> Result<usize, sqlx::Error> {
        let now = self.platform.clock.now();
        let leased = {
            let mut connection = self.platform.pool.acquire().await?;
            deliveries::lease(&mut connection, self.id, &self.channels, (AT_ONCE, LEASE_S), now).await?
        };
        for sent in join_all(leased.iter().map(|message| self.send_one(message))).await {
            sent?;
        }
        Ok(leased.len())
    }

    /// Gives back what this worker holds.
    pub async fn give_back(&self) -> Result<u64, sqlx::Error> {
        deliveries::give_back(&mut *self.platform.pool.acquire().await?, self.id).await
    }

    async fn send_one(&self, message: &Leased) -> Result<(), sqlx::Error> {
        let fate = self.attempt(message).await?;
        let now = self.platform.clock.now();
        let chance = u32::from_be_bytes(self.platform.chance.bytes());
        let outcome = outcome_of(&fate, message.attempts, chance, now);
        if let Fate::Failed(fault) = &fate {
            let (delivery_id, channel, fault) = (message.delivery_id, message.channel.as_str(), fault.code.as_str());
            let is_dead = outcome.state == DeliveryState::Dead;
            tracing::warn!(delivery_id, channel, fault, is_dead, attempts = message.attempts + 1, "a notice did not get through");
        }
        let mut connection = self.platform.pool.acquire().await?;
        let key = (message.county_id, message.delivery_id);
        if !deliveries::settle(&mut connection, self.id, key, &outcome, now).await? {
            tracing::warn!(delivery_id = message.delivery_id, "a message took longer than its lease; another worker has it");
        }
        Ok(())
    }

    async fn attempt(&self, message: &Leased) -> Result<Fate, sqlx::Error> {
        let now = self.platform.clock.now();
        if now - message.queued_at > LONGEST_WAIT {
            return Ok(Fate::Failed(Fault::permanent("too_old")));
        }
        if let Some(seconds) = self.wait_for_room(message.channel, now).await? {
            return Ok(Fate::Later(seconds));
        }
        Ok(match self.post.send(message, now).await {
            None => Fate::Gone,
            Some(Ok(())) => Fate::Sent,
            Some(Err(fault)) => Fate::Failed(fault),
        })
    }

    /// Seconds until the way takes another message; nothing when it does now.
    async fn wait_for_room(&self, channel: Channel, now: DateTime<Utc>) -> Result<Option<u32>, sqlx::Error> {
        let limit = match channel {
            Channel::Mail => return Ok(None),
            Channel::Sms => {
                let most = i32::try_from(self.platform.settings.notice_sms_per_day.max(1)).unwrap_or(i32::MAX);
                Limit { burst: most, refill_s: (86_400 / most).max(1) }
            }
            Channel::Wecom | Channel::Dingtalk => BY_ROBOT,
        };
        let mut connection = self.platform.pool.acquire().await?;
        Ok(rate_limit::take(&mut connection, &format!("notices by {}", channel.as_str()), limit, now).await?.err())
    }
}

fn outcome_of(fate: &Fate, attempts: i16, chance: u32, now: DateTime<Utc>) -> Outcome<'_> {
    let settled = |state, fault, is_attempt| Outcome { state, fault, due_at: now, is_attempt };
    match fate {
        Fate::Sent => settled(DeliveryState::Delivered, None, true),
        Fate::Gone => settled(DeliveryState::Dropped, Some("nobody"), false),
        Fate::Later(seconds) => {
            Outcome { state: DeliveryState::Waiting, fault: None, due_at: now + TimeDelta::seconds(i64::from(*seconds)), is_attempt: false }
        }
        Fate::Failed(fault) if fault.is_permanent || attempts + 1 >= MOST_ATTEMPTS => settled(DeliveryState::Dead, Some(fault.code.as_str()), true),
        Fate::Failed(fault) => {
            let due_at = now + pause_after(attempts + 1, chance);
            Outcome { state: DeliveryState::Waiting, fault: Some(&fault.code), due_at, is_attempt: true }
        }
    }
}
