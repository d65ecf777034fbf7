//! The cases: 215 bad inputs and faults by name, from an empty text (`U01`) to the exit codes (`S17`).
//!
//! `cases/list.tsv` lists each case with its title; [`register`] finds the test of each and fails if one has none.
//! Groups that need no other kind of test are tables of rows here, each checked in one run of the program.

mod case_coverage;
mod connection;
mod data_uri;
mod head;
mod json;
mod list;
mod media;
mod table;
mod transfer;
mod url;
