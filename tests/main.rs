//! The integration tests: the real binary, against a server that is wrong on purpose.

//ARCH
mod program;
mod server;
