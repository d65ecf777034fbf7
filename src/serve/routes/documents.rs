//! Documents of avatars.

use std::collections::HashMap;
use std::ptr;
use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::response::{Response, Result};
use axum::routing::{get, post};
use serde_json::{Map, Value, json};

use super::ApiRequest;
use super::paging::PageRequest;
use crate::serve::app::App;
use crate::serve::collection::Collection;
use crate::serve::responses::{no_content, not_found, ok};

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/v1/documents", post(create).get(list))
        .route("/v1/documents/{id}", get(retrieve).patch(update).delete(delete))
}

async fn create(request: ApiRequest) -> Result<Response> {
    request.check("documents").await?;
    let (members, now) = (request.members(), request.app().now().to_rfc3339());
    let mut state = request.app().state();
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
    Ok(answer)
}

async fn list(request: ApiRequest) -> Result<Response> {
    let page = PageRequest::read_sorted(&request)?;
    let state = request.app().state();
    let users = users(&state.avatars);
    Ok(page.answer(&state.documents, |mut document| {
        document.remove("content");
        shown(&users, document)
    }))
}

async fn retrieve(Path(id): Path<String>, request: ApiRequest) -> Result<Response> {
    let state = request.app().state();
    let document = state.documents.get(&id).cloned().ok_or_else(|| not_found("document"))?;
    Ok(ok(&shown(&users(&state.avatars), document)))
}

/// Returns the avatars that use each document.
fn users(avatars: &Collection) -> HashMap<&str, Vec<&Map<String, Value>>> {
    let mut users: HashMap<&str, Vec<&Map<String, Value>>> = HashMap::new();
    for avatar in avatars.objects() {
        for id in avatar.get("documentIds").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
            let users = users.entry(id).or_default();
            if users.last().is_none_or(|last| !ptr::eq(*last, avatar)) {
                users.push(avatar);
            }
        }
    }
    users
}

/// Adds the avatars that use the document. Their image is null, as no image is processed.
fn shown(users: &HashMap<&str, Vec<&Map<String, Value>>>, mut document: Map<String, Value>) -> Value {
    let avatars = document.get("id").and_then(Value::as_str).and_then(|id| users.get(id)).into_iter().flatten();
    let used_by = avatars.map(|avatar| {
        json!({"id": avatar.get("id"), "name": avatar.get("name"), "imageUrl": avatar.get("processedImageUri")})
    });
    let used_by = used_by.collect();
    document.insert("usedBy".to_owned(), used_by);
    Value::Object(document)
}

async fn update(Path(id): Path<String>, request: ApiRequest) -> Result<Response> {
    request.check("documents:patch").await?;
    let (members, now) = (request.members(), request.app().now().to_rfc3339());
    let mut state = request.app().state();
    let updated = state.documents.update(&id, |document| change(document, members, &["name", "content"], now));
    updated.map(|_| no_content()).ok_or_else(|| not_found("document").into())
}

/// Deletes a document; avatars lose it.
async fn delete(Path(id): Path<String>, request: ApiRequest) -> Response {
    let mut state = request.app().state();
    if !state.documents.remove(&id) {
        return not_found("document");
    }
    let has_it = |avatar: &Map<String, Value>| {
        avatar.get("documentIds").and_then(Value::as_array).is_some_and(|ids| ids.iter().any(|other| *other == id))
    };
    state.avatars.update_all(has_it, |avatar| {
        if let Some(Value::Array(ids)) = avatar.get_mut("documentIds") {
            ids.retain(|other| *other != id);
        }
    });
    no_content()
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
