//! The integration tests: the real binary, against a server that is wrong on purpose.

mod architecture;
mod completions;
mod encode;
mod explain;
mod faults;
mod models;
mod program;
mod proxy;
mod readme;
mod reasons;
mod retries;
mod rules;
mod server;
