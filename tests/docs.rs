//! The documents match the program: captures are runs of it, lists come from its catalog, commands parse, links resolve.
//!
//! `BLESS=1 cargo test docs` rewrites captures, generated parts and the picture.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use runway_preflight::finding::{CodeInfo, SCHEMA};
use runway_preflight::{Lint, Reason};

use crate::program::{program, program_in, skip};

/// The command that docs/session.svg shows.
const SESSION: &str = "runway-preflight body --offline fixtures/bodies/five-bad-fields.json";

/// Returns the path of a file of the repository.
fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn read(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Returns the name and the text of every document.
fn pages() -> Vec<(String, String)> {
    let mut pages =
        ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "fuzz/README.md"].map(str::to_owned).to_vec();
    for entry in fs::read_dir(path("docs")).expect("the manual") {
        let file = entry.expect("an entry").path();
        if file.extension().is_some_and(|extension| extension == "md") {
            pages.push(format!("docs/{}", file.file_name().and_then(|name| name.to_str()).expect("a name in UTF-8")));
        }
    }
    pages.into_iter().map(|name| (name.clone(), read(&name))).collect()
}

/// Returns a text with each part between two marks replaced.
fn replace_between(text: &str, start: &str, end: &str, mut part: impl FnMut(&str) -> String) -> String {
    let mut pieces = text.split(start);
    let mut replaced = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (old, rest) = piece.split_once(end).unwrap_or_else(|| panic!("no {end} after {start}"));
        replaced += &[start, &part(old), end, rest].concat();
    }
    replaced
}

/// Expects a file to have this content; with `BLESS`, writes it.
#[track_caller]
fn expect_file(name: &str, expected: &str) {
    let is_fresh = fs::read_to_string(path(name)).is_ok_and(|text| text == expected);
    if std::env::var_os("BLESS").is_some() && !is_fresh {
        return fs::write(path(name), expected).expect("the file is written");
    }
    assert!(is_fresh, "{name} is stale: run BLESS=1 cargo test docs");
}

/// Removes what differs between two runs: times.
fn without_times(text: &str) -> String {
    let line = |line: &str| {
        // `1 asset: 1 accepted in 0.004 s`; in the picture, also the length of that text.
        if let Some((start, time)) = line.rsplit_once(" in ")
            && (time.ends_with(" s") || time.ends_with(" ms"))
        {
            return start.split(" textLength").next().unwrap_or_default().to_owned();
        }
        match (line.rsplit_once(" ("), line.split_once("\"elapsed_ms\": ")) {
            (Some((start, time)), _) if time.ends_with(" s)") => start.to_owned(),
            (_, Some((start, _))) => format!("{start}\"elapsed_ms\""),
            _ => line.to_owned(),
        }
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// Runs the commands of a capture (its lines that begin with `$ `) in one shell, and returns the new capture.
fn capture(block: &str) -> String {
    let commands: Vec<&str> = block.lines().filter_map(|line| line.strip_prefix("$ ")).collect();
    let script = commands.iter().fold("exec 2>&1; PATH=${0%/*}:$PATH".to_owned(), |script, command| {
        format!("{script}\nprintf '\\0'; {command}")
    });
    let outcome = program_in(&format!("{script}\nexit 0")).run().exit_code(0);
    let outputs = outcome.stdout.split('\0').skip(1);
    let fresh = commands.iter().zip(outputs).fold(String::new(), |fresh, (command, output)| {
        format!(
            "{fresh}$ {command}\n{}",
            output.strip_suffix('\n').map_or(String::new(), |output| format!("{output}\n"))
        )
    });
    if without_times(&fresh) == without_times(block) { block.to_owned() } else { fresh }
}

#[test]
fn captures_and_lists_are_fresh() {
    let mut captures = 0;
    for (name, text) in pages() {
        let mut fresh = replace_between(&text, "```console\n", "```", |block| {
            captures += 1;
            capture(block)
        });
        for list in ["reasons", "lints", "exit-codes", "example"] {
            let (start, end) = (format!("<!-- {list} -->\n"), format!("<!-- /{list} -->"));
            fresh = replace_between(&fresh, &start, &end, |_| generated(list));
        }
        expect_file(&name, &fresh);
    }
    assert!(captures >= 6, "{captures} captures");
}

/// Generates a list from the program or its source.
fn generated(list: &str) -> String {
    match list {
        "reasons" => reasons(),
        "lints" => lints(),
        "exit-codes" => exit_codes(),
        _ => example(),
    }
}

/// Describes every reason, in the order in which the API checks.
fn reasons() -> String {
    Reason::examples()
        .iter()
        .fold(String::new(), |text, reason| text + &section(&reason.info(), &format!("> {reason}\n\n")))
}

/// Describes every lint, after the one code for all issues of a request schema.
fn lints() -> String {
    Lint::ALL.iter().fold(section(&SCHEMA, ""), |text, lint| text + &section(&lint.info(), ""))
}

/// Describes one code, under a heading that links can lead to.
fn section(code: &CodeInfo, sentence: &str) -> String {
    let CodeInfo { code, stage, severity, confidence, docs, title, hint } = code;
    let hint = if hint.is_empty() { String::new() } else { format!("Hint: {hint}\n\n") };
    let docs = if docs.is_empty() { String::new() } else { format!(" · [documentation]({docs})") };
    let (stage, severity, confidence) = (stage.name(), severity.name(), confidence.name());
    format!("\n### `{code}`\n\n{sentence}{title}\n\n{hint}{severity} · {stage} · {confidence}{docs}\n")
}

/// Returns the table of exit codes in the help.
fn exit_codes() -> String {
    let help = program().arg("--help").run().exit_code(0).stdout;
    let rows = help.lines().skip_while(|line| *line != "Exit codes:").skip(1).take_while(|line| !line.is_empty());
    rows.fold("| code | meaning |\n|---|---|\n".to_owned(), |table, row| {
        let (code, meaning) = row.trim().split_once("  ").expect("a code and its meaning");
        format!("{table}| {code} | {} |\n", meaning.trim())
    })
}

/// Returns the first example of the crate's documentation, without the lines that rustdoc hides.
fn example() -> String {
    let docs = read("src/lib.rs");
    let lines =
        docs.lines().filter_map(|line| line.strip_prefix("//!")).map(|line| line.strip_prefix(' ').unwrap_or(line));
    let example = lines.skip_while(|line| *line != "```").skip(1).take_while(|line| *line != "```");
    let example = example.filter(|line| *line != "#" && !line.starts_with("# "));
    format!("```rust\n{}\n```\n", example.collect::<Vec<_>>().join("\n"))
}

#[test]
fn the_picture_is_fresh() {
    if program_in("command -v python3").run().status != 0 {
        return skip("python3 is missing");
    }
    let script = format!("PATH=${{0%/*}}:$PATH; {{ echo '$ {SESSION}'; {SESSION} --color always; }} | docs/session.py");
    let drawn = program_in(&script).run().exit_code(0).stdout;
    let kept = fs::read_to_string(path("docs/session.svg")).unwrap_or_default();
    let comparable = |svg: &str| without_times(&svg.replace("</text>", ""));
    expect_file("docs/session.svg", if comparable(&kept) == comparable(&drawn) { &kept } else { &drawn });
}

#[test]
fn every_link_into_the_repository_resolves() {
    let anchor = |heading: &str| {
        let kept = heading.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
        kept.chars().filter(|letter| letter.is_alphanumeric() || "-_".contains(*letter)).collect::<String>()
    };
    let mut count = 0;
    for (name, text) in pages() {
        let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for link in links.filter(|link| !link.contains("://")) {
            let (file, part) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { path(&name) } else { path(&name).with_file_name("").join(file) };
            assert!(target.exists(), "{name}: {link}");
            let has_part = || {
                fs::read_to_string(&target)
                    .is_ok_and(|text| text.lines().any(|line| line.starts_with('#') && anchor(line) == part))
            };
            assert!(part.is_empty() || has_part(), "{name}: {link}");
            count += 1;
        }
    }
    assert!(count >= 40, "{count} links");
}

/// Returns the code spans of all pages, each with the name of its page.
fn code_spans() -> Vec<(String, String)> {
    let spans = |text: &str| text.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    pages()
        .into_iter()
        .flat_map(|(name, text)| spans(&text).into_iter().map(move |span| (name.clone(), span)))
        .collect()
}

#[test]
fn every_path_exists() {
    let folders = ["src/", "tests/", "docs/", "fixtures/", "fuzz/", "benches/", "packaging/", ".github/", ".ci/"];
    let is_pattern = |letter: char| letter.is_whitespace() || letter.is_uppercase() || "*…".contains(letter);
    for (name, span) in code_spans() {
        let is_path = folders.iter().any(|folder| span.starts_with(folder)) && !span.contains(is_pattern);
        assert!(!is_path || path(&span).exists(), "{name}: {span} does not exist");
    }
}

#[test]
fn every_type_exists() {
    let source = sources(&path("src"));
    let words: BTreeSet<&str> = source.split(|letter: char| !letter.is_alphanumeric()).collect();
    for (name, span) in
        code_spans().into_iter().filter(|(name, _)| name.starts_with("docs/") || name == "CONTRIBUTING.md")
    {
        let is_type = span.starts_with(|letter: char| letter.is_uppercase())
            && span.contains(|letter: char| letter.is_lowercase())
            && span.chars().all(char::is_alphanumeric);
        assert!(!is_type || words.contains(span.as_str()), "{name}: there is no type {span}");
    }
}

/// Returns the text of every source file in a folder and below.
fn sources(folder: &Path) -> String {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let read =
        |path: PathBuf| if path.is_dir() { sources(&path) } else { fs::read_to_string(path).unwrap_or_default() };
    entries.map(read).collect()
}

#[test]
fn every_flag_exists() {
    let subcommands =
        ["check", "body", "diagnose", "explain", "encode", "fix", "rules", "serve", "config", "completions", "man"];
    let help = subcommands.map(|subcommand| program().args([subcommand, "--help"]).run().exit_code(0).stdout).concat();
    let known = |flag: &str| help.split([' ', '\n', ',', '[']).any(|word| word == flag);
    for (name, span) in code_spans().into_iter().filter(|(_, span)| span.starts_with("--")) {
        let flag = span.split([' ', '=']).next().unwrap_or_default();
        assert!(known(flag), "{name}: there is no flag {flag}");
    }
}

#[test]
fn every_key_is_in_the_schema() {
    let schema = read("src/output/report-v1.schema.json");
    let page = read("docs/json.md");
    let keys = page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` |").map(|(keys, _)| keys));
    let mut count = 0;
    for key in keys {
        assert!(schema.contains(&format!("\"{key}\": {{")), "the schema has no key {key}");
        count += 1;
    }
    assert!(count >= 20, "{count} keys");
}

#[test]
fn every_command_parses() {
    let mut count = 0;
    for (name, text) in pages() {
        let text = replace_between(&text, "```console\n", "```", |_| String::new());
        let commands = text.lines().flat_map(|line| line.split(['`', '|']).chain([line]));
        for command in commands.map(str::trim).filter(|part| part.starts_with("runway-preflight ")) {
            let words =
                command.split_whitespace().skip(1).take_while(|word| !["<", ">", "&&", "|", "@{}"].contains(word));
            let words: Vec<String> =
                words.map(|word| word.trim_matches(['"', '\'']).replace("SHELL", "bash")).collect();
            if words.iter().any(|word| word == "COMMAND") {
                continue;
            }
            // The help is shown only after everything before it was parsed.
            let outcome = program().args(&words).arg("--help").run();
            assert_eq!(outcome.status, 0, "{name}: {command}\n{}", outcome.stderr);
            count += 1;
        }
    }
    assert!(count >= 20, "{count} commands");
}
