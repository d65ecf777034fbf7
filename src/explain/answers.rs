//! What was recognised so far: answers of the API, each with its matches.

use super::{Explanation, ExplanationKind};

/// Answers in the order in which they stand in a text. The same answer printed twice, as the SDKs do, counts once.
#[derive(Debug, Default)]
pub(super) struct Answers {
    strong: Vec<Vec<Explanation>>,
    weak: Vec<Explanation>,
    /// The status of a task that has not failed.
    pub(super) state: Option<&'static str>,
}

/// How many answers one text may hold; later ones are left out.
const MOST: usize = 256;

impl Answers {
    /// Says whether nothing was recognised.
    pub(super) fn is_empty(&self) -> bool {
        self.strong.is_empty() && self.weak.is_empty() && self.state.is_none()
    }

    /// Says whether nothing was recognized, only that something is wrong, or an issue without its message.
    pub(super) fn is_incomplete(&self) -> bool {
        let lacks_message = |found: &Explanation| found.kind == ExplanationKind::Schema && found.message.is_none();
        (self.strong.is_empty() && self.state.is_none()) || self.strong.iter().flatten().any(lacks_message)
    }

    /// Adds an answer that says what is wrong.
    pub(super) fn add(&mut self, answer: Vec<Explanation>) {
        let told = |known: &Vec<Explanation>| tells(known, &answer);
        if !answer.is_empty() && self.strong.len() < MOST && !self.strong.iter().any(told) {
            self.strong.push(answer);
        }
    }

    /// Adds a sign that something is wrong, which gives way to any answer that says what.
    pub(super) fn add_weak(&mut self, sign: Explanation) {
        let known = |known: &Explanation| known.kind == sign.kind && known.code == sign.code;
        if self.weak.len() < MOST && !self.weak.iter().any(known) {
            self.weak.push(sign);
        }
    }

    /// Adds what was recognised in a later part.
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

    /// Returns how much the answers tell: more for a known sentence or code, for its field, and for a message that is not
    /// still escaped. Only for comparing readings of one text.
    pub(super) fn score(&self) -> usize {
        let told = self.strong.iter().flatten().map(|found| {
            if found.code.as_bytes() == b"custom" {
                return usize::from(found.message.is_some());
            }
            let is_escaped = found.message.as_ref().is_some_and(|message| message.as_bytes().contains(&b'\\'));
            4 + 4 * usize::from(found.field.is_some()) + 2 * usize::from(!is_escaped)
        });
        let state = usize::from(self.state.is_some());
        10 * told.sum::<usize>() + self.weak.len().min(1) + state
    }

    /// Returns the matches of all answers, or the signs where there is no answer.
    pub(super) fn into_matches(self) -> Vec<Explanation> {
        if self.strong.is_empty() { self.weak } else { self.strong.into_iter().flatten().collect() }
    }
}

/// Says whether an answer tells all that another does: the other may lack the fields, as where Node prints `[Array]`.
fn tells(known: &[Explanation], other: &[Explanation]) -> bool {
    let same = |(known, other): (&Explanation, &Explanation)| {
        let field = other.field.is_none() || known.field == other.field;
        field && known.kind == other.kind && known.code == other.code && known.message == other.message
    };
    known.len() == other.len() && known.iter().zip(other).all(same)
}
