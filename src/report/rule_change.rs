//! What a document changes compared with the rules in force.

use std::fmt;

/// One endpoint, model or member that differs between a document and the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleChange {
    /// Whether it is only in the document, only in the rules, or in both.
    pub kind: RuleChangeKind,
    /// The endpoint, as a path below `/v1/`.
    pub endpoint: String,
    /// The model, where bodies of the endpoint name one; `None` also where the whole endpoint is meant.
    pub model: Option<String>,
    /// The member, as a path with `[]` for elements; `None` where a whole body is meant.
    pub field: Option<String>,
    /// What only the rules say about it.
    pub before: Vec<String>,
    /// What only the document says about it.
    pub after: Vec<String>,
}

/// Which side of a comparison has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum RuleChangeKind {
    /// Only the document.
    Added,
    /// Only the rules.
    Removed,
    /// Both, with different schemas.
    Changed,
}

impl RuleChange {
    /// Makes a change of a body or member.
    #[must_use]
    pub fn new(kind: RuleChangeKind, endpoint: &str, model: Option<&str>, field: Option<&str>) -> Self {
        Self {
            kind,
            endpoint: endpoint.to_owned(),
            model: model.map(str::to_owned),
            field: field.map(str::to_owned).filter(|field| !field.is_empty()),
            before: Vec::new(),
            after: Vec::new(),
        }
    }

    /// Adds what only the rules say and what only the document says.
    #[must_use]
    pub fn with(self, before: Vec<String>, after: Vec<String>) -> Self {
        Self { before, after, ..self }
    }
}

impl RuleChangeKind {
    /// Returns the name used in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Returns the mark at the beginning of a line, as in a diff.
    const fn mark(self) -> char {
        match self {
            Self::Added => '+',
            Self::Removed => '-',
            Self::Changed => '~',
        }
    }
}

/// Writes one line: `~ image_to_video gen4_turbo duration: drops integer from 2 to 10; adds integer from 2 to 12`.
/// Names are untrusted: escape the result where it is printed.
impl fmt::Display for RuleChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.mark(), self.endpoint)?;
        for part in [&self.model, &self.field].into_iter().flatten() {
            write!(f, " {part}")?;
        }
        let sides = [("drops ", &self.before), ("adds ", &self.after)];
        let sides = sides.into_iter().filter(|(_, says)| !says.is_empty());
        let is_changed = self.kind == RuleChangeKind::Changed;
        let sides = sides.map(|(word, says)| format!("{}{}", if is_changed { word } else { "" }, says.join(", ")));
        let sides = sides.collect::<Vec<_>>().join("; ");
        if sides.is_empty() { Ok(()) } else { write!(f, ": {sides}") }
    }
}
