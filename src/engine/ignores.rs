//! Ignored warnings: they stay in the report as notes, with the reason.

use crate::finding::{Finding, Severity};

/// A warning to ignore.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignored {
    /// The code of the warning.
    pub code: &'static str,
    /// Where it is ignored and why, as a part of a sentence; text from outside is escaped in it.
    pub why: String,
}

/// Turns ignored warnings into notes. Errors stay, whatever their code.
pub(crate) fn apply_ignores(findings: &mut [Finding], ignored: &[Ignored]) {
    for finding in findings.iter_mut().filter(|finding| finding.severity == Severity::Warning) {
        let code = finding.code();
        if let Some(Ignored { why, .. }) = ignored.iter().find(|ignored| ignored.code == code) {
            finding.severity = Severity::Note;
            let before = if finding.detail.is_empty() { "" } else { "; " };
            finding.detail.push_str(before);
            finding.detail.push_str("ignored by ");
            finding.detail.push_str(why);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Lint, Reason};

    #[test]
    fn an_ignored_warning_becomes_a_note_with_the_reason() {
        let ignored = [
            Ignored { code: "animated", why: "list:3: stickers".to_owned() },
            Ignored { code: "timeout", why: "no".to_owned() },
        ];
        let mut findings = [
            Finding::lint(Lint::Animated, "it has 3 frames"),
            Finding::lint(Lint::Animated, ""),
            Finding::lint(Lint::NearTimeout, "slow"),
            Finding::lint(Lint::Animated, "").with_severity(Severity::Error),
            Finding::reason(Reason::Timeout, ""),
        ];
        apply_ignores(&mut findings, &ignored);
        let seen: Vec<_> = findings.iter().map(|finding| (finding.severity, finding.detail.as_str())).collect();
        assert_eq!(
            seen,
            [
                (Severity::Note, "it has 3 frames; ignored by list:3: stickers"),
                (Severity::Note, "ignored by list:3: stickers"),
                (Severity::Warning, "slow"),
                (Severity::Error, ""),
                (Severity::Error, ""),
            ]
        );
    }
}
