//! The suite of structured clone for every heap, in Boa.

#[path = "../../../messaging/tests/suite/mod.rs"]
mod suite;

use crate::tests::with_agent;
use crate::world::{Host, with_script};

#[test]
fn boa_passes_the_suite_of_every_heap() {
    with_agent("<!doctype html>", |agent| {
        let ctx = agent.context();
        let realm = with_script(ctx, |script| {
            script
                .windows
                .values()
                .next()
                .map(|window| window.realm.clone())
        });
        suite::run(&mut Host(ctx), &realm.expect("the page's realm"));
    });
}
