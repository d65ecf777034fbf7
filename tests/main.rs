//! The integration tests: the real binary, against a deliberately misbehaving server.

#![allow(clippy::too_many_lines, reason = "a test is a table of cases or one long scenario")]

mod action;
mod all_formats;
mod architecture;
mod body;
mod budgets;
mod cases;
mod ci;
mod completions;
mod config;
mod diagnose;
mod docs;
mod encode;
mod explain;
mod faults;
mod fix;
mod folder;
mod html;
mod injection;
mod lists;
mod models;
mod outputs;
mod packaging;
mod process;
mod program;
mod proxy;
mod reasons;
mod report_schema;
mod resume;
mod retries;
mod rules;
mod scenes;
mod secrets;
mod serve;
mod server;
mod stray_bytes;
mod streams;
mod terminal;
mod usage;
mod yaml;
