//! Calls of services that the operator configures by template: what an address and a content say, with places that are filled in.
//!
//! A value is escaped for where it stands, so that no message can become a second parameter or a second field. Nobody is followed elsewhere,
//! nothing is waited for longer than a moment, and of an answer only its first kilobytes are read.

use std::time::Duration;

use anyhow::{Context, ensure};
use axum::body::{Body, Bytes};
use axum::http::{Method, Request, Uri, header};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::outgoing::{self, may_be_asked};

/// A service that takes longer, from connecting to the last byte, is given up.
pub const PATIENCE: Duration = Duration::from_secs(10);
/// What is read of an answer.
const MOST_ANSWERED: usize = 64 * 1024;

/// What a service wants to hear.
#[derive(Clone, Copy)]
pub struct Template<'a> {
    /// Address, with places such as {phone}.
    pub url: &'a str,
    /// Content, with the same places: JSON when it begins with {, otherwise a form. Empty: the address is asked by GET.
    pub body: &'a str,
    /// Sent as `Authorization: Bearer …`, and in the place of {key}.
    pub key: Option<&'a str>,
}

#[derive(Clone, Copy)]
enum Place {
    Address,
    Form,
    Json,
}

fn escaped(value: &str, place: Place) -> String {
    match place {
        Place::Address | Place::Form => utf8_percent_encode(value, NON_ALPHANUMERIC).to_string(),
        Place::Json => {
            let quoted = serde_json::Value::from(value).to_string();
            quoted[1..quoted.len() - 1].to_owned()
        }
    }
}

/// Fills the places in one pass, so that a value that looks like a place stays what it is.
fn filled(template: &str, values: &[(&str, &str)], place: Place) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(start) = rest.find('{') {
        let (before, from) = rest.split_at(start);
        text.push_str(before);
        let found = values.iter().find(|(name, _)| from[1..].strip_prefix(name).is_some_and(|after| after.starts_with('}')));
        match found {
            Some((name, value)) => {
                text.push_str(&escaped(value, place));
                rest = &from[name.len() + 2..];
            }
            None => {
                text.push('{');
                rest = &from[1..];
            }
        }
    }
    text.push_str(rest);
    text
}

impl Template<'_> {
    /// Whether the template has a place for `name`.
    pub fn has(&self, name: &str) -> bool {
        let place = format!("{{{name}}}");
        self.url.contains(&place) || self.body.contains(&place)
    }

    /// The call with its places filled. No error repeats a value or the address: numbers, codes and keys stand in it.
    pub fn request(&self, values: &[(&str, &str)]) -> anyhow::Result<Request<Body>> {
        let key = self.key.unwrap_or("");
        let mut values = values.to_vec();
        values.push(("key", key));
        let uri: Uri = filled(self.url, &values, Place::Address).parse().ok().context("cannot be read as an address")?;
        let is_json = self.body.starts_with('{');
        let content = filled(self.body, &values, if is_json { Place::Json } else { Place::Form });
        let mut request = Request::builder().method(if content.is_empty() { Method::GET } else { Method::POST }).uri(uri);
        if !content.is_empty() {
            request = request.header(header::CONTENT_TYPE, if is_json { "application/json" } else { "application/x-www-form-urlencoded" });
        }
        if !key.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
        }
        request.body(Body::from(content)).ok().context("cannot be put together")
    }

    /// Says what is wrong with the template without asking anybody; `values` are samples for its places.
    pub fn check(&self, values: &[(&str, &str)]) -> anyhow::Result<()> {
        let sample = self.request(values)?;
        let allowed = sample.uri().scheme_str().zip(sample.uri().host()).is_some_and(|(scheme, host)| may_be_asked(scheme, host));
        ensure!(allowed, "another host is asked over https alone; http only on this machine");
        Ok(())
    }
}

/// A call that posts JSON to an address of the settings. No error repeats the address: a key stands in it.
pub fn post_json(url: &str, content: &serde_json::Value) -> anyhow::Result<Request<Body>> {
    let uri: Uri = url.parse().ok().context("cannot be read as an address")?;
    let request = Request::post(uri).header(header::CONTENT_TYPE, "application/json");
    request.body(Body::from(content.to_string())).ok().context("cannot be put together")
}

/// What a service answered.
#[derive(Debug)]
pub struct Answered {
    pub status: u16,
    pub body: Bytes,
}

/// Why there was no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    #[error("no answer in time")]
    TooSlow,
    #[error("the service could not be reached")]
    Unreachable,
    #[error("the answer is too long or broke off")]
    Unreadable,
}

/// Makes the call once.
pub async fn send(request: Request<Body>) -> Result<Answered, NoAnswer> {
    let asked = async {
        let answer = outgoing::client(PATIENCE).request(request).await.map_err(|_| NoAnswer::Unreachable)?;
        let status = answer.status().as_u16();
        let body = axum::body::to_bytes(Body::new(answer.into_body()), MOST_ANSWERED).await.map_err(|_| NoAnswer::Unreadable)?;
        Ok(Answered { status, body })
    };
    tokio::time::timeout(PATIENCE, asked).await.map_err(|_| NoAnswer::TooSlow)?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template<'a>(url: &'a str, body: &'a str) -> Template<'a> {
        Template { url, body, key: Some("k1") }
    }

    #[tokio::test]
    async fn the_template_says_what_the_service_hears() {
        let values = [("phone", "13900000001"), ("code", "123456")];
        let posted = template("https://sms.example/send", "to={phone}&text={code}").request(&values).expect("a request");
        assert_eq!((posted.method(), posted.uri().to_string().as_str()), (&Method::POST, "https://sms.example/send"));
        assert_eq!(posted.headers()[header::AUTHORIZATION], "Bearer k1");
        assert_eq!(posted.headers()[header::CONTENT_TYPE], "application/x-www-form-urlencoded");
        let asked = template("https://sms.example/?k={key}&m={phone}&c={code}", "").request(&values).expect("a request");
        assert_eq!((asked.method(), asked.uri().to_string().as_str()), (&Method::GET, "https://sms.example/?k=k1&m=13900000001&c=123456"));
    }

    #[test]
    fn a_value_stays_within_its_place() {
        let hostile = "a\"},{\"to\":\"x&to=y\r\n{key} #/?";
        let values = [("text", hostile), ("key", "secret")];
        let json: serde_json::Value = serde_json::from_str(&filled("{\"text\":\"{text}\"}", &values, Place::Json)).expect("JSON");
        assert_eq!(json["text"], hostile);
        let form = filled("text={text}&id=1", &values, Place::Form);
        let pairs: Vec<(String, String)> = form_urlencoded::parse(form.as_bytes()).into_owned().collect();
        assert_eq!(pairs, [("text".to_owned(), hostile.to_owned()), ("id".to_owned(), "1".to_owned())]);
        assert!(filled("https://x.example/{text}", &values, Place::Address).parse::<Uri>().is_ok_and(|uri| uri.path().len() > 20));
    }

    #[test]
    fn another_host_is_asked_over_tls_alone() {
        template("https://sms.example/", "{phone}").check(&[]).expect("a service");
        template("http://127.0.0.1:1/", "x").check(&[]).expect("one on this machine");
        for url in ["http://sms.example/", "http://169.254.169.254/latest", "http://[::ffff:10.0.0.1]/", "ftp://127.0.0.1/", "x y", "/relative"] {
            let fault = template(url, "x").check(&[]).expect_err(url).to_string();
            assert!(!fault.contains("k1") && !fault.contains("example"), "{fault}");
        }
    }
}
