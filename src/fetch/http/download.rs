//! The GET: its head, its body counted and not kept, and the media header picked out of the bytes as they pass.

use std::ops::Range;
use std::time::Duration;

use reqwest::Method;

use super::exchange::Caller;
use super::range;
use crate::fetch::tracker::Stopwatch;
use crate::fetch::{Depth, ProbeOptions};
use crate::media::header_reader::{HeaderReader, STEP};
use crate::observation::{
    BodyEnd, BodyTransfer, ContentLength, FetchError, Observation, Phase, RequestOutcome, ResponseHead,
};
use crate::text::untrusted::UntrustedText;

/// Sends the GET and notes what comes.
pub(super) async fn download(caller: &mut Caller<'_>, plan: ProbeOptions, seen: &mut Observation) {
    let watch = caller.progress.stopwatch();
    let (response, mut head) = match ask(caller, plan.depth, &watch).await {
        Ok(answer) => answer,
        Err(trouble) => {
            seen.get = RequestOutcome::Failed { error: trouble, elapsed: watch.elapsed() };
            return;
        }
    };
    let mut download = Download::new(caller, watch, &head);
    let until = Until::of(&head, plan);
    let end = download.stream(response, until).await;
    let end = download.ending(end, &head);
    // What came behind the body is known only now.
    head.anomalies = download.caller.line.wire().oddities();
    seen.body = BodyTransfer { received: download.received, end, elapsed: download.elapsed };
    if until == Until::Excerpt {
        head.body_snippet = download.excerpt();
    } else {
        if range::is_offered(&head) && !matches!(seen.body.end, BodyEnd::Interrupted(_)) {
            download.fetch_ranges().await;
        }
        let whole = matches!(seen.body.end, BodyEnd::Complete).then_some(download.received);
        let excerpt = download.excerpt();
        seen.content = download.reader.finish(whole);
        head.body_snippet = excerpt.filter(|_| seen.content.media().is_none());
    }
    seen.get = RequestOutcome::Response(head);
}

/// Asks for the first bytes alone where no more are wanted, else for the whole.
async fn ask(
    caller: &mut Caller<'_>,
    depth: Depth,
    watch: &Stopwatch,
) -> Result<(reqwest::Response, ResponseHead), FetchError> {
    if depth < Depth::Full {
        let response = caller.send(Method::GET, range::field(&(0..STEP))).await?;
        let mut head = caller.head_of(&response, watch.elapsed());
        head.total_length = range::part_of(&head, 0);
        // An empty file has no first bytes: asked for as a whole it says so itself.
        if head.status != 416 {
            return Ok((response, head));
        }
    }
    let response = caller.send(Method::GET, None).await?;
    let head = caller.head_of(&response, watch.elapsed());
    Ok((response, head))
}

/// How far a body is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Until {
    /// To its end.
    End,
    /// To this place at most: as far as Content-Length says, where a Transfer-Encoding beside it says something else about
    /// the end, or one byte beyond a part that was asked for.
    Place(u64),
    /// Until the media header is read; what lies far behind is asked for by range, if the server offers that.
    Header {
        /// Whether it does.
        leaps: bool,
        /// Where reading stops in any case, in bytes.
        limit: u64,
        /// Whether crumbs are read on and on.
        patient: bool,
    },
    /// Until the beginning of an error page is there.
    Excerpt,
}

impl Until {
    fn of(head: &ResponseHead, plan: ProbeOptions) -> Self {
        if head.status_of_whole() != 200 {
            return Self::Excerpt;
        }
        let limit = plan.size_limit.get();
        let whole = |most: u64| matches!(head.length(), ContentLength::Known { bytes, .. } if bytes <= most);
        if let (ContentLength::Known { bytes, .. }, Some(_)) = (head.length(), head.headers.first("transfer-encoding"))
            && plan.depth == Depth::Full
            && bytes <= limit
        {
            return Self::Place(bytes);
        }
        if head.total_length.is_some() {
            return Self::Place(STEP.saturating_add(1));
        }
        if whole(if plan.depth == Depth::Full { limit } else { STEP }) {
            return Self::End;
        }
        // A missing length has refused the asset: what else could be said of it is not worth a long wait.
        let patient = head.length() != ContentLength::Missing;
        Self::Header { leaps: range::is_offered(head), limit: limit.saturating_add(1), patient }
    }
}

/// How much of a body that is no media is kept, in bytes.
const EXCERPT: usize = 2 << 10;

/// How many pieces are taken before their size is looked at.
const PIECES: u64 = 256;

/// The size below which pieces are crumbs, in bytes and on average: servers send some kilobytes at a time.
const CRUMB: u64 = 64;

/// From how far on bytes are asked for by range instead of waiting for them to pass: a new request is cheaper.
const LEAP: u64 = 1 << 20;

/// How many ranges are asked for at most; real files take three.
const RANGES: usize = 32;

struct Download<'a, 'l> {
    caller: &'a mut Caller<'l>,
    watch: Stopwatch,
    reader: HeaderReader,
    beginning: Vec<u8>,
    received: u64,
    /// In how many pieces.
    pieces: u64,
    elapsed: Duration,
}

impl<'a, 'l> Download<'a, 'l> {
    fn new(caller: &'a mut Caller<'l>, watch: Stopwatch, head: &ResponseHead) -> Self {
        let total = match head.length() {
            ContentLength::Known { bytes, .. } => Some(bytes),
            ContentLength::Missing | ContentLength::Invalid(_) => None,
        };
        let reader = HeaderReader::new(total);
        let elapsed = watch.elapsed();
        Self { caller, watch, reader, beginning: Vec::new(), received: 0, pieces: 0, elapsed }
    }

    /// Reads the body.
    async fn stream(&mut self, mut response: reqwest::Response, until: Until) -> BodyEnd {
        self.caller.progress.reach(Phase::Body);
        while !self.is_enough(until) {
            let chunk = match self.caller.next(&mut response).await {
                Ok(Some(chunk)) => chunk,
                Ok(None) => return BodyEnd::Complete,
                Err(trouble) => return BodyEnd::Interrupted(trouble),
            };
            let room = EXCERPT.saturating_sub(self.beginning.len()).min(chunk.len());
            self.beginning.extend_from_slice(chunk.get(..room).unwrap_or_default());
            if until != Until::Excerpt {
                self.reader.feed(self.received, &chunk);
            }
            self.received = self.received.saturating_add(chunk.len() as u64);
            self.pieces = self.pieces.saturating_add(1);
            self.elapsed = self.watch.elapsed();
        }
        BodyEnd::StoppedEarly
    }

    fn is_enough(&self, until: Until) -> bool {
        match until {
            Until::End => false,
            Until::Place(end) => self.received >= end,
            Until::Excerpt => self.beginning.len() >= EXCERPT,
            Until::Header { leaps, limit, patient } => {
                let far = |start: u64| leaps && start > self.received.saturating_add(LEAP);
                let is_over = self.received >= limit || !patient && self.has_crumbs();
                is_over || self.reader.wants().is_none_or(|wanted| far(wanted.start))
            }
        }
    }

    fn has_crumbs(&self) -> bool {
        self.pieces >= PIECES && self.received < self.pieces.saturating_mul(CRUMB)
    }

    /// Asks for what the header reader wants and has not passed. Trouble with that is no finding: the header then
    /// stays unread.
    async fn fetch_ranges(&mut self) {
        for _ in 0..RANGES {
            let Some(wanted) = self.reader.wants() else { return };
            let Ok(response) = self.caller.send(Method::GET, range::field(&wanted)).await else { return };
            if range::part_of(&self.caller.head_of(&response, self.watch.elapsed()), wanted.start).is_none() {
                return;
            }
            self.fetch(response, wanted.clone()).await;
            if self.reader.wants().is_some_and(|next| next.start < wanted.end && next.start >= wanted.start) {
                return;
            }
        }
    }

    /// Reads one range, and no more than that.
    async fn fetch(&mut self, mut response: reqwest::Response, wanted: Range<u64>) {
        self.caller.progress.reach(Phase::Body);
        let mut at = wanted.start;
        while at < wanted.end
            && let Ok(Some(chunk)) = self.caller.next(&mut response).await
        {
            self.reader.feed(at, &chunk);
            at = at.saturating_add(chunk.len() as u64);
        }
    }

    /// Returns the beginning of the body as text from outside.
    fn excerpt(&mut self) -> Option<UntrustedText> {
        Some(std::mem::take(&mut self.beginning)).filter(|bytes| !bytes.is_empty()).map(UntrustedText::new)
    }

    /// Says how the body ended, in the light of what the head announced.
    fn ending(&self, end: BodyEnd, head: &ResponseHead) -> BodyEnd {
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
