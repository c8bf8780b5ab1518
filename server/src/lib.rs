//! Minsheng Map: a county's people's congress supervises its yearly livelihood projects in public.
//!
//! One folder is one feature: `model` has its pure rules, `store` all its SQL, `routes` its handlers. Imports run downwards only.
#![deny(unsafe_code)]

pub mod accounts;
pub mod adoptions;
mod api_page;
pub mod app;
pub mod audit;
pub mod audit_log;
pub mod basemap;
pub mod bulletins;
pub mod calendar;
pub mod challenges;
pub mod clock;
pub mod config;
pub mod county;
pub mod county_settings;
mod csp_reports;
pub mod database;
pub mod demo;
pub mod deputies;
pub mod desk_exports;
pub mod duty;
pub mod exports;
pub mod glossary;
pub mod grids;
mod health;
pub mod http;
pub mod ids;
pub mod imports;
pub mod joining;
pub mod live_map;
pub mod months;
pub mod notices;
pub mod ogc;
pub mod openapi;
pub mod orders;
pub mod pages;
pub mod photos;
pub mod plan_changes;
pub mod planning;
pub mod platform;
pub mod portraits;
pub mod projects;
pub mod qr_code;
pub mod regions;
pub mod reports;
pub mod roster;
pub mod schedule;
pub mod sites;
pub mod startup;
pub mod stations;
pub mod stories;
pub mod supervision;
