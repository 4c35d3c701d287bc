//! Lists the tests of a file or of a directory of a checkout.

use std::fs;
use std::io;
use std::path::Path;

use framepost_browsing_context::loader::{FileError, MAX_FILE, read_regular};

use super::hosts;
use super::meta::{Global, PageMeta, ScriptMeta};

/// Directories whose files are not tests, at any depth.
const NOT_TESTS: [&str; 3] = ["resources", "support", "tools"];
/// Directories at the top whose files are not tests.
const NOT_TESTS_AT_THE_TOP: [&str; 1] = ["common"];

/// A test of a checkout.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Test {
    /// The path and query below the checkout's root: `/a/b.any.html?variant`.
    pub name: String,
    /// Whether it has the long timeout.
    pub is_long: bool,
    /// The reason why it cannot be run; `None` if it can.
    pub skip: Option<String>,
    /// The reason why its file cannot be read; `None` if it can.
    pub unreadable: Option<String>,
}

impl Test {
    fn new(name: String, is_long: bool) -> Self {
        let file = name
            .split(['?', '#'])
            .next()
            .unwrap_or(&name)
            .rsplit('/')
            .next();
        let skip = file
            .filter(|file| file.contains(".h2."))
            .map(|_| "needs HTTP/2".to_owned());
        Self {
            name,
            is_long,
            skip,
            unreadable: None,
        }
    }

    /// The URL of the test.
    pub fn url(&self) -> String {
        format!("{}{}", hosts::origin_of_test(&self.name), self.name)
    }
}

/// The reason why tests could not be listed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// There is no such file or directory, and none can be generated.
    #[error("there is no test {0}")]
    NoSuchTest(String),
    /// A file or directory cannot be read.
    #[error("cannot read {path}: {source}")]
    Unreadable {
        /// The file or directory.
        path: String,
        /// The error of the system.
        source: io::Error,
    },
}

/// The tests for `name`: all below a directory, all of a file, or one with a query.
/// The names are in order.
pub fn tests(root: &Path, name: &str) -> Result<Vec<Test>, ManifestError> {
    let (path, variant) = name
        .find(['?', '#'])
        .map_or((name, ""), |at| name.split_at(at));
    let relative = path.trim_matches('/');
    let no_such_test = || ManifestError::NoSuchTest(name.to_owned());
    if relative.split('/').any(|part| part == "..") {
        return Err(no_such_test());
    }
    let target = root.join(relative);
    let mut found = Vec::new();
    if target.is_dir() {
        if variant.is_empty() {
            below(root, relative, &mut found)?;
        }
    } else if target.is_file() {
        found = of_file(root, relative)?;
        if found.is_empty() {
            // A page that the user names is run even if it does not look like a test.
            found.push(Test::new(format!("/{relative}"), false));
        }
        if !variant.is_empty() {
            found = with_variant(&found, &format!("/{relative}"), variant);
        }
    } else {
        let source = super::generated::plan(relative)
            .ok_or_else(no_such_test)?
            .file;
        if root.join(&source).is_file() {
            found = with_variant(&of_file(root, &source)?, &format!("/{relative}"), variant);
        }
    }
    if found.is_empty() && !(target.is_dir() && variant.is_empty()) {
        return Err(no_such_test());
    }
    found.sort_unstable();
    Ok(found)
}

/// The tests at `path`, with `variant` instead of their own if it is given.
fn with_variant(tests: &[Test], path: &str, variant: &str) -> Vec<Test> {
    let at_path = |test: &&Test| test.name.split(['?', '#']).next() == Some(path);
    let mut matching: Vec<Test> = tests.iter().filter(at_path).cloned().collect();
    if !variant.is_empty() {
        matching.truncate(1);
        for test in &mut matching {
            test.name = format!("{path}{variant}");
        }
    }
    matching
}

fn below(root: &Path, relative: &str, found: &mut Vec<Test>) -> Result<(), ManifestError> {
    let mut directories = vec![relative.to_owned()];
    while let Some(directory) = directories.pop() {
        let unreadable = |source| ManifestError::Unreadable {
            path: format!("/{directory}"),
            source,
        };
        for entry in fs::read_dir(root.join(&directory)).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let inside = if directory.is_empty() {
                name.clone()
            } else {
                format!("{directory}/{name}")
            };
            if name.starts_with('.') || is_support(&inside) {
                continue;
            }
            // Links to directories may form cycles; pipes and devices are not tests.
            if entry.file_type().map_err(unreadable)?.is_dir() {
                directories.push(inside);
            } else if entry.path().is_file() {
                found.extend(of_file(root, &inside).unwrap_or_else(|error| {
                    let mut test = Test::new(format!("/{inside}"), false);
                    test.unreadable = Some(match error {
                        ManifestError::Unreadable { source, .. } => source.to_string(),
                        other => other.to_string(),
                    });
                    vec![test]
                }));
            }
        }
    }
    Ok(())
}

fn is_support(relative: &str) -> bool {
    let mut parts = relative.split('/');
    parts.clone().any(|part| NOT_TESTS.contains(&part))
        || parts
            .next()
            .is_some_and(|first| NOT_TESTS_AT_THE_TOP.contains(&first))
}

/// The tests of one file; empty if the file is not a test.
fn of_file(root: &Path, relative: &str) -> Result<Vec<Test>, ManifestError> {
    let file = relative.rsplit('/').next().unwrap_or(relative);
    let (name, extension) = file.rsplit_once('.').unwrap_or((file, ""));
    // A name can contain the kind of test: `name-manual.html`, `name-manual.sub.html`.
    let kind = name
        .rsplit_once('-')
        .and_then(|(_, last)| last.split('.').next());
    if matches!(kind, Some("manual" | "visual" | "crash" | "print"))
        || relative.contains("crashtests/")
    {
        return Ok(Vec::new());
    }
    let read = || {
        read_regular(&root.join(relative), MAX_FILE).map_err(|error| ManifestError::Unreadable {
            path: format!("/{relative}"),
            source: match error {
                FileError::Io(error) => error,
                other => io::Error::other(other),
            },
        })
    };
    match extension {
        "js" => {
            let flags: Vec<&str> = name.split('.').skip(1).collect();
            if !["any", "worker", "window"]
                .iter()
                .any(|flag| flags.contains(flag))
            {
                return Ok(Vec::new());
            }
            Ok(of_script(relative, &flags, &ScriptMeta::read(&read()?)))
        }
        "html" | "htm" | "xhtml" | "xht" | "xml" | "svg" => {
            let meta = PageMeta::read(&read()?);
            if !meta.is_testharness {
                return Ok(Vec::new());
            }
            let variants = if meta.variants.is_empty() {
                vec![String::new()]
            } else {
                meta.variants
            };
            let test = |variant| Test::new(format!("/{relative}{variant}"), meta.is_long);
            Ok(variants.into_iter().map(test).collect())
        }
        _ => Ok(Vec::new()),
    }
}

fn of_script(relative: &str, flags: &[&str], meta: &ScriptMeta) -> Vec<Test> {
    let mut paths = Vec::new();
    if flags.contains(&"any") {
        if let Some(stem) = relative.strip_suffix(".any.js") {
            let globals = meta.globals();
            let wanted = Global::ALL
                .iter()
                .filter(|(global, _)| globals.contains(global));
            paths.extend(wanted.map(|(_, suffix)| format!("/{stem}{suffix}")));
        }
    } else if let Some(stem) = relative.strip_suffix(".worker.js") {
        paths.push(format!("/{stem}.worker.html"));
    } else if let Some(stem) = relative.strip_suffix(".window.js") {
        paths.push(format!("/{stem}.window.html"));
    }
    let variants: Vec<&str> = meta.values("variant").collect();
    let variants = if variants.is_empty() {
        vec![""]
    } else {
        variants
    };
    let named = |path: &String| {
        let names = variants.iter().map(|variant| format!("{path}{variant}"));
        names
            .map(|name| Test::new(name, meta.is_long()))
            .collect::<Vec<_>>()
    };
    paths.iter().flat_map(named).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::files as checkout;

    const HARNESS: &str = "<script src=/resources/testharness.js></script>";

    #[track_caller]
    fn check(files: &[(&str, &str)], name: &str, expected: &[&str]) {
        let directory = checkout(files);
        let found = super::tests(directory.path(), name).unwrap();
        let names: Vec<&str> = found.iter().map(|test| test.name.as_str()).collect();
        assert_eq!(names, expected);
    }

    #[test]
    fn a_directory_holds_the_tests_below_it() {
        let files = [
            ("d/b.html", HARNESS),
            ("d/a.html", HARNESS),
            ("d/e/c.svg", HARNESS),
            ("d/no-test.html", "<p>"),
            ("d/by-hand-manual.html", HARNESS),
            ("d/resources/x.html", HARNESS),
            ("d/e/support/x.html", HARNESS),
            ("d/helper.js", ""),
            ("other.html", HARNESS),
        ];
        check(&files, "/d", &["/d/a.html", "/d/b.html", "/d/e/c.svg"]);
        check(&files, "d/", &["/d/a.html", "/d/b.html", "/d/e/c.svg"]);
        check(&files, "/d/resources/x.html", &["/d/resources/x.html"]);
    }

    #[test]
    fn script_tests_are_recognized_by_name() {
        let files = [
            ("a.any.js", ""),
            ("b.https.any.js", "// META: global=window,sharedworker\n"),
            ("c.window.js", "// META: variant=?1\n// META: variant=?2\n"),
            ("d.worker.js", ""),
        ];
        check(
            &files,
            "/",
            &[
                "/a.any.html",
                "/a.any.worker.html",
                "/b.https.any.html",
                "/b.https.any.sharedworker.html",
                "/c.window.html?1",
                "/c.window.html?2",
                "/d.worker.html",
            ],
        );
        check(&files, "/a.any.js", &["/a.any.html", "/a.any.worker.html"]);
        check(&files, "/a.any.worker.html", &["/a.any.worker.html"]);
        check(
            &files,
            "/c.window.html",
            &["/c.window.html?1", "/c.window.html?2"],
        );
        check(&files, "/c.window.html?3", &["/c.window.html?3"]);
    }

    #[test]
    fn pages_name_their_variants_and_timeout() {
        let page = format!(
            "<meta name=variant content=?x><meta name=variant content=#y>\
                            <meta name=timeout content=long>{HARNESS}"
        );
        let directory = checkout(&[("a.html", &page)]);
        let found = super::tests(directory.path(), "/a.html").unwrap();
        assert_eq!(
            found,
            [
                Test {
                    name: "/a.html#y".to_owned(),
                    is_long: true,
                    skip: None,
                    unreadable: None,
                },
                Test {
                    name: "/a.html?x".to_owned(),
                    is_long: true,
                    skip: None,
                    unreadable: None,
                },
            ]
        );
    }

    #[test]
    fn test_that_needs_another_protocol_is_skipped() {
        let directory = checkout(&[("a.h2.any.js", ""), ("h2.b.html", HARNESS)]);
        let found = super::tests(directory.path(), "/").unwrap();
        assert!(found[0].skip.is_some());
        assert_eq!(found[2].skip, None);
    }

    #[test]
    fn test_names_that_match_nothing_are_errors() {
        let directory = checkout(&[
            ("d/a.html", HARNESS),
            ("b.any.js", "// META: global=worker\n"),
        ]);
        for name in [
            "/x.html",
            "/d/../../etc",
            "/x.any.html",
            "/b.any.html",
            "/d?x",
        ] {
            match super::tests(directory.path(), name) {
                Err(ManifestError::NoSuchTest(named)) => assert_eq!(named, name),
                other => panic!("{name}: {other:?}"),
            }
        }
    }
}
