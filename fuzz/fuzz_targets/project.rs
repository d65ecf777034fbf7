//! Files of a project: lists of assets, and `runway-preflight.toml`.
#![no_main]

use std::io::{BufReader, Write as _};

use libfuzzer_sys::fuzz_target;
use runway_preflight::{Asset, UntrustedText, read_config};
use runway_preflight::asset::list::List;
use runway_preflight_fuzz::in_time;

fuzz_target!(|text: &[u8]| in_time(text, || check(text)));

fn check(text: &[u8]) {
    list(text);
    config(text);
}

/// A list is its lines, without comments and quotes, in whatever pieces it comes. Only a data URI may take several lines.
fn list(text: &[u8]) {
    let bare = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let lines = bare.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).zip(1_u64..);
    let lines: Vec<_> = lines.filter(|(line, _)| !line.is_empty() && !line.starts_with(b"#")).collect();
    let whole = parts(text, 1 << 16);
    assert_eq!(whole.len(), lines.len());
    for ((part, number), (line, expected)) in whole.iter().zip(&lines) {
        assert_eq!(number, expected);
        assert!(!part.is_empty() && line.windows(part.len()).any(|bytes| bytes == part), "line {number}");
    }
    for piece in [1, 7] {
        assert_eq!(parts(text, piece), whole, "in pieces of {piece}");
    }
}

/// The lines of all assets, and their numbers.
fn parts(text: &[u8], piece: usize) -> Vec<(Vec<u8>, u64)> {
    let parts = |asset: Asset| {
        let first = asset.location.as_ref().map_or(0, |location| location.line);
        asset.text().split(|byte| *byte == b'\n').map(<[u8]>::to_vec).zip(first..).collect::<Vec<_>>()
    };
    List::new(BufReader::with_capacity(piece, text), UntrustedText::from("list"))
        .flat_map(|asset| parts(asset.expect("reading memory cannot fail")))
        .collect()
}

/// A configuration is read the same each time; what it says names lines of its own, and what is wrong with it is said
/// on one line with its place.
fn config(text: &[u8]) {
    thread_local!(static FILE: (tempfile::TempDir, std::path::PathBuf) = {
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a folder");
        let path = folder.path().join("a.toml");
        (folder, path)
    });
    let path = FILE.with(|(_, path)| path.clone());
    std::fs::File::create(&path).and_then(|mut file| file.write_all(text)).expect("room for it");
    let lines = text.split(|byte| *byte == b'\n').count();
    match (read_config(&path), read_config(&path)) {
        (Ok(config), Ok(again)) => {
            assert_eq!(config.text, again.text);
            assert!(config.jobs.is_none_or(|jobs| jobs > 0));
            assert!(config.lines.iter().all(|line| (1..=lines).contains(line)), "{:?} of {lines}", config.lines);
            for reason in &config.reasons {
                assert!(!reason.trim().is_empty() && !reason.chars().any(char::is_control), "{reason:?}");
            }
        }
        (Err(error), Err(again)) => {
            assert_eq!(error, again);
            runway_preflight_fuzz::expect_plain(&error.replace(&path.display().to_string(), ""));
        }
        (one, other) => panic!("{one:?}, then {other:?}"),
    }
}
