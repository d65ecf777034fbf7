//! The register: each case is tested somewhere, or the list says why it is not.
//!
//! A case is tested by anything with its name: a test, `u09_special_names…`, also of several cases, `h06_h22_…`; a row
//! of a table here, `row("U09", …)`; a case of an end-to-end test, `expect U09 …`. Otherwise the list names the place:
//! a file of `tests/` that contains the name, `src/FILE.rs::TEST`, or a test of this binary, `MODULE::TEST`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The groups, and how many cases each has.
const GROUPS: [(char, usize); 13] = [
    ('U', 24),
    ('D', 13),
    ('N', 16),
    ('C', 8),
    ('T', 23),
    ('H', 31),
    ('B', 11),
    ('M', 25),
    ('J', 12),
    ('O', 19),
    ('K', 10),
    ('L', 6),
    ('S', 17),
];

/// A line of the list.
struct Case<'a> {
    name: &'a str,
    place: &'a str,
}

fn cases() -> Vec<Case<'static>> {
    let lines = include_str!("list.tsv").lines().skip(1);
    let read = |line: &'static str| {
        let cells: Vec<&str> = line.split('\t').collect();
        assert!(cells.len() == 3 && !cells[1].is_empty(), "{line}");
        Case { name: cells[0], place: cells[2] }
    };
    lines.map(read).collect()
}

/// All sources of this checkout that could test a case.
struct Sources {
    /// Path from the root, and text.
    texts: BTreeMap<String, String>,
    /// The tests of this binary, by their full names.
    tests: BTreeSet<String>,
}

impl Sources {
    fn all() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut texts = BTreeMap::new();
        let mut folders: Vec<PathBuf> = vec![root.join("src"), root.join("tests")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else if path
                    .extension()
                    .is_some_and(|extension| ["rs", "sh", "py"].iter().any(|known| extension == *known))
                {
                    let name = path.strip_prefix(root).expect("below the root").display().to_string();
                    texts.insert(name, fs::read_to_string(&path).expect("text"));
                }
            }
        }
        let mut list = Command::new(std::env::current_exe().expect("this binary"));
        Self { texts, tests: listed(list.args(["--list", "--format", "terse"])) }
    }

    /// Returns whether a file has a test of this name that is not ignored.
    fn has_test(&self, file: &str, name: &str) -> bool {
        let Some(text) = self.texts.get(file) else { return false };
        tests_of(text).any(|test| test == name)
    }

    /// Returns the tests and files that have the name of a case.
    fn bearers(&self, case: &str) -> Vec<String> {
        let lower = case.to_lowercase();
        let bears = |test: &str| {
            let test = test.rsplit("::").next().unwrap_or_default();
            test.split('_').take_while(|word| is_case(&word.to_uppercase())).any(|word| word == lower)
        };
        let tests = self.tests.iter().filter(|test| bears(test)).cloned();
        let units = self.texts.iter().filter(|(file, text)| file.starts_with("src/") && tests_of(text).any(bears));
        let quoted = format!("\"{case}\"");
        let tables = self.texts.iter().filter(|(file, text)| {
            let table = file.starts_with("tests/cases/") || file.starts_with("tests/e2e/guard/");
            table && !file.ends_with("case_coverage.rs") && text.contains(&quoted)
        });
        let shown = format!("expect {case} ");
        let scripts = self.texts.iter().filter(|(file, text)| file.starts_with("tests/e2e/") && text.contains(&shown));
        let files = units.chain(tables).chain(scripts).map(|(file, _)| file.clone());
        tests.chain(files).collect()
    }

    /// Returns whether a place that the list names exists and tests the case.
    fn holds(&self, case: &str, place: &str) -> bool {
        match place.split_once(".rs::") {
            Some((file, test)) => self.has_test(&format!("{file}.rs"), test),
            None if place.starts_with("tests/") => {
                self.texts.get(place).is_some_and(|text| text.contains(case) || text.contains(&case.to_lowercase()))
            }
            None => self.tests.contains(place),
        }
    }
}

/// Returns the full names of the tests that a binary lists, without ignored ones.
fn listed(command: &mut Command) -> BTreeSet<String> {
    let run = |command: &mut Command| {
        let output = command.env_remove("RUST_TEST_THREADS").output().expect("the binary lists its tests");
        let text = String::from_utf8(output.stdout).expect("names");
        text.lines().filter_map(|line| line.strip_suffix(": test").map(str::to_owned)).collect::<BTreeSet<_>>()
    };
    let all = run(command);
    &all - &run(command.arg("--ignored"))
}

/// Returns the names of a source's tests, leaving out those that are ignored.
fn tests_of(text: &str) -> impl Iterator<Item = &str> {
    let mut marked = false;
    text.lines().filter_map(move |line| {
        let line = line.trim_start();
        if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
            marked = true;
        } else if line.starts_with("#[ignore") {
            marked = false;
        } else if let Some(rest) = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ") {
            let name = rest.split('(').next().unwrap_or_default();
            return std::mem::take(&mut marked).then_some(name);
        }
        None
    })
}

fn is_case(word: &str) -> bool {
    let mut characters = word.chars();
    let group = characters.next();
    word.len() == 3
        && GROUPS.iter().any(|(known, _)| group == Some(*known))
        && characters.all(|digit| digit.is_ascii_digit())
}

#[test]
fn every_case_is_tested_or_the_list_says_why_not() {
    let sources = Sources::all();
    let mut complaints = Vec::new();
    for Case { name, place } in cases() {
        let bearers = sources.bearers(name);
        if let Some(reason) = place.strip_prefix("- ") {
            if !bearers.is_empty() {
                complaints.push(format!("{name} is listed as not tested ({reason}), but is: {bearers:?}"));
            }
            continue;
        }
        let places = place.split(", ").filter(|place| !place.is_empty());
        complaints.extend(
            places
                .clone()
                .filter(|place| !sources.holds(name, place))
                .map(|place| format!("{name}: there is no {place}")),
        );
        if bearers.is_empty() && places.count() == 0 {
            complaints.push(format!("{name} is not tested"));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn the_list_is_complete_and_in_order() {
    let wanted = GROUPS.iter().flat_map(|(group, count)| (1..=*count).map(move |number| format!("{group}{number:02}")));
    assert_eq!(cases().iter().map(|case| case.name.to_owned()).collect::<Vec<_>>(), wanted.collect::<Vec<_>>());
    assert_eq!(cases().len(), 215);
}

/// Only cases about features that do not exist may be left out.
#[test]
fn only_known_cases_are_left_out() {
    let left_out: Vec<&str> =
        cases().into_iter().filter(|case| case.place.starts_with("- ")).map(|case| case.name).collect();
    assert_eq!(left_out, ["T21", "O11", "O12", "O14", "O15"]);
}

#[test]
fn untested_cases_and_missing_places_are_detected() {
    let sources = Sources::all();
    assert!(sources.bearers("Z01").is_empty() && sources.bearers("U99").is_empty());
    assert!(!sources.holds("U01", "usage::no_such_test") && !sources.holds("U01", "src/special_ip.rs::no_such_test"));
    assert!(!sources.holds("U99", "tests/cases/url.rs") && !sources.holds("U01", "tests/cases/no_such_file.rs"));
    assert!(sources.holds("U01", "tests/cases/url.rs"));
    let text = "#[test]\nfn a01_one() {}\nfn a02_two() {}\n#[test]\n#[ignore = \"x\"]\nfn a03_three() {}\n#[tokio::test]\nasync fn a04() {}";
    assert_eq!(tests_of(text).collect::<Vec<_>>(), ["a01_one", "a04"]);
}
