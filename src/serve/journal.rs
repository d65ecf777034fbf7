//! The requests that the server got, without their secrets.

mod redact;

use std::collections::VecDeque;

use axum::body::Bytes;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use self::redact::redacted;
use super::clock::UnixMillis;
use super::limits::{MAX_JOURNAL, MAX_JOURNAL_BODY, MAX_JOURNAL_BYTES, MAX_UNREAD_BODY};

/// The last requests, the oldest first.
#[derive(Debug, Default)]
pub(super) struct Journal {
    entries: VecDeque<Entry>,
    bytes: usize,
}

/// A request and its status. Headers are not kept, because they contain keys.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    method: Method,
    path: String,
    /// `None` if the connection was closed without a response.
    status: Option<StatusCode>,
    body: JournalBody,
    at: UnixMillis,
}

/// The body of a request.
#[derive(Clone, Debug)]
pub(super) enum JournalBody {
    /// The bytes of a short body, read when the journal is: most are never read.
    Unread(Bytes),
    /// JSON without secrets.
    Redacted(String),
}

impl JournalBody {
    /// Keeps a request body, but none of the bytes of a long one, nor its secrets.
    pub(super) fn new(body: &Bytes) -> Self {
        if body.len() <= MAX_UNREAD_BODY { Self::Unread(body.clone()) } else { Self::Redacted(written(body)) }
    }

    /// Returns the body as JSON without secrets; null if it is not JSON.
    fn to_json(&self) -> Value {
        let read = match self {
            Self::Unread(body) => serde_json::from_str(&written(body)),
            Self::Redacted(text) => serde_json::from_str(text),
        };
        read.unwrap_or_default()
    }

    fn len(&self) -> usize {
        match self {
            Self::Unread(body) => body.len(),
            Self::Redacted(text) => text.len(),
        }
    }
}

impl Default for JournalBody {
    fn default() -> Self {
        Self::Unread(Bytes::new())
    }
}

impl Journal {
    /// Records a request.
    pub(super) fn note(
        &mut self,
        at: UnixMillis,
        (method, path): (Method, String),
        status: Option<StatusCode>,
        body: JournalBody,
    ) {
        let entry = Entry { method, path: shortened(path), status, body, at };
        self.bytes += entry.size();
        self.entries.push_back(entry);
        while self.entries.len() > MAX_JOURNAL || self.bytes > MAX_JOURNAL_BYTES {
            let Some(oldest) = self.entries.pop_front() else { break };
            self.bytes -= oldest.size();
        }
    }

    /// Returns the requests, the oldest first.
    pub(super) fn entries(&self) -> Vec<Entry> {
        self.entries.iter().cloned().collect()
    }
}

/// Formats requests as JSON.
pub(super) fn to_json(entries: &[Entry]) -> Value {
    let requests = entries.iter().map(|entry| {
        json!({
            "method": entry.method.as_str(),
            "path": entry.path,
            "status": entry.status.map(|status| status.as_u16()),
            "body": entry.body.to_json(),
            "at_ms": entry.at.0,
        })
    });
    json!({"requests": requests.collect::<Vec<_>>()})
}

/// The longest path that is kept, in bytes.
const MAX_PATH: usize = 2048;

/// Returns the start of a path.
fn shortened(mut path: String) -> String {
    path.truncate((0..=MAX_PATH.min(path.len())).rev().find(|end| path.is_char_boundary(*end)).unwrap_or(0));
    path
}

impl Entry {
    fn size(&self) -> usize {
        self.path.len() + self.body.len()
    }
}

/// Formats a request body: JSON without secrets, `null` if it is not JSON, its size if it is too long.
fn written(body: &[u8]) -> String {
    redacted(body, MAX_JOURNAL_BODY).unwrap_or_else(|| json!(format!("[{} bytes]", body.len())).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(journal: &mut Journal, path: &str, body: &str) {
        let request = (Method::POST, path.to_owned());
        let body = JournalBody::new(&Bytes::from(body.to_owned()));
        journal.note(UnixMillis(5), request, Some(StatusCode::OK), body);
    }

    #[test]
    fn requests_are_written_in_their_order() {
        let mut journal = Journal::default();
        note(&mut journal, "/v1/uploads", r#"{"b": 1, "a": 2}"#);
        note(&mut journal, "/v1/x", "no JSON");
        let expected = r#"{"requests":[{"method":"POST","path":"/v1/uploads","status":200,"body":{"b":1,"a":2},"at_ms":5},{"method":"POST","path":"/v1/x","status":200,"body":null,"at_ms":5}]}"#;
        assert_eq!(to_json(&journal.entries()).to_string(), expected);
    }

    #[test]
    fn the_journal_is_bounded() {
        let mut journal = Journal::default();
        for number in 0..MAX_JOURNAL + 5 {
            note(&mut journal, &format!("/v1/{number}"), "{}");
        }
        assert_eq!(journal.entries.len(), MAX_JOURNAL);
        assert_eq!(journal.entries[0].path, "/v1/5");
        let long = json!({"a": vec!["a cat on a roof ".repeat(6); 600]}).to_string();
        for _ in 0..100 {
            note(&mut journal, "/v1/x", &long);
        }
        assert!(journal.bytes <= MAX_JOURNAL_BYTES && journal.entries.len() < 101);
        note(&mut journal, "/v1/x", &json!(vec!["a cat ".repeat(600); 100]).to_string());
        assert_eq!(journal.entries.back().map(|entry| entry.body.to_json()), Some(json!("[360301 bytes]")));
    }
}
