//! One person speaking HTTP to the server, as a page of the same origin would.

use reqwest::{Method, StatusCode, header};
use serde_json::Value;
use uuid::Uuid;

use crate::kept_files;

/// Speaks as one person, or as a visitor without a session.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    origin: String,
    cookie: Option<String>,
}

/// What the server said.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: header::HeaderMap,
    pub bytes: Vec<u8>,
}

impl Client {
    pub fn visitor(origin: &str) -> Self {
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        Self { http, origin: origin.to_owned(), cookie: None }
    }

    /// The same connection, with a session's token.
    pub fn with_token(&self, token: &str) -> Self {
        Self { cookie: Some(format!("__Host-session={token}")), ..self.clone() }
    }

    /// A request that is not sent yet, with the session and the origin set.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.origin)).header(header::ORIGIN, &self.origin);
        match &self.cookie {
            Some(cookie) => request.header(header::COOKIE, cookie),
            None => request,
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::GET, path)).await
    }

    /// Posts JSON under a fresh key.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.post_with_key(path, body, Uuid::new_v4()).await
    }

    pub async fn post_with_key(&self, path: &str, body: Value, key: Uuid) -> Answer {
        Answer::of(self.request(Method::POST, path).header("idempotency-key", key.to_string()).json(&body)).await
    }

    /// Posts bytes under a fresh key.
    pub async fn post_bytes(&self, path: &str, bytes: Vec<u8>) -> Answer {
        Answer::of(self.request(Method::POST, path).header("idempotency-key", Uuid::new_v4().to_string()).body(bytes)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        Answer::of(self.request(Method::PUT, path).json(&body)).await
    }

    pub async fn put_bytes(&self, path: &str, bytes: Vec<u8>) -> Answer {
        Answer::of(self.request(Method::PUT, path).body(bytes)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::DELETE, path)).await
    }

    /// Any method with any JSON, as a program would send it: with a key, whether needed or not.
    pub async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let request = self.request(method, path).header("idempotency-key", Uuid::new_v4().to_string());
        Answer::of(match body {
            Some(body) => request.json(&body),
            None => request,
        })
        .await
    }
}

impl Answer {
    pub async fn of(request: reqwest::RequestBuilder) -> Self {
        let response = request.send().await.expect("the server answers");
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.bytes().await.expect("a whole body").to_vec();
        kept_files::keep(&headers, &bytes);
        Self { status, headers, bytes }
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| panic!("not JSON ({error}): {} {}", self.status, self.text()))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
    }

    /// The code of a problem, or nothing.
    pub fn code(&self) -> String {
        serde_json::from_slice::<Value>(&self.bytes).ok().and_then(|body| body["code"].as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// The names of the fields at fault.
    pub fn fields(&self) -> Vec<String> {
        let body = self.json();
        let fields = body["fields"].as_array().cloned().unwrap_or_default();
        fields.iter().filter_map(|field| field["field"].as_str().map(str::to_owned)).collect()
    }

    /// This answer, if its status is the expected one; otherwise the test ends with what the server said.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }

    /// The items of a list.
    #[track_caller]
    pub fn items(&self) -> Vec<Value> {
        self.json()["items"].as_array().cloned().unwrap_or_else(|| panic!("not a list: {}", self.text()))
    }
}
