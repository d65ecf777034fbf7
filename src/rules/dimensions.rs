//! The rules on width and height: as stored and as shown, because the API's reading is not published.

use super::CheckContext;
use super::lengths::whole;
use super::limits::{Limit, Metric};
use crate::finding::Finding;
use crate::finding::code::{Confidence, Severity};
use crate::finding::lint::Lint;
use crate::finding::reason::Reason;
use crate::media::{Kind, Media};
use crate::units::{Dimensions, Ratio, RatioWindow, Thousandths};

/// No side may be longer than the general limit.
pub(super) fn dimensions(subject: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let Some(shapes) = Shapes::of(subject) else { return };
    let Some(limit) = general_side(subject) else { return };
    let too_large = |shape: Dimensions| u64::from(shape.longest()) > limit;
    match shapes.verdict(too_large) {
        Agreement::All => {
            let got = shapes.stored;
            findings.push(Finding::reason(Reason::DimensionsTooLarge { got }, shapes.words()));
        }
        Agreement::Some => findings.push(turned(&shapes, "a side is too long in one reading only")),
        Agreement::None => {
            if shapes.all().any(|shape| u64::from(shape.longest()) == limit) {
                findings.push(Finding::lint(Lint::Exactly8000px, shapes.words()));
            }
        }
    }
}

/// The bound on a side that holds for every model.
fn general_side(subject: &CheckContext<'_>) -> Option<u64> {
    let general = |bound: &&Limit| bound.models.is_empty() && bound.endpoints.is_empty();
    let rows = subject.rules.holding(Metric::Side, subject.scope()).filter(general);
    rows.filter_map(|bound| whole(bound.most())).min()
}

/// Sides and their product must be within what the model takes.
pub(super) fn size(subject: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let Some(shapes) = Shapes::of(subject) else { return };
    let general = general_side(subject).unwrap_or(u64::MAX);
    for bound in subject.rules.holding(Metric::Side, subject.scope()) {
        let least = whole(bound.least()).unwrap_or(0);
        let most = whole(bound.most()).filter(|most| *most < general).unwrap_or(u64::MAX);
        let outside =
            |shape: Dimensions| u64::from(shape.width.min(shape.height)) < least || u64::from(shape.longest()) > most;
        let range = format!("each side must have {} pixels", range(least, most));
        findings.extend(outside_size(subject, &shapes, bound, shapes.verdict(outside), &range));
    }
    for bound in subject.rules.holding(Metric::Pixels, subject.scope()) {
        let most = whole(bound.most()).unwrap_or(u64::MAX);
        let outside = |shape: Dimensions| u64::from(shape.width) * u64::from(shape.height) > most;
        let range = format!("width times height must be at most {most} pixels");
        findings.extend(outside_size(subject, &shapes, bound, shapes.verdict(outside), &range));
    }
}

fn range(least: u64, most: u64) -> String {
    match (least, most) {
        (0, most) => format!("at most {most}"),
        (least, u64::MAX) => format!("at least {least}"),
        (least, most) => format!("from {least} to {most}"),
    }
}

fn outside_size(
    subject: &CheckContext<'_>,
    shapes: &Shapes,
    bound: &Limit,
    agreement: Agreement,
    range: &str,
) -> Option<Finding> {
    match agreement {
        Agreement::None => None,
        Agreement::Some => Some(turned(shapes, range)),
        Agreement::All => {
            let detail = format!("{}; for {} {range}", shapes.words(), names(&[bound]));
            let finding = Finding::lint(Lint::SizeOutside, detail);
            Some(subject.weighed(finding, bound))
        }
    }
}

/// Width divided by height must lie in the window: the one of `--ratio`, those of the model, or any that is published.
pub(super) fn aspect_ratio(subject: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let Some(shapes) = Shapes::of(subject) else { return };
    if let Some(window) = subject.wanted.ratio {
        let detail = format!("{}; asked for with --ratio", shapes.words());
        return findings.extend(outside_window(&shapes, window, &detail));
    }
    let scope = subject.scope();
    if scope.model.is_none() && subject.sole_model().is_none() {
        let rows: Vec<&Limit> =
            subject.rules.bounds(Metric::AspectRatio).filter(|bound| bound.place().touches(scope)).collect();
        return findings.extend(any_model(subject, &shapes, &rows));
    }
    let rows: Vec<&Limit> = subject.rules.holding(Metric::AspectRatio, scope).collect();
    let refusing: Vec<&Limit> = rows.iter().copied().filter(|row| shapes.refused(window(row))).collect();
    match refusing.first() {
        Some(first) if refusing.len() == rows.len() => {
            let detail = format!("{}; this is the window of {}", shapes.words(), names(&[first]));
            let finding = outside_window(&shapes, window(first), &detail);
            findings.extend(finding.map(|finding| subject.weighed(finding, first)));
        }
        Some(_) => findings.push(some_refuse(&shapes, &refusing)),
        None => findings.extend(rows.first().and_then(|row| outside_window(&shapes, window(row), ""))),
    }
}

/// Judges without a model: what no published window takes is refused, what some do not take is a warning.
fn any_model(subject: &CheckContext<'_>, shapes: &Shapes, rows: &[&Limit]) -> Option<Finding> {
    let least = rows.iter().map(|row| window(row).min).min()?;
    let most = rows.iter().map(|row| window(row).max).max()?;
    let union = RatioWindow { min: least, max: most };
    // The windows of videos depend on the model more than those of images do.
    let still = super::kind_of(subject) == Some(Kind::Image);
    let weigh = |finding: Finding| if still { finding } else { finding.with_severity(Severity::Warning) };
    if shapes.refused(union) {
        let detail = format!("{}; no published window takes it", shapes.words());
        let finding = outside_window(shapes, union, &detail)?.with_confidence(Confidence::Inferred);
        return Some(weigh(finding));
    }
    let refusing: Vec<&Limit> = rows.iter().copied().filter(|row| shapes.refused(window(row))).collect();
    if refusing.is_empty() {
        // Neither reading is refused by all, but one of them may be.
        return outside_window(shapes, union, "").map(weigh);
    }
    Some(some_refuse(shapes, &refusing))
}

fn some_refuse(shapes: &Shapes, refusing: &[&Limit]) -> Finding {
    let detail = format!("{}; refused for {}", shapes.words(), names(refusing));
    Finding::lint(Lint::AspectRatioSomeModels, detail)
}

fn window(bound: &Limit) -> RatioWindow {
    // Rows without either bound do not load.
    RatioWindow {
        min: bound.least().unwrap_or(Thousandths::new(0)),
        max: bound.most().unwrap_or(Thousandths::new(u64::MAX)),
    }
}

/// Judges one window: refused in both readings, in one, or in none.
fn outside_window(shapes: &Shapes, window: RatioWindow, detail: &str) -> Option<Finding> {
    let outside = |shape: Dimensions| shape.ratio().is_some_and(|ratio| !window.contains(ratio));
    match shapes.verdict(outside) {
        Agreement::None => None,
        Agreement::Some => {
            let range = format!("width / height must be from {} to {}", window.min, window.max);
            Some(turned(shapes, &range))
        }
        Agreement::All => {
            let got: Ratio = shapes.stored.ratio()?;
            Some(Finding::reason(Reason::AspectRatioOutside { window, got }, detail))
        }
    }
}

/// A picture of another shape than the one asked for is cut from its centre.
pub(super) fn cropping(subject: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let (Some(shapes), Some(wanted)) = (Shapes::of(subject), subject.wanted.cut_to) else { return };
    let Some(ratio) = wanted.ratio() else { return };
    // Whichever reading keeps more: what the API makes of a turned picture is not published.
    let Some((lost, sides)) = shapes.all().filter_map(|shape| lost(shape, wanted)).min() else { return };
    if lost >= LOSS_TOLD {
        let (percent, tenth) = (lost / 10, lost % 10);
        let detail =
            format!("{}; cut to a ratio of {ratio}, {percent}.{tenth} % of it is lost {sides}", shapes.words());
        findings.push(Finding::lint(Lint::Cropped, detail));
    }
}

/// The loss from which on it is told, in thousandths: less is rounding to whole pixels.
const LOSS_TOLD: u64 = 10;

/// Returns how much of a picture is cut off, in thousandths of its area, and where.
fn lost(shape: Dimensions, wanted: Dimensions) -> Option<(u64, &'static str)> {
    let across = u128::from(shape.width) * u128::from(wanted.height);
    let down = u128::from(shape.height) * u128::from(wanted.width);
    let kept = (across.min(down) * 1000).checked_div(across.max(down))?;
    let sides = if across > down { "left and right" } else { "above and below" };
    Some((1000 - u64::try_from(kept).ok()?, sides))
}

fn turned(shapes: &Shapes, range: &str) -> Finding {
    Finding::lint(Lint::ExifRotated, format!("{}; {range}", shapes.words()))
}

/// Names the models of rows, or the endpoints of rows without models.
pub(super) fn names(rows: &[&Limit]) -> String {
    let mut names: Vec<&str> = rows
        .iter()
        .flat_map(|row| if row.models.is_empty() { &row.endpoints } else { &row.models })
        .map(String::as_str)
        .collect();
    names.dedup();
    if names.is_empty() { "every model".to_owned() } else { names.join(", ") }
}

/// A picture's size as stored, and as a viewer shows it where that differs.
struct Shapes {
    stored: Dimensions,
    shown: Option<Dimensions>,
}

/// In how many readings something is refused.
#[derive(Clone, Copy)]
enum Agreement {
    None,
    Some,
    All,
}

impl Shapes {
    fn of(subject: &CheckContext<'_>) -> Option<Self> {
        let media: &Media = subject.seen.content.media()?;
        let stored = media.stored.or(media.displayed)?;
        Some(Self { stored, shown: media.displayed.filter(|shown| *shown != stored) })
    }

    fn all(&self) -> impl Iterator<Item = Dimensions> {
        std::iter::once(self.stored).chain(self.shown)
    }

    fn verdict(&self, refused: impl Fn(Dimensions) -> bool) -> Agreement {
        let count = self.all().filter(|shape| refused(*shape)).count();
        match count {
            0 => Agreement::None,
            count if count == self.all().count() => Agreement::All,
            _ => Agreement::Some,
        }
    }

    /// Says whether a window takes neither reading.
    fn refused(&self, window: RatioWindow) -> bool {
        self.all().all(|shape| shape.ratio().is_some_and(|ratio| !window.contains(ratio)))
    }

    fn words(&self) -> String {
        let ratio = self.stored.ratio().map_or_else(String::new, |ratio| format!(", ratio {ratio}"));
        match self.shown {
            None => format!("{} pixels{ratio}", self.stored),
            Some(shown) => {
                let other = shown.ratio().map_or_else(String::new, |ratio| format!(", ratio {ratio}"));
                format!("stored as {}{ratio}, shown as {shown}{other}", self.stored)
            }
        }
    }
}

/// Rules ask for width and height; a file that does not state them leaves that open.
pub(super) fn stated(subject: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let Some(media) = subject.seen.content.media() else { return };
    let pictured = matches!(media.kind(), Some(Kind::Image | Kind::Video));
    if pictured && media.stored.is_none() && media.displayed.is_none() {
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
}
