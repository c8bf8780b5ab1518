//! Mails over an encrypted line, really spoken: from the first byte and by STARTTLS, with a certificate made for the test.

use std::path::PathBuf;

use base64::Engine;
use harness::TestApp;
use harness::receivers::{MailReceiver, TestCertificate};
use minsheng_map::config::SmtpSecurity;

use crate::deliveries::{ADDRESS, by_mail, has_address, remind, send_all};

/// The authority's certificate in a file, as an office would lay it beside the settings.
fn file_of(authority: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("authority-{}.pem", uuid::Uuid::new_v4().simple()));
    std::fs::write(&path, authority).expect("a file");
    path
}

/// A server that sends its mails to `localhost` over TLS, believing this authority as well as the system's.
async fn app_towards(receiver: &MailReceiver, security: SmtpSecurity, authorities: Option<PathBuf>) -> TestApp {
    let app = TestApp::start_with(|settings| {
        by_mail(settings, receiver);
        settings.smtp_host = Some("localhost".to_owned());
        settings.smtp_security = security;
        settings.smtp_authorities = authorities;
        settings.smtp_user = "map".to_owned();
        settings.smtp_password = Some("geheim-canary".to_owned());
    })
    .await;
    has_address(&app, "deputy", ADDRESS).await;
    remind(&app).await;
    app
}

async fn standing(app: &TestApp) -> (String, Option<String>) {
    sqlx::query_as("select state, fault from deliveries").fetch_one(&app.pool).await.expect("a row")
}

const BOTH: [(SmtpSecurity, bool); 2] = [(SmtpSecurity::Tls, true), (SmtpSecurity::Starttls, false)];

#[tokio::test]
async fn a_mail_leaves_over_tls_when_the_offices_own_authority_is_named() {
    for (security, implicit) in BOTH {
        let certificate = TestCertificate::of("localhost");
        let file = file_of(&certificate.authority);
        let receiver = MailReceiver::encrypted(certificate, implicit).await;
        let app = app_towards(&receiver, security, Some(file.clone())).await;
        assert_eq!(send_all(&app).await, 1);
        assert_eq!(standing(&app).await, ("delivered".to_owned(), None), "{security:?}");
        let mails = receiver.mails();
        assert_eq!((mails.len(), mails[0].to.as_str()), (1, ADDRESS), "{security:?}");
        let given = receiver.credentials().remove(0);
        let coded = base64::engine::general_purpose::STANDARD.encode("\0map\0geheim-canary");
        assert_eq!(given, format!("AUTH PLAIN {coded}"), "signed in under TLS");
        std::fs::remove_file(file).expect("removed");
    }
}

#[tokio::test]
async fn a_certificate_of_nobodys_or_of_another_host_gets_no_password_and_no_mail() {
    for (security, implicit) in BOTH {
        let (unknown, other) = (TestCertificate::of("localhost"), TestCertificate::of("mail.elsewhere.example"));
        let of_other = file_of(&other.authority);
        for (certificate, authorities) in [(unknown, None), (other, Some(of_other.clone()))] {
            let receiver = MailReceiver::encrypted(certificate, implicit).await;
            let app = app_towards(&receiver, security, authorities).await;
            send_all(&app).await;
            let (state, fault) = standing(&app).await;
            assert_eq!(state, "waiting", "{security:?}: it is a matter of the settings and comes again");
            assert!(fault.as_deref().is_some_and(|fault| fault.starts_with("smtp_")), "{fault:?}");
            assert!(receiver.mails().is_empty() && receiver.named() == 0 && receiver.credentials().is_empty(), "{security:?}");
        }
        std::fs::remove_file(of_other).expect("removed");
    }
}
