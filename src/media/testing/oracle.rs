//! Compares the facts with those of other readers: `image`, `lofty`, and ffprobe, which runs only on request:
//! `RUNWAY_PREFLIGHT_FFPROBE=1 cargo test --lib ffprobe -- --nocapture`. `RUNWAY_PREFLIGHT_MEDIA` adds folders of files,
//! separated by colons.

use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use image::{ImageDecoder as _, ImageFormat, ImageReader};
use lofty::file::AudioFile as _;
use serde_json::Value;

use super::compare::codecs;
use super::feeder::read_whole;
use super::fixtures::{files_in, fixtures};
use super::invariants::streamed;
use crate::media::registry::FORMATS;
use crate::media::{Format, Media};

/// Fixtures on which the `image` crate and this reader differ: which of the two reads them, and why.
const IMAGE_DIFFERS: &[(&str, bool, &str)] = &[
    ("arithmetic.jpg", true, "it does not know arithmetic coding, libjpeg does"),
    ("lossless.jpg", true, "it does not know lossless JPEG"),
    ("twelve-bit.jpg", true, "it does not know 12 bits per sample"),
    ("icc-300k.jpg", true, "it needs the scan, which was cut away"),
    ("half.jpg", true, "it needs the whole file, of which the header is enough"),
    ("canvas-mismatch.webp", false, "it notices only when it decodes; dwebp refuses: BITSTREAM_ERROR"),
];

#[test]
fn the_image_crate_agrees() {
    let mut compared = 0;
    for (name, bytes) in fixtures("images", &[]) {
        let format = (FORMATS.sniff)(&bytes);
        let Some(read_as) = ImageFormat::from_extension(format.id()) else { continue };
        if !matches!(format, Format::Jpeg | Format::Png | Format::Webp) {
            continue;
        }
        let theirs = ImageReader::with_format(Cursor::new(&bytes), read_as).into_decoder().ok().map(|mut decoder| {
            let turn = decoder.orientation().map_or(1, image::metadata::Orientation::to_exif);
            (decoder.dimensions(), turn)
        });
        let ours = read_whole((FORMATS.reader)(format).expect("a reader"), &bytes).ok().and_then(|media| {
            let size = media.coded_size?;
            Some(((size.width, size.height), media.orientation.unwrap_or(1)))
        });
        match IMAGE_DIFFERS.iter().find(|(other, ..)| *other == name) {
            Some((_, is_ours, why)) => {
                assert_eq!((ours.is_some(), theirs.is_some()), (*is_ours, !is_ours), "{name} is excused: {why}");
            }
            None => assert_eq!(ours, theirs, "{name}"),
        }
        compared += 1;
    }
    assert!(compared > 30, "only {compared} compared");
}

/// Fixtures that `lofty` cannot read or reads differently, and why.
const LOFTY_DIFFERS: &[(&str, &str)] = &[
    ("adpcm-ima.wav", "refuses ADPCM"),
    ("adpcm-ms.wav", "refuses ADPCM"),
    ("alaw.wav", "refuses A-law"),
    ("mulaw.wav", "refuses mu-law"),
    ("piped.wav", "refuses the placeholder"),
    ("piped.flac", "says zero"),
    ("rf64.wav", "does not know it"),
    ("flac.ogg", "does not know it"),
    ("bare-vbr.mp3", "guesses by the first bit rate"),
    ("adts.aac", "guesses by the first bit rate"),
    ("bare-cbr.mp3", "rounds the bit rate"),
    ("layer2.mp3", "rounds the bit rate"),
];

#[test]
fn lofty_agrees() {
    let mut compared = 0;
    for (name, bytes) in fixtures("audio", &[]) {
        if LOFTY_DIFFERS.iter().any(|(other, _)| *other == name) {
            continue;
        }
        let read = (FORMATS.reader)((FORMATS.sniff)(&bytes)).expect("a reader");
        let ours = read_whole(read, &bytes).expect("facts").duration.expect("a duration").value;
        let theirs = lofty::probe::Probe::new(Cursor::new(&bytes))
            .guess_file_type()
            .map_err(Into::into)
            .and_then(lofty::probe::Probe::read);
        let theirs = theirs.unwrap_or_else(|error| panic!("{name}: {error}")).properties().duration();
        assert!(ours.abs_diff(theirs) < Duration::from_millis(50), "{name}: {ours:?}, lofty says {theirs:?}");
        compared += 1;
    }
    assert!(compared >= 10, "only {compared} were compared");
}

#[test]
fn ffprobe_agrees() {
    if std::env::var_os("RUNWAY_PREFLIGHT_FFPROBE").is_none() {
        return;
    }
    let made = tempfile::tempdir().expect("a folder");
    make("make-video.sh", &["--large"], &made.path().join("video"));
    make("make-audio.sh", &[], made.path());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut folders: Vec<PathBuf> = [root.as_path(), made.path()]
        .iter()
        .flat_map(|root| ["audio", "video", "video-other"].map(|kind| root.join(kind)))
        .collect();
    let more = std::env::var("RUNWAY_PREFLIGHT_MEDIA").unwrap_or_default();
    folders.extend(more.split(':').filter(|folder| !folder.is_empty()).map(PathBuf::from));
    let mut differences = Vec::new();
    for folder in folders {
        for (name, bytes) in files_in(&folder)
            .into_iter()
            .filter(|(name, _)| Path::new(name).extension().is_none_or(|ending| ending != "md"))
        {
            let content = streamed(&bytes, 1 << 16, Some(bytes.len() as u64));
            let Some(media) = content.media() else {
                differences.push(format!("{name}: {content:?}"));
                continue;
            };
            let probe = Ffprobe::run(&folder.join(&name));
            differences
                .extend(probe.differences(media, &name).into_iter().map(|difference| format!("{name}: {difference}")));
        }
    }
    assert!(differences.is_empty(), "{differences:#?}");
}

fn make(script: &str, arguments: &[&str], folder: &Path) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(script);
    let status = Command::new("sh")
        .arg(script)
        .args(arguments)
        .arg(folder)
        .args(if arguments.is_empty() { &["7.5", "322x242"][..] } else { &[] })
        .status();
    assert!(status.expect("a shell").success(), "the media could not be made");
}

/// ffprobe's facts about a file.
struct Ffprobe(Value);

impl Ffprobe {
    fn run(path: &Path) -> Self {
        let output = Command::new("ffprobe")
            .args(["-v", "error", "-show_streams", "-show_format", "-of", "json"])
            .arg(path)
            .output()
            .expect("ffprobe");
        Self(serde_json::from_slice(&output.stdout).expect("JSON"))
    }

    fn stream(&self, kind: &str) -> Value {
        let streams = self.0["streams"].as_array().into_iter().flatten();
        let mut streams =
            streams.filter(|stream| stream["codec_type"] == kind && stream["disposition"]["attached_pic"] == 0);
        streams.next().cloned().unwrap_or_default()
    }

    /// Lists the facts that differ. A fact that the reader leaves out is not a difference: it never guesses.
    fn differences(&self, media: &Media, name: &str) -> Vec<String> {
        let mut differences = Vec::new();
        // Only the format of these is detected.
        if name == "transport.ts" {
            return differences;
        }
        let (video, audio) = (self.stream("video"), self.stream("audio"));
        let name_of = |value: &Value| value.as_str().unwrap_or("-").to_owned();
        let mut same = |what: &str, ours: String, theirs: String| {
            if ours != theirs {
                differences.push(format!("{what} is {ours}, ffprobe says {theirs}"));
            }
        };
        let (our_video, our_audio) = codecs(media);
        same("video codec", our_video.to_owned(), name_of(&video["codec_name"]));
        same("audio codec", our_audio.to_owned(), name_of(&audio["codec_name"]));
        let length = |name: &str| video[name].as_u64().filter(|length| *length > 0);
        let size = length("width").zip(length("height")).map(|(width, height)| format!("{width}x{height}"));
        same(
            "size",
            media.coded_size.map_or("-".to_owned(), |size| size.to_string()),
            size.unwrap_or_else(|| "-".to_owned()),
        );
        // ffprobe counts counterclockwise, and does not know a roll in Matroska.
        if !name.starts_with("rotated-roll") && !name.contains("cropped") {
            let mut turns = video["side_data_list"].as_array().into_iter().flatten();
            let turn = turns.find_map(|data| data["rotation"].as_i64()).unwrap_or(0);
            same("rotation", media.rotation.unwrap_or(0).to_string(), (-turn).rem_euclid(360).to_string());
        }
        let fraction = |value: &Value, mark| {
            let (over, under) = value.as_str()?.split_once(mark)?;
            let fraction = over.parse::<f64>().ok()? / under.parse::<f64>().ok()?;
            (fraction.is_finite() && fraction > 0.0).then_some(fraction)
        };
        let far = |ours: Option<f64>, theirs: Option<f64>, most: f64| {
            ours.zip(theirs).is_some_and(|(ours, theirs)| (ours - theirs).abs() > most)
        };
        let fps = media.video.as_ref().and_then(|video| video.fps);
        let rate = if fps.is_some_and(|fps| fps.exact) { "avg_frame_rate" } else { "r_frame_rate" };
        let (ours, theirs) = (fps.map(|fps| fps.value), fraction(&video[rate], '/'));
        if far(ours, theirs, 0.03) && far(ours, fraction(&video["r_frame_rate"], '/'), 0.03) {
            differences.push(format!("frame rate is {ours:?}, ffprobe says {theirs:?}"));
        }
        let ours = media.duration.map(|duration| duration.value.as_secs_f64());
        let theirs = self.0["format"]["duration"].as_str().and_then(|seconds| seconds.parse().ok());
        // ffprobe guesses if nothing is stated, and leaves out the last audio frame of a program stream.
        let guesses = ["piped.avi", "piped.flac", "elementary.m2v", "bare-vbr.mp3", "adts.aac"].contains(&name);
        let frame = fps.map_or(0.072, |fps| fps.value.recip().max(0.072));
        if !guesses && far(ours, theirs, frame) {
            differences.push(format!("duration is {ours:?}, ffprobe says {theirs:?}"));
        }
        differences
    }
}
