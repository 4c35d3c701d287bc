//! Walks the files below a directory.
//!
//! A directory may hold pipes, devices and links that lead round in circles. So only regular files are
//! found, and no link to a directory is followed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What was found, in no order.
#[derive(Debug, Default)]
pub(crate) struct Walked {
    /// Regular files, also those that links lead to.
    pub(crate) files: Vec<PathBuf>,
    /// Directories that cannot be read, and links that lead nowhere.
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
            // The file of a link counts, the directory of a link does not.
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
