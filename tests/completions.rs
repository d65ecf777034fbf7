//! `completions/` equals what the program prints. `BLESS=1 cargo test completions` rewrites it.

use std::fs;
use std::path::Path;

use crate::program::{program, program_in, skip};

#[test]
fn completions_are_fresh() {
    let rows = [
        ("bash", "runway-preflight.bash"),
        ("zsh", "_runway-preflight"),
        ("fish", "runway-preflight.fish"),
        ("powershell", "_runway-preflight.ps1"),
        ("elvish", "runway-preflight.elv"),
    ];
    for (shell, file) in rows {
        let printed = program().args(["completions", shell]).run().exit_code(0).stderr_is_empty().stdout;
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions").join(file);
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, &printed).expect("the completions are written");
        }
        let kept = fs::read_to_string(&path).unwrap_or_default();
        assert!(kept == printed, "completions/{file} is stale: run BLESS=1 cargo test completions");
    }
}

/// Command lines at the moment when Tab is pressed, and the completions that bash proposes.
#[test]
fn bash_completes_subcommands_flags_and_values() {
    let script = r#"
        source <("$0" completions bash)
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        _runway__preflight "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        echo "${COMPREPLY[*]}"
    "#;
    let case = |words: &[&str], proposed: &str| {
        program_in(script).arg("runway-preflight").args(words).run().exit_code(0).stdout_is(&format!("{proposed}\n"));
    };
    case(&["che"], "check");
    case(&["check", "--dep"], "--depth");
    case(&["check", "--depth", ""], "head header full");
    case(&["body", "--format", "j"], "json jsonl junit");
    case(&["explain", "--retr"], "--retryable");
    case(&["rules", "im"], "import");
    case(&["rules", "import", "--da"], "--date");
    case(&["config", "show", "--mod"], "--model");
    case(&["completions", "z"], "zsh");
    case(&["check", "--model", "gen4_t"], "gen4_turbo");
    case(&["config", "show", "--model", "gen4_t"], "gen4_turbo");
    case(&["body", "--endpoint", "image_to"], "image_to_video");
    case(&["check", "--field", "promptI"], "promptImage");
    case(&["explain", "not-h"], "not-https");
    case(&["explain", "--retryable", "SAFETY.O"], "SAFETY.OUTPUT");
    case(&["check", "--report", "ju"], "junit=");
}

#[test]
fn every_subcommand_has_a_manual_page_with_its_exit_codes() {
    let page = program().arg("man").run().exit_code(0).stderr_is_empty();
    page.stdout_contains(".TH RUNWAY-PREFLIGHT").stdout_contains(".SH \"EXIT STATUS\"").stdout_contains("NO_COLOR");
    let page = program().args(["man", "check"]).run().exit_code(0).stderr_is_empty();
    page.stdout_contains(".TH RUNWAY-PREFLIGHT-CHECK")
        .stdout_contains(".SH \"EXIT STATUS\"")
        .stdout_contains("\\-\\-per\\-host");
    for words in [&["config", "show"][..], &["config-show"]] {
        let page = program().arg("man").args(words).run().exit_code(0).stderr_is_empty();
        page.stdout_contains(".TH RUNWAY-PREFLIGHT-CONFIG-SHOW");
    }
    program().args(["man", "config", "shwo"]).run().exit_code(2).stderr_contains("unknown subcommand shwo");
    program().args(["man", "chekc"]).run().exit_code(2).stderr_contains("unknown subcommand chekc");
}

#[test]
fn mandoc_finds_nothing_to_say_about_the_manual_pages() {
    let folder = tempfile::tempdir().expect("a folder");
    let help = program().arg("--help").run().exit_code(0).stdout;
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = commands.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names: Vec<&str> = names.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.contains(&"check") && names.contains(&"explain"), "{names:?}");
    for name in [&[][..]].into_iter().chain(names.iter().filter(|name| **name != "help").map(std::slice::from_ref)) {
        let path = folder.path().join("page.1");
        fs::write(&path, program().arg("man").args(name).run().exit_code(0).stdout).expect("a page");
        let Ok(lint) = std::process::Command::new("mandoc").args(["-T", "lint"]).arg(&path).output() else {
            return skip("there is no mandoc here");
        };
        assert_eq!(String::from_utf8_lossy(&lint.stdout), "", "{name:?}");
    }
}

/// A formatter fills and hyphenates text outside of no-fill blocks.
#[test]
fn manual_pages_keep_commands_whole() {
    for subcommand in ["check", "body", "diagnose", "explain", "encode", "rules"] {
        let page = program().args(["man", subcommand]).run().exit_code(0).stderr_is_empty().stdout;
        assert!(page.contains(".SH EXAMPLES\n.nf\n") || page.contains(".SH \"EXAMPLES\"\n.nf\n"), "{page}");
        expect_kept(&page);
    }
}

fn expect_kept(page: &str) {
    let mut is_kept = false;
    for line in page.lines() {
        is_kept = (is_kept || line == ".nf") && line != ".fi";
        assert!(is_kept || !line.starts_with("    runway"), "{line}");
    }
}
