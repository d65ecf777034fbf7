//! The output files of tasks, and previews of voices.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::{ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, IF_RANGE, RANGE};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::Response;
use axum::routing::get;

use super::CONTROL;
use crate::serve::app::App;
use crate::serve::output::{AudioFormat, ByteRange, GeneratedOutput, OutputMedia, parse_range, seed};
use crate::serve::rendered::part;
use crate::serve::responses::not_found;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(&format!("{CONTROL}/outputs/{{task}}/{{file}}"), get(output))
        .route(&format!("{CONTROL}/previews/{{file}}"), get(preview))
}

/// How long a preview of a voice is.
pub(super) const PREVIEW: Duration = Duration::from_secs(3);

async fn output(
    State(app): State<Arc<App>>,
    Path((task, file)): Path<(String, String)>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let output = app.state().tasks.get(&task).and_then(|task| task.output(&file)).cloned();
    match output {
        Some(output) => send(&app, output, range(&method, &headers)).await,
        None => not_found("file"),
    }
}

async fn preview(
    State(app): State<Arc<App>>,
    Path(file): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let output = GeneratedOutput {
        media: OutputMedia::Audio { format: AudioFormat::Mp3, duration: PREVIEW, rate: 0 },
        seed: seed(&[file.as_bytes()]),
    };
    send(&app, output, range(&method, &headers)).await
}

/// Returns the `Range` header, unless it has to be ignored: it has a meaning for `GET` only, and an `If-Range` never
/// matches, because responses have no validator.
fn range<'h>(method: &Method, headers: &'h HeaderMap) -> Option<&'h str> {
    let range = headers.get(RANGE).filter(|_| *method == Method::GET && !headers.contains_key(IF_RANGE));
    range.and_then(|range| range.to_str().ok())
}

async fn send(app: &App, output: GeneratedOutput, range: Option<&str>) -> Response {
    let content_type = output.content_type();
    let length = app.rendered.file(&output).await.len();
    let mut response = ranged(app, output, parse_range(range, length), length);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response.headers_mut().insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    response
}

fn ranged(app: &App, output: GeneratedOutput, range: ByteRange, length: usize) -> Response {
    let (status, bytes, content_range) = match range {
        ByteRange::All => (StatusCode::OK, 0..length, None),
        ByteRange::Part(first, last) => {
            (StatusCode::PARTIAL_CONTENT, first..last + 1, Some(format!("bytes {first}-{last}/{length}")))
        }
        ByteRange::Unsatisfiable => (StatusCode::RANGE_NOT_SATISFIABLE, 0..0, Some(format!("bytes */{length}"))),
    };
    let size = HeaderValue::from(bytes.len());
    let mut response = Response::new(part(Arc::clone(&app.rendered), output, bytes));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_LENGTH, size);
    if let Some(value) = content_range.and_then(|text| HeaderValue::try_from(text).ok()) {
        response.headers_mut().insert(CONTENT_RANGE, value);
    }
    response
}
