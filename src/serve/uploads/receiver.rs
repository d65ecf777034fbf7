//! Receives the form of an upload: the field `key`, then the file, which is written to disk as it arrives.

use axum::body::{Body, BodyDataStream};
use futures_util::StreamExt as _;
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;
use tokio::time::timeout;

use super::form::{FormError, FormEvent, FormReader};
use super::{UploadError, Uploads};
use crate::serve::body::discard;
use crate::serve::limits::CHUNK_TIMEOUT;

/// The file sizes that the API accepts, in bytes. Source: the uploads page, "512 bytes minimum, 200MB maximum".
const MIN_FILE: u64 = 512;
const MAX_FILE: u64 = 200 << 20;

/// The longest value of a field that is not the file.
const MAX_FIELD: usize = 8 << 10;

/// Why a form was rejected.
#[derive(Debug, thiserror::Error)]
pub(in crate::serve) enum ReceiveError {
    #[error(transparent)]
    Form(#[from] FormError),
    #[error(transparent)]
    Upload(#[from] UploadError),
    #[error("the file cannot be written")]
    Disk(#[from] std::io::Error),
    #[error("the form ended too early, or no data arrived for 15 seconds")]
    Interrupted,
    #[error("the field `key` must come before the file, with the value returned by POST /v1/uploads")]
    WrongKey,
    #[error("the field `file` is missing or repeated")]
    NotOneFile,
    #[error("a field is longer than 8 KB")]
    LongField,
    #[error("the file size must be between 512 bytes and 200 MB")]
    WrongSize,
}

/// A form that is being received.
struct Receiver<'a> {
    uploads: &'a Uploads,
    id: &'a str,
    key: Vec<u8>,
    field: Field,
    file: Option<File>,
    size: u64,
}

/// Discards the bytes of an unfinished upload, including when its client disconnects.
struct AbandonOnDrop<'a> {
    uploads: &'a Uploads,
    id: &'a str,
}

impl Drop for AbandonOnDrop<'_> {
    fn drop(&mut self) {
        self.uploads.abandon(self.id);
    }
}

/// The part that is being received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Key,
    File,
    Other { size: usize },
}

impl Uploads {
    /// Stores the bytes of an announced upload. After an error, it can be tried again.
    pub(in crate::serve) async fn receive(
        &self,
        id: &str,
        content_type: Option<&str>,
        body: Body,
    ) -> Result<(), ReceiveError> {
        // An upload that is in progress or complete is left unchanged.
        self.open(id)?;
        let abandoned = AbandonOnDrop { uploads: self, id };
        let mut chunks = body.into_data_stream();
        let received = self.receive_form(id, content_type, &mut chunks).await;
        if received.is_ok() {
            self.finish(id)?;
        }
        drop(abandoned);
        if received.is_err() {
            discard(&mut chunks).await;
        }
        received
    }

    async fn receive_form(
        &self,
        id: &str,
        content_type: Option<&str>,
        chunks: &mut BodyDataStream,
    ) -> Result<(), ReceiveError> {
        let mut reader = FormReader::new(content_type)?;
        let field = Field::Other { size: 0 };
        let mut receiver = Receiver { uploads: self, id, key: Vec::new(), field, file: None, size: 0 };
        while let Some(chunk) = timeout(CHUNK_TIMEOUT, chunks.next()).await.map_err(|_| ReceiveError::Interrupted)? {
            for event in reader.read(&chunk.map_err(|_| ReceiveError::Interrupted)?)? {
                receiver.take(event).await?;
            }
        }
        reader.finish()?;
        receiver.finish().await
    }
}

impl Receiver<'_> {
    async fn take(&mut self, event: FormEvent) -> Result<(), ReceiveError> {
        match (event, self.field) {
            (FormEvent::Part(name), _) => self.begin(&name).await?,
            (FormEvent::Content(bytes), Field::Key) => {
                self.key.extend(&bytes);
                check_length(self.key.len())?;
            }
            (FormEvent::Content(bytes), Field::Other { size }) => {
                check_length(size + bytes.len())?;
                self.field = Field::Other { size: size + bytes.len() };
            }
            (FormEvent::Content(bytes), Field::File) => {
                self.size += bytes.len() as u64;
                if self.size > MAX_FILE {
                    return Err(ReceiveError::WrongSize);
                }
                self.uploads.grow(self.id, bytes.len() as u64)?;
                self.file.as_mut().ok_or(ReceiveError::NotOneFile)?.write_all(&bytes).await?;
            }
        }
        Ok(())
    }

    async fn begin(&mut self, name: &str) -> Result<(), ReceiveError> {
        self.field = match name {
            "key" => Field::Key,
            "file" if self.key != self.id.as_bytes() => return Err(ReceiveError::WrongKey),
            "file" if self.file.is_some() => return Err(ReceiveError::NotOneFile),
            "file" => {
                self.file = Some(File::create(self.uploads.path(self.id)).await?);
                Field::File
            }
            _ => Field::Other { size: 0 },
        };
        Ok(())
    }

    async fn finish(self) -> Result<(), ReceiveError> {
        let mut file = self.file.ok_or(ReceiveError::NotOneFile)?;
        file.flush().await?;
        if self.size < MIN_FILE { Err(ReceiveError::WrongSize) } else { Ok(()) }
    }
}

fn check_length(length: usize) -> Result<(), ReceiveError> {
    if length > MAX_FIELD { Err(ReceiveError::LongField) } else { Ok(()) }
}
