//! Tasks: retrieving their state, and deleting them.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;

use super::{ApiRequest, CONTROL};
use crate::serve::app::App;
use crate::serve::responses::{no_content, ok, unknown_task};
use crate::serve::tasks::TaskKind;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route("/v1/tasks/{id}", get(retrieve).delete(delete))
}

async fn retrieve(Path(id): Path<String>, request: ApiRequest) -> Response {
    poll(&request, TaskKind::Task, &id).unwrap_or_else(unknown_task)
}

async fn delete(Path(id): Path<String>, request: ApiRequest) -> Response {
    let now = request.app().now();
    if request.app().state().tasks.delete(&id, now) { no_content() } else { unknown_task() }
}

/// Returns the response to a poll of a task or workflow invocation.
pub(super) fn poll(request: &ApiRequest, kind: TaskKind, id: &str) -> Option<Response> {
    let now = request.app().now();
    let mut state = request.app().state();
    let (task, status) = state.tasks.poll(kind, id, now)?;
    Some(ok(&task.to_json(status, &format!("{}{CONTROL}/outputs/{id}", request.origin()))))
}
