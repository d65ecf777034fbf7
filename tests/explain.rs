//! `explain`: the meaning of the API's responses, for people, programs and scripts.

use std::path::Path;

use crate::program::{Outcome, program};

fn explain(args: &[&str]) -> Outcome {
    program().arg("explain").args(args).run()
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/answers").join(name)).expect("a fixture")
}

fn pasted(name: &str) -> Outcome {
    program().args(["explain", "-"]).stdin(fixture(name)).run()
}

#[test]
fn every_recorded_response_from_a_pipe_matches_the_table() {
    let table = String::from_utf8(fixture("expected.tsv")).expect("UTF-8");
    let mut rows: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in table.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        match rows.last_mut() {
            Some((name, codes)) if *name == cells[0] => codes.push(cells[2]),
            _ => rows.push((cells[0], cells.get(2).copied().into_iter().collect())),
        }
    }
    assert!(rows.len() > 50);
    for (name, codes) in rows {
        let outcome = program().args(["explain", "--format", "json", "-"]).stdin(fixture(name)).run();
        let document = outcome.json();
        let found: Vec<&str> = document["matches"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|found| found["code"].as_str().expect("a code"))
            .collect();
        assert_eq!(found, codes, "{name}");
        outcome.exit_code(i32::from(codes.is_empty()));
    }
}

/// The headings of the troubleshooting page, which is what people copy.
#[test]
fn sentences_are_recognized_as_the_documentation_prints_them() {
    let case = |sentence: &str, code: &str| {
        let document = explain(&["--format", "json", sentence]).exit_code(0).json();
        let codes = document["matches"].as_array().expect("a list").iter().map(|found| found["code"].clone());
        assert_eq!(codes.collect::<Vec<_>>(), [code], "{sentence}");
    };
    case("Failed to fetch asset. Received HTTP response code \"...\"", "http-status");
    case("Unsupported Content-Type response header: \"...\".", "unsupported-content-type");
    case("Asset size exceeds XX.XMB.", "too-large");
    let dimensions = "Invalid asset dimensions. Height and width must not exceed 8000px. Got XXxYY.";
    case(dimensions, "dimensions-too-large");
    let ratio = "Invalid asset aspect ratio. width / height ratio must be between XX and YY. Got ZZ.";
    case(ratio, "aspect-ratio-outside");
    case("Unrecognized keys: \"flavor\"", "unrecognized_keys");
    case("Unrecognized keys: \"a\", \"b\"", "unrecognized_keys");
    case("Validation of body failed", "400");
    case("Validation of body failed: promptImage: Invalid URL", "invalid-url");
}

#[test]
fn a_real_body_is_explained_issue_by_issue() {
    let outcome = pasted("body-five-issues.json").exit_code(0).stderr_is_empty();
    let outcome = outcome
        .line("referenceImages[0].uri: Unsupported Content-Type response header: \"video/mp4\".")
        .line("  code     unsupported-content-type (reason, documented)")
        .line("promptImage: Invalid asset aspect ratio. width / height ratio must be at least 0.5. Got 0.462.")
        .line("Unrecognized key: \"flavor\"");
    assert_eq!(outcome.stdout.lines().filter(|line| line.starts_with("  retry ")).count(), 5);
}

#[test]
fn a_task_shows_its_failure_and_its_credits() {
    let outcome = pasted("task-failed.json").exit_code(0);
    outcome.stdout_contains("(failure, as ").stdout_contains("  credits  ");
    pasted("task-null-code.json").exit_code(0).stdout_contains("INTERNAL").line("  retry    yes, after a delay");
    let running = pasted("task-running.json").exit_code(1).stdout_is("");
    running.stderr_contains("this task is RUNNING, so there is no failure to explain");
}

#[test]
fn every_code_of_the_page_on_task_failures_is_known() {
    let case = |code: &str, retry: &str, exit: i32, credits: &str| {
        let outcome = explain(&[code]).exit_code(0);
        if credits.is_empty() {
            outcome.output_lacks("  credits  ");
        } else {
            outcome.line(&format!("  credits  {credits}"));
        }
        explain(&["--retryable", code]).exit_code(exit).stdout_is(&format!("{retry}\n"));
    };
    for code in ["SAFETY.INPUT.TEXT", "SAFETY.INPUT.IMAGE", "SAFETY.INPUT.VIDEO", "SAFETY.OUTPUT.VIDEO", "SAFETY.X.Y"] {
        case(code, "never", 1, "not refunded");
    }
    case("INTERNAL.BAD_OUTPUT.CODE01", "may", 0, "refunded");
    case("INPUT_PREPROCESSING.SAFETY.TEXT", "never", 1, "");
    case("INPUT_PREPROCESSING.INTERNAL", "after-delay", 0, "refunded");
    case("ASSET.INVALID", "never", 1, "refunded");
    case("INTERNAL", "after-delay", 0, "refunded");
    case("null", "after-delay", 0, "refunded");
    case("undefined", "after-delay", 0, "refunded");
}

#[test]
fn every_reason_is_known_by_its_sentence_typed_in_words() {
    for reason in runway_preflight::Reason::examples() {
        let code = reason.info().code;
        let words: Vec<String> = reason.to_string().split(' ').map(str::to_owned).collect();
        let outcome = program().args(["explain", "--format", "json"]).args(&words).run().exit_code(0);
        let found = outcome.json()["matches"][0]["code"].clone();
        // Three reasons share the sentence about lengths, so it does not identify one of them.
        let is_length = code.ends_with("-too-long");
        assert!(found == code || is_length, "{reason}: {found}");
        explain(&[code]).exit_code(0).stdout_contains(code);
    }
}

#[test]
fn retryable_sets_the_exit_code() {
    let case = |code: &str, exit: i32| drop(explain(&["--retryable", code]).exit_code(exit));
    case("429", 0);
    case("503", 0);
    case("400", 1);
    case("", 0);
    case("timeout", 0);
    case("not-https", 1);
    case("no-such-code", 2);
    explain(&["--retryable", "no-such\u{1b}[2J"]).exit_code(2).stdout_is("").output_lacks("\u{1b}");
    explain(&["--retryable", "429", "429"]).exit_code(2);
}

#[test]
fn unrecognized_text_gets_a_hint_what_to_paste() {
    let lost = explain(&["hello", "world"]).exit_code(1).stdout_is("");
    lost.stderr_contains("not recognized").stderr_contains("Paste the body of the 400");
    program().args(["explain", "-"]).run().exit_code(1).stderr_contains("not recognized");
    let empty = explain(&["--format", "json", "hello"]).exit_code(1).json();
    assert_eq!((&empty["schema_version"], empty["matches"].as_array().map(Vec::len)), (&1.into(), Some(0)));
    explain(&["fixtures/answers/body-404.json"])
        .exit_code(1)
        .stderr_contains("explain - < fixtures/answers/body-404.json");
    explain(&[]).exit_code(2);
    explain(&["-", "more"]).exit_code(2).stderr_contains("- cannot be combined");
    explain(&["--format", "xml", "429"]).exit_code(2);
}

#[test]
fn every_code_is_listed_with_its_meaning() {
    let list = explain(&["--list"]).exit_code(0).stderr_is_empty().stdout;
    let codes: Vec<&str> = list.lines().filter_map(|line| line.split_whitespace().next()).collect();
    for code in ["not-https", "exif-rotated", "too_big", "SAFETY.INPUT", "INTERNAL", "429"] {
        assert!(codes.contains(&code), "{code}");
        explain(&[code]).exit_code(0);
    }
    let width = |line: &str| line.chars().count();
    assert!(list.lines().all(|line| line.split_whitespace().count() > 3 && width(line) < 200), "{list}");
    let document = explain(&["--list", "--format", "json"]).exit_code(0).json();
    let listed = document["matches"].as_array().expect("a list").iter().map(|found| found["code"].as_str());
    assert_eq!(listed.collect::<Option<Vec<_>>>().expect("codes"), codes);
    explain(&["--list", "429"]).exit_code(2);
}

#[test]
fn misspelled_codes_are_suggested() {
    explain(&["nothttps"]).exit_code(1).stderr_contains("not recognized; did you mean not-https?").stdout_is("");
    explain(&["aspect", "ratio"]).exit_code(1).stderr_contains("did you mean aspect-ratio-outside");
    explain(&["SAFTEY.INPUT"])
        .exit_code(0)
        .stderr_contains("note: did you mean SAFETY.INPUT?")
        .stdout_contains("not among the published");
    explain(&["--retryable", "SAFTEY.INPUT"]).exit_code(2).stdout_is("").stderr_contains("did you mean SAFETY.INPUT?");
    explain(&["--retryable", "FOO.BAR"]).exit_code(2).stdout_is("").output_lacks("did you mean");
    explain(&["--retryable", "Timeout while fetching asset."]).exit_code(0).stdout_is("may\n");
}

#[test]
fn an_unknown_failure_code_claims_nothing() {
    let found = explain(&["-f", "json", "FOO.BAR"]).exit_code(0).json()["matches"][0].clone();
    assert!(found["matched"].is_null() && found["retry"].is_null() && found["credits_refunded"].is_null(), "{found:#}");
    explain(&["FOO.BAR"]).exit_code(0).output_lacks("  retry ").output_lacks("  credits ").stdout_contains("  next ");
}

#[test]
fn color_follows_the_flag_and_the_environment() {
    let case = |variables: &[(&str, &str)], flags: &[&str], is_colored: bool| {
        let run = program().arg("explain").args(flags).arg("timeout");
        let run = variables.iter().fold(run, |run, (name, value)| run.env(name, value));
        let outcome = run.run().exit_code(0);
        assert_eq!(outcome.stdout.contains("\u{1b}["), is_colored, "{variables:?} {flags:?}\n{outcome}");
    };
    case(&[], &[], false);
    case(&[], &["--color", "always"], true);
    case(&[("FORCE_COLOR", "1")], &[], true);
    case(&[("CLICOLOR_FORCE", "1")], &[], true);
    case(&[("FORCE_COLOR", "1"), ("NO_COLOR", "1")], &[], false);
    case(&[("FORCE_COLOR", "1")], &["--color", "never"], false);
    case(&[("CLICOLOR", "1")], &[], false);
}

/// The same text with the colors of a terminal, in the ways in which terminals, `jq -C`, `rich` and logs write them.
#[test]
fn colors_change_no_reading() {
    let body = |open: &str, close: &str| {
        let key = |name: &str| format!("{open}\"{name}\"{close}{open}:{close} ");
        let text = |text: &str| format!("{open}\"{}{close} {open}{}\"{close}", &text[..6], &text[7..]);
        let message = text("Failed to fetch asset. Received HTTP response code \\\"404\\\".");
        format!(
            "{open}{{{close}\n  {}{},\n  {}[{{{}{}, {}[{open}\"promptImage\"{close}], {}{message}}}]\n}}\r\n",
            key("error"),
            format_args!("{open}\"Validation of body failed\"{close}"),
            key("issues"),
            key("code"),
            "\"custom\"",
            key("path"),
            key("message"),
        )
    };
    let read = |text: String| {
        program().args(["explain", "--format", "json", "-"]).stdin(text).run().exit_code(0).json()["matches"].clone()
    };
    let plain = read(body("", ""));
    assert_eq!((&plain[0]["code"], &plain[0]["field"]), (&"http-status".into(), &"promptImage".into()), "{plain}");
    for (open, close) in [
        ("\u{1b}[1;39m", "\u{1b}[0m"),
        ("\u{1b}[38;2;1;2;3m", "\u{1b}[m"),
        ("\u{1b}]8;;https://h.com\u{1b}\\", "\u{1b}]8;;\u{7}"),
        ("\u{9b}32m", "\u{1b}(B"),
        ("^[[32m", "^[[K"),
        ("#033[32m", "#033[0m"),
    ] {
        assert_eq!(read(body(open, close)), plain, "{open:?}");
    }
    let case = |text: &str, code: &str| assert_eq!(read(text.to_owned())[0]["code"], code, "{text:?}");
    case("\u{1b}[2KOnly HTTPS URLs are allowed.\r", "not-https");
    case("promptImage: Asset size exceeds \u{1b}[1;36m16\u{1b}[0m.0MB.", "too-large");
    case("{\"log\": \"Only \\u001b[1mHTTPS\\u001b[0m URLs are allowed.\"}", "not-https");
}

/// A 400 whose end is cut off at any character after the beginning of its sentence.
#[test]
fn a_cut_body_is_recognized_by_the_beginning_of_its_sentence() {
    let sentence = "Failed to fetch asset. Received HTTP response code \\\"404\\\".";
    let before = "{\"error\":\"Validation of body failed\",\"issues\":[{\"code\":\"custom\",\"path\":[\"promptImage\"],\"message\":\"";
    for length in [30, 40, 50, sentence.len() - 8, sentence.len() - 4, sentence.len()] {
        let text = format!("{before}{}", &sentence[..length]);
        for text in [format!("{text}\n"), text] {
            let found = program().args(["explain", "--format", "json", "-"]).stdin(text).run().exit_code(0).json();
            let found = &found["matches"][0];
            assert_eq!((&found["code"], &found["field"]), (&"http-status".into(), &"promptImage".into()), "{found}");
            assert!(found["message"].as_str().is_some_and(|message| message.len() > 20), "{found}");
        }
    }
    let found = program().args(["explain", "-"]).stdin(format!("{before}Failed to f")).run().exit_code(0);
    found.stdout_contains("Failed to f").stdout_contains("custom");
    // No status is known, so nothing is said of a particular one.
    program().args(["explain", "-"]).stdin(&sentence[..48]).run().exit_code(0).output_lacks("nothing at this address");
}

#[test]
fn only_the_first_mebibyte_is_read() {
    let note = "standard input has more than 1 MiB; only the first MiB is read";
    let mut text = fixture("body-404.json");
    text.resize(1 << 20, b' ');
    program().args(["explain", "-"]).stdin(text.clone()).run().exit_code(0).stderr_is_empty();
    text.push(b' ');
    program()
        .args(["explain", "-"])
        .stdin(text)
        .run()
        .exit_code(0)
        .stderr_contains(note)
        .stdout_contains("http-status");
    let mut late = vec![b' '; 1 << 20];
    late.extend(fixture("body-404.json"));
    program().args(["explain", "-"]).stdin(late).run().exit_code(1).stderr_contains(note);
}

#[test]
fn bytes_that_are_not_text_are_harmless() {
    let outcome = program().args(["explain", "-"]).stdin(b"\xff\xfe\x00\x1b[2J SAFETY.INPUT.TEXT \x9b".to_vec()).run();
    outcome.output_lacks("\u{1b}");
    let full = std::fs::File::options().write(true).open("/dev/full").expect("a device");
    program().args(["explain", "429"]).stdout(full).run().exit_code(4);
}
