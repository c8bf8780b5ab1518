//! The worker's process killed while notices leave by mail, gateway and robot: each message arrives, told apart by its id, and none is lost.

use std::collections::BTreeSet;
use std::time::Duration;

use harness::receivers::{Gateway, MailReceiver};
use minsheng_map::ids::{Chance, SiteId};
use minsheng_map::notices::{NoticeKind, tell_accounts, tell_deputies};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sqlx::PgPool;

use crate::victim::Victim;
use crate::{Ground, number};

const KILLS: u32 = 50;

/// Receivers that have a message a moment before they say so: a kill in between leaves it received and not settled.
struct Receivers {
    mail: MailReceiver,
    sms: Gateway,
    robot: Gateway,
}

impl Receivers {
    async fn start() -> Self {
        let moment = Duration::from_millis(40);
        let taken = |_| (200, "{\"errcode\":0}".to_owned());
        Self {
            // One in ten is asked to come again.
            mail: MailReceiver::answering(moment, |_, before| if before % 10 == 9 { 451 } else { 250 }).await,
            sms: Gateway::answering(moment, taken).await,
            robot: Gateway::answering(moment, taken).await,
        }
    }

    fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("MINSHENG_SMTP_HOST", "127.0.0.1".to_owned()),
            ("MINSHENG_SMTP_PORT", self.mail.port.to_string()),
            ("MINSHENG_SMTP_SECURITY", "plain".to_owned()),
            ("MINSHENG_MAIL_FROM", "map@county.example".to_owned()),
            ("MINSHENG_NOTICE_SMS_URL", self.sms.origin.clone()),
            ("MINSHENG_WECOM_ROBOT_URL", self.robot.origin.clone()),
            ("MINSHENG_NOTICE_SMS_PER_DAY", "1000000".to_owned()),
        ]
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_kills_of_the_worker_lose_no_notice() {
    let ground = Ground::prepare().await;
    let (pool, world) = (&ground.pool, &ground.world);
    for login in ["deputy", "deputy2"] {
        sqlx::query("insert into mail_addresses (county_id, account_id, address) values ($1, $2, $3)")
            .bind(world.county_id.0)
            .bind(world.account(login).0)
            .bind(format!("{login}@county.example"))
            .execute(pool)
            .await
            .expect("an address");
    }
    let receivers = Receivers::start().await;
    let mut victim = Victim::start_with(ground.cluster.url(), ground.data(), receivers.environment()).await;
    let mut chance = StdRng::seed_from_u64(50);
    for _ in 0..KILLS {
        tell(&ground, chance.random_range(4..12)).await;
        tokio::time::sleep(Duration::from_millis(chance.random_range(20..700))).await;
        victim.kill_and_restart().await;
    }
    let waiting = "select count(*) from deliveries where state = 'waiting'";
    // Leases of the killed run out by themselves; nobody ends them here.
    for _ in 0..600 {
        if number(pool, waiting).await == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let left: Vec<(String, String, i16, Option<String>)> =
        sqlx::query_as("select channel, state, attempts, fault from deliveries where state <> 'delivered'").fetch_all(pool).await.expect("rows");
    assert_eq!(left, [], "every message is delivered");
    check(pool, &receivers).await;
    victim.stop();
    ground.remove().await;
}

/// Tells two deputies about a site, so many times, and now and then the groups.
async fn tell(ground: &Ground, times: usize) {
    let (world, chance) = (&ground.world, Chance::from_system());
    let whom = [(world.west[0].site_id, world.deputies["deputy"]), (world.west[0].site_id, world.deputies["deputy2"])];
    for time in 0..times {
        let mut tx = ground.pool.begin().await.expect("a transaction");
        let now = chrono::Utc::now();
        tell_deputies(&mut tx, &chance, world.county_id, NoticeKind::Reminder, &whom, "请尽快反馈", now).await.expect("told");
        if time == 0 {
            let whom: [(SiteId, _); 1] = [(world.west[0].site_id, world.account("committee"))];
            tell_accounts(&mut tx, &chance, world.county_id, NoticeKind::OfferUnanswered, &whom, "", now).await.expect("told");
        }
        tx.commit().await.expect("written");
    }
}

async fn check(pool: &PgPool, receivers: &Receivers) {
    let rows: Vec<(String, String)> =
        sqlx::query_as("select notice_id || '.' || channel, channel from deliveries").fetch_all(pool).await.expect("rows");
    let queued = |channel: &str| -> BTreeSet<String> { rows.iter().filter(|row| row.1 == channel).map(|row| row.0.clone()).collect() };
    let mails: Vec<String> = receivers.mail.mails().into_iter().map(|mail| mail.id).collect();
    let messages: Vec<String> = receivers.sms.heard().into_iter().map(|heard| heard.idempotency_key).collect();
    let (mail, sms, lines) = (queued("mail"), queued("sms"), queued("wecom").len());
    assert!(mail.len() > 400 && sms.len() > 400 && lines == KILLS as usize, "{} {} {lines}: too few to prove anything", mail.len(), sms.len());
    assert_eq!(mails.iter().cloned().collect::<BTreeSet<_>>(), mail, "each mail, and nothing that was not queued");
    assert_eq!(messages.iter().cloned().collect::<BTreeSet<_>>(), sms, "each short message");
    assert!(receivers.robot.heard().len() >= lines);
    let doubled = mails.len() - mail.len() + messages.len() - sms.len();
    eprintln!("{} mails, {} short messages, {lines} lines; {doubled} came twice under their ids", mail.len(), sms.len());
    assert!(doubled <= 4 * KILLS as usize, "no more than what was under way at a kill");
}
