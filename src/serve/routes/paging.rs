//! Paginated lists.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::Call;
use crate::serve::answer::{ok, ours};
use crate::serve::collection::Collection;

/// The requested page of a list.
pub(super) struct PageRequest {
    cursor: Option<u64>,
    limit: usize,
    oldest_first: bool,
}

impl PageRequest {
    /// Reads `cursor`, `limit` and `order`.
    pub(super) fn read(call: &Call) -> Result<Self, Box<Response>> {
        let refuse = |sentence: &str| Box::new(ours(StatusCode::BAD_REQUEST, "invalid-query", sentence));
        let limit = call.query("limit").map_or(Ok(50), str::parse::<usize>);
        let limit = limit.ok().filter(|limit| (1..=100).contains(limit));
        let limit = limit.ok_or_else(|| refuse("`limit` must be a whole number between 1 and 100"))?;
        let cursor = call.query("cursor").map(str::parse::<u64>).transpose();
        let cursor = cursor.map_err(|_| refuse("`cursor` was not issued by this server"))?;
        Ok(Self { cursor, limit, oldest_first: call.query("order") == Some("asc") })
    }

    /// Returns a response with the page; `show` converts each object.
    pub(super) fn answer(&self, collection: &Collection, show: impl Fn(Map<String, Value>) -> Value) -> Response {
        let page = collection.page(self.cursor, self.limit, self.oldest_first);
        let data: Vec<Value> = page.data.into_iter().map(show).collect();
        let next = page.next.map(|next| next.to_string());
        ok(&json!({"data": data, "hasMore": next.is_some(), "nextCursor": next}))
    }
}

/// Returns a response with an empty list.
pub(super) fn empty_list() -> Response {
    ok(&json!({"data": [], "hasMore": false, "nextCursor": null}))
}
