//! Checks the parameters of a query. Source of their forms: the API's `OpenAPI` document of 2026-08-08.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::ApiRequest;
use crate::serve::clock::is_date_time;
use crate::serve::ids::uuid_version;
use crate::serve::responses::preflight_error;

/// A parameter of a list.
pub(super) struct QueryParameter {
    name: &'static str,
    form: ParameterForm,
    is_required: bool,
}

/// The form of a value.
#[derive(Clone, Copy, Debug)]
enum ParameterForm {
    /// A moment in UTC, `2026-11-29T12:30:00Z`.
    DateTime,
    /// A UUID of version 4.
    RandomUuid,
    /// A UUID of any version.
    AnyUuid,
}

impl QueryParameter {
    /// A moment in UTC.
    pub(super) const fn date_time(name: &'static str) -> Self {
        Self { name, form: ParameterForm::DateTime, is_required: false }
    }

    /// An identifier of an object of the API, a UUID of version 4.
    pub(super) const fn id(name: &'static str) -> Self {
        Self { name, form: ParameterForm::RandomUuid, is_required: false }
    }

    /// An identifier of an organization, a UUID of any version.
    pub(super) const fn organization(name: &'static str) -> Self {
        Self { name, form: ParameterForm::AnyUuid, is_required: false }
    }

    /// The same parameter, which must be present.
    pub(super) const fn required(self) -> Self {
        Self { is_required: true, ..self }
    }
}

impl ParameterForm {
    fn accepts(self, value: &str) -> bool {
        match self {
            Self::DateTime => is_date_time(value),
            Self::RandomUuid => uuid_version(value) == Some('4'),
            Self::AnyUuid => matches!(uuid_version(value), Some('0'..='8' | 'f')),
        }
    }

    const fn described(self) -> &'static str {
        match self {
            Self::DateTime => "a date and time in UTC, as in 2026-11-29T12:30:00Z",
            Self::RandomUuid => "a UUID of version 4",
            Self::AnyUuid => "a UUID",
        }
    }
}

/// Checks the parameters of a query.
pub(super) fn check_query(request: &ApiRequest, parameters: &[QueryParameter]) -> Result<(), InvalidQuery> {
    for QueryParameter { name, form, is_required } in parameters {
        match request.query(name) {
            None if *is_required => return Err(InvalidQuery(format!("`{name}` is missing"))),
            Some(value) if !form.accepts(&value) => {
                return Err(InvalidQuery(format!("`{name}` must be {}", form.described())));
            }
            None | Some(_) => {}
        }
    }
    Ok(())
}

/// Why a query is invalid.
pub(super) struct InvalidQuery(pub(super) String);

impl IntoResponse for InvalidQuery {
    fn into_response(self) -> Response {
        preflight_error(StatusCode::BAD_REQUEST, "invalid-query", &self.0)
    }
}
