//! The picture of an asset, with the part that is kept.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::frame::{KeptPart, open_drawing, overlay};
use crate::output::escape::html::text;
use crate::report::Report;
use crate::report::picture::Picture;
use crate::units::Dimensions;

/// Draws the picture, or its outline where only a part is kept; nothing where there is neither.
pub(super) fn figure(report: &Report, picture: Option<&Picture>) -> String {
    let part = KeptPart::of(report);
    let media = report.observed.content.media();
    let size = media.and_then(|media| media.display_size.or(media.coded_size));
    match (picture, part) {
        (None, None) => String::new(),
        (Some(picture), part) => captioned(&framed(picture, size, part.as_ref()), part.as_ref()),
        (None, Some(part)) => captioned(&outline(&part), Some(&part)),
    }
}

/// Puts the caption under a picture.
fn captioned(picture: &str, part: Option<&KeptPart>) -> String {
    let caption = part.map(|part| format!("<figcaption>{}</figcaption>", text(&part.caption))).unwrap_or_default();
    format!("<figure>{picture}{caption}</figure>\n")
}

/// Draws a picture, and over it the part that is kept.
pub(super) fn framed(picture: &Picture, size: Option<Dimensions>, part: Option<&KeptPart>) -> String {
    let sides =
        size.map_or_else(String::new, |Dimensions { width, height }| format!(" width=\"{width}\" height=\"{height}\""));
    let drawing = part.map_or_else(String::new, |part| {
        let start = open_drawing(part.whole, " preserveAspectRatio=\"none\"", &part.caption);
        format!("{start}{}</svg>", overlay(part.whole, part.kept))
    });
    let source = address(picture);
    format!("<span class=\"frame\"><img src=\"{source}\" alt=\"\" loading=\"lazy\"{sides} />{drawing}</span>")
}

/// Draws the outline of a picture that is not at hand.
pub(super) fn outline(part: &KeptPart) -> String {
    let Dimensions { width, height } = part.whole;
    let start = open_drawing(part.whole, " class=\"plan\"", &part.caption);
    let area = format!("<rect class=\"area\" width=\"{width}\" height=\"{height}\" />");
    format!("{start}{area}{}</svg>", overlay(part.whole, part.kept))
}

/// Returns the address of a picture: the file itself, or its place relative to the page.
pub(super) fn address(picture: &Picture) -> String {
    match picture {
        Picture::Embedded { media_type, bytes } => format!("data:{media_type};base64,{}", STANDARD.encode(bytes)),
        Picture::Linked { address } => text(address),
    }
}
