//! Builds an object graph in a page from the bytes, clones it with `structuredClone()` and over a port, and
//! compares descriptions of the graph and of its clones.
#![no_main]

use std::cell::RefCell;

use framepost::{Page, PageOptions};
use libfuzzer_sys::fuzz_target;

/// The number of graphs that a page builds before the next page replaces it.
const GRAPHS: usize = 500;

thread_local! {
    static PAGE: RefCell<Option<(Page, usize)>> = const { RefCell::new(None) };
}

fn open() -> Page {
    let url = url::Url::parse("http://a.test/").expect("the URL is valid");
    let html = format!("<script>{}</script>", include_str!("engine_clone.js"));
    let mut page = Page::open(url.clone(), PageOptions::new().document(url, html)).expect("the page opens");
    page.run_until_idle();
    page
}

fuzz_target!(|bytes: &[u8]| {
    PAGE.with_borrow_mut(|held| {
        let (mut page, graphs) = match held.take() {
            Some((page, graphs)) if graphs < GRAPHS => (page, graphs),
            _ => (open(), 0),
        };
        let told = page.eval(&format!("check({bytes:?})"));
        assert_eq!(told.as_deref(), Ok("same"), "structuredClone()");
        page.run_until_idle();
        let told = page.eval("received");
        assert_eq!(told.as_deref(), Ok("same"), "a port");
        assert_eq!(page.errors(), [], "no exception is left");
        let _ = page.take_output();
        *held = Some((page, graphs + 1));
    });
});
