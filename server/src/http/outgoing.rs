//! Asking other services: the one client, and whom it may ask. It follows nobody elsewhere and believes no proxy of the surroundings.

use std::time::Duration;

use axum::body::Body;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

/// A client that keeps connections for a while.
pub type Client = hyper_util::client::legacy::Client<HttpsConnector<HttpConnector>, Body>;

/// Whether an address may be asked: over TLS, or on this machine.
pub fn may_be_asked(scheme: &str, host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let is_here = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    scheme == "https" || (scheme == "http" && is_here)
}

/// A client that gives a service `patience` to be connected to.
pub fn client(patience: Duration) -> Client {
    let mut tcp = HttpConnector::new();
    tcp.set_connect_timeout(Some(patience));
    tcp.set_nodelay(true);
    tcp.enforce_http(false);
    let tls = HttpsConnectorBuilder::new().with_webpki_roots().https_or_http().enable_http1().wrap_connector(tcp);
    hyper_util::client::legacy::Client::builder(TokioExecutor::new()).pool_idle_timeout(Duration::from_secs(30)).build(tls)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_hosts_are_asked_over_tls_alone() {
        for (scheme, host) in [("https", "tiles.example"), ("http", "127.0.0.1"), ("http", "localhost"), ("http", "[::1]")] {
            assert!(may_be_asked(scheme, host), "{scheme} {host}");
        }
        for (scheme, host) in
            [("http", "tiles.example"), ("http", "169.254.169.254"), ("http", "10.0.0.1"), ("ftp", "127.0.0.1"), ("http", "localhost.evil")]
        {
            assert!(!may_be_asked(scheme, host), "{scheme} {host}");
        }
    }
}
