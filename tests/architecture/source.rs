//! A source file as the plan of the house sees it: its room, its words, and every path it names.

use std::fs;
use std::path::Path;

/// One file of `src`.
#[derive(Debug)]
pub(crate) struct Source {
    /// Where it is, from the root of the repository.
    pub(crate) file: String,
    /// Its module: `probe::http`, or `main` and `lib`.
    pub(crate) room: String,
    /// All its text, with its unit tests.
    pub(crate) text: String,
    /// What it says outside comments, strings and unit tests.
    pub(crate) tokens: Vec<Token>,
    /// The rooms below that are there for the tests only.
    tests: Vec<String>,
}

/// A word or a mark, and its line, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) line: usize,
    pub(crate) text: String,
}

/// A path that a file names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) line: usize,
    /// From the root of its crate: `["crate", "probe", "http", "Http"]`, `["std", "io", "Read"]`.
    pub(crate) segments: Vec<String>,
    /// Whether the file only hands it on: `pub use http::Http;`.
    pub(crate) handed_on: bool,
}

impl Source {
    /// Reads all of `src` but what is there for the tests only, in the order of its paths.
    pub(crate) fn all() -> Vec<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let (mut sources, mut directories) = (Vec::new(), vec![root.join("src")]);
        while let Some(directory) = directories.pop() {
            for entry in fs::read_dir(directory).expect("a directory of src") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    directories.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    let file = path.strip_prefix(root).expect("below the root").display().to_string();
                    sources.push(Self::new(&file, &fs::read_to_string(&path).expect("UTF-8")));
                }
            }
        }
        let tests = sources.iter().flat_map(|source| source.tests.clone()).collect::<Vec<_>>();
        let is_test = |room: &str| tests.iter().any(|test| room == test || room.starts_with(&format!("{test}::")));
        sources.retain(|source| !is_test(&source.room));
        sources.sort_by(|one, other| one.file.cmp(&other.file));
        sources
    }

    /// Takes a file apart.
    pub(crate) fn new(file: &str, text: &str) -> Self {
        let room = file.trim_start_matches("src/").trim_end_matches(".rs").replace('/', "::");
        let (tokens, tests) = without_tests(&tokens(text));
        let tests =
            tests.iter().map(|name| if room == "lib" { name.clone() } else { format!("{room}::{name}") }).collect();
        Self { file: file.to_owned(), room, text: text.to_owned(), tokens, tests }
    }

    /// Returns every path that is imported or spelled out, with `self`, `super` and child modules resolved.
    pub(crate) fn paths(&self) -> Vec<Named> {
        let words = self.tokens.iter().map(|token| token.text.as_str()).collect::<Vec<_>>();
        let children = words.windows(2).filter(|pair| pair[0] == "mod").map(|pair| pair[1]).collect::<Vec<_>>();
        let (mut named, mut brought, mut at) = (Vec::new(), Vec::new(), 0);
        while at < words.len() {
            let line = self.tokens[at].line;
            let before = if at == 0 { "" } else { words[at - 1] };
            if words[at] == "use" {
                let end = at + words[at..].iter().position(|word| *word == ";").unwrap_or(words.len() - at);
                let handed_on = before == "pub" || before == ")";
                for segments in tree(&words[at + 1..end]) {
                    let segments = self.resolved(&segments, &children);
                    brought.extend(segments.last().filter(|_| segments[0] == "crate").cloned());
                    named.push(Named { line, segments, handed_on });
                }
                at = end;
            } else if is_word(words[at]) && words.get(at + 1) == Some(&"::") && before != "::" {
                let mut segments = vec![words[at]];
                while words.get(at + 1) == Some(&"::") && words.get(at + 2).is_some_and(|word| is_word(word)) {
                    segments.push(words[at + 2]);
                    at += 2;
                }
                let segments = segments.into_iter().map(str::to_owned).collect::<Vec<_>>();
                // What a `use` brought into the file was named there.
                if !brought.contains(&segments[0]) {
                    named.push(Named { line, segments: self.resolved(&segments, &children), handed_on: false });
                }
            }
            at += 1;
        }
        named
    }

    /// Spells a path from the root of its crate.
    fn resolved(&self, segments: &[String], children: &[&str]) -> Vec<String> {
        let root = ["main", "lib"].contains(&self.room.as_str());
        let mut here = if root { Vec::new() } else { self.room.split("::").map(str::to_owned).collect::<Vec<_>>() };
        let (first, mut rest) = segments.split_first().expect("a path has a segment");
        match first.as_str() {
            "crate" | "runway_preflight" => here.clear(),
            "self" => {}
            "super" => {
                here.pop();
                while let Some(("super", more)) = rest.split_first().map(|(first, more)| (first.as_str(), more)) {
                    here.pop();
                    rest = more;
                }
            }
            child if children.contains(&child) => here.push(child.to_owned()),
            _ => return segments.to_vec(),
        }
        [vec!["crate".to_owned()], here, rest.to_vec()].concat()
    }

    /// Returns the functions: name, first line, number of lines. One that is nothing but a `match` is a table, and left out.
    pub(crate) fn functions(&self) -> Vec<(String, usize, usize)> {
        let words = self.tokens.iter().map(|token| token.text.as_str()).collect::<Vec<_>>();
        let mut found = Vec::new();
        for at in (1..words.len()).filter(|at| words[at - 1] == "fn" && is_word(words[*at])) {
            let item = &words[at..at + item_length(&words[at..])];
            if item.ends_with(&["}"]) && !is_table(item) {
                let (first, last) = (self.tokens[at].line, self.tokens[at + item.len() - 1].line);
                found.push((words[at].to_owned(), first, last - first + 1));
            }
        }
        found
    }
}

/// Says whether a function has no statement beside a `match`, and none in it; imports are no statements.
fn is_table(item: &[&str]) -> bool {
    let mut body = item.iter().position(|word| *word == "{").map_or(item, |open| &item[open + 1..]);
    while body.first() == Some(&"use") {
        body = &body[item_length(body)..];
    }
    (body.starts_with(&["match"]) || body.starts_with(&["Some", "(", "match"])) && !body.contains(&";")
}

fn is_word(text: &str) -> bool {
    text.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// Opens the braces of an import: `a::{b, c::{self, d as e}}` is `a::b`, `a::c`, `a::c::d`.
fn tree(words: &[&str]) -> Vec<Vec<String>> {
    let (mut paths, mut prefix, mut open) = (Vec::new(), Vec::<String>::new(), Vec::new());
    let mut at = 0;
    let mut pending = false;
    while at < words.len() {
        match words[at] {
            "::" => {}
            "{" => {
                open.push(prefix.len());
                pending = false;
            }
            mark @ ("}" | ",") => {
                if pending {
                    paths.push(prefix.clone());
                }
                pending = false;
                if mark == "}" {
                    open.pop();
                }
                prefix.truncate(open.last().copied().unwrap_or(0));
                // Behind a closed brace the path itself was said already.
                if mark == "}" && open.is_empty() {
                    return paths;
                }
            }
            "as" => at += 1,
            "self" if !prefix.is_empty() => pending = true,
            word => {
                prefix.push(word.to_owned());
                pending = true;
            }
        }
        at += 1;
    }
    if pending {
        paths.push(prefix);
    }
    paths
}

/// How an attribute begins that keeps something for the tests.
const TEST: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];

/// Drops every item that is there for the tests only; returns what is left, and the names of modules in files of their own.
fn without_tests(tokens: &[Token]) -> (Vec<Token>, Vec<String>) {
    let (mut kept, mut elsewhere, mut at) = (Vec::new(), Vec::new(), 0);
    while at < tokens.len() {
        let words = || tokens[at..].iter().map(|token| token.text.as_str());
        if !words().take(TEST.len()).eq(TEST) {
            kept.push(tokens[at].clone());
            at += 1;
            continue;
        }
        let item = words().skip(TEST.len()).collect::<Vec<_>>();
        let length = item_length(&item);
        if let [before @ .., "mod", name, ";"] = &item[..length]
            && !before.contains(&"{")
        {
            elsewhere.push((*name).to_owned());
        }
        at += TEST.len() + length;
    }
    (kept, elsewhere)
}

/// Returns how many tokens an item has: up to its semicolon, or to the end of its braces.
fn item_length(words: &[&str]) -> usize {
    let mut depth = 0_usize;
    for (at, word) in words.iter().enumerate() {
        match *word {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        // An import's braces are not its end.
        if depth == 0 && (*word == ";" || (*word == "}" && words.get(at + 1) != Some(&";"))) {
            return at + 1;
        }
    }
    words.len()
}

/// Splits text into words and marks, without comments and literals.
fn tokens(text: &str) -> Vec<Token> {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some(first) = rest.chars().next() {
        let length = match first {
            _ if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            _ if rest.starts_with("/*") => block_comment(rest),
            '"' => quoted(rest),
            '\'' => character(rest),
            _ if first.is_alphanumeric() || first == '_' => {
                let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
                literal(rest, word).unwrap_or_else(|| {
                    found.push((text.len() - rest.len(), &rest[..word]));
                    word
                })
            }
            _ if first.is_whitespace() => first.len_utf8(),
            _ => {
                let length = if rest.starts_with("::") { 2 } else { first.len_utf8() };
                found.push((text.len() - rest.len(), &rest[..length]));
                length
            }
        };
        rest = &rest[length..];
    }
    let (mut line, mut counted) = (1, 0);
    let token = |(at, word): (usize, &str)| {
        line += text[counted..at].matches('\n').count();
        counted = at;
        Token { line, text: word.to_owned() }
    };
    found.into_iter().map(token).collect()
}

/// Returns the length of a comment, in which others may stand.
fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    loop {
        let rest = &text[at..];
        match rest.find("*/").map(|end| (end, rest.find("/*").filter(|start| *start < end))) {
            Some((_, Some(start))) => (depth, at) = (depth + 1, at + start + 2),
            Some((end, None)) => (depth, at) = (depth - 1, at + end + 2),
            None => return text.len(),
        }
        if depth == 0 {
            return at;
        }
    }
}

/// Returns the length of a string, quotes included.
fn quoted(text: &str) -> usize {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, c)| {
        let ends = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |(at, _)| at + 1)
}

/// Returns the length of a character, or of a lifetime's mark.
fn character(text: &str) -> usize {
    let mut characters = text.char_indices().skip(1);
    match (characters.next(), characters.next()) {
        (Some((_, '\\')), _) => text[3..].find('\'').map_or(text.len(), |at| at + 4),
        (_, Some((at, '\''))) => at + 1,
        _ => 1,
    }
}

/// Returns the length of a literal that begins with a word: `b"x"`, `r#"x"#`, `b'x'`.
fn literal(text: &str, word: usize) -> Option<usize> {
    let (prefix, rest) = text.split_at(word);
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    match prefix {
        "r" | "br" | "cr" if rest[hashes..].starts_with('"') => {
            let end = format!("\"{}", "#".repeat(hashes));
            rest[hashes + 1..].find(&end).map(|at| word + hashes + 1 + at + end.len())
        }
        "b" | "c" if rest.starts_with('"') => Some(word + quoted(rest)),
        "b" if rest.starts_with('\'') => Some(word + character(rest)),
        _ => None,
    }
}

#[test]
fn comments_and_literals_are_no_words() {
    let row = |text: &str, expected: &str| {
        let words = tokens(text).into_iter().map(|token| token.text).collect::<Vec<_>>();
        assert_eq!(words.join(" "), expected, "{text}");
    };
    row("a // b\n/// c\nd", "a d");
    row("a /* b /* c */ d */ e", "a e");
    row(r#"a "b \" c" d"#, "a d");
    row(r##"a r#"b " c"# d br"e" f"##, "a d f");
    row(r"a 'b' c '\'' d '\u{7f}' e b'\\' f", "a c d e f");
    row("fn a<'b>(c: &'b str)", "fn a < b > ( c : & b str )");
    row("\"//\" a::b", "a :: b");
    assert_eq!(tokens("a\n\"x\ny\"\n b").last(), Some(&Token { line: 4, text: "b".to_owned() }));
}

#[test]
fn paths_are_spelled_from_the_root() {
    let row = |room: &str, text: &str, expected: &[&str]| {
        let named = Source::new(&format!("src/{}.rs", room.replace("::", "/")), text).paths();
        assert_eq!(named.iter().map(|path| path.segments.join("::")).collect::<Vec<_>>(), expected, "{text}");
    };
    row("a", "use b;", &["b"]);
    row("a", "use b::{c, d::{self, e as f}, g::*}; x", &["b::c", "b::d", "b::d::e", "b::g::*"]);
    row("a", "use {b::c, d};", &["b::c", "d"]);
    row("a::b", "use super::c::D; fn e(_: self::f::G) {}", &["crate::a::c::D", "crate::a::b::f::G"]);
    row("a::b::c", "use super::super::d;", &["crate::a::d"]);
    row("a", "mod b; pub use b::C; fn d() { b::e() }", &["crate::a::b::C", "crate::a::b::e"]);
    row("main", "mod cli; use runway_preflight::check; cli::run();", &["crate::check", "crate::cli::run"]);
    row("a", "use crate::image; image::read();", &["crate::image"]);
    row("a", "image::open::<T>(url::Url::parse)", &["image::open", "url::Url::parse"]);
    row("a", "#[tokio::main] async fn b() {}", &["tokio::main"]);
    row("a", "use b; #[cfg(test)] mod tests { use c; }", &["b"]);
    row("a", "use b; #[cfg(test)] #[allow(x)] mod tests { use c; }", &["b"]);
    row("a", "#[cfg(test)] use b::{x, y}; use c;", &["c"]);
    row("a", "#[cfg(test)] fn f(x: [u8; 2]) -> b::B { c::D {} } use d;", &["d"]);
    let handed_on = Source::new("src/a.rs", "mod b; pub use b::C; use b::D;").paths();
    assert_eq!(handed_on.iter().map(|path| path.handed_on).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn a_file_of_tests_is_known_by_its_parent() {
    let source = Source::new("src/a.rs", "#[cfg(test)] mod trial; mod b; #[cfg(test)] mod tests { mod c; }");
    assert_eq!(source.tests, ["a::trial"]);
}

#[test]
fn a_function_ends_with_its_brace() {
    let source = Source::new(
        "src/a.rs",
        "fn a() {\n if b { c }\n}\ntrait T { fn d(); }\nfn e(f: fn(u8)) -> [u8; 2] { [0; 2] }\n",
    );
    assert_eq!(source.functions(), [("a".to_owned(), 1, 3), ("e".to_owned(), 5, 1)]);
    let source = Source::new(
        "src/a.rs",
        "fn a() { use b::{C, D};\n match e { C => 1, D => 2 } }\nfn f() { match e { C => { g(); 1 } } }",
    );
    assert_eq!(source.functions(), [("f".to_owned(), 3, 1)]);
}
