//! The integration tests: the real binary, against a server that is wrong on purpose.

mod architecture;
mod program;
mod server;
