//! The gateway for short messages that the operator configures: one HTTP call a message, with a template of what it wants to hear.
//!
//! It is asked once for a message; whoever gets none asks for another. What it answers is not read beyond its status.

use std::time::Duration;

use anyhow::{Context, ensure};
use axum::body::Body;
use axum::http::{Method, Request, Uri, header};

use crate::config::Settings;
use crate::http::outgoing::{self, may_be_asked};

/// A gateway that takes longer is given up.
const PATIENCE: Duration = Duration::from_secs(10);

/// Whether the settings of the gateway can be used; nothing is sent.
pub fn check(settings: &Settings) -> anyhow::Result<()> {
    if settings.sms_url.is_none() {
        return Ok(());
    }
    let sample = request(settings, "13900000001", "000000").context("setting sms_url")?;
    let allowed = sample.uri().scheme_str().zip(sample.uri().host()).is_some_and(|(scheme, host)| may_be_asked(scheme, host));
    ensure!(allowed, "setting sms_url: another host is asked over https alone; http only on this machine");
    let (url, body) = (settings.sms_url.as_deref().unwrap_or(""), settings.sms_body.as_str());
    ensure!([url, body].iter().any(|text| text.contains("{phone}")), "settings sms_url and sms_body: neither has a place for {{phone}}");
    ensure!([url, body].iter().any(|text| text.contains("{code}")), "settings sms_url and sms_body: neither has a place for {{code}}");
    Ok(())
}

/// Both are digits alone, so they need no escaping wherever they stand.
fn filled(template: &str, phone: &str, code: &str, key: &str) -> String {
    template.replace("{phone}", phone).replace("{code}", code).replace("{key}", key)
}

fn request(settings: &Settings, phone: &str, code: &str) -> anyhow::Result<Request<Body>> {
    let key = settings.sms_key.as_deref().unwrap_or("");
    let address = filled(settings.sms_url.as_deref().unwrap_or(""), phone, code, key);
    // The address holds the number, the code and perhaps the key: no error may repeat it.
    let uri: Uri = address.parse().ok().context("cannot be read as an address")?;
    let content = filled(&settings.sms_body, phone, code, key);
    let method = if content.is_empty() { Method::GET } else { Method::POST };
    let mut request = Request::builder().method(method).uri(uri);
    if !content.is_empty() {
        let is_json = settings.sms_body.starts_with('{');
        request = request.header(header::CONTENT_TYPE, if is_json { "application/json" } else { "application/x-www-form-urlencoded" });
    }
    if !key.is_empty() {
        request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
    }
    request.body(Body::from(content)).ok().context("cannot be put together")
}

/// Sends a code to a telephone.
pub async fn send(settings: &Settings, phone: &str, code: &str) -> anyhow::Result<()> {
    let request = request(settings, phone, code)?;
    let answer = tokio::time::timeout(PATIENCE, outgoing::client(PATIENCE).request(request)).await.context("no answer in time")??;
    ensure!(answer.status().is_success(), "the gateway answered {}", answer.status().as_u16());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(url: &str, body: &str) -> Settings {
        Settings { sms_url: Some(url.to_owned()), sms_body: body.to_owned(), sms_key: Some("k1".to_owned()), ..Settings::defaults() }
    }

    #[test]
    fn the_template_says_what_the_gateway_hears() {
        let posted = request(&settings("https://sms.example/send", "to={phone}&text={code}"), "13900000001", "123456").expect("a request");
        assert_eq!((posted.method(), posted.uri().to_string().as_str()), (&Method::POST, "https://sms.example/send"));
        assert_eq!(posted.headers()[header::AUTHORIZATION], "Bearer k1");
        assert_eq!(posted.headers()[header::CONTENT_TYPE], "application/x-www-form-urlencoded");
        let asked = request(&settings("https://sms.example/?k={key}&m={phone}&c={code}", ""), "13900000001", "123456").expect("a request");
        assert_eq!((asked.method(), asked.uri().to_string().as_str()), (&Method::GET, "https://sms.example/?k=k1&m=13900000001&c=123456"));
    }

    #[test]
    fn a_gateway_that_cannot_be_used_ends_the_start() {
        check(&Settings::defaults()).expect("no gateway");
        check(&settings("https://sms.example/", "{phone}{code}")).expect("a gateway");
        check(&settings("http://127.0.0.1:1/{phone}", "{code}")).expect("one on this machine");
        for (url, body) in [
            ("http://sms.example/", "{phone}{code}"),
            ("https://sms.example/", "{code}"),
            ("https://sms.example/{phone}", "x"),
            ("x y", "{phone}{code}"),
        ] {
            let fault = check(&settings(url, body)).expect_err(url).to_string();
            assert!(fault.contains("sms_url") && !fault.contains("k1"), "{fault}");
        }
    }
}
