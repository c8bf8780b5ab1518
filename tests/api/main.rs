//! Behaviour over HTTP, one file a feature.
#![allow(clippy::disallowed_methods, reason = "a test makes its own ids and measures real time")]

mod accounts;
mod architecture;
mod audit;
mod calls;
mod commands;
mod csp_reports;
mod demo;
mod description;
mod every_changing_route;
mod exports;
mod grids;
mod hostile_pictures;
mod hostile_requests;
mod http_rules;
mod imports;
mod late_reports;
mod live;
mod months;
mod months_rule;
mod notices;
mod past_months;
mod permissions;
mod photos;
mod public_map;
mod report_content;
mod reports;
mod schedule;
mod sign_in_limits;
mod sign_in_time;
mod sites;
mod slow_clients;
mod stage_walk;
mod stations;
mod supervision;
mod typed_words;
