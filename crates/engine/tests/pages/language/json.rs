//! Tests of `JSON`.

use expect_test::expect;

use crate::support::{check_page, script};

#[test]
fn deep_values_are_parsed_and_written() {
    script(
        "const deep = '['.repeat(200000) + ']'.repeat(200000);
         console.log(JSON.stringify(JSON.parse(deep)) === deep);
         let object = {}; for (let i = 0; i < 100000; i++) object = { object };
         console.log(JSON.stringify(object).length);",
        &["true", "1100002"],
    );
}

#[test]
fn json_is_parsed_as_in_browsers() {
    check_page(
        "http://a.test/",
        r#"<meta charset=utf-8><script>
        for (const text of ['"\\ud800"', '-0', '1e3', ' [1, 2 ,{"a":[]}] ', '{"__proto__":1}', '{"a":1,"a":2}', '"\\u20ac\\n"', '0', '2147483648'])
            console.log(JSON.stringify(JSON.parse(text)), Object.is(JSON.parse(text), -0));
        for (const text of ['', '[', '[1,]', '{a:1}', "'x'", '01', '1.', '-', '+1', '"\n"', '"\\x"', 'nul', '[1]]', '{"a"}', '\ufeff1', 'undefined'])
            try { JSON.parse(text); console.log('taken', text) } catch (e) { console.log(e.name) }
        try { JSON.parse('{"a": 1,\n b}') } catch (e) { console.log(e.message) }
        console.log(Object.keys(JSON.parse('{"b":1,"2":1,"a":1,"1":1}')).join())</script>"#,
        expect![[r#"
            "\ud800" false
            0 true
            1000 false
            [1,2,{"a":[]}] false
            {"__proto__":1} false
            {"a":2} false
            "€\n" false
            0 false
            2147483648 false
            SyntaxError
            SyntaxError
            SyntaxError
            SyntaxError
            SyntaxError
            SyntaxError
            SyntaxError
            SyntaxError
            SyntaxError
            SyntaxError
            SyntaxError
            SyntaxError
            SyntaxError
            SyntaxError
            SyntaxError
            SyntaxError
            Unexpected token 'b' in JSON at position 10 (line 2 column 2)
            1,2,b,a
        "#]],
    );
}

#[test]
fn reviver_is_called_from_the_inside_out_with_source_text() {
    script(
        "const seen = [];
         const result = JSON.parse('{\"a\":[1,2.50],\"b\":{\"c\":null},\"d\":true}', function (key, value, { source }) {
             seen.push(key + '=' + source); if (key === 'c') return undefined; if (key === '0') this[1] = 3; return value });
         console.log(seen.join(' ')); console.log(JSON.stringify(result));",
        &[
            "0=1 1=undefined a=undefined c=null b=undefined d=true =undefined",
            "{\"a\":[1,3],\"b\":{},\"d\":true}",
        ],
    );
}

#[test]
fn values_are_written_as_in_browsers() {
    script(
        "const log = (...all) => console.log(JSON.stringify(...all));
         log([undefined, () => 1, Symbol()], null, 2); log({ a: undefined, b: [], c: {}, d: [1, { e: 2 }] }, null, '--');
         log({ a: 1, b: { a: 2, c: 3 } }, ['a', 'b', 1]); log(new Date(0)); log('\\ud800\\u2028\\u0007\"\\\\');
         log({ toJSON(key) { return 'key:' + key } }); log([NaN, -0, 1e21, Object(1), Object('s'), Object(false)]);
         log({ a: [1, 2] }, (key, value) => Array.isArray(value) ? value.length : value); log({ n: JSON.rawJSON('1.50') });
         log(undefined); log(new Proxy([1, 2], {})); log({ [Symbol()]: 1, b: 2 });
         for (const bad of [() => log(1n), () => { const a = []; a[0] = { a }; log(a) }]) try { bad() } catch (e) { console.log(e.name) }
         BigInt.prototype.toJSON = function () { return String(this) }; log([1n])",
        &[
            "[\n  null,\n  null,\n  null\n]",
            "{\n--\"b\": [],\n--\"c\": {},\n--\"d\": [\n----1,\n----{\n------\"e\": 2\n----}\n--]\n}",
            "{\"a\":1,\"b\":{\"a\":2}}",
            "\"1970-01-01T00:00:00.000Z\"",
            "\"\\ud800\u{2028}\\u0007\\\"\\\\\"",
            "\"key:\"",
            "[null,0,1e+21,1,\"s\",false]",
            "{\"a\":2}",
            "{\"n\":1.50}",
            "undefined",
            "[1,2]",
            "{\"b\":2}",
            "TypeError",
            "TypeError",
            "[\"1\"]",
        ],
    );
}
