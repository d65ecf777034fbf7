//! What is written: one file a format or a verb.

pub mod explain;
