//! The composite action, run as GitHub's runner runs it: each step by bash, with its own environment and files.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::yaml::{self, Yaml};

/// A program that records its arguments in `argv`, writes the requested reports, and exits with `STUB_CODE`.
const STUB: &str = r#"#!/bin/bash
if [ "$1" = --version ]; then echo stub; exit; fi
printf '%s\n' "$@" >"$RUNNER_TEMP/argv"
for word in "$@"; do
    case $word in
        json=*) echo '{}' >"${word#json=}" ;;
        markdown=*) echo '| a table |' >"${word#markdown=}" ;;
    esac
done
exit "$STUB_CODE"
"#;

/// `gh` and `cargo`, which record their arguments and deliver the stub; `gh attestation` exits with `GH_CODE`.
const GH: &str = r#"#!/bin/bash
echo "gh $*" >>"$RUNNER_TEMP/asked"
if [ "$1" = attestation ]; then exit "$GH_CODE"; fi
tar -czf "$8/$6" -C "$RUNNER_TEMP/tools" runway-preflight
"#;
const CARGO: &str = r#"#!/bin/bash
echo "cargo $*" >>"$RUNNER_TEMP/asked"
mkdir "$7/bin" && cp "$RUNNER_TEMP/tools/runway-preflight" "$7/bin"
"#;

/// A machine for one run of the action.
struct Runner {
    folder: TempDir,
    inputs: BTreeMap<&'static str, String>,
    environment: BTreeMap<&'static str, String>,
}

/// How a run ended.
struct ActionRun {
    code: i32,
    log: String,
    outputs: BTreeMap<String, String>,
    summary: String,
}

impl Runner {
    fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let tools = folder.path().join("tools");
        fs::create_dir(&tools).expect("a folder for the tools");
        for (name, script) in [("runway-preflight", STUB), ("gh", GH), ("cargo", CARGO)] {
            fs::write(tools.join(name), script).expect("a tool is written");
            fs::set_permissions(tools.join(name), fs::Permissions::from_mode(0o755)).expect("a tool may run");
        }
        let environment = [
            ("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", tools.display())),
            ("RUNNER_TEMP", folder.path().display().to_string()),
            ("RUNNER_OS", "Linux".to_owned()),
            ("RUNNER_ARCH", "X64".to_owned()),
            ("GITHUB_ACTIONS", "true".to_owned()),
            ("CI", "true".to_owned()),
            ("STUB_CODE", "0".to_owned()),
            ("GH_CODE", "0".to_owned()),
        ];
        Self { folder, inputs: BTreeMap::new(), environment: environment.into() }
    }

    /// A machine with the stub installed.
    fn with_stub() -> Self {
        let runner = Self::new();
        let stub = runner.path("tools/runway-preflight").display().to_string();
        runner.with("binary", &stub)
    }

    fn with(mut self, input: &'static str, value: &str) -> Self {
        self.inputs.insert(input, value.to_owned());
        self
    }

    fn env(mut self, name: &'static str, value: &str) -> Self {
        self.environment.insert(name, value.to_owned());
        self
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Returns the lines that a tool recorded.
    fn kept(&self, name: &str) -> Vec<String> {
        let text = fs::read_to_string(self.path(name)).unwrap_or_default();
        text.lines().map(|line| line.replace(&self.folder.path().display().to_string(), "TEMP")).collect()
    }

    /// Runs the steps in order, until one fails.
    fn run(&self) -> ActionRun {
        let action = yaml::read("action.yml");
        let summary = self.path("summary");
        let mut values = self.values(&action);
        let (mut code, mut log) = (0, String::new());
        for step in action["runs"]["steps"].as_vec().expect("steps") {
            let id = step["id"].as_str().expect("an id");
            let script = self.path(id);
            fs::write(&script, step["run"].as_str().expect("a script")).expect("the script is written");
            let outputs = self.path(&format!("{id}.outputs"));
            fs::write(&outputs, "").expect("the file of the outputs is made");
            let environment = step["env"].as_hash().expect("an environment").iter();
            let environment = environment.map(|(name, value)| {
                (name.as_str().expect("a name"), evaluate(value.as_str().expect("a value"), &values))
            });
            let mut command = Command::new("bash");
            command.args(["--noprofile", "--norc", "-e", "-o", "pipefail"]).arg(&script);
            command.env_clear().envs(&self.environment).envs(environment);
            command.env("GITHUB_OUTPUT", &outputs).env("GITHUB_STEP_SUMMARY", &summary);
            let ran = command.current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("bash runs");
            log += &(String::from_utf8_lossy(&ran.stdout) + String::from_utf8_lossy(&ran.stderr));
            for line in fs::read_to_string(&outputs).expect("the outputs").lines() {
                let (name, value) = line.split_once('=').expect("a name and a value");
                values.insert(format!("steps.{id}.outputs.{name}"), value.to_owned());
            }
            code = ran.status.code().expect("an exit code");
            if code != 0 {
                break;
            }
        }
        let outputs = action["outputs"].as_hash().expect("outputs").iter();
        let outputs = outputs.map(|(name, output)| {
            let value = evaluate(output["value"].as_str().expect("a value"), &values);
            (name.as_str().expect("a name").to_owned(), value)
        });
        ActionRun { code, log, outputs: outputs.collect(), summary: fs::read_to_string(summary).unwrap_or_default() }
    }

    /// Returns the values of expressions before the first step: inputs with their defaults, and contexts.
    fn values(&self, action: &Yaml) -> BTreeMap<String, String> {
        let inputs = action["inputs"].as_hash().expect("inputs").iter().map(|(name, input)| {
            let name = name.as_str().expect("a name");
            let default = input["default"].as_str().expect("a default that is a text");
            (format!("inputs.{name}"), self.inputs.get(name).map_or(default, String::as_str).to_owned())
        });
        let contexts = [
            ("github.action_path", "/the/action"),
            ("github.action_repository || github.repository", "owner/action"),
            ("github.token", "a-token"),
        ];
        inputs.chain(contexts.map(|(name, value)| (name.to_owned(), value.to_owned()))).collect()
    }
}

/// Evaluates a value that is a single expression, the only form that the action uses. A skipped step has no outputs.
fn evaluate(text: &str, values: &BTreeMap<String, String>) -> String {
    let inside = text.strip_prefix("${{ ").and_then(|text| text.strip_suffix(" }}"));
    let expression = inside.unwrap_or_else(|| panic!("{text} is not one expression"));
    let known = values.get(expression).cloned();
    known.unwrap_or_else(|| {
        assert!(expression.starts_with("steps."), "{expression} is unknown");
        String::new()
    })
}

#[test]
fn each_input_line_is_one_argument_and_never_a_command() {
    let hostile = [
        "$(touch pwned)",
        "`touch pwned`",
        "'; touch pwned; '",
        "\"; touch pwned; \"",
        "two words and  two spaces.png",
        "--exit-zero",
        "*",
        "https://cdn.example.com/a.png?x=1&y=${HOME}",
        "::error::nothing",
        "back\\slash",
    ];
    let runner =
        Runner::with_stub().with("assets", &hostile.join("\n")).with("args", "--ratio=0.5:2\n--field=$(id)\r\n\n");
    let ended = runner.run();
    assert_eq!(ended.code, 0, "{}", ended.log);
    let argv = runner.kept("argv");
    assert_eq!(argv[..2], ["check", "--report"]);
    assert_eq!(argv[5..8], ["--ratio=0.5:2", "--field=$(id)", "--"]);
    assert_eq!(argv[8..], hostile);
    assert!(!Path::new(env!("CARGO_MANIFEST_DIR")).join("pwned").exists(), "a command was run");
}

#[test]
fn outputs_have_the_verdict_and_the_exit_code() {
    let rows = [
        ("0", "false", "accepted", 0),
        ("1", "false", "rejected", 1),
        ("1", "true", "rejected", 0),
        ("3", "false", "undecided", 3),
        ("3", "true", "undecided", 0),
        ("2", "true", "error", 2),
        ("4", "false", "error", 4),
        ("143", "true", "error", 143),
    ];
    for (program, exit_zero, verdict, code) in rows {
        let runner = Runner::with_stub().with("assets", "a.png").with("exit-zero", exit_zero).env("STUB_CODE", program);
        let ended = runner.run();
        assert_eq!(ended.code, code, "program {program}, exit-zero {exit_zero}: {}", ended.log);
        assert_eq!((ended.outputs["verdict"].as_str(), ended.outputs["exit-code"].as_str()), (verdict, program));
        assert_eq!(fs::read_to_string(&ended.outputs["report"]).expect("the report is there"), "{}\n");
        assert_eq!(ended.summary, "| a table |\n");
    }
}

#[test]
fn the_real_program_sets_outputs_report_and_summary() {
    for format in ["text", "github"] {
        let runner = Runner::new().with("binary", env!("CARGO_BIN_EXE_runway-preflight"));
        let runner = runner.with("assets", "@fixtures/lists/demo.txt").with("args", &format!("--format={format}"));
        let ended = runner.run();
        assert_eq!(ended.code, 1, "{}", ended.log);
        assert_eq!(ended.outputs["verdict"], "rejected");
        let report = fs::read_to_string(&ended.outputs["report"]).expect("the report is there");
        let report = serde_json::from_str::<serde_json::Value>(&report).expect("JSON");
        assert_eq!(report["assets"].as_array().map(Vec::len), Some(13));
        assert!(ended.log.contains("\n::error file=fixtures/lists/demo.txt,line="), "{}", ended.log);
        let told = ended.summary.matches("Only HTTPS URLs are allowed.").count();
        assert_eq!(told, 1, "the summary is written once: {}", ended.summary);
    }
}

#[test]
fn bodies_run_the_body_subcommand() {
    let runner = Runner::with_stub().with("bodies", "a.json\n  \nb.json\n");
    assert_eq!(runner.run().code, 0);
    let argv = runner.kept("argv");
    assert_eq!((argv[0].as_str(), &argv[5..]), ("body", &["--", "a.json", "b.json"].map(str::to_owned)[..]));
}

#[test]
fn no_input_or_both_inputs_is_a_usage_error() {
    for (assets, bodies) in [("", ""), ("a.png", "b.json"), ("\n \n", "")] {
        let runner = Runner::with_stub().with("assets", assets).with("bodies", bodies);
        let ended = runner.run();
        assert_eq!(ended.code, 2, "{assets:?} and {bodies:?}");
        assert!(ended.log.contains("::error::give either"), "{}", ended.log);
        assert_eq!(runner.kept("argv"), [""; 0], "the program was run");
    }
}

#[test]
fn a_release_is_verified_before_it_is_unpacked() {
    let runner = Runner::new().with("assets", "a.png").with("release", "v0.1.0");
    assert_eq!(runner.run().code, 0);
    let asked = runner.kept("asked");
    let archive = "runway-preflight-x86_64-unknown-linux-musl.tar.gz";
    assert!(asked[0].starts_with(&format!("gh release download --repo owner/action --pattern {archive} --dir TEMP/")));
    assert!(asked[0].ends_with(" -- v0.1.0"), "{asked:?}");
    assert!(asked[1].starts_with("gh attestation verify --repo owner/action TEMP/"), "{asked:?}");
    assert!(runner.kept("argv").contains(&"a.png".to_owned()));

    let forged = Runner::new().with("assets", "a.png").with("release", "v0.1.0").env("GH_CODE", "1");
    assert_eq!(forged.run().code, 1);
    assert_eq!(forged.kept("argv"), [""; 0], "an archive without attestation was run");

    let elsewhere = Runner::new().with("assets", "a.png").with("release", "v0.1.0").env("RUNNER_ARCH", "ARM");
    assert_eq!(elsewhere.run().code, 2);
    assert_eq!(elsewhere.kept("asked"), [""; 0]);
}

#[test]
fn without_binary_or_release_the_program_is_built_from_source() {
    let runner = Runner::new().with("assets", "a.png");
    assert_eq!(runner.run().code, 0);
    let asked = runner.kept("asked");
    assert!(asked[0].starts_with("cargo install --quiet --locked --path /the/action --root TEMP/"), "{asked:?}");
    assert!(runner.kept("argv").contains(&"a.png".to_owned()));
}
