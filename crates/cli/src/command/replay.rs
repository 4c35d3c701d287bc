//! `framepost replay`.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use framepost_cli::recording::Recording;
use framepost_cli::run::run;

use super::guard::ChildOutput;
use super::run::{Errors, Terminal};
use super::{cannot, guard, output};

/// Repeat a recorded run.
///
/// `framepost run --record FILE` writes a recording. The page, its files and the network are not needed. The
/// output is the same as that of the recorded run, to the byte.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The recording.
    #[arg(value_name = "FILE")]
    recording: PathBuf,

    /// Stop after this many tasks, before any click or script of the recorded command.
    #[arg(long, value_name = "TASKS")]
    until: Option<u64>,

    /// Run a script in the top window at the end. With --until, the script runs at that point. May be given several
    /// times.
    #[arg(long = "eval", value_name = "JS")]
    evals: Vec<String>,

    /// Write the tasks of the run to a file, as a page that needs no network: a column for each window, worker and port, and
    /// an arrow for each message.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,

    /// The format of uncaught errors and unhandled rejections on standard error.
    #[arg(long, value_enum, default_value_t = Errors::Text)]
    errors: Errors,

    #[command(flatten)]
    limits: guard::Limits,
}

/// Runs the page in a child.
pub(super) fn main(arguments: &Arguments, given: Vec<OsString>) -> ExitCode {
    let limits = &arguments.limits;
    let ended = guard::run_child(given.into_iter(), limits, ChildOutput::Shared, None);
    output::exit_code(ended.code)
}

/// Runs the page in this process, which is the child.
pub(super) fn child_main(child: &guard::Child, arguments: &Arguments) -> ExitCode {
    if let Err(error) = child.prepare(&arguments.limits, None) {
        return cannot(&format_args!("cannot start the watchdog: {error}"));
    }
    let recording = match Recording::read(&arguments.recording) {
        Ok(recording) => recording,
        Err(error) => return cannot(&error),
    };
    let mut options = match recording.options() {
        Ok(options) => options,
        Err(error) => return cannot(&error),
    };
    if arguments.until.is_some() {
        options.until = arguments.until;
        options.clicks.clear();
        options.evals.clear();
    }
    options.evals.extend(arguments.evals.iter().cloned());
    options.html.clone_from(&arguments.html);
    options.stack = arguments.limits.space.stack();
    options.errors = arguments.errors.format();
    options.is_last = true;
    match run(&options, Terminal) {
        Ok(status) => output::exit_code(status.code()),
        Err(error) => {
            guard::complain(&format!("framepost: {error}"));
            output::exit_code(error.status().code())
        }
    }
}
