//! Runs [web-platform-tests](https://web-platform-tests.org/), and other pages that test themselves
//! with testharness.js, in Framepost.
//!
//! - [`selection`] finds the pages for names, URLs and directories.
//! - [`checkout`] answers requests from a checkout of web-platform-tests, like the server of the tests, but without a
//!   network.
//! - [`wpt_server`] runs the real server of a checkout, for tests that need handlers in Python.
//! - [`harness`] reads the results of testharness.js from a page.
//! - [`runner`] runs each page in a process of its own, so a page that crashes, hangs or fills the memory affects
//!   only its own row of the report.
//! - [`expectations`] compares the results with a list of known failures.
//! - [`report`] and [`formats`] write the results, for people and for tools.
//! - [`shard`] divides the pages among several runs.
//!
//! The command `framepost test` of the crate `framepost-cli` is a thin layer over this crate. This
//! crate parses no arguments and prints nothing.

pub mod checkout;
pub mod expectations;
pub mod formats;
pub mod harness;
pub mod outcome;
pub mod report;
pub mod runner;
pub mod selection;
pub mod shard;
pub mod wpt_server;

mod answer;
mod local;
mod pool;
mod process;
mod walk;

#[cfg(test)]
mod testing;
