//! The integration tests: the real binary, against a server that is wrong on purpose.

mod action;
mod architecture;
mod completions;
mod faults;
mod manners;
mod outputs;
mod packaging;
mod program;
mod readme;
mod reasons;
mod server;
mod yaml;
