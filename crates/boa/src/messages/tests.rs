//! Runs the checks for embedders on the heap of a program's own context.

use boa_engine::{Context, Source};
use framepost_messaging::conformance::{Samples, check_depth, check_heap};

use super::Options;
use super::state::MessageHost;

#[test]
fn heap_of_a_programs_context_passes_the_checks_of_heaps() {
    // Boa needs a large stack for the deepest values.
    let thread = std::thread::Builder::new().stack_size(256 << 20);
    let run = thread.spawn(|| {
        let mut ctx = Context::default();
        super::install(&mut ctx, Options::default()).expect("installed");
        let realm = ctx.realm().clone();
        let function = ctx.eval(Source::from_bytes("(() => 1)"));
        let symbol = ctx.eval(Source::from_bytes("Symbol.iterator"));
        let samples = Samples::new()
            .refused("a function", function.expect("a function"))
            .refused("a symbol", symbol.expect("a symbol"));
        let report = check_heap(&mut MessageHost::new(&mut ctx), &realm, &samples);
        assert!(report.failures().is_empty(), "{report}");
        assert!(report.passed() >= 60, "{report}");
        let report = check_depth(&mut MessageHost::new(&mut ctx), &realm, &Samples::new());
        assert!(report.failures().is_empty(), "{report}");
    });
    run.expect("a thread").join().expect("the checks pass");
}
