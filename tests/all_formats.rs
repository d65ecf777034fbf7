//! Checks everything that one run writes, whatever the input: each format is parsed by a parser for that format, and
//! nothing is a command to a terminal or a CI runner.

use std::fs;
use std::path::Path;

use comrak::nodes::NodeValue;
use comrak::{Arena, Options};
use jsonschema::Validator;
use runway_preflight::output::escape::visible;
use serde_json::Value;

use crate::html::expect_html;
use crate::outputs::runner::{Command, commands};
use crate::outputs::sarif_schema;
use crate::program::{Outcome, Program};

/// Every format of `check` and `body`.
pub(crate) const FORMATS: [&str; 11] =
    ["text", "concise", "reasons", "json", "jsonl", "github", "gitlab", "junit", "sarif", "markdown", "html"];

/// The output of one run: standard output, standard error, a report in each format, the step summary.
pub(crate) struct RunOutputs {
    pub(crate) outcome: Outcome,
    /// By the names of their formats.
    pub(crate) reports: Vec<(&'static str, String)>,
    pub(crate) summary: String,
}

/// Runs `check` or `body` in a folder, with a report in each format in addition to the main output.
#[track_caller]
pub(crate) fn writings(program: Program, folder: &Path) -> RunOutputs {
    let outside = tempfile::tempdir().expect("a folder");
    let path = |name: &str| outside.path().join(name).display().to_string();
    let reports = FORMATS.iter().flat_map(|name| ["--report".to_owned(), format!("{name}={}", path(name))]);
    let outcome = program.current_dir(folder).args(reports).env("GITHUB_STEP_SUMMARY", path("summary")).run();
    let read = |name: &str| fs::read_to_string(path(name)).unwrap_or_else(|error| panic!("{name}: {error}\n{outcome}"));
    let reports = FORMATS.map(|name| (name, read(name))).to_vec();
    let summary = fs::read_to_string(path("summary")).unwrap_or_default();
    RunOutputs { outcome, reports, summary }
}

impl RunOutputs {
    /// Returns the report in a format.
    pub(crate) fn report(&self, format: &str) -> &str {
        self.reports.iter().find(|(name, _)| *name == format).map(|(_, text)| text.as_str()).expect("a format")
    }

    /// Returns everything that was written, by channel.
    pub(crate) fn all(&self) -> Vec<(&'static str, &str)> {
        let extra = [
            ("standard output", self.outcome.stdout.as_str()),
            ("standard error", self.outcome.stderr.as_str()),
            ("step summary", self.summary.as_str()),
        ];
        self.reports.iter().map(|(name, text)| (*name, text.as_str())).chain(extra).collect()
    }

    /// Expects every channel to parse as intended and to contain no commands.
    #[track_caller]
    pub(crate) fn expect_harmless(&self) {
        for (name, text) in self.all() {
            expect_plain(name, text);
            match name {
                "github" => drop(annotations(text)),
                _ => assert_eq!(commands(text), [], "{name}: {text}"),
            }
        }
        let document = read_json(self.report("json"));
        let lines: Vec<Value> = self.report("jsonl").lines().map(read_json).collect();
        let entries = document.get("requests").or(document.get("assets")).and_then(Value::as_array).expect("entries");
        assert_eq!(lines.len(), entries.len());
        let cases = junit_cases(self.report("junit"));
        let assets = document["assets"].as_array().expect("assets").len();
        assert!(cases.len() >= assets.max(entries.len()), "{} of {assets}", cases.len());
        expect_sarif(self.report("sarif"));
        expect_markdown(self.report("markdown"));
        expect_html(self.report("html"));
    }
}

/// Expects lines that a terminal shows unchanged and that no CI runner interprets.
#[track_caller]
pub(crate) fn expect_plain(name: &str, text: &str) {
    let shown = |character: char| character == '\n' || visible(&character.to_string()) == character.to_string();
    if let Some(bad) = text.chars().find(|character| !shown(*character)) {
        panic!("{name} has {bad:?}:\n{text}");
    }
    // GitHub's old syntax, Azure Pipelines, TeamCity and GitLab accept these anywhere in a line.
    for word in ["##[", "##vso[", "##teamcity[", "section_start:", "section_end:"] {
        assert!(!text.contains(word), "{name} has {word}:\n{text}");
    }
}

/// Expects every command to be one of our annotations, and returns them. Other lines are those of `concise`.
#[track_caller]
pub(crate) fn annotations(text: &str) -> Vec<Command> {
    let commands = commands(text);
    let is_log = |line: &&str| !line.starts_with("::");
    assert_eq!(commands.len(), text.lines().count() - text.lines().filter(is_log).count(), "{text}");
    for Command { name, properties, data } in &commands {
        assert!(["error", "warning", "notice"].contains(&name.as_str()), "{text}");
        assert!(properties.keys().all(|key| ["file", "line", "col", "title"].contains(&key.as_str())), "{text}");
        assert!(data.len() <= 4096 && !properties["title"].contains(char::is_whitespace), "{text}");
    }
    assert!(text.lines().all(|line| line.len() <= 3 * 4096), "a line is too long");
    commands
}

#[track_caller]
fn read_json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Returns the names of the test cases.
#[track_caller]
pub(crate) fn junit_cases(text: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let cases = document.descendants().filter(|node| node.has_tag_name("testcase"));
    cases.map(|node| node.attribute("name").expect("a name").to_owned()).collect()
}

/// Expects valid SARIF whose paths are below the working directory and whose messages have no links.
#[track_caller]
pub(crate) fn expect_sarif(text: &str) {
    thread_local!(static SCHEMA: Validator = sarif_schema());
    let document = read_json(text);
    SCHEMA.with(|schema| schema.validate(&document).unwrap_or_else(|error| panic!("{error}\n{text}")));
    for result in document["runs"][0]["results"].as_array().expect("results") {
        let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().expect("a URI");
        assert!(!uri.starts_with('/') && !uri.split('/').any(|part| part == "..") && !uri.contains(':'), "{uri}");
        assert!(!uri.contains(['\\', '?', '#']), "{uri}");
        let message = result["message"]["text"].as_str().expect("a text");
        assert!(!message.contains("]("), "{message}");
        let bare = message.replace("{{", "").replace("}}", "");
        assert!(!bare.contains(['{', '}']), "{message}");
    }
}

/// Expects a table in which nothing from outside is a link, a picture, HTML or a mention.
#[expect(clippy::wildcard_enum_match_arm, reason = "the reader knows many nodes that do no harm")]
#[track_caller]
pub(crate) fn expect_markdown(text: &str) {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.strikethrough = true;
    let arena = Arena::new();
    for node in comrak::parse_document(&arena, text, &options).descendants() {
        match &node.data.borrow().value {
            NodeValue::HtmlInline(html) => assert_eq!(html, "<br>"),
            NodeValue::Link(_) | NodeValue::Image(_) | NodeValue::HtmlBlock(_) => panic!("{text}"),
            NodeValue::Text(words) => {
                assert!(!words.contains(['@', '#', '<', '`', '|']), "{words} is outside of a code span\n{text}");
            }
            _ => {}
        }
    }
}

#[test]
fn the_expectations_can_fail() {
    let fails = |check: fn()| assert!(std::panic::catch_unwind(check).is_err());
    fails(|| expect_plain("x", "a\u{9b}b"));
    fails(|| expect_plain("x", "a\rb"));
    fails(|| expect_plain("x", "##teamcity[a]"));
    fails(|| drop(annotations("::set-env name=a::b\n")));
    fails(|| drop(annotations("::set-output name=a::b")));
    fails(|| expect_markdown("see https://evil.example"));
    fails(|| expect_markdown("@team"));
    fails(|| expect_sarif("{}"));
    expect_plain("x", "a\nb é");
    expect_markdown("| a |\n|---|\n| `@team <img>` |");
}
