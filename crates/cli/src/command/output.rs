//! The standard streams. Each line is flushed at once, so a line before an endless loop is visible.

use std::io::{self, IsTerminal as _, Write};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{CANNOT, guard};

/// Whether a write has failed.
static FAILED: AtomicBool = AtomicBool::new(false);
/// Whether the reader of standard output has ended.
static CLOSED: AtomicBool = AtomicBool::new(false);

/// Writes to standard output.
///
/// A reader that has ended, such as `head`, is not a failure: further output is discarded. The first other failure is
/// reported, and changes [`exit_code`].
pub(super) fn out(text: &str) {
    if CLOSED.load(Ordering::Relaxed) || FAILED.load(Ordering::Relaxed) {
        return;
    }
    let mut output = io::stdout().lock();
    let written = output
        .write_all(text.as_bytes())
        .and_then(|()| output.flush());
    drop(output);
    if let Err(error) = written {
        not_written(&error);
    }
}

/// Reports that standard output could not be written.
pub(super) fn not_written(error: &io::Error) {
    if error.kind() == io::ErrorKind::BrokenPipe {
        CLOSED.store(true, Ordering::Relaxed);
    } else if !FAILED.swap(true, Ordering::Relaxed) {
        guard::complain(&format!(
            "framepost: cannot write to standard output: {error}"
        ));
    }
}

/// Writes a line to standard error.
pub(super) fn err(mut to: impl Write, line: &str) {
    // In one write, so that lines of several threads do not mix.
    let written = to
        .write_all(format!("{line}\n").as_bytes())
        .and_then(|()| to.flush());
    if written.is_err_and(|error| error.kind() != io::ErrorKind::BrokenPipe) {
        // There is no other stream for a message.
        FAILED.store(true, Ordering::Relaxed);
    }
}

/// Whether standard error is a terminal, and colours are not disabled (<https://no-color.org>).
pub(super) fn has_colours() -> bool {
    let is_refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    io::stderr().is_terminal() && !is_refused
}

/// The exit status of a command that would end with `code`.
pub(super) fn exit_code(code: u8) -> ExitCode {
    if FAILED.load(Ordering::Relaxed) {
        return ExitCode::from(CANNOT);
    }
    ExitCode::from(code)
}
