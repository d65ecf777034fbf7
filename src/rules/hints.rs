//! What to do about a finding: by fetch error, by status, by the server's own message, by provider.

pub(super) mod error_messages;
pub(super) mod providers;
pub(super) mod server_message;
pub(super) mod status;
pub(super) mod wrapping;
