//! The plan of the house, checked: who may know whom, which dependency has which door, and what no file may be.
//!
//! The tables come first and are meant to be edited; a change of the plan is a change here and in `lib.rs`.

mod source;

use std::collections::BTreeMap;
use std::path::Path;

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
        but_not: &["output::*", "body::*", "explain::*", "preflight::*", "rules::*"],
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
        rooms: &["preflight", "preflight::*", "body", "body::*", "explain", "explain::*"],
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
            "media",
            "data_uri",
            "secret",
            "reason",
            "failure",
            "observation",
            "asset",
            "report",
            "reason::*",
            "asset::*",
            "report::*",
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
    &["units", "outside"],
    &["media"],
    &["data_uri"],
    &["secret"],
    &["reason", "failure", "observation"],
    &["asset"],
    &["report"],
];

/// Each dependency and its one door; more than one room only where they share the work.
const DOORS: &[(&str, &[&str])] = &[
    ("anyhow", &["main", "cli", "cli::*"]),
    ("base64", &["data_uri"]),
    ("clap", &["main", "cli", "cli::*"]),
    ("clap_complete", &["cli", "cli::*"]),
    ("clap_mangen", &["cli", "cli::*"]),
    ("colored", &["output::text"]),
    ("data_url", &["data_uri", "media"]),
    ("futures_util", &["preflight", "preflight::*", "probe::http", "probe::http::*"]),
    ("image", &["probe::image", "probe::image::*"]),
    ("indicatif", &["cli::progress"]),
    ("jsonc_parser", &["body::document"]),
    ("mime_guess", &["probe::file"]),
    ("reqwest", &["probe::http", "probe::http::*"]),
    ("rustls", &["probe::tls", "probe::http", "probe::http::*"]),
    ("serde", &["output", "output::*", "rules", "rules::*", "explain", "explain::*", "body", "body::*", "cli::*"]),
    ("serde_json", &["output", "output::*", "rules", "rules::*", "explain", "explain::*", "body", "body::*", "cli::*"]),
    ("tokio", &["main", "cli", "cli::*", "preflight", "preflight::*", "probe", "probe::*"]),
    ("toml", &["rules", "rules::*", "explain", "explain::*", "cli::config"]),
    ("url", &["asset", "asset::*"]),
    ("webpki_roots", &["probe::tls", "probe::http", "probe::http::*"]),
];

/// Names that say nothing about what is inside.
const NO_NOUNS: &[&str] =
    &["utils", "util", "helpers", "helper", "common", "types", "manager", "misc", "shared", "mod"];

/// How long a file may be, in lines, with its unit tests.
const FILE: usize = 400;

/// How long a function may be, in lines; the rows of a `match` that stand on one line each are a table and count nothing.
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
        let rows = |line: usize, lines: usize| {
            let lines = source.text.lines().skip(line - 1).take(lines);
            lines.filter(|line| line.contains(" => ") && line.ends_with(',')).count()
        };
        let functions = source.functions().into_iter();
        let counted = functions.map(|(name, line, lines)| (name, line, lines - rows(line, lines)));
        let long = counted.filter(|(.., lines)| *lines > FUNCTION);
        long.map(|(name, line, lines)| format!("line {line}: `{name}` has {lines} lines")).collect()
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
        let left = lines.filter(|(_, line)| LEFT.iter().any(|word| line.contains(word)));
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

/// Says whether a room is one of these.
fn is_in(room: &str, patterns: &[&str]) -> bool {
    patterns.iter().any(|pattern| match pattern.strip_suffix('*') {
        Some(parent) => room.starts_with(parent),
        None => room == *pattern,
    })
}

fn floor(room: &str) -> Option<&'static Floor> {
    FLOORS.iter().find(|floor| is_in(room, floor.rooms))
}

fn doors(dependency: &str) -> Option<&'static [&'static str]> {
    DOORS.iter().find(|(name, _)| *name == dependency).map(|(_, rooms)| *rooms)
}

/// Returns the room that a path leads to: the longest that its beginning names, `lib` for what stands at the root.
fn target<'rooms>(path: &Named, rooms: &[&'rooms str]) -> Option<&'rooms str> {
    let (first, inside) = path.segments.split_first()?;
    if first != "crate" {
        return None;
    }
    let names = (1..=inside.len()).rev().map(|count| inside[..count].join("::"));
    let known = |name: String| rooms.iter().find(|room| **room == name).copied();
    names.into_iter().find_map(known).or_else(|| rooms.iter().find(|room| **room == "lib").copied())
}

/// Says what is wrong with a name, if it leads up.
fn upward(source: &Source, floor: &Floor, path: &Named, rooms: &[&str]) -> Option<String> {
    let told = path.segments.join("::");
    let complain = |what: &str| Some(format!("line {}: `{told}` {what}", path.line));
    let starts = |banned: &&&str| told == **banned || told.starts_with(&format!("{banned}::"));
    if floor.nor.iter().any(|banned| starts(&banned)) {
        return complain(&format!("has no place on the floor of the {}", floor.name));
    }
    let room = target(path, rooms)?;
    let family = |room: &str| room.split("::").next().unwrap_or_default().to_owned();
    if family(room) == family(&source.room) {
        return None;
    }
    let other = self::floor(room)?;
    if floor.name == "words" && other.name == "words" {
        let place = |room: &str| WORDS.iter().position(|line| line.contains(&family(room).as_str()));
        return if place(room) < place(&source.room) { None } else { complain("is no earlier word") };
    }
    if other.name == floor.name {
        return if ["engine", "door"].contains(&floor.name) { None } else { complain("is a neighbour without a door") };
    }
    if !floor.may.contains(&other.name) || is_in(room, floor.but_not) {
        return complain(&format!("is not for the {}", floor.name));
    }
    None
}

/// Returns rooms that know each other in a ring, the first again at the end; none where there is no ring.
fn ring(sources: &[Source]) -> Vec<String> {
    let rooms = sources.iter().map(|source| source.room.as_str()).collect::<Vec<_>>();
    let mut house = BTreeMap::new();
    for source in sources.iter().filter(|source| source.room != "lib") {
        let inside = format!("{}::", source.room);
        // A parent that only hands on what its child has does not build on it.
        let builds = |path: &&Named| !(path.handed_on && path.segments[1..].join("::").starts_with(&inside));
        let paths = source.paths();
        let known = paths.iter().filter(builds).filter_map(|path| target(path, &rooms));
        let known = known.filter(|room| *room != source.room && *room != "lib").collect::<Vec<_>>();
        house.insert(source.room.as_str(), known);
    }
    // Whoever knows only rooms that are out of any ring is out of it too.
    while let Some(out) = house.iter().find(|(_, known)| !known.iter().any(|room| house.contains_key(room))) {
        let out = *out.0;
        house.remove(out);
    }
    let mut walk = Vec::new();
    let mut next = house.keys().next().copied();
    while let Some(room) = next {
        if let Some(begin) = walk.iter().position(|seen| *seen == room) {
            walk.push(room);
            return walk[begin..].iter().map(ToString::to_string).collect();
        }
        walk.push(room);
        next = house[room].iter().find(|known| house.contains_key(*known)).copied();
    }
    Vec::new()
}

/// Returns what is printed, what errors are told apart by their text, and what is allowed without a reason.
fn smells(source: &Source) -> Vec<String> {
    let words = source.tokens.iter().map(|token| token.text.as_str()).collect::<Vec<_>>();
    let say = |at: usize, what: &str| format!("line {}: {what}", source.tokens[at].line);
    let mut found = Vec::new();
    for at in 0..words.len() {
        let rest = &words[at..];
        if rest.get(1) == Some(&"!") && ["print", "println", "eprint", "eprintln", "dbg"].contains(&rest[0]) {
            found.push(say(at, &format!("`{}!` writes past the outputs", rest[0])));
        }
        if rest.starts_with(&["to_string", "(", ")", ".", "contains"]) {
            found.push(say(at, "an error is told by its text"));
        }
        if rest.starts_with(&["allow", "("]) && ["[", ","].contains(&words[at - 1]) {
            let end = rest.iter().position(|word| *word == "]").unwrap_or(rest.len());
            if !rest[..end].contains(&"reason") {
                found.push(say(at, "allows without a reason"));
            }
        }
    }
    found
}

#[test]
fn what_is_upward_is_found() {
    let rooms =
        ["lib", "main", "cli", "cli::check", "output", "output::text", "preflight", "body", "body::schema", "rules"];
    let more =
        ["rules::checks", "probe", "probe::http", "probe::tls", "observation", "reason", "media", "units", "asset"];
    let rooms = [rooms.as_slice(), &more].concat();
    let row = |room: &str, text: &str, expected: Option<&str>| {
        let source = Source::new(&format!("src/{}.rs", room.replace("::", "/")), text);
        let floor = floor(&source.room).expect("a floor");
        let found = source.paths().iter().find_map(|path| upward(&source, floor, path, &rooms));
        assert_eq!(found.is_some(), expected.is_some(), "{room}: {text}: {found:?}");
        assert!(found.unwrap_or_default().contains(expected.unwrap_or_default()), "{room}: {text}");
    };
    row("rules::checks", "use crate::observation::Seen;", None);
    row("rules::checks", "use super::Rule;", None);
    row("rules::checks", "use crate::probe::Probe;", Some("not for the judgement"));
    row("rules::checks", "fn f() -> std::time::Instant {}", Some("no place"));
    row("rules::checks", "use std::time::{Duration};", None);
    row("probe::http", "use super::tls::cause; use crate::observation::Seen; use tokio::net;", None);
    row("probe::http", "use crate::reason::Reason;", Some("not for the senses"));
    row("probe::http", "use crate::rules;", Some("not for the senses"));
    row("probe::http", "use std::io::{Read, Write};", Some("no place"));
    row("preflight", "use crate::probe::http::Http; use crate::rules::judge; use crate::body::schema::S;", None);
    row("preflight", "use crate::output::Format;", Some("not for the engine"));
    row("preflight", "use crate::Report;", Some("not for the engine"));
    row("output::text", "use crate::preflight::Run;", Some("not for the outputs"));
    row("output::text", "use std::io::Write; use super::Format; use crate::media::Kind;", None);
    row("media", "use crate::units::Bytes;", None);
    row("units", "use crate::media::Kind;", Some("no earlier word"));
    row("reason", "use crate::observation::Seen;", Some("no earlier word"));
    row("media", "use crate::rules::judge;", Some("not for the words"));
    row("cli::check", "use runway_preflight::{Report, output::Format, media::Kind}; use super::Common;", None);
    row("cli::check", "use crate::output::text::Painter;", Some("not for the door"));
    row("cli::check", "use crate::probe::http::Http;", Some("not for the door"));
    row("main", "mod cli; fn main() { cli::run() }", None);
}

#[test]
fn a_ring_is_found() {
    let row = |files: &[(&str, &str)], expected: &[&str]| {
        let sources = files.iter().map(|(file, text)| Source::new(file, text)).collect::<Vec<_>>();
        assert_eq!(ring(&sources), expected, "{files:?}");
    };
    row(&[("src/a.rs", "use crate::b::B;"), ("src/b.rs", "use std::a;")], &[]);
    row(&[("src/a.rs", "use crate::b::B;"), ("src/b.rs", "fn f() { crate::a::g() }")], &["a", "b", "a"]);
    row(&[("src/a.rs", "mod b; use b::B;"), ("src/a/b.rs", "use super::A;")], &["a", "a::b", "a"]);
    row(&[("src/a.rs", "mod b; pub use b::B;"), ("src/a/b.rs", "use super::A;")], &[]);
    row(
        &[("src/a.rs", "use crate::b;"), ("src/b.rs", "use crate::c;"), ("src/c.rs", "use crate::b;")],
        &["b", "c", "b"],
    );
}

#[test]
fn smells_are_found() {
    let row =
        |text: &str, expected: usize| assert_eq!(smells(&Source::new("src/a.rs", text)).len(), expected, "{text}");
    row("fn a() { println!(); std::eprintln!(\"x\") }", 2);
    row("// println!()\nlet a = \"println!()\";", 0);
    row("if error.to_string().contains(\"timeout\") {}", 1);
    row("#[allow(dead_code)] fn a() {}", 1);
    row("#![allow(dead_code, reason = \"x\")]", 0);
    row("fn a() { allow(1) }", 0);
}
