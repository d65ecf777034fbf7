//! Determines the output files of a request: the kind from the endpoint, size and duration from the body.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::{AudioFormat, GeneratedOutput, ImageFormat, OutputMedia, VideoContainer, seed};

/// The kind of an output file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OutputKind {
    Image,
    Video,
    Audio,
}

/// An output format of the API that this server cannot generate.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("serve cannot write files of the format `{0}`")]
pub(crate) struct UnsupportedOutput(String);

/// The members of a body that determine the output; all others are ignored.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RequestedOutput {
    /// The model of the task.
    pub(crate) model: Value,
    ratio: Value,
    resolution: Value,
    duration: Value,
    output_count: Value,
    output_format: Value,
    format: Value,
    sample_rate: Value,
    target_framerate: Value,
    prompt_text: Value,
    speech: Value,
}

/// The longest duration that is generated, whatever the body requests.
const MAX_DURATION: Duration = Duration::from_secs(300);

/// The largest side, in pixels; the largest that a schema lists is 11,264.
const MAX_SIDE: u32 = 16_384;

/// The maximum number of files per task.
const MAX_COUNT: u64 = 16;

impl RequestedOutput {
    /// Reads an accepted body.
    pub(crate) fn read(body: &[u8]) -> Self {
        let read = serde_json::from_slice(body);
        // The derived type rejects duplicate keys; in a `Value`, the last one wins, as in the check.
        let read = read.or_else(|_| serde_json::from_slice::<Value>(body).and_then(serde_json::from_value));
        read.unwrap_or_default()
    }

    /// Returns the output files for the body.
    pub(crate) fn files(&self, kind: OutputKind, body: &[u8]) -> Result<Vec<GeneratedOutput>, UnsupportedOutput> {
        let media = self.media(kind)?;
        let count = number(&self.output_count).map_or(1, u64::from).clamp(1, MAX_COUNT);
        Ok((0..count).map(|index| GeneratedOutput { media, seed: seed(&[body, &index.to_le_bytes()]) }).collect())
    }

    fn media(&self, kind: OutputKind) -> Result<OutputMedia, UnsupportedOutput> {
        let requested = self.output_format.as_str().or(self.format.as_str());
        let unsupported = |name: &str| UnsupportedOutput(name.to_owned());
        match kind {
            OutputKind::Image => {
                let format = match requested {
                    None | Some("png") => ImageFormat::Png,
                    Some("jpeg") => ImageFormat::Jpeg,
                    Some("webp") => ImageFormat::WebP,
                    Some(other) => return Err(unsupported(other)),
                };
                let (width, height) = self.size((1, 1), 1024);
                Ok(OutputMedia::Image { format, width, height })
            }
            OutputKind::Video => {
                let container = match requested {
                    None | Some("mp4") => VideoContainer::Mp4,
                    Some("mov") => VideoContainer::QuickTime,
                    Some(other) => return Err(unsupported(other)),
                };
                let (width, height) = self.size((16, 9), 720);
                // H.264 crops in steps of two pixels.
                let [width, height] = [width, height].map(|side| side.next_multiple_of(2));
                let duration = self.seconds().unwrap_or(DEFAULT);
                Ok(OutputMedia::Video { container, width, height, fps: self.fps(), duration })
            }
            OutputKind::Audio => {
                let format = match requested {
                    None | Some("mp3") => AudioFormat::Mp3,
                    Some("wav") => AudioFormat::Wav,
                    Some("ogg_opus") => AudioFormat::OggOpus,
                    Some(other) => return Err(unsupported(other)),
                };
                let rate = number(&self.sample_rate).unwrap_or(24_000).clamp(8000, 48_000);
                Ok(OutputMedia::Audio { format, duration: self.audio_duration(), rate })
            }
        }
    }

    /// Returns width and height: from `ratio` if it is in pixels, else from its proportions and `resolution`.
    fn size(&self, shape: (u32, u32), short_side: u32) -> (u32, u32) {
        let ratio = self.ratio.as_str().and_then(pair);
        if let Some((width, height)) = ratio.filter(|(width, height)| width.min(height) >= &64) {
            return (width.min(MAX_SIDE), height.min(MAX_SIDE));
        }
        let (width, height) = ratio.filter(|(width, height)| width.min(height) > &0).unwrap_or(shape);
        let labels = [self.resolution.as_str(), self.ratio.as_str()];
        let short_side = labels.into_iter().flatten().find_map(labelled_side).unwrap_or(short_side);
        let scaled = |side: u32| {
            let long = u64::from(short_side) * u64::from(side) / u64::from(width.min(height));
            u32::try_from(long).unwrap_or(MAX_SIDE).min(MAX_SIDE)
        };
        (scaled(width), scaled(height))
    }

    fn fps(&self) -> u32 {
        number(&self.target_framerate).filter(|fps| (1..=120).contains(fps)).unwrap_or(24)
    }

    fn seconds(&self) -> Option<Duration> {
        let seconds = self.duration.as_f64().filter(|seconds| *seconds > 0.0)?;
        Duration::try_from_secs_f64(seconds).ok().map(|duration| duration.min(MAX_DURATION))
    }

    /// Returns the duration of audio: the requested one, or the time to read the text, about 15 characters per second.
    fn audio_duration(&self) -> Duration {
        let text = self.speech.get("text").unwrap_or(&self.prompt_text).as_str();
        let spoken = text.map(|text| Duration::from_secs(text.chars().count().div_ceil(15) as u64));
        self.seconds().or(spoken).unwrap_or(DEFAULT).clamp(Duration::from_secs(1), MAX_DURATION)
    }
}

/// The default duration of a file.
const DEFAULT: Duration = Duration::from_secs(5);

/// Reads `1280:720`.
fn pair(text: &str) -> Option<(u32, u32)> {
    let (width, height) = text.split_once(':')?;
    Some((width.parse().ok()?, height.parse().ok()?))
}

/// Parses a whole number, which may be written `1.0`, or a string with a number.
fn number(value: &Value) -> Option<u32> {
    let whole = value.as_u64().and_then(|value| u32::try_from(value).ok());
    whole.or_else(|| value.as_f64()?.to_string().parse().ok()).or_else(|| value.as_str()?.parse().ok())
}

/// Returns the short side, in pixels, for a label such as `1080p` or `auto_2k`.
fn labelled_side(label: &str) -> Option<u32> {
    const SIDES: [(&str, u32); 8] = [
        ("480p", 480),
        ("540p", 540),
        ("720p", 720),
        ("768p", 768),
        ("1080p", 1080),
        ("1k", 1024),
        ("2k", 1440),
        ("4k", 2160),
    ];
    let label = label.to_ascii_lowercase();
    SIDES.iter().find(|(name, _)| label.ends_with(name)).map(|(_, side)| *side)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn media(kind: OutputKind, body: &Value) -> Result<OutputMedia, UnsupportedOutput> {
        let body = body.to_string();
        RequestedOutput::read(body.as_bytes()).files(kind, body.as_bytes()).map(|files| files[0].media)
    }

    #[test]
    fn a_video_has_the_requested_size_and_length() {
        let case = |body: Value, width: u32, height: u32, fps: u32, seconds: f64| {
            let (container, duration) = (VideoContainer::Mp4, Duration::from_secs_f64(seconds));
            let expected = Ok(OutputMedia::Video { container, width, height, fps, duration });
            assert_eq!(media(OutputKind::Video, &body), expected, "{body}");
        };
        case(json!({"ratio": "1280:720", "duration": 10}), 1280, 720, 24, 10.0);
        case(json!({"ratio": "1108:832", "duration": 2.5}), 1108, 832, 24, 2.5);
        case(json!({"ratio": "16:9", "resolution": "1080p"}), 1920, 1080, 24, 5.0);
        case(json!({"ratio": "9:16", "resolution": "480p"}), 480, 854, 24, 5.0);
        case(json!({"ratio": "adaptive"}), 1280, 720, 24, 5.0);
        case(json!({"resolution": "4k"}), 3840, 2160, 24, 5.0);
        case(json!({"targetFramerate": "60"}), 1280, 720, 60, 5.0);
        case(json!({"targetFramerate": 60.0}), 1280, 720, 60, 5.0);
        case(json!({}), 1280, 720, 24, 5.0);
        // Out of range, or invalid: the schema rejects these values, and the output is bounded anyway.
        case(json!({"ratio": "999999:64", "duration": 1e9}), 16_384, 64, 24, 300.0);
        case(json!({"ratio": "1:4294967295"}), 720, 16_384, 24, 5.0);
        case(json!({"ratio": "0:0", "duration": -1}), 1280, 720, 24, 5.0);
        case(json!({"ratio": 7, "duration": "auto"}), 1280, 720, 24, 5.0);
    }

    #[test]
    fn images_and_audio_follow_their_own_members() {
        let image = |body: Value, format, width, height| {
            let expected = OutputMedia::Image { format, width, height };
            assert_eq!(media(OutputKind::Image, &body), Ok(expected), "{body}");
        };
        image(json!({"ratio": "1920:1080"}), ImageFormat::Png, 1920, 1080);
        image(json!({"ratio": "auto_2k", "outputFormat": "jpeg"}), ImageFormat::Jpeg, 1440, 1440);
        image(json!({"ratio": "11264:1408"}), ImageFormat::Png, 11_264, 1408);
        image(json!({"outputFormat": "webp"}), ImageFormat::WebP, 1024, 1024);
        let audio = |body: Value, format, seconds, rate| {
            let expected = OutputMedia::Audio { format, duration: Duration::from_secs(seconds), rate };
            assert_eq!(media(OutputKind::Audio, &body), Ok(expected), "{body}");
        };
        audio(json!({"promptText": "x".repeat(31)}), AudioFormat::Mp3, 3, 24_000);
        audio(json!({"duration": 2, "outputFormat": "wav", "sampleRate": 16000}), AudioFormat::Wav, 2, 16_000);
        audio(json!({"format": "wav"}), AudioFormat::Wav, 5, 24_000);
        audio(json!({"outputFormat": "ogg_opus"}), AudioFormat::OggOpus, 5, 24_000);
    }

    #[test]
    fn unsupported_formats_are_reported() {
        let case = |kind, format: &str| {
            let body = json!({"outputFormat": format});
            assert_eq!(media(kind, &body), Err(UnsupportedOutput(format.to_owned())));
        };
        case(OutputKind::Video, "prores");
        case(OutputKind::Audio, "flac");
        case(OutputKind::Image, "gif");
    }

    #[test]
    fn several_files_differ_and_the_same_request_gives_the_same() {
        let made = |text: &str| {
            let request = RequestedOutput::read(text.as_bytes());
            request.files(OutputKind::Image, text.as_bytes()).expect("images can be made")
        };
        let four = made(r#"{"outputCount": 4}"#);
        assert_eq!(four.len(), 4);
        assert!(four.windows(2).all(|pair| pair[0].seed != pair[1].seed));
        assert_eq!(four, made(r#"{"outputCount": 4}"#));
        assert_eq!(made(r#"{"outputCount": 3.0}"#).len(), 3);
        assert_eq!(made(r#"{"outputCount": 1000000}"#).len(), 16);
        assert_eq!(made("no JSON").len(), 1);
    }

    #[test]
    fn of_duplicate_keys_the_last_one_counts() {
        let video = r#"{"ratio": "1280:720", "duration": 10, "speech": {}, "r\u0061tio": "720:1280", "speech": {"a": 1, "a": 2}}"#;
        let requested = RequestedOutput::read(video.as_bytes());
        assert_eq!((requested.ratio, requested.duration), (json!("720:1280"), json!(10)));
        assert_eq!(requested.speech, json!({"a": 2}));
    }
}
