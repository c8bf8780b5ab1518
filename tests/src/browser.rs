//! A browser: it keeps the cookies that it is given, and gives them back.

use std::collections::BTreeMap;
use std::sync::Mutex;

use reqwest::{Method, header};
use serde_json::Value;
use uuid::Uuid;

use crate::app::TestApp;
use crate::client::{Answer, Client};

/// One person's browser, at one address.
pub struct Browser {
    client: Client,
    cookies: Mutex<BTreeMap<String, String>>,
    /// Told as `X-Forwarded-For`, for servers that trust the proxy.
    address: Option<String>,
}

impl Browser {
    pub fn open(app: &TestApp) -> Self {
        Self { client: app.visitor(), cookies: Mutex::default(), address: None }
    }

    /// The same, behind a proxy that says where it is.
    pub fn at(app: &TestApp, address: &str) -> Self {
        Self { address: Some(address.to_owned()), ..Self::open(app) }
    }

    /// Goes elsewhere with everything it holds.
    pub fn moved_to(self, address: &str) -> Self {
        Self { address: Some(address.to_owned()), ..self }
    }

    /// A cookie that it holds now.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().expect("the jar").get(name).cloned()
    }

    /// Holds a cookie that somebody put there.
    pub fn put_cookie(&self, name: &str, value: &str) {
        self.cookies.lock().expect("the jar").insert(name.to_owned(), value.to_owned());
    }

    pub async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let held: Vec<String> = self.cookies.lock().expect("the jar").iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = self.client.request(method, path).header("idempotency-key", Uuid::new_v4().to_string());
        request = request.header(header::COOKIE, held.join("; "));
        if let Some(address) = &self.address {
            request = request.header("x-forwarded-for", address);
        }
        let answer = Answer::of(match body {
            Some(body) => request.json(&body),
            None => request,
        })
        .await;
        for cookie in answer.headers.get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok()) {
            let (name, value) = cookie.split(';').next().and_then(|pair| pair.split_once('=')).expect("a cookie");
            let mut jar = self.cookies.lock().expect("the jar");
            if value.is_empty() {
                jar.remove(name)
            } else {
                jar.insert(name.to_owned(), value.to_owned())
            };
        }
        answer
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, Some(body)).await
    }

    pub async fn sign_in(&self, login: &str, password: &str) -> Answer {
        self.post("/api/session", serde_json::json!({ "login": login, "password": password })).await
    }
}
