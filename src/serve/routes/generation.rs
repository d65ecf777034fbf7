//! The endpoints that create tasks.

use std::sync::Arc;

use axum::Router;
use axum::response::{Response, Result};
use axum::routing::post;
use serde::Serialize;
use serde_json::{Value, json};

use super::ApiRequest;
use crate::serve::app::App;
use crate::serve::output::{OutputKind, RequestedOutput};
use crate::serve::responses::{not_implemented, ok};
use crate::serve::tasks::{NO_COST, NewTask, TaskCost, TaskKind, TaskOutcome};

/// Each endpoint and its output kind. Source: the API's `OpenAPI` document of 2026-08-08 and the SDKs up to 2026-10-23.
const ENDPOINTS: &[(&str, OutputKind)] = &[
    ("avatar_videos", OutputKind::Video),
    ("character_performance", OutputKind::Video),
    ("image_to_video", OutputKind::Video),
    ("image_upscale", OutputKind::Image),
    ("recipes/ad_localization", OutputKind::Image),
    ("recipes/marketing_stock_image", OutputKind::Image),
    ("recipes/multi_shot_video", OutputKind::Video),
    ("recipes/product_ad", OutputKind::Video),
    ("recipes/product_campaign_image", OutputKind::Image),
    ("recipes/product_swap", OutputKind::Video),
    ("recipes/product_ugc", OutputKind::Video),
    ("sound_effect", OutputKind::Audio),
    ("speech_to_speech", OutputKind::Audio),
    ("text_to_image", OutputKind::Image),
    ("text_to_speech", OutputKind::Audio),
    ("text_to_video", OutputKind::Video),
    ("video_to_audio", OutputKind::Audio),
    ("video_to_hdr", OutputKind::Video),
    ("video_to_video", OutputKind::Video),
    ("video_upscale", OutputKind::Video),
    ("voice_dubbing", OutputKind::Audio),
    ("voice_isolation", OutputKind::Audio),
];

pub(super) fn routes() -> Router<Arc<App>> {
    ENDPOINTS.iter().fold(Router::new(), |router, &(endpoint, kind)| {
        let path = format!("/v1/{endpoint}");
        router.route(&path, post(async move |request: ApiRequest| create(request, endpoint, kind).await))
    })
}

/// The response to a created task.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CreatedTask<'i> {
    id: &'i str,
    estimated_cost: TaskCost,
}

/// Checks a body and creates its task.
async fn create(request: ApiRequest, endpoint: &str, kind: OutputKind) -> Result<Response> {
    request.check(endpoint).await?;
    let requested = RequestedOutput::read(&request.body);
    let outputs = requested.files(kind, &request.body).map_err(|error| not_implemented(&error.to_string()))?;
    // A recipe has no model; its usage is counted under its own name.
    let name = endpoint.strip_prefix("recipes/").unwrap_or(endpoint);
    let model = requested.model.as_str().unwrap_or(name).to_owned();
    let now = request.app().now();
    let mut state = request.app().state();
    let id = state.ids.next();
    let outcome = state.behaviors.for_task(&request.method, &request.path).unwrap_or(TaskOutcome::Succeeded);
    state.usage.count(now, model.clone());
    let answer = ok(&CreatedTask { id: &id, estimated_cost: NO_COST });
    state.tasks.create(NewTask { id, kind: TaskKind::Task, model, outcome, outputs }, now);
    Ok(answer)
}

/// Returns a response with the identifier of a created object.
pub(super) fn created(id: &str) -> Response {
    let body: Value = json!({"id": id});
    ok(&body)
}
