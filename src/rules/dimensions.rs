//! The rules on width and height: as stored and as displayed, because which one the API uses is not published.

use std::collections::HashSet;

use super::CheckContext;
use super::applies_to::Scope;
use super::lengths::whole;
use super::limits::{Limit, Metric};
use crate::finding::{Confidence, Finding, Lint, Reason, Severity};
use crate::media::{Kind, Media};
use crate::units::{AspectRatioRange, Dimensions, Ratio, Thousandths};

/// No side may be longer than the general limit.
pub(super) fn dimensions(context: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let Some(sizes) = RotationSizes::of(context) else { return };
    let Some(limit) = general_side(context) else { return };
    let too_large = |size: Dimensions| u64::from(size.longest()) > limit;
    match sizes.sensitivity(too_large) {
        RotationSensitivity::AlwaysOutside => {
            let got = sizes.stored;
            let finding = Finding::reason(Reason::DimensionsTooLarge { limit, got }, sizes.describe());
            findings.push(finding.with_hint(format!("Scale the asset down until no side exceeds {limit} pixels.")));
        }
        RotationSensitivity::Depends => {
            findings.push(rotated(&sizes, "a side is too long only with, or only without, the rotation"));
        }
        RotationSensitivity::Inside => {
            if sizes.all().any(|size| u64::from(size.longest()) == limit) {
                findings.push(Finding::lint(Lint::Exactly8000px, sizes.describe()));
            }
        }
    }
}

/// Returns the limit on a side that applies to every model.
fn general_side(context: &CheckContext<'_>) -> Option<u64> {
    let is_general = |limit: &&Limit| limit.models.is_empty() && limit.endpoints.is_empty();
    let rows = context.rules.applicable(Metric::Side, context.scope()).filter(is_general);
    rows.filter_map(|bound| whole(bound.max())).min()
}

/// The sides and their product must be within the limits of the model.
pub(super) fn size(context: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let Some(sizes) = RotationSizes::of(context) else { return };
    let general = general_side(context).unwrap_or(u64::MAX);
    for bound in context.rules.applicable(Metric::Side, context.scope()) {
        let min = whole(bound.min()).unwrap_or(0);
        let max = whole(bound.max()).filter(|max| *max < general).unwrap_or(u64::MAX);
        let outside =
            |size: Dimensions| u64::from(size.width.min(size.height)) < min || u64::from(size.longest()) > max;
        let range = format!("each side must have {} pixels", range(min, max));
        findings.extend(outside_size(context, &sizes, bound, sizes.sensitivity(outside), &range));
    }
    for bound in context.rules.applicable(Metric::Pixels, context.scope()) {
        let max = whole(bound.max()).unwrap_or(u64::MAX);
        let outside = |size: Dimensions| size.area() > max;
        let range = format!("width times height must be at most {max} pixels");
        findings.extend(outside_size(context, &sizes, bound, sizes.sensitivity(outside), &range));
    }
}

fn range(min: u64, max: u64) -> String {
    match (min, max) {
        (0, max) => format!("at most {max}"),
        (min, u64::MAX) => format!("at least {min}"),
        (min, max) => format!("from {min} to {max}"),
    }
}

fn outside_size(
    context: &CheckContext<'_>,
    sizes: &RotationSizes,
    bound: &Limit,
    sensitivity: RotationSensitivity,
    range: &str,
) -> Option<Finding> {
    match sensitivity {
        RotationSensitivity::Inside => None,
        RotationSensitivity::Depends => Some(rotated(sizes, range)),
        RotationSensitivity::AlwaysOutside => {
            let detail = format!("{}; for {} {range}", sizes.describe(), names(&[bound]));
            let finding = Finding::lint(Lint::SizeOutside, detail);
            Some(context.with_confidence_of(finding, bound))
        }
    }
}

/// Width divided by height must be within the window of `--ratio`, else of the model, else of any model.
pub(super) fn aspect_ratio(context: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let Some(sizes) = RotationSizes::of(context) else { return };
    if let Some(window) = context.expectations.ratio {
        let detail = format!("{}; outside the range of --ratio", sizes.describe());
        return findings.extend(outside_window(&sizes, window, &detail));
    }
    let scope = context.scope();
    let rows: Vec<&Limit> = context.rules.applicable(Metric::AspectRatio, scope).collect();
    if scope.model.is_none() && rows.is_empty() {
        let within = |scope: Scope<'_>| -> Vec<&Limit> {
            context.rules.limits(Metric::AspectRatio).filter(|bound| bound.applies_to().overlaps(scope)).collect()
        };
        // Not every model of an endpoint has a window.
        let published = within(Scope { endpoint: None, field: None, ..scope });
        return findings.extend(any_model(context, &sizes, &within(scope), &published));
    }
    let rejecting: Vec<&Limit> = rows.iter().copied().filter(|row| sizes.is_outside(window(row))).collect();
    match rejecting.first() {
        Some(first) if rejecting.len() == rows.len() => {
            let asked_for =
                context.expectations.model.as_deref().filter(|model| first.models.iter().any(|row| row == model));
            let detail = format!(
                "{}; outside the range of {}",
                sizes.describe(),
                asked_for.map_or_else(|| names(&[first]), str::to_owned)
            );
            let finding = outside_window(&sizes, window(first), &detail);
            findings.extend(finding.map(|finding| context.with_confidence_of(finding, first)));
        }
        Some(_) => findings.push(some_reject(&sizes, &rejecting)),
        None => findings.extend(rows.first().and_then(|row| outside_window(&sizes, window(row), ""))),
    }
}

/// Evaluates without a model: a ratio outside every published window is an error, outside some of the `rows` that may
/// apply a warning.
fn any_model(
    context: &CheckContext<'_>,
    sizes: &RotationSizes,
    rows: &[&Limit],
    published: &[&Limit],
) -> Option<Finding> {
    rows.first()?;
    let min = published.iter().map(|row| window(row).min).min()?;
    let max = published.iter().map(|row| window(row).max).max()?;
    let union = AspectRatioRange { min, max };
    // The windows of videos depend on the model more than those of images do.
    let is_image = super::effective_kind(context) == Some(Kind::Image);
    let for_kind = |finding: Finding| if is_image { finding } else { finding.with_severity(Severity::Warning) };
    if sizes.is_outside(union) {
        let detail = format!("{}; outside every published range", sizes.describe());
        let finding = outside_window(sizes, union, &detail)?.with_confidence(Confidence::Inferred);
        return Some(for_kind(finding));
    }
    let rejecting: Vec<&Limit> = rows.iter().copied().filter(|row| sizes.is_outside(window(row))).collect();
    if rejecting.is_empty() {
        // No window rejects both sizes, but the verdict may still depend on the rotation.
        return outside_window(sizes, union, "").map(for_kind);
    }
    Some(some_reject(sizes, &rejecting))
}

fn some_reject(sizes: &RotationSizes, rejecting: &[&Limit]) -> Finding {
    let detail = format!("{}; rejected by {}", sizes.describe(), names(rejecting));
    Finding::lint(Lint::AspectRatioSomeModels, detail)
}

fn window(bound: &Limit) -> AspectRatioRange {
    // Rows without either bound are invalid.
    AspectRatioRange {
        min: bound.min().unwrap_or(Thousandths::new(0)),
        max: bound.max().unwrap_or(Thousandths::new(u64::MAX)),
    }
}

/// Evaluates one window, with and without the rotation.
fn outside_window(sizes: &RotationSizes, window: AspectRatioRange, detail: &str) -> Option<Finding> {
    let outside = |size: Dimensions| size.ratio().is_some_and(|ratio| !window.contains(ratio));
    match sizes.sensitivity(outside) {
        RotationSensitivity::Inside => None,
        RotationSensitivity::Depends => {
            let range = format!("width / height must be from {} to {}", window.min, window.max);
            Some(rotated(sizes, &range))
        }
        RotationSensitivity::AlwaysOutside => {
            let got: Ratio = sizes.stored.ratio()?;
            let detail = format!("{detail}{}", exact_ratio(sizes.stored, window));
            let finding = Finding::reason(Reason::AspectRatioOutside { window, got }, detail);
            Some(finding.with_optional_hint(crop_hint(sizes.stored, window)))
        }
    }
}

/// Returns the ratio with more digits if its rounded form prints the same as the bound that it violates.
fn exact_ratio(size: Dimensions, window: AspectRatioRange) -> String {
    let Some(ratio) = size.ratio() else { return String::new() };
    let bound = if ratio.is_below(window.min) { window.min } else { window.max };
    if ratio.to_string() != bound.to_string() {
        return String::new();
    }
    format!("; exactly {:.6}", f64::from(size.width) / f64::from(size.height))
}

/// Returns the largest crop that passes, and the smallest size to pad to.
fn crop_hint(size: Dimensions, window: AspectRatioRange) -> Option<String> {
    let ratio = size.ratio()?;
    let is_narrow = ratio.is_below(window.min);
    let bound = if is_narrow { window.min } else { window.max }.thousandths();
    let (width, height) = (u64::from(size.width), u64::from(size.height));
    // The exact bound passes: a narrow image loses height or gains width, a wide one loses width or gains height.
    let (crop, pad) = if is_narrow {
        ((width, (width * 1000).checked_div(bound)?), ((height * bound).div_ceil(1000), height))
    } else {
        (
            ((height * bound) / 1000, height),
            (width, (width * 1000).checked_div(bound)? + u64::from(!(width * 1000).is_multiple_of(bound))),
        )
    };
    let is_drawable = |(width, height): (u64, u64)| width > 0 && height > 0;
    (is_drawable(crop) && is_drawable(pad))
        .then(|| format!("Crop it to {}x{}, or pad it to {}x{}.", crop.0, crop.1, pad.0, pad.1))
}

/// An image with another aspect ratio than the requested one is center-cropped.
pub(super) fn cropping(context: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let (Some(sizes), Some(requested)) = (RotationSizes::of(context), context.expectations.crop_to) else { return };
    let Some(ratio) = requested.ratio() else { return };
    // The smaller loss counts: whether the API applies the rotation is not published.
    let Some((lost, axis)) = sizes.all().filter_map(|size| lost(size, requested)).min() else { return };
    if lost >= MIN_LOSS {
        let (percent, tenth) = (lost / 10, lost % 10);
        let detail =
            format!("{}; cropping it to a ratio of {ratio} removes {percent}.{tenth} % {axis}", sizes.describe());
        findings.push(Finding::lint(Lint::Cropped, detail));
    }
}

/// The smallest loss that is reported, in thousandths: less is rounding to whole pixels.
const MIN_LOSS: u64 = 10;

/// Returns how much of an image is cropped, in thousandths of its area, and where.
fn lost(size: Dimensions, requested: Dimensions) -> Option<(u64, &'static str)> {
    let across = u128::from(size.width) * u128::from(requested.height);
    let down = u128::from(size.height) * u128::from(requested.width);
    let kept = (across.min(down) * 1000).checked_div(across.max(down))?;
    let sides = if across > down { "at the left and right" } else { "at the top and bottom" };
    Some((1000 - u64::try_from(kept).ok()?, sides))
}

fn rotated(sizes: &RotationSizes, range: &str) -> Finding {
    Finding::lint(Lint::ExifRotated, format!("{}; {range}", sizes.describe()))
}

/// Returns the models of rows, or the endpoints of rows without models.
pub(super) fn names(rows: &[&Limit]) -> String {
    let mut names: Vec<&str> = rows
        .iter()
        .flat_map(|row| if row.models.is_empty() { &row.endpoints } else { &row.models })
        .map(String::as_str)
        .collect();
    let mut listed = HashSet::new();
    names.retain(|name| listed.insert(*name));
    if names.is_empty() { "every model".to_owned() } else { names.join(", ") }
}

/// The size as stored, and as displayed where that differs.
struct RotationSizes {
    stored: Dimensions,
    displayed: Option<Dimensions>,
}

/// Whether a limit is violated with and without the rotation.
#[derive(Clone, Copy)]
enum RotationSensitivity {
    /// Within the limit either way.
    Inside,
    /// Outside the limit only with, or only without, the rotation.
    Depends,
    /// Outside the limit either way.
    AlwaysOutside,
}

impl RotationSizes {
    fn of(context: &CheckContext<'_>) -> Option<Self> {
        let media: &Media = context.observation.content.media()?;
        let stored = media.coded_size.or(media.display_size)?;
        Some(Self { stored, displayed: media.display_size.filter(|displayed| *displayed != stored) })
    }

    fn all(&self) -> impl Iterator<Item = Dimensions> {
        std::iter::once(self.stored).chain(self.displayed)
    }

    fn sensitivity(&self, is_outside: impl Fn(Dimensions) -> bool) -> RotationSensitivity {
        let count = self.all().filter(|size| is_outside(*size)).count();
        match count {
            0 => RotationSensitivity::Inside,
            count if count == self.all().count() => RotationSensitivity::AlwaysOutside,
            _ => RotationSensitivity::Depends,
        }
    }

    /// Reports whether it is outside a window both with and without the rotation.
    fn is_outside(&self, window: AspectRatioRange) -> bool {
        self.all().all(|size| size.ratio().is_some_and(|ratio| !window.contains(ratio)))
    }

    fn describe(&self) -> String {
        let ratio = self.stored.ratio().map_or_else(String::new, |ratio| format!(", ratio {ratio}"));
        match self.displayed {
            None => format!("{} pixels{ratio}", self.stored),
            Some(displayed) => {
                let other = displayed.ratio().map_or_else(String::new, |ratio| format!(", ratio {ratio}"));
                format!("stored as {}{ratio}, displayed as {displayed}{other}", self.stored)
            }
        }
    }
}

/// A file that does not state its width and height cannot be checked for them.
pub(super) fn stated(context: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let Some(media) = context.observation.content.media() else { return };
    let has_size = matches!(media.kind(), Some(Kind::Image | Kind::Video));
    if has_size && media.coded_size.is_none() && media.display_size.is_none() {
        findings.push(Finding::lint(Lint::MetadataUnknown, "the file does not state its width and height"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_name_the_bounds_they_have() {
        let case = |least: u64, most: u64, text: &str| assert_eq!(range(least, most), text);
        case(0, 4000, "at most 4000");
        case(300, u64::MAX, "at least 300");
        case(300, 4000, "from 300 to 4000");
    }

    #[test]
    fn a_crop_and_a_padded_size_pass() {
        let case = |(width, height): (u32, u32), window: &str, expected: &str| {
            let window = AspectRatioRange::parse(window).expect("a window");
            assert_eq!(crop_hint(Dimensions::new(width, height), window).as_deref(), Some(expected));
            let sizes = expected.split([' ', ',', '.']).filter_map(|word| word.split_once('x'));
            for (width, height) in sizes.map(|(width, height)| (width.parse(), height.parse())) {
                let size = Dimensions::new(width.expect("a width"), height.expect("a height"));
                assert!(window.contains(size.ratio().expect("a ratio")), "{size}");
            }
        };
        case((1079, 2160), "0.5:2", "Crop it to 1079x2158, or pad it to 1080x2160.");
        case((1000, 2001), "0.5:2", "Crop it to 1000x2000, or pad it to 1001x2001.");
        case((2000, 400), "0.5:2.358", "Crop it to 943x400, or pad it to 2000x849.");
        case((1170, 2532), "0.5:2", "Crop it to 1170x2340, or pad it to 1266x2532.");
    }

    #[test]
    fn a_ratio_that_rounds_to_the_bound_gets_more_digits() {
        let window = AspectRatioRange::parse("0.5:2").expect("a window");
        assert_eq!(exact_ratio(Dimensions::new(1079, 2160), window), "; exactly 0.499537");
        assert_eq!(exact_ratio(Dimensions::new(1170, 2532), window), "");
    }
}
