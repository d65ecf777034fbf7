//! The integration tests: the real binary, against a server that is wrong on purpose.

mod architecture;
mod faults;
mod program;
mod reasons;
mod server;
