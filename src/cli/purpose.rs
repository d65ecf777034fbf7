//! What a single asset is for.

use crate::Expectations;
use clap::Args;

use super::args::{KindName, endpoint, plain};

/// What the asset is for, where a verb takes a single one; [`Expect`](super::args::Expect) is for many.
#[derive(Args, Debug)]
#[command(next_help_heading = "What is expected")]
pub(crate) struct Purpose {
    /// The kind the asset must be
    #[arg(long, value_enum, value_name = "KIND")]
    kind: Option<KindName>,
    /// The model the asset is for: its windows and bounds hold
    #[arg(long, value_name = "NAME", value_parser = plain)]
    pub(crate) model: Option<String>,
    /// The endpoint the asset is for, as its path below /v1/
    #[arg(long, value_name = "PATH", value_parser = endpoint)]
    pub(crate) endpoint: Option<String>,
    /// The request field the asset is meant for
    #[arg(long, value_name = "FIELD", value_parser = plain)]
    pub(crate) field: Option<String>,
}

impl Purpose {
    /// Returns what is wanted of the asset. Its field is not among it, but is the asset's own.
    pub(crate) fn wanted(&self) -> Expectations {
        let Self { kind, model, endpoint, field: _ } = self;
        Expectations {
            kind: kind.map(Into::into),
            model: model.clone(),
            endpoint: endpoint.clone(),
            ..Expectations::default()
        }
    }
}
