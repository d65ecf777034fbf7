//! The plan of the house, checked: who may know whom, which dependency has which door, and what no file may be.
//!
//! The tables come first and are meant to be edited; a change of the plan is a change here and in `lib.rs`.

mod complaints;
mod source;

use std::path::Path;

use complaints::{doors, floor, is_in, ring, smells, upward};
use source::{Named, Source};

/// A floor of the house. Data goes up, names go down.
struct Floor {
    name: &'static str,
    /// Its rooms; `x::*` stands for every room inside `x`.
    rooms: &'static [&'static str],
    /// The floors below whose rooms it may name.
    may: &'static [&'static str],
    /// Rooms of those floors that it may not name all the same.
    but_not: &'static [&'static str],
    /// Parts of the standard library that have no place there.
    nor: &'static [&'static str],
}

const FLOORS: &[Floor] = &[
    Floor {
        name: "plan",
        rooms: &["lib"],
        may: &["outputs", "engine", "judgement", "senses", "words"],
        but_not: &[],
        nor: WRITING,
    },
    Floor {
        name: "door",
        rooms: &["main", "cli", "cli::*"],
        may: &["plan", "outputs", "engine", "judgement", "words"],
        // What is inside a room of the library is its own business.
        but_not: &["output::*", "body::*", "diagnose::*", "explain::*", "preflight::*", "rules::*"],
        nor: &[],
    },
    Floor {
        name: "outputs",
        rooms: &["output", "output::*"],
        may: &["words"],
        but_not: &[],
        nor: &["std::fs", "std::net", "std::time::Instant", "std::time::SystemTime", "tokio"],
    },
    Floor {
        name: "engine",
        rooms: &[
            "preflight",
            "preflight::*",
            "diagnose",
            "diagnose::*",
            "body",
            "body::*",
            "explain",
            "explain::*",
            "list",
        ],
        may: &["judgement", "senses", "words"],
        but_not: &[],
        nor: WRITING,
    },
    Floor {
        name: "judgement",
        rooms: &["rules", "rules::*"],
        may: &["words"],
        but_not: &[],
        nor: &["std::fs", "std::io", "std::net", "std::time::Instant", "std::time::SystemTime", "std::env", "tokio"],
    },
    Floor {
        name: "senses",
        rooms: &["probe", "probe::*"],
        may: &["words"],
        but_not: &["reason", "report"],
        nor: WRITING,
    },
    Floor {
        name: "words",
        rooms: &[
            "units",
            "outside",
            "oddity",
            "network",
            "network::*",
            "media",
            "row",
            "error",
            "shell",
            "trace",
            "data_uri",
            "secret",
            "secret::*",
            "entry",
            "reason",
            "remark",
            "remark::*",
            "failure",
            "meaning",
            "observation",
            "asset",
            "report",
            "diagnosis",
            "request",
        ],
        may: &[],
        but_not: &[],
        nor: &["std::fs", "std::io", "std::env", "std::time::Instant", "std::time::SystemTime", "tokio"],
    },
];

/// What only outputs and the door do.
const WRITING: &[&str] = &["std::io::Write", "std::io::stdout", "std::io::stderr"];

/// The words, in the order in which they build on each other: each may name only those of the lines above.
const WORDS: &[&[&str]] = &[
    &["units", "outside", "oddity", "network"],
    &["media", "row", "error", "shell", "trace"],
    &["data_uri"],
    &["secret"],
    &["entry"],
    &["reason", "remark", "failure"],
    &["meaning", "observation", "asset"],
    &["report"],
    &["diagnosis", "request"],
];

/// Each dependency and its one door; more than one room only where they share the work.
const DOORS: &[(&str, &[&str])] = &[
    ("anyhow", &["main", "cli", "cli::*"]),
    ("base64", &["data_uri"]),
    ("clap", &["main", "cli", "cli::*"]),
    ("clap_complete", &["cli", "cli::*"]),
    ("clap_mangen", &["cli", "cli::*"]),
    ("colored", &["output::text", "output::text::*"]),
    ("data_url", &["data_uri", "media"]),
    ("futures_util", &["body::engine", "cli::*", "preflight", "preflight::*", "probe::http", "probe::http::*"]),
    ("hyper", &["probe::http", "probe::http::*"]),
    ("image", &["probe::image", "probe::image::*"]),
    ("indicatif", &["cli::progress"]),
    ("jiff", &["rules", "rules::*", "output::diagnose", "cli::rules", "cli::import", "cli::config"]),
    ("jsonc_parser", &["body::document"]),
    ("mime_guess", &["probe::file"]),
    ("percent_encoding", &["secret::percent", "rules::hosts::command"]),
    ("quick_junit", &["output::junit"]),
    ("regex_lite", &["body::pattern"]),
    ("reqwest", &["probe::http", "probe::http::*"]),
    ("rustls", &["probe::tls", "probe::tls::*", "probe::http", "probe::http::*"]),
    (
        "serde",
        &["media", "output", "output::*", "rules", "rules::*", "explain", "explain::*", "body", "body::*", "cli::*"],
    ),
    (
        "serde_json",
        &["request", "output", "output::*", "rules", "rules::*", "explain", "explain::*", "body", "body::*", "cli::*"],
    ),
    ("terminal_size", &["cli::terminal"]),
    ("tokio", &["main", "cli", "cli::*", "preflight", "preflight::*", "probe", "probe::*"]),
    ("toml", &["rules", "rules::*", "explain", "explain::*", "cli::config"]),
    ("tower_layer", &["probe::http", "probe::http::*"]),
    ("tower_service", &["probe::http", "probe::http::*"]),
    ("url", &["asset", "asset::*"]),
    ("webpki", &["probe::tls::words"]),
    ("webpki_roots", &["probe::tls", "probe::http", "probe::http::*"]),
];

/// Names that say nothing about what is inside.
const NO_NOUNS: &[&str] =
    &["utils", "util", "helpers", "helper", "common", "types", "manager", "misc", "shared", "mod"];

/// How long a file may be, in lines, with its unit tests.
const FILE: usize = 400;

/// How long a function may be, in lines; one that is nothing but a `match` is a table, and may be as long as it has rows.
const FUNCTION: usize = 40;

/// Words that are left for later, where there is no later.
const LEFT: &[&str] = &["TODO", "FIXME", "XXX"];

#[test]
fn names_go_down() {
    expect_none(&Source::all(), |source, rooms| {
        let Some(floor) = floor(&source.room) else {
            return vec!["stands on no floor: give it one in FLOORS".to_owned()];
        };
        source.paths().iter().filter_map(|path| upward(source, floor, path, rooms)).collect()
    });
}

#[test]
fn every_dependency_has_one_door() {
    expect_none(&Source::all(), |source, _| {
        let outside = |path: &&Named| doors(&path.segments[0]).is_some_and(|doors| !is_in(&source.room, doors));
        let say = |path: &Named| format!("line {}: `{}` has another door", path.line, path.segments.join("::"));
        source.paths().iter().filter(outside).map(say).collect()
    });
}

#[test]
fn the_tables_are_complete() {
    let manifest =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).expect("a manifest");
    let manifest = manifest.parse::<toml::Table>().expect("TOML");
    let mut dependencies = manifest["dependencies"].as_table().expect("a table").keys().collect::<Vec<_>>();
    dependencies.sort();
    let dependencies = dependencies.iter().map(|name| name.replace('-', "_")).collect::<Vec<_>>();
    assert_eq!(dependencies, DOORS.iter().map(|(name, _)| *name).collect::<Vec<_>>(), "each dependency has one row");
    let words = WORDS.iter().copied().flatten().copied().collect::<Vec<_>>();
    let floor = FLOORS.iter().find(|floor| floor.name == "words").expect("a floor");
    let rooms = floor.rooms.iter().filter(|room| !room.ends_with("::*")).copied().collect::<Vec<_>>();
    assert_eq!(rooms, words, "each word has one place");
}

#[test]
fn there_is_no_ring() {
    let sources = Source::all();
    let ring = ring(&sources);
    assert!(ring.is_empty(), "these know each other in a ring: {}", ring.join(" → "));
}

#[test]
fn a_file_is_a_noun_and_fits_on_a_few_screens() {
    expect_none(&Source::all(), |source, _| {
        let noun = source.room.rsplit("::").next().unwrap_or_default();
        let lines = source.text.lines().count();
        let named = NO_NOUNS.contains(&noun).then(|| "has a name that says nothing".to_owned());
        let long = (lines > FILE).then(|| format!("has {lines} lines, and {FILE} are the most"));
        named.into_iter().chain(long).collect()
    });
}

#[test]
fn a_function_fits_on_a_screen() {
    expect_none(&Source::all(), |source, _| {
        let functions = source.functions().into_iter().filter(|(.., lines)| *lines > FUNCTION);
        functions.map(|(name, line, lines)| format!("line {line}: `{name}` has {lines} lines")).collect()
    });
}

#[test]
fn nothing_is_printed_and_no_error_is_read_as_text() {
    expect_none(&Source::all(), |source, _| smells(source));
}

#[test]
fn no_scaffolding_is_left() {
    expect_none(&Source::all(), |source, _| {
        let lines = source.text.lines().enumerate();
        let words = |line: &str| line.split(|c: char| !c.is_alphanumeric()).any(|word| LEFT.contains(&word));
        let left = lines.filter(|(_, line)| words(line));
        left.map(|(at, line)| format!("line {}: {}", at + 1, line.trim())).collect()
    });
}

/// Fails with all complaints about all files, each with its file.
#[track_caller]
fn expect_none(sources: &[Source], complain: impl Fn(&Source, &[&str]) -> Vec<String>) {
    assert!(!sources.is_empty(), "src is empty");
    let rooms = sources.iter().map(|source| source.room.as_str()).collect::<Vec<_>>();
    let complaints = sources.iter().flat_map(|source| {
        complain(source, &rooms).into_iter().map(|complaint| format!("{}: {complaint}\n", source.file))
    });
    let complaints = complaints.collect::<String>();
    assert!(complaints.is_empty(), "\n{complaints}");
}
