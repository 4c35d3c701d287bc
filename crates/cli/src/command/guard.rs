//! Runs the page in a child process, with limits on memory and time.
//!
//! A page can end the process of the script engine: deeply nested source text overflows the stack, a
//! full heap aborts, and some regular expressions never return. So the command starts itself again,
//! and that child runs the page. The parent waits, and reports the end of the child in one clear message
//! and an exit status.

use std::io::Write;
use std::process::{Command, ExitCode, ExitStatus, Stdio};
use std::time::Duration;

use super::CANNOT;

/// Marks the process that runs the page.
const MARK: &str = "FRAMEPOST_INSIDE_GUARD";
/// The exit status when a limit stopped the page.
const STOPPED: u8 = 3;
/// The exit status of a Rust program that has panicked, as the script engine may.
const PANICKED: i32 = 101;

/// The limits at which a page is stopped.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Limits {
    /// The limit on the wall time of the whole run, in seconds.
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = super::run::seconds)]
    wall_time: Duration,

    /// The limit on the memory of the run, in MiB.
    #[arg(long, value_name = "MIB", default_value_t = 2048)]
    max_memory: u64,
}

/// The role of this process.
pub(super) enum Role {
    /// The child has ended: this is the exit status.
    Parent(ExitCode),
    /// Run the page.
    Child,
}

/// Starts the child, or prepares this process if it is the child.
pub(super) fn enter(limits: &Limits) -> Role {
    if std::env::var_os(MARK).is_some() {
        prepare(limits);
        return Role::Child;
    }
    let status = std::env::current_exe().and_then(|program| {
        Command::new(program)
            .args(std::env::args_os().skip(1))
            .env(MARK, "1")
            .stdin(Stdio::null())
            .status()
    });
    match status {
        Ok(status) => Role::Parent(exit_code(status)),
        Err(error) => {
            complain(&format!(
                "framepost: cannot start the page's process: {error}"
            ));
            Role::Parent(ExitCode::from(CANNOT))
        }
    }
}

fn exit_code(status: ExitStatus) -> ExitCode {
    if status.code() == Some(PANICKED) {
        // The child's panic hook has reported it.
        return ExitCode::from(STOPPED);
    }
    if let Some(code) = status.code().and_then(|code| u8::try_from(code).ok()) {
        return ExitCode::from(code);
    }
    complain(&format!("framepost: stopped: {}", death(status)));
    ExitCode::from(STOPPED)
}

/// Why a process ended that did not exit by itself.
#[cfg(unix)]
fn death(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt;

    match status.signal() {
        // A stack overflow or a failed allocation ends a Rust program with one of these.
        Some(6 | 7 | 11) => {
            String::from("the script engine ran out of stack or memory while running the page")
        }
        Some(9) => String::from("the process that ran the page was killed"),
        Some(signal) => format!("signal {signal} ended the process that ran the page"),
        None => String::from("the process that ran the page ended for an unknown reason"),
    }
}

#[cfg(not(unix))]
fn death(status: ExitStatus) -> String {
    format!("the process that ran the page ended with {status}")
}

/// Sets the limits of this process.
fn prepare(limits: &Limits) {
    silence();
    limit_memory(limits.max_memory);
    let wall_time = limits.wall_time;
    // If no thread can be started, the page gets none either and reports it.
    let _ = std::thread::Builder::new()
        .name(String::from("watchdog"))
        .spawn(move || {
            std::thread::sleep(wall_time);
            complain(&format!(
                "framepost: stopped: not finished after {} s of wall time",
                wall_time.as_secs_f64()
            ));
            std::process::exit(i32::from(STOPPED));
        });
}

#[cfg(unix)]
mod streams {
    //! Keeps standard error for the messages of the page and of the command. When the Rust runtime
    //! aborts, it writes a message of its own there, in addition to the parent's clearer one.

    use std::fs::File;
    use std::os::fd::AsFd;
    use std::sync::OnceLock;

    static STANDARD_ERROR: OnceLock<File> = OnceLock::new();

    /// Keeps the real standard error for messages, and discards everything else that is written
    /// there.
    pub(super) fn silence() {
        let Ok(real) = std::io::stderr().as_fd().try_clone_to_owned() else {
            return;
        };
        let Ok(nowhere) = File::options().write(true).open("/dev/null") else {
            return;
        };
        if rustix::stdio::dup2_stderr(&nowhere).is_ok() {
            let _ = STANDARD_ERROR.set(File::from(real));
        }
    }

    /// The real standard error, after [`silence`].
    pub(super) fn real() -> Option<&'static File> {
        STANDARD_ERROR.get()
    }
}

#[cfg(unix)]
fn silence() {
    streams::silence();
    std::panic::set_hook(Box::new(|panic| {
        // The location would be a path of the machine that built this program.
        let why = panic.payload_as_str().unwrap_or("no reason given");
        complain(&format!("framepost: the engine failed: {why}"));
    }));
}

#[cfg(not(unix))]
fn silence() {}

#[cfg(unix)]
fn limit_memory(mebibytes: u64) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let wanted = mebibytes.saturating_mul(1 << 20);
    let maximum = getrlimit(Resource::As).maximum;
    let current = maximum.map_or(wanted, |maximum| wanted.min(maximum));
    // A system that refuses has a lower limit of its own.
    let _ = setrlimit(
        Resource::As,
        Rlimit {
            current: Some(current),
            maximum,
        },
    );
}

#[cfg(not(unix))]
fn limit_memory(_mebibytes: u64) {}

/// Writes a line to standard error.
pub(super) fn complain(line: &str) {
    #[cfg(unix)]
    if let Some(mut real) = streams::real() {
        // A failure to write cannot be reported anywhere.
        let _ = writeln!(real, "{line}");
        return;
    }
    let _ = writeln!(std::io::stderr(), "{line}");
}
