//! The integration tests: the real binary, against a server that is wrong on purpose.

mod action;
mod architecture;
mod body;
mod completions;
mod faults;
mod manners;
mod outputs;
mod packaging;
mod program;
mod readme;
mod reasons;
mod report_schema;
mod server;
mod yaml;
