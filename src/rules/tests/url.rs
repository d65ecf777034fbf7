//! The rules on the text of an asset.

use super::*;
use crate::text::secret::QueryRedaction;

/// Evaluates the address alone.
fn case(text: &str, expected: &str) {
    let scene = Scene::new(text);
    let shown = scene.asset.redacted(QueryRedaction::Show).escaped().to_string();
    assert_eq!(codes(&scene.stage(Stage::Address)), expected, "{shown}");
}

#[test]
fn urls_are_parsed_and_must_be_https_on_a_domain() {
    case("https://h.com/a.png", "");
    for text in ["", "   ", "/a.jpg", "//h/a", "h/a.jpg", "https://", "https://?", "https://#", "https://h h.com/"] {
        let scene = Scene::new(text);
        let found = codes(&scene.stage(Stage::Address));
        assert!(found.ends_with("invalid-url") || found.ends_with("invalid-url url-too-short~"), "{text:?}: {found}");
    }
    case("https://256.1.1.1/abc", "invalid-url");
    case("https://h.com:65536/", "invalid-url");
    case("http://h.com/abcd", "not-https");
    case("ftp://h.com/abcd", "not-https");
    case("file:///etc/passwd", "not-https");
    case("HTTP://H.com/abcd", "not-https");
    case("http://11.22.33.44/", "not-https not-a-domain");
    case("https://11.22.33.44/foo", "not-a-domain");
    case("https://0x7f.1/abc", "not-a-domain");
    case("https://2130706433/", "not-a-domain");
    case("https://[::1]/abc", "not-a-domain");
    case("https://[::ffff:127.0.0.1]/", "not-a-domain");
    case("https://[fe80::1%eth0]/", "invalid-url");
}

#[test]
fn lengths_pass_up_to_and_including_the_limit() {
    let url = |length: usize| format!("https://h.com/{}", "a".repeat(length - 14));
    case(&url(2047), "");
    case(&url(2048), "");
    case(&url(2049), "url-too-long");
    case(&url(70_000), "url-too-long");
    case("https://h.cc/", "");
    case("https://h.c/", "url-too-short~");
    case(&format!("runway://{}", "a".repeat(4991)), "");
    case(&format!("runway://{}", "a".repeat(4992)), "runway-uri-too-long");
    case("runway://abcd", "");
    case("runway://abc", "url-too-short~");
    case(&format!("https://h.com/{}", "é".repeat(2034)), "");
    case(&format!("https://h.com/{}", "é".repeat(2035)), "url-too-long");
}

#[test]
fn a_data_uri_is_limited_as_a_whole_whatever_its_kind() {
    for (kind, head) in [
        (Kind::Image, "data:image/png;base64,"),
        (Kind::Video, "data:video/mp4;base64,"),
        (Kind::Audio, "data:audio/mpeg;base64,"),
    ] {
        let of = |length: u64| {
            let mut scene = Scene::new(head).kind(kind);
            scene.asset = Asset::truncated(format!("{head}AAAA").into_bytes(), length);
            scene
        };
        assert_eq!(of(5_242_879).codes(), "", "{kind:?}");
        assert_eq!(of(5_242_880).codes(), "", "{kind:?}");
        assert_eq!(of(5_242_881).first(), "Too big: expected string to have <=5242880 characters", "{kind:?}");
        let earlier = of(16_777_216).words("data-uri-too-long");
        assert_eq!(
            earlier.contains("until 2026-08-31, the documentation allowed 16,777,216"),
            kind != Kind::Image,
            "{earlier}"
        );
        assert!(!of(16_777_217).words("data-uri-too-long").contains("until"));
    }
}

#[test]
fn data_uris_must_parse_and_name_an_accepted_type() {
    case("data:image/png;base64,aGkA", "");
    case("data:image/jpg;base64,aGkA", "");
    case("data:IMAGE/PNG;base64,aGkA", "non-canonical-data-uri~");
    case("data: image/png;base64,aGkA", "non-canonical-data-uri~");
    case("data:image/png;base64,", "");
    case("data:", "url-too-short~ invalid-data-uri");
    case("data:image/png;base64", "invalid-data-uri");
    case("data:image/png,aGkA", "invalid-data-uri");
    case("data:image/png;base64,aG!A", "invalid-data-uri");
    case("data:image/png;base64,aG_-", "non-canonical-data-uri?");
    case("data:video/webm;codecs=vp9,opus;base64,aGkA", "invalid-data-uri");
    case("data:image/png;base64,data:image/png;base64,aGkA", "invalid-data-uri");
    case("data:;base64,aGkA", "unsupported-asset-type");
    case("data:image;base64,aGkA", "unsupported-asset-type");
    case("data:image/gif;base64,aGkA", "unsupported-asset-type");
    case("data:text/html;base64,aGkA", "unsupported-asset-type");
    case("data:application/octet-stream;base64,aGkA", "unsupported-asset-type");
    case("data:image/gif;base64,aG!A", "invalid-data-uri unsupported-asset-type");
    case("data:image/png;base64,aG kA", "non-canonical-data-uri~");
    case("DATA:image/png;base64,aGkA", "non-canonical-data-uri~");
    case("data:image/png;base64,aGkA#x", "non-canonical-data-uri~");
    case("data:image/png;charset=x;base64,aGkA", "content-type-parameters~");
}

#[test]
fn a_data_uri_must_be_of_the_kind_that_the_field_takes() {
    let case = |field: &str, text: &str, expected: &str| {
        assert_eq!(Scene::new(text).field(field).codes(), expected, "{field} {text}");
    };
    let (image, video, audio) =
        ("data:image/png;base64,aGkA", "data:video/mp4;base64,aGkA", "data:audio/mpeg;base64,aGkA");
    case("promptImage", image, "");
    case("promptImage[0].uri", video, "unsupported-asset-type");
    case("videoUri", video, "");
    case("videoUri", audio, "unsupported-asset-type");
    case("referenceAudio[1].uri", audio, "");
    case("referenceAudio[1].uri", image, "unsupported-asset-type");
    case("character.uri", image, "");
    case("character.uri", video, "");
    case("character.uri", audio, "unsupported-asset-type");
    case("unheard.of", audio, "");
    let words = Scene::new(video).field("promptImage").words("unsupported-asset-type");
    assert!(words.contains("video/mp4: expected an image, got a video"), "{words}");
}

#[test]
fn a_repaired_url_is_a_warning_with_the_normalized_form() {
    case("HTTPS://h.com/a", "non-canonical-url~");
    case("https:h.com/abcd", "non-canonical-url~");
    case("https:\\\\h.com\\a", "non-canonical-url~");
    case("https://h.com/a\nb", "non-canonical-url~");
    case("https:////h.com/a", "non-canonical-url~");
    case("RUNWAY://abcdefg", "non-canonical-url~");
    case("runway://abc\ndefg", "non-canonical-url~");
    let words = Scene::new(" https://u:p@h.com/a\tb?k=v").words("non-canonical-url");
    assert!(words.contains("https://h.com/ab?k=[redacted]") && !words.contains("u:p"), "{words}");
}

#[test]
fn unusual_hosts_and_ports_are_reported() {
    case("https://h.com./a", "trailing-dot-host~");
    case("https://аррӏе.com/a", "international-host~");
    case("https://xn--bcher-kva.example.com/a", "");
    case("https://XN--bcher-kva.example.com/a", "");
    case("https://h\u{ff0e}com/abc", "international-host~");
    case("https://h.com/ü", "");
    case("https://h.com:443/a", "");
    case("https://h.com:8443/a", "unusual-port.");
    case("https://h.com:6667/a", "blocked-port?");
    case("https://h.com:22/a", "blocked-port?");
    case("https://h.com:0/a", "fetch-failed");
    case("https://user:pw@h.com/", "credentials-in-url?");
    case("https://user@h.com/", "credentials-in-url?");
    case("https://:@h.com/", "");
    let words = Scene::new("https://good.com@evil.com/").words("credentials-in-url");
    assert!(words.contains("evil.com") && !words.contains("good.com"), "{words}");
    assert!(Scene::new("https://аррӏе.com/a").words("international-host").contains("xn--80ak6aa92e.com"));
}

#[test]
fn special_names_are_rejected_unless_allowed() {
    for host in [
        "localhost",
        "x.localhost",
        "p.local",
        "metadata.google.internal",
        "h.home.arpa",
        "h.onion",
        "h.test",
        "intranet",
    ] {
        let mut scene = Scene::new(&format!("https://{host}/abc"));
        assert_eq!(scene.codes(), "special-name", "{host}");
        assert!(scene.first().starts_with("Failed to fetch asset. The URL may be incorrect"), "{host}");
        scene.expectations.allow_private = true;
        assert_eq!(codes(&scene.stage(Stage::Address)), "", "{host}");
    }
    case("https://localhost.example-cdn.com/", "");
}

#[test]
fn signed_urls_expire_without_printing_their_secrets() {
    let now = 1_767_323_045; // 2026-01-02 03:04:05 UTC
    let case = |query: &str, expected: &str| {
        let mut scene = Scene::new(&format!("https://b.s3.amazonaws.com/a.png?{query}&X-Amz-Signature=canary"));
        scene.observation.observed_at = Some(now);
        let findings = scene.stage(Stage::Address);
        assert_eq!(codes(&findings), expected, "{query}");
        assert!(!format!("{findings:?}").contains("canary"), "{query}");
    };
    let signed = |seconds: u64| format!("X-Amz-Date=20260102T030405Z&X-Amz-Expires={seconds}");
    case(&signed(0), "expired~");
    case(&signed(1), "expires-soon~");
    case(&signed(899), "expires-soon~");
    case(&signed(900), "");
    case("Expires=1767323044&Signature=canary", "expired~");
    case("se=2026-01-02T03:14:05Z&sig=canary", "expires-soon~");
    let mut scene = Scene::new("https://h.com/a?X-Amz-Date=20260102T020405Z&X-Amz-Expires=60");
    assert_eq!(codes(&scene.stage(Stage::Address)), "", "without a clock there is no finding");
    scene.observation.observed_at = Some(now);
    assert!(scene.words("expired").contains("the signed URL expired 2026-01-02 02:05 UTC, 59 minutes ago"));
    for (seconds, left) in [(1, "1 minute"), (60, "1 minute"), (61, "2 minutes"), (899, "15 minutes")] {
        let mut scene = Scene::new(&format!("https://h.com/a?{}", signed(seconds)));
        scene.observation.observed_at = Some(now);
        let words = scene.words("expires-soon");
        assert!(words.contains(&format!(" UTC, in {left} (by its")), "{seconds}: {words}");
    }
}

#[test]
fn unknown_models_and_endpoints_get_the_nearest_name() {
    let words = Scene::new("https://h.com/a.png").model("gen4_tubro").words("unknown-model");
    assert_eq!(words, "unknown model gen4_tubro (rules of 2026-10-23) | Did you mean gen4_turbo?");
    let words = Scene::new("https://h.com/a.png").endpoint("image-to-video").words("unknown-model");
    assert!(words.ends_with("Did you mean image_to_video?"), "{words}");
    let scene = Scene::new("https://h.com/a.png").model("gen4_turbo").endpoint("image_to_video");
    assert_eq!(codes(&scene.stage(Stage::Address)), "");
}

#[test]
fn what_was_left_in_the_place_of_a_host_gets_its_own_hint() {
    let hint = |url: &str| Scene::new(url).words("special-name");
    assert!(hint("https://https://h.com/a").contains("Remove the second scheme"));
    assert!(hint("https://undefined/a").contains("it has no value"));
    assert!(hint("https://{{host}}/a").contains("Fill in the placeholder"));
    assert!(hint("https://cdn/a").contains("Use a public domain name"));
}
