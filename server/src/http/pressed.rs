//! Answers that every first visit asks for, compressed once as small as brotli makes them, for all who ask: the layer that compresses
//! while it sends leaves them a sixth larger, and does the work for each reader.
//!
//! Content is kept under its own hash, so nothing here can be out of date.

use std::sync::LazyLock;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use brotli::enc::BrotliEncoderParams;
use moka::sync::Cache;
use sha2::{Digest, Sha256};

use super::problem::Problem;

/// A few contents at a time: each report makes a new one of the list.
const KEPT: u64 = 32;

static PRESSED: LazyLock<Cache<[u8; 32], Bytes>> = LazyLock::new(|| Cache::new(KEPT));

/// The content as `asked` takes it: pressed for readers of brotli, otherwise left to the layer that compresses.
pub async fn answer(asked: &HeaderMap, content: Bytes) -> Result<Response, Problem> {
    if !takes_brotli(asked) {
        return Ok(content.into_response());
    }
    let pressed = tokio::task::spawn_blocking(move || PRESSED.get_with(Sha256::digest(&content).into(), || press(&content)));
    let mut response = pressed.await.map_err(Problem::internal)?.into_response();
    response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    Ok(response)
}

fn takes_brotli(asked: &HeaderMap) -> bool {
    let accepted = asked.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|part| {
        let (name, weight) = part.split_once(';').unwrap_or((part, ""));
        name.trim() == "br" && weight.replace(' ', "").trim_start_matches("q=").parse::<f32>().unwrap_or(1.0) > 0.0
    })
}

fn press(content: &[u8]) -> Bytes {
    let params = BrotliEncoderParams { quality: 11, size_hint: content.len(), ..BrotliEncoderParams::default() };
    let mut pressed = Vec::with_capacity(content.len() / 4);
    brotli::BrotliCompress(&mut &*content, &mut pressed, &params).expect("memory takes any write");
    pressed.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(accepted: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted))])
    }

    #[tokio::test]
    async fn readers_of_brotli_get_it_and_nobody_else() {
        let content = Bytes::from("澄溪县民生实事".repeat(100));
        for (accepted, pressed) in
            [("gzip, deflate, br", true), ("br;q=1.0, gzip", true), ("br; q=0, gzip", false), ("gzip", false), ("", false), ("brx", false)]
        {
            let response = answer(&asked(accepted), content.clone()).await.expect("an answer");
            assert_eq!(response.headers().contains_key(header::CONTENT_ENCODING), pressed, "{accepted}");
            let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.expect("bytes");
            let mut plain = Vec::new();
            if pressed {
                brotli::BrotliDecompress(&mut &*bytes, &mut plain).expect("brotli");
            } else {
                plain.extend_from_slice(&bytes);
            }
            assert_eq!(plain, content, "{accepted}");
        }
    }
}
