//! Output files while they are downloaded: the last ones are kept, and one that is needed again is generated again.

use std::collections::VecDeque;
use std::io;
use std::ops::Range;
use std::sync::{Arc, Mutex};

use axum::body::{Body, Bytes};
use futures_util::stream;
use tokio::sync::Semaphore;

use super::limits::{DOWNLOAD_CHUNK, MAX_RENDERED, MAX_RENDERS};
use super::output::GeneratedOutput;
use crate::lock::lock;

/// Generates output files, and keeps the last ones.
#[derive(Debug)]
pub(crate) struct RenderCache {
    /// Permits for generating files concurrently.
    renders: Arc<Semaphore>,
    recent: Mutex<RecentFiles>,
}

/// Files, the one that was used last at the end.
#[derive(Debug, Default)]
struct RecentFiles {
    files: VecDeque<(GeneratedOutput, Bytes)>,
    bytes: usize,
}

impl RenderCache {
    /// Creates an empty cache.
    pub(super) fn new() -> Self {
        Self { renders: Arc::new(Semaphore::new(MAX_RENDERS)), recent: Mutex::default() }
    }

    /// Returns a file. The caller must not hold it while it waits: clients that read slowly would fill the memory.
    pub(super) async fn file(self: &Arc<Self>, output: &GeneratedOutput) -> Bytes {
        if let Some(file) = lock(&self.recent).find(output) {
            return file;
        }
        // The semaphore is never closed.
        let permit = Arc::clone(&self.renders).acquire_owned().await;
        // Another client may have waited for the same file.
        if let Some(file) = lock(&self.recent).find(output) {
            return file;
        }
        let (cache, output) = (Arc::clone(self), output.clone());
        let rendered = tokio::task::spawn_blocking(move || {
            let file = Bytes::from(output.render());
            lock(&cache.recent).insert(output, file.clone());
            // The client may have disconnected; the file counts as being generated until here.
            drop(permit);
            file
        });
        // Rendering does not panic; a panic would yield an empty file.
        rendered.await.unwrap_or_default()
    }
}

impl RecentFiles {
    fn find(&mut self, output: &GeneratedOutput) -> Option<Bytes> {
        let index = self.files.iter().position(|(known, _)| known == output)?;
        let used = self.files.remove(index)?;
        let file = used.1.clone();
        self.files.push_back(used);
        Some(file)
    }

    fn insert(&mut self, output: GeneratedOutput, file: Bytes) {
        self.bytes += file.len();
        self.files.push_back((output, file));
        // A larger file is kept alone: each chunk of a download needs it again.
        while self.bytes > MAX_RENDERED && self.files.len() > 1 {
            let Some((_, oldest)) = self.files.pop_front() else { break };
            self.bytes -= oldest.len();
        }
    }
}

/// Returns a response body with a part of a file, of which only a chunk is in memory at a time.
pub(super) fn part(cache: Arc<RenderCache>, output: GeneratedOutput, range: Range<usize>) -> Body {
    Body::from_stream(stream::try_unfold(range, move |left| {
        let (cache, output) = (Arc::clone(&cache), output.clone());
        async move {
            if left.is_empty() {
                return Ok(None);
            }
            let end = left.end.min(left.start + DOWNLOAD_CHUNK);
            let file = cache.file(&output).await;
            let chunk = file.get(left.start..end).ok_or(io::ErrorKind::UnexpectedEof)?;
            Ok::<_, io::Error>(Some((Bytes::copy_from_slice(chunk), end..left.end)))
        }
    }))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::body::to_bytes;

    use super::*;
    use crate::serve::output::{AudioFormat, OutputMedia};

    fn wav(seconds: u64, seed: u64) -> GeneratedOutput {
        let (format, duration) = (AudioFormat::Wav, Duration::from_secs(seconds));
        GeneratedOutput { media: OutputMedia::Audio { format, duration, rate: 48_000 }, seed }
    }

    #[tokio::test]
    async fn the_files_that_are_kept_are_bounded() {
        let cache = Arc::new(RenderCache::new());
        for seed in 0..9 {
            assert_eq!(cache.file(&wav(100, seed)).await.len(), 9_600_044);
            let recent = lock(&cache.recent);
            assert!(recent.bytes <= MAX_RENDERED);
            assert_eq!(recent.bytes, recent.files.iter().map(|(_, file)| file.len()).sum::<usize>());
        }
        assert_eq!(lock(&cache.recent).files.len(), 6);
        // The one that was used last is kept.
        cache.file(&wav(100, 3)).await;
        cache.file(&wav(100, 9)).await;
        assert!(lock(&cache.recent).find(&wav(100, 3)).is_some() && lock(&cache.recent).find(&wav(100, 4)).is_none());
    }

    #[tokio::test]
    async fn a_part_has_the_bytes_of_its_file_even_if_that_is_evicted() {
        let cache = Arc::new(RenderCache::new());
        let output = wav(2, 7);
        let file = output.render();
        for range in [0..file.len(), 5..6, 10..10, 1000..1000 + 2 * DOWNLOAD_CHUNK, file.len() - 1..file.len()] {
            let read = to_bytes(part(Arc::clone(&cache), output.clone(), range.clone()), usize::MAX).await;
            assert_eq!(read.expect("a body"), file[range]);
            *lock(&cache.recent) = RecentFiles::default();
        }
        assert!(to_bytes(part(cache, output, 0..file.len() + 1), usize::MAX).await.is_err());
    }
}
