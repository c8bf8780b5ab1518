//! Mails over SMTP: to one person each, plain text, under an id of ours.
//!
//! No error carries what the mail server said, because it repeats the address; the reply's number is enough to know what to do.

use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, ensure};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, SmtpTransport, Transport};

use super::channel::Fault;
use crate::config::{Settings, SmtpSecurity};

/// For each step of the conversation, ...
const STEP: Duration = Duration::from_secs(10);
/// ... and for all of it.
const WHOLE: Duration = Duration::from_secs(30);

/// The way to the mail server.
#[derive(Clone)]
pub struct Mailer {
    transport: SmtpTransport,
    from: Mailbox,
}

impl Mailer {
    /// The mail server of the settings, if there is one. Nothing is sent and nobody is asked.
    pub fn open(settings: &Settings) -> anyhow::Result<Option<Self>> {
        let Some(host) = settings.smtp_host.as_deref() else { return Ok(None) };
        let from: Mailbox = settings.mail_from.parse().ok().context("setting mail_from: not a mail address")?;
        let tls = || tls_to(host, settings.smtp_authorities.as_deref());
        let (tls, port) = match settings.smtp_security {
            SmtpSecurity::Starttls => (Tls::Required(tls()?), 587),
            SmtpSecurity::Tls => (Tls::Wrapper(tls()?), 465),
            SmtpSecurity::Plain => {
                ensure!(is_this_machine(host), "setting smtp_security: only this machine is spoken to in plain");
                (Tls::None, 25)
            }
        };
        let hello = ClientId::Domain(from.email.domain().to_owned());
        let mut builder = SmtpTransport::builder_dangerous(host).tls(tls).port(settings.smtp_port.unwrap_or(port));
        builder = builder.timeout(Some(STEP)).hello_name(hello);
        if !settings.smtp_user.is_empty() {
            let password = settings.smtp_password.clone().context("setting smtp_password: a user needs one")?;
            builder = builder.credentials(Credentials::new(settings.smtp_user.clone(), password));
        }
        Ok(Some(Self { transport: builder.build(), from }))
    }

    /// Sends a mail once. `id` is its Message-ID but for the domain.
    pub async fn send(&self, id: &str, to: &str, (subject, text): (String, String)) -> Result<(), Fault> {
        let mail = self.written(id, to, subject, text).ok_or_else(|| Fault::permanent("address_unreadable"))?;
        let transport = self.transport.clone();
        // lettre's own asynchronous transport would draw in a second machinery of macros; a mail a second needs no more than a thread.
        let conversation = tokio::task::spawn_blocking(move || transport.send(&mail));
        match tokio::time::timeout(WHOLE, conversation).await {
            Ok(Ok(Ok(_))) => Ok(()),
            Ok(Ok(Err(error))) => Err(fault_of(&error)),
            Ok(Err(_)) => Err(Fault::passing("smtp_broken")),
            Err(_) => Err(Fault::passing("smtp_timeout")),
        }
    }

    fn written(&self, id: &str, to: &str, subject: String, text: String) -> Option<Message> {
        let automatic = HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned());
        let to = Mailbox::new(None, to.parse::<Address>().ok()?);
        let builder = Message::builder().from(self.from.clone()).to(to).subject(subject).raw_header(automatic);
        builder.message_id(Some(format!("<{id}@{}>", self.from.email.domain()))).header(ContentType::TEXT_PLAIN).body(text).ok()
    }
}

/// Whom the mail server is believed by: the system's authorities, and those of the file.
fn tls_to(host: &str, authorities: Option<&Path>) -> anyhow::Result<TlsParameters> {
    let mut parameters = TlsParameters::builder(host.to_owned());
    if let Some(file) = authorities {
        let pem = std::fs::read(file).with_context(|| format!("setting smtp_authorities: cannot read {}", file.display()))?;
        ensure!(pem.windows(27).any(|words| words == b"-----BEGIN CERTIFICATE-----"), "setting smtp_authorities: no certificate (PEM) in the file");
        parameters = parameters.add_root_certificate(Certificate::from_pem(&pem).context("setting smtp_authorities")?);
    }
    parameters.build().context("setting smtp_host")
}

fn fault_of(error: &lettre::transport::smtp::Error) -> Fault {
    match error.status() {
        Some(reply) => Fault::of_reply(u16::from(reply)),
        None if error.is_timeout() => Fault::passing("smtp_timeout"),
        None if error.is_tls() => Fault::passing("smtp_tls"),
        None => Fault::passing("smtp_unreachable"),
    }
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// A mail address as it is kept: in ASCII, with a domain that has a dot, without anything that a server might read as more than one address.
pub fn read_address(text: &str) -> Option<String> {
    let text = text.trim();
    let plain = text.is_ascii()
        && text.len() <= 254
        && !text.contains(|character: char| character.is_ascii_whitespace() || "\"<>,;:()[]\\%!".contains(character));
    let (user, domain) = text.split_once('@')?;
    let named = !user.is_empty() && domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.') && domain.parse::<IpAddr>().is_err();
    (plain && named && text.parse::<Address>().is_ok()).then(|| format!("{user}@{}", domain.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(host: &str, security: SmtpSecurity) -> Settings {
        let mail_from = "民生地图 <map@county.example>".to_owned();
        Settings { smtp_host: Some(host.to_owned()), smtp_security: security, mail_from, ..Settings::defaults() }
    }

    #[test]
    fn another_machine_is_never_spoken_to_in_plain() {
        assert!(Mailer::open(&settings("127.0.0.1", SmtpSecurity::Plain)).is_ok_and(|mailer| mailer.is_some()));
        assert!(Mailer::open(&settings("mail.county.example", SmtpSecurity::Plain)).is_err());
        assert!(Mailer::open(&settings("10.0.0.1", SmtpSecurity::Plain)).is_err());
        assert!(Mailer::open(&Settings::defaults()).is_ok_and(|mailer| mailer.is_none()));
        assert!(Mailer::open(&Settings { mail_from: String::new(), ..settings("127.0.0.1", SmtpSecurity::Plain) }).is_err());
    }

    #[test]
    fn a_file_of_authorities_that_holds_none_is_named() {
        let folder = std::env::temp_dir().join(format!("authorities-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let (missing, empty) = (folder.join("missing.pem"), folder.join("empty.pem"));
        std::fs::write(&empty, "nothing of use").expect("a file");
        for file in [missing, empty] {
            let wrong = Settings { smtp_authorities: Some(file), ..settings("mail.county.example", SmtpSecurity::Tls) };
            let error = Mailer::open(&wrong).err().expect("refused").to_string();
            assert!(error.contains("smtp_authorities"), "{error}");
        }
        std::fs::remove_dir_all(folder).expect("removed");
    }

    #[test]
    fn an_address_is_one_address_and_nothing_else() {
        assert_eq!(read_address(" shen.xl@Example.ORG ").as_deref(), Some("shen.xl@example.org"));
        for text in [
            "",
            "a",
            "a@b",
            "a@b.",
            "@b.cn",
            "a@b.cn,c@d.cn",
            "a@b.cn\r\nBcc: c@d.cn",
            "\"a b\"@c.cn",
            "a@[127.0.0.1]",
            "a@127.0.0.1",
            "甲@b.cn",
            "a%c.cn@b.cn",
        ] {
            assert_eq!(read_address(text), None, "{text}");
        }
        assert_eq!(read_address(&format!("{}@b.cn", "a".repeat(250))), None);
    }

    #[test]
    fn a_mail_carries_its_id_and_no_second_header() {
        let mailer = Mailer::open(&settings("127.0.0.1", SmtpSecurity::Plain)).expect("settings").expect("a mailer");
        let subject = "退回\r\nBcc: other@evil.example".to_owned();
        let mail = mailer.written("id-1", "a@b.cn", subject, "正文\r\n.\r\nMAIL FROM:<x>".to_owned()).expect("a mail");
        let text = String::from_utf8(mail.formatted()).expect("text");
        let head = text.split("\r\n\r\n").next().expect("a head");
        assert!(head.contains("Message-ID: <id-1@county.example>") && head.contains("Auto-Submitted: auto-generated"), "{head}");
        assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
        assert_eq!(mail.envelope().to().len(), 1);
    }
}
