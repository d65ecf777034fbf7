//! Fixes remote files: downloads a copy, as `check` would, and fixes that.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use url::Url;

use super::fixer::{FixJob, Fixer};
use super::image_service::max_side;
use super::options::FixDestination;
use super::step::{FixFailure, FixSuccess};
use crate::asset::{Asset, AssetUrl};
use crate::fetch::{DownloadingProbe, Probe, ProbeOptions};
use crate::finding::Verdict;
use crate::lock::lock;
use crate::media::usual_extension;
use crate::observation::Observation;
use crate::report::Report;
use crate::report::fix_report::{FixAction, FixOutcome};
use crate::text::percent;
use crate::text::secret::Secret;
use crate::units::Bytes;

/// A probe that keeps the body of each URL that is not an image service's, until it is taken.
#[derive(Debug)]
pub(super) struct BodyCachingProbe<P> {
    probe: P,
    bodies: Mutex<HashMap<Secret<String>, Vec<u8>>>,
}

impl<P> BodyCachingProbe<P> {
    pub(super) fn new(probe: P) -> Self {
        Self { probe, bodies: Mutex::default() }
    }

    /// Returns the body of a URL that was checked before.
    fn take(&self, url: &Url) -> Option<Vec<u8>> {
        lock(&self.bodies).remove(&Secret::new(url.as_str().to_owned()))
    }
}

impl<P: DownloadingProbe> Probe for Arc<BodyCachingProbe<P>> {
    async fn url(&self, address: &AssetUrl, options: ProbeOptions) -> Arc<Observation> {
        if max_side(address.url()).is_some() {
            return self.probe.url(address, options).await;
        }
        let (seen, body) = self.probe.download(address, options).await;
        if let Some(body) = body {
            lock(&self.bodies).insert(Secret::new(address.url().as_str().to_owned()), body);
        }
        Arc::new(seen)
    }

    async fn file(&self, path: &Path) -> Observation {
        self.probe.file(path).await
    }

    async fn data_uri(&self, asset: &Arc<Asset>) -> Observation {
        self.probe.data_uri(asset).await
    }

    fn upload(&self, uri: &Asset) -> Option<Result<PathBuf, String>> {
        self.probe.upload(uri)
    }
}

impl<P: DownloadingProbe> Fixer<'_, P> {
    /// Fixes the copy of a URL that was checked.
    pub(super) async fn fix_download(
        &self,
        url: &Url,
        before: &Report,
        progress: impl Fn(Duration, Option<Duration>),
    ) -> Result<Option<FixSuccess>, FixFailure> {
        let body = self.downloads.take(url);
        if self.options.offline {
            return Err(FixFailure::cannot_fix("it has to be downloaded, which --offline forbids"));
        }
        let requests_more_than_rules =
            before.observed.content.media().is_some_and(|media| self.options.requests_more_than_rules(media));
        if before.verdict == Verdict::Accepted && !requests_more_than_rules {
            return Ok(None);
        }
        let body = body.ok_or_else(|| FixFailure::cannot_fix(not_downloaded(before)))?;
        if self.options.place == FixDestination::NextToInput {
            return Err(FixFailure::cannot_fix("the result needs a name: add --output FILE or --output-dir DIR"));
        }
        let unwritten = |error: std::io::Error| FixFailure::new(FixOutcome::NotWritten, error);
        // It disappears with everything in it, however this ends.
        let folder = tempfile::Builder::new().prefix("runway-preflight-").tempdir().map_err(unwritten)?;
        let copy = folder.path().join(copy_name(url));
        std::fs::write(&copy, &body).map_err(unwritten)?;
        let action = FixAction::new("download", "address", format!("{} bytes", Bytes::new(body.len() as u64)));
        drop(body);
        let report = self.engine.check(self.asset(copy.as_os_str().as_encoded_bytes())).await;
        let mut done = match self.fix_file(&copy, &report, progress).await {
            Ok(Some(done)) => done,
            Ok(None) => self.keep_copy(&copy, &report).await?,
            // A command would name the copy, which is gone.
            Err(failure) => return Err(FixFailure { command: None, ..failure }),
        };
        done.actions.insert(0, action);
        Ok(Some(FixSuccess { command: None, ..done }))
    }

    /// Keeps a copy that is accepted as it is: only its address is refused.
    async fn keep_copy(&self, copy: &Path, report: &Report) -> Result<FixSuccess, FixFailure> {
        let media = report.observed.content.media().ok_or_else(|| FixFailure::cannot_fix(not_downloaded(report)))?;
        let kind = media.kind().ok_or_else(|| FixFailure::cannot_fix(not_downloaded(report)))?;
        let job = FixJob { accepted: self.accepted(kind), path: copy, media, bytes: 0, kind };
        let output = self.output(&job, usual_extension(media.format.id()))?;
        if self.options.dry_run {
            return Ok(self.planned(&output, Vec::new(), None));
        }
        let draft = output.draft()?;
        std::fs::copy(copy, &draft).map_err(|error| FixFailure::new(FixOutcome::NotWritten, error))?;
        self.keep(draft, &output, Vec::new()).await
    }
}

/// Says why there is no copy.
fn not_downloaded(before: &Report) -> String {
    match before.api_finding().or(before.findings.first()) {
        Some(finding) => format!("it cannot be downloaded: {}", finding.message()),
        None => "it cannot be downloaded".to_owned(),
    }
}

/// Names the copy of a URL after its last segment: plain characters, and a length that every file system takes.
pub(super) fn copy_name(url: &Url) -> String {
    let last = url.path_segments().and_then(|mut segments| segments.next_back()).unwrap_or_default();
    let last = percent::decode(last);
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-._".contains(letter);
    let plain: String = last.chars().map(|letter| if is_plain(letter) { letter } else { '-' }).take(MAX_NAME).collect();
    let plain = plain.trim_matches(['.', '-']);
    if plain.is_empty() { "asset".to_owned() } else { plain.to_owned() }
}

/// How many characters of an address name its copy.
const MAX_NAME: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_has_a_plain_name() {
        let case = |url: &str, name: &str| assert_eq!(copy_name(&Url::parse(url).expect("a URL")), name);
        case("https://h.com/a/photo.jpg?x=y#z", "photo.jpg");
        case("https://h.com/", "asset");
        case("https://h.com/..", "asset");
        case("https://h.com/%2e%2e%2fetc%2fpasswd", "etc-passwd");
        case("https://h.com/a%20photo.bmp", "a-photo.bmp");
        case("https://h.com/%FF%00%C3%A9.jpg", "jpg");
        case("https://h.com/.-rf", "rf");
        case(&format!("https://h.com/{}", "a".repeat(300)), &"a".repeat(100));
    }
}
