//! The file of `--html`.

use std::io;
use std::path::Path;

use framepost_guard::Target;

use super::RunError;

/// The file for the report of the run, open, so that no run is lost because it cannot be written.
pub(super) struct HtmlFile<'a> {
    path: &'a Path,
    file: Target,
}

impl<'a> HtmlFile<'a> {
    pub(super) fn open(path: &'a Path) -> Result<Self, RunError> {
        let file = Target::open(path).map_err(|error| not_written(path, &error))?;
        Ok(Self { path, file })
    }

    pub(super) fn write(self, text: &str) -> Result<(), RunError> {
        let written = self.file.write(text.as_bytes());
        written.map_err(|error| not_written(self.path, &error))
    }
}

fn not_written(path: &Path, error: &io::Error) -> RunError {
    RunError::HtmlNotWritten {
        file: path.display().to_string(),
        why: error.to_string(),
    }
}
