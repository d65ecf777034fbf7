//! The limits that an asset must meet, as plain numbers, for code that makes an asset fit. Inferred limits, which only
//! warn, are left out.

use std::time::Duration;

use super::applies_to::Scope;
use super::limits::{Limit, Metric, RuleSet};
use super::{CheckContext, Expectations, lengths};
use crate::asset::{Asset, Target};
use crate::finding::{Confidence, Transport};
use crate::media::{Format, Kind};
use crate::observation::Observation;
use crate::units::{AspectRatioRange, Thousandths};

/// The limits on one kind of asset. If several rows limit a side, the pixels or the frame rate, the strictest counts.
#[derive(Clone, Debug)]
pub struct AcceptedMedia {
    /// The shortest side.
    pub min_side: u64,
    /// The longest side.
    pub max_side: u64,
    /// The largest width times height.
    pub max_pixels: u64,
    /// The aspect ratios; `None`: all.
    pub window: Option<AspectRatioRange>,
    /// The maximum file size in bytes, for the transport that allows the most.
    pub max_bytes: u64,
    /// The maximum frame rate, in frames per second.
    pub max_frame_rate: Option<Thousandths>,
    /// The minimum duration.
    pub min_duration: Option<Duration>,
    /// The maximum duration.
    pub max_duration: Option<Duration>,
    /// The containers with their codecs; a trailing `*` matches any suffix. Discouraged codecs are left out.
    pub containers: Vec<(Format, Vec<String>)>,
}

impl AcceptedMedia {
    /// Returns the limits on assets of a kind under the given expectations, for one field if it is known.
    #[must_use]
    pub fn new(rules: &RuleSet, kind: Kind, expectations: &Expectations, field: Option<&str>) -> Self {
        let mut asset = Asset::new("");
        asset.field = field.map(str::to_owned);
        let expectations = Expectations { kind: Some(kind), ..expectations.clone() };
        let (target, observation) = (Target::Runway, Observation::default());
        let context = CheckContext {
            rules,
            asset: &asset,
            target: &target,
            expectations: &expectations,
            observation: &observation,
            transport: Transport::Upload,
            guessed_type: None,
        };
        let containers = rules.containers().filter(|row| row.kind == Some(kind));
        Self {
            min_side: sides(&context, Limit::min).max().unwrap_or(1),
            max_side: sides(&context, Limit::max).min().unwrap_or(u64::MAX),
            max_pixels: whole(&context, Metric::Pixels, Limit::max).min().unwrap_or(u64::MAX),
            window: expectations.ratio.or_else(|| window(&context)),
            max_bytes: max_bytes(&context),
            max_frame_rate: refusing(&context, Metric::FrameRate).filter_map(Limit::max).min(),
            min_duration: min_duration(&context),
            max_duration: max_duration(&context),
            containers: containers.map(|row| (row.format, row.codecs.clone())).collect(),
        }
    }
}

/// Returns the rows that reject an asset: a limit that is only inferred is a warning.
fn refusing<'a>(context: &CheckContext<'a>, metric: Metric) -> impl Iterator<Item = &'a Limit> {
    let rules = context.rules;
    let rows = rules.applicable(metric, context.scope());
    rows.filter(move |row| rules.confidence(row) != Confidence::Inferred)
}

fn whole<'a>(
    context: &CheckContext<'a>,
    metric: Metric,
    bound: fn(&Limit) -> Option<Thousandths>,
) -> impl Iterator<Item = u64> {
    refusing(context, metric).filter_map(move |row| lengths::whole(bound(row)))
}

fn sides<'a>(context: &CheckContext<'a>, bound: fn(&Limit) -> Option<Thousandths>) -> impl Iterator<Item = u64> {
    whole(context, Metric::Side, bound)
}

/// Returns the first window of the model; without a model, the union of all published windows of images.
fn window(context: &CheckContext<'_>) -> Option<AspectRatioRange> {
    let scope = context.scope();
    let own = refusing(context, Metric::AspectRatio).next();
    if scope.model.is_some() || own.is_some() {
        return own.map(of_row);
    }
    if scope.kind != Some(Kind::Image) {
        return None;
    }
    let rows = || context.rules.limits(Metric::AspectRatio);
    if !rows().any(|row| row.applies_to().overlaps(scope)) {
        return None;
    }
    let published = Scope { endpoint: None, field: None, ..scope };
    let rows = || rows().filter(|row| row.applies_to().overlaps(published)).map(of_row);
    Some(AspectRatioRange { min: rows().map(|row| row.min).min()?, max: rows().map(|row| row.max).max()? })
}

fn of_row(row: &Limit) -> AspectRatioRange {
    AspectRatioRange {
        min: row.min().unwrap_or(Thousandths::new(0)),
        max: row.max().unwrap_or(Thousandths::new(u64::MAX)),
    }
}

/// The longest head of a data URI that is built from a file, in characters.
const HEAD: u64 = 64;

/// Returns the maximum file size for the expected transport, or else for the transport that allows the most.
fn max_bytes(context: &CheckContext<'_>) -> u64 {
    let transports = Transport::ALL
        .into_iter()
        .filter(|transport| context.expectations.transport.is_none_or(|wanted| wanted == *transport));
    let limits = transports.map(|transport| {
        let context = CheckContext { transport, ..*context };
        let of_file = context.file_limit(transport).map_or(u64::MAX, crate::units::Bytes::get);
        let of_text = (transport == Transport::DataUri)
            .then(|| lengths::longest(&context, transport).and_then(|row| lengths::whole(row.max())))
            .flatten()
            .map_or(u64::MAX, |most| most.saturating_sub(HEAD) / 4 * 3);
        of_file.min(of_text)
    });
    limits.max().unwrap_or(u64::MAX)
}

/// Returns the rows that limit the duration. Without any, the limits on the total duration apply to each asset.
fn durations<'a>(context: &CheckContext<'a>) -> Vec<&'a Limit> {
    let alone: Vec<&Limit> = refusing(context, Metric::Duration).collect();
    if alone.is_empty() { context.rules.applicable(Metric::DurationSum, context.scope()).collect() } else { alone }
}

/// Returns the minimum duration: the lowest of the rows, because an asset has to pass only one of them.
fn min_duration(context: &CheckContext<'_>) -> Option<Duration> {
    let bound = |row: &&Limit| Some(row.min()?.thousandths() + u64::from(!row.inclusive()));
    let times: Option<Vec<u64>> = durations(context).iter().map(bound).collect();
    times?.into_iter().min().map(Duration::from_millis)
}

/// Returns the maximum duration, by the same rule.
fn max_duration(context: &CheckContext<'_>) -> Option<Duration> {
    let bound = |row: &&Limit| Some(row.max()?.thousandths().saturating_sub(u64::from(!row.inclusive())));
    let times: Option<Vec<u64>> = durations(context).iter().map(bound).collect();
    times?.into_iter().max().map(Duration::from_millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(kind: Kind, model: Option<&str>, transport: Option<Transport>) -> AcceptedMedia {
        let expectations = Expectations { model: model.map(str::to_owned), transport, ..Expectations::default() };
        AcceptedMedia::new(RuleSet::embedded(), kind, &expectations, None)
    }

    #[test]
    fn the_bounds_are_those_of_the_rows() {
        let general = accepted(Kind::Image, None, None);
        assert_eq!((general.min_side, general.max_side, general.max_bytes), (1, 8000, 209_715_200));
        assert_eq!(general.window, AspectRatioRange::parse("0.2:4"));
        let happy = accepted(Kind::Image, Some("happyhorse_1_0"), Some(Transport::Url));
        assert_eq!((happy.min_side, happy.window), (300, AspectRatioRange::parse("0.55:1.8")));
        assert_eq!(happy.max_bytes, 16_777_216);
        let upscaler = accepted(Kind::Image, Some("magnific_precision_upscaler_v2"), None);
        assert_eq!((upscaler.max_pixels, upscaler.min_side), (6_325_000, 300));
    }

    #[test]
    fn a_data_uri_leaves_three_quarters_of_its_characters() {
        let bytes = accepted(Kind::Image, None, Some(Transport::DataUri)).max_bytes;
        assert!((3_932_000..3_932_160).contains(&bytes), "{bytes}");
    }

    #[test]
    fn videos_and_audio_have_durations_and_frame_rates() {
        let aleph = accepted(Kind::Video, Some("aleph2"), None);
        let seconds = |time: u64| Some(Duration::from_secs(time));
        assert_eq!((aleph.min_duration, aleph.max_duration), (seconds(2), seconds(30)));
        assert_eq!(aleph.max_frame_rate, Thousandths::parse("30"));
        let isolation = accepted(Kind::Audio, Some("eleven_voice_isolation"), None);
        assert_eq!(isolation.min_duration, Some(Duration::from_millis(4601)));
        let together = accepted(Kind::Audio, Some("hailuo3"), None);
        assert_eq!((together.min_duration, together.max_duration), (None, seconds(15)));
        let general = accepted(Kind::Video, None, None);
        assert_eq!((general.window, general.max_duration), (None, None));
    }
}
