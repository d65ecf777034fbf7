//! What a project keeps in files: lists of assets, and `runway-preflight.toml`.
#![no_main]

use std::io::{BufReader, Write as _};

use libfuzzer_sys::fuzz_target;
use runway_preflight::{List, UntrustedText};

/// The room of the program that reads the configuration; it belongs to no library.
#[path = "../../src/cli"]
#[allow(dead_code, reason = "only one of its rooms is entered")]
mod cli {
    pub(crate) mod config;
    mod destination;
    mod flags;
    mod import;
    mod rulebook;

    // What these modules need of the subcommands that are not here.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub(crate) enum Exit {
        Accepted,
        Rejected,
        Undecided,
        Unusable,
        Unwritten,
        BrokenPipe,
        Failed,
    }

    fn say(_: &str) {}

    fn unwritten(_: &std::io::Error) -> Exit {
        Exit::Unwritten
    }
}

fuzz_target!(|text: &[u8]| {
    list(text);
    config(text);
});

/// A list is its lines, in whatever pieces it comes.
fn list(text: &[u8]) {
    let bare = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let lines = bare.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).zip(1_u64..);
    let expected: Vec<_> = lines.filter(|(line, _)| !line.is_empty() && !line.starts_with(b"#")).collect();
    for piece in [1, 7, 1 << 16] {
        let read: Vec<_> = List::new(BufReader::with_capacity(piece, text), UntrustedText::from("list")).collect();
        let read: Vec<_> = read.iter().map(|asset| asset.as_ref().expect("reading memory cannot fail")).collect();
        let read: Vec<_> =
            read.iter().map(|asset| (asset.text(), asset.place.as_ref().map_or(0, |place| place.line))).collect();
        assert_eq!(read, expected, "in pieces of {piece}");
    }
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
    match (cli::config::Config::read(&path), cli::config::Config::read(&path)) {
        (Ok(config), Ok(again)) => {
            assert_eq!(format!("{config:?}"), format!("{again:?}"));
            assert!(config.jobs.is_none_or(|jobs| (1..=lines).contains(&jobs.line) && jobs.value > 0));
            for ignored in &config.ignored {
                assert!((1..=lines).contains(&ignored.line), "line {} of {lines}", ignored.line);
                assert!(!ignored.value.reason.trim().is_empty());
                assert!(!ignored.value.reason.chars().any(char::is_control));
            }
        }
        (Err(error), Err(again)) => {
            let said = format!("{error:#}");
            assert_eq!(said, format!("{again:#}"));
            runway_preflight_fuzz::expect_plain(&said.replace(&path.display().to_string(), ""));
        }
        (one, other) => panic!("{one:?}, then {other:?}"),
    }
}
