//! `runway-preflight.toml` through the real binary: the keys that it may set, their precedence, and the refused keys.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::program::{Program, program};
use crate::server::Server;

/// An asset with one warning, `non-canonical-url`, and nothing else.
const WARNED: &str = "HTTPS://cdn.example.org/a.png";

const IGNORED: &str = "[[ignore]]\ncode = \"non-canonical-url\"\nreason = \"the gateway writes it so\"\n";

/// Returns a folder with this configuration, which no folder above can affect.
fn folder(config: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join(".git")).expect("a folder");
    fs::write(folder.path().join("runway-preflight.toml"), config).expect("a file");
    folder
}

fn check(folder: &Path) -> Program {
    program().current_dir(folder).args(["check", "--offline"])
}

#[test]
fn the_command_line_overrides_the_file_and_the_file_the_defaults() {
    let folder = folder("model = \"gen4_turbo\"\nendpoint = \"/v1/image_to_video\"\njobs = 3\nformat = \"concise\"\n");
    let show =
        |flags: &[&str]| program().current_dir(folder.path()).args(["config", "show"]).args(flags).run().exit_code(0);
    show(&[]).stdout_is(
        "model = \"gen4_turbo\"         # runway-preflight.toml:1\n\
         endpoint = \"image_to_video\"  # runway-preflight.toml:2\n\
         jobs = 3                     # runway-preflight.toml:3\n\
         format = \"concise\"           # runway-preflight.toml:4\n",
    );
    show(&["--model", "gen4_aleph", "-j", "16", "-f", "text"]).stdout_is(
        "model = \"gen4_aleph\"         # command line\n\
         endpoint = \"image_to_video\"  # runway-preflight.toml:2\n\
         jobs = 16                    # command line\n\
         format = \"text\"              # command line\n",
    );
    let defaults = "# model is not set     # default\n# endpoint is not set  # default\n\
                    jobs = 16              # default\nformat = \"text\"        # default\n";
    show(&["--no-config"]).stdout_is(defaults);
    check(folder.path())
        .arg(WARNED)
        .run()
        .exit_code(0)
        .stdout_contains("HTTPS://cdn.example.org/a.png: warning[non-canonical-url]");
    check(folder.path()).args(["-f", "reasons", WARNED]).run().exit_code(0).stdout_is("");
    check(folder.path()).args(["--no-config", WARNED]).run().exit_code(0).stdout_contains("not fetched: HTTPS");
}

#[test]
fn the_report_names_the_file() {
    let folder = folder("jobs = 3\n");
    let json = |words: &[&str]| {
        let run = program().current_dir(folder.path()).args(words).stdin("{\"model\": \"gen4.5\"}\n");
        run.run().json()
    };
    let check = ["check", "--offline", "-f", "json", WARNED];
    assert_eq!(json(&check)["config"], "runway-preflight.toml");
    let mut without = check.to_vec();
    without.push("--no-config");
    assert!(json(&without).get("config").is_none());
    let body = json(&["body", "--offline", "-f", "json", "-"]);
    assert_eq!(body["config"], "runway-preflight.toml");
    assert_eq!(body["rules"]["requests"]["origin"], "embedded");
    assert!(json(&check)["rules"].get("requests").is_none(), "check checks no bodies");
    let diagnosis = json(&["diagnose", "-f", "json", "http://h.example/a"]);
    assert_eq!(diagnosis["config"], "runway-preflight.toml");
}

#[test]
fn diagnose_reads_it_too() {
    let server = Server::start();
    let folder = folder(
        "model = \"gen4_turbo\"\nendpoint = \"image_to_video\"\nformat = \"concise\"\n[[ignore]]\n\
        code = \"content-type-parameters\"\nreason = \"the gateway adds them\"\n",
    );
    let url = server.url("cdn", "/type/image%2Fpng%3B%20charset=utf-8");
    let diagnose = |flags: &[&str]| {
        let run = program().current_dir(folder.path()).args(["diagnose", "--field", "promptImage"]).args(flags);
        run.args(server.flags()).arg(&url).run()
    };
    let finding = |flags: &[&str]| {
        let document = diagnose(flags).json();
        let findings = document["asset"]["findings"].as_array().expect("findings").clone();
        findings.into_iter().find(|finding| finding["code"] == "content-type-parameters").expect("the finding")
    };
    assert_eq!(finding(&["-f", "json"])["severity"], "note");
    assert_eq!(finding(&["-f", "json", "--no-config"])["severity"], "warning");
    // The model applies to diagnose as well; the format does not, because diagnose has other formats.
    let wide = server.url("cdn", "/image/2400x1000.png");
    let checked = |flags: &[&str]| {
        let run = program().current_dir(folder.path()).args(["diagnose", "--field", "promptImage"]).args(flags);
        run.args(server.flags()).arg(&wide).run()
    };
    checked(&[]).exit_code(1).stdout_contains("aspect-ratio-outside");
    checked(&["--no-config"]).exit_code(0);
    fs::write(folder.path().join("other.toml"), "proxy = \"http://p:1\"\n").expect("a file");
    checked(&["--config", "other.toml"]).exit_code(2).stderr_contains("proxy cannot be set here");
}

#[test]
fn the_model_of_the_file_is_applied() {
    let picture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/images/2400x1000.png");
    let folder = folder("model = \"gen4_turbo\"\nendpoint = \"image_to_video\"\n");
    let checked = || check(folder.path()).args(["--field", "promptImage", "-f", "json"]).arg(&picture);
    checked().run().exit_code(1).stdout_contains("aspect-ratio-outside");
    checked().arg("--no-config").run().exit_code(0);
}

#[test]
fn the_nearest_file_is_read_up_to_the_root_of_the_repository() {
    let outer = folder("jobs = 1\n");
    let inner = outer.path().join("a/b");
    fs::create_dir_all(&inner).expect("folders");
    let jobs = |place: &Path, flags: &[&str]| {
        let shown = program().current_dir(place).args(["config", "show"]).args(flags).run().exit_code(0).stdout;
        shown.lines().find(|line| line.starts_with("jobs")).expect("a line").to_owned()
    };
    let above = jobs(&inner, &[]);
    assert!(above.starts_with("jobs = 1 ") && above.ends_with("# ../../runway-preflight.toml:1"), "{above}");
    fs::write(outer.path().join("a/runway-preflight.toml"), "\u{feff}\njobs = 2\n").expect("a file");
    assert!(jobs(&inner, &[]).ends_with("# ../runway-preflight.toml:2"));
    fs::create_dir(inner.join(".git")).expect("a folder");
    assert!(jobs(&inner, &[]).ends_with("# default"));
    let named = jobs(&inner, &["--config", "../runway-preflight.toml"]);
    assert!(named.starts_with("jobs = 2 ") && named.ends_with("# ../runway-preflight.toml:2"), "{named}");
}

#[test]
fn an_ignored_warning_is_a_note_with_its_reason_even_with_strict() {
    let folder = folder(IGNORED);
    let strict = || check(folder.path()).args(["--strict", WARNED]);
    strict().arg("--no-config").run().exit_code(1);
    strict()
        .run()
        .exit_code(0)
        .stdout_contains("note[non-canonical-url]")
        .stdout_contains("runway-preflight.toml:2: the gateway writes it so");
    let finding = strict().args(["-f", "json"]).run().exit_code(0).json()["assets"][0]["findings"][0].clone();
    assert_eq!((&finding["code"], &finding["severity"]), (&"non-canonical-url".into(), &"note".into()));
    let detail = finding["detail"].as_str().expect("a detail");
    assert!(detail.ends_with("; ignored by runway-preflight.toml:2: the gateway writes it so"), "{detail}");
    check(folder.path()).args(["--strict", "https:h.com/a.png?x"]).run().exit_code(0);
    check(folder.path()).args(["--strict", "https://h.co/"]).run().exit_code(0);
    check(folder.path()).args(["--strict", "http://h.com/a.png"]).run().exit_code(1);
}

#[test]
fn warnings_about_a_body_can_be_ignored() {
    let body = "{\"model\": \"gen4_turbo\", \"promptImage\": \"https://h.com/a.png\", \"ratio\": \"1280:720\", \
                \"duration\": 5, \"duration\": 5}";
    let folder = folder("ignore = [{code = \"duplicate-key\", reason = \"our generator\"}]\nformat = \"json\"\n");
    let checked = |flags: &[&str]| {
        let run = program().current_dir(folder.path()).args(["body", "--offline", "--strict", "-"]).args(flags);
        run.stdin(body).run()
    };
    checked(&["--no-config"]).exit_code(1).stdout_contains("duplicate-key");
    checked(&[]).exit_code(0).stdout_contains("our generator");
}

#[test]
fn an_ignore_ends_after_its_last_day() {
    let with = |day: &str| folder(&format!("{IGNORED}until = {day}\n"));
    let past = with("2020-02-29");
    let run = check(past.path()).args(["--strict", WARNED]).run().exit_code(1);
    run.stderr_contains("runway-preflight.toml:2: the ignore entry for non-canonical-url expired on 2020-02-29");
    program()
        .current_dir(past.path())
        .args(["config", "show"])
        .run()
        .exit_code(0)
        .stdout_contains("runway-preflight.toml:2, expired");
    check(with("9999-12-31").path()).args(["--strict", WARNED]).run().exit_code(0).stderr_is_empty();
}

#[test]
fn the_file_can_only_tighten_and_mistakes_are_located() {
    let case = |config: &str, complaint: &str| {
        let folder = folder(config);
        let complaint = format!("error: runway-preflight.toml:{complaint}");
        check(folder.path()).arg(WARNED).run().exit_code(2).stdout_is("").stderr_contains(&complaint);
        program()
            .current_dir(folder.path())
            .args(["config", "show"])
            .run()
            .exit_code(2)
            .stdout_is("")
            .stderr_contains(&complaint);
        check(folder.path()).args(["--no-config", WARNED]).run().exit_code(0);
    };
    for key in ["allow-private", "allow_private", "cacert", "proxy", "resolve", "rules", "show-query", "timeout"] {
        let flag = key.replace('_', "-");
        case(
            &format!("jobs = 1\n{key} = true\n"),
            &format!("2:1: {key} cannot be set here: a configuration file must not"),
        );
        case(
            &format!("{key} = 1"),
            &format!(
                "1:1: {key} cannot be set here: a configuration file must not change what a run sees, or show secrets; use --{flag} on the command line"
            ),
        );
    }
    for key in ["strict", "offline", "per-host", "exit-zero", "ratio", "as", "output", "no-progress"] {
        case(&format!("{key} = 1"), &format!("1:1: {key} cannot be set here; use --{key} on the command line"));
    }
    let rows = [
        ("modle = \"x\"", "1:1: unknown key modle; did you mean model?"),
        ("[tool]\nx = 1", "1:2: unknown key tool; known: model, endpoint, jobs, format, ignore"),
        ("model = 3", "1:9: write a string in quotes"),
        ("model = \"\"", "1:9: a name must not be empty"),
        ("jobs = 0", "1:8: write a number from 1 to 4096"),
        ("jobs = 4097", "1:8: write a number from 1 to 4096"),
        ("jobs = \"4\"", "1:8: write a number"),
        ("jobs = 99999999999999999999", "1:8: write a number"),
        ("format = \"jsno\"", "1:10: unknown format jsno; did you mean json?"),
        ("format = \"api\"", "1:10: api is a format of body only"),
        ("# é\nmodel = \"é\", x", "2:12: "),
        ("jobs = 1\njobs = 2", "2:1: duplicate key"),
        ("ignore = [\"animated\"]", "1:11: write a list of { code"),
        ("ignore = true", "1:10: write a list of { code"),
        ("ignore = [{reason = \"x\"}]", "1:11: the code of the warning is missing"),
        ("ignore = [{code = \"animated\"}]", "1:19: animated is ignored without a reason"),
        ("ignore = [{code = \"animated\", reason = \" \"}]", "1:19: animated is ignored without a reason"),
        ("ignore = [{code = \"animated\", reason = \"a\\nb\"}]", "1:40: write the reason on one line"),
        ("ignore = [{code = \"animatde\", reason = \"x\"}]", "1:19: unknown warning animatde; did you mean animated?"),
        (
            "ignore = [{code = \"timeout\", reason = \"x\"}]",
            "1:19: timeout cannot be ignored, only warnings can: it is an error",
        ),
        (
            "ignore = [{code = \"schema\", reason = \"x\"}]",
            "1:19: schema cannot be ignored, only warnings can: it is an error",
        ),
        (
            "ignore = [{code = \"blocked-port\", reason = \"x\"}]",
            "1:19: blocked-port cannot be ignored, only warnings can: it hides",
        ),
        (
            "ignore = [{code = \"unusual-port\", reason = \"x\"}]",
            "1:19: unusual-port cannot be ignored, only warnings can: it is a note",
        ),
        ("ignore = [{code = \"animated\", reason = \"x\", untl = 1}]", "1:45: unknown key untl; did you mean until?"),
        (
            "ignore = [{code = \"animated\", reason = \"x\", until = \"2027-01-31\"}]",
            "1:53: write the last day without quotes",
        ),
        ("ignore = [{code = \"animated\", reason = \"x\", until = 2027-01-31T00:00:00Z}]", "1:53: write the last day"),
        (
            "[[ignore]]\ncode = \"animated\"\nreason = \"x\"\n[[ignore]]\ncode = \"animated\"\nreason = \"y\"",
            "5:8: animated is already ignored on line 2",
        ),
    ];
    for (config, complaint) in rows {
        case(config, complaint);
    }
}

#[test]
fn an_unreadable_file_exits_with_2() {
    let folder = tempfile::tempdir().expect("a folder");
    let named = |name: &str| check(folder.path()).args(["--config", name, WARNED]).run().exit_code(2);
    named("none.toml").stderr_contains("the configuration none.toml cannot be read");
    named(".").stderr_contains("it is a directory");
    fs::write(folder.path().join("latin.toml"), b"model = \"\xe9\"").expect("a file");
    named("latin.toml").stderr_contains("it is not UTF-8");
    fs::create_dir(folder.path().join("runway-preflight.toml")).expect("a folder");
    check(folder.path()).arg(WARNED).run().exit_code(2).stderr_contains("runway-preflight.toml is not a regular file");
    check(folder.path())
        .args(["--config", "a", "--no-config", WARNED])
        .run()
        .exit_code(2)
        .stderr_contains("--no-config");
}

#[test]
fn config_show_prints_a_valid_file() {
    let reason = "\"\\\"quoted\\\" \\\\ \\u202E caf\\u00E9\"";
    let first =
        folder(&format!("jobs = 0x10\nignore = [{{code = \"animated\", reason = {reason}, until = 9999-01-31}}]\n"));
    let show =
        |folder: &TempDir| program().current_dir(folder.path()).args(["config", "show"]).run().exit_code(0).stdout;
    let shown = show(&first);
    assert!(shown.contains("until = 9999-01-31\n") && shown.contains("\\U0000202E café"), "{shown}");
    let second = folder(&shown);
    let without_origins = |text: &str| {
        text.lines().map(|line| line.split("  #").next().unwrap_or_default().trim_end().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(without_origins(&shown), without_origins(&show(&second)));
}

#[test]
fn jobs_of_the_file_limits_the_assets_in_flight() {
    let server = Server::start();
    let folder = folder("jobs = 1\n");
    let urls: Vec<String> = (0..3).map(|index| server.url("cdn", &format!("/fault/silent?{index}"))).collect();
    let run = |flags: &[&str]| {
        let run = program().current_dir(folder.path()).args(["check", "--timeout", "500ms"]).args(flags);
        run.args(server.flags()).args(&urls).run().exit_code(1).elapsed.as_millis()
    };
    assert!(run(&[]) >= 1500, "one after the other");
    assert!(run(&["-j", "3"]) < 1400, "all concurrently");
}

#[test]
fn secrets_of_the_file_and_of_the_command_line_are_not_shown() {
    let secret = "https://user:canary@h.com/a.png?X-Amz-Signature=canary";
    let key = format!("key_{}", "c0ffee".repeat(20));
    let text = format!(
        "model = \"{secret}\"\nendpoint = \"{key}\"\n[[ignore]]\ncode = \"non-canonical-url\"\nreason = \"see {secret} {key}\"\n"
    );
    let folder = folder(&text);
    let show = |flags: &[&str]| {
        let outcome = program().current_dir(folder.path()).args(["config", "show"]).args(flags).run().exit_code(0);
        outcome.output_lacks("canary").output_lacks("c0ffee").stdout_contains("[redacted]").output_lacks("\u{1b}")
    };
    show(&[]).stdout_contains("non-canonical-url");
    show(&["--model", secret, "--endpoint", &key]).stdout_contains("# command line");
    // Neither do the messages of a run.
    check(folder.path()).arg("https://h.com/a.png").run().output_lacks("canary").output_lacks("c0ffee");
}

#[test]
fn a_misspelled_model_of_the_file_is_reported_with_its_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |text: &str| {
        fs::write(folder.path().join("runway-preflight.toml"), text).expect("a file");
        check(folder.path()).arg(WARNED).run()
    };
    let complaint = "runway-preflight.toml:2: unknown model gen4_trbo (rules of";
    run("jobs = 4\nmodel = \"gen4_trbo\"\n").exit_code(2).stderr_contains(complaint);
    let complaint = "runway-preflight.toml:1: unknown endpoint image_to_vido (rules of";
    run("endpoint = \"image_to_vido\"\n").exit_code(2).stderr_contains(complaint);
}
