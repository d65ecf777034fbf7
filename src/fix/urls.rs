//! Fixes the URL of an image service.

use url::Url;

use super::bounds::size_limits;
use super::fixer::{Fixer, outcome_of};
use super::geometry::Geometry;
use super::image::ImageOutputFormat;
use super::image_service::{Transformation, max_side, rewrite};
use super::options::{FixFormat, FixOptions};
use super::step::{FixFailure, FixSuccess};
use crate::asset::Asset;
use crate::fetch::DownloadingProbe;
use crate::finding::{Finding, Reason, Verdict};
use crate::media::{Kind, Media};
use crate::report::Report;
use crate::report::fix_report::{FixAction, FixOutcome};
use crate::rules::AcceptedMedia;
use crate::text::secret::{QueryRedaction, REDACTED};
use crate::text::untrusted::UntrustedText;

impl<P: DownloadingProbe> Fixer<'_, P> {
    /// Writes the transformation into the URL, and checks the delivered picture.
    pub(super) async fn fix_url(&self, url: &Url, before: &Report) -> Result<Option<FixSuccess>, FixFailure> {
        let is_fetched = !self.options.offline && before.observed.content.media().is_some();
        if before.verdict == Verdict::Accepted && is_fetched {
            return Ok(None);
        }
        let Some(service_side) = max_side(url) else {
            return Err(FixFailure::cannot_fix("it is not the address of an image service that is known here"));
        };
        let wanted = self.transformation(service_side, before)?;
        let rewritten = rewrite(url, &wanted).map_err(FixFailure::cannot_fix)?;
        let actions = vec![FixAction::new("rewrite", "address", format!("{} ({})", rewritten.service, rewritten.docs))];
        let output = self.shown_address(url, &wanted, &rewritten.url);
        let has_hidden = output.as_str().is_some_and(|shown| shown.contains(REDACTED));
        let done = FixSuccess {
            outcome: FixOutcome::Planned,
            output,
            actions,
            geometry: None,
            message: has_hidden.then(|| HIDDEN.to_owned()),
            command: None,
            after: None,
        };
        if rewritten.needs_signing {
            return Ok(Some(done.with_message(format!(
                "{} signs the transformation: sign this URL before you use it",
                rewritten.service
            ))));
        }
        if self.options.offline || self.options.dry_run {
            return Ok(Some(match wanted.geometry {
                None => done.with_message("the picture was not fetched, so its size is unknown".to_owned()),
                Some(_) => done,
            }));
        }
        let after = self.engine.check(self.asset(rewritten.url.as_str().as_bytes())).await;
        Ok(Some(FixSuccess { outcome: outcome_of(after.verdict), after: Some(after), ..done }))
    }

    /// Returns the rewritten URL as reports show it. The input is redacted before it is rewritten, so that the
    /// transformation stays readable.
    fn shown_address(&self, url: &Url, wanted: &Transformation, rewritten: &Url) -> UntrustedText {
        let redacted = Asset::new(url.as_str()).redacted(self.options.queries);
        let shown = redacted.as_str().and_then(|redacted| Url::parse(redacted).ok());
        let shown = shown.and_then(|redacted| rewrite(&redacted, wanted).ok());
        match shown {
            Some(shown) => UntrustedText::from(shown.url.as_str()),
            None => Asset::new(rewritten.as_str()).redacted(QueryRedaction::Redact),
        }
    }

    /// Plans what the service should deliver.
    fn transformation(&self, service_side: u32, before: &Report) -> Result<Transformation, FixFailure> {
        let FixOptions { reshape, quality, field, expectations, .. } = &self.options;
        let accepted = AcceptedMedia::new(self.rules, Kind::Image, expectations, field.as_deref());
        let mut size = size_limits(&accepted, 1);
        size.max_side = size.max_side.min(service_side);
        let media = before.observed.content.media().filter(|media| media.kind() == Some(Kind::Image));
        let shown = media.and_then(|media| media.display_size.or(media.coded_size));
        let geometry = shown.map(|shown| Geometry::plan(shown, &size, *reshape)).transpose();
        Ok(Transformation {
            geometry: geometry.map_err(FixFailure::cannot_fix)?,
            reshape: *reshape,
            max_side: size.max_side,
            format: self.delivered_format(media, &accepted, before),
            quality: quality.or_else(|| is_too_large(before).then_some(LOWER_QUALITY)),
        })
    }

    /// Returns the format to request: the user's, or JPEG if the current one is rejected.
    fn delivered_format(
        &self,
        media: Option<&Media>,
        accepted: &AcceptedMedia,
        before: &Report,
    ) -> Option<ImageOutputFormat> {
        let is_refused = |media: &Media| !accepted.containers.iter().any(|(format, _)| *format == media.format);
        let by_type = |finding: &Finding| {
            matches!(finding.api_reason(), Some(Reason::GenericContentType | Reason::UnsupportedContentType { .. }))
        };
        let refused = media.is_some_and(is_refused) || before.findings.iter().any(by_type);
        let asked = self.options.to.and_then(FixFormat::as_image);
        asked.or_else(|| refused.then_some(ImageOutputFormat::Jpeg))
    }
}

/// Said where the address cannot be used as it is shown.
const HIDDEN: &str = "values of its query are hidden: --show-query shows them";

/// The quality to request if a file is too large.
const LOWER_QUALITY: u8 = 75;

fn is_too_large(before: &Report) -> bool {
    before.findings.iter().any(|finding| matches!(finding.api_reason(), Some(Reason::TooLarge { .. })))
}
