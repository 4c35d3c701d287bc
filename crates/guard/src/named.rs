//! Files that a user names, including pipes and devices, with limits on their size and on the wait.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// The file that this process waits for.
static WAITING: Mutex<Option<PathBuf>> = Mutex::new(None);

/// The name of a pipe or device that the process reads, or `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting(PathBuf);

impl Waiting {
    /// The file that [`read_named`] waits for.
    #[must_use]
    pub fn now() -> Option<Self> {
        let waiting = WAITING.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.clone().map(Self)
    }
}

impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "still waiting for the end of {}", self.0.display())
    }
}

/// The options for reading a named file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    /// The limit on the size, in bytes.
    pub size: u64,
    /// The limit on the wait.
    pub wait: Duration,
}

/// The reason why a named file cannot be read.
#[derive(Debug)]
#[non_exhaustive]
pub enum NamedError {
    /// The system has an error.
    Io(io::Error),
    /// It is larger than this many bytes.
    TooLarge(u64),
    /// It has not ended after this long.
    TooLate(Duration),
}

impl std::error::Error for NamedError {}

impl fmt::Display for NamedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::TooLarge(size) => write!(f, "larger than {} MiB", size >> 20),
            Self::TooLate(wait) => write!(f, "no end after {} s", wait.as_secs_f64()),
        }
    }
}

impl From<io::Error> for NamedError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Reads a file, a pipe or a device that the user has named.
///
/// A pipe that no process opens for writing, or that never ends, occupies a thread until the process ends.
///
/// # Errors
/// It cannot be read within the limits.
pub fn read_named(path: &Path, limits: Named) -> Result<Vec<u8>, NamedError> {
    let file = path.to_owned();
    let (sender, receiver) = mpsc::channel();
    set_waiting(Some(path));
    thread::Builder::new().spawn(move || {
        // A result after the time limit has no receiver.
        let _ = sender.send(read(&file, limits.size));
    })?;
    let answer = match receiver.recv_timeout(limits.wait) {
        Ok(answer) => answer,
        Err(RecvTimeoutError::Timeout) => Err(NamedError::TooLate(limits.wait)),
        Err(RecvTimeoutError::Disconnected) => {
            Err(NamedError::Io(io::ErrorKind::UnexpectedEof.into()))
        }
    };
    set_waiting(None);
    answer
}

fn set_waiting(path: Option<&Path>) {
    let mut waiting = WAITING.lock().unwrap_or_else(PoisonError::into_inner);
    *waiting = path.map(Path::to_owned);
}

fn read(path: &Path, size: u64) -> Result<Vec<u8>, NamedError> {
    let mut content = Vec::new();
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(NamedError::Io(io::ErrorKind::IsADirectory.into()));
    }
    file.take(size.saturating_add(1))
        .read_to_end(&mut content)?;
    if u64::try_from(content.len()).is_ok_and(|length| length > size) {
        return Err(NamedError::TooLarge(size));
    }
    Ok(content)
}

/// A file to write at the end of some work. Opening it first shows whether that will be possible. Its old
/// content stays until then.
#[derive(Debug)]
pub struct Target(File);

impl Target {
    /// Opens a file for writing, or creates it. A pipe without a reader is an error; the call does not wait.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn open(path: &Path) -> io::Result<Self> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::FileTypeExt;
            if fs::metadata(path).is_ok_and(|now| now.file_type().is_fifo()) {
                return open_pipe(path).map(Self);
            }
        }
        let mut options = File::options();
        options.write(true).create(true).truncate(false);
        options.open(path).map(Self)
    }

    /// Replaces the content.
    ///
    /// # Errors
    /// The system has an error, such as a full disk.
    pub fn write(mut self, content: &[u8]) -> io::Result<()> {
        if self.0.metadata()?.is_file() {
            self.0.set_len(0)?;
        }
        self.0.write_all(content)?;
        self.0.flush()
    }
}

#[cfg(unix)]
fn open_pipe(path: &Path) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags, fcntl_setfl, open};

    let flags = OFlags::WRONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let pipe = open(path, flags, Mode::empty()).map_err(|error| match error {
        rustix::io::Errno::NXIO => io::Error::other("nobody reads this pipe"),
        error => error.into(),
    })?;
    fcntl_setfl(&pipe, OFlags::WRONLY)?;
    Ok(File::from(pipe))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Named = Named {
        size: 4,
        wait: Duration::from_secs(60),
    };

    #[test]
    fn size_is_limited() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("a");
        fs::write(&file, "four").unwrap();
        assert_eq!(read_named(&file, LIMITS).unwrap(), b"four");
        fs::write(&file, "fives").unwrap();
        assert!(matches!(
            read_named(&file, LIMITS),
            Err(NamedError::TooLarge(4))
        ));
        assert!(matches!(
            read_named(directory.path(), LIMITS),
            Err(NamedError::Io(_))
        ));
        assert_eq!(Waiting::now(), None);
    }

    #[cfg(unix)]
    #[test]
    fn pipe_that_nobody_opens_is_an_error() {
        let directory = tempfile::tempdir().unwrap();
        let pipe = |name: &str| {
            let pipe = directory.path().join(name);
            let made = std::process::Command::new("mkfifo").arg(&pipe).status();
            assert!(made.unwrap().success());
            pipe
        };
        let limits = Named {
            wait: Duration::from_millis(50),
            ..LIMITS
        };
        assert!(matches!(
            read_named(&pipe("in"), limits),
            Err(NamedError::TooLate(_))
        ));
        let error = Target::open(&pipe("out")).unwrap_err();
        assert!(error.to_string().contains("nobody reads"), "{error}");
    }
}
