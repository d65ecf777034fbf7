//! The integration tests: the real binary, against a server that is wrong on purpose.

mod architecture;
mod completions;
mod faults;
mod outputs;
mod program;
mod readme;
mod reasons;
mod server;
