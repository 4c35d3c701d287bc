//! Finds the pages that names, URLs and directories stand for.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use framepost::HttpOptions;

pub use crate::local::LocalError;

use crate::checkout::{self, ManifestError, Test};
use crate::local::{self, LocalPage};
use crate::runner::{Job, Place};

/// What to test.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Selection {
    /// Files, URLs and directories; with a [checkout](Self::checkout), paths and URLs of its server.
    pub names: Vec<String>,
    /// A checkout of web-platform-tests.
    pub checkout: Option<PathBuf>,
    /// The directory to serve, instead of the one that a page is in or that is named.
    pub root: Option<PathBuf>,
    /// How to load over the network what no directory serves; a checkout never does.
    pub http: Option<HttpOptions>,
    /// How much address space a page's process may have, in MiB.
    pub memory: u64,
}

impl Selection {
    /// These names, without a checkout and without a network; 2 GiB a page.
    pub fn new(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            names: names.into_iter().map(Into::into).collect(),
            checkout: None,
            root: None,
            http: None,
            memory: 2048,
        }
    }

    /// The pages that the names stand for, each once, in the order of the names.
    pub fn items(&self) -> Result<Vec<Item>, SelectionError> {
        let mut items: Vec<Item> = Vec::new();
        let mut seen = HashSet::new();
        for name in &self.names {
            let found = match &self.checkout {
                Some(root) => self.of_checkout(root, name)?,
                None => self.of_directory_or_network(name)?,
            };
            if found.is_empty() {
                return Err(SelectionError::Nothing(name.clone()));
            }
            let new = found
                .into_iter()
                .filter(|item| seen.insert(item.test().to_owned()));
            items.extend(new);
        }
        Ok(items)
    }

    fn of_checkout(&self, root: &Path, name: &str) -> Result<Vec<Item>, SelectionError> {
        if !root.is_dir() {
            return Err(SelectionError::NoSuchDirectory(root.to_owned()));
        }
        let tests = checkout::tests(root, &path_of(name)?)?;
        let item = |test: Test| match test.skip {
            Some(reason) => Item::Skip {
                test: test.name,
                reason,
            },
            None => Item::Run(Job {
                place: Place::Wpt {
                    root: root.to_owned(),
                    url: test.url(),
                },
                is_long: test.is_long,
                http: None,
                test: test.name,
                memory: self.memory,
            }),
        };
        Ok(tests.into_iter().map(item).collect())
    }

    fn of_directory_or_network(&self, name: &str) -> Result<Vec<Item>, SelectionError> {
        if is_http(name) {
            let offline = || SelectionError::Offline {
                url: name.to_owned(),
            };
            return Ok(vec![Item::Run(Job {
                test: name.to_owned(),
                place: Place::Network {
                    url: name.to_owned(),
                },
                is_long: false,
                http: Some(self.http.clone().ok_or_else(offline)?),
                memory: self.memory,
            })]);
        }
        let pages = local::pages(name, self.root.as_deref())?;
        let item = |page: LocalPage| {
            Item::Run(Job {
                test: page.name,
                place: Place::Directory {
                    root: page.root,
                    url: page.url,
                },
                is_long: page.is_long,
                http: self.http.clone(),
                memory: self.memory,
            })
        };
        Ok(pages.into_iter().map(item).collect())
    }
}

/// A page to run or to skip.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Item {
    /// The page is run.
    Run(Job),
    /// The page is reported as skipped.
    Skip {
        /// The name of the page in the report.
        test: String,
        /// Why it is not run.
        reason: String,
    },
}

impl Item {
    /// The name of the page in the report.
    #[must_use]
    pub fn test(&self) -> &str {
        match self {
            Self::Run(Job { test, .. }) | Self::Skip { test, .. } => test,
        }
    }
}

/// Why pages could not be selected.
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
    /// A URL of another server than that of web-platform-tests.
    #[error("{url} is not served by a checkout of web-platform-tests")]
    NotServed {
        /// The URL.
        url: String,
    },
    /// A URL, and no network.
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

/// The path and query of a test that is named by its path or its URL.
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
