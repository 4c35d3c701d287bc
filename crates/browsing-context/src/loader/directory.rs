//! Directories served as origins.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use url::Url;

use super::file::{FileError, MAX_FILE, read_regular};
use super::{Loader, content_type_of_path, percent_decode_lossy};
use crate::fetch::{FetchRequest, LoadError, Response};
use crate::origin::Origin;

/// Serves the files of directories, each as the root of an origin. It serves no files outside them: not by `..`, by
/// an encoding of it, or by links. It reads only regular files up to a size. Its errors contain URLs, never paths of
/// the machine.
#[derive(Clone, Debug)]
pub struct DirectoryLoader {
    /// The canonical directories by the serialization of the origin.
    roots: BTreeMap<String, PathBuf>,
    /// The limit on the size of a file, in bytes.
    max_file: u64,
}

impl Default for DirectoryLoader {
    fn default() -> Self {
        Self {
            roots: BTreeMap::new(),
            max_file: MAX_FILE,
        }
    }
}

impl DirectoryLoader {
    /// A loader without any directory.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Refuses files of more than this many bytes. The default is [`MAX_FILE`].
    pub fn set_max_file(&mut self, bytes: u64) -> &mut Self {
        self.max_file = bytes;
        self
    }

    /// Serves `directory` as the origin of the URL `origin`.
    ///
    /// # Errors
    /// [`LoadError::UnsupportedScheme`] when the URL has no tuple origin, [`LoadError::Failed`]
    /// when the directory cannot be read. The error names the origin.
    pub fn mount(&mut self, origin: &Url, directory: &Path) -> Result<&mut Self, LoadError> {
        let url = || origin.to_string();
        let key =
            Origin::of_url(origin).ok_or_else(|| LoadError::UnsupportedScheme { url: url() })?;
        let failed = |error: &io::Error| LoadError::Failed {
            url: url(),
            message: describe(error),
        };
        let root = fs::canonicalize(directory).map_err(|error| failed(&error))?;
        if !root.is_dir() {
            return Err(failed(&io::ErrorKind::NotADirectory.into()));
        }
        self.roots.insert(key.to_string(), root);
        Ok(self)
    }

    /// Whether a directory is served as the origin of this URL.
    #[must_use]
    pub fn serves(&self, url: &Url) -> bool {
        Origin::of_url(url).is_some_and(|origin| self.roots.contains_key(&origin.to_string()))
    }

    /// The file of a URL, if it is inside its root.
    fn resolve(&self, url: &Url) -> Result<PathBuf, LoadError> {
        let text = || url.to_string();
        let origin = Origin::of_url(url)
            .filter(|_| url.scheme() != "blob")
            .ok_or_else(|| LoadError::UnsupportedScheme { url: text() })?;
        let root = self
            .roots
            .get(&origin.to_string())
            .ok_or_else(|| LoadError::UnknownOrigin { url: text() })?;
        let refused = |reason| LoadError::Refused {
            url: text(),
            reason,
        };
        let mut path = root.clone();
        for segment in url.path_segments().into_iter().flatten() {
            let segment = percent_decode_lossy(segment);
            match segment.as_str() {
                "" | "." => {}
                ".." => return Err(refused("the path leads upwards")),
                name if name.contains(['/', '\\', '\0']) => {
                    return Err(refused("a name contains a separator"));
                }
                // Drives and streams on Windows.
                name if cfg!(windows) && name.contains(':') => {
                    return Err(refused("a name contains a colon"));
                }
                name => path.push(name),
            }
        }
        // Canonical paths have no links left, so the comparison uses the targets of links.
        let real = fs::canonicalize(&path).map_err(|error| read_error(url, &error))?;
        if !real.starts_with(root) {
            return Err(refused("a link leads out of the directory"));
        }
        if !real.is_dir() {
            return Ok(real);
        }
        let index =
            fs::canonicalize(real.join("index.html")).map_err(|error| read_error(url, &error))?;
        if !index.starts_with(root) {
            return Err(refused("a link leads out of the directory"));
        }
        Ok(index)
    }
}

impl Loader for DirectoryLoader {
    fn load(&mut self, request: &FetchRequest) -> Result<Response, LoadError> {
        let url = &request.url;
        let path = self.resolve(url)?;
        let mut answered = url.clone();
        // A directory without a slash redirects, as on a web server, so that relative URLs work.
        let names_directory = path.ends_with("index.html") && !url.path().ends_with("index.html");
        if names_directory && !url.path().ends_with('/') {
            answered.set_path(&format!("{}/", url.path()));
        }
        let body = read_regular(&path, self.max_file).map_err(|error| match error {
            FileError::Io(error) => read_error(url, &error),
            FileError::TooLarge(limit) => LoadError::TooLarge {
                url: url.to_string(),
                limit,
            },
            // A pipe or a device is not a file.
            FileError::NotRegular => LoadError::Refused {
                url: url.to_string(),
                reason: "it is not a regular file",
            },
        })?;
        let content_type = content_type_of_path(&path.to_string_lossy());
        // Every origin may read a directory. Otherwise a directory could not serve modules to other origins, because
        // files have no response headers.
        Ok(Response::new(answered, content_type, body)
            .with_header("access-control-allow-origin", "*"))
    }
}

fn read_error(url: &Url, error: &io::Error) -> LoadError {
    let url = url.to_string();
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => LoadError::NotFound { url },
        _ => LoadError::Failed {
            url,
            message: describe(error),
        },
    }
}

/// The message of an error without the number and the path that the system's message may contain.
fn describe(error: &io::Error) -> String {
    error.kind().to_string()
}

/// The path of the URL at which a [`DirectoryLoader`] serves a file.
///
/// A URL that is made by pushing segments loses tabs and line breaks, which names of files may contain.
#[must_use]
pub fn url_path(below: &Path) -> String {
    let mut path = String::new();
    for component in below.components() {
        if let Component::Normal(name) = component {
            path.push('/');
            for char in name.to_string_lossy().chars() {
                if char.is_ascii_control() || matches!(char, '%' | '/' | '\\' | '?' | '#' | ' ') {
                    let _ = write!(path, "%{:02X}", u32::from(char));
                } else {
                    path.push(char);
                }
            }
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::Destination;

    fn load(loader: &mut DirectoryLoader, url: &str) -> Result<Response, LoadError> {
        let url = Url::parse(url).unwrap();
        loader.load(&FetchRequest::new(url, Destination::Document))
    }

    #[test]
    fn every_name_of_a_file_has_a_url() {
        let outer = tempfile::tempdir().unwrap();
        let mut loader = DirectoryLoader::new();
        let mut url = Url::parse("http://localhost/").unwrap();
        loader.mount(&url, outer.path()).unwrap();
        for name in [
            "a\nb", "a\tb", " a b ", "a%20b", "a?b#c", "é", "a\u{85}b", "'\"<>", "..a",
        ] {
            fs::write(outer.path().join(name), name).unwrap();
            url.set_path(&url_path(Path::new(name)));
            let found = load(&mut loader, url.as_str()).unwrap();
            assert_eq!(found.body, name.as_bytes());
        }
        assert_eq!(url_path(Path::new("b/../a b/c")), "/b/a%20b/c");
    }

    #[test]
    fn only_files_below_the_root_are_served() {
        let outer = tempfile::tempdir().unwrap();
        let root = outer.path().join("root");
        fs::create_dir_all(root.join("sub dir")).unwrap();
        fs::write(outer.path().join("secret.txt"), "secret").unwrap();
        fs::write(root.join("a.js"), "1").unwrap();
        fs::write(root.join("sub dir/index.html"), "<p>").unwrap();
        let mut loader = DirectoryLoader::new();
        let origin = Url::parse("http://localhost/").unwrap();
        loader.mount(&origin, &root).unwrap();

        let script = load(&mut loader, "http://localhost/a.js?q#f").unwrap();
        assert_eq!(script.body, b"1");
        assert_eq!(script.content_type.as_deref(), Some("text/javascript"));
        let index = load(&mut loader, "http://localhost/sub%20dir").unwrap();
        assert_eq!(index.url.as_str(), "http://localhost/sub%20dir/");
        assert_eq!(index.content_type.as_deref(), Some("text/html"));

        for (url, expected) in [
            ("http://localhost/..%2fsecret.txt", "refused"),
            ("http://localhost/%2e%2e/secret.txt", "nothing found"),
            ("http://localhost/..%5csecret.txt", "refused"),
            ("http://localhost/a%00.js", "refused"),
            ("http://localhost/nothing.html", "nothing found"),
            ("http://localhost/a.js/b", "nothing found"),
            ("http://localhost:81/a.js", "no loader"),
            ("file:///etc/passwd", "cannot load the scheme"),
        ] {
            let error = load(&mut loader, url).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{url}: {error}");
            assert!(!error.contains(&*outer.path().to_string_lossy()), "{error}");
        }
        let missing = loader.mount(&origin, &outer.path().join("no")).unwrap_err();
        assert!(!missing.to_string().contains("/no"), "{missing}");
    }

    #[test]
    fn size_of_a_file_is_limited() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("a.txt"), "four").unwrap();
        let mut loader = DirectoryLoader::new();
        let origin = Url::parse("http://localhost/").unwrap();
        loader.mount(&origin, root.path()).unwrap();
        assert!(load(&mut loader.clone(), "http://localhost/a.txt").is_ok());
        loader.set_max_file(3);
        assert!(matches!(
            load(&mut loader, "http://localhost/a.txt"),
            Err(LoadError::TooLarge { limit: 3, .. })
        ));
    }

    #[cfg(unix)]
    #[test]
    fn pipe_in_the_directory_is_refused() {
        let root = tempfile::tempdir().unwrap();
        let pipe = root.path().join("a.html");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        let mut loader = DirectoryLoader::new();
        let origin = Url::parse("http://localhost/").unwrap();
        loader.mount(&origin, root.path()).unwrap();
        assert!(matches!(
            load(&mut loader, "http://localhost/a.html"),
            Err(LoadError::Refused { .. })
        ));
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_only_inside_the_root() {
        let outer = tempfile::tempdir().unwrap();
        let root = outer.path().join("root");
        fs::create_dir(&root).unwrap();
        fs::write(outer.path().join("secret.txt"), "secret").unwrap();
        fs::write(root.join("a.txt"), "a").unwrap();
        std::os::unix::fs::symlink("../secret.txt", root.join("out.txt")).unwrap();
        std::os::unix::fs::symlink("a.txt", root.join("in.txt")).unwrap();
        let mut loader = DirectoryLoader::new();
        loader
            .mount(&Url::parse("http://localhost/").unwrap(), &root)
            .unwrap();
        assert_eq!(
            load(&mut loader, "http://localhost/in.txt").unwrap().body,
            b"a"
        );
        assert!(matches!(
            load(&mut loader, "http://localhost/out.txt"),
            Err(LoadError::Refused { .. })
        ));
    }
}
