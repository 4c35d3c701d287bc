//! The file of `--trace`.

use std::io;
use std::path::Path;

use framepost::TraceFormat;
use framepost_guard::Target;

use super::RunError;

/// The file for the trace, open, and its format.
pub(super) struct Trace<'a> {
    path: &'a Path,
    file: Target,
    pub(super) format: TraceFormat,
}

impl<'a> Trace<'a> {
    pub(super) fn open(path: &'a Path) -> Result<Self, RunError> {
        let format = TraceFormat::of_file(path);
        let no_format = || RunError::NoTraceFormat(path.display().to_string());
        let format = format.ok_or_else(no_format)?;
        let file = Target::open(path).map_err(|error| not_written(path, &error))?;
        Ok(Self { path, file, format })
    }

    pub(super) fn write(self, text: &str) -> Result<(), RunError> {
        let written = self.file.write(text.as_bytes());
        written.map_err(|error| not_written(self.path, &error))
    }
}

fn not_written(path: &Path, error: &io::Error) -> RunError {
    RunError::TraceNotWritten {
        file: path.display().to_string(),
        why: error.to_string(),
    }
}
