//! Tests of built-in functions that call script, which changes their data or returns invalid values.
use crate::support::script;

#[test]
fn inconsistent_comparison_sorts_in_some_order() {
    script(
        "let seed = 1; const random = () => (seed = seed * 16807 % 2147483647) / 2147483647 - 0.5;
         const sum = (list) => Array.prototype.reduce.call(list, (a, b) => a + b, 0);
         const numbers = Array.from({ length: 500 }, (_, n) => n);
         console.log(sum(numbers.toSorted(random)), sum([...numbers].sort(random)), sum(new Int16Array(numbers).sort(random)), sum(new Float32Array(numbers).toSorted(random)));
         console.log(sum([...numbers].sort(() => 1)), sum([...numbers].sort(() => -1)), sum([...numbers].sort(() => NaN)));
         const strings = Array.from({ length: 100 }, () => ({ toString: () => String(random()) }));
         console.log(strings.sort().length);",
        &["124750 124750 124750 124750", "124750 124750 124750", "100"],
    );
}

#[test]
fn sort_follows_the_standard() {
    script(
        "console.log(JSON.stringify([3, undefined, 10, , 2].sort()), [3, undefined, 10, , 2].sort().hasOwnProperty(4));
         console.log(JSON.stringify([3, , 10].toSorted((a, b) => b - a)), [1, 2, 3].sort(undefined).join());
         const pairs = Array.from({ length: 30 }, (_, n) => [n % 3, n]); pairs.sort((a, b) => a[0] - b[0]);
         console.log(pairs.every((pair, n) => n === 0 || pairs[n - 1][0] < pair[0] || pairs[n - 1][1] < pair[1]));
         for (const compare of [null, 1, {}]) try { [1].sort(compare) } catch (e) { console.log(e.name) }
         try { [2, 1].sort(() => { throw new RangeError('no') }) } catch (e) { console.log(e.message) }
         console.log(JSON.stringify(Array.prototype.sort.call({ 0: 'b', 1: 'a', length: 2 })), [].sort.length, [].toSorted.name);
         console.log(String(new Uint8Array([3, 1, 2]).sort((a, b) => b - a)), String(new Uint8Array([3, 1, 2]).sort()));",
        &[
            "[10,2,3,null,null] false",
            "[10,3,null] 1,2,3",
            "true",
            "TypeError",
            "TypeError",
            "TypeError",
            "no",
            "{\"0\":\"a\",\"1\":\"b\",\"length\":2} 1 toSorted",
            "3,2,1 1,2,3",
        ],
    );
}

#[test]
fn buffer_that_shrinks_in_a_conversion_is_read_as_far_as_it_is() {
    script(
        "const make = () => new ArrayBuffer(64, { maxByteLength: 128 });
         let b = make(); console.log(b.slice({ valueOf() { b.resize(1); return 8 } }).byteLength);
         b = make(); console.log(b.slice(0, { valueOf() { b.resize(8); return 64 } }).byteLength);
         b = make(); try { b.slice({ valueOf() { b.transfer(); return 0 } }) } catch (e) { console.log(e.name) }
         b = make(); b.constructor = { [Symbol.species]: function (n) { b.resize(2); return new ArrayBuffer(n) } }; console.log(b.slice(0, 9).byteLength);
         console.log(String(new Uint8Array(new Uint8Array([1, 2, 3, 4]).buffer.slice(-3, -1))), ArrayBuffer.prototype.slice.length);
         for (const [name, ...rest] of [['add', 1], ['load'], ['store', 1], ['exchange', 1], ['compareExchange', 0, 1]]) {
           const buffer = make(), view = new Int32Array(buffer);
           try { console.log(name, Atomics[name](view, { valueOf() { buffer.resize(4); return 10 } }, ...rest)) } catch (e) { console.log(name, e.name) }
         }
         console.log(Atomics.add(new Int32Array([5]), { valueOf: () => 0 }, { valueOf: () => 2 }));",
        &[
            "56", "64", "TypeError", "9", "2,3 2", "add RangeError", "load RangeError",
            "store RangeError", "exchange RangeError", "compareExchange RangeError", "5",
        ],
    );
}

#[test]
fn iteration_of_a_cleared_collection_continues_with_later_entries() {
    script(
        "const m = new Map([[1, 1], [2, 2]]), keys = []; for (const [k] of m) { keys.push(k); if (k < 3) { m.clear(); m.set(k + 2, 0) } }
         const s = new Set(['a', 'b']), values = []; s.forEach(v => { values.push(v); if (v === 'a') { s.clear(); s.add('c') } });
         console.log(keys.join(), values.join(), m.size, s.size); m.clear(); s.clear(); console.log(m.size, s.size, m.clear());",
        &["1,3 a,c 1 1", "0 0 undefined"],
    );
}

#[test]
fn arrays_are_joined_by_commas_in_every_language() {
    script(
        "console.log([1, null, [2, 3], undefined].toLocaleString(), new Uint8Array(3).toLocaleString());
         const ring = [1]; ring.push(ring); console.log(ring.toLocaleString());
         try { const buffer = new ArrayBuffer(4); const u = new Uint8Array(buffer); buffer.transfer(); u.toLocaleString() } catch (e) { console.log(e.name) }
         console.log([{ toLocaleString: (...args) => args.length }].toLocaleString('de', {}), Array.prototype.toLocaleString.length);",
        &["1,,2,3, 0,0,0", "1,", "TypeError", "2 0"],
    );
}
