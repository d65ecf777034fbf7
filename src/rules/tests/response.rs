//! The rules on the server's response.

use super::*;
use crate::observation::{ContentLength, DnsError, Phase, TlsError};

const FETCH_FAILED: &str =
    "Failed to fetch asset. The URL may be incorrect or the server hosting the asset may be down.";

#[test]
fn a_good_response_passes() {
    assert_eq!(Scene::good().codes(), "");
}

#[test]
fn every_fetch_error_has_a_sentence_and_a_cause() {
    let case = |error: FetchError, code: &str, first: &str, cause: &str| {
        let mut scene = Scene::new("https://h.com/a.png");
        scene.observation.head = failed(error.clone());
        scene.observation.get = failed(error.clone());
        assert_eq!((scene.codes().as_str(), scene.first().as_str()), (code, first), "{error:?}");
        let words = scene.words(code.trim_end_matches('?'));
        assert!(words.starts_with("HEAD and GET got no response: ") && words.contains(cause), "{words}");
    };
    let refused = |error: FetchError, cause: &str| case(error, "fetch-failed", FETCH_FAILED, cause);
    refused(FetchError::Dns(DnsError::NotFound), "no such host");
    refused(FetchError::Dns(DnsError::NoAddress), "has no address");
    refused(FetchError::Dns(DnsError::ServerFailed), "SERVFAIL");
    refused(FetchError::Dns(DnsError::ServerRefused), "REFUSED");
    refused(FetchError::Dns(DnsError::ServerTimeout { timeout: Duration::from_secs(5) }), "within 5 s");
    refused(FetchError::Dns(DnsError::Unknown), "no usable response");
    refused(FetchError::Dns(DnsError::InvalidName), "not a valid DNS name");
    refused(FetchError::ConnectionRefused, "refused");
    refused(FetchError::Unreachable, "no route to host");
    refused(FetchError::ConnectionReset(Phase::Tls), "reset during the TLS handshake");
    refused(FetchError::ConnectionClosed(Phase::FirstByte), "closed the connection while waiting");
    refused(FetchError::MalformedResponse("a space before a colon"), "a space before a colon");
    refused(FetchError::Other(UntrustedText::from("unusual")), "unusual");
    for (error, cause) in [
        (
            TlsError::Expired { intermediate: None, not_after: 1_767_323_045, now: 1_795_293_180 },
            "expired 2026-01-02 03:04 UTC; now it is 2026-11-21",
        ),
        (TlsError::NotYetValid { not_before: 1_795_293_180, now: 0 }, "valid from 2026-11-21 20:33 UTC"),
        (TlsError::WrongName { names: vec![UntrustedText::from("*.other.com")] }, "*.other.com"),
        (TlsError::SelfSigned, "self-signed"),
        (
            TlsError::IncompleteChain { issuer: UntrustedText::from("R11") },
            "intermediate certificate of R11, or R11 is not a public certificate authority | ",
        ),
        (TlsError::UntrustedRoot { issuer: UntrustedText::from("Corp") }, "not publicly trusted: Corp"),
        (TlsError::WrongPurpose, "not valid for server authentication"),
        (TlsError::ClientCertificateRequired, "client certificate"),
        (TlsError::UnsupportedVersion, "TLS 1.1 or older"),
        (TlsError::NotTls, "does not speak TLS"),
        (TlsError::Alert("handshake_failure".to_owned()), "handshake_failure"),
        (TlsError::Other(UntrustedText::from("unusual")), "TLS failed: unusual"),
    ] {
        refused(FetchError::Tls(error), cause);
    }
    let address = "10.1.2.3".parse().expect("an address");
    case(
        FetchError::AddressBlocked { address, range: "private network" },
        "private-address",
        FETCH_FAILED,
        "10.1.2.3 (private network)",
    );
    case(FetchError::LocalResourcesExhausted("no ports".to_owned()), "local-network-error?", "", "no ports");
    case(FetchError::LocalNetwork("no descriptors".to_owned()), "local-network-error?", "", "no descriptors");
    case(FetchError::Tls(TlsError::Http2Only), "http2-only-host?", "", "HTTP/2");
    let limit = Duration::from_secs(10);
    case(
        FetchError::Timeout { phase: Phase::FirstByte, timeout: limit },
        "timeout",
        "Timeout while fetching asset.",
        "timed out after 10 s while waiting",
    );
}

#[test]
fn the_status_must_be_200() {
    for status in [100, 101, 199, 201, 204, 206, 299, 301, 404, 500, 999] {
        let mut scene = Scene::good();
        scene.both(status, &[]);
        assert_eq!(scene.codes(), "http-status", "{status}");
        assert_eq!(scene.first(), format!("Failed to fetch asset. Received HTTP response code \"{status}\"."));
    }
    for (status, words) in [(203, "203 (Non-Authoritative Information)"), (413, "413 (Content Too Large)")] {
        let mut scene = Scene::good();
        scene.both(status, &[]);
        assert!(scene.words("http-status").contains(words), "{status}");
    }
    let mut scene = Scene::good();
    let fields = [("content-type", "image/png"), ("content-length", "10"), ("content-range", "bytes 0-9/1000")];
    let mut part = reply(206, &fields);
    part.total_length = Some(ContentLength::Known { bytes: 1000, repeated: false });
    scene.observation.get = RequestOutcome::Response(part);
    scene.observation.body = BodyTransfer { received: 10, end: BodyEnd::StoppedEarly, elapsed: Duration::ZERO };
    assert_eq!(scene.codes(), "", "a requested range counts as the whole body");
}

#[test]
fn a_redirect_is_shown_and_not_followed() {
    let case = |location: &str, expected: &str| {
        let mut scene = Scene::good();
        scene.both(302, &[("location", location)]);
        let words = scene.words("http-status");
        assert!(words.contains(expected), "{location}: {words}");
        assert!(!words.contains("canary") && !words.contains('\u{1b}'), "{words}");
    };
    case("/b.png", "returned 302 (Found) to https://h.com/b.png, which the API does not follow");
    case("https://u:canary@o.com/b?token=canary#canary", "to https://o.com/b?token=[redacted]");
    case("\u{1b}[2J", "which the API does not follow");
}

#[test]
fn the_servers_own_error_is_quoted_without_secrets() {
    let case = |content_type: &str, body: &str, expected: &str| {
        let mut scene =
            Scene::new("https://b.s3.amazonaws.com/a?X-Amz-Credential=AKIDCANARY&X-Amz-Signature=canary123");
        let mut get = reply(403, &[("content-type", content_type)]);
        get.body_snippet = Some(UntrustedText::from(body));
        scene.observation.head = answer(403, &[]);
        scene.observation.get = RequestOutcome::Response(get);
        let words = scene.words("http-status");
        assert!(words.contains(expected), "{words}");
        assert!(!words.to_lowercase().contains("canary"), "{words}");
    };
    case(
        "application/xml",
        "<Error><Code>AccessDenied</Code><Message>Request has expired</Message><StringToSign>canary</StringToSign>",
        "the server says: AccessDenied: Request has expired",
    );
    case("application/xml", "<Error><Code>NoSuchKey</Code>", "the server says: NoSuchKey");
    case("text/html", "<html><head><TITLE>\n Attention\nRequired </TITLE>", "the server says: Attention Required");
    case("application/json", "{\"error\": \"no access\", \"x\": 1", "the server says: no access");
    case("application/json", "{\"message\":\"bad key AKIDCANARY\"}", "the server says: bad key [redacted]");
    case("text/plain", "denied for https://o.com/?k=canary\nmore", "denied for https://o.com/?k=[redacted]");
}

#[test]
fn bot_checks_are_named() {
    let case = |status: u16, fields: &[(&str, &str)], expected: &str| {
        let mut scene = Scene::good();
        scene.both(status, fields);
        let words = scene.words("http-status");
        assert!(words.contains(expected) && words.contains("RunwayML API/"), "{words}");
    };
    case(403, &[("cf-mitigated", "challenge")], "403 (Forbidden) from Cloudflare's bot check");
    case(403, &[("server", "AkamaiGHost")], "perhaps from Akamai");
    case(403, &[("server", "cloudflare")], "perhaps from Cloudflare");
    let mut scene = Scene::good();
    scene.both(404, &[("server", "cloudflare")]);
    assert!(!scene.words("http-status").contains("perhaps"));
}

#[test]
fn content_types_are_compared_by_essence() {
    let case = |content_type: &str, expected: &str| {
        let mut scene = Scene::good();
        scene.observation.content = ContentState::NotSeen;
        scene.both(200, &[("content-type", content_type), ("content-length", "1000")]);
        assert_eq!(scene.codes(), expected, "{content_type}");
    };
    for content_type in ["image/jpeg", "image/jpg", "image/png", "image/webp", "IMAGE/PNG", "video/mp4", "audio/x-wav"]
    {
        case(content_type, "");
    }
    for content_type in ["image/png; charset=utf-8", "Image/Jpeg;q=1", "image/png;"] {
        case(content_type, "content-type-parameters~");
    }
    for content_type in ["application/octet-stream", "Application/Octet-Stream; x=y"] {
        case(content_type, "generic-content-type");
    }
    for content_type in [
        "text/html",
        "image/gif",
        "image/x-png",
        "binary/octet-stream",
        "image/png, image/jpeg",
        "garbage",
        "video/mov",
    ] {
        case(content_type, "unsupported-content-type");
    }
    case("", "missing-content-type");
    let mut scene = Scene::good();
    scene.both(200, &[("content-type", "text/\u{1b}html; a=b"), ("content-length", "1000")]);
    assert_eq!(scene.first(), "Unsupported Content-Type response header: \"text/\\x1bhtml; a=b\".");
    scene.both(200, &[("content-length", "1000")]);
    assert_eq!(scene.first(), "Unsupported Content-Type response header: \"\".");
    scene.both(200, &[("content-type", "image/png"), ("content-type", "text/html"), ("content-length", "1000")]);
    assert_eq!(scene.codes(), "multiple-content-types?");
}

#[test]
fn a_type_of_another_kind_is_rejected() {
    let mut scene = Scene::good().field("videoUri");
    scene.observation.content = ContentState::NotSeen;
    assert_eq!(scene.codes(), "unsupported-content-type");
    assert!(scene.words("unsupported-content-type").contains("expected a video, got an image"));
    let mut scene = Scene::good().field("character.uri");
    scene.observation.content = ContentState::NotSeen;
    assert_eq!(scene.codes(), "");
}

#[test]
fn the_hint_names_the_type_and_the_provider() {
    let mut scene = Scene::good();
    let fields = [("content-type", "binary/octet-stream"), ("content-length", "1000"), ("server", "AmazonS3")];
    scene.both(200, &fields);
    let words = scene.words("unsupported-content-type");
    let expected = "HEAD and GET returned Content-Type binary/octet-stream | Amazon S3: set the Content-Type of the object to image/png;";
    assert!(words.starts_with(expected), "{words}");
    scene.both(200, &[("content-type", "application/octet-stream"), ("content-length", "1000")]);
    assert!(scene.words("generic-content-type").ends_with("Set the Content-Type of the stored object to image/png."));
}

#[test]
fn the_length_must_be_present_and_unambiguous() {
    let case = |fields: &[(&str, &str)], expected: &str| {
        let mut scene = Scene::good();
        scene.observation.body = BodyTransfer::default();
        let mut all = vec![("content-type", "image/png")];
        all.extend_from_slice(fields);
        scene.both(200, &all);
        assert_eq!(scene.codes(), expected, "{fields:?}");
    };
    case(&[("content-length", "1000")], "");
    case(&[], "missing-content-length");
    case(&[("transfer-encoding", "chunked")], "missing-content-length");
    case(&[("content-length", "1000"), ("transfer-encoding", "chunked")], "ambiguous-framing?");
    case(&[("content-length", "1000"), ("content-length", "1000")], "ambiguous-framing?");
    case(&[("content-length", "01000")], "ambiguous-framing?");
    case(&[("content-length", "+1000")], "fetch-failed");
    case(&[("content-length", "1000"), ("content-length", "1001")], "fetch-failed");
    case(&[("content-length", "18446744073709551615")], "too-large");
    case(&[("content-length", "1000"), ("content-encoding", "gzip")], "content-encoded~");
    case(&[("content-length", "1000"), ("content-encoding", "identity")], "");
    case(&[("content-length", "1000"), ("content-encoding", "aws-chunked")], "unknown-content-encoding~");
    case(&[("content-length", "1000"), ("content-encoding", "utf-8")], "unknown-content-encoding.");
    let long = "a".repeat(16 << 10);
    case(&[("content-length", "1000"), ("x-long", &long)], "large-response-header~");
}

#[test]
fn sizes_pass_up_to_the_limit_of_the_kind() {
    let case = |content_type: &str, size: u64, expected: &str| {
        let mut scene = Scene::good();
        scene.observation.content = ContentState::NotSeen;
        scene.observation.body = BodyTransfer::default();
        scene.both(200, &[("content-type", content_type), ("content-length", &size.to_string())]);
        assert_eq!(scene.first(), expected, "{content_type} {size}");
    };
    for (content_type, limit, sentence) in [
        ("image/png", 16_777_216, "Asset size exceeds 16.0MB."),
        ("video/mp4", 33_554_432, "Asset size exceeds 32.0MB."),
        ("audio/mpeg", 33_554_432, "Asset size exceeds 32.0MB."),
    ] {
        case(content_type, limit - 1, "");
        case(content_type, limit, "");
        case(content_type, limit + 1, sentence);
    }
    let mut voice = Scene::good().endpoint("voices").field("from.audio");
    voice.observation.content = ContentState::NotSeen;
    voice.observation.body = BodyTransfer::default();
    voice.both(200, &[("content-type", "audio/mpeg"), ("content-length", "10485761")]);
    assert_eq!(voice.first(), "Asset size exceeds 10.0MB.");
    let mut retired = Scene::good().model("upscale_v1");
    retired.observation.content = ContentState::NotSeen;
    retired.observation.body = BodyTransfer::default();
    retired.both(200, &[("content-type", "video/mp4"), ("content-length", "20000000")]);
    assert_eq!(retired.first(), "", "an inferred limit rejects nothing");
}

#[test]
fn the_body_must_be_as_long_as_announced() {
    let broken = |received: u64, end: BodyEnd| {
        let mut scene = Scene::good();
        scene.observation.body = BodyTransfer { received, end, elapsed: Duration::ZERO };
        scene
    };
    let scene = broken(999, BodyEnd::Complete);
    assert_eq!((scene.codes().as_str(), scene.first().as_str()), ("fetch-failed", FETCH_FAILED));
    assert_eq!(broken(1001, BodyEnd::Complete).codes(), "fetch-failed");
    let scene = broken(10, BodyEnd::Interrupted(FetchError::TruncatedBody { announced: 1000, received: 10 }));
    let words = scene.words("fetch-failed");
    assert!(
        words.contains("received 10 of 1,000 announced bytes") && words.contains("\"Asset size exceeds 16.0MB.\""),
        "{words}"
    );
    assert_eq!(broken(10, BodyEnd::Interrupted(FetchError::ConnectionReset(Phase::Body))).codes(), "fetch-failed");
    let limit = Duration::from_secs(10);
    let scene = broken(10, BodyEnd::Interrupted(FetchError::Timeout { phase: Phase::Body, timeout: limit }));
    assert_eq!((scene.codes().as_str(), scene.first().as_str()), ("timeout", "Timeout while fetching asset."));
    assert_eq!(broken(10, BodyEnd::StoppedEarly).codes(), "");
}

#[test]
fn more_than_ten_seconds_is_a_timeout_and_more_than_five_a_warning() {
    let case = |millis: u64, expected: &str| {
        let mut scene = Scene::good();
        scene.observation.body.elapsed = Duration::from_millis(millis - 40);
        assert_eq!(scene.codes(), expected, "{millis}");
    };
    case(5000, "");
    case(5001, "near-timeout~");
    case(10_000, "near-timeout~");
    case(10_001, "timeout");
}

#[test]
fn head_and_get_are_compared() {
    let good = [("content-type", "image/png"), ("content-length", "1000")];
    let case = |head: RequestOutcome, get: RequestOutcome, expected: &str| {
        let mut scene = Scene::good();
        scene.observation.body = BodyTransfer::default();
        (scene.observation.head, scene.observation.get) = (head, get);
        assert_eq!(scene.codes(), expected);
        scene
    };
    case(answer(405, &[]), answer(200, &good), "http-status head-get-differ~");
    case(answer(200, &good), answer(403, &[]), "http-status head-get-differ~");
    case(failed(FetchError::ConnectionReset(Phase::FirstByte)), answer(200, &good), "fetch-failed head-get-differ~");
    let scene = case(
        answer(200, &[("content-type", "image/png")]),
        answer(200, &good),
        "missing-content-length head-get-differ~",
    );
    assert!(scene.words("head-get-differ").starts_with("HEAD returned Content-Length none, GET 1000 |"));
    let other = [("content-type", "image/jpeg"), ("content-length", "0")];
    let scene = case(answer(200, &other), answer(200, &good), "head-get-differ~");
    let words = scene.words("head-get-differ");
    assert!(
        words.contains("Content-Type image/jpeg, GET image/png; HEAD returned Content-Length 0, GET 1000"),
        "{words}"
    );

    let mut signed = Scene::good();
    signed.asset = Asset::new("https://b.s3.amazonaws.com/a.png?X-Amz-Signature=abc");
    signed.observation.head = answer(403, &[("server", "AmazonS3")]);
    assert_eq!(signed.first(), "Failed to fetch asset. Received HTTP response code \"403\".");
    assert!(signed.words("http-status").contains("Amazon S3: a URL signed for GET rejects HEAD"));
    assert!(signed.words("head-get-differ").contains("signed for GET only"));
}

#[test]
fn different_rejections_are_separate_and_head_comes_first() {
    let mut scene = Scene::good();
    scene.observation.head = answer(200, &[("content-type", "text/html"), ("content-length", "5")]);
    scene.observation.get = answer(404, &[]);
    assert_eq!(scene.codes(), "unsupported-content-type http-status head-get-differ~");
    assert_eq!(scene.first(), "Unsupported Content-Type response header: \"text/html\".");
}

#[test]
fn an_asset_that_was_not_fetched_gets_a_note() {
    assert_eq!(Scene::new("https://h.com/a.png").codes(), "not-fetched.");
    let mut head_only = Scene::good();
    (head_only.observation.get, head_only.observation.content) = (RequestOutcome::NotSent, ContentState::NotSeen);
    head_only.observation.body = BodyTransfer::default();
    assert_eq!(head_only.codes(), "head-only.");
    head_only.observation.head = answer(200, &[("content-type", "image/png"), ("content-length", "0")]);
    assert_eq!(head_only.codes(), "zero-content-length~ head-only.");
    assert_eq!(Scene::new("runway://abcdef").codes(), "");
}
