//! Metadata for package ecosystems: consistent manifests, safe workflows, clean packages.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::yaml::{self, Hash, Yaml};

/// The workflows and the action, which run shell scripts with credentials.
const SCRIPTED: &[&str] = &["action.yml", ".github/workflows/ci.yml", ".github/workflows/release.yml"];

/// Files of the package for crates.io outside of its folders.
const LOOSE: &[&str] = &[
    ".cargo_vcs_info.json",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "Cargo.toml.orig",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "SECURITY.md",
];

/// Its folders, and the extensions of the files in them.
const FOLDERS: &[(&str, &[&str])] = &[
    ("src", &[".rs", ".toml", ".json", ".md", "html/report.css", "html/report.js", "html/policy.txt"]),
    ("completions", &["runway-preflight.bash", "_runway-preflight", "runway-preflight.fish", ".ps1", ".elv"]),
    ("fixtures/lists", &[".txt", ".md"]),
];

fn text(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("the file is there")
}

fn manifest() -> toml::Table {
    text("Cargo.toml").parse().expect("TOML")
}

/// The Rust targets for which a release is built.
fn targets() -> BTreeSet<String> {
    let release = yaml::read(".github/workflows/release.yml");
    let rows = release["jobs"]["build"]["strategy"]["matrix"]["include"].as_vec().expect("a matrix").iter();
    rows.map(|row| row["target"].as_str().expect("a target").to_owned()).collect()
}

#[test]
fn no_expression_is_in_a_shell_script() {
    for file in SCRIPTED {
        let document = yaml::read(file);
        let scripts = yaml::under(&document, "run");
        let scripts = scripts.iter().filter_map(|script| script.as_str()).collect::<Vec<_>>();
        assert!(!scripts.is_empty(), "{file} has no script");
        for script in scripts {
            assert!(!script.contains("${{"), "{file}: an expression in a script: {script}");
        }
    }
}

#[test]
fn third_party_actions_are_pinned_and_get_no_credentials() {
    for file in SCRIPTED {
        let document = yaml::read(file);
        for uses in yaml::under(&document, "uses") {
            let uses = uses.as_str().expect("a text");
            let (_, commit) = uses.split_once('@').expect("a version");
            assert!(
                commit.len() == 40 && commit.bytes().all(|b| b.is_ascii_hexdigit()),
                "{file}: {uses} is not pinned"
            );
            assert!(text(file).contains(&format!("{uses} # v")), "{file}: {uses} does not say its version");
        }
        let steps = yaml::under(&document, "steps").into_iter().flat_map(|steps| steps.as_vec().expect("steps"));
        for step in steps.filter(|step| step["uses"].as_str().is_some_and(|uses| uses.starts_with("actions/checkout@")))
        {
            assert_eq!(step["with"]["persist-credentials"].as_bool(), Some(false), "{file} keeps the token");
        }
        if *file != "action.yml" {
            assert_eq!(document["permissions"], Yaml::Hash(Hash::new()), "{file} has rights");
        }
    }
}

#[test]
fn manifests_agree() {
    let cargo = manifest();
    let package = cargo["package"].as_table().expect("a table");
    let python = text("packaging/python/pyproject.toml").parse::<toml::Table>().expect("TOML");
    let project = python["project"].as_table().expect("a table");
    let npm: Value = serde_json::from_str(&text("packaging/npm/runway-preflight/package.json")).expect("JSON");

    assert_eq!(project["name"], package["name"]);
    assert_eq!(npm["name"].as_str(), package["name"].as_str());
    for key in ["description", "license"] {
        assert_eq!(npm[key].as_str(), package[key].as_str(), "{key}");
    }
    // Only Cargo.toml has the version: maturin reads it there, and pack.mjs gets it as an argument.
    for key in ["version", "description", "license", "readme", "keywords"] {
        let dynamic = project["dynamic"].as_array().expect("a list");
        assert!(dynamic.iter().any(|name| name.as_str() == Some(key)) && !project.contains_key(key), "{key}");
    }
    let pinned = npm["optionalDependencies"].as_object().expect("an object");
    assert!(pinned.values().chain([&npm["version"]]).all(|version| version == "0.0.0"), "npm has a version of its own");
    let locked = text("Cargo.lock").parse::<toml::Table>().expect("TOML");
    let own = locked["package"].as_array().expect("a list").iter().find(|row| row["name"] == package["name"]);
    assert_eq!(own.expect("the program itself")["version"], package["version"], "Cargo.lock is stale");
    let rust = package["rust-version"].as_str().expect("a text");
    assert!(text("README.md").contains(&format!("Rust {rust} or newer")), "the README names another version of Rust");
}

#[test]
fn every_platform_of_a_release_is_known_to_npm_and_to_the_action() {
    let npm: Value = serde_json::from_str(&text("packaging/npm/runway-preflight/package.json")).expect("JSON");
    let packages = npm["optionalDependencies"].as_object().expect("an object").keys().cloned().collect::<BTreeSet<_>>();
    let platform = |target: &String| {
        let cpu = if target.starts_with("aarch64") { "arm64" } else { "x64" };
        let os = ["linux", "darwin"].into_iter().find(|os| target.contains(os)).unwrap_or("win32");
        format!("runway-preflight-{os}-{cpu}")
    };
    assert_eq!(targets().iter().map(platform).collect::<BTreeSet<_>>(), packages);

    let action = text("action.yml");
    let known = action.lines().filter_map(|line| line.split_once("target=")?.1.strip_suffix(" ;;"));
    assert_eq!(known.map(str::to_owned).collect::<BTreeSet<_>>(), targets());

    // The script that builds the archive, the action and cargo-binstall use the same name for it.
    let binstall = manifest()["package"]["metadata"]["binstall"]["pkg-url"].as_str().expect("a text").to_owned();
    assert!(binstall.ends_with("/v{ version }/{ name }-{ target }.tar.gz"), "{binstall}");
    assert!(text("packaging/build.sh").contains("/runway-preflight-$target.tar.gz"));
    assert!(action.contains("archive=runway-preflight-$target.tar.gz"));
}

#[test]
fn hooks_run_offline() {
    let hooks = yaml::read(".pre-commit-hooks.yaml");
    let hooks = hooks.as_vec().expect("a list");
    let find = |id: &str| hooks.iter().find(|hook| hook["id"].as_str() == Some(id)).expect("a hook");
    for hook in hooks {
        assert_eq!(hook["args"][0].as_str(), Some("--offline"), "{hook:?}");
    }
    for id in ["runway-preflight-list", "runway-preflight-body"] {
        let (built, there) = (find(id), find(&format!("{id}-system")));
        assert_eq!((built["language"].as_str(), there["language"].as_str()), (Some("rust"), Some("system")));
        for key in ["entry", "args", "files", "pass_filenames", "require_serial"] {
            let of = |hook: &Yaml| hook.as_hash().and_then(|hook| hook.get(&Yaml::String(key.to_owned()))).cloned();
            assert_eq!(of(built), of(there), "{id}: {key}");
        }
    }
    // A file may have the name of a flag.
    assert_eq!(find("runway-preflight-body")["args"][1].as_str(), Some("--"));
}

#[test]
fn the_package_contains_only_the_sources() {
    let mut command = Command::new(env!("CARGO"));
    command.args(["package", "--list", "--offline", "--allow-dirty", "--locked"]);
    let listed = command.current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("cargo runs");
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    let listed = String::from_utf8(listed.stdout).expect("names");
    let listed = listed.lines().map(|line| line.replace('\\', "/")).collect::<BTreeSet<_>>();

    let mut expected = LOOSE.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    for (folder, ends) in FOLDERS {
        // The script that updates the rules is not part of the program.
        for file in
            files(folder).into_iter().filter(|file| Path::new(file).extension().is_none_or(|ending| ending != "py"))
        {
            assert!(ends.iter().any(|end| file.ends_with(end)), "{file} is not a source file");
            expected.insert(file);
        }
    }
    // Only a checkout knows its commit.
    expected.retain(|name| name != ".cargo_vcs_info.json" || listed.contains(name));
    assert_eq!(listed, expected);
}

/// Every file in a folder and below, named from the root of the repository.
fn files(folder: &str) -> Vec<String> {
    let Ok(entries) = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)) else {
        return Vec::new();
    };
    let entries = entries.map(|entry| entry.expect("an entry"));
    entries
        .flat_map(|entry| {
            let name = format!("{folder}/{}", entry.file_name().to_str().expect("a name in UTF-8"));
            if entry.file_type().expect("a type").is_dir() { files(&name) } else { vec![name] }
        })
        .collect()
}
