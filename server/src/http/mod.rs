//! What every route shares: the error body, extractors that answer in that body, paging, text rules, and the rules of the browser.
//!
//! Nothing here knows a feature or an account.

pub mod at_once;
pub mod connections;
pub mod context;
pub mod extract;
pub mod gateway;
pub mod kept;
pub mod origin;
pub mod outgoing;
pub mod pace;
pub mod paging;
pub mod personal;
pub mod pressed;
pub mod private_numbers;
pub mod problem;
pub mod public_text;
pub mod security;
pub mod shapes;
pub mod strict_json;
pub mod table_file;
pub mod text;
pub mod web_files;

pub use context::{Language, RequestContext};
pub use extract::{JsonBody, PathOf, QueryOf};
pub use paging::Page;
pub use problem::{Code, Problem};
pub use public_text::PublicText;
pub use text::Text;
