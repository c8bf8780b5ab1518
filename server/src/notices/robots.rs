//! The robots of office groups: one line of text each, by the address of the settings, signed where DingTalk wants it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use ring::hmac;
use serde_json::json;

use super::channel::Fault;
use crate::http::gateway::{self, Answered};

/// Answers that a robot gives when it has too much to do; its other refusals stay what they are.
const BUSY: [i64; 4] = [-1, 45_009, 130_101, 130_102];

/// Tells WeCom's robot.
pub async fn tell_wecom(url: &str, text: &str) -> Result<(), Fault> {
    post(url, &json!({ "msgtype": "text", "text": { "content": text } })).await
}

/// Tells DingTalk's robot, with a signature of this moment when there is a secret.
pub async fn tell_dingtalk(url: &str, secret: Option<&str>, text: &str, now: DateTime<Utc>) -> Result<(), Fault> {
    let content = json!({ "msgtype": "text", "text": { "content": text } });
    match secret {
        Some(secret) => post(&signed(url, secret, now.timestamp_millis()), &content).await,
        None => post(url, &content).await,
    }
}

fn signed(url: &str, secret: &str, millis: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let signature = STANDARD.encode(hmac::sign(&key, format!("{millis}\n{secret}").as_bytes()));
    let joint = if url.contains('?') { '&' } else { '?' };
    format!("{url}{joint}timestamp={millis}&sign={}", utf8_percent_encode(&signature, NON_ALPHANUMERIC))
}

async fn post(url: &str, content: &serde_json::Value) -> Result<(), Fault> {
    let request = gateway::post_json(url, content).map_err(|_| Fault::permanent("address_unreadable"))?;
    judge(&gateway::send(request).await.map_err(no_answer)?)
}

/// What it means that there was no answer.
pub(super) fn no_answer(fault: gateway::NoAnswer) -> Fault {
    match fault {
        gateway::NoAnswer::TooSlow => Fault::passing("http_timeout"),
        gateway::NoAnswer::Unreachable => Fault::passing("http_unreachable"),
        gateway::NoAnswer::Unreadable => Fault::passing("http_broken"),
    }
}

/// A robot says 200 to everything; whether it took the line stands in the content.
fn judge(answered: &Answered) -> Result<(), Fault> {
    if !(200..300).contains(&answered.status) {
        return Err(Fault::of_status(answered.status));
    }
    let said: serde_json::Value = serde_json::from_slice(&answered.body).map_err(|_| Fault::permanent("robot_unreadable"))?;
    match said["errcode"].as_i64() {
        Some(0) => Ok(()),
        Some(code) if BUSY.contains(&code) => Err(Fault::passing(format!("robot_{}", code.unsigned_abs()))),
        Some(code) => Err(Fault::permanent(format!("robot_{}", code.unsigned_abs()))),
        None => Err(Fault::permanent("robot_unreadable")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_signed_as_dingtalk_describes_it() {
        let url = signed("https://oapi.dingtalk.com/robot/send?access_token=x", "SEC1", 1_577_808_000_000);
        let (_, query) = url.split_once('?').expect("a query");
        let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        assert_eq!(pairs[0].1, "x");
        assert_eq!(pairs[1], ("timestamp".to_owned(), "1577808000000".to_owned()));
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"SEC1");
        let signature = STANDARD.decode(&pairs[2].1).expect("base64");
        hmac::verify(&key, b"1577808000000\nSEC1", &signature).expect("the signature");
    }

    #[test]
    fn a_robots_refusal_is_read_from_what_it_says() {
        let answered = |status, body: &str| judge(&Answered { status, body: body.as_bytes().to_vec().into() });
        assert_eq!(answered(200, "{\"errcode\":0,\"errmsg\":\"ok\"}"), Ok(()));
        assert_eq!(answered(200, "{\"errcode\":45009}"), Err(Fault::passing("robot_45009")));
        assert_eq!(answered(200, "{\"errcode\":93000}"), Err(Fault::permanent("robot_93000")));
        assert_eq!(answered(200, "<html>"), Err(Fault::permanent("robot_unreadable")));
        assert_eq!(answered(503, ""), Err(Fault::passing("http_503")));
        assert_eq!(answered(302, ""), Err(Fault::permanent("http_302")));
    }
}
