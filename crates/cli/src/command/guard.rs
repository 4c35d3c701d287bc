//! The fence round a page: a child process with a limit on its memory and on its time.
//!
//! The script engine can be brought down: source text that nests too deeply ends its process by a
//! stack overflow, a heap that fills up by an abort, and some regular expressions never return. So
//! the command starts itself again, and that child runs the page. The parent only waits, and turns
//! the death of its child into one clear message and an exit status.

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

/// What a page may use up before it is stopped.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Limits {
    /// How many seconds by the clock on the wall the whole run may take.
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = super::run::seconds)]
    wall_time: Duration,

    /// How many MiB of memory the run may use.
    #[arg(long, value_name = "MIB", default_value_t = 2048)]
    max_memory: u64,
}

/// What this process has to do.
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
        // Its hook has said so.
        return ExitCode::from(STOPPED);
    }
    if let Some(code) = status.code().and_then(|code| u8::try_from(code).ok()) {
        return ExitCode::from(code);
    }
    complain(&format!("framepost: stopped: {}", death(status)));
    ExitCode::from(STOPPED)
}

/// Why a process died that was not ended by itself.
#[cfg(unix)]
fn death(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt;

    match status.signal() {
        // What Rust does when a stack overflows or memory is refused.
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
    // If no thread can be started then none can be for the page either, which says so.
    let _ = std::thread::Builder::new()
        .name(String::from("watchdog"))
        .spawn(move || {
            std::thread::sleep(wall_time);
            complain(&format!(
                "framepost: stopped: not done after {} s by the clock on the wall",
                wall_time.as_secs_f64()
            ));
            std::process::exit(i32::from(STOPPED));
        });
}

#[cfg(unix)]
mod streams {
    //! Standard error belongs to the page's messages. What the Rust runtime writes there when it
    //! aborts would be a second, worse message beside the parent's.

    use std::fs::File;
    use std::os::fd::AsFd;
    use std::sync::OnceLock;

    static STANDARD_ERROR: OnceLock<File> = OnceLock::new();

    /// Keeps the real standard error for messages, and sends the rest of what is written there to
    /// nowhere.
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

    /// The real standard error, if it was put away.
    pub(super) fn real() -> Option<&'static File> {
        STANDARD_ERROR.get()
    }
}

#[cfg(unix)]
fn silence() {
    streams::silence();
    std::panic::set_hook(Box::new(|panic| {
        // Not where: that would be a path of the machine that built this.
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
    // A system that refuses has a limit of its own.
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
        // There is nobody to tell if it cannot be written.
        let _ = writeln!(real, "{line}");
        return;
    }
    let _ = writeln!(std::io::stderr(), "{line}");
}
