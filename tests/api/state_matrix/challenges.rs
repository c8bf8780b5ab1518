//! Makes challenges of a pin, each of a site of its own, in the state that a row names.

use super::{Ground, Made};

/// A challenge. Where the row names its site and not its state, it is one that the act could begin with.
pub async fn make(ground: &Ground, template: &str, state: &str) -> Made {
    let place = ground.place(state);
    let site = ground.site_in(&place, if state == "struck" || state == "key" || state == "gone" { state } else { "unfinished" }).await;
    let present = match state {
        "submitted" | "accepted" | "founded" | "unfounded" | "declined" | "withdrawn" => state,
        _ if template.ends_with("acceptance") => "submitted",
        _ => "accepted",
    };
    let settled = if ["submitted", "accepted"].contains(&present) { "null" } else { "timestamptz '2026-10-20 08:30+08'" };
    let reason = if ["founded", "unfounded", "declined"].contains(&present) { "'已到现场核实'" } else { "null" };
    let consequence = if ["founded", "unfounded"].contains(&present) { "'none'" } else { "null" };
    let number = format!("{:08}", ground.next());
    ground
        .run(format!(
            "with sent as (
                insert into challenges (county_id, site_id, number, secret_sha256, key_sha256, content_mac, words, submitted_at, state, settled_at,
                    reason, consequence)
                values ({}, {site}, '{number}', sha256('secret'), sha256('{number}'), sha256('content'), '现场还没有开工', '2026-10-20 08:00+08',
                    '{present}', {settled}, {reason}, {consequence})
                returning county_id, challenge_id, submitted_at)
             insert into challenge_steps (county_id, challenge_id, step, kind, at) select county_id, challenge_id, 1, 'submitted', submitted_at from sent",
            place.county
        ))
        .await;
    let site_rev = ground.number(format!("select rev from sites where site_id = {site}")).await;
    Made { id: number, rev: 1, also: site_rev.to_string() }
}
