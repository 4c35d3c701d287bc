//! The `framepost` command as a library: [`run`] runs a page to its end, and [`check`] compares fixtures with their
//! expected output. [`explore`] runs a page in many orders.
//!
//! The command itself, with its arguments and child processes, is the binary of this crate. The crate `framepost-wpt`
//! implements `framepost test`. Pages come from the crate `framepost`.

pub mod check;
mod errors;
pub mod explore;
pub mod recording;
pub mod route;
pub mod run;
