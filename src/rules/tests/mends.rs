//! What to do about it: by status, by what the bytes are, and what may pass by itself.

use super::*;
use crate::observation::TlsError;
use crate::rules::{accepted_type, passing, size_limit};
use crate::units::Bytes;

/// Fails unless both answers with a status are told in these words and mended by these.
fn status(status: u16, told: &str, mended: &str) {
    let mut scene = Scene::good();
    scene.both(status, &[]);
    let words = scene.words("http-status");
    let (detail, hint) = words.split_once(" | ").expect("a detail and a hint");
    assert_eq!(detail, format!("HEAD and GET answered {told}"), "{status}");
    assert!(hint.starts_with(mended), "{status}: {hint}");
}

#[test]
fn each_status_has_its_words_and_its_mend() {
    let usual = "Make HEAD and GET of this very URL answer 200.";
    let log = "Look into the server's log; try again later if it is another's.";
    let public = "Make the asset public, sign its URL, or let the User-Agent";
    status(204, "204 (No Content)", usual);
    status(206, "206 (Partial Content)", usual);
    status(301, "301 (Moved Permanently)", usual);
    status(302, "302 (Found)", usual);
    status(303, "303 (See Other)", usual);
    status(304, "304 (Not Modified)", usual);
    status(307, "307 (Temporary Redirect)", usual);
    status(308, "308 (Permanent Redirect)", usual);
    status(400, "400 (Bad Request)", usual);
    status(401, "401 (Unauthorized)", public);
    status(403, "403 (Forbidden)", public);
    status(404, "404 (Not Found)", "Correct the path in the URL, or store the asset there.");
    status(405, "405 (Method Not Allowed)", "Allow HEAD on the server");
    status(410, "410 (Gone)", "Correct the path in the URL");
    status(418, "418", usual);
    status(429, "429 (Too Many Requests)", usual);
    status(500, "500 (Internal Server Error)", log);
    status(501, "501 (Not Implemented)", "Allow HEAD on the server");
    status(502, "502 (Bad Gateway)", log);
    status(503, "503 (Service Unavailable)", log);
    status(504, "504 (Gateway Timeout)", log);
    status(599, "599", log);
}

#[test]
fn a_head_that_alone_is_refused_is_mended_at_the_server() {
    let mut scene = Scene::good();
    scene.seen.head = answer(405, &[]);
    assert!(scene.words("http-status").ends_with(" | Make the server answer HEAD as it answers GET."));
    scene.asset = Asset::new("https://h.com/a.png?X-Amz-Signature=a");
    assert!(scene.words("http-status").contains("a URL signed for GET refuses HEAD"));
    scene.both(403, &[]);
    assert!(scene.words("http-status").contains(" | Sign a new URL just before the request"));
    scene.both(403, &[("x-datadome", "protected")]);
    assert!(scene.words("http-status").contains(" | Let clients pass whose User-Agent begins with"));
    let mut plain = Scene::good();
    plain.both(302, &[("location", "/b.png")]);
    assert!(plain.words("http-status").ends_with(" | Send the URL that the redirect leads to."));
    // HEAD is asked first: where GET is refused as well, it is not about the method.
    plain.seen.head = answer(405, &[]);
    plain.seen.get = answer(404, &[]);
    assert!(plain.words("http-status").contains("Allow HEAD on the server; the API asks HEAD before GET."));
}

#[test]
fn only_what_may_pass_by_itself_is_worth_another_look() {
    let case = |scene: &Scene, expected: Option<&str>| {
        let target = Target::parse(&scene.asset);
        assert_eq!(passing(&scene.subject(&target)).as_deref(), expected);
    };
    let with = |status: u16| {
        let mut scene = Scene::good();
        scene.both(status, &[]);
        scene
    };
    case(&Scene::good(), None);
    case(&with(404), None);
    case(&with(499), None);
    case(&with(600), None);
    let failed_with = "Failed to fetch asset. Received HTTP response code";
    for (status, phrase) in [(500, " (Internal Server Error)"), (503, " (Service Unavailable)"), (599, "")] {
        let told = format!("{failed_with} \"{status}\". (HEAD and GET answered {status}{phrase})");
        case(&with(status), Some(&told));
    }
    let mut silent = Scene::good();
    silent.seen.head = failed(FetchError::ConnectionRefused);
    silent.seen.get = failed(FetchError::ConnectionRefused);
    let target = Target::parse(&silent.asset);
    let told = passing(&silent.subject(&target)).expect("it may come back");
    assert!(told.starts_with("Failed to fetch asset. The URL may be incorrect"), "{told}");
    // A host that clients disagree about stays as it is.
    silent.seen.head = failed(FetchError::Tls(TlsError::OnlyHttp2));
    silent.seen.get = failed(FetchError::Tls(TlsError::OnlyHttp2));
    case(&silent, None);
}

#[test]
fn what_is_not_taken_is_converted_by_a_command() {
    let case = |format: Format, command: Option<&str>| {
        let mut scene = Scene::good();
        scene.seen.content = ContentState::Unreadable { format, at: 0, what: "it is none" };
        let words = scene.words("unreadable-media");
        match command {
            Some(command) => assert!(words.ends_with(&format!("Make an accepted file of it: {command}")), "{words}"),
            None => assert!(!words.contains("Make an accepted file"), "{words}"),
        }
    };
    for format in [Format::Gif, Format::Tiff, Format::Bmp, Format::Ico, Format::Jp2, Format::Psd] {
        case(format, Some("ffmpeg -i IN -frames:v 1 out.png"));
    }
    for format in [Format::Avif, Format::Heic, Format::Jxl] {
        case(format, Some("magick IN out.jpg"));
    }
    case(Format::Svg, Some("rsvg-convert IN -o out.png"));
    case(Format::Pdf, Some("pdftoppm -png -singlefile IN out"));
    case(Format::MpegTs, Some("ffmpeg -i IN -c:v libx264 -c:a aac out.mp4"));
    case(Format::Asf, Some("ffmpeg -i IN -c:v libx264 -c:a aac out.mp4"));
    case(Format::Aiff, Some("ffmpeg -i IN out.mp3"));
    case(Format::Gzip, Some("gunzip IN"));
    case(Format::Zip, Some("unzip IN"));
    for format in [Format::Html, Format::Xml, Format::Json, Format::Text, Format::Unknown] {
        case(format, None);
    }
}

#[test]
fn a_type_is_named_for_what_is_taken_alone() {
    let rules = RuleSet::embedded();
    let seen = |content: ContentState| Observation { content, ..Observation::default() };
    let case =
        |content: ContentState, expected: Option<&str>| assert_eq!(accepted_type(rules, &seen(content)), expected);
    case(ContentState::NotSeen, None);
    case(ContentState::Media(Box::new(image(Format::Png, 2, 2))), Some("image/png"));
    case(ContentState::Incomplete { format: Format::Jpeg }, Some("image/jpeg"));
    case(ContentState::Unreadable { format: Format::Gif, at: 0, what: "" }, None);
    case(ContentState::Unreadable { format: Format::Html, at: 0, what: "" }, None);
    assert_eq!(size_limit(rules, Some(Kind::Image)), Bytes::mib(16));
    assert_eq!(size_limit(rules, None), Bytes::mib(32));
}

#[test]
fn the_proposal_names_the_type_of_the_bytes_or_the_kind_that_is_wanted() {
    let case = |scene: Scene, content_type: &str, expected: &str| {
        let mut scene = scene;
        scene.both(200, &[("content-type", content_type), ("content-length", "1000")]);
        let words = scene.words("unsupported-content-type");
        assert!(words.ends_with(expected), "{content_type}: {words}");
    };
    case(Scene::good(), "text/html", " | Set the Content-Type of the stored object to image/png.");
    case(Scene::good().kind(Kind::Image), "text/html", " | Set the Content-Type of the stored object to image/png.");
    case(Scene::good().kind(Kind::Video), "text/html", " | Send a video here.");
    case(Scene::good().field("character"), "text/html", " | Set the Content-Type of the stored object to image/png.");
    case(Scene::good().field("media"), "text/html", " | Send a video or an audio file here.");
}

#[test]
fn what_is_missing_is_told_apart_from_what_is_empty_or_twofold() {
    let told = |fields: &[(&str, &str)], code: &str| {
        let mut scene = Scene::good();
        scene.both(200, fields);
        scene.words(code)
    };
    let length = ("content-length", "1000");
    assert!(told(&[length], "missing-content-type").contains("answered without a Content-Type"));
    assert!(told(&[length, ("content-type", " ")], "missing-content-type").contains("answered an empty Content-Type"));
    let kind = ("content-type", "image/png");
    let differ = told(&[kind, length, ("content-length", "1001")], "fetch-failed");
    assert!(differ.contains("answered Content-Length fields that differ: 1001"), "{differ}");
    let odd = told(&[kind, ("content-length", "ten")], "fetch-failed");
    assert!(odd.contains("answered a Content-Length that is no number: ten"), "{odd}");
}

#[test]
fn a_location_counts_where_the_status_is_a_redirect() {
    for (status, leads) in [(299, false), (300, true), (399, true), (400, false), (404, false)] {
        let mut scene = Scene::good();
        scene.both(status, &[("location", "https://o.com/b.png")]);
        assert_eq!(scene.words("http-status").contains(" to https://o.com/b.png"), leads, "{status}");
    }
}

#[test]
fn remarks_of_head_and_get_that_differ_stay_apart() {
    let mut scene = Scene::good();
    let plain = [("content-type", "image/png"), ("content-length", "1000")];
    let filling = "x".repeat(16 << 10);
    scene.seen.head = answer(200, &[plain[0], plain[1], ("x-more", &filling)]);
    scene.seen.get = answer(200, &[plain[0], ("content-length", "01000")]);
    let codes = scene.codes();
    assert!(codes.contains("large-response-header~") && codes.contains("ambiguous-framing"), "{codes}");
    assert!(
        scene.words("large-response-header").starts_with("HEAD answered with"),
        "{}",
        scene.words("large-response-header")
    );
    assert!(scene.words("ambiguous-framing").starts_with("GET answered"), "{}", scene.words("ambiguous-framing"));
}

#[test]
fn a_head_is_large_beyond_sixteen_kibibytes() {
    let codes = |size: usize| {
        let fields = [("content-type", "image/png"), ("content-length", "1000")];
        // Each field counts with its colon, its space and its line end.
        let used: usize = fields.iter().map(|(name, value)| name.len() + value.len() + 4).sum();
        let filling = "x".repeat(size - used - "x-more".len() - 4);
        let mut scene = Scene::good();
        scene.both(200, &[fields[0], fields[1], ("x-more", filling.as_str())]);
        scene.codes()
    };
    assert_eq!(codes(16 << 10), "");
    assert_eq!(codes((16 << 10) + 1), "large-response-header~");
}
