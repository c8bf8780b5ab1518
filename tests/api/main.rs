//! Behaviour over HTTP, one file a feature.

mod accounts;
mod http_rules;
