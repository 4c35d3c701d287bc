//! The watchdog: a thread that ends its own process.

use std::fs::File;
use std::io;
use std::thread;
use std::time::{Duration, Instant};

use crate::memory::{limit_address_space, resident};

/// The interval at which the watchdog checks the memory.
const INTERVAL: Duration = Duration::from_millis(20);

/// The limits of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watch {
    /// The number of the parent's [lifeline](crate::Lifeline).
    pub lifeline: i32,
    /// The limit on wall time, from now on.
    pub wall_time: Duration,
    /// The limit on resident memory, in MiB.
    pub memory: u64,
    /// The additional address space for stacks, in MiB.
    pub reserved: u64,
}

/// The reason why the watchdog ends the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stop {
    /// It has used too much wall time.
    WallTime,
    /// More memory is resident than allowed.
    Memory,
}

/// Watches this process. At a limit the watchdog calls `stop`, which reports and exits; then it kills
/// the process. When the parent has ended, it kills the process at once.
///
/// # Errors
/// No thread can be started. An unwatched process must not continue.
pub fn watch(watch: Watch, stop: impl FnOnce(Stop) + Send + 'static) -> io::Result<()> {
    die_with_parent();
    let started = Instant::now();
    let lifeline = lifeline(watch.lifeline);
    let limit = watch.memory.saturating_mul(1 << 20);
    thread::Builder::new()
        .name(String::from("watchdog"))
        .spawn(move || {
            let why = loop {
                let Some(left) = watch.wall_time.checked_sub(started.elapsed()) else {
                    break Stop::WallTime;
                };
                if resident().is_some_and(|resident| resident > limit) {
                    break Stop::Memory;
                }
                if has_ended(lifeline.as_ref(), left.min(INTERVAL)) {
                    end_now();
                }
            };
            stop(why);
            end_now();
        })?;
    // A system that refuses has a lower limit of its own.
    let _ = limit_address_space(watch.memory, watch.reserved);
    Ok(())
}

/// The reading end of the lifeline. Without it the kernel alone ends an orphan.
fn lifeline(number: i32) -> Option<File> {
    File::open(format!("/dev/fd/{number}")).ok()
}

/// Lets the kernel kill this process when its parent ends.
fn die_with_parent() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Signal, set_parent_process_death_signal};
        // If the system refuses, the lifeline still ends the process.
        let _ = set_parent_process_death_signal(Some(Signal::KILL));
    }
}

/// Whether the lifeline has ended. Waits for its end up to `time`.
#[cfg(unix)]
fn has_ended(lifeline: Option<&File>, time: Duration) -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    let Some(lifeline) = lifeline else {
        thread::sleep(time);
        return false;
    };
    let mut polled = [PollFd::new(lifeline, PollFlags::IN)];
    let timeout = Timespec::try_from(time).ok();
    match poll(&mut polled, timeout.as_ref()) {
        // No bytes are ever written, so only the end makes the pipe readable.
        Ok(ready) => ready > 0,
        Err(_) => {
            thread::sleep(time);
            false
        }
    }
}

#[cfg(not(unix))]
fn has_ended(_lifeline: Option<&File>, time: Duration) -> bool {
    thread::sleep(time);
    false
}

/// Ends the process at once, even if other threads are busy.
fn end_now() {
    #[cfg(unix)]
    {
        use rustix::process::{Signal, getpid, kill_process};
        let _ = kill_process(getpid(), Signal::KILL);
    }
    std::process::abort();
}
