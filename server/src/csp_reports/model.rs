//! The two shapes in which browsers report a broken policy, and what of them may stand in the log.

use serde::Deserialize;

/// As sent to the policy's `report-uri`. Browsers add members of their own; they are not read.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({"csp-report": {"document-uri": "https://map.example/list", "violated-directive": "script-src-elem",
    "effective-directive": "script-src-elem", "blocked-uri": "https://ads.example/a.js", "status-code": 200}}))]
pub struct PolicyReport {
    #[serde(rename = "csp-report")]
    pub report: PolicyReportContent,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PolicyReportContent {
    document_uri: String,
    violated_directive: String,
    effective_directive: Option<String>,
    /// An address, or a word such as `inline` or `eval`.
    #[serde(default)]
    blocked_uri: String,
}

/// As sent to a reporting endpoint, several at a time and of several kinds.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({"type": "csp-violation", "age": 10, "url": "https://map.example/list", "user_agent": "Mozilla/5.0",
    "body": {"documentURL": "https://map.example/list", "effectiveDirective": "script-src-elem", "blockedURL": "https://ads.example/a.js",
        "disposition": "enforce", "statusCode": 200}}))]
pub struct BrowserReport {
    #[serde(rename = "type")]
    pub kind: String,
    /// For kinds other than `csp-violation` anything at all.
    #[schema(value_type = ViolationContent)]
    pub body: serde_json::Value,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ViolationContent {
    #[serde(rename = "documentURL")]
    document_url: String,
    effective_directive: String,
    #[serde(rename = "blockedURL", default)]
    blocked_url: String,
}

/// What is logged of a broken policy.
#[derive(Debug, PartialEq, Eq)]
pub struct Violation {
    pub directive: String,
    /// Host or scheme of what was blocked, or the browser's word for it.
    pub blocked: String,
    /// Path of the page, without its query.
    pub page: String,
}

impl From<PolicyReportContent> for Violation {
    fn from(report: PolicyReportContent) -> Self {
        let directive = report.effective_directive.unwrap_or(report.violated_directive);
        Self::of(&directive, &report.blocked_uri, &report.document_uri)
    }
}

impl From<ViolationContent> for Violation {
    fn from(report: ViolationContent) -> Self {
        Self::of(&report.effective_directive, &report.blocked_url, &report.document_url)
    }
}

impl Violation {
    fn of(directive: &str, blocked: &str, page: &str) -> Self {
        Self {
            directive: printable(directive.split_whitespace().next().unwrap_or(""), 40),
            blocked: printable(origin_of(blocked), 100),
            page: printable(path_of(page), 200),
        }
    }
}

/// The host and port of a web address; of any other address its scheme; a word as it is.
fn origin_of(address: &str) -> &str {
    let Some((scheme, rest)) = address.split_once(':') else {
        return address;
    };
    let of_web = matches!(scheme, "http" | "https" | "ws" | "wss");
    match rest.strip_prefix("//") {
        Some(rest) if of_web => {
            let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
            authority.rsplit('@').next().unwrap_or("")
        }
        _ => scheme,
    }
}

fn path_of(address: &str) -> &str {
    let after_scheme = address.split_once("://").map_or(address, |(_, rest)| rest);
    let path = after_scheme.find('/').map_or("/", |start| &after_scheme[start..]);
    path.split(['?', '#']).next().unwrap_or("/")
}

fn printable(text: &str, most: usize) -> String {
    text.chars().filter(|character| !character.is_control() && !is_invisible(*character)).take(most).collect()
}

/// Marks that turn the direction of writing, and line ends that are no control characters.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_directive_host_and_path_are_kept() {
        for (blocked, expected) in [
            ("https://user:secret@ads.example:8443/a.js?phone=13800000000#x", "ads.example:8443"),
            ("wss://push.example", "push.example"),
            ("chrome-extension://abcdef/inject.js", "chrome-extension"),
            ("data:text/html,13800000000", "data"),
            ("inline", "inline"),
            ("", ""),
        ] {
            assert_eq!(origin_of(blocked), expected);
        }
        let violation = Violation::of("script-src 'self'", "eval", "https://map.example/sites/2026-01-001?q=张三&phone=1#there");
        let expected = Violation { directive: "script-src".to_owned(), blocked: "eval".to_owned(), page: "/sites/2026-01-001".to_owned() };
        assert_eq!(violation, expected);
        assert_eq!(Violation::of("img-src", "", "about:srcdoc").page, "/");
    }

    #[test]
    fn a_line_of_the_log_cannot_be_forged() {
        let violation = Violation::of("img-src\u{1b}[31m", "https://a.example\r\nINFO signed in", "https://map.example/a\nb\u{202e}c\u{2028}d");
        assert_eq!(
            (violation.directive.as_str(), violation.blocked.as_str(), violation.page.as_str()),
            ("img-src[31m", "a.exampleINFO signed in", "/abcd")
        );
        assert_eq!(Violation::of(&"x".repeat(5000), "", &format!("https://map.example/{}", "长".repeat(5000))).page.chars().count(), 200);
    }
}
