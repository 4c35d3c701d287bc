//! Regular files, up to a size.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// The default limit on the size of a file, in bytes.
pub const MAX_FILE: u64 = 64 << 20;

/// The reason why a file is not read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// The system has an error.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is a directory, a pipe, a device or a socket.
    #[error("not a regular file")]
    NotRegular,
    /// It is larger than this many bytes.
    #[error("larger than {} MiB", .0 >> 20)]
    TooLarge(u64),
}

/// Reads a regular file of at most `limit` bytes.
///
/// A folder may contain a pipe without a writer, or an endless device. So only regular files are opened.
///
/// # Errors
/// It is not such a file, or it cannot be read.
pub fn read_regular(path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
    let found = fs::metadata(path)?;
    if !found.is_file() {
        return Err(FileError::NotRegular);
    }
    if found.len() > limit {
        return Err(FileError::TooLarge(limit));
    }
    let mut content = Vec::new();
    // Some files of the system report no size, and a file may grow.
    let wanted = limit.saturating_add(1);
    File::open(path)?.take(wanted).read_to_end(&mut content)?;
    if u64::try_from(content.len()).is_ok_and(|length| length > limit) {
        return Err(FileError::TooLarge(limit));
    }
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_regular_files_within_the_limit_are_read() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("a");
        fs::write(&file, "four").unwrap();
        assert_eq!(read_regular(&file, 4).unwrap(), b"four");
        assert!(matches!(
            read_regular(&file, 3),
            Err(FileError::TooLarge(3))
        ));
        assert!(matches!(
            read_regular(directory.path(), 4),
            Err(FileError::NotRegular)
        ));
        assert!(matches!(
            read_regular(&directory.path().join("b"), 4),
            Err(FileError::Io(_))
        ));
        #[cfg(unix)]
        assert!(matches!(
            read_regular(Path::new("/dev/null"), 4),
            Err(FileError::NotRegular)
        ));
    }
}
