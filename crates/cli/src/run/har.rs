//! The files of `--har` and `--har-replay`.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use framepost::Har;
use framepost_guard::{Named, Target, read_named};

use super::RunError;

/// The limits on reading a file.
const LIMITS: Named = Named {
    size: 1 << 30,
    wait: Duration::from_secs(60),
};

/// Reads the archive that answers requests.
pub(super) fn read(path: &Path) -> Result<Har, RunError> {
    let bytes = read_named(path, LIMITS).map_err(|error| refused("read", path, &error))?;
    Har::parse(&bytes).map_err(|error| RunError::HarMalformed {
        file: path.display().to_string(),
        error,
    })
}

/// The file for an archive, open.
pub(super) struct HarFile<'a> {
    path: &'a Path,
    file: Target,
    /// The file that is replaced, if it is no pipe or device.
    regular: Option<PathBuf>,
}

impl<'a> HarFile<'a> {
    /// Opens the file for writing. A file with other content than an archive of this program is refused, since it would be lost.
    pub(super) fn open(path: &'a Path) -> Result<Self, RunError> {
        let found = fs::metadata(path);
        if let Ok(found) = &found
            && found.is_file()
            && found.len() > 0
        {
            let bytes = read_named(path, LIMITS).map_err(|error| refused("write", path, &error))?;
            if !Har::parse(&bytes).is_ok_and(|har| har.is_own()) {
                let why =
                    "it exists, and framepost has not written it; name another file, or remove it";
                return Err(refused("write", path, &why));
            }
        }
        let file = Target::open(path).map_err(|error| refused("write", path, &error))?;
        // A link stays a link: the file that it names is replaced.
        let regular = path.canonicalize().ok().filter(|path| path.is_file());
        Ok(Self {
            path,
            file,
            regular,
        })
    }

    /// Replaces the content at once: a reader sees either the old archive or the new one.
    pub(super) fn write(self, text: &str) -> Result<(), RunError> {
        let written = match &self.regular {
            Some(path) => replace(path, text.as_bytes()),
            None => self.file.write(text.as_bytes()),
        };
        written.map_err(|error| refused("write", self.path, &error))
    }
}

/// Writes a file beside `path` and gives it this name.
fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.tmp", std::process::id()));
    let new = path.with_file_name(name);
    let written = fs::write(&new, content)
        .and_then(|()| fs::set_permissions(&new, fs::metadata(path)?.permissions()))
        .and_then(|()| fs::rename(&new, path));
    if written.is_err() {
        // The first error is the one to report.
        let _ = fs::remove_file(&new);
    }
    written
}

fn refused(what: &'static str, path: &Path, why: &dyn std::fmt::Display) -> RunError {
    RunError::Har {
        what,
        file: path.display().to_string(),
        why: why.to_string(),
    }
}
