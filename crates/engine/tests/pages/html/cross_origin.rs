//! Tests of what windows and locations expose to the same and to other origins.

use crate::support::{page, pages};

#[test]
fn cross_origin_window_exposes_only_allowed_members() {
    pages(
        &[
            (
                "http://a.test/",
                "<iframe src=http://b.test/ name=other></iframe><script>
                 const tell = f => { try { return String(f()) } catch (e) { return e.name } };
                 onload = () => {
                   const w = frames[0];
                   console.log(Reflect.ownKeys(w).map(String).join());
                   console.log(Reflect.ownKeys(w.location).map(String).join());
                   console.log(tell(() => w.secret), tell(() => w.document), tell(() => { w.x = 1 }), tell(() => delete w.x),
                     tell(() => Object.defineProperty(w, 'x', { value: 1 })), tell(() => 'x' in w), tell(() => w[5]));
                   console.log(Object.getPrototypeOf(w), tell(() => Object.setPrototypeOf(w, {})), Object.setPrototypeOf(w, null) === w,
                     Object.isExtensible(w), tell(() => Object.preventExtensions(w)), w.then, {}.toString.call(w));
                   console.log(tell(() => w.location.href), tell(() => w.location.mine), Object.getPrototypeOf(w.location));
                   console.log(w.length, w[0] === w.inner, tell(() => w.another), w.parent === window, w.frames === w);
                   const d = Object.getOwnPropertyDescriptor(w, 'parent');
                   console.log(d.get.name, d.get.length, d.set, d.enumerable, d.configurable, d.get === Object.getOwnPropertyDescriptor(w, 'parent').get,
                     d.get instanceof Function);
                   console.log(w.postMessage.name, w.postMessage.length, w.postMessage === w.postMessage, w.postMessage === postMessage);
                   // A member function of our window, called on a window of another origin: only exposed members
                   // work.
                   const of = (name, o = window) => Object.getOwnPropertyDescriptor(o, name).get;
                   console.log(of('parent').call(w) === window, tell(() => of('name').call(w)), tell(() => of('document').call(w)));
                   console.log(new MessageEvent('x', { source: w }).source === w);
                 };
                 </script>",
            ),
            (
                "http://b.test/",
                "<iframe name=inner></iframe><script>var secret = 1; parent_ = 2; window.frames = 'mine'; location.mine = 1</script>",
            ),
        ],
        &[
            "0,window,self,location,close,closed,focus,blur,frames,length,top,opener,parent,postMessage,then,Symbol(Symbol.toStringTag),Symbol(Symbol.hasInstance),Symbol(Symbol.isConcatSpreadable)",
            "href,replace,then,Symbol(Symbol.toStringTag),Symbol(Symbol.hasInstance),Symbol(Symbol.isConcatSpreadable)",
            "SecurityError SecurityError SecurityError SecurityError SecurityError SecurityError SecurityError",
            "null TypeError true true TypeError undefined [object Object]",
            "SecurityError SecurityError null",
            "1 true SecurityError true true",
            "get parent 0 undefined false true true true",
            "postMessage 1 true false",
            "true SecurityError SecurityError",
            "true",
        ],
    );
}

#[test]
fn document_domain_grants_and_revokes_access() {
    pages(
        &[
            (
                "http://x.b.a.test/",
                "<iframe src=http://y.b.a.test/></iframe><iframe id=blank></iframe><script>
                 const see = () => { try { return frames[0].document.title } catch (e) { return e.name } };
                 onload = () => {
                   const inside = document.querySelector('iframe'), all = [document.domain, see(), inside.contentDocument];
                   for (const bad of ['', 'test', 'c.test', '.a.test', 'y.b.a.test'])
                     try { document.domain = bad; all.push('set ' + bad) } catch (e) { all.push(e.name) }
                   console.log(all.join());
                   document.domain = 'b.a.test';
                   console.log(document.domain, see(), inside.contentDocument.title, frames[0].frameElement === inside, origin);
                   // A document that inherited the origin has the domain as well.
                   console.log(blank.contentDocument.domain, blank.contentWindow.document === blank.contentDocument);
                   const w = frames[0], l = w.location, d = w.document;
                   w.eval('document.domain = \"a.test\"');
                   console.log(see(), inside.contentDocument, d.title, (() => { try { return l.href } catch (e) { return e.name } })());
                   console.log(Object.getPrototypeOf(w));
                 };
                 </script>",
            ),
            (
                "http://y.b.a.test/",
                "<title>Y</title><script>document.domain = 'b.a.test'</script>",
            ),
        ],
        &[
            "x.b.a.test,SecurityError,,SecurityError,SecurityError,SecurityError,SecurityError,SecurityError",
            "b.a.test Y Y true http://x.b.a.test",
            "b.a.test true",
            "SecurityError null Y SecurityError",
            "null",
        ],
    );
}

#[test]
fn same_origin_window_internal_methods_follow_the_standard() {
    let script = "
        'use strict';
        const tell = f => { try { return f() } catch (e) { return e.name } };
        console.log(tell(() => Object.preventExtensions(window)), Reflect.preventExtensions(window), Object.isExtensible(window));
        console.log(Reflect.setPrototypeOf(window, {}), tell(() => { window.__proto__ = {} }), Reflect.setPrototypeOf(window, Object.getPrototypeOf(window)));
        console.log(tell(() => { window[0] = 1 }), tell(() => delete window[0]), tell(() => Object.defineProperty(window, 0, { value: 1 })),
          tell(() => Object.defineProperty(window, 7, { value: 1 })), tell(() => delete window[7]), Object.keys(window).slice(0, 2).join());
        const d = Object.getOwnPropertyDescriptor(window, 0);
        console.log(d.value === document.querySelector('iframe').contentWindow, d.writable, d.enumerable, d.configurable);
        Object.defineProperty(window, 'fixed', { value: 1, configurable: false });
        console.log(Object.getOwnPropertyDescriptor(window, 'fixed').configurable, tell(() => delete window.fixed), fixed);
        console.log(Object.getOwnPropertyDescriptor(window, 'document').configurable, Object.getOwnPropertyDescriptor(window, 'Event').writable,
          Object.getOwnPropertyDescriptor(location, 'href').configurable, Reflect.defineProperty(location, 'valueOf', { value: 1 }));
        window.plain = 1; plain = 2; window.plain++;
        console.log(plain, 'plain' in window, delete window.plain, typeof plain);
        console.log(Object.getOwnPropertyDescriptor(window, 'window').get.call(undefined) === window);
    ";
    let expected = [
        "TypeError false true",
        "false TypeError true",
        "TypeError TypeError TypeError TypeError true 0,window",
        "true false true true",
        "false TypeError 1",
        "false true false false",
        "3 true true undefined",
        "true",
    ];
    page(
        &format!("<iframe></iframe><script>{script}</script>"),
        &expected,
    );
    // The results are the same when `document.domain` turns on the origin checks of the proxies.
    let guarded = "document.domain = document.domain";
    pages(
        &[(
            "http://a.test/",
            &format!("<iframe></iframe><script>{guarded}</script><script>{script}</script>"),
        )],
        &expected,
    );
}

#[test]
fn named_properties_find_elements_and_frames() {
    page(
        "<form id=one></form><img name=two><p id=four></p><p id=four></p><iframe name=three></iframe><script>
         const npo = Object.getPrototypeOf(Window.prototype);
         console.log(Object.prototype.toString.call(npo), one === window.one, two.localName, three === frames[0], four.length, typeof five);
         console.log(Object.getOwnPropertyDescriptor(npo, 'one').value === one, window.hasOwnProperty('one'), npo.hasOwnProperty('one'), 'one' in window);
         var one_ = one; one = 1; console.log(one, npo.one === one_, delete window.one, one === one_);
         console.log(Reflect.preventExtensions(npo), Reflect.setPrototypeOf(npo, {}), Reflect.defineProperty(npo, 'x', { value: 1 }), Reflect.deleteProperty(npo, 'one'));
         frames[0].name = 'other'; console.log(typeof three, other === frames[0]);
         document.querySelector('img').remove(); console.log(typeof two);
         </script>",
        &[
            "[object WindowProperties] true img true 2 undefined",
            "true false true true",
            "1 true true true",
            "false false false false",
            "undefined true",
            "undefined",
        ],
    );
}

#[test]
fn discarded_window_keeps_its_document() {
    page(
        "<iframe id=f name=n></iframe><script>
         const w = f.contentWindow, d = w.document, l = w.location;
         d.mark = 1; w.x = 2;
         f.remove();
         console.log(w.document === d, w.document.mark, w.x, w.closed, w.parent, w.length, w.name === '', l === w.location, l.href);
         console.log(w.self === w, w.window === w, w.eval('self') === w, window.length, 0 in window, typeof n);
         </script>",
        &[
            "true 1 2 true null 0 true true about:blank",
            "true true true 0 false undefined",
        ],
    );
}

#[test]
fn function_of_another_origin_acts_on_its_receiver() {
    pages(
        &[
            (
                "http://a.test/",
                "<iframe src=http://b.test/></iframe><iframe src=http://b.test/?2></iframe><script>onmessage = e => console.log('here', e.data, e.source === window);
                 onload = () => { const w = frames[0], other = frames[1], post = w.postMessage;
                    post('bare', '*'); post.call(other, 'other', '*'); post.call(w, 'there', '*'); Reflect.apply(post, null, ['null', '*']);
                    const closed = Object.getOwnPropertyDescriptor(w, 'closed').get; console.log(closed(), closed.call(other));
                    for (const receiver of [{}, 1, document]) try { post.call(receiver, 1, '*') } catch (e) { console.log(e.name) } }</script>",
            ),
            (
                "http://b.test/",
                "<script>onmessage = e => console.log('first', e.data)</script>",
            ),
            (
                "http://b.test/?2",
                "<script>onmessage = e => console.log('second', e.data)</script>",
            ),
        ],
        &[
            "false false",
            "TypeError",
            "TypeError",
            "TypeError",
            "here bare true",
            "second other",
            "first there",
            "here null true",
        ],
    );
}
