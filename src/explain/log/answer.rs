//! Recognizes a response in a printed value: a 400 body in either form, a single issue, a task, or a value that contains
//! one of them.

use crate::explain::answers::RecognizedResponses;
use crate::explain::literal::{Literal, LiteralField};
use crate::explain::sentence::{self, SentenceKind};
use crate::explain::{Explanation, code};
use crate::finding::Reason;
use crate::report::failure::is_absent;

/// Recognizes the responses in a group, which may be cut off. `near` finds the status in the text before it, and is called
/// only if needed; `within` reads a text inside of the group.
pub(super) fn read(
    items: &[LiteralField],
    is_whole: bool,
    near: &dyn Fn() -> Option<u16>,
    within: &dyn Fn(&str) -> RecognizedResponses,
) -> RecognizedResponses {
    let mut answers = RecognizedResponses::default();
    if task(items, is_whole, &mut answers) || body(items, near, within, &mut answers) {
        return answers;
    }
    if let Some(issue) = lone_issue(items) {
        answers.add(vec![issue]);
        return answers;
    }
    let own = status(items);
    if let Some(status) = own {
        answers.add_weak(Explanation::status(status, None));
    }
    let near = || own.or_else(near);
    for item in items {
        match &item.value {
            Literal::Group(items) => answers.append(read(items, is_whole, &near, within)),
            Literal::Text(text) => answers.append(within(text)),
            Literal::Word(_) => {}
        }
    }
    answers
}

/// Recognizes a task; `false` where it is not one. The code of a task that is cut off may be behind the cut.
fn task(items: &[LiteralField], is_whole: bool, answers: &mut RecognizedResponses) -> bool {
    let code = value(items, &["failureCode", "failure_code"]);
    let named = code.and_then(Literal::scalar).filter(|code| !is_absent(code) && !code.trim().is_empty());
    let failure = value(items, &["failure"]).and_then(Literal::text);
    let state = value(items, &["status"]).and_then(Literal::scalar);
    let is = |name: &str| state.is_some_and(|state| state.eq_ignore_ascii_case(name));
    let failed = is("FAILED") && (failure.is_some() || code.is_some() || value(items, &["id"]).is_some());
    if failed && (is_whole || code.is_some()) || named.is_some() || (code.is_some() && failure.is_some()) {
        answers.add(vec![Explanation::failure(named.map(str::trim), failure)]);
        return true;
    }
    if is("CANCELLED") {
        answers.add(vec![Explanation::failure(Some("CANCELLED"), failure)]);
        return true;
    }
    answers.state = NON_FAILED.into_iter().find(|name| is(name));
    // A record of a log may have a status, and an error in it.
    let has_error = ["error", "issues", "message", "msg"].iter().any(|name| value(items, &[name]).is_some());
    answers.state.is_some() && !has_error
}

/// The statuses of a task that has not failed.
const NON_FAILED: [&str; 4] = ["PENDING", "THROTTLED", "RUNNING", "SUCCEEDED"];

/// Recognizes a 400 body, or that of another status; `false` where it is not one.
fn body(
    items: &[LiteralField],
    near: &dyn Fn() -> Option<u16>,
    within: &dyn Fn(&str) -> RecognizedResponses,
    answers: &mut RecognizedResponses,
) -> bool {
    let error = value(items, &["error"]).and_then(Literal::text);
    let issues = value(items, &["issues"]).and_then(Literal::items);
    let matches: Vec<Explanation> =
        issues.unwrap_or_default().iter().filter_map(|item| issue(item.value.items()?)).collect();
    if !matches.is_empty() {
        answers.add(matches);
        return true;
    }
    let Some(error) = error else { return false };
    if error.starts_with("Validation of ") {
        answers.add_weak(Explanation::status(400, Some(error)));
        return true;
    }
    if let Some(SentenceKind::Sentence(row)) = sentence::find(error).into_iter().next().map(|hit| hit.kind) {
        answers.add(vec![Explanation::sentence(row, error)]);
        return true;
    }
    let nested = within(error);
    if !nested.is_empty() {
        answers.append(nested);
        return true;
    }
    let ours = value(items, &["docUrl"]).and_then(Literal::text).is_some_and(|url| url.contains("runwayml.com"));
    let status = near().or(ours.then_some(400));
    if let Some(status) = status {
        answers.add(vec![Explanation::status(status, Some(error))]);
    }
    status.is_some()
}

/// Recognizes an issue without its body.
fn lone_issue(items: &[LiteralField]) -> Option<Explanation> {
    value(items, &["path"])?;
    value(items, &["code"]).and_then(Literal::text)?;
    value(items, &["message"]).and_then(Literal::text)?;
    issue(items)
}

/// Explains one issue; `None` where it has neither code nor message.
fn issue(items: &[LiteralField]) -> Option<Explanation> {
    let code = value(items, &["code"]).and_then(Literal::text);
    let message = value(items, &["message"]).and_then(Literal::text);
    let field = value(items, &["path"]).and_then(field);
    let known = message.and_then(|message| sentence::find(message).into_iter().next());
    let field = field.as_deref().or(known.as_ref().and_then(|hit| hit.field));
    match (code, known.map(|hit| hit.kind)) {
        (_, Some(SentenceKind::Reason(reason))) if !is_length(&reason) || field.is_none_or(is_asset) => {
            Some(Explanation::reason(&reason, field, message))
        }
        (Some(code), _) => Some(Explanation::issue(code, field, message)),
        (None, Some(SentenceKind::Issue(row))) => Some(Explanation::issue(&row.code, field, message)),
        (None, _) => message.map(|_| Explanation::issue("custom", field, message)),
    }
}

/// Returns whether the sentence of a reason applies to any text that is too long, such as a prompt or a URL.
pub(super) fn is_length(reason: &Reason) -> bool {
    matches!(reason, Reason::UrlTooLong { .. } | Reason::DataUriTooLong { .. } | Reason::RunwayUriTooLong { .. })
}

/// Returns whether a field accepts an asset, by its name.
pub(super) fn is_asset(field: &str) -> bool {
    let last = field.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    ["uri", "url", "image", "video", "audio"].iter().any(|word| last.contains(word))
}

/// Writes a path as the field it names: `["references", 0, "uri"]` and `["references", "[0]", ".uri"]` are both
/// `references[0].uri`. `None` for the body itself.
fn field(path: &Literal) -> Option<String> {
    let Some(segments) = path.items() else { return path.text().filter(|path| !path.is_empty()).map(str::to_owned) };
    let mut field = String::new();
    for segment in segments {
        match &segment.value {
            Literal::Word(index) if index.bytes().all(|byte| byte.is_ascii_digit()) => {
                field.extend(["[", index, "]"]);
            }
            // Node's `[Array]` and `... 3 more items` name nothing.
            Literal::Word(_) => {}
            Literal::Text(name) => {
                let bare = field.is_empty() || name.starts_with(['[', '.']);
                field.push_str(if bare { "" } else { "." });
                field.push_str(name);
            }
            Literal::Group(_) => return None,
        }
    }
    (!field.is_empty()).then_some(field)
}

/// Returns the HTTP status among the entries.
fn status(items: &[LiteralField]) -> Option<u16> {
    let named = value(items, &["status", "statusCode", "status_code"])?;
    named.scalar().and_then(code::status)
}

/// Returns the value of the first entry with one of these names.
fn value<'a>(items: &'a [LiteralField], names: &[&str]) -> Option<&'a Literal> {
    let is_one = |item: &&LiteralField| item.key.as_deref().is_some_and(|key| names.contains(&key));
    items.iter().find(is_one).map(|item| &item.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::literal::group;

    #[test]
    fn paths_become_fields() {
        let case = |path: &str, expected: Option<&str>| {
            let items = group(path, 0).0.items;
            assert_eq!(field(&Literal::Group(items)).as_deref(), expected, "{path}");
        };
        case(r#"["promptImage"]"#, Some("promptImage"));
        case(r#"["references","[0]",".uri"]"#, Some("references[0].uri"));
        case(r#"["references",0,"uri"]"#, Some("references[0].uri"));
        case("['references', '[0]', '.uri']", Some("references[0].uri"));
        case(r#"["nodeOutputs","a-b","0","uri"]"#, Some("nodeOutputs.a-b.0.uri"));
        case("[]", None);
        case("[Array]", None);
    }

    #[test]
    fn lengths_of_assets_are_reasons_and_of_prompts_are_not() {
        let case = |field: &str, limit: u64, expected: &str| {
            let text = format!(
                r#"{{"code":"too_big","message":"Too big: expected string to have <={limit} characters","path":["{field}"]}}"#
            );
            let found = issue(&group(&text, 0).0.items).map(|found| found.code.escaped().to_string());
            assert_eq!(found.as_deref(), Some(expected), "{field}");
        };
        case("promptImage", 2048, "url-too-long");
        case("references[0].uri", 5000, "runway-uri-too-long");
        case("audioUri", 16_777_216, "data-uri-too-long");
        case("promptText", 2048, "too_big");
        case("promptImage", 1000, "too_big");
    }
}
