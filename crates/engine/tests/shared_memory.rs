//! `SharedArrayBuffer`: where there is one, and who shares its memory.
#![allow(clippy::unwrap_used, missing_docs)]

use framepost::{Page, PageOptions};

const CHILD: &str = "<script>onmessage = e => { new Uint8Array(e.data)[0]++; \
    parent.postMessage([e.data instanceof SharedArrayBuffer, e.data.byteLength], '*') }; \
    onmessageerror = e => parent.postMessage('messageerror ' + e.data, '*')</script>";

fn page(isolated: bool, frame: &str) -> Page {
    let url = |text: &str| text.parse::<url::Url>().unwrap();
    let html = format!(
        "<script>var got = []; onmessage = e => got.push(e.data)</script><iframe src='{frame}'></iframe>"
    );
    let options = PageOptions::new()
        .document(url("http://a.test/"), html)
        .document(url("http://a.test/child"), CHILD)
        .document(url("http://b.test/child"), CHILD)
        .cross_origin_isolated(isolated);
    let mut page = Page::open(url("http://a.test/"), options).unwrap();
    let _ = page.run_until_idle();
    page
}

#[test]
fn without_isolation_there_is_none() {
    let mut page = page(false, "child");
    let text = page.eval("[typeof SharedArrayBuffer, crossOriginIsolated].join()");
    assert_eq!(text.unwrap(), "undefined,false");
}

#[test]
fn windows_of_one_origin_share_it() {
    let mut page = page(true, "child");
    let _ = page
        .eval("var s = new SharedArrayBuffer(4); frames[0].postMessage(s, '*')")
        .unwrap();
    let _ = page.run_until_idle();
    let text = page.eval("JSON.stringify([crossOriginIsolated, got, new Uint8Array(s)[0]])");
    assert_eq!(text.unwrap(), "[true,[[true,4]],1]");
    let text = page.eval(
        "var c = structuredClone([s, new Int16Array(s, 2)]); new Uint8Array(c[0])[1] = 9; \
         [c[0] !== s, c[1].buffer === c[0], c[1].byteOffset, new Uint8Array(s)[1]].join()",
    );
    assert_eq!(text.unwrap(), "true,true,2,9");
    let text = page.eval("try { structuredClone(1, {transfer: [s]}) } catch (e) { e.name }");
    assert_eq!(text.unwrap(), "DataCloneError");
}

#[test]
fn another_origin_hears_of_an_error() {
    let mut page = page(true, "http://b.test/child");
    let _ = page
        .eval("frames[0].postMessage(new SharedArrayBuffer(4), '*')")
        .unwrap();
    let _ = page.run_until_idle();
    assert_eq!(page.eval("got.join()").unwrap(), "messageerror null");
}
