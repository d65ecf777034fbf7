//! The cases: 215 bad inputs and faults by name, from an empty text (`U01`) to the exit codes (`S17`).
//!
//! `cases/list.tsv` names each with what it is; [`register`] finds out where each is shown, and fails where one is not.
//! The groups that need no tests of another kind are tables of rows here, each checked in one run of the program.

mod connection;
mod data_uri;
mod head;
mod json;
mod list;
mod media;
mod register;
mod table;
mod transfer;
mod url;
