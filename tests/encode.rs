//! `encode`: a data URI that `check` accepts, or the API's refusal.

use std::fs::File;
use std::io::{Seek as _, SeekFrom, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::program::{Outcome, program};

fn encode(args: &[&str]) -> Outcome {
    program().arg("encode").args(args).run()
}

fn bytes(path: &str) -> Vec<u8> {
    std::fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("a fixture")
}

#[test]
fn an_encoded_file_is_accepted_and_decodes_to_the_same_bytes() {
    let rows = [
        ("fixtures/images/photo.png", "image/png"),
        ("fixtures/images/photo.jpg", "image/jpeg"),
        ("fixtures/images/photo.webp", "image/webp"),
        ("fixtures/images/1170x2532.jpg", "image/jpeg"),
        ("fixtures/video/h264-aac.mp4", "video/mp4"),
        ("fixtures/video/aac.mov", "video/quicktime"),
        ("fixtures/video/vp9-opus.webm", "video/webm"),
        ("fixtures/audio/cbr.mp3", "audio/mpeg"),
        ("fixtures/audio/s16.wav", "audio/wav"),
        ("fixtures/audio/plain.flac", "audio/flac"),
        ("fixtures/video/aac.m4a", "audio/mp4"),
        // The bytes decide, not the name; an MP4 file without video is audio.
        ("fixtures/images/png-named.jpg", "image/png"),
        ("fixtures/images/jpeg-named.png", "image/jpeg"),
        ("fixtures/video/sound-only.mp4", "audio/mp4"),
    ];
    for (path, content_type) in rows {
        let outcome = encode(&[path]).exit_code(0);
        let payload = outcome.stdout.strip_prefix(&format!("data:{content_type};base64,"));
        let payload = payload.unwrap_or_else(|| panic!("{path} is not {content_type}: {:.60}", outcome.stdout));
        assert_eq!(STANDARD.decode(payload).expect("base64 without a line end"), bytes(path), "{path}");
        program().args(["check", "-"]).stdin(outcome.stdout).run().exit_code(0).stderr_is_empty();
    }
}

#[test]
fn a_rejected_file_gets_the_sentence_of_the_api() {
    let case = |args: &[&str], sentence: &str| {
        encode(args).exit_code(1).stdout_is("").stderr_contains(sentence);
    };
    let unsupported = "Unsupported asset type. Data URIs must include the content type of the value they encode.";
    case(&["fixtures/images/still.gif"], unsupported);
    case(&["fixtures/images/drawing.svg"], unsupported);
    case(&["fixtures/images/empty.png"], unsupported);
    case(&["--kind", "video", "fixtures/images/photo.png"], unsupported);
    case(
        &["fixtures/images/9000x100.png"],
        "Invalid asset dimensions. Height and width must not exceed 8000px. Got 9000x100.",
    );
    case(
        &["--model", "gen4.5", "--field", "promptImage", "fixtures/images/1170x2532.jpg"],
        "promptImage: Invalid asset aspect ratio. width / height ratio must be between 0.5 and 2. Got 0.462.",
    );
    case(&["--model", "aleph2", "fixtures/video/long-31s.mp4"], "Asset duration must be at most 30 seconds");
    encode(&["--model", "gen4_turob", "fixtures/images/photo.png"])
        .exit_code(2)
        .stderr_contains("did you mean gen4_turbo?");
}

#[test]
fn the_limit_counts_the_whole_uri() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("large.png");
    let sized = |size: u64| {
        std::fs::write(&path, bytes("fixtures/images/photo.png")).expect("a file");
        let file = File::options().write(true).open(&path).expect("a file");
        file.set_len(size).expect("room on the disk");
        encode(&[path.to_str().expect("a path")])
    };
    // data:image/png;base64, has 22 characters; 5,242,880 less those hold 3,932,142 bytes in 5,242,856.
    let fits = sized(3_932_142).exit_code(0);
    assert_eq!(fits.stdout.len(), 5_242_878);
    let over = sized(3_932_143).exit_code(1).stdout_is("");
    over.stderr_contains("Too big: expected string to have <=5242880 characters")
        .stderr_contains("5,242,882 characters");
}

#[test]
fn a_huge_file_is_refused_without_reading_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("huge.png");
    let mut file = File::create(&path).expect("a file");
    file.write_all(&bytes("fixtures/images/photo.png")).expect("room");
    file.seek(SeekFrom::Start(20 << 30)).and_then(|_| file.write_all(b"x")).expect("a sparse file");
    let outcome = encode(&[path.to_str().expect("a path")]).exit_code(1).stdout_is("");
    outcome
        .within(std::time::Duration::from_secs(20))
        .stderr_contains("Too big: expected string to have <=5242880 characters");
}

#[test]
fn an_unreadable_file_is_a_usage_error() {
    let case = |arg: &str, complaint: &str| {
        encode(&[arg]).exit_code(2).stdout_is("").stderr_contains(complaint);
    };
    case("fixtures/images/no-such.png", "no-such.png cannot be encoded: there is no such file");
    case("fixtures/images", "fixtures/images cannot be encoded: it is a directory, not a file");
    case("https://user:canary@h.com/a.png?token=canary", "is not a local file");
    encode(&["https://user:canary@h.com/a.png?token=canary"]).output_lacks("canary");
    program().arg("encode").run().exit_code(2);
}

#[test]
fn a_full_disk_and_a_closed_pipe_have_their_own_exit_codes() {
    let full = File::options().write(true).open("/dev/full").expect("a device");
    let outcome = program().args(["encode", "fixtures/images/photo.png"]).stdout(full).run().exit_code(4);
    outcome.stderr_contains("could not be written");
}

#[test]
fn rules_from_a_file_apply_to_encode() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("my.toml");
    let rules = include_str!("../src/rules/runway.toml").replace("max = 5_242_880", "max = 1000");
    std::fs::write(&path, rules).expect("a file");
    let rules = path.to_str().expect("a path");
    encode(&["--rules", rules, "fixtures/images/photo.png"]).exit_code(1).stderr_contains("<=1000 characters");
    encode(&["--rules", rules, "fixtures/images/2400x1000.png"]).exit_code(1);
    encode(&["fixtures/images/2400x1000.png"]).exit_code(0);
}
