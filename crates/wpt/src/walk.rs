//! Traverses the files below a directory.
//!
//! A directory may contain pipes, devices and cyclic links. So only regular files are found, and links to directories
//! are not followed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The result, in no particular order.
#[derive(Debug, Default)]
pub(crate) struct Walked {
    /// Regular files, including targets of links.
    pub(crate) files: Vec<PathBuf>,
    /// Directories that cannot be read, and broken links.
    pub(crate) failed: Vec<(PathBuf, io::Error)>,
}

/// The regular files below a directory.
pub(crate) fn walk(directory: &Path) -> Walked {
    let mut walked = Walked::default();
    let mut directories = vec![directory.to_owned()];
    while let Some(directory) = directories.pop() {
        let entries = match fs::read_dir(&directory) {
            Ok(entries) => entries,
            Err(error) => {
                walked.failed.push((directory, error));
                continue;
            }
        };
        for entry in entries {
            let path = match entry {
                Ok(entry) => entry.path(),
                Err(error) => {
                    walked.failed.push((directory.clone(), error));
                    break;
                }
            };
            // Links to files are followed, links to directories are not.
            match (fs::symlink_metadata(&path), fs::metadata(&path)) {
                (Ok(entry), _) if entry.is_dir() => directories.push(path),
                (Ok(_), Ok(found)) if found.is_file() => walked.files.push(path),
                (Ok(_), Ok(_)) => {}
                (Err(error), _) | (_, Err(error)) => walked.failed.push((path, error)),
            }
        }
    }
    walked
}
