//! Runs pages in child processes, with limits on memory, stack and time.
//!
//! A page can end the process of the script engine: deeply nested source text overflows the stack, a
//! full heap aborts, and some regular expressions never return. So the command starts itself again,
//! and that child runs the page. The parent waits, and reports the end of the child in one clear message
//! and an exit status. The child ends with its parent.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use framepost_guard::{LastWords, Lifeline, Stop, Waiting, Watch};

use super::{CANNOT, output};

/// The first argument of a child. The second one has the numbers of its pipes.
const CHILD: &str = "inside-guard";
/// The exit status when a limit stopped the page.
pub(super) const STOPPED: u8 = 3;
/// The exit status of a Rust program that has panicked, as the script engine may.
const PANICKED: i32 = 101;
/// The least memory for an empty page, in MiB.
const LEAST_MEMORY: u64 = 64;
/// The least stack for an ordinary page, in MiB.
const LEAST_STACK: u64 = 8;
/// The limit on the output of a child that the parent collects, in bytes.
const COLLECTED: u64 = 256 << 20;

/// The real standard error of a child. Messages that the runtime writes when it aborts go to the parent.
static STANDARD_ERROR: OnceLock<File> = OnceLock::new();

/// The limits at which a page is stopped.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Limits {
    /// The limit on the wall time of a page, in seconds.
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = super::run::seconds)]
    pub(super) wall_time: Duration,

    #[command(flatten)]
    pub(super) space: Space,
}

/// The limits on the memory of a page.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Space {
    /// The limit on the resident memory of a page, in MiB.
    #[arg(long, value_name = "MIB", default_value = "2048", value_parser = memory)]
    pub(super) max_memory: u64,

    /// The limit on the stack of a page, in MiB.
    #[arg(long, value_name = "MIB", default_value = "256", value_parser = stack)]
    pub(super) max_stack: u64,
}

impl Space {
    /// The limit on the stack, in bytes.
    pub(super) fn stack(&self) -> usize {
        usize::try_from(self.max_stack << 20).unwrap_or(usize::MAX)
    }
}

fn memory(text: &str) -> Result<u64, String> {
    at_least(text, LEAST_MEMORY)
}

fn stack(text: &str) -> Result<u64, String> {
    // More than this would not be a limit.
    at_least(text, LEAST_STACK).and_then(|stack| match stack {
        0..=65_536 => Ok(stack),
        _ => Err(String::from("too large: the most is 65536 MiB")),
    })
}

fn at_least(text: &str, least: u64) -> Result<u64, String> {
    let number: u64 = text
        .parse()
        .map_err(|_| String::from("not a whole number of MiB"))?;
    if number < least {
        return Err(format!("too small: a page needs at least {least} MiB"));
    }
    Ok(number)
}

/// The numbers of the pipes to the parent.
pub(super) struct Child {
    lifeline: i32,
    words: i32,
}

impl Child {
    /// Removes the arguments that mark this process as a child.
    pub(super) fn take(arguments: &mut Vec<OsString>) -> Option<Self> {
        if arguments.get(1).map(OsString::as_os_str) != Some(OsStr::new(CHILD)) {
            return None;
        }
        let (lifeline, words) = arguments.get(2)?.to_str()?.split_once(',')?;
        let child = Self {
            lifeline: lifeline.parse().ok()?,
            words: words.parse().ok()?,
        };
        arguments.drain(1..3);
        Some(child)
    }

    /// Sets the limits of this process, and watches it. Messages about limits name `what`, if given.
    pub(super) fn prepare(&self, limits: &Limits, what: Option<&str>) -> io::Result<()> {
        if let Ok(real) = framepost_guard::take_last_words(self.words) {
            let _ = STANDARD_ERROR.set(real);
        }
        std::panic::set_hook(Box::new(|panic| {
            // The location would be a path of the machine that built this program.
            let why = panic.payload_as_str().unwrap_or("no reason given");
            complain(&format!("framepost: the engine failed: {why}"));
        }));
        let watch = Watch {
            lifeline: self.lifeline,
            wall_time: limits.wall_time,
            memory: limits.space.max_memory,
            reserved: limits.space.max_stack,
        };
        let limits = limits.clone();
        let what = what.map_or_else(String::new, |what| format!("{what}: "));
        framepost_guard::watch(watch, move |stop| {
            let why = match stop {
                Stop::WallTime => late(&limits),
                _ => out_of_memory(&limits),
            };
            complain(&format!("framepost: {what}stopped: {why}"));
            std::process::exit(i32::from(STOPPED));
        })
    }
}

fn late(limits: &Limits) -> String {
    let seconds = limits.wall_time.as_secs_f64();
    let waiting = Waiting::now().map_or_else(String::new, |waiting| format!(": {waiting}"));
    format!("not finished after {seconds} s of wall time (--wall-time){waiting}")
}

fn out_of_memory(limits: &Limits) -> String {
    let memory = limits.space.max_memory;
    format!("out of memory: the page needs more than {memory} MiB (--max-memory)")
}

/// The end of a child.
pub(super) struct Ended {
    /// Its exit status.
    pub(super) code: u8,
    /// Its standard output, if it was collected.
    pub(super) output: Vec<u8>,
}

/// The destination of a child's standard output.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ChildOutput {
    /// The standard output of this process.
    Shared,
    /// This process collects it.
    Collected,
}

/// Runs this program with these arguments as a child, and reports how it ended. Messages name `what`, if
/// it is given.
pub(super) fn run_child(
    arguments: impl Iterator<Item = OsString>,
    limits: &Limits,
    output: ChildOutput,
    what: Option<&str>,
) -> Ended {
    let what = what.map_or_else(String::new, |what| format!("{what}: "));
    match try_run_child(arguments, output) {
        Ok((status, output, words)) => {
            let code = status.code().and_then(|code| u8::try_from(code).ok());
            let code = match code {
                // The child's panic hook has reported it.
                Some(_) if status.code() == Some(PANICKED) => STOPPED,
                Some(code) => code,
                None => {
                    let why = death(status, &words, limits);
                    complain(&format!("framepost: {what}stopped: {why}"));
                    STOPPED
                }
            };
            Ended { code, output }
        }
        Err(error) => {
            complain(&format!(
                "framepost: {what}cannot start the page's process: {error}"
            ));
            Ended {
                code: CANNOT,
                output: Vec::new(),
            }
        }
    }
}

fn try_run_child(
    arguments: impl Iterator<Item = OsString>,
    output: ChildOutput,
) -> io::Result<(ExitStatus, Vec<u8>, String)> {
    let lifeline = Lifeline::new()?;
    let words = LastWords::new()?;
    let mut command = Command::new(framepost_guard::this_program()?);
    command
        .arg(CHILD)
        .arg(format!("{},{}", lifeline.number(), words.number()))
        .args(arguments)
        .envs(ALLOCATOR);
    if output == ChildOutput::Collected {
        command.stdout(Stdio::piped());
    }
    let mut child = command.spawn()?;
    let mut collected = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        let mut rest = stdout.take(COLLECTED);
        // Bytes that were read before an error are used, too.
        let _ = rest.read_to_end(&mut collected);
        // A child that writes more must not wait for a reader.
        let _ = io::copy(&mut rest.into_inner(), &mut io::sink());
    }
    let status = child.wait()?;
    Ok((status, collected, words.read()))
}

/// The allocator's options: a large block returns to the system at once, free pages of small ones after 10 ms, and pages
/// are taken from it when they are needed.
///
/// OPTIMIZATION: when all free pages returned at once, a page of 200,000 messages spent a fifth of its time in the system,
/// because each collection frees pages that the next messages need again. Large blocks are seldom needed again: a
/// million waiting messages take 28 MiB more if they stay.
const ALLOCATOR: [(&str, &str); 3] = [
    ("MIMALLOC_PURGE_DELAY", "10"),
    ("MIMALLOC_ARENA_PURGE_MULT", "0"),
    ("MIMALLOC_ARENA_EAGER_COMMIT", "0"),
];

/// The reason why a process ended without exiting.
fn death(status: ExitStatus, words: &str, limits: &Limits) -> String {
    // The messages of the Rust runtime before it aborts.
    if words.contains("memory allocation of") {
        return out_of_memory(limits);
    }
    if words.contains("has overflowed its stack") {
        let stack = limits.space.max_stack;
        return format!("stack overflow: the page needs more than {stack} MiB (--max-stack)");
    }
    match signal(status) {
        Some(9) => String::from("the process that ran the page was killed"),
        Some(signal) => format!("signal {signal} ended the process that ran the page"),
        None => format!("the process that ran the page ended with {status}"),
    }
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal(_status: ExitStatus) -> Option<i32> {
    None
}

/// Writes a line to standard error.
pub(super) fn complain(line: &str) {
    match STANDARD_ERROR.get() {
        Some(real) => output::err(real, line),
        None => output::err(io::stderr(), line),
    }
}
