//! The JSON object for the media of an asset.

use std::borrow::Cow;

use serde::Serialize;

use super::views::text;
use crate::media::{Codec, Format, Media};
use crate::units::Dimensions;

/// The media of one asset.
#[derive(Debug, Default, Serialize)]
pub(super) struct MediaView<'a> {
    format: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    container: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ratio: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    displayed_width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    displayed_height: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    orientation: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rotation: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    animated: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    coding: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    video_codec: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    video_profile: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fps: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nominal_fps: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    audio_codec: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_s: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_exact: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    truncated: Option<bool>,
}

impl<'a> MediaView<'a> {
    /// Creates the view of media whose format alone is known.
    pub(super) fn of_format(format: Format) -> Self {
        Self { format: format.id(), ..Self::default() }
    }

    pub(super) fn new(media: &'a Media) -> Self {
        let Media { format, coded_size, display_size, orientation, rotation, animated, encoding_note, .. } = media;
        let Media { video, audio, duration, nominal_fps, truncated, .. } = media;
        let thousandths = |value: f64| (value * 1000.0).round() / 1000.0;
        Self {
            format: format.id(),
            container: (video.is_some() || audio.is_some()).then(|| format.id()),
            width: coded_size.map(|size| size.width),
            height: coded_size.map(|size| size.height),
            ratio: coded_size.and_then(Dimensions::ratio).and_then(|ratio| ratio.to_string().parse().ok()),
            displayed_width: display_size.map(|size| size.width),
            displayed_height: display_size.map(|size| size.height),
            orientation: orientation.map(Into::into),
            rotation: rotation.map(Into::into),
            animated: animated.then_some(true),
            coding: *encoding_note,
            video_codec: video.as_ref().map(|video| codec(&video.codec)),
            video_profile: video.as_ref().and_then(|video| video.profile),
            fps: video.as_ref().and_then(|video| video.fps).map(|fps| thousandths(fps.value)),
            nominal_fps: nominal_fps.map(thousandths),
            audio_codec: audio.as_ref().map(codec),
            duration_s: duration.map(|duration| thousandths(duration.value.as_secs_f64())),
            duration_exact: duration.map(|duration| duration.exact),
            truncated: truncated.map(|_| true),
        }
    }
}

fn codec(codec: &Codec) -> Cow<'_, str> {
    match codec {
        Codec::Known(name) => Cow::Borrowed(*name),
        Codec::Other(id) => text(id),
    }
}
