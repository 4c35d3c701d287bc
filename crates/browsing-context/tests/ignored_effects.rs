//! Effects that an embedder ignores.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod host;

use framepost_browsing_context::{Diagnostic, Effect, EffectHost as _};
use host::World;

#[test]
fn debug_builds_report_an_ignored_effect() {
    let mut world = World::new(&[("index.html", "")]);
    world.ignore(&Effect::Checkpoint);
    let what = Effect::Checkpoint.if_ignored().unwrap();
    let line = format!("report: {}", Diagnostic::EffectIgnored { what });
    let reported = world.transcript.iter().any(|it| it.ends_with(&line));
    assert_eq!(reported, cfg!(debug_assertions), "{:?}", world.transcript);
}

#[test]
fn ignored_report_is_not_reported() {
    let mut world = World::new(&[("index.html", "")]);
    let what = "nothing";
    world.ignore(&Effect::Report(Diagnostic::EffectIgnored { what }));
    assert!(world.transcript.is_empty(), "{:?}", world.transcript);
}
