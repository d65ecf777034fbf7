//! The paths of the server.

mod api_request;
mod avatars;
mod control;
mod documents;
mod fallback;
mod generation;
mod model_routers;
mod organization;
mod outputs;
mod paging;
mod query;
mod sessions;
mod tasks;
mod uploads;
mod voices;
mod workflows;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;

use self::api_request::ApiRequest;
use super::app::App;
use super::handler::CONTROL;

/// Returns the routes of a server.
pub(super) fn router(app: Arc<App>) -> Router {
    Router::new()
        .merge(control::routes())
        .merge(outputs::routes())
        .merge(uploads::routes())
        .merge(generation::routes())
        .merge(tasks::routes())
        .merge(workflows::routes())
        .merge(organization::routes())
        .merge(avatars::routes())
        .merge(documents::routes())
        .merge(voices::routes())
        .merge(model_routers::routes())
        .merge(sessions::routes())
        .fallback(fallback::unknown_path)
        .method_not_allowed_fallback(fallback::wrong_method)
        // `RequestHandler` has its own limits on bodies.
        .layer(DefaultBodyLimit::disable())
        .with_state(app)
}
