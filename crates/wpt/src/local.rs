//! Finds the pages of a path outside a checkout of web-platform-tests.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use url::Url;

use crate::checkout::PageMeta;

/// The origin of the served directory.
const ORIGIN: &str = "http://localhost/";

/// A page in a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LocalPage {
    /// The path, as named or found.
    pub(crate) name: String,
    /// The directory to serve.
    pub(crate) root: PathBuf,
    pub(crate) url: String,
    pub(crate) is_long: bool,
}

/// Why the pages of a path could not be found.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LocalError {
    /// The path does not exist.
    #[error("no such file or directory: {0}")]
    NoSuchFile(String),
    /// A page that the served directory does not contain.
    #[error("{page} is not below {root}")]
    OutsideRoot {
        /// The page.
        page: String,
        /// The directory.
        root: PathBuf,
    },
    /// A file or directory cannot be read.
    #[error("cannot read {path}: {source}")]
    Unreadable {
        /// The file or directory.
        path: PathBuf,
        /// Why it cannot be read.
        source: io::Error,
    },
}

/// The pages that `name` stands for: a file of any kind, or all HTML files below a directory that
/// include a testharness.js, in order.
pub(crate) fn pages(name: &str, root: Option<&Path>) -> Result<Vec<LocalPage>, LocalError> {
    let path = Path::new(name);
    if path.is_dir() {
        let root = root.unwrap_or(path);
        let mut files = Vec::new();
        html_files(path, &mut files)?;
        files.sort_unstable();
        let mut pages = Vec::new();
        for file in files {
            let meta = meta(&file)?;
            if meta.has_testharness {
                pages.push(page(&file, root, &meta)?);
            }
        }
        return Ok(pages);
    }
    if !path.is_file() {
        return Err(LocalError::NoSuchFile(name.to_owned()));
    }
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    let root = root.or(parent).unwrap_or(Path::new("."));
    Ok(vec![page(path, root, &meta(path)?)?])
}

fn unreadable(path: &Path) -> impl Fn(io::Error) -> LocalError {
    move |source| LocalError::Unreadable {
        path: path.to_owned(),
        source,
    }
}

fn meta(file: &Path) -> Result<PageMeta, LocalError> {
    Ok(PageMeta::read(&fs::read(file).map_err(unreadable(file))?))
}

fn html_files(directory: &Path, files: &mut Vec<PathBuf>) -> Result<(), LocalError> {
    let mut directories = vec![directory.to_owned()];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(&directory).map_err(unreadable(&directory))? {
            let path = entry.map_err(unreadable(&directory))?.path();
            let kind = path.extension().and_then(|extension| extension.to_str());
            if path.is_dir() {
                directories.push(path);
            } else if matches!(kind, Some("html" | "htm" | "xhtml")) {
                files.push(path);
            }
        }
    }
    Ok(())
}

fn page(file: &Path, root: &Path, meta: &PageMeta) -> Result<LocalPage, LocalError> {
    let name = file.display().to_string();
    let outside = || LocalError::OutsideRoot {
        page: name.clone(),
        root: root.to_owned(),
    };
    let resolved = fs::canonicalize(file).map_err(unreadable(file))?;
    let resolved_root = fs::canonicalize(root).map_err(unreadable(root))?;
    let below = resolved
        .strip_prefix(&resolved_root)
        .map_err(|_| outside())?;
    let mut url = Url::parse(ORIGIN).map_err(|_| outside())?;
    if let Ok(mut segments) = url.path_segments_mut() {
        let parts = below
            .components()
            .map(|part| part.as_os_str().to_string_lossy());
        segments.clear().extend(parts);
    }
    Ok(LocalPage {
        name,
        root: resolved_root,
        url: url.into(),
        is_long: meta.is_long,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::files as directory;

    const HARNESS: &str = "<script src='../resources/testharness.js'></script>";

    fn urls(pages: &[LocalPage]) -> Vec<&str> {
        pages.iter().map(|page| page.url.as_str()).collect()
    }

    #[test]
    fn directory_stands_for_its_pages_with_a_harness() {
        let held = directory(&[
            ("t/b c.html", HARNESS),
            ("t/a.html", HARNESS),
            ("t/plain.html", "<p>"),
            ("t/no.js", HARNESS),
        ]);
        let tests = held.path().join("t");
        let pages = super::pages(tests.to_str().unwrap(), Some(held.path())).unwrap();
        assert_eq!(
            urls(&pages),
            ["http://localhost/t/a.html", "http://localhost/t/b%20c.html"]
        );
        let pages = super::pages(tests.to_str().unwrap(), None).unwrap();
        assert_eq!(
            urls(&pages),
            ["http://localhost/a.html", "http://localhost/b%20c.html"]
        );
    }

    #[test]
    fn named_file_is_always_a_page() {
        let held = directory(&[("t/plain.html", "<meta name=timeout content=long>")]);
        let file = held.path().join("t/plain.html");
        let pages = super::pages(file.to_str().unwrap(), None).unwrap();
        assert_eq!(urls(&pages), ["http://localhost/plain.html"]);
        assert!(pages[0].is_long);
        assert_eq!(pages[0].name, file.display().to_string());
    }

    #[test]
    fn missing_page_is_an_error() {
        let held = directory(&[("t/a.html", ""), ("u/b.html", "")]);
        let path = |name: &str| held.path().join(name);
        let error = |name: &str, root: Option<&Path>| super::pages(name, root).unwrap_err();
        assert!(matches!(
            error("/no/such/file.html", None),
            LocalError::NoSuchFile(_)
        ));
        let file = path("t/a.html");
        assert!(matches!(
            error(file.to_str().unwrap(), Some(&path("u"))),
            LocalError::OutsideRoot { .. }
        ));
    }
}
