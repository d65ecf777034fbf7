//! Removes secrets from a JSON body: payloads of data URIs, queries of URLs, and members with names such as `apiKey`.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::text::secret::redact_text;

/// The longest text that is kept, in characters.
const MAX_TEXT: usize = 4096;

/// Suffixes of member names whose values are redacted; letters and digits only.
const SECRET_NAMES: [&str; 10] = [
    "authorization",
    "apikey",
    "accesskey",
    "privatekey",
    "secretkey",
    "secret",
    "password",
    "passwd",
    "token",
    "tokens",
];

/// Returns a body as JSON without its secrets: `null` if it is not JSON, `None` if the result is longer than `limit`.
///
/// The result is written while the body is read, so that a body of many small values takes no more memory than that.
pub(super) fn redacted(body: &[u8], limit: usize) -> Option<String> {
    let mut output = RedactedJson { text: String::new(), limit, is_full: false };
    let mut reader = serde_json::Deserializer::from_slice(body);
    let read = RedactedValue { output: &mut output, before: "" }.deserialize(&mut reader).and_then(|()| reader.end());
    match read {
        Ok(()) => Some(output.text),
        Err(_) if output.is_full => None,
        Err(_) => Some(Value::Null.to_string()),
    }
}

/// JSON text up to a limit.
struct RedactedJson {
    text: String,
    limit: usize,
    is_full: bool,
}

impl RedactedJson {
    fn push<E: Error>(&mut self, text: &str) -> Result<(), E> {
        self.is_full = self.text.len() + text.len() > self.limit;
        if self.is_full {
            return Err(E::custom("the limit is reached"));
        }
        self.text.push_str(text);
        Ok(())
    }

    /// Writes the name of a member, and what stands before it.
    fn push_name<E: Error>(&mut self, before: &str, name: &str) -> Result<(), E> {
        self.push(before)?;
        // A name that is too long is not copied.
        let end = name.len().min(self.limit);
        self.push(&Value::from(name.get(..end).unwrap_or_default()).to_string())?;
        self.push(":")
    }
}

/// Reads one value and writes it without its secrets.
struct RedactedValue<'o> {
    output: &'o mut RedactedJson,
    /// What is written before the value.
    before: &'static str,
}

impl<'de> DeserializeSeed<'de> for RedactedValue<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        self.output.push(self.before)?;
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for RedactedValue<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.output.push("null")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.output.push(if value { "true" } else { "false" })
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.output.push(&value.to_string())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.output.push(&value.to_string())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.output.push(&Value::from(value).to_string())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.output.push(&Value::from(text_without_secrets(text)).to_string())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let mut before = "[";
        while items.next_element_seed(RedactedValue { output: self.output, before })?.is_some() {
            before = ",";
        }
        self.output.push(if before == "[" { "[]" } else { "]" })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let mut before = "{";
        while let Some(name) = members.next_key::<String>()? {
            self.output.push_name(before, &name)?;
            if is_secret(&name) {
                let is_set = members.next_value::<Option<IgnoredAny>>()?.is_some();
                self.output.push(if is_set { r#""[redacted]""# } else { "null" })?;
            } else {
                members.next_value_seed(RedactedValue { output: self.output, before: "" })?;
            }
            before = ",";
        }
        self.output.push(if before == "{" { "{}" } else { "}" })
    }
}

fn is_secret(name: &str) -> bool {
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
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

    fn read(body: &Value) -> Value {
        let text = redacted(body.to_string().as_bytes(), 65_536).expect("a short body");
        serde_json::from_str(&text).expect("JSON")
    }

    #[test]
    fn payloads_and_secrets_are_not_kept() {
        let case = |body: Value, expected: Value| assert_eq!(read(&body), expected);
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
        for name in ["x-api-key", "API_KEY", "secretKey", "aws_secret_access_key", "privateKey", "passwd", "tokens"] {
            case(json!({name: ["S"]}), json!({name: "[redacted]"}));
        }
        let long = read(&json!("a cat ".repeat(1000)));
        assert!(long.as_str().is_some_and(|text| text.ends_with("… (6000 characters)") && text.len() < 4200));
    }

    #[test]
    fn everything_else_is_kept() {
        for text in [
            r#"{"a":[],"b":{},"c":[1,-2,3.5,true,false,null,"\n\"é"],"d":{"e":[[0],{"f":1e300}]}}"#,
            "18446744073709551615",
            r#""""#,
        ] {
            let value: Value = serde_json::from_str(text).expect("JSON");
            assert_eq!(redacted(text.as_bytes(), 65_536), Some(value.to_string()));
        }
        for text in ["", "no JSON", "{} {}", "[1", "\u{feff}{}"] {
            assert_eq!(redacted(text.as_bytes(), 65_536).as_deref(), Some("null"), "{text}");
        }
    }

    #[test]
    fn the_result_is_bounded() {
        assert_eq!(redacted(b"[10,20]", 7).as_deref(), Some("[10,20]"));
        assert_eq!(redacted(b"[10,20]", 6), None);
        assert_eq!(redacted(format!("{{\"{}\":1}}", "k".repeat(1000)).as_bytes(), 100), None);
        // Nothing is read after the limit, not even to find out whether it is JSON.
        assert_eq!(redacted(b"[10,20,30", 6), None);
    }
}
