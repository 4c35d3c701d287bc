//! `framepost merge`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use framepost_wpt::report::{ReportError, read_report};

use super::results::{Results, ResultsError};
use super::{cannot, output, results};

/// Combine the reports of several runs.
///
/// The reports come from `framepost test --report` or `--format json`, for instance one for each `--shard`. The
/// result is the same, to the byte, as that of one run of all tests.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Reports, in any order.
    #[arg(value_name = "REPORT", required = true)]
    reports: Vec<PathBuf>,

    #[command(flatten)]
    results: results::Destinations,
}

#[derive(Debug, thiserror::Error)]
enum MergeError {
    #[error(transparent)]
    Results(#[from] ResultsError),
    #[error("{path}: {source}")]
    Report { path: PathBuf, source: ReportError },
    #[error("the reports contain two results of {test}: in {} and in {}", .one.display(), .other.display())]
    Twice {
        test: String,
        one: PathBuf,
        other: PathBuf,
    },
}

pub(super) fn main(arguments: &Arguments) -> ExitCode {
    match merge(arguments) {
        Ok(true) => output::exit_code(0),
        Ok(false) => output::exit_code(1),
        Err(error) => cannot(&error),
    }
}

fn merge(arguments: &Arguments) -> Result<bool, MergeError> {
    let mut merged = BTreeMap::new();
    for path in &arguments.reports {
        let pages = read_report(&results::read(path)?).map_err(|source| MergeError::Report {
            path: path.clone(),
            source,
        })?;
        for page in pages {
            let test = page.test.clone();
            if let Some((_, one)) = merged.insert(test.clone(), (page, path)) {
                return Err(MergeError::Twice {
                    test,
                    one: one.clone(),
                    other: path.clone(),
                });
            }
        }
    }
    let mut results = Results::new(&arguments.results)?;
    for (page, _) in merged.into_values() {
        if let Some(lines) = results.add(page) {
            output::out(&lines);
        }
    }
    Ok(results.finish()?)
}
