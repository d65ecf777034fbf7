//! Video and audio: plans one ffmpeg command per file from its media header, and runs it.

mod command;
mod error;
mod filters;
mod plan;
mod request;
mod run;
mod streams;

pub(crate) use command::{CommandUse, arguments, for_old_version};
pub(crate) use plan::ClipPlan;
pub use request::Trim;
pub(crate) use request::{AcceptedContainer, ClipFacts, ClipFormat, ClipKind, ClipLimits, ClipRequest};
pub(crate) use run::{FfmpegError, run};
pub(crate) use streams::is_playable;
