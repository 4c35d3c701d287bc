//! Tests of the structured clone of arrays, in each way in which Boa keeps their elements.

use crate::support::results;

#[test]
fn elements_are_cloned_alike_however_they_are_kept() {
    // Integers, other numbers and other values in a list, then the same in tables.
    let keep = "let ways = [a => a, Object.freeze, \
        a => Object.defineProperty(a, 'length', { writable: false }), \
        a => (a[9] = 0, delete a[9], a.length = 3, a), \
        a => Object.defineProperty(a, 1, { get: () => a[0], enumerable: true })];";
    let clone = |values: &str| {
        format!(
            "{keep} return ways.map(way => {{ \
             let a = c(Object.assign(way([{values}]), {{}})); \
             return own(a) + ' ' + JSON.stringify(a) }}).join('; ')"
        )
    };
    results(&[
        (
            &clone("1, 1, 2"),
            "0,1,2,length [1,1,2]; 0,1,2,length [1,1,2]; 0,1,2,length [1,1,2]; \
             0,1,2,length [1,1,2]; 0,1,2,length [1,1,2]",
        ),
        (
            &clone("1.5, 1.5, 2"),
            "0,1,2,length [1.5,1.5,2]; 0,1,2,length [1.5,1.5,2]; 0,1,2,length [1.5,1.5,2]; \
             0,1,2,length [1.5,1.5,2]; 0,1,2,length [1.5,1.5,2]",
        ),
        (
            &clone("'a', 'a', {}"),
            "0,1,2,length [\"a\",\"a\",{}]; 0,1,2,length [\"a\",\"a\",{}]; \
             0,1,2,length [\"a\",\"a\",{}]; 0,1,2,length [\"a\",\"a\",{}]; \
             0,1,2,length [\"a\",\"a\",{}]",
        ),
        (
            "let a = Object.freeze(Object.assign([1, 2], { x: 3, length: 2 })); return own(c(a))",
            "0,1,length,x",
        ),
        (
            "let a = [1, 2, 3]; Object.defineProperty(a, 1, { enumerable: false }); \
             let b = c(a); return own(b) + ' ' + (1 in b) + ' ' + b.length",
            "0,2,length false 3",
        ),
        (
            "let o = { length: 3, 7: 1, 2: 0 }; return own(c(o)) + ' ' + c(o).length",
            "2,7,length 3",
        ),
    ]);
}
