//! The layers of `docs/architecture.md`, checked: who may import whom, and which module owns which dependency.
//!
//! clippy checks the rest: the length of functions (`clippy.toml`), prints, `unwrap`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The modules of the crate from top to bottom. A module imports only from lower lines.
const LAYERS: &[&[&str]] = &[
    &["main"],
    &["lib"],
    &["cli"],
    &["output", "serve", "fix"],
    &["diagnose", "request"],
    &["engine", "explain"],
    &["rules", "fetch", "report"],
    &["observation"],
    &["asset", "finding"],
    &["media"],
    &["text"],
    &["data_uri", "units", "special_ip", "lock"],
];

/// What a module may not import although it lies below.
const EXCEPT: &[(&str, &[&str])] = &[("output", &["engine", "request", "diagnose", "explain", "fetch", "rules"])];

/// The dependencies that one or a few modules own. A module of ours with the name of a crate counts as the crate.
const OWNERS: &[(&str, &[&str])] = &[
    ("anyhow", &["cli"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("colored", &["output"]),
    ("data_url", &["data_uri"]),
    ("axum", &["serve"]),
    ("csv", &["asset::table"]),
    ("fast_image_resize", &["fix::image"]),
    ("file_format", &["media::sniff"]),
    ("flate2", &["serve"]),
    ("hyper", &["fetch::http", "serve"]),
    ("hyper_util", &["serve"]),
    ("ignore", &["cli"]),
    ("jpeg_encoder", &["fix::image"]),
    ("image", &["media", "fix"]),
    ("indicatif", &["cli::progress"]),
    ("mime_guess", &["fetch::file"]),
    ("quick_junit", &["output::junit"]),
    ("regex_lite", &["request::pattern"]),
    ("reqwest", &["fetch::http"]),
    ("rustls", &["fetch::tls", "fetch::http"]),
    ("terminal_size", &["cli"]),
    ("tower_layer", &["fetch::http"]),
    ("tower_service", &["fetch::http", "serve"]),
    ("url", &["asset", "rules", "fix", "text"]),
    ("webpki", &["fetch::tls"]),
    ("webpki_roots", &["fetch::tls", "fetch::http"]),
];

/// The most lines of a file, unit tests included.
const MAX_LINES: usize = 400;

#[test]
fn imports_go_down() {
    expect_none(|module, code| {
        let top = top_of(module);
        let Some(layer) = layer_of(top) else { return vec![format!("`{top}` is in no layer")] };
        let excluded = EXCEPT.iter().find(|(name, _)| *name == top).map_or(&[][..], |(_, names)| names);
        let is_wrong = |other: &&str| {
            *other != top && layer_of(other).is_some_and(|other| other <= layer) || excluded.contains(other)
        };
        let mut wrong = crate_paths(code).into_iter().filter(is_wrong).collect::<Vec<_>>();
        wrong.dedup();
        wrong.iter().map(|other| format!("imports `{other}`")).collect()
    });
}

#[test]
fn every_dependency_has_its_owner() {
    expect_none(|module, code| {
        let owned =
            |owners: &[&str]| owners.iter().any(|owner| format!("{module}::").starts_with(&format!("{owner}::")));
        let foreign = OWNERS.iter().filter(|(name, owners)| !owned(owners) && uses(code, name));
        foreign.map(|(name, owners)| format!("uses `{name}`, which {owners:?} owns")).collect()
    });
}

#[test]
fn files_are_short() {
    expect_none(|module, _| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(module.replace("::", "/") + ".rs");
        let lines = fs::read_to_string(path).expect("a source file").lines().count();
        if lines > MAX_LINES { vec![format!("{lines} lines")] } else { Vec::new() }
    });
}

/// Fails with every complaint about a module of `src/`. `complain` gets the code without tests and comments.
fn expect_none(complain: impl Fn(&str, &str) -> Vec<String>) {
    let modules = modules();
    assert!(modules.len() > 100, "only {} modules were found", modules.len());
    let complaints = modules.iter().flat_map(|(module, code)| {
        complain(module, code).into_iter().map(move |complaint| format!("{module}: {complaint}"))
    });
    let complaints = complaints.collect::<Vec<_>>();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

fn top_of(module: &str) -> &str {
    module.split("::").next().unwrap_or(module)
}

fn layer_of(top: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&top))
}

/// Every module that is not a test, with its code.
fn modules() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut folders, mut found) = (vec![root.clone()], BTreeMap::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path: PathBuf = entry.expect("an entry").path();
            let name = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
            let is_test = ["tests", "tests.rs", "testing", "testing.rs"].contains(&name.as_str());
            if path.is_dir() && !is_test {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") && !is_test {
                let relative = path.strip_prefix(&root).expect("below src").with_extension("");
                let module = relative.to_str().expect("a path").replace('/', "::");
                found.insert(module, code(&fs::read_to_string(path).expect("a source file")));
            }
        }
    }
    found
}

/// Returns a file without its comments and without everything from its first `#[cfg(test)]` module on.
fn code(text: &str) -> String {
    let end = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    let lines = text[..end].lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Returns the first names of all paths that begin with `crate::`.
fn crate_paths(code: &str) -> Vec<&str> {
    let name = |rest: &str| rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(rest.len());
    code.split("crate::").skip(1).map(|rest| &rest[..name(rest)]).collect()
}

/// Tells whether the code names a crate in a path.
fn uses(code: &str, name: &str) -> bool {
    code.match_indices(&format!("{name}::"))
        .any(|(at, _)| !code[..at].ends_with(|letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':'))
}
