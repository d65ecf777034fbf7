//! What is complained about: a name that leads up, a ring, a smell. The tables are a floor above.

use std::collections::BTreeMap;

use super::source::{Named, Source};
use super::{DOORS, FLOORS, Floor, WORDS};

/// Says whether a room is one of these.
pub(crate) fn is_in(room: &str, patterns: &[&str]) -> bool {
    patterns.iter().any(|pattern| match pattern.strip_suffix('*') {
        Some(parent) => room.starts_with(parent),
        None => room == *pattern,
    })
}

pub(crate) fn floor(room: &str) -> Option<&'static Floor> {
    FLOORS.iter().find(|floor| is_in(room, floor.rooms))
}

pub(crate) fn doors(dependency: &str) -> Option<&'static [&'static str]> {
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
pub(crate) fn upward(source: &Source, floor: &Floor, path: &Named, rooms: &[&str]) -> Option<String> {
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
pub(crate) fn ring(sources: &[Source]) -> Vec<String> {
    let rooms = sources.iter().map(|source| source.room.as_str()).collect::<Vec<_>>();
    let mut house = BTreeMap::new();
    for source in sources.iter().filter(|source| source.room != "lib") {
        let inside = format!("{}::", source.room);
        // A parent that only hands on what its child has does not build on it.
        let builds = |path: &&Named| !(path.handed_on && path.segments[1..].join("::").starts_with(&inside));
        // A child speaks the language of its parents.
        let is_parent = |room: &str| inside.starts_with(&format!("{room}::"));
        let paths = source.paths();
        let known = paths.iter().filter(builds).filter_map(|path| target(path, &rooms));
        let known = known.filter(|room| !is_parent(room) && *room != "lib").collect::<Vec<_>>();
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
pub(crate) fn smells(source: &Source) -> Vec<String> {
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
    row(&[("src/a.rs", "mod b; use b::B;"), ("src/a/b.rs", "use super::A;")], &[]);
    row(&[("src/a/b.rs", "use super::c::C;"), ("src/a/c.rs", "use super::b::B;")], &["a::b", "a::c", "a::b"]);
    row(
        &[("src/a.rs", "mod b; use b::B;"), ("src/a/b.rs", "use crate::c::C;"), ("src/c.rs", "use crate::a::A;")],
        &["a", "a::b", "c", "a"],
    );
    row(
        &[("src/a.rs", "mod b; pub use b::B;"), ("src/a/b.rs", "use crate::c::C;"), ("src/c.rs", "use crate::a::A;")],
        &[],
    );
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
