//! The responses recognized so far, each with its matches.

use super::{Explanation, ExplanationKind};

/// Responses in the order of the text. A response that is printed twice, as the SDKs do, counts once.
#[derive(Clone, Debug, Default)]
pub(super) struct RecognizedResponses {
    strong: Vec<Vec<Explanation>>,
    weak: Vec<Explanation>,
    /// The status of a task that has not failed.
    pub(super) state: Option<&'static str>,
}

/// How many responses of one text are kept.
const MAX_ANSWERS: usize = 256;

impl RecognizedResponses {
    /// Returns whether nothing was recognized.
    pub(super) fn is_empty(&self) -> bool {
        self.strong.is_empty() && self.weak.is_empty() && self.state.is_none()
    }

    /// Returns whether there are only signs of a failure, or an issue lacks its message.
    pub(super) fn is_incomplete(&self) -> bool {
        let lacks_message = |found: &Explanation| found.kind == ExplanationKind::Schema && found.message.is_none();
        (self.strong.is_empty() && self.state.is_none()) || self.strong.iter().flatten().any(lacks_message)
    }

    /// Adds a response that names the cause.
    pub(super) fn add(&mut self, answer: Vec<Explanation>) {
        let is_covered = |known: &Vec<Explanation>| covers(known, &answer);
        if !answer.is_empty() && self.strong.len() < MAX_ANSWERS && !self.strong.iter().any(is_covered) {
            self.strong.push(answer);
        }
    }

    /// Adds a sign that something failed, which any response with a cause replaces.
    pub(super) fn add_weak(&mut self, sign: Explanation) {
        let known = |known: &Explanation| known.kind == sign.kind && known.code == sign.code;
        if self.weak.len() < MAX_ANSWERS && !self.weak.iter().any(known) {
            self.weak.push(sign);
        }
    }

    /// Adds what was recognized in a later part.
    pub(super) fn append(&mut self, later: Self) {
        let Self { strong, weak, state } = later;
        for answer in strong {
            self.add(answer);
        }
        for sign in weak {
            self.add_weak(sign);
        }
        self.state = self.state.or(state);
    }

    /// Returns how much was recognized: more for a known sentence or code, for its field, and for a message without escapes.
    /// It serves to compare readings of the same text.
    pub(super) fn score(&self) -> usize {
        let scores = self.strong.iter().flatten().map(|found| {
            if found.code.as_bytes() == b"custom" {
                return usize::from(found.message.is_some());
            }
            let is_escaped = found.message.as_ref().is_some_and(|message| message.as_bytes().contains(&b'\\'));
            4 + 4 * usize::from(found.field.is_some()) + 2 * usize::from(!is_escaped)
        });
        let state = usize::from(self.state.is_some());
        10 * scores.sum::<usize>() + self.weak.len().min(1) + state
    }

    /// Returns the matches of all answers, or the signs where there is no answer.
    pub(super) fn into_matches(self) -> Vec<Explanation> {
        if self.strong.is_empty() { self.weak } else { self.strong.into_iter().flatten().collect() }
    }
}

/// Returns whether a response says everything that another one does. The other may lack fields where Node prints
/// `[Array]`.
fn covers(known: &[Explanation], other: &[Explanation]) -> bool {
    let same = |(known, other): (&Explanation, &Explanation)| {
        let field = other.field.is_none() || known.field == other.field;
        field && known.kind == other.kind && known.code == other.code && known.message == other.message
    };
    known.len() == other.len() && known.iter().zip(other).all(same)
}
