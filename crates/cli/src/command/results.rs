//! The results of `framepost test` and `framepost merge`.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ValueEnum;
use framepost_guard::{Named, NamedError, Target, read_named};
use framepost_wpt::expectations::{ExpectationError, Expectations};
use framepost_wpt::outcome::TestOutcome;
use framepost_wpt::{formats, report};

use super::output;

/// The limit on the size of a file with results or expectations, in bytes.
const LARGEST: u64 = 1 << 30;
/// The time to wait for a pipe with such a file.
const WAIT: Duration = Duration::from_secs(60);

/// The destinations of results.
#[derive(Debug, clap::Args)]
pub(super) struct Destinations {
    /// The format of the results on standard output. The formats for tools are sorted by the names of the tests, and
    /// do not depend on --jobs or --shard.
    #[arg(long, value_enum, default_value_t = Format::Lines)]
    format: Format,

    /// Write the results to a file, in the format of wptreport.json.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,

    /// Compare the results with this list of known failures. Each is a line `TEST | SUBTEST | STATUS |
    /// REASON`, without SUBTEST for the page itself. `\|`, `\n` and `\\` stand for a bar, a line break
    /// and a backslash. The run fails if a failure is not listed, or if a listed failure does not happen.
    #[arg(long, value_name = "FILE")]
    expect: Option<PathBuf>,

    /// Write a list for --expect that agrees with this run. It keeps the reasons of the list that
    /// --expect names, and its lines about pages that were not run. A new failure is "not explained yet".
    #[arg(long, value_name = "FILE")]
    write_expect: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Lines for people, each as soon as its page has ended.
    Lines,
    /// JUnit's XML.
    Junit,
    /// The Test Anything Protocol.
    Tap,
    /// wptreport.json.
    Json,
}

/// The reason why results could not be compared or written.
#[derive(Debug, thiserror::Error)]
pub(super) enum ResultsError {
    #[error("cannot read {path}: {source}")]
    Read { path: PathBuf, source: NamedError },
    #[error("{0} is not UTF-8")]
    NotUtf8(PathBuf),
    #[error("cannot write {path}: {source}")]
    Write { path: PathBuf, source: io::Error },
    #[error("{path}: {source}")]
    Expectations {
        path: PathBuf,
        source: ExpectationError,
    },
}

/// Takes results, one page after another.
pub(super) struct Results {
    format: Option<formats::Format>,
    expectations: Expectations,
    report: Option<(PathBuf, Target)>,
    write_expect: Option<(PathBuf, Target)>,
    outcomes: Vec<TestOutcome>,
}

impl Results {
    /// Reads the known failures, and opens the files. So files that cannot be read or written are reported before the
    /// pages run.
    pub(super) fn new(arguments: &Destinations) -> Result<Self, ResultsError> {
        Ok(Self {
            format: match arguments.format {
                Format::Lines => None,
                Format::Junit => Some(formats::Format::Junit),
                Format::Tap => Some(formats::Format::Tap),
                Format::Json => Some(formats::Format::Json),
            },
            expectations: read_expectations(arguments.expect.as_deref())?,
            report: target(arguments.report.as_deref())?,
            write_expect: target(arguments.write_expect.as_deref())?,
            outcomes: Vec::new(),
        })
    }

    /// Takes the result of a page. Returns the lines about it, if they are requested.
    pub(super) fn add(&mut self, outcome: TestOutcome) -> Option<String> {
        let lines = self.format.is_none().then(|| {
            let verdict = self.expectations.judge(&outcome);
            report::describe(&outcome, &verdict)
        });
        self.outcomes.push(outcome);
        lines
    }

    /// The results so far.
    pub(super) fn outcomes(&self) -> &[TestOutcome] {
        &self.outcomes
    }

    /// Writes all results. Returns whether every result was expected.
    pub(super) fn finish(self) -> Result<bool, ResultsError> {
        let outcomes = &self.outcomes;
        let verdicts: Vec<_> = outcomes
            .iter()
            .map(|outcome| self.expectations.judge(outcome))
            .collect();
        match self.format {
            None => output::out(&format!("{}\n", report::summary(verdicts.iter()))),
            Some(format) => {
                let mut text = Vec::new();
                // Writing to memory cannot fail.
                let _ = format.write(&mut text, outcomes, &self.expectations);
                output::out(&String::from_utf8_lossy(&text));
            }
        }
        if let Some((path, file)) = self.report {
            let mut text = Vec::new();
            let written = report::write_report(&mut text, outcomes);
            let written = written.and_then(|()| file.write(&text));
            written.map_err(write_error(&path))?;
        }
        if let Some((path, file)) = self.write_expect {
            let text = self.expectations.updated(outcomes);
            file.write(text.as_bytes()).map_err(write_error(&path))?;
        }
        Ok(verdicts.iter().all(|verdict| verdict.complaints.is_empty()))
    }
}

/// Reads a file that the user named, within generous limits.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, ResultsError> {
    let limits = Named {
        size: LARGEST,
        wait: WAIT,
    };
    read_named(path, limits).map_err(|source| ResultsError::Read {
        path: path.to_owned(),
        source,
    })
}

fn write_error(path: &Path) -> impl FnOnce(io::Error) -> ResultsError {
    let path = path.to_owned();
    move |source| ResultsError::Write { path, source }
}

/// Opens a file to write at the end.
fn target(path: Option<&Path>) -> Result<Option<(PathBuf, Target)>, ResultsError> {
    let Some(path) = path else { return Ok(None) };
    let target = Target::open(path).map_err(write_error(path))?;
    Ok(Some((path.to_owned(), target)))
}

fn read_expectations(path: Option<&Path>) -> Result<Expectations, ResultsError> {
    let Some(path) = path else {
        return Ok(Expectations::default());
    };
    let text =
        String::from_utf8(read(path)?).map_err(|_| ResultsError::NotUtf8(path.to_owned()))?;
    Expectations::parse(&text).map_err(|source| ResultsError::Expectations {
        path: path.to_owned(),
        source,
    })
}
