//! Behaviour over HTTP, one file a feature.

mod accounts;
mod commands;
mod exports;
mod hostile_pictures;
mod hostile_requests;
mod http_rules;
mod imports;
mod months_rule;
mod notices;
mod photos;
mod reports;
