//! Ephemeral uploads: their states, files and expiry.

mod folder;
mod form;
mod receiver;

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use self::folder::UploadFolder;
pub(super) use self::receiver::ReceiveError;
use super::clock::{MovableClock, UnixMillis};
use super::limits::{MAX_UPLOADS, MAX_UPLOADS_BYTES};
use crate::lock::lock;

/// How long an upload can be used.
const LIFETIME: Duration = Duration::from_secs(86_400);

/// What a `runway://` URI names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum UploadedFile {
    /// A file that was uploaded.
    Stored(PathBuf),
    /// An announced upload without bytes.
    Empty,
    /// It is older than 24 hours.
    Expired,
    /// A URI that this server did not issue, or whose upload it has discarded.
    Unknown,
}

/// The uploads of a server.
#[derive(Debug)]
pub(crate) struct Uploads {
    folder: UploadFolder,
    clock: Arc<MovableClock>,
    known: Mutex<KnownUploads>,
}

#[derive(Debug, Default)]
struct KnownUploads {
    uploads: BTreeMap<u64, Upload>,
    by_id: HashMap<String, u64>,
    created: u64,
    bytes: u64,
}

#[derive(Debug)]
struct Upload {
    id: String,
    created: UnixMillis,
    state: UploadState,
    bytes: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum UploadState {
    Announced,
    Receiving,
    Stored,
}

/// Why an upload is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum UploadError {
    #[error("unknown upload, or its bytes were already received")]
    NotExpected,
    #[error("the folder for uploads is full")]
    Full,
}

/// The prefix of this server's `runway://` URIs.
const SCHEME: &str = "runway://preflight/";

impl Uploads {
    /// Creates a store with an empty folder.
    pub(super) fn new(parent: &Path, clock: Arc<MovableClock>) -> io::Result<Self> {
        Ok(Self { folder: UploadFolder::create(parent)?, clock, known: Mutex::default() })
    }

    /// Returns what a URI names.
    pub(crate) fn find(&self, uri: &str) -> UploadedFile {
        let known = lock(&self.known);
        let id = uri.strip_prefix(SCHEME).unwrap_or_default();
        let Some(upload) = known.by_id.get(id).and_then(|number| known.uploads.get(number)) else {
            return UploadedFile::Unknown;
        };
        match upload.state {
            UploadState::Announced | UploadState::Receiving => UploadedFile::Empty,
            UploadState::Stored if self.clock.now().since(upload.created) > LIFETIME => UploadedFile::Expired,
            UploadState::Stored => UploadedFile::Stored(self.path(&upload.id)),
        }
    }

    /// Announces an upload and returns its URI.
    pub(super) fn announce(&self, id: String) -> String {
        let uri = format!("{SCHEME}{id}");
        let mut known = lock(&self.known);
        let number = known.created;
        known.created += 1;
        known.by_id.insert(id.clone(), number);
        let upload = Upload { id, created: self.clock.now(), state: UploadState::Announced, bytes: 0 };
        known.uploads.insert(number, upload);
        if known.uploads.len() > MAX_UPLOADS
            && let Some((&oldest, _)) = known.uploads.first_key_value()
        {
            self.forget(&mut known, oldest);
        }
        uri
    }

    /// Starts to receive the bytes of an announced upload.
    fn open(&self, id: &str) -> Result<(), UploadError> {
        self.change(id, UploadState::Announced, UploadState::Receiving)
    }

    /// Reserves space for more bytes of an upload, evicting the oldest uploads if necessary.
    fn grow(&self, id: &str, by: u64) -> Result<(), UploadError> {
        let mut known = lock(&self.known);
        while known.bytes + by > MAX_UPLOADS_BYTES {
            let mut stored = known.uploads.iter().filter(|(_, upload)| upload.state == UploadState::Stored);
            let oldest = stored.next().map(|(number, _)| *number).ok_or(UploadError::Full)?;
            self.forget(&mut known, oldest);
        }
        let number = known.by_id.get(id).copied().ok_or(UploadError::NotExpected)?;
        known.bytes += by;
        known.uploads.get_mut(&number).map(|upload| upload.bytes += by).ok_or(UploadError::NotExpected)
    }

    /// Completes an upload whose bytes have all arrived.
    fn finish(&self, id: &str) -> Result<(), UploadError> {
        self.change(id, UploadState::Receiving, UploadState::Stored)
    }

    /// Discards the bytes of an incomplete upload; it can be sent again.
    fn abandon(&self, id: &str) {
        let mut known = lock(&self.known);
        match known.by_id.get(id).copied().and_then(|number| known.uploads.get_mut(&number)) {
            Some(upload) if upload.state == UploadState::Receiving => {
                upload.state = UploadState::Announced;
                let bytes = std::mem::take(&mut upload.bytes);
                known.bytes -= bytes;
            }
            Some(_) => return,
            // It was discarded, maybe before its file was created.
            None => {}
        }
        drop(known);
        self.remove(id);
    }

    /// Discards all uploads.
    pub(super) fn reset(&self) {
        let mut known = lock(&self.known);
        let numbers: Vec<u64> = known.uploads.keys().copied().collect();
        for number in numbers {
            self.forget(&mut known, number);
        }
    }

    /// Removes the folder, even if a check or a connection still holds this value: the process may end before they do.
    pub(super) fn close(&self) {
        self.folder.remove();
    }

    fn change(&self, id: &str, from: UploadState, to: UploadState) -> Result<(), UploadError> {
        let mut known = lock(&self.known);
        let upload = known.by_id.get(id).copied().and_then(|number| known.uploads.get_mut(&number));
        let upload = upload.filter(|upload| upload.state == from).ok_or(UploadError::NotExpected)?;
        upload.state = to;
        Ok(())
    }

    fn forget(&self, known: &mut KnownUploads, number: u64) {
        if let Some(upload) = known.uploads.remove(&number) {
            known.by_id.remove(&upload.id);
            known.bytes -= upload.bytes;
            self.remove(&upload.id);
        }
    }

    fn remove(&self, id: &str) {
        // The file may not exist yet; one that cannot be removed is removed with the folder.
        let _ = std::fs::remove_file(self.path(id));
    }

    fn path(&self, id: &str) -> PathBuf {
        self.folder.path().join(id)
    }
}

#[cfg(test)]
mod tests;
