//! Runs [web-platform-tests](https://web-platform-tests.org/), and other pages that test themselves
//! with testharness.js, in Framepost.
//!
//! - [`selection`] finds the pages that names, URLs and directories stand for.
//! - [`checkout`] answers requests from a checkout of web-platform-tests, as the server of the tests
//!   does, without a network.
//! - [`wpt_server`] runs the server of a checkout itself, for tests that need handlers in Python.
//! - [`runner`] runs each page in a process of its own, so that a page that crashes, hangs or fills
//!   the memory costs one row of the report.
//! - [`expectations`] compares the results with a list of known failures.
//! - [`report`] and [`formats`] write the results, for people and for tools.
//! - [`shard`] divides the pages among several runs.
//!
//! The command `framepost test` of the crate `framepost-cli` is a thin layer over this crate. This
//! crate parses no arguments and prints nothing.

pub mod checkout;
pub mod expectations;
pub mod formats;
pub mod outcome;
pub mod report;
pub mod runner;
pub mod selection;
pub mod shard;
pub mod wpt_server;

mod answer;
mod harness;
mod local;
mod pool;
mod process;
mod walk;

#[cfg(test)]
mod testing;
