//! How much the server keeps and how long it waits: bounds that no client can move.

use std::time::Duration;

/// The longest body of a request, in bytes; a longer one is answered with 413.
pub(super) const MAX_BODY: usize = 64 << 20;

/// The longest body of a request to `/__preflight`.
pub(super) const MAX_CONTROL_BODY: usize = 1 << 20;

/// Bytes of all request bodies in memory together; what does not fit is answered with 503.
pub(super) const MAX_BODIES: usize = 256 << 20;

/// How long the body of a request may take to arrive.
pub(super) const BODY_TIMEOUT: Duration = Duration::from_secs(60);

/// Bytes of a refused body that are read all the same, and the pause that ends that.
pub(super) const MAX_DISCARDED: usize = 256 << 20;
pub(super) const DISCARD_PAUSE: Duration = Duration::from_millis(500);

/// How long a client may wait between two chunks of an upload.
pub(super) const CHUNK_TIMEOUT: Duration = Duration::from_secs(15);

/// How long the head of a request may take, and how long an idle connection is kept.
pub(super) const HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// How long requests in flight may take once the server has to end.
pub(super) const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(3);

/// Open connections; more wait until one is closed.
pub(super) const MAX_CONNECTIONS: usize = 1024;

/// Bytes that a connection buffers.
pub(super) const CONNECTION_BUFFER: usize = 64 << 10;

/// Tasks that are known; the oldest is forgotten for a new one.
pub(super) const MAX_TASKS: usize = 10_000;

/// Requests in the journal, and the bytes of their bodies.
pub(super) const MAX_JOURNAL: usize = 1_000;
pub(super) const MAX_JOURNAL_BYTES: usize = 4 << 20;

/// The longest body in the journal; of a longer one its size is noted.
pub(super) const MAX_JOURNAL_BODY: usize = 64 << 10;

/// Behaviors that wait for a request, and the bytes of their texts.
pub(super) const MAX_BEHAVIORS: usize = 1_000;
pub(super) const MAX_BEHAVIOR_BYTES: usize = 8 << 20;

/// Bytes of the avatars, documents, voices, routers and sessions that are kept, each kind for itself.
pub(super) const MAX_COLLECTION_BYTES: usize = 4 << 20;

/// Uploads that are kept, and the bytes of their files on disk; the oldest is forgotten for a new one.
pub(super) const MAX_UPLOADS: usize = 10_000;
pub(super) const MAX_UPLOADS_BYTES: u64 = 1 << 30;

/// Output files that are made at the same time.
pub(super) const MAX_RENDERS: usize = 2;

/// How long a client may leave an answer lying.
pub(super) const STALL_TIMEOUT: Duration = Duration::from_secs(30);
