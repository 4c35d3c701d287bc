//! Whole-system tests of framepost live under `tests/`; here the examples of the README
//! and of the guide to embedding are compiled and run.

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

#[cfg(doctest)]
#[doc = include_str!("../../docs/embedding.md")]
struct Embedding;
