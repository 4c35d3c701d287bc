//! Runs work in a child process that a watchdog ends: at a limit on wall time or memory, or with its
//! parent.
//!
//! The parent creates a [`Lifeline`], starts the child with its [number](Lifeline::number) and keeps the
//! lifeline until the child has ended. The child calls [`watch`]. If the parent ends first for any reason,
//! the child ends, too.
//!
//! This crate knows nothing about pages, parses no arguments and prints nothing. Other systems than Unix have no
//! lifeline and no limit on memory.

mod lifeline;
mod memory;
mod named;
mod watchdog;

pub use lifeline::{LastWords, Lifeline, take_last_words};
pub use memory::{limit_address_space, resident};
pub use named::{Named, NamedError, Target, Waiting, read_named};
pub use watchdog::{Stop, Watch, watch};

/// The program of this process, to start it again.
///
/// On Linux this is the file that runs, even if another one has replaced it since.
///
/// # Errors
/// The system does not provide it.
pub fn this_program() -> std::io::Result<std::path::PathBuf> {
    let named = std::env::current_exe();
    let link = std::path::Path::new("/proc/self/exe");
    if cfg!(target_os = "linux") && link.exists() {
        return match named {
            // Under a program such as valgrind, which interprets this one, the link is that program.
            Ok(named) if named.exists() && !is_same_file(link, &named) => Ok(named),
            _ => Ok(link.to_owned()),
        };
    }
    named
}

#[cfg(unix)]
fn is_same_file(one: &std::path::Path, other: &std::path::Path) -> bool {
    use std::os::unix::fs::MetadataExt;

    let identity = |path: &std::path::Path| {
        let metadata = path.metadata().ok()?;
        Some((metadata.dev(), metadata.ino()))
    };
    identity(one) == identity(other)
}

#[cfg(not(unix))]
fn is_same_file(one: &std::path::Path, other: &std::path::Path) -> bool {
    one == other
}

/// Kills the process group that a child leads: one that was started with `process_group(0)`.
///
/// A group that has ended stays ended: its number is not used again before the parent waits for the child.
pub fn kill_group(child: &std::process::Child) {
    #[cfg(unix)]
    if let Some(pid) = i32::try_from(child.id())
        .ok()
        .and_then(rustix::process::Pid::from_raw)
    {
        let _ = rustix::process::kill_process_group(pid, rustix::process::Signal::KILL);
    }
    #[cfg(not(unix))]
    let _ = child;
}
