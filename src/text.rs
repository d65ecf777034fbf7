//! Text that came from outside, secrets in it, and quoting for a shell.

pub mod secret;
pub mod shell;
pub mod untrusted;
