//! Starts a process for a page, sends it a job, and reads its outcome.
//!
//! The process has limits on wall time and memory. A page that aborts, overflows the stack, never ends or fills the
//! memory affects only its own row of the report.

use std::io::{self, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use framepost_guard::Lifeline;

use crate::outcome::{PageStatus, TestOutcome};
use crate::runner::{Job, ProcessLimits};

/// The time by which the watchdog of a process waits longer than the runner. So the runner's own limit comes first in
/// every run.
const GRACE: Duration = Duration::from_secs(5);
/// The limit on the answer of a process, in bytes.
const ANSWER_LIMIT: u64 = 64 << 20;
/// The most bytes of its standard error that are kept.
const STDERR_LIMIT: u64 = 64 << 10;

/// The message of the watchdog when the process has too much memory.
pub(crate) const OUT_OF_MEMORY: &str = "framepost: out of memory";

/// Runs a job in a process of its own.
pub(crate) fn run(command: Command, job: &Job, wall_time: Duration) -> TestOutcome {
    match try_run(command, job, wall_time) {
        Ok(outcome) => outcome,
        Err(error) => {
            let message = format!("cannot run a process for this page: {error}");
            TestOutcome::without_subtests(&job.test, PageStatus::Error, message)
        }
    }
}

fn try_run(mut command: Command, job: &Job, wall_time: Duration) -> io::Result<TestOutcome> {
    let lifeline = Lifeline::new()?;
    let mut job = job.clone();
    job.lifeline = lifeline.number();
    job.wall_time = wall_time.saturating_add(GRACE);
    let job = &job;
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // If the process has already ended, its status is more informative than a broken pipe.
        let _ = stdin.write_all(&serde_json::to_vec(job)?);
    }
    let answer = read_in_background(child.stdout.take(), ANSWER_LIMIT);
    let stderr = read_in_background(child.stderr.take(), STDERR_LIMIT);
    let answer = match answer.recv_timeout(wall_time) {
        Ok(answer) => answer,
        Err(RecvTimeoutError::Timeout) => {
            end(&mut child)?;
            let seconds = wall_time.as_secs_f64();
            let message = format!("took more than {seconds} s of wall time");
            return Ok(TestOutcome::without_subtests(
                &job.test,
                PageStatus::Timeout,
                message,
            ));
        }
        Err(RecvTimeoutError::Disconnected) => Vec::new(),
    };
    // The answer is the last step of the process; it need not free its memory.
    if let Ok(mut outcome) = serde_json::from_slice::<TestOutcome>(&answer) {
        end(&mut child)?;
        outcome.test.clone_from(&job.test);
        return Ok(outcome);
    }
    let status = if u64::try_from(answer.len()).is_ok_and(|length| length >= ANSWER_LIMIT) {
        end(&mut child)?
    } else {
        child.wait()?
    };
    let stderr = stderr.recv_timeout(wall_time).unwrap_or_default();
    let message = last_words(status, &String::from_utf8_lossy(&stderr), job.limits);
    Ok(TestOutcome::without_subtests(
        &job.test,
        PageStatus::Crash,
        message,
    ))
}

fn end(child: &mut Child) -> io::Result<ExitStatus> {
    // This fails if the process has already ended.
    let _ = child.kill();
    child.wait()
}

/// Reads everything, keeps the beginning, and sends it when the other side has ended.
fn read_in_background<R: Read + Send + 'static>(
    from: Option<R>,
    limit: u64,
) -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    if let Some(mut from) = from {
        thread::spawn(move || {
            let mut kept = Vec::new();
            let read = from.by_ref().take(limit).read_to_end(&mut kept);
            if read.is_ok() && !u64::try_from(kept.len()).is_ok_and(|length| length >= limit) {
                let _ = sender.send(kept);
                return;
            }
            let _ = sender.send(kept);
            // A process that writes too much must not wait for a reader.
            let _ = io::copy(&mut from, &mut io::sink());
        });
    }
    receiver
}

/// The reason why a process ended without an answer. The text is the same in every run.
fn last_words(status: ExitStatus, stderr: &str, limits: ProcessLimits) -> String {
    if stderr.contains(OUT_OF_MEMORY) || stderr.contains("memory allocation of") {
        let memory = limits.memory;
        return format!("out of memory: the limit is {memory} MiB (--max-memory)");
    }
    if stderr.contains("has overflowed its stack") {
        let stack = limits.stack;
        return format!("stack overflow: the limit is {stack} MiB (--max-stack)");
    }
    let mut lines = stderr
        .lines()
        .skip_while(|line| !line.contains("panicked at"));
    if lines.next().is_some() {
        // The line after the position is the message.
        let message = lines.next().unwrap_or_default();
        return format!("panicked: {message}");
    }
    match (status.code(), signal(status)) {
        (_, Some(signal)) => format!("ended by signal {signal}"),
        (Some(code), _) => format!("ended with status {code} and without an answer"),
        _ => "ended without an answer".to_owned(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn crash_message_names_the_cause() {
        use std::os::unix::process::ExitStatusExt;
        let aborted = ExitStatus::from_raw(6);
        let limits = ProcessLimits {
            memory: 512,
            ..ProcessLimits::default()
        };
        let say = |stderr: &str| last_words(aborted, stderr, limits);
        assert_eq!(
            say("memory allocation of 1234 bytes failed\n"),
            "out of memory: the limit is 512 MiB (--max-memory)"
        );
        assert_eq!(
            say("\nthread 'page' has overflowed its stack\nfatal\n"),
            "stack overflow: the limit is 256 MiB (--max-stack)"
        );
        assert_eq!(
            say("\nthread 'page' (12) panicked at a.rs:1:2:\nindex out of bounds\nnote: …\n"),
            "panicked: index out of bounds"
        );
        assert_eq!(say(""), "ended by signal 6");
        assert_eq!(
            last_words(ExitStatus::from_raw(3 << 8), "", limits),
            "ended with status 3 and without an answer"
        );
    }
}
