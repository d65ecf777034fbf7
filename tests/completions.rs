//! `completions/` equals what the program prints. `BLESS=1 cargo test completions` rewrites it.

use std::fs;
use std::path::Path;

use crate::program::{program, program_in};

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
        let printed = program().args(["completions", shell]).run().exits(0).without_complaint().stdout;
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions").join(file);
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, &printed).expect("the completions are written");
        }
        let kept = fs::read_to_string(&path).unwrap_or_default();
        assert!(kept == printed, "completions/{file} is stale: run BLESS=1 cargo test completions");
    }
}

/// Words as they stand on the command line when Tab is pressed, and what bash then proposes.
#[test]
fn bash_completes_verbs_flags_and_their_values() {
    let script = r#"
        source <("$0" completions bash)
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        _runway__preflight "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        echo "${COMPREPLY[*]}"
    "#;
    let case = |words: &[&str], proposed: &str| {
        program_in(script).arg("runway-preflight").args(words).run().exits(0).prints(&format!("{proposed}\n"));
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
}

#[test]
fn every_subcommand_has_a_manual_page_with_its_exit_codes() {
    let page = program().arg("man").run().exits(0).without_complaint();
    page.says(".TH RUNWAY-PREFLIGHT").says(".SH \"EXIT STATUS\"").says("NO_COLOR");
    let page = program().args(["man", "check"]).run().exits(0).without_complaint();
    page.says(".TH RUNWAY-PREFLIGHT-CHECK").says(".SH \"EXIT STATUS\"").says("\\-\\-per\\-host");
    program().args(["man", "chekc"]).run().exits(2).complains("unknown subcommand chekc");
}

/// A formatter fills and hyphenates what is not kept from it.
#[test]
fn manual_pages_keep_commands_whole() {
    for subcommand in ["check", "body", "diagnose", "explain", "encode", "rules"] {
        let page = program().args(["man", subcommand]).run().exits(0).without_complaint().stdout;
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
