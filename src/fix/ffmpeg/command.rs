//! Builds the ffmpeg arguments for a plan.

use std::ffi::OsString;
use std::path::Path;

use super::plan::ClipPlan;
use super::request::ClipFormat;
use super::streams::{AudioStep, FrameTiming, VideoStep};
use crate::units::seconds;

/// How a command is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CommandUse {
    /// It is run, and overwrites an existing draft.
    Run,
    /// It is printed, and does not overwrite files.
    Print,
    /// It is printed, and overwrites existing files.
    PrintForced,
}

/// Returns the arguments, without the name of the program.
pub(crate) fn arguments(plan: &ClipPlan, input: &Path, output: &Path, how: CommandUse) -> Vec<OsString> {
    let mut arguments = Arguments::default();
    arguments.add(match how {
        CommandUse::Run => "-hide_banner -loglevel error -nostdin -y -progress pipe:1 -nostats",
        CommandUse::Print => "-hide_banner -loglevel error -n",
        CommandUse::PrintForced => "-hide_banner -loglevel error -y",
    });
    // ffmpeg may open only this file, and only in the detected format: a playlist could refer to other files.
    arguments.add("-protocol_whitelist file");
    arguments.pair("-format_whitelist", demuxer(plan.from));
    if !plan.start.is_zero() {
        arguments.pair("-ss", &seconds(plan.start).to_string());
    }
    arguments.file("-i", input);
    if let Some(keep) = plan.keep {
        arguments.pair("-t", &seconds(keep).to_string());
    }
    arguments.add("-map_metadata -1 -map_chapters -1");
    arguments.video(&plan.video);
    arguments.audio(plan);
    if matches!(plan.format, ClipFormat::Mp4 | ClipFormat::Mov | ClipFormat::M4a) {
        arguments.add("-movflags +faststart");
    }
    arguments.file_format(plan.format);
    arguments.list.push(prefixed(output));
    arguments.list
}

#[derive(Default)]
struct Arguments {
    list: Vec<OsString>,
}

impl Arguments {
    /// Adds arguments separated by spaces.
    fn add(&mut self, words: &str) {
        self.list.extend(words.split(' ').map(OsString::from));
    }

    fn pair(&mut self, name: &str, value: &str) {
        self.list.extend([name.into(), value.into()]);
    }

    fn file(&mut self, name: &str, path: &Path) {
        self.list.extend([name.into(), prefixed(path)]);
    }

    fn file_format(&mut self, format: ClipFormat) {
        self.pair("-f", format.muxer());
    }

    fn video(&mut self, step: &VideoStep) {
        match step {
            VideoStep::None => self.add("-vn"),
            VideoStep::Copy { is_hevc } => {
                self.add("-map 0:v:0 -c:v copy");
                if *is_hevc {
                    self.add("-tag:v hvc1");
                }
            }
            VideoStep::Encode { filters, timing, max_bit_rate } => {
                self.add("-map 0:v:0 -c:v libx264 -preset medium -crf 18 -pix_fmt yuv420p");
                if *timing == FrameTiming::Kept {
                    self.add(FPS_MODE);
                    self.add("vfr -enc_time_base");
                    self.add(TIME_BASE);
                }
                if let Some(rate) = max_bit_rate {
                    self.add(&format!("-maxrate {rate} -bufsize {rate}"));
                }
                self.pair("-vf", filters);
            }
        }
    }

    fn audio(&mut self, plan: &ClipPlan) {
        // A video with unknown tracks may have no audio, so the stream is optional; an audio file must have one.
        let track = if plan.video == VideoStep::None { "0:a:0" } else { "0:a:0?" };
        match plan.audio {
            AudioStep::None => self.add("-an"),
            AudioStep::Copy => self.add(&format!("-map {track} -c:a copy")),
            AudioStep::Encode { encoder, bit_rate } => {
                self.add(&format!("-map {track} -c:a {encoder}"));
                if let Some(rate) = bit_rate {
                    self.add(&format!("-b:a {rate}"));
                }
            }
        }
    }
}

/// Keeps the times of frames: for MP4, some versions of ffmpeg duplicate and drop frames to make the rate constant.
const FPS_MODE: &str = "-fps_mode";

/// The unit of times, in which a frame of 24000/1001, 25, 30000/1001 or 60 fps, a millisecond and 1/90000 s are whole
/// numbers. The default is one frame at the estimated rate, which merges frames that follow each other faster.
const TIME_BASE: &str = "1:720000";

/// Replaces the option that ffmpeg before 5.1 calls `-vsync`; `None` if a message does not complain about it.
pub(crate) fn for_old_version(arguments: &[OsString], message: &str) -> Option<Vec<OsString>> {
    let replaced = |argument: &OsString| if argument == FPS_MODE { "-vsync".into() } else { argument.clone() };
    message.contains("'fps_mode'").then(|| arguments.iter().map(replaced).collect())
}

/// Prefixes a path with `file:`, because a name may begin with `-` or look like a protocol.
fn prefixed(path: &Path) -> OsString {
    let mut name = OsString::from("file:");
    name.push(path);
    name
}

/// Returns ffmpeg's demuxers for a container.
fn demuxer(container: &'static str) -> &'static str {
    match container {
        "mp4" | "mov" | "3gp" | "m4a" | "heic" | "avif" => "mov",
        "mkv" | "webm" => "matroska",
        "mpeg" => "mpeg,mpegvideo",
        "aac" => "aac",
        // The other containers have ffmpeg's names.
        other => other,
    }
}
