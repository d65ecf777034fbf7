//! Selects the requests that a behavior applies to.

use axum::http::Method;

use crate::serve::control_object::{ControlError, ControlObject};

/// A method, a path, or both; an omitted one matches every request to the API.
#[derive(Clone, Debug, Default)]
pub(super) struct Matcher {
    method: Option<String>,
    path: Option<String>,
}

impl Matcher {
    /// Returns whether a request matches.
    pub(super) fn matches(&self, method: &Method, path: &str) -> bool {
        let has_method = self.method.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method.as_str()));
        has_method && self.path.as_ref().map_or_else(|| path.starts_with("/v1/"), |pattern| matches_path(pattern, path))
    }

    /// Reads the key `match` of a behavior.
    pub(super) fn read(behavior: &ControlObject<'_>) -> Result<Self, ControlError> {
        let Some(object) = behavior.object("match", &["method", "path"])? else { return Ok(Self::default()) };
        let (method, path) = (object.text("method")?, object.text("path")?);
        if method.is_some_and(|method| Method::from_bytes(method.as_bytes()).is_err()) {
            return Err(object.error("method", "is not an HTTP method"));
        }
        if path.is_some_and(|path| !path.starts_with('/') || path.contains(['?', '#'])) {
            return Err(object.error("path", "must begin with `/` and have no query"));
        }
        Ok(Self { method: method.map(str::to_owned), path: path.map(str::to_owned) })
    }
}

/// Compares paths segment by segment; `*` matches any one segment.
fn matches_path(pattern: &str, path: &str) -> bool {
    let (mut pattern, mut path) = (pattern.split('/'), path.split('/'));
    loop {
        match (pattern.next(), path.next()) {
            (None, None) => return true,
            (Some(wanted), Some(segment)) if wanted == segment || wanted == "*" => {}
            (Some(_) | None, Some(_) | None) => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_matched_segment_by_segment() {
        let case =
            |pattern: &str, path: &str, expected| assert_eq!(matches_path(pattern, path), expected, "{pattern} {path}");
        case("/v1/tasks/*", "/v1/tasks/1", true);
        case("/v1/tasks/*", "/v1/tasks", false);
        case("/v1/tasks/*", "/v1/tasks/1/2", false);
        case("/v1/image_to_video", "/v1/image_to_video", true);
        case("/v1/image_to_video", "/v1/image_to_videos", false);
    }

    #[test]
    fn without_a_path_every_request_to_the_api_matches() {
        let matcher = Matcher { method: Some("post".to_owned()), path: None };
        assert!(matcher.matches(&Method::POST, "/v1/image_to_video"));
        assert!(!matcher.matches(&Method::GET, "/v1/image_to_video"));
        assert!(!matcher.matches(&Method::POST, "/__preflight/uploads/1"));
    }
}
