//! What comes over a connection, heard before the HTTP library reads it: that shows neither interim responses nor how a
//! head was written nor what came behind its end, and waits for any number of the first.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use self::response_scanner::Reply;
use crate::observation::ProtocolAnomaly;

mod response_scanner;

/// One connection's ear, shared by whoever decrypts it and whoever waits for an answer on it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wire(Option<Arc<Mutex<Reply>>>);

impl Wire {
    /// Returns one that listens.
    pub(crate) fn listening() -> Self {
        Self(Some(Arc::default()))
    }

    /// Notes that a request goes out, whose answer has no body where it is a HEAD.
    pub(crate) fn begin(&self, is_head: bool) {
        if let Some(mut reply) = self.reply() {
            *reply = Reply::to(is_head);
        }
    }

    /// Hears what came.
    ///
    /// # Errors
    /// Where that is more than is read of a head.
    pub(crate) fn hear(&self, bytes: &[u8]) -> Result<(), Excess> {
        self.reply().map_or(Ok(()), |mut reply| reply.hear(bytes))
    }

    /// Says whether a head has begun and has not ended.
    pub(crate) fn is_in_head(&self) -> bool {
        self.reply().is_some_and(|reply| reply.is_in_head())
    }

    /// Returns what is odd in the answer so far.
    pub(crate) fn oddities(&self) -> Vec<ProtocolAnomaly> {
        self.reply().map_or_else(Vec::new, |reply| reply.oddities().to_vec())
    }

    fn reply(&self) -> Option<MutexGuard<'_, Reply>> {
        Some(self.0.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What there is too much of before the body of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Excess {
    /// Bytes or fields of the head.
    Head,
    /// Interim responses.
    Interims,
}

/// The largest response head that is taken, in bytes, interim responses before it included.
pub(crate) const HEAD_LIMIT: usize = 64 << 10;

/// The most fields of a response head that are taken.
pub(crate) const FIELDS: usize = 256;

/// The most interim responses that are taken.
const INTERIMS: u32 = 8;
