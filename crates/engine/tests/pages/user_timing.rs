//! Tests of marks and measures.

use expect_test::expect;

use crate::support::check_script;

#[test]
fn marks_and_measures_are_kept_in_order() {
    check_script(
        "const p = performance, m = p.mark('a', { startTime: 5, detail: { x: 1 } }); p.mark('b', { startTime: 2 }); \
         log(m instanceof PerformanceEntry, m.name, m.entryType, m.startTime, m.duration, m.detail.x, JSON.stringify(m)); \
         const n = p.measure('m', 'b', 'a'); log(n.startTime, n.duration, n.detail, n.entryType); \
         log(p.measure('o', { start: 1, duration: 9, detail: 'd' }).duration, p.measure('o', { end: 'a', duration: 1 }).startTime); \
         log(p.getEntries().map(e => e.name), p.getEntriesByType('mark').length, p.getEntriesByName('o', 'measure').length); \
         log(thrown(() => p.measure('x', 'none')), thrown(() => p.measure('x', { start: 1, end: 2, duration: 3 })), thrown(() => p.mark('x', { startTime: -1 })), thrown(() => p.mark('x', { detail: () => 1 }))); \
         p.clearMarks('a'); p.clearMeasures(); log(p.getEntries().map(e => e.name), new PerformanceMark('z').entryType);",
        expect![[r#"
            true a mark 5 0 1 {"name":"a","entryType":"mark","startTime":5,"duration":0,"detail":{"x":1}}
            2 3 null measure
            9 4
            o,b,m,o,a 2 2
            SyntaxError TypeError TypeError DataCloneError
            b mark
        "#]],
    );
}

#[test]
fn times_of_the_navigation_are_no_marks() {
    check_script(
        "const p = performance; \
         for (const name of ['navigationStart', 'redirectEnd', 'domLoading', 'loadEventEnd']) \
             log(name, thrown(() => p.mark(name)), thrown(() => new PerformanceMark(name))); \
         const m = p.measure('m', 'navigationStart'); log(m.startTime, m.duration >= 0); \
         log(thrown(() => p.measure('m', 'redirectEnd')), p.mark('navigationstart').name);",
        expect![[r#"
            navigationStart SyntaxError SyntaxError
            redirectEnd SyntaxError SyntaxError
            domLoading SyntaxError SyntaxError
            loadEventEnd SyntaxError SyntaxError
            0 true
            InvalidAccessError navigationstart
        "#]],
    );
}
