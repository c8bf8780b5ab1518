//! All ways out of the app together: which are set up, and one message sent by one of them.

use std::sync::Arc;

use anyhow::{Context, ensure};
use axum::http::HeaderValue;
use chrono::{DateTime, Utc};

use super::channel::{Channel, Fault, travelling_id};
use super::mailer::Mailer;
use super::store::deliveries::Leased;
use super::{message, robots};
use crate::config::Settings;
use crate::http::gateway::{self, Template};

/// The ways that the settings open.
pub struct Post {
    settings: Arc<Settings>,
    mailer: Option<Mailer>,
}

impl Post {
    /// Reads the settings and says what is wrong with them. Nobody is asked.
    pub fn open(settings: &Arc<Settings>) -> anyhow::Result<Self> {
        if let Some(template) = sms_template(settings) {
            template.check(&[("phone", "13900000001"), ("text", "文"), ("id", "1")]).context("setting notice_sms_url")?;
            for name in ["phone", "text"] {
                ensure!(template.has(name), "settings notice_sms_url and notice_sms_body: neither has a place for {{{name}}}");
            }
        }
        for (name, url) in [("wecom_robot_url", &settings.wecom_robot_url), ("dingtalk_robot_url", &settings.dingtalk_robot_url)] {
            if let Some(url) = url {
                Template { url, body: "{}", key: None }.check(&[]).with_context(|| format!("setting {name}"))?;
            }
        }
        Ok(Self { mailer: Mailer::open(settings)?, settings: settings.clone() })
    }

    pub fn channels(&self) -> Vec<Channel> {
        let is_open = |channel: &Channel| match channel {
            Channel::Mail => self.mailer.is_some(),
            Channel::Sms => self.settings.notice_sms_url.is_some(),
            Channel::Wecom => self.settings.wecom_robot_url.is_some(),
            Channel::Dingtalk => self.settings.dingtalk_robot_url.is_some(),
        };
        Channel::ALL.into_iter().filter(is_open).collect()
    }

    /// Sends a message once. Nothing when there is nobody to send it to.
    pub async fn send(&self, leased: &Leased, now: DateTime<Utc>) -> Option<Result<(), Fault>> {
        let id = travelling_id(leased.notice_id, leased.channel);
        let origin = self.settings.origin();
        let closed = || Err(Fault::passing("closed"));
        let is_personal = matches!(leased.channel, Channel::Mail | Channel::Sms);
        if is_personal && leased.is_disabled {
            return None;
        }
        Some(match leased.channel {
            Channel::Mail => {
                let to = leased.mail.as_deref()?;
                match &self.mailer {
                    Some(mailer) => mailer.send(&id, to, message::mail(leased, &origin)).await,
                    None => closed(),
                }
            }
            Channel::Sms => self.send_short(&id, leased.phone.as_deref()?, &message::short(leased)).await,
            Channel::Wecom => match self.settings.wecom_robot_url.as_deref() {
                Some(url) => robots::tell_wecom(url, &message::for_group(leased, &origin)).await,
                None => closed(),
            },
            Channel::Dingtalk => match self.settings.dingtalk_robot_url.as_deref() {
                Some(url) => {
                    let secret = self.settings.dingtalk_robot_secret.as_deref();
                    robots::tell_dingtalk(url, secret, &message::for_group(leased, &origin), now).await
                }
                None => closed(),
            },
        })
    }

    async fn send_short(&self, id: &str, phone: &str, text: &str) -> Result<(), Fault> {
        let template = sms_template(&self.settings).ok_or_else(|| Fault::passing("closed"))?;
        let values = [("phone", phone), ("text", text), ("id", id)];
        let mut request = template.request(&values).map_err(|_| Fault::permanent("address_unreadable"))?;
        if let Ok(id) = HeaderValue::from_str(id) {
            request.headers_mut().insert("idempotency-key", id);
        }
        match gateway::send(request).await.map_err(robots::no_answer)?.status {
            200..=299 => Ok(()),
            status => Err(Fault::of_status(status)),
        }
    }
}

fn sms_template(settings: &Settings) -> Option<Template<'_>> {
    let url = settings.notice_sms_url.as_deref()?;
    Some(Template { url, body: &settings.notice_sms_body, key: settings.sms_key.as_deref() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(change: impl FnOnce(&mut Settings)) -> String {
        let mut settings = Settings::defaults();
        change(&mut settings);
        Post::open(&Arc::new(settings)).err().map(|error| format!("{error:#}")).unwrap_or_default()
    }

    #[test]
    fn a_way_that_cannot_be_used_ends_the_start_and_names_its_setting() {
        assert_eq!(fault(|_| {}), "");
        assert_eq!(fault(|settings| settings.wecom_robot_url = Some("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k".to_owned())), "");
        let metadata = fault(|settings| settings.wecom_robot_url = Some("http://169.254.169.254/?key=geheim".to_owned()));
        assert!(metadata.contains("wecom_robot_url") && !metadata.contains("geheim"), "{metadata}");
        let no_place = fault(|settings| {
            settings.notice_sms_url = Some("https://sms.example/".to_owned());
            settings.notice_sms_body = "{\"phone\":\"{phone}\"}".to_owned();
        });
        assert!(no_place.contains("{text}"), "{no_place}");
        assert!(fault(|settings| settings.smtp_host = Some("mail.example".to_owned())).contains("mail_from"));
    }

    #[test]
    fn only_what_is_set_up_is_open() {
        let settings = Settings { dingtalk_robot_url: Some("http://127.0.0.1:1/".to_owned()), ..Settings::defaults() };
        assert_eq!(Post::open(&Arc::new(settings)).expect("settings").channels(), [Channel::Dingtalk]);
    }
}
