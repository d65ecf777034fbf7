//! Clips of many containers, codecs, rates and shapes: `fix` makes each one accepted, plays as long, and copies what it
//! does not have to encode again.

use serde_json::Value;

use super::Folder;
use super::clips::{H264, PICTURE, SOUND, ffmpeg, has_ffmpeg, probe, seconds};
use crate::program::skip;

/// A clip: its name, how ffmpeg makes it of picture and sound, and the flags of `fix` and `check`.
type Clip = (&'static str, &'static str, &'static [&'static str]);

const ALEPH: &[&str] = &["--model", "aleph2"];
const AUDIO: &[&str] = &["--kind", "audio"];

/// The name says which inputs are used: `v-` picture alone, `a-` sound alone, else both.
const CLIPS: &[Clip] = &[
    ("h264-aac.mkv", "H264 -c:a aac", &[]),
    ("h264-opus.mkv", "H264 -c:a libopus", &[]),
    ("h264-flac.mkv", "H264 -c:a flac", &[]),
    ("hevc-aac.mkv", "HEVC -c:a aac", &[]),
    ("vp9-opus.mkv", "VP9 -c:a libopus", &[]),
    ("vp9-opus.webm", "VP9 -c:a libopus", &[]),
    ("vp8-vorbis.webm", "-c:v libvpx -deadline realtime -c:a libvorbis", &[]),
    ("ffv1-flac.mkv", "-c:v ffv1 -c:a flac", &[]),
    ("mpeg2-ac3.mkv", "-c:v mpeg2video -c:a ac3", &[]),
    ("h264-aac.mov", "H264 -c:a aac", &[]),
    ("prores-pcm.mov", "-c:v prores_ks -profile:v 2 -c:a pcm_s16le", &[]),
    ("hevc-aac.mov", "HEVC -tag:v hvc1 -c:a aac", &[]),
    ("mjpeg-pcm.mov", "-c:v mjpeg -pix_fmt yuvj420p -c:a pcm_s16le", &[]),
    ("hevc-aac.mp4", "HEVC -c:a aac", &[]),
    ("mpeg4-aac.mp4", "-c:v mpeg4 -c:a aac", &[]),
    ("h264-mp3.mp4", "H264 -c:a libmp3lame", &[]),
    ("h264-surround.mp4", "H264 -ac 6 -c:a aac", &[]),
    ("h264-ac3-surround.mp4", "H264 -ac 6 -c:a ac3", &[]),
    ("v-h264.mp4", "H264", &[]),
    ("v-vp9.mp4", "VP9", &[]),
    ("mpeg4-mp3.avi", "-c:v mpeg4 -c:a libmp3lame", &[]),
    ("h264-mp3.avi", "H264 -c:a libmp3lame", &[]),
    ("mjpeg-pcm.avi", "-c:v mjpeg -pix_fmt yuvj420p -c:a pcm_s16le", &[]),
    ("surround.avi", "-c:v mpeg4 -ac 6 -c:a ac3", &[]),
    ("h264-aac.flv", "H264 -c:a aac", &[]),
    ("flv1-mp3.flv", "-c:v flv1 -ar 44100 -c:a libmp3lame", &[]),
    ("h264-aac.ts", "H264 -c:a aac", &[]),
    ("mpeg2-mp2.ts", "-c:v mpeg2video -c:a mp2", &[]),
    ("mpeg2-mp2.mpg", "-c:v mpeg2video -c:a mp2 -f vob", &[]),
    ("mpeg1-mp2.mpg", "-c:v mpeg1video -c:a mp2 -f mpeg", &[]),
    ("theora-vorbis.ogg", "-c:v libtheora -c:a libvorbis", &["--kind", "video"]),
    ("wmv2-wma.wmv", "-c:v wmv2 -c:a wmav2", &[]),
    ("h264-aac.3gp", "H264 -c:a aac", &[]),
    ("uneven.mov", "-vf crop=159:89 -c:v qtrle -pix_fmt rgb24 -c:a pcm_s16le", &[]),
    ("v-uneven.mkv", "-vf crop=159:89 -c:v ffv1 -pix_fmt yuv444p", &[]),
    ("variable.mp4", "-vf select=mod(n\\,3) -fps_mode vfr H264 -c:a aac", &[]),
    ("variable-mpeg4.mkv", "-vf select=mod(n\\,3) -fps_mode vfr -c:v mpeg4 -c:a aac", &[]),
    ("fast60.mp4", "-r 60 H264 -t 3 -c:a aac", ALEPH),
    ("fast50.mkv", "-r 50 H264 -t 3 -c:a aac", ALEPH),
    ("v-fast120.mov", "-r 120 H264 -t 3", ALEPH),
    ("long.mp4", "-r 10 H264 -t 31 -c:a aac", &["--model", "aleph2", "--trim", "0:30"]),
    ("long-opus.mkv", "-r 10 H264 -t 31 -c:a libopus", &["--model", "aleph2", "--trim", "1:20"]),
    ("a-vorbis.ogg", "-c:a libvorbis", AUDIO),
    ("a-opus.ogg", "-c:a libopus", AUDIO),
    ("a-flac.ogg", "-c:a flac", AUDIO),
    ("a-pcm.aiff", "", AUDIO),
    ("a-pcm.caf", "", AUDIO),
    ("a-wma.wma", "-c:a wmav2", AUDIO),
    ("a-alac.m4a", "-c:a alac", AUDIO),
    ("a-aac.mkv", "-c:a aac", AUDIO),
];

/// Makes a clip.
fn make(folder: &Folder, (name, encode, _): &Clip) {
    let encode = encode
        .replace("H264", H264)
        .replace("HEVC", "-c:v libx265 -preset ultrafast -x265-params log-level=none -pix_fmt yuv420p")
        .replace("VP9", "-c:v libvpx-vp9 -b:v 200k -deadline realtime -cpu-used 8");
    let picture = PICTURE.replace("320x180", "160x90");
    let inputs = match name.get(..2) {
        Some("v-") => picture,
        Some("a-") => SOUND.to_owned(),
        _ => format!("{picture} {SOUND}"),
    };
    // The time of a clip comes first, so that its own replaces it.
    ffmpeg(folder, &format!("{inputs} -t 2 -strict -2 {encode} {name}"));
}

/// What ffprobe sees of the first stream of a kind: codec and number of packets.
fn stream(folder: &Folder, name: &str, kind: &str) -> Option<(String, u64)> {
    let arguments = format!(
        "-v error -count_packets -select_streams {kind}:0 -show_entries stream=codec_name,nb_read_packets -of json IN"
    );
    let document: Value = serde_json::from_str(&probe(folder, "ffprobe", &arguments, name)).expect("JSON");
    let stream = document["streams"].get(0)?;
    let packets = stream["nb_read_packets"].as_str().and_then(|count| count.parse().ok());
    Some((stream["codec_name"].as_str()?.to_owned(), packets.unwrap_or_default()))
}

/// Hashes the packets of the first stream of a kind, or what they decode to.
fn hash(folder: &Folder, name: &str, kind: &str, copy: &str) -> String {
    let arguments = format!("-v error -i IN -map 0:{kind}:0 {copy} -f streamhash -hash md5 -");
    probe(folder, "ffmpeg", &arguments, name)
}

/// Expects that a stream was copied: its packets are the same or, where the containers store them differently, the
/// frames in them.
#[track_caller]
fn expect_copied(folder: &Folder, before: &str, after: &str, kind: &str) {
    let same = |copy: &str| hash(folder, before, kind, copy) == hash(folder, after, kind, copy);
    assert!(same("-c copy") || same(""), "{before}: the stream {kind} was not copied");
}

#[test]
fn fifty_clips_become_accepted() {
    if !has_ffmpeg() {
        return skip("there is no ffmpeg here");
    }
    let folder = Folder::new();
    let mut copied = 0;
    for clip in CLIPS {
        let (name, _, flags) = clip;
        make(&folder, clip);
        let outcome = folder.fix(&[flags, &["--force", "-f", "json", name][..]].concat());
        let line = outcome.json();
        if line["outcome"] == "already-accepted" {
            continue;
        }
        assert_eq!(line["outcome"], "fixed", "{name}: {line:#}");
        let result = line["output"].as_str().expect("a name").to_owned();
        let check: Vec<&str> = flags.split(|flag| *flag == "--trim").next().unwrap_or_default().to_vec();
        folder.accepts(&[&check[..], &[&result]].concat());
        let has = |action: &str| line["actions"].as_array().expect("actions").iter().any(|one| one["action"] == action);
        let (before, after) = (seconds(&folder, name), seconds(&folder, &result));
        if has("trim") {
            let wanted = if *name == "long.mp4" { 30.0 } else { 19.0 };
            assert!((after - wanted).abs() < 0.2, "{name} plays {before} s, {result} {after} s");
            continue;
        }
        assert!((before - after).abs() < 0.2, "{name} plays {before} s, {result} {after} s");
        for kind in ["v", "a"] {
            let (Some((codec, packets)), Some((new, now))) =
                (stream(&folder, name, kind), stream(&folder, &result, kind))
            else {
                continue;
            };
            if kind == "v" && !has("frame-rate") {
                assert!(packets.abs_diff(now) <= 1, "{name}: {packets} frames became {now}");
            }
            let actions = line["actions"].to_string();
            // Of a transport stream nothing is known before, so that everything is encoded again.
            let is_encoded = actions.contains(&format!("\"from\":\"{codec}\",\"to\":\"{new}\""))
                || actions.contains("\"from\":\"unknown\"")
                || line["before"]["observed"]["media"]["video_codec"].is_null() && has("transcode");
            if !is_encoded {
                assert_eq!(codec, new, "{name}: {line:#}");
                expect_copied(&folder, name, &result, kind);
                copied += 1;
            }
        }
    }
    assert!(copied >= 7, "only {copied} streams were copied");
}

#[test]
fn rotated_clips_stand_upright() {
    if !has_ffmpeg() {
        return skip("there is no ffmpeg here");
    }
    let folder = Folder::new();
    ffmpeg(&folder, &format!("{PICTURE} -t 2 {H264} upright.mp4"));
    for (degrees, ratio, size) in [("90", "0.5:1", "180,320"), ("270", "0.5:1", "180,320"), ("180", "1:1.7", "")] {
        let name = format!("turned{degrees}.mov");
        ffmpeg(&folder, &format!("-i upright.mp4 -c copy -metadata:s:v rotate={degrees} {name}"));
        let outcome = folder.fix(&["--crop", "--ratio", ratio, &name]).exit_code(0);
        outcome.stdout_contains("rotate: rotation");
        let result = format!("turned{degrees}.fixed.mov");
        let result = if folder.path(&result).exists() { result } else { format!("turned{degrees}.fixed.mp4") };
        folder.accepts(&["--ratio", ratio, &result]);
        let arguments = "-v error -select_streams v -show_entries stream=width,height -of csv=p=0 IN";
        let shown = probe(&folder, "ffprobe", arguments, &result);
        assert!(shown.trim().trim_end_matches(',').starts_with(size), "{name}: {shown}");
    }
}
