//! The organization: limits, balance and usage, with this server's own numbers.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::response::{Response, Result};
use axum::routing::{get, post};
use serde_json::{Map, Value, json};

use super::ApiRequest;
use super::paging::empty_list;
use super::query::QueryParameter;
use crate::serve::app::App;
use crate::serve::responses::{not_found, ok};

/// The constant credit balance.
const CREDITS: u64 = 1_000_000;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/v1/organization", get(retrieve))
        .route("/v1/organization/usage", post(usage))
        .route("/v1/organization/webapp/usage", get(async |request: ApiRequest| empty_list(&request, &WEBAPP_USAGE)))
        .route("/v1/organization/webapp/audit_logs", get(async |request: ApiRequest| empty_list(&request, &AUDIT_LOGS)))
        .route("/v1/organization/webapp/audit_logs/{id}", get(async || not_found("audit log entry")))
}

const WEBAPP_USAGE: [QueryParameter; 3] = [
    QueryParameter::date_time("from").required(),
    QueryParameter::date_time("to").required(),
    QueryParameter::organization("organizationId"),
];

const AUDIT_LOGS: [QueryParameter; 3] = [
    QueryParameter::date_time("from"),
    QueryParameter::date_time("to"),
    QueryParameter::organization("organizationId"),
];

async fn retrieve(request: ApiRequest) -> Response {
    let app = request.app();
    let limit = json!({"maxConcurrentGenerations": app.options.concurrency, "maxDailyGenerations": null});
    let limits: Map<String, Value> = app.checker.models().into_iter().map(|model| (model, limit.clone())).collect();
    let state = app.state();
    let used =
        state.usage.of_day(app.now()).map(|(model, count)| (model.to_owned(), json!({"dailyGenerations": count})));
    ok(&json!({
        "tier": {"maxMonthlyCreditSpend": CREDITS, "models": limits},
        "creditBalance": CREDITS,
        "usage": {"models": used.collect::<Map<String, Value>>()},
    }))
}

/// Returns the models that were used. Credits are omitted, because prices are not published as data.
async fn usage(request: ApiRequest) -> Result<Response> {
    request.check("organization/usage").await?;
    let members = request.members();
    let date = |name: &str| members.get(name).and_then(|date| date.as_str().map(str::to_owned));
    let now = request.app().now();
    let (day, month) = (Duration::from_secs(86_400), Duration::from_secs(30 * 86_400));
    let from = date("startDate").unwrap_or_else(|| now.minus(month).day());
    let before = date("beforeDate").unwrap_or_else(|| now.plus(day).day());
    let state = request.app().state();
    Ok(ok(&json!({"results": [], "models": state.usage.models(&from, &before)})))
}
