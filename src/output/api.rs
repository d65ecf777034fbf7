//! The API's answer and nothing else: the body of the predicted 400, one line a request, nothing where it is accepted.

use std::io::{self, Write};

use super::escape;
use crate::report::request_report::{PredictedResponse, RequestReport};

/// Writes the answer to one request.
pub(super) fn request(writer: &mut impl Write, request: &RequestReport) -> io::Result<()> {
    match &request.predicted {
        PredictedResponse::Rejected(body) => writeln!(writer, "{}", escape::json(&serde_json::to_string(body)?)),
        PredictedResponse::Accepted | PredictedResponse::RejectedUnknownBody | PredictedResponse::Unknown => Ok(()),
    }
}
