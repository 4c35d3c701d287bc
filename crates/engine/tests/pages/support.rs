//! Shared helpers: run pages and compare their output.
//!
//! URLs are relative to `http://a.test/`. Lines are console messages; an unhandled error is a line that
//! begins with `ERROR`.

use std::sync::{Arc, Mutex};

use expect_test::Expect;
use framepost::{Output, Page, PageOptions, RunOutcome};
use framepost_browsing_context::Response;
use framepost_browsing_context::loader::MemoryLoader;
use url::Url;

/// A page with this script.
fn in_page(script: &str) -> String {
    format!("<!DOCTYPE html><body><script>{script}</script>")
}

/// Returns a URL.
pub(crate) fn url(text: &str) -> Url {
    Url::parse("http://a.test/").unwrap().join(text).unwrap()
}

/// Opens the first of these documents. The file extension of each URL sets the MIME type.
pub(crate) fn open(documents: &[(&str, &str)], options: PageOptions) -> Page {
    let mut loader = MemoryLoader::new();
    for (name, text) in documents {
        loader.add(url(name).as_str(), *text).unwrap();
    }
    let options = options.loader(move || Box::new(loader));
    Page::open(url(documents[0].0), options).unwrap()
}

/// Opens one page.
pub(crate) fn open_page(html: &str) -> Page {
    open(&[("", html)], PageOptions::new())
}

/// Runs a page until idle.
#[track_caller]
pub(crate) fn idle(page: &mut Page) {
    assert_eq!(page.run_until_idle(), RunOutcome::Idle);
}

/// Opens the first of these documents and runs it until idle.
#[track_caller]
pub(crate) fn run(documents: &[(&str, &str)]) -> Page {
    let mut page = open(documents, PageOptions::new());
    idle(&mut page);
    page
}

/// Opens a page with this script, beside these files, and runs it until idle.
#[track_caller]
pub(crate) fn run_script(script: &str, files: &[(&str, &str)]) -> Page {
    run_script_with(PageOptions::new(), script, files)
}

/// The same with options.
#[track_caller]
pub(crate) fn run_script_with(options: PageOptions, script: &str, files: &[(&str, &str)]) -> Page {
    let html = in_page(script);
    let mut page = open(&[&[("", &*html)][..], files].concat(), options);
    idle(&mut page);
    page
}

/// A document of a server: its URL, type, text and headers.
pub(crate) type Served<'a> = (&'a str, &'a str, &'a str, &'a [(&'a str, &'a str)]);

/// Runs `http://a.test/` of a server with these documents, and returns its lines.
pub(crate) fn run_served(documents: &[Served<'_>]) -> Vec<String> {
    let mut loader = MemoryLoader::new();
    for (url, content_type, text, headers) in documents {
        let mut response = Response::new(url.parse().unwrap(), *content_type, *text);
        for (name, value) in *headers {
            response = response.with_header(name, *value);
        }
        loader.add_response(response);
    }
    let options = PageOptions::new().loader(move || Box::new(loader));
    let mut page = Page::open("http://a.test/".parse().unwrap(), options).unwrap();
    let _ = page.run_until_idle();
    lines(&page)
}

/// Returns the console messages of a page, then its unhandled errors.
pub(crate) fn lines(page: &Page) -> Vec<String> {
    let messages = page.console().into_iter().map(|message| message.text);
    let errors = page.errors().into_iter();
    messages
        .chain(errors.map(|error| format!("ERROR {error}")))
        .collect()
}

/// Returns the lines of a page as one text.
pub(crate) fn text(page: &Page) -> String {
    lines(page).join("\n")
}

/// Returns the output of pages in order.
#[track_caller]
pub(crate) fn outputs(documents: &[(&str, &str)]) -> Vec<String> {
    let said = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&said);
    let options = PageOptions::new().on_output(move |output| {
        sink.lock().unwrap().push(match output {
            Output::Dropped(_) => return,
            Output::Console(message) => message.text.clone(),
            Output::Error(error) => format!("ERROR {error}"),
            other => format!("{other:?}"),
        });
    });
    let mut page = open(documents, options);
    let outcome = page.run_until_idle();
    drop(page);
    let mut lines = said.lock().unwrap().clone();
    if outcome != RunOutcome::Idle {
        lines.push(format!("{outcome:?}"));
    }
    lines
}

/// Checks the output of one page.
#[track_caller]
pub(crate) fn page(html: &str, expected: &[&str]) {
    page_with(html, &[], expected);
}

/// Checks the output of a page that can load these files.
#[track_caller]
pub(crate) fn page_with(html: &str, files: &[(&str, &str)], expected: &[&str]) {
    let documents = [&[("", html)][..], files].concat();
    assert_eq!(outputs(&documents), expected, "\n{html}\n");
}

/// Checks the output of a page that contains this script.
#[track_caller]
pub(crate) fn script(source: &str, expected: &[&str]) {
    script_with(source, &[], expected);
}

/// Checks the output of a page that contains this script and can load these files.
#[track_caller]
pub(crate) fn script_with(source: &str, files: &[(&str, &str)], expected: &[&str]) {
    page_with(&in_page(source), files, expected);
}

/// Checks the output of several pages. The first one is opened.
#[track_caller]
pub(crate) fn pages(documents: &[(&str, &str)], expected: &[&str]) {
    assert_eq!(outputs(documents), expected);
}

/// Runs a page and compares its lines. `UPDATE_EXPECT=1` writes the actual lines into the test.
#[track_caller]
#[allow(
    clippy::needless_pass_by_value,
    reason = "callers write `expect![[...]]` as the argument"
)]
pub(crate) fn check_page(url: &str, html: &str, expected: Expect) {
    compare(&run(&[(url, html)]), &expected);
}

#[track_caller]
fn compare(page: &Page, expected: &Expect) {
    let mut lines = lines(page);
    lines.push(String::new());
    expected.assert_eq(&lines.join("\n"));
}

/// A page for scripts that are tested: its URL, and what stands before and after a script. A file of tests
/// declares one if its scripts share functions or elements.
pub(crate) struct Setting {
    pub(crate) url: &'static str,
    pub(crate) before: &'static str,
    pub(crate) after: &'static str,
    pub(crate) options: fn() -> PageOptions,
}

impl Setting {
    /// Runs the page with this script and compares its lines.
    #[track_caller]
    #[allow(
        clippy::needless_pass_by_value,
        reason = "callers write `expect![[...]]` as the argument"
    )]
    pub(crate) fn check(&self, script: &str, expected: Expect) {
        let html = format!("{}{script}{}", self.before, self.after);
        let mut page = open(&[(self.url, &html)], (self.options)());
        idle(&mut page);
        compare(&page, &expected);
    }
}

/// An empty page.
pub(crate) const EMPTY: Setting = Setting {
    url: "http://a.test/dir/page.html",
    before: "<!DOCTYPE html><title>t</title><body><script>",
    after: "</script>",
    options: PageOptions::new,
};

/// Checks a page that contains this script. The script has `log`, which writes its arguments as text, and
/// `thrown`, which returns the name of the exception that a function throws.
#[track_caller]
pub(crate) fn check_script(script: &str, expected: Expect) {
    const PAGE: Setting = Setting {
        url: "http://localhost/dir/",
        before: "<!doctype html><body><script>\
            const log = (...a) => console.log(a.map(String).join(' ')); \
            const thrown = f => { try { return f() } catch (e) { return e.name } };",
        after: "</script>",
        options: PageOptions::new,
    };
    PAGE.check(script, expected);
}

/// What function bodies of [`results`] can call.
const HELPERS: &str = "
    var c = structuredClone;
    var thrown = f => { try { f(); return 'no error' } catch (e) { return e.name ?? e } };
    var own = o => Reflect.ownKeys(o).map(String).join();
";

/// Evaluates function bodies in a page, and compares the results as text. The results are the same as in
/// a browser.
#[track_caller]
pub(crate) fn results(cases: &[(&str, &str)]) {
    let mut page = run(&[("", "<!doctype html>")]);
    page.eval(HELPERS).unwrap();
    let mut wrong = String::new();
    for (source, expected) in cases {
        let got = page
            .eval(&format!("String((() => {{ {source} }})())"))
            .unwrap_or_else(|error| format!("{error:?}"));
        if got != *expected {
            wrong += &format!("{source}\n  got:      {got}\n  expected: {expected}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
