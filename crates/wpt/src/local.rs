//! Finds the pages of a path outside a checkout of web-platform-tests.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use framepost_browsing_context::loader::{read_regular, url_path};
use framepost_guard::{Named, NamedError, read_named};
use url::Url;

use crate::checkout::PageMeta;
use crate::runner::Place;
use crate::walk::{Walked, walk};

/// The origin of the served directory.
const ORIGIN: &str = "http://localhost/";

/// A page outside a checkout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LocalPage {
    /// A page to run.
    Run {
        /// The path, as named or found.
        name: String,
        place: Place,
        is_long: bool,
    },
    /// A file or folder that cannot be read.
    Unreadable {
        /// The path, as found.
        name: String,
        why: String,
    },
}

/// The reason why the pages of a path could not be found.
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
        /// The reason.
        source: io::Error,
    },
}

/// The pages for `name`: a file of any kind, or all HTML files below a directory that include a testharness.js, in
/// order.
///
/// Only the regular files of a directory are read. A named pipe or device is read within the limits.
pub(crate) fn pages(
    name: &str,
    root: Option<&Path>,
    limits: Named,
) -> Result<Vec<LocalPage>, LocalError> {
    let path = Path::new(name);
    let found = fs::metadata(path).map_err(|_| LocalError::NoSuchFile(name.to_owned()))?;
    if found.is_dir() {
        return below(path, root.unwrap_or(path), limits.size);
    }
    let content = if found.is_file() {
        read_regular(path, limits.size).map_err(io::Error::other)
    } else {
        read_named(path, limits).map_err(into_io)
    };
    let content = content.map_err(unreadable(path))?;
    let meta = PageMeta::read(&content);
    if !found.is_file() {
        return Ok(vec![piped(path, root, &meta, content)?]);
    }
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    let root = root.or(parent).unwrap_or(Path::new("."));
    Ok(vec![page(path, root, &meta)?])
}

/// The pages below a directory.
fn below(directory: &Path, root: &Path, limit: u64) -> Result<Vec<LocalPage>, LocalError> {
    // Listed as a page, so that the report contains it.
    let unreadable = |path: PathBuf, why: String| LocalPage::Unreadable {
        name: path.display().to_string(),
        why: format!("cannot be read: {why}"),
    };
    fs::read_dir(directory).map_err(self::unreadable(directory))?;
    let Walked {
        mut files,
        mut failed,
    } = walk(directory);
    files.retain(|file| {
        let kind = file.extension().and_then(|extension| extension.to_str());
        matches!(kind, Some("html" | "htm" | "xhtml"))
    });
    files.sort_unstable();
    failed.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    let mut pages = Vec::new();
    for file in files {
        match read_regular(&file, limit) {
            Ok(content) => {
                let meta = PageMeta::read(&content);
                if meta.has_testharness {
                    pages.push(page(&file, root, &meta)?);
                }
            }
            // The walk found the target of a link, which is now gone or was replaced.
            Err(error) => pages.push(unreadable(file, error.to_string())),
        }
    }
    let failed = failed.into_iter();
    pages.extend(failed.map(|(path, error)| unreadable(path, error.to_string())));
    Ok(pages)
}

fn unreadable(path: &Path) -> impl Fn(io::Error) -> LocalError {
    move |source| LocalError::Unreadable {
        path: path.to_owned(),
        source,
    }
}

fn into_io(error: NamedError) -> io::Error {
    match error {
        NamedError::Io(error) => error,
        other => io::Error::other(other),
    }
}

/// A page that was read from a pipe or a device. It is served only with a root that the user names.
fn piped(
    path: &Path,
    root: Option<&Path>,
    meta: &PageMeta,
    content: Vec<u8>,
) -> Result<LocalPage, LocalError> {
    let name = path.display().to_string();
    let file = path.file_name().unwrap_or_default();
    let root = match root {
        Some(root) => Some(fs::canonicalize(root).map_err(unreadable(root))?),
        None => None,
    };
    let mut url = Url::parse(ORIGIN).map_err(|_| LocalError::NoSuchFile(name.clone()))?;
    url.set_path(&url_path(Path::new(file)));
    Ok(LocalPage::Run {
        name,
        place: Place::Text {
            url: url.into(),
            content,
            root,
        },
        is_long: meta.is_long,
    })
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
    url.set_path(&url_path(below));
    Ok(LocalPage::Run {
        name,
        place: Place::Directory {
            root: resolved_root,
            url: url.into(),
        },
        is_long: meta.is_long,
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::testing::files as directory;

    const HARNESS: &str = "<script src='../resources/testharness.js'></script>";

    const LIMITS: Named = Named {
        size: 1000,
        wait: Duration::from_secs(60),
    };

    fn pages(name: &str, root: Option<&Path>) -> Result<Vec<LocalPage>, LocalError> {
        super::pages(name, root, LIMITS)
    }

    /// The URLs of pages, and the reasons of those that cannot be read.
    fn urls(pages: &[LocalPage]) -> Vec<&str> {
        let url = |page| match page {
            &LocalPage::Run {
                place: Place::Directory { ref url, .. } | Place::Text { ref url, .. },
                ..
            } => url.as_str(),
            LocalPage::Unreadable { why, .. } => why.as_str(),
            other => panic!("{other:?}"),
        };
        pages.iter().map(url).collect()
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
        let found = pages(tests.to_str().unwrap(), Some(held.path())).unwrap();
        assert_eq!(
            urls(&found),
            ["http://localhost/t/a.html", "http://localhost/t/b%20c.html"]
        );
        let found = pages(tests.to_str().unwrap(), None).unwrap();
        assert_eq!(
            urls(&found),
            ["http://localhost/a.html", "http://localhost/b%20c.html"]
        );
    }

    #[test]
    fn named_file_is_always_a_page() {
        let held = directory(&[("t/plain.html", "<meta name=timeout content=long>")]);
        let file = held.path().join("t/plain.html");
        let found = pages(file.to_str().unwrap(), None).unwrap();
        assert_eq!(urls(&found), ["http://localhost/plain.html"]);
        let LocalPage::Run { name, is_long, .. } = &found[0] else {
            panic!("{found:?}");
        };
        assert!(*is_long);
        assert_eq!(*name, file.display().to_string());
    }

    #[test]
    fn missing_page_is_an_error() {
        let held = directory(&[("t/a.html", ""), ("u/b.html", "")]);
        let path = |name: &str| held.path().join(name);
        let error = |name: &str, root: Option<&Path>| pages(name, root).unwrap_err();
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

    #[cfg(unix)]
    #[test]
    fn malformed_directory_fails_only_its_rows() {
        let held = directory(&[("a.html", HARNESS), ("sub/b.html", HARNESS)]);
        let path = |name: &str| held.path().join(name);
        let made = std::process::Command::new("mkfifo")
            .args([path("pipe.html"), path("sub/pipe.htm")])
            .status();
        assert!(made.unwrap().success());
        std::os::unix::fs::symlink("..", path("sub/up")).unwrap();
        std::os::unix::fs::symlink("gone", path("dangling.html")).unwrap();
        std::os::unix::fs::symlink("/dev/zero", path("zero.html")).unwrap();
        std::fs::create_dir(path("folder.html")).unwrap();
        let large = std::fs::File::create(path("large.html")).unwrap();
        large.set_len(1 << 40).unwrap();
        let found = pages(held.path().to_str().unwrap(), None).unwrap();
        assert_eq!(
            urls(&found),
            [
                "http://localhost/a.html",
                "cannot be read: larger than 0 MiB",
                "http://localhost/sub/b.html",
                "cannot be read: No such file or directory (os error 2)",
            ]
        );
    }
}
