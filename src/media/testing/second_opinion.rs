//! What others say of the same files: `lofty` of the committed ones, ffprobe of larger ones made on the spot.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use lofty::file::AudioFile as _;
use serde_json::Value;

use super::trial::{self, Read};
use crate::media::audio::duration_scan::FrameCount;
use crate::media::audio::{aac, flac, mp3};
use crate::media::formats::SHELF;
use crate::media::riff::{avi, wav};
use crate::media::sparse_buffer::{ReadError, SparseBuffer};
use crate::media::{Format, Media};
use crate::media::{flv, mpeg, ogg};

/// Every reader.
const READERS: [Read; 8] = [flac::read, aac::read, wav::read, avi::read, flv::read, mpeg::read, ogg::read, mp3::read];

fn reader(bytes: &[u8]) -> Read {
    let head = &bytes[..bytes.len().min(4096)];
    (SHELF.reader)((SHELF.sniff)(head)).expect("some reader knows it")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = ["audio", "video-other"]
        .into_iter()
        .flat_map(|kind| std::fs::read_dir(folder.join(kind)).expect("a folder"))
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension != "md"))
        .collect();
    files.sort();
    assert!(files.len() > 40, "the media is there");
    files
}

fn name(path: &Path) -> String {
    path.file_name().expect("a name").to_string_lossy().into_owned()
}

fn committed() -> Vec<PathBuf> {
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures"))
}

#[test]
fn every_file_is_named_by_its_first_bytes() {
    for path in committed() {
        let bytes = std::fs::read(&path).expect("a file");
        let [short, long] = [600, 4096].map(|length| (SHELF.sniff)(&bytes[..bytes.len().min(length)]));
        assert_eq!(short, long, "{}", name(&path));
        assert!((SHELF.reader)(short).is_some(), "{} is taken for {short:?}", name(&path));
    }
}

#[test]
fn no_reader_is_confused_by_another_format() {
    for path in committed() {
        let bytes = std::fs::read(&path).expect("a file");
        for read in READERS {
            if let Err(ReadError::Need(range)) = read(&SparseBuffer::new(bytes.clone(), Some(bytes.len() as u64))) {
                panic!("{} asks for {range:?}", name(&path));
            }
        }
    }
}

/// What `lofty` cannot read or tells differently, and why.
const LOFTY_DIFFERS: [(&str, &str); 13] = [
    ("adpcm-ima.wav", "refuses ADPCM"),
    ("adpcm-ms.wav", "refuses ADPCM"),
    ("alaw.wav", "refuses A-law"),
    ("mulaw.wav", "refuses mu-law"),
    ("piped.wav", "refuses the placeholder"),
    ("piped.flac", "says zero"),
    ("rf64.wav", "does not know it"),
    ("wave64.wav", "does not know it"),
    ("flac.ogg", "does not know it"),
    ("bare-vbr.mp3", "guesses by the first bit rate"),
    ("adts.aac", "guesses by the first bit rate"),
    ("bare-cbr.mp3", "rounds the bit rate"),
    ("layer2.mp3", "rounds the bit rate"),
];

#[test]
fn lofty_says_the_same_of_sounds() {
    let mut compared = 0;
    for path in committed().iter().filter(|path| path.parent().is_some_and(|folder| folder.ends_with("audio"))) {
        if LOFTY_DIFFERS.iter().any(|(other, _)| *other == name(path)) {
            continue;
        }
        let bytes = std::fs::read(path).expect("a file");
        let ours = trial::whole(reader(&bytes), &bytes).expect("read").duration.expect("a duration").value;
        let theirs = lofty::probe::Probe::open(path).and_then(|probe| probe.guess_file_type()?.read());
        let theirs = theirs.unwrap_or_else(|error| panic!("{}: {error}", name(path))).properties().duration();
        let apart = ours.abs_diff(theirs);
        assert!(apart < Duration::from_millis(50), "{}: {ours:?}, lofty says {theirs:?}", name(path));
        compared += 1;
    }
    assert!(compared >= 10, "only {compared} were compared");
}

/// Makes media of 7.5 seconds and compares with ffprobe; needs ffmpeg, so it must be asked for.
#[test]
fn ffprobe_says_the_same() {
    if std::env::var_os("RUNWAY_PREFLIGHT_FFPROBE").is_none() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/make-audio.sh");
    let made = Command::new("sh").arg(script).arg(folder.path()).args(["7.5", "322x242"]).status();
    assert!(made.expect("the script runs").success());
    let mut faults = Vec::new();
    let mut out = std::io::stdout();
    for path in files(folder.path()) {
        let bytes = std::fs::read(&path).expect("a file");
        let media = trial::fed(reader(&bytes), &bytes, 4096, true).expect("read");
        let truth = ffprobe(&path);
        let row = Row::new(&path, &media, &truth);
        writeln!(out, "{row:?}").expect("a terminal");
        faults.extend(row.faults().into_iter().map(|fault| format!("{}: {fault}", name(&path))));
        if matches!(media.format, Format::Mp3 | Format::Aac) {
            let mut scan = FrameCount::default();
            bytes.chunks(1000).for_each(|piece| scan.feed(piece));
            let counted = scan.duration().expect("frames").as_secs_f64();
            if !(7.5..7.65).contains(&counted) {
                faults.push(format!("{}: counted {counted} s", name(&path)));
            }
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}

fn ffprobe(path: &Path) -> Value {
    let entries = "format=duration:stream=codec_type,codec_name,width,height,sample_aspect_ratio,r_frame_rate";
    let output = Command::new("ffprobe")
        .args(["-v", "error", "-of", "json", "-show_entries", entries])
        .arg(path)
        .output()
        .expect("ffprobe runs");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// Ours, then ffprobe's.
#[derive(Debug)]
#[allow(dead_code, reason = "the whole row is printed")]
struct Row {
    name: String,
    codecs: [(String, String); 2],
    size: [Option<(u64, u64)>; 2],
    shape: [Option<f64>; 2],
    fps: [Option<f64>; 2],
    seconds: [Option<f64>; 2],
    exact: bool,
}

impl Row {
    fn new(path: &Path, media: &Media, truth: &Value) -> Self {
        let streams = truth["streams"].as_array().cloned().unwrap_or_default();
        let first =
            |kind: &str| streams.iter().find(|stream| stream["codec_type"] == kind).cloned().unwrap_or_default();
        let (mut video, audio) = (first("video"), first("audio"));
        if video["codec_name"] == "png" {
            video = Value::Null;
        }
        let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
        let ratio = |value: &Value, mark| {
            let (one, other) = value.as_str()?.split_once(mark)?;
            Some(one.parse::<f64>().ok()? / other.parse::<f64>().ok()?)
        };
        let (ours_video, ours_audio) = trial::codecs(media);
        let shape = media.stored.zip(media.displayed);
        Self {
            name: name(path),
            codecs: [
                (ours_video.to_owned(), ours_audio.to_owned()),
                (text(&video["codec_name"]), text(&audio["codec_name"])),
            ],
            size: [
                media.stored.map(|size| (size.width.into(), size.height.into())),
                video["width"].as_u64().zip(video["height"].as_u64()),
            ],
            shape: [
                shape.map(|(stored, displayed)| f64::from(displayed.width) / f64::from(stored.width)),
                ratio(&video["sample_aspect_ratio"], ':'),
            ],
            fps: [
                media.video.as_ref().and_then(|video| video.fps).map(|fps| fps.value),
                ratio(&video["r_frame_rate"], '/'),
            ],
            seconds: [
                media.duration.map(|duration| duration.value.as_secs_f64()),
                truth["format"]["duration"].as_str().and_then(|duration| duration.parse().ok()),
            ],
            exact: media.duration.is_some_and(|duration| duration.exact),
        }
    }

    fn faults(&self) -> Vec<String> {
        // Formats that are only named, durations that only guessing gives, and where ffprobe itself is wrong.
        let named = matches!(self.name.as_str(), "wave64.wav" | "transport.ts");
        let untimed =
            matches!(self.name.as_str(), "piped.avi" | "piped.flac" | "elementary.m2v" | "bare-vbr.mp3" | "adts.aac");
        let mut faults = Vec::new();
        if !named && self.codecs[0] != self.codecs[1] {
            faults.push(format!("codecs {:?}", self.codecs));
        }
        if !named && self.size[0] != self.size[1] {
            faults.push(format!("size {:?}", self.size));
        }
        let far = |pair: [Option<f64>; 2], most: f64| match pair {
            [Some(ours), Some(theirs)] => (ours - theirs).abs() > most,
            [Some(_), None] | [None, Some(_) | None] => false,
        };
        if far(self.shape, 0.01) || far(self.fps, 0.001) {
            faults.push(format!("shape {:?}, frame rate {:?}", self.shape, self.fps));
        }
        // ffprobe leaves out the last frame of sound in a program stream, which is 72 ms long at 16 kHz.
        let sound = if matches!(self.name.as_str(), "mpeg1.mpg" | "mpeg2.mpg" | "ac3.mpg") { 0.072 } else { 0.05 };
        let frame = self.fps[1].map_or(sound, |fps| fps.recip().max(sound));
        if !named && !untimed && (far(self.seconds, frame) || self.seconds[0].is_none()) {
            faults.push(format!("seconds {:?}", self.seconds));
        }
        faults
    }
}
