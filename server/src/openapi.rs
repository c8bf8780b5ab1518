//! The service's description (OpenAPI 3.1): collected from the routes themselves, completed with what all routes share.

use axum::Router;
use axum::http::header;
use axum::response::Html;
use axum::routing::get;
use utoipa::OpenApi;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn};
use utoipa::openapi::{ContentBuilder, ObjectBuilder, Ref, RefOr, Required, ResponseBuilder, Type};

use crate::http::problem::{Code, FieldProblem, ProblemBody};

/// What the routes cannot say of themselves.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Minsheng Map",
        description = "Public supervision of a county's livelihood projects. Times are RFC 3339 with the county's offset, lists are {items, next}, \
                       errors are application/problem+json. Changing calls come from the same origin (Origin or Sec-Fetch-Site) and are safe to repeat.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    components(schemas(ProblemBody, FieldProblem)),
    servers((url = "/"))
)]
pub struct Description;

/// Signing in and joining act for nobody yet, a browser's own report knows no key, and a preview changes nothing.
const WITHOUT_KEY: [&str; 10] = [
    "/api/session",
    "/api/session/code",
    "/api/session/password",
    "/api/session/factor",
    "/api/csp-reports",
    "/api/invitations/lookup",
    "/api/invitations/redemption",
    "/api/password-codes",
    "/api/password-codes/redemption",
    "/api/terms/preview",
];

/// Adds to every operation the refusals it may answer with, and to every `POST` of a signed-in person the key it needs.
pub fn complete(mut description: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    for (path, item) in &mut description.paths.paths {
        let changing = [(&mut item.post, true), (&mut item.put, true), (&mut item.delete, true), (&mut item.get, false)];
        for (place, (operation, changes)) in changing.into_iter().enumerate() {
            let Some(operation) = operation else { continue };
            add_problems(operation, changes, path.contains('{'));
            if place == 0 && !WITHOUT_KEY.contains(&path.as_str()) {
                add_key(operation);
            }
        }
    }
    description
}

fn add_problems(operation: &mut Operation, changes: bool, has_path_parameter: bool) {
    let mut codes = vec![Code::Invalid, Code::TooManyRequests, Code::Internal, Code::Unavailable];
    if changes {
        codes.extend([
            Code::BadRequest,
            Code::SignInRequired,
            Code::Forbidden,
            Code::Conflict,
            Code::TooLarge,
            Code::TooSlow,
            Code::UnsupportedMedia,
        ]);
    }
    if has_path_parameter {
        codes.push(Code::NotFound);
    }
    codes.sort_by_key(|code| code.status().as_u16());
    for code in codes {
        let status = code.status().as_u16().to_string();
        operation.responses.responses.entry(status.clone()).or_insert_with(|| problem_response(&status));
    }
}

fn problem_response(status: &str) -> RefOr<utoipa::openapi::Response> {
    let same_status = Code::ALL.iter().filter(|code| code.status().as_u16().to_string() == status);
    let codes: Vec<&str> = same_status.map(|code| code.as_str()).collect();
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new()
        .description(format!("A problem with one of the codes: {}", codes.join(", ")))
        .content("application/problem+json", content)
        .build()
        .into()
}

fn add_key(operation: &mut Operation) {
    let schema = ObjectBuilder::new().schema_type(Type::String).build();
    let key = ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::True)
        .description(Some("UUID made by the client; a repetition with the same key gets the first answer again"))
        .schema(Some(schema))
        .build();
    operation.parameters.get_or_insert_default().push(key.into());
}

/// Serves the description as JSON and as a page to read.
pub fn router(description: utoipa::openapi::OpenApi) -> Router {
    let json = text(&description);
    let page = crate::api_page::page(&description);
    Router::new()
        .route("/api/openapi.json", get(move || async move { ([(header::CONTENT_TYPE, "application/json")], json.clone()) }))
        .route("/api/docs", get(move || async move { Html(page.clone()) }))
}

/// The description as it is committed: pretty, with a line feed at the end.
pub fn text(description: &utoipa::openapi::OpenApi) -> String {
    let mut text = description.to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}
