//! Video and audio, with ffmpeg; without ffmpeg, these tests are skipped.

use std::collections::BTreeSet;
use std::process::Command;
use std::time::Duration;

use super::Folder;
use crate::program::{program, skip};

/// Returns whether ffmpeg and ffprobe are installed.
pub(super) fn has_ffmpeg() -> bool {
    ["ffmpeg", "ffprobe"].iter().all(|name| Command::new(name).arg("-version").output().is_ok())
}

pub(super) fn ffmpeg(folder: &Folder, arguments: &str) {
    let start = "-hide_banner -loglevel error -y";
    let output = Command::new("ffmpeg")
        .current_dir(folder.path(""))
        .args(start.split(' ').chain(arguments.split_whitespace()))
        .output()
        .expect("ffmpeg");
    assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Returns the lines that ffprobe, or ffmpeg, prints about a file.
pub(super) fn probe(folder: &Folder, program: &str, arguments: &str, name: &str) -> String {
    let mut command = Command::new(program);
    command.current_dir(folder.path(""));
    for argument in arguments.split_whitespace() {
        command.arg(if argument == "IN" { name } else { argument });
    }
    let output = command.output().expect("a program");
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub(super) fn seconds(folder: &Folder, name: &str) -> f64 {
    let arguments = "-v error -show_entries format=duration -of csv=p=0 IN";
    probe(folder, "ffprobe", arguments, name).trim().parse().expect("a number")
}

/// Hashes the packets of every stream.
fn hashes(folder: &Folder, name: &str) -> Vec<String> {
    let arguments = "-v error -i IN -map 0 -c copy -f streamhash -hash md5 -";
    let lines = probe(folder, "ffmpeg", arguments, name);
    lines.lines().map(|line| line.rsplit('=').next().unwrap_or_default().to_owned()).collect()
}

pub(super) const PICTURE: &str = "-f lavfi -i testsrc2=size=320x180:rate=30";
pub(super) const SOUND: &str = "-f lavfi -i sine=frequency=440:sample_rate=48000";
pub(super) const H264: &str = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p";

#[test]
fn a_dry_run_prints_the_command() {
    let folder = Folder::new().with("video/vp9.mp4");
    let outcome = folder.fix(&["--dry-run", "vp9.mp4"]).exit_code(0);
    outcome.stdout_contains("command: ffmpeg -hide_banner -loglevel error -n -protocol_whitelist file -format_whitelist mov -i file:vp9.mp4");
    let missing = folder.fix(&["--ffmpeg", "/nonexistent/ffmpeg", "vp9.mp4"]).exit_code(2);
    missing.stdout_contains("ffmpeg was not found").stdout_contains("command: /nonexistent/ffmpeg ");
    assert_eq!(folder.names(), ["vp9.mp4"]);
}

#[test]
fn clips_of_many_kinds_become_accepted() {
    if !has_ffmpeg() {
        return skip("there is no ffmpeg here");
    }
    let folder = Folder::new();
    let case = |name: &str, encode: &str, flags: &[&str], result: &str| {
        ffmpeg(&folder, &format!("{encode} {name}"));
        folder.fix(&[flags, &[name]].concat()).exit_code(0).stdout_contains(&format!("fixed: {name} -> {result}"));
        folder.accepts(&[result]);
        let (before, after) = (seconds(&folder, name), seconds(&folder, result));
        assert!((before - after).abs() < 0.2, "{name} plays {before} s, {result} {after} s");
    };
    let both = format!("{PICTURE} {SOUND} -t 2");
    case("mpeg4.avi", &format!("{both} -c:v mpeg4 -c:a libmp3lame"), &[], "mpeg4.fixed.mp4");
    case("h264.ts", &format!("{both} {H264} -c:a aac"), &[], "h264.fixed.mp4");
    case("wmv2.wmv", &format!("{both} -c:v wmv2 -c:a wmav2"), &[], "wmv2.fixed.mp4");
    case("vp9.mp4", &format!("{PICTURE} -t 2 -c:v libvpx-vp9 -b:v 300k -deadline realtime"), &[], "vp9.fixed.mp4");
    case("uneven.mov", &format!("{PICTURE} -t 2 -vf crop=319:179 -c:v qtrle -pix_fmt rgb24"), &[], "uneven.fixed.mp4");
    case("surround.avi", &format!("{PICTURE} {SOUND} -t 2 -c:v mpeg4 -ac 6 -c:a ac3"), &[], "surround.fixed.mp4");
    case("vorbis.ogg", &format!("{SOUND} -t 2 -c:a libvorbis"), &["--kind", "audio"], "vorbis.fixed.mp3");
    case("opus.ogg", &format!("{SOUND} -t 2 -c:a libopus"), &["--kind", "audio"], "opus.fixed.mp3");
    case("pcm.aiff", &format!("{SOUND} -t 2"), &["--kind", "audio"], "pcm.fixed.mp3");
    case("sound.mkv", &format!("{SOUND} -t 2 -c:a aac"), &["--kind", "audio"], "sound.fixed.m4a");
}

#[test]
fn accepted_streams_are_copied_bit_by_bit() {
    if !has_ffmpeg() {
        return skip("there is no ffmpeg here");
    }
    let folder = Folder::new();
    ffmpeg(&folder, &format!("{PICTURE} {SOUND} -t 2 {H264} -c:a aac a.mkv"));
    folder.fix(&["--to", "mp4", "a.mkv"]).exit_code(0).stdout_contains("remux: mkv to mp4").output_lacks("transcode");
    // The video is rejected for its frame rate, the audio is not.
    ffmpeg(&folder, &format!("-f lavfi -i testsrc2=size=320x180:rate=60 {SOUND} -t 3 {H264} -c:a aac b.mp4"));
    folder.fix(&["--model", "aleph2", "b.mp4"]).exit_code(0).stdout_contains("frame-rate: 60 to 30");
    folder.accepts(&["--model", "aleph2", "b.fixed.mp4"]);
    let rate = probe(
        &folder,
        "ffprobe",
        "-v error -select_streams v -show_entries stream=avg_frame_rate -of csv=p=0 IN",
        "b.fixed.mp4",
    );
    assert_eq!(rate.trim(), "30/1");
    let (before, after) = (hashes(&folder, "b.mp4"), hashes(&folder, "b.fixed.mp4"));
    assert_ne!(before[0], after[0]);
    assert_eq!(before[1], after[1], "the sound was not copied");
}

#[test]
fn duration_ratio_and_size_are_fixed() {
    if !has_ffmpeg() {
        return skip("there is no ffmpeg here");
    }
    let folder = Folder::new();
    ffmpeg(&folder, &format!("-f lavfi -i testsrc2=size=320x180:rate=10 {SOUND} -t 31 {H264} -c:a aac long.mp4"));
    folder.fix(&["--model", "aleph2", "long.mp4"]).exit_code(1).stdout_contains("--trim 0:30");
    let refused = folder.fix(&["--model", "aleph2", "--trim", "0:30.5", "long.mp4"]).exit_code(1);
    refused.stdout_contains("the selected part lasts 30.5 seconds, but at most 30 are accepted");
    folder.fix(&["--model", "aleph2", "--trim", "0:30", "long.mp4", "-o", "start.mp4"]).exit_code(0);
    folder.fix(&["--model", "aleph2", "--trim", "0.5:30.5", "long.mp4", "-o", "middle.mp4"]).exit_code(0);
    folder.accepts(&["--model", "aleph2", "start.mp4", "middle.mp4"]);
    for name in ["start.mp4", "middle.mp4"] {
        let played = seconds(&folder, name);
        assert!((29.8..=30.0).contains(&played), "{name} plays {played} s");
    }
    ffmpeg(&folder, &format!("-f lavfi -i testsrc2=size=640x160:rate=10 -t 4 {H264} wide.mp4"));
    let place = ["--model", "act_two", "--endpoint", "character_performance", "--field", "reference"];
    folder.fix(&[&place[..], &["wide.mp4"]].concat()).exit_code(1).stdout_contains("crop: keeps");
    for (flag, result) in [("--crop=left", "crop.mp4"), ("--pad=blur", "blur.mp4"), ("--pad=ffffff", "white.mov")] {
        folder.fix(&[&place[..], &[flag, "wide.mp4", "-o", result]].concat()).exit_code(0);
        folder.accepts(&[&place[..], &[result]].concat());
    }
    ffmpeg(
        &folder,
        &format!("-f lavfi -i nullsrc=size=640x360:rate=30,geq=random(1)*255:128:128 -t 3 {H264} -qp 5 noise.mp4"),
    );
    folder.fix(&["--as", "data-uri", "noise.mp4"]).exit_code(0).stdout_contains("transcode: h264 to h264");
    folder.accepts(&["--as", "data-uri", "noise.fixed.mp4"]);
}

#[test]
fn a_cut_of_reordered_frames_is_not_too_long() {
    if !has_ffmpeg() {
        return skip("there is no ffmpeg here");
    }
    let folder = Folder::new();
    // ffmpeg copies the groups of frames with B-frames as a whole, past the end of the cut.
    let reordered = "-c:v libx264 -preset superfast -bf 3 -b_strategy 0 -g 250";
    ffmpeg(&folder, &format!("-f lavfi -i testsrc2=size=64x36:rate=30 {SOUND} -t 32 {reordered} -c:a aac long.mp4"));
    let flags = ["--model", "aleph2", "--trim", "0:30", "long.mp4"];
    folder
        .fix(&[&flags[..], &["-o", "cut.mp4"]].concat())
        .exit_code(0)
        .stdout_contains("trim: 32")
        .stdout_contains("transcode: h264 to h264");
    folder.accepts(&["--model", "aleph2", "cut.mp4"]);
    // A command that is printed is not checked, so it does not copy.
    let command = folder.fix(&[&flags[..], &["--dry-run"]].concat()).exit_code(0);
    command.stdout_contains("-t 29.95 ").stdout_contains("-c:v libx264");
}

#[test]
fn a_refused_result_is_not_called_by_its_temporary_name() {
    let folder = Folder::new().with("video/long-31s.mp4");
    // This one copies everything, whatever it is asked for.
    let script = "#!/bin/sh\nfor last; do :; done\ncp long-31s.mp4 \"${last#file:}\"\n";
    std::fs::write(folder.path("copy"), script).expect("written");
    Command::new("chmod").args(["+x"]).arg(folder.path("copy")).status().expect("chmod");
    let flags = ["--ffmpeg", "./copy", "--model", "aleph2", "--trim", "0:30", "long-31s.mp4", "-o", "a.mp4"];
    folder.fix(&flags).exit_code(1).stdout_contains("the result is still rejected").output_lacks(".runway-preflight-");
    assert_eq!(folder.names(), ["copy", "long-31s.mp4"]);
}

#[test]
fn audio_states_how_long_it_is_after_a_cut() {
    if !has_ffmpeg() {
        return skip("there is no ffmpeg here");
    }
    let folder = Folder::new();
    ffmpeg(&folder, &format!("{SOUND} -t 20 s.flac"));
    folder.fix(&["--trim", "0:4", "s.flac", "-o", "q.flac"]).exit_code(0);
    let played = seconds(&folder, "q.flac");
    assert!((3.9..=4.1).contains(&played), "{played}");
}

#[test]
fn a_part_that_is_the_whole_changes_nothing() {
    let folder = Folder::new().with("video/h264-aac.mp4").with("images/photo.jpg");
    let files = ["h264-aac.mp4", "photo.jpg"];
    let flags = ["--ratio", "0.1:10", "--trim", "0:100", "--output-dir", "out"];
    folder
        .fix(&[&flags[..], &files].concat())
        .exit_code(0)
        .stdout_is("already accepted: h264-aac.mp4\nalready accepted: photo.jpg\n");
    folder.fix(&["--trim", "0:1", "photo.jpg"]).exit_code(0).stdout_is("already accepted: photo.jpg\n");
}

#[test]
fn streams_of_a_transport_stream_are_copied() {
    if !has_ffmpeg() {
        return skip("there is no ffmpeg here");
    }
    let folder = Folder::new();
    ffmpeg(&folder, &format!("{PICTURE} {SOUND} -t 1 {H264} -c:a aac a.ts"));
    folder.fix(&["a.ts"]).exit_code(0).stdout_contains("remux: mpegts to mp4").output_lacks("transcode");
    ffmpeg(&folder, &format!("{PICTURE} {SOUND} -t 1 {H264} -c:a mp2 b.ts"));
    folder.fix(&["b.ts"]).exit_code(0).stdout_contains("transcode: an unknown codec to h264");
    folder.accepts(&["a.fixed.mp4", "b.fixed.mp4"]);
}

#[test]
fn windows_media_audio_is_audio() {
    if !has_ffmpeg() {
        return skip("there is no ffmpeg here");
    }
    let folder = Folder::new();
    ffmpeg(&folder, &format!("{SOUND} -t 1 -c:a wmav2 a.wma"));
    for flags in [&[][..], &["--kind", "audio"]] {
        let check = folder.run(&[&["check"], flags, &["a.wma"]].concat()).exit_code(1);
        check.stdout_contains("Run `runway-preflight fix a.wma`.").output_lacks("width and height");
    }
    folder.fix(&["a.wma"]).exit_code(0).stdout_contains("transcode: wmav2 to mp3");
    folder.accepts(&["a.fixed.mp3"]);
}

#[test]
fn rotation_is_applied_if_it_decides() {
    if !has_ffmpeg() {
        return skip("there is no ffmpeg here");
    }
    let folder = Folder::new();
    ffmpeg(&folder, &format!("{PICTURE} -t 1 {H264} upright.mp4"));
    ffmpeg(&folder, "-i upright.mp4 -c copy -metadata:s:v rotate=90 turned.mp4");
    folder.fix(&["--ratio", "0.5:1", "turned.mp4"]).exit_code(0).stdout_contains("rotate: rotation");
    let size =
        probe(&folder, "ffprobe", "-v error -show_entries stream=width,height -of csv=p=0 IN", "turned.fixed.mp4");
    assert_eq!(size.trim(), "180,320");
}

#[test]
fn an_interrupted_run_leaves_nothing_and_no_ffmpeg() {
    let folder = Folder::new().with("video/vp9.mp4");
    let script =
        "#!/bin/sh\necho $$ > started\nfor last; do :; done\necho partial > \"${last#file:}\"\nexec sleep 60\n";
    std::fs::write(folder.path("slow"), script).expect("written");
    Command::new("chmod").args(["+x"]).arg(folder.path("slow")).status().expect("chmod");
    let running = program().current_dir(folder.path("")).args(["fix", "--ffmpeg", "./slow", "vp9.mp4"]).start();
    let started = folder.path("started");
    for _ in 0..500 {
        if std::fs::read_to_string(&started).is_ok_and(|text| text.ends_with('\n')) {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    running.signal("TERM");
    running.wait().exit_code(143).within(Duration::from_secs(20));
    assert_eq!(folder.names(), ["slow", "started", "vp9.mp4"]);
    let id = std::fs::read_to_string(&started).expect("it had started");
    let is_gone = || {
        let status = std::fs::read_to_string(format!("/proc/{}/status", id.trim())).unwrap_or_default();
        status.is_empty() || status.contains("State:\tZ")
    };
    // A process that was killed takes a moment to end.
    let tries = (0..100).take_while(|_| !is_gone()).map(|_| std::thread::sleep(Duration::from_millis(20)));
    assert!(tries.count() < 100, "process {id} still runs");
}

/// Returns when each frame is shown, in milliseconds after the first.
fn frame_times(folder: &Folder, name: &str) -> Vec<i64> {
    let arguments = "-v error -select_streams v -show_entries packet=pts_time -of csv=p=0 IN";
    let lines = probe(folder, "ffprobe", arguments, name);
    let times = lines.lines().map(|line| line.trim_matches(',').parse::<f64>().expect("a time"));
    let mut times: Vec<i64> = times.map(|time| format!("{:.0}", time * 1000.0).parse().expect("a number")).collect();
    times.sort_unstable();
    let first = times.first().copied().unwrap_or_default();
    times.into_iter().map(|time| time - first).collect()
}

#[test]
fn frames_are_shown_when_they_were() {
    if !has_ffmpeg() {
        return skip("there is no ffmpeg here");
    }
    let folder = Folder::new();
    // A tenth of a second between frames, then a burst of 120 fps that no estimate of the rate expects, then a pause.
    let uneven = "-vf select='not(mod(n\\,12))*not(between(n\\,400\\,459))+between(n\\,120\\,150)' -fps_mode vfr";
    let picture = "-f lavfi -i testsrc2=size=160x90:rate=120";
    let cases = [
        ("phone.mov", "-c:v mpeg4 -enc_time_base 1:600 -video_track_timescale 600 -c:a pcm_s16le"),
        ("screen.mkv", "-c:v ffv1 -enc_time_base 1:1000 -c:a libopus"),
    ];
    for (name, encode) in cases {
        ffmpeg(&folder, &format!("{picture} {SOUND} -t 5 {uneven} {encode} {name}"));
        let result = format!("{}.mp4", name.split('.').next().unwrap_or_default());
        folder.fix(&[name, "-o", &result]).exit_code(0).stdout_contains("to h264");
        folder.accepts(&[&result]);
        let (before, after) = (frame_times(&folder, name), frame_times(&folder, &result));
        let gaps: BTreeSet<i64> = before.windows(2).map(|pair| (pair[1] - pair[0]) / 4).collect();
        assert!(before.len() > 60 && gaps.len() > 2, "{name} is not variable: {before:?}");
        assert_eq!(before.len(), after.len(), "{name}");
        assert!(before.iter().zip(&after).all(|(one, other)| one.abs_diff(*other) <= 1), "{before:?}\n{after:?}");
        assert!((seconds(&folder, name) - seconds(&folder, &result)).abs() < 0.05, "{name}");
    }
    // A constant rate stays exactly that.
    for rate in ["24000/1001", "25", "30000/1001", "60"] {
        ffmpeg(&folder, &format!("-f lavfi -i testsrc2=size=160x90:rate={rate} -t 2 -c:v mpeg4 constant.mp4"));
        folder.fix(&["--force", "constant.mp4", "-o", "same.mp4"]).exit_code(0);
        let arguments = "-v error -select_streams v -show_entries stream=r_frame_rate,avg_frame_rate,nb_frames,duration -of csv=p=0 IN";
        let facts = |name| probe(&folder, "ffprobe", arguments, name);
        assert_eq!(facts("constant.mp4"), facts("same.mp4"), "{rate}");
    }
    // The limit of a model wins.
    ffmpeg(&folder, &format!("{picture} -t 5 -vf select=not(between(n\\,400\\,459)) -fps_mode vfr {H264} fast.mp4"));
    folder.fix(&["--model", "aleph2", "fast.mp4"]).exit_code(0).stdout_contains("frame-rate: ");
    folder.accepts(&["--model", "aleph2", "fast.fixed.mp4"]);
    let times = frame_times(&folder, "fast.fixed.mp4");
    assert!(times.windows(2).all(|pair| (32..=34).contains(&(pair[1] - pair[0]))), "{times:?}");
}

#[test]
fn an_old_ffmpeg_gets_the_old_name_of_an_option() {
    let folder = Folder::new().with("video/vp9.mp4").with("video/h264-aac.mp4");
    let script = "#!/bin/sh\necho \"$*\" >>log\nfor last; do :; done\ncase \"$*\" in *-fps_mode*) \
                  echo \"Unrecognized option 'fps_mode'.\" >&2; exit 1;; esac\ncp h264-aac.mp4 \"${last#file:}\"\n";
    std::fs::write(folder.path("old"), script).expect("written");
    Command::new("chmod").args(["+x"]).arg(folder.path("old")).status().expect("chmod");
    folder.fix(&["--ratio", "0.1:10", "--ffmpeg", "./old", "vp9.mp4"]).exit_code(0);
    let log = std::fs::read_to_string(folder.path("log")).expect("it ran");
    let runs: Vec<&str> = log.lines().collect();
    assert!(runs.len() == 2 && runs[1].contains(" -vsync vfr "), "{log}");
}

#[test]
fn names_of_files_are_never_options_or_protocols() {
    if !has_ffmpeg() {
        return skip("there is no ffmpeg here");
    }
    let folder = Folder::new();
    ffmpeg(&folder, &format!("{PICTURE} -t 1 -c:v mpeg4 plain.avi"));
    for name in ["-y.avi", "a b'c$(id).avi", "concat:x.avi"] {
        std::fs::copy(folder.path("plain.avi"), folder.path(name)).expect("copied");
        let path = format!("./{name}");
        folder.fix(&["--force", &path, "-o", "out.mp4"]).exit_code(0);
    }
    // A playlist that names other files is not one of the containers that are read.
    std::fs::write(folder.path("list.mp4"), "#EXTM3U\n#EXTINF:1,\n/etc/passwd\n").expect("written");
    folder.fix(&["--to", "mp4", "list.mp4"]).exit_code(1);
    assert!(!folder.names().iter().any(|name| name.contains("list.fixed")));
}
