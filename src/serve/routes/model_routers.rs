//! Model routers, and generation through them.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::response::{Response, Result};
use axum::routing::{get, post};
use serde_json::{Map, Value, json};

use super::ApiRequest;
use super::documents::{change, object};
use super::paging::{PageRequest, empty_list};
use crate::serve::app::App;
use crate::serve::responses::{no_content, not_found, not_implemented, ok, unknown_router};

pub(super) fn routes() -> Router<Arc<App>> {
    let router = Router::new()
        .route("/v1/routers", post(create).get(list))
        .route("/v1/routers/{id}", get(retrieve).patch(update).delete(delete))
        .route("/v1/routers/{id}/requests", get(requests));
    ["generate/video", "generate/image", "generate/audio"].into_iter().fold(router, |router, endpoint| {
        router.route(
            &format!("/v1/{endpoint}"),
            post(async move |request: ApiRequest| generate(&request, endpoint).await),
        )
    })
}

/// Checks the body and its router. Which model a router picks depends on prices and load, which only the API knows.
async fn generate(request: &ApiRequest, endpoint: &str) -> Result<Response> {
    request.check(endpoint).await?;
    let members = request.members();
    let wanted = members.get("configId");
    let state = request.app().state();
    let is_known = state.routers.objects().any(|router| [router.get("slug"), router.get("id")].contains(&wanted));
    if !is_known {
        return Err(unknown_router().into());
    }
    Ok(not_implemented("the body would be accepted; serve does not know which model the router picks"))
}

async fn create(request: ApiRequest) -> Result<Response> {
    request.check("routers").await?;
    let (members, now) = (request.members(), request.app().now().to_rfc3339());
    let mut state = request.app().state();
    let id = state.ids.next();
    let router = json!({
        "id": id,
        "slug": members.get("slug"),
        "name": members.get("name").or_else(|| members.get("slug")),
        "description": members.get("description"),
        "version": 1,
        "settings": settings(&members),
        "createdAt": now,
        "updatedAt": now,
    });
    let answer = ok(&router);
    state.routers.insert(id, object(router));
    Ok(answer)
}

/// Returns the settings with the version of their schema.
fn settings(members: &Map<String, Value>) -> Value {
    let mut settings = Map::from_iter([("schemaVersion".to_owned(), Value::from(1))]);
    settings.extend(members.get("settings").cloned().map(object).unwrap_or_default());
    Value::Object(settings)
}

async fn list(request: ApiRequest) -> Result<Response> {
    Ok(PageRequest::read(&request)?.answer(&request.app().state().routers, Value::Object))
}

async fn retrieve(Path(id): Path<String>, request: ApiRequest) -> Result<Response> {
    let state = request.app().state();
    let router = state.routers.get(&id).ok_or_else(|| not_found("router"))?;
    Ok(ok(router))
}

async fn update(Path(id): Path<String>, request: ApiRequest) -> Result<Response> {
    request.check("routers:patch").await?;
    let (mut members, now) = (request.members(), request.app().now().to_rfc3339());
    if members.contains_key("settings") {
        members.insert("settings".to_owned(), settings(&members));
    }
    let mut state = request.app().state();
    let updated = state.routers.update(&id, |router| {
        change(router, members, &["slug", "name", "description", "settings"], now);
        let version = router.get("version").and_then(Value::as_u64).unwrap_or_default();
        router.insert("version".to_owned(), Value::from(version + 1));
    });
    Ok(ok(updated.ok_or_else(|| not_found("router"))?))
}

async fn delete(Path(id): Path<String>, request: ApiRequest) -> Response {
    if request.app().state().routers.remove(&id) { no_content() } else { not_found("router") }
}

/// Returns an empty list: this server does not route requests to models.
async fn requests(Path(id): Path<String>, request: ApiRequest) -> Result<Response> {
    if request.app().state().routers.get(&id).is_none() {
        return Err(not_found("router").into());
    }
    Ok(empty_list(&request, &[])?)
}
