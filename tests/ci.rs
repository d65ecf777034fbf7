//! The blocks of `docs/ci.md`, run as far as that is possible without the service that reads them.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::outputs::sarif_schema;
use crate::program::{Outcome, program_in};
use crate::yaml::{self, Yaml};

/// Returns the blocks of a language.
fn blocks(language: &str) -> Vec<String> {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ci.md")).expect("the page");
    let start = format!("```{language}\n");
    let blocks = page.split(&start).skip(1);
    blocks.map(|block| block.split("```").next().unwrap_or_default().to_owned()).collect()
}

/// Returns the one block that holds a text, as YAML.
fn block(holding: &str) -> Yaml {
    let found = blocks("yaml").into_iter().find(|block| block.contains(holding)).expect("a block");
    yaml_rust2::YamlLoader::load_from_str(&found).expect("YAML").remove(0)
}

/// A checkout with a list of two assets of the same address but for what is secret, and a picture.
fn checkout() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir_all(folder.path().join(".git")).expect("a folder");
    fs::create_dir_all(folder.path().join("public")).expect("a folder");
    let list = "http://h.com/a.png?v=1&sig=canary1\nhttp://h.com/a.png?v=1&sig=canary2\npublic/hero.jpg\n";
    fs::write(folder.path().join("assets.txt"), list).expect("a list");
    let picture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/images/photo.jpg");
    fs::copy(picture, folder.path().join("public/hero.jpg")).expect("a picture");
    folder
}

/// Runs a command as a CI service does: in a shell, with `CI` set and the program on the path.
fn run(folder: &Path, command: &str) -> Outcome {
    let script = format!("set -e; PATH=${{0%/*}}:$PATH\n{command}");
    program_in(&script).env("CI", "true").current_dir(folder).run().output_lacks("canary")
}

fn read(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Expects a report of `JUnit` in which readers tell the tests apart.
fn expect_tests(junit: &str) {
    let document = roxmltree::Document::parse(junit).expect("XML");
    let tests = document.descendants().filter(|node| node.has_tag_name("testcase"));
    let mut names: Vec<_> = tests.map(|test| (test.attribute("classname"), test.attribute("name"))).collect();
    assert_eq!(names.len(), 3, "{junit}");
    names.dedup();
    assert_eq!(names.len(), 3, "{names:?}");
    assert!(junit.contains("name=\"assets.txt:2 "), "{junit}");
}

#[test]
fn the_workflow_of_github_names_inputs_of_the_action() {
    let workflow = block("uses: OWNER/runway-preflight");
    let action = yaml::read("action.yml");
    let inputs: Vec<_> = action["inputs"].as_hash().expect("inputs").keys().filter_map(Yaml::as_str).collect();
    let steps = workflow["jobs"]["assets"]["steps"].as_vec().expect("steps");
    let step = steps.iter().find(|step| !step["with"].is_badvalue()).expect("a step");
    for input in step["with"].as_hash().expect("inputs").keys() {
        assert!(inputs.contains(&input.as_str().expect("a name")), "{input:?}");
    }
    // The action calls the program with these words.
    let words =
        |key: &str| step["with"][key].as_str().expect("a text").split_whitespace().collect::<Vec<_>>().join(" ");
    let folder = checkout();
    let outcome = run(folder.path(), &format!("runway-preflight check {} {}", words("args"), words("assets")));
    outcome.exit_code(1).stdout_contains("::error file=assets.txt,line=1,col=1,title=not-https::");
}

#[test]
fn annotations_and_code_scanning_name_files_from_the_root_of_the_repository() {
    let folder = checkout();
    fs::create_dir(folder.path().join("sub")).expect("a folder");
    let absolute = folder.path().canonicalize().expect("a path").join("assets.txt").display().to_string();
    for list in ["../assets.txt", absolute.as_str()] {
        let command = |format: &str| format!("runway-preflight check --offline --exit-zero --format {format} @{list}");
        let sub = folder.path().join("sub");
        run(&sub, &command("github")).exit_code(0).stdout_contains("::error file=assets.txt,line=2,");
        let sarif = run(&sub, &command("sarif")).exit_code(0).json();
        for (nth, result) in sarif["runs"][0]["results"].as_array().expect("results").iter().take(2).enumerate() {
            let place = &result["locations"][0]["physicalLocation"];
            assert_eq!(place["artifactLocation"]["uri"], "assets.txt", "{list}");
            assert_eq!(place["region"]["startLine"], nth + 1, "{list}");
        }
        let quality = run(&sub, &command("gitlab")).exit_code(0).json();
        assert_eq!(
            (&quality[0]["location"]["path"], quality[1]["location"]["lines"]["begin"].as_u64()),
            (&"assets.txt".into(), Some(2))
        );
    }
}

#[test]
fn the_step_for_code_scanning_writes_sarif() {
    let steps = block("upload-sarif");
    let command = steps[0]["run"].as_str().expect("a command");
    let folder = checkout();
    run(folder.path(), command).exit_code(0);
    let sarif: Value =
        serde_json::from_str(&read(&folder, steps[1]["with"]["sarif_file"].as_str().expect("a file"))).expect("JSON");
    sarif_schema().validate(&sarif).expect("SARIF");
    assert_eq!(
        sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
        "assets.txt"
    );
}

#[test]
fn the_job_of_gitlab_leaves_its_reports() {
    let job = &block("artifacts:")["assets"];
    let folder = checkout();
    for command in job["script"].as_vec().expect("commands") {
        run(folder.path(), command.as_str().expect("a command")).exit_code(1);
    }
    let reports = &job["artifacts"]["reports"];
    expect_tests(&read(&folder, reports["junit"].as_str().expect("a file")));
    let quality: Value =
        serde_json::from_str(&read(&folder, reports["codequality"].as_str().expect("a file"))).expect("JSON");
    assert_eq!(quality.as_array().map(Vec::len), Some(2), "{quality}");
    for issue in quality.as_array().expect("issues") {
        assert!(issue["fingerprint"].is_string() && issue["severity"].is_string(), "{issue}");
        assert_eq!(issue["location"]["path"], "assets.txt");
    }
    assert_ne!(quality[0]["fingerprint"], quality[1]["fingerprint"]);
}

#[test]
fn the_stage_of_jenkins_leaves_its_report() {
    let pipeline = blocks("groovy").remove(0);
    let between =
        |start: &str| pipeline.split_once(start).and_then(|(_, rest)| rest.split_once('\'')).expect("a text").0;
    let folder = checkout();
    run(folder.path(), between("sh '")).exit_code(1);
    expect_tests(&read(&folder, between("junit '")));
}

#[test]
fn the_hooks_of_pre_commit_check_what_they_name() {
    let named = block("repos:");
    let hooks = yaml::read(".pre-commit-hooks.yaml");
    let folder = checkout();
    fs::copy(folder.path().join("assets.txt"), folder.path().join("runway-assets.txt")).expect("a list");
    fs::write(folder.path().join("a.runway.json"), "{\"model\": 1}").expect("a body");
    let ids = named["repos"][0]["hooks"].as_vec().expect("hooks");
    assert_eq!(ids.len(), 2);
    for id in ids {
        let hook = hooks.as_vec().expect("hooks").iter().find(|hook| hook["id"] == id["id"]).expect("a hook");
        let words = hook["args"].as_vec().expect("words").iter().filter_map(Yaml::as_str);
        let words: Vec<String> = words.map(|word| format!("'{word}'")).collect();
        let files = if hook["pass_filenames"].as_bool() == Some(false) { "" } else { "a.runway.json" };
        let command = format!("{} {} {files}", hook["entry"].as_str().expect("a command"), words.join(" "));
        let outcome = run(folder.path(), &command);
        assert!([1, 2].contains(&outcome.status), "{outcome}");
    }
}
