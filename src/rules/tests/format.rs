//! The rules on the bytes: format, dimensions, duration, frame rate and codec.

use super::*;
use crate::media::{Codec, Measured, VideoTrack};
use crate::units::AspectRatioRange;

fn video(format: Format, codec: &'static str) -> Media {
    let mut media = image(format, 1280, 720);
    media.video = Some(VideoTrack { codec: Codec::Known(codec), profile: None, fps: Some(Measured::exact(24.0)) });
    media.duration = Some(Measured::exact(Duration::from_secs(5)));
    media
}

fn audio(format: Format, codec: &'static str, millis: u64) -> Media {
    let mut media = Media::new(format);
    media.audio = Some(Codec::Known(codec));
    media.duration = Some(Measured::exact(Duration::from_millis(millis)));
    media
}

fn shape(width: u32, height: u32) -> Scene {
    Scene::of(image(Format::Png, width, height), "image/png")
}

#[test]
fn sides_pass_up_to_8000_with_a_warning_there() {
    let case = |width: u32, height: u32, expected: &str| {
        let scene = shape(width, height).model("gen4_image");
        assert_eq!(scene.codes(), expected, "{width}x{height}");
    };
    case(7999, 7999, "");
    case(8000, 4000, "exactly-8000px~");
    case(4000, 8000, "exactly-8000px~");
    case(8001, 4000, "dimensions-too-large");
    case(4000, 8001, "dimensions-too-large");
    let sentence = shape(9000, 100).first();
    assert_eq!(sentence, "Invalid asset dimensions. Height and width must not exceed 8000px. Got 9000x100.");
}

#[test]
fn each_model_has_its_window_and_the_edges_pass() {
    let case = |model: &str, least: u32, max: u32| {
        let refused = |width: u32, height: u32| {
            let codes = shape(width, height).model(model).codes();
            assert!(codes.is_empty() || codes == "aspect-ratio-outside", "{model} {width}x{height}: {codes}");
            !codes.is_empty()
        };
        assert!(refused(least - 1, 1000) && !refused(least, 1000) && !refused(least + 1, 1000), "{model} below");
        assert!(!refused(max - 1, 1000) && !refused(max, 1000) && refused(max + 1, 1000), "{model} above");
    };
    case("gen4_turbo", 500, 2358);
    case("gen4.5", 500, 2000);
    case("act_two", 500, 2358);
    case("veo3.1", 500, 2000);
    case("gemini_omni_flash", 500, 2000);
    case("happyhorse_1_0", 550, 1800);
    case("seedance2_5", 400, 4000);
    case("gemini_2.5_flash", 250, 4000);
    assert_eq!(shape(7, 1000).model("wan3").codes(), "", "no window is published");
    let phone = shape(1170, 2532).model("gen4.5");
    assert_eq!(phone.first(), "Invalid asset aspect ratio. width / height ratio must be between 0.5 and 2. Got 0.462.");
    assert!(phone.words("aspect-ratio-outside").contains("outside the range of gen4.5"));
    let wide = shape(4999, 10_000_000 / 1000).model("gen4_turbo");
    assert!(wide.codes().contains("aspect-ratio-outside"), "just below a half, though it prints as 0.5");
}

#[test]
fn ratios_are_compared_exactly() {
    let case = |width: u32, height: u32, expected: &str| {
        let scene = shape(width, height).model("gen4.5");
        assert_eq!(scene.codes(), expected, "{width}x{height}");
    };
    case(3999, 7998, "");
    case(3998, 7998, "aspect-ratio-outside");
    case(7998, 3999, "");
    case(7999, 3999, "aspect-ratio-outside");
}

#[test]
fn a_requested_window_replaces_those_of_the_model() {
    let mut scene = shape(3000, 1000).model("gen4_turbo");
    scene.expectations.ratio = AspectRatioRange::parse("0.1:3");
    assert_eq!(scene.codes(), "");
    scene.expectations.ratio = AspectRatioRange::parse("1:1");
    assert_eq!(scene.first(), "Invalid asset aspect ratio. width / height ratio must be between 1 and 1. Got 3.");
}

#[test]
fn without_a_model_every_published_window_counts() {
    assert_eq!(shape(1000, 1000).codes(), "");
    let scene = shape(1170, 2532);
    assert_eq!(scene.codes(), "aspect-ratio-some-models~");
    let words = scene.words("aspect-ratio-some-models");
    assert!(words.contains("gen4.5") && words.contains("happyhorse_1_0") && !words.contains("seedance2"), "{words}");
    assert_eq!(shape(200, 1000).codes(), "aspect-ratio-some-models~");
    let outside = shape(199, 1000);
    assert_eq!(
        outside.first(),
        "Invalid asset aspect ratio. width / height ratio must be between 0.2 and 4. Got 0.199."
    );
    assert_eq!(shape(4001, 1000).codes(), "aspect-ratio-outside");
    assert_eq!(shape(199, 1000).model("unheard_of").codes(), "unknown-model. aspect-ratio-outside");
    let mut wide = video(Format::Mp4, "h264");
    wide.coded_size = Some(Dimensions::new(5000, 1000));
    wide.display_size = wide.coded_size;
    assert_eq!(Scene::of(wide, "video/mp4").codes(), "aspect-ratio-outside~", "videos are only warned about");
    // Not every model of an endpoint has a window.
    let some = shape(220, 1000).endpoint("text_to_image");
    assert_eq!(some.codes(), "aspect-ratio-some-models~");
    assert_eq!(some.model("gpt_image_2").codes(), "");
    let narrow = shape(300, 1000).endpoint("recipes/product_ugc");
    assert_eq!(narrow.codes(), "aspect-ratio-outside");
    // The endpoint takes videos only.
    let image = shape(300, 1000).endpoint("video_upscale");
    assert_eq!(image.codes(), "unsupported-content-type unreadable-media");
}

#[test]
fn a_rotated_image_is_rejected_only_if_both_sizes_are() {
    let rotated = |width: u32, height: u32, model: &str| {
        let mut media = image(Format::Jpeg, width, height);
        media.display_size = media.coded_size.map(Dimensions::swapped);
        media.orientation = Some(6);
        Scene::of(media, "image/jpeg").model(model)
    };
    assert_eq!(rotated(1500, 1000, "gen4.5").codes(), "");
    let scene = rotated(2200, 1000, "gen4_turbo");
    assert_eq!(scene.codes(), "exif-rotated?");
    let words = scene.words("exif-rotated");
    assert!(words.contains("stored as 2200x1000, ratio 2.2, displayed as 1000x2200, ratio 0.455"), "{words}");
    assert_eq!(rotated(3000, 1000, "gen4.5").codes(), "aspect-ratio-outside");
    assert_eq!(rotated(8001, 4001, "gen4.5").codes(), "dimensions-too-large");
}

#[test]
fn models_limit_sides_and_pixels() {
    let case = |model: &str, width: u32, height: u32, expected: &str| {
        assert_eq!(shape(width, height).model(model).codes(), expected, "{model} {width}x{height}");
    };
    case("happyhorse_1_0", 300, 300, "");
    case("happyhorse_1_0", 299, 299, "size-outside");
    case("h3_max", 256, 256, "");
    case("h3_max", 255, 256, "size-outside");
    case("magnific_precision_upscaler_v2", 300, 300, "");
    case("magnific_precision_upscaler_v2", 300, 299, "size-outside");
    case("magnific_precision_upscaler_v2", 2530, 2500, "");
    case("magnific_precision_upscaler_v2", 2531, 2500, "size-outside");
    assert_eq!(shape(299, 400).endpoint("image_upscale").codes(), "size-outside", "the endpoint has one model");
    let newer = shape(299, 400).endpoint("image_upscale").model("topaz_clear");
    assert_eq!(newer.codes(), "unknown-model.", "the limits of another model do not apply");
}

#[test]
fn durations_have_both_bounds() {
    let case = |model: &str, millis: u64, expected: &str| {
        let mut media = video(Format::Mp4, "h264");
        media.duration = Some(Measured::exact(Duration::from_millis(millis)));
        assert_eq!(Scene::of(media, "video/mp4").model(model).first(), expected, "{model} {millis}");
    };
    case("aleph2", 1999, "Asset duration must be at least 2 seconds");
    case("aleph2", 2000, "");
    case("aleph2", 30_000, "");
    case("aleph2", 30_001, "Asset duration must be at most 30 seconds");
    case("ruby", 31_000, "Asset duration must be at most 30 seconds");
    case("magnific_video_upscaler_creative", 31_000, "Asset duration must be at most 30 seconds");
    case("gen4_aleph", 999, "Asset duration must be at least 1 seconds");
    case("gemini_omni_flash", 10_001, "Asset duration must be at most 10 seconds");
    let case = |scene: Scene, expected: &str| assert_eq!(scene.first(), expected);
    let voice =
        |millis: u64| Scene::of(audio(Format::Mp3, "mp3", millis), "audio/mpeg").model("eleven_voice_isolation");
    case(voice(4600), "Asset duration must be at least 4.6 seconds");
    case(voice(4601), "");
    case(voice(3_599_999), "");
    case(voice(3_600_000), "Asset duration must be at most 3600 seconds");
    let swap = |millis: u64| {
        let mut media = video(Format::Mp4, "h264");
        media.duration = Some(Measured::exact(Duration::from_millis(millis)));
        Scene::of(media, "video/mp4").endpoint("recipes/product_swap").field("referenceVideo.uri")
    };
    case(swap(1799), "Asset duration must be at least 1.8 seconds");
    case(swap(1800), "");
    let sum = |millis: u64| {
        Scene::of(audio(Format::Mp3, "mp3", millis), "audio/mpeg")
            .model("hailuo3")
            .endpoint("text_to_video")
            .field("referenceAudio[0].uri")
    };
    case(sum(15_000), "");
    case(sum(15_001), "Asset duration must be at most 15 seconds");
    assert!(voice(4600).words("duration-outside").starts_with("duration 4.6 s; limit of"));
    assert!(voice(4600).words("duration-outside").contains("Make it longer than 4.6 s"));
    assert!(voice(3_600_000).words("duration-outside").contains("-t 3599.999 out.mp3"));
    assert!(sum(15_001).words("duration-outside").starts_with("duration 15.001 s; the limit is for all assets of"));
}

#[test]
fn unstated_metadata_is_not_guessed() {
    let mut media = video(Format::Mp4, "h264");
    media.duration = None;
    assert_eq!(Scene::of(media.clone(), "video/mp4").model("aleph2").codes(), "metadata-unknown?");
    assert_eq!(Scene::of(media.clone(), "video/mp4").codes(), "");
    media.duration = Some(Measured::estimated(Duration::from_millis(30_500)));
    assert_eq!(Scene::of(media.clone(), "video/mp4").model("aleph2").codes(), "duration-outside?");
    media.duration = Some(Measured::estimated(Duration::from_secs(40)));
    let scene = Scene::of(media.clone(), "video/mp4").model("aleph2");
    assert_eq!(scene.codes(), "duration-outside");
    assert!(scene.words("duration-outside").starts_with("duration 40 s (estimated); limit of"));
    (media.coded_size, media.display_size) = (None, None);
    media.duration = Some(Measured::exact(Duration::from_secs(4)));
    assert_eq!(Scene::of(media, "video/mp4").codes(), "metadata-unknown.");
}

#[test]
fn frame_rates_are_bounded_for_some_models() {
    let case = |fps: f64, expected: &str| {
        let mut media = video(Format::Mp4, "h264");
        media.video = media.video.map(|track| VideoTrack { fps: Some(Measured::exact(fps)), ..track });
        assert_eq!(Scene::of(media, "video/mp4").model("aleph2").codes(), expected, "{fps}");
    };
    case(29.97, "");
    case(30.0, "");
    case(30.0003, "");
    case(30.01, "fps-outside~");
    case(30.303, "fps-outside~");
    case(30.5, "fps-outside~");
    case(30.51, "fps-outside");
    case(31.0, "fps-outside");
    case(60.0, "fps-outside");
}

#[test]
fn codecs_are_checked_by_container() {
    let case = |format: Format, content_type: &str, codec: &'static str, expected: &str| {
        assert_eq!(Scene::of(video(format, codec), content_type).codes(), expected, "{format:?} {codec}");
    };
    for codec in ["h264", "hevc", "av1"] {
        case(Format::Mp4, "video/mp4", codec, "");
    }
    case(Format::Mp4, "video/mp4", "vp9", "unsupported-codec");
    case(Format::Mp4, "video/mp4", "mpeg4", "unsupported-codec");
    case(Format::Mov, "video/quicktime", "prores", "");
    case(Format::Mov, "video/quicktime", "prores_raw", "unsupported-codec");
    case(Format::Mov, "video/quicktime", "mjpeg", "discouraged-codec~");
    case(Format::Mkv, "video/x-matroska", "mpeg2video", "discouraged-codec~");
    case(Format::Webm, "video/webm", "h264", "unsupported-codec");
    case(Format::ThreeGp, "video/3gpp", "h263", "unsupported-codec");
    case(Format::Ogg, "video/ogg", "theora", "");
    case(Format::Avi, "video/x-msvideo", "msmpeg4v3", "discouraged-codec~");
    case(Format::Avi, "video/x-msvideo", "mpeg4", "unsupported-codec");
    let case = |format: Format, content_type: &str, codec: &'static str, expected: &str| {
        assert_eq!(Scene::of(audio(format, codec, 5000), content_type).codes(), expected, "{format:?} {codec}");
    };
    case(Format::Wav, "audio/wav", "pcm_s16le", "");
    case(Format::Wav, "audio/wav", "adpcm_ms", "unsupported-codec");
    case(Format::M4a, "audio/mp4", "alac", "");
    case(Format::Mp4, "audio/mp4", "aac", "");
    case(Format::Flac, "audio/flac", "flac", "");
    case(Format::Ogg, "audio/ogg", "vorbis", "unsupported-content-type unreadable-media");
    let mut unusual = video(Format::Mp4, "h264");
    let codec = Codec::Other(UntrustedText::from("\u{1b}[2J"));
    unusual.video = unusual.video.map(|track| VideoTrack { codec, ..track });
    let words = Scene::of(unusual, "video/mp4").words("unsupported-codec");
    assert!(words.contains("\\x1b[2J") && words.contains("h264, hevc, av1"), "{words}");
}

#[test]
fn bytes_of_another_type_than_declared_are_a_warning() {
    let case = |format: Format, declared: &str, expected: &str| {
        assert_eq!(Scene::of(image(format, 100, 100), declared).codes(), expected, "{format:?} {declared}");
    };
    case(Format::Jpeg, "image/jpg", "");
    case(Format::Jpeg, "image/png", "type-mismatch~");
    case(Format::Png, "image/webp", "type-mismatch~");
    case(Format::Png, "application/octet-stream", "generic-content-type");
    let words = Scene::of(image(Format::Jpeg, 100, 100), "image/png").words("type-mismatch");
    assert_eq!(words, "the declared type is image/png, but the bytes are a JPEG image | Declare image/jpeg.");
    let mut uri = Scene::new("data:image/png;base64,aGkA");
    uri.observation.content = ContentState::Media(Box::new(image(Format::Webp, 10, 10)));
    assert_eq!(uri.codes(), "type-mismatch~");
}

#[test]
fn formats_that_are_not_accepted_are_named() {
    let case = |format: Format, name: &str| {
        let mut scene = Scene::good();
        scene.observation.content = ContentState::Unreadable { format, at: 0, what: "it is no media" };
        assert_eq!(scene.codes(), "unreadable-media", "{format:?}");
        let words = scene.words("unreadable-media");
        assert!(words.contains(name), "{words}");
    };
    case(Format::Gif, "a GIF image | Convert it: `ffmpeg");
    case(Format::Avif, "an AVIF image | ");
    case(Format::Html, "an HTML page");
    case(Format::Xml, "an XML document");
    case(Format::LfsPointer, "a Git LFS pointer | Fetch the file that the pointer stands for: `git lfs pull`");
    case(Format::Unknown, "the format of the bytes is unknown");
    case(Format::Png, "begin like a PNG image, but it is no media (at byte 0)");
    let mut page = Scene::good();
    page.observation.content = ContentState::Unreadable { format: Format::Html, at: 0, what: "it is a page" };
    let mut get = reply(200, &[("content-type", "image/png"), ("content-length", "1000")]);
    get.body_snippet = Some(UntrustedText::from("<html><title>Please log in</title>"));
    page.observation.get = RequestOutcome::Response(get);
    assert!(page.words("unreadable-media").contains("an HTML page that says: Please log in"));
    let mut gzip = Scene::good();
    gzip.both(200, &[("content-type", "image/png"), ("content-length", "1000"), ("content-encoding", "gzip")]);
    gzip.observation.content = ContentState::Unreadable { format: Format::Gzip, at: 0, what: "it is compressed" };
    assert_eq!(gzip.codes(), "content-encoded~ unreadable-media?");
    let mut empty = Scene::good();
    empty.both(200, &[("content-type", "image/png"), ("content-length", "0")]);
    (empty.observation.body.received, empty.observation.content) = (0, ContentState::NotSeen);
    assert_eq!(empty.codes(), "unreadable-media");
    let mut cut = Scene::good();
    cut.observation.content = ContentState::Incomplete { format: Format::Mp4 };
    assert_eq!(cut.kind(Kind::Video).codes(), "unsupported-content-type incomplete-media.");
    let mut limited = Scene::good();
    limited.observation.content = ContentState::Incomplete { format: Format::Png };
    assert_eq!(limited.codes(), "incomplete-media.");
    let limited = limited.model("gen4_turbo");
    assert_eq!(limited.codes(), "incomplete-media?");
    assert!(limited.words("incomplete-media").contains("is limited for gen4_turbo"));
}

#[test]
fn the_bytes_must_be_of_the_expected_kind() {
    let scene = Scene::of(video(Format::Mp4, "h264"), "image/png").field("promptImage");
    assert_eq!(scene.codes(), "unreadable-media type-mismatch~");
    assert!(scene.words("unreadable-media").contains("which is a video; expected an image"));
}

#[test]
fn an_error_page_is_not_checked_as_the_asset() {
    let mut scene = Scene::good();
    scene.both(404, &[("content-type", "text/html")]);
    scene.observation.content = ContentState::Unreadable { format: Format::Html, at: 0, what: "it is a page" };
    assert_eq!(scene.codes(), "http-status");
    let mut head = Scene::good();
    head.observation.head = answer(405, &[]);
    head.observation.content = ContentState::Media(Box::new(image(Format::Png, 9000, 9000)));
    assert_eq!(head.codes(), "http-status head-get-differ~ dimensions-too-large");
}

#[test]
fn unusual_encodings_are_a_warning() {
    let mut media = image(Format::Jpeg, 100, 100);
    media.encoding_note = Some("arithmetic-coded");
    media.animated = true;
    assert_eq!(Scene::of(media, "image/jpeg").codes(), "unusual-encoding~ animated~");
}
