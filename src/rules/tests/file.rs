//! Local files, checked for each transport.

use super::*;

fn file(size: u64, content: ContentState) -> Scene {
    let asset = Asset::new("a.png");
    let observation = Observation { size: Some(size), content, ..Observation::default() };
    Scene { asset, expectations: Expectations::default(), observation }
}

fn png(size: u64) -> Scene {
    file(size, ContentState::Media(Box::new(image(Format::Png, 1920, 1080))))
}

/// Returns the verdicts as letters in the order URL, data URI, upload, and the codes.
fn outcome(scene: &Scene) -> (String, String, Verdict) {
    let (findings, verdicts) = scene.file();
    let letters = verdicts.iter().map(|(_, verdict)| match verdict {
        Verdict::Accepted => 'a',
        Verdict::Undecided => 'u',
        Verdict::Rejected => 'r',
    });
    (letters.collect(), codes(&findings), Verdict::of(&findings))
}

#[test]
fn each_transport_has_its_own_limits() {
    let case = |size: u64, letters: &str, found: &str| {
        assert_eq!(outcome(&png(size)), (letters.to_owned(), found.to_owned(), Verdict::Accepted), "{size}");
    };
    case(511, "aar", "upload-too-small.");
    case(512, "aaa", "");
    // data:image/png;base64, has 22 characters; 5,242,880 - 22 = 5,242,858, so 3,932,142 bytes fit.
    case(3_932_142, "aaa", "");
    case(3_932_143, "ara", "data-uri-too-long.");
    case(16_777_216, "ara", "data-uri-too-long.");
    case(16_777_217, "rra", "too-large. data-uri-too-long.");
    case(209_715_200, "rra", "too-large. data-uri-too-long.");
    let (letters, found, verdict) = outcome(&png(209_715_201));
    assert_eq!((letters.as_str(), verdict), ("rrr", Verdict::Rejected));
    assert_eq!(found, "too-large data-uri-too-long too-large");
    let (findings, _) = png(3_932_143).file();
    assert_eq!(findings[0].transport, Some(Transport::DataUri));
    assert!(
        findings[0].detail.starts_with("3,932,143 bytes become a data URI of 5,242,882 characters"),
        "{findings:?}"
    );
}

#[test]
fn findings_about_one_transport_come_last_if_all_are_rejected() {
    let mut scene = png(20);
    scene.observation.content =
        ContentState::Unreadable { format: Format::Png, at: 16, what: "the header is cut short" };
    let (letters, found, verdict) = outcome(&scene);
    assert_eq!((letters.as_str(), verdict), ("rrr", Verdict::Rejected));
    assert_eq!(found, "unreadable-media upload-too-small.");
    // The unreadable bytes come first for a single transport as well.
    scene.expectations.transport = Some(Transport::Upload);
    assert_eq!(outcome(&scene).1, "unreadable-media upload-too-small");
}

#[test]
fn only_the_expected_transport_decides() {
    let mut scene = png(3_932_143);
    scene.expectations.transport = Some(Transport::DataUri);
    assert_eq!(outcome(&scene), ("r".to_owned(), "data-uri-too-long".to_owned(), Verdict::Rejected));
    scene.expectations.transport = Some(Transport::Upload);
    assert_eq!(outcome(&scene), ("a".to_owned(), String::new(), Verdict::Accepted));
}

#[test]
fn an_unaccepted_format_is_rejected_for_every_transport() {
    let gif = file(1000, ContentState::Unreadable { format: Format::Gif, at: 0, what: "GIF is not read" });
    let (letters, found, verdict) = outcome(&gif);
    assert_eq!((letters.as_str(), verdict), ("rrr", Verdict::Rejected));
    assert_eq!(found, "unreadable-media unsupported-asset-type");
    let (findings, _) = gif.file();
    let transports: Vec<Option<Transport>> = findings.iter().map(|finding| finding.transport).collect();
    assert_eq!(transports, [None, Some(Transport::DataUri)]);
}

#[test]
fn findings_about_every_transport_are_reported_once() {
    let large = file(1000, ContentState::Media(Box::new(image(Format::Png, 9000, 100))));
    let (letters, found, _) = outcome(&large);
    assert_eq!((letters.as_str(), found.as_str()), ("rrr", "dimensions-too-large aspect-ratio-outside"));
    let empty = file(0, ContentState::NotSeen);
    assert_eq!(outcome(&empty).0, "rrr");
    assert!(outcome(&empty).1.ends_with("unreadable-media upload-too-small."));
}

#[test]
fn an_unreadable_file_is_undecided() {
    let mut scene = file(0, ContentState::NotSeen);
    (scene.observation.size, scene.observation.unreadable) = (None, Some("permission denied".to_owned()));
    assert_eq!(outcome(&scene), ("uuu".to_owned(), "unreadable-file?".to_owned(), Verdict::Undecided));
}

#[test]
fn an_encoded_file_is_as_long_as_its_data_uri() {
    for (content_type, size) in [("image/png", 0), ("image/png", 1), ("image/png", 3), ("image/ϏƎ🙂", 4)] {
        let bytes = vec![7; usize::try_from(size).expect("small")];
        let uri = [crate::data_uri::head(content_type), crate::data_uri::encode(&bytes)].concat();
        assert_eq!(
            crate::rules::encoded_length(content_type, size),
            Asset::new(uri).length(),
            "{content_type}, {size}"
        );
    }
}

#[test]
fn a_name_that_misleads_servers_is_reported() {
    let case = |guess: Option<&str>, content: ContentState, expected: &str, alone: &str| {
        let mut scene = file(1000, content);
        for (transport, expected) in [(None, expected), (Some(Transport::Url), alone)] {
            scene.expectations.transport = transport;
            let target = Target::parse(&scene.asset);
            let context = CheckContext { guessed_type: guess, ..scene.context(&target) };
            assert_eq!(codes(&evaluate_file(&context).0), expected, "{guess:?} {transport:?}");
        }
    };
    let png = || ContentState::Media(Box::new(image(Format::Png, 1920, 1080)));
    case(Some("image/png"), png(), "", "");
    case(Some("image/webp"), png(), "type-mismatch.", "type-mismatch.");
    case(Some("image/heic"), png(), "type-mismatch.", "type-mismatch~");
    case(Some("video/mp4"), png(), "type-mismatch.", "type-mismatch~");
    case(None, png(), "type-mismatch.", "type-mismatch~");
    let unknown = || ContentState::Unreadable { format: Format::Unknown, at: 0, what: "it is nothing" };
    case(Some("image/png"), unknown(), "unreadable-media unsupported-asset-type", "unreadable-media");
    let heic = || ContentState::Unreadable { format: Format::Heic, at: 0, what: "HEIC is not read" };
    case(Some("image/jpeg"), heic(), "unreadable-media unsupported-asset-type", "unreadable-media");
    case(
        Some("image/heic"),
        heic(),
        "unreadable-media unsupported-content-type unsupported-asset-type",
        "unreadable-media unsupported-content-type",
    );
}
