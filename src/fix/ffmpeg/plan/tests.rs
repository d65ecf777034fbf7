use super::*;
use crate::fix::ffmpeg::command::{CommandUse, arguments};
use crate::fix::ffmpeg::request::{AcceptedContainer, ClipFacts, ClipLimits, Trim};
use crate::fix::geometry::{Fill, Gravity, Reshape};
use crate::units::{AspectRatioRange, Dimensions};

fn container(kind: ClipKind, id: &'static str, codecs: &[&str]) -> AcceptedContainer {
    AcceptedContainer { kind, id, codecs: codecs.iter().map(|codec| (*codec).to_owned()).collect() }
}

fn limits() -> ClipLimits {
    use ClipKind::{Audio, Video};
    ClipLimits {
        size: SizeLimits { min_side: 1, max_side: 8000, max_pixels: u64::MAX, window: None, multiple: 2 },
        max_bytes: 200 << 20,
        max_fps: None,
        min_duration: None,
        max_duration: None,
        containers: vec![
            container(Video, "mp4", &["h264", "hevc", "av1"]),
            container(Video, "mov", &["h264", "hevc", "prores"]),
            container(Audio, "mp3", &["mp3"]),
            container(Audio, "m4a", &["aac", "alac"]),
            container(Audio, "wav", &["pcm_*"]),
            container(Audio, "flac", &["flac"]),
        ],
    }
}

fn clip(container: &'static str, video: &str, audio: &str) -> ClipRequest {
    let size = Some(Dimensions::new(1920, 1080));
    let codec = |name: &str| (!name.is_empty()).then(|| name.to_owned());
    let facts = ClipFacts {
        container,
        video: codec(video),
        audio: codec(audio),
        are_tracks_unknown: false,
        stored: size,
        shown: size,
        rotation: None,
        fps: Some(30.0),
        duration: Some(Duration::from_secs(31)),
        bytes: 1 << 20,
    };
    let kind = if video.is_empty() { ClipKind::Audio } else { ClipKind::Video };
    ClipRequest { facts, limits: limits(), kind, reshape: None, to: None, trim: None, copies: true }
}

fn command(request: &ClipRequest) -> String {
    let plan = ClipPlan::new(request).expect("a plan");
    let arguments = arguments(&plan, "in".as_ref(), "out".as_ref(), CommandUse::Run);
    let words: Vec<&str> = arguments.iter().filter_map(|argument| argument.to_str()).collect();
    let line = words.join(" ");
    let (_, line) = line.split_once("-format_whitelist ").expect("an input");
    line.to_owned()
}

#[test]
fn matroska_with_accepted_codecs_is_remuxed() {
    assert_eq!(
        command(&clip("mkv", "h264", "aac")),
        "matroska -i file:in -map_metadata -1 -map_chapters -1 -map 0:v:0 -c:v copy -map 0:a:0? -c:a copy \
         -movflags +faststart -f mp4 file:out"
    );
}

#[test]
fn only_rejected_tracks_are_encoded_again() {
    let line = command(&clip("mkv", "h264", "vorbis"));
    assert!(line.contains("-c:v copy -map 0:a:0? -c:a aac -b:a 192000"), "{line}");
    let line = command(&clip("webm", "vp9", "aac"));
    assert!(line.contains("-c:v libx264") && line.contains("-c:a copy"), "{line}");
    let line = command(&clip("mov", "prores", "pcm_s16le"));
    assert!(line.contains("-c:v copy -map 0:a:0? -c:a copy") && line.ends_with("-f mov file:out"), "{line}");
    let line = command(&clip("avi", "mpeg4", ""));
    assert!(line.contains("-c:v libx264") && line.contains(" -an "), "{line}");
    let line = command(&clip("mkv", "hevc", ""));
    assert!(line.contains("-c:v copy -tag:v hvc1"), "{line}");
}

#[test]
fn audio_is_copied_if_a_container_holds_its_codec() {
    let case = |container, codec, expected: &str| {
        let line = command(&clip(container, "", codec));
        assert!(line.ends_with(expected), "{container} {codec}: {line}");
    };
    case("ogg", "vorbis", "-vn -map 0:a:0 -c:a libmp3lame -b:a 192000 -f mp3 file:out");
    case("mkv", "aac", "-c:a copy -movflags +faststart -f ipod file:out");
    case("mkv", "mp3", "-c:a copy -f mp3 file:out");
    case("mkv", "pcm_s16le", "-c:a copy -f wav file:out");
    case("aiff", "pcm_s16be", "-c:a libmp3lame -b:a 192000 -f mp3 file:out");
    let from_video = ClipRequest { kind: ClipKind::Audio, ..clip("mp4", "h264", "aac") };
    assert!(command(&from_video).contains("-vn -map 0:a:0 -c:a copy"));
}

#[test]
fn a_clip_that_is_too_long_needs_trim() {
    let mut request = clip("mp4", "h264", "aac");
    request.limits.max_duration = Some(Duration::from_secs(30));
    let error = ClipPlan::new(&request).expect_err("31 seconds");
    assert_eq!(
        error.to_string(),
        "it lasts 31 seconds, but at most 30 are accepted: select a part with --trim START:END, \
         for example --trim 0:30"
    );
    request.trim = Trim::parse("0:30");
    assert!(command(&request).starts_with("mov -i file:in -t 29.95 "), "{}", command(&request));
    request.trim = Trim::parse("1:31");
    let line = command(&request);
    assert!(line.starts_with("mov -ss 1 -i file:in -t 29.95 ") && line.contains("libx264"), "{line}");
    request.trim = Trim::parse("0:31");
    assert!(matches!(ClipPlan::new(&request), Err(ClipError::PartTooLong { .. })));
    request.trim = Trim::parse("40:50");
    assert!(matches!(ClipPlan::new(&request), Err(ClipError::TrimAfterEnd { .. })));
    request.limits.min_duration = Some(Duration::from_secs(2));
    request.trim = Trim::parse("0:1");
    assert_eq!(
        ClipPlan::new(&request).expect_err("one second").to_string(),
        "the result would last 1 second, but at least 2 are required"
    );
}

#[test]
fn shape_size_and_rate_become_filters() {
    let mut request = clip("mp4", "h264", "");
    request.limits.max_fps = crate::units::Thousandths::parse("30");
    request.facts.fps = Some(59.94);
    assert!(command(&request).contains("-vf fps=30,setsar=1 "), "{}", command(&request));
    request.facts.fps = Some(30.0003);
    request.limits.size.window = AspectRatioRange::parse("0.5:1");
    request.reshape = Some(Reshape::Crop(Gravity::Center));
    assert!(command(&request).contains("-vf crop=1080:1080:420:0,setsar=1 "), "{}", command(&request));
    request.reshape = Some(Reshape::Pad(Fill::Color([255, 0, 16])));
    let line = command(&request);
    assert!(line.contains("scale=1920:1080:flags=lanczos,pad=1920:1920:0:420:color=0xff0010"), "{line}");
    request.reshape = None;
    assert!(matches!(ClipPlan::new(&request), Err(ClipError::Geometry(_))));
}

#[test]
fn odd_sides_are_kept_if_video_is_copied() {
    let mut request = clip("mkv", "h264", "");
    request.facts.shown = Some(Dimensions::new(853, 481));
    request.facts.stored = request.facts.shown;
    assert!(command(&request).contains("-c:v copy"));
    request.facts.video = Some("vp8".to_owned());
    assert!(command(&request).contains("-vf scale=852:480:flags=lanczos,setsar=1"), "{}", command(&request));
}

#[test]
fn the_size_limit_bounds_the_bit_rate() {
    let mut request = clip("mp4", "h264", "aac");
    request.facts.bytes = 40 << 20;
    request.limits.max_bytes = 32 << 20;
    let line = command(&request);
    assert!(line.contains("-maxrate ") && line.contains("-c:v libx264"), "{line}");
    let mut request = clip("wav", "", "pcm_s16le");
    request.facts.bytes = 40 << 20;
    request.limits.max_bytes = 32 << 20;
    assert!(command(&request).contains("-c:a libmp3lame"), "{}", command(&request));
}

#[test]
fn rotation_is_applied_if_the_coded_size_is_not_accepted() {
    let mut request = clip("mp4", "h264", "aac");
    request.facts.rotation = Some(90);
    request.facts.shown = Some(Dimensions::new(1080, 1920));
    assert!(command(&request).contains("-c:v copy"));
    request.limits.size.window = AspectRatioRange::parse("0.5:1");
    assert!(command(&request).contains("-vf setsar=1 "), "{}", command(&request));
}

#[test]
fn a_copy_that_is_not_accepted_is_made_again_without_copies() {
    let mut request = clip("mp4", "h264", "aac");
    request.limits.max_duration = Some(Duration::from_secs(30));
    request.trim = Trim::parse("0:30");
    let plan = ClipPlan::new(&request).expect("a plan");
    assert!(plan.copies() && plan.is_tentative(&request));
    request.copies = false;
    let line = command(&request);
    assert!(line.contains("-t 29.95 ") && line.contains("-c:v libx264") && line.contains("-c:a aac"), "{line}");
    assert!(!ClipPlan::new(&request).expect("a plan").copies());
}

#[test]
fn a_part_that_is_the_whole_is_no_cut() {
    let mut request = clip("mkv", "h264", "aac");
    request.trim = Trim::parse("0:100");
    let plan = ClipPlan::new(&request).expect("a plan");
    assert_eq!((plan.keep, plan.actions.len()), (None, 1), "{:?}", plan.actions);
    // Cut FLAC would keep the number of samples that it had.
    let mut request = clip("flac", "", "flac");
    request.trim = Trim::parse("0:10");
    assert!(
        command(&request)
            .ends_with("-t 10 -map_metadata -1 -map_chapters -1 -vn -map 0:a:0 -c:a flac -f flac file:out")
    );
}

#[test]
fn unknown_tracks_are_copied_once_and_then_encoded() {
    let mut request = clip("mpegts", "", "");
    request.kind = ClipKind::Video;
    request.facts.are_tracks_unknown = true;
    (request.facts.shown, request.facts.stored) = (None, None);
    let line = command(&request);
    assert!(line.contains("-map 0:v:0 -c:v copy -map 0:a:0? -c:a copy"), "{line}");
    assert!(ClipPlan::new(&request).expect("a plan").is_tentative(&request));
    request.copies = false;
    let line = command(&request);
    assert!(line.starts_with("mpegts -i") && line.contains("-vf scale=trunc(iw/2)*2"), "{line}");
    assert!(line.contains("-map 0:a:0? -c:a aac"), "{line}");
    request.kind = ClipKind::Audio;
    assert!(command(&request).contains("-vn -map 0:a:0 -c:a libmp3lame"), "{}", command(&request));
}
