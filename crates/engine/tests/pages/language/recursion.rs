//! Tests of recursion: conversions, async generators, and the limit on the depth of calls.

use crate::support::{outputs, page, script};

#[test]
fn conversion_inside_a_conversion_is_computed() {
    script(
        "let depth = 0; const nested = { toString() { return depth++ < 3 ? '[' + nested + ']' : 'x' } }; console.log(String(nested));
         let n = 0; const number = { valueOf() { return n++ < 5 ? 1 + +number : 100 } }; console.log(+number);
         const both = { toString: () => 's', valueOf: () => 2 }; console.log(`${both}`, both + 1, both * 2, both == 2, [both] + '', `${new Date(0).getTime()}`);
         try { +{ valueOf: null, toString: null } } catch (e) { console.log(e.name) }
         const endless = { toString() { return '' + endless } }; try { '' + endless } catch (e) { console.log(e.name) }
         let deep = []; for (let i = 0; i < 50000; i++) deep = [deep]; try { String(deep) } catch (e) { console.log(e.name) }
         console.log(Object.prototype.propertyIsEnumerable(Symbol.toPrimitive), String({}), {} + '')",
        &[
            "[[[x]]]",
            "105",
            "s 3 4 true s 0",
            "TypeError",
            "RangeError",
            "RangeError",
            "false [object Object] [object Object]",
        ],
    );
}

#[test]
fn async_generator_in_itself_does_not_end_the_page() {
    page(
        "<script>async function* g() { yield* g() }
         (async () => { try { for await (const x of g()); } catch (e) { console.log(e.name) } })()</script>
         <script>console.log('next')</script>",
        &["RangeError", "next"],
    );
}

#[test]
fn limit_in_an_async_generator_ends_only_it() {
    for (body, is_told) in [
        ("const f = () => f(); f(); yield 1", true),
        // Boa drops the error of what `await` resumes.
        ("await 0; const f = () => f(); f(); yield 1", false),
    ] {
        let html = format!(
            "<script>async function* g() {{ {body} }} g().next()</script><script>console.log('next')</script>"
        );
        let lines = outputs(&[("http://a.test/", &html)]);
        assert!(lines.contains(&"next".to_owned()), "{lines:?}");
        let told = lines.iter().any(|line| line.contains("script stopped"));
        assert_eq!(told, is_told, "{lines:?}");
    }
}

#[test]
fn limit_reached_in_a_promise_is_named() {
    for body in [
        "async function f() { await f() }",
        "async function f() { return f() }",
        "async function f(a = f()) {}",
        "const f = async () => { for await (const x of f()); };",
    ] {
        let html = format!("<script>{body} f()</script><script>console.log('next')</script>");
        let lines = outputs(&[("http://a.test/", &html)]);
        let stopped = "script stopped: reached the maximum number of recursive calls";
        assert!(lines.iter().any(|line| line.contains(stopped)), "{lines:?}");
        assert!(lines.contains(&"next".to_owned()), "{lines:?}");
    }
}

#[test]
fn limit_stops_script_but_not_page() {
    let lines = outputs(&[(
        "http://a.test/",
        "<script>(function f() { f() })()</script><script>console.log('alive')</script>",
    )]);
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].contains("recursive"), "{lines:?}");
    assert_eq!(lines[1], "alive");
}
