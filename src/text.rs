//! Text from outside, the redaction of secrets, and quoting for a shell.

pub(crate) mod percent;
pub mod secret;
pub mod shell;
pub(crate) mod surrogates;
pub mod untrusted;
