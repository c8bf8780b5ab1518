//! Codes by short message: one call of the operator's gateway for each.
//!
//! It is asked once for a message; whoever gets none asks for another. What it answers is not read beyond its status.

use anyhow::{Context, ensure};

use crate::config::Settings;
use crate::http::gateway::{self, Template};

fn template(settings: &Settings) -> Option<Template<'_>> {
    let url = settings.sms_url.as_deref()?;
    Some(Template { url, body: &settings.sms_body, key: settings.sms_key.as_deref() })
}

/// Whether the settings of the gateway can be used; nothing is sent.
pub fn check(settings: &Settings) -> anyhow::Result<()> {
    let Some(template) = template(settings) else { return Ok(()) };
    template.check(&[("phone", "13900000001"), ("code", "000000")]).context("setting sms_url")?;
    ensure!(template.has("phone"), "settings sms_url and sms_body: neither has a place for {{phone}}");
    ensure!(template.has("code"), "settings sms_url and sms_body: neither has a place for {{code}}");
    Ok(())
}

/// Sends a code to a telephone.
pub async fn send(settings: &Settings, phone: &str, code: &str) -> anyhow::Result<()> {
    let request = template(settings).context("no gateway is configured")?.request(&[("phone", phone), ("code", code)])?;
    let answered = gateway::send(request).await?;
    ensure!((200..300).contains(&answered.status), "the gateway answered {}", answered.status);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(url: &str, body: &str) -> Settings {
        Settings { sms_url: Some(url.to_owned()), sms_body: body.to_owned(), sms_key: Some("k1".to_owned()), ..Settings::defaults() }
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
            let fault = format!("{:#}", check(&settings(url, body)).expect_err(url));
            assert!(fault.contains("sms_url") && !fault.contains("k1"), "{fault}");
        }
    }
}
