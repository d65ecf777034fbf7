//! Paginated lists.

use axum::response::Response;
use serde_json::{Map, Value, json};

use super::ApiRequest;
use super::query::{InvalidQuery, QueryParameter, check_query};
use crate::serve::collection::{Collection, ListOrder};
use crate::serve::responses::ok;

/// The requested page of a list.
pub(super) struct PageRequest {
    cursor: Option<u64>,
    limit: usize,
    order: ListOrder,
}

impl PageRequest {
    /// Reads `cursor` and `limit`; the newest object comes first.
    pub(super) fn read(request: &ApiRequest) -> Result<Self, InvalidQuery> {
        let limit = request.query("limit").map_or(Ok(50), |limit| limit.parse::<usize>());
        let Some(limit) = limit.ok().filter(|limit| (1..=100).contains(limit)) else {
            return Err(InvalidQuery("`limit` must be a whole number between 1 and 100".to_owned()));
        };
        let Ok(cursor) = request.query("cursor").map(|cursor| cursor.parse::<u64>()).transpose() else {
            return Err(InvalidQuery("`cursor` was not issued by this server".to_owned()));
        };
        Ok(Self { cursor, limit, order: ListOrder::default() })
    }

    /// Reads `sort` and `order` as well.
    pub(super) fn read_sorted(request: &ApiRequest) -> Result<Self, InvalidQuery> {
        let by_change = match request.query("sort").as_deref() {
            None | Some("createdAt") => false,
            Some("updatedAt") => true,
            Some(_) => return Err(InvalidQuery("`sort` must be createdAt or updatedAt".to_owned())),
        };
        let oldest_first = match request.query("order").as_deref() {
            None | Some("desc") => false,
            Some("asc") => true,
            Some(_) => return Err(InvalidQuery("`order` must be asc or desc".to_owned())),
        };
        Ok(Self { order: ListOrder { by_change, oldest_first }, ..Self::read(request)? })
    }

    /// Returns a response with the page; `show` converts each object.
    pub(super) fn answer(&self, collection: &Collection, show: impl Fn(Map<String, Value>) -> Value) -> Response {
        let page = collection.page(self.cursor, self.limit, self.order);
        let data: Vec<Value> = page.data.into_iter().map(show).collect();
        let next = page.next.map(|next| next.to_string());
        ok(&json!({"data": data, "hasMore": next.is_some(), "nextCursor": next}))
    }
}

/// Checks a query with these parameters, and returns a response with an empty list.
pub(super) fn empty_list(request: &ApiRequest, parameters: &[QueryParameter]) -> Result<Response, InvalidQuery> {
    PageRequest::read(request)?;
    check_query(request, parameters)?;
    Ok(ok(&json!({"data": [], "hasMore": false, "nextCursor": null})))
}
