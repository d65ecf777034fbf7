//! The integration tests: the real binary, against a server that is wrong on purpose.

mod action;
mod architecture;
mod body;
mod budgets;
mod completions;
mod config;
mod diagnose;
mod encode;
mod explain;
mod faults;
mod manners;
mod models;
mod outputs;
mod packaging;
mod program;
mod proxy;
mod readme;
mod reasons;
mod report_schema;
mod retries;
mod rules;
mod server;
mod shards;
mod streams;
mod terminal;
mod yaml;
