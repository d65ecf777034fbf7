//! Custom voices.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::response::{Response, Result};
use axum::routing::{get, post};
use serde_json::{Map, Value, json};

use super::documents::object;
use super::generation::created;
use super::outputs::PREVIEW;
use super::paging::PageRequest;
use super::{ApiRequest, CONTROL};
use crate::serve::app::App;
use crate::serve::output::seed;
use crate::serve::responses::{no_content, not_found, ok};

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/v1/voices", post(create).get(list))
        .route("/v1/voices/preview", post(preview))
        .route("/v1/voices/{id}", get(retrieve).patch(update).delete(delete))
}

async fn create(request: ApiRequest) -> Result<Response> {
    request.check("voices").await?;
    let (members, now) = (request.members(), request.app().now().to_rfc3339());
    let mut state = request.app().state();
    let id = state.ids.next();
    let (name, description) = (members.get("name"), members.get("description"));
    let voice = json!({"id": id, "name": name, "description": description, "createdAt": now, "status": "READY"});
    let answer = created(&id);
    state.voices.insert(id, object(voice));
    Ok(answer)
}

async fn list(request: ApiRequest) -> Result<Response> {
    let page = PageRequest::read(&request)?;
    Ok(page.answer(&request.app().state().voices, |voice| shown(&request, voice)))
}

async fn retrieve(Path(id): Path<String>, request: ApiRequest) -> Result<Response> {
    let voice = request.app().state().voices.get(&id).cloned();
    Ok(ok(&shown(&request, voice.ok_or_else(|| not_found("voice"))?)))
}

async fn update(Path(id): Path<String>, request: ApiRequest) -> Result<Response> {
    request.check("voices:patch").await?;
    let given = request.members().into_iter().filter(|(name, _)| ["name", "description"].contains(&name.as_str()));
    let voice = request.app().state().voices.update(&id, |voice| voice.extend(given)).cloned();
    Ok(ok(&shown(&request, voice.ok_or_else(|| not_found("voice"))?)))
}

/// Deletes a voice; avatars tell that it was deleted.
async fn delete(Path(id): Path<String>, request: ApiRequest) -> Response {
    let mut state = request.app().state();
    if !state.voices.remove(&id) {
        return not_found("voice");
    }
    let has_it = |avatar: &Map<String, Value>| avatar.get("voice").is_some_and(|voice| voice["id"] == *id);
    state.avatars.update_all(has_it, |avatar| {
        if let Some(Value::Object(voice)) = avatar.get_mut("voice") {
            voice.insert("deleted".to_owned(), Value::from(true));
        }
    });
    no_content()
}

async fn preview(request: ApiRequest) -> Result<Response> {
    request.check("voices/preview").await?;
    let url = format!("{}{CONTROL}/previews/{:016x}.mp3", request.origin(), seed(&[&request.body]));
    Ok(ok(&json!({"url": url, "durationSecs": PREVIEW.as_secs_f64()})))
}

/// Adds the URL of the voice's preview.
fn shown(request: &ApiRequest, mut voice: Map<String, Value>) -> Value {
    let id = voice.get("id").and_then(Value::as_str).unwrap_or_default();
    let url = format!("{}{CONTROL}/previews/{id}.mp3", request.origin());
    voice.insert("previewUrl".to_owned(), Value::from(url));
    Value::Object(voice)
}
