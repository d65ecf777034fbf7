//! One of the two requests and its outcome.

use super::CheckContext;
use crate::observation::{RequestOutcome, ResponseHead};

/// One request and its outcome.
#[derive(Clone, Copy, Debug)]
pub(super) struct MethodOutcome<'a> {
    /// True for HEAD, false for GET.
    pub(super) is_head: bool,
    pub(super) outcome: &'a RequestOutcome,
}

impl<'a> MethodOutcome<'a> {
    /// Returns the outcomes of HEAD and GET, in the order in which they are sent.
    pub(super) fn both(context: &CheckContext<'a>) -> [Self; 2] {
        [Self::head(context), Self::get(context)]
    }

    /// Returns the outcome of HEAD.
    pub(super) fn head(context: &CheckContext<'a>) -> Self {
        Self { is_head: true, outcome: &context.observation.head }
    }

    /// Returns the outcome of GET.
    pub(super) fn get(context: &CheckContext<'a>) -> Self {
        Self { is_head: false, outcome: &context.observation.get }
    }

    /// Returns the response if its status is 200: the API checks the headers of no other response.
    pub(super) fn ok_response(self) -> Option<&'a ResponseHead> {
        self.outcome.response().filter(|response| response.status_of_whole() == 200)
    }
}
