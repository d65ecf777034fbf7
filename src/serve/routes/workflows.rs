//! Workflows: any identifier can be run, because the workflows of an account are unknown.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::response::{Response, Result};
use axum::routing::get;
use serde_json::json;

use super::ApiRequest;
use super::generation::created;
use super::tasks::poll;
use crate::serve::app::App;
use crate::serve::ids::is_uuid;
use crate::serve::output::{OutputKind, RequestedOutput};
use crate::serve::responses::{not_found, not_implemented, ok};
use crate::serve::tasks::{NewTask, TaskKind, TaskOutcome};

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/v1/workflows", get(async || ok(&json!({"data": []}))))
        .route("/v1/workflows/{id}", get(describe).post(run))
        .route("/v1/workflow_invocations/{id}", get(retrieve))
}

async fn describe() -> Response {
    not_implemented("serve does not know the nodes of a workflow")
}

async fn run(Path(workflow): Path<String>, request: ApiRequest) -> Result<Response> {
    if !is_uuid(&workflow) {
        return Err(not_found("workflow").into());
    }
    request.check("workflows").await?;
    let requested = RequestedOutput::read(&request.body);
    let outputs =
        requested.files(OutputKind::Image, &request.body).map_err(|error| not_implemented(&error.to_string()))?;
    let now = request.app().now();
    let mut state = request.app().state();
    let id = state.ids.next();
    let outcome = state.behaviors.for_task(&request.method, &request.path).unwrap_or(TaskOutcome::Succeeded);
    let answer = created(&id);
    let model = format!("workflow {workflow}");
    state.tasks.create(NewTask { id, kind: TaskKind::WorkflowInvocation, model, outcome, outputs }, now);
    Ok(answer)
}

async fn retrieve(Path(id): Path<String>, request: ApiRequest) -> Response {
    poll(&request, TaskKind::WorkflowInvocation, &id).unwrap_or_else(|| not_found("workflow invocation"))
}
