//! Tests of what pages observe. Each specification family has a folder, and each test compares the
//! console output of a script or of some pages.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests fail as tests do"
)]

mod scheduling;
mod storage;
mod support;

mod canvas;
mod console;
mod cookies;
mod crypto;
mod cssom;
mod dom;
mod encoding;
#[cfg(feature = "http")]
mod eventsource;
mod fetch;
mod file;
mod geometry;
mod html;
mod language;
mod locks;
mod messaging;
mod page;
mod streams;
mod url;
mod user_timing;
#[cfg(feature = "http")]
mod websockets;
mod workers;
mod xhr;
