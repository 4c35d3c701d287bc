//! The result of the checks.

use std::fmt;

/// A check that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failed {
    /// The name of the check.
    pub name: String,
    /// What was expected.
    pub expected: String,
    /// What was found.
    pub found: String,
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.name)?;
        writeln!(f, "    expected: {}", self.expected)?;
        write!(f, "    found:    {}", self.found)
    }
}

/// The results of all checks of a function. `Display` prints the failures.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Report {
    passed: usize,
    failures: Vec<Failed>,
}

impl Report {
    /// The failures, in the order of the checks.
    #[must_use]
    pub fn failures(&self) -> &[Failed] {
        &self.failures
    }

    /// The names of the failures.
    #[must_use]
    pub fn failed(&self) -> Vec<&str> {
        self.failures.iter().map(|it| it.name.as_str()).collect()
    }

    /// How many checks passed.
    #[must_use]
    pub fn passed(&self) -> usize {
        self.passed
    }

    /// Records a check. It passes if both texts are equal.
    pub(super) fn check(
        &mut self,
        name: impl Into<String>,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) {
        let (expected, found) = (expected.into(), found.into());
        if expected == found {
            self.passed += 1;
        } else {
            self.failures.push(Failed {
                name: name.into(),
                expected: shorten(expected),
                found: shorten(found),
            });
        }
    }

    /// Records a check of values that `Debug` shows.
    #[allow(
        clippy::needless_pass_by_value,
        reason = "the checks have no other use for them"
    )]
    pub(super) fn equal<T: fmt::Debug>(&mut self, name: impl Into<String>, expected: T, found: T) {
        self.check(name, format!("{expected:?}"), format!("{found:?}"));
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let failed = self.failures.len();
        write!(f, "{} checks passed, {failed} failed", self.passed)?;
        for failure in &self.failures {
            write!(f, "\n{failure}")?;
        }
        Ok(())
    }
}

/// The longest text of a failure.
const LONGEST: usize = 600;

fn shorten(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(end);
        text.push('…');
    }
    text
}
