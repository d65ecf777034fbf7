//! Avatars. Their conversations and usage are always empty.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::response::{Response, Result};
use axum::routing::{get, post};
use serde_json::{Map, Value, json};

use super::ApiRequest;
use super::documents::{change, object};
use super::paging::{PageRequest, empty_list};
use super::query::{QueryParameter, check_query};
use crate::serve::app::App;
use crate::serve::collection::Collection;
use crate::serve::responses::{no_content, not_found, ok};

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/v1/avatars", post(create).get(list))
        .route("/v1/avatars/{id}", get(retrieve).patch(update).delete(delete))
        .route("/v1/avatar_conversations", get(async |request: ApiRequest| empty_list(&request, &CONVERSATIONS)))
        .route("/v1/avatar_conversations/{id}", get(no_conversation).delete(no_conversation))
        .route("/v1/avatar_usage", get(usage))
}

const CONVERSATIONS: [QueryParameter; 3] =
    [QueryParameter::id("avatar"), QueryParameter::date_time("startDate"), QueryParameter::date_time("endDate")];

const USAGE: [QueryParameter; 2] =
    [QueryParameter::date_time("startDate").required(), QueryParameter::date_time("endDate").required()];

async fn create(request: ApiRequest) -> Result<Response> {
    request.check("avatars").await?;
    let (members, now) = (request.members(), request.app().now().to_rfc3339());
    let mut state = request.app().state();
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
    let avatar = object(avatar);
    let answer = ok(&shown(&state.voices, avatar.clone()));
    state.avatars.insert(id, avatar);
    Ok(answer)
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

/// Adds the name and the description of a custom voice that exists.
fn shown(voices: &Collection, mut avatar: Map<String, Value>) -> Value {
    if let Some(Value::Object(voice)) = avatar.get_mut("voice")
        && let Some(known) = voice.get("id").and_then(Value::as_str).and_then(|id| voices.get(id))
    {
        let names = ["name", "description"];
        voice.extend(names.map(|name| (name.to_owned(), known.get(name).cloned().unwrap_or_default())));
    }
    Value::Object(avatar)
}

/// Returns the URL of the image; an embedded image has none.
fn reference_image(members: &Map<String, Value>) -> Option<&Value> {
    members.get("referenceImage").filter(|image| image.as_str().is_some_and(|image| image.starts_with("https:")))
}

async fn list(request: ApiRequest) -> Result<Response> {
    let page = PageRequest::read(&request)?;
    let state = request.app().state();
    Ok(page.answer(&state.avatars, |avatar| shown(&state.voices, avatar)))
}

async fn retrieve(Path(id): Path<String>, request: ApiRequest) -> Result<Response> {
    let state = request.app().state();
    let avatar = state.avatars.get(&id).cloned().ok_or_else(|| not_found("avatar"))?;
    Ok(ok(&shown(&state.voices, avatar)))
}

async fn update(Path(id): Path<String>, request: ApiRequest) -> Result<Response> {
    request.check("avatars:patch").await?;
    let (mut members, now) = (request.members(), request.app().now().to_rfc3339());
    if members.contains_key("voice") {
        members.insert("voice".to_owned(), voice(&members));
    }
    if members.contains_key("referenceImage") {
        members.insert("referenceImageUri".to_owned(), json!(reference_image(&members)));
    }
    let names = ["name", "personality", "startScript", "voice", "documentIds", "referenceImageUri"];
    let mut state = request.app().state();
    let updated = state.avatars.update(&id, |avatar| change(avatar, members, &names, now)).cloned();
    let avatar = updated.ok_or_else(|| not_found("avatar"))?;
    Ok(ok(&shown(&state.voices, avatar)))
}

async fn delete(Path(id): Path<String>, request: ApiRequest) -> Response {
    if request.app().state().avatars.remove(&id) { no_content() } else { not_found("avatar") }
}

async fn no_conversation() -> Response {
    not_found("conversation")
}

async fn usage(request: ApiRequest) -> Result<Response> {
    check_query(&request, &USAGE)?;
    Ok(ok(&json!({"totalSeconds": 0, "totalSessions": 0, "avgDurationSeconds": 0, "byDay": []})))
}
