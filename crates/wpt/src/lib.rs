//! Runs [web-platform-tests](https://web-platform-tests.org/), and other pages that test themselves
//! with testharness.js, in Framepost.
//!
//! - [`selection`] finds the pages that names, URLs and directories stand for.
//! - [`checkout`] answers requests from a checkout of web-platform-tests, as the server of the tests
//!   does, without a network.
//! - [`runner`] runs each page in a process of its own, so that a page that crashes, hangs or fills
//!   the memory costs one row of the report.
//! - [`expectations`] compares the results with a list of known failures.
//! - [`report`] writes the results, for tools and for people.
//!
//! The command `framepost test` of the crate `framepost-cli` is a thin layer over this crate. This
//! crate parses no arguments and prints nothing.

pub mod checkout;
pub mod expectations;
pub mod outcome;
pub mod report;
pub mod runner;
pub mod selection;

mod answer;
mod harness;
mod local;
mod pool;
mod process;
mod walk;

#[cfg(test)]
mod testing;
