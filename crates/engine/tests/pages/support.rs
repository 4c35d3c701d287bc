//! Shared helpers: run pages and compare their output.

use std::sync::{Arc, Mutex};

use expect_test::Expect;
use framepost::{Outcome, Output, Page, PageOptions};
use framepost_browsing_context::loader::MemoryLoader;
use url::Url;

/// Opens the first of these documents and runs it until idle.
#[track_caller]
pub(crate) fn run(documents: &[(&str, &str)]) -> Page {
    let mut page = open(documents, PageOptions::new());
    assert_eq!(page.run_until_idle(), Outcome::Idle);
    page
}

/// Opens the first of these documents. The file extension of each URL sets the MIME type.
fn open(documents: &[(&str, &str)], options: PageOptions) -> Page {
    let mut loader = MemoryLoader::new();
    for (url, text) in documents {
        loader.add(url, *text).unwrap();
    }
    let options = options.loader(move || Box::new(loader));
    Page::open(Url::parse(documents[0].0).unwrap(), options).unwrap()
}

/// Returns the console messages of a page.
pub(crate) fn lines(page: &Page) -> Vec<String> {
    let messages = page.console().into_iter();
    messages.map(|message| message.text).collect()
}

/// Returns the output of pages in order, with errors and diagnostics marked.
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
    if outcome != Outcome::Idle {
        lines.push(format!("{outcome:?}"));
    }
    lines
}

/// Checks the output of one page.
#[track_caller]
pub(crate) fn page(html: &str, expected: &[&str]) {
    assert_eq!(outputs(&[("http://a.test/", html)]), expected, "\n{html}\n");
}

/// Checks the output of a page that contains this script.
#[track_caller]
pub(crate) fn script(source: &str, expected: &[&str]) {
    page(
        &format!("<!DOCTYPE html><body><script>{source}</script>"),
        expected,
    );
}

/// Checks the output of several pages. The first one is opened.
#[track_caller]
pub(crate) fn pages(documents: &[(&str, &str)], expected: &[&str]) {
    assert_eq!(outputs(documents), expected);
}

/// Runs a page and compares its console messages and unhandled errors, one per line.
/// `UPDATE_EXPECT=1` writes the actual lines into the test.
#[track_caller]
#[allow(
    clippy::needless_pass_by_value,
    reason = "callers write `expect![[...]]` as the argument"
)]
pub(crate) fn check_page(url: &str, html: &str, expected: Expect) {
    let page = run(&[(url, html)]);
    let mut lines = lines(&page);
    let errors = page.errors().into_iter();
    lines.extend(errors.map(|error| format!("error: {}", error.message)));
    lines.push(String::new());
    expected.assert_eq(&lines.join("\n"));
}

/// Checks a page that contains this script. The script has `log`, which writes its arguments as text, and
/// `thrown`, which returns the name of the exception that a function throws.
#[track_caller]
pub(crate) fn check_script(script: &str, expected: Expect) {
    let html = format!(
        "<!doctype html><body><script>\
         const log = (...a) => console.log(a.map(String).join(' ')); \
         const thrown = f => {{ try {{ return f() }} catch (e) {{ return e.name }} }};\
         {script}</script>"
    );
    check_page("http://localhost/dir/", &html, expected);
}
