//! Tests of abort signals.

use expect_test::expect;

use crate::support::check_script;

#[test]
fn signals_time_out_and_follow_others() {
    check_script(
        "const c = new AbortController, one = AbortSignal.any([c.signal]), two = AbortSignal.any([one, new AbortController().signal]); \
         two.onabort = e => log('two', e.isTrusted, one.aborted); one.onabort = () => log('one', two.aborted); \
         c.signal.onabort = () => log('source', one.aborted, two.reason); c.abort('why'); \
         log(AbortSignal.any([]).aborted, AbortSignal.any([c.signal, AbortSignal.abort(2)]).reason); \
         const t = AbortSignal.timeout(20), late = AbortSignal.any([t]); log(t.aborted); \
         late.onabort = () => log('late', late.reason.name, late.reason === t.reason); \
         setTimeout(() => log('10'), 10); setTimeout(() => log('30'), 30); \
         log(thrown(() => AbortSignal.timeout(-1)), thrown(() => AbortSignal.timeout()));",
        expect![[r#"
            source true why
            one true
            two true true
            false why
            false
            TypeError TypeError
            10
            late TimeoutError true
            30
        "#]],
    );
}
