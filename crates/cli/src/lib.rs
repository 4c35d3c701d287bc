//! The work of the `framepost` command, for programs: [`run`] runs a page to its end, and [`check`]
//! compares fixtures with their expected output.
//!
//! The command itself, with its arguments and child processes, is the binary of this crate. The crate
//! `framepost-wpt` does the work of `framepost test`. Pages are those of the crate `framepost`.

pub mod check;
mod errors;
pub mod run;
