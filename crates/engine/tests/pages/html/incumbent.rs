//! Tests of the acting script: the incumbent of code that `eval` and `Function` compile, and the permitted operations
//! on a window of another origin.

use expect_test::expect;

use crate::support::{check_page, lines, pages, run};

#[test]
fn code_compiled_for_a_frame_acts_for_the_frame() {
    check_page(
        "http://a.test/",
        "<!DOCTYPE html><body><iframe></iframe><script>
        const frame = frames[0];
        const who = event => event.source === frame ? 'frame' : event.source === window ? 'page' : '?';
        const log = [];
        onmessage = event => console.log(event.data, who(event));
        const post = (text, by) => `parent.postMessage('${text}${by ?? ''}', '*')`;
        frame.eval(post('eval'));
        (0, frame.eval)(post('indirect eval'));
        frame.eval(`(() => ${post('arrow of eval')})`)();
        frame.Function(post('Function'))();
        new frame.Function('text', 'parent.postMessage(text, \"*\")')('new Function');
        frame.Function.prototype.constructor(post('constructor'))();
        Reflect.construct(frame.Function, [post('Reflect.construct')])();
        class Sub extends frame.Function {}
        new Sub(post('subclass'))();
        const make_async = frame.eval('(async () => {}).constructor');
        make_async(post('AsyncFunction'))();
        const generator = frame.eval('(function* () {}).constructor');
        generator(post('GeneratorFunction'))().next();
        Function.call(null, post('own Function').replace('parent', 'window'))();
        eval(post('own eval').replace('parent', 'window'));
        frame.eval('var made = () => ' + post('later'));
        setTimeout(frame.made);
        Promise.resolve(post('job')).then(frame.eval);
        setTimeout(frame.Function(post('timer')));
        [post('callback of map')].map(text => frame.eval(text));
        </script>",
        expect![[r#"
            eval frame
            indirect eval frame
            arrow of eval frame
            Function frame
            new Function frame
            constructor frame
            Reflect.construct frame
            subclass frame
            AsyncFunction frame
            GeneratorFunction frame
            own Function page
            own eval page
            callback of map frame
            job frame
            later frame
            timer frame
        "#]],
    );
}

#[test]
fn eval_and_function_of_a_frame_keep_their_meaning() {
    check_page(
        "http://a.test/",
        "<!DOCTYPE html><body><iframe></iframe><script>
        const frame = frames[0];
        frame.eval('let lexical = 1'); frame.eval('let lexical = 2; var variable = lexical');
        console.log(frame.variable, typeof frame.lexical, delete frame.variable);
        const made = new frame.Function('a', 'b', 'return [this === window, a + b]');
        console.log(made(1, 2).join(), made.name, made.length, made instanceof frame.Function,
            Object.getPrototypeOf(made) === frame.Function.prototype);
        class Sub extends frame.Function { twice() { return 2; } }
        console.log(new Sub('return 1')() + new Sub('').twice());
        console.log(frame.eval.name, frame.eval.length, frame.Function.name, frame.Function.length,
            typeof frame.eval.prototype);
        try { new frame.eval('1'); } catch (error) { console.log(error.name); }
        try { frame.eval('}'); } catch (error) { console.log(error instanceof frame.SyntaxError); }
        try { frame.Function('('); } catch (error) { console.log(error instanceof frame.SyntaxError); }
        const local = 'local'; var seen = (function () { return eval('local'); })();
        console.log(seen, frame.eval('typeof local'), frame.eval(5), frame.Function()());
        </script>",
        expect![[r#"
            2 undefined true
            true,3 anonymous 2 true true
            3
            eval 1 Function 1 undefined
            TypeError
            true
            true
            local undefined 5 undefined
        "#]],
    );
}

#[test]
fn private_elements_are_refused_on_a_window_proxy_and_a_location() {
    pages(
        &[
            (
                "http://a.test/",
                "<!DOCTYPE html><body><iframe></iframe><iframe src='http://b.test/'></iframe><script>
                class Return { constructor(object) { return object; } }
                class Field extends Return { #field = 1; static has(object) { return #field in object; } }
                class Method extends Return { #method() {} static has(object) { return #method in object; } }
                const check = (name, object) => {
                    for (const kind of [Field, Method]) {
                        try { new kind(object); console.log(name, kind.has(object)); }
                        catch (error) { console.log(name, error.name, kind.has(object)); }
                    }
                };
                onload = () => {
                    check('own', window); check('same origin', frames[0]);
                    check('other origin', frames[1]); check('location', location);
                    check('document', document); check('proxy', new Proxy({}, {}));
                };
                </script>",
            ),
            ("http://b.test/", "<!DOCTYPE html>"),
        ],
        &[
            "own TypeError false",
            "own TypeError false",
            "same origin TypeError false",
            "same origin TypeError false",
            "other origin TypeError false",
            "other origin TypeError false",
            "location TypeError false",
            "location TypeError false",
            "document true",
            "document true",
            "proxy true",
            "proxy true",
        ],
    );
}

#[test]
fn exceptions_of_cross_origin_functions_name_what_failed() {
    pages(
        &[
            (
                "http://a.test/",
                "<!DOCTYPE html><body><iframe src='http://b.test/'></iframe><script>
                onload = () => {
                    const other = frames[0];
                    for (const call of [
                        () => other.postMessage(() => 1, '*'),
                        () => other.postMessage(1, 'nowhere'),
                        () => other.postMessage(),
                        () => other.location = 'javascript:console.log(1)',
                        () => other.location.href = ' JAVASCRIPT:console.log(1)',
                        () => other.location.replace('javascript:console.log(1)'),
                    ]) {
                        try { call(); console.log('no exception'); }
                        catch (error) { console.log(error.name, error.message); }
                    }
                };
                </script>",
            ),
            ("http://b.test/", "<!DOCTYPE html>"),
        ],
        &[
            "DataCloneError Failed to execute 'postMessage' on 'Window': () => 1 could not be cloned.",
            "SyntaxError Failed to execute 'postMessage' on 'Window': invalid target origin \"nowhere\"",
            "TypeError Failed to execute 'postMessage' on 'Window': 1 argument required, but only 0 present.",
            "SecurityError Failed to set the 'href' property on 'Location': The current window does not have permission to navigate the target frame to 'javascript:console.log(1)'.",
            "SecurityError Failed to set the 'href' property on 'Location': The current window does not have permission to navigate the target frame to 'javascript:console.log(1)'.",
            "SecurityError Failed to execute 'replace' on 'Location': The current window does not have permission to navigate the target frame to 'javascript:console.log(1)'.",
        ],
    );
}

#[test]
fn errors_of_code_that_a_muted_script_compiles_are_muted() {
    pages(
        &[
            (
                "http://a.test/",
                "<!DOCTYPE html><body><script>
                onerror = (message, url, line, column, error) => {
                    console.log(message, url, Boolean(error)); return true;
                };
                </script><script src='http://b.test/x.js'></script><script>
                setTimeout(() => eval('throw new Error(\"own eval\")'));
                setTimeout(() => { throw new Error('own'); });
                </script>",
            ),
            (
                "http://b.test/x.js",
                "setTimeout(() => eval('throw new Error(\"eval\")'));
                 setTimeout(() => (0, eval)('throw new Error(\"indirect eval\")'));
                 setTimeout(Function('throw new Error(\"Function\")'));
                 setTimeout(eval('() => { throw new Error(\"function of eval\") }'));
                 setTimeout(() => eval('}'));
                 try { throw new Error('caught') } catch (error) {
                     console.log(/[\\u0001\\u0002]/.test(error.stack), error.stack.includes('http://b.test/x.js:'));
                 }
                 throw new Error('at once');",
            ),
        ],
        &[
            "false true",
            "Script error.  false",
            "Script error.  false",
            "Script error.  false",
            "Script error.  false",
            "Script error.  false",
            "Script error.  false",
            "Uncaught Error: own eval eval at  true",
            "Uncaught Error: own http://a.test/ true",
        ],
    );
}

#[test]
fn a_blob_url_of_another_origin_is_not_loaded() {
    let page = run(&[
            (
                "http://a.test/",
                "<!DOCTYPE html><body><iframe src='http://b.test/'></iframe><script>
                onmessage = async ({ data: url }) => {
                    const load = (tag, set) => new Promise(resolve => {
                        const element = document.createElement(tag); set(element);
                        element.onload = () => resolve('load'); element.onerror = () => resolve('error');
                        document.body.append(element);
                    });
                    console.log(await load('script', script => script.src = url));
                    console.log(await load('script', script => { script.type = 'module'; script.src = url }));
                    console.log(await import(url).catch(error => error.name));
                    console.log(await new Promise(resolve => {
                        new Worker(url).onerror = () => resolve('error');
                    }));
                };
                </script>",
            ),
            (
                "http://b.test/",
                "<!DOCTYPE html><script>
                parent.postMessage(URL.createObjectURL(
                    new Blob(['console.log(\"ran\")'], { type: 'text/javascript' })), '*')</script>",
            ),
        ]);
    assert_eq!(lines(&page), ["error", "error", "TypeError", "error"]);
}
