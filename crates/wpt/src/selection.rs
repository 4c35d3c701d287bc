//! Finds the pages for names, URLs and directories.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use framepost::HttpOptions;
use framepost_guard::Named;

pub use crate::local::LocalError;

use crate::checkout::{self, ManifestError, Test};
use crate::local::{self, LocalPage};
use crate::runner::{Job, Place, ProcessLimits};

/// The pages to test.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Selection {
    /// Files, URLs and directories; with a [checkout](Self::checkout), paths and URLs of its server.
    pub names: Vec<String>,
    /// A checkout of web-platform-tests.
    pub checkout: Option<PathBuf>,
    /// The directory to serve, instead of the directory of the page or the named directory.
    pub root: Option<PathBuf>,
    /// The network options for URLs that no directory serves. With a checkout: the options for its own
    /// [server](crate::wpt_server), if it runs.
    pub http: Option<HttpOptions>,
    /// The limits of a page's process.
    pub limits: ProcessLimits,
    /// Whether pages have real time instead of virtual time.
    pub wall_clock: bool,
    /// The number of orders of tasks in which each page runs.
    pub explore: u64,
    /// The time to wait for a page that is a pipe.
    pub wait: Duration,
}

impl Selection {
    /// These names, without a checkout and without a network, and with the default limits.
    pub fn new(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            names: names.into_iter().map(Into::into).collect(),
            checkout: None,
            root: None,
            http: None,
            limits: ProcessLimits::default(),
            wall_clock: false,
            explore: 1,
            wait: Duration::from_secs(60),
        }
    }

    /// The pages for the names, each once, in the order of the names.
    ///
    /// A name without a page is [unreadable](Item::Unreadable). It is an error if all names are.
    pub fn items(&self) -> Result<Vec<Item>, SelectionError> {
        if let Some(root) = &self.checkout
            && !root.is_dir()
        {
            return Err(SelectionError::NoSuchDirectory(root.clone()));
        }
        let mut items: Vec<Item> = Vec::new();
        let mut seen = HashSet::new();
        let mut first_error = None;
        for name in &self.names {
            let found = match &self.checkout {
                Some(root) => self.of_checkout(root, name),
                None => self.of_directory_or_network(name),
            };
            let found = found.and_then(|found| match found.is_empty() {
                true => Err(SelectionError::Nothing(name.clone())),
                false => Ok(found),
            });
            let found = found.unwrap_or_else(|error| {
                let why = error.to_string();
                first_error.get_or_insert(error);
                vec![Item::Unreadable {
                    test: name.clone(),
                    why,
                }]
            });
            let new = found
                .into_iter()
                .filter(|item| seen.insert(item.test().to_owned()));
            items.extend(new);
        }
        let all_unreadable = items
            .iter()
            .all(|item| matches!(item, Item::Unreadable { .. }));
        match first_error {
            Some(error) if all_unreadable => Err(error),
            _ => Ok(items),
        }
    }

    fn of_checkout(&self, root: &Path, name: &str) -> Result<Vec<Item>, SelectionError> {
        let tests = checkout::tests(root, &path_of(name)?)?;
        let item = |test: Test| {
            if let Some(reason) = test.skip {
                return Item::Skip {
                    test: test.name,
                    reason,
                };
            }
            if let Some(why) = test.unreadable {
                let why = format!("cannot be read: {why}");
                return Item::Unreadable {
                    test: test.name,
                    why,
                };
            }
            let place = Place::Wpt {
                root: root.to_owned(),
                url: test.url(),
            };
            Item::Run(Box::new(Job {
                is_long: test.is_long,
                http: self.http.clone(),
                limits: self.limits,
                wall_clock: self.wall_clock,
                explore: self.explore,
                ..Job::new(test.name, place)
            }))
        };
        Ok(tests.into_iter().map(item).collect())
    }

    fn of_directory_or_network(&self, name: &str) -> Result<Vec<Item>, SelectionError> {
        if is_http(name) {
            let offline = || SelectionError::Offline {
                url: name.to_owned(),
            };
            let place = Place::Network {
                url: name.to_owned(),
            };
            return Ok(vec![Item::Run(Box::new(Job {
                http: Some(self.http.clone().ok_or_else(offline)?),
                limits: self.limits,
                wall_clock: self.wall_clock,
                explore: self.explore,
                ..Job::new(name, place)
            }))]);
        }
        let limits = Named {
            size: self.limits.load,
            wait: self.wait,
        };
        let pages = local::pages(name, self.root.as_deref(), limits)?;
        let item = |page: LocalPage| match page {
            LocalPage::Run {
                name,
                place,
                is_long,
            } => Item::Run(Box::new(Job {
                is_long,
                http: self.http.clone(),
                limits: self.limits,
                wall_clock: self.wall_clock,
                explore: self.explore,
                ..Job::new(name, place)
            })),
            LocalPage::Unreadable { name, why } => Item::Unreadable { test: name, why },
        };
        Ok(pages.into_iter().map(item).collect())
    }
}

/// A page to run or to skip.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Item {
    /// The page is run.
    Run(Box<Job>),
    /// The page is reported as skipped.
    Skip {
        /// The name of the page in the report.
        test: String,
        /// The reason why it is not run.
        reason: String,
    },
    /// The page cannot be read. It is reported as an error.
    Unreadable {
        /// The name of the page in the report.
        test: String,
        /// The reason why it cannot be read.
        why: String,
    },
}

impl Item {
    /// The name of the page in the report.
    #[must_use]
    pub fn test(&self) -> &str {
        match self {
            Self::Run(job) => &job.test,
            Self::Skip { test, .. } | Self::Unreadable { test, .. } => test,
        }
    }
}

/// The reason why pages could not be selected.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SelectionError {
    /// The checkout does not exist.
    #[error("no such directory: {0}")]
    NoSuchDirectory(PathBuf),
    /// The tests of a checkout could not be listed.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The pages of a directory could not be listed.
    #[error(transparent)]
    Local(#[from] LocalError),
    /// A URL of a server other than that of web-platform-tests.
    #[error("{url} is not served by a checkout of web-platform-tests")]
    NotServed {
        /// The URL.
        url: String,
    },
    /// A URL without a network.
    #[error("{url} is not loaded: --offline")]
    Offline {
        /// The URL.
        url: String,
    },
    /// A directory without tests.
    #[error("nothing to test in {0}")]
    Nothing(String),
}

fn is_http(name: &str) -> bool {
    name.starts_with("http://") || name.starts_with("https://")
}

/// The path and query of a test, from its path or its URL.
fn path_of(name: &str) -> Result<String, SelectionError> {
    if !is_http(name) {
        return Ok(name.to_owned());
    }
    let not_served = || SelectionError::NotServed {
        url: name.to_owned(),
    };
    let url = url::Url::parse(name).map_err(|_| not_served())?;
    if !checkout::is_served(&url) {
        return Err(not_served());
    }
    Ok(url[url::Position::BeforePath..].to_owned())
}
