//! Limits on the server's memory and waiting times, which no client can change.

use std::time::Duration;

/// The longest body of a request, in bytes; a longer one is answered with 413.
pub(super) const MAX_BODY: usize = 64 << 20;

/// The longest body of a request to `/__preflight`.
pub(super) const MAX_CONTROL_BODY: usize = 1 << 20;

/// Bytes of all request bodies in memory; a body that does not fit is answered with 503.
pub(super) const MAX_BODIES: usize = 256 << 20;

/// Bytes of all parsed bodies on the check thread; a body that does not fit waits until others are checked.
pub(super) const MAX_PARSED: usize = 256 << 20;

/// The parsed size up to which a body never waits: [`MAX_CONNECTIONS`] of them take 128 MB at most.
pub(super) const MAX_SMALL_PARSED: usize = 128 << 10;

/// How long the body of a request may take to arrive.
pub(super) const BODY_TIMEOUT: Duration = Duration::from_secs(60);

/// Bytes of a rejected body that are read and discarded, and the pause after which reading stops.
pub(super) const MAX_DISCARDED: usize = 256 << 20;
pub(super) const DISCARD_PAUSE: Duration = Duration::from_millis(500);

/// How long a client may wait between two chunks of an upload.
pub(super) const CHUNK_TIMEOUT: Duration = Duration::from_secs(15);

/// How long the headers of a request may take, and how long an idle connection is kept.
pub(super) const HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// How long requests in flight may take after the server is stopped. The removal of the uploads follows.
pub(super) const SHUTDOWN_TIMEOUT: Duration = Duration::from_millis(400);

/// Open connections; further connections wait until one is closed.
pub(super) const MAX_CONNECTIONS: usize = 1024;

/// Bytes that a connection buffers.
pub(super) const CONNECTION_BUFFER: usize = 64 << 10;

/// Tasks that are kept; a new task evicts the oldest.
pub(super) const MAX_TASKS: usize = 10_000;

/// Requests in the journal, and the bytes of their bodies.
pub(super) const MAX_JOURNAL: usize = 1_000;
pub(super) const MAX_JOURNAL_BYTES: usize = 4 << 20;

/// The longest body in the journal; only the size of a longer one is recorded.
pub(super) const MAX_JOURNAL_BODY: usize = 64 << 10;

/// The longest body in the journal whose secrets are removed only when the journal is read.
pub(super) const MAX_UNREAD_BODY: usize = 4 << 10;

/// The longest body whose secrets are removed on the thread that handles requests.
pub(super) const MAX_IMMEDIATE_JOURNAL: usize = 256 << 10;

/// Queued behaviors, and the bytes of their texts.
pub(super) const MAX_BEHAVIORS: usize = 1_000;
pub(super) const MAX_BEHAVIOR_BYTES: usize = 8 << 20;

/// Bytes of the avatars, documents, voices, routers and sessions that are kept, for each kind.
pub(super) const MAX_COLLECTION_BYTES: usize = 4 << 20;

/// Uploads that are kept, and the bytes of their files on disk; a new upload evicts the oldest.
pub(super) const MAX_UPLOADS: usize = 10_000;
pub(super) const MAX_UPLOADS_BYTES: u64 = 1 << 30;

/// Output files that are generated concurrently.
pub(super) const MAX_RENDERS: usize = 2;

/// Bytes of the generated output files that are kept; only one larger file is kept.
pub(super) const MAX_RENDERED: usize = 64 << 20;

/// Bytes of an output file that a download holds. A slow client holds no more than that.
pub(super) const DOWNLOAD_CHUNK: usize = 64 << 10;

/// How long a client may stop reading a response.
pub(super) const STALL_TIMEOUT: Duration = Duration::from_secs(30);
