//! Realtime sessions. They become ready, but cannot be joined.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Path;
use axum::response::{Response, Result};
use axum::routing::{get, post};
use serde_json::json;

use super::ApiRequest;
use super::documents::object;
use super::generation::created;
use crate::serve::app::App;
use crate::serve::responses::{no_content, not_found, ok};

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/v1/realtime_sessions", post(create))
        .route("/v1/realtime_sessions/{id}", get(retrieve).delete(cancel))
}

async fn create(request: ApiRequest) -> Result<Response> {
    request.check("realtime_sessions").await?;
    let now = request.app().now();
    let mut state = request.app().state();
    let id = state.ids.next();
    let session = json!({
        "id": id,
        "createdAt": now.to_rfc3339(),
        "status": "READY",
        "expiresAt": now.plus(Duration::from_secs(60)).to_rfc3339(),
        "sessionKey": format!("runway-preflight-{id}"),
    });
    let answer = created(&id);
    state.sessions.insert(id, object(session));
    Ok(answer)
}

async fn retrieve(Path(id): Path<String>, request: ApiRequest) -> Response {
    let state = request.app().state();
    state.sessions.get(&id).map_or_else(|| not_found("realtime session"), ok)
}

/// Cancels a session. It can still be retrieved, as in the API's types.
async fn cancel(Path(id): Path<String>, request: ApiRequest) -> Response {
    let mut state = request.app().state();
    let cancelled = state.sessions.update(&id, |session| {
        session.retain(|name, _| ["id", "createdAt", "status"].contains(&name.as_str()));
        session.insert("status".to_owned(), "CANCELLED".into());
    });
    if cancelled.is_some() { no_content() } else { not_found("realtime session") }
}
