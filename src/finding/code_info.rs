//! The static facts of a code, and the macro that declares an enum of codes together with them.

use super::{Confidence, Severity, Stage};

/// The static facts of a code: everything about a reason or a lint that is the same for every asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeInfo {
    /// The public name, in kebab-case; it never changes.
    pub code: &'static str,
    /// The stage that finds it.
    pub stage: Stage,
    /// The default severity.
    pub severity: Severity,
    /// The default confidence.
    pub confidence: Confidence,
    /// The page that documents it; empty for lints.
    pub docs: &'static str,
    /// What is wrong, in one sentence.
    pub title: &'static str,
    /// What to do about it, in one sentence.
    pub hint: &'static str,
}

/// Declares an enum of codes, one row per code: variant, fields, `(code, facts …)`, title, hint. The title is the
/// variant's documentation as well. `by` names the function that makes a [`CodeInfo`] from the facts.
macro_rules! catalog {
    (
        $(#[$meta:meta])*
        pub enum $name:ident by $constructor:ident {
            $(
                $variant:ident $({ $( $(#[$field_meta:meta])* $field:ident: $type:ty ),+ $(,)? })?
                ($code:literal $(, $fact:expr)*)
                $title:literal
                => $hint:literal,
            )+
        }
    ) => {
        $(#[$meta])*
        pub enum $name {
            $(
                #[doc = $title]
                $variant $({ $( $(#[$field_meta])* $field: $type ),+ })?,
            )+
        }

        impl $name {
            /// Returns the static facts of the code.
            #[must_use]
            pub const fn info(&self) -> $crate::finding::CodeInfo {
                match self {
                    $( Self::$variant $({ $( $field: _ ),+ })? => $constructor($code $(, $fact)*, $title, $hint), )+
                }
            }
        }
    };
}

pub(super) use catalog;
