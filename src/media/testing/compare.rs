//! Compares the facts of one file that was read in several ways.

use std::time::Duration;

use super::feeder::Outcome;
use crate::media::{Codec, Measured, Media};
use crate::units::Dimensions;

/// Checks that the facts of two reads of one file do not contradict each other where both are exact.
#[track_caller]
pub(crate) fn assert_consistent(one: &Media, other: &Media, how: &str) {
    fn same<T: PartialEq>(one: Option<T>, other: Option<T>) -> bool {
        one.zip(other).is_none_or(|(one, other)| one == other)
    }
    let codec = |media: &Media| media.video.as_ref().map(|video| (video.codec.clone(), video.profile));
    let fps = |media: &Media| media.video.as_ref()?.fps.filter(|fps| fps.exact).map(|fps| fps.value.to_bits());
    let exact = |time: Option<Measured<Duration>>| time.filter(|time| time.exact).map(|time| time.value);
    let checks = [
        one.format == other.format,
        same(one.coded_size, other.coded_size),
        same(one.display_size, other.display_size),
        same(one.orientation, other.orientation),
        same(one.rotation, other.rotation),
        same(one.encoding_note, other.encoding_note),
        same(one.audio.as_ref(), other.audio.as_ref()),
        same(codec(one), codec(other)),
        same(fps(one), fps(other)),
        same(exact(one.duration), exact(other.duration)),
    ];
    assert!(!checks.contains(&false), "{one:?} is not {other:?}, {how}");
}

/// Compares two reads of one file: both have facts, or both the same error. Facts that are not fetched for their own
/// sake may be missing in one of them.
#[track_caller]
pub(crate) fn assert_same(one: &Outcome, other: &Outcome, how: &str) {
    match (one, other) {
        (Ok(one), Ok(other)) => assert_consistent(one, other, how),
        (Err(one), Err(other)) => assert_eq!(one, other, "{how}"),
        (Ok(_), Err(_)) | (Err(_), Ok(_)) => panic!("{one:?} {how}, otherwise {other:?}"),
    }
}

/// Checks that the facts of a file are possible.
#[track_caller]
pub(crate) fn assert_plausible(media: &Media) {
    let is_size = |size: Option<Dimensions>| size.is_none_or(|size| size.ratio().is_some());
    let is_code = |codec: Option<&Codec>| match codec {
        Some(Codec::Other(code)) => code.as_bytes().len() <= 1024,
        Some(Codec::Known(_)) | None => true,
    };
    let fps = media.video.as_ref().and_then(|video| video.fps).map(|fps| fps.value);
    let checks = [
        is_size(media.coded_size),
        is_size(media.display_size),
        media.orientation.is_none_or(|orientation| (1..=8).contains(&orientation)),
        media.rotation.is_none_or(|rotation| rotation < 360),
        [fps, media.nominal_fps].into_iter().flatten().all(|fps| fps.is_finite() && fps > 0.0),
        is_code(media.audio.as_ref()),
        is_code(media.video.as_ref().map(|video| &video.codec)),
    ];
    assert!(!checks.contains(&false), "{media:?} is impossible");
}

/// Returns the facts on one line, to compare with a table.
#[cfg(test)]
pub(crate) fn summary(media: &Media) -> String {
    let codec = |codec: &Codec| match codec {
        Codec::Known(name) => (*name).to_owned(),
        Codec::Other(code) => format!("other:{}", code.escaped()),
    };
    let mark = |exact: bool| if exact { "" } else { "~" };
    let mut facts = vec![media.format.id().to_owned()];
    facts.extend(media.coded_size.map(|size| size.to_string()));
    facts.extend(media.display_size.filter(|size| media.coded_size != Some(*size)).map(|size| format!("seen {size}")));
    facts.extend(media.rotation.filter(|degrees| *degrees > 0).map(|degrees| format!("turned {degrees}")));
    facts.extend(media.encoding_note.map(str::to_owned));
    if let Some(video) = &media.video {
        facts.push(codec(&video.codec));
        facts.extend(video.profile.map(str::to_owned));
        facts.extend(video.fps.map(|fps| format!("{}{:.2} fps", mark(fps.exact), fps.value)));
    }
    facts.extend(media.nominal_fps.map(|fps| format!("nominally {fps:.2} fps")));
    facts.extend(media.audio.as_ref().map(codec));
    facts.extend(media.duration.map(|time| format!("{}{:.3} s", mark(time.exact), time.value.as_secs_f64())));
    let stated = media.stated_durations.iter();
    facts.extend(stated.map(|stated| format!("{} {:.3} s", stated.source, stated.duration.as_secs_f64())));
    facts.extend(media.truncated.map(|_| "truncated".to_owned()));
    facts.join(", ")
}

/// Returns the names of the codecs, video and audio; `-` for none, `?` for an unknown one.
#[cfg(test)]
pub(crate) fn codecs(media: &Media) -> (&'static str, &'static str) {
    let name = |codec: Option<&Codec>| match codec {
        Some(Codec::Known(name)) => *name,
        Some(Codec::Other(_)) => "?",
        None => "-",
    };
    (name(media.video.as_ref().map(|video| &video.codec)), name(media.audio.as_ref()))
}

/// Returns the duration in milliseconds, and whether it is exact.
#[cfg(test)]
pub(crate) fn millis(media: &Media) -> Option<(u128, bool)> {
    media.duration.map(|duration| (duration.value.as_millis(), duration.exact))
}
