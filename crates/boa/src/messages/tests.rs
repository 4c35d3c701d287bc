//! Runs the suite of structured clone on Boa's heap.

#[path = "../../../messaging/tests/suite/mod.rs"]
mod suite;

use boa_engine::Context;

use super::Options;
use super::state::MessageHost;

#[test]
fn boa_passes_the_heap_suite() {
    // Boa needs a large stack for the deepest values.
    let thread = std::thread::Builder::new().stack_size(256 << 20);
    let run = thread.spawn(|| {
        let mut ctx = Context::default();
        super::install(&mut ctx, Options::default()).expect("installed");
        let realm = ctx.realm().clone();
        suite::run(&mut MessageHost::new(&mut ctx), &realm);
    });
    run.expect("a thread").join().expect("the suite passes");
}
