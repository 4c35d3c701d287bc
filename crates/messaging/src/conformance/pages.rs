//! Checks with pages in JavaScript.

use super::page_cases::{EXPRESSIONS, PAGES};
use super::report::Report;

/// The functions of the pages of expressions.
const HELPERS: &str = "const clone = structuredClone; let it;
const throws = (f) => { try { f(); return 'nothing'; } catch (error) { return error.name; } };";

/// Checks what scripts see, with pages in JavaScript.
///
/// `run` gets the files of a page, each a URL and a text. It opens the first as a top-level page, runs it until its loop
/// is idle, and returns the lines that `console.log()` wrote: its arguments as strings, with spaces between them. The
/// lines of uncaught exceptions may be among them, in any form.
///
/// A page may lack what the embedder's engine lacks. Its checks then fail by their names: compare
/// [`Report::failed`] with a list.
pub fn check_pages(mut run: impl FnMut(&[(&str, &str)]) -> Vec<String>) -> Report {
    let mut report = Report::default();
    for (group, expressions) in EXPRESSIONS {
        let mut script = HELPERS.to_owned();
        for expression in *expressions {
            script.push_str("\ntry { console.log(String(");
            script.push_str(expression);
            script.push_str(")); } catch (error) { console.log(String(error)); }");
        }
        let page = format!("<!DOCTYPE html><body><script>\n{script}\n</script>");
        let lines = run(&[("http://a.test/", &page)]);
        for (place, expression) in expressions.iter().enumerate() {
            let found = lines.get(place).map_or("no line", String::as_str);
            report.check(format!("{group}: {expression}"), "true", found);
        }
    }
    for page in PAGES {
        let mut found = run(page.files);
        let mut expected: Vec<String> = page.lines.iter().map(|line| (*line).to_owned()).collect();
        if page.in_any_order {
            found.sort();
            expected.sort();
        }
        report.check(page.name, expected.join(" | "), found.join(" | "));
    }
    report
}
