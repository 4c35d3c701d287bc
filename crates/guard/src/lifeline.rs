//! The pipes between a parent and its child.

use std::io::{self, PipeReader, PipeWriter, Read};

/// The limit on the bytes of these messages that are kept.
const WORDS: u64 = 64 << 10;

/// Keeps a child alive. The child ends when the parent drops the lifeline or ends.
#[derive(Debug)]
pub struct Lifeline {
    /// No bytes are written. The child sees the end of the pipe when no process has this end any more.
    _kept: PipeWriter,
    given: PipeReader,
}

impl Lifeline {
    /// A pipe whose reading end the next child inherits.
    ///
    /// # Errors
    /// The system has no pipe left.
    pub fn new() -> io::Result<Self> {
        let (given, kept) = io::pipe()?;
        inherit(&given)?;
        Ok(Self { _kept: kept, given })
    }

    /// The number by which the child finds its end.
    #[must_use]
    pub fn number(&self) -> i32 {
        number(&self.given)
    }
}

/// The output of a child to its standard error while it crashes.
///
/// The Rust runtime reports an overflowed stack or a failed allocation there, and then aborts. The child
/// redirects the report with [`take_last_words`], so that the parent can distinguish the two.
#[derive(Debug)]
pub struct LastWords {
    kept: PipeReader,
    given: PipeWriter,
}

impl LastWords {
    /// A pipe whose writing end the next child inherits.
    ///
    /// # Errors
    /// The system has no pipe left.
    pub fn new() -> io::Result<Self> {
        let (kept, given) = io::pipe()?;
        inherit(&given)?;
        Ok(Self { kept, given })
    }

    /// The number by which the child finds its end.
    #[must_use]
    pub fn number(&self) -> i32 {
        number(&self.given)
    }

    /// Returns the output of a child that has ended. Waits until all children with this pipe have ended.
    #[must_use]
    pub fn read(self) -> String {
        drop(self.given);
        let mut words = Vec::new();
        // Bytes that were read before an error are used, too.
        let _ = self.kept.take(WORDS).read_to_end(&mut words);
        String::from_utf8_lossy(&words).into_owned()
    }
}

#[cfg(unix)]
fn number(end: &impl std::os::fd::AsRawFd) -> i32 {
    end.as_raw_fd()
}

#[cfg(unix)]
fn inherit(end: &impl std::os::fd::AsFd) -> io::Result<()> {
    Ok(rustix::io::fcntl_setfd(end, rustix::io::FdFlags::empty())?)
}

#[cfg(not(unix))]
fn number<T>(_end: &T) -> i32 {
    -1
}

#[cfg(not(unix))]
fn inherit<T>(_end: &T) -> io::Result<()> {
    Ok(())
}

/// In the child: the real standard error. From now on, the output of the runtime goes to the parent's
/// [`LastWords`] of this number.
///
/// # Errors
/// The number names no pipe for writing.
#[cfg(unix)]
pub fn take_last_words(number: i32) -> io::Result<std::fs::File> {
    use std::os::fd::AsFd;

    let words = std::fs::File::options()
        .write(true)
        .open(format!("/dev/fd/{number}"))?;
    let real = io::stderr().as_fd().try_clone_to_owned()?;
    rustix::stdio::dup2_stderr(&words)?;
    Ok(std::fs::File::from(real))
}

/// Fails: this system has no inherited pipes.
///
/// # Errors
/// Always.
#[cfg(not(unix))]
pub fn take_last_words(_number: i32) -> io::Result<std::fs::File> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_words_are_read_until_their_writers_end() {
        let words = LastWords::new().unwrap();
        let mut writer = words.given.try_clone().unwrap();
        io::Write::write_all(&mut writer, b"aborted").unwrap();
        drop(writer);
        assert_eq!(words.read(), "aborted");
    }
}
