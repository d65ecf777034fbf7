//! Writes explanations of API responses as text and JSON.

use std::io::{self, Write};

use colored::Colorize as _;
use serde::Serialize;

use super::wrap;
use super::{Style, escape};
use crate::report::explanation::Explanation;
use crate::report::failure::Retry;
use crate::text::untrusted::UntrustedText;

/// Writes each match as a paragraph: the message after its field, then what is known of it, wrapped at the width of the style.
///
/// # Errors
/// Only when `out` fails.
pub fn text(matches: &[Explanation], style: Style, out: &mut dyn Write) -> io::Result<()> {
    colored::control::set_override(style.color);
    for (index, found) in matches.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        paragraph(found, style.width, out)?;
    }
    Ok(())
}

fn paragraph(found: &Explanation, width: Option<usize>, out: &mut dyn Write) -> io::Result<()> {
    let Explanation {
        kind,
        code,
        matched,
        field,
        message,
        meaning,
        retry,
        credits_refunded,
        next,
        commands,
        confidence,
        docs,
    } = found;
    let code = shown(code);
    let sentence = message.as_ref().map_or_else(|| code.clone(), sentence);
    match field {
        Some(field) => writeln!(out, "{}", format!("{}: {sentence}", escape::before_colon(shown(field))).bold())?,
        None => writeln!(out, "{}", sentence.bold())?,
    }
    let family = matched.filter(|matched| !matched.eq_ignore_ascii_case(&code));
    let family = family.map_or_else(String::new, |family| format!(", as {family}"));
    let kind = format!("{code} ({}{family}, {})", kind.name(), confidence.name());
    let lines = [
        ("code", kind.as_str()),
        ("meaning", meaning),
        ("retry", advice(*retry)),
        ("credits", credits(*credits_refunded)),
        ("next", next),
    ];
    let is_known = |(_, text): &(&str, &str)| !text.is_empty();
    lines.into_iter().filter(is_known).try_for_each(|(label, text)| line(label, text, width, out))?;
    // Commands are never wrapped, so that they can be copied.
    let labels = std::iter::once("run").chain(std::iter::repeat(""));
    labels.zip(commands).try_for_each(|(label, command)| line(label, command, None, out))?;
    if docs.is_empty() { Ok(()) } else { line("docs", docs, width, out) }
}

/// Writes a text after a label, with a hanging indent.
fn line(label: &str, text: &str, width: Option<usize>, out: &mut dyn Write) -> io::Result<()> {
    const INDENT: usize = 11;
    let width = width.map_or(usize::MAX, |width| width.saturating_sub(INDENT));
    let mut lines = wrap(text, width).into_iter();
    let padded = format!("{label:<7}");
    let label = if matches!(label, "next" | "run") { padded.green().bold() } else { padded.cyan() };
    writeln!(out, "  {label}  {}", lines.next().unwrap_or_default())?;
    lines.try_for_each(|line| writeln!(out, "{:INDENT$}{line}", ""))
}

/// Writes one line per code, with the first sentence of what it means.
///
/// # Errors
/// Only when `out` fails.
pub fn codes(known: &[Explanation], style: Style, out: &mut dyn Write) -> io::Result<()> {
    colored::control::set_override(style.color);
    let width = known.iter().map(|found| shown(&found.code).chars().count()).max().unwrap_or_default();
    let indent = width + 11;
    let room = style.width.map_or(usize::MAX, |columns| columns.saturating_sub(indent).max(20));
    for found in known {
        let meaning = found.meaning.split_once(". ").map_or(found.meaning, |(first, _)| first);
        let padded = format!("{:<width$}", shown(&found.code));
        let mut lines = wrap(meaning.trim_end_matches('.'), room).into_iter();
        let first = lines.next().unwrap_or_default();
        writeln!(out, "{}  {:<7}  {first}", padded.bold(), found.kind.name())?;
        lines.try_for_each(|line| writeln!(out, "{:indent$}{line}", ""))?;
    }
    Ok(())
}

const fn advice(retry: Option<Retry>) -> &'static str {
    match retry {
        Some(Retry::Never) => "do not retry as is",
        Some(Retry::AfterDelay) => "yes, after a delay",
        Some(Retry::May) => "retrying may help",
        None => "",
    }
}

const fn credits(refunded: Option<bool>) -> &'static str {
    match refunded {
        Some(true) => "refunded",
        Some(false) => "not refunded",
        None => "",
    }
}

/// Writes one JSON document with one entry per match.
///
/// # Errors
/// Only when `out` fails.
pub fn json(matches: &[Explanation], out: &mut dyn Write) -> io::Result<()> {
    let document = ExplanationsView { schema_version: 1, matches: matches.iter().map(ExplanationView::new).collect() };
    writeln!(out, "{}", escape::json(&serde_json::to_string_pretty(&document)?))
}

/// The document.
#[derive(Serialize)]
struct ExplanationsView<'a> {
    schema_version: u32,
    matches: Vec<ExplanationView<'a>>,
}

/// One match in JSON.
#[derive(Serialize)]
struct ExplanationView<'a> {
    kind: &'static str,
    code: String,
    matched: Option<&'static str>,
    field: Option<String>,
    message: Option<String>,
    meaning: &'a str,
    retry: Option<&'static str>,
    credits_refunded: Option<bool>,
    next: &'a str,
    commands: &'a [String],
    confidence: &'static str,
}

impl<'a> ExplanationView<'a> {
    fn new(found: &'a Explanation) -> Self {
        let Explanation {
            kind,
            code,
            matched,
            field,
            message,
            meaning,
            retry,
            credits_refunded,
            next,
            commands,
            confidence,
            docs: _,
        } = found;
        Self {
            kind: kind.name(),
            code: shown(code),
            matched: *matched,
            field: field.as_ref().map(shown),
            message: message.as_ref().map(sentence),
            meaning,
            retry: retry.map(Retry::name),
            credits_refunded: *credits_refunded,
            next,
            commands,
            confidence: confidence.name(),
        }
    }
}

/// How many characters of the API's message are shown; some messages list many choices.
const MAX_MESSAGE: usize = 512;

fn sentence(message: &UntrustedText) -> String {
    message.escaped_up_to(MAX_MESSAGE).to_string()
}

fn shown(text: &UntrustedText) -> String {
    text.escaped().to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::explain::explain;

    fn whole(matches: &[Explanation], out: &mut dyn Write) -> io::Result<()> {
        text(matches, Style::plain(), out)
    }

    fn written(write: fn(&[Explanation], &mut dyn Write) -> io::Result<()>, pasted: &str) -> String {
        let mut out = Vec::new();
        write(&explain(pasted), &mut out).expect("a vector takes it");
        String::from_utf8(out).expect("UTF-8")
    }

    const BODY: &str = r#"{"error":"Validation of body failed","issues":[
        {"code":"custom","message":"Failed to fetch asset. Received HTTP response code \"404\".","path":["references","[0]",".uri"]},
        {"code":"unrecognized_keys","keys":["f"],"path":[],"message":"Unrecognized key: \"f\""}]}"#;

    #[test]
    fn a_field_before_the_colon_cannot_start_a_workflow_command() {
        let text = written(whole, r#"{"code":"","message":"Invalid URL","path":":"}"#);
        assert!(text.starts_with("\\x3a: Invalid URL\n"), "{text}");
    }

    #[test]
    fn text_starts_with_the_message() {
        let expected = "\
references[0].uri: Failed to fetch asset. Received HTTP response code \"404\".
  code     http-status (reason, documented)
  meaning  The server of the asset has nothing at this address, or hides that it has; a file that is still being written looks the same.
  retry    do not retry as is
  next     Compare the URL character by character with the one that works in a browser; send the request only after the upload of the file has ended.
  run      runway-preflight check 'URL'
           runway-preflight diagnose 'URL'
  docs     https://docs.dev.runwayml.com/errors/troubleshooting

Unrecognized key: \"f\"
  code     unrecognized_keys (schema, observed)
";
        let text = written(whole, BODY);
        assert!(text.starts_with(expected), "{text}");
        let failure = written(whole, "SAFETY.INPUT.TEXT");
        assert!(failure.contains("  code     SAFETY.INPUT.TEXT (failure, as SAFETY.INPUT, documented)\n"), "{failure}");
        assert!(failure.contains("  credits  not refunded\n"), "{failure}");
        assert!(!written(whole, "exif-rotated").contains("docs "));
    }

    #[test]
    fn the_explanation_is_wrapped_but_the_message_is_not() {
        let narrow = |matches: &[Explanation], out: &mut dyn Write| {
            text(matches, Style { width: Some(40), ..Style::plain() }, out)
        };
        let text = written(narrow, BODY);
        assert!(text.starts_with("references[0].uri: Failed to fetch asset. Received HTTP"), "{text}");
        let wrapped = "  meaning  The server of the asset has\n           nothing at this address, or\n";
        assert!(text.contains(wrapped), "{text}");
        let mut long = text.lines().filter(|line| line.starts_with("  ") && line.chars().count() > 40);
        let is_whole = |line: &str| ["https://", "  code ", "runway-preflight "].iter().any(|word| line.contains(word));
        assert!(long.all(is_whole), "{text}");
    }

    #[test]
    fn json_has_the_documented_keys() {
        let document: Value = serde_json::from_str(&written(json, BODY)).expect("JSON");
        assert_eq!(document["schema_version"], 1);
        let keys = [
            "kind",
            "code",
            "matched",
            "field",
            "message",
            "meaning",
            "retry",
            "credits_refunded",
            "next",
            "commands",
            "confidence",
        ];
        for found in document["matches"].as_array().expect("a list") {
            assert_eq!(found.as_object().expect("an object").keys().collect::<Vec<_>>(), keys);
        }
        assert_eq!(document["matches"][0]["field"], "references[0].uri");
        assert_eq!(document["matches"][1]["field"], Value::Null);
        let task = r#"{"id":"1","status":"FAILED","failure":"x","failureCode":null}"#;
        let document: Value = serde_json::from_str(&written(json, task)).expect("JSON");
        let found = &document["matches"][0];
        assert_eq!((&found["code"], &found["credits_refunded"]), (&json!("INTERNAL"), &json!(true)));
        assert_eq!((&found["matched"], &found["retry"]), (&json!("INTERNAL"), &json!("after-delay")));
        assert_eq!(
            written(json, "nothing of the kind").split_whitespace().collect::<String>(),
            r#"{"schema_version":1,"matches":[]}"#
        );
    }

    #[test]
    fn untrusted_text_is_escaped() {
        let task =
            r#"{"status":"FAILED","failure":"::error::x ##[add] \u001b[2J\u0085\u202e","failureCode":"A\nB::c"}"#;
        for written in [written(whole, task), written(json, task)] {
            for bad in ["##[", "\u{1b}", "\u{202e}", "A\nB"] {
                assert!(!written.contains(bad), "{bad:?} in {written}");
            }
            assert!(!written.lines().any(|line| line.trim_start().starts_with("::")), "{written}");
        }
        let document: Value = serde_json::from_str(&written(json, task)).expect("JSON");
        assert_eq!(document["matches"][0]["message"], ":\\x3aerror:\\x3ax #\\x23[add] \\x85\\u{202e}");
    }
}
