//! Behaviour over HTTP, one file a feature.

mod accounts;
mod commands;
mod exports;
mod hostile_requests;
mod http_rules;
mod imports;
