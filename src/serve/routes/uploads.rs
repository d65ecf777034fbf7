//! Ephemeral uploads: first a request that announces the upload, then a form with the bytes.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Response, Result};
use axum::routing::post;
use serde_json::json;

use super::{ApiRequest, CONTROL};
use crate::serve::app::App;
use crate::serve::responses::{no_content, ok, preflight_error};
use crate::serve::uploads::{ReceiveError, UploadError};

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route("/v1/uploads", post(announce)).route(&format!("{CONTROL}/uploads/{{id}}"), post(receive))
}

async fn announce(request: ApiRequest) -> Result<Response> {
    request.check("uploads").await?;
    let id = request.app().state().ids.next();
    let upload_url = format!("{}{CONTROL}/uploads/{id}", request.origin());
    let uri = request.app().uploads.announce(id.clone());
    Ok(ok(&json!({"uploadUrl": upload_url, "fields": {"key": id}, "runwayUri": uri})))
}

async fn receive(State(app): State<Arc<App>>, Path(id): Path<String>, headers: HeaderMap, body: Body) -> Response {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let Err(error) = app.uploads.receive(&id, content_type, body).await else { return no_content() };
    let status = match error {
        ReceiveError::Upload(UploadError::NotExpected) => StatusCode::NOT_FOUND,
        ReceiveError::Upload(UploadError::Full) | ReceiveError::Disk(_) => StatusCode::INSUFFICIENT_STORAGE,
        ReceiveError::Form(_)
        | ReceiveError::Interrupted
        | ReceiveError::WrongKey
        | ReceiveError::NotOneFile
        | ReceiveError::LongField
        | ReceiveError::WrongSize => StatusCode::BAD_REQUEST,
    };
    preflight_error(status, "upload-refused", &error.to_string())
}
