//! The slow lane: media of many shapes are made and read, and every fact is compared with what ffprobe says.
//!
//! `RUNWAY_PREFLIGHT_FFPROBE=1 cargo test --lib ffprobe -- --nocapture` prints the table.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use super::{Feeding, isobmff, matroska};
use crate::media::{Codec, Media};
use crate::units::Dimensions;

#[test]
fn the_facts_are_those_of_ffprobe() {
    if std::env::var_os("RUNWAY_PREFLIGHT_FFPROBE").is_none() {
        return;
    }
    let made = tempfile::tempdir().expect("a directory for the media");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/make-video.sh");
    let status = Command::new("sh").args([script, "--large"]).arg(made.path()).status().expect("a shell");
    assert!(status.success(), "the media could not be made");
    let small = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/video");
    let mut table = String::new();
    let mut differing = Vec::new();
    for directory in [made.path(), &small] {
        for path in super::files(directory) {
            let (row, differences) = compare(&path);
            let _ = writeln!(table, "{row}{}", differences.join("; "));
            differing.extend(differences.into_iter().map(|difference| format!("{}: {difference}", path.display())));
        }
    }
    #[allow(clippy::print_stdout, reason = "the table is what this lane is run for")]
    {
        println!("{table}");
    }
    assert!(differing.is_empty(), "{differing:#?}");
}

/// Compares one file; returns its row of the table, and what differs.
fn compare(path: &Path) -> (String, Vec<String>) {
    let file = std::fs::read(path).expect("a readable file");
    let read = if file.starts_with(b"\x1a\x45\xdf\xa3") { matroska::read } else { isobmff::read };
    let (media, asked) = Feeding::USUAL.feed(&file, read);
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let media = match media {
        Ok(media) => media,
        Err(flaw) => return (format!("{name:26} "), vec![format!("broken: {flaw:?}")]),
    };
    let truth = Truth::ask(path);
    let seconds = media.duration.map(|duration| duration.value.as_secs_f64());
    let video = media.video.as_ref();
    let row = format!(
        "{name:26} {:5} {:>9} {:>9} {:>4} {:12} {:8} {:>8} {:12} {:>8} {} ",
        media.format.id(),
        media.stored.map_or("-".into(), |size| size.to_string()),
        media.displayed.map_or("-".into(), |size| size.to_string()),
        media.rotation.map_or("-".into(), |degrees| degrees.to_string()),
        video.map_or("-", |video| codec(&video.codec)),
        video.and_then(|video| video.profile).unwrap_or("-"),
        video.and_then(|video| video.fps).map_or("-".into(), |fps| format!("{:.3}", fps.value)),
        media.audio.as_ref().map_or("-", codec),
        seconds.map_or("-".into(), |seconds| format!("{seconds:.3}")),
        asked.len(),
    );
    (row, truth.differences(&media, &name))
}

fn codec(codec: &Codec) -> &str {
    match codec {
        Codec::Known(name) => name,
        Codec::Other(code) => code.as_str().unwrap_or("?"),
    }
}

/// What ffprobe says.
#[derive(Debug, Default)]
struct Truth {
    stored: Option<Dimensions>,
    displayed: Option<Dimensions>,
    rotation: Option<u16>,
    video: Option<String>,
    profile: Option<String>,
    fps: Option<f64>,
    /// The rate of most frames, where the average counts odd ones.
    base: Option<f64>,
    audio: Option<String>,
    duration: Option<Duration>,
}

impl Truth {
    fn ask(path: &Path) -> Self {
        let output = Command::new("ffprobe")
            .args(["-v", "error", "-show_streams", "-show_format", "-of", "json"])
            .arg(path)
            .output()
            .expect("ffprobe");
        let answer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let streams = answer["streams"].as_array().cloned().unwrap_or_default();
        let first = |kind: &str| {
            let is = |stream: &&Value| stream["codec_type"] == kind && stream["disposition"]["attached_pic"] == 0;
            streams.iter().find(is)
        };
        let mut truth = Self {
            audio: first("audio").map(|stream| text(&stream["codec_name"])),
            duration: answer["format"]["duration"]
                .as_str()
                .and_then(|seconds| seconds.parse().ok())
                .map(Duration::from_secs_f64),
            ..Self::default()
        };
        if let Some(stream) = first("video") {
            truth.picture(stream);
        }
        truth
    }

    fn picture(&mut self, stream: &Value) {
        let side = |name: &str| u32::try_from(stream[name].as_u64().unwrap_or(0)).unwrap_or(0);
        let stored = Dimensions::new(side("width"), side("height"));
        let fraction = |value: &Value, by: char| {
            let (over, under) = value.as_str()?.split_once(by)?;
            let fraction = over.parse::<f64>().ok()? / under.parse::<f64>().ok()?;
            (fraction.is_finite() && fraction > 0.0).then_some(fraction)
        };
        let shape = fraction(&stream["sample_aspect_ratio"], ':').unwrap_or(1.0);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small positive numbers")]
        let seen = Dimensions::new((f64::from(stored.width) * shape).round() as u32, stored.height);
        // ffprobe counts against the clock here.
        let against =
            stream["side_data_list"].as_array().into_iter().flatten().find_map(|data| data["rotation"].as_i64());
        self.rotation = against.and_then(|degrees| u16::try_from((-degrees).rem_euclid(360)).ok());
        self.stored = Some(stored);
        self.displayed = Some(if matches!(self.rotation, Some(90 | 270)) { seen.swapped() } else { seen });
        self.video = Some(text(&stream["codec_name"]));
        self.profile = Some(text(&stream["profile"]));
        self.fps = fraction(&stream["avg_frame_rate"], '/');
        self.base = fraction(&stream["r_frame_rate"], '/');
    }

    /// Lists in what the facts differ. A fact that the reader leaves open is no difference where the file leaves it
    /// open too, and ffprobe found it by reading all of it.
    fn differences(&self, media: &Media, name: &str) -> Vec<String> {
        let mut differences = Vec::new();
        let mut same = |what: &str, ours: String, theirs: String| {
            if ours != theirs {
                differences.push(format!("{what} is {ours}, ffprobe says {theirs}"));
            }
        };
        let in_pieces = name.starts_with("fragmented") || name == "live.webm";
        let tilted = name.starts_with("rotated-roll") || name.contains("cropped");
        let video = media.video.as_ref();
        same("stored", format!("{:?}", media.stored), format!("{:?}", self.stored));
        if !tilted {
            same("displayed", format!("{:?}", media.displayed), format!("{:?}", self.displayed));
            let ours = media.rotation.unwrap_or(0);
            same("rotation", ours.to_string(), self.rotation.unwrap_or(0).to_string());
        }
        same(
            "video codec",
            format!("{:?}", video.map(|video| codec(&video.codec))),
            format!("{:?}", self.video.as_deref()),
        );
        same("audio codec", format!("{:?}", media.audio.as_ref().map(codec)), format!("{:?}", self.audio.as_deref()));
        if let Some(profile) = video.and_then(|video| video.profile) {
            same("profile", profile.into(), self.profile.clone().unwrap_or_default().to_lowercase());
        }
        let fps = video.and_then(|video| video.fps);
        let theirs = if fps.is_some_and(|fps| !fps.exact) { self.base } else { self.fps };
        let fps = fps.map(|fps| fps.value);
        let off = fps.zip(theirs).map_or(0.0, |(ours, theirs)| (ours - theirs).abs() / theirs);
        if off > 0.001 || (fps.is_none() && self.fps.is_some() && video.is_some() && !in_pieces) {
            differences.push(format!("fps is {fps:?}, ffprobe says {theirs:?}"));
        }
        let ours = media.duration.map(|duration| duration.value);
        let off = ours.zip(self.duration).map_or(Duration::ZERO, |(ours, theirs)| ours.abs_diff(theirs));
        if off > Duration::from_millis(50) || (ours.is_none() && !in_pieces) {
            differences.push(format!("duration is {ours:?}, ffprobe says {:?}", self.duration));
        }
        differences
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
