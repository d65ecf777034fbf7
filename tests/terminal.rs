//! The program on a real terminal, inside tmux, whose screen can be read. Without tmux, these tests are skipped.

mod stopped;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::program::{program, skip};
use crate::server::Server;

const TAKEN: &str = "fixtures/images/photo.jpg";
const REJECTED: &str = "http://h.com/a.png";
const BIN: &str = env!("CARGO_BIN_EXE_runway-preflight");

/// A tmux session that runs a shell script; it is closed when this is dropped.
struct Screen {
    folder: TempDir,
}

impl Screen {
    /// Runs the script on a screen of this width, with only this environment.
    fn open(width: usize, environment: &str, script: &str) -> Option<Self> {
        let screen = Self { folder: tempfile::tempdir().expect("a folder") };
        let path = screen.folder.path().join("script");
        fs::write(&path, format!("{environment}\n{script}\necho \"exit $?\"\nexec sleep 60\n")).expect("a script");
        let opened = screen
            .tmux()
            .args(["new-session", "-d", "-x", &width.to_string(), "-y", "100", "sh"])
            .arg(&path)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .status();
        if opened.is_ok_and(|status| status.success()) {
            return Some(screen);
        }
        skip("tmux is missing or cannot open a screen");
        None
    }

    fn tmux(&self) -> Command {
        let mut command = Command::new("tmux");
        command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin").env("LANG", "C.UTF-8");
        command.env("TMUX_TMPDIR", self.folder.path()).args(["-f", "/dev/null", "-L", "screen"]);
        command
    }

    /// Returns the text on the screen, without empty lines.
    fn text(&self) -> String {
        let output = self.tmux().args(["capture-pane", "-p"]).output().expect("tmux");
        String::from_utf8_lossy(&output.stdout).lines().map(str::trim_end).fold(String::new(), |mut text, line| {
            if !line.is_empty() {
                writeln!(text, "{line}").expect("a String takes it");
            }
            text
        })
    }

    fn press(&self, key: &str) {
        assert!(self.tmux().args(["send-keys", key]).status().expect("tmux").success());
    }

    /// Waits until this is on the screen.
    #[track_caller]
    fn until(&self, wanted: &str) -> String {
        let start = Instant::now();
        loop {
            let text = self.text();
            if text.contains(wanted) {
                return text;
            }
            assert!(start.elapsed() < Duration::from_secs(20), "`{wanted}` never appeared\n{text}");
            sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.tmux().arg("kill-server").output();
    }
}

/// A run whose first asset keeps it waiting.
fn slow(server: &Server, timeout: &str, flags: &str) -> String {
    let url = server.url("cdn", "/fault/silent");
    format!("{BIN} check {flags} --timeout {timeout} {} '{url}' {TAKEN} {REJECTED}", server.flags().join(" "))
}

/// Text that only the progress bar has.
const BAR: &str = " checked, ";

#[test]
fn progress_appears_after_a_second_and_is_cleared() {
    let server = Server::start();
    let Some(screen) = Screen::open(80, "", &slow(&server, "2500ms", "")) else { return };
    sleep(Duration::from_millis(600));
    assert!(!screen.text().contains(BAR), "it waits for a second\n{}", screen.text());
    screen.until("[======>   ] 2/3 checked, 1 rejected");
    let with_bar = screen.until("exit 1");
    let Some(bare) = Screen::open(80, "", &slow(&server, "2500ms", "--no-progress")) else { return };
    let without_bar = bare.until("exit 1");
    let port = |text: &str| text.split(" in 2.").next().map(str::to_owned);
    assert_eq!(port(&with_bar), port(&without_bar), "the bar was not cleared");
}

#[test]
fn progress_of_a_list_has_no_total_and_fits_in_forty_columns() {
    let server = Server::start();
    let (flags, url) = (server.flags().join(" "), server.url("cdn", "/fault/silent"));
    let script = format!("echo '{url}' | {BIN} check --timeout 3s {flags} -");
    let Some(screen) = Screen::open(40, "", &script) else { return };
    let text = screen.until("0 checked, 0 rejected");
    let bar = text.lines().find(|line| line.contains(BAR)).expect("a bar");
    assert!(bar.len() <= 40 && "|/-\\".contains(&bar[..1]), "{bar}");
}

#[test]
fn there_is_no_progress_bar_where_it_would_interfere() {
    let server = Server::start();
    let rows = [
        ("", "--no-progress", ""),
        ("", "-q", ""),
        ("export CI=true", "", ""),
        ("export TERM=dumb", "", ""),
        ("", "", " 2>&1 | cat"),
    ];
    let open = |(environment, flags, end)| Screen::open(80, environment, &(slow(&server, "9s", flags) + end));
    let screens: Vec<_> = rows.into_iter().map(open).collect();
    sleep(Duration::from_millis(1700));
    for (row, screen) in rows.iter().zip(screens.iter().flatten()) {
        let text = screen.text();
        assert!(!text.contains(BAR) && !text.contains("exit"), "{row:?}\n{text}");
    }
}

#[test]
fn an_interrupted_run_leaves_a_partial_report_and_a_clean_screen() {
    let server = Server::start();
    let (flags, url) = (server.flags().join(" "), server.url("cdn", "/fault/silent"));
    let script = format!("trap : INT; {BIN} check -v --timeout 9s {flags} {TAKEN} '{url}'");
    let Some(screen) = Screen::open(80, "", &script) else { return };
    screen.until(BAR);
    screen.press("C-c");
    let text = screen.until("exit 130");
    assert!(!text.contains(BAR) && !text.contains("^C"), "{text}");
    let summary = text.lines().find(|line| line.starts_with("1 asset: 1 accepted in ")).unwrap_or_default();
    assert!(text.contains("accepted: fixtures/images/photo.jpg"), "{text}");
    assert!(summary.ends_with("; stopped before the end"), "{text}");
}

#[test]
fn piped_results_are_not_broken_by_the_progress_bar() {
    let server = Server::start();
    let script = slow(&server, "2s", "--format concise") + " | cat";
    let Some(screen) = Screen::open(80, "", &script) else { return };
    screen.until(BAR);
    let text = screen.until("exit 0");
    assert!(!text.contains(BAR), "{text}");
    assert!(text.lines().any(|line| line.starts_with(&format!("{REJECTED}: error[not-https]: Only HTTPS"))), "{text}");
}

#[test]
fn text_is_broken_between_words_at_every_width() {
    let run = "fixtures/images/photo.jpg fixtures/images/still.gif fixtures/images/9000x100.png";
    for width in [40, 80, 200] {
        let Some(screen) = Screen::open(width, "", &format!("{BIN} check -v --offline {run}")) else { return };
        screen.until("exit 1");
        let joined = screen.tmux().args(["capture-pane", "-p", "-J"]).output().expect("tmux").stdout;
        let joined = String::from_utf8_lossy(&joined);
        let wide: Vec<&str> = joined.lines().map(str::trim_end).filter(|line| line.chars().count() > width).collect();
        // The API's sentences, addresses and commands stay whole, so that they can be copied.
        let whole = ["Unsupported ", "Invalid asset ", "docs:  https://", "3 assets: ", "`runway-preflight fix "];
        let broken: Vec<_> = wide.iter().filter(|line| !whole.iter().any(|word| line.contains(word))).collect();
        assert!(broken.is_empty(), "{width}: {broken:?}");
    }
}

#[test]
fn codes_are_links_where_the_terminal_supports_them() {
    if !Path::new("/usr/bin/script").exists() {
        skip("there is no script(1) here");
        return;
    }
    let on_terminal = |environment: &str, flags: &str| {
        let command = format!("{environment} {BIN} check --offline {flags} {REJECTED}");
        let output = Command::new("/usr/bin/script")
            .args(["-q", "-c", &command, "/dev/null"])
            .env_clear()
            .envs([("PATH", "/usr/bin:/bin"), ("SHELL", "/bin/sh"), ("TERM", "xterm-256color")])
            .output()
            .expect("script");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let link = "[\x1b]8;;https://docs.dev.runwayml.com/errors/troubleshooting\x1b\\not-https\x1b]8;;\x1b\\]";
    assert!(on_terminal("TERM_PROGRAM=iTerm.app", "").contains(link));
    for (environment, flags) in [("", ""), ("TERM_PROGRAM=iTerm.app", "--color never"), ("CI=1 TERM=xterm-kitty", "")] {
        let text = on_terminal(environment, flags);
        assert!(text.contains("not-https") && !text.contains("\x1b]8"), "{environment} {flags}: {text}");
    }
    let piped = program().args(["check", "--offline", REJECTED]).env("FORCE_HYPERLINK", "1").run().exit_code(1);
    piped.stdout_contains("error[not-https]").output_lacks("\x1b]8");
}

#[test]
fn without_a_subcommand_help_is_shown_and_the_asset_is_not_repeated() {
    program().run().exit_code(2).stderr_contains("Usage: runway-preflight <COMMAND>").stdout_is("");
    let url = "https://cdn.example.com/a.png?sig=canary\x1b[2J";
    program().arg(url).run().exit_code(2).stderr_contains("runway-preflight check ASSET").output_lacks("canary");
    program().arg("chekc").run().exit_code(2).stderr_contains("'check'");
}

#[test]
fn every_subcommand_has_examples_and_exit_codes() {
    let subcommands = [
        &["check"][..],
        &["body"],
        &["explain"],
        &["encode"],
        &["rules"],
        &["rules", "import"],
        &["config"],
        &["config", "show"],
        &["completions"],
        &["man"],
        &[],
    ];
    for subcommand in subcommands {
        let help = program().args(subcommand).arg("--help").run().exit_code(0).stderr_is_empty();
        help.line("Examples:")
            .stdout_contains(&format!("    runway-preflight {}", subcommand.join(" ")))
            .stdout_contains("Exit codes:");
    }
}

#[test]
fn the_short_help_fits_a_screen_and_has_two_examples() {
    let subcommands = [
        "check",
        "body",
        "diagnose",
        "explain",
        "encode",
        "fix",
        "rules",
        "rules import",
        "rules diff",
        "serve",
        "config",
        "config show",
        "completions",
        "man",
    ];
    for subcommand in subcommands {
        let Some(screen) = Screen::open(80, "", &format!("{BIN} {subcommand} -h")) else { return };
        screen.until("exit 0");
        let text = screen.tmux().args(["capture-pane", "-p"]).output().expect("tmux").stdout;
        let text = String::from_utf8(text).expect("UTF-8");
        let shown = text.trim_end().lines().count() - 1;
        assert!(shown <= 40, "{subcommand}: {shown} lines\n{text}");
        let examples =
            text.lines().skip_while(|line| *line != "Examples:").filter(|line| line.starts_with("  runway-"));
        assert!(examples.count() >= 2, "{subcommand}\n{text}");
    }
}
