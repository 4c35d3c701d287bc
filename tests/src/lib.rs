//! Whole-system tests of framepost live under `tests/`; here the examples of the README are
//! compiled and run.

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
