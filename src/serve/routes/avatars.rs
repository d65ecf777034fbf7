//! Avatars. Their conversations and usage are always empty.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::{Map, Value, json};

use super::Call;
use super::documents::{change, object};
use super::paging::{PageRequest, empty_list};
use crate::serve::answer::{no_content, not_found, ok};
use crate::serve::app::App;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/v1/avatars", post(create).get(list))
        .route("/v1/avatars/{id}", get(retrieve).patch(update).delete(delete))
        .route("/v1/avatar_conversations", get(async || empty_list()))
        .route("/v1/avatar_conversations/{id}", get(no_conversation).delete(no_conversation))
        .route("/v1/avatar_usage", get(usage))
}

async fn create(call: Call) -> Response {
    if let Err(refusal) = call.check("avatars").await {
        return refusal;
    }
    let (members, now) = (call.members(), call.app().now().to_rfc3339());
    let mut state = call.app().state();
    let id = state.ids.next();
    let avatar = json!({
        "id": id,
        "name": members.get("name"),
        "personality": members.get("personality"),
        "startScript": members.get("startScript"),
        "voice": voice(&members),
        "referenceImageUri": reference_image(&members),
        "processedImageUri": null,
        "documentIds": members.get("documentIds").unwrap_or(&json!([])),
        "createdAt": now,
        "updatedAt": now,
        "status": "READY",
    });
    let answer = ok(&avatar);
    state.avatars.insert(id, object(avatar));
    answer
}

/// Returns the voice as the API describes it. The API's texts for presets are not published: the name is the
/// identifier, and the description is empty.
fn voice(members: &Map<String, Value>) -> Value {
    let mut voice = members.get("voice").cloned().map(object).unwrap_or_default();
    if let Some(preset) = voice.get("presetId").cloned() {
        voice.insert("name".to_owned(), preset);
        voice.insert("description".to_owned(), Value::from(""));
    } else {
        voice.insert("deleted".to_owned(), Value::from(false));
    }
    Value::Object(voice)
}

/// Returns the URL of the image; an embedded image has none.
fn reference_image(members: &Map<String, Value>) -> Option<&Value> {
    members.get("referenceImage").filter(|image| image.as_str().is_some_and(|image| image.starts_with("https:")))
}

async fn list(call: Call) -> Response {
    match PageRequest::read(&call) {
        Ok(page) => page.answer(&call.app().state().avatars, Value::Object),
        Err(refusal) => *refusal,
    }
}

async fn retrieve(Path(id): Path<String>, call: Call) -> Response {
    call.app().state().avatars.get(&id).map_or_else(|| not_found("avatar"), |avatar| ok(&json!(avatar)))
}

async fn update(Path(id): Path<String>, call: Call) -> Response {
    if let Err(refusal) = call.check("avatars:patch").await {
        return refusal;
    }
    let (mut members, now) = (call.members(), call.app().now().to_rfc3339());
    if members.contains_key("voice") {
        members.insert("voice".to_owned(), voice(&members));
    }
    if members.contains_key("referenceImage") {
        members.insert("referenceImageUri".to_owned(), json!(reference_image(&members)));
    }
    let names = ["name", "personality", "startScript", "voice", "documentIds", "referenceImageUri"];
    let mut state = call.app().state();
    let updated = state.avatars.update(&id, |avatar| change(avatar, members, &names, now));
    updated.map_or_else(|| not_found("avatar"), |avatar| ok(&json!(avatar)))
}

async fn delete(Path(id): Path<String>, call: Call) -> Response {
    if call.app().state().avatars.remove(&id) { no_content() } else { not_found("avatar") }
}

async fn no_conversation() -> Response {
    not_found("conversation")
}

async fn usage() -> Response {
    ok(&json!({"totalSeconds": 0, "totalSessions": 0, "avgDurationSeconds": 0, "byDay": []}))
}
