//! What pages see: a folder a family, a script or some pages a test, and the lines that they log.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests fail as tests do"
)]

mod support;

mod canvas;
mod cssom;
mod dom;
mod fetch;
mod geometry;
mod html;
mod messaging;
mod page;
mod workers;
