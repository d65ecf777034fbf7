//! The API's answer and nothing else: the body of the predicted 400, one line a request, nothing where it is accepted.

use std::io::{self, Write};

use serde_json::Value;

use super::escape;
use crate::report::request_report::{PredictedResponse, RequestReport};

/// Writes the answer to one request.
pub(super) fn request(writer: &mut impl Write, request: &RequestReport) -> io::Result<()> {
    match &request.predicted {
        PredictedResponse::Rejected(body) => writer.write_all(answer(body).as_bytes()),
        PredictedResponse::Accepted | PredictedResponse::RejectedUnknownBody | PredictedResponse::Unknown => Ok(()),
    }
}

/// Writes the body of a 400, with its line end.
#[must_use]
pub fn answer(body: &Value) -> String {
    format!("{}\n", escape::json(&body.to_string()))
}
