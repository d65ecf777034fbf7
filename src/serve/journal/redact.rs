//! Removes secrets from a JSON body: payloads of data URIs, queries of URLs, and members with names such as `apiKey`.

use serde_json::Value;

use crate::text::secret::redact_text;

/// The longest text that is kept, in characters.
const MAX_TEXT: usize = 4096;

/// Suffixes of member names whose values are redacted.
const SECRET_NAMES: [&str; 6] = ["authorization", "apikey", "api_key", "password", "secret", "token"];

/// Returns the body without its secrets.
pub(super) fn redacted(body: Value) -> Value {
    match body {
        Value::String(text) => Value::String(text_without_secrets(&text)),
        Value::Array(items) => items.into_iter().map(redacted).collect(),
        Value::Object(members) => {
            let members = members.into_iter().map(|(name, value)| {
                let value =
                    if is_secret(&name) && !value.is_null() { Value::from("[redacted]") } else { redacted(value) };
                (name, value)
            });
            members.collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => body,
    }
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_NAMES.iter().any(|secret| name.ends_with(secret))
}

fn text_without_secrets(text: &str) -> String {
    let length = text.chars().count();
    let starts_as_data = text.trim_start().get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"));
    if starts_as_data {
        let head = text.trim_start().split_once(',').map(|(head, _)| head).filter(|head| head.len() <= 100);
        return format!("{},… ({length} characters)", head.unwrap_or("data:"));
    }
    if length > MAX_TEXT {
        let start: String = text.chars().take(MAX_TEXT).collect();
        return format!("{}… ({length} characters)", redact_text(&start));
    }
    redact_text(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn payloads_and_secrets_are_not_kept() {
        let case = |body: Value, expected: Value| assert_eq!(redacted(body), expected);
        case(json!({"promptText": "a cat", "seed": 5}), json!({"promptText": "a cat", "seed": 5}));
        case(
            json!([{"uri": "data:image/png;base64,iVBORw0KGgo="}]),
            json!([{"uri": "data:image/png;base64,… (34 characters)"}]),
        );
        case(json!(" DATA:x"), json!("data:,… (7 characters)"));
        case(
            json!({"accessToken": "abc", "apiKey": ["x"], "secret": null}),
            json!({"accessToken": "[redacted]", "apiKey": "[redacted]", "secret": null}),
        );
        let long = redacted(json!("a cat ".repeat(1000)));
        assert!(long.as_str().is_some_and(|text| text.ends_with("… (6000 characters)") && text.len() < 4200));
    }
}
