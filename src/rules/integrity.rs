//! The rules on whether the media is complete.

use super::CheckContext;
use crate::finding::{Finding, Lint};
use crate::media::Format;
use crate::units::counted;

/// The file must not end before its media does, and audio should begin at a frame boundary.
pub(super) fn whole(context: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let Some(media) = context.observation.content.media() else { return };
    if let Some(sign) = media.truncated {
        findings.push(Finding::lint(Lint::TruncatedMedia, sign));
    }
    if media.leading_bytes > 0 {
        let name = if media.format == Format::Aac { "out.aac" } else { "out.mp3" };
        let detail = format!("the first frame begins after {}", counted(media.leading_bytes, "byte"));
        let hint = format!("Remux it: `ffmpeg -i IN -c copy {name}`");
        findings.push(Finding::lint(Lint::LeadingBytes, detail).with_hint(hint));
    }
}
