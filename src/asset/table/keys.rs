//! Assets under a key of JSON Lines.

use std::io;

use serde_json::Value;

use super::{invalid, shown};
use crate::asset::list::{UTF_16, is_utf16};
use crate::text::surrogates;

/// Finds the asset of each row, and notices if no row has the key. A row that is a text is an asset itself.
#[derive(Debug)]
pub(super) struct KeySearch {
    /// The pointer to the asset; `None` where every row is a text.
    pointer: Option<String>,
    /// Whether a row has the key.
    is_found: bool,
    /// The keys of the first row.
    keys: Option<Vec<String>>,
}

/// How many keys of the first row are kept.
const MAX_KEYS: usize = 20;

impl KeySearch {
    /// Searches for a key or a JSON pointer.
    pub(super) fn new(column: Option<&str>) -> Self {
        let pointer = |key: &str| if key.starts_with('/') { key.to_owned() } else { format!("/{}", escape_key(key)) };
        Self { pointer: column.map(pointer), is_found: false, keys: None }
    }

    /// Returns the text of one line's asset: `None` for a blank line, and nothing where the key is missing or null.
    pub(super) fn cell(&mut self, line: &[u8], number: u64) -> io::Result<Option<Vec<u8>>> {
        if line.trim_ascii().is_empty() {
            return Ok(None);
        }
        let line = if number == 1 { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line) } else { line };
        if number == 1 && is_utf16(line) {
            return Err(invalid(UTF_16));
        }
        let row = parse(line).map_err(|error| {
            let text = error.to_string();
            let what = text.split(" at line ").next().unwrap_or_default();
            let array = if line.starts_with(b"[") { "; write each entry of an array on a line of its own" } else { "" };
            invalid(&format!("line {number} is not JSON: {what} at column {}{array}", error.column().max(1)))
        })?;
        let found = match (&row, &self.pointer) {
            (Value::String(_), _) => Some(&row),
            (Value::Object(_), None) => return Err(invalid(NO_KEY)),
            (Value::Object(_) | Value::Array(_), Some(pointer)) => row.pointer(pointer),
            (Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_), _) => {
                return Err(invalid(&format!("line {number} is neither an object nor the text of one asset")));
            }
        };
        self.is_found |= found.is_some();
        if !self.is_found && self.keys.is_none() {
            let keys = row.as_object().map(|row| row.keys().take(MAX_KEYS).cloned().collect());
            self.keys = Some(keys.unwrap_or_default());
        }
        let kind = match found {
            None | Some(Value::Null) => return Ok(Some(Vec::new())),
            Some(Value::String(text)) => return Ok(Some(text.as_bytes().to_vec())),
            Some(Value::Bool(_)) => "a boolean",
            Some(Value::Number(_)) => "a number",
            Some(Value::Array(_)) => "an array",
            Some(Value::Object(_)) => "an object",
        };
        Err(invalid(&format!("line {number} has {kind} where --column expects the text of one asset")))
    }

    /// Returns the error of a table with rows none of which has the key.
    pub(super) fn missing(&self) -> Option<io::Error> {
        let keys = self.keys.as_ref().filter(|_| !self.is_found)?;
        let keys = shown(keys.iter().map(String::as_str));
        let what = if keys.is_empty() {
            "the first one has no keys".to_owned()
        } else {
            format!("the keys of the first one are {keys}")
        };
        Some(invalid(&format!("no row has the key of --column; {what}")))
    }
}

/// The error message for rows that are objects where no --column is given.
const NO_KEY: &str = "name the key that holds the assets: --column NAME";

/// Parses a row. A text may end with half of a character, as a prompt that was cut at UTF-16 units does.
fn parse(line: &[u8]) -> serde_json::Result<Value> {
    serde_json::from_slice(line).or_else(|error| {
        let whole = std::str::from_utf8(line).ok().and_then(surrogates::replace);
        whole.ok_or(error).and_then(|(text, _)| serde_json::from_str(&text))
    })
}

/// Writes a key as a part of a JSON pointer.
fn escape_key(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_no_row_has_is_an_error() {
        let error = |column: &str, lines: &[&str]| {
            let mut search = KeySearch::new(Some(column));
            let read =
                lines.iter().zip(1..).try_for_each(|(line, number)| search.cell(line.as_bytes(), number).map(drop));
            read.err().or_else(|| search.missing()).map(|error| error.to_string()).unwrap_or_default()
        };
        let missing = |keys: &str| format!("no row has the key of --column; {keys}");
        assert_eq!(error("urll", &["{\"url\":\"a\",\"id\":1}"]), missing("the keys of the first one are url, id"));
        assert_eq!(error("/x/0", &["[]", "{}"]), missing("the first one has no keys"));
        assert_eq!(error("url", &["5"]), "line 1 is neither an object nor the text of one asset");
        assert_eq!(error("url", &["{}", "{\"url\":null}", "", "{\"url\":\"a\"}"]), "");
        assert_eq!(error("url", &["\u{feff}{\"url\":\"a\"}"]), "");
        assert_eq!(error("url", &["", "\n"]), "");
        for (value, kind) in [("5", "a number"), ("[\"a\"]", "an array"), ("{}", "an object"), ("true", "a boolean")] {
            let line = format!("{{\"url\":{value}}}");
            assert_eq!(
                error("url", &[&line]),
                format!("line 1 has {kind} where --column expects the text of one asset")
            );
        }
    }
}
