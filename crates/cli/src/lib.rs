//! What the `framepost` command does, for programs: run a page to its end ([`run`]), and compare
//! fixtures with what they should show ([`check`]).
//!
//! The command itself (its arguments, its processes, its exit statuses) is the binary of this crate.
//! The tests that `framepost test` runs are the business of the crate `framepost-wpt`, pages that of the
//! crate `framepost`.

pub mod check;
pub mod run;
