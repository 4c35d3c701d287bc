//! Tests of timers, microtasks and virtual time.

use crate::support::script;

#[test]
fn timers_and_microtasks_run_in_order() {
    script(
        "setTimeout(() => console.log('late'), 10); setTimeout((a) => console.log('soon', a), 0, 7);
         queueMicrotask(() => console.log('micro')); Promise.resolve().then(() => console.log('job'));
         console.log('now');",
        &["now", "micro", "job", "soon 7", "late"],
    );
    script(
        "let n = 0; const id = setInterval(() => { console.log(++n); if (n === 3) clearInterval(id); }, 5);",
        &["1", "2", "3"],
    );
    script(
        "const id = setTimeout(() => console.log('never')); clearTimeout(id);",
        &[],
    );
    script("setTimeout('console.log(\"text\")')", &["text"]);
}

#[test]
fn virtual_time_advances_slightly_on_each_read() {
    script(
        "const t = performance.now(); setTimeout(() => console.log(Math.round(performance.now() - t)), 1000);",
        &["1000"],
    );
    script(
        "const end = performance.now() + 1; while (performance.now() < end); console.log('over')",
        &["over"],
    );
    script(
        "const a = Date.now(); setTimeout(() => console.log(Date.now() - a >= 50), 50)",
        &["true"],
    );
}
