//! The GET request. Its body is counted but not kept; the header reader parses the media header as the bytes arrive.

use std::ops::Range;
use std::time::Duration;

use hyper::body::Bytes;
use reqwest::Method;

use super::exchange::Exchange;
use super::range;
use crate::fetch::tracker::Stopwatch;
use crate::fetch::{Depth, ProbeOptions};
use crate::media::ContentState;
use crate::media::header_reader::{HeaderReader, IMAGE_START, STEP};
use crate::observation::{
    BodyEnd, BodyTransfer, ContentLength, FetchError, Observation, Phase, RequestOutcome, ResponseHead,
};
use crate::text::untrusted::UntrustedText;

/// Sends the GET and records the response; `head` is the outcome of the HEAD before it.
pub(super) async fn download(
    exchange: &mut Exchange<'_>,
    options: ProbeOptions,
    head: &RequestOutcome,
    observation: &mut Observation,
) {
    let watch = exchange.tracker.stopwatch();
    let first = first_bytes(head);
    // 1. Get the head.
    let range = (options.depth < Depth::Full).then_some(0..first);
    let (response, mut head) = match send_get(exchange, range, head, &watch).await {
        Ok(response) => response,
        Err(error) => {
            observation.get = RequestOutcome::Failed { error, elapsed: watch.elapsed() };
            return;
        }
    };
    // 2. Read as much of the body as the head justifies, and parse the media header in it.
    let mut download = Download::new(exchange, watch, &head, first);
    let stop_at = StopAt::new(&head, options, first);
    let end = download.stream(response, stop_at).await;
    let end = download.body_end(end, &head);
    if matches!(end, BodyEnd::Complete) {
        download.exchange.connection.tap().end();
    }
    // 3. Excess body bytes are known only now.
    head.anomalies = download.exchange.connection.tap().anomalies();
    observation.body = BodyTransfer { received: download.received, end, elapsed: download.elapsed };
    if stop_at == StopAt::Snippet {
        head.body_snippet = download.snippet();
    } else {
        // 4. Request distant parts of a media header, such as an index at the end of the file.
        if range::is_supported(&head) && !matches!(observation.body.end, BodyEnd::Interrupted(_)) {
            download.fetch_ranges().await;
        }
        let total = matches!(observation.body.end, BodyEnd::Complete).then_some(download.received);
        let snippet = download.snippet();
        observation.content = download.finish(total).await;
        head.body_snippet = snippet.filter(|_| observation.content.media().is_none());
    }
    observation.get = RequestOutcome::Response(head);
}

/// Returns how many bytes of the file are wanted at first, from what the server says to HEAD.
fn first_bytes(head: &RequestOutcome) -> u64 {
    let RequestOutcome::Response(head) = head else { return STEP };
    let is_image = |field: &UntrustedText| field.as_bytes().to_ascii_lowercase().starts_with(b"image/");
    if head.headers.first("content-type").is_some_and(is_image) { IMAGE_START } else { STEP }
}

/// Requests a range if there is one, otherwise the complete file. The API requests no range, so a response that depends
/// on it decides nothing: the complete file is requested then.
async fn send_get(
    exchange: &mut Exchange<'_>,
    range: Option<Range<u64>>,
    head: &RequestOutcome,
    watch: &Stopwatch,
) -> Result<(reqwest::Response, ResponseHead), FetchError> {
    if let Some(range) = range {
        let response = exchange.send(Method::GET, range::header_value(&range)).await?;
        let status = head.response().map_or(200, |head| head.status);
        let mut head = exchange.response_head(&response, watch.elapsed());
        head.total_length = range::total_length(&head, 0);
        let is_part = matches!(head.total_length, Some(ContentLength::Known { .. }));
        if is_part || head.status == status && status != 206 {
            return Ok((response, head));
        }
    }
    let response = exchange.send(Method::GET, None).await?;
    let head = exchange.response_head(&response, watch.elapsed());
    Ok((response, head))
}

/// Where reading a body stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum StopAt {
    /// At its end.
    End,
    /// At this offset: the Content-Length, if there is a Transfer-Encoding as well, or one byte after a requested
    /// range.
    Offset(u64),
    /// Once the media header is read. Distant parts of it are requested as ranges, if the server supports them.
    MediaHeader {
        supports_ranges: bool,
        /// Where reading stops in any case, in bytes.
        limit: u64,
        /// Whether to continue reading a body that arrives in tiny chunks.
        wait_for_small_chunks: bool,
    },
    /// Once the start of an error page has arrived.
    Snippet,
}

impl StopAt {
    fn new(head: &ResponseHead, options: ProbeOptions, first: u64) -> Self {
        if head.status_of_whole() != 200 {
            return Self::Snippet;
        }
        let limit = options.size_limit.get();
        let is_within = |max: u64| matches!(head.length(), ContentLength::Known { bytes, .. } if bytes <= max);
        if let (ContentLength::Known { bytes, .. }, Some(_)) = (head.length(), head.headers.first("transfer-encoding"))
            && options.depth == Depth::Full
            && bytes <= limit
        {
            return Self::Offset(bytes);
        }
        if head.total_length.is_some() {
            return Self::Offset(first.saturating_add(1));
        }
        if is_within(if options.depth == Depth::Full { limit } else { STEP }) {
            return Self::End;
        }
        // A missing length already rejects the asset, so the rest is not worth a long wait.
        let wait_for_small_chunks = head.length() != ContentLength::Missing;
        let (supports_ranges, limit) = (range::is_supported(head), limit.saturating_add(1));
        Self::MediaHeader { supports_ranges, limit, wait_for_small_chunks }
    }
}

/// How much of a body that is not media is kept, in bytes.
const MAX_SNIPPET: usize = 2 << 10;

/// How many chunks are read before their size is checked.
const MIN_CHUNKS: u64 = 256;

/// The average size below which chunks are tiny, in bytes: servers send some kilobytes at a time.
const MIN_AVERAGE_CHUNK: u64 = 64;

/// The distance from which requesting a range is cheaper than reading the bytes before it.
const MIN_RANGE_GAP: u64 = 1 << 20;

/// The maximum number of ranges requested; real files need at most three.
const MAX_RANGES: usize = 32;

struct Download<'a, 'p> {
    exchange: &'a mut Exchange<'p>,
    watch: Stopwatch,
    /// `None` only while it parses on another thread.
    reader: Option<HeaderReader>,
    start: Vec<u8>,
    received: u64,
    chunks: u64,
    elapsed: Duration,
}

impl<'a, 'p> Download<'a, 'p> {
    fn new(exchange: &'a mut Exchange<'p>, watch: Stopwatch, head: &ResponseHead, first: u64) -> Self {
        let total = match head.length() {
            ContentLength::Known { bytes, .. } => Some(bytes),
            ContentLength::Missing | ContentLength::Invalid(_) => None,
        };
        let reader = Some(HeaderReader::starting_with(first, total));
        let elapsed = watch.elapsed();
        Self { exchange, watch, reader, start: Vec::new(), received: 0, chunks: 0, elapsed }
    }

    /// Reads the body.
    async fn stream(&mut self, mut response: reqwest::Response, stop_at: StopAt) -> BodyEnd {
        self.exchange.tracker.reach(Phase::Body);
        while !self.is_enough(stop_at) {
            let chunk = match self.exchange.next_chunk(&mut response).await {
                Ok(Some(chunk)) => chunk,
                Ok(None) => return BodyEnd::Complete,
                Err(error) => return BodyEnd::Interrupted(error),
            };
            let (offset, length) = (self.received, chunk.len());
            let room = MAX_SNIPPET.saturating_sub(self.start.len()).min(length);
            self.start.extend_from_slice(chunk.get(..room).unwrap_or_default());
            self.received = self.received.saturating_add(length as u64);
            if let Some(body) = &mut self.exchange.body {
                body.extend_from_slice(&chunk);
            }
            self.chunks = self.chunks.saturating_add(1);
            self.elapsed = self.watch.elapsed();
            if stop_at != StopAt::Snippet {
                self.feed(offset, chunk).await;
            }
        }
        BodyEnd::StoppedEarly
    }

    fn is_enough(&self, stop_at: StopAt) -> bool {
        match stop_at {
            StopAt::End => false,
            StopAt::Offset(end) => self.received >= end,
            StopAt::Snippet => self.start.len() >= MAX_SNIPPET,
            StopAt::MediaHeader { supports_ranges, limit, wait_for_small_chunks } => {
                let is_far = |start: u64| supports_ranges && start > self.received.saturating_add(MIN_RANGE_GAP);
                let is_over = self.received >= limit || !wait_for_small_chunks && self.has_tiny_chunks();
                is_over || self.wants().is_none_or(|wanted| is_far(wanted.start))
            }
        }
    }

    fn has_tiny_chunks(&self) -> bool {
        self.chunks >= MIN_CHUNKS && self.received < self.chunks.saturating_mul(MIN_AVERAGE_CHUNK)
    }

    fn wants(&self) -> Option<Range<u64>> {
        self.reader.as_ref()?.wanted_range()
    }

    /// Feeds the header reader. If these bytes make it parse, it does so on another thread: parsing may take long, and
    /// its time does not count as the server's.
    async fn feed(&mut self, offset: u64, bytes: Bytes) {
        let end = offset.saturating_add(bytes.len() as u64);
        let parses = end >= MIN_OFFLOADED && self.wants().is_some_and(|wanted| wanted.end <= end);
        let Some(mut reader) = self.reader.take() else { return };
        let feed = move || {
            reader.feed(offset, &bytes);
            reader
        };
        self.reader = Some(if parses { self.exchange.parse(feed).await } else { feed() });
    }

    /// Finishes the header reader.
    async fn finish(mut self, total: Option<u64>) -> ContentState {
        let parses = self.received >= MIN_OFFLOADED && self.wants().is_some();
        let Some(reader) = self.reader.take() else { return ContentState::default() };
        let finish = move || reader.finish(total);
        if parses { self.exchange.parse(finish).await } else { finish() }
    }

    /// Requests the ranges that the header reader still needs. An error is not a finding: the header stays incomplete.
    async fn fetch_ranges(&mut self) {
        for _ in 0..MAX_RANGES {
            let Some(wanted) = self.wants() else { return };
            let Ok(response) = self.exchange.send(Method::GET, range::header_value(&wanted)).await else { return };
            let head = self.exchange.response_head(&response, self.watch.elapsed());
            if range::total_length(&head, wanted.start).is_none() {
                return;
            }
            self.read_range(response, wanted.clone()).await;
            if self.wants().is_some_and(|next| next.start < wanted.end && next.start >= wanted.start) {
                return;
            }
        }
    }

    /// Reads one range, and no more than that.
    async fn read_range(&mut self, mut response: reqwest::Response, wanted: Range<u64>) {
        self.exchange.tracker.reach(Phase::Body);
        let mut offset = wanted.start;
        while offset < wanted.end
            && let Ok(Some(chunk)) = self.exchange.next_chunk(&mut response).await
        {
            let length = chunk.len() as u64;
            self.feed(offset, chunk).await;
            offset = offset.saturating_add(length);
        }
    }

    /// Returns the start of the body.
    fn snippet(&mut self) -> Option<UntrustedText> {
        Some(std::mem::take(&mut self.start)).filter(|bytes| !bytes.is_empty()).map(UntrustedText::new)
    }

    /// Returns how the body ended, compared with what the head announced.
    fn body_end(&self, end: BodyEnd, head: &ResponseHead) -> BodyEnd {
        let length = match head.length() {
            ContentLength::Known { bytes, .. } => Some(bytes),
            ContentLength::Missing | ContentLength::Invalid(_) => None,
        };
        match (end, length) {
            (BodyEnd::Interrupted(FetchError::ConnectionClosed(_)), Some(announced)) if head.total_length.is_none() => {
                BodyEnd::Interrupted(FetchError::TruncatedBody { announced, received: self.received })
            }
            (BodyEnd::Complete, length) if head.total_length.is_some() && length != Some(self.received) => {
                BodyEnd::StoppedEarly
            }
            (end, _) => end,
        }
    }
}

/// The number of bytes from which a header is parsed on another thread; parsing fewer takes less than a millisecond.
const MIN_OFFLOADED: u64 = 256 << 10;
