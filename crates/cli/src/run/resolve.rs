//! Resolves the options of a run: the page, and the directories to serve.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use framepost::Page;
use framepost_browsing_context::loader::{DirectoryLoader, Loader, content_type_of_path, url_path};
use framepost_browsing_context::{Destination, FetchRequest, LoadError, Response};
use framepost_guard::{Named, NamedError};
use url::{Position, Url};

use super::{DEFAULT_ORIGIN, RunError, RunOptions};

/// The resolved options.
#[derive(Debug, PartialEq, Eq)]
struct Resolved {
    /// The page's URL.
    url: Url,
    /// The directories with their origins.
    directories: Vec<(Url, PathBuf)>,
    /// The page, if it is a pipe or a device.
    pipe: Option<PathBuf>,
}

fn resolve(options: &RunOptions) -> Result<Resolved, RunError> {
    let mut pipe = None;
    let mut directories = options.origins.clone();
    for (_, directory) in &directories {
        check_directory(directory)?;
    }
    let is_url = options.page.starts_with("http://") || options.page.starts_with("https://");
    let url = if is_url {
        if let Some(root) = &options.root {
            directories.push((default_origin(), root.clone()));
        }
        let bad = |_| RunError::BadUrl(options.page.clone());
        Url::parse(&options.page).map_err(bad)?
    } else if is_pipe(Path::new(&options.page)) {
        let (url, directory) = pipe_page(&options.page, options.root.as_deref())?;
        directories.extend(directory.map(|directory| (default_origin(), directory)));
        pipe = Some(PathBuf::from(&options.page));
        url
    } else {
        let (url, root) = file_page(&options.page, options.root.as_deref())?;
        directories.push((default_origin(), root));
        url
    };
    let mut origins = BTreeSet::new();
    for (origin, _) in &directories {
        let origin = origin.origin().ascii_serialization();
        if !origins.insert(origin.clone()) {
            return Err(RunError::OriginTwice(origin));
        }
    }
    Ok(Resolved {
        url,
        directories,
        pipe,
    })
}

/// Whether a page is a pipe or a device.
pub(crate) fn is_pipe(page: &Path) -> bool {
    page.metadata()
        .is_ok_and(|found| !found.is_file() && !found.is_dir())
}

/// The URL of a page that is a pipe, and the directory to serve, if the user named one.
fn pipe_page(page: &str, root: Option<&Path>) -> Result<(Url, Option<PathBuf>), RunError> {
    if let Some(root) = root {
        check_directory(root)?;
    }
    let name = Path::new(page).file_name().unwrap_or_default();
    let mut url = default_origin();
    url.set_path(&url_path(Path::new(name)));
    Ok((url, root.map(Path::to_owned)))
}

/// Reads a page that is a pipe. The caller limits the time.
fn read_pipe(pipe: &Path, url: &Url, options: &RunOptions) -> Result<Response, RunError> {
    let file = || pipe.display().to_string();
    let limits = Named {
        size: options.max_load,
        wait: Duration::MAX,
    };
    let body = framepost_guard::read_named(pipe, limits).map_err(|error| match error {
        NamedError::TooLarge(limit) => RunError::PipeTooLarge {
            file: file(),
            limit,
        },
        error => RunError::PipeNotRead {
            file: file(),
            why: error.to_string(),
        },
    })?;
    let content_type = match content_type_of_path(url.path()) {
        "application/octet-stream" => "text/html",
        known => known,
    };
    Ok(Response::new(url.clone(), content_type, body))
}

/// A page that is there, and what serves it.
pub(crate) struct Prepared {
    /// The page's URL.
    pub(crate) url: Url,
    directories: Vec<(Url, PathBuf)>,
    pipe: Option<Response>,
    max_load: u64,
}

impl Prepared {
    /// Resolves the options, and checks that the page can be loaded if no network is needed for that.
    pub(crate) fn new(options: &RunOptions) -> Result<Self, RunError> {
        for selector in &options.clicks {
            Page::check_selector(selector)?;
        }
        let Resolved {
            url,
            directories,
            pipe,
        } = resolve(options)?;
        let pipe = pipe.map(|pipe| read_pipe(&pipe, &url, options));
        let prepared = Self {
            directories,
            pipe: pipe.transpose()?,
            max_load: options.max_load,
            url,
        };
        let mut loader = prepared.loader()?;
        let is_routed = options
            .routes
            .iter()
            .any(|route| route.matches(&prepared.url));
        let has_network = options.http.is_some() || options.har_replay.is_some();
        let is_served = !has_network || loader.directories.serves(&prepared.url);
        if is_served && !is_routed {
            check_page(&prepared.url, options, &mut loader)?;
        }
        Ok(prepared)
    }

    /// Returns a loader for one run.
    pub(crate) fn loader(&self) -> Result<WithPipe, RunError> {
        let mut directories = DirectoryLoader::new();
        directories.set_max_file(self.max_load);
        for (origin, directory) in &self.directories {
            directories.mount(origin, directory)?;
        }
        Ok(WithPipe {
            pipe: self.pipe.clone(),
            directories,
        })
    }
}

/// Serves a page that was read from a pipe, and directories.
pub(crate) struct WithPipe {
    pipe: Option<Response>,
    directories: DirectoryLoader,
}

impl Loader for WithPipe {
    fn load(&mut self, request: &FetchRequest) -> Result<Response, LoadError> {
        match &self.pipe {
            Some(page) if page.url[..Position::AfterPath] == request.url[..Position::AfterPath] => {
                Ok(page.clone())
            }
            _ => self.directories.load(request),
        }
    }
}

/// Loads the page once, to distinguish a page that cannot be loaded from an empty page.
fn check_page(url: &Url, options: &RunOptions, loader: &mut dyn Loader) -> Result<(), RunError> {
    let request = FetchRequest::new(url.clone(), Destination::Document);
    match loader.load(&request) {
        Ok(_) => Ok(()),
        Err(LoadError::NotFound { .. }) => Err(RunError::NoSuchFile(options.page.clone())),
        Err(LoadError::UnknownOrigin { .. }) => Err(RunError::NotServed(options.page.clone())),
        Err(error) => Err(RunError::NotLoaded(error)),
    }
}

fn default_origin() -> Url {
    // The constant is a valid URL.
    #[allow(clippy::expect_used, reason = "no input reaches it")]
    Url::parse(DEFAULT_ORIGIN).expect("the default origin is a URL")
}

fn check_directory(directory: &Path) -> Result<(), RunError> {
    if directory.is_dir() {
        Ok(())
    } else {
        Err(RunError::NoSuchDirectory(directory.display().to_string()))
    }
}

/// The URL of a file, and the directory to serve.
fn file_page(page: &str, root: Option<&Path>) -> Result<(Url, PathBuf), RunError> {
    let file = Path::new(page);
    if !file.exists() {
        return Err(RunError::NoSuchFile(page.to_owned()));
    }
    let (Some(name), true) = (file.file_name(), file.is_file()) else {
        return Err(RunError::NotAFile(page.to_owned()));
    };
    let parent = match file.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => Path::new("."),
    };
    let (root, below) = match root {
        None => (parent.to_owned(), PathBuf::from(name)),
        Some(root) => {
            check_directory(root)?;
            let outside = || RunError::OutsideRoot {
                page: page.to_owned(),
                root: root.display().to_string(),
            };
            // Only the directory of the page is resolved: a symbolic link keeps its own name.
            let resolved = parent.canonicalize().map_err(|_| outside())?;
            let top = root.canonicalize().map_err(|_| outside())?;
            let below = resolved.strip_prefix(top).map_err(|_| outside())?;
            (root.to_owned(), below.join(name))
        }
    };
    let mut url = default_origin();
    url.set_path(&url_path(&below));
    Ok((url, root))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn file_is_a_page_of_the_default_origin() {
        let directory = tempfile::tempdir().unwrap();
        let below = directory.path().join("a b/c#d");
        std::fs::create_dir_all(&below).unwrap();
        let page = below.join("é?.html");
        std::fs::write(&page, "").unwrap();
        let mut options = RunOptions::new(page.to_string_lossy());

        let found = resolve(&options).unwrap();
        assert_eq!(found.url.as_str(), "http://localhost/%C3%A9%3F.html");
        assert_eq!(found.directories, [(default_origin(), below.clone())]);

        options.root = Some(directory.path().to_owned());
        let found = resolve(&options).unwrap();
        let (url, served) = (found.url, found.directories);
        assert_eq!(url.as_str(), "http://localhost/a%20b/c%23d/%C3%A9%3F.html");
        assert_eq!(served, [(default_origin(), directory.path().to_owned())]);
        // And back.
        let mut loader = DirectoryLoader::new();
        loader.mount(&url, &served[0].1).unwrap();
        assert_eq!(check_page(&url, &options, &mut loader), Ok(()));
    }
}
