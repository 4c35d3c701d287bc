//! What a page did in one run.

use std::fmt::Write as _;

use super::{ExploreOptions, SameBy};
use crate::dump::DumpFormat;
use crate::output::{ConsoleMessage, Level, Output, ScriptErrorKind};
use crate::page::{Page, RunOutcome};

/// What a page did in one run, as far as outcomes are compared.
///
/// No clock readings are part of it, except those that the page prints.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PageOutcome {
    /// The lines of the console. Those of `console.warn()` and `console.error()` begin with `warning:` and `error:`.
    pub console: Vec<String>,
    /// The text of all documents at the end.
    pub documents: String,
    /// The unhandled errors and rejections.
    pub errors: Vec<String>,
    /// The reasons of dropped messages, in alphabetical order.
    pub drops: Vec<String>,
    /// The tests of the page that did not pass.
    pub tests: Vec<String>,
    /// The assertions that failed, with the reason.
    pub assertions: Vec<String>,
    /// The limit that stopped the page.
    pub limit: Option<String>,
}

/// How an outcome differs from that of the default order. The harmless differences come last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Difference {
    /// In what the page shows.
    Visible,
    /// Only in the order of the lines of the console.
    LineOrder,
    /// Only in the dropped messages, which the page does not show.
    Drops,
    /// In nothing.
    None,
}

impl PageOutcome {
    /// How this outcome differs from another one.
    pub(super) fn difference(&self, other: &Self, same_by: SameBy) -> Difference {
        if self.key(same_by) == other.key(same_by) {
            return Difference::None;
        }
        if self.visible_key(same_by) == other.visible_key(same_by) {
            return Difference::Drops;
        }
        let sorted = |outcome: &Self| {
            let mut outcome = outcome.clone();
            outcome.console.sort_unstable();
            outcome.visible_key(same_by)
        };
        match sorted(self) == sorted(other) {
            true => Difference::LineOrder,
            false => Difference::Visible,
        }
    }

    /// Takes the outcome of a page that has run to its end.
    pub(super) fn of(page: &mut Page, ended: RunOutcome, options: &ExploreOptions) -> Self {
        let mut outcome = Self::default();
        if let Some(failed_tests) = options.failed_tests {
            outcome.tests = failed_tests(page);
        }
        outcome.take_output(page);
        outcome.documents = page.dump(DumpFormat::Text);
        if ended != RunOutcome::Idle {
            let limit = outcome.limit.get_or_insert_with(String::new);
            if limit.is_empty() {
                *limit = match ended {
                    RunOutcome::TimeReached => {
                        "the page was not idle at the limit of time".to_owned()
                    }
                    RunOutcome::TasksReached => {
                        "the page was not idle at the limit of tasks".to_owned()
                    }
                    RunOutcome::LimitReached(limit) => format!("limit of {limit} reached"),
                    _ => "a load was not answered".to_owned(),
                };
            }
        }
        for expression in &options.assertions {
            let result = page.eval(&format!("Boolean({expression}\n)"));
            let why = match result {
                Ok(result) if result == "true" => continue,
                Ok(_) => "it is false".to_owned(),
                Err(error) => error.message,
            };
            outcome.assertions.push(format!("{expression}: {why}"));
        }
        outcome
    }

    fn take_output(&mut self, page: &mut Page) {
        for output in page.take_output() {
            match output {
                Output::Console(ConsoleMessage { level, text, .. }) => {
                    let prefix = match level {
                        Level::Warn => "warning: ",
                        Level::Error => "error: ",
                        _ => "",
                    };
                    let lines = text.split('\n').map(|line| format!("{prefix}{line}"));
                    self.console.extend(lines);
                }
                Output::Error(error) if error.kind == ScriptErrorKind::Limit => {
                    self.limit.get_or_insert(error.to_string());
                }
                Output::Error(error) => self.errors.push(error.to_string()),
                Output::Diagnostic(text) => self.console.push(text),
                Output::Limit(text) => {
                    self.limit.get_or_insert(text);
                }
                Output::Dropped(dropped) => self.drops.push(dropped.reason.to_string()),
            }
        }
        self.drops.sort_unstable();
    }

    /// Whether the run alone is a failure: an error was not handled, or an assertion or a test failed.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        !self.errors.is_empty() || !self.assertions.is_empty() || !self.tests.is_empty()
    }

    /// What makes this outcome different from others, without the dropped messages unless they are what is compared.
    pub(super) fn visible_key(&self, same_by: SameBy) -> String {
        let visible = Self {
            drops: match same_by {
                SameBy::Drops => self.drops.clone(),
                _ => Vec::new(),
            },
            ..self.clone()
        };
        visible.key(same_by)
    }

    /// What makes this outcome different from others.
    pub(super) fn key(&self, same_by: SameBy) -> String {
        let mut key = String::new();
        let is = |part| same_by == SameBy::All || same_by == part;
        if is(SameBy::Console) {
            let _ = write!(key, "{:?}", self.console);
        }
        if is(SameBy::Documents) {
            let _ = write!(key, "{:?}", self.documents);
        }
        if is(SameBy::Errors) {
            let _ = write!(key, "{:?}", self.errors);
        }
        if is(SameBy::Tests) {
            let _ = write!(key, "{:?}", self.tests);
        }
        if is(SameBy::Drops) {
            let _ = write!(key, "{:?}", self.drops);
        }
        // A failed assertion and a limit always count.
        let _ = write!(key, "{:?}{:?}", self.assertions, self.limit);
        key
    }
}
