//! The README says what the program does: its tables come from the program, and its commands run.
//!
//! `BLESS=1 cargo test readme` rewrites the generated parts.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use runway_preflight::Reason;

use crate::program::program;

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("README.md")
}

/// Compares what stands between two marks with what should; rewrites it on request.
#[track_caller]
fn expect_between(start: &str, end: &str, wanted: &str) {
    let readme = fs::read_to_string(path()).expect("a README");
    let from = readme.find(start).unwrap_or_else(|| panic!("no {start} in the README")) + start.len();
    let to = from + readme[from..].find(end).unwrap_or_else(|| panic!("no {end} after {start}"));
    let wanted = format!("\n{wanted}\n");
    if std::env::var_os("BLESS").is_some() {
        fs::write(path(), format!("{}{wanted}{}", &readme[..from], &readme[to..])).expect("the README is written");
        return;
    }
    assert_eq!(&readme[from..to], wanted, "run BLESS=1 cargo test readme");
}

#[test]
fn readme_lists_every_reason() {
    let mut table = String::from("| code | sentence | what it means |\n|---|---|---|");
    for reason in Reason::examples() {
        let entry = reason.info();
        write!(table, "\n| `{}` | `{reason}` | {} |", entry.code, entry.title).expect("a String takes it");
    }
    expect_between("<!-- reasons -->", "<!-- /reasons -->", &table);
}

#[test]
fn readme_shows_the_real_session() {
    let outcome = program().args(["check", "@fixtures/lists/demo.txt"]).run().exits(1);
    let mut lines: Vec<&str> = outcome.stdout.lines().collect();
    let summary = lines.pop().expect("a summary");
    // The time is the only thing that differs between two runs.
    let summary = summary.split(" (").next().unwrap_or_default();
    let session = format!("```text\n{}\n{summary}\n```", lines.join("\n"));
    expect_between("<!-- session:demo -->", "<!-- /session -->", &session);
}

#[test]
fn readme_names_the_exit_codes_of_the_help() {
    let help = program().arg("--help").run().exits(0).stdout;
    let readme = fs::read_to_string(path()).expect("a README");
    let codes = help.lines().skip_while(|line| *line != "Exit codes:").skip(1);
    let mut count = 0;
    for line in codes.take_while(|line| !line.is_empty()) {
        let (code, meaning) = line.trim().split_once("  ").expect("a code and its meaning");
        let row = format!("| {} | {} |", code.trim(), meaning.trim());
        assert!(readme.contains(&row), "the README lacks {row}");
        count += 1;
    }
    assert_eq!(count, 8);
}

#[test]
fn every_link_into_the_repository_leads_somewhere() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let read = |name: &str| fs::read_to_string(root.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let anchor = |heading: &str| heading.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
    let mut count = 0;
    for name in ["README.md", "SECURITY.md"] {
        let text = read(name);
        let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for link in links.filter(|link| !link.contains("://")) {
            let (file, part) = link.split_once('#').unwrap_or((link, ""));
            assert!(root.join(file).exists(), "{name}: {link}");
            let has_part = || read(file).lines().any(|line| line.starts_with('#') && anchor(line) == part);
            assert!(part.is_empty() || has_part(), "{name}: {link}");
            count += 1;
        }
    }
    assert!(count >= 4, "{count} links");
}

#[test]
fn every_command_of_the_readme_is_understood() {
    let readme = fs::read_to_string(path()).expect("a README");
    let mut count = 0;
    for line in readme.lines() {
        for command in line.split('`').chain([line]).filter(|part| part.starts_with("runway-preflight ")) {
            let words = command.split_whitespace().skip(1).take_while(|word| !["<", ">", "&&"].contains(word));
            let words: Vec<String> = words.map(|word| word.trim_matches('"').replace("SHELL", "bash")).collect();
            // The help is shown only after all that stands before it was understood.
            program().args(&words).arg("--help").run().exits(0);
            count += 1;
        }
    }
    assert!(count >= 10, "{count} commands");
}
