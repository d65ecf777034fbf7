//! Limits that differ between models: the ranges and bounds of `--model` and `--endpoint`.

use crate::program::{Outcome, program};

fn check(args: &[&str]) -> Outcome {
    program().arg("check").args(args).run()
}

#[test]
fn the_model_decides_on_shape_length_and_size() {
    let case = |asset: &str, flags: &[&str], sentence: Option<&str>| {
        let outcome = check(&[&["--format", "reasons", asset], flags].concat());
        let expected = sentence.map_or_else(String::new, |sentence| format!("{sentence}\n"));
        assert_eq!(
            (outcome.status, outcome.stdout.as_str()),
            (i32::from(sentence.is_some()), expected.as_str()),
            "{outcome}"
        );
        outcome.stderr_is_empty();
    };
    let ratio = |bounds: &str, got: &str| {
        format!("Invalid asset aspect ratio. width / height ratio must be between {bounds}. Got {got}.")
    };
    let wide = "fixtures/images/2400x1000.png";
    case(wide, &["--model", "gen4_turbo"], Some(&ratio("0.5 and 2.358", "2.4")));
    case(wide, &["--model", "gen4.5"], Some(&ratio("0.5 and 2", "2.4")));
    case(wide, &["--model", "seedance2"], None);
    case(wide, &["--model", "gen4_image"], None);
    case("fixtures/images/2358x1000.png", &["--model", "gen4_turbo"], None);
    case("fixtures/images/2359x1000.png", &["--model", "gen4_turbo"], Some(&ratio("0.5 and 2.358", "2.359")));
    case("fixtures/images/2358x1000.png", &["--model", "gen4.5"], Some(&ratio("0.5 and 2", "2.358")));
    let phone = "fixtures/images/1170x2532.jpg";
    case(phone, &["--model", "gen4_turbo"], Some(&ratio("0.5 and 2.358", "0.462")));
    case(phone, &["--model", "gen4.5"], Some(&ratio("0.5 and 2", "0.462")));
    case(phone, &["--model", "happyhorse_1_0"], Some(&ratio("0.55 and 1.8", "0.462")));
    case(phone, &["--model", "hailuo3"], None);
    case(phone, &["--endpoint", "recipes/product_ugc", "--field", "productImage"], None);
    let field = ["--model", "gen4_turbo", "--field", "promptImage"];
    case(phone, &field, Some(&format!("promptImage: {}", ratio("0.5 and 2.358", "0.462"))));

    let long = "Asset duration must be at most 30 seconds";
    let short = "Asset duration must be at least 2 seconds";
    case("fixtures/video/long-31s.mp4", &["--model", "aleph2"], Some(long));
    case("fixtures/video/long-31s.mp4", &["--endpoint", "video_to_hdr"], Some(long));
    case("fixtures/video/long-31s.mp4", &["--endpoint", "/v1/video_to_hdr"], Some(long));
    case("fixtures/video/long-31s.mp4", &["--model", "magnific_video_upscaler_creative"], Some(long));
    case(
        "fixtures/video/long-31s.mp4",
        &["--model", "ruby", "--field", "videoUri"],
        Some(&format!("videoUri: {long}")),
    );
    case("fixtures/video/full-30s.mp4", &["--model", "aleph2"], None);
    case("fixtures/video/full-30s.mp4", &["--endpoint", "video_to_hdr"], None);
    case("fixtures/video/short-1s.mp4", &["--model", "aleph2"], Some(short));
    case("fixtures/video/short-1s.mp4", &["--endpoint", "video_to_hdr"], None);
}

#[test]
fn a_side_that_is_too_short_for_a_model_is_a_lint() {
    let small = check(&["--model", "happyhorse_1_0", "fixtures/images/299x400.jpg"]).exit_code(1);
    small
        .stdout_contains("error[size-outside]")
        .stdout_contains("299x400 pixels, ratio 0.748; for happyhorse_1_0")
        .stdout_contains("at least 300");
    check(&["--model", "happyhorse_1_0", "fixtures/images/300x400.jpg"]).exit_code(0);
    check(&["--model", "gen4_turbo", "fixtures/images/299x400.jpg"]).exit_code(0);
}

#[test]
fn the_detail_names_the_model_and_the_json_the_finding() {
    let outcome = check(&["--model", "gen4.5", "--format", "json", "fixtures/images/2400x1000.png"]).exit_code(1);
    let document = outcome.json();
    let finding = &document["assets"][0]["findings"][0];
    assert_eq!((&finding["code"], &finding["confidence"]), (&"aspect-ratio-outside".into(), &"documented".into()));
    let detail = finding["detail"].as_str().expect("a detail");
    assert!(detail.contains("gen4.5"), "{detail}");
    assert_eq!(document["faithful"], true);
}

#[test]
fn unknown_names_suggest_the_nearest_known_one() {
    let photo = "fixtures/images/photo.jpg";
    let case = |flags: &[&str], code: i32, note: &str| {
        check(&[flags, &[photo]].concat()).exit_code(code).stderr_contains(note);
    };
    case(&["--model", "gen4_trubo"], 2, "unknown model gen4_trubo (rules of 2026-10-23); did you mean gen4_turbo?");
    case(&["--model", "sora"], 0, "unknown model sora");
    case(
        &["--endpoint", "image_to_vide"],
        2,
        "unknown endpoint image_to_vide (rules of 2026-10-23); did you mean image_to_video?",
    );
    case(
        &["--model", "aleph2", "--endpoint", "image_to_video"],
        0,
        "the rules list aleph2 at video_to_video, not at image_to_video",
    );
    case(&["--model", "\u{202e}x"], 0, "unknown model \\u{202e}x");
    // A newer model than the rules is told once, and rejects nothing.
    let newer = check(&["--model", "sora", "--offline", "--strict", "-v", "https://cdn.example.com/a.png"]);
    newer.exit_code(0).stderr_contains("unknown model sora").stdout_contains("note[unknown-model]");
    // A misspelled field would switch off the limits of its right name.
    let phone = "fixtures/images/1170x2532.jpg";
    let case = |flags: &[&str], hint: &str| {
        let flags = [flags, &[phone]].concat();
        check(&flags).exit_code(0).stdout_contains("warning[unknown-model]").stdout_contains(hint);
        check(&[&["--strict"], flags.as_slice()].concat()).exit_code(1);
    };
    check(&["--field", "promptimage", phone]).exit_code(2).stderr_contains("did you mean promptImage?");
    check(&["--field", "prompt_image", "fixtures/video/aac.mov"]).exit_code(1).stdout_contains("promptImage: ");
    check(&["--field", "promptImage.0.uri", "fixtures/video/aac.mov"])
        .exit_code(1)
        .stdout_contains("promptImage[0].uri: ");
    let only_images = ["--model", "gen4_turbo", "--endpoint", "image_to_video", "fixtures/video/aac.mov"];
    check(&only_images).exit_code(1).stdout_contains("error[");
    case(&["--model", "gen4_turbo", "--field", "videoUri"], "hint:  Known fields: promptImage.");
    case(&["--endpoint", "video_to_hdr", "--field", "promptImage"], "hint:  Known fields: videoUri.");
    for known in ["promptImage", "promptImage[0].uri"] {
        assert!(
            !check(&["--model", "seedance2", "--field", known, phone]).exit_code(0).stdout.contains("unknown-model")
        );
    }
    assert!(!check(&["--field", "anything", phone]).exit_code(0).stdout.contains("unknown-model"));
    check(&["--model", "", photo]).exit_code(2);
    check(&["--model", "a\nb", photo]).exit_code(2);
}
