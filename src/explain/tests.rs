use std::fmt::Write as _;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

/// Prints a match as one row of the table of expected matches.
fn row(name: &str, found: &Explanation) -> String {
    let shown = |text: Option<&UntrustedText>| text.map_or("-".to_owned(), |text| text.escaped_up_to(512).to_string());
    format!(
        "{name}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}",
        found.kind.name(),
        found.code.escaped(),
        found.matched.unwrap_or("-"),
        shown(found.field.as_ref()),
        found.retry.map_or("-", Retry::name),
        found.credits_refunded.map_or("-".to_owned(), |refunded| refunded.to_string()),
        found.confidence.name(),
        shown(found.message.as_ref()),
    )
}

#[test]
fn every_recorded_response_is_explained_as_the_table_says() {
    let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/answers");
    let mut names: Vec<String> = std::fs::read_dir(&directory)
        .expect("the fixtures are there")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a plain name"))
        .filter(|name| name != "expected.tsv")
        .collect();
    names.sort_unstable();
    let mut table = String::from("file\tkind\tcode\tmatched\tfield\tretry\trefunded\tconfidence\tmessage\n");
    for name in names {
        let text = std::fs::read_to_string(directory.join(&name)).expect("a fixture is text");
        let matches = explain(&text);
        if matches.is_empty() {
            writeln!(table, "{name}\t{}", non_failed_status(&text).unwrap_or("nothing")).expect("a string takes it");
        }
        for found in &matches {
            writeln!(table, "{}", row(&name, found)).expect("a string takes it");
        }
    }
    let path = directory.join("expected.tsv");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &table).expect("the table can be written");
    }
    let expected = std::fs::read_to_string(&path).expect("the table is there");
    for (line, (found, expected)) in table.lines().zip(expected.lines()).enumerate() {
        assert_eq!(found, expected, "line {}", line + 1);
    }
    assert_eq!(table.lines().count(), expected.lines().count());
}

#[test]
fn every_code_of_the_seed_page_is_explained() {
    let case = |code: &str, matched: Option<&str>, retry: Retry, refunded: Option<bool>| {
        let [found] = explain(code).try_into().unwrap_or_else(|found| panic!("{code}: {found:?}"));
        let Explanation { kind, matched: prefix, retry: again, credits_refunded, .. } = found;
        assert_eq!(
            (kind, prefix, again, credits_refunded),
            (ExplanationKind::Failure, matched, Some(retry), refunded),
            "{code}"
        );
        assert_eq!(retryable(code), Some(retry), "{code}");
    };
    case("SAFETY.INPUT.TEXT", Some("SAFETY.INPUT"), Retry::Never, Some(false));
    case("SAFETY.INPUT.IMAGE", Some("SAFETY.INPUT"), Retry::Never, Some(false));
    case("SAFETY.INPUT.NEWKIND", Some("SAFETY.INPUT"), Retry::Never, Some(false));
    case("SAFETY.OUTPUT.VIDEO", Some("SAFETY.OUTPUT"), Retry::Never, Some(false));
    case("SAFETY", Some("SAFETY"), Retry::Never, Some(false));
    case("INTERNAL.BAD_OUTPUT.CODE01", Some("INTERNAL.BAD_OUTPUT"), Retry::May, Some(true));
    case("INTERNAL.BAD_OUTPUT.01", Some("INTERNAL.BAD_OUTPUT"), Retry::May, Some(true));
    case("INPUT_PREPROCESSING.SAFETY.TEXT", Some("INPUT_PREPROCESSING.SAFETY.TEXT"), Retry::Never, None);
    case("INPUT_PREPROCESSING.SAFETY.THIRD_PARTY", Some("INPUT_PREPROCESSING.SAFETY.THIRD_PARTY"), Retry::Never, None);
    case("INPUT_PREPROCESSING.INTERNAL", Some("INPUT_PREPROCESSING.INTERNAL"), Retry::AfterDelay, Some(true));
    case("ASSET.INVALID", Some("ASSET.INVALID"), Retry::Never, Some(true));
    case("THIRD_PARTY.UNAVAILABLE", Some("THIRD_PARTY.UNAVAILABLE"), Retry::AfterDelay, Some(true));
    case("INTERNAL", Some("INTERNAL"), Retry::AfterDelay, Some(true));
    case("null", Some("INTERNAL"), Retry::AfterDelay, Some(true));
    case("undefined", Some("INTERNAL"), Retry::AfterDelay, Some(true));
}

#[test]
fn nothing_is_claimed_of_an_unknown_failure_code() {
    for code in ["BRAND.NEW", "SAFETYNET.X", "FAILED.TO.START"] {
        let [found] = explain(code).try_into().unwrap_or_else(|found| panic!("{code}: {found:?}"));
        let Explanation { kind, matched, retry, credits_refunded, next, .. } = found;
        assert_eq!((kind, matched, retry, credits_refunded), (ExplanationKind::Failure, None, None, None), "{code}");
        assert!(next.contains("like INTERNAL"), "{next}");
        assert_eq!(retryable(code), None, "{code}");
    }
}

#[test]
fn a_text_that_is_too_long_is_no_url_whatever_its_limit() {
    let codes = |text: &str| -> Vec<String> {
        explain(text).into_iter().map(|found| found.code.escaped().to_string()).collect()
    };
    for limit in [2048, 5000] {
        let sentence = format!("Too big: expected string to have <={limit} characters");
        assert_eq!(codes(&format!("promptText: {sentence}")), ["too_big"], "{limit}");
    }
    assert_eq!(codes("videoUri: Too big: expected string to have <=2048 characters"), ["url-too-long"]);
}

#[test]
fn the_code_of_a_task_that_is_wrapped_or_cut_off_is_not_guessed() {
    let codes =
        |text: &str| -> Vec<String> { explain(text).iter().map(|found| found.code.escaped().to_string()).collect() };
    let fold = |text: &str, width: usize| -> String {
        text.as_bytes().chunks(width).map(|line| String::from_utf8_lossy(line) + "\n").collect()
    };
    let task = r#"{"id":"17f20503-6c24-4c16-946b-35dbbce2af2f","status":"FAILED","failure":"The provided image was flagged by content moderation.","failureCode":"SAFETY.INPUT.IMAGE"}"#;
    let record =
        r#"2026-11-10T12:00:00Z ERROR {"id":"7","status":"FAILED","failureCode":"INTERNAL.BAD_OUTPUT.CODE01"}"#;
    for (text, code) in [(task, "SAFETY.INPUT.IMAGE"), (record, "INTERNAL.BAD_OUTPUT.CODE01")] {
        for width in 40..=text.len() {
            assert_eq!(codes(&fold(text, width)), [code], "{width}");
        }
        for end in 0..text.len() - 3 {
            let cut = text.get(..end).expect("ASCII");
            assert_eq!(codes(cut), Vec::<String>::new(), "{cut}");
        }
    }
    assert_eq!(codes(r#"{"id":"7","status":"FAILED"}"#), ["INTERNAL"]);
    assert_eq!(codes(r#"{"id":"7","status":"FAILED","failureCode":null,"fai"#), ["INTERNAL"]);
}

#[test]
fn a_record_with_a_status_is_no_task_where_it_has_an_error() {
    for record in [
        r#"{"level":"error","status":"running","msg":"promptImage: Only HTTPS URLs are allowed."}"#,
        r#"{"jobId":"7","status":"PENDING","error":{"error":"Validation of body failed","issues":[{"code":"custom","message":"Only HTTPS URLs are allowed.","path":["promptImage"]}]}}"#,
    ] {
        let found = explain(record);
        assert_eq!(found.first().and_then(|found| found.code.as_str()), Some("not-https"), "{record}");
    }
    let task = r#"{"id":"17f20503-6c24-4c16-946b-35dbbce2af2f","status":"RUNNING","progress":0.4}"#;
    assert!(explain(task).is_empty());
    assert_eq!(non_failed_status(task), Some("RUNNING"));
}

/// A response with two issues, as the Node SDK prints it.
const TWO_ISSUES: &str = r#"Error: 400 {"error":"Validation of body failed","issues":[{"code":"custom","message":"Failed to fetch asset. Received HTTP response code \"404\".","path":["promptImage"]},{"code":"custom","message":"Invalid asset dimensions. Height and width must not exceed 8000px. Got 9000x100.","path":["references","[0]",".uri"]}],"docUrl":"https://docs.dev.runwayml.com/api"}"#;

/// Asserts that both issues are found, with their fields and whole messages.
#[track_caller]
fn expect_two_issues(pasted: &str) {
    let found = explain(pasted);
    let shown = |text: &Option<UntrustedText>| text.as_ref().map(|text| text.escaped_up_to(512).to_string());
    let rows: Vec<_> = found.iter().map(|found| (shown(&found.field), shown(&found.message))).collect();
    let row = |field: &str, message: &str| (Some(field.to_owned()), Some(message.to_owned()));
    let expected = [
        row("promptImage", "Failed to fetch asset. Received HTTP response code \"404\"."),
        row("references[0].uri", "Invalid asset dimensions. Height and width must not exceed 8000px. Got 9000x100."),
    ];
    assert_eq!(rows, expected, "{pasted}");
}

/// Breaks a text every `width` characters.
fn folded(text: &str, width: usize) -> Vec<String> {
    text.chars().collect::<Vec<_>>().chunks(width).map(|line| line.iter().collect()).collect()
}

#[test]
fn a_paste_is_read_however_wide_the_terminal_was() {
    for width in (40..=160).step_by(3) {
        let lines = folded(TWO_ISSUES, width);
        expect_two_issues(&lines.join("\n"));
        expect_two_issues(&lines.join("\r\n"));
        expect_two_issues(&lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n"));
        expect_two_issues(&lines.iter().map(|line| format!("app-1  | {line}")).collect::<Vec<_>>().join("\n"));
        expect_two_issues(&lines.iter().map(|line| format!("> {line}")).collect::<Vec<_>>().join("\n"));
    }
}

#[test]
fn a_paste_is_read_however_often_it_was_escaped_or_quoted() {
    let pretty = TWO_ISSUES.replace("},{", "},\n  {").replace(":[{", ":[\n  {");
    for text in [TWO_ISSUES, &pretty] {
        let mut escaped = text.to_owned();
        for _ in 0..3 {
            escaped = serde_json::Value::from(escaped).to_string();
            expect_two_issues(&escaped);
        }
        expect_two_issues(&format!("b'{}'", text.replace('\\', "\\\\").replace('\n', "\\n")));
        expect_two_issues(&format!("7,\"{}\",x", text.replace('"', "\"\"")));
        expect_two_issues(&format!("<pre>{}</pre>", text.replace('&', "&amp;").replace('"', "&quot;")));
        let prefixed: Vec<String> = text.lines().map(|line| format!("10:04 worker | {line}\n")).collect();
        expect_two_issues(&prefixed.concat());
    }
}

#[test]
fn a_shortened_sentence_is_recognized_by_its_beginning() {
    let case = |text: &str, expected: Option<&str>| {
        let found = explain(text).first().map(|found| found.code.escaped().to_string());
        assert_eq!(found.as_deref(), expected, "{text}");
    };
    case("promptImage: Failed to fetch asset. The URL may be inco...", Some("fetch-failed"));
    case("Failed to fetch asset. The URL may be incorrect or the…", Some("fetch-failed"));
    case("Failed to fetch asset. Received HTTP resp…", Some("http-status"));
    case("Invalid asset dimensions. Height and width must not ex", Some("dimensions-too-large"));
    case("Received HTTP response code 403", Some("http-status"));
    case("Failed to fetch", None);
    case("Invalid asset", None);
}

#[test]
fn a_status_of_the_assets_server_has_its_own_meaning() {
    let case = |status: u16, words: &str| {
        let found = explain(&Reason::HttpStatus { status }.to_string());
        assert!(found[0].meaning.contains(words), "{status}: {}", found[0].meaning);
        assert!(found[0].commands.iter().any(|command| command.contains("diagnose")), "{:?}", found[0].commands);
    };
    case(403, "expired");
    case(302, "redirects");
    case(404, "nothing at this address");
    case(410, "removed");
    case(451, "legal");
    case(418, "status other than 200");
}

#[test]
fn a_shell_can_branch_on_a_code() {
    let case = |code: &str, retry: Option<Retry>| assert_eq!(retryable(code), retry, "{code}");
    case("too-large", Some(Retry::Never));
    case("timeout", Some(Retry::May));
    case("fetch-failed", Some(Retry::May));
    case("http-status", Some(Retry::Never));
    case("private-address", Some(Retry::Never));
    case("exif-rotated", None);
    case("invalid_union", Some(Retry::Never));
    case("400", Some(Retry::Never));
    case("429", Some(Retry::AfterDelay));
    case("418", Some(Retry::Never));
    case("507", Some(Retry::AfterDelay));
    case("no-such-code", None);
    case("", None);
}

#[test]
fn a_temporary_failure_of_the_assets_server_may_be_retried() {
    let case = |status: u16, retry: Retry| {
        let sentence = Reason::HttpStatus { status }.to_string();
        assert_eq!(explain(&sentence).first().and_then(|found| found.retry), Some(retry), "{status}");
    };
    case(404, Retry::Never);
    case(403, Retry::Never);
    case(301, Retry::Never);
    case(429, Retry::May);
    case(500, Retry::May);
    case(503, Retry::May);
}

#[test]
fn a_code_of_ours_carries_its_sentence_without_values() {
    let [found] = explain("unsupported-content-type").try_into().expect("one match");
    let message = found.message.expect("a sentence").escaped().to_string();
    assert_eq!(message, "Unsupported Content-Type response header: \"…\".");
}

#[test]
fn secrets_in_responses_are_redacted() {
    let text = r#"{"error":"Cannot read https://u:canary@h.com/a?sig=canary#canary or data:image/png;base64,canary with key_canary0000000000000000000","issues":[{"code":"custom","message":"see 'https://h.com/?t=canary'","path":["https://h.com/?q=canary"]}]}"#;
    let matches = explain(text);
    assert_eq!(matches.len(), 1);
    assert!(!format!("{matches:?}").contains("canary"), "{matches:?}");
    let error = text.split(",\"issues\"").next().expect("a beginning").to_owned()
        + ",\"docUrl\":\"https://docs.dev.runwayml.com\"}";
    let matches = explain(&error);
    assert_eq!(matches.len(), 1);
    assert!(!format!("{matches:?}").contains("canary"), "{matches:?}");
}

/// Texts for which a reader that backtracks or restarts would take quadratic time.
const HOSTILE: [&str; 17] = [
    "{",
    "(",
    "{a:",
    "{\"a\":[",
    "{\\\"",
    "{\"error\":\"x\"}",
    "{\"failureCode\":",
    "[a] {",
    "invalid url ",
    "failed to fetch asset. received http response code \"",
    "Model variant ",
    "SAFETY.INPUT.TEXT\n",
    "HTTP ",
    "\\",
    "\"{'",
    "promptImage: ",
    "é",
];

#[test]
fn time_is_linear_in_the_length_of_the_text() {
    let time = |text: &str| {
        let start = Instant::now();
        let count = explain(text).len();
        (start.elapsed(), count).0
    };
    let case = |unit: &str, text: &dyn Fn(usize) -> String| {
        let (short, long) = (time(&text(4 << 10)), time(&text(64 << 10)));
        // Sixteen times the text; a quadratic reader would take 256 times as long.
        assert!(long < short * 80 + Duration::from_millis(500), "{unit:?}: {short:?}, then {long:?}");
    };
    for unit in HOSTILE {
        case(unit, &|length| unit.repeat(length / unit.len()));
    }
    case("blanks", &|length| " ".repeat(length / 2) + &"x Invalid URL ".repeat(length / 28));
}

#[test]
fn text_after_the_maximum_length_is_ignored() {
    assert_eq!(explain(&"{".repeat(MAX_LENGTH)), []);
    let after = "é".repeat(MAX_LENGTH / 2) + " Asset size exceeds 16.0MB.";
    assert_eq!(explain(&after), []);
    assert_eq!(explain(&after["é".len()..][..MAX_LENGTH]), []);
}

/// Fragments of real responses, so that arbitrary texts resemble them.
fn fragment() -> impl Strategy<Value = String> {
    let known = [
        "{\"error\":\"",
        "\"issues\":[",
        "{\"code\":\"custom\",",
        "\"message\":\"",
        "\"path\":[\"a\",\"[0]\"]",
        "}",
        "]",
        "{'",
        "':",
        "failureCode",
        "SAFETY.INPUT",
        "INTERNAL",
        "null",
        "status: 400",
        "Error code: 429 - ",
        "Invalid URL",
        "promptImage: ",
        "Failed to fetch asset. Received HTTP response code \"",
        "Asset size exceeds 16.",
        "\\u",
        "\\\"",
        "\n",
        "Got 1.",
        "é",
        "\u{202e}",
    ];
    prop_oneof![proptest::sample::select(known.to_vec()).prop_map(str::to_owned), ".{0,12}"]
}

proptest! {
    #[test]
    fn arbitrary_texts_are_harmless(parts in proptest::collection::vec(fragment(), 0..40)) {
        let text = parts.concat();
        let matches = explain(&text);
        prop_assert_eq!(&matches, &explain(&text));
        let _ = non_failed_status(&text);
        for found in matches {
            prop_assert!(!found.meaning.is_empty() && !found.next.is_empty());
        }
    }

    #[test]
    fn every_status_reason_reads_back(status in 100u16..1000, field in "[a-z][A-Za-z]{0,12}Image(\\[[0-9]\\])?") {
        let sentence = Reason::HttpStatus { status }.to_string();
        let [found]: [Explanation; 1] = explain(&serde_json::json!({"error": format!("{field}: {sentence}")}).to_string())
            .try_into().map_err(|found| TestCaseError::fail(format!("{found:?}")))?;
        prop_assert_eq!(found.message, Some(UntrustedText::new(sentence)));
        prop_assert_eq!(found.field, Some(UntrustedText::new(field)));
    }
}

#[test]
fn every_line_of_a_long_log_is_read_however_it_is_quoted() {
    let line = |n: usize| {
        let body = format!(
            r#"{{"error": "Validation of body failed", "issues": [{{"code": "custom", "message": "Only HTTPS URLs are allowed.", "path": ["uri{n}"]}}]}}"#
        );
        let error = serde_json::json!({"time": n, "err": {"message": format!("400 {body}")}, "msg": "task failed"});
        error.to_string()
    };
    let wrapped = |line: String| serde_json::json!({"log": line, "stream": "stdout"}).to_string();
    let forms: [&dyn Fn(usize) -> String; 4] = [&line, &|n| wrapped(line(n)), &|n| wrapped(wrapped(line(n))), &|n| {
        format!("\"{}\",x", line(n).replace('"', "\"\""))
    }];
    for (nth, form) in forms.iter().enumerate() {
        let log: Vec<String> = (0..80).map(form).collect();
        assert_eq!(explain(&log.join("\n")).len(), 80, "form {nth}");
    }
}
