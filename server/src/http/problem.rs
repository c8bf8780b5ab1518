//! The one error body of the service: problem+json (RFC 9457) with a stable code, a sentence for the reader, the fields at fault.
//!
//! What the reader is told and what went wrong inside are different things: the inner cause is logged once, under the request's id, and
//! never leaves. The body is written by [`render`], the outermost layer, because only there is the reader's language known.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Extension, Request};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use uuid::Uuid;

use super::context::{Language, RequestContext};

macro_rules! codes {
    ($($name:ident = $status:ident $code:literal $zh:literal $en:literal;)*) => {
        /// What can go wrong, as far as a caller is concerned. The text of a code never changes its meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $($name,)* }

        impl Code {
            /// Every code, for the documentation.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            pub fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)* }
            }

            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            fn title(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$name, Language::Chinese) => $zh, (Self::$name, Language::English) => $en,)*
                }
            }
        }
    };
}

codes! {
    BadRequest = BAD_REQUEST "bad_request" "请求无法识别" "The request could not be read";
    SignInRequired = UNAUTHORIZED "sign_in_required" "请先登录" "Please sign in";
    WrongCredentials = UNAUTHORIZED "wrong_credentials" "账号或密码不对" "Login or password is wrong";
    Forbidden = FORBIDDEN "forbidden" "您的账号没有这项权限" "Your account may not do this";
    ForeignOrigin = FORBIDDEN "foreign_origin" "请求不是从本网站发出的" "The request did not come from this site";
    NotFound = NOT_FOUND "not_found" "没有找到" "Not found";
    MethodNotAllowed = METHOD_NOT_ALLOWED "method_not_allowed" "此地址不支持这种操作" "This address does not support the method";
    NotAcceptable = NOT_ACCEPTABLE "not_acceptable" "没有所要的格式" "There is nothing in the format asked for";
    TooSlow = REQUEST_TIMEOUT "too_slow" "内容传得太慢，连接已断开" "The content arrived too slowly";
    Conflict = CONFLICT "conflict" "与当前状态冲突" "In conflict with the present state";
    RevMismatch = CONFLICT "rev_mismatch" "内容已被他人修改，请查看最新内容后再试" "It was changed by somebody else meanwhile";
    Busy = CONFLICT "busy" "同一操作正在进行，请稍后再试" "The same act is under way, please try again shortly";
    TooLarge = PAYLOAD_TOO_LARGE "too_large" "内容过大" "The content is too large";
    UnsupportedMedia = UNSUPPORTED_MEDIA_TYPE "unsupported_media" "不支持这种内容格式" "This kind of content is not supported";
    Invalid = UNPROCESSABLE_ENTITY "invalid" "填写的内容有误" "Some of the content is wrong";
    KeyReused = UNPROCESSABLE_ENTITY "key_reused" "同一编号已用于不同的内容" "The same key was used for other content";
    TooManyRequests = TOO_MANY_REQUESTS "too_many_requests" "操作太频繁，请稍后再试" "Too many requests, please wait";
    Internal = INTERNAL_SERVER_ERROR "internal" "服务器出错了，问题已记录" "The server failed; the fault was recorded";
    BadUpstream = BAD_GATEWAY "bad_upstream" "底图服务没有给出可用的内容" "The base map's service gave nothing of use";
    Unavailable = SERVICE_UNAVAILABLE "unavailable" "服务暂时不可用，请稍后再试" "The service is unavailable for the moment, please try again";
    StorageFull = INSUFFICIENT_STORAGE "storage_full" "存储空间不足，暂时不能接收照片" "There is no room for pictures at the moment";
}

/// The same sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    pub zh: String,
    pub en: String,
}

impl Words {
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.zh,
            Language::English => &self.en,
        }
    }
}

#[derive(Debug, Clone)]
struct FieldFault {
    field: String,
    code: String,
    words: Words,
}

/// An answer that is not the one that was asked for.
#[derive(Debug, Clone)]
pub struct Problem {
    code: Code,
    detail: Option<Words>,
    fields: Vec<FieldFault>,
    retry_after_s: Option<u32>,
    extra: Option<(&'static str, serde_json::Value)>,
    cause: Option<Arc<dyn std::fmt::Debug + Send + Sync>>,
}

/// The body of every answer that is not a success.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Problem, example = json!({"type": "about:blank", "title": "填写的内容有误", "status": 422, "code": "invalid", "detail": "请至少附一张照片",
    "fields": [{"field": "photos", "code": "required", "message": "请至少附一张照片"}], "request_id": "0193f6ee-7c1a-7000-8000-0123456789ab"}))]
pub struct ProblemBody {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub title: String,
    pub status: u16,
    /// Stable code of the problem.
    pub code: String,
    /// What happened and what can be done, in the reader's language.
    pub detail: String,
    /// The fields at fault, when the content was wrong.
    pub fields: Vec<FieldProblem>,
    pub request_id: Uuid,
}

/// One field at fault.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FieldProblem {
    /// Path of the field, such as `position.lon`.
    pub field: String,
    pub code: String,
    pub message: String,
}

impl Problem {
    pub fn new(code: Code) -> Self {
        Self { code, detail: None, fields: Vec::new(), retry_after_s: None, extra: None, cause: None }
    }

    pub fn code(&self) -> Code {
        self.code
    }

    /// Says more than the code's own sentence.
    pub fn saying(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.detail = Some(Words::new(zh, en));
        self
    }

    /// The content was wrong in this field.
    pub fn field(field: impl Into<String>, code: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(Code::Invalid).and_field(field, code, zh, en)
    }

    pub fn and_field(mut self, field: impl Into<String>, code: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.fields.push(FieldFault { field: field.into(), code: code.into(), words: Words::new(zh, en) });
        self
    }

    /// Names the fields as they lie in the member `name` of the whole body.
    pub fn within(mut self, name: &str) -> Self {
        for fault in &mut self.fields {
            fault.field = format!("{name}.{}", fault.field);
        }
        self
    }

    /// When the caller may come again, in seconds.
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_s = Some(seconds.max(1));
        self
    }

    /// Adds one member to the body, such as the present revision.
    pub fn with(mut self, name: &'static str, value: impl Into<serde_json::Value>) -> Self {
        self.extra = Some((name, value.into()));
        self
    }

    /// The inner cause, for the log alone.
    pub fn because(mut self, cause: impl std::fmt::Debug + Send + Sync + 'static) -> Self {
        self.cause = Some(Arc::new(cause));
        self
    }

    pub fn forbidden() -> Self {
        Self::new(Code::Forbidden)
    }

    pub fn not_found() -> Self {
        Self::new(Code::NotFound)
    }

    /// In conflict with the present state, and why.
    pub fn conflict(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(Code::Conflict).saying(zh, en)
    }

    pub fn internal(cause: impl std::fmt::Debug + Send + Sync + 'static) -> Self {
        Self::new(Code::Internal).because(cause)
    }

    /// What the reader is told, in Chinese; for the command line.
    pub fn chinese(&self) -> &str {
        let first_field = self.fields.first().map(|fault| &fault.words);
        self.detail.as_ref().or(first_field).map_or_else(|| self.code.title(Language::Chinese), |words| words.in_language(Language::Chinese))
    }

    /// Everything that `language`'s reader is told.
    pub fn told(&self, language: Language, request_id: Uuid) -> ProblemBody {
        let fields: Vec<FieldProblem> = self
            .fields
            .iter()
            .map(|fault| FieldProblem { field: fault.field.clone(), code: fault.code.clone(), message: fault.words.in_language(language).to_owned() })
            .collect();
        let title = self.code.title(language).to_owned();
        let detail = match (&self.detail, fields.first()) {
            (Some(words), _) => words.in_language(language).to_owned(),
            (None, Some(field)) => field.message.clone(),
            (None, None) => title.clone(),
        };
        ProblemBody {
            kind: "about:blank",
            title,
            status: self.code.status().as_u16(),
            code: self.code.as_str().to_owned(),
            detail,
            fields,
            request_id,
        }
    }

    /// Seconds after which the caller may come again, when that is known.
    pub fn comes_again_after(&self) -> Option<u32> {
        self.retry_after_s
    }

    /// Writes the inner cause to the log, under the request's id.
    pub fn log(&self, request_id: Uuid, method: &Method, path: &str) {
        let Some(cause) = &self.cause else { return };
        if self.code.status().is_server_error() {
            tracing::error!(%request_id, %method, %path, code = self.code.as_str(), ?cause, "request failed");
        } else {
            tracing::debug!(%request_id, %method, %path, code = self.code.as_str(), ?cause, "request refused");
        }
    }

    fn body(&self, context: &RequestContext) -> serde_json::Value {
        let mut value = serde_json::to_value(self.told(context.language, context.request_id)).unwrap_or_default();
        if let (Some((name, extra)), Some(object)) = (&self.extra, value.as_object_mut()) {
            object.insert((*name).to_owned(), extra.clone());
        }
        value
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.code.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<sqlx::Error> for Problem {
    /// A database that is away or overloaded is said to be so; anything else is a fault of ours.
    fn from(error: sqlx::Error) -> Self {
        let code = match &error {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) | sqlx::Error::Tls(_) => Code::Unavailable,
            sqlx::Error::Database(database) => match database.code().as_deref() {
                // Lock not available, statement cancelled by its time limit, deadlock.
                Some("55P03" | "57014" | "40P01") => Code::Busy,
                // The service lacks a right, most of all that to write the audit log: nothing is done that could not be put on record.
                Some("42501") => Code::Unavailable,
                // Closed to connections, too many of them, shutting down, starting up, broken connection, disk full, read-only.
                Some("55000" | "25P03" | "53300" | "57P01" | "57P02" | "57P03" | "08006" | "08003" | "08001" | "53100" | "25006") => {
                    Code::Unavailable
                }
                // A character that PostgreSQL cannot keep.
                Some("22021" | "22P05") => Code::BadRequest,
                _ => Code::Internal,
            },
            _ => Code::Internal,
        };
        let problem = Self::new(code).because(error);
        if matches!(code, Code::Internal | Code::BadRequest) { problem } else { problem.retry_after(2) }
    }
}

/// Outermost layer: writes the body of a [`Problem`] in the reader's language and logs its cause.
pub async fn render(Extension(context): Extension<RequestContext>, request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    let problem = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem,
        None if response.status() == StatusCode::METHOD_NOT_ALLOWED => Problem::new(Code::MethodNotAllowed),
        None if response.status() == StatusCode::PAYLOAD_TOO_LARGE => Problem::new(Code::TooLarge),
        None if response.status() == StatusCode::REQUEST_TIMEOUT => {
            Problem::new(Code::Unavailable).saying("处理超时，请稍后再试", "It took too long, please try again")
        }
        None => return response,
    };
    problem.log(context.request_id, &method, &path);
    write_body(&problem, &context, response)
}

fn write_body(problem: &Problem, context: &RequestContext, mut response: Response) -> Response {
    let body = problem.body(context).to_string();
    *response.status_mut() = problem.code.status();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_LENGTH);
    headers.remove(header::CONTENT_ENCODING);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(seconds) = problem.retry_after_s {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    *response.body_mut() = Body::from(body);
    response
}
