//! Whole-system tests of framepost live under `tests/`; here the examples of the documentation
//! are compiled and run.

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

#[cfg(doctest)]
#[doc = include_str!("../../docs/embedding.md")]
struct Embedding;

#[cfg(doctest)]
#[doc = include_str!("../../docs/porting.md")]
struct Porting;

#[cfg(doctest)]
#[doc = include_str!("../../crates/boa/README.md")]
struct Boa;

#[cfg(doctest)]
#[doc = include_str!("../../docs/tracing.md")]
struct Tracing;

#[cfg(doctest)]
#[doc = include_str!("../../crates/engine/README.md")]
struct Engine;

#[cfg(doctest)]
#[doc = include_str!("../../crates/wpt/README.md")]
struct Wpt;

#[cfg(doctest)]
#[doc = include_str!("../../crates/cli/README.md")]
struct Cli;

#[cfg(doctest)]
#[doc = include_str!("../../crates/browsing-context/README.md")]
struct BrowsingContext;
