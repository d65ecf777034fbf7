//! Hints by status and by format, and failures that a retry may fix.

use super::*;
use crate::observation::TlsError;
use crate::rules::{accepted_type, size_limit, transient_failure};
use crate::units::Bytes;

/// Asserts the detail and the hint for responses with a status.
fn status(status: u16, expected: &str, expected_hint: &str) {
    let mut scene = Scene::good();
    scene.both(status, &[]);
    let words = scene.words("http-status");
    let (detail, hint) = words.split_once(" | ").expect("a detail and a hint");
    assert_eq!(detail, format!("HEAD and GET returned {expected}"), "{status}");
    assert!(hint.starts_with(expected_hint), "{status}: {hint}");
}

#[test]
fn each_status_has_its_hint() {
    let usual = "Make this exact URL return 200 for both HEAD and GET.";
    let log = "Check the server log, or retry later if you do not run the server.";
    let public = "Make the asset public, sign its URL, or allow the User-Agent";
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
    status(410, "410 (Gone)", "Get a new link");
    status(418, "418 (I'm a teapot)", usual);
    status(426, "426 (Upgrade Required)", "Allow HTTP/1.1");
    status(429, "429 (Too Many Requests)", "Store the file on another host");
    status(451, "451 (Unavailable For Legal Reasons)", "Store the file on another host");
    status(500, "500 (Internal Server Error)", log);
    status(501, "501 (Not Implemented)", "Allow HEAD on the server");
    status(502, "502 (Bad Gateway)", log);
    status(503, "503 (Service Unavailable)", log);
    status(504, "504 (Gateway Timeout)", log);
    status(599, "599", log);
}

#[test]
fn a_rejection_of_head_only_has_a_hint_about_the_method() {
    let mut scene = Scene::good();
    scene.observation.head = answer(405, &[]);
    assert!(
        scene
            .words("http-status")
            .ends_with(" | Configure the server to return the same status and headers for HEAD as for GET.")
    );
    scene.asset = Asset::new("https://h.com/a.png?sig=a");
    assert!(scene.words("http-status").contains("a URL signed for GET rejects HEAD"));
    scene.both(403, &[]);
    assert!(scene.words("http-status").contains(" | Sign a new URL right before the request"));
    scene.both(403, &[("x-datadome", "protected")]);
    assert!(scene.words("http-status").contains(" | Allow clients whose User-Agent begins with"));
    let mut plain = Scene::good();
    plain.both(302, &[("location", "/b.png")]);
    assert!(plain.words("http-status").ends_with(" | Send the URL that the redirect leads to."));
    // HEAD is sent first, so the hint is about its status even if GET fails as well.
    plain.observation.head = answer(405, &[]);
    plain.observation.get = answer(404, &[]);
    assert!(plain.words("http-status").contains("Allow HEAD on the server: the API sends HEAD before GET."));
}

#[test]
fn only_transient_failures_are_retried() {
    let case = |scene: &Scene, expected: Option<&str>| {
        let target = Target::parse(&scene.asset);
        assert_eq!(transient_failure(&scene.context(&target)).as_deref(), expected);
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
        let message = format!("{failed_with} \"{status}\". (HEAD and GET returned {status}{phrase})");
        case(&with(status), Some(&message));
    }
    let mut silent = Scene::good();
    silent.observation.head = failed(FetchError::ConnectionRefused);
    silent.observation.get = failed(FetchError::ConnectionRefused);
    let target = Target::parse(&silent.asset);
    let message = transient_failure(&silent.context(&target)).expect("a transient failure");
    assert!(message.starts_with("Failed to fetch asset. The URL may be incorrect"), "{message}");
    // A retry does not help with a host that supports only HTTP/2.
    silent.observation.head = failed(FetchError::Tls(TlsError::Http2Only));
    silent.observation.get = failed(FetchError::Tls(TlsError::Http2Only));
    case(&silent, None);
}

#[test]
fn formats_that_are_not_accepted_are_converted_by_a_command() {
    let case = |format: Format, command: Option<&str>| {
        let mut scene = Scene::good();
        scene.observation.content = ContentState::Unreadable { format, at: 0, what: "it is none" };
        let words = scene.words("unreadable-media");
        match command {
            Some(command) => assert!(words.ends_with(&format!("Convert it: `{command}`")), "{words}"),
            None => assert!(!words.contains("Convert it"), "{words}"),
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
    case(Format::Gzip, Some("gunzip -c IN > OUT"));
    case(Format::Zip, Some("unzip IN"));
    for format in [Format::Html, Format::Xml, Format::Json, Format::Text, Format::Unknown] {
        case(format, None);
    }
}

#[test]
fn only_accepted_formats_have_an_accepted_type() {
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
fn the_proposal_is_the_type_of_the_bytes_or_the_expected_kind() {
    let case = |scene: Scene, content_type: &str, expected: &str| {
        let mut scene = scene;
        scene.both(200, &[("content-type", content_type), ("content-length", "1000")]);
        let words = scene.words("unsupported-content-type");
        assert!(words.ends_with(expected), "{content_type}: {words}");
    };
    case(Scene::good(), "text/html", " | Set the Content-Type of the stored object to image/png.");
    case(Scene::good().kind(Kind::Image), "text/html", " | Set the Content-Type of the stored object to image/png.");
    case(Scene::good().kind(Kind::Video), "text/html", " | Send a video.");
    case(Scene::good().field("character"), "text/html", " | Set the Content-Type of the stored object to image/png.");
    case(Scene::good().field("media"), "text/html", " | Send a video or an audio file.");
}

#[test]
fn missing_empty_and_repeated_headers_are_distinguished() {
    let words = |fields: &[(&str, &str)], code: &str| {
        let mut scene = Scene::good();
        scene.both(200, fields);
        scene.words(code)
    };
    let length = ("content-length", "1000");
    assert!(words(&[length], "missing-content-type").contains("returned no Content-Type"));
    assert!(words(&[length, ("content-type", " ")], "missing-content-type").contains("returned an empty Content-Type"));
    let kind = ("content-type", "image/png");
    let differ = words(&[kind, length, ("content-length", "1001")], "fetch-failed");
    assert!(differ.contains("returned different Content-Length headers: 1001"), "{differ}");
    let invalid = words(&[kind, ("content-length", "ten")], "fetch-failed");
    assert!(invalid.contains("returned an invalid Content-Length: ten"), "{invalid}");
}

#[test]
fn the_location_is_read_only_for_a_redirect_status() {
    for (status, leads) in [(299, false), (300, true), (399, true), (400, false), (404, false)] {
        let mut scene = Scene::good();
        scene.both(status, &[("location", "https://o.com/b.png")]);
        assert_eq!(scene.words("http-status").contains(" to https://o.com/b.png"), leads, "{status}");
    }
}

#[test]
fn different_findings_about_head_and_get_stay_separate() {
    let mut scene = Scene::good();
    let plain = [("content-type", "image/png"), ("content-length", "1000")];
    let filling = "x".repeat(16 << 10);
    scene.observation.head = answer(200, &[plain[0], plain[1], ("x-more", &filling)]);
    scene.observation.get = answer(200, &[plain[0], ("content-length", "01000")]);
    let codes = scene.codes();
    assert!(codes.contains("large-response-header~") && codes.contains("ambiguous-framing"), "{codes}");
    assert!(
        scene.words("large-response-header").starts_with("HEAD returned 16"),
        "{}",
        scene.words("large-response-header")
    );
    assert!(scene.words("ambiguous-framing").starts_with("GET returned"), "{}", scene.words("ambiguous-framing"));
}

#[test]
fn headers_are_large_above_sixteen_kibibytes() {
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

#[test]
fn a_redirect_to_a_login_or_a_signed_url_is_not_the_url_to_send() {
    let hint = |location: &str| {
        let mut scene = Scene::good();
        scene.both(302, &[("location", location)]);
        scene.words("http-status")
    };
    for login in [
        "/login?next=/a.png",
        "/users/sign_in",
        "https://o.com/x?redir=%2Fa.png",
        "https://accounts.google.com/v3/signin/identifier",
        "https://login.microsoftonline.com/common/oauth2/authorize",
        "https://team.cloudflareaccess.com/cdn-cgi/access/login/h.com",
        "https://vercel.com/sso-api?url=https%3A%2F%2Fh.com%2Fa.png",
        "/Account/Login.aspx",
    ] {
        assert!(
            hint(login).ends_with("Send the file as an upload: the URL requires a login."),
            "{login}: {}",
            hint(login)
        );
    }
    for signed in [
        "https://b.s3.amazonaws.com/a.png?X-Amz-Expires=300&X-Amz-Signature=abcdef",
        "https://acct.blob.core.windows.net/c/a.png?se=2026-01-01&sig=abcdef",
    ] {
        assert!(hint(signed).contains("leads to a signed URL that expires soon"), "{signed}: {}", hint(signed));
    }
    for plain in ["https://o.com/b.png", "https://o.com/login-form/a.png?next=1", "https://o.com/signing/b.png"] {
        assert!(hint(plain).ends_with("Send the URL that the redirect leads to."), "{plain}: {}", hint(plain));
    }
}

#[test]
fn too_many_requests_state_when_to_retry() {
    let mut scene = Scene::good();
    scene.both(429, &[("retry-after", "120")]);
    assert!(scene.words("http-status").contains("429 (Too Many Requests), Retry-After: 120 s"));
    scene.both(429, &[("retry-after", "Wed, 21 Oct 2026 07:28:00 GMT")]);
    assert!(!scene.words("http-status").contains("Retry-After"));
}

#[test]
fn a_suspicious_url_is_the_hint_for_a_4xx_status() {
    let words = |url: &str, status: u16| {
        let mut scene = Scene::good();
        scene.asset = Asset::new(url);
        scene.both(status, &[]);
        scene.words("http-status")
    };
    let amp = words("https://b.s3.amazonaws.com/a.png?x=1&amp;X-Amz-Signature=abcdef", 403);
    assert!(
        amp.contains("the query contains &amp;") && amp.ends_with("Write & in place of &amp; in the query."),
        "{amp}"
    );
    assert!(words("https://h.com/clip%20#1.mp4", 404).contains("5 characters after # are not sent"));
    assert!(!words("https://h.com/clip%20#1.mp4", 500).contains("after #"));
    let mut good = Scene::good();
    good.asset = Asset::new("https://h.com/a#b.png?sig=x");
    assert_eq!(good.codes(), "suspicious-url.");
    good.asset = Asset::new("https://h.com/a.png#top");
    assert_eq!(good.codes(), "");
}
