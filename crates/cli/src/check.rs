//! Fixtures: pages with their expected output.
//!
//! A fixture is a directory. `docs/fixtures.md` describes its files.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use framepost::{DumpFormat, HttpOptions, Resolve};
use framepost_browsing_context::loader::{FileError, MAX_FILE, read_regular};
use serde::Deserialize;
use thiserror::Error;
use url::Url;

use crate::route::Route;
use crate::run::{DEFAULT_STACK, RunError, RunOptions, Transcript, is_pipe, run};

/// The file with the options of a fixture.
const OPTIONS: &str = "fixture.toml";
/// The file with the expected output.
const EXPECTED: &str = "expected.txt";
/// The page, unless the options name another.
const PAGE: &str = "index.html";

/// The result of a fixture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checked {
    /// The output is as expected.
    Same,
    /// The output differed, and was written as the expected output.
    Blessed,
    /// The output differs: `-` marks expected lines, `+` those of the output.
    Differs(String),
}

/// The reason why a fixture could not be run.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FixtureError {
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file, as the fixture was named.
        path: PathBuf,
        /// Why.
        source: FileError,
    },
    /// The expected output is a link, which is not followed for writing.
    #[error("{0}: not written, because it is a link")]
    Link(PathBuf),
    /// The options are invalid.
    #[error("{path}: {message}")]
    Options {
        /// The file with the options.
        path: PathBuf,
        /// Why.
        message: String,
    },
    /// The page could not be run.
    #[error("{path}: {source}")]
    Run {
        /// The fixture.
        path: PathBuf,
        /// Why.
        source: RunError,
    },
    /// The directory contains no fixture.
    #[error("{0} is not a fixture: it has neither index.html nor fixture.toml")]
    NoFixture(PathBuf),
}

/// The options in a `fixture.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Options {
    page: Option<String>,
    origins: BTreeMap<String, PathBuf>,
    route: Vec<String>,
    click: Vec<String>,
    eval: Vec<String>,
    max_time: Option<f64>,
    max_tasks: Option<u64>,
    dump: Option<Dump>,
    network: bool,
    resolve: BTreeMap<String, String>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Dump {
    Text,
    Html,
    None,
}

/// The fixtures of a directory: itself, or those in it in the order of their names.
pub fn fixtures(directory: &Path) -> Result<Vec<PathBuf>, FixtureError> {
    if is_fixture(directory) {
        return Ok(vec![directory.to_owned()]);
    }
    let file = |source: io::Error| FixtureError::File {
        path: directory.to_owned(),
        source: source.into(),
    };
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).map_err(file)? {
        let path = entry.map_err(file)?.path();
        if is_fixture(&path) {
            found.push(path);
        }
    }
    if found.is_empty() {
        return Err(FixtureError::NoFixture(directory.to_owned()));
    }
    found.sort();
    Ok(found)
}

fn is_fixture(directory: &Path) -> bool {
    // Even if it is not a regular file: this is reported, not skipped.
    let exists = |name: &str| directory.join(name).symlink_metadata().is_ok();
    exists(OPTIONS) || exists(PAGE)
}

/// The options for checking a fixture.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CheckOptions {
    /// Whether different output is accepted as the expected output.
    pub bless: bool,
    /// The network options of a fixture with `network = true`; `None` means no network.
    pub http: Option<HttpOptions>,
    /// The limit on the size of a file, in bytes.
    pub max_load: u64,
    /// The size of the stack of a page, in bytes.
    pub stack: usize,
}

impl Default for CheckOptions {
    fn default() -> Self {
        Self {
            bless: false,
            http: None,
            max_load: MAX_FILE,
            stack: DEFAULT_STACK,
        }
    }
}

impl CheckOptions {
    /// Reports differences, and uses no network.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Accepts different output as the expected output.
    #[must_use]
    pub fn bless(mut self, bless: bool) -> Self {
        self.bless = bless;
        self
    }

    /// Lets fixtures with `network = true` load over the network.
    #[must_use]
    pub fn http(mut self, http: impl Into<Option<HttpOptions>>) -> Self {
        self.http = http.into();
        self
    }
}

/// Runs a fixture and compares its output with the expected output.
pub fn check(fixture: &Path, options: &CheckOptions) -> Result<Checked, FixtureError> {
    let path = fixture.join(EXPECTED);
    // A checkout may have converted the line endings.
    let expected = read(&path)?.map(|expected| expected.replace("\r\n", "\n"));
    let shown = transcript(fixture, options)?;
    if expected.as_ref() == Some(&shown) {
        return Ok(Checked::Same);
    }
    if options.bless {
        // A link may lead out of the fixture.
        if path.is_symlink() {
            return Err(FixtureError::Link(path));
        }
        return match fs::write(&path, shown) {
            Ok(()) => Ok(Checked::Blessed),
            Err(error) => Err(FixtureError::File {
                path,
                source: error.into(),
            }),
        };
    }
    let expected = expected.unwrap_or_default();
    let difference = similar::TextDiff::from_lines(expected.as_str(), shown.as_str())
        .unified_diff()
        .context_radius(3)
        .header("expected", "shown")
        .to_string();
    Ok(Checked::Differs(difference))
}

/// The output of a fixture: the standard output of the command, then its standard error, then the exit status unless
/// it is 0.
pub fn transcript(fixture: &Path, options: &CheckOptions) -> Result<String, FixtureError> {
    let options = run_options(fixture, options)?;
    let lines = Arc::new(Mutex::new(Lines::default()));
    let status =
        run(&options, Recorder(Arc::clone(&lines))).map_err(|source| FixtureError::Run {
            path: fixture.to_owned(),
            source,
        })?;
    let lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
    let mut text = lines.out.clone();
    if !lines.err.is_empty() {
        text.push_str("--- standard error ---\n");
        text.push_str(&lines.err);
    }
    if status.code() != 0 {
        text.push_str(&format!("--- exit status {} ---\n", status.code()));
    }
    Ok(text)
}

/// The text of a file of a fixture; `None` if there is none.
fn read(path: &Path) -> Result<Option<String>, FixtureError> {
    let content = match read_regular(path, MAX_FILE) {
        Ok(content) => String::from_utf8(content)
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "not UTF-8").into()),
        Err(FileError::Io(error)) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => Err(error),
    };
    content.map(Some).map_err(|source| FixtureError::File {
        path: path.to_owned(),
        source,
    })
}

fn run_options(fixture: &Path, check: &CheckOptions) -> Result<RunOptions, FixtureError> {
    let path = fixture.join(OPTIONS);
    let text = read(&path)?.unwrap_or_default();
    let wrong = |message: String| FixtureError::Options {
        path: path.clone(),
        message,
    };
    let parsed: Options = toml::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    let page = match parsed.page {
        Some(url) if url.starts_with("http://") || url.starts_with("https://") => url,
        page => {
            let file = fixture.join(page.as_deref().unwrap_or(PAGE));
            // A pipe is read only if the user names it.
            if is_pipe(&file) {
                return Err(FixtureError::File {
                    path: file,
                    source: FileError::NotRegular,
                });
            }
            file.to_string_lossy().into_owned()
        }
    };
    let mut options = RunOptions::new(page);
    options.root = Some(fixture.to_owned());
    options.max_load = check.max_load;
    options.stack = check.stack;
    for (origin, directory) in parsed.origins {
        let url = Url::parse(&origin).map_err(|error| wrong(format!("{origin}: {error}")))?;
        options.origins.push((url, fixture.join(directory)));
    }
    for text in &parsed.route {
        let route: Result<Route, _> = text.parse();
        let route = route.map_err(|error| wrong(error.to_string()))?;
        options.routes.push(route.below(fixture));
    }
    options.clicks = parsed.click;
    if parsed.network {
        options.http.clone_from(&check.http);
    }
    for (host, address) in &parsed.resolve {
        let resolve = Resolve::new(host, address).map_err(|error| wrong(error.to_string()))?;
        if let Some(http) = &mut options.http {
            // The last entry of a host wins, and those of the command line come later.
            http.resolve.insert(0, resolve);
        }
    }
    options.evals = parsed.eval;
    if let Some(seconds) = parsed.max_time {
        options.max_time = Duration::try_from_secs_f64(seconds)
            .map_err(|error| wrong(format!("max-time: {error}")))?;
    }
    options.max_tasks = parsed.max_tasks.unwrap_or(options.max_tasks);
    options.dump = match parsed.dump {
        None | Some(Dump::Text) => Some(DumpFormat::Text),
        Some(Dump::Html) => Some(DumpFormat::Html),
        Some(Dump::None) => None,
    };
    Ok(options)
}

#[derive(Default)]
struct Lines {
    out: String,
    err: String,
}

struct Recorder(Arc<Mutex<Lines>>);

impl Transcript for Recorder {
    fn out(&mut self, line: &str) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.out.push_str(line);
        lines.out.push('\n');
    }

    fn err(&mut self, line: &str) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.err.push_str(line);
        lines.err.push('\n');
    }
}
