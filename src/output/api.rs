//! The API's predicted response only: the body of a 400, one line per request; nothing for accepted requests.

use std::io::{self, Write};

use serde_json::Value;

use super::escape;
use crate::report::request_report::{PredictedResponse, RequestReport};

/// Writes the predicted response to one request.
pub(super) fn request(writer: &mut impl Write, request: &RequestReport) -> io::Result<()> {
    match &request.predicted {
        PredictedResponse::Rejected(body) => writer.write_all(response_body(body).as_bytes()),
        PredictedResponse::Accepted | PredictedResponse::Unknown => Ok(()),
    }
}

/// Formats the body of a 400, with a newline.
#[must_use]
pub fn response_body(body: &Value) -> String {
    format!("{}\n", escape::json(&body.to_string()))
}
