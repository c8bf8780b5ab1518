//! The interface description as a plain page: every address with its parameters and answers, readable without script.

use std::fmt::Write;

use utoipa::openapi::path::Operation;
use utoipa::openapi::{OpenApi, RefOr};

/// Writes `text` so that it cannot be taken for markup.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The whole page. It carries no style of its own beyond the browser's, so that no inline style is needed.
pub fn page(description: &OpenApi) -> String {
    let mut page = String::from(
        "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>接口说明 · API</title>\n\
         <main><h1>接口说明 · API</h1><p>OpenAPI 3.1: <a href=\"/api/openapi.json\">/api/openapi.json</a></p>\n",
    );
    if let Some(words) = &description.info.description {
        let _ = write!(page, "<p>{}</p>", escape(words));
    }
    for (path, item) in &description.paths.paths {
        let methods = [("GET", &item.get), ("POST", &item.post), ("PUT", &item.put), ("DELETE", &item.delete)];
        for (method, operation) in methods {
            if let Some(operation) = operation {
                write_operation(&mut page, method, path, operation);
            }
        }
    }
    page.push_str("</main></html>\n");
    page
}

fn write_operation(page: &mut String, method: &str, path: &str, operation: &Operation) {
    let _ = write!(page, "<section><h2><code>{method} {}</code></h2>", escape(path));
    if let Some(summary) = &operation.summary {
        let _ = write!(page, "<p>{}</p>", escape(summary));
    }
    let parameters = operation.parameters.as_deref().unwrap_or_default();
    if !parameters.is_empty() {
        page.push_str("<ul>");
        for parameter in parameters {
            let RefOr::T(parameter) = parameter else { continue };
            let words = parameter.description.as_deref().unwrap_or("");
            let _ = write!(page, "<li><code>{}</code> {}</li>", escape(&parameter.name), escape(words));
        }
        page.push_str("</ul>");
    }
    page.push_str("<dl>");
    for (status, response) in &operation.responses.responses {
        let words = match response {
            RefOr::T(response) => response.description.as_str(),
            RefOr::Ref(_) => "",
        };
        let _ = write!(page, "<dt>{}</dt><dd>{}</dd>", escape(status), escape(words));
    }
    page.push_str("</dl></section>\n");
}
