//! Documents of avatars.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::{Map, Value, json};

use super::Call;
use super::paging::PageRequest;
use crate::serve::answer::{no_content, not_found, ok};
use crate::serve::app::App;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/v1/documents", post(create).get(list))
        .route("/v1/documents/{id}", get(retrieve).patch(update).delete(delete))
}

async fn create(call: Call) -> Response {
    if let Err(refusal) = call.check("documents").await {
        return refusal;
    }
    let (members, now) = (call.members(), call.app().now().to_rfc3339());
    let mut state = call.app().state();
    let id = state.ids.next();
    let document = json!({
        "id": id,
        "name": members.get("name"),
        "type": "text",
        "usedBy": [],
        "content": members.get("content"),
        "createdAt": now,
        "updatedAt": now,
    });
    let answer = ok(&document);
    state.documents.insert(id, object(document));
    answer
}

async fn list(call: Call) -> Response {
    let page = match PageRequest::read(&call) {
        Ok(page) => page,
        Err(refusal) => return *refusal,
    };
    page.answer(&call.app().state().documents, |mut document| {
        document.remove("content");
        Value::Object(document)
    })
}

async fn retrieve(Path(id): Path<String>, call: Call) -> Response {
    call.app().state().documents.get(&id).map_or_else(|| not_found("document"), |document| ok(&json!(document)))
}

async fn update(Path(id): Path<String>, call: Call) -> Response {
    if let Err(refusal) = call.check("documents:patch").await {
        return refusal;
    }
    let (members, now) = (call.members(), call.app().now().to_rfc3339());
    let updated = call
        .app()
        .state()
        .documents
        .update(&id, |document| change(document, members, &["name", "content"], now))
        .is_some();
    if updated { no_content() } else { not_found("document") }
}

async fn delete(Path(id): Path<String>, call: Call) -> Response {
    if call.app().state().documents.remove(&id) { no_content() } else { not_found("document") }
}

/// Returns the members of an object; none for other values.
pub(super) fn object(value: Value) -> Map<String, Value> {
    if let Value::Object(members) = value { members } else { Map::new() }
}

/// Copies the members with these names from a request, and sets the time of the update.
pub(super) fn change(object: &mut Map<String, Value>, given: Map<String, Value>, names: &[&str], now: String) {
    object.extend(given.into_iter().filter(|(name, _)| names.contains(&name.as_str())));
    object.insert("updatedAt".to_owned(), Value::from(now));
}
