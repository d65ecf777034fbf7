//! Observes the bytes of a connection before the HTTP library reads them. The library exposes neither interim
//! responses nor the raw bytes of a head nor excess bytes, and reads any number of interim responses.

use std::sync::{Arc, Mutex, MutexGuard};

use self::response_scanner::ResponseScanner;
use crate::lock::lock;
use crate::observation::{LateBytes, ProtocolAnomaly};

mod response_scanner;

/// The tap of one connection, shared by its decrypter and the code that waits for responses on it. The default observes
/// nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct ResponseTap(Option<Arc<Mutex<Observed>>>);

#[derive(Debug, Default)]
struct Observed {
    scanner: ResponseScanner,
    /// Whether no response is expected.
    is_idle: bool,
    /// Whether bytes arrived that belong to no response.
    has_stray_bytes: bool,
    /// The record of such bytes for the asset of the last request.
    late_bytes: LateBytes,
}

impl ResponseTap {
    /// Creates a tap that observes.
    pub(crate) fn observing() -> Self {
        Self(Some(Arc::default()))
    }

    /// Records bytes that come after a response has ended for the asset of the current request, until [`Self::record_for`]
    /// names another asset.
    pub(crate) fn record_for(&self, late_bytes: &LateBytes) {
        if let Some(mut observed) = self.lock() {
            observed.late_bytes = late_bytes.clone();
        }
    }

    /// Expects the response to a request, which has no body if it is a HEAD.
    pub(crate) fn begin(&self, is_head: bool) {
        if let Some(mut observed) = self.lock() {
            let earlier = std::mem::replace(&mut observed.scanner, ResponseScanner::new(is_head));
            observed.has_stray_bytes |= earlier.anomalies().contains(&ProtocolAnomaly::ExcessBytes);
            observed.is_idle = false;
        }
    }

    /// Expects nothing more, because the HTTP library has read the response to its end.
    pub(crate) fn end(&self) {
        if let Some(mut observed) = self.lock() {
            observed.is_idle = true;
        }
    }

    /// Observes bytes.
    ///
    /// # Errors
    /// If they exceed a limit on response heads.
    pub(crate) fn observe(&self, bytes: &[u8]) -> Result<(), HeadLimit> {
        let Some(mut observed) = self.lock() else { return Ok(()) };
        if observed.is_idle {
            if !bytes.is_empty() {
                observed.has_stray_bytes = true;
                observed.late_bytes.record();
            }
            return Ok(());
        }
        observed.scanner.scan(bytes)
    }

    /// Returns whether a head has begun and has not ended.
    pub(crate) fn is_in_head(&self) -> bool {
        self.lock().is_some_and(|observed| observed.scanner.is_in_head())
    }

    /// Returns the anomalies of the response so far.
    pub(crate) fn anomalies(&self) -> Vec<ProtocolAnomaly> {
        self.lock().map_or_else(Vec::new, |observed| observed.scanner.anomalies().to_vec())
    }

    /// Returns whether every byte so far belongs to the response to a request, so that the connection may be reused.
    pub(crate) fn is_clean(&self) -> bool {
        self.lock().is_none_or(|observed| {
            !observed.has_stray_bytes && !observed.scanner.anomalies().contains(&ProtocolAnomaly::ExcessBytes)
        })
    }

    fn lock(&self) -> Option<MutexGuard<'_, Observed>> {
        self.0.as_deref().map(lock)
    }
}

/// The limit that the bytes before the body of a response exceed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HeadLimit {
    /// The bytes of the head.
    Size,
    /// The interim responses.
    InterimResponses,
}

/// The maximum size of a response head that is accepted, in bytes, including the interim responses before it.
pub(crate) const MAX_HEAD: usize = 64 << 10;

/// The number of header fields that no head of this size exceeds: a name, a colon and a line feed each. Clients limit
/// the size of a head, not the number of its fields.
pub(crate) const MAX_FIELDS: usize = MAX_HEAD / 3;

/// The maximum number of interim responses that are accepted.
const MAX_INTERIM_RESPONSES: u32 = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stray_bytes_make_the_connection_unusable() {
        let answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
        let observe = |tap: &ResponseTap, bytes: &[u8]| tap.observe(bytes).expect("small heads");
        let tap = ResponseTap::observing();
        tap.begin(false);
        observe(&tap, answer);
        tap.end();
        assert!(tap.is_clean());
        observe(&tap, b"");
        assert!(tap.is_clean());
        let (asset, next) = (LateBytes::default(), LateBytes::default());
        tap.record_for(&asset);
        observe(&tap, b"H");
        assert!(!tap.is_clean(), "a byte arrived although no response was expected");
        tap.begin(false);
        tap.record_for(&next);
        assert!(!tap.is_clean(), "sending a request does not change that");
        assert!(asset.came() && !next.came(), "it is attributed to the asset that was served last");

        let tap = ResponseTap::observing();
        tap.begin(true);
        observe(&tap, b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na");
        assert!(!tap.is_clean(), "the response to a HEAD had a body");
        tap.begin(false);
        assert!(!tap.is_clean() && tap.anomalies().is_empty(), "it had one even if another request is sent");
        let tap = ResponseTap::default();
        tap.end();
        observe(&tap, b"x");
        assert!(tap.is_clean(), "it observes nothing");
    }
}
