//! What is known of a request before any route sees it: its number, the caller's address and language.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use uuid::Uuid;

use crate::platform::Platform;

/// The language in which the reader is addressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Chinese,
    English,
}

impl Language {
    /// The language's tag (BCP 47).
    pub fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }

    /// Chinese, unless the reader puts English before it.
    pub fn of(headers: &HeaderMap) -> Self {
        let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("");
        let mut best = (Self::Chinese, 0.0_f32);
        for part in wanted.split(',').take(16) {
            let (tag, quality) = part.split_once(";q=").unwrap_or((part, "1"));
            let quality: f32 = quality.trim().parse().unwrap_or(0.0);
            let tag = tag.trim().to_ascii_lowercase();
            let language = match tag.split('-').next() {
                Some("zh") => Self::Chinese,
                Some("en") => Self::English,
                _ => continue,
            };
            if quality > best.1 {
                best = (language, quality);
            }
        }
        best.0
    }
}

/// One request's circumstances.
#[derive(Debug, Clone)]
pub struct RequestContext {
    pub request_id: Uuid,
    /// The caller, seen past trusted proxies only.
    pub address: Option<IpAddr>,
    pub user_agent: Arc<str>,
    pub language: Language,
}

impl RequestContext {
    /// The network that limits count as one caller: an IPv4 address, or the /64 in which one subscriber chooses IPv6 addresses freely.
    pub fn network(&self) -> String {
        match self.address.map(|address| address.to_canonical()) {
            Some(IpAddr::V4(address)) => address.to_string(),
            Some(IpAddr::V6(address)) => {
                let [a, b, c, d, ..] = address.segments();
                format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
            None => String::new(),
        }
    }
}

/// First layer: gives the request its number and finds out who calls. The number goes back as `X-Request-Id`.
pub async fn establish(State(platform): State<Platform>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let headers = request.headers();
    let user_agent: String = headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("")
        .chars()
        .filter(|character| !character.is_control())
        .take(300)
        .collect();
    let context = RequestContext {
        request_id: platform.chance.uuid(platform.clock.now()),
        address: caller(peer, headers, &platform.settings.trusted_proxies),
        user_agent: user_agent.into(),
        language: Language::of(headers),
    };
    let request_id = context.request_id;
    request.extensions_mut().insert(context);
    let mut response = next.run(request).await;
    if let Ok(value) = HeaderValue::from_str(&request_id.to_string()) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

/// Walks `X-Forwarded-For` from the right while the hop is a trusted proxy; the first other address is the caller's.
fn caller(peer: Option<IpAddr>, headers: &HeaderMap, trusted: &[IpAddr]) -> Option<IpAddr> {
    let mut address = peer?;
    if !trusted.contains(&address) {
        return Some(address);
    }
    let hops = headers.get_all("x-forwarded-for");
    let hops: Vec<&str> = hops.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).collect();
    for hop in hops.iter().rev() {
        let Ok(hop) = hop.trim().parse() else { break };
        address = hop;
        if !trusted.contains(&address) {
            break;
        }
    }
    Some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(axum::http::HeaderName::from_static(name), HeaderValue::from_static(value))])
    }

    #[test]
    fn a_forwarded_address_is_believed_only_from_a_trusted_proxy() {
        let proxy: IpAddr = "10.0.0.1".parse().expect("an address");
        let stranger: IpAddr = "203.0.113.9".parse().expect("an address");
        let spoofed = headers("x-forwarded-for", "198.51.100.7, 203.0.113.9");
        assert_eq!(caller(Some(stranger), &spoofed, &[proxy]), Some(stranger));
        assert_eq!(caller(Some(proxy), &spoofed, &[proxy]), Some(stranger));
        assert_eq!(caller(Some(proxy), &HeaderMap::new(), &[proxy]), Some(proxy));
    }

    #[test]
    fn a_network_is_an_address_or_a_subscribers_whole_range() {
        let network = |address: &str| {
            let address = Some(address.parse().expect("an address"));
            RequestContext { request_id: Uuid::nil(), address, user_agent: "".into(), language: Language::Chinese }.network()
        };
        assert_eq!(network("203.0.113.9"), "203.0.113.9");
        assert_eq!(network("::ffff:203.0.113.9"), "203.0.113.9");
        assert_eq!(network("2001:db8:1:2:aaaa::1"), "2001:db8:1:2::/64");
        assert_eq!(network("2001:db8:1:2:bbbb::9"), network("2001:db8:1:2:aaaa::1"));
        assert_ne!(network("2001:db8:1:3::1"), network("2001:db8:1:2::1"));
    }

    #[test]
    fn chinese_is_spoken_unless_english_is_preferred() {
        assert_eq!(Language::of(&HeaderMap::new()), Language::Chinese);
        assert_eq!(Language::of(&headers("accept-language", "en-GB,en;q=0.9,zh;q=0.3")), Language::English);
        assert_eq!(Language::of(&headers("accept-language", "zh-CN,zh;q=0.9,en;q=0.8")), Language::Chinese);
        assert_eq!(Language::of(&headers("accept-language", "fr,de;q=0.5")), Language::Chinese);
    }
}
