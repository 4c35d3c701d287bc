//! Tests of results that are too large.

use crate::support::script;

/// Runs expressions and logs the names of their exceptions.
fn names(expressions: &str, expected: &[&str]) {
    let source = format!(
        "for (const run of [{expressions}]) {{ let seen = 'none'; try {{ run() }} catch (e) {{ seen = e.name + ': ' + e.message }} console.log(seen) }} console.log('end')"
    );
    script(&source, expected);
}

#[test]
fn strings_that_are_too_long_are_range_errors() {
    let long = "RangeError: Invalid string length";
    names(
        "() => 'x'.repeat(2 ** 31 - 1), () => 'ab'.repeat(2 ** 28), () => 'x'.padEnd(2 ** 30), () => 'x'.padStart(2 ** 53, 'ab'),
         () => new Array(2 ** 32 - 1).join('x'), () => 'x'.repeat(1e6).replaceAll('x', 'y'.repeat(1e6)), () => 'x'.repeat(-1), () => 'x'.repeat(Infinity)",
        &[
            long,
            long,
            long,
            long,
            long,
            long,
            "RangeError: Invalid count value: -1",
            "RangeError: Invalid count value: inf",
            "end",
        ],
    );
}

#[test]
fn array_likes_that_are_too_long_are_range_errors() {
    let (length, stack) = (
        "RangeError: Invalid array length",
        "RangeError: Maximum call stack size exceeded",
    );
    names(
        "() => [].sort.call({ length: 2 ** 32 - 1 }), () => [].toSorted.call({ length: 2 ** 32 - 1 }),
         () => Math.max.apply(null, { length: 2 ** 32 - 1 }), () => Reflect.apply(Math.max, null, { length: 1e9 }), () => Reflect.construct(Array, { length: 1e9 })",
        &[length, length, stack, stack, stack, "end"],
    );
}

#[test]
fn ordinary_results_are_unchanged() {
    script(
        "console.log('ab'.repeat(3), '€'.repeat(2), 'x'.repeat(0) === '', 'x'.repeat(1.9), 'x'.repeat(NaN) === '');
         console.log('x'.padEnd(4, 'ab'), 'x'.padStart(4, '€1'), 'x'.padEnd(3) + '|', 'xyz'.padEnd(2), 'x'.padEnd(5, ''));
         console.log([1, null, undefined, 'a', [2, [3]]].join('-'), [].join(), [7].join('x'), [, 1].join());
         const ring = [1]; ring.push(ring, [ring]); console.log(String(ring));
         console.log(JSON.stringify([1, [2, [3, [4]]]].flat(Infinity)), JSON.stringify([1, [2, [3]]].flat()), [[[]]].flat(Infinity).length);
         console.log(Math.max.apply(null, [1, 3, 2]), Reflect.apply(Math.min, null, [4, 2]), Reflect.construct(Date, [0]).getTime());
         console.log('repeat join flat apply'.split(' ').map((name, i) => ['', [], [], Math.max][i][name].length).join());
         let deep = []; for (let i = 0; i < 50000; i++) deep = [deep]; console.log(deep.flat(Infinity).length);
         try { String.prototype.repeat.call(null, 1) } catch (e) { console.log(e.name) }",
        &[
            "ababab €€ true x true",
            "xaba €1€x x  | xyz x",
            "1---a-2,3  7 ,1",
            "1,,",
            "[1,2,3,4] [1,2,[3]] 0",
            "3 2 0",
            "1,1,0,2",
            "0",
            "TypeError",
        ],
    );
}
